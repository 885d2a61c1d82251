"""What stands around some columns: the rows they touch and the columns that follow.

Most cells that a few sites reach are reached from elsewhere too. Such a row holds whatever these sites do, with the
column that follows from it where it is best: neither is in the small program. More than a third of the rows of a window
of a generated district go that way, before anything is cut out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from panhuo.compiled import compiled
from panhuo.engine.alike import Places
from panhuo.engine.decompose.folded import Folded
from panhuo.engine.program import Bools, Floats, Program
from panhuo_models.data import Ints


@dataclass(frozen=True, eq=False)
class Followers:
    """Rows of which all columns but one are whole, and that one follows from the others.

    Parameters
    ----------
    column : (rows,) int
        That column; -1 for rows that are not of this kind.
    best : (rows,) float
        The bound at which it is best.
    """

    column: Ints
    best: Floats

    @classmethod
    def of(cls, program: Program) -> Followers:
        """Find them in a program that is maximised."""
        folded = Folded.of(program)
        matrix = program.matrix.tocsr()
        alone = _continuous(matrix.indptr, matrix.indices, program.integer)[folded.row] == 1
        row, y = folded.row[alone], folded.column[alone]
        column, best = np.full(len(program.row_lower), -1), np.zeros(len(program.row_lower))
        column[row] = y
        best[row] = np.where(program.cost[y] > 0, program.upper[y], program.lower[y])
        return cls(column, best)


@dataclass(frozen=True, eq=False)
class Turned:
    """Which rows of a matrix each column stands in, without their values: a city's take as much room again.

    Parameters
    ----------
    starts, rows : (columns + 1,), (entries,) int
        Rows of each column, ascending, one column after the other.
    """

    starts: Places
    rows: Places

    @classmethod
    def of(cls, matrix: sp.csr_matrix) -> Turned:
        """Turn a matrix."""
        return cls(*by_columns(matrix.indptr, matrix.indices, matrix.shape[1]))

    def rows_of(self, columns: Ints) -> Ints:
        """List the rows that columns, (k,) int, stand in: each once, ascending."""
        parts = [self.rows[self.starts[j] : self.starts[j + 1]] for j in columns.tolist()]
        return np.unique(np.concatenate([self.rows[:0], *parts]))


def around(
    program: Program, turned: Turned, followers: Followers, point: Floats, activity: Floats,
    own: Ints, also: Ints, left_out: Bools, may: Bools,
) -> tuple[Ints, Ints]:  # fmt: skip
    """Find what stands around some columns, without rows that hold whatever these do.

    Parameters
    ----------
    program : Program
        To be maximised.
    turned : Turned
        Its matrix by columns.
    followers : Followers
        Its followers.
    point, activity : (columns,) and (rows,) float
        Where its columns stand, and what its rows add up to.
    own, also : (k,) int
        Integer columns, each once; those that are not whole follow the first in the rows they share.
    left_out : (rows,) bool
        Rows that do not count.
    may : (columns,) bool
        Columns that may follow.

    Returns
    -------
    rows, columns : (m,), (n,) int
        Ascending.
    """
    matrix = program.matrix.tocsr()
    sides = program.row_lower, program.row_upper, program.lower, program.upper
    return _around(
        matrix.indptr, matrix.indices, matrix.data, turned.starts, turned.rows, sides, program.integer,
        followers.column, followers.best, point, activity, own, also, left_out, may,
    )  # fmt: skip


@compiled
def by_columns(starts: Places, columns: Places, count: int) -> tuple[Places, Places]:
    """List the rows of each of so many columns, ascending, and say where those of a column begin: starts and rows."""
    of_starts = np.zeros(count + 1, dtype=starts.dtype)
    for k in range(starts[-1]):
        of_starts[columns[k] + 1] += 1
    of_starts[:] = np.cumsum(of_starts)
    rows, at = np.empty(starts[-1], dtype=columns.dtype), of_starts.copy()
    for i in range(len(starts) - 1):
        for k in range(starts[i], starts[i + 1]):
            rows[at[columns[k]]] = i
            at[columns[k]] += 1
    return of_starts, rows


@compiled
def moved(
    activity: Floats, starts: Places, columns: Places, values: Floats, of_starts: Places, of_rows: Places,
    moves: Ints, change: Floats,
) -> None:  # fmt: skip
    """Change what rows add up to, in place, where some columns move by so much."""
    for n in range(len(moves)):
        for e in range(of_starts[moves[n]], of_starts[moves[n] + 1]):
            i = of_rows[e]
            for k in range(starts[i], starts[i + 1]):
                if columns[k] == moves[n]:
                    activity[i] += values[k] * change[n]


@compiled
def _holds(
    i: int, starts: Ints, columns: Ints, values: Floats, sides: tuple[Floats, Floats, Floats, Floats], free: Bools,
    point: Floats, activity: float,
) -> bool:  # fmt: skip
    """Whether a row holds wherever the free columns stand."""
    row_lower, row_upper, lower, upper = sides
    least = most = activity
    for e in range(starts[i], starts[i + 1]):
        j = columns[e]
        if free[j]:
            down, up = values[e] * (lower[j] - point[j]), values[e] * (upper[j] - point[j])
            least, most = least + min(down, up), most + max(down, up)
    return bool(least >= row_lower[i] and most <= row_upper[i])


@compiled
def _around(
    starts: Ints, columns: Ints, values: Floats, of_starts: Ints, of_rows: Ints,
    sides: tuple[Floats, Floats, Floats, Floats], whole: Bools, follower: Ints, best: Floats, point: Floats,
    activity: Floats, own: Ints, also: Ints, left_out: Bools, may: Bools,
) -> tuple[Ints, Ints]:  # fmt: skip
    free = np.zeros(len(point), dtype=np.bool_)
    for j in own:
        free[j] = True
    for j in also:
        free[j] = True
    seen = left_out.copy()
    rows, many = np.empty(len(seen), dtype=np.int64), 0
    found, count = np.empty(len(point), dtype=np.int64), len(own)
    found[:count] = own
    for n in range(len(own)):
        for k in range(of_starts[own[n]], of_starts[own[n] + 1]):
            i = of_rows[k]
            if seen[i]:
                continue
            seen[i] = True
            y = follower[i]
            if y >= 0 and point[y] == best[i] and _holds(i, starts, columns, values, sides, free, point, activity[i]):
                continue
            rows[many] = i
            many += 1
            for e in range(starts[i], starts[i + 1]):
                j = columns[e]
                if not whole[j] and may[j] and not free[j]:
                    free[j] = True
                    found[count] = j
                    count += 1
    for n in range(len(also)):
        found[count] = also[n]
        count += 1
    for n in range(len(own), count):
        for k in range(of_starts[found[n]], of_starts[found[n] + 1]):
            i = of_rows[k]
            if not seen[i]:
                seen[i] = True
                rows[many] = i
                many += 1
    return np.sort(rows[:many]), np.sort(found[:count])


@compiled
def _continuous(starts: Ints, columns: Ints, whole: Bools) -> Ints:
    """Count the columns of each row that are not whole."""
    count = np.zeros(len(starts) - 1, dtype=np.int64)
    for i in range(len(count)):
        for k in range(starts[i], starts[i + 1]):
            count[i] += not whole[columns[k]]
    return count
