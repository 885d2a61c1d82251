"""A bound from clusters of sites: what crosses their borders is priced, and each cluster is solved by itself."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from panhuo.engine.decompose.inequalities import Inequalities, lifted
from panhuo.engine.decompose.parted import Parted
from panhuo.engine.decompose.shrunk import Shrunk
from panhuo.engine.decompose.standing import FEASIBLE, missed, worth_presolving
from panhuo.engine.errors import SolverError
from panhuo.engine.highs import outward, solve_highs
from panhuo.engine.program import Bools, Cuts, Floats, Limits, Program, Quiet, Watch
from panhuo_models.data import Ints

_POOL = 2_000
"""Cuts that a search of one cluster of several keeps about: on generated districts a tenth less time and memory than
with 10,000, and bounds as good. What is a cluster by itself is searched deeper, and needs them."""


@dataclass(frozen=True, eq=False)
class Bounded:
    """What the clusters say.

    Parameters
    ----------
    bound : float
        No plan surpasses it, without the offset of the objective; rounded outward.
    bounds : (clusters,) float
        Of each cluster.
    values : (clusters,) float
        Of the point held for each.
    proven : (clusters,) bool
        Solved to the gap asked for.
    point : (columns,) float
        The points of all clusters together: whole within each, but rows across borders need not hold.
    nodes : (clusters,) int
        Of the search trees.
    infeasible : bool
        A cluster has no point at all: then there is no plan.
    cuts : Inequalities
        What the searches say that better points keep, where asked: not proved.
    """

    bound: float
    bounds: Floats
    values: Floats
    proven: Bools
    point: Floats
    nodes: Ints
    infeasible: bool
    cuts: Inequalities


@dataclass(frozen=True)
class _Found:
    """What is known of a cluster."""

    bound: float
    value: float
    proven: bool
    point: Floats
    nodes: int
    infeasible: bool = False
    cuts: Inequalities | None = None


def bounded(
    program: Program,
    parted: Parted,
    gap: float,
    nodes: int | None,
    limits: Limits,
    watch: Watch,
    left: Callable[[], float],
    start: Floats | None,
    *,
    known: Bounded | None = None,
    fresh: bool = False,
    cuts: bool = False,
) -> Bounded:
    """Solve all clusters, or those that are not solved yet.

    Parameters
    ----------
    program : Program
        The program that was taken apart.
    parted : Parted
        Its parts.
    gap : float
        Largest gap of a cluster, in units of the objective.
    nodes : int, optional
        Most nodes of each search.
    limits : Limits
        Threads and seed.
    watch : Watch
        Its ``stop`` ends the work; what is unsolved then is bounded by the prices alone.
    left : callable
        Seconds left.
    start : (columns,) float, optional
        A point from which the clusters' searches start, where it holds in them; only what is worth more is looked for.
    known : Bounded, optional
        What these clusters said before: those not solved to the end are searched again, from their best points.
    fresh : bool
        The searches do not start from any point.
    cuts : bool
        The cuts that the searches find are told.
    """
    start = start if known is None else known.point
    ceilings = parted.ceiling if known is None else known.bounds

    def solve(k: int) -> _Found:
        columns, own, ceiling = parted.columns[k], parted.of(program, k), float(ceilings[k])
        if known is not None and known.proven[k]:
            return _Found(ceiling, float(known.values[k]), True, known.point[columns], 0)
        point = np.clip(0.0 if start is None else start[columns], own.lower, own.upper)
        holds = start is not None and missed(own, own.matrix @ point).max(initial=0.0) <= FEASIBLE
        value = float(own.cost @ point) if holds else -np.inf
        if ceiling - value <= gap:
            return _Found(ceiling, value, True, point, 0)
        nothing = _Found(ceiling, value, False, point, 0)
        if watch.stop.is_set() or left() <= 0:
            return nothing
        small = Shrunk.of(parted.better(own, k, value))
        some = replace(limits, gap=gap, time_limit=max(left(), 0.01), threads=1)
        try:
            answer = solve_highs(
                small.program, some, Quiet(watch.stop), start=small.carried(point) if holds and not fresh else None,
                nodes=nodes, absolute=True, presolve=worth_presolving(small.program), searches=False,
                pool=_POOL if len(parted.columns) > 1 else None, cuts=cuts,
            )  # fmt: skip
        except SolverError:  # this cluster is bounded by the prices alone
            return nothing
        if answer.reason == "infeasible":  # but for what is worth less than the point known
            return replace(nothing, bound=value, proven=True) if holds else replace(nothing, infeasible=True)
        bound = ceiling if answer.bound is None else min(ceiling, max(answer.bound, value))
        if answer.x is not None and answer.objective is not None and answer.objective >= value:
            point, value = small.original(answer.x), answer.objective
        told = None if answer.cuts is None else _widened(program, columns, lifted(own, small, answer.cuts), answer.cuts)
        return _Found(bound, value, answer.reason in ("optimal", "within_gap"), point, answer.nodes, cuts=told)

    at = [0.0 if start is None else float(parted.rest[columns] @ start[columns]) for columns in parted.columns]
    order = np.argsort(at - ceilings, kind="stable").tolist()  # those that are likely to take longest come first
    with ThreadPoolExecutor(limits.threads or 1) as threads:
        solved = dict(zip(order, threads.map(solve, order), strict=True))
    found = [solved[k] for k in range(len(order))]
    point = np.where(parted.rest > 0, program.upper, program.lower)
    for columns, one in zip(parted.columns, found, strict=True):
        point[columns] = one.point
    bounds = np.array([one.bound for one in found])
    return Bounded(
        outward(parted.constant + float(bounds.sum()), maximise=True),
        bounds,
        np.array([one.value for one in found]),
        np.array([one.proven for one in found]),
        point,
        np.array([one.nodes for one in found]),
        any(one.infeasible for one in found),
        Inequalities.stacked([one.cuts for one in found if one.cuts is not None], len(program.cost)),
    )


def unsolved(program: Program, parted: Parted, point: Floats | None) -> Bounded:
    """Say what the prices alone say of clusters; a point says what each can be worth, (columns,), where it is a plan.

    Parameters
    ----------
    program : Program
        The program that was taken apart.
    parted : Parted
        Its parts.
    point : (columns,) float or None
        A plan.
    """
    count, columns = len(parted.columns), len(program.cost)
    values = [-np.inf if point is None else float(parted.rest[own] @ point[own]) for own in parted.columns]
    return Bounded(
        outward(parted.constant + float(parted.ceiling.sum()), maximise=True), parted.ceiling, np.array(values),
        np.zeros(count, dtype=bool), np.zeros(columns) if point is None else point, np.zeros(count, dtype=np.int64),
        infeasible=False, cuts=Inequalities.none(columns),
    )  # fmt: skip


def _widened(program: Program, columns: Ints, matrix: sp.csr_matrix, cuts: Cuts) -> Inequalities:
    """Give inequalities of some columns as those of the whole program."""
    shape = len(cuts.upper), len(program.cost)
    return Inequalities(sp.csr_matrix((matrix.data, columns[matrix.indices], matrix.indptr), shape), cuts.upper)
