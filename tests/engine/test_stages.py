"""Stages in turn, limits, cuts, and what is said of them."""

import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from panhuo.engine import InfeasibleError, Limits, Quiet, solve
from panhuo_models.data import Objective

EXACT = Limits(gap=0, threads=1)
SEEDS = [*range(4), *(pytest.param(n, marks=pytest.mark.slow) for n in range(4, 8))]


def measured(name, measure, maximise, tallies=(), base=(), party=-1, tolerance=0.0):
    n = len(tallies)
    return Objective(
        name,
        measure,
        maximise,
        np.array(tallies, dtype=np.int64),
        np.ones(n),
        np.array(base, dtype=float),
        party,
        tolerance,
    )


def lexicographic(cases, data, plans):
    """The best plans, stage by stage, without tolerance."""
    values = []
    for stage in data.objectives:
        worth = np.array([cases.value(data, stage, plan) for plan in plans])
        best = worth.max() if stage.maximise else worth.min()
        plans = [plan for plan, w in zip(plans, worth, strict=True) if abs(w - best) < 1e-6]
        values.append(best)
    return values


@pytest.mark.parametrize("seed", SEEDS)
def test_stages_are_lexicographic(cases, seed):
    data = cases.random(seed, cases.Size(most_options=8))
    first = cases.stage("first", [0, 1])
    data = replace(
        data, objectives=(first, cases.stage("second", [2, 3], weight=2.0), measured("cost", "capital", False))
    )
    outcome = solve(data, EXACT)
    assert outcome.status == "optimal"
    assert [s.objective for s in outcome.stages] == pytest.approx(
        lexicographic(cases, data, cases.plans(data)), abs=0.02
    )
    assert [s.sense for s in outcome.stages] == ["max", "max", "min"]


@pytest.mark.parametrize("seed", SEEDS)
def test_smallest_share_first(cases, seed):
    data = cases.random(seed, cases.Size(most_options=8))
    share = measured("share", "smallest_share", True, [0, 1, 2], data.tallies.reachable[:3] + 1.0)
    data = replace(data, objectives=(share, data.objectives[0]))
    outcome = solve(data, EXACT)
    assert [s.objective for s in outcome.stages] == pytest.approx(
        lexicographic(cases, data, cases.plans(data)), abs=1e-5
    )


def test_tolerance_is_given_up_but_no_more(cases):
    """With a tolerance a later stage reaches more, and the earlier one loses at most that share."""
    better = 0
    for seed in range(12):
        data = cases.random(seed, cases.Size(sites=6, most_options=12, rows=60))
        tight = replace(data, objectives=(cases.stage("a", [0, 1]), cases.stage("b", [2, 3])))
        loose = replace(data, objectives=(cases.stage("a", [0, 1], tolerance=0.3), cases.stage("b", [2, 3])))
        one, other = solve(tight, EXACT), solve(loose, EXACT)
        assert other.stages[0].objective >= 0.7 * one.stages[0].objective - 1e-5
        assert other.stages[1].objective >= one.stages[1].objective - 1e-6
        better += other.stages[1].objective > one.stages[1].objective + 1
    assert better


def test_party_capital_is_made_small(cases):
    data = next(
        d for d in map(cases.random, range(50)) if solve(d, EXACT).stages[0].objective > 0 and not d.money.limits
    )
    least = replace(data, objectives=(*data.objectives, measured("government", "party_capital", False, party=0)))
    most = replace(data, objectives=(*data.objectives, measured("government", "party_capital", True, party=0)))
    low, high = solve(least, EXACT).stages[1].objective, solve(most, EXACT).stages[1].objective
    assert 0 <= low <= high + 1e-3


def test_existing_facility_closes(cases):
    """With a lonely option that closes a larger facility, nothing is chosen; kept open, the option is."""
    data = cases.random(
        0, cases.Size(sites=1, modes=1, services=1, circles=1, rows=4, funds=0, closing=1, most_options=1)
    )
    assert len(data.options) == 1
    within = np.array([[1, 0], [0, 1]], dtype=bool)
    reach = replace(
        data.reach, within=type(data.reach.within)(within), demand=np.array([10.0, 20.0]),
        tally=np.zeros(2, dtype=np.int64), mandatory=np.zeros(2, dtype=bool),
    )  # fmt: skip
    one = np.array([0.0])
    tallies = replace(data.tallies, fixed=one, before=one + 20, reachable=one + 30, total=one + 30)
    data = replace(data, reach=reach, tallies=tallies, money=replace(data.money, budget=float("inf")))
    outcome = solve(data, EXACT)
    assert not outcome.decision.choose.any()
    assert outcome.stages[0].objective == 0
    stays = replace(data, closing_by=data.closing_by * False)
    stays.closing_by.eliminate_zeros()
    assert solve(stays, EXACT).stages[0].objective == 10


def test_nothing_can_be_bought(small):
    outcome = solve(replace(small, money=replace(small.money, budget=0.0)), Limits())
    assert outcome.status == "optimal"
    assert not outcome.decision.choose.any()
    assert (outcome.stages[0].objective, outcome.stages[0].bound, outcome.stages[0].gap) == (0, 0, 0)


def test_no_option_at_all(cases):
    outcome = solve(cases.random(3, cases.Size(most_options=0)), Limits())
    assert outcome.status == "optimal"
    assert len(outcome.decision.choose) == 0
    assert outcome.stages[0].gap == 0


def test_same_seed_same_plan(cases):
    data = cases.random(5, cases.Size(sites=25, services=3, rows=400, most_options=150))
    data = replace(data, objectives=(cases.stage("a", [0, 1], tolerance=0.01), cases.stage("b", [2, 3, 4, 5])))
    limits = Limits(gap=1e-3, threads=2, seed=4)
    one, other = solve(data, limits), solve(data, limits)
    assert one.status in ("optimal", "within_gap")
    assert np.array_equal(one.decision.choose, other.decision.choose)
    assert [s.bound for s in one.stages] == [s.bound for s in other.stages]


def test_gap_holds_for_the_final_choice(cases):
    for seed in range(5):
        data = cases.random(seed, cases.Size(sites=15, services=3, rows=200, most_options=70))
        data = replace(data, objectives=(cases.stage("a", [0, 1], tolerance=0.02), cases.stage("b", [2, 3, 4, 5])))
        outcome = solve(data, Limits(gap=0.02, threads=1))
        for stage, objective in zip(outcome.stages, data.objectives, strict=True):
            assert stage.objective == pytest.approx(cases.value(data, objective, outcome.decision.choose), abs=1e-6)
            if stage.objective == 0:
                assert stage.bound == 0
                assert stage.gap == 0
                continue
            assert stage.gap == pytest.approx((stage.bound - stage.objective) / stage.objective)
            assert stage.gap <= 0.02 + 1e-6


def test_interrupted_from_another_thread(cases):
    watch = Quiet()
    timer = threading.Timer(2.0, watch.stop.set)
    timer.start()
    began = time.monotonic()
    data = cases.hard(funds=3)
    outcome = solve(data, Limits(gap=0, threads=1), watch=watch)
    timer.join()
    assert time.monotonic() - began < 20
    assert outcome.status == "interrupted"
    assert cases.fits(data, outcome.decision.choose)
    assert cases.payable(data, outcome.decision.choose)


def test_time_limit_keeps_the_plan(cases):
    data = cases.hard(funds=3)
    outcome = solve(data, Limits(gap=0, time_limit=4.0, threads=1))
    assert outcome.status == "time_limit"
    assert cases.fits(data, outcome.decision.choose)
    stage = outcome.stages[0]
    assert stage.objective > 0
    assert stage.gap is None or stage.gap > 0


def test_refused_choices_are_cut_off(cases):
    """The best plans are refused one by one: what is left is the best of the others, and the bound stays."""
    found = 0
    for seed in range(12):
        data = cases.random(seed, cases.Size(most_options=8))
        plans = sorted(cases.plans(data), key=lambda plan: -cases.value(data, data.objectives[0], plan))
        if len(plans) < 4 or cases.value(data, data.objectives[0], plans[0]) == cases.value(
            data, data.objectives[0], plans[3]
        ):
            continue
        found += 1
        refused = [plan.tobytes() for plan in plans[:3]]
        outcome = solve(data, EXACT, accept=lambda decision, no=refused: decision.choose.tobytes() not in no)
        assert outcome.decision.choose.tobytes() not in refused
        assert outcome.stages[0].objective == pytest.approx(cases.value(data, data.objectives[0], plans[3]), abs=1e-6)
        assert 1 <= outcome.cut_off <= 3
    assert found > 3


def test_refusal_goes_back_a_stage(cases):
    data = cases.random(4, cases.Size(most_options=7))
    data = replace(data, objectives=(data.objectives[0], measured("cost", "capital", False)))
    plans = cases.plans(data)
    best = max(cases.value(data, data.objectives[0], plan) for plan in plans)
    refused = {plan.tobytes() for plan in plans if cases.value(data, data.objectives[0], plan) > best - 1e-6}
    outcome = solve(data, EXACT, accept=lambda decision: decision.choose.tobytes() not in refused)
    rest = [plan for plan in plans if plan.tobytes() not in refused]
    assert outcome.stages[0].objective == pytest.approx(lexicographic(cases, data, rest)[0], abs=1e-6)
    assert outcome.cut_off == len(refused)


def test_every_choice_refused(cases):
    data = cases.random(1, cases.Size(most_options=4))
    with pytest.raises(InfeasibleError, match="whole fen"):
        solve(data, EXACT, accept=lambda _: False)
