"""Prices of all rows, by a first-order method: the dual of the linear relaxation, near enough to bound and to guide.

The method is PDHG with reflected Halpern steps and restarts (Chambolle & Pock 2011, doi:10.1007/s10851-010-0251-1; Lu
& Yang 2024, Restarted Halpern PDHG for linear programming, arXiv:2407.16144). Whatever it ends with,
:func:`weak_bound` of its prices is a valid bound.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from panhuo.engine.alike import Places
from panhuo.engine.decompose.scaling import Frame, Scaled
from panhuo.engine.decompose.steps import Blocks, charged, dual, held, left, primal
from panhuo.engine.packed import packed
from panhuo.engine.program import Bools, Floats, Program

_CHECK = 40
"""Iterations between two looks at the errors."""
_SUFFICIENT, _NECESSARY, _LONG = 0.2, 0.8, 0.36
"""When to restart: the error fell to this share of that after the last restart; to this share and now grows; or so
large a share of all iterations went by since."""
_LOOKS, _EARLIER = 12, 2 / 3
"""After so many looks at least, the prices are good enough where the bound is hardly better than after this share of
them."""

_ROUGH, _ROUGH_LOOKS = 2e-3, 4
"""Tolerance and looks from which on the prices are good enough for a first plan."""
_NEAR = 2.0
"""… and lies no farther from the value of the point than so many times the tolerance."""
_SIFTED, _TAKEN = 0.5, 1e-3
"""Share of the integer columns, those that lose least by such prices, with which the work goes on, and what the point
takes of a column that stays in any case (sifting: Bixby, Gregory, Lustig, Marsten & Shanno 1992,
doi:10.1287/opre.40.5.885). On generated districts half of the entries and three quarters of the rows are left, and no
other column gains by the last prices; one that does comes back."""
_BACK = 0.5
"""Share of the tolerance by which columns left out may loosen the bound."""
_WEIGHT = 0.4
"""Weight of the prices' steps against those of the columns at first: both are of one size then, but for habit."""
_NOTHING = np.zeros(0), np.zeros(0)
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
    return float(most(y, program.row_lower, program.row_upper).sum() + most(rest, program.lower, program.upper).sum())


def impossible(program: Program, bound: float) -> bool:
    """Whether a bound lies below the least value within the bounds of the columns: then no point keeps all rows."""
    least = -float(most(-program.cost, program.lower, program.upper).sum())
    return bound < least - _HAIR * max(abs(least), abs(bound), 1.0)


def allowed(program: Program, row: Floats) -> Floats:
    """Set prices to 0 that no open row may bear."""
    wrong = (np.isinf(program.row_upper) & (row > 0)) | (np.isinf(program.row_lower) & (row < 0))
    return np.where(wrong, 0.0, row)


def most(price: Floats, lower: Floats, upper: Floats) -> Floats:
    """Give the most that each is worth between two limits; 0 where its price is."""
    limit = np.where(price > 0, upper, lower)
    return price * np.where(price != 0, limit, 0.0)


def price(
    program: Program,
    iterations: int,
    tolerance: float,
    stop: Callable[[], bool],
    threads: ThreadPoolExecutor | None = None,
    rough: Callable[[Prices], None] | None = None,
    start: Prices | None = None,
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
    rough : callable, optional
        Is told prices on the way, once: as soon as they are good enough for a first plan.
    start : Prices, optional
        Where to start: not far from what is looked for.
    """
    program = packed(program)
    frame = Frame.of(program)
    state = _State(frame.whole() if start is None else frame.some(_sifted(frame, start), start.row), threads)
    if start is not None:
        state.start(frame, start)
    best, bounds, sifted = (-np.inf, state.found_x, state.found_y), list[float](), start is not None

    def settles(tolerance: float, looks: int) -> bool:
        small, before = tolerance * abs(best[0]), bounds[int(len(bounds) * _EARLIER) - 1]
        return len(bounds) >= looks and abs(value - best[0]) <= _NEAR * small and best[0] - before <= small

    def prices(near: bool) -> Prices:
        state.put_down()
        row = allowed(program, state.stands.prices(best[2]))
        return Prices(row, frame.point(best[1], state.column), weak_bound(program, row), near)

    for done in range(_CHECK, iterations + 1, _CHECK):
        error = state.advance(_CHECK)
        bound, value = state.bound(), state.value()
        if bound > best[0]:
            best = bound, state.found_x.copy(), state.found_y.copy()
        state.consider_restart(error, done)
        bounds.append(best[0])
        if stop():
            break
        ends = settles(tolerance, _LOOKS)
        if ends or impossible(program, -best[0]):
            found = prices(ends)
            if found.bound <= -best[0] + _BACK * tolerance * abs(best[0]):
                return found
            best = best[0], *_NOTHING
            state.go_on(frame, _with_gaining(frame, state.column, found), found.row)
            best = -found.bound, state.found_x.copy(), state.stands.carried(found.row)
            bounds = [best[0]] * (_LOOKS - _ROUGH_LOOKS)
        elif not sifted and settles(_ROUGH, _ROUGH_LOOKS):
            found, sifted = prices(near=False), True
            if rough is not None:  # nothing is laid out: there is room for a plan
                rough(found)
            best = best[0], *_NOTHING
            state.go_on(frame, _sifted(frame, found), found.row)
            best = best[0], state.found_x.copy(), state.stands.carried(found.row)
    return prices(near=False)


def _sifted(frame: Frame, found: Prices) -> Bools:
    """Mark the columns that are likely to be taken, in the order in which they stand."""
    program = frame.program
    rest = program.cost - program.matrix.T @ found.row
    least = min(np.quantile(rest[program.integer], 1 - _SIFTED), 0.0) if program.integer.any() else 0.0
    stays: Bools = ~program.integer | (rest >= least) | (found.point > program.lower + _TAKEN)
    return stays[frame.order.column]


def _with_gaining(frame: Frame, kept: Places, found: Prices) -> Bools:
    """Mark the columns that were kept, and all that gain by prices."""
    stays: Bools = frame.program.cost - frame.program.matrix.T @ found.row > 0
    stays[kept] = True
    return stays[frame.order.column]


class _State:
    """Where the method stands: the last point, the anchor it is drawn to, and the steps it takes."""

    def __init__(self, scaled: Scaled, threads: ThreadPoolExecutor | None) -> None:
        self.threads = threads
        self._take_up(scaled)
        self.x, self.y = np.clip(np.zeros(len(scaled.cost)), scaled.lower, scaled.upper), np.zeros(len(scaled.begin))
        self.found_x, self.found_y = self.x.copy(), self.y.copy()
        self.from_x, self.from_y = self.x.copy(), self.y.copy()
        self.ahead = np.empty(len(self.x))
        self.count = 0
        self.error, self.last = np.inf, np.inf
        self.weight = _WEIGHT

    def start(self, frame: Frame, prices: Prices) -> None:
        """Start from prices and the point they go with."""
        x, y = frame.moved(prices.point[self.column], self.column, self.column), self.stands.carried(prices.row)
        for mine in (self.x, self.found_x, self.from_x):
            mine[:] = x
        for mine in (self.y, self.found_y, self.from_y):
            mine[:] = y

    def _take_up(self, scaled: Scaled) -> None:
        self.scaled, self.stands, self.column = scaled, scaled.rows, scaled.laid.column
        self.rows, self.columns = Blocks.of(scaled.laid.rows), Blocks.of(scaled.laid.columns)

    def put_down(self) -> None:
        """Forget what is laid out, which is large: points and prices can still be told."""
        del self.scaled, self.rows, self.columns

    def go_on(self, frame: Frame, columns: Bools, prices: Floats) -> None:
        """Go on with other columns, as of :meth:`Frame.some`; those before are put down."""
        column, y = self.column, [self.stands.prices(mine) for mine in (self.y, self.found_y, self.from_y)]
        del self.y, self.found_y, self.from_y, self.ahead
        self._take_up(frame.some(columns, prices))
        self.y, self.found_y, self.from_y = (self.stands.carried(mine) for mine in y)
        self.x, self.found_x, self.from_x = (
            frame.moved(mine, column, self.column) for mine in (self.x, self.found_x, self.from_x)
        )
        self.ahead = np.empty(len(self.x))

    def advance(self, iterations: int) -> float:
        """Take steps z ← k/(k + 1)·(2T(z) − z) + 1/(k + 1)·anchor, T the step of PDHG; give ‖z − T(z)‖ of the last."""
        s = self.scaled
        apart = 0.0
        for step in range(self.count + 1, self.count + 1 + iterations):
            told, share = step == self.count + iterations, step / (step + 1)
            ends = self.x, self.y, self.ahead
            primal_step = partial(
                primal, self.columns.lines, s.cost, s.lower, s.upper, s.column_step, *ends, self.from_x, self.found_x,
                1 / self.weight, share, told,
            )  # fmt: skip
            dual_step = partial(
                dual, self.rows.lines, s.begin, s.end, s.slope, s.row_step, *ends[1:], self.from_y, self.found_y,
                self.weight, share, told,
            )  # fmt: skip
            apart = self.columns.run(primal_step, self.threads) + self.rows.run(dual_step, self.threads)
        self.count += iterations
        return float(np.sqrt(max(apart, 0.0)))

    def bound(self) -> float:
        """Bound the least cost by the prices found; near enough to compare them by."""
        s = self.scaled
        rest = partial(left, self.columns.lines, s.cost, s.lower, s.upper, self.found_y)
        return self.columns.run(rest, self.threads) + held(s.begin, s.end, s.slope, self.found_y) - s.base

    def value(self) -> float:
        """Give the cost of the point found; near enough to compare it with a bound."""
        s = self.scaled
        charge = partial(charged, self.rows.lines, s.begin, s.end, s.slope, self.found_x)
        return self.rows.run(charge, self.threads) + float(s.cost @ self.found_x) - s.base

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
        moved = [
            float(np.sqrt(((found - before) ** 2 / step).sum()))
            for found, before, step in (
                (self.found_x, self.from_x, self.scaled.column_step), (self.found_y, self.from_y, self.scaled.row_step),
            )
        ]  # fmt: skip
        if min(moved) > 0:
            self.weight = float(np.sqrt(moved[1] / moved[0] * self.weight))
        for mine in (self.x, self.from_x):
            mine[:] = self.found_x
        for mine in (self.y, self.from_y):
            mine[:] = self.found_y
        self.count, self.error, self.last = 0, np.inf, np.inf
