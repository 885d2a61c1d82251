"""Random districts in which meal points count as canteens and are fed by halls, or by an existing one."""

from __future__ import annotations

from pathlib import Path

from districts import district
from random_district import _costs, _Draw, _funds, _people, _settings, _ties, _town

from panhuo.instance import Instance


def random_kitchens(folder: Path, seed: int) -> Instance:
    """Write a random instance of two rooms and read it.

    Points have their own standard, capacity, tariffs and costs; half of the kitchens have too little for all, and some
    points lie too far from one on the road.
    """
    draw = _Draw(seed)
    draw.services, draw.sites, draw.sizes = ["hall", "canteen"], 2, "90"
    tables = _town(draw) | _people(draw) | _costs(draw) | _funds(draw) | _ties(draw)
    hall, canteen = tables["services"]
    point = {
        **canteen, "service": "meal_point", "sizes_m2": "", "area_m2": 60, "standard_m": draw.between(4, 10) * 100,
        "visits_per_year": 200, "capacity_per_m2": draw.between(4, 12) / 10, "counts_as": "canteen",
        "supplied_by": "hall", "supply_min": draw.pick("", 0.5, 2), "supply_per_person": draw.pick("", 1.5),
    }  # fmt: skip
    tables["services"] = [hall | {"supply_per_m2": draw.pick(0.5, 3)}, canteen, point]
    menu = [row | {"service": "meal_point", "tariff": f"p_{row['tariff']}"} for row in tables["tariffs"]]
    tables["tariffs"] = [*tables["tariffs"], *menu]
    costs = [{"item": "staff", "service": "meal_point", "yearly_cny": draw.between(0, 9) * 1000},
             {"item": "food", "service": "meal_point", "yearly_cny_per_visit": draw.between(4, 7)}]  # fmt: skip
    tables["costs"] = [*tables["costs"], *costs]
    barred = draw.pick("", "s0", "s0;s1")
    if barred:
        tables["rules"] = [{"rule": "flue", "services": "canteen", "column": "id", "op": "in", "value": barred}]
    if draw.chance(0.4):
        today = {"id": "e2", "service": "hall", "x": draw.between(0, 1200), "y": 0, "supply": draw.between(0, 60)}
        tables["existing"] = [*tables["existing"], today]
    if draw.chance(0.3):
        today = {"id": "e3", "service": "meal_point", "x": draw.between(0, 1200), "y": 0, "capacity_persons": 9.5}
        tables["existing"] = [*tables["existing"], today]
    toml = _settings(draw).replace('services = ["canteen"', 'services = ["canteen", "meal_point"')
    return district(folder, toml, **tables)
