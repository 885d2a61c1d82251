"""HiGHS by arrays: right answers, threads, start points, stopping."""

import threading
from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from panhuo.engine.errors import SolverError
from panhuo.engine.highs import outward, solve_highs, whole
from panhuo.engine.program import Limits, Program, Quiet

EXACT = Limits(gap=0, threads=1)


def program(matrix, lower, upper, cost, integer, *, most=10.0, maximise=True, offset=0.0):
    n = len(cost)
    return Program(
        sp.csr_matrix(np.array(matrix, dtype=float)), np.array(lower, dtype=float), np.array(upper, dtype=float),
        np.zeros(n), np.full(n, most), np.array(integer, dtype=bool), np.array(cost, dtype=float), offset, maximise,
    )  # fmt: skip


@pytest.fixture
def knapsack():
    """Best is the second and third: 7 in 7, and 1 for the offset."""
    return program([[5, 3, 4]], [-np.inf], [7], [6, 3.5, 4.5], [1, 1, 1], most=1.0, offset=1.0)


def test_knapsack(knapsack):
    answer = solve_highs(knapsack, EXACT, Quiet())
    assert answer.reason == "optimal"
    assert answer.x.tolist() == [0, 1, 1]
    assert answer.objective == 9
    assert 9 <= answer.bound < 9 + 1e-6


def test_of_nothing_the_best_is_the_offset():
    answer = solve_highs(program(np.zeros((0, 0)), [], [], [], [], offset=7.0), EXACT, Quiet())
    assert (answer.reason, answer.objective) == ("optimal", 7)
    assert 7 <= answer.bound < 7 + 1e-6


def test_presolve_does_not_lose_the_optimum():
    """HiGHS 1.14.0 says 15, at z = 5: its presolve forgets that z is integral (HiGHS issue 3043)."""
    answer = solve_highs(program([[1, 1]], [4.5], [np.inf], [2, 3], [0, 1], maximise=False), EXACT, Quiet())
    assert answer.objective == pytest.approx(9)


def test_sums_of_whole_numbers_do_not_lose_the_optimum():
    """Two of three rooms, the second among them: 70 + 30. Given as it is, HiGHS says 0 (1.11 to 1.15; issue 3274).

    p = a + c and q = b are what two groups of rooms cost; q is to be 43.2 to 53.2 % of p + q ≤ 2.
    """
    share = program(
        [[-1, 0, -1, 1, 0], [0, -1, 0, 0, 1], [0, 0, 0, 1, 1], [0, 0, 0, 0.532, -0.468], [0, 0, 0, -0.432, 0.568]],
        [0, 0, -np.inf, 0, 0], [0, 0, 2, np.inf, np.inf], [70, 30, 60, 0, 0], [1, 1, 1, 0, 0],
    )  # fmt: skip
    answer = solve_highs(replace(share, upper=np.array([1.0, 1, 1, np.inf, np.inf])), EXACT, Quiet())
    assert answer.objective == pytest.approx(100)
    assert answer.x == pytest.approx([1, 1, 0, 1, 1])


def test_presolve_does_not_lose_every_plan():
    """0 meets every row, and yet HiGHS 1.13.1 says that nothing does: rooms, complexes, what funds pay in them."""
    inf = np.inf
    rows = [
        (-inf, 1, {4: 1, 5: 1}), (-inf, 0, {4: -1}), (-inf, 0, {0: 1, 1: 1, 4: -1}), (-inf, 0, {5: -1}),
        (-inf, 0, {2: 1, 3: 1, 5: -1}), (0, 0, {0: 1, 1: 1, 2: 1, 3: 1, 6: -1}), (-inf, 0, {0: 90, 1: 90, 4: -164}),
        (-inf, 0, {0: -1, 10: 1}), (-inf, 0, {1: -1, 11: 1}), (-inf, 0, {3: -1, 13: 1}),
        (-inf, 0, {9: -1, 12: 1, 13: 1}), (-inf, 0, {8: -164, 10: 90, 11: 90}), (-inf, 0, {9: -300, 12: 90, 13: 90}),
        (0, inf, {8: -1, 10: 1, 11: 1}), (0, inf, {9: -150, 12: 90, 13: 90}), (0, inf, {9: -2, 12: 1, 13: 1}),
        (0, 0, {1: -1, 3: -1, 7: 1}), (0, 0, {2: -4.5, 14: 1, 15: 1}), (0, 0, {3: -7.2, 16: 1, 17: 1}),
        (-inf, 3, {15: 1, 17: 1}), (-inf, 0, {12: -2.25, 14: 1}), (-inf, 0, {13: -3.6, 16: 1}),
    ]  # fmt: skip
    matrix = np.zeros((len(rows), 18))
    for n, (_, _, row) in enumerate(rows):
        matrix[n, list(row)] = list(row.values())
    whole_ones = np.isin(np.arange(18), [*range(6), 7, 8, 9])
    funded = program(matrix, [row[0] for row in rows], [row[1] for row in rows], np.zeros(18), whole_ones)
    funded = replace(funded, upper=np.where(np.arange(18) < 14, 1.0, inf))
    for start in (None, np.zeros(18)):
        answer = solve_highs(funded, EXACT, Quiet(), start=start)
        assert answer.reason == "optimal"
        assert answer.bound is not None
        assert not np.any(answer.x)


def test_infeasible(knapsack):
    answer = solve_highs(replace(knapsack, row_lower=np.array([13.0]), row_upper=np.array([20.0])), EXACT, Quiet())
    assert answer.reason == "infeasible"
    assert answer.x is None


def test_threads_may_change_between_solves(knapsack):
    """In one thread HiGHS refuses this; each solve here has a thread of its own."""
    for threads in (1, 2, 1, 2):
        assert solve_highs(knapsack, Limits(gap=0, threads=threads), Quiet()).objective == 9


def test_start_may_be_partial_or_a_hair_outside(knapsack):
    for start in ([0.0, np.nan, np.nan], [0.0, 1.0 + 1e-7, 1.0], [1.0, 1.0, 1.0]):
        assert solve_highs(knapsack, EXACT, Quiet(), start=np.array(start)).objective == 9


def test_incumbents_are_shown(knapsack):
    class Keeps(Quiet):
        def incumbent(self, choose):
            kept.append(choose.copy())

    kept = []
    solve_highs(knapsack, EXACT, Keeps(), options=2)
    assert kept
    assert kept[-1].tolist() == [False, True]


def hard():
    rng = np.random.default_rng(1)
    rows, columns = 60, 400
    return program(
        rng.integers(0, 100, (rows, columns)), np.full(rows, -np.inf), np.full(rows, 2000.0),
        rng.integers(10, 100, columns), np.ones(columns), most=1.0,
    )  # fmt: skip


def test_better_points_are_given_on_the_way_to_who_asked():
    """What comes while the solve goes on is a plan, and worth no more than the last one."""
    rng = np.random.default_rng(3)
    rows, columns = 40, 120
    covers = (rng.random((rows, columns)) < 0.1).astype(float)
    hard = program(
        np.vstack([-covers, rng.integers(5, 50, columns)]), [-np.inf] * (rows + 1), [-1.0] * rows + [1e9],
        -rng.integers(10, 99, columns).astype(float), [1] * columns, most=1.0,
    )  # fmt: skip
    seen = []
    answer = solve_highs(
        hard, EXACT, Quiet(), presolve=False, improving=lambda x: seen.append((x, threading.current_thread()))
    )
    assert answer.reason == "optimal"
    assert seen
    values = [float(hard.cost @ x) for x, _ in seen]
    assert values == sorted(values)
    assert values[-1] <= answer.objective
    for x, thread in seen:
        assert (x == np.rint(x)).all()
        assert (hard.matrix @ x <= hard.row_upper + 1e-6).all()
        assert thread is threading.current_thread(), (
            "no callback of the solver does what the caller may not be ready for"
        )


def test_progress_and_stop():
    class Watches(Quiet):
        def progress(self, progress):
            seen.append(progress)

    seen, watch = [], Watches()
    timer = threading.Timer(1.5, watch.stop.set)
    timer.start()
    answer = solve_highs(hard(), EXACT, watch, stage="s")
    timer.join()
    assert answer.reason == "interrupted"
    assert answer.x is not None
    assert answer.bound > answer.objective
    assert answer.seconds < 10
    assert seen
    assert {progress.stage for progress in seen} == {"s"}
    assert [p.seconds for p in seen] == sorted(p.seconds for p in seen)


def test_time_limit_and_nodes():
    assert solve_highs(hard(), Limits(gap=0, time_limit=1.0, threads=1), Quiet()).reason == "time_limit"
    assert solve_highs(hard(), EXACT, Quiet(), nodes=1).reason == "time_limit"


def test_ctrl_c_keeps_the_best_plan(monkeypatch):
    """Ctrl-C arrives while the caller waits: the solve is asked to stop and its plan comes back."""
    join, calls = threading.Thread.join, []

    def interrupted(thread, timeout=None):
        calls.append(timeout)
        if len(calls) == 10:
            raise KeyboardInterrupt
        join(thread, timeout)

    monkeypatch.setattr(threading.Thread, "join", interrupted)
    answer = solve_highs(hard(), EXACT, Quiet())
    assert answer.reason == "interrupted"
    assert answer.x is not None


def test_whole_numbers(knapsack):
    assert whole(knapsack, np.array([1e-7, 1 - 1e-7, 0])).tolist() == [0, 1, 0]
    with pytest.raises(SolverError, match="whole number"):
        whole(knapsack, np.array([0.4, 0, 0]))


def test_bounds_move_outward():
    assert outward(100.0, True) > 100 > outward(100.0, False)
    assert outward(-100.0, True) > -100 > outward(-100.0, False)
