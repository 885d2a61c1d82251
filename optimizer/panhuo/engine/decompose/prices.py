"""Prices of all rows, by a first-order method: the dual of the linear relaxation, near enough to bound and to guide.

The method is PDHG with reflected Halpern steps and restarts (Chambolle & Pock 2011, doi:10.1007/s10851-010-0251-1; Lu
& Yang 2024, Restarted Halpern PDHG for linear programming, arXiv:2407.16144). Whatever it ends with,
:func:`weak_bound` of its prices is a valid bound.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from panhuo.engine.decompose.scaling import Scaled
from panhuo.engine.decompose.steps import Blocks, dual, primal
from panhuo.engine.program import Bools, Floats, Program

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
_WEIGHT = 0.4
"""Weight of the prices' steps against those of the columns at first: both are of one size then, but for habit."""
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


def weak_bound(program: Program, row: Floats) -> float:
    """Bound a maximised program by the prices of its rows alone: weak duality.

    For every x within its bounds, c·x ≤ c·x + y·(limit − A·x), so that Σ_r y·limit + Σ_c max (c − Aᵀy)·x is a bound.

    Parameters
    ----------
    program : Program
        To be maximised.
    row : (rows,) float
        Prices; those of the wrong sign for an open row count as 0.

    Returns
    -------
    float
        Without the offset; inf where a column without a bound gains.
    """
    y = allowed(program, row)
    rest = program.cost - program.matrix.T @ y
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


def price(
    program: Program,
    iterations: int,
    tolerance: float,
    stop: Callable[[], bool],
    threads: ThreadPoolExecutor | None = None,
) -> Prices:
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
    threads : ThreadPoolExecutor, optional
        Where steps are taken; what comes out does not depend on it.
    """
    scaled = Scaled.of(program)
    state = _State(scaled)
    best = Prices(np.zeros(len(program.row_lower)), np.clip(0.0, program.lower, program.upper), np.inf)
    bounds = list[float]()
    for done in range(_CHECK, iterations + 1, _CHECK):
        error = state.advance(_CHECK, threads)
        row = allowed(program, scaled.prices(state.next_y))
        bound = weak_bound(program, row)
        point = scaled.point(program, state.next_x)
        if bound < best.bound:
            best = Prices(row, point, bound)
        state.consider_restart(error, done)
        bounds.append(best.bound)
        before = bounds[int(len(bounds) * _EARLIER) - 1]
        small = tolerance * abs(best.bound)
        near = abs(best.bound - float(program.cost @ point)) <= _NEAR * small
        if len(bounds) >= _LOOKS and near and before - best.bound <= small:
            return replace(best, near=True)
        if stop() or impossible(program, best.bound):
            break
    return best


class _State:
    """Where the method stands: the last point, the anchor it is drawn to, and the steps it takes."""

    def __init__(self, scaled: Scaled) -> None:
        self.scaled = scaled
        self.rows, self.columns = Blocks.of(scaled.matrix), Blocks.of(scaled.turned)
        self.x, self.y = np.clip(np.zeros(len(scaled.cost)), scaled.lower, scaled.upper), np.zeros(len(scaled.row))
        self.next_x, self.next_y = self.x.copy(), self.y.copy()
        self.from_x, self.from_y = self.x.copy(), self.y.copy()
        self.ahead = np.empty(len(self.x))
        self.count = 0
        self.error, self.last = np.inf, np.inf
        self.weight = _WEIGHT

    def advance(self, iterations: int, threads: ThreadPoolExecutor | None) -> float:
        """Take steps z ← k/(k + 1)·(2T(z) − z) + 1/(k + 1)·anchor, T the step of PDHG; give ‖z − T(z)‖ of the last."""
        s = self.scaled
        tau, sigma = 1 / (s.norm * self.weight), self.weight / s.norm
        apart = 0.0
        for step in range(self.count + 1, self.count + 1 + iterations):
            ends = self.x, self.y, self.ahead
            primal_step = partial(
                primal, *self.columns.entries, s.cost, s.lower, s.upper, *ends, self.from_x, self.next_x, tau,
                step / (step + 1),
            )  # fmt: skip
            dual_step = partial(
                dual, *self.rows.entries, s.row_lower, s.free_upper, s.row_upper, s.slope, *ends[1:], self.from_y,
                self.next_y, sigma, step / (step + 1),
            )  # fmt: skip
            apart = self.columns.run(primal_step, threads) + self.rows.run(dual_step, threads)
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
