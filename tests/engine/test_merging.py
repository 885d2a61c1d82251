"""Merging: the best of a plan and other points, by trying all that they leave open."""

from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
from ring import ground_of, ring

from panhuo.engine import Limits
from panhuo.engine.decompose import merging, standing
from panhuo.engine.decompose.merging import Pool, merged
from panhuo.engine.decompose.standing import Standing
from panhuo.engine.decompose.work import Work
from panhuo.engine.errors import SolverError
from panhuo.engine.program import Quiet

SITES, CELLS = 24, 60


def at(program, opened):
    """The point at which so many rooms are open, and each cell that one of them reaches is covered."""
    near = program.matrix.toarray()[1:, :SITES] < 0
    return np.append(opened, near @ opened > 0).astype(float)


def kept(program, point):
    return (program.matrix @ point <= program.row_upper + 1e-9).all()


def drawn(program, rng):
    return at(program, rng.random(SITES) < 0.3)


def started(seed):
    """A plan, two other points (the budget may be missed), and what takes note of plans."""
    program, rng = ring(seed, SITES, CELLS, 0.5), np.random.default_rng(seed)
    plan = drawn(program, rng)
    while not kept(program, plan):
        plan = drawn(program, rng)
    others = [drawn(program, rng) for _ in range(2)]
    stands = Standing(program, ground_of(program), plan)
    work = Work(lambda: program, SimpleNamespace(program=program, sign=1), Limits(gap=0.0, threads=1), Quiet(), "", 0)
    work.take(stands)
    pool = Pool()
    for point in others:
        pool.note(program, point)
    return work, stands, pool, others


def best_of(program, plan, open_to):
    """The best plan by trial: rooms that are not open to change stay."""
    opened = np.tile(plan[:SITES], (2 ** len(open_to), 1))
    opened[:, open_to] = list(product((0.0, 1.0), repeat=len(open_to)))
    rows = program.matrix.toarray()
    reached = opened @ (rows[1:, :SITES] < 0).T > 0
    affordable = opened @ rows[0, :SITES] <= program.row_upper[0]
    return (reached[affordable] @ program.cost[SITES:]).max()


@pytest.mark.parametrize("seed", range(12))
def test_the_best_of_what_points_leave_open(seed):
    work, plan, pool, others = started(seed)
    before, open_to = plan.point.copy(), np.flatnonzero(np.any([p != plan.point for p in others], axis=0)[:SITES])
    assert np.flatnonzero(pool.differing(plan.program, plan.point)).tolist() == open_to.tolist()
    found = merged(work, plan, pool)
    assert found.value == pytest.approx(best_of(plan.program, before, open_to))
    assert found.value == work.value == pytest.approx(plan.program.cost @ work.best)
    assert kept(plan.program, found.point)
    same = np.setdiff1d(np.arange(SITES), open_to)
    assert (found.point[same] == before[same]).all()
    assert (plan.point == before).all(), "the plan it is given stays"


@pytest.mark.parametrize("seed", range(6))
def test_in_parts_it_is_still_a_plan_and_no_worse(seed, monkeypatch):
    monkeypatch.setattr(merging, "_COLUMNS", 4.0)
    work, plan, pool, _ = started(seed)
    marked = pool.differing(plan.program, plan.point)
    parts = list(merging._groups(plan.ground, marked))
    assert len(parts) > 1
    assert np.sort(np.concatenate(parts)).tolist() == np.flatnonzero(marked).tolist()
    found = merged(work, plan, pool)
    assert found.value >= plan.value
    assert found.value == work.value
    assert kept(plan.program, found.point)


def test_points_that_agree_with_the_plan_leave_nothing_to_search(monkeypatch):
    work, plan, _, _ = started(0)
    pool = Pool()
    pool.note(plan.program, plan.point)
    monkeypatch.setattr(merging, "search", lambda *_, **__: pytest.fail("nothing differs"))
    assert merged(work, plan, pool) is plan


def test_the_last_points_count():
    _, plan, pool, _ = started(0)
    for _ in range(6):
        pool.note(plan.program, plan.point)
    assert not pool.differing(plan.program, plan.point).any()


def test_a_solver_that_fails_costs_no_plan(monkeypatch):
    def failing(*_, **__):
        raise SolverError("made up")

    monkeypatch.setattr(standing, "solve_highs", failing)
    work, plan, pool, _ = started(3)
    value = work.value
    assert merged(work, plan, pool) is plan
    assert work.value == value


def test_out_of_time_nothing_is_searched(monkeypatch):
    work, plan, pool, _ = started(3)
    work.watch.stop.set()
    monkeypatch.setattr(merging, "search", lambda *_, **__: pytest.fail("it is over"))
    assert merged(work, plan, pool) is plan
