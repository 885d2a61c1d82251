"""Prices of all rows, by a first-order method: the dual of the linear relaxation, near enough to bound and to guide.

The method is PDHG with restarts from averages (Chambolle & Pock 2011, doi:10.1007/s10851-010-0251-1; Applegate et al.
2021, Practical large-scale linear programming using primal-dual hybrid gradient, arXiv:2106.04756). Whatever it ends
with, :func:`weak_bound` of its prices is a valid bound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numba
import numpy as np
import scipy.sparse as sp

from panhuo.engine.program import Bools, Floats, Program

_EQUILIBRATE = 10
"""Passes of Ruiz's scaling (2001, RAL-TR-2001-034)."""
_POWER = 30
"""Steps of the power method for the norm of the matrix."""
_CHECK = 40
"""Iterations between two looks at the errors."""
_SUFFICIENT, _NECESSARY, _LONG = 0.2, 0.8, 0.36
"""When to restart: the error fell to this share of that at the last restart; to this share and now grows; or so large
a share of all iterations went by since (Applegate et al., section 4)."""
_STALE = 3
"""Looks in a row that may better the bound by less than the tolerance before the prices are good enough."""


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
    """

    row: Floats
    point: Floats
    bound: float


def weak_bound(program: Program, row: Floats, turned: sp.csr_matrix | None = None) -> float:
    """Bound a maximised program by the prices of its rows alone: weak duality.

    For every x within its bounds, c·x ≤ c·x + y·(limit − A·x), so that Σ_r y·limit + Σ_c max (c − Aᵀy)·x is a bound.

    Parameters
    ----------
    program : Program
        To be maximised (:func:`maximised`).
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
        The work ends where several looks in a row better the bound by less than this share.
    stop : callable
        Asked now and then whether to end with what is there.
    """
    scaled, turned = _Scaled.of(program), sp.csr_matrix(program.matrix.T)
    state = _State(scaled)
    best = Prices(np.zeros(len(program.row_lower)), np.clip(0.0, program.lower, program.upper), np.inf)
    stale = done = 0
    while done < iterations and stale < _STALE and not stop():
        state.advance(_CHECK)
        done += _CHECK
        before = best.bound
        for x, y in state.candidates():
            row = allowed(program, -y * scaled.row)
            bound = weak_bound(program, row, turned)
            if bound < best.bound:
                best = Prices(row, x * scaled.column, bound)
        state.consider_restart(done)
        stale = 0 if not before - best.bound < tolerance * abs(best.bound) else stale + 1
    return best


@dataclass(frozen=True, eq=False)
class _Scaled:
    """A program whose rows and columns are of one size: row · A · column; sought is the least of −cost."""

    matrix: sp.csr_matrix
    turned: sp.csr_matrix
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
            matrix, turned, row, column, -program.cost * column,
            program.lower / column, program.upper / column, program.row_lower * row, program.row_upper * row,
            1.01 * size**0.5,
        )  # fmt: skip


def _equilibrated(matrix: sp.csr_matrix) -> tuple[sp.csr_matrix, Floats, Floats]:
    """Scale rows and columns until their largest entries are near 1, then their sums (Pock & Chambolle 2011)."""
    row, column = np.ones(matrix.shape[0]), np.ones(matrix.shape[1])
    size = abs(matrix).tocsr()
    for step in range(_EQUILIBRATE + 1):
        if step < _EQUILIBRATE:
            by_row, by_column = (np.asarray(size.max(axis=axis).todense()).ravel() for axis in (1, 0))
        else:
            by_row, by_column = (np.asarray(size.sum(axis=axis)).ravel() for axis in (1, 0))
        by_row, by_column = (1 / np.sqrt(np.where(by > 0, by, 1.0)) for by in (by_row, by_column))
        size = sp.diags(by_row) @ size @ sp.diags(by_column)
        row, column = row * by_row, column * by_column
    return sp.csr_matrix(sp.diags(row) @ matrix @ sp.diags(column)), row, column


class _State:
    """Where the method stands: the last point, the averages since the last restart, and the steps it takes."""

    def __init__(self, scaled: _Scaled) -> None:
        self.scaled = scaled
        rows, columns = scaled.matrix.shape
        self.x, self.y = np.clip(np.zeros(columns), scaled.lower, scaled.upper), np.zeros(rows)
        self.pull = np.zeros(columns)
        self.sum_x, self.sum_y, self.count = np.zeros(columns), np.zeros(rows), 0
        self.from_x, self.from_y = self.x.copy(), self.y.copy()
        self.error, self.last = np.inf, np.inf
        limits = np.concatenate([scaled.row_lower, scaled.row_upper])
        sizes = np.linalg.norm(scaled.cost), np.linalg.norm(limits[np.isfinite(limits)])
        self.weight = float(sizes[0] / sizes[1]) if min(sizes) > 0 else 1.0

    def advance(self, iterations: int) -> None:
        """Take steps."""
        s = self.scaled
        _steps(
            iterations, s.matrix.indptr, s.matrix.indices, s.matrix.data, s.turned.indptr, s.turned.indices,
            s.turned.data, s.cost, s.lower, s.upper, s.row_lower, s.row_upper, self.x, self.y, self.pull, self.sum_x,
            self.sum_y, 1 / (s.norm * self.weight), self.weight / s.norm,
        )  # fmt: skip
        self.count += iterations

    def candidates(self) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
        """Give the last point and the average."""
        return (self.x, self.y), (self.sum_x / self.count, self.sum_y / self.count)

    def consider_restart(self, done: int) -> None:
        """Restart from the better of point and average where the method has come far enough."""
        (error, x, y) = min(((self._error(x, y), x, y) for x, y in self.candidates()), key=lambda found: found[0])
        due = (
            error <= _SUFFICIENT * self.error
            or (error <= _NECESSARY * self.error and error > self.last)
            or self.count >= _LONG * done
        )
        self.last = error
        if not due:
            return
        moved = float(np.linalg.norm(x - self.from_x)), float(np.linalg.norm(y - self.from_y))
        if min(moved) > 0:
            self.weight = float(np.sqrt(moved[1] / moved[0] * self.weight))
        self.x, self.y = x.copy(), y.copy()
        self.from_x, self.from_y = x.copy(), y.copy()
        self.pull = self.scaled.turned @ self.y
        self.sum_x[:], self.sum_y[:], self.count = 0.0, 0.0, 0
        self.error, self.last = error, np.inf

    def _error(self, x: Floats, y: Floats) -> float:
        """Size of what the rows lack and of the gap between primal and dual."""
        s = self.scaled
        activity = s.matrix @ x
        lacking = np.maximum(s.row_lower - activity, 0) + np.maximum(activity - s.row_upper, 0)
        rest = s.cost - s.turned @ y
        dual = _worth(-y, s.row_upper, s.row_lower) + _worth(-rest, s.upper, s.lower)
        return float(np.hypot(self.weight * np.linalg.norm(lacking), s.cost @ x + dual))


@numba.njit(cache=True, nogil=True)
def _steps(
    iterations: int, starts: Floats, columns: Floats, values: Floats, turned_starts: Floats, rows: Floats,
    turned_values: Floats, cost: Floats, lower: Floats, upper: Floats, row_lower: Floats, row_upper: Floats, x: Floats,
    y: Floats, pull: Floats, sum_x: Floats, sum_y: Floats, tau: float, sigma: float,
) -> None:  # fmt: skip
    """Take steps: x ← proj(x − τ(c − Aᵀy)), y ← y − σA(2x' − x) − σ·proj(…), and sum up points for the averages."""
    ahead = np.empty(len(cost))
    for _ in range(iterations):
        for j in range(len(cost)):
            new = min(max(x[j] - tau * (cost[j] - pull[j]), lower[j]), upper[j])
            ahead[j] = 2 * new - x[j]
            x[j] = new
            sum_x[j] += new
        for i in range(len(y)):
            activity = 0.0
            for k in range(starts[i], starts[i + 1]):
                activity += values[k] * ahead[columns[k]]
            move = y[i] / sigma - activity
            y[i] = sigma * (move - min(max(move, -row_upper[i]), -row_lower[i]))
            sum_y[i] += y[i]
        for j in range(len(cost)):
            total = 0.0
            for k in range(turned_starts[j], turned_starts[j + 1]):
                total += turned_values[k] * y[rows[k]]
            pull[j] = total
