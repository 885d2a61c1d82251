"""The instance: schema (one table: column, type, unit, rule, words), reading, faults."""

from panhuo.instance.faults import Fault, InstanceError
from panhuo.instance.instance import Instance
from panhuo.instance.policy import Settings
from panhuo.instance.reading import read
from panhuo.instance.template import write_template

__all__ = ["Fault", "Instance", "InstanceError", "Settings", "read", "write_template"]
