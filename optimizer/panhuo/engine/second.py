"""A second opinion: the same matrix, solved by SCIP or CP-SAT of OR-tools.

OR-tools is imported only when it is asked for: it and some versions of highspy cannot live in one process
(or-tools issue 5246), and whoever solves with HiGHS should not wait for it to load.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from panhuo.engine.highs import SolverError, outward, whole
from panhuo.engine.integers import WholeProgram, whole_numbers
from panhuo.engine.program import Answer, Floats, Limits, Program, Reason, Watch

_JOIN_EVERY_S = 0.1
_EXACT = 1e-9


def solve_scip(program: Program, limits: Limits, watch: Watch) -> Answer:
    """Solve a program with SCIP.

    Parameters
    ----------
    program : Program
        The program; it is bounded.
    limits : Limits
        Gap, seconds and seed; SCIP runs on one thread.
    watch : Watch
        Its ``stop`` ends the solve with the best plan so far.

    Returns
    -------
    Answer
        As :func:`panhuo.engine.highs.solve_highs` gives it.

    Raises
    ------
    SolverError
        SCIP refused the program or ended without a meaning.
    """
    builder: Any = import_module("ortools.linear_solver.python.model_builder_helper")

    began = time.monotonic()
    model = builder.ModelBuilderHelper()
    model.fill_model_from_sparse_data(
        program.lower, program.upper, program.cost, program.row_lower, program.row_upper, program.matrix
    )
    for column in np.flatnonzero(program.integer).tolist():
        model.set_var_integrality(column, True)
    model.set_objective_offset(program.offset)
    model.set_maximize(program.maximise)
    solver = builder.ModelSolverHelper("scip")
    if np.isfinite(limits.time_limit):
        solver.set_time_limit_in_seconds(limits.time_limit)
    solver.set_solver_specific_parameters(
        f"limits/gap = {limits.gap!r}\nrandomization/randomseedshift = {limits.seed}\n"
    )
    _run(lambda: solver.solve(model), solver.interrupt_solve, watch)
    seconds = time.monotonic() - began
    status, known = solver.status(), builder.SolveStatus
    if status == known.INFEASIBLE:
        return Answer("infeasible", None, None, None, seconds)
    if solver.has_solution():
        x = whole(program, np.array(solver.variable_values(), dtype=float))
        return _answer(program, limits, watch, x, float(solver.best_objective_bound()), seconds)
    if status in (known.NOT_SOLVED, known.CANCELLED_BY_USER, known.UNKNOWN_STATUS):
        return _answer(program, limits, watch, None, None, seconds)
    raise SolverError(f"SCIP ended with {status}: {solver.status_string()}")


def solve_cpsat(program: Program, limits: Limits, watch: Watch) -> Answer:
    """Solve a pure 0–1 program with CP-SAT.

    Parameters
    ----------
    program : Program
        A pure 0–1 program with decimal data.
    limits : Limits
        Gap, seconds, threads and seed.
    watch : Watch
        Its ``stop`` ends the solve with the best plan so far.

    Returns
    -------
    Answer
        As :func:`panhuo.engine.highs.solve_highs` gives it.

    Raises
    ------
    RefusedError
        The program has continuous columns, or data that are not decimal.
    SolverError
        CP-SAT ended without a meaning.
    """
    cp_model: Any = import_module("ortools.sat.python.cp_model")

    began = time.monotonic()
    numbers = whole_numbers(program)
    model, variables = _cp_model(cp_model, numbers, program.maximise)
    solver = cp_model.CpSolver()
    solver.parameters.relative_gap_limit = limits.gap
    solver.parameters.random_seed = limits.seed
    solver.parameters.num_workers = limits.threads
    if np.isfinite(limits.time_limit):
        solver.parameters.max_time_in_seconds = limits.time_limit
    status = _run(lambda: solver.solve(model), solver.stop_search, watch)
    seconds = time.monotonic() - began
    if status == cp_model.INFEASIBLE:
        return Answer("infeasible", None, None, None, seconds)
    if status == cp_model.UNKNOWN:
        return _answer(program, limits, watch, None, None, seconds)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise SolverError(f"CP-SAT ended with {status}")
    y = np.array([solver.value(variable) for variable in variables], dtype=float)
    bound = float(solver.best_objective_bound) / numbers.scale + numbers.offset
    return _answer(program, limits, watch, np.asarray(numbers.back @ y).ravel(), bound, seconds)


def _cp_model(cp_model: Any, numbers: WholeProgram, maximise: bool) -> tuple[Any, list[Any]]:
    model = cp_model.CpModel()
    bounds = zip(numbers.lower.tolist(), numbers.upper.tolist(), strict=True)
    variables = [model.new_int_var(low, high, f"y{n}") for n, (low, high) in enumerate(bounds)]
    matrix = numbers.matrix
    far = int(np.abs(matrix.data).sum()) + 1 if matrix.nnz else 1
    for row in range(matrix.shape[0]):
        entries = slice(matrix.indptr[row], matrix.indptr[row + 1])
        of, by = [variables[n] for n in matrix.indices[entries]], matrix.data[entries].tolist()
        low, high = numbers.row_lower[row], numbers.row_upper[row]
        low, high = (int(v) if np.isfinite(v) else sign * far for v, sign in ((low, -1), (high, 1)))
        model.add_linear_constraint(cp_model.LinearExpr.weighted_sum(of, by), low, high)
    value = cp_model.LinearExpr.weighted_sum(variables, numbers.cost.tolist())
    (model.maximize if maximise else model.minimize)(value)
    return model, variables


def _run(solve: Callable[[], Any], stop: Callable[[], Any], watch: Watch) -> Any:
    """Solve in a thread of its own; ask the solver to stop where the event is set or Ctrl-C was pressed."""
    said: list[Any] = []
    fault: list[BaseException] = []

    def work() -> None:
        try:
            said.append(solve())
        except BaseException as seen:  # raised again in the thread that waits
            fault.append(seen)

    thread = threading.Thread(target=work, name="second opinion", daemon=True)
    thread.start()
    while thread.is_alive():
        try:
            thread.join(_JOIN_EVERY_S)
        except KeyboardInterrupt:
            watch.stop.set()
        if watch.stop.is_set():
            stop()
    if fault:
        raise fault[0]
    return said[0]


def _answer(
    program: Program, limits: Limits, watch: Watch, x: Floats | None, bound: float | None, seconds: float
) -> Answer:
    """Say why the solve ended by what it holds."""
    objective = None if x is None else float(program.cost @ x) + program.offset
    if bound is not None:
        bound = outward(bound, program.maximise) if abs(bound) < 1e20 else None
    reason: Reason = "interrupted" if watch.stop.is_set() else "time_limit"
    if objective is not None and bound is not None:
        behind = abs(bound - objective)
        if behind <= max(_EXACT * 10 * abs(objective), 1e-9):
            reason = "optimal"
        elif behind <= limits.gap * abs(objective) + 1e-6:
            reason = "within_gap"
    return Answer(reason, x, objective, bound, seconds)
