"""The kitchens' plans are those its README works out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

import panhuo

KITCHENS = Path(__file__).resolve().parents[2] / "instances" / "kitchens"
POINT = {"R1": "R1:convert:meal_point:60", "R2": "R2:convert:meal_point:40", "R3": "R3:convert:meal_point:40"}
WAREHOUSE = "W:convert:central_kitchen"
CASES = {
    "": ({"R1:convert:meal_point:40", "R2:convert:canteen"}, 80, 232_000, {("R1", "K0", 28.08, 40.0)}),
    "central_kitchen": (
        {*POINT.values(), WAREHOUSE},
        130,
        2_612_000,
        {("R1", WAREHOUSE, 28.08, 60.0), ("R2", WAREHOUSE, 18.72, 40.0), ("R3", WAREHOUSE, 9.36, 40.0)},
    ),
    "without_kitchens": ({*POINT.values(), "R4:convert:meal_point:40"}, 150, 144_000, set()),
}


@pytest.mark.parametrize("proposal", CASES)
def test_the_plan_is_that_of_the_readme(proposal: str) -> None:
    options, people, capital, fed = CASES[proposal]
    instance = panhuo.read(KITCHENS, KITCHENS / "proposals" / f"{proposal}.toml" if proposal else None)
    assert instance.warnings == ()
    found = panhuo.solve(instance, gap=0.0, threads=1)
    assert found.verification.faults == ()
    assert found.status == "optimal"
    assert set(found.plan["option"]) == options
    assert found.run["coverage"]["canteen"]["after"] == people
    assert found.run["capital_cny"] == capital
    supply = found.tables["supply"][["site", "supplier", "delivery_min", "supply"]]
    assert set(supply.itertuples(index=False, name=None)) == fed


def test_the_village_is_out_of_reach_of_every_kitchen() -> None:
    excluded = panhuo.check(panhuo.read(KITCHENS)).excluded
    rows = excluded[excluded["service"] == "meal_point"].set_index("rule")["pairs"]
    assert rows["supply"] == 1
