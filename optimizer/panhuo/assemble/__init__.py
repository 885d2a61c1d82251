"""Instance → SitingData: the only place that knows both the tables and the model."""

from panhuo.assemble.money import payable
from panhuo.assemble.options import Options, derive_options
from panhuo.assemble.siting import siting_data

__all__ = ["Options", "derive_options", "payable", "siting_data"]
