"""Greed and windows: plans that fit and can be paid, and are no worse than they were."""

import numpy as np
import pytest
from random_siting import required

from panhuo.engine import Limits, greedy, solve
from panhuo.engine.compile import compile_plan
from panhuo.engine.measure import lifted
from panhuo.engine.program import Quiet
from panhuo.engine.purse import Payments
from panhuo.engine.start import greedy_point
from panhuo.engine.windows import improve

SECONDS = Limits(gap=1e-3, threads=1)


@pytest.mark.parametrize("seed", [*range(13), *(pytest.param(n, marks=pytest.mark.slow) for n in range(13, 40))])
def test_greedy_is_a_plan_and_no_better_than_the_best(cases, seed):
    data = cases.random(seed, cases.Size(sites=8, most_options=30, rows=60, funds=seed % 4))
    choose = greedy(data)
    assert cases.fits(data, choose)
    assert cases.payable(data, choose)
    best = solve(data, Limits(gap=0, threads=1))
    assert cases.value(data, data.objectives[0], choose) <= best.stages[0].objective + 1e-6


def test_greedy_is_near_the_best(cases):
    """Over 20 cases greed reaches at least three quarters, and not always all."""
    shares = []
    for seed in range(20):
        data = cases.random(seed, cases.Size(sites=10, most_options=40, rows=90, funds=0, closing=0))
        best = solve(data, Limits(gap=0, threads=1)).stages[0].objective
        shares.append(cases.value(data, data.objectives[0], greedy(data)) / best)
    assert np.mean(shares) > 0.75
    assert min(shares) < 1


def test_required_site_comes_first(cases):
    data = cases.random(2, cases.Size(funds=0))
    site = int(data.project_site[data.option_project[0]])
    choose = greedy(required(data, [site]))
    assert site in data.project_site[data.option_project[choose]]


@pytest.mark.parametrize("seed", range(30))
def test_payments_equal_the_oracle(cases, seed):
    data = cases.random(seed)
    payments, rng = Payments(data), np.random.default_rng(seed)
    answers = []
    for _ in range(10):
        choose = rng.random(len(data.options)) < rng.random()
        expected = cases.payable(data, choose)
        answers.append(expected)
        assert payments.can_pay(choose, final=True) == expected
        assert payments.can_pay(choose, final=False) >= expected
    assert payments.can_pay(np.zeros(len(data.options), dtype=bool), final=True)


def test_windows_improve_a_bad_plan(cases):
    data = cases.random(11, cases.Size(sites=30, most_options=120, rows=250, services=3))
    compiled = compile_plan(data)
    program = compiled.program(0)
    nothing = lifted(data, compiled, np.zeros(len(program.cost)))
    better = improve(program, nothing, compiled.site, SECONDS, Quiet())
    value = float(program.cost @ better) + program.offset
    assert value > float(program.cost @ nothing) + program.offset + 100
    activity = program.matrix @ better
    assert np.all(activity >= program.row_lower - 1e-5)
    assert np.all(activity <= program.row_upper + 1e-5)
    again = improve(program, nothing, compiled.site, SECONDS, Quiet())
    assert np.array_equal(better, again)


@pytest.mark.parametrize("seed", range(6))
def test_lifted_points_stay_within_all_rows(cases, seed):
    data = cases.random(seed, cases.Size(sites=8, most_options=25, rows=60, closing=2))
    compiled = compile_plan(data)
    point = greedy_point(data, compiled, SECONDS, Quiet())
    assert point is not None
    raised, program = lifted(data, compiled, point), compiled.program(0)
    activity = program.matrix @ raised
    assert np.all(activity >= program.row_lower - 1e-6)
    assert np.all(activity <= program.row_upper + 1e-6)
    choose = raised[: compiled.options] > 0.5
    assert program.cost @ raised + program.offset == pytest.approx(cases.value(data, data.objectives[0], choose))
