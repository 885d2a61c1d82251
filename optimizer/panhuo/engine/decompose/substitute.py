"""Take columns that an equality row defines out of a program: exact, and reversible."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

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
    back : csr_matrix, (columns, n)
        x = back·z + shift.
    shift : (columns,) float
        See there.
    out, by : (k,) int
        Columns taken out, and the row that defines each.
    loose : (k,) bool
        Its bounds became a row.
    """

    kept: Ints
    rows: Ints
    back: sp.csr_matrix
    shift: Floats
    out: Ints
    by: Ints
    loose: Bools

    def original(self, z: Floats) -> Floats:
        """Give a point of the original program, (columns,)."""
        return np.asarray(self.back @ z).ravel() + self.shift


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
    matrix = program.matrix.tocsr()
    out, by = _definitions(program, matrix, defined)
    kept = np.delete(np.arange(matrix.shape[1]), out)
    rows = np.delete(np.arange(matrix.shape[0]), by)
    own = np.asarray(matrix[by, out]).ravel()
    rest = sp.csr_matrix(sp.diags(-1 / own) @ matrix[by][:, kept]) if len(out) else sp.csr_matrix((0, len(kept)))
    shift = np.zeros(matrix.shape[1])
    shift[out] = program.row_lower[by] / own
    back = _places(kept, matrix.shape[1]) + _places(out, matrix.shape[1]) @ rest
    lower, upper = program.lower[kept], program.upper[kept]
    low, high = program.lower[out] - shift[out], program.upper[out] - shift[out]
    below, above = _within(rest, lower, upper)
    loose = ~((below >= low) & (above <= high))  # also where neither is known
    less = matrix[rows] @ shift
    reduced = sp.vstack([matrix[rows] @ back, rest[loose]], format="csr")
    reduced.eliminate_zeros()
    sign = 1.0 if program.maximise else -1.0
    found = replace(
        program,
        matrix=reduced,
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
    return found, Substituted(kept, rows, sp.csr_matrix(back), shift, out, by, loose)


def _definitions(program: Program, matrix: sp.csr_matrix, defined: Ints) -> tuple[Ints, Ints]:
    """Pair each column with an equality row that holds no other of them and defines no other."""
    marked = np.zeros(matrix.shape[1], dtype=bool)
    marked[defined] = True
    held = np.asarray((matrix != 0) @ marked.astype(np.int64)).ravel()
    fit = (program.row_lower == program.row_upper) & (held == 1)
    entries = sp.coo_matrix(matrix[np.flatnonzero(fit)])
    mine = marked[entries.col]
    row, column = np.flatnonzero(fit)[entries.row[mine]], entries.col[mine]
    # one row a column: the shortest, so that as few entries as can be are filled in
    order = np.lexsort((row, np.diff(matrix.indptr)[row], column))
    first = np.unique(column[order], return_index=True)[1]
    return column[order][first].astype(np.int64), row[order][first].astype(np.int64)


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
