"""The nearest place on the edges that may be used."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from streets import network

from panhuo.access.shapes import measured
from panhuo.access.snapping import Positions, snapped


def snap(
    lines: list[dict[str, Any]], *points: tuple[float, float], most_m: float = 300, usable: Any = None
) -> Positions:
    net = network(*lines)
    may = np.ones(len(lines), dtype=bool) if usable is None else np.array(usable)
    return snapped(measured(net), may, np.array(points, dtype=float), most_m)


STREET = {"at": [(0, 0), (400, 0)]}


def test_beside_before_and_beyond() -> None:
    """Beside the street at its foot; beyond an end at the end."""
    at = snap([STREET], (100, 30), (-30, 40), (430, -40), (250, 0))
    assert at.edge.tolist() == [0, 0, 0, 0]
    assert at.share.tolist() == [0.25, 0.0, 1.0, 0.625]
    assert at.leg_m.tolist() == [30, 50, 50, 0]


def test_the_share_goes_along_the_bends() -> None:
    at = snap([{"at": [(0, 0), (300, 0), (300, 100)]}], (310, 60), (310, -10))
    assert at.share.tolist() == pytest.approx([0.9, 0.75])
    assert at.leg_m.tolist() == pytest.approx([10, np.hypot(10, 10)])


def test_of_edges_as_near_the_first() -> None:
    """Between two streets, at a crossing, and on the middle of one drawn twice."""
    upper = {"at": [(0, 100), (400, 100)]}
    between = (200.1, 50)
    assert snap([STREET, upper], between).edge.tolist() == [0]
    assert snap([upper, STREET], between).edge.tolist() == [0]
    cross = [{"at": [(400, 0), (400, 300)]}, STREET, {"at": [(400, 0), (800, 0)]}]
    assert snap(cross, (400, -20)).edge.tolist() == [0]
    assert snap([upper, STREET, STREET], (10, 7)).edge.tolist() == [1]


def test_nearer_by_rounding_is_no_nearer() -> None:
    """Two streets at the same distance on either side of a point, far from the origin and turned by 30°."""
    base, along, across = (
        np.array([400_000.123, 3_280_000.457]),
        np.array([np.sqrt(3) / 2, 0.5]),
        np.array([-0.5, np.sqrt(3) / 2]),
    )
    for shift in np.linspace(0.1, 90.7, 40):
        lines = [{"at": [base + side * shift * across, base + side * shift * across + 200 * along]} for side in (1, -1)]
        for both in (lines, lines[::-1]):
            assert snap(both, tuple(base + 77.7 * along)).edge.tolist() == [0]


def test_only_what_may_be_used() -> None:
    lines = [STREET, {"at": [(0, 100), (400, 100)]}]
    assert snap(lines, (10, 1), usable=[False, True]).edge.tolist() == [1]
    nowhere = snap(lines, (10, 1), usable=[False, False])
    assert (nowhere.edge.tolist(), nowhere.leg_m.tolist(), nowhere.on.tolist()) == ([-1], [np.inf], [False])


def test_the_farthest_is_still_on() -> None:
    at = snap([STREET], (100, 300), (100, 300.001), (10_000, 0), most_m=300)
    assert at.on.tolist() == [True, False, False]
    assert at.leg_m.tolist() == [300, np.inf, np.inf]


def test_a_shape_without_length() -> None:
    at = snap([{"at": [(5, 5), (5, 5)], "length_m": 10.0}], (8, 9))
    assert (at.edge.tolist(), at.share.tolist(), at.leg_m.tolist()) == ([0], [0.0], [5.0])


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("stretch", [1.0, 0.01, 40.0])
def test_as_shapely_finds_it(seed: int, stretch: float) -> None:
    """Long and short lines, points inside and far outside, whatever the size of the cells becomes."""
    rng = np.random.default_rng(seed)
    lines = []
    for _ in range(60):
        start, reach = rng.uniform(0, 1000, 2), rng.choice([5.0, 60.0, 900.0])
        lines.append({"at": np.round(start + np.cumsum(rng.uniform(-reach, reach, (3, 2)), axis=0), 3) * stretch})
    points = rng.uniform(-800, 1800, (300, 2)) * stretch
    at = snap(lines, *points.tolist(), most_m=250 * stretch)
    shapes = [shapely.LineString(line["at"]) for line in lines]
    distance = np.array([[shapely.distance(shapely.Point(p), s) for s in shapes] for p in points])
    assert np.array_equal(at.on, distance.min(axis=1) <= 250 * stretch)
    assert 0 < at.on.sum() < len(points)
    on = np.flatnonzero(at.on)
    assert np.abs(at.leg_m[on] - distance[on].min(axis=1)).max() < 1e-6
    for i in on:
        assert distance[i, at.edge[i]] <= distance[i].min() + 1e-6
        place = shapes[at.edge[i]].interpolate(at.share[i], normalized=True)
        assert shapely.distance(place, shapely.Point(points[i])) == pytest.approx(at.leg_m[i], abs=1e-6)
