"""A program in whole numbers: what CP-SAT takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from panhuo.engine.errors import RefusedError
from panhuo.engine.program import Bools, Floats, Program
from panhuo.words import T
from panhuo_models.data import Ints

DECIMALS = 6
"""Most decimals of a coefficient that is made whole."""
_CLOSE = 1e-6
_LARGEST = 2**52


@dataclass(frozen=True)
class WholeProgram:
    """Optimise cost·y/scale + offset, lower ≤ A·y ≤ upper, all of it in whole numbers.

    Parameters
    ----------
    matrix : csr_matrix of int, (rows, n)
        A.
    row_lower, row_upper : (rows,) float
        Whole numbers, or ±inf where open.
    lower, upper : (n,) int
        Bounds of y.
    cost : (n,) int
        Objective coefficients.
    scale, offset : float
        What the objective was multiplied by; its constant.
    back : csr_matrix, (columns, n)
        x = back·y gives the columns of the program it came from.
    """

    matrix: sp.csr_matrix
    row_lower: Floats
    row_upper: Floats
    lower: Ints
    upper: Ints
    cost: Ints
    scale: float
    offset: float
    back: sp.csr_matrix


def whole_numbers(program: Program) -> WholeProgram:
    """Write a program in whole numbers, without rounding anything.

    Continuous columns that a row defines as a sum of integral ones (reached[t]) are put in; columns that are integral
    by themselves (covered, stays_open) are asked to be so, which loses no plan.

    Parameters
    ----------
    program : Program
        A pure 0–1 program with decimal data.

    Returns
    -------
    WholeProgram
        The same program.

    Raises
    ------
    RefusedError
        Continuous columns are left, or a coefficient has more than :data:`DECIMALS` decimals.
    """
    implied = np.zeros_like(program.integer) if program.implied is None else program.implied
    integral = program.integer | implied
    kept = np.flatnonzero(integral)
    back, defining = _definitions(program, integral, kept)
    continuous = np.flatnonzero(~integral)
    stated = sp.vstack([program.matrix, sp.identity(len(integral), format="csr")[continuous]], format="csr") @ back
    lower = np.append(np.where(defining, 0.0, program.row_lower), program.lower[continuous])
    upper = np.append(np.where(defining, 0.0, program.row_upper), program.upper[continuous])
    matrix, row_lower, row_upper = _whole_rows(sp.csr_matrix(stated), lower, upper)
    cost, scale = _whole_row(np.asarray(program.cost @ back).ravel())
    return WholeProgram(
        matrix=matrix,
        row_lower=row_lower,
        row_upper=row_upper,
        lower=np.rint(program.lower[kept]).astype(np.int64),
        upper=np.rint(program.upper[kept]).astype(np.int64),
        cost=cost,
        scale=scale,
        offset=program.offset,
        back=back,
    )


def _definitions(program: Program, integral: Bools, kept: Ints) -> tuple[sp.csr_matrix, Bools]:
    """Express every column by the integral ones; say which rows were used up by it."""
    matrix = program.matrix.tocsr()
    loose = sp.csr_matrix(matrix[:, np.flatnonzero(~integral)])
    equal = (program.row_lower == 0) & (program.row_upper == 0) & (np.diff(loose.indptr) == 1)
    back = sp.lil_matrix((len(integral), len(kept)))
    back[kept, np.arange(len(kept))] = 1.0
    defining = np.zeros(matrix.shape[0], dtype=bool)
    undefined = set(np.flatnonzero(~integral).tolist())
    columns = np.flatnonzero(~integral)
    for row in np.flatnonzero(equal).tolist():
        column = int(columns[loose.indices[loose.indptr[row]]])
        if column in undefined and matrix[row, column] == -1:
            undefined.remove(column)
            defining[row] = True
            back[column] = matrix[row][:, kept]
    if undefined:
        raise RefusedError(
            T(
                "CP-SAT takes whole numbers only, and this model has {count} continuous column "
                "(payments by fund, or a smallest share): choose highs or scip",
                "CP-SAT takes whole numbers only, and this model has {count} continuous columns "
                "(payments by fund, or a smallest share): choose highs or scip",
                count=len(undefined),
            )
        )
    return back.tocsr(), defining


def _whole_rows(matrix: sp.csr_matrix, lower: Floats, upper: Floats) -> tuple[sp.csr_matrix, Floats, Floats]:
    """Scale each row to whole numbers by the smallest power of ten that does."""
    matrix.eliminate_zeros()
    values = np.empty(matrix.nnz, dtype=np.int64)
    row_lower, row_upper = np.empty_like(lower), np.empty_like(upper)
    for row in range(matrix.shape[0]):
        entries = slice(matrix.indptr[row], matrix.indptr[row + 1])
        values[entries], power = _whole_row(matrix.data[entries])
        row_lower[row] = np.ceil(lower[row] * power - _CLOSE)
        row_upper[row] = np.floor(upper[row] * power + _CLOSE)
    return sp.csr_matrix((values, matrix.indices, matrix.indptr), shape=matrix.shape), row_lower, row_upper


def _whole_row(values: Floats) -> tuple[Ints, float]:
    """Give whole numbers, and the power of ten they were scaled by."""
    for decimals in range(DECIMALS + 1):
        power = 10.0**decimals
        scaled = values * power
        rounded = np.rint(scaled)
        if np.all(np.abs(scaled - rounded) <= _CLOSE * np.maximum(1.0, 1e-6 * np.abs(scaled))):
            if np.abs(rounded).sum() > _LARGEST:
                break
            return rounded.astype(np.int64), power
    raise RefusedError(
        T(
            "CP-SAT takes whole numbers only, and a coefficient of this model has more than {decimals} decimals: "
            "choose highs or scip",
            decimals=DECIMALS,
        )
    )
