"""What a canteen must earn, may earn, and may be given."""

import pytest
from towns import CANTEEN, FIRM, PUBLIC, ROOMS, meals, slow, tariff


@pytest.mark.parametrize(
    ("staff", "margin", "built"),
    [
        (60_000, 0, True),  # 80,000 − 20,000 − 60,000 = 0
        (60_001, 0, False),
        slow(56_000, 0.05, True),  # 4,000 of 80,000
        slow(56_001, 0.05, False),
    ],
)
def test_least_margin(plan, canteen, staff, margin, built) -> None:
    instance = canteen("", FIRM.replace("0.0", str(margin)), costs=meals(staff))
    assert bool(plan(instance).options) == built


@pytest.mark.parametrize(
    ("most", "charged", "persons"),
    [("", "dear", 100), ("margin_max = 0.2", "fair", 95)],
)
def test_largest_margin(plan, canteen, most, charged, persons) -> None:
    """Dear: 10,000 meals at 12 CNY leave 120,000 − 20,000 − 70,000 = 30,000 CNY, a quarter; no more than a fifth is
    left only of 70,000 / (0.8 · 12 − 2) = 9,210 meals. Fair: 9,500 at 10 CNY leave 6,000 of 95,000."""
    tariffs = [*tariff("dear", 12), *tariff("fair", 10, 0.95)]
    found = plan(canteen("", f"{FIRM}{most}\n", tariffs=tariffs, costs=meals(70_000)))
    assert (found.tariffs, found.served) == ({"s": charged}, {"s": persons})


@pytest.mark.parametrize(
    ("government", "yearly_cap", "built"),
    [(1, 10_000, True), (1, 9_999, False), slow(0, 10_000, False)],
)
def test_the_subsidy_of_visits(plan, canteen, government, yearly_cap, built) -> None:
    """7 CNY of the guest and 1 of the government a meal earn the 80,000 CNY needed."""
    funds = [CANTEEN["funds"][0] | {"yearly_cap_cny": yearly_cap}]
    found = plan(canteen(tariffs=tariff("aided", 7, government_cny=government), funds=funds))
    assert bool(found.options) == built


@pytest.mark.parametrize(
    ("subsidy", "yearly_cap", "built"),
    [
        ("subsidy_cny = 5000", 5000, True),  # 80,000 + 5,000 − 20,000 − 65,000 = 0
        slow("subsidy_cny = 5000", 4999, False),
        slow("subsidy_cny = 1000\nsubsidy_cny_per_m2 = 40", 5000, True),  # 1,000 + 100 m² · 40
        ("", 5000, False),
    ],
)
def test_the_operating_subsidy(plan, canteen, subsidy, yearly_cap, built) -> None:
    funds = [CANTEEN["funds"][0] | {"yearly_cap_cny": yearly_cap}]
    found = plan(canteen("", f"{FIRM}{subsidy}\n", costs=meals(65_000), funds=funds))
    assert bool(found.options) == built


def test_the_forgone_price_is_no_income(plan, canteen) -> None:
    """A meal worth 8 CNY that the firm sells for 7 earns 70,000 CNY, short of 80,000."""
    assert not plan(canteen(tariffs=tariff("kind", 7, enterprise_cny=1))).options
    assert plan(canteen(tariffs=tariff("kind", 8, enterprise_cny=1))).options


@pytest.mark.parametrize(("yearly_cap", "built"), [(30_000, True), (29_999, False)])
def test_a_deficit_is_financed_up_to_the_cap(plan, canteen, yearly_cap, built) -> None:
    """10,000 meals at 5 CNY lack 80,000 − 50,000 CNY."""
    funds = [CANTEEN["funds"][0] | {"yearly_cap_cny": yearly_cap}]
    own = {"tariffs": tariff("low", 5), "funds": funds}
    assert bool(plan(canteen("", PUBLIC, **own)).options) == built


@pytest.mark.parametrize(
    ("years", "built"),
    [("", True), ("write_off_years = 20", True), ("write_off_years = 19.9", False)],
)
def test_the_operators_own_capital_is_written_off(plan, canteen, years, built) -> None:
    """80,000 − 20,000 − 59,500 = 500 CNY are left; the firm pays all 10,000 CNY of the capital: 500 a year over 20."""
    funds = [{"fund": "firm", "party": "enterprise", "cap_cny": 10_000}]
    assert bool(plan(canteen("", f"{FIRM}{years}\n", costs=meals(59_500), funds=funds)).options) == built


@pytest.mark.slow
def test_the_capital_of_others_is_not_written_off(plan, canteen) -> None:
    assert plan(canteen("", f"{FIRM}write_off_years = 1\n", costs=meals(60_000))).options


PAIR = {
    "demand": ROOMS["demand"],
    "sites": [ROOMS["sites"][0] | {"owner": "village"}, ROOMS["sites"][1] | {"owner": "village"}],
    "costs": meals(40_000),
    "funds": [CANTEEN["funds"][0] | {"cap_cny": 20_000}],
}
"""Canteens in both rooms: big earns 80,000 − 20,000 − 40,000 = 20,000, small loses 48,000 − 12,000 − 40,000 = −4,000."""


@pytest.mark.parametrize(
    ("pooled_by", "sites", "built"),
    [
        ("", {}, {"big"}),
        ("plan", {}, {"big", "small"}),
        ("owner", {}, {"big", "small"}),
        ("owner", {"owner": "town"}, {"big"}),
        slow("owner", {"owner": ""}, {"big"}),
    ],
)
def test_pooled_margins(plan, canteen, pooled_by, sites, built) -> None:
    own = PAIR | {"sites": [PAIR["sites"][0], PAIR["sites"][1] | sites]}
    found = plan(canteen("", f'{FIRM}pooled_by = "{pooled_by}"\n', **own))
    assert {option.split(":")[0] for option in found.options} == built
