"""The format of an instance: one schema table per input table."""

from panhuo.instance.schema.choices import MODES, OPERATING, PARTIES
from panhuo.instance.schema.column import Column, Kind, Table
from panhuo.instance.schema.money import ELIGIBILITY, FUNDS, PARTIES_TABLE, SHARED_WORKS
from panhuo.instance.schema.people import BUILDINGS, CIRCLES, COUNTS, DEMAND, NEEDS, PROFILES
from panhuo.instance.schema.rooms import CONVERSIONS, EXISTING, SITES
from panhuo.instance.schema.services import COSTS, RULES, SERVICES
from panhuo.instance.schema.tariffs import LINKS, TARIFFS, TIERS
from panhuo.instance.schema.ways import BUS, MINUTES, NETWORK, NODES

TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        DEMAND, NEEDS, PROFILES, CIRCLES, SITES, EXISTING, SERVICES, RULES, COSTS, SHARED_WORKS, CONVERSIONS,
        FUNDS, ELIGIBILITY, PARTIES_TABLE, TIERS, TARIFFS, LINKS, NETWORK, NODES, BUS, MINUTES, BUILDINGS, COUNTS,
    )
}
"""Every table this version reads, by name."""

RESERVED: dict[str, str] = {
    "phases": "分期",
}
"""Tables whose names are fixed but whose rules this version does not know: refused, never ignored."""

RASTERS: dict[str, str] = {
    "elevation": "高程",
    "population": "人口",
}
"""Rasters (GeoTIFF) an instance may hold: heights [m]; residents a cell (``population_GROUP.tif`` of one group)."""

__all__ = ["MODES", "OPERATING", "PARTIES", "RASTERS", "RESERVED", "TABLES", "Column", "Kind", "Table"]
