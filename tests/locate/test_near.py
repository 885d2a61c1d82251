"""Who is within a straight radius: point by point, against every distance."""

import numpy as np
import pytest

from panhuo import locate
from panhuo.locate import near as module
from panhuo.locate.near import near, sum_by


def every(demand, sites, radius):
    d, s = demand.astype(float), sites.astype(float)
    return ((d[:, None] - s[None]) ** 2).sum(axis=2) <= radius * radius


def test_by_hand():
    """Sites at 0 and 10: the middle is exactly at the radius of both, the last point out of reach."""
    demand = np.array([[5.0, 0], [0, 1], [5, 0], [0, 16], [10, -2], [1, 1]])
    within, row = near(demand, np.array([[0.0, 0], [10, 0]]), 5.0)
    assert within.toarray().tolist() == [[True, True], [True, False], [False, False], [False, True]]
    assert row.tolist() == [0, 1, 0, 2, 3, 1]
    assert sum_by(row, np.array([1.0, 2, 4, 8, 16, 32]), 4).tolist() == [5, 34, 8, 16]


@pytest.mark.parametrize("radius", [0.0, 0.3, 4.0, 50.0, np.inf])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_against_every_distance(radius, kind, monkeypatch):
    rng = np.random.default_rng(3)
    demand = rng.uniform(-500, 530, (400, 2)).astype(kind)
    demand[:300] = rng.uniform(0, 30, (300, 2))
    sites = np.concatenate([rng.uniform(0, 30, (60, 2)), demand[:5], [[900.0, -900.0]]])
    within, row = near(demand, sites, radius, threads=1)
    assert np.array_equal(within.toarray()[row], every(demand, sites, radius))
    assert within.shape[0] == len(np.unique(within.toarray(), axis=0)) == row.max() + 1
    assert row[np.unique(row, return_index=True)[1]].tolist() == list(range(within.shape[0]))
    assert within.has_sorted_indices
    monkeypatch.setattr(module, "SLICE", 70)
    again, rows = near(demand, sites, radius, threads=4)
    assert np.array_equal(again.toarray(), within.toarray())
    assert np.array_equal(rows, row)


def test_cells_far_smaller_than_the_square():
    """Positions as of a map, a radius that is nothing beside their spread."""
    rng = np.random.default_rng(5)
    sites = rng.uniform(520_000, 580_000, (40, 2))
    demand = sites[rng.integers(0, 40, 2000)] + rng.uniform(-4, 4, (2000, 2))
    within, row = near(demand, sites, 3.0)
    assert np.array_equal(within.toarray()[row], every(demand, sites, 3.0))


def test_positions_say_what_the_array_says():
    rng = np.random.default_rng(8)
    demand, sites = rng.uniform(0, 30, (300, 2)), rng.uniform(0, 30, (12, 2))
    weight, cost = rng.integers(1, 9, 300).astype(float), rng.integers(1, 5, 12).astype(float)
    array = every(demand, sites, 6.0)
    for solve in (
        lambda *reach, **more: locate.mclp(weight, *reach, cost=cost, budget=9, existing=[2], **more),
        lambda *reach, **more: locate.partial_cover(weight, *reach, share=0.6, cost=cost, excluded=[1], **more),
        lambda *reach, **more: locate.lscp(*reach, cost=cost, **more),
    ):
        here, there = solve((demand, sites), radius=6.0), solve(array)
        assert (here.objective, here.status, here.before) == (there.objective, there.status, there.before)
        assert np.array_equal(here.unreachable, there.unreachable)
        if here.covered is not None:
            chosen = [*here.selected.astype(int), *([2] if here.before else [])]
            assert np.array_equal(here.covered, array[:, chosen].any(axis=1))


def test_positions_at_fault():
    good = np.zeros((3, 2))
    with pytest.raises(ValueError, match="radius = None: must be given with positions"):
        locate.lscp((good, good))
    with pytest.raises(ValueError, match=r"positions of the demand points\[1\] = \[ 0. nan\]: must be finite"):
        locate.lscp((np.array([[0, 0], [0, np.nan]]), good), radius=1)
    with pytest.raises(ValueError, match=r"positions of the sites = array of shape \(3, 3\)"):
        locate.lscp((good, np.zeros((3, 3))), radius=1)
    with pytest.raises(ValueError, match="radius_m = 5: is for GeoDataFrames"):
        locate.lscp((good, good), radius=1, radius_m=5)


def test_heavy_weights_are_weighed_in_larger_units(random_case, monkeypatch):
    """The same choice, value and bound as of light ones; HiGHS sees numbers of the same size."""
    from panhuo.locate import covers

    case = random_case(4, points=60, sites=14, plain=True)
    seen = []
    solve = covers.solve_highs
    monkeypatch.setattr(covers, "SITES", 0)
    monkeypatch.setattr(covers, "ceiling", lambda data, value, clock: float(data.weight.sum()))
    monkeypatch.setattr(
        covers, "solve_highs", lambda p, *a, **k: seen.append(abs(p.matrix.data).max()) or solve(p, *a, **k)
    )
    light = locate.mclp(case.weight, case.distance, radius=9, p=3)
    heavy = locate.mclp(case.weight * 1e6, case.distance, radius=9, p=3)
    assert heavy.status == light.status == "optimal"
    assert heavy.objective == heavy.bound == light.objective * 1e6
    assert len(seen) == 2
    assert seen[1] < 100 > seen[0]
    assert covers.weight_unit(np.array([1024.0, 1024])) == 1
    assert covers.weight_unit(np.array([1024.0, 3074])) == 2048
