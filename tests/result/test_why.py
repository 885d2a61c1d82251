"""Why a plan is empty, or turns guests away; each town worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from districts import district
from towns import CANTEEN, FIRM, ROOMS, STAGES, meals, tariff

import panhuo
from panhuo.result import Result


def solved(folder: Path, sections: str, tables: dict[str, Any]) -> Result:
    made = district(folder, f"[policy]\n{STAGES}\n[modes.convert]\n{sections}", **tables)
    found = panhuo.solve(made, gap=0.0, threads=1)
    assert found.verification.ok
    return found


EMPTY = {
    "no option": (
        ROOMS | {"sites": [site | {"area_m2": 99} for site in ROOMS["sites"]]},
        "there is no option at all",
    ),
    "nobody there": (
        ROOMS | {"sites": [site | {"y": 50_000} for site in ROOMS["sites"]]},
        "no room would newly cover anybody",
    ),
    "too dear": (
        ROOMS | {"funds": [{"fund": "city", "party": "government", "cap_cny": 9_999}]},
        "the cheapest room that would cover anybody costs CNY 10,000, and there is CNY 9,999 in all",
    ),
    "a loss at best": (CANTEEN | {"costs": meals(60_001)}, "would lose money, even at its best"),
    "other rules": (
        ROOMS | {"funds": [{"fund": "city", "party": "government", "cap_cny": 10_000, "max_share": 0.5}]},
        "there are options and CNY 10,000, but no choice of them betters the objectives",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", EMPTY)
def test_an_empty_plan_says_that_it_is_and_why(tmp_path: Path, case: str) -> None:
    tables, why = EMPTY[case]
    found = solved(tmp_path, FIRM if case == "a loss at best" else "", tables)
    assert found.plan.empty
    assert [note for note in found.run["notes"] if note.startswith("Nothing is chosen") and why in note]


def test_a_plan_that_is_not_empty_says_nothing_of_it(tmp_path: Path) -> None:
    assert solved(tmp_path, "", ROOMS).run["notes"] == []


def turned_away(found: Result) -> list[str]:
    return [note for note in found.run["notes"] if "turn guests away" in note]


@pytest.mark.parametrize(("cap", "served"), [(15_000, 75), (20_000, 100)])
def test_short_yearly_money_turns_guests_away(tmp_path: Path, cap: float, served: int) -> None:
    """2 CNY a meal are the city's, 20,000 CNY for all 10,000 meals: with 15,000 CNY a quarter stays away."""
    funds = [{"fund": "city", "party": "government", "cap_cny": 10_000, "yearly_cap_cny": cap}]
    tables = CANTEEN | {"tariffs": tariff("fair", 8, government_cny=2), "costs": meals(10_000), "funds": funds}
    found = solved(tmp_path, FIRM, tables)
    assert found.plan["served_persons"].tolist() == [served]
    told = [
        "chosen places with tariffs that turn guests away: 1; 25.0 more people within their standard could pay and would "
        "find room, but would lift a margin above the largest (margin_max), or ask more of the yearly funds than they "
        "have"
    ]
    assert turned_away(found) == (told if served < 100 else [])


@pytest.mark.parametrize(("most", "away"), [(0.5, 1), (0.6, 0)])
def test_the_largest_margin_turns_guests_away(tmp_path: Path, most: float, away: int) -> None:
    """Of 10,000 meals 80,000 CNY come in, 20,000 of food and 16,000 of staff go out: 55 % are left."""
    found = solved(tmp_path, f"{FIRM}margin_max = {most}\n", CANTEEN | {"costs": meals(16_000)})
    assert len(turned_away(found)) == away
    # 6 CNY a meal less 16,000 CNY is half of 8 CNY a meal at 8,000 meals
    assert found.plan["served_persons"].tolist() == [pytest.approx(80 if away else 100, abs=0.02)]
