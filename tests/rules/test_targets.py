"""Quotas by people, and stages that make what a party carries small."""

import pytest
from towns import CANTEEN, FIRM, PUBLIC, ROOMS, meals, slow, tariff

THREE = {
    "demand": [
        {"id": key, "x": x, "y": 0, "circle": circle, "people_old": people}
        for key, x, circle, people in (("d0", 0, "c0", 70), ("d1", 1000, "c1", 30), ("d2", 2000, "c0", 60), ("d3", 9000, "c1", 90))
    ],
    "circles": [{"circle": "c0", "type": "town"}, {"circle": "c1", "type": "village"}],
    "sites": [*ROOMS["sites"], {"id": "other", "x": 2000, "y": 0, "circle": "c0", "area_m2": 100}],
    "funds": [ROOMS["funds"][0] | {"cap_cny": 20_000}],
}  # fmt: skip
"""Halls for two of three rooms: 130 people of the town live around big and other, 30 of the village around small, and
90 more of the village where no hall is near: 130 to 120 of 250 people, 52 to 48 %."""
TOWN, MIXED = {"big", "other"}, {"big", "small"}


@pytest.mark.parametrize(
    ("quota", "expected"),
    [
        ("", TOWN),
        ("measure = 'floor_area', by = 'circle', min_factor = 0.9", MIXED),  # 46.8 and 43.2 %
        slow("measure = 'floor_area', by = 'circle_type', min_factor = 1", set()),  # 52 and 48 % of two rooms
        ("measure = 'floor_area', by = 'circle', max_factor = 1.9", MIXED),  # 98.8 and 91.2 %
        slow("measure = 'capital', by = 'circle_type', max_factor = 1.9", MIXED),
        ("measure = 'capital', fund = 'city', by = 'circle', min_factor = 0.9", MIXED),
    ],
)
def test_quotas_by_people(plan, rooms, quota, expected) -> None:
    found = plan(rooms(f"quotas = [{{ {quota} }}]" if quota else "", **THREE))
    assert {option.split(":")[0] for option in found.options} == expected


@pytest.mark.parametrize(("fund", "expected"), [("gift", TOWN), ("city", MIXED)])
def test_a_quota_of_one_fund(plan, rooms, fund, expected) -> None:
    """The city pays 20,000 CNY for both rooms of the town if it must not see to the village; no gift is needed."""
    funds = [*THREE["funds"], {"fund": "gift", "party": "donor", "cap_cny": 10_000}]
    policy = (
        f"budget_cny = 20_000\nquotas = [{{ measure = 'capital', fund = '{fund}', by = 'circle', min_factor = 0.9 }}]"
    )
    found = plan(rooms(policy, **THREE | {"funds": funds}))
    assert {option.split(":")[0] for option in found.options} == expected


def stages(last: str) -> str:
    return f"""objectives = [
  {{ name = "people", measure = "coverage", tolerance = 0.0 }},
  {{ name = "last", {last}, tolerance = 0.0 }},
]"""


@pytest.mark.parametrize(
    ("last", "site", "value"),
    [
        ('measure = "capital"', "big", 10_000),
        ('measure = "party_capital", party = "government"', "small", 0),
        slow('measure = "party_capital", party = "enterprise"', "big", 0),
    ],
)
def test_whose_capital_is_to_be_small(plan, rooms, last, site, value) -> None:
    """Either room serves all 100: big for 10,000 CNY of the city, small for 12,000 of the firm."""
    row = {"site": "small", "mode": "convert", "service": "hall", "capital_cny_fit_out": 12_000}
    own = {
        "demand": ROOMS["demand"][:1],
        "sites": [ROOMS["sites"][0], ROOMS["sites"][1] | {"x": 100}],
        "funds": [*ROOMS["funds"], {"fund": "firm", "party": "enterprise", "cap_cny": 12_000}],
        "eligibility": [{"fund": "city", "zones": "old"}, {"fund": "firm", "zones": "new"}],
    }
    found = plan(rooms(stages(last), **own, conversions=[row]))
    assert (found.options, found.values) == ({f"{site}:convert:hall"}, [100, value])


@pytest.mark.parametrize(
    ("party", "charged", "value"),
    [
        ("government", "paid", 10_000),
        ("resident", "aided", 40_000),
        ("enterprise", "fair", 0),
        slow("donor", "paid", 0),
    ],
)
def test_whose_year_is_to_be_small(plan, canteen, party, charged, value) -> None:
    """10,000 meals worth 10 CNY each, of which guest, government, firm and donors pay as below."""
    menu = (("paid", 7, 1, 2, 0), ("aided", 4, 3, 2, 1), ("fair", 6, 3, 0, 1))
    tariffs = [
        row
        for name, guest, government, firm, donor in menu
        for row in tariff(name, guest, government_cny=government, enterprise_cny=firm, donor_cny=donor)
    ]
    funds = [*CANTEEN["funds"], {"fund": "gift", "party": "donor", "cap_cny": 0, "yearly_cap_cny": 10_000}]
    last = f'measure = "party_yearly", party = "{party}"'
    found = plan(canteen(stages(last), tariffs=tariffs, costs=meals(0), funds=funds))
    assert (found.tariffs, found.values) == ({"s": charged}, [100, value])


def test_deficits_and_subsidies_count_too(plan, canteen) -> None:
    """A million meals at 5 CNY lack 3,000,000 CNY, which is due; at 7 CNY a firm is content with 1,000,000."""
    own = {
        "demand": [CANTEEN["demand"][0] | {"people_old": 10_000}],
        "tariffs": [*tariff("low", 5, operating="public_public"), *tariff("mid", 7, operating="public_private")],
        "costs": meals(6_000_000),
        "funds": [CANTEEN["funds"][0] | {"yearly_cap_cny": 3_000_000}],
    }
    last = stages('measure = "party_yearly", party = "government"')
    firm, public = (
        plan(canteen(last, f"{PUBLIC}{FIRM}subsidy_cny = 2_000_000\n", **own)),
        plan(canteen(last, PUBLIC, **own)),
    )
    assert (firm.tariffs, public.tariffs) == ({"s": "mid"}, {"s": "low"})
    assert firm.values == pytest.approx([10_000, 1_000_000], rel=1e-4)
    assert public.values == pytest.approx([10_000, 3_000_000], rel=1e-4)
