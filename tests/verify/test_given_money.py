"""A plan that somebody gave, whose money does not work out: its figures agree, and what stands against it is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import panhuo

from .conftest import PLAN
from .quarter import changed, quarter
from .tampering import against, texts

GIVEN = pd.read_csv(PLAN / "plan.csv", dtype=str, keep_default_na=False)[["option", "tariff"]]
CANTEEN = "s0:convert:canteen:private_aided:120"

CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "nothing": ({}, []),
    # visits 28,844 + operations 26,475 and 27,913.50 + the largest subsidy 42,000 + donation 7,499.50
    "a yearly cap": (
        changed("funds", {"fund": "city"}, yearly_cap_cny=80000),
        ["of CNY 132,732 that the year asks of the funds, they can pay CNY 113,974.50 within their yearly caps"],
    ),
    "nobody who may donate": (
        changed("eligibility", {"fund": "gift"}, items="equipment"),
        [f"no fund may pay donation of {CANTEEN} (CNY 7,499.50)"],
    ),
    # 152,298 + 28,844 + 7,499.50 + 12,000 less 131,500 + 90,743.95 and what is written off
    "too small a subsidy": (
        {"toml": (("subsidy_cny = 30000", "subsidy_cny = 0"),)},
        [f"{CANTEEN}: the year leaves CNY -29,169.32; the least margin asks for CNY 4,012.83"],
    ),
    "a fund that is too small": (
        changed("funds", {"fund": "firm"}, cap_cny=1000),
        ["government would have to pay CNY 255,741.20, 80.74% of the capital; at most 75% is allowed"],
    ),
    "funds that are too small": (
        changed("funds", {"fund": "city"}, cap_cny=1000), ["the bounds on the money cannot all be kept together"],
    ),
    "one complex": ({"toml": (("least = 1", "least = 2"),)}, ["embedded complexes: 1, of at least 2 asked for"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_stands_against_a_given_plan_is_said(tmp_path: Path, case: str) -> None:
    inputs, expected = CASES[case]
    made = panhuo.evaluate(panhuo.read(quarter(tmp_path / "q", **inputs)), GIVEN)
    assert texts(made.verification) == []
    said = against(made.verification)
    assert set(expected) <= set(said), said
    assert bool(said) == bool(expected)
