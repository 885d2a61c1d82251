"""Eligibility: of two rooms that differ in everything, the fund may pay for the one that fewer people need."""

import pytest
from towns import CANTEEN, PUBLIC, ROOMS, slow, tariff

import panhuo
from panhuo.engine import InfeasibleError

SECTIONS = """
[modes.convert]
[modes.keep]
[operating.public_public]
operator = "government"
services = ["hall"]
[operating.listed]
operator = "community"
services = ["clinic"]
"""
OWN = {
    "sites": [ROOMS["sites"][0], ROOMS["sites"][1] | {"available_from": "2027-03-01"}],
    "services": [{**ROOMS["services"][0], "service": k} for k in ("hall", "clinic")],
    "rules": [
        {"rule": rule, "services": k, "modes": m, "column": "id", "op": "=", "value": site}
        for rule, site, k, m in (
            ("no_clinic", "big", "clinic", ""), ("not_kept", "big", "", "keep"),
            ("no_hall", "small", "hall", ""), ("not_converted", "small", "", "convert"),
        )
    ],
    "costs": [
        {"item": "fit_out", "mode": "convert", "capital_cny_per_m2": 100},
        {"item": "fit_out", "mode": "keep", "capital_cny_per_m2": 100},
    ],
}  # fmt: skip
"""Big: a hall under 公建公营 by conversion in 2026, private, in zone old.
Small: a clinic under 挂牌, kept as it is, in 2027, collective, in zone new. Each costs 10,000 CNY to fit out."""
BIG, SMALL = "big:convert:hall:public_public", "small:keep:clinic:listed"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, {BIG}),
        ({"modes": "keep"}, {SMALL}),
        ({"zones": "new"}, {SMALL}),
        ({"ownerships": "collective;state"}, {SMALL}),
        ({"services": "clinic"}, {SMALL}),
        ({"operating": "listed"}, {SMALL}),
        ({"years": "2027;2028"}, {SMALL}),
    ],
)
def test_what_a_fund_may_pay_for(plan, rooms, row, expected) -> None:
    instance = rooms("start_year = 2026", SECTIONS, **OWN, eligibility=[{"fund": "city"} | row])
    assert plan(instance).options == expected


@pytest.mark.parametrize(("items", "expected"), [("", {BIG}), slow("structure;fit_out", {BIG}), ("fit_out", {SMALL})])
def test_which_items_a_fund_may_pay(plan, rooms, items, expected) -> None:
    """Big costs 4,000 CNY of structure and 6,000 of fit-out, small 10,000 of fit-out; the other fund is empty."""
    row = {
        "site": "big",
        "mode": "convert",
        "service": "hall",
        "capital_cny_structure": 4000,
        "capital_cny_fit_out": 6000,
    }
    funds = [*ROOMS["funds"], {"fund": "empty", "party": "donor", "cap_cny": 0}]
    rows = [{"fund": "city", "items": items}, {"fund": "empty"}]
    assert plan(rooms("", SECTIONS, **OWN, conversions=[row], funds=funds, eligibility=rows)).options == expected


def test_one_row_must_allow_all_of_a_payment(plan, rooms) -> None:
    """What one row allows for halls and another in zone new, neither allows for the clinic; one row for both does."""

    def found(**row: str) -> set[str]:
        rows = [{"fund": "city", "services": "hall", "zones": "new"}, {"fund": "city", "operating": "listed"} | row]
        return plan(rooms("", SECTIONS, **OWN, eligibility=rows)).options

    assert found() == {SMALL}
    with pytest.raises(InfeasibleError, match="fit_out"):
        found(zones="old")


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (1.0, {BIG}),
        (0.6, {SMALL}),  # 6,000 CNY of 10,000, and the firm's 4,000, which it pays in zone new only
        slow(0.5, set()),  # 5,000 + 4,000 CNY are 1,000 short
    ],
)
def test_the_largest_share_of_an_item(plan, rooms, share, expected) -> None:
    funds = [*ROOMS["funds"], {"fund": "firm", "party": "enterprise", "cap_cny": 4000}]
    rows = [{"fund": "city", "max_share": share}, {"fund": "firm", "zones": "new"}]
    assert plan(rooms("", SECTIONS, **OWN, funds=funds, eligibility=rows)).options == expected


@pytest.mark.parametrize(
    ("row", "mode"), [({}, "keep"), ({"modes": "convert"}, "convert"), ({"years": "2027"}, "convert")]
)
def test_who_may_pay_the_year_of_one_mode_alone(canteen, row, mode) -> None:
    """Six public canteens that lack 30,000 CNY a year each, dearer converted than kept: welfare helps those it may.

    What it may not help is never chosen: nothing has to be cut off.
    """
    each = range(6)
    instance = canteen(
        "start_year = 2026", f"{PUBLIC}[modes.keep]\n[modes.convert]\nmonths = 12\n",
        tariffs=tariff("low", 5),
        demand=[CANTEEN["demand"][0] | {"id": f"d{j}", "x": 1000 * j} for j in each],
        sites=[CANTEEN["sites"][0] | {"id": f"s{j}", "x": 1000 * j} for j in each],
        costs=[*CANTEEN["costs"], {"item": "structure", "mode": "convert", "capital_cny": 1000}],
        funds=[
            {"fund": "works", "party": "government", "cap_cny": 100_000},
            {"fund": "welfare", "party": "government", "cap_cny": 0, "yearly_cap_cny": 180_000},
        ],
        eligibility=[{"fund": "works", "items": "fit_out;structure"}, {"fund": "welfare", "items": "operation"} | row],
    )  # fmt: skip
    found = panhuo.solve(instance, gap=0.0, time_limit=60, threads=1)
    assert found.verification.ok, found.verification
    assert set(found.plan["option"]) == {f"s{j}:{mode}:canteen:public_public" for j in each}
    assert found.outcome.cut_off == 0
