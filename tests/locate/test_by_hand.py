"""Small problems worked by hand, and limits that come early."""

import numpy as np
import pytest
import scipy.sparse as sp
from four_sites import CAPACITY, COST, POINTS, REACH, SITES, WEIGHT

import panhuo
from panhuo import locate

METRES = np.abs(POINTS[:, None] - SITES[None, :])
"""Points 0 1 3 4 8 with 5 3 2 4 6 people; sites 1 3 5 8 for 4 3 2 5."""


def test_catchments_are_closed():
    """Two away is within 2: site 1 reaches 0, 1 and 3; site 5 reaches 3 and 4."""
    result = panhuo.locate.mclp(WEIGHT, METRES, radius=REACH, p=1)
    assert result.selected.tolist() == [0]
    assert result.objective == 10
    assert result.covered.tolist() == [True, True, True, False, False]
    assert locate.mclp(WEIGHT, METRES, radius=REACH - 1e-9, p=1).objective == 8


def test_budget_and_kinds_of_sites():
    """For 5: sites 3 and 5 together reach 1, 3 and 4. What exists already reaches 8 and is not bought."""
    result = locate.mclp(WEIGHT, METRES, radius=REACH, cost=COST, budget=5)
    assert result.objective == 10  # site 1 for 4; sites 3 and 5 would reach 9 people
    result = locate.mclp(WEIGHT, METRES, radius=REACH, cost=COST, budget=5, existing=[3], excluded=[0])
    assert result.selected.tolist() in ([1], [1, 2])
    assert (result.objective, result.before) == (15, 6)
    assert result.unreachable.tolist() == [0]
    assert locate.mclp(WEIGHT, METRES, radius=REACH, cost=COST, budget=7, required=[3]).objective == 12


def test_least_cost():
    result = locate.lscp(METRES, radius=REACH, cost=COST)
    assert result.selected.tolist() == [0, 2, 3]  # site 5 for 2 rather than site 3 for 3
    assert (result.objective, result.bound, result.status) == (11, 11, "optimal")
    assert locate.lscp(METRES, radius=REACH).objective == 3
    assert locate.partial_cover(WEIGHT, METRES, radius=REACH, cost=COST, share=0.7).objective == 6
    assert locate.partial_cover(WEIGHT, METRES, radius=REACH, cost=COST, amount=0).objective == 0
    assert locate.partial_cover(WEIGHT, METRES, radius=REACH, cost=COST, amount=21).status == "infeasible"


def test_distances():
    """Sites 1 and 8 or 1 and 5: 5 + 0 + 4 + 12 + 0 = 21 people times metres, and nobody is farther than 3."""
    result = locate.p_median(WEIGHT, METRES, p=2)
    assert (result.objective, result.selected.tolist(), result.assignment.tolist()) == (21, [0, 3], [0, 0, 0, 0, 3])
    assert locate.p_center(METRES, p=2).objective == 3
    result = locate.cflp(WEIGHT, METRES, capacity=CAPACITY, cost=COST)
    assert result.status == "optimal"
    assert result.assignment.toarray().sum(axis=1) == pytest.approx(np.ones(5))


def test_what_a_sparse_array_does_not_store_may_not_be():
    """A stored 0 is a distance of 0; a pair that is not stored is none."""
    near = sp.csr_matrix((np.array([0.0, 1.0, 7.0]), np.array([0, 0, 1]), np.array([0, 1, 3])), shape=(2, 2))
    result = locate.p_median([1, 1], near, p=1)
    assert (result.objective, result.selected.tolist()) == (1, [0])
    assert locate.p_median([1, 1], near, p=1, excluded=[0]).unreachable.tolist() == [0]
    assert locate.p_center(near, p=1, excluded=[0]).status == "infeasible"
    assert locate.lscp(near, radius=0.5).unreachable.tolist() == [1]


def test_nothing_to_choose():
    assert locate.mclp(WEIGHT, METRES, radius=REACH, p=0).objective == 0
    assert locate.mclp(WEIGHT * 0, METRES, radius=REACH, p=1).objective == 0
    result = locate.mclp(WEIGHT, METRES, radius=REACH, p=9)
    assert (result.objective, result.status) == (20, "optimal")


def test_limits_that_come_early(random_case):
    """Out of time before the proof: the greedy choice, and a bound that holds."""
    case = random_case(1, points=200, sites=60, plain=True)
    best = locate.mclp(case.weight, case.distance, radius=6, p=6)
    early = locate.mclp(case.weight, case.distance, radius=6, p=6, time_limit=1e-9)
    assert best.status == "optimal"
    assert early.status == "time_limit"
    assert early.objective <= best.objective <= early.bound
    assert early.gap > 0
    best = locate.p_median(case.weight, case.distance, p=6)
    early = locate.p_median(case.weight, case.distance, p=6, time_limit=1e-9)
    assert early.bound <= best.objective <= early.objective
    rough = locate.p_median(case.weight, case.distance, p=6, gap=0.2)
    assert rough.gap <= 0.2
    best, early = (locate.p_center(case.distance, p=6, time_limit=limit) for limit in (None, 1e-9))
    assert early.bound <= best.objective < early.objective
    assert early.status == "time_limit"
    early = locate.partial_cover(case.weight, case.distance, radius=6, share=0.7, cost=case.cost, time_limit=1e-9)
    best = locate.partial_cover(case.weight, case.distance, radius=6, share=0.7, cost=case.cost)
    assert early.bound <= best.objective <= early.objective


def test_interrupted(random_case, monkeypatch):
    """Ctrl-C while the solver runs ends it with the best choice so far."""
    import threading

    case = random_case(2, points=300, sites=80, plain=True)
    joined = threading.Thread.join

    def pressed(self, timeout=None):
        monkeypatch.setattr(threading.Thread, "join", joined)
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "join", pressed)
    result = locate.cflp(case.weight, case.distance, capacity=np.full(80, 60.0), cost=case.cost * 50)
    assert result.status in ("interrupted", "no_plan")


def test_interrupted_while_it_searches(random_case, monkeypatch):
    """Ctrl-C between two looks of the search: the best choice so far, and a bound that holds."""
    from panhuo.locate import annealing

    case = random_case(2, points=200, sites=60, plain=True)
    best = locate.mclp(case.weight, case.distance, radius=6, p=6), locate.p_median(case.weight, case.distance, p=6)

    def pressed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(annealing, "bathe", pressed)
    result = locate.mclp(case.weight, case.distance, radius=6, p=6)
    assert result.status == "interrupted"
    assert result.objective <= best[0].objective <= result.bound
    monkeypatch.setattr("panhuo.locate.prices.steps", pressed)
    result = locate.p_median(case.weight, case.distance, p=6)
    assert result.status == "interrupted"
    assert result.bound <= best[1].objective <= result.objective


def test_same_seed_same_choice(random_case):
    case = random_case(3, points=150, sites=60, plain=True)
    first, again = (locate.mclp(case.weight, case.distance, radius=6, p=8, seed=5) for _ in range(2))
    assert first.selected.tolist() == again.selected.tolist()


def test_millions_of_points_on_few_sites():
    """300,000 points see 25 sites in a few thousand ways: they are merged before anything is solved."""
    rng = np.random.default_rng(0)
    points, sites = 300_000, 25
    here, there = rng.random((points, 2), dtype=np.float32), rng.random((sites, 2), dtype=np.float32)
    near = (((here[:, None] - there[None]) ** 2).sum(axis=2) <= 0.03).astype(np.uint8)
    weight = rng.integers(1, 9, points).astype(float)
    result = locate.mclp(weight, sp.csr_matrix(near), p=5)
    assert result.status == "optimal"
    assert result.objective == weight[near[:, result.selected].any(axis=1)].sum()
    assert result.unreachable.tolist() == np.flatnonzero(~near.any(axis=1)).tolist()
