"""Whoever tampers with money is found: capital, the year, gifts in kind."""

from __future__ import annotations

from typing import Any

import pytest

from .tampering import Change, Spoilt, found_in

CANTEEN, HALL = "s0:convert:canteen:private_aided:120", "s0:convert:hall:public_public"
HALL_1, NURSERY, NURSERY_2 = "s1:convert:hall:public_public", "s1:convert:nursery:listed", "s2:convert:nursery:listed"


def paid(option: str, item: str, fund: str) -> dict[str, Any]:
    return {"option": option, "item": item, "fund": fund}


def moved(option: str, item: str, giver: str, taker: str, party: str, cny: float) -> Change:
    """Let another fund pay a part of what a fund pays: all sums stay as they are."""

    def change(s: Spoilt) -> None:
        s.again("ledger", paid(option, item, giver), fund=taker, party=party, amount_cny=cny)
        s.shift("ledger", paid(option, item, giver), amount_cny=-cny)

    return change


CAPITAL: dict[str, tuple[Change, str]] = {
    "a payment, by one fen": (
        lambda s: s.shift("ledger", paid(HALL, "fit_out", "city"), amount_cny=0.01),
        "ledger.csv, s0:convert:hall:public_public fit_out, amount_cny = 49026.41: expected 49026.40. The payments for an item add up",
    ),
    "a payment left out": (
        lambda s: s.drop("ledger", **paid(CANTEEN, "equipment", "gift")),
        "ledger.csv, s0:convert:canteen:private_aided:120 equipment, amount_cny = 28000.00: expected 48000.00",
    ),
    "a payment of nothing": (
        lambda s: s.again("ledger", paid(HALL, "fit_out", "city"), fund="state", amount_cny=0.0),
        "ledger.csv, s0:convert:hall:public_public fit_out state, amount_cny = 0.00: a payment is more than nothing",
    ),
    "a payment twice": (
        lambda s: s.again("ledger", paid(HALL, "fit_out", "city")),
        "ledger.csv, s0:convert:hall:public_public fit_out city: the row stands there more than once",
    ),
    "a payment for nothing": (
        lambda s: s.again("ledger", paid(HALL, "fit_out", "city"), item="garden"),
        "ledger.csv, s0:convert:hall:public_public garden: the row must not be there: the plan has no such cost",
    ),
    "an option that is not chosen": (
        lambda s: s.set("ledger", paid(HALL, "fit_out", "city"), option="s1:convert:canteen:private_aided:60"),
        "ledger.csv, s1:convert:canteen:private_aided:60 fit_out city: the row must not be there: the plan has no such cost",
    ),
    "the lift, by one fen": (
        lambda s: s.shift("ledger", {"work": "lift"}, amount_cny=-0.01),
        "ledger.csv, s0:convert:lift access, amount_cny = 11602.59: expected 11602.60",
    ),
    "the lift left out": (
        lambda s: s.drop("ledger", work="lift"),
        "ledger.csv, s0:convert:lift access, amount_cny = 0.00: expected 11602.60. The row is missing: every item is paid",
    ),
    "the lift paid twice": (
        lambda s: s.again("ledger", {"work": "lift"}, fund="city"),
        "ledger.csv, s0:convert:lift access, amount_cny = 23205.20: expected 11602.60",
    ),
    "a lift that is not needed": (
        lambda s: s.again("ledger", {"work": "lift"}, site="s1"),
        "ledger.csv, s1:convert:lift access state: the row must not be there",
    ),
    "the year of the capital": (
        lambda s: s.set("ledger", {"work": "lift"}, year=2027),
        "ledger.csv, s0:convert:lift access state, year = 2027: expected 2026. The year of the site's capital",
    ),
    "the party behind a fund": (
        lambda s: s.set("ledger", paid(CANTEEN, "equipment", "gift"), party="community"),
        "ledger.csv, s0:convert:canteen:private_aided:120 equipment gift, party = community: expected donor",
    ),
    "another ledger": (
        lambda s: s.set("ledger", {"work": "lift"}, ledger="in_kind"),
        "ledger.csv, s0:convert:lift access state, ledger = in_kind: capital, yearly or in_kind; shared works are capital",
    ),
    "the item": (
        moved(HALL, "fit_out", "firm", "gift", "donor", 10.0),
        "ledger.csv, s0:convert:hall:public_public fit_out gift, fund = gift: the fund may not pay this item of this option",
    ),
    "the zone": (
        moved(HALL_1, "fit_out", "firm", "state", "government", 10.0),
        "ledger.csv, s1:convert:hall:public_public fit_out state, fund = state: the fund may not pay this item",
    ),
    "the service": (
        moved(NURSERY, "fit_out", "firm", "state", "government", 10.0),
        "ledger.csv, s1:convert:nursery:listed fit_out state, fund = state: the fund may not pay this item",
    ),
    "the operating mode": (
        moved(CANTEEN, "fit_out", "firm", "bond", "government", 10.0),
        "ledger.csv, s0:convert:canteen:private_aided:120 fit_out bond, fund = bond: the fund may not pay this item",
    ),
    "the owner": (
        moved(NURSERY_2, "fit_out", "firm", "together", "community", 10.0),
        "ledger.csv, s2:convert:nursery:listed fit_out together, fund = together: the fund may not pay this item",
    ),
    "no complex": (
        moved(HALL_1, "fit_out", "firm", "together", "community", 10.0),
        "ledger.csv, s1:convert:hall:public_public fit_out together, fund = together: the fund pays in embedded complexes only",
    ),
    "more than the share of an item": (
        lambda s: (
            s.shift("ledger", paid(NURSERY, "fit_out", "firm"), amount_cny=-21511.56),
            s.shift("ledger", paid(NURSERY, "fit_out", "city"), amount_cny=21511.56),
        ),
        "ledger.csv, s1:convert:nursery:listed fit_out city, amount_cny = 30116.18: expected <= 30116.17. The largest share of an item",
    ),
    "two central sources": (
        moved(HALL, "fit_out", "firm", "state", "government", 10.0),
        "ledger.csv, s0:convert:hall:public_public fit_out, fund = city, state: one central source an item at most",
    ),
    "a fund over its cap": (
        moved(CANTEEN, "fit_out", "state", "together", "community", 0.01),
        "ledger.csv, together, amount_cny = 40000.01: expected <= 40000.00. The cap of the fund",
    ),
    "a party's share of a project": (
        lambda s: s.set("ledger", paid(CANTEEN, "fit_out", "firm"), fund="city", party="government"),
        "ledger.csv, own s0:convert, amount_cny = 0.00: expected 12103.96 … 121039.60. The party's share of the plan's capital, between 0.1 and 1.0",
    ),
    "the capital of an option": (
        lambda s: s.set("plan", {"option": CANTEEN}, capital_cny=121039.61),
        "plan.csv, s0:convert:canteen:private_aided:120, capital_cny = 121039.61: expected 121039.60",
    ),
    "a site's capital without the lift": (
        lambda s: s.set("sites", {"site": "s0"}, capital_cny=170066.0), "sites.csv, s0, capital_cny = 170066.00: expected 181668.60",
    ),
}  # fmt: skip

YEAR: dict[str, tuple[Change, str]] = {
    **{
        f"the item {item}": (
            lambda s, option=option, item=item, fund=fund: s.shift("ledger", paid(option, item, fund), amount_cny=0.01),
            f"ledger.csv, {option} {item}, amount_cny = {cny}",
        )
        for option, item, fund, cny in (
            (CANTEEN, "price", "", "152298.01: expected 152298.00"),
            (CANTEEN, "concession", "", "14999.01: expected 14999.00"),
            (CANTEEN, "visit_subsidy", "city", "28844.01: expected 28844.00"),
            (CANTEEN, "donation", "gift", "7499.51: expected 7499.50"),
            (CANTEEN, "operating_subsidy", "city", "39902.48: expected 39902.47"),
            (NURSERY, "operation", "together", "26475.01: expected 26475.00"),
        )
    },
    "a due left unpaid": (
        lambda s: s.drop("ledger", item="donation"),
        "ledger.csv, s0:convert:canteen:private_aided:120 donation, amount_cny = 0.00: expected 7499.50. The row is missing: everything that is due",
    ),
    "all dues left unpaid": (
        lambda s: s.drop("ledger", **{"ledger": "yearly", "party": "government"}) or s.drop("ledger", item="donation") or s.drop("ledger", item="operation"),
        "ledger.csv: the bounds on the money cannot all be kept together",
    ),
    "residents who do not pay": (
        lambda s: s.drop("ledger", item="price"), "ledger.csv, s0:convert:canteen:private_aided:120 price, amount_cny = 0.00: expected 152298.00",
    ),
    "a fund behind the price": (
        lambda s: s.set("ledger", {"item": "price"}, fund="city"), "price city, fund = city: no fund stands behind what is not paid by one",
    ),
    "the party behind the price": (
        lambda s: s.set("ledger", {"item": "price"}, party="enterprise"), "price enterprise, party = enterprise: expected resident. The party that carries it",
    ),
    "the party of the concession": (
        lambda s: s.set("ledger", {"item": "concession"}, party="resident"), "concession resident, party = resident: expected enterprise",
    ),
    "a concession booked as a cost": (
        lambda s: s.shift("accounts", {"option": CANTEEN}, visits_cost_cny=14999.0),
        "accounts.csv, s0:convert:canteen:private_aided:120, visits_cost_cny = 105742.95: expected 90743.95",
    ),
    "a gift for the government's part": (
        lambda s: s.set("ledger", {"item": "visit_subsidy"}, fund="gift", party="donor"),
        "ledger.csv, s0:convert:canteen:private_aided:120 visit_subsidy gift, fund = gift: the fund may not pay this of the year",
    ),
    "a fund that may not pay what is missing": (
        lambda s: s.set("ledger", paid(NURSERY, "operation", "together"), fund="gift", party="donor"),
        "ledger.csv, s1:convert:nursery:listed operation gift, fund = gift: the fund may not pay this of the year",
    ),
    "an owner whose year the fund may not pay": (
        lambda s: s.set("ledger", paid(NURSERY_2, "operation", "city"), fund="together", party="community"),
        "ledger.csv, s2:convert:nursery:listed operation together, fund = together: the fund may not pay this of the year",
    ),
    "a fund over its yearly cap": (
        lambda s: s.set("ledger", paid(NURSERY_2, "operation", "city"), fund="together", party="community"),
        "ledger.csv, together, amount_cny = 54388.50: expected <= 30000.00. The yearly cap of the fund",
    ),
    "the year of the opening": (
        lambda s: s.set("ledger", {"item": "donation"}, year=2026), "donation gift, year = 2026: expected 2027",
    ),
    "rent-free space": (
        lambda s: s.shift("ledger", {"option": HALL, "item": "space"}, amount_cny=0.01),
        "ledger.csv, s0:convert:hall:public_public space government, amount_cny = 20110.01: expected 20110.00",
    ),
    "who gives the space": (
        lambda s: s.set("ledger", {"option": HALL, "item": "space"}, party="community"),
        "ledger.csv, s0:convert:hall:public_public space government, amount_cny = 0.00: expected 20110.00. The row is missing: what is given in kind",
    ),
    "volunteers left out": (
        lambda s: s.drop("ledger", option=CANTEEN, item="volunteers"),
        "ledger.csv, s0:convert:canteen:private_aided:120 volunteers community, amount_cny = 0.00: expected 2500.00",
    ),
    "space for whom pays rent": (
        lambda s: s.again("ledger", {"option": HALL_1, "item": "space"}, option=NURSERY),
        "ledger.csv, s1:convert:nursery:listed space community: the row must not be there",
    ),
    "rent that is not paid": (
        lambda s: s.set("plan", {"option": NURSERY}, yearly_cny=20875.0), "plan.csv, s1:convert:nursery:listed, yearly_cny = 20875.00: expected 26475.00",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CAPITAL)
def test_capital_that_was_changed_is_found(spoilt: Spoilt, case: str) -> None:
    found_in(spoilt, *CAPITAL[case])


@pytest.mark.parametrize("case", YEAR)
def test_a_year_that_was_changed_is_found(spoilt: Spoilt, case: str) -> None:
    found_in(spoilt, *YEAR[case])
