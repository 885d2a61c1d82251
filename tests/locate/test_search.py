"""The search for good covers: within its limits, never worse than its start, the same for the same seed."""

import itertools

import numpy as np
import pytest
import scipy.sparse as sp

from panhuo import locate
from panhuo.engine import Limits
from panhuo.locate.annealing import anneal, first_choice, greedy_choice, value_of
from panhuo.locate.merging import Search, merge_choices
from panhuo.locate.regions import Traveller, region
from panhuo.locate.result import Clock
from panhuo.locate.swaps import Ground, Standing, take_in, take_out
from panhuo_models.data.location import Candidates, Covering

KINDS = [(3, None), (None, 12.0), (4, 9.0)]


def problem(case, most, budget, radius=9):
    none = np.zeros(len(case.cost), dtype=bool)
    candidates = Candidates(case.cost, none, none, most, budget=budget)
    return Covering(candidates, sp.csr_matrix(case.distance <= radius), case.weight)


def allowed(data, chosen):
    given = data.candidates
    within_p = given.most is None or chosen.sum() <= given.most
    return within_p and (given.budget is None or given.cost[chosen].sum() <= given.budget)


def every_choice(data):
    for marks in itertools.product((False, True), repeat=len(data.candidates)):
        if allowed(data, np.array(marks)):
            yield np.array(marks)


def covered(data, chosen):
    """Weight that a choice covers, row by row."""
    return sum(w for w, row in zip(data.weight, data.within.toarray(), strict=True) if (row & chosen).any())


@pytest.mark.parametrize(("most", "budget"), KINDS)
@pytest.mark.parametrize("seed", range(6))
def test_finds_the_best_of_all_choices(random_case, seed, most, budget):
    data = problem(random_case(seed, points=40, plain=True), most, budget)
    best = max(covered(data, chosen) for chosen in every_choice(data))
    found = Search(data, greedy_choice(data), seed).rounds(Clock(Limits(gap=0)), patience=4, threads=1)
    assert allowed(data, found)
    assert covered(data, found) == value_of(data, found) == best


@pytest.mark.parametrize(("most", "budget"), KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_never_returns_less_than_it_was_given(random_case, seed, most, budget):
    data = problem(random_case(seed, points=120, sites=40, plain=True), most, budget, radius=6)
    clock = Clock(Limits(gap=0, seed=seed))
    greedy = greedy_choice(data)
    first = first_choice(data, clock)
    assert value_of(data, first) >= value_of(data, greedy)
    tries = [anneal(data, greedy, clock, n) for n in range(3)]
    merged = merge_choices(data, [first, *tries], clock)
    found = Search(data, merged, seed).rounds(clock, patience=1, threads=2)
    assert all(allowed(data, chosen) for chosen in (greedy, first, *tries, merged, found))
    assert value_of(data, merged) >= max(value_of(data, chosen) for chosen in (first, *tries))
    assert value_of(data, found) >= value_of(data, merged)


@pytest.mark.parametrize(("most", "budget"), KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_a_traveller_keeps_its_best_within_the_limits(random_case, seed, most, budget):
    data = problem(random_case(seed, points=200, sites=50, plain=True), most, budget, radius=5)
    traveller = Traveller(data, greedy_choice(data), seed)
    before = covered(data, traveller.best)
    for _ in range(5):
        traveller.travel(Clock(Limits(gap=0)))
        assert allowed(data, traveller.best)
        assert allowed(data, traveller.now)
        assert covered(data, traveller.best) == traveller.value >= max(before, covered(data, traveller.now))
        before = traveller.value


@pytest.mark.parametrize("apart", [0.0, 1.0])
def test_a_region_is_what_lies_around_its_middle(apart):
    """Sites in a row, each shares a row with the next: a region of n chosen ones is a stretch of the row, or two."""
    chosen = np.arange(60) % 2 == 0
    links = sp.csr_matrix(np.eye(60, dtype=bool) | np.eye(60, k=1, dtype=bool))
    none = np.zeros(60, dtype=bool)
    data = Covering(Candidates(np.ones(60), none, none, 30, budget=None), links, np.ones(60))
    ground = Ground.of(data)
    here = Standing.of(ground, chosen)
    rng = np.random.default_rng(1)
    for _ in range(20):
        open_, pool, inside = np.ones(60, dtype=bool), np.zeros(60, dtype=int), np.zeros(60, dtype=int)
        count, size = region(ground, here, rng, 10, apart, open_, pool, inside)
        assert sorted(pool[:count]) == np.flatnonzero(open_).tolist()
        assert sorted(inside[:size]) == np.flatnonzero(open_ & chosen).tolist()
        assert 5 <= size <= 12
        assert (np.diff(np.flatnonzero(open_)) > 1).sum() <= (1 if apart else 0)


def test_what_is_taken_in_and_out_leaves_losses_right(random_case):
    data = problem(random_case(2, points=80, sites=20, plain=True), 6, None)
    ground, rng = Ground.of(data), np.random.default_rng(0)
    here = Standing.of(ground, np.zeros(20, dtype=bool))
    for j in rng.integers(0, 20, 60):
        (take_out if here.now[j] else take_in)(ground, here, j)
        count = data.within @ here.now.astype(int)
        alone = data.within.toarray()[count == 1].T @ data.weight[count == 1]
        assert (here.times == count).all()
        assert np.allclose(here.loss, np.where(here.now, alone, 0))


def test_stopped_at_once_it_returns_its_start(random_case):
    data = problem(random_case(1, points=120, sites=40, plain=True), 5, None, radius=6)
    over = Clock(Limits(gap=0, time_limit=1e-9))
    start = greedy_choice(data)
    assert (Search(data, start, 0).rounds(over, patience=9, threads=1) == start).all()
    assert (anneal(data, start, over, 0) == start).all()
    traveller = Traveller(data, start, 0)
    traveller.travel(over)
    assert (traveller.best == start).all()
    assert (traveller.now == start).all()


def test_interrupted_in_a_round_it_returns_what_travellers_have_found(random_case, monkeypatch):
    data = problem(random_case(5, points=300, sites=60, plain=True), 8, None, radius=4)
    clock, start = Clock(Limits(gap=0)), np.arange(60) < 8
    search = Search(data, start, 0)

    def pressed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Search, "_meet", pressed)
    assert value_of(data, search.rounds(clock, patience=9, threads=2)) > value_of(data, start)
    assert clock.over


def test_same_seed_same_choice_with_any_number_of_threads(random_case):
    data = problem(random_case(3, points=300, sites=60, plain=True), 8, None, radius=4)
    runs = [Search(data, greedy_choice(data), 7).rounds(Clock(Limits(gap=0)), patience=1, threads=n) for n in (1, 2, 1)]
    assert (runs[0] == runs[1]).all()
    assert (runs[0] == runs[2]).all()


def test_a_large_problem_is_searched_before_it_is_proven(random_case, monkeypatch):
    case = random_case(4, points=120, sites=40, plain=True)
    small = locate.mclp(case.weight, case.distance, radius=6, p=5)
    begun = []
    rounds = Search.rounds
    monkeypatch.setattr(Search, "rounds", lambda *a, **k: begun.append(k["patience"]) or rounds(*a, **k))
    monkeypatch.setattr("panhuo.locate.covers.LARGE", 0)
    monkeypatch.setattr("panhuo.locate.covers.ceiling", lambda *_: case.weight.sum())
    large = locate.mclp(case.weight, case.distance, radius=6, p=5)
    assert begun[0] == 2
    assert (large.objective, large.status) == (small.objective, small.status)


def test_a_merger_takes_the_best_of_both():
    # Two towns: each choice is right in one of them.
    within = sp.csr_matrix(np.kron(np.eye(2, dtype=bool), np.array([[1, 0], [1, 0], [0, 1]], dtype=bool)))
    none = np.zeros(4, dtype=bool)
    data = Covering(Candidates(np.ones(4), none, none, 2, budget=None), within, np.array([3.0, 3, 5, 3, 3, 5]))
    one, other = np.array([True, False, False, True]), np.array([False, True, True, False])
    assert value_of(data, one) == value_of(data, other) == 11
    assert merge_choices(data, [one, other], Clock(Limits(gap=0))).tolist() == [True, False, True, False]
