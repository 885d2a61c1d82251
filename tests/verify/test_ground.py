"""Minutes and metres as verification works them out, by hand and against networkx."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import networkx as nx
import numpy as np
import pytest
from streets import network, on_streets, people, rooms, slope, tangle
from walked_network import WalkedNetwork

from panhuo.access import heights
from panhuo.access.shapes import measured
from panhuo.access.ways import walking
from panhuo.instance import Instance
from panhuo.instance.maps import Raster
from panhuo.result.verify import ground as ground_room
from panhuo.result.verify.ground import ORIGINS, Ground, Near, delivery_minutes
from panhuo.result.verify.ground import heights as verified_heights
from panhuo.result.verify.ground.walking import walkable

ADULT = {"profile": "adult", "speed_km_h": 4.8, "groups": "adult"}
"""80 m a minute."""


def walked(instance: Instance, profile: str = "adult") -> dict[tuple[str, str], tuple[float, str]]:
    """Minutes and their origin by demand point and place."""
    found = Ground(instance)
    places = [*instance["sites"]["id"], *instance["existing"]["id"]]
    out: dict[tuple[str, str], tuple[float, str]] = {}
    for block in found.blocks(np.ones(found.places, dtype=bool)):
        out |= listed(instance, places, block.minutes[profile])
    return out


def listed(instance: Instance, places: list[str], near: Near) -> dict[tuple[str, str], tuple[float, str]]:
    named = zip(near.demand, near.place, near.value, near.origin, strict=True)
    return {(instance["demand"]["id"][i], places[j]): (v, ORIGINS[o]) for i, j, v, o in named}


def only(instance: Instance, profile: str = "adult") -> float:
    """Minutes of the one pair there is."""
    ((minutes, _),) = walked(instance, profile).values()
    return minutes


STREET = {"at": [(0, 0), (800, 0)]}


def test_legs_and_way_on_the_flat(tmp_path: Path) -> None:
    """40 m to the street, 400 m along it, 20 m to the door: 460 m at 80 m a minute."""
    instance = on_streets(
        tmp_path, network(STREET), profiles=[ADULT], demand=people((100, 40)), sites=rooms((500, -20))
    )
    assert only(instance) == 5.75


def test_a_shape_that_bends_is_shared_out_by_length(tmp_path: Path) -> None:
    """A line of 300 m + 400 m that is given as 1,400 m: twice the shape's length everywhere."""
    bent = {"at": [(0, 0), (300, 0), (300, 400)], "length_m": 1400.0}
    instance = on_streets(tmp_path, network(bent), profiles=[ADULT], demand=people((150, 0)), sites=rooms((300, 150)))
    assert only(instance) == 2 * (150 + 150) / 80


def test_both_ends_on_one_edge_may_be_nearer_around(tmp_path: Path) -> None:
    """Along the edge 1,000 m; over the edge beside it 100 + 200 + 100 m."""
    slow = {"at": [(0, 0), (400, 0)], "length_m": 2000.0}
    quick = {"at": [(0, 0), (200, 10), (400, 0)], "length_m": 200.0}
    instance = on_streets(
        tmp_path, network(slow, quick), profiles=[ADULT], demand=people((20, -5)), sites=rooms((380, -5))
    )
    assert only(instance) == pytest.approx((5 + 100 + 200 + 100 + 5) / 80, abs=5e-4)


def test_a_slope_is_walked_by_tobler(tmp_path: Path) -> None:
    """Up 10 %: exp(-3.5 · 0.15); down 10 %: exp(-3.5 · 0.05), over exp(-3.5 · 0.05) on the flat."""
    profiles = [ADULT]
    up, down = ({"demand": people((a, 0)), "sites": rooms((b, 0))} for a, b in ((100, 500), (500, 100)))
    flat = np.exp(-3.5 * 0.05)
    for ends, pace in ((up, np.exp(-3.5 * 0.15) / flat), (down, np.exp(-3.5 * 0.05) / flat)):
        instance = on_streets(tmp_path / str(pace), network(STREET), elevation=slope(0.1), profiles=profiles, **ends)
        assert only(instance) == pytest.approx(5 / pace, abs=5e-4)


def test_the_way_home_counts_where_it_is_worse(tmp_path: Path) -> None:
    """Down to the place, up again: the way home."""
    instance = on_streets(
        tmp_path, network(STREET), "[access]\nway_home = true\n", slope(0.1), profiles=[ADULT],
        demand=people((500, 0)), sites=rooms((100, 0)),
    )  # fmt: skip
    assert only(instance) == pytest.approx(5 / np.exp(-3.5 * 0.1), abs=5e-4)


def test_stairs_are_slow_both_ways_and_not_for_all(tmp_path: Path) -> None:
    """Stairs of 100 m at half the speed take as long as 200 m, however steep; who cannot climb goes around by 600 m."""
    around = {"at": [(0, 0), (0, 100), (100, 100), (100, 0)], "length_m": 600.0}
    instance = on_streets(
        tmp_path, network({"at": [(0, 0), (100, 0)], "stairs": True}, around), elevation=slope(0.5),
        demand=people((0, 0), groups=("adult", "wheels")), sites=rooms((100, 0)),
        profiles=[
            {**ADULT, "stairs_factor": 0.5, "max_grade": 0.4},
            {"profile": "wheels", "speed_km_h": 4.8, "climbs_stairs": "no", "groups": "wheels"},
        ],
    )  # fmt: skip
    flat = replace(instance, elevation=None)
    assert [only(flat, "adult"), only(flat, "wheels")] == [2.5, 7.5]
    assert only(instance, "adult") == 2.5
    # twice 200 m on the flat; 200 m on the slope rise 50 m: the length is given, the rise is not
    assert only(instance, "wheels") == pytest.approx(5 + 2.5 / np.exp(-3.5 * 0.25), abs=5e-4)


def test_too_steep_is_no_way(tmp_path: Path) -> None:
    """8 % is allowed to the last; a hair less is not, and then the place is off the network."""
    ends = {"demand": people((100, 0)), "sites": rooms((500, 0))}
    for limit, pairs in ((0.08, 1), (0.0799, 0)):
        instance = on_streets(
            tmp_path / str(limit), network(STREET), elevation=slope(0.08), profiles=[{**ADULT, "max_grade": limit}],
            **ends,
        )  # fmt: skip
        assert len(walked(instance)) == pairs


def test_a_span_runs_straight_from_end_to_end(tmp_path: Path) -> None:
    """Over a valley of 40 m: a street goes down and up, a bridge stays level."""
    centres = np.arange(12) * 100.0 - 50
    valley = Raster(
        np.tile(np.abs(centres - 450) / 5, (12, 1)).astype(np.float32),
        (100, 0, -100, 0, -100, 1100),
        "local",
        "dem.tif",
    )
    ends = {"demand": people((250, 0)), "sites": rooms((650, 0)), "profiles": [ADULT]}
    level = on_streets(
        tmp_path / "bridge", network({"at": [(50, 0), (850, 0)], "span": True}), elevation=valley, **ends
    )
    down = on_streets(tmp_path / "street", network({"at": [(50, 0), (850, 0)]}), elevation=valley, **ends)
    assert only(level) == 5.0
    half = 200 / 80
    assert only(down) == pytest.approx(
        half / np.exp(-3.5 * (0.15 - 0.05)) + half / np.exp(-3.5 * (0.25 - 0.05)), abs=5e-4
    )


def test_unknown_heights_lie_on_a_line_between_known_ones(tmp_path: Path) -> None:
    """Stations in the middle of cells, two of them unknown: the slope goes on; at the end it stays as high."""
    ends = {"demand": people((150, 0)), "sites": rooms((750, 0)), "profiles": [ADULT]}
    street, toml = network({"at": [(50, 0), (850, 0)]}), "[access]\nsample_m = 100\n"
    whole, minutes = slope(0.1), []
    for holes in ([], [4, 5], [8, 9]):
        values = whole.values.copy()
        values[:, holes] = np.nan
        torn = replace(whole, values=values)
        minutes.append(only(on_streets(tmp_path / str(holes), street, toml, torn, **ends)))
    up = 1 / np.exp(-3.5 * 0.1)
    assert minutes == pytest.approx([7.5 * up, 7.5 * up, 7.5 * up - 1.25 * (up - 1)], abs=5e-4)


def test_ground_without_heights_is_flat_where_that_is_asked_for(tmp_path: Path) -> None:
    nothing = replace(slope(0.1), values=np.full((12, 12), np.nan, dtype=np.float32))
    instance = on_streets(
        tmp_path, network(STREET), '[access]\nno_data = "flat"\n', nothing, profiles=[ADULT],
        demand=people((100, 0)), sites=rooms((500, 0)),
    )  # fmt: skip
    assert only(instance) == 5.0


def test_who_is_too_far_from_the_network_reaches_nothing_but_what_is_given(tmp_path: Path) -> None:
    """300 m from the street is on it, 300.5 m is off it."""
    instance = on_streets(
        tmp_path, network(STREET), profiles=[ADULT], demand=people((100, 300), (100, 300.5)), sites=rooms((500, 0), (600, 0)),
        minutes=[{"demand": "d1", "place": "s1", "minutes": 7.25}],
    )  # fmt: skip
    assert walked(instance) == {
        ("d0", "s0"): (8.75, "network"), ("d0", "s1"): (10.0, "network"), ("d1", "s1"): (7.25, "given"),
    }  # fmt: skip


def test_beyond_the_longest_standard_nothing_is_known(tmp_path: Path) -> None:
    """15 minutes are 1,200 m to the millimetre: closed."""
    long = network({"at": [(0, 0), (2000, 0)]})
    instance = on_streets(
        tmp_path, long, profiles=[ADULT], demand=people((0, 0)), sites=rooms((1200, 0), (1200.1, 0), (1300, 0))
    )
    assert walked(instance) == {("d0", "s0"): (15.0, "network")}


LINE: list[dict[str, Any]] = [
    {"line": "b", "seq": 2, "x": 4000, "y": 0, "headway_min": 6, "ride_min": 4},
    {"line": "b", "seq": 1, "x": 100, "y": 0, "headway_min": 6},
]


def test_a_bus_saves_minutes_one_way_or_both(tmp_path: Path) -> None:
    """80 m to the stop, 3 minutes of waiting, 4 of riding, 160 m to the door: 10 minutes instead of 50."""
    street = network({"at": [(0, 0), (5000, 0)]})
    ends = {"profiles": [ADULT], "demand": people((20, 0), (4160, 0)), "sites": rooms((4160, 0), (20, 0))}
    there = {("d0", "s0"): (10.0, "bus")}
    here = {("d0", "s1"): (0.0, "network"), ("d1", "s0"): (0.0, "network")}
    both = on_streets(tmp_path / "both", street, bus=LINE, **ends)
    assert walked(both) == {**there, **here, ("d1", "s1"): (10.0, "bus")}
    one = on_streets(tmp_path / "one", street, bus=[{**stop, "both_ways": False} for stop in LINE], **ends)
    assert walked(one) == {**there, **here}
    on_foot = on_streets(tmp_path / "foot", street, bus=LINE, **{**ends, "profiles": [{**ADULT, "rides_bus": "no"}]})
    assert walked(on_foot) == here


def test_who_changes_waits_again(tmp_path: Path) -> None:
    """3 + 4 minutes to the second stop, then 5 + 2 on the other line; no walk between them, though the street is 40 m off."""
    street = network({"at": [(0, 0), (9000, 0)]})
    here = [{**LINE[0], "y": 40}, LINE[1]]
    other = [
        {"line": "c", "seq": 1, "x": 4000, "y": 40, "headway_min": 10},
        {"line": "c", "seq": 2, "x": 8000, "y": 0, "headway_min": 10, "ride_min": 2},
    ]
    instance = on_streets(
        tmp_path, street, bus=[*here, *other], profiles=[ADULT], demand=people((100, 0)), sites=rooms((8000, 0))
    )
    assert only(instance) == 3 + 4 + 5 + 2


def test_delivery_keeps_to_one_way_streets(tmp_path: Path) -> None:
    """100 m at 30 km/h one way, 500 m round the block at 60 km/h back; legs of 10 m at 25 km/h."""
    streets = network(
        {"at": [(0, 0), (100, 0)], "drive": (30, 0)},
        {"at": [(100, 0), (100, 200), (0, 200), (0, 0)], "drive": (60, 0)},
        {"at": [(0, -5), (100, -5)]},
    )
    instance = on_streets(tmp_path, streets, demand=people((0, 0)), sites=rooms((0, 0)))
    ends = np.array([(20.0, -10.0), (80.0, -10.0)])
    legs = 2 * 0.010 / 25 * 60
    there, back = 0.060 / 30 * 60, (0.040 / 30 + 0.500 / 60) * 60
    expected = np.array([[legs, legs + there], [legs + back, legs]])
    assert delivery_minutes(instance, ends, ends) == pytest.approx(expected, abs=5e-4)
    straight = delivery_minutes(replace(instance, network=None), ends, ends)
    assert straight[0, 1] == pytest.approx(0.060 * 1.3 / 25 * 60, abs=5e-4)


def test_delivery_to_a_crossing_may_come_by_any_road(tmp_path: Path) -> None:
    """Both ends of a one-way street lie on roads that run both ways: 100 m at 60 km/h from there, either way."""
    streets = network(
        {"at": [(0, 0), (100, 0)], "drive": (30, 0)},
        {"at": [(0, 0), (0, 100)], "drive": (60, 60)},
        {"at": [(100, 0), (100, 100)], "drive": (60, 60)},
    )
    instance = on_streets(tmp_path, streets, demand=people((0, 0)), sites=rooms((0, 0)))
    crossings, beside = np.array([(0.0, 0.0), (100.0, 0.0)]), np.array([(0.0, 100.0), (100.0, 100.0)])
    for there in (delivery_minutes(instance, beside, crossings), delivery_minutes(instance, crossings, beside).T):
        assert there.diagonal() == pytest.approx([0.1, 0.1])
    assert delivery_minutes(instance, crossings[:1], crossings[:1]) == [[0.0]]


def by_networkx(instance: Instance, profile: str, *, home: bool = False) -> dict[tuple[str, str], float]:
    """Minutes of all pairs within 8 minutes."""
    tables = instance["demand"], instance["sites"]
    points = {row.id: (row.x_m, row.y_m) for table in tables for row in table.itertuples()}
    oracle, out = WalkedNetwork(instance, profile, points), {}
    for place in instance["sites"]["id"]:
        there = oracle.minutes_to(place, 8.001)
        if home and ("point", place) in oracle.graph:
            paths = nx.single_source_dijkstra_path_length(
                oracle.graph, ("point", place), cutoff=8.001, weight="minutes"
            )
            back = {node[1]: minutes for node, minutes in paths.items() if node[0] == "point"}
            there = {name: max(minutes, back[name]) for name, minutes in there.items() if name in back}
        out |= {(name, place): minutes for name, minutes in there.items() if name.startswith("d")}
    return {pair: minutes for pair, minutes in out.items() if round(minutes, 3) <= 8}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("home", [False, True])
def test_minutes_are_those_of_networkx(tmp_path: Path, seed: int, *, home: bool) -> None:
    instance = tangle(tmp_path, seed, "way_home = true\n" if home else "")
    for profile in ("adult", "senior", "wheels"):
        mine = {pair: minutes for pair, (minutes, _) in walked(instance, profile).items()}
        theirs = by_networkx(instance, profile, home=home)
        assert len(theirs) > 20
        assert mine == pytest.approx(theirs, abs=6e-4)


def test_metres_are_those_of_networkx(tmp_path: Path) -> None:
    """Along everything walkable: as an adult walks who takes stairs as fast as streets, on flat ground, 60 m a minute."""
    instance = tangle(tmp_path, 7)
    found = Ground(instance)
    (block,) = found.blocks(np.ones(found.places, dtype=bool))
    mine = listed(instance, list(instance["sites"]["id"]), block.metres)
    points = {r.id: (r.x_m, r.y_m) for t in ("demand", "sites") for r in instance[t].itertuples()}
    oracle = WalkedNetwork(instance, "adult", points)
    theirs = {
        (name, place): metres
        for place in instance["sites"]["id"]
        for name, metres in oracle.metres_to(place, 600.001).items()
        if name.startswith("d") and round(metres, 3) <= 600
    }
    near = {pair: metres for pair, (metres, _) in mine.items() if metres <= 600}
    assert len(theirs) > 20
    assert near == pytest.approx(theirs, abs=6e-4)


def test_groups_of_places_find_what_all_find_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut out box by box, searched in small blocks."""
    instance = tangle(tmp_path, 11)
    whole = walked(instance, "senior")
    monkeypatch.setattr(ground_room.between, "_REGION", 7)
    monkeypatch.setattr(ground_room.between, "_TOGETHER", 3)
    monkeypatch.setattr(ground_room.graph, "_CELLS", 200)
    assert walked(instance, "senior") == whole


def test_the_steepest_grade_allowed_is_not_too_steep_for_either(tmp_path: Path) -> None:
    """Ground at 6.25 % everywhere; by rounding alone some edges come out a little steeper."""
    lines = [{"at": [(0, y), (10.0 * (1 + y % 61), y)]} for y in range(0, 900, 7)]
    ground = slope(0.0625)
    streets = network(*lines)
    instance = on_streets(tmp_path, streets, elevation=ground, demand=people((0, 0)), sites=rooms((0, 0)))
    theirs = heights.relief(streets, measured(streets), instance.elevation, 20.0, "local")
    ours = verified_heights.relief(streets, instance.elevation, 20.0, "local")
    steepest = ours.steepest()
    assert np.ptp(steepest) > 0, "the grades differ by rounding"
    assert np.ptp(steepest) < 1e-9
    profile = SimpleNamespace(climbs_stairs=True, max_grade=0.0625)
    assert walkable(streets, ours, profile).all()
    assert walking(streets, theirs, climbs_stairs=True, stairs_factor=0.5, max_grade=0.0625).usable.all()
    steep = SimpleNamespace(climbs_stairs=True, max_grade=0.0624)
    assert not walkable(streets, ours, steep).any()
    assert not walking(streets, theirs, climbs_stairs=True, stairs_factor=0.5, max_grade=0.0624).usable.any()
