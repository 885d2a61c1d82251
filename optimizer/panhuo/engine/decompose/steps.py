"""Steps of PDHG over blocks of rows and columns, in threads: the same numbers whatever their count.

A row has a cost where its slope is not 0: slope·(activity − begin) where that is positive, and its activity does not
pass end, which lies beyond begin as the slope says. A row without one lies from begin to end.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numba
import numpy as np

from panhuo.compiled import compiled
from panhuo.engine.decompose.lines import Lines
from panhuo.engine.program import Floats

_BLOCK = 400_000
"""Entries from which on lines are halved: smaller blocks take no longer than handing them out."""
_MOST = 8
_LINE = 4
"""Entries that take as long as what a line takes besides its entries."""


@dataclass(frozen=True, eq=False)
class Blocks:
    """Rows or columns in blocks that take about as long as each other.

    Parameters
    ----------
    lines : Lines
        All of them.
    ends : (blocks + 1,) int
        Where blocks begin.
    """

    lines: Lines
    ends: list[int]

    @classmethod
    def of(cls, lines: Lines) -> Blocks:
        """Cut them; how depends on the matrix alone."""
        count, height = 1, len(lines.middle)
        while count < _MOST and len(lines.entry) >= _BLOCK * count * 2:
            count *= 2
        work = lines.start + _LINE * np.arange(height + 1)
        cuts = np.searchsorted(work, work[-1] * np.arange(1, count) / count)
        return cls(lines, [0, *cuts.tolist(), height])

    def run(self, step: Callable[[int, int], float], threads: ThreadPoolExecutor | None) -> float:
        """Take a step on each block; the sum of what it gives, in their order."""
        begins, ends = self.ends[:-1], self.ends[1:]
        if len(begins) == 1 or threads is None:
            return sum(map(step, begins, ends))
        return sum(threads.map(step, begins, ends))


@numba.njit(inline="always")  # a call for each line would take as long as all the rest
def _product(lines: Lines, n: int, x: Floats) -> float:
    """Multiply a line by a vector."""
    total = 0.0
    for k in range(lines.start[n], lines.middle[n]):
        total += x[lines.entry[k]]
    for k in range(lines.middle[n], lines.start[n + 1]):
        total += lines.value[lines.own[n] + (k - lines.middle[n])] * x[lines.entry[k]]
    return total


@compiled
def primal(
    lines: Lines, cost: Floats, lower: Floats, upper: Floats, size: Floats, x: Floats, y: Floats, ahead: Floats,
    anchor: Floats, found: Floats, tau: float, share: float, told: bool, first: int, last: int,
) -> float:  # fmt: skip
    """Step the columns, τ = tau·size: x' = proj(x − τ(c − Aᵀy)), ahead = 2x' − x, x ← share·ahead + (1 − share)·anchor.

    Where it is to be told, x' is kept in ``found``, and ‖(x' − x)²/τ‖₁ is given.
    """
    apart = 0.0
    for j in range(first, last):
        pull = _product(lines, j, y)
        step = tau * size[j]
        new = min(max(x[j] - step * (cost[j] - pull), lower[j]), upper[j])
        ahead[j] = 2 * new - x[j]
        if told:
            found[j] = new
            apart += (x[j] - new) ** 2 / step
        x[j] = share * ahead[j] + (1 - share) * anchor[j]
    return apart


@compiled
def dual(
    lines: Lines, begin: Floats, end: Floats, slope: Floats, size: Floats, y: Floats, ahead: Floats, anchor: Floats,
    found: Floats, sigma: float, share: float, told: bool, first: int, last: int,
) -> float:  # fmt: skip
    """Step the rows, σ = sigma·size: y' = σ(s − w) with w = A·ahead − y/σ and s the nearest activity, its cost counted.

    y goes on from y' as x does, and is told as it is.
    """
    apart = 0.0
    for i in range(first, last):
        activity = _product(lines, i, ahead)
        step = sigma * size[i]
        now = y[i] - step * activity
        if slope[i] > 0:
            new = min(max(now + step * begin[i], -slope[i]), 0.0, now + step * end[i])
        elif slope[i] < 0:
            new = max(min(now + step * begin[i], -slope[i]), 0.0, now + step * end[i])
        else:
            new = max(now + step * begin[i], min(now + step * end[i], 0.0))
        if told:
            found[i] = new
            apart += (y[i] - new) ** 2 / step
        y[i] = share * (2 * new - y[i]) + (1 - share) * anchor[i]
    return apart


@compiled
def left(lines: Lines, cost: Floats, lower: Floats, upper: Floats, y: Floats, first: int, last: int) -> float:
    """Give the least that columns cost by prices y: Σ min (c − Aᵀy)·x."""
    least = 0.0
    for j in range(first, last):
        rest = cost[j] - _product(lines, j, y)
        least += rest * (lower[j] if rest > 0 else upper[j])
    return least


@compiled
def charged(lines: Lines, begin: Floats, end: Floats, slope: Floats, x: Floats, first: int, last: int) -> float:
    """Give what rows cost at x, up to their ends."""
    cost = 0.0
    for i in range(first, last):
        if slope[i] == 0:
            continue
        activity = _product(lines, i, x)
        activity = min(activity, end[i]) if slope[i] > 0 else max(activity, end[i])
        cost += max(slope[i] * (activity - begin[i]), 0.0)
    return cost


@compiled
def held(begin: Floats, end: Floats, slope: Floats, y: Floats) -> float:
    """Give the least that rows cost by prices y: Σ min cost(s) + y·s."""
    least = 0.0
    for i in range(len(y)):
        if y[i] == 0:
            continue
        if slope[i] == 0:
            least += y[i] * (begin[i] if y[i] > 0 else end[i])
        else:
            least += y[i] * begin[i]
            beyond = slope[i] + y[i]
            if beyond * slope[i] < 0:
                least += beyond * (end[i] - begin[i])
    return least
