"""Sweeps: groups far apart, and moves made in one order whatever the threads."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from ring import ground_of, ring

from panhuo.engine import Limits
from panhuo.engine.decompose.standing import Standing
from panhuo.engine.decompose.sweeps import TOGETHER, Search, groups, sweep
from panhuo.engine.program import Quiet


@pytest.mark.parametrize("seed", range(5))
def test_groups_are_far_from_those_under_way(seed):
    ground = ground_of(ring(seed, sites=50))
    due = np.random.default_rng(seed).random(len(ground.size)) < 0.8
    found, times = list(groups(ground, due, 6.0, seed)), np.zeros(len(due), dtype=int)
    for n, group in enumerate(found):
        times[group] += 1
        for before in found[max(n - TOGETHER + 1, 0) : n]:
            assert not ground.near[group][:, before].nnz
    assert (times <= 1).all()
    assert (times[due] == 1).all()
    assert any(len(group) == 0 for group in found), "a line is too short for eight groups apart all the time"


@pytest.mark.parametrize("seed", range(3))
def test_a_sweep_is_the_same_with_any_number_of_threads(seed):
    program, found = ring(seed), []
    ground = ground_of(program)
    row = np.append(20.0, np.zeros(len(program.row_lower) - 1))
    for threads in (1, 2, 5):
        standing = Standing(program, ground, np.zeros(len(program.cost)))
        how = Search(8.0, 0.0, 1.0, Limits(gap=0.0, threads=1), Quiet(), lambda: np.inf)
        with ThreadPoolExecutor(threads) as pool:
            gained, due = sweep(standing, row, np.ones(len(ground.size), dtype=bool), how, pool, seed)
        assert np.allclose(standing.activity, program.matrix @ standing.point)
        worth = standing.value - 20.0 * standing.activity[0]
        assert gained == pytest.approx(worth)
        assert gained > 0
        found.append((standing.point.tolist(), due.tolist(), how.size))
    assert found[0] == found[1] == found[2]


def test_what_was_not_looked_at_stays_due():
    program = ring(1)
    standing = Standing(program, ground_of(program), np.zeros(len(program.cost)))
    how = Search(8.0, 0.0, 1.0, Limits(gap=0.0, threads=1), Quiet(), lambda: np.inf)
    row = np.append(20.0, np.zeros(300))
    with ThreadPoolExecutor(2) as pool:
        gained, due = sweep(standing, row, np.ones(120, dtype=bool), how, pool, 0, lambda: bool(standing.point.any()))
    assert gained > 0
    assert standing.point.any()
    assert due.sum() >= 100, "one move was enough"
