"""Prices of all rows, by a first-order method: the dual of the linear relaxation, near enough to bound and to guide.

The method is PDHG with reflected Halpern steps and restarts (Chambolle & Pock 2011, doi:10.1007/s10851-010-0251-1; Lu
& Yang 2024, Restarted Halpern PDHG for linear programming, arXiv:2407.16144). Whatever it ends with,
:func:`weak_bound` of its prices is a valid bound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numba
import numpy as np
import scipy.sparse as sp

from panhuo.engine.program import Bools, Floats, Program
from panhuo_models.data import Ints

_EQUILIBRATE = 10
"""Passes of Ruiz's scaling (2001, RAL-TR-2001-034)."""
_POWER = 30
"""Steps of the power method for the norm of the matrix."""
_CHECK = 40
"""Iterations between two looks at the errors."""
_SUFFICIENT, _NECESSARY, _LONG = 0.2, 0.8, 0.36
"""When to restart: the error fell to this share of that after the last restart; to this share and now grows; or so
large a share of all iterations went by since."""
_LOOKS, _EARLIER = 12, 2 / 3
"""After so many looks at least, the prices are good enough where the bound is hardly better than after this share of
them."""

_NEAR = 2.0
"""… and lies no farther from the value of the point than so many times the tolerance."""
_HAIR = 1e-6
"""Share by which a bound must lie below what is possible to prove that nothing is."""


@dataclass(frozen=True, eq=False)
class Prices:
    """Prices of the rows, and the point of the relaxation they go with.

    Parameters
    ----------
    row : (rows,) float
        Price of each row, in units of the objective where it is maximised: what one more unit of the right-hand side
        is worth. Never positive where a row has no upper limit, nor negative where it has no lower one.
    point : (columns,) float
        Within the bounds of the columns; nearly within those of the rows.
    bound : float
        The bound of these prices, without the offset of the objective, where it is maximised.
    near : bool
        They are as good as was asked.
    """

    row: Floats
    point: Floats
    bound: float
    near: bool = False


def weak_bound(program: Program, row: Floats, turned: sp.csr_matrix | None = None) -> float:
    """Bound a maximised program by the prices of its rows alone: weak duality.

    For every x within its bounds, c·x ≤ c·x + y·(limit − A·x), so that Σ_r y·limit + Σ_c max (c − Aᵀy)·x is a bound.

    Parameters
    ----------
    program : Program
        To be maximised.
    row : (rows,) float
        Prices; those of the wrong sign for an open row count as 0.
    turned : csr_matrix, (columns, rows), optional
        Aᵀ, where it is at hand.

    Returns
    -------
    float
        Without the offset; inf where a column without a bound gains.
    """
    y = allowed(program, row)
    rest = program.cost - (program.matrix.T @ y if turned is None else turned @ y)
    return _worth(y, program.row_upper, program.row_lower) + _worth(rest, program.upper, program.lower)


def impossible(program: Program, bound: float) -> bool:
    """Whether a bound lies below the least value within the bounds of the columns: then no point keeps all rows."""
    least = -_worth(-program.cost, program.upper, program.lower)
    return bound < least - _HAIR * max(abs(least), abs(bound), 1.0)


def allowed(program: Program, row: Floats) -> Floats:
    """Set prices to 0 that no open row may bear."""
    wrong = (np.isinf(program.row_upper) & (row > 0)) | (np.isinf(program.row_lower) & (row < 0))
    return np.where(wrong, 0.0, row)


def _worth(price: Floats, upper: Floats, lower: Floats) -> float:
    worth: Bools = price != 0
    return float((price[worth] * np.where(price[worth] > 0, upper[worth], lower[worth])).sum())


def price(program: Program, iterations: int, tolerance: float, stop: Callable[[], bool]) -> Prices:
    """Work out prices.

    Parameters
    ----------
    program : Program
        To be maximised; its columns are boxed.
    iterations : int
        Most iterations.
    tolerance : float
        The work ends where its last third bettered the bound by less than this share, and the point is worth as much.
    stop : callable
        Asked now and then whether to end with what is there.
    """
    scaled, turned = _Scaled.of(program), sp.csr_matrix(program.matrix.T)
    state = _State(scaled)
    best = Prices(np.zeros(len(program.row_lower)), np.clip(0.0, program.lower, program.upper), np.inf)
    bounds = list[float]()
    for done in range(_CHECK, iterations + 1, _CHECK):
        error = state.advance(_CHECK)
        row = allowed(program, -state.next_y * scaled.row)
        bound = weak_bound(program, row, turned)
        if bound < best.bound:
            best = Prices(row, state.next_x * scaled.column, bound)
        state.consider_restart(error, done)
        bounds.append(best.bound)
        before = bounds[int(len(bounds) * _EARLIER) - 1]
        small = tolerance * abs(best.bound)
        near = abs(best.bound - float(program.cost @ (state.next_x * scaled.column))) <= _NEAR * small
        if len(bounds) >= _LOOKS and near and before - best.bound <= small:
            return replace(best, near=True)
        if stop() or impossible(program, best.bound):
            break
    return best


_Sparse = tuple[Ints, Ints, Floats]


@dataclass(frozen=True, eq=False)
class _Scaled:
    """A program whose rows and columns are of one size: row · A · column; sought is the least of −cost."""

    matrix: _Sparse
    turned: _Sparse
    row: Floats
    column: Floats
    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    norm: float

    @classmethod
    def of(cls, program: Program) -> _Scaled:
        matrix, row, column = _equilibrated(program.matrix)
        turned = sp.csr_matrix(matrix.T)
        probe = np.random.default_rng(0).normal(size=matrix.shape[1])
        size = 1.0
        for _ in range(_POWER):
            probe = turned @ (matrix @ probe)
            size = float(np.linalg.norm(probe)) or 1.0
            probe /= size
        return cls(
            _unsigned(matrix), _unsigned(turned), row, column, -program.cost * column,
            program.lower / column, program.upper / column, program.row_lower * row, program.row_upper * row,
            1.01 * size**0.5,
        )  # fmt: skip


def _unsigned(matrix: sp.csr_matrix) -> _Sparse:
    """Give indices without a sign: half the time of a loop goes into looking whether one is negative."""
    return matrix.indptr.astype(np.uint32), matrix.indices.astype(np.uint32), matrix.data


def _equilibrated(matrix: sp.csr_matrix) -> tuple[sp.csr_matrix, Floats, Floats]:
    """Scale rows and columns until their largest entries are near 1, then their sums (Pock & Chambolle 2011)."""
    entries = sp.coo_matrix(matrix)
    height, width = matrix.shape
    row, column = np.ones(height), np.ones(width)
    size = np.abs(entries.data)
    for step in range(_EQUILIBRATE + 1):
        if step < _EQUILIBRATE:
            by_row, by_column = np.zeros(height), np.zeros(width)
            np.maximum.at(by_row, entries.row, size)
            np.maximum.at(by_column, entries.col, size)
        else:
            by_row = np.bincount(entries.row, size, minlength=height)
            by_column = np.bincount(entries.col, size, minlength=width)
        by_row, by_column = (1 / np.sqrt(np.where(by > 0, by, 1.0)) for by in (by_row, by_column))
        size *= by_row[entries.row] * by_column[entries.col]
        row, column = row * by_row, column * by_column
    data = entries.data * row[entries.row] * column[entries.col]
    return sp.csr_matrix((data, (entries.row, entries.col)), shape=matrix.shape), row, column


class _State:
    """Where the method stands: the last point, the anchor it is drawn to, and the steps it takes."""

    def __init__(self, scaled: _Scaled) -> None:
        self.scaled = scaled
        self.x, self.y = np.clip(np.zeros(len(scaled.cost)), scaled.lower, scaled.upper), np.zeros(len(scaled.row))
        self.next_x, self.next_y = self.x.copy(), self.y.copy()
        self.from_x, self.from_y = self.x.copy(), self.y.copy()
        self.count = 0
        self.error, self.last = np.inf, np.inf
        limits = np.concatenate([scaled.row_lower, scaled.row_upper])
        sizes = np.linalg.norm(scaled.cost), np.linalg.norm(limits[np.isfinite(limits)])
        self.weight = float(sizes[0] / sizes[1]) if min(sizes) > 0 else 1.0

    def advance(self, iterations: int) -> float:
        """Take steps; give how far the last one went, in the norm of the method."""
        s = self.scaled
        apart = _steps(
            iterations, self.count, *s.matrix, *s.turned, s.cost, s.lower, s.upper, s.row_lower, s.row_upper, self.x,
            self.y, self.from_x, self.from_y, self.next_x, self.next_y, 1 / (s.norm * self.weight),
            self.weight / s.norm,
        )  # fmt: skip
        self.count += iterations
        return float(np.sqrt(max(apart, 0.0)))

    def consider_restart(self, error: float, done: int) -> None:
        """Restart from the last point where the method has come far enough."""
        self.error = error if np.isinf(self.error) else self.error
        due = (
            error <= _SUFFICIENT * self.error
            or (error <= _NECESSARY * self.error and error > self.last)
            or self.count >= _LONG * done
        )
        self.last = error
        if not due:
            return
        moved = float(np.linalg.norm(self.next_x - self.from_x)), float(np.linalg.norm(self.next_y - self.from_y))
        if min(moved) > 0:
            self.weight = float(np.sqrt(moved[1] / moved[0] * self.weight))
        for mine in (self.x, self.from_x):
            mine[:] = self.next_x
        for mine in (self.y, self.from_y):
            mine[:] = self.next_y
        self.count, self.error, self.last = 0, np.inf, np.inf


@numba.njit(cache=True, nogil=True)
def _steps(
    iterations: int, before: int, starts: Ints, columns: Ints, values: Floats, turned_starts: Ints, rows: Ints,
    turned_values: Floats, cost: Floats, lower: Floats, upper: Floats, row_lower: Floats, row_upper: Floats, x: Floats,
    y: Floats, from_x: Floats, from_y: Floats, next_x: Floats, next_y: Floats, tau: float, sigma: float,
) -> float:  # fmt: skip
    """Take steps z ← k/(k + 1)·(2T(z) − z) + 1/(k + 1)·anchor, T the step of PDHG; give ‖z − T(z)‖² of the last one.

    T: x' = proj(x − τ(c − Aᵀy)), y' = y − σA(2x' − x) − σ·proj(…); the norm is ‖dx‖²/τ + ‖dy‖²/σ.
    """
    ahead = np.empty(len(cost))
    apart = 0.0
    for step in range(iterations):
        share = (before + step + 1.0) / (before + step + 2.0)
        apart = 0.0
        for j in range(len(cost)):
            pull = 0.0
            for k in range(turned_starts[j], turned_starts[j + 1]):
                pull += turned_values[k] * y[rows[k]]
            new = min(max(x[j] - tau * (cost[j] - pull), lower[j]), upper[j])
            next_x[j] = new
            ahead[j] = 2 * new - x[j]
            apart += (x[j] - new) ** 2 / tau
            x[j] = share * ahead[j] + (1 - share) * from_x[j]
        for i in range(len(y)):
            activity = 0.0
            for k in range(starts[i], starts[i + 1]):
                activity += values[k] * ahead[columns[k]]
            move = y[i] / sigma - activity
            new = sigma * (move - min(max(move, -row_upper[i]), -row_lower[i]))
            next_y[i] = new
            apart += (y[i] - new) ** 2 / sigma
            y[i] = share * (2 * new - y[i]) + (1 - share) * from_y[i]
    return apart
