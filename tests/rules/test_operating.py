"""Operating modes: who runs a place, where, with how much room, and from when on."""

import pytest
from towns import CANTEEN, FIRM, PUBLIC, ROOMS, meals, slow, tariff

FOUR = """
[operating.public_public]
operator = "government"
price_classes = ["safety_net"]
[operating.public_private]
operator = "enterprise"
price_classes = ["inclusive"]
margin_min = 0.0
[operating.private_aided]
operator = "enterprise"
price_classes = ["market"]
margin_min = 0.0
[operating.listed]
operator = "enterprise"
price_classes = ["market"]
margin_min = 0.0
"""
FOUR_OF_THEM = {
    "tariffs": [
        *tariff("low", 5, 1.0, price_class="safety_net"),
        *tariff("fair", 8, 0.8, price_class="inclusive", government_cny=2),
        *tariff("full", 10, 0.6, price_class="market", operating="private_aided"),
        *tariff("guest", 14, 0.4, price_class="market", operating="listed"),
    ],
    "costs": [
        *meals(64_000),
        {"item": "staff", "operating": "private_aided", "yearly_cny": 45_000},
        {"item": "staff", "operating": "listed", "yearly_cny": 0},
        {"item": "fit_out", "operating": "listed"},
    ],
    "parties": [{"bound": "own", "party": "enterprise", "operating": "private_aided", "min_share": 0.5}],
}


@pytest.mark.parametrize(
    ("city", "city_yearly", "firm", "expected"),
    [
        # 公建公营: 10,000 meals at 5 CNY cost 64,000 + 20,000; the city's year pays the missing 34,000
        (10_000, 34_000, 0, ("public_public", "low", 100)),
        # 公建民营: 8,000 meals at 8 + 2 CNY earn 80,000, cost 64,000 + 16,000; the city's year pays 2 a meal: 16,000
        (10_000, 33_999, 0, ("public_private", "fair", 80)),
        # 民办公助: 6,000 meals at 10 CNY earn 60,000, cost 45,000 + 12,000; the firm pays half of 10,000
        (10_000, 15_999, 5_000, ("private_aided", "full", 60)),
        # 挂牌: 4,000 meals at 14 CNY in a running restaurant; no capital, no staff of its own
        (10_000, 15_999, 4_999, ("listed", "guest", 40)),
    ],
)
def test_the_money_there_is_chooses_the_operating_mode(plan, canteen, city, city_yearly, firm, expected) -> None:
    funds = [
        {"fund": "city", "party": "government", "cap_cny": city, "yearly_cap_cny": city_yearly},
        {"fund": "firm", "party": "enterprise", "cap_cny": firm},
    ]
    found = plan(canteen("", FOUR, **FOUR_OF_THEM, funds=funds))
    operating, charged, persons = expected
    assert found.options == {f"s:convert:canteen:{operating}"}
    assert (found.tariffs, found.served) == ({"s": charged}, {"s": persons})


@pytest.mark.parametrize(
    ("allowed", "expected", "capital"),
    [
        ("", "big:keep:hall:listed", 4000),
        ('modes = ["convert", "rebuild"]', "big:convert:hall:listed", 10_000),
    ],
)
def test_an_operating_mode_that_does_not_run_in_a_mode(plan, rooms, allowed, expected, capital) -> None:
    """As it is, the room costs 4,000 CNY; only a conversion, for 10,000, may be run."""
    sections = f'[modes.keep]\n[modes.convert]\n[operating.listed]\noperator = "community"\n{allowed}\n'
    costs = [*ROOMS["costs"], {"item": "fit_out", "mode": "keep", "capital_cny_per_m2": 40}]
    found = plan(rooms("", sections, costs=costs, demand=ROOMS["demand"][:1]))
    assert (found.options, found.values) == ({expected}, [100, capital])


@pytest.mark.parametrize(
    ("sizes", "cap", "option", "persons"),
    [
        ("", 10_000, "s:convert:canteen:public_public", 40),
        ("40;90;120", 10_000, "s:convert:canteen:public_public:90", 90),
        slow("40;90;120", 8_999, "s:convert:canteen:public_public:40", 40),
    ],
)
def test_size_levels(plan, canteen, sizes, cap, option, persons) -> None:
    """One person a m²: the smallest canteen, of 40 m², serves 40, one of 90 m² for 9,000 CNY 90; 120 m² do not fit."""
    service = CANTEEN["services"][0] | {"min_area_m2": 40, "sizes_m2": sizes, "capacity_per_m2": 1}
    funds = [CANTEEN["funds"][0] | {"cap_cny": cap}]
    found = plan(canteen("", PUBLIC, services=[service], funds=funds))
    assert (found.options, found.served) == ({option}, {"s": persons})


HALL_AND_CLINIC = {
    "sites": [ROOMS["sites"][0] | {"area_m2": 200, "floor": 2}],
    "services": [ROOMS["services"][0] | {"service": k, "weight": w} for k, w in (("hall", 1), ("clinic", 2))],
}


@pytest.mark.parametrize(
    ("lift", "cap", "services"),
    [
        (None, 20_000, {"hall", "clinic"}),
        ({}, 20_000, {"clinic"}),  # 10,000 + 10,000 + 4,000 are too much
        ({}, 24_000, {"hall", "clinic"}),  # the lift is paid once
        slow({"services": "hall"}, 13_999, {"clinic"}),  # which needs no lift
        slow({"modes": "rebuild"}, 20_000, {"hall", "clinic"}),
        slow({"column": "floor", "op": ">", "value": 2}, 20_000, {"hall", "clinic"}),
        ({"capital_cny_per_m2": 10}, 25_999, {"clinic"}),  # 200 m² of the project: 2,000 CNY more
    ],
)
def test_shared_works_are_paid_once(plan, rooms, lift, cap, services) -> None:
    works = [] if lift is None else [{"work": "lift", "item": "access", "capital_cny": 4000} | lift]
    funds = [ROOMS["funds"][0] | {"cap_cny": cap}]
    found = plan(rooms("", **HALL_AND_CLINIC, shared_works=works, funds=funds))
    assert found.options == {f"big:convert:{k}" for k in services}


@pytest.mark.parametrize(
    ("pays", "market", "built"),
    [
        ("false", 120, True),
        ("true", 120, False),
    ],
)
def test_rent_is_a_cost_of_the_year(plan, canteen, pays, market, built) -> None:
    """10,000 meals at 8 CNY leave 80,000 − 48,000 − 20,000 − 1 = 11,999 CNY for the rent of 100 m²."""
    sections = f"[in_kind]\nrent_cny_per_m2 = {market}\n{FIRM}pays_rent = {pays}\n"
    found = plan(canteen("", sections, costs=meals(48_001)))
    assert bool(found.options) == built


@pytest.mark.slow
def test_the_rent_of_the_site_goes_before_that_of_the_settings(plan, canteen) -> None:
    sections = f"[in_kind]\nrent_cny_per_m2 = 120\n{FIRM}pays_rent = true\n"
    sites = [CANTEEN["sites"][0] | {"market_rent_cny_per_m2": 119.99}]
    assert plan(canteen("", sections, costs=meals(48_001), sites=sites)).options


RENT_FREE = (
    '[in_kind]\nrent_cny_per_m2 = 100\nvolunteer_cny_per_hour = 25\n[operating.listed]\noperator = "community"\n'
)


@pytest.mark.parametrize(
    ("more", "share", "site"),
    [
        ("", 0.0, "big"),
        # Space worth 100 m² · 100 CNY: the firm that owns big gives it there, the village in small. 10,000 of 20,000
        ("", 0.5, "small"),
        # 400 hours · 25 CNY = 10,000 CNY of volunteers in either: 10,000 of 30,000 in big
        slow("volunteer_hours = 400\n", 0.33, "big"),
        ("volunteer_hours = 400\n", 0.34, "small"),
        slow("volunteer_hours = 400\npays_rent = true\n", 0.5, "big"),  # no space is given: 10,000 of 20,000
    ],
)
def test_space_and_volunteers_in_kind(plan, rooms, more, share, site) -> None:
    parties = [{"party": "community", "ledger": "capital_with_in_kind", "min_share": share}]
    funds = [ROOMS["funds"][0] | {"yearly_cap_cny": 10_000}]  # for the rent, where it is paid
    found = plan(rooms("", RENT_FREE + more, parties=parties, funds=funds))
    assert found.options == {f"{site}:convert:hall:listed"}


@pytest.mark.slow
def test_years_of_what_is_given_in_kind(plan, rooms) -> None:
    """Two years of space are 20,000 CNY beside 10,000 of capital: the village gives two thirds of all in small."""
    parties = [{"party": "community", "ledger": "capital_with_in_kind", "min_share": 0.6}]
    one, two = (RENT_FREE.replace("[in_kind]", f"[in_kind]\nyears = {years}") for years in (1, 2))
    assert plan(rooms("", one, parties=parties)).options == set()
    assert plan(rooms("", two, parties=parties)).options == {"small:convert:hall:listed"}


@pytest.mark.parametrize(
    ("months", "years", "built"),
    [
        (12, "2027", "convert"),  # opens in January 2027
        slow(11, "2027", None),  # opens in December 2026
        (0, "2026", "keep"),
    ],
)
def test_lead_time_decides_in_which_year_it_opens(plan, canteen, months, years, built) -> None:
    """A public canteen lacks 30,000 CNY a year, which the city pays in some years only; kept as it is, it opens at once."""
    sections = f"[modes.keep]\n[modes.convert]\nmonths = {months}\n{PUBLIC}"
    costs = [*meals(60_000), {"item": "fit_out", "mode": "keep", "capital_cny_per_m2": 50}]
    eligibility = [{"fund": "city", "items": "fit_out"}, {"fund": "city", "items": "operation", "years": years}]
    instance = canteen("start_year = 2026", sections, tariffs=tariff("low", 5), costs=costs, eligibility=eligibility)
    assert plan(instance).options == ({f"s:{built}:canteen:public_public"} if built else set())
