"""Rows and columns taken out of a sparse matrix, or cut out of a program."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from panhuo.compiled import compiled
from panhuo.engine.program import Floats, Program
from panhuo_models.data import Ints


def cut(program: Program, rows: Ints, columns: Ints, cost: Floats) -> Program:
    """Cut some rows and columns out, without the constant of the objective.

    Parameters
    ----------
    program : Program
        What to cut from.
    rows, columns : (m,), (n,) int
        Those that stay, columns in ascending order; all others count as 0.
    cost : (n,) float
        Objective coefficients of the columns that stay.
    """
    return replace(
        program,
        matrix=taken(program.matrix, rows, columns),
        row_lower=program.row_lower[rows],
        row_upper=program.row_upper[rows],
        lower=program.lower[columns],
        upper=program.upper[columns],
        integer=program.integer[columns],
        cost=cost,
        offset=0.0,
        implied=None if program.implied is None else program.implied[columns],
    )


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
