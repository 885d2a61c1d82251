"""People of services with capacity or tariffs: tiers, outlets and today's flow, worked by hand on the street."""

from typing import Any

import numpy as np
import pytest

from panhuo.access import catchments
from panhuo.assemble import Assembled, before_flow, derive_options, siting_data
from panhuo.instance import Instance

RUN = (
    '[operating.private_aided]\nservices = ["canteen"]\noperator = "enterprise"\nprice_classes = ["inclusive", "market"]\n'
    '[operating.public_public]\nservices = ["canteen"]\noperator = "government"\nprice_classes = ["safety_net"]\n'
)
TODAY = [{"id": "e", "service": "canteen", "x": 0, "y": 0, "capacity_persons": 30}]


def assembled(instance: Instance) -> Assembled:
    return siting_data(instance, derive_options(instance), catchments(instance))


def pairs(found: Assembled) -> set[tuple[str, str, float]]:
    """Tier and outlet of every pair, with its uptake."""
    data = found.data
    return {
        (data.tiers[data.flow.tier[g]], data.outlets.names[n], u)
        for g, n, u in zip(data.flow.row, data.flow.outlet, data.flow.uptake, strict=True)
    }


def test_an_account_has_an_outlet_for_every_tariff_it_may_charge(make, charged) -> None:
    """Fair only under private_aided, dear wherever the market class is, safe only under public_public."""
    data = assembled(make(RUN, existing=TODAY, **charged)).data
    assert data.outlets.names == (
        "s1:canteen:private_aided|fair", "s1:canteen:private_aided|dear", "s1:canteen:public_public|safe",
        "s2:canteen:private_aided|fair", "s2:canteen:private_aided|dear", "s2:canteen:public_public|safe", "e|safe",
    )  # fmt: skip
    assert [data.accounts.names[a] for a in data.outlets.account[:3]] == [
        "s1:canteen:private_aided", "s1:canteen:private_aided", "s1:canteen:public_public",
    ]  # fmt: skip
    assert data.outlets.account[-1] == -1
    assert list(data.outlets.capacity) == [np.inf] * 6 + [30]


def test_what_a_year_of_visits_costs_whom(make, charged) -> None:
    """250 visits at 12 and 9 yuan; 3 of government for the poor, 1 of the enterprise for all; 5.50 of ingredients."""
    for row in charged["tariffs"]:
        row |= {"government_cny": 3 if (row["tariff"], row["tier"]) == ("fair", "poor") else 0, "enterprise_cny": 1}
    costs = [
        {"item": "fit_out", "capital_cny": 1},
        {"item": "food", "yearly_cny_per_visit": 5},
        {"item": "food", "operating": "private_aided", "yearly_cny_per_visit": 5.5},
    ]
    data = assembled(make(RUN, existing=TODAY, costs=costs, **charged)).data
    fair, today = data.outlets.names.index("s1:canteen:private_aided|fair"), data.outlets.names.index("e|safe")
    assert data.tiers == ("", "plain", "poor")
    assert list(data.tier_need) == [0, 1, 2]
    assert list(data.outlets.price[fair]) == [0, 3000, 2250]
    assert list(data.outlets.government[fair]) == [0, 0, 750]
    assert list(data.outlets.enterprise[fair]) == [0, 250, 250]
    assert list(data.outlets.cost[fair]) == [0, 1375, 1375]
    assert list(data.outlets.cost[today]) == [0, 1250, 1250]
    assert data.outlets.visits[fair] == 250


def test_tiers_share_the_people_of_a_cell(make, charged) -> None:
    found = assembled(make(RUN, **charged))
    flow = found.data.flow
    assert list(flow.demand) == [75, 25]
    assert [found.data.tiers[h] for h in flow.tier] == ["plain", "poor"]
    assert list(flow.cell) == [0, 0]
    assert list(found.cells.micro) == [75_000_000, 25_000_000]
    assert set(flow.uptake) == {0.5}
    tallies = found.data.tallies
    canteen = tallies.service == found.data.services.index("canteen")
    assert tallies.reachable[canteen] == tallies.total[canteen] == 100
    assert found.data.reach.demand.sum() == 100, "the hall is counted by reach"


def test_only_affordable_tariffs_make_a_pair(make, charged) -> None:
    """At θ 0.25 the poor (600 a month) pay up to 7.20 a visit: 250 · 7.20 / 12 = 150. The plain pay up to 24."""
    found = assembled(make(RUN + "[policy]\naffordable_share = 0.25\n", **charged))
    plain = {("plain", f"{s}:canteen:{a}", 0.5) for s in ("s1", "s2")
             for a in ("private_aided|fair", "private_aided|dear", "public_public|safe")}  # fmt: skip
    poor = {("poor", f"{s}:canteen:public_public|safe", 0.5) for s in ("s1", "s2")}
    assert pairs(found) == plain | poor
    for row in charged["tariffs"]:
        if (row["tariff"], row["tier"]) == ("fair", "poor"):
            row["price_cny"] = 7.2
    exact = assembled(make(RUN + "[policy]\naffordable_share = 0.25\n", **charged))
    assert pairs(exact) == plain | poor | {("poor", f"{s}:canteen:private_aided|fair", 0.5) for s in ("s1", "s2")}


def test_whom_nobody_serves_at_a_price_they_can_pay_is_reachable_all_the_same(make, charged) -> None:
    """At θ 0.1 the poor pay up to 2.88 a visit, and nothing is so cheap."""
    found = assembled(make(RUN + "[policy]\naffordable_share = 0.1\n", **charged))
    assert list(found.data.flow.demand) == [75]
    tallies = found.data.tallies
    canteen = tallies.service == found.data.services.index("canteen")
    assert tallies.reachable[canteen] == 100


def test_a_capacity_without_tariffs_makes_flow_of_everybody(make) -> None:
    services = [
        {"service": "canteen", "class": "basic", "measure": "metres", "standard_m": 500, "min_area_m2": 50, "area_m2": 80,
         "capacity_per_m2": 0.5},
    ]  # fmt: skip
    found = assembled(make(services=services, existing=[{"id": "e", "service": "canteen", "x": 0, "y": 0}]))
    data = found.data
    assert data.outlets.names == ("s1:canteen:|", "s2:canteen:|", "e|")
    assert list(data.outlets.capacity) == [np.inf, np.inf, 40], "a blank: what the service's area would serve"
    assert list(data.accounts.capacity) == [40, 40]
    assert pairs(found) == {("", name, 1.0) for name in data.outlets.names}
    assert list(data.tallies.before) == [40]
    assert len(data.reach) == 0


def test_a_facility_that_a_mode_closes(make) -> None:
    services = [
        {"service": "canteen", "class": "basic", "measure": "metres", "standard_m": 500, "min_area_m2": 50,
         "capacity_per_m2": 0.5},
    ]  # fmt: skip
    existing = [{"id": "stays", "service": "canteen", "x": 0, "y": 0},
                {"id": "goes", "service": "canteen", "x": 0, "y": 0, "site_id": "s1"}]  # fmt: skip
    data = assembled(make("[modes.rebuild]\ncloses_existing = true\n", services=services, existing=existing)).data
    assert data.closing == ("goes",)
    stalls = dict(zip(data.outlets.names, data.outlets.closing, strict=True))
    assert (stalls["stays|"], stalls["goes|"]) == (-1, 0)
    assert list(data.tallies.before) == [50]
    assert list(data.tallies.fixed) == [0]


POINTS = [{"id": f"d{i}", "x": x, "y": 0, "circle": "c", "people_old": 100} for i, x in enumerate((0, 600, 1200))]
PLACES = [{"id": "e0", "service": "canteen", "x": 300, "y": 0}, {"id": "e1", "service": "canteen", "x": 900, "y": 0}]


@pytest.mark.parametrize(
    ("rooms", "served"),
    [
        ((60, 60), 120),  # both full: each of the three points could send 50
        ((120, 30), 130),  # e0 takes the 50 + 50 of d0 and d1, e1 its 30 of d2
        ((30, 120), 130),
        ((90, 90), 150),  # everybody: d1 is split
    ],
)
def test_today_is_a_maximum_flow(make, charged, rooms: tuple[int, int], served: int) -> None:
    """Three points in a row, two canteens between them; half of the 100 people of a point come."""
    existing: list[dict[str, Any]] = [e | {"capacity_persons": q} for e, q in zip(PLACES, rooms, strict=True)]
    found = assembled(make(RUN, demand=POINTS, existing=existing, **charged))
    data = found.data
    canteen = data.tallies.service == data.services.index("canteen")
    assert data.tallies.before[canteen] == served
    today = before_flow(data.flow, data.outlets, found.cells)
    assert today.served.sum() == served * 10**6
    by_row = np.bincount(today.row, today.served, len(data.flow))
    assert (by_row <= found.cells.potential).all()
    for place, room in zip((o for o, a in enumerate(data.outlets.account) if a < 0), rooms, strict=True):
        assert today.served[today.outlet == place].sum() <= room * 10**6
    # of those assigned, half come
    assert (today.assigned // 2 == today.served).all()


def test_today_charges_the_marked_tariff(make, charged) -> None:
    """Who could not pay it is not served today."""
    for row in charged["tariffs"]:
        row["existing"] = "yes" if row["tariff"] == "dear" else ""
    data = assembled(make(RUN + "[policy]\naffordable_share = 0.25\n", existing=TODAY, **charged)).data
    assert data.outlets.names[-1] == "e|dear"
    canteen = data.tallies.service == data.services.index("canteen")
    assert data.tallies.before[canteen] == 30, "half of 75, but 30 places"
    roomy = [TODAY[0] | {"capacity_persons": 99}]
    data = assembled(make(RUN + "[policy]\naffordable_share = 0.25\n", existing=roomy, **charged)).data
    assert data.tallies.before[canteen] == 37.5
