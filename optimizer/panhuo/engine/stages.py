"""The stages, solved in turn; each keeps what the ones before it reached."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

import numpy as np
import scipy.sparse as sp

from panhuo.blas import in_one_thread
from panhuo.engine.compile import Compiled, Row
from panhuo.engine.conflict import conflicts, impossible
from panhuo.engine.decompose import Guide, solve_decomposed
from panhuo.engine.errors import InfeasibleError, SolverError, UnboundedError
from panhuo.engine.gap import stage_outcome, unit_of
from panhuo.engine.highs import solve_highs
from panhuo.engine.keep import falls_short, keep, least_kept
from panhuo.engine.measure import lifted
from panhuo.engine.program import (
    Answer,
    Bools,
    Decision,
    Floats,
    Limits,
    Outcome,
    Progress,
    Quiet,
    Reason,
    StageOutcome,
    Watch,
)
from panhuo.engine.prove import prove
from panhuo.engine.second import solve_cpsat, solve_scip
from panhuo.engine.settle import Settled, Settler
from panhuo.engine.start import greedy_point, guided_point, knows
from panhuo.engine.windows import improve
from panhuo.words import T
from panhuo_models.data import Objective, SitingData

Solver = Literal["highs", "scip", "cpsat"]
Engine = Literal["auto", "exact", "decompose"]
LARGE = 50_000
"""Pairs of merged demand and options from which on "auto" decomposes: below, one search over all is as fast."""
_EARLIER = 0.5
"""Share of the gap to which earlier stages are solved, so that the later ones find room within it."""
_AIM = 0.99
"""Share of the gap that is aimed at: settling a choice in whole visits may take a hair."""
_LEAST_S = 0.01
_SETTLE_S = 60.0
"""Most seconds of each program that settles a choice, where the clock has run out: they take far less."""


@dataclass
class _Walk:
    """Where the walk through the stages stands."""

    data: SitingData
    settler: Settler
    limits: Limits
    solver: Solver
    engine: Engine
    watch: Watch
    began: float = field(default_factory=time.monotonic)
    answers: list[Answer] = field(default_factory=list)
    points: list[Floats] = field(default_factory=list)
    cuts: list[Row] = field(default_factory=list)

    @property
    def compiled(self) -> Compiled:
        """The program of the merged data."""
        return self.settler.compiled

    @property
    def merged(self) -> SitingData:
        """The data the program was compiled from."""
        return self.settler.merged

    @property
    def decomposes(self) -> bool:
        """Whether stages are solved by decomposition."""
        merged = self.settler.merged
        large = merged.reach.within.nnz + len(merged.flow.row) > LARGE
        return self.solver == "highs" and (self.engine == "decompose" or (self.engine == "auto" and large))

    def left(self) -> float:
        """Seconds left."""
        return self.limits.time_limit - (time.monotonic() - self.began)


@in_one_thread
def solve(
    data: SitingData,
    limits: Limits,
    *,
    solver: Solver = "highs",
    engine: Engine = "auto",
    accept: Callable[[Decision], bool] | None = None,
    watch: Watch | None = None,
) -> Outcome:
    """Solve the district plan, stage by stage.

    A later stage may give up, of an earlier one's value v, the share ε that is its tolerance, but never so much that
    the value falls farther behind the proven bound than the larger of ε and the gap asked for: a gap of 0.1 % holds
    for the final choice in every stage. The choice that stands at the end is settled
    (:mod:`panhuo.engine.settle`). One that cannot be, or that ``accept`` refuses, is cut off and the last stage solved
    again; where nothing is left in it, the one before. Bounds stay valid, as what is cut off is no plan.

    Parameters
    ----------
    data : SitingData
        The data.
    limits : Limits
        Gap of every stage, seconds of all of them together, threads and seed.
    solver : {"highs", "scip", "cpsat"}
        Who solves.
    engine : {"auto", "exact", "decompose"}
        One search over all sites, or prices, clusters and windows (:mod:`panhuo.engine.decompose`); auto goes by size.
    accept : callable, optional
        Says whether a decision can be paid in whole fen.
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
    UnboundedError
        Decomposition was asked for and cannot bound a stage.
    """
    watch = Quiet() if watch is None else watch
    walk_began = time.monotonic()
    if found := impossible(data):
        raise InfeasibleError(found)
    walk = _Walk(data, Settler(data), limits, solver, engine, watch, walk_began)
    if (
        solver == "highs"
        and not walk.decomposes
        and (first := greedy_point(walk.merged, walk.compiled, limits, watch)) is not None
    ):
        walk.points.append(first)
    while True:
        ended = _advance(walk)
        # Stopped early, the last of the points may be refused: any earlier one is a plan too.
        for point in reversed(walk.points if ended else walk.points[-1:]):
            settled = _settle(walk, point, accept)
            if settled is not None:
                return _outcome(walk, settled, ended)
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
        # What no plan holds is a conflict too: it must be seen.
        raise InfeasibleError(conflicts(walk.settler.alike))


def _solve_stage(walk: _Walk, stage: int) -> Answer:
    """Solve one stage under what the earlier ones keep."""
    walk.watch.progress(Progress(walk.data.objectives[stage].name, 0.0, None, None, None, 0))
    kept = [keep(walk.compiled, s, _kept(walk, s, answer)) for s, answer in enumerate(walk.answers)]
    made = partial(walk.compiled.program, stage, [*kept, *walk.cuts])
    if walk.solver != "highs":
        limits = replace(walk.limits, time_limit=walk.left())
        return (solve_scip if walk.solver == "scip" else solve_cpsat)(made(), limits, walk.watch)
    objective = walk.data.objectives[stage]
    last = stage == len(walk.data.objectives) - 1
    gap = walk.limits.gap * (_AIM if last or objective.tolerance == 0 else _EARLIER)
    start = lifted(walk.merged, walk.compiled, walk.points[-1]) if walk.points else None
    if walk.decomposes:
        limits = replace(walk.limits, gap=gap, time_limit=max(walk.left(), _LEAST_S))
        try:
            return solve_decomposed(
                made, walk.compiled.site, walk.compiled.defined, limits, walk.watch,
                stage=objective.name, options=walk.compiled.options, guides=_guides(walk, objective, start),
            )  # fmt: skip
        except UnboundedError:
            if walk.engine == "decompose":
                raise
    program = made()
    if not walk.answers and not knows(walk.merged, objective):
        start = None
    if kept and start is not None:
        # Kept values leave so few plans that a tree search hardly finds a second one; windows do.
        began = replace(walk.limits, gap=gap, time_limit=walk.left())
        start = improve(program, start, walk.compiled.site, began, walk.watch)
    limits = replace(walk.limits, gap=gap, time_limit=max(walk.left(), _LEAST_S))
    return solve_highs(program, limits, walk.watch, stage=objective.name, options=walk.compiled.options, start=start)


def _guides(walk: _Walk, objective: Objective, start: Floats | None) -> list[Guide]:
    """Say where decomposition may start: from the stage before, or by greed, which then has to know the objective."""
    if start is not None:
        return [lambda _: start]
    if not knows(walk.merged, objective):
        return []
    limits = replace(walk.limits, time_limit=max(walk.left(), _LEAST_S))

    def greed(relaxed: Floats) -> Floats | None:
        share = relaxed[walk.compiled.families["choose"]]
        return guided_point(walk.merged, walk.compiled, share, limits, walk.watch)

    return [greed]


def _settle(walk: _Walk, point: Floats, accept: Callable[[Decision], bool] | None) -> Settled | None:
    """Settle the choice of a point. Nothing stops that: it is quick, and without it there is no plan."""
    choose, level = _choice(walk, point)
    limits = replace(walk.limits, gap=0.0, time_limit=max(walk.left(), _SETTLE_S))
    # Only the last stage may have ended without a plan of its own.
    kept = [_kept(walk, s, answer) for s, answer in enumerate(walk.answers) if answer.objective is not None]
    return walk.settler.settle(choose, level, kept, limits, Quiet(), accept)


def _choice(walk: _Walk, point: Floats) -> tuple[Bools, Bools]:
    """Read the options and the outlets off a point."""
    families = walk.compiled.families
    level = walk.data.outlets.account >= 0
    level[level] = point[families["level"]] > 0.5
    return point[families["choose"]] > 0.5, level


def _kept(walk: _Walk, stage: int, answer: Answer) -> float:
    """Say what is kept of a stage."""
    if answer.objective is None:
        raise SolverError("a stage without a plan cannot be kept")
    return least_kept(walk.data.objectives[stage], answer.objective, answer.bound, walk.limits.gap)


def _cut_off(walk: _Walk) -> None:
    """Forbid the refused choice of options and outlets, and reopen the last stage.

    Σ_{marked} (1 − x) + Σ_{others} x ≥ 1, over choose[o] and level[n].
    """
    refused, families = walk.points[-1], walk.compiled.families
    signs, marked = np.zeros(len(walk.compiled.lower)), 0
    for family in (families["choose"], families["level"]):
        chosen = refused[family] > 0.5
        signs[family] = np.where(chosen, -1.0, 1.0)
        marked += int(chosen.sum())
    walk.cuts.append(Row(sp.csr_matrix(signs[None, :]), 1.0 - marked, np.inf))
    walk.points = [point for point in walk.points if np.any((point > 0.5)[signs != 0] != (refused > 0.5)[signs != 0])]
    walk.answers.pop()


def _outcome(walk: _Walk, settled: Settled, ended: Reason | None) -> Outcome:
    """Say what was reached by the decision that is held."""
    stages: list[StageOutcome] = []
    gave_way = False
    proofs = prove(walk.settler, walk.answers, [_kept(walk, s, a) for s, a in enumerate(walk.answers[:-1])])
    for s, answer in enumerate(walk.answers):
        found = stage_outcome(walk.data, walk.compiled, s, answer, settled, proofs[s], gave_way=gave_way)
        stages.append(found)
        if answer.objective is not None and found.objective is not None:
            stage = walk.data.objectives[s]
            gave_way |= falls_short(stage, found.objective / unit_of(stage), _kept(walk, s, answer))
    status: Reason = ended or ("optimal" if all(stage.status == "optimal" for stage in stages) else "within_gap")
    return Outcome(status, settled.decision, tuple(stages), len(walk.cuts), "decompose" if walk.decomposes else "exact")
