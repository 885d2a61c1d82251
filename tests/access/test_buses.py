"""Buses, worked by hand: 80 m a minute on foot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from streets import network, on_streets, people, rooms

from panhuo.access import ORIGINS, catchments
from panhuo.instance import Instance

ADULT = {"profile": "adult", "speed_km_h": 4.8, "groups": "adult"}
STREET = network({"at": [(0, 0), (9000, 0)]})
LINE: list[dict[str, Any]] = [
    {"line": "b", "seq": 2, "x": 4000, "y": 0, "headway_min": 6, "ride_min": 4},
    {"line": "b", "seq": 1, "x": 100, "y": 0, "headway_min": 6},
]


def walked(instance: Instance, profile: str = "adult") -> dict[tuple[str, str], tuple[float, str]]:
    reach = catchments(instance)
    minutes, origin = reach.minutes[profile].tocoo(), reach.origin[profile].data
    ids, places = instance["demand"]["id"], reach.places["place"]
    pairs = zip(minutes.row, minutes.col, minutes.data, origin, strict=True)
    return {(ids[i], places[j]): (float(v), ORIGINS[o]) for i, j, v, o in pairs}


def served(folder: Path, bus: Sequence[dict[str, Any]], home: float, room: float, toml: str = "", **more: Any) -> Any:
    """Minutes and origin of one person and one room on the street; None if it is out of reach."""
    instance = on_streets(
        folder,
        STREET,
        toml,
        bus=bus,
        **{"profiles": [ADULT], "demand": people((home, 0)), "sites": rooms((room, 0)), **more},
    )
    return walked(instance).get(("d0", "s0"))


def test_walk_wait_ride_walk(tmp_path: Path) -> None:
    """80 m to the stop, half of 6 minutes, 4 minutes, 160 m to the door."""
    assert served(tmp_path, LINE, 20, 4160) == (1 + 3 + 4 + 2, "bus")


def test_back_by_both_ways_only(tmp_path: Path) -> None:
    assert served(tmp_path / "both", LINE, 4160, 20) == (10, "bus")
    one_way = [stop | {"both_ways": False} for stop in LINE]
    assert served(tmp_path / "back", one_way, 4160, 20) is None
    assert served(tmp_path / "there", one_way, 20, 4160) == (10, "bus")
    assert served(tmp_path / "home", one_way, 20, 4160, "[access]\nway_home = true\n") is None
    assert served(tmp_path / "either", LINE, 20, 4160, "[access]\nway_home = true\n") == (10, "bus")


def test_not_for_whom_it_is_not(tmp_path: Path) -> None:
    profiles = [ADULT | {"rides_bus": "no"}, ADULT | {"profile": "rider", "groups": "rider"}]
    instance = on_streets(
        tmp_path, STREET, bus=LINE, profiles=profiles, demand=people((20, 0), groups=("adult", "rider")),
        sites=rooms((4160, 0), (60, 0)),
    )  # fmt: skip
    assert walked(instance) == {("d0", "s1"): (0.5, "network")}
    assert walked(instance, "rider") == {("d0", "s0"): (10, "bus"), ("d0", "s1"): (0.5, "network")}


def test_where_walking_is_as_quick_nobody_rides(tmp_path: Path) -> None:
    """Rides of 4 minutes over 560 m: 3 + 4 minutes are what walking takes."""
    near = [LINE[1], LINE[0] | {"x": 660}]
    assert served(tmp_path / "equal", near, 100, 660) == (7, "network")
    assert served(tmp_path / "longer", [LINE[1], LINE[0] | {"x": 668}], 100, 668) == (7, "bus")


def test_riding_on_waits_once_and_changing_waits_again(tmp_path: Path) -> None:
    """3 + 4 + 2 minutes on one line; 3 + 4 + 5 + 2 over two lines whose stops are the same, 40 m off the street."""
    on = [*LINE, {"line": "b", "seq": 3, "x": 8000, "y": 0, "headway_min": 6, "ride_min": 2}]
    assert served(tmp_path / "on", on, 100, 8000) == (9, "bus")
    change = [
        LINE[1], LINE[0] | {"y": 40},
        {"line": "c", "seq": 1, "x": 4000, "y": 40, "headway_min": 10},
        {"line": "c", "seq": 2, "x": 8000, "y": 0, "headway_min": 10, "ride_min": 2},
    ]  # fmt: skip
    assert served(tmp_path / "change", change, 100, 8000) == (14, "bus")
    apart = [*change[:2], change[2] | {"y": -40}, change[3]]
    assert served(tmp_path / "apart", apart, 100, 8000) == (15, "bus"), "40 m to the street, 40 m to the other stop"


def test_a_stop_off_the_network_is_ridden_through(tmp_path: Path) -> None:
    far = {"line": "b", "seq": 3, "x": 8000, "y": 0, "headway_min": 6, "ride_min": 2}
    line = [LINE[1], LINE[0] | {"y": 400}, far]
    assert served(tmp_path / "through", line, 100, 8000) == (9, "bus")
    assert served(tmp_path / "off", line, 100, 4000) is None


@pytest.mark.parametrize("speed", [3.2, 6.4])
def test_minutes_of_the_bus_do_not_depend_on_who_rides(tmp_path: Path, speed: float) -> None:
    """The walk to the stop and from it does."""
    profiles = [ADULT | {"speed_km_h": speed}]
    assert served(tmp_path, LINE, 20, 4160, profiles=profiles) == (round(240 / (speed * 1000 / 60) + 7, 3), "bus")
