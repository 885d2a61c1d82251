"""A quarter of two rooms in which every rule about money and people binds or could."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from districts import write

TOML = """
[modes.convert]
area_ratio = 1.0
months = 14
closes_existing = true

[in_kind]
rent_cny_per_m2 = 100.55
volunteer_cny_per_hour = 20
years = 2.5

[operating.public_public]
services = ["hall"]
operator = "government"
volunteer_hours = 101

[operating.private_aided]
services = ["canteen"]
operator = "enterprise"
price_classes = ["inclusive", "market"]
margin_min = 0.02
margin_max = 0.3
pooled_by = "owner"
subsidy_cny = 30000
subsidy_cny_per_m2 = 100
write_off_years = 7
volunteer_hours = 50

[operating.listed]
services = ["nursery"]
operator = "enterprise"
pays_rent = true

[policy]
start_year = 2026
budget_cny = 500000
affordable_share = 0.2
price_cap_cny = 15
complex = { min_area_m2 = 150, min_functions = 2, named = ["canteen"], min_named = 1, least = 1 }
quotas = [
  { measure = "capital", by = "circle", min_factor = 0.3 },
  { measure = "capital", fund = "city", by = "circle_type", max_factor = 2.0 },
  { measure = "floor_area", by = "circle", min_factor = 0.4, max_factor = 1.9 },
]
floors = [{ service = "canteen", share = 0.1 }]
required_sites = ["s0"]
objectives = [
  { name = "people", measure = "coverage" },
  { name = "evenly", measure = "smallest_share", services = ["hall"] },
  { name = "together", measure = "links" },
  { name = "public year", measure = "party_yearly", party = "government" },
  { name = "public capital", measure = "party_capital", party = "government" },
  { name = "capital", measure = "capital" },
]
"""


def tariff(name: str, price_class: str, *rows: tuple[Any, ...]) -> list[dict[str, Any]]:
    parts = ("tier", "price_cny", "government_cny", "enterprise_cny", "donor_cny", "uptake")
    own = {"tariff": name, "service": "canteen", "price_class": price_class}
    return [own | dict(zip(parts, row, strict=True)) for row in rows]


TABLES: dict[str, list[dict[str, Any]]] = {
    "demand": [
        {"id": "d0", "x": 0, "y": 0, "circle": "c0", "people_adult": 400, "people_old": 120},
        {"id": "d1", "x": 600, "y": 0, "circle": "c1", "people_adult": 300, "people_old": 90.5},
        {"id": "d2", "x": 5000, "y": 0, "circle": "c1", "people_adult": 50, "people_old": 10},
    ],
    "circles": [{"circle": "c0", "type": "old_town"}, {"circle": "c1", "type": "new_estate"}],
    "sites": [
        {"id": "s0", "x": 100, "y": 0, "circle": "c0", "area_m2": 260, "floor": 2, "owner": "o0", "ownership": "state",
         "zone": "renewal"},
        {"id": "s1", "x": 700, "y": 0, "circle": "c1", "area_m2": 205, "floor": 1, "owner": "o0",
         "ownership": "collective", "market_rent_cny_per_m2": 80},
        {"id": "s2", "x": 760, "y": 0, "circle": "c1", "area_m2": 75, "floor": 1, "owner": "o1", "ownership": "private"},
        {"id": "s3", "x": 300, "y": 0, "circle": "c0", "area_m2": 100, "status": "excluded"},
    ],
    "services": [
        {"service": "hall", "class": "basic", "measure": "metres", "standard_m": 500, "min_area_m2": 60, "area_m2": 80,
         "income_cny_per_m2": 250},
        {"service": "canteen", "class": "basic", "measure": "metres", "standard_m": 900, "min_area_m2": 60,
         "sizes_m2": "60;120", "capacity_per_m2": 0.5, "visits_per_year": 250},
        {"service": "nursery", "class": "quality", "measure": "metres", "standard_m": 900, "min_area_m2": 60,
         "area_m2": 70, "capacity_per_m2": 0.4},
    ],
    "existing": [
        {"id": "e0", "service": "canteen", "x": 50, "y": 0, "capacity_persons": 12.5},
        {"id": "e1", "service": "hall", "x": 100, "y": 0, "site_id": "s0"},
    ],
    "needs": [
        {"service": "hall", "group": "adult", "rate": 1},
        {"service": "hall", "group": "old", "rate": 1},
        {"service": "canteen", "group": "old", "rate": 1},
        {"service": "nursery", "group": "adult", "rate": 0.1},
    ],
    "tiers": [
        {"tier": "plain", "group": "old", "share": 0.6, "need": 1, "income_cny_per_month": 2000},
        {"tier": "poor", "group": "old", "share": 0.3, "need": 2, "income_cny_per_month": 700},
        {"tier": "poorest", "group": "old", "share": 0.1, "need": 3, "income_cny_per_month": 200},
    ],
    "tariffs": [
        *tariff("cheap", "safety_net", ("plain", 8, 2, 0, 1, 0.5), ("poor", 4, 6, 0, 1, 0.6), ("poorest", 1, 9, 0, 1, 0.7)),
        *tariff("fair", "inclusive", ("plain", 12, 1, 1, 0.5, 0.4), ("poor", 6, 4, 1, 0.5, 0.5),
                ("poorest", 5, 5, 1, 0.5, 0.6)),
        *tariff("dear", "market", ("plain", 20, 0, 0, 0, 0.9), ("poor", 20, 0, 0, 0, 0.9), ("poorest", 20, 0, 0, 0, 0.9)),
    ],
    "costs": [
        {"item": "fit_out", "capital_cny_per_m2": 600.33, "capital_cny": 1000},
        {"item": "equipment", "service": "canteen", "capital_cny_per_m2": 400},
        {"item": "staff", "service": "hall", "yearly_cny": 15000},
        {"item": "staff", "service": "canteen", "yearly_cny": 130000},
        {"item": "staff", "service": "nursery", "yearly_cny": 20000},
        {"item": "upkeep", "yearly_cny_per_m2": 12.5},
        {"item": "food", "service": "canteen", "yearly_cny_per_visit": 6.05},
    ],
    "shared_works": [
        {"work": "lift", "item": "access", "column": "floor", "op": ">", "value": 1, "capital_cny": 9000,
         "capital_cny_per_m2": 10.01},
    ],
    "funds": [
        {"fund": "city", "party": "government", "cap_cny": 150000, "yearly_cap_cny": 300000, "central": "yes",
         "max_share": 0.6, "priority": 1},
        {"fund": "state", "party": "government", "cap_cny": 120000, "central": "yes", "min_share": 0.1, "priority": 2},
        {"fund": "bond", "party": "government", "cap_cny": 60000, "debt_service": 0.06, "cover": 1.2, "priority": 3},
        {"fund": "together", "party": "community", "cap_cny": 40000, "complex_only": "yes", "yearly_cap_cny": 30000},
        {"fund": "firm", "party": "enterprise", "cap_cny": 150000},
        {"fund": "gift", "party": "donor", "cap_cny": 20000, "yearly_cap_cny": 50000},
    ],
    "eligibility": [
        {"fund": "city", "items": "", "max_share": 0.7, "years": "2026;2027"},
        {"fund": "state", "items": "fit_out;access", "zones": "renewal", "services": "canteen;hall"},
        {"fund": "bond", "items": "fit_out", "operating": "public_public", "modes": "convert"},
        {"fund": "together", "items": "fit_out;equipment;operation", "ownerships": "state;collective"},
        {"fund": "firm", "items": "equipment;fit_out", "max_share": 0.8},
        {"fund": "gift", "items": "equipment;donation"},
    ],
    "parties": [
        {"bound": "most", "party": "government", "max_share": 0.75},
        {"bound": "halls", "party": "government", "scope": "service", "services": "hall", "max_share": 0.9},
        {"bound": "own", "party": "enterprise", "scope": "project", "operating": "private_aided", "min_share": 0.1},
        {"bound": "meals", "party": "government", "scope": "service", "services": "canteen", "ledger": "yearly",
         "max_share": 0.6},
        {"bound": "space", "party": "community", "ledger": "capital_with_in_kind", "min_share": 0.02},
    ],
    "links": [
        {"link": "l0", "kind": "requires", "service_a": "canteen", "service_b": "hall", "within_m": 650},
        {"link": "l1", "kind": "bonus", "service_a": "canteen", "service_b": "hall", "bonus": 2.5},
        {"link": "l2", "kind": "incompatible", "service_a": "canteen", "service_b": "nursery", "within_m": 100},
    ],
}  # fmt: skip


def quarter(folder: Path, toml: tuple[tuple[str, str], ...] = (), **replaced: list[dict[str, Any]]) -> Path:
    """Write the quarter, some of its settings and tables replaced."""
    text = TOML
    for old, new in toml:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return write(folder, text, **{**TABLES, **replaced})


def changed(table: str, where: dict[str, Any], **cells: Any) -> dict[str, list[dict[str, Any]]]:
    """Change the rows of a table that are as named, for :func:`quarter`."""
    mine = [all(row.get(k) == v for k, v in where.items()) for row in TABLES[table]]
    assert any(mine), where
    return {table: [row | cells if own else row for row, own in zip(TABLES[table], mine, strict=True)]}


def added(table: str, *rows: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Add rows to a table, for :func:`quarter`."""
    return {table: [*TABLES[table], *rows]}
