"""What stands around some columns: the rows they touch and the columns that follow, cut out as one small matrix.

Most cells that a few sites reach are reached from elsewhere too. Such a row holds whatever these sites do, with the
column that follows from it where it is best: neither is in the small program. Of a window of a generated district two
thirds of the rows go that way, before anything is cut out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from panhuo.compiled import compiled
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


def around(
    program: Program, turned: sp.csc_matrix, followers: Followers, point: Floats, activity: Floats,
    own: Ints, also: Ints, left_out: Bools, may: Bools,
) -> tuple[Ints, Ints]:  # fmt: skip
    """Find the rows and columns around some columns, without rows that hold whatever these do.

    Parameters
    ----------
    program : Program
        To be maximised.
    turned : csc_matrix, (rows, columns)
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
        matrix.indptr, matrix.indices, matrix.data, turned.indptr, turned.indices, sides, program.integer,
        followers.column, followers.best, point, activity, own, also, left_out, may,
    )  # fmt: skip


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
