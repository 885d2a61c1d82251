"""HiGHS: the matrix goes in as arrays, the solve runs in a thread of its own, callbacks only read an event."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import highspy
import numpy as np

from panhuo.engine.errors import SolverError
from panhuo.engine.program import Answer, Cuts, Floats, Limits, Program, Progress, Reason, Watch

INTEGRALITY = 1e-5
"""Farthest that an integer column may lie from a whole number to be rounded to it."""
BOUND_SLACK = 1e-9
"""Share by which a bound is moved outward, for the rounding of floating-point numbers."""
UNIT = 46_337 / 65_536
"""Unit of continuous columns in HiGHS. Its presolve takes a continuous column that whole numbers add up to for an
integer one, and then loses optima where rows bound it between whole numbers (all releases since 1.11; HiGHS issue
3274). In a unit that whole numbers are no multiples of, a column is not taken so: a prime number over a power of two,
by which whole numbers are multiplied without rounding."""
_LEAST_S = 0.01
_SHOW_EVERY_S = 0.2
_JOIN_EVERY_S = 0.1
_INTERRUPTS = (
    highspy.cb.HighsCallbackType.kCallbackMipInterrupt,
    highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt,
    highspy.cb.HighsCallbackType.kCallbackIpmInterrupt,
)
_SEARCHES = tuple(f"mip_heuristic_run_{name}" for name in ("feasibility_jump", "rens", "rins", "root_reduced_cost"))
_DONE = ("optimal", "within_gap")
_IMPROVING = highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution
_POOL = highspy.cb.HighsCallbackType.kCallbackMipGetCutPool


@dataclass
class _Run:
    """One solve, shared by the thread that solves and the one that waits."""

    program: Program
    limits: Limits
    watch: Watch
    stage: str
    options: int
    nodes: int | None
    absolute: bool = False
    presolve: bool = True
    searches: bool = True
    pool: int | None = None
    improving: Callable[[Floats], None] | None = None
    told: bool = False
    cuts: Cuts | None = None
    points: deque[Floats] = field(default_factory=deque)
    began: float = field(default_factory=time.monotonic)
    shown: float = 0.0
    answer: Answer | None = None
    fault: BaseException | None = None


def solve_highs(
    program: Program,
    limits: Limits,
    watch: Watch,
    *,
    stage: str = "",
    options: int = 0,
    start: Floats | None = None,
    nodes: int | None = None,
    absolute: bool = False,
    presolve: bool = True,
    searches: bool = True,
    pool: int | None = None,
    improving: Callable[[Floats], None] | None = None,
    cuts: bool = False,
) -> Answer:
    """Solve a program with HiGHS.

    Its presolve calls programs infeasible that 0 solves (all releases so far). That nothing is feasible, or nothing
    better than where it started, is believed only of a second solve without presolve.

    Parameters
    ----------
    program : Program
        The program; it is bounded.
    limits : Limits
        Gap, seconds, threads and seed of this solve.
    watch : Watch
        Is shown progress and better plans; its ``stop`` ends the solve with the best plan so far. So does Ctrl-C.
    stage : str
        Name shown in the progress.
    options : int
        The first so many columns are choose; 0: the points are no plans to be shown.
    start : (columns,) float, optional
        A point to start from; NaN where a column is left to the solver.
    nodes : int, optional
        Most nodes of the search tree; where they run out, the reason is "time_limit".
    absolute : bool
        The gap is one in units of the objective, not a share of it.
    presolve : bool
        Whether HiGHS presolves: on small programs that takes longer than all the rest.
    searches : bool
        Whether it looks for better plans by searches of its own among some of the columns.
    pool : int, optional
        Cuts in its pool from which on they are dropped sooner; HiGHS says 10,000.
    improving : callable, optional
        Is given better points, (columns,), while the solve goes on, by the thread that asked for it.
    cuts : bool
        Whether the answer has the cuts found at the root; what is worth less than the point started from may not keep
        them. Not beside presolve, which leaves other columns.

    Returns
    -------
    Answer
        Integer columns of its point are whole numbers; its bound is rounded outward.

    Raises
    ------
    SolverError
        HiGHS refused a call or ended without a meaning.
    """
    run = _Run(program, limits, watch, stage, options, nodes, absolute, presolve, searches, pool, improving, cuts)
    answer = _run(run, start)
    if presolve and (answer.reason == "infeasible" or (answer.reason in _DONE and answer.bound is None)):
        left = limits.time_limit - (time.monotonic() - run.began)
        some = replace(limits, time_limit=max(left, _LEAST_S))
        again = replace(run, limits=some, presolve=False, began=time.monotonic())
        try:
            answer = _run(again, start)
        except SolverError:
            # A program on the brink may be too hard without presolve: then the first word stands.
            if answer.reason != "infeasible":
                raise
    return answer


def _run(run: _Run, start: Floats | None) -> Answer:
    """Solve in a thread; raises what it raises."""
    # A fresh thread has a task scheduler of its own in HiGHS, so that the number of threads may differ between solves,
    # and Ctrl-C reaches the thread that waits, never a callback.
    thread = threading.Thread(target=_work, args=(run, start), name="highs", daemon=True)
    thread.start()
    while thread.is_alive():
        try:
            thread.join(_JOIN_EVERY_S)
        except KeyboardInterrupt:
            if run.watch.stop.is_set():  # asked for a second time
                raise
            run.watch.stop.set()
        if run.improving is not None and run.points:  # of several, the last is the best
            point = run.points.pop()
            run.points.clear()
            with suppress(SolverError):  # what is not quite whole waits for the end
                run.improving(whole(run.program, point * _unit(run.program)))
    if run.fault is not None:
        raise run.fault
    if run.answer is None:
        raise SolverError("HiGHS ended without an answer")
    return run.answer


def _work(run: _Run, start: Floats | None) -> None:
    try:
        highs = model(run.program)
        _set_options(highs, run.limits, absolute=run.absolute)
        check(highs.setCallback(_callback, run), "setCallback")
        if run.nodes is not None:
            check(highs.setOptionValue("mip_max_nodes", run.nodes), "mip_max_nodes")
        if not run.presolve:
            check(highs.setOptionValue("presolve", "off"), "presolve")
        if not run.searches:
            for name in _SEARCHES:
                check(highs.setOptionValue(name, False), name)
        if run.pool is not None:
            check(highs.setOptionValue("mip_pool_soft_limit", run.pool), "mip_pool_soft_limit")
        for kind in (*_INTERRUPTS, _IMPROVING, *([_POOL] if run.told else [])):
            check(highs.startCallback(kind), "startCallback")
        if start is not None:
            # HiGHS refuses a point that leaves its bounds, were it by rounding only.
            inside = np.clip(start, run.program.lower, run.program.upper)
            known = np.flatnonzero(~np.isnan(start)).astype(np.int32)
            point = inside / _unit(run.program)
            check(highs.setSolution(len(known), known, point[known]), "setSolution")
        check(highs.run(), "run")
        run.answer = _answer(highs, run)
    except BaseException as fault:  # raised again in the thread that waits
        run.fault = fault


def _unit(program: Program) -> Floats:
    """Give the unit of every column in HiGHS, (columns,) float: 1 where x is integral, declared so or not."""
    integral = program.integer if program.implied is None else program.integer | program.implied
    return np.where(integral | (not program.integer.any()), 1.0, UNIT)


def model(program: Program) -> highspy.Highs:
    """Hand the matrix to a new HiGHS that prints nothing."""
    rows, columns = program.matrix.shape
    unit = _unit(program)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_ = program.cost * unit
    lp.col_lower_, lp.col_upper_ = program.lower / unit, program.upper / unit
    lp.row_lower_, lp.row_upper_ = program.row_lower, program.row_upper
    lp.offset_ = program.offset
    lp.sense_ = highspy.ObjSense.kMaximize if program.maximise else highspy.ObjSense.kMinimize
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = program.matrix.indptr
    lp.a_matrix_.index_ = program.matrix.indices
    lp.a_matrix_.value_ = program.matrix.data * unit[program.matrix.indices]
    if program.integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[whole] for whole in program.integer.tolist()]
    highs = highspy.Highs()
    check(highs.setOptionValue("output_flag", False), "output_flag")
    check(highs.passModel(lp), "passModel")
    return highs


def _set_options(highs: highspy.Highs, limits: Limits, *, absolute: bool) -> None:
    options: dict[str, Any] = {
        "mip_rel_gap": 0.0 if absolute else limits.gap,
        "random_seed": limits.seed,
        "threads": limits.threads,
        "time_limit": limits.time_limit,
        # What it accepts as feasible, it checks in the end at 1e-6, and refuses its own answer a hair beyond.
        "mip_feasibility_tolerance": 5e-7,
        # Starting over at the root costs more than it saves on district plans: Dazu 25 s with, 21 s without.
        "mip_allow_restart": False,
    }
    if absolute:
        options["mip_abs_gap"] = limits.gap
    for name, value in options.items():
        check(highs.setOptionValue(name, value), name)


def _callback(kind: Any, _: str, out: Any, inward: Any, run: _Run) -> None:
    """Pass on what HiGHS says; ask it to stop where the event is set. Never raises."""
    if kind == _POOL:
        if out.cutpool_num_cut and out.cutpool_num_col == len(run.program.cost):
            columns = np.array(out.cutpool_index)
            value = np.array(out.cutpool_value) / _unit(run.program)[columns]
            run.cuts = Cuts(np.array(out.cutpool_start), columns, value, np.array(out.cutpool_upper))
        return
    if kind == _IMPROVING:
        if run.improving is not None:
            run.points.append(np.array(out.mip_solution))
        if run.options:
            run.watch.incumbent(np.asarray(out.mip_solution)[: run.options] > 0.5)
        return
    seconds = time.monotonic() - run.began
    inward.user_interrupt = run.watch.stop.is_set() or seconds > run.limits.time_limit
    if kind == _INTERRUPTS[0] and seconds - run.shown > _SHOW_EVERY_S:
        run.shown = seconds
        objective, bound = _finite(out.mip_primal_bound), _finite(out.mip_dual_bound)
        run.watch.progress(Progress(run.stage, seconds, objective, bound, _finite(out.mip_gap), out.mip_node_count))


def _answer(highs: highspy.Highs, run: _Run) -> Answer:
    """Read the reason, the point and both bounds."""
    seconds = time.monotonic() - run.began
    status, info = highs.getModelStatus(), highs.getInfo()
    states = highspy.HighsModelStatus
    if status in (states.kInfeasible, states.kUnboundedOrInfeasible):
        return Answer("infeasible", None, None, None, seconds)
    if status not in (states.kOptimal, states.kTimeLimit, states.kInterrupt, states.kSolutionLimit, states.kModelEmpty):
        raise SolverError(f"HiGHS ended with {highs.modelStatusToString(status)}")
    held = status in (states.kOptimal, states.kModelEmpty) or info.primal_solution_status == 2
    program = run.program
    x = whole(program, np.array(highs.getSolution().col_value) * _unit(program)) if held else None
    objective = float(program.cost @ x) + program.offset if x is not None else None
    bound = info.mip_dual_bound if program.integer.any() else info.objective_function_value
    bound = program.offset if status == states.kModelEmpty else bound  # it forgets the offset
    bound = outward(bound, program.maximise) if np.isfinite(bound) and abs(bound) < highspy.kHighsInf else None
    reason: Reason
    if status in (states.kOptimal, states.kModelEmpty):
        reason = "optimal" if info.mip_gap <= BOUND_SLACK or not program.integer.any() else "within_gap"
    else:
        reason = "interrupted" if run.watch.stop.is_set() else "time_limit"
    return Answer(
        reason, x, objective, bound, seconds, max(int(info.mip_node_count), 0), int(info.simplex_iteration_count),
        cuts=run.cuts,
    )  # fmt: skip


def whole(program: Program, x: Floats) -> Floats:
    """Round the integer columns of a point.

    Raises
    ------
    SolverError
        One of them is farther than :data:`INTEGRALITY` from a whole number.
    """
    rounded = x.copy()
    rounded[program.integer] = np.rint(x[program.integer])
    worst = float(np.max(np.abs(rounded - x), initial=0.0))
    if worst > INTEGRALITY:
        raise SolverError(f"an integer column is {worst:g} away from a whole number")
    return rounded


def outward(bound: float, maximise: bool) -> float:
    """Move a bound outward by a hair, so that rounding never makes it claim too much."""
    hair = BOUND_SLACK * abs(bound)
    return float(np.nextafter(bound + hair, np.inf) if maximise else np.nextafter(bound - hair, -np.inf))


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) and abs(value) < highspy.kHighsInf else None


def check(status: highspy.HighsStatus, call: str) -> None:
    """Raise :class:`SolverError` where HiGHS refused a call."""
    if status == highspy.HighsStatus.kError:
        raise SolverError(f"HiGHS refused {call}")
