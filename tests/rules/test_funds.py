"""Funds: how much each pays at most and at least, of what, and on which terms."""

import pytest
from towns import CANTEEN, PUBLIC, ROOMS, slow, tariff

BIG, SMALL = "big:convert:hall", "small:convert:hall"
CITY, FIRM_FUND = ROOMS["funds"][0], {"fund": "firm", "party": "enterprise", "cap_cny": 10_000}
ONLY_SMALL = [{"fund": "city"}, {"fund": "firm", "zones": "new"}]
"""The firm pays in small only."""


@pytest.mark.parametrize(("cap", "expected"), [slow(9_999, set()), (10_000, {BIG}), (20_000, {BIG, SMALL})])
def test_a_fund_pays_up_to_its_cap(plan, rooms, cap, expected) -> None:
    assert plan(rooms(funds=[CITY | {"cap_cny": cap}])).options == expected


@pytest.mark.parametrize(
    ("city", "firm", "expected"),
    [
        ({}, {}, {BIG}),
        ({}, {"min_share": 0.2}, {SMALL}),  # which the firm pays in small alone
        ({"max_share": 0.8}, {}, {SMALL}),  # and without which the city pays all
        slow({"cap_cny": 20_000, "max_share": 0.6}, {}, {BIG, SMALL}),  # 12,000 + 8,000 of 20,000 CNY
    ],
)
def test_least_and_largest_share_of_a_fund(plan, rooms, city, firm, expected) -> None:
    # One room can be paid for where the firm brings no more than 4,000 CNY, two where it brings 10,000
    funds = [CITY | city, FIRM_FUND | ({} if "cap_cny" in city else {"cap_cny": 4000}) | firm]
    assert plan(rooms(funds=funds, eligibility=ONLY_SMALL)).options == expected


@pytest.mark.parametrize(("central", "expected"), [("", {BIG}), ("yes", {SMALL})])
def test_one_central_source_an_item(plan, rooms, central, expected) -> None:
    """Two funds of 5,000 CNY: together they pay big's one item of 10,000, apart only small's two items of 5,000."""
    funds = [{"fund": f, "party": "government", "cap_cny": 5000, "central": central} for f in ("health", "renewal")]
    conversions = [
        {"site": "small", "mode": "convert", "service": "hall", "capital_cny_fit_out": 5000, "capital_cny_fire": 5000}
    ]
    assert plan(rooms(funds=funds, conversions=conversions)).options == expected


@pytest.mark.slow
def test_a_central_source_beside_one_that_is_not(plan, rooms) -> None:
    funds = [{"fund": f, "party": "government", "cap_cny": 5000, "central": c} for f, c in (("a", "yes"), ("b", ""))]
    assert plan(rooms(funds=funds)).options == {BIG}


@pytest.mark.parametrize(
    ("funds", "built"),
    [
        ([{"fund": "city", "cap_cny": 10_000, "yearly_cap_cny": 30_000}], True),
        ([{"fund": "city", "cap_cny": 10_000}], False),  # capital only, as the blank cap of the year says
        ([{"fund": "city", "cap_cny": 0, "yearly_cap_cny": 30_000}], False),  # operation only
        slow([{"fund": "works", "cap_cny": 10_000}, {"fund": "welfare", "cap_cny": 0, "yearly_cap_cny": 30_000}], True),
    ],
)
def test_capital_only_and_operation_only(plan, canteen, funds, built) -> None:
    """A public canteen: 10,000 CNY once, and every year 10,000 · 5 − 60,000 − 20,000 = −30,000 CNY."""
    own = [{"party": "government"} | fund for fund in funds]
    assert bool(plan(canteen("", PUBLIC, tariffs=tariff("low", 5), funds=own)).options) == built


def test_what_of_the_year_a_fund_may_pay(plan, canteen) -> None:
    """5 + 1 CNY a meal: the city owes 10,000 CNY a year for the meals, and the missing 20,000 CNY."""
    funds = [
        {"fund": "works", "party": "government", "cap_cny": 10_000, "yearly_cap_cny": 10_000},
        {"fund": "welfare", "party": "government", "cap_cny": 0, "yearly_cap_cny": 20_000},
    ]

    def built(works: str, welfare: str) -> bool:
        rows = [{"fund": "works", "items": f"fit_out;{works}"}, {"fund": "welfare", "items": welfare}]
        tariffs = tariff("low", 5, government_cny=1)
        return bool(plan(canteen("", PUBLIC, tariffs=tariffs, funds=funds, eligibility=rows)).options)

    assert built("visit_subsidy", "operation")
    assert not built("operation", "visit_subsidy"), "10,000 do not pay 20,000"
    assert not built("visit_subsidy", "visit_subsidy"), "nobody may pay what is missing"


@pytest.mark.parametrize(("items", "expected"), [("", {BIG}), slow("fit_out", {BIG}), ("equipment;donation", {SMALL})])
def test_a_donor_of_named_items(plan, rooms, items, expected) -> None:
    """Fitting out big costs 10,000 CNY; small is fitted out, and its equipment costs 10,000."""
    row = {"site": "small", "mode": "convert", "service": "hall", "capital_cny_equipment": 10_000}
    funds = [CITY | {"cap_cny": 0}, {"fund": "gift", "party": "donor", "cap_cny": 10_000}]
    eligibility = [{"fund": "city"}, {"fund": "gift", "items": items}]
    assert plan(rooms(funds=funds, eligibility=eligibility, conversions=[row])).options == expected


@pytest.mark.parametrize(("cap", "built"), [(10_000, True), (9_999, False)])
def test_a_donor_of_meals(plan, canteen, cap, built) -> None:
    """7 CNY of the guest and 1 of the donor a meal: the same 80,000 CNY as at 8, 10,000 of them given."""
    funds = [CANTEEN["funds"][0], {"fund": "gift", "party": "donor", "cap_cny": 0, "yearly_cap_cny": cap}]
    assert bool(plan(canteen(tariffs=tariff("given", 7, donor_cny=1), funds=funds)).options) == built


BOND = {"fund": "bond", "party": "government", "cap_cny": 10_000, "debt_service": 0.1}


@pytest.mark.parametrize(
    ("fund", "expected"),
    [
        ({"debt_service": ""}, {BIG}),
        ({}, {BIG}),  # 10,000 CNY · 0.1 = 1,000 a year
        ({"cover": 2}, {SMALL}),  # 2,000
        slow({"cover": 2.01}, set()),
    ],
)
def test_a_bond_is_covered_by_own_revenue(plan, rooms, fund, expected) -> None:
    """A hall lets its room for 30 CNY/m²: 3,000 CNY, less the staff of 2,000 in big and 1,000 in small."""
    rows = [
        {"site": site, "mode": "convert", "service": "hall", "yearly_cny_staff": cny}
        for site, cny in (("big", 2000), ("small", 1000))
    ]
    services = [ROOMS["services"][0] | {"income_cny_per_m2": 30}]
    assert plan(rooms(funds=[BOND | fund], services=services, conversions=rows)).options == expected


@pytest.mark.slow
def test_a_bond_is_covered_by_its_whole_bundle(plan, rooms) -> None:
    """Both halls: 1,000 + 2,000 CNY of revenue for 20,000 · 0.1 · 1.5 = 3,000, though big alone is short of 1,500."""
    rows = [
        {"site": site, "mode": "convert", "service": "hall", "yearly_cny_staff": cny}
        for site, cny in (("big", 2000), ("small", 1000))
    ]
    services = [ROOMS["services"][0] | {"income_cny_per_m2": 30}]
    instance = rooms(funds=[BOND | {"cap_cny": 20_000, "cover": 1.5}], services=services, conversions=rows)
    assert plan(instance).options == {BIG, SMALL}


@pytest.mark.parametrize(("modes", "expected"), [("", {"big:keep:hall", SMALL}), ("convert", {"big:keep:hall"})])
def test_what_a_bond_may_not_pay_for_does_not_cover_it(plan, rooms, modes, expected) -> None:
    """Kept or converted, big leaves 2,000 CNY of the year, small nothing; kept by the city, big is in no bond's bundle."""
    rows = [
        {"site": site, "mode": mode, "service": "hall", "yearly_cny_staff": cny, "capital_cny_fit_out": fit_out}
        for site, mode, cny, fit_out in (
            ("big", "keep", 1000, 9000), ("big", "convert", 1000, 10_000), ("small", "convert", 3000, 10_000),
        )
    ]  # fmt: skip
    instance = rooms(
        "", "[modes.convert]\n[modes.keep]\n",
        services=[ROOMS["services"][0] | {"income_cny_per_m2": 30}], conversions=rows, funds=[CITY, BOND],
        eligibility=[{"fund": "city", "modes": "keep"}, {"fund": "bond", "modes": modes}],
        rules=[{"rule": "not_kept", "modes": "keep", "column": "id", "op": "=", "value": "small"}],
    )  # fmt: skip
    assert plan(instance).options == expected


@pytest.mark.slow
@pytest.mark.parametrize(("price", "cover", "built"), [(8.1, 1, True), (8.1, 1.01, False)])
def test_subsidies_cover_no_bond(plan, canteen, price, cover, built) -> None:
    """At 8.10 CNY a meal, 1,000 CNY a year are left for 10,000 · 0.1; the city's 1 CNY a meal does not count."""
    funds = [BOND, {"fund": "city", "party": "government", "cap_cny": 0, "yearly_cap_cny": 10_000}]
    instance = canteen(tariffs=tariff("fair", price, government_cny=1), funds=[funds[0] | {"cover": cover}, funds[1]])
    assert bool(plan(instance).options) == built
