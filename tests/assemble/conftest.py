"""Two rooms on one street, told rule by rule."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from districts import district

from panhuo.instance import Instance

Make = Callable[..., Instance]

STREET = {
    "demand": [{"id": "d", "x": 0, "y": 0, "circle": "c", "people_old": 100}],
    "sites": [
        {"id": "s1", "x": 0, "y": 0, "area_m2": 100, "ownership": "state", "floor": 1},
        {"id": "s2", "x": 100, "y": 0, "area_m2": 250, "ownership": "private", "floor": 2},
    ],
    "services": [
        {"service": "canteen", "class": "basic", "measure": "metres", "standard_m": 500, "min_area_m2": 50, "area_m2": 90},
        {"service": "hall", "class": "basic", "measure": "metres", "standard_m": 500, "min_area_m2": 60, "area_m2": 80},
    ],
    "costs": [{"item": "fit_out", "capital_cny_per_m2": 100}, {"item": "staff", "yearly_cny": 1000}],
    "funds": [{"fund": "city", "party": "government", "cap_cny": 1_000_000}],
}  # fmt: skip


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Write and read the street; tables that are named take the place of its own."""
    count = itertools.count()
    convert = "[modes.convert]\n"
    return lambda toml="", **tables: district(
        tmp_path / str(next(count)), toml if "[modes" in toml else convert + toml, **(STREET | tables)
    )


@pytest.fixture
def charged() -> dict[str, list[dict[str, object]]]:
    """Give two tiers, and a canteen with three tariffs."""
    rows = [
        ("safe", "safety_net", "", 8, 4),
        ("fair", "inclusive", "private_aided", 12, 9),
        ("dear", "market", "", 20, 15),
    ]
    return {
        "services": [STREET["services"][0] | {"visits_per_year": 250}, STREET["services"][1]],
        "tiers": [
            {"tier": "plain", "group": "old", "share": 0.75, "need": 1, "income_cny_per_month": 2000},
            {"tier": "poor", "group": "old", "share": 0.25, "need": 2, "income_cny_per_month": 600},
        ],
        "tariffs": [
            {"tariff": t, "service": "canteen", "price_class": c, "operating": o, "tier": tier, "price_cny": price, "uptake": 0.5}
            for t, c, o, *prices in rows for tier, price in zip(("plain", "poor"), prices, strict=True)
        ],
    }  # fmt: skip
