"""Areas of so many minutes around a few sites: streets and people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from streets import network, on_streets, people, rooms

from panhuo.access import areas, streets
from panhuo.instance import Instance
from panhuo.result import draw_areas


@pytest.fixture
def quarter(tmp_path: Path) -> Instance:
    """A street of 2,000 m; from its middle 400 m of stairs lead up, and a street of 400 m down. 80 m a minute."""
    lines = network(
        {"at": [(0, 0), (1000, 0)]},
        {"at": [(1000, 0), (2000, 0)]},
        {"at": [(1000, 0), (1000, 400)], "stairs": True},
        {"at": [(1000, 0), (1000, -400)]},
    )
    return on_streets(
        tmp_path, lines, demand=people((200, 0), (1000, 300), (1900, 0), (1000, -350), groups=("adult", "wheels")),
        sites=rooms((1000, 0), (2000, 0)),
        services=[{"service": "hall", "class": "basic", "measure": "minutes", "standard_min": 3, "min_area_m2": 10}],
        profiles=[
            {"profile": "adult", "speed_km_h": 4.8, "stairs_factor": 0.5, "groups": "adult"},
            {"profile": "wheels", "speed_km_h": 4.8, "climbs_stairs": "no", "groups": "wheels"},
        ],
    )  # fmt: skip


def test_people_are_as_far_as_they_walk_whatever_the_standards(quarter: Instance) -> None:
    found = areas(quarter, np.array([0, 1]), 12.0)
    inf = np.inf
    expected = [[10.0, inf], [7.5, inf], [11.25, 1.25], [4.375, inf]]
    np.testing.assert_allclose(found.demand["adult"], expected, atol=5e-4)
    # who climbs no stairs lies 300 m off the street there, and walks straight to it
    np.testing.assert_allclose(
        found.demand["wheels"], [[10.0, inf], [3.75, inf], [11.25, 1.25], [4.375, inf]], atol=5e-4
    )


def test_streets_are_reached_to_the_last_station_within_the_minutes(quarter: Instance) -> None:
    """Twelve minutes to the middle: 960 m along the street, the whole of the stairs at half the speed."""
    found = areas(quarter, np.array([0]), 12.0)
    near = np.isfinite(found.streets["adult"][:, 0])
    west = found.edge == 0
    assert found.at[west & near][:, 0].min() == pytest.approx(40)
    assert np.hypot(*np.diff(found.at[west], axis=0).T).max() <= 40 + 1e-9
    assert near[found.edge == 2].all()
    np.testing.assert_allclose(
        found.streets["adult"][found.edge == 2, 0], found.at[found.edge == 2][:, 1] / 40, atol=5e-4
    )
    assert not np.isfinite(found.streets["wheels"][found.edge == 2]).any(), "stairs are no street for them"
    assert np.isfinite(found.streets["wheels"][found.edge == 3]).all()


def test_without_a_network_there_are_people_only(quarter: Instance) -> None:
    access = quarter.settings.access.model_copy(update={"method": "straight", "detour": 1.0})
    straight = replace(quarter, settings=quarter.settings.model_copy(update={"access": access}))
    found = areas(straight, np.array([1]), 12.0)
    assert len(found.at) == 0
    np.testing.assert_allclose(found.demand["wheels"][2], [1.25])
    assert found.demand["adult"][0, 0] == np.inf


@pytest.mark.parametrize(("bus", "rides", "says"), [(True, True, " and by bus"), (True, False, ""), (False, True, "")])
def test_the_picture_says_how_one_gets_about(
    quarter: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bus: bool, rides: bool, says: str
) -> None:
    stops = quarter["bus"].iloc[:0].reindex(range(2)).assign(both_ways=True, stop="", ride_min=[np.nan, 4.0])
    stops = stops.assign(line="b", seq=[1, 2], headway_min=6.0, x_m=[100.0, 1900.0], y_m=0.0)
    profiles = quarter["profiles"].assign(rides_bus=rides)
    tables = {**quarter.tables, "profiles": profiles, **({"bus": stops} if bus else {})}
    instance = replace(quarter, tables=tables)
    written: list[str] = []
    monkeypatch.setattr(Figure, "text", lambda _, x, y, text, **__: written.append(text))
    draw_areas(instance, areas(instance, np.array([0, 1]), 12.0), tmp_path / "areas.png")
    assert written[1] == f"12 minutes on foot{says}"


def test_streets_within_the_standards(quarter: Instance) -> None:
    """Three minutes to the middle: 240 m along the street, 120 m of stairs for those who climb them; and 100 m."""
    hall = quarter["services"]
    park = hall.assign(service="park", measure="metres", standard_min=np.nan, standard_m=100.0)
    tables = {**quarter.tables, "services": pd.concat([hall, park], ignore_index=True)}
    found = streets(replace(quarter, tables=tables), np.array([1, 0]))
    assert found is not None
    for profile, climbed in (("adult", 3), ("wheels", 0)):
        near = found.minutes[profile].tocsc()[:, 1].tocoo()
        assert near.data.max() <= 3
        away = np.abs(found.at[near.row] - (1000, 0)).sum(axis=1)
        stairs = found.edge[near.row] == 2
        np.testing.assert_allclose(near.data, away / np.where(stairs, 40, 80), atol=5e-4)
        flat = np.abs(found.at - (1000, 0)).sum(axis=1)
        reached = np.where(found.edge == 2, flat <= 40 * climbed, flat <= 240) & ((found.edge != 2) | (climbed > 0))
        np.testing.assert_array_equal(np.sort(near.row), np.flatnonzero(reached))
    metres = found.metres.tocsc()[:, 0].tocoo()
    np.testing.assert_allclose(metres.data, 2000 - found.at[metres.row][:, 0], atol=5e-4)
    assert sorted(metres.data) == [0, 40, 80]


def test_there_are_no_streets_where_lines_are_straight(quarter: Instance) -> None:
    access = quarter.settings.access.model_copy(update={"method": "straight"})
    assert (
        streets(replace(quarter, settings=quarter.settings.model_copy(update={"access": access})), np.array([0]))
        is None
    )
