"""The proof where sites are few: its bounds never lie, its prices are those of the relaxation, its choice is the best."""

import itertools

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import linprog

from panhuo import locate
from panhuo.engine import Limits
from panhuo.locate import covers, fewsites
from panhuo.locate.annealing import greedy_choice, value_of
from panhuo.locate.fewsites import _few, prove
from panhuo.locate.relaxation import begin, bound
from panhuo.locate.result import Clock
from panhuo.locate.simplex import improve
from panhuo_models.data.location import Candidates, Covering

KINDS = [(3, None), (None, 12.0), (4, 9.0)]


def problem(case, most, budget, radius=9, scale=1.0):
    none = np.zeros(len(case.cost), dtype=bool)
    within = sp.csr_matrix(case.distance <= radius)
    reached = np.asarray(within.sum(axis=1)).ravel() > 0
    candidates = Candidates(case.cost, none, none, most, budget=budget)
    return Covering(candidates, within[reached], (case.weight[reached] + 1) * scale)


def best_of(data, fixed):
    """The most that a choice covers which keeps the limits and what is fixed, every one tried; −inf where none does."""
    given, best = data.candidates, -np.inf
    for marks in itertools.product((False, True), repeat=len(given)):
        chosen = np.array(marks)
        if (fixed[chosen] < 0).any() or (fixed[~chosen] > 0).any():
            continue
        if given.most is not None and chosen.sum() > given.most:
            continue
        if given.budget is None or given.cost[chosen].sum() <= given.budget:
            best = max(best, value_of(data, chosen))
    return best


def relaxed(data, fixed):
    """The linear relaxation, by HiGHS through scipy."""
    rows, sites = data.within.shape
    upper = sp.hstack([-data.within.astype(float), sp.identity(rows)])
    limits, right = [], []
    if data.candidates.most is not None:
        limits.append(np.append(np.ones(sites), np.zeros(rows)))
        right.append(data.candidates.most)
    if data.candidates.budget is not None:
        limits.append(np.append(data.candidates.cost, np.zeros(rows)))
        right.append(data.candidates.budget)
    of_sites = [(float(mark == 1), float(mark != -1)) for mark in fixed]
    found = linprog(
        np.append(np.zeros(sites), -data.weight), sp.vstack([upper, *limits]), np.append(np.zeros(rows), right),
        bounds=[*of_sites, *[(0, 1)] * rows],
    )  # fmt: skip
    return -found.fun


def marks_of(rng, data):
    """Some sites chosen, within the limits, and some left out."""
    fixed = np.zeros(len(data.candidates), dtype=np.int8)
    some = rng.permutation(len(fixed))[:3]
    fixed[some[0]] = data.candidates.budget is None or data.candidates.cost[some[0]] <= data.candidates.budget
    fixed[some[1:]] = -1
    return fixed


@pytest.mark.parametrize(("most", "budget"), KINDS)
@pytest.mark.parametrize("seed", range(6))
def test_every_step_bounds_and_the_last_is_the_relaxation(random_case, seed, most, budget):
    data = problem(random_case(seed, points=60, plain=True), most, budget)
    rng = np.random.default_rng(seed)
    few, unit = _few(data)
    for fixed in (np.zeros(len(data.candidates), dtype=np.int8), marks_of(rng, data)):
        best = best_of(data, fixed)
        state = begin(few, few.weight * rng.random(len(few.weight)))
        state.fixed[:] = fixed
        values = [bound(few, state)[0] * unit]
        while improve(few, state, -np.inf, 1):
            values.append(bound(few, state)[0] * unit)
        assert min(values) >= best * (1 - 1e-12)
        assert values[-1] == pytest.approx(relaxed(data, fixed))
        # What is fixed only now may be counted in a bound at once, and by the steps later.
        assert fixed.any() or (np.diff(values) <= 1e-9 * values[0]).all()
        assert (state.part >= -1e-6).all()
        assert (few.use @ state.part <= few.most + 1e-6).all()


def test_a_basis_that_cannot_be_inverted_is_mended(random_case):
    data = problem(random_case(1, points=60, plain=True), 3, None)
    few, unit = _few(data)
    state = begin(few, few.weight / 2)
    state.head[:2] = 0  # the price of one row, twice
    while improve(few, state, -np.inf, 100):
        pass
    assert bound(few, state)[0] * unit == pytest.approx(relaxed(data, state.fixed))


@pytest.mark.parametrize(("most", "budget"), KINDS)
@pytest.mark.parametrize("scale", [1.0, 1e6, 1 / 3])
@pytest.mark.parametrize("seed", range(6))
def test_finds_the_best_of_all_choices(random_case, seed, scale, most, budget):
    data = problem(random_case(seed, points=40, plain=True), most, budget, scale=scale)
    best, everything = best_of(data, np.zeros(len(data.candidates))), float(data.weight.sum())
    start = np.zeros(len(data.candidates), dtype=bool)
    found, known = prove(data, start, 0.0, everything, Clock(Limits(gap=0)), whole=scale >= 1)
    assert value_of(data, found) == pytest.approx(best, rel=1e-12)
    assert best * (1 - 1e-12) <= known <= best * (1 + 1e-8) + (scale >= 1)
    assert most is None or found.sum() <= most
    assert budget is None or data.candidates.cost[found].sum() <= budget


def wide(random_case, seed):
    """A problem whose relaxation does not tell the best choice."""
    return problem(random_case(seed, points=1500, sites=50, plain=True), 7, None, radius=8)


@pytest.mark.parametrize("seed", range(4))
def test_agrees_with_highs(random_case, seed, monkeypatch):
    data = wide(random_case, seed)
    ask = {"p": 7, "seed": seed}
    ours = locate.mclp(data.weight, data.within, **ask)
    monkeypatch.setattr(covers, "SITES", 0)
    theirs = locate.mclp(data.weight, data.within, **ask)
    assert ours.status == theirs.status == "optimal"
    assert ours.objective == theirs.objective


def test_any_number_of_threads_gives_the_same(random_case):
    data = wide(random_case, 1)
    start = greedy_choice(data)
    everything = float(data.weight.sum())
    (one, known), (three, also) = (
        prove(data, start, value_of(data, start), everything, Clock(Limits(gap=0, threads=n)), whole=False)
        for n in (1, 3)
    )
    assert (one == three).all()
    assert known == also


class Hurried(Clock):
    """A clock that is over after so many looks."""

    def __init__(self, looks):
        super().__init__(Limits(gap=0, threads=1))
        self.looks = looks

    @property
    def over(self):
        self.looks -= 1
        return self.looks < 0


@pytest.mark.parametrize("looks", [0, 1, 2, 5, 9, 20])
def test_stopped_it_keeps_the_best_choice_and_an_honest_bound(random_case, looks, monkeypatch):
    monkeypatch.setattr(fewsites, "STEPS", 40)
    data = wide(random_case, 1)
    start, everything = greedy_choice(data), float(data.weight.sum())
    value = value_of(data, start)
    best = locate.mclp(data.weight, data.within, p=7).objective
    found, known = prove(data, start, value, everything, Hurried(looks), whole=True)
    assert value <= value_of(data, found) <= best <= known <= everything
    assert looks or (known == everything and (found == start).all())


def test_ctrl_c_keeps_the_best_choice_and_an_honest_bound(random_case, monkeypatch):
    data = wide(random_case, 1)
    start, everything = greedy_choice(data), float(data.weight.sum())
    best = locate.mclp(data.weight, data.within, p=7).objective
    bounded, turns = fewsites._bounded, iter(range(100))

    def interrupted(*args):
        if next(turns) == 4:
            raise KeyboardInterrupt
        return bounded(*args)

    monkeypatch.setattr(fewsites, "_bounded", interrupted)
    clock = Clock(Limits(gap=0, threads=1))
    found, known = prove(data, start, value_of(data, start), everything, clock, whole=True)
    assert clock.reason() == "interrupted"
    assert value_of(data, found) <= best <= known < everything


def test_after_too_many_branches_highs_goes_on(random_case, monkeypatch):
    data = wide(random_case, 1)
    best = locate.mclp(data.weight, data.within, p=7).objective
    monkeypatch.setattr(fewsites, "BRANCHES", 3)
    everything, none = float(data.weight.sum()), np.zeros(len(data.candidates), dtype=bool)
    _, known = prove(data, none, 0.0, everything, Clock(Limits(gap=0)), whole=True)
    assert best + 1 <= known < everything
    result = locate.mclp(data.weight, data.within, p=7)
    assert result.status == "optimal"
    assert result.objective == best


def test_a_gap_is_enough(random_case):
    data = wide(random_case, 1)
    best = locate.mclp(data.weight, data.within, p=7).objective
    result = locate.mclp(data.weight, data.within, p=7, gap=0.05)
    assert result.status in ("within_gap", "optimal")
    assert result.objective <= best <= result.bound <= result.objective * 1.05
