"""A second opinion: the same matrix, solved by SCIP or CP-SAT of OR-tools.

OR-tools is imported only when it is asked for: it and some versions of highspy cannot live in one process
(or-tools issue 5246), and whoever solves with HiGHS should not wait for it to load.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import numpy as np

from panhuo.engine.errors import SolverError
from panhuo.engine.highs import outward, whole
from panhuo.engine.integers import WholeProgram, whole_numbers
from panhuo.engine.program import Answer, Floats, Limits, Program, Reason, Watch

_JOIN_EVERY_S = 0.1
_EXACT = 1e-9


def solve_scip(program: Program, limits: Limits, watch: Watch, *, interruptible: bool = True) -> Answer:
    """Solve a program with SCIP.

    Parameters
    ----------
    program : Program
        The program; it is bounded.
    limits : Limits
        Gap, seconds and seed; SCIP runs on one thread.
    watch : Watch
        Its ``stop`` ends the solve with the best plan so far.
    interruptible : bool
        Whether it does. OR-tools 9.15 writes two lines of errors to the terminal for every solve that can be
        interrupted; many short ones are let run to their end.

    Returns
    -------
    Answer
        As :func:`panhuo.engine.highs.solve_highs` gives it.

    Raises
    ------
    SolverError
        SCIP refused the program or ended without a meaning.
    """
    mathopt: Any = import_module("ortools.math_opt.python.mathopt")
    interrupters: Any = import_module("ortools.util.python.solve_interrupter")
    began = time.monotonic()
    model = mathopt.Model.from_model_proto(_model_proto(program))
    params = mathopt.SolveParameters(
        time_limit=timedelta(seconds=limits.time_limit) if np.isfinite(limits.time_limit) else None,
        relative_gap_tolerance=limits.gap,
        random_seed=limits.seed,
        threads=1,
    )
    interrupter = interrupters.SolveInterrupter() if interruptible else None
    result = _run(
        lambda: mathopt.solve(model, mathopt.SolverType.GSCIP, params=params, interrupter=interrupter),
        _left_alone if interrupter is None else interrupter.interrupt,
        watch,
    )
    seconds = time.monotonic() - began
    ended, known = result.termination.reason, mathopt.TerminationReason
    if ended in (known.INFEASIBLE, known.INFEASIBLE_OR_UNBOUNDED):
        return Answer("infeasible", None, None, None, seconds)
    if ended == known.NO_SOLUTION_FOUND:
        return _answer(program, limits, watch, None, None, seconds)
    if ended not in (known.OPTIMAL, known.FEASIBLE):
        raise SolverError(f"SCIP ended with {ended}: {result.termination.detail}")
    x = whole(program, np.array(result.variable_values(list(model.variables()))))
    return _answer(program, limits, watch, x, float(result.termination.objective_bounds.dual_bound), seconds)


def _model_proto(program: Program) -> Any:
    """Hand the matrix over as arrays."""
    proto: Any = import_module("ortools.math_opt.model_pb2").ModelProto()
    rows, columns = program.matrix.shape
    proto.variables.ids.extend(range(columns))
    proto.variables.lower_bounds.extend(program.lower)
    proto.variables.upper_bounds.extend(program.upper)
    proto.variables.integers.extend(program.integer.tolist())
    priced = np.flatnonzero(program.cost)
    proto.objective.maximize = program.maximise
    proto.objective.offset = program.offset
    proto.objective.linear_coefficients.ids.extend(priced)
    proto.objective.linear_coefficients.values.extend(program.cost[priced])
    proto.linear_constraints.ids.extend(range(rows))
    proto.linear_constraints.lower_bounds.extend(program.row_lower)
    proto.linear_constraints.upper_bounds.extend(program.row_upper)
    matrix = program.matrix.copy()
    matrix.eliminate_zeros()
    matrix.sort_indices()
    proto.linear_constraint_matrix.row_ids.extend(np.repeat(np.arange(rows), np.diff(matrix.indptr)))
    proto.linear_constraint_matrix.column_ids.extend(matrix.indices)
    proto.linear_constraint_matrix.coefficients.extend(matrix.data)
    return proto


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


def _left_alone() -> None:
    """Do nothing: the solve ends by itself."""


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
