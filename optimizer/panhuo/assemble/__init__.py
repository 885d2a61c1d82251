"""Instance → SitingData: the only place that knows both the tables and the model."""

from panhuo.assemble.derive import derive_options
from panhuo.assemble.eligibility import payable, payable_works
from panhuo.assemble.impossible import money_conflicts
from panhuo.assemble.links import links
from panhuo.assemble.options import Options
from panhuo.assemble.siting import siting_data

__all__ = ["Options", "derive_options", "links", "money_conflicts", "payable", "payable_works", "siting_data"]
