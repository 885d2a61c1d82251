"""Take columns that an equality row defines out of a program: exact, and reversible."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from panhuo.compiled import compiled
from panhuo.engine.alike import Places
from panhuo.engine.packed import Packed, entry
from panhuo.engine.program import Bools, Floats, Program
from panhuo_models.data import Ints


@dataclass(frozen=True, eq=False)
class Substituted:
    """What a program has without the columns that others define, and the way back.

    Parameters
    ----------
    kept : (n,) int
        Its columns in the original program.
    rows : (m,) int
        Its rows in the original one; -1 for the bounds of a defined column, which became a row.
    out, by : (k,) int
        Columns taken out, and the row that defines each.
    rest : csr_matrix, (k, n)
        What they are: rest·z + shift.
    shift : (k,) float
        See there.
    loose : (k,) bool
        Its bounds became a row.
    """

    kept: Ints
    rows: Ints
    out: Ints
    by: Ints
    rest: sp.csr_matrix
    shift: Floats
    loose: Bools

    def original(self, z: Floats) -> Floats:
        """Give a point of the original program, (columns,)."""
        x = np.empty(len(self.kept) + len(self.out))
        x[self.kept], x[self.out] = z, self.rest @ z + self.shift
        return x


def substitute(program: Program, defined: Ints) -> tuple[Program, Substituted]:
    """Take out of a program the columns that an equality row defines.

    Parameters
    ----------
    program : Program
        Maximised or minimised.
    defined : (k,) int
        Columns to be taken out, none of them in the defining row of another, each with an equality row of its own.
        One without such a row stays.

    Returns
    -------
    program : Program
        To be maximised. The bounds of a defined column become a row where those of the columns it is defined by do not
        imply them.
    substituted : Substituted
        Its columns and rows, and the way back.
    """
    matrix = Packed.of(program.matrix)
    out, by = _definitions(program, matrix, defined)
    kept = np.delete(np.arange(matrix.shape[1]), out)
    rows = np.delete(np.arange(matrix.shape[0]), by)
    defining = matrix.taken(by)
    own = np.asarray(defining[np.arange(len(by)), out]).ravel()
    rest = sp.csr_matrix(sp.diags(-1 / own) @ defining[:, kept]) if len(out) else sp.csr_matrix((0, len(kept)))
    shift = np.zeros(matrix.shape[1])
    shift[out] = program.row_lower[by] / own
    back = _places(kept, matrix.shape[1]) + _places(out, matrix.shape[1]) @ rest
    lower, upper = program.lower[kept], program.upper[kept]
    low, high = program.lower[out] - shift[out], program.upper[out] - shift[out]
    below, above = _within(rest, lower, upper)
    loose = ~((below >= low) & (above <= high))  # also where neither is known
    less = (matrix @ shift)[rows]
    sign = 1.0 if program.maximise else -1.0
    found = replace(
        program,
        matrix=_reduced(matrix, rows, back.tocsr(), rest[loose]),
        row_lower=np.append(program.row_lower[rows] - less, low[loose]),
        row_upper=np.append(program.row_upper[rows] - less, high[loose]),
        lower=lower,
        upper=upper,
        integer=program.integer[kept],
        cost=sign * np.asarray(back.T @ program.cost).ravel(),
        offset=sign * (program.offset + float(program.cost @ shift)),
        maximise=True,
        implied=None if program.implied is None else program.implied[kept],
    )
    rows = np.append(rows, np.full(int(loose.sum()), -1))
    return found, Substituted(kept, rows, out, by, rest, shift[out], loose)


def _definitions(program: Program, matrix: Packed, defined: Ints) -> tuple[Ints, Ints]:
    """Pair each column with an equality row that holds no other of them and defines no other."""
    marked = np.zeros(matrix.shape[1], dtype=bool)
    marked[defined] = True
    held = _held(matrix, marked)
    fit = (program.row_lower == program.row_upper) & (held == 1)
    entries = matrix.taken(np.flatnonzero(fit)).tocoo()
    mine = marked[entries.col]
    row, column = np.flatnonzero(fit)[entries.row[mine]], entries.col[mine]
    # one row a column: the shortest, so that as few entries as can be are filled in
    order = np.lexsort((row, np.diff(matrix.start)[row], column))
    first = np.unique(column[order], return_index=True)[1]
    return column[order][first].astype(np.int64), row[order][first].astype(np.int64)


def _reduced(matrix: Packed, rows: Ints, back: sp.csr_matrix, more: sp.csr_matrix) -> sp.csr_matrix:
    """Multiply some rows of a matrix by another one, and put more rows below; no entry is 0."""
    more = sp.csr_matrix(more)
    more.eliminate_zeros()
    starts = _most_entries(matrix, rows, back.indptr)
    columns = np.empty(starts[-1] + more.nnz, dtype=np.int32)
    values = np.empty(len(columns))
    end = _multiplied(matrix, rows, back.indptr, back.indices, back.data, back.shape[1], starts, columns, values)
    columns[end : end + more.nnz], values[end : end + more.nnz] = more.indices, more.data
    end += more.nnz
    starts = np.append(starts, starts[-1] + more.indptr[1:])
    return sp.csr_matrix((values[:end], columns[:end], starts), shape=(len(starts) - 1, back.shape[1]))


@compiled
def _most_entries(matrix: Packed, rows: Ints, other_starts: Places) -> Places:
    """Say where the rows of a product begin at the latest."""
    found = np.zeros(len(rows) + 1, dtype=np.int32)
    for n in range(len(rows)):
        found[n + 1] = found[n]
        for k in range(matrix.start[rows[n]], matrix.start[rows[n] + 1]):
            j, _ = entry(matrix, rows[n], k)
            found[n + 1] += other_starts[j + 1] - other_starts[j]
    return found


@compiled
def _multiplied(
    matrix: Packed, rows: Ints, other_starts: Ints, other_columns: Ints, other_values: Floats, width: int,
    found_starts: Ints, found_columns: Ints, found_values: Floats,
) -> int:  # fmt: skip
    """Write down the product of some rows with another matrix, and where each begins; give where the last one ends.

    Of each row the columns come last first, and are added up in turn, as scipy does; but no copy of the rows is made.
    """
    sums, before = np.zeros(width), np.full(width, -1, dtype=np.int32)
    end = 0
    for n in range(len(rows)):
        found_starts[n] = end
        last = -2
        for k in range(matrix.start[rows[n]], matrix.start[rows[n] + 1]):
            own, value = entry(matrix, rows[n], k)
            for e in range(other_starts[own], other_starts[own + 1]):
                j = other_columns[e]
                sums[j] += value * other_values[e]
                if before[j] == -1:
                    before[j], last = last, j
        while last != -2:
            if sums[last] != 0:
                found_columns[end], found_values[end] = last, sums[last]
                end += 1
            sums[last] = 0.0
            before[last], last = -1, before[last]
    found_starts[len(rows)] = end
    return end


@compiled
def _held(matrix: Packed, marked: Bools) -> Ints:
    """Count the entries of each row in marked columns."""
    found = np.zeros(len(matrix.own), dtype=np.int64)
    for i in range(len(found)):
        for k in range(matrix.start[i], matrix.start[i + 1]):
            j, value = entry(matrix, i, k)
            found[i] += marked[j] and value != 0
    return found


def _places(columns: Ints, width: int) -> sp.csr_matrix:
    count = len(columns)
    return sp.csr_matrix((np.ones(count), (columns, np.arange(count))), shape=(width, count))


def _within(matrix: sp.csr_matrix, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Least and largest activity of rows within the bounds of the columns, (rows,) each."""
    plus, minus = matrix.maximum(0).tocsr(), matrix.minimum(0).tocsr()
    return _times(plus, lower) + _times(minus, upper), _times(plus, upper) + _times(minus, lower)


def _times(matrix: sp.csr_matrix, bounds: Floats) -> Floats:
    """Multiply; 0·inf is 0, as a sparse matrix has no such entry."""
    return np.asarray(matrix @ bounds).ravel()
