"""What follows once the whole columns are set: as high as rows let it rise, the rest by a linear program."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from panhuo.engine.cutting import cut
from panhuo.engine.highs import solve_highs
from panhuo.engine.program import Bools, Floats, Limits, Program, Quiet
from panhuo_models.data import Ints


def completed(program: Program, point: Floats, free: Bools, limits: Limits) -> Floats:
    """Set free columns best while all others stay.

    Parameters
    ----------
    program : Program
        To be maximised; its columns are boxed. Rows that the columns that stay miss already may stay missed.
    point : (columns,) float
        Where the others stand.
    free : (columns,) bool
        Columns to be set, none of them integral.
    limits : Limits
        Seconds and seed of the linear program, where one is left.

    Returns
    -------
    (columns,) float
        The point. Where the linear program finds nothing, its columns stay as they were.
    """
    matrix = program.matrix.tocsr()
    point = np.where(free, 0.0, point)
    activity = matrix @ point
    entries = sp.coo_matrix(matrix[:, np.flatnonzero(free)])
    column = np.flatnonzero(free)[entries.col]
    alone = (np.bincount(entries.row, minlength=matrix.shape[0]) == 1)[entries.row]
    limit = np.where(entries.data > 0, program.row_upper[entries.row], program.row_lower[entries.row])
    hurts = np.isfinite(limit)
    rising = free & (program.cost >= 0)
    rising[column[hurts & ~alone]] = False
    top = program.upper.copy()
    mine = hurts & alone
    np.minimum.at(top, column[mine], (limit[mine] - activity[entries.row[mine]]) / entries.data[mine])
    point[rising] = np.maximum(top, program.lower)[rising]
    left = np.flatnonzero(free & ~rising)
    if len(left):
        point[left] = _solved(program, matrix, point, left, limits)
    return point


def fitted(program: Program, point: Floats, free: Bools, dear: Floats, limits: Limits) -> Floats:
    """Set free columns so that rows are missed as little as can be while all others stay.

    Parameters
    ----------
    program : Program
        To be maximised; its columns are boxed.
    point : (columns,) float
        Where the others stand.
    free : (columns,) bool
        Columns to be set, none of them integral.
    dear : (rows,) float
        What a unit by which a row is missed costs.
    limits : Limits
        Seconds and seed of the linear program.

    Returns
    -------
    (columns,) float
        The point. Where the linear program finds nothing, its columns stay as they were.
    """
    columns = np.flatnonzero(free)
    rows = np.unique(program.matrix.tocsc()[:, columns].indices)
    own = cut(program, rows, columns, program.cost[columns])
    rest = program.matrix.tocsr()[rows] @ np.where(free, 0.0, point)
    height = len(rows)
    slack = sp.eye_array(height, format="csr")
    none, all_of = np.zeros(2 * height, dtype=bool), np.zeros(2 * height)
    small = replace(
        own,
        matrix=sp.csr_matrix(sp.hstack([own.matrix, slack, -slack])),
        row_lower=own.row_lower - rest,
        row_upper=own.row_upper - rest,
        lower=np.append(own.lower, all_of),
        upper=np.append(own.upper, all_of + np.inf),
        integer=np.append(own.integer, none),
        implied=None,
        cost=np.concatenate([own.cost, -dear[rows], -dear[rows]]),
    )
    found = solve_highs(small, replace(limits, gap=0.0), Quiet()).x
    point = point.copy()
    if found is not None:
        point[columns] = np.clip(found[: len(columns)], own.lower, own.upper)
    return point


def _solved(program: Program, matrix: sp.csr_matrix, point: Floats, left: Ints, limits: Limits) -> Floats:
    """Solve for the columns left."""
    rows = np.unique(matrix.tocsc()[:, left].indices)
    activity = matrix[rows] @ point
    own = cut(program, rows, left, program.cost[left])
    small = replace(own, row_lower=own.row_lower - activity, row_upper=own.row_upper - activity)
    found = solve_highs(small, replace(limits, gap=0.0), Quiet()).x
    return np.clip(0.0, program.lower[left], program.upper[left]) if found is None else found
