"""Rows and columns taken out of a sparse matrix."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from panhuo.compiled import compiled
from panhuo_models.data import Floats, Ints


def taken(matrix: sp.spmatrix, rows: Ints, columns: Ints) -> sp.csr_matrix:
    """Take some rows of a matrix, and some columns in ascending order; the entries of a row stay in their order."""
    whole, place = matrix.tocsr(), np.full(matrix.shape[1], -1, dtype=np.int32)
    place[columns] = np.arange(len(columns), dtype=np.int32)
    left = _taken(whole.indptr, whole.indices, whole.data, rows, place)
    return sp.csr_matrix(left, shape=(len(rows), len(columns)))


@compiled
def _taken(starts: Ints, columns: Ints, values: Floats, rows: Ints, place: Ints) -> tuple[Floats, Ints, Ints]:
    """Take some rows, and of those the columns that have a place: values, columns and starts."""
    some_starts = np.zeros(len(rows) + 1, dtype=starts.dtype)
    for n in range(len(rows)):
        count = 0
        for k in range(starts[rows[n]], starts[rows[n] + 1]):
            count += place[columns[k]] >= 0
        some_starts[n + 1] = some_starts[n] + count
    some_values = np.empty(some_starts[-1], dtype=values.dtype)
    some_columns = np.empty(some_starts[-1], dtype=columns.dtype)
    for n in range(len(rows)):
        at = some_starts[n]
        for k in range(starts[rows[n]], starts[rows[n] + 1]):
            if place[columns[k]] >= 0:
                some_values[at], some_columns[at] = values[k], place[columns[k]]
                at += 1
    return some_values, some_columns, some_starts
