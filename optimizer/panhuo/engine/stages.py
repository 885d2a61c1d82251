"""The stages, solved in turn; each keeps what the ones before it reached."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import scipy.sparse as sp

from panhuo.engine.compile import Compiled, Row, compile_plan
from panhuo.engine.conflict import InfeasibleError, conflicts, impossible
from panhuo.engine.gap import stage_outcome
from panhuo.engine.highs import SolverError, choices, solve_highs
from panhuo.engine.measure import lifted
from panhuo.engine.presolve import merge
from panhuo.engine.program import Answer, Bools, Floats, Limits, Outcome, Quiet, Reason, Watch
from panhuo.engine.second import solve_cpsat, solve_scip
from panhuo.engine.start import greedy_point
from panhuo.engine.windows import improve
from panhuo.words import T
from panhuo_models.data import SitingData

Solver = Literal["highs", "scip", "cpsat"]
_KEEP_SLACK = 1e-6
_EARLIER = 0.5
"""Share of the gap to which earlier stages are solved, so that the later ones find room within it."""
_LEAST_S = 0.01


@dataclass
class _Walk:
    """Where the walk through the stages stands."""

    data: SitingData
    compiled: Compiled
    limits: Limits
    solver: Solver
    watch: Watch
    began: float = field(default_factory=time.monotonic)
    answers: list[Answer] = field(default_factory=list)
    points: list[Floats] = field(default_factory=list)
    cuts: list[Row] = field(default_factory=list)

    def left(self) -> float:
        """Seconds left."""
        return self.limits.time_limit - (time.monotonic() - self.began)


def solve(
    data: SitingData,
    limits: Limits,
    *,
    solver: Solver = "highs",
    accept: Callable[[Bools], bool] | None = None,
    watch: Watch | None = None,
) -> Outcome:
    """Solve the district plan, stage by stage.

    A later stage may give up, of an earlier one's value v, the share ε that is its tolerance, but never so much that
    the value falls farther behind the proven bound than the larger of ε and the gap asked for: a gap of 0.1 % holds
    for the final choice in every stage. A final choice that ``accept`` refuses is cut off and the last stage solved
    again; where nothing is left in it, the one before. Bounds stay valid, as what is cut off is no plan.

    Parameters
    ----------
    data : SitingData
        The data.
    limits : Limits
        Gap of every stage, seconds of all of them together, threads and seed.
    solver : {"highs", "scip", "cpsat"}
        Who solves.
    accept : callable, optional
        Says whether a choice, (O,) bool, can be paid in whole fen.
    watch : Watch, optional
        Is shown progress; its ``stop`` ends the solve with the best plan so far.

    Returns
    -------
    Outcome
        Values are those of the choice it holds; status is "no_plan" where a limit came before any plan.

    Raises
    ------
    InfeasibleError
        No plan exists; its conflicts say what is at odds.
    RefusedError
        The solver cannot take this model (CP-SAT: continuous columns).
    SolverError
        The solver failed.
    """
    watch = Quiet() if watch is None else watch
    walk_began = time.monotonic()
    if found := impossible(data):
        raise InfeasibleError(found)
    data = replace(data, reach=merge(data.reach))
    walk = _Walk(data, compile_plan(data, data.reach), limits, solver, watch, walk_began)
    if solver == "highs" and (first := greedy_point(data, walk.compiled, limits, watch)) is not None:
        walk.points.append(first)
    while True:
        ended = _advance(walk)
        # Stopped early, the last of the points may be refused: any earlier one is a plan too.
        for point in reversed(walk.points if ended else walk.points[-1:]):
            choice = choices(point, walk.compiled.options)
            if accept is None or accept(choice):
                return _outcome(walk, point, ended)
        if ended:
            return Outcome("no_plan", None, (), len(walk.cuts))
        _cut_off(walk)


def _advance(walk: _Walk) -> Reason | None:
    """Solve the stages still open; give the reason where one of them, or the clock, ended the walk early."""
    while len(walk.answers) < len(walk.data.objectives):
        if walk.watch.stop.is_set():
            return "interrupted"
        if walk.left() <= 0:
            return "time_limit"
        began = time.monotonic()
        answer = _solve_stage(walk, len(walk.answers))
        answer = replace(answer, seconds=time.monotonic() - began)
        if answer.reason == "infeasible":
            _step_back(walk)
            continue
        walk.answers.append(answer)
        if answer.x is not None:
            walk.points.append(answer.x)
        if answer.reason in ("time_limit", "interrupted"):
            return answer.reason
    return None


def _step_back(walk: _Walk) -> None:
    """Reopen the stage before one in which, after cuts, nothing is left."""
    if walk.answers and walk.cuts:
        walk.answers.pop()
    elif walk.answers:
        raise SolverError("a stage lost the plan of the stage before it")
    elif walk.cuts:
        raise InfeasibleError((T("no choice of options can be paid in whole fen within the caps and shares"),))
    else:
        raise InfeasibleError(conflicts(walk.data))


def _solve_stage(walk: _Walk, stage: int) -> Answer:
    """Solve one stage under what the earlier ones keep."""
    kept = [_keep(walk, s, answer) for s, answer in enumerate(walk.answers)]
    program = walk.compiled.program(stage, [*kept, *walk.cuts])
    if walk.solver != "highs":
        limits = replace(walk.limits, time_limit=walk.left())
        return (solve_scip if walk.solver == "scip" else solve_cpsat)(program, limits, walk.watch)
    objective = walk.data.objectives[stage]
    last = stage == len(walk.data.objectives) - 1
    gap = walk.limits.gap * (1.0 if last or objective.tolerance == 0 else _EARLIER)
    start = lifted(walk.data, walk.compiled, walk.points[-1]) if walk.points else None
    if kept and start is not None:
        # Kept values leave so few plans that a tree search hardly finds a second one; windows do.
        began = replace(walk.limits, gap=gap, time_limit=walk.left())
        start = improve(program, start, walk.compiled.site, began, walk.watch)
    limits = replace(walk.limits, gap=gap, time_limit=max(walk.left(), _LEAST_S))
    return solve_highs(program, limits, walk.watch, stage=objective.name, options=walk.compiled.options, start=start)


def _keep(walk: _Walk, stage: int, answer: Answer) -> Row:
    """Keep what a stage reached, but for its tolerance; coefficients are scaled to at most 1."""
    compiled, objective = walk.compiled, walk.data.objectives[stage]
    value, bound = answer.objective, answer.bound
    if value is None:
        raise SolverError("a stage without a plan cannot be kept")
    epsilon, most = objective.tolerance, max(objective.tolerance, walk.limits.gap)
    if objective.maximise:
        least = value - epsilon * abs(value)
        if bound is not None and value > 0:
            least = min(value, max(least, bound / (1 + most)))
        lower, upper = least - _slack(least), np.inf
    else:
        worst = value + epsilon * abs(value)
        if bound is not None and bound > 0 and most < 1:
            worst = max(value, min(worst, bound / (1 - most)))
        lower, upper = -np.inf, worst + _slack(worst)
    row = sp.csr_matrix(compiled.costs[[stage]])
    # A power of ten: decimal data stay decimal.
    scale = 10.0 ** np.ceil(np.log10(max(float(np.abs(row.data).max(initial=0.0)), 1e-6)))
    offset = float(compiled.offsets[stage])
    return Row(row / scale, (lower - offset) / scale, (upper - offset) / scale)


def _slack(value: float) -> float:
    return _KEEP_SLACK + 1e-9 * abs(value)


def _cut_off(walk: _Walk) -> None:
    """Forbid the refused choice and reopen the last stage.

    Σ_{o chosen} (1 − choose[o]) + Σ_{o not chosen} choose[o] ≥ 1.
    """
    choice = choices(walk.points[-1], walk.compiled.options)
    signs = np.zeros(walk.compiled.matrix.shape[1])
    signs[: walk.compiled.options] = np.where(choice, -1.0, 1.0)
    walk.cuts.append(Row(sp.csr_matrix(signs[None, :]), 1.0 - float(choice.sum()), np.inf))
    walk.points = [p for p in walk.points if not np.array_equal(choices(p, walk.compiled.options), choice)]
    walk.answers.pop()


def _outcome(walk: _Walk, point: Floats, ended: Reason | None) -> Outcome:
    """Say what was reached by the choice that is held."""
    compiled = walk.compiled
    stages = tuple(stage_outcome(walk.data, compiled, s, answer, point) for s, answer in enumerate(walk.answers))
    status: Reason = ended or ("optimal" if all(stage.status == "optimal" for stage in stages) else "within_gap")
    return Outcome(status, choices(point, compiled.options), stages, len(walk.cuts))
