"""Two towns small enough for every rule to be worked out by hand, as tables."""

from __future__ import annotations

from typing import Any

import pytest


def slow(*values: Any) -> Any:
    """Mark a case of a parametrised test that is worth running only now and then: the bounds of a rule."""
    return pytest.param(*values, marks=pytest.mark.slow)


STAGES = """
objectives = [
  { name = "people", measure = "coverage", tolerance = 0.0 },
  { name = "capital", measure = "capital", tolerance = 0.0 },
]
"""
"""As many people as can be, then as little capital as that takes."""

FIRM = '[operating.public_private]\noperator = "enterprise"\nmargin_min = 0.0\n'
"""An enterprise that must not lose money."""
PUBLIC = '[operating.public_public]\noperator = "government"\n'
"""A public operator: what it lacks is due to the yearly funds."""


def tariff(
    name: str, price: float, uptake: float = 1.0, poor: float | None = None, **more: Any
) -> list[dict[str, Any]]:
    """Write a tariff of the canteen; the poor pay the same where nothing else is said."""
    own = {"tariff": name, "service": "canteen", "price_class": "inclusive", "uptake": uptake} | more
    prices = {"plain": price, "poor": price if poor is None else poor}
    return [own | {"tier": tier, "price_cny": cny} for tier, cny in prices.items()]


def meals(staff: float) -> list[dict[str, Any]]:
    """Write the costs of a canteen: 10,000 CNY once for 100 m², staff by the year, 2 CNY of food a meal."""
    return [
        {"item": "fit_out", "capital_cny_per_m2": 100},
        {"item": "staff", "yearly_cny": staff},
        {"item": "food", "yearly_cny_per_visit": 2},
    ]


ROOMS: dict[str, list[dict[str, Any]]] = {
    "demand": [
        {"id": "d0", "x": 0, "y": 0, "circle": "c0", "people_old": 100},
        {"id": "d1", "x": 1000, "y": 0, "circle": "c1", "people_old": 60},
    ],
    "sites": [
        {"id": "big", "x": 0, "y": 0, "circle": "c0", "area_m2": 100, "zone": "old", "ownership": "private"},
        {"id": "small", "x": 1000, "y": 0, "circle": "c1", "area_m2": 100, "zone": "new", "ownership": "collective"},
    ],
    "services": [
        {"service": "hall", "class": "basic", "measure": "metres", "standard_m": 300, "min_area_m2": 100},
    ],
    "costs": [{"item": "fit_out", "capital_cny_per_m2": 100}],
    "funds": [{"fund": "city", "party": "government", "cap_cny": 10_000}],
}  # fmt: skip
"""Two rooms of 100 m², each 10,000 CNY to fit out as a hall, and 10,000 CNY in all.

100 people live around ``big``, 60 around ``small``; nobody is near both. So the hall goes into ``big``.
"""

CANTEEN: dict[str, list[dict[str, Any]]] = {
    "demand": [{"id": "d", "x": 0, "y": 0, "circle": "c", "people_old": 100}],
    "sites": [{"id": "s", "x": 0, "y": 0, "area_m2": 100, "circle": "c", "ownership": "state"}],
    "services": [
        {"service": "canteen", "class": "basic", "measure": "metres", "standard_m": 300, "min_area_m2": 100,
         "visits_per_year": 100},
    ],
    "tiers": [
        {"tier": "plain", "group": "old", "share": 0.5, "need": 1, "income_cny_per_month": 1000},
        {"tier": "poor", "group": "old", "share": 0.5, "need": 2, "income_cny_per_month": 500},
    ],
    "tariffs": tariff("fair", 8),
    "costs": meals(60_000),
    "funds": [{"fund": "city", "party": "government", "cap_cny": 10_000, "yearly_cap_cny": 1_000_000}],
}  # fmt: skip
"""One room of 100 m² that 10,000 CNY make a canteen for 100 old people, half of them poor.

Each comes 100 times a year. The year costs 60,000 CNY of staff and 2 CNY of food a meal. A meal costs 8 CNY and all
come: 10,000 meals earn 80,000 CNY and cost 60,000 + 20,000 = 80,000 CNY, so that nothing is won or lost.
"""
