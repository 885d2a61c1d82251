"""What is charged: menu, price classes, prices by need, what people can afford."""

import pytest
from towns import FIRM, meals, slow, tariff

from panhuo.engine import InfeasibleError
from panhuo.instance import InstanceError


@pytest.mark.parametrize(
    ("staff", "charged", "persons"),
    [
        (30_000, "low", 100),  # 10,000 · (5 − 2) = 30,000
        (30_001, "fair", 80),  # 8,000 · (8 − 2) = 48,000
        slow(48_001, "dear", 50),  # 5,000 · (12 − 2) = 50,000
    ],
)
def test_one_tariff_of_a_menu(plan, canteen, staff, charged, persons) -> None:
    tariffs = [*tariff("low", 5), *tariff("fair", 8, 0.8), *tariff("dear", 12, 0.5)]
    found = plan(canteen(tariffs=tariffs, costs=meals(staff)))
    assert (found.tariffs, found.served) == ({"s": charged}, {"s": persons})


@pytest.mark.parametrize(
    ("classes", "charged"),
    [
        ("", "a"),
        ('"inclusive", "market"', "b"),
        slow('"market"', "c"),
    ],
)
def test_price_classes_of_an_operating_mode(plan, canteen, classes, charged) -> None:
    menu = (("a", 1.0, "safety_net"), ("b", 0.9, "inclusive"), ("c", 0.8, "market"))
    tariffs = [row for name, uptake, kind in menu for row in tariff(name, 12, uptake, price_class=kind)]
    sections = f"{FIRM}price_classes = [{classes}]\n"
    assert plan(canteen("", sections, tariffs=tariffs)).tariffs == {"s": charged}


@pytest.mark.parametrize(("operating", "charged"), [("", "a"), ("listed", "b")])
def test_operating_modes_of_a_tariff(plan, canteen, operating, charged) -> None:
    sections = f'{FIRM}[operating.listed]\noperator = "enterprise"\nmargin_min = 0.9\n'  # never earned
    tariffs = [*tariff("a", 12, operating=operating), *tariff("b", 12, 0.9)]
    assert plan(canteen("", sections, tariffs=tariffs)).tariffs == {"s": charged}


def test_a_service_without_a_tariff_to_charge_is_not_offered(plan, canteen) -> None:
    assert not plan(canteen("", f'{FIRM}price_classes = ["market"]\n')).options
    assert plan(canteen("", f'{FIRM}price_classes = ["inclusive"]\n')).options


def test_prices_that_rise_with_need_are_refused(canteen) -> None:
    canteen(tariffs=tariff("fair", 8, poor=8))
    with pytest.raises(InstanceError, match="which needs it less") as caught:
        canteen(tariffs=tariff("fair", 8, poor=8.01))
    assert "price_cny" in str(caught.value)


@pytest.mark.parametrize(
    ("share", "charged", "persons"),
    [
        # A month's 100 · 12 / 12 = 100 CNY are a tenth of the plain people's 1,000 and a fifth of the poor's 500
        (0.2, "dear", 100),
        (0.199, "mild", 80),  # 9 · 100 / 12 = 75 CNY: 15 %
        slow(0.149, "dear", 50),  # by the plain half alone
    ],
)
def test_what_a_tier_can_afford(plan, canteen, share, charged, persons) -> None:
    policy = f"affordable_share = {share}" if share else ""
    tariffs = [*tariff("dear", 12), *tariff("mild", 9, 0.8)]
    found = plan(canteen(policy, tariffs=tariffs, costs=meals(0)))
    assert (found.tariffs, found.served) == ({"s": charged}, {"s": persons})


@pytest.mark.parametrize(("cap", "charged"), [("", "dear"), slow(12, "dear"), (11.99, "mild")])
def test_the_cap_on_prices(plan, canteen, cap, charged) -> None:
    """A tariff of which one tier's price is above the cap may not be charged."""
    tariffs = [*tariff("dear", 12, poor=4), *tariff("mild", 9, 0.9)]
    found = plan(canteen(f"price_cap_cny = {cap}" if cap else "", tariffs=tariffs, costs=meals(0)))
    assert found.tariffs == {"s": charged}


@pytest.mark.parametrize("policy", ["price_cap_cny = 7.99", "affordable_share = 0.06"])
def test_prices_beyond_every_level_are_at_odds(plan, canteen, policy) -> None:
    """8 CNY a meal, 66.67 CNY a month, are 6.7 % of the plain people's income."""
    with pytest.raises(InfeasibleError, match="canteen"):
        plan(canteen(policy))
