"""Minutes along the network, worked by hand: 4.8 km/h are 80 m a minute."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streets import network, on_streets, people, rooms, slope

from panhuo.access import ORIGINS, catchments
from panhuo.instance import Instance
from panhuo.instance.maps import Raster

ADULT = {"profile": "adult", "speed_km_h": 4.8, "groups": "adult"}
WHEELS = {"profile": "wheels", "speed_km_h": 4.8, "climbs_stairs": "no", "groups": "wheels"}
STREET = {"at": [(0, 0), (800, 0)]}


def walked(instance: Instance, profile: str = "adult") -> dict[tuple[str, str], tuple[float, str]]:
    """Minutes and where they come from, by demand point and place."""
    reach = catchments(instance, threads=1)
    minutes, origin = reach.minutes[profile].tocoo(), reach.origin[profile]
    assert origin.nnz == minutes.nnz
    ids, places = instance["demand"]["id"], reach.places["place"]
    pairs = zip(minutes.row, minutes.col, minutes.data, origin.data, strict=True)
    return {(ids[i], places[j]): (float(v), ORIGINS[o]) for i, j, v, o in pairs}


def only(instance: Instance, profile: str = "adult") -> float:
    """Minutes of the one pair there is."""
    ((minutes, origin),) = walked(instance, profile).values()
    assert origin == "network"
    return minutes


def street(folder: Path, start: float, end: float, grade: float, toml: str = "", **profile: Any) -> Instance:
    """One person and one room on a street of 800 m that rises to the east."""
    return on_streets(
        folder, network(STREET), toml, slope(grade), profiles=[ADULT | profile], demand=people((start, 0)),
        sites=rooms((end, 0)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "grade", "factor"),
    [
        (100, 500, 0.0, 1.0),
        (100, 500, 0.1, np.exp(0.35)),  # 10 % up: exp(3.5 · (0.15 − 0.05))
        (500, 100, 0.1, 1.0),  # 10 % down is as fast as the flat: |−0.1 + 0.05| = 0.05
        (500, 100, 0.05, np.exp(-0.175)),  # 5 % down is fastest: exp(−3.5 · 0.05)
        (500, 100, 0.3, np.exp(0.7)),
    ],
)
def test_tobler(tmp_path: Path, start: float, end: float, grade: float, factor: float) -> None:
    """400 m take 5 minutes on the flat."""
    assert only(street(tmp_path, start, end, grade)) == pytest.approx(5 * factor, abs=5.1e-4)


def test_no_grade_is_faster_than_five_percent_down(tmp_path: Path) -> None:
    minutes = {g: only(street(tmp_path / str(g), 500, 100, g)) for g in (0.03, 0.04, 0.05, 0.06, 0.07)}
    assert min(minutes, key=minutes.__getitem__) == 0.05


def test_legs_are_walked_on_the_flat(tmp_path: Path) -> None:
    """40 m to the street, 400 m along it, 20 m to the door."""
    instance = on_streets(
        tmp_path, network(STREET), profiles=[ADULT], demand=people((100, 40)), sites=rooms((500, -20))
    )
    assert only(instance) == 460 / 80


def test_the_worse_of_there_and_back(tmp_path: Path) -> None:
    """Down 10 % to the room, up again: the way home takes longer, and 15 minutes of it are too many."""
    there = street(tmp_path / "there", 500, 100, 0.1)
    home = street(tmp_path / "home", 500, 100, 0.1, "[access]\nway_home = true\n")
    assert only(there) == 5
    assert only(home) == pytest.approx(5 * np.exp(0.35), abs=5e-4)
    steep = street(tmp_path / "steep", 800, 0, 0.15, "[access]\nway_home = true\n")
    assert 10 * np.exp(0.525) > 15
    assert walked(steep) == {}
    assert walked(street(tmp_path / "down", 800, 0, 0.15)) != {}


def test_stairs_take_longer_both_ways_and_not_everybody(tmp_path: Path) -> None:
    """100 m of stairs at half the speed, however steep; who takes none goes round by 600 m."""
    lines = [
        {"at": [(0, 0), (100, 0)], "stairs": True},
        {"at": [(0, 0), (0, 100), (100, 100), (100, 0)], "length_m": 600.0},
    ]
    for steepness, ends in ((0.0, (0, 100)), (0.5, (0, 100)), (0.5, (100, 0))):
        instance = on_streets(
            tmp_path / f"{steepness}{ends}", network(*lines), "", slope(steepness),
            demand=people((ends[0], 0), groups=("adult", "wheels")), sites=rooms((ends[1], 0)),
            profiles=[ADULT | {"stairs_factor": 0.5, "max_grade": 0.2}, WHEELS],
        )  # fmt: skip
        assert only(instance) == 100 / 0.5 / 80
        if not steepness:
            assert only(instance, "wheels") == 600 / 80


def test_stairs_without_a_factor_of_their_own(tmp_path: Path) -> None:
    """Blank is 0.57."""
    instance = on_streets(
        tmp_path, network(STREET | {"stairs": True}), profiles=[ADULT], demand=people((0, 0)), sites=rooms((400, 0))
    )
    assert only(instance) == round(5 / 0.57, 3)


def test_too_steep_is_no_way(tmp_path: Path) -> None:
    """8 % is allowed to the last; a hair less is not, up or down."""
    for ends in ((100, 500), (500, 100)):
        assert len(walked(street(tmp_path / f"a{ends}", *ends, 0.08, max_grade=0.080001))) == 1
        assert len(walked(street(tmp_path / f"b{ends}", *ends, 0.08, max_grade=0.0799))) == 0


def test_one_steep_piece_closes_the_edge(tmp_path: Path) -> None:
    """The steepest piece counts, not the mean."""
    values = slope(0.0).values
    values[:, 6:] = 15  # 15 m between two cell centres, 100 m apart
    cliff = replace(slope(0.0), values=values)
    ends = {"demand": people((100, 0)), "sites": rooms((300, 0))}
    for limit, pairs in ((0.151, 1), (0.149, 0)):
        instance = on_streets(
            tmp_path / str(limit), network(STREET), "", cliff, profiles=[ADULT | {"max_grade": limit}], **ends
        )
        assert len(walked(instance)) == pairs


def test_a_cliff_is_no_shortcut_for_what_lies_beyond(tmp_path: Path) -> None:
    """Ten thousand percent up: nobody gets there, and minutes beyond are none the worse for it."""
    values = slope(0.0).values
    values[:, 5:] = 10_000
    instance = on_streets(
        tmp_path, network(STREET), "[access]\nsample_m = 1\n", replace(slope(0.0), values=values), profiles=[ADULT],
        demand=people((100, 0), (600, 0)), sites=rooms((200, 0), (760, 0)),
    )  # fmt: skip
    assert walked(instance) == {("d0", "s0"): (1.25, "network"), ("d1", "s1"): (2.0, "network")}


def test_a_bridge_runs_straight_from_end_to_end(tmp_path: Path) -> None:
    """Over a valley of 20 % on either side the bridge stays level; the street goes down and up."""
    centres = np.arange(12) * 100.0 - 50
    deep = np.tile(np.abs(centres - 450) / 5, (12, 1)).astype(np.float32)
    valley = Raster(deep, (100, 0, -100, 0, -100, 1100), "local", "dem.tif")
    ends = {"demand": people((250, 0)), "sites": rooms((650, 0)), "profiles": [ADULT]}
    line = {"at": [(50, 0), (850, 0)]}
    assert only(on_streets(tmp_path / "bridge", network(line | {"span": True}), "", valley, **ends)) == 5.0
    expected = 2.5 * (np.exp(3.5 * 0.1) + np.exp(3.5 * 0.2))
    assert only(on_streets(tmp_path / "street", network(line), "", valley, **ends)) == pytest.approx(expected, abs=5e-4)


def test_a_given_length_is_shared_out_along_the_shape(tmp_path: Path) -> None:
    """300 m + 400 m given as 1,400 m: everything is twice as long."""
    bent = {"at": [(0, 0), (300, 0), (300, 400)], "length_m": 1400.0}
    instance = on_streets(tmp_path, network(bent), profiles=[ADULT], demand=people((150, 0)), sites=rooms((300, 150)))
    assert only(instance) == 600 / 80


def test_both_on_one_edge(tmp_path: Path) -> None:
    """Along it: never around by its ends; a room between two people is as near to both."""
    instance = on_streets(
        tmp_path, network(STREET), profiles=[ADULT], demand=people((100, 0), (500, 0), (300, 0)), sites=rooms((300, 0))
    )
    assert {d: m for (d, _), (m, _) in walked(instance).items()} == {"d0": 2.5, "d1": 2.5, "d2": 0.0}


def test_both_on_one_edge_and_nearer_around(tmp_path: Path) -> None:
    """Along the edge 1,800 m; over the one beside it 100 + 200 + 100 m."""
    slow = {"at": [(0, 0), (400, 0)], "length_m": 2000.0}
    quick = {"at": [(0, 0), (200, 10), (400, 0)], "length_m": 200.0}
    instance = on_streets(
        tmp_path, network(slow, quick), profiles=[ADULT], demand=people((20, -5)), sites=rooms((380, -5))
    )
    assert only(instance) == round(410 / 80, 3)


def test_fifteen_minutes_exactly_are_within(tmp_path: Path) -> None:
    instance = on_streets(
        tmp_path, network({"at": [(0, 0), (2000, 0)]}), profiles=[ADULT], demand=people((0, 0)),
        sites=rooms((1200, 0), (1200.1, 0)),
    )  # fmt: skip
    assert walked(instance) == {("d0", "s0"): (15.0, "network")}
    assert catchments(instance).within("hall", "adult").toarray().tolist() == [[True, False]]


def test_who_is_off_the_network_reaches_what_is_given_only(tmp_path: Path) -> None:
    """300 m from the street is on it, 300.001 m is not."""
    instance = on_streets(
        tmp_path, network(STREET), profiles=[ADULT], demand=people((100, 300), (100, 300.001)),
        sites=rooms((500, 0), (600, 0)), minutes=[{"demand": "d1", "place": "s1", "minutes": 7.25}],
    )  # fmt: skip
    assert walked(instance) == {
        ("d0", "s0"): (8.75, "network"), ("d0", "s1"): (10.0, "network"), ("d1", "s1"): (7.25, "given"),
    }  # fmt: skip
    snapping = catchments(instance).snapping
    assert snapping is not None
    assert snapping.off_demand["adult"].tolist() == [False, True]
    of = snapping.legs.set_index(["profile", "kind"]).loc[("adult", "demand")]
    assert of[["points", "off", "persons", "persons_off", "median_m", "largest_m"]].tolist() == [2, 1, 20, 10, 300, 300]


def test_metres_are_walked_by_all_and_on_stairs_too(tmp_path: Path) -> None:
    """Stairs of 300 m; somebody without stairs has metres all the same, the standard is closed, and heights change none."""
    instance = on_streets(
        tmp_path, network({"at": [(0, 0), (800, 0)], "stairs": True}), "", slope(0.2), profiles=[WHEELS],
        demand=people((100, 30), groups=("wheels",)), sites=rooms((400, 0), (400.1, 0)),
        services=[{"service": "hall", "class": "basic", "measure": "metres", "standard_m": 330, "min_area_m2": 10}],
    )  # fmt: skip
    reach = catchments(instance)
    assert reach.metres.toarray().tolist() == [[330.0, 0.0]]
    assert reach.within("hall", "wheels").toarray().tolist() == [[True, False]]
    assert reach.minutes["wheels"].nnz == 0


def test_straight_lines_say_so(toy: Instance) -> None:
    reach = catchments(toy)
    for profile, minutes in reach.minutes.items():
        assert {ORIGINS[c] for c in reach.origin[profile].data} == {"straight"}
        assert np.array_equal(reach.origin[profile].indices, minutes.indices)
    assert reach.snapping is None
