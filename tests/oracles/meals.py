"""Rooms that may not cook, and a kitchen that may feed them, by hand.

Old people live at two halls, 80 at ``west`` (x = 0) and 60 at ``east`` (x = 2000). Neither room has a flue, so that no
canteen may go in, only a meal point for as many as it has square metres: 100. ``depot`` (x = 1000) may become a kitchen
of 100 m² that feeds 1 a m², 100 in all; nobody lives within 500 m of it. Every square metre costs 100 CNY: 10,000 CNY
a room.

A vehicle goes 25 km/h, 416.67 m a minute, on ways 1.3 times as long as the straight line: 1,000 m are 3.12 minutes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from districts import district

from panhuo.instance import Instance

TOML = """
[modes.convert]

[policy]
objectives = [
  { name = "people", measure = "coverage", tolerance = 0.0 },
  { name = "capital", measure = "capital", tolerance = 0.0 },
]
"""

CANTEEN = {"service": "canteen", "class": "basic", "measure": "metres", "standard_m": 500, "min_area_m2": 100,
           "capacity_per_m2": 1}  # fmt: skip
POINT = CANTEEN | {"service": "meal_point", "name_en": "Meal point", "name_zh": "助餐点", "counts_as": "canteen",
                   "supplied_by": "kitchen", "supply_min": 5}  # fmt: skip
KITCHEN = {"service": "kitchen", "name_en": "Kitchen", "name_zh": "中央厨房", "class": "quality", "measure": "metres",
           "standard_m": 500, "min_area_m2": 100, "supply_per_m2": 1}  # fmt: skip

TABLES: dict[str, list[dict[str, Any]]] = {
    "demand": [
        {"id": "d0", "x": 0, "y": 0, "circle": "c", "people_old": 80},
        {"id": "d1", "x": 2000, "y": 0, "circle": "c", "people_old": 60},
    ],
    "sites": [
        {"id": "west", "x": 0, "y": 0, "area_m2": 100, "flue": "no", "former_use": "hall"},
        {"id": "east", "x": 2000, "y": 0, "area_m2": 100, "flue": "no", "former_use": "hall"},
        {"id": "depot", "x": 1000, "y": 0, "area_m2": 100, "flue": "yes", "former_use": "depot"},
    ],
    "services": [CANTEEN, POINT, KITCHEN],
    "needs": [{"service": "canteen", "group": "old", "rate": 1}],
    "rules": [
        {"rule": "no_flue", "services": "canteen;kitchen", "column": "flue", "op": "=", "value": "no"},
    ],
    "costs": [{"item": "fit_out", "capital_cny_per_m2": 100}],
    "funds": [{"fund": "city", "party": "government", "cap_cny": 30_000}],
}  # fmt: skip


def meals(folder: Path, toml: str = "", **replaced: list[dict[str, Any]]) -> Instance:
    """Write the rooms and read them; tables that are named take the place of their own, ``toml`` goes before."""
    return district(folder, toml + TOML, **{**TABLES, **replaced})


def fund(cny: float) -> dict[str, list[dict[str, Any]]]:
    """So much money."""
    return {"funds": [TABLES["funds"][0] | {"cap_cny": cny}]}


def services(point: dict[str, Any] | None = None, kitchen: dict[str, Any] | None = None) -> dict[str, Any]:
    """Say something else of meal points or kitchens."""
    return {"services": [CANTEEN, POINT | (point or {}), KITCHEN | (kitchen or {})]}


def kitchen(place: str, x: float, supply: float | str = "", **more: Any) -> dict[str, Any]:
    """A kitchen that stands."""
    return {"id": place, "service": "kitchen", "x": x, "y": 0, "supply": supply, **more}
