"""A bound from clusters of sites: rows that cross their borders are priced, each cluster is solved by itself."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from panhuo.engine.decompose.partition import Ground
from panhuo.engine.decompose.prices import allowed
from panhuo.engine.decompose.standing import worth_presolving
from panhuo.engine.highs import SolverError, outward, solve_highs
from panhuo.engine.program import Bools, Floats, Limits, Program, Quiet, Watch
from panhuo_models.data import Ints


@dataclass(frozen=True, eq=False)
class Parted:
    """A program taken apart: columns and rows of each cluster, and what the prices say of all others.

    Parameters
    ----------
    row : (rows,) float
        Prices of the rows that cross borders; 0 for the others.
    columns, rows : tuple of (n,) int
        Of each cluster.
    rest : (columns,) float
        Objective coefficients less what the priced rows take.
    free : (columns,) bool
        Columns of no cluster: they stand at the bound that suits their coefficient.
    constant : float
        What the priced rows and the free columns add to the bound.
    """

    row: Floats
    columns: tuple[Ints, ...]
    rows: tuple[Ints, ...]
    rest: Floats
    free: Bools
    constant: float

    def of(self, program: Program, k: int) -> Program:
        """Give the program of cluster k."""
        return program.cut(self.rows[k], self.columns[k], self.rest[self.columns[k]])


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
    """

    bound: float
    bounds: Floats
    values: Floats
    proven: Bools
    point: Floats
    nodes: Ints
    infeasible: bool


def part(program: Program, ground: Ground, cluster: Ints, row: Floats) -> Parted:
    """Take a program apart.

    A row belongs to a cluster where all its sites do, and a column without a site where all its rows do; every other
    row is priced.

    Parameters
    ----------
    program : Program
        To be maximised; boxed.
    ground : Ground
        Its sites.
    cluster : (J,) int
        Cluster of each site.
    row : (rows,) float
        Prices.
    """
    count = int(cluster.max(initial=-1)) + 1
    matrix = program.matrix.tocsr()
    turned = matrix.tocsc()
    of_row = _only(ground.touches, cluster)
    of_column = np.where(ground.site >= 0, cluster[ground.site], -1)
    siteless = np.flatnonzero(ground.site < 0)
    while True:
        spans = _only(sp.csr_matrix(turned[:, siteless].T), of_row)
        torn = siteless[spans == _SEVERAL]
        if not len(torn):
            break
        of_row[np.unique(turned[:, torn].indices)] = _SEVERAL
    of_column[siteless] = spans
    if count == 1:  # one cluster is the whole, with what no site stands in
        of_row[:], of_column[:] = 0, 0
    of_row[of_row < 0] = -1
    of_column[of_column < 0] = -1
    priced = allowed(program, np.where(of_row < 0, row, 0.0))
    rest = program.cost - turned.T @ priced
    free = of_column < 0
    constant = _most(priced, program.row_lower, program.row_upper) + _most(
        rest[free], program.lower[free], program.upper[free]
    )
    return Parted(priced, _members(of_column, count), _members(of_row, count), rest, free, constant)


_SEVERAL = -2


def _only(matrix: sp.csr_matrix, of: Ints) -> Ints:
    """Give, for each row of a matrix, the one cluster its columns are of; -1 for none, :data:`_SEVERAL` for several.

    Columns of no cluster do not count.
    """
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    mine = of[matrix.indices]
    row, mine = row[mine >= 0], mine[mine >= 0]
    least, most = np.full(matrix.shape[0], np.iinfo(np.int64).max), np.full(matrix.shape[0], -1)
    np.minimum.at(least, row, mine)
    np.maximum.at(most, row, mine)
    return np.where(most < 0, -1, np.where(least == most, most, _SEVERAL))


def _most(price: Floats, lower: Floats, upper: Floats) -> float:
    held = price != 0
    return float((price[held] * np.where(price[held] > 0, upper[held], lower[held])).sum())


def _members(of: Ints, count: int) -> tuple[Ints, ...]:
    order = np.argsort(of, kind="stable")
    return tuple(np.split(order, np.searchsorted(of[order], np.arange(count + 1)))[1:-1])


def bounded(
    program: Program,
    parted: Parted,
    gap: float,
    nodes: int | None,
    limits: Limits,
    watch: Watch,
    left: Callable[[], float],
    start: Floats | None,
) -> Bounded:
    """Solve all clusters.

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
        Its ``stop`` ends the work; what is unsolved then is bounded by its columns alone.
    left : callable
        Seconds left.
    start : (columns,) float, optional
        A point from which the clusters' searches start, where it holds in them.
    """

    def solve(k: int) -> tuple[float, float, bool, Floats, int, bool]:
        columns, own = parted.columns[k], parted.of(program, k)
        simple = _most(own.cost, own.lower, own.upper)
        nothing = simple, -np.inf, False, np.clip(0.0, own.lower, own.upper), 0, False
        if watch.stop.is_set() or left() <= 0:
            return nothing
        some = replace(limits, gap=gap, time_limit=left(), threads=1)
        own_start = None if start is None else start[columns]
        try:
            answer = solve_highs(
                own, some, Quiet(watch.stop), start=own_start, nodes=nodes, absolute=True,
                presolve=worth_presolving(own),
            )  # fmt: skip
        except SolverError:  # this cluster is bounded by its columns alone
            return nothing
        bound = simple if answer.bound is None else min(simple, answer.bound)
        point = np.clip(0.0, own.lower, own.upper) if answer.x is None else answer.x
        value = -np.inf if answer.objective is None else answer.objective
        proven = answer.reason in ("optimal", "within_gap")
        return bound, value, proven, point, answer.nodes, answer.reason == "infeasible"

    with ThreadPoolExecutor(limits.threads or 1) as threads:
        found = list(threads.map(solve, range(len(parted.columns))))
    point = np.where(parted.rest > 0, program.upper, program.lower)
    for columns, (_, _, _, held, *_) in zip(parted.columns, found, strict=True):
        point[columns] = held
    bounds = np.array([bound for bound, *_ in found])
    return Bounded(
        outward(parted.constant + float(bounds.sum()), maximise=True),
        bounds,
        np.array([value for _, value, *_ in found]),
        np.array([proven for _, _, proven, *_ in found]),
        point,
        np.array([nodes for *_, nodes, _ in found]),
        any(empty for *_, empty in found),
    )
