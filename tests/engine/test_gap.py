"""The gap as it is stated, and what later stages keep."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from one_canteen import coverage, one_canteen
from two_rooms import two_rooms

from panhuo.engine import Decision, Limits, SolverError, solve
from panhuo.engine.compile import compile_plan
from panhuo.engine.gap import relative_gap, stage_outcome, unit_of
from panhuo.engine.keep import falls_short, keep, least_kept
from panhuo.engine.program import Answer
from panhuo_models.data import Objective

NONE = np.zeros(0)


@pytest.mark.parametrize(
    ("value", "bound", "maximise", "gap"),
    [
        (100.0, 101.0, True, 0.01),
        (100.0, 99.0, False, 0.01),
        (0.0, 0.0, True, 0.0),
        (0.0, 5.0, True, None),
        (100.0, None, True, None),
        (-100.0, -99.0, True, 0.01),
        (100.0, 99.0, True, 0.0),
    ],
)
def test_relative_gap(value, bound, maximise, gap):
    assert relative_gap(value, bound, maximise=maximise) == (None if gap is None else pytest.approx(gap))


def stage(measure, *, maximise=False, tolerance=0.0):
    none = NONE.astype(np.int64)
    return Objective(measure, measure, maximise, none, NONE, NONE, 0, tolerance)


@pytest.mark.parametrize(
    ("tolerance", "value", "bound", "gap", "kept"),
    [
        (0.0, 100.0, 100.0, 0.0, 100.0),
        (0.02, 100.0, 100.0, 0.001, 100 / 1.02),  # all of the tolerance, counted from the bound
        (0.02, 100.0, 101.0, 0.001, 101 / 1.02),
        (0.001, 100.0, 100.0, 0.01, 99.9),  # the tolerance, though the gap would let more go
        (0.001, 100.0, 100.5, 0.01, 99.9),
        (0.02, 100.0, 103.0, 0.001, 100.0),  # nothing is left to give up
        (0.02, 100.0, None, 0.001, 98.0),
        (0.02, 0.0, 5.0, 0.001, 0.0),
    ],
)
def test_what_is_kept_of_a_maximum(tolerance, value, bound, gap, kept):
    assert least_kept(stage("links", maximise=True, tolerance=tolerance), value, bound, gap) == pytest.approx(kept)


@pytest.mark.parametrize(
    ("tolerance", "value", "bound", "gap", "kept"),
    [
        (0.0, 100.0, 100.0, 0.0, 100.0),
        (0.02, 100.0, 100.0, 0.001, 102.0),
        (0.02, 100.0, 99.0, 0.001, 99 / 0.98),
        (0.02, 100.0, 97.0, 0.001, 100.0),
        (0.02, 100.0, None, 0.001, 102.0),
        (0.02, 100.0, 0.0, 0.001, 102.0),
    ],
)
def test_what_is_kept_of_a_minimum(tolerance, value, bound, gap, kept):
    assert least_kept(stage("capital", tolerance=tolerance), value, bound, gap) == pytest.approx(kept)


def test_kept_row():
    """At least 150 of a maximum, but for a hair; the row is scaled by a power of ten."""
    data = two_rooms()
    compiled = compile_plan(data)
    row, sharp = keep(compiled, 0, 150.0), keep(compiled, 0, 150.0, hair=False)
    reached = compiled.families["reached"]
    scale = compiled.costs[0, reached.start] / row.coefficients[0, reached.start]
    assert scale in (1.0, 10.0, 100.0)
    assert row.lower * scale == pytest.approx(150 - 1.15e-6, abs=1e-9)
    assert sharp.lower * scale == 150
    assert row.upper == sharp.upper == np.inf


def test_what_falls_short():
    more, less = stage("links", maximise=True), stage("capital")
    assert [falls_short(more, value, 100.0) for value in (101.0, 100 - 1e-7, 100 - 1e-5)] == [False, False, True]
    assert [falls_short(less, value, 100.0) for value in (99.0, 100 + 1e-7, 100 + 1e-5)] == [False, False, True]


def outcome(objective, bound, reason="within_gap", **given):
    """A plan of A:hall and A:clinic held against a bound."""
    data = two_rooms(objectives=(objective,))
    decision = Decision(np.array([True, True, False, False]), np.zeros(0, dtype=bool), NONE)
    settled = SimpleNamespace(decision=decision, point=None)
    return stage_outcome(data, compile_plan(data), 0, Answer(reason, None, None, bound, 1.5), settled, **given)


def test_stage_is_held_against_its_bound():
    found = outcome(coverage(2), 189.0)
    assert (found.objective, found.bound, found.sense, found.seconds) == (180, 189, "max", 1.5)
    assert found.gap == pytest.approx(0.05)
    assert found.status == "within_gap"
    assert outcome(coverage(2), 180.0 + 1e-7).status == "optimal"
    assert outcome(coverage(2), 180.0, "time_limit").status == "time_limit"
    assert outcome(coverage(2), None, "interrupted").gap is None


def test_money_is_stated_in_yuan():
    found = outcome(stage("capital"), 19.0)
    assert (found.objective, found.bound, found.sense) == (200_000, 190_000, "min")
    assert found.gap == pytest.approx(0.05)
    assert [unit_of(stage(m)) for m in ("capital", "party_capital", "party_yearly", "links")] == [1e4, 1e4, 1e4, 1]


def test_value_beyond_its_bound_is_our_fault():
    with pytest.raises(SolverError, match="beyond the bound"):
        outcome(coverage(2), 179.9)
    assert outcome(coverage(2), 180 - 1e-4).bound == 180
    # Not where an earlier stage gave way to rounding: then it is its own bound.
    found = outcome(coverage(2), 179.9, gave_way=True)
    assert (found.bound, found.gap) == (180, 0)


def test_a_hair_of_an_earlier_stage_is_given_up_for_rounding():
    """Under a cap that 125 guests exhaust, room for rounding costs a part of a guest and of what the residents pay."""
    data = one_canteen()
    data = replace(
        data, accounts=replace(data.accounts, margin_max=np.array([0.04])),
        objectives=(coverage(), replace(stage("party_yearly"), party=3)),
    )  # fmt: skip
    found = solve(data, Limits(gap=0, threads=1))
    people, paid = found.stages
    assert people.status == "within_gap"
    assert people.objective < people.bound == pytest.approx(240_000 / 1_860, rel=1e-6)
    assert paid.objective == pytest.approx(2_500 * people.objective, rel=1e-6)
    assert (paid.bound, paid.gap) == (paid.objective, 0)
