"""Columns that are no variables of their own: one row alone holds each back, and best is as much of it as that leaves.

Where a row Σ a·x + d·z ≤ b is the only one of a column z, and its worth c·z pulls against it (c·d > 0), the best z is
(b − Σ a·x)/d within its bounds: whatever the x are, it follows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from panhuo.compiled import compiled
from panhuo.engine.alike import Places
from panhuo.engine.packed import Packed
from panhuo.engine.packed import entry as entry_of
from panhuo.engine.program import Floats, Program
from panhuo_models.data import Ints


@dataclass(frozen=True, eq=False)
class Folded:
    """Continuous columns that follow from the only row they stand in.

    Parameters
    ----------
    column, row : (k,) int
        The columns, and the row of each; no row twice.
    entry : (k,) float
        d of each in its row.
    """

    column: Ints
    row: Ints
    entry: Floats

    @classmethod
    def of(cls, program: Program) -> Folded:
        """Find them in a program that is maximised: in rows with one limit, against which their worth pulls."""
        matrix = program.matrix
        if isinstance(matrix, Packed):
            row, entry = _alone_packed(matrix)
        else:
            row, entry = _alone(matrix.indptr, matrix.indices, matrix.data, len(program.cost))
        column = np.flatnonzero((row >= 0) & ~program.integer & (program.lower < program.upper))
        row, entry = row[column], entry[column]
        upper, lower = np.isfinite(program.row_upper[row]), np.isfinite(program.row_lower[row])
        pull = program.cost[column] * entry
        against = np.where(upper, pull > 0, pull < 0) & (upper != lower)
        column, row, entry = column[against], row[against], entry[against]
        first = np.unique(row, return_index=True)[1]
        return cls(column[first], row[first], entry[first])

    def filled(self, program: Program, point: Floats, activity: Floats) -> None:
        """Set the columns to the most that their rows leave.

        Parameters
        ----------
        program : Program
            The program.
        point : (columns,) float
            Changed in place.
        activity : (rows,) float
            What the other columns add up to.
        """
        limit = np.where(np.isfinite(program.row_upper), program.row_upper, program.row_lower)
        left = (limit[self.row] - activity[self.row]) / self.entry
        bounded = np.clip(left, program.lower[self.column], program.upper[self.column])
        point[self.column] = bounded


@compiled
def _alone(starts: Ints, columns: Ints, values: Floats, count: int) -> tuple[Ints, Floats]:
    """Give row and value of the only entry of each column; row -1 where there is none, or a second one."""
    row, value = np.full(count, -1), np.zeros(count)
    for i in range(len(starts) - 1):
        for k in range(starts[i], starts[i + 1]):
            row[columns[k]] = i if row[columns[k]] == -1 else -2
            value[columns[k]] = values[k]
    return row, value


@compiled
def _alone_packed(matrix: Packed) -> tuple[Places, Floats]:
    """Say the same of a packed matrix."""
    row, value = np.full(matrix.width, -1, dtype=np.int32), np.zeros(matrix.width)
    for i in range(len(matrix.own)):
        for k in range(matrix.start[i], matrix.start[i + 1]):
            j, entry = entry_of(matrix, i, k)
            row[j] = i if row[j] == -1 else -2
            value[j] = entry
    return row, value
