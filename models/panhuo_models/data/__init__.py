"""The data of the siting model: frozen arrays with shape, unit and symbol on each field.

Symbols are those of the model's notation: j site, m mode, p project (a site in a mode), k service, o option (a project,
a service, an operating mode and a size level), s offer (a site and a service), a account (an offer and an operating
mode), n outlet (a place and a tariff), w shared work, e existing facility, c circle, f fund, q cost class, y yearly
class, t tally, h tier, r reach row, g flow row, v supplier, z pair of option
and supplier.

Services without capacity and tariffs are counted by :class:`Reach`, the others by :class:`Flow`.
"""

from panhuo_models.data.arrays import Bools, Floats, Ints
from panhuo_models.data.money import YEARLY_ITEMS, Accounts, Bond, Money, ShareLimit, Yearly
from panhuo_models.data.people import Flow, Outlets, Reach, Tallies
from panhuo_models.data.siting import AreaQuota, Complexes, CoverageFloor, Link, Objective, Pin, SitingData, Supply

__all__ = [
    "YEARLY_ITEMS",
    "Accounts",
    "AreaQuota",
    "Bond",
    "Bools",
    "Complexes",
    "CoverageFloor",
    "Floats",
    "Flow",
    "Ints",
    "Link",
    "Money",
    "Objective",
    "Outlets",
    "Pin",
    "Reach",
    "ShareLimit",
    "SitingData",
    "Supply",
    "Tallies",
    "Yearly",
]
