"""One canteen run by an enterprise, every fen of it worked out by hand.

Room ``s1`` (100 m², second floor) becomes the canteen of the 100 old people of ``d1``; ``s2`` could too, ``s3`` only
reaches the 20 of ``d2``, who have ``e1``; nobody reaches the 10 of ``d3``. Three quarters are plain, one poor.

At s1 all are assigned; 75 · 0.6 = 45 plain and 25 · 0.8 = 20 poor come, 65 in all, as many as it holds, for 250 visits
each: 11,250 + 5,000 = 16,250.

=============  ==========================================  =========
prices         11,250 · 8 + 5,000 · 4                        110,000
government     11,250 · 2 + 5,000 · 5                         47,500
donors         5,000 · 1                                       5,000
beside visits  100 m² · 10                                     1,000
subsidy        what lacks; up to 30,000 + 100 · 300           50,255
fixed          120,000 + 100 · 100.05                        130,005
food           16,250 · 5                                     81,250
write-off      20,000 of the enterprise's own / 8 years        2,500
=============  ==========================================  =========

The enterprise forgoes 16,250 · 1. Capital: 60,000 to fit it out, 20,000 of equipment, 30,000 for the lift; the city
has 80,000, so the firm pays 10,000 of the lift. In kind for 2 years: 100 m² · 72 and 100 hours · 20.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from districts import district

from panhuo.instance import Instance

TOML = """
[modes.convert]
months = 14

[operating.public_private]
operator = "enterprise"
price_classes = ["inclusive"]
margin_min = 0.0
margin_max = 0.08
subsidy_cny = 30000
subsidy_cny_per_m2 = 300
write_off_years = 8
volunteer_hours = 100

[in_kind]
rent_cny_per_m2 = 72
volunteer_cny_per_hour = 20
years = 2

[policy]
start_year = 2026
affordable_share = 0.2
{policy}
"""

OPTION = "s1:convert:canteen:public_private"


def visit(tier: str, *parts: float) -> dict[str, Any]:
    names = ("price_cny", "government_cny", "enterprise_cny", "donor_cny", "uptake")
    own = {
        "tariff": "fair",
        "service": "canteen",
        "price_class": "inclusive",
        "name_en": "Fair meal",
        "name_zh": "普惠餐",
    }
    return own | {"tier": tier} | dict(zip(names, parts, strict=True))


TABLES: dict[str, list[dict[str, Any]]] = {
    "demand": [
        {"id": "d1", "x": 0, "y": 0, "circle": "c", "people_old": 100},
        {"id": "d2", "x": 3000, "y": 0, "circle": "c", "people_old": 20},
        {"id": "d3", "x": 9000, "y": 0, "circle": "c", "people_old": 10},
    ],
    "sites": [
        {"id": "s1", "name": "Mill", "x": 0, "y": 0, "area_m2": 100, "ownership": "state", "floor": 2},
        {"id": "s2", "name": "Barn", "x": 100, "y": 0, "area_m2": 100, "ownership": "collective", "floor": 1},
        {"id": "s3", "name": "Shed", "x": 3300, "y": 0, "area_m2": 100, "ownership": "private", "floor": 1},
    ],
    "services": [
        {"service": "canteen", "name_en": "Canteen", "name_zh": "食堂", "class": "basic", "measure": "metres",
         "standard_m": 500, "min_area_m2": 80, "area_m2": 100, "capacity_per_m2": 0.65, "visits_per_year": 250,
         "income_cny_per_m2": 10},
    ],
    "existing": [{"id": "e1", "name": "Old canteen", "service": "canteen", "x": 3000, "y": 0, "capacity_persons": 20}],
    "needs": [{"service": "canteen", "group": "old", "rate": 1}],
    "tiers": [
        {"tier": "plain", "name_en": "Plain", "name_zh": "一般", "group": "old", "share": 0.75, "need": 1,
         "income_cny_per_month": 2000},
        {"tier": "poor", "name_en": "Poor", "name_zh": "困难", "group": "old", "share": 0.25, "need": 2,
         "income_cny_per_month": 600},
    ],
    "tariffs": [visit("plain", 8, 2, 1, 0, 0.6), visit("poor", 4, 5, 1, 1, 0.8)],
    "costs": [
        {"item": "fit_out", "capital_cny_per_m2": 600},
        {"item": "equipment", "capital_cny": 20000},
        {"item": "staff", "yearly_cny": 120000},
        {"item": "utilities", "yearly_cny_per_m2": 100.05},
        {"item": "ingredients", "yearly_cny_per_visit": 5},
    ],
    "shared_works": [
        {"work": "lift", "item": "access", "column": "floor", "op": ">", "value": 1, "capital_cny": 30000},
    ],
    "funds": [
        {"fund": "city", "name_en": "City", "name_zh": "市财政", "party": "government", "cap_cny": 80000,
         "yearly_cap_cny": 200000, "priority": 1},
        {"fund": "firm", "name_en": "Firm", "name_zh": "企业", "party": "enterprise", "cap_cny": 1000000},
        {"fund": "gift", "name_en": "Gift", "name_zh": "慈善", "party": "donor", "cap_cny": 0, "yearly_cap_cny": 20000},
    ],
    "eligibility": [
        {"fund": "city", "items": "fit_out;access;visit_subsidy;operating_subsidy"},
        {"fund": "firm", "items": "equipment;access"},
        {"fund": "gift", "items": "donation"},
    ],
}  # fmt: skip


def kitchen(folder: Path, policy: str = "", **replaced: list[dict[str, Any]]) -> Instance:
    """Write the canteen and read it; tables that are named take the place of its own."""
    return district(folder, TOML.format(policy=policy), **{**TABLES, **replaced})
