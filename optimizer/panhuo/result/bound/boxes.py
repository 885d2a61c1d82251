"""Bounds of columns that have none of their own, from the rows they stand in, rounded outward."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from panhuo.result.bound.sums import error, up
from panhuo_models.data import Floats, Ints

_PASSES = 8


def boxes(
    matrix: sp.csr_matrix, row_lower: Floats, row_upper: Floats, lower: Floats, upper: Floats
) -> tuple[Floats, Floats]:
    """Fill in missing bounds.

    From Σ a·x ≤ limit follows a·x_j ≤ limit − Σ least of the others; the like of ≥. What is there stays as it is.

    Parameters
    ----------
    matrix : csr_matrix, (rows, columns)
        Rows to take bounds from.
    row_lower, row_upper : (rows,) float
        Their limits.
    lower, upper : (columns,) float
        Bounds; ±inf where there is none.
    """
    lower, upper = lower.copy(), upper.copy()
    turned = matrix.tocsc()
    for _ in range(_PASSES):
        open_ = np.flatnonzero(np.isinf(lower) | np.isinf(upper))
        rows = np.unique(turned[:, open_].indices)
        if not len(rows):
            break
        some = sp.coo_matrix(matrix[rows])
        before = lower.copy(), upper.copy()
        # ≥ is ≤ with all signs changed
        for sign, limit in ((1.0, row_upper[rows]), (-1.0, -row_lower[rows])):
            _tighten(some.row, some.col, sign * some.data, limit, lower, upper, before)
        if np.array_equal(before[0], lower) and np.array_equal(before[1], upper):
            break
    return lower, upper


def _tighten(
    row: Ints, column: Ints, value: Floats, limit: Floats, lower: Floats, upper: Floats, before: tuple[Floats, Floats]
) -> None:
    """Bound the open columns of rows Σ value·x ≤ limit."""
    least = value * np.where(value > 0, before[0][column], before[1][column])
    open_ = np.isinf(least)
    finite = np.where(open_, 0.0, least)
    count, sums = np.bincount(row, minlength=len(limit)), np.bincount(row, finite, minlength=len(limit))
    opens = np.bincount(row, open_, minlength=len(limit))
    size = np.bincount(row, np.abs(finite), minlength=len(limit)) + np.abs(np.where(np.isinf(limit), 0.0, limit))
    slack = error(count.astype(np.int64), size.astype(np.float64))
    # nothing follows where another column of the row has no least
    known = np.isfinite(limit)[row] & (opens[row] == open_)
    row, column, value, finite = row[known], column[known], value[known], finite[known]
    room = up(limit[row] - (sums[row] - finite) + slack[row])
    bound = room / value
    for into, old, mine, sense in ((upper, before[1], value > 0, 1.0), (lower, before[0], value < 0, -1.0)):
        wanted = mine & np.isinf(old[column])
        place = column[wanted]
        outward = np.nextafter(bound[wanted], sense * np.inf)
        (np.minimum if sense > 0 else np.maximum).at(into, place, outward)
