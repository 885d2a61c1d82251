"""Columns that another one dominates: whatever they do, the other does as well or better."""

from __future__ import annotations

import numpy as np

from panhuo.compiled import compiled
from panhuo.engine.program import Bools, Floats
from panhuo.engine.reduce.sides import HAIR, Sides
from panhuo_models.data import Ints

WIDE = 1000
"""Rows with more columns are not searched for one that dominates."""


def dominated(sides: Sides) -> Ints:
    """Find binary columns that are 0 in some best plan, as another one takes their place.

    Column o takes the place of p where it is worth no less, and in every row needs no more and gives no less. In a
    plan with p and without o, o stands in for p. A plan with both must not exist, or p must be of no use beside o: it
    is worth nothing, and every row it helps holds by o alone.

    Parameters
    ----------
    sides : Sides
        The program.

    Returns
    -------
    (n,) int
        For each column the one that takes its place; -1 where none does. No chain of them ends where it began.
    """
    turned = sides.matrix.tocsc()
    turned.sort_indices()
    least, most = sides.activity()
    return _dominated(
        turned.indptr, turned.indices, turned.data, sides.matrix.indptr, sides.matrix.indices, sides.limit, least, most,
        sides.cost, sides.binary, HAIR, WIDE,
    )  # fmt: skip


@compiled
def _dominated(
    starts: Ints, rows: Ints, values: Floats, row_starts: Ints, columns: Ints, limit: Floats, least: Floats,
    most: Floats, cost: Floats, binary: Bools, hair: float, wide: int,
) -> Ints:  # fmt: skip
    """Look for one that dominates in the shortest row that a column helps; where it helps none, in those it loads."""
    instead = np.full(len(cost), -1)
    for p in range(len(cost)):
        if not binary[p]:
            continue
        first, last = _shortest(p, starts, rows, values, row_starts)
        for k in range(first, last):
            row = rows[k]
            if row_starts[row + 1] - row_starts[row] > wide:
                continue
            for e in range(row_starts[row], row_starts[row + 1]):
                o = columns[e]
                able = instead[p] < 0 and o != p and binary[o] and instead[o] < 0 and cost[o] >= cost[p]
                if able and _dominates(o, p, starts, rows, values, limit, least, most, cost[p] <= 0, hair):
                    instead[p] = o
    return instead


@compiled
def _shortest(p: int, starts: Ints, rows: Ints, values: Floats, row_starts: Ints) -> tuple[int, int]:
    """Give the entry of a column in the shortest row that it helps, else all its entries: begin and end."""
    best = -1
    for k in range(starts[p], starts[p + 1]):
        width = row_starts[rows[k] + 1] - row_starts[rows[k]]
        if values[k] < 0 and (best < 0 or width < row_starts[rows[best] + 1] - row_starts[rows[best]]):
            best = k
    return (best, best + 1) if best >= 0 else (starts[p], starts[p + 1])


@compiled
def _dominates(
    o: int, p: int, starts: Ints, rows: Ints, values: Floats, limit: Floats, least: Floats, most: Floats,
    useless: bool, hair: float,
) -> bool:  # fmt: skip
    """Compare two columns row by row; both are binary, o is worth no less."""
    exclusive = False
    a, b = starts[o], starts[p]
    while a < starts[o + 1] or b < starts[p + 1]:
        if b == starts[p + 1] or (a < starts[o + 1] and rows[a] < rows[b]):
            row, ours, theirs = rows[a], values[a], 0.0
            a += 1
        elif a == starts[o + 1] or rows[b] < rows[a]:
            row, ours, theirs = rows[b], 0.0, values[b]
            b += 1
        else:
            row, ours, theirs = rows[a], values[a], values[b]
            a += 1
            b += 1
        if ours > theirs:
            return False
        if theirs < 0 and most[row] + ours > limit[row]:
            useless = False
        if ours > 0 and theirs > 0 and ours + theirs > limit[row] - least[row] + hair:
            exclusive = True
    return exclusive or useless
