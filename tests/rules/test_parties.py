"""Party shares: whose, of which ledger, in which scope, of which services and operating modes."""

import pytest
from towns import CANTEEN, PUBLIC, ROOMS, meals, slow, tariff

from panhuo.engine import InfeasibleError

SECTIONS = """
[operating.public_public]
operator = "government"
services = ["hall"]
[operating.listed]
operator = "community"
services = ["clinic"]
"""
BOTH = {
    "services": [{**ROOMS["services"][0], "service": k} for k in ("hall", "clinic")],
    "rules": [
        {"rule": "no_clinic", "services": "clinic", "column": "id", "op": "=", "value": "big"},
        {"rule": "no_hall", "services": "hall", "column": "id", "op": "=", "value": "small"},
    ],
    "needs": [{"service": k, "group": "old", "rate": 1} for k in ("hall", "clinic")],
    "funds": [ROOMS["funds"][0] | {"cap_cny": 20_000}, {"fund": "firm", "party": "enterprise", "cap_cny": 10_000}],
    "eligibility": [{"fund": "city"}, {"fund": "firm", "zones": "new"}],
}  # fmt: skip
"""A public hall in big and a listed clinic in small, 10,000 CNY each; the city may pay both, the firm the clinic."""
HALL, CLINIC = "big:convert:hall:public_public", "small:convert:clinic:listed"


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        ({}, {HALL, CLINIC}),
        slow({"min_share": 0.5}, {HALL, CLINIC}),  # 10,000 of 20,000 CNY
        ({"min_share": 0.51}, {CLINIC}),
        ({"min_share": 0.1, "scope": "service"}, {CLINIC}),
        ({"min_share": 0.1, "scope": "project"}, {CLINIC}),
        slow({"min_share": 1, "scope": "service", "services": "clinic"}, {HALL, CLINIC}),
        slow({"min_share": 1, "scope": "project", "operating": "listed"}, {HALL, CLINIC}),
        ({"min_share": 0.1, "scope": "project", "operating": "public_public"}, {CLINIC}),
        ({"party": "government", "max_share": 0.4}, {CLINIC}),
    ],
)
def test_bounds_of_capital(plan, rooms, bound, expected) -> None:
    parties = [{"party": "enterprise"} | bound] if bound else []
    assert plan(rooms("", SECTIONS, **BOTH, parties=parties)).options == expected


def test_a_bound_of_one_ledger_does_not_bind_another(plan, rooms) -> None:
    """The city pays all of a hall in big; a village that gives the room of small carries half of it in kind."""
    sections = '[in_kind]\nrent_cny_per_m2 = 100\n[operating.listed]\noperator = "community"\n'

    def found(ledger: str) -> set[str]:
        parties = [{"party": "community", "ledger": ledger, "min_share": 0.5}] if ledger else []
        return plan(rooms("", sections, parties=parties)).options

    assert found("") == {"big:convert:hall:listed"}
    with pytest.raises(InfeasibleError, match="community"):
        found("capital")  # without a fund the village pays none
    assert found("capital_with_in_kind") == {"small:convert:hall:listed"}


MENU = [
    *tariff("aided", 4, 1.0, government_cny=6),
    *tariff("shared", 6, 0.9, government_cny=3, enterprise_cny=1),
    *tariff("forgone", 6, 0.8, government_cny=2, enterprise_cny=2),
    *tariff("dear", 10, 0.7),
]
"""Every meal is worth 10 CNY: the government carries 60, 30, 20 or 0 % of the year, the guest 40, 60, 60 or 100 %,
the enterprise's forgone price 0, 10, 20 or 0 %."""


@pytest.mark.parametrize(
    ("bound", "charged"),
    [
        ({}, "aided"),
        ({"party": "government", "max_share": 0.5}, "shared"),
        slow({"party": "government", "max_share": 0.19}, "dear"),
        ({"party": "enterprise", "min_share": 0.2}, "forgone"),
        ({"party": "resident", "min_share": 0.61}, "dear"),
        slow({"party": "resident", "max_share": 0.39}, None),
        slow({"party": "government", "max_share": 0.5, "services": "hall"}, "aided"),
    ],
)
def test_bounds_of_the_year(plan, canteen, bound, charged) -> None:
    """Whatever is charged, the canteen earns enough: staff cost nothing."""
    services = [*CANTEEN["services"], ROOMS["services"][0]]
    parties = [{"ledger": "yearly"} | bound] if bound else []
    instance = canteen(services=services, tariffs=MENU, costs=meals(0), parties=parties, needs=[
        {"service": "canteen", "group": "old", "rate": 1},
    ])  # fmt: skip
    assert plan(instance).tariffs == ({"s": charged} if charged else {})


TWO = {
    "demand": [point | {"people_old": 1000 * point["people_old"]} for point in ROOMS["demand"]],
    "sites": ROOMS["sites"],
    "tariffs": [*tariff("aided", 4, 1.0, government_cny=6), *tariff("dear", 10, 0.5)],
    "costs": meals(0),
    "funds": [{"fund": "city", "party": "government", "cap_cny": 20_000, "yearly_cap_cny": 1e9}],
}
"""Canteens in both rooms, for 100,000 and for 60,000 people; half of them come where a meal is dear."""


@pytest.mark.parametrize(
    ("scope", "share", "charged", "guests"),
    [
        ("plan", 0.6, ("aided", "aided"), (100_000, 60_000)),
        # Of 10 CNY a meal the government pays 6 in big, nothing in small: 0.6 · 100 / (100 + 30) is 46.2 %
        ("plan", 0.47, ("aided", "dear"), (100_000, 30_000)),
        # 0.6·g ≤ 0.46·(g + 30,000): no more than 13,800 / 0.14 guests in big
        slow("plan", 0.46, ("aided", "dear"), (98_571.43, 30_000)),
        ("project", 0.47, ("dear", "dear"), (50_000, 30_000)),
    ],
)
def test_scopes_of_the_year(plan, canteen, scope, share, charged, guests) -> None:
    parties = [{"party": "government", "ledger": "yearly", "max_share": share, "scope": scope}]
    found = plan(canteen(**TWO, parties=parties))
    assert found.tariffs == dict(zip(("big", "small"), charged, strict=True))
    # Money counts whole visits only, which may cost a guest or two
    assert found.served == pytest.approx(dict(zip(("big", "small"), guests, strict=True)), abs=2)


def test_a_bound_of_the_year_takes_nobody_for_the_sake_of_rounding(plan, canteen) -> None:
    """A meal of 2 CNY for 1: the government pays the other, but for 2,500 CNY of rent; 5,000 are 40 % of 12,500 CNY."""
    services = [CANTEEN["services"][0] | {"income_cny_per_m2": 25}]
    parties = [{"party": "government", "ledger": "yearly", "max_share": 0.4}]
    found = plan(canteen("", PUBLIC, services=services, tariffs=tariff("low", 1), costs=meals(0), parties=parties))
    assert found.served == {"s": 75}
