"""A point of a program and what its rows add up to; small programs around it, and the moves they find."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace

import numpy as np

from panhuo.engine.cutting import cut
from panhuo.engine.decompose.around import Followers, Turned, around, moved
from panhuo.engine.decompose.partition import Ground
from panhuo.engine.decompose.shrunk import Shrunk
from panhuo.engine.errors import SolverError
from panhuo.engine.highs import solve_highs
from panhuo.engine.program import Bools, Floats, Limits, Program, Quiet, Watch
from panhuo_models.data import Ints

FEASIBLE = 1e-6
"""Most by which a row may be missed, in its own units: what HiGHS keeps."""


@dataclass(frozen=True, eq=False)
class Window:
    """A small program: some columns are free, all others stay as they are.

    Parameters
    ----------
    program : Program
        The small program.
    columns : (n,) int
        The free columns.
    here : (n,) float
        Where they stand.
    """

    program: Program
    columns: Ints
    here: Floats


@dataclass(frozen=True, eq=False)
class Move:
    """What a window found: the free columns, by how much they change, and what that gains."""

    columns: Ints
    change: Floats
    gain: float
    proven: bool
    iterations: int


class Standing:
    """Where the search stands.

    Parameters
    ----------
    program : Program
        To be maximised.
    ground : Ground
        Its sites.
    point : (columns,) float
        Integer columns whole.
    kernel : (columns,) bool, optional
        Integer columns that windows may raise; those raised already may fall. All of them where not given.
    """

    def __init__(self, program: Program, ground: Ground, point: Floats, kernel: Bools | None = None) -> None:
        self.program, self.ground = program, ground
        self.kernel = np.ones(len(point), dtype=bool) if kernel is None else kernel
        self.matrix = program.matrix.tocsr()
        self.turned = Turned.of(self.matrix)
        self.point = point.copy()
        self.activity = self.matrix @ point
        order = np.argsort(ground.site, kind="stable")
        starts = np.searchsorted(ground.site[order], np.arange(len(ground.size) + 1))
        self._own, self._starts = order, starts
        self._followers = Followers.of(program)
        wide = np.flatnonzero(ground.linking)
        across = np.zeros(len(point), dtype=bool)
        across[self.matrix[wide].indices] = True
        self.across: Bools = across & (ground.site < 0)

    @property
    def value(self) -> float:
        """Value of the point, without the offset of the objective."""
        return float(self.program.cost @ self.point)

    def missed(self) -> Floats:
        """By how much each row is missed, (rows,); 0 where it holds."""
        return missed(self.program, self.activity)

    def columns_of(self, sites: Ints) -> Ints:
        """Integer columns of sites that may move."""
        own = np.concatenate(
            [self._own[:0], *(self._own[self._starts[j] : self._starts[j + 1]] for j in sites.tolist())]
        )
        return own[self.kernel[own] | (self.point[own] != self.program.lower[own])]

    def beside(self, other: Standing) -> Ints:
        """List the sites at which an integer column stands elsewhere than in another point of the same program."""
        sites = self.ground.site[np.flatnonzero((self.point != other.point) & self.program.integer)]
        return np.unique(sites[sites >= 0])

    def copy(self) -> Standing:
        """Give another one at the same point."""
        other = copy(self)
        other.point, other.activity = self.point.copy(), self.activity.copy()
        return other

    def at(self, point: Floats) -> Standing:
        """Give another one at another point."""
        other = copy(self)
        other.point, other.activity = point.copy(), self.matrix @ point
        return other

    def cost(self, row: Floats) -> Floats:
        """Objective coefficients, (columns,), less what rows that link all sites take at prices, (rows,)."""
        priced: Floats = self.program.cost - self.matrix.T @ np.where(self.ground.linking, row, 0.0)
        return priced

    def priced(self, sites: Ints, cost: Floats) -> Window:
        """Free some sites; the rows that link all sites are priced, and need not hold.

        Parameters
        ----------
        sites : (s,) int
            The sites.
        cost : (columns,) float
            As of :meth:`cost`.
        """
        rows, columns = self._around(self.columns_of(sites), left_out=self.ground.linking, may=~self.across)
        return self._window(columns, rows, cost[columns])

    def held(self, sites: Ints, *, also: Ints | None = None, repair: bool = False) -> Window:
        """Free some sites; all rows hold.

        Parameters
        ----------
        sites : (s,) int
            The sites.
        also : (n,) int, optional
            Further columns that are free.
        repair : bool
            Rows that are missed today must hold; else they may stay missed.
        """
        return self.among(self.columns_of(sites), also=also, repair=repair)

    def among(self, columns: Ints, *, also: Ints | None = None, repair: bool = True) -> Window:
        """Free some integer columns, (n,), each once; all rows hold, and the rest as in :meth:`held`."""
        every = np.ones(len(self.point), dtype=bool)
        rows, free = self._around(columns, also, left_out=np.zeros_like(self.ground.linking), may=every)
        return self._window(free, rows, self.program.cost[free], repair=repair)

    def _around(self, own: Ints, also: Ints | None = None, *, left_out: Bools, may: Bools) -> tuple[Ints, Ints]:
        also = own[:0] if also is None else np.setdiff1d(also, own)
        return around(self.program, self.turned, self._followers, self.point, self.activity, own, also, left_out, may)

    def _window(self, columns: Ints, rows: Ints, cost: Floats, *, repair: bool = False) -> Window:
        own, here, now = cut(self.program, rows, columns, cost), self.point[columns], self.activity[rows]
        rest = now - own.matrix @ here
        lower, upper = own.row_lower, own.row_upper
        if not repair:  # what is missed today may stay missed
            lower, upper = np.minimum(lower, now), np.maximum(upper, now)
        small = replace(own, row_lower=lower - rest, row_upper=upper - rest)
        return Window(small, columns, here)

    def apply(self, move: Move) -> None:
        """Move."""
        changes = move.change != 0
        columns, change = move.columns[changes], move.change[changes]
        self.point[columns] += change
        matrix, of = self.matrix, self.turned  # of a city, most rows stay as they are
        moved(self.activity, matrix.indptr, matrix.indices, matrix.data, of.starts, of.rows, columns, change)


def missed(program: Program, activity: Floats) -> Floats:
    """By how much each row is missed where they add up to so much, (rows,); 0 where it holds."""
    return np.maximum(np.maximum(program.row_lower - activity, activity - program.row_upper), 0.0)


PRESOLVED = 1_500
"""Integer columns from which on the presolve of HiGHS earns its time: below, it takes longer than the rest."""


def worth_presolving(program: Program) -> bool:
    """Whether a small program is large enough for presolve."""
    return int(program.integer.sum()) >= PRESOLVED


def search(
    window: Window, gap: float, nodes: int, limits: Limits, watch: Watch, *, fresh: bool = False, searches: bool = True,
    improving: Callable[[Move], None] | None = None,
) -> Move | None:  # fmt: skip
    """Solve a window.

    Parameters
    ----------
    window : Window
        The small program.
    gap : float
        In units of the objective; less is no gain either.
    nodes : int
        Most nodes of the search.
    limits : Limits
        Seconds left and seed; one thread is used.
    watch : Watch
        Its ``stop`` ends the search.
    fresh : bool
        The search does not start from where the columns stand.
    searches : bool
        As of :func:`panhuo.engine.highs.solve_highs`.
    improving : callable, optional
        Is given moves while the search goes on, each better than the one before.

    Returns
    -------
    Move or None
        None where nothing is gained.
    """
    some = replace(limits, gap=gap, threads=1)
    small = Shrunk.of(window.program)

    def moved(z: Floats, *, proven: bool = False, iterations: int = 0) -> Move:
        change = small.original(z) - window.here
        return Move(window.columns, change, float(window.program.cost @ change), proven, iterations)

    try:
        answer = solve_highs(
            small.program, some, Quiet(watch.stop), start=None if fresh else small.carried(window.here), nodes=nodes,
            absolute=True, presolve=worth_presolving(small.program), searches=searches,
            improving=None if improving is None else lambda z: improving(moved(z)),
        )  # fmt: skip
    except SolverError:  # a window is one of many: the point stays as it is
        return None
    if answer.x is None:
        return None
    return moved(answer.x, proven=answer.reason in ("optimal", "within_gap"), iterations=answer.iterations)
