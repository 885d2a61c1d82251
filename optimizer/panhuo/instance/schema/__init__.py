"""The format of an instance: one schema table per input table."""

from panhuo.instance.schema.choices import MODES, OPERATING, PARTIES
from panhuo.instance.schema.column import Column, Kind, Table
from panhuo.instance.schema.money import ELIGIBILITY, FUNDS, PARTIES_TABLE, SHARED_WORKS
from panhuo.instance.schema.people import CIRCLES, DEMAND, NEEDS, PROFILES
from panhuo.instance.schema.rooms import CONVERSIONS, EXISTING, SITES
from panhuo.instance.schema.services import COSTS, RULES, SERVICES
from panhuo.instance.schema.tariffs import LINKS, TARIFFS, TIERS
from panhuo.instance.schema.ways import MINUTES

TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        DEMAND, NEEDS, PROFILES, CIRCLES, SITES, EXISTING, SERVICES, RULES, COSTS, SHARED_WORKS, CONVERSIONS,
        FUNDS, ELIGIBILITY, PARTIES_TABLE, TIERS, TARIFFS, LINKS, MINUTES,
    )
}
"""Every table this version reads, by name."""

RESERVED: dict[str, str] = {
    "phases": "分期",
    "network": "步行路网",
}
"""Tables whose names are fixed but whose rules this version does not know: refused, never ignored."""

__all__ = ["MODES", "OPERATING", "PARTIES", "RESERVED", "TABLES", "Column", "Kind", "Table"]
