"""Panhuo (盘活): facility siting and idle-asset reuse with proven gaps and a ledger to the fen.

>>> import panhuo
>>> plan = panhuo.solve(panhuo.read("instances/toy"))  # doctest: +SKIP
"""

from panhuo.instance import Instance, InstanceError, read
from panhuo.result import Result, verify, write
from panhuo.run import Check, check, evaluate, solve

__version__ = "0.1.0"
__all__ = ["Check", "Instance", "InstanceError", "Result", "check", "evaluate", "read", "solve", "verify", "write"]
