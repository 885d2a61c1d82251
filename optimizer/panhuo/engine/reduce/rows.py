"""Rows that say nothing, and columns that nothing holds back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from panhuo.compiled import compiled
from panhuo.engine.program import Bools, Floats
from panhuo.engine.reduce.sides import HAIR, Sides
from panhuo_models.data import Ints

ROUNDING = 1e-12
"""By what share of the limit the sum of very many numbers may be off: all people there are, say."""


def bounded(sides: Sides) -> Sides:
    """Turn rows of one column into bounds of it; the rows themselves stay.

    Where the bounds of a column would cross, it keeps those it has: a solver is to find that nothing is left.

    Parameters
    ----------
    sides : Sides
        The program.

    Returns
    -------
    Sides
        With tighter bounds.
    """
    single = np.flatnonzero(np.diff(sides.matrix.indptr) == 1)
    column = sides.matrix.indices[sides.matrix.indptr[single]]
    value = sides.matrix.data[sides.matrix.indptr[single]]
    whole = sides.integer[column]
    # a whole number that misses the row by a hair only is a plan to every solver
    most = (sides.limit[single] + np.where(whole, HAIR, 0.0)) / value
    most = np.where(whole, np.where(value > 0, np.floor(most), np.ceil(most)), most)
    lower, upper = sides.lower.copy(), sides.upper.copy()
    np.minimum.at(upper, column[value > 0], most[value > 0])
    np.maximum.at(lower, column[value < 0], most[value < 0])
    crossed = lower > upper
    return replace(sides, lower=np.where(crossed, sides.lower, lower), upper=np.where(crossed, sides.upper, upper))


def redundant(sides: Sides, most: Floats) -> Bools:
    """Say which sides hold wherever the columns keep their bounds, (sides,) bool.

    Parameters
    ----------
    sides : Sides
        The program.
    most : (sides,) float
        Their largest values.
    """
    # the bound that a row of one column became may miss the row by a hair
    single = np.diff(sides.matrix.indptr) <= 1
    return most <= sides.limit + np.where(single, HAIR, np.minimum(ROUNDING * np.abs(sides.limit), HAIR))


def idle(sides: Sides, open_: Bools) -> tuple[Bools, Floats]:
    """Find the columns that are best at one of their bounds, whatever the others do.

    Where no row holds a column back and the objective does not either, it may as well be at its largest value (or its
    least); so may a column whose bounds are one value.

    Parameters
    ----------
    sides : Sides
        The program.
    open_ : (sides,) bool
        Sides that hold anyway.

    Returns
    -------
    found : (n,) bool
        Such columns.
    value : (n,) float
        Where they are best.
    """
    matrix = sides.matrix
    holds_back, asks = _signs(matrix.indptr, matrix.indices, matrix.data, open_, len(sides.cost))
    down = (sides.cost <= 0) & ~asks & np.isfinite(sides.lower)
    up = (sides.cost >= 0) & ~holds_back & np.isfinite(sides.upper)
    fixed = sides.lower == sides.upper
    return down | up | fixed, np.where(down | fixed, sides.lower, sides.upper)


@compiled
def _signs(starts: Ints, columns: Ints, values: Floats, open_: Bools, count: int) -> tuple[Bools, Bools]:
    """Say which columns have a positive entry, and which a negative one."""
    plus, minus = np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
    for i in range(len(open_)):
        if not open_[i]:
            for k in range(starts[i], starts[i + 1]):
                if values[k] > 0:
                    plus[columns[k]] = True
                else:
                    minus[columns[k]] = True
    return plus, minus
