"""Who is served: capacity, existing facilities, uptake, and need."""

import pytest
from towns import CANTEEN, PUBLIC, ROOMS, meals, slow, tariff

NEXT_DOOR = {
    "demand": CANTEEN["demand"],
    "sites": [ROOMS["sites"][0], ROOMS["sites"][1] | {"x": 200}],
    "funds": [ROOMS["funds"][0] | {"cap_cny": 20_000}],
}
"""Two rooms within reach of the same 100 people, and money for both."""
BIG, SMALL = "big:convert:hall", "small:convert:hall"


@pytest.mark.parametrize(
    ("per_m2", "built", "persons"),
    [("", 1, 100), (0.6, 2, 100), slow(0.45, 2, 90)],
)
def test_where_a_place_is_full_another_is_needed(plan, rooms, per_m2, built, persons) -> None:
    services = [ROOMS["services"][0] | {"capacity_per_m2": per_m2}]
    found = plan(rooms(**NEXT_DOOR, services=services))
    assert (len(found.options), found.values[0]) == (built, persons)


@pytest.mark.slow
def test_a_conversion_may_state_the_capacity(plan, rooms) -> None:
    """60 persons in big as given, 100 in small as derived: small alone is enough."""
    services = [ROOMS["services"][0] | {"capacity_per_m2": 1}]
    conversions = [{"site": "big", "mode": "convert", "service": "hall", "capacity_persons": 60}]
    found = plan(rooms(**NEXT_DOOR, services=services, conversions=conversions))
    assert (found.options, found.served) == ({SMALL}, {"small": 100})


@pytest.mark.parametrize(
    ("existing", "option", "new"),
    [
        ([], BIG, 100),
        slow([{"capacity_persons": 30}], BIG, 70),
        ([{"capacity_persons": ""}], SMALL, 60),  # as many as the smallest hall: 100
    ],
)
def test_what_exists_takes_part_in_the_flow(plan, rooms, existing, option, new) -> None:
    """What a hall beside big serves of its 100 people, another in big need not; small has 60 to serve."""
    services = [ROOMS["services"][0] | {"capacity_per_m2": 1}]
    existing = [{"id": "e", "service": "hall", "x": 0, "y": 0} | row for row in existing]
    found = plan(rooms(services=services, existing=existing))
    assert (found.options, found.values[0]) == ({option}, new)


@pytest.mark.parametrize(("capacity", "built", "new"), [(100, {BIG}, 60), (160, set(), 0)])
def test_what_exists_makes_room_for_others(plan, rooms, capacity, built, new) -> None:
    """A hall halfway reaches everyone. One in big takes its 100 people over, so that the old one serves all of small's."""
    services = [ROOMS["services"][0] | {"capacity_per_m2": 1, "standard_m": 650}]
    existing = [{"id": "e", "service": "hall", "x": 500, "y": 0, "capacity_persons": capacity}]
    found = plan(rooms(sites=ROOMS["sites"][:1], services=services, existing=existing))
    assert (found.options, found.values[0]) == (built, new)


BY_GROUP = {
    "demand": [
        ROOMS["demand"][0] | {"people_old": 0, "people_young": 100},
        ROOMS["demand"][1] | {"people_young": 0},
    ],
    "sites": ROOMS["sites"],
    "tiers": [
        {"tier": "plain", "group": "young", "share": 1, "need": 1},
        {"tier": "poor", "group": "old", "share": 1, "need": 2},
    ],
}
"""100 young people live around big, 60 old ones around small."""


@pytest.mark.parametrize(("uptake", "site", "persons"), [(1.0, "big", 100), (0.59, "small", 60)])
def test_only_those_who_come_are_served(plan, canteen, uptake, site, persons) -> None:
    """The old all come, of the young as many as the uptake says."""
    young, old = tariff("fair", 8)
    found = plan(canteen("", PUBLIC, **BY_GROUP, tariffs=[young | {"uptake": uptake}, old]))
    assert (found.options, found.served) == ({f"{site}:convert:canteen:public_public"}, {site: persons})


@pytest.mark.parametrize(
    ("capacity", "need", "staff", "persons"),
    [
        slow(100, 2, 50_000, 100),  # all are served: 5,000 · (10 − 2) + 5,000 · (4 − 2)
        (50, 1, 40_000, 50),  # no order of need: the 50 who pay 10 CNY earn 5,000 · (10 − 2) = 40,000
        (50, 2, 40_000, None),  # 25 and 25 earn 2,500 · 8 + 2,500 · 2 = 25,000
        (50, 2, 25_000, 50),
    ],
)
def test_payers_are_not_picked(plan, canteen, capacity, need, staff, persons) -> None:
    """The plain half pays 10 CNY a meal, the poor half 4; where there is no room for all, the poor come first or alike."""
    services = [CANTEEN["services"][0] | {"capacity_per_m2": capacity / 100}]
    tiers = [CANTEEN["tiers"][0], CANTEEN["tiers"][1] | {"need": need}]
    found = plan(canteen(services=services, tiers=tiers, tariffs=tariff("fair", 10, poor=4), costs=meals(staff)))
    assert found.served == ({"s": persons} if persons else {})
