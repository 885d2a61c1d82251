"""The search for good covers: within its limits, never worse than its start, the same for the same seed."""

import itertools

import numpy as np
import pytest
import scipy.sparse as sp

from panhuo import locate
from panhuo.engine import Limits
from panhuo.locate.annealing import anneal, first_choice, greedy_choice, value_of
from panhuo.locate.bath import BLOCK, Ground, bathe, put, standing
from panhuo.locate.merging import Search, merge_choices
from panhuo.locate.regions import Traveller, part_of, region
from panhuo.locate.result import Clock
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
    rng = np.random.default_rng(1)
    for _ in range(20):
        open_, pool = np.ones(60, dtype=bool), np.zeros(60, dtype=int)
        count = region(ground, chosen, rng, 10, apart, open_, pool)
        assert sorted(pool[:count]) == np.flatnonzero(open_).tolist()
        assert 5 <= chosen[pool[:count]].sum() <= 12
        assert (np.diff(np.flatnonzero(open_)) > 1).sum() <= (1 if apart else 0)


def test_a_part_is_worth_what_its_sites_add(random_case):
    data = problem(random_case(3, points=90, sites=24, plain=True), 8, 30.0)
    dense, chosen, rng = data.within.toarray(), np.arange(24) % 3 == 0, np.random.default_rng(4)
    ground = Ground.of(data)
    open_ = np.arange(24) < 15
    pool = rng.permutation(np.flatnonzero(open_))
    outside = chosen & ~open_
    times = dense[:, outside].sum(axis=1).astype(np.int32)
    part = part_of(ground, times, 3, 7.5, open_, pool)
    assert part.most == 5
    assert part.budget == pytest.approx(22.5)
    assert (part.cost == data.candidates.cost[pool]).all()
    for _ in range(10):
        marks = rng.random(15) < 0.3
        here = standing(part, np.flatnonzero(marks))
        with_it = outside.copy()
        with_it[pool[marks]] = True
        assert part.weight[here.times > 0].sum() == covered(data, with_it) - covered(data, outside)


@pytest.mark.parametrize("budget", [None, 40.0])
def test_what_is_put_and_lifted_leaves_the_table_right(random_case, budget):
    """The table of gains and shared gains, against the choice with and without every site."""
    data = problem(random_case(2, points=80, sites=20, plain=True), 6, budget)
    ground, rng = Ground.of(data), np.random.default_rng(0)
    here = standing(ground, np.array([3, 5, 7]))
    for _ in range(60):
        a, add = int(rng.integers(len(here.place))), int(rng.integers(-1, 20))
        if add < 0 or not here.chosen[add]:
            put(ground, here, a, add)
        assert np.flatnonzero(here.chosen).tolist() == sorted(here.place[here.place >= 0])
        assert (here.times == data.within @ here.chosen.astype(int)).all()
        all_of_it = covered(data, here.chosen)
        for place, site in enumerate(here.place):
            without = here.chosen.copy()
            if site >= 0:
                without[site] = False
            alone = covered(data, without)
            assert here.loss[place] == all_of_it - alone
            for j in range(20):
                assert here.gain[j] + here.share[place, j] == covered(data, without | (np.arange(20) == j)) - alone


def test_no_site_of_a_block_has_more_than_its_top(random_case):
    """Blocks are passed over by their tops: these hold wherever a walk ends, and come down with what is left."""
    data = problem(random_case(6, points=900, sites=300, plain=True), 20, None, radius=4)
    ground, begins = Ground.of(data), np.arange(0, 300, 1 << BLOCK)
    here = standing(ground, np.flatnonzero(greedy_choice(data)))
    first, rng, kept = standing(ground, np.array([], dtype=int)).top_gain, np.random.default_rng(0), here.place.copy()
    for warmth in (8.0, 2.0, 0.5):
        bathe(ground, here, 2000, warmth, 1.0, rng, 0.0, kept, np.inf)
        assert (here.top_gain >= np.maximum.reduceat(here.gain, begins)).all()
        assert (here.top_share >= np.maximum.reduceat(here.share, begins, axis=1)).all()
    assert (first == np.maximum.reduceat(np.asarray(data.within.T @ data.weight), begins)).all()
    assert (here.top_gain < first).any()


@pytest.mark.parametrize(("warmth", "expected"), [(4.0, [0.5, 0.25, 0.25]), (1e-3, [1.0, 0.0, 0.0])])
def test_the_heat_bath_draws_by_worth(warmth, expected):
    """One place, three sites that cover something of their own: odds as exp(worth/temperature)."""
    none = np.zeros(3, dtype=bool)
    weight = np.array([4.0 * np.log(2) + 9, 9.0, 9.0])
    ground = Ground.of(
        Covering(Candidates(np.ones(3), none, none, 1, budget=None), sp.identity(3, format="csr"), weight)
    )
    here, rng, seen = standing(ground, np.array([1])), np.random.default_rng(0), np.zeros(3)
    value, kept = 9.0, np.zeros(1, dtype=int)
    for _ in range(4000):
        value, _ = bathe(ground, here, 1, warmth, 1.0, rng, value, kept, 0.0)
        seen[here.place[0]] += 1
        assert value == pytest.approx(weight[here.place[0]])
    assert seen / 4000 == pytest.approx(expected, abs=0.03)


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


def test_a_problem_too_large_for_a_table_is_searched_region_by_region(random_case, monkeypatch):
    data = problem(random_case(5, points=300, sites=60, plain=True), 8, None, radius=4)
    clock, greedy = Clock(Limits(gap=0)), greedy_choice(data)
    monkeypatch.setattr("panhuo.locate.annealing.TABLE", 8 * len(greedy) - 1)
    assert (anneal(data, greedy, clock, 0) == greedy).all()
    poor = np.arange(len(greedy)) < 8
    assert value_of(data, Search(data, poor, 0).rounds(clock, patience=2, threads=1)) >= value_of(data, greedy)


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
    monkeypatch.setattr("panhuo.locate.covers.SITES", 0)
    monkeypatch.setattr("panhuo.locate.covers.LARGE", 0)
    monkeypatch.setattr("panhuo.locate.covers.ceiling", lambda *_: case.weight.sum())
    large = locate.mclp(case.weight, case.distance, radius=6, p=5)
    assert begun[0] == 2
    assert (large.objective, large.status) == (small.objective, small.status)


def test_where_the_search_takes_all_the_time_no_proof_is_begun(random_case, monkeypatch):
    case = random_case(4, points=120, sites=40, plain=True)

    def long(search, clock, **_):
        clock.watch.stop.set()
        return search.best

    def late(*_, **__):
        raise AssertionError("a proof is begun too late")

    monkeypatch.setattr(Search, "rounds", long)
    monkeypatch.setattr("panhuo.locate.covers.SITES", 0)
    monkeypatch.setattr("panhuo.locate.covers.LARGE", 0)
    monkeypatch.setattr("panhuo.locate.covers.ceiling", lambda *_: case.weight.sum())
    monkeypatch.setattr("panhuo.locate.covers.solve_highs", late)
    result = locate.mclp(case.weight, case.distance, radius=6, p=5)
    assert result.status == "interrupted"
    assert result.objective > 0


def test_a_merger_takes_the_best_of_both():
    # Two towns: each choice is right in one of them.
    within = sp.csr_matrix(np.kron(np.eye(2, dtype=bool), np.array([[1, 0], [1, 0], [0, 1]], dtype=bool)))
    none = np.zeros(4, dtype=bool)
    data = Covering(Candidates(np.ones(4), none, none, 2, budget=None), within, np.array([3.0, 3, 5, 3, 3, 5]))
    one, other = np.array([True, False, False, True]), np.array([False, True, True, False])
    assert value_of(data, one) == value_of(data, other) == 11
    assert merge_choices(data, [one, other], Clock(Limits(gap=0))).tolist() == [True, False, True, False]
