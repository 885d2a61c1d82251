"""Whoever tampers with run.json is found: totals, shares, funds, money, stages."""

from __future__ import annotations

from typing import Any

import pytest

from .tampering import Spoilt

FIGURES: dict[str, tuple[tuple[str | int, ...], Any, str]] = {
    "the capital without the lift": (("capital_cny",), 305138.6, "capital_cny = 305138.6: expected 316741.2"),
    "the year": (("yearly_cny",), 217888.51, "yearly_cny = 217888.51: expected 217888.5"),
    "person-services": (("new_person_services",), 480.6, "new_person_services = 480.6: expected 480.5"),
    "people served before": (("coverage", "canteen", "before"), 0, "coverage.canteen.before = 0: expected 12.5"),
    "people lost": (("coverage", "canteen", "lost_persons"), 1, "coverage.canteen.lost_persons = 1: expected 0.0"),
    "people out of reach": (("coverage", "nursery", "unreachable_persons"), 0, "coverage.nursery.unreachable_persons = 0: expected 5.0"),
    "a share of the capital": (("shares", "capital", "donor"), 0.0632, "shares.capital.donor = 0.0632: expected 0.063143033"),
    "a share of the year": (("shares", "yearly", "resident"), 0.5112, "shares.yearly.resident = 0.5112: expected 0.511184669"),
    "a share with gifts in kind": (("shares", "capital_with_in_kind", "community"), 0.126286066, "shares.capital_with_in_kind.community = 0.126286066: expected 0.173400381"),
    "a party left out": (("shares", "yearly"), {}, "shares.yearly.government: expected 0.324436925"),
    "a party that pays nothing": (("shares", "capital", "resident"), 0.1, "shares.capital.resident = 0.1: expected 0.0"),
    "capital by party": (("money", "capital", "government"), 106741.21, "money.capital.government = 106741.21: expected 106741.2"),
    "the year by party": (("money", "yearly", "enterprise"), 0, "money.yearly.enterprise = 0: expected 14999.0"),
    "in kind by party": (("money", "in_kind", "community"), 28600.01, "money.in_kind.community = 28600.01: expected 28600.0"),
    "in kind of a party that gives nothing": (("money", "in_kind", "enterprise"), 1, "money.in_kind.enterprise = 1: expected 0.0"),
    "a fund's capital item": (("money", "by_fund_item", "state", "access"), 1, "money.by_fund_item.state.access = 1: expected 11602.6"),
    "a fund's yearly item": (("money", "by_fund_item", "city", "operation"), 0, "money.by_fund_item.city.operation = 0: expected 27913.5"),
    "a fund left out": (("money", "by_fund_item", "gift"), {}, "money.by_fund_item.gift.donation = 0: expected 7499.5"),
    "a fund nobody knows": (("money", "by_fund_item", "lottery"), {"fit_out": 1}, "money.by_fund_item.lottery.fit_out = 1: expected 0.0"),
    "the subsidy of a person": (("money", "subsidy_per_new_person_cny"), 1145.79, "money.subsidy_per_new_person_cny = 1145.79: expected 1145.774"),
    "places that lose": (("money", "losing"), 2, "money.losing = 2: expected 3.0"),
    "what a fund pays": (("funds", 0, "used_cny"), 74202.98, "funds.city.used_cny = 74202.98: expected 74202.97"),
    "what is left of a fund": (("funds", 0, "left_cny"), 0, "funds.city.left_cny = 0: expected 75797.03"),
    "a fund's cap": (("funds", 3, "cap_cny"), 40001, "funds.together.cap_cny = 40001: expected 40000.0"),
    "what a fund pays of the year": (("funds", 3, "yearly_used_cny"), 0, "funds.together.yearly_used_cny = 0: expected 26475.0"),
    "what is left of a fund's year": (("funds", 3, "yearly_left_cny"), 30000, "funds.together.yearly_left_cny = 30000: expected 3525.0"),
    "people": (("stages", 0, "objective"), 481, "stages.people.objective = 481: expected 480.5"),
    "the smallest share": (("stages", 1, "objective"), 0.9, "stages.evenly.objective = 0.9: expected 1.0"),
    "points of links": (("stages", 2, "objective"), 5, "stages.together.objective = 5: expected 2.5"),
    "a party's year": (("stages", 3, "objective"), 96659.98, "stages.public year.objective = 96659.98: expected 96659.97"),
    "a party's capital": (("stages", 4, "objective"), 106741.21, "stages.public capital.objective = 106741.21: expected 106741.2"),
    "the capital of all": (("stages", 5, "objective"), 305138.6, "stages.capital.objective = 305138.6: expected 316741.2"),
    "a bound that the plan surpasses": (("stages", 3, "bound"), 96760.0, "stages.public year.bound = 96760.0: no plan surpasses a bound"),
    "a gap": (("stages", 3, "gap"), 0.0, "stages.public year.gap = 0.0: expected 4.16"),
    "the sense": (("stages", 2, "sense"), "min", "stages.together.sense = min: expected max"),
    "a stage nobody asked for": (("stages", 5, "name"), "beauty", "stages.beauty: the policy has no such stage"),
    "a stage left out": (("stages", 5, "name"), "beauty", "stages.capital: the stage is missing, but the run claims to be complete"),
    "the bound at the top": (("bound",), 500, "bound = 500: expected 480.5"),
    "no shares at all": (("shares",), None, "shares.capital.government: expected 0.336998155"),
    "no money at all": (("money",), None, "money.capital.government = 0: expected 106741.2"),
    "no funds at all": (("funds",), None, "funds.city.used_cny: expected 74202.97"),
}  # fmt: skip


@pytest.mark.parametrize("case", FIGURES)
def test_a_figure_of_the_run_that_was_changed_is_found(spoilt: Spoilt, case: str) -> None:
    path, value, expected = FIGURES[case]
    at: Any = spoilt.run
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    found = spoilt.faults()
    assert any(text.startswith(f"run.json, {expected}") for text in found), found
