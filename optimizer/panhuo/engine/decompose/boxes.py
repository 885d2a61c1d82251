"""Finite bounds for all columns, from the rows they stand in: without them prices alone bound nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from panhuo.engine.program import Floats, Program
from panhuo_models.data import Ints

_PASSES = 4
"""Passes over the rows: a class of cost is bounded by its options, what a fund pays of it by the class."""
_HAIR = 1e-9
"""Share by which a bound found is moved outward."""


def boxed(program: Program) -> Program:
    """Bound columns that have no bound of their own by the rows they stand in.

    In a row l ≤ a·x ≤ u, a column lies within (u − least of the others)/a and (l − most of the others)/a. Only bounds
    that are missing are filled in: what is there stays as it is.

    Parameters
    ----------
    program : Program
        Any.

    Returns
    -------
    Program
        With the same plans; a column that no row bounds keeps its open end.
    """
    matrix = program.matrix.tocsr()
    lower, upper = program.lower.copy(), program.upper.copy()
    for _ in range(_PASSES):
        open_ = np.flatnonzero(np.isinf(lower) | np.isinf(upper))
        if not len(open_):
            break
        touched = np.unique(matrix.tocsc()[:, open_].indices)
        found = _bounds(matrix[touched], program.row_lower[touched], program.row_upper[touched], lower, upper)
        new_lower, new_upper = np.where(np.isinf(lower), found[0], lower), np.where(np.isinf(upper), found[1], upper)
        if np.array_equal(new_lower, lower) and np.array_equal(new_upper, upper):
            break
        lower, upper = new_lower, new_upper
    return replace(program, lower=lower, upper=upper)


def _bounds(
    matrix: sp.csr_matrix, row_lower: Floats, row_upper: Floats, lower: Floats, upper: Floats
) -> tuple[Floats, Floats]:
    """Give the tightest bounds that single rows put on every column; ±inf where none does."""
    entries = sp.coo_matrix(matrix)
    row, column, value = entries.row, entries.col, entries.data
    least = value * np.where(value > 0, lower[column], upper[column])
    most = value * np.where(value > 0, upper[column], lower[column])
    without_least, without_most = _others(row, least, len(row_lower)), _others(row, most, len(row_lower))
    high, low = row_upper[row] - without_least, row_lower[row] - without_most
    below, above = np.full(len(lower), -np.inf), np.full(len(lower), np.inf)
    for limit, sense in ((high, 1.0), (low, -1.0)):
        with np.errstate(invalid="ignore"):
            bound = limit / value
        known = np.isfinite(bound)
        caps = known & (sense * value > 0)
        np.minimum.at(above, column[caps], bound[caps] + _HAIR * np.abs(bound[caps]))
        floors = known & (sense * value < 0)
        np.maximum.at(below, column[floors], bound[floors] - _HAIR * np.abs(bound[floors]))
    return below, above


def _others(row: Ints, part: Floats, rows: int) -> Floats:
    """Sum of the other entries of the row, for every entry; ±inf where one of them is (all such have one sign)."""
    infinite = np.isinf(part)
    total: Floats = np.bincount(row, np.where(infinite, 0.0, part), minlength=rows)[row].astype(float)
    count = np.bincount(row, infinite, minlength=rows)[row]
    side = np.bincount(row, np.where(infinite, np.sign(part), 0.0), minlength=rows)[row]
    return np.where(count > infinite, np.copysign(np.inf, side), total - np.where(infinite, 0.0, part))
