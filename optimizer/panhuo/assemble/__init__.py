"""Instance → SitingData: the only place that knows both the tables and the model."""

from panhuo.assemble.accounts import pool_keys
from panhuo.assemble.alone import alone
from panhuo.assemble.before import Today, before_flow
from panhuo.assemble.derive import derive_options
from panhuo.assemble.eligibility import payable, payable_works
from panhuo.assemble.flow import Cells
from panhuo.assemble.impossible import money_conflicts
from panhuo.assemble.links import links
from panhuo.assemble.operating import may_charge
from panhuo.assemble.options import Options
from panhuo.assemble.siting import Assembled, siting_data
from panhuo.assemble.told import told
from panhuo.assemble.yearly import payable_yearly

__all__ = [
    "Assembled",
    "Cells",
    "Options",
    "Today",
    "alone",
    "before_flow",
    "derive_options",
    "links",
    "may_charge",
    "money_conflicts",
    "payable",
    "payable_works",
    "payable_yearly",
    "pool_keys",
    "siting_data",
    "told",
]
