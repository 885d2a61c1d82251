"""Minutes and catchments against distances worked out pair by pair."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from panhuo.access import catchments
from panhuo.access.travel import travel
from panhuo.instance import Instance
from panhuo.instance.policy import Access


def by_hand(instance: Instance, profile: str) -> np.ndarray:
    """Minutes of every pair, the long way."""
    demand = instance["demand"]
    places = pd.concat([instance["sites"], instance["existing"]], ignore_index=True)
    speed = instance["profiles"].set_index("profile")["speed_km_h"][profile] * 1000 / 60
    out = np.empty((len(demand), len(places)))
    for i, d in enumerate(demand.itertuples()):
        for j, p in enumerate(places.itertuples()):
            straight = ((d.x_m - p.x_m) ** 2 + (d.y_m - p.y_m) ** 2) ** 0.5
            out[i, j] = round(straight * instance.settings.access.detour / speed, 3)
    return out


def test_minutes_are_straight_line_times_detour_over_speed(toy: Instance) -> None:
    found = travel(toy)
    for profile in ("adult", "senior"):
        expected = by_hand(toy, profile)
        stored = found.minutes[profile].tocoo()
        assert stored.nnz > 0
        np.testing.assert_allclose(stored.data, expected[stored.row, stored.col], atol=1e-9)


def test_catchments_are_complete_and_closed(toy: Instance) -> None:
    """Every pair at or below the standard and no other; D2 lies exactly 500 m from E2 and 10 min from S2."""
    reach = catchments(toy)
    for service in toy["services"].itertuples():
        for profile in ("adult", "senior"):
            minutes = by_hand(toy, profile)
            speed = toy["profiles"].set_index("profile")["speed_km_h"][profile] * 1000 / 60
            if service.measure == "minutes":
                expected = minutes <= service.standard_min
            else:
                expected = np.round(minutes * speed, 1) <= service.standard_m
            np.testing.assert_array_equal(reach.within(service.service, profile).toarray(), expected)
    at = {p: c for c, p in enumerate(reach.places["place"])}
    assert reach.within("culture", "adult")[1, at["E2"]]
    assert reach.within("clinic", "adult")[1, at["S2"]]
    assert not reach.within("clinic", "senior")[1, at["S2"]]


def given(toy: Instance, rows: list[tuple[str, str, str, float, float]], method: str = "straight") -> Instance:
    table = pd.DataFrame(rows, columns=["demand", "place", "profile", "minutes", "metres"])
    settings = toy.settings.model_copy(update={"access": Access(method=method, detour=toy.settings.access.detour)})
    return replace(toy, settings=settings, tables={**toy.tables, "minutes": table})


def test_given_minutes_rule_where_they_stand(toy: Instance) -> None:
    rows = [("D1", "S1", "", 14.0, np.nan), ("D1", "S1", "senior", 15.0, np.nan), ("D6", "S1", "", 0.0, 3.0)]
    reach = catchments(given(toy, rows))
    at = {p: c for c, p in enumerate(reach.places["place"])}
    assert reach.minutes["adult"][0, at["S1"]] == 14.0
    assert reach.minutes["senior"][0, at["S1"]] == 15.0, "a row for the profile rules over one for every profile"
    assert reach.within("clinic", "adult")[5, at["S1"]], "no minutes at all is within any standard"
    assert reach.within("culture", "adult")[5, at["S1"]], "3 m"
    assert reach.minutes["adult"][1, at["S1"]] == pytest.approx(240 * 1.25 / 75), "other pairs stay"


def test_minutes_only(toy: Instance) -> None:
    reach = catchments(given(toy, [("D1", "S1", "", 14.0, 1000.0)], method="minutes"))
    assert reach.minutes["adult"].nnz == 1
    assert reach.metres.nnz == 1


def test_membership_of_a_unit(toy: Instance) -> None:
    services = toy["services"].assign(measure="unit", standard_min=np.nan, standard_m=np.nan)
    demand = toy["demand"].assign(unit=["u1", "u1", "", "u2", "u2", ""])
    sites = toy["sites"].assign(unit=["u1", "", "u2"])
    existing = toy["existing"].assign(unit="")
    tables = {**toy.tables, "services": services, "demand": demand, "sites": sites, "existing": existing}
    within = catchments(replace(toy, tables=tables)).within("clinic", "adult").toarray()
    expected = np.zeros((6, 5), dtype=bool)
    expected[[0, 1], 0] = expected[[3, 4], 2] = True
    np.testing.assert_array_equal(within, expected)


def test_a_site_and_a_facility_may_bear_one_id_without_given_minutes(toy: Instance) -> None:
    shared = toy["existing"].assign(id=toy["sites"]["id"].iloc[: len(toy["existing"])])
    again = travel(replace(toy, tables=dict(toy.tables) | {"existing": shared}))
    assert (again.minutes["adult"] != travel(toy).minutes["adult"]).nnz == 0
