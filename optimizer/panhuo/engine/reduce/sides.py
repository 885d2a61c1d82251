"""A program row by row in one form: every side of a row is a row of its own, A·x ≤ limit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from panhuo.compiled import compiled
from panhuo.engine.cutting import taken
from panhuo.engine.program import Bools, Floats, Program
from panhuo_models.data import Ints

HAIR = 1e-6
"""What a solver takes for nothing, in the units of a row."""


@dataclass(frozen=True, eq=False)
class Sides:
    """What is left of a program that is maximised: matrix·x ≤ limit, lower ≤ x ≤ upper.

    Parameters
    ----------
    matrix : csr_matrix, (sides, n)
        The upper sides of rows as they are, the lower ones negated; no entry is 0.
    limit : (sides,) float
        Finite.
    lower, upper : (n,) float
        Bounds; those of integer columns are whole.
    integer : (n,) bool
        The column is whole.
    cost : (n,) float
        Objective coefficients.
    side : (sides,) int
        Row r of the program for its upper side, −1 − r for its lower side.
    column : (n,) int
        Column of the program.
    """

    matrix: sp.csr_matrix
    limit: Floats
    lower: Floats
    upper: Floats
    integer: Bools
    cost: Floats
    side: Ints
    column: Ints

    @classmethod
    def of(cls, program: Program) -> Sides:
        """Take the rows of a program apart."""
        sign = 1.0 if program.maximise else -1.0
        above, below = np.flatnonzero(np.isfinite(program.row_upper)), np.flatnonzero(np.isfinite(program.row_lower))
        matrix = taken(program.matrix, np.append(above, below), np.arange(len(program.cost)))
        first = matrix.indptr[len(above)]
        np.negative(matrix.data[first:], out=matrix.data[first:])
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        return cls(
            matrix,
            np.append(program.row_upper[above], -program.row_lower[below]),
            np.where(program.integer, np.ceil(program.lower - HAIR), program.lower),
            np.where(program.integer, np.floor(program.upper + HAIR), program.upper),
            program.integer,
            sign * program.cost,
            np.append(above, -1 - below),
            np.arange(matrix.shape[1]),
        )

    @property
    def binary(self) -> Bools:
        """Columns that are 0 or 1."""
        return self.integer & (self.lower == 0) & (self.upper == 1)

    def activity(self) -> tuple[Floats, Floats]:
        """Least and largest value of every side within the bounds of the columns, (sides,) each."""
        return _activity(self.matrix.indptr, self.matrix.indices, self.matrix.data, self.lower, self.upper)

    def without(self, sides: Bools, columns: Bools, values: Floats) -> Sides:
        """Leave out sides that hold anyway, and columns at a value; the matrix is that of the sides left, in its place.

        Of a city, a second one beside it would take more than a hundred megabytes: what is left out of must not be read
        any more.

        Parameters
        ----------
        sides, columns : (sides,) and (n,) bool
            What is left out.
        values : (n,) float
            Where the columns stay that are left out.
        """
        matrix, limit = self.matrix, self.limit
        if columns.any():
            limit = limit - matrix @ np.where(columns, values, 0.0)
        place = np.where(columns, -1, np.cumsum(~columns) - 1)
        starts = _pushed(matrix.indptr, matrix.indices, matrix.data, np.flatnonzero(~sides), place)
        left = matrix.data[: starts[-1]], matrix.indices[: starts[-1]], starts
        return Sides(
            sp.csr_matrix(left, shape=(len(starts) - 1, int((~columns).sum()))),
            limit[~sides],
            self.lower[~columns],
            self.upper[~columns],
            self.integer[~columns],
            self.cost[~columns],
            self.side[~sides],
            self.column[~columns],
        )


@compiled
def _pushed(starts: Ints, columns: Ints, values: Floats, rows: Ints, place: Ints) -> Ints:
    """Push ascending rows, and of those the columns that have a place, to the front of the arrays: their starts."""
    some_starts = np.zeros(len(rows) + 1, dtype=starts.dtype)
    at = 0
    for n in range(len(rows)):
        for k in range(starts[rows[n]], starts[rows[n] + 1]):
            if place[columns[k]] >= 0:
                values[at], columns[at] = values[k], place[columns[k]]
                at += 1
        some_starts[n + 1] = at
    return some_starts


@compiled
def _activity(starts: Ints, columns: Ints, values: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    least, most = np.zeros(len(starts) - 1), np.zeros(len(starts) - 1)
    for i in range(len(starts) - 1):
        for k in range(starts[i], starts[i + 1]):
            at_lower, at_upper = values[k] * lower[columns[k]], values[k] * upper[columns[k]]
            least[i] += min(at_lower, at_upper)
            most[i] += max(at_lower, at_upper)
    return least, most
