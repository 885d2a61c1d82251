"""A small linear program, written row by row and solved for one wish after the other; and its point in whole fen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.engine.highs import solve_highs
from panhuo.engine.program import Limits, Program, Quiet

Floats = NDArray[np.float64]
Coefficients = Mapping[int, float]
UNIT = 1_000_000
"""Fen in one unit of money of the program (万元)."""
_KEPT = 1e-8
_LEAST_KEPT = 2e-7
"""Less room than a solver's tolerance may leave it no point at all."""
_STRICT = 1e-6
_SOON = 1e-4
"""Gap at which whole-number columns are decided."""
_STEPS = 2
_NOTHING = 0.25
"""Fen that are a solver's tolerance, and stay nothing."""
_DUST = 10
"""Fen that a wish kept by a solver's tolerance may leave to who comes after it."""


class Linear:
    """Rows low ≤ Σ c·x ≤ high over columns x within bounds."""

    def __init__(self) -> None:
        self._lower: list[float] = []
        self._upper: list[float] = []
        self._integer: list[bool] = []
        self._rows: list[tuple[Coefficients, float, float]] = []

    def __len__(self) -> int:
        return len(self._lower)

    def column(self, lower: float = 0.0, upper: float = np.inf, *, integer: bool = False) -> int:
        """Add a column; gives its number."""
        self._lower.append(lower)
        self._upper.append(upper)
        self._integer.append(integer)
        return len(self._lower) - 1

    def row(self, coefficients: Coefficients, low: float, high: float) -> None:
        """Add a row; gives nothing back."""
        self._rows.append((coefficients, low, high))

    def most(self, row: Coefficients) -> float:
        """Say how large a sum over columns may be within their bounds."""
        return sum(c * (self._upper if c > 0 else self._lower)[n] for n, c in row.items() if c)

    def prefer(self, wishes: Sequence[Coefficients], weighed: int = 0) -> Floats | None:
        """Minimise one wish after the other, each within the best of those before; ``None`` where no point exists.

        A wish that a solver's tolerance leaves no room for, and those after it, are let go.

        Whole-number columns are decided by the first wishes exactly, then by the others together, each weighing half of
        the one before; from there on they stay, and the rest is linear.

        Parameters
        ----------
        wishes : sequence of mapping
            Costs by column; without any, some point is given.
        weighed : int
            So many wishes decide whole-number columns exactly.
        """
        kept, lower, upper, integer = len(self._rows), list(self._lower), list(self._upper), list(self._integer)
        point = None
        try:
            for n, wish in enumerate(wishes or [{}]):
                if any(self._integer) and n >= weighed:
                    point = self._solve(_together(wishes[n:]), _SOON)
                    if point is None:
                        return None
                    self._fix(point)
                found = self._solve(wish)
                if found is None:
                    break
                point = found
                best = sum(c * point[n] for n, c in wish.items())
                self.row(wish, -np.inf, best + max(_LEAST_KEPT, _KEPT * abs(best)))
        finally:
            del self._rows[kept:]
            self._lower, self._upper, self._integer = lower, upper, integer
        return point

    def _fix(self, point: Floats) -> None:
        """Let the whole-number columns stay as they are."""
        for n in np.flatnonzero(self._integer).tolist():
            self._lower[n] = self._upper[n] = round(float(point[n]))
        self._integer = [False] * len(self)

    def _solve(self, wish: Coefficients, gap: float = 0.0) -> Floats | None:
        cost = np.zeros(len(self))
        cost[list(wish)] = list(wish.values())
        at = [(r, n, c) for r, (row, _, _) in enumerate(self._rows) for n, c in row.items() if c]
        r, n, c = map(list, zip(*at, strict=True)) if at else ([], [], [])
        low, high = (np.array([row[side] for row in self._rows], dtype=float) for side in (1, 2))
        if not len(self):
            return np.empty(0) if bool(((low <= 0) & (high >= 0)).all()) else None
        program = Program(
            matrix=sp.csr_matrix((np.array(c, dtype=float), (r, n)), shape=(len(self._rows), len(self))),
            row_lower=low,
            row_upper=high,
            lower=np.array(self._lower),
            upper=np.array(self._upper),
            integer=np.array(self._integer, dtype=bool),
            cost=cost,
            offset=0.0,
            maximise=False,
        )
        return solve_highs(program, Limits(gap=gap, threads=1), Quiet()).x


def _together(wishes: Sequence[Coefficients]) -> Coefficients:
    row: dict[int, float] = {}
    for k, wish in enumerate(wishes):
        for n, c in wish.items():
            row[n] = row.get(n, 0.0) + c * 0.5**k
    return row


def whole_fen(
    point: Sequence[float], rows: Sequence[tuple[Mapping[int, Fraction], Fraction | None, Fraction | None]]
) -> list[int] | None:
    """Round a point so that every row holds; ``None`` where no rounding nearby does.

    Parameters
    ----------
    point : sequence of float [fen]
        All at or above 0.
    rows : sequence of (coefficients, low, high)
        Bounds that hold exactly; ``None`` is an open end.

    Returns
    -------
    list of int or None
        Each within two fen of the point; what stands at 0 stays there.
    """
    base = [round(v) for v in point]
    over: list[tuple[Mapping[int, Fraction], float, float]] = []
    for row, low, high in rows:
        value = sum((c * base[n] for n, c in row.items()), Fraction(0))
        over.append(
            (row, -np.inf if low is None else float(low - value), np.inf if high is None else float(high - value))
        )
    if all(low <= 0 <= high for _, low, high in over):
        return base
    steps = Linear()
    ups, downs = {}, {}
    for n, v in enumerate(point):
        if v > _NOTHING:
            ups[n] = steps.column(0, _STEPS, integer=True)
            downs[n] = steps.column(0, min(_STEPS, base[n]), integer=True)
    for row, lower, upper in over:
        moved = {ups[n]: float(c) for n, c in row.items() if n in ups}
        moved |= {downs[n]: -float(c) for n, c in row.items() if n in downs}
        steps.row(moved, lower - _STRICT, upper + _STRICT)
    found = steps.prefer([dict.fromkeys(range(len(steps)), 1.0)])
    if found is None:
        return None
    whole = [b + (round(found[ups[n]] - found[downs[n]]) if n in ups else 0) for n, b in enumerate(base)]
    return whole if all(_holds(whole, *row) for row in rows) else None


def without_dust(
    whole: list[int],
    groups: Sequence[Sequence[int]],
    rows: Sequence[tuple[Mapping[int, Fraction], Fraction | None, Fraction | None]],
) -> list[int]:
    """Give what a solver's tolerance leaves of a payment to a larger one of its group, where every row still holds."""
    of_column: dict[int, list[int]] = {}
    for r, (row, _, _) in enumerate(rows):
        for n in row:
            of_column.setdefault(n, []).append(r)
    clean = list(whole)
    for group in groups:
        for n in [n for n in group if 0 < clean[n] <= _DUST]:
            for other in sorted((m for m in group if clean[m] > _DUST), key=lambda m: -clean[m]):
                moved = list(clean)
                moved[n], moved[other] = 0, clean[other] + clean[n]
                if all(_holds(moved, *rows[r]) for r in {*of_column[n], *of_column[other]}):
                    clean = moved
                    break
    return clean


def _holds(whole: Sequence[int], row: Mapping[int, Fraction], low: Fraction | None, high: Fraction | None) -> bool:
    value = sum((c * whole[n] for n, c in row.items()), Fraction(0))
    return (low is None or value >= low) and (high is None or value <= high)
