"""SCIP and CP-SAT say what HiGHS says."""

import subprocess
import sys
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from two_rooms import funds, two_rooms

from panhuo.engine import Limits, Quiet, RefusedError, solve
from panhuo_models.data import AreaQuota, Complexes, Link, Yearly

EXACT = Limits(gap=0, threads=1)


def larger(cases, seed, funds):
    data = cases.random(seed, cases.Size(sites=10, rows=90, funds=funds, most_options=40, services=3))
    if seed % 2:
        data = replace(data, objectives=(cases.stage("a", [0, 1]), cases.stage("b", [2, 3, 4, 5])))
    return data


def objectives(outcome):
    assert outcome.status == "optimal"
    return [stage.objective for stage in outcome.stages]


SEEDS = [*range(4), *(pytest.param(n, marks=pytest.mark.slow) for n in range(4, 25))]


@pytest.mark.parametrize("seed", SEEDS)
def test_three_solvers_agree_without_funds(cases, seed):
    data = larger(cases, seed, 0)
    by_highs = objectives(solve(data, EXACT))
    assert objectives(solve(data, EXACT, solver="scip")) == pytest.approx(by_highs, abs=1e-5)
    assert objectives(solve(data, EXACT, solver="cpsat")) == pytest.approx(by_highs, abs=1e-5)


def test_three_solvers_agree_on_all_that_ties_sites():
    """Works, links, complexes, quotas and floors, each of which decides: without funds all of it is whole numbers."""
    data = two_rooms(
        money=funds((), 400_000), yearly=Yearly(np.full((4, 4), -1), np.zeros((0, 0), dtype=bool), np.zeros(0))
    )
    money = replace(data.money, cost=sp.block_diag([data.money.cost, [[100_000.0]]], format="csr"),
                    most=np.zeros((0, 5)), class_project=np.full(5, -1), class_account=np.full(5, -1))  # fmt: skip
    at_a = np.array([True, True, False, False])
    data = replace(
        data, money=money, works=("A:convert:lift",), work_project=np.zeros(1, dtype=np.int64),
        work_options=sp.csr_matrix(at_a[None, :]), complexes=Complexes(100.0, 2, np.array([False, True]), 1, 1),
        quotas=(AreaQuota("room A", at_a, 0.0, 0.7),),
        links=(Link("needs", "requires", 1, (3,), held=False, bonus=0.0),),
    )  # fmt: skip
    # A as a complex beside the clinic of B that A's needs: 230; B as one beside A's hall: 210.
    for solver in ("highs", "scip", "cpsat"):
        outcome = solve(data, EXACT, solver=solver)
        assert objectives(outcome) == pytest.approx([230], abs=1e-5)
        assert outcome.decision.choose.tolist() == [True, True, False, True]


@pytest.mark.parametrize("seed", SEEDS)
def test_two_solvers_agree_with_funds(cases, seed):
    data = larger(cases, seed, 4)
    assert objectives(solve(data, EXACT, solver="scip")) == pytest.approx(objectives(solve(data, EXACT)), abs=1e-5)


def test_cpsat_refuses_funds(cases):
    with pytest.raises(RefusedError, match="continuous columns"):
        solve(larger(cases, 0, 3), EXACT, solver="cpsat")


def test_cpsat_refuses_what_is_not_decimal(cases):
    data = larger(cases, 0, 0)
    thirds = replace(data, reach=replace(data.reach, demand=data.reach.demand / 3))
    with pytest.raises(RefusedError, match="decimals"):
        solve(thirds, EXACT, solver="cpsat")


def hard(cases, funds):
    """Takes either solver far longer than the tests may; SCIP asks between nodes whether to stop, so these are small."""
    return replace(
        cases.hard(funds, sites=60, rows=300),
        objectives=(cases.stage("a", [0, 1]), cases.stage("b", [2, 3, 4, 5, 6, 7])),
    )


@pytest.mark.parametrize(("solver", "funds"), [("scip", 4), ("cpsat", 0)])
def test_stops_when_asked(cases, solver, funds):
    data, watch = hard(cases, funds), Quiet()
    timer = threading.Timer(3.0, watch.stop.set)
    timer.start()
    began = time.monotonic()
    outcome = solve(data, EXACT, solver=solver, watch=watch)
    timer.join()
    assert outcome.status == "interrupted"
    assert cases.fits(data, outcome.decision.choose)
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(("solver", "funds"), [("scip", 4), ("cpsat", 0)])
def test_time_limit(cases, solver, funds):
    data = hard(cases, funds)
    outcome = solve(data, Limits(gap=0, time_limit=3, threads=1), solver=solver)
    assert outcome.status == "time_limit"
    assert cases.fits(data, outcome.decision.choose)


@pytest.mark.parametrize("turns", ["highs scip cpsat", "scip highs cpsat", "cpsat highs scip"])
def test_solvers_share_a_process(turns):
    """HiGHS and OR-tools in one process, whichever comes first, each solving before and after each other one."""
    program = f"""
import sys
sys.path[:0] = {sys.path!r}
import numpy as np, scipy.sparse as sp
from panhuo.engine.program import Limits, Program, Quiet
from panhuo.engine.highs import solve_highs
from panhuo.engine.second import solve_cpsat, solve_scip
assert not any(name.startswith("ortools") for name in sys.modules)
one = np.ones(3)
program = Program(sp.csr_matrix([[2.0, 3.0, 4.0]]), np.array([-np.inf]), np.array([5.0]), 0 * one, one,
                  one > 0, np.array([3.0, 4.0, 5.0]), 1.0, True)
solvers = dict(highs=solve_highs, scip=solve_scip, cpsat=solve_cpsat)
for name in {turns.split() * 2!r}:
    assert solvers[name](program, Limits(gap=0, threads=1), Quiet()).objective == 8.0, name
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def test_seed_and_gap_are_taken(cases):
    data = larger(cases, 1, 3)
    outcome = solve(data, Limits(gap=0.05, threads=1, seed=7), solver="scip")
    assert outcome.status in ("optimal", "within_gap")
    assert np.all([stage.gap <= 0.05 + 1e-6 for stage in outcome.stages])
