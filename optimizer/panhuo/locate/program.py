"""Compile a named location problem: planning rows from Pyomo, reach rows as arrays, one matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyomo.environ as pyo
import scipy.sparse as sp
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from panhuo.engine.planning import bounds_of, spread
from panhuo.engine.program import Bools, Floats, Program
from panhuo_models.data import Ints
from panhuo_models.data.location import Covering, Serving
from panhuo_models.levels import levels


@dataclass(frozen=True, eq=False)
class ReachRows:
    """lower ≤ matrix·(choose, total, more) ≤ upper.

    Parameters
    ----------
    matrix : csr_matrix, (rows, J + 1 + more)
        choose, then what the planning rows count (reached, distance, serving), then the columns of the rows' own.
    lower, upper : (rows,) float
        Bounds of the rows.
    highest : (more,) float
        Upper bounds of the rows' own columns; the lower ones are 0.
    integer : bool
        They are whole numbers, and not only by themselves.
    implied : bool
        They are whole by themselves once choose is.
    """

    matrix: sp.csr_matrix
    lower: Floats
    upper: Floats
    highest: Floats
    integer: bool = False
    implied: bool = True


def compile_location(model: pyo.ConcreteModel, total: str | None, rows: ReachRows) -> Program:
    """Join planning rows and reach rows.

    Parameters
    ----------
    model : ConcreteModel
        Planning rows, with choose.
    total : str or None
        Name of what they count; None where they count nothing, and its column is nothing.
    rows : ReachRows
        The reach rows.

    Returns
    -------
    Program
        Columns choose (J), total, then those of the rows.
    """
    chosen = list(model.choose.values())
    variables = chosen if total is None else [*chosen, model.component(total)]
    form = LinearStandardFormCompiler().write(model, mixed_form=True, set_sense=None)
    position = {id(variable): n for n, variable in enumerate(variables)}
    places = np.array([position[id(variable)] for variable in form.columns], dtype=np.int64)
    columns, more = rows.matrix.shape[1], len(rows.highest)
    kind = np.array([bound for _, bound in form.rows], dtype=np.int64)
    nothing = np.zeros(0 if total else 1)
    lower = np.concatenate([bounds_of((v.lb for v in variables), -np.inf), nothing])
    upper = np.concatenate([bounds_of((v.ub for v in variables), np.inf), nothing])
    ours = np.arange(columns) > len(chosen)
    return Program(
        matrix=sp.vstack([spread(form.A, places, columns), rows.matrix], format="csr"),
        row_lower=np.concatenate([np.where(kind <= 0, form.rhs, -np.inf), rows.lower]),
        row_upper=np.concatenate([np.where(kind >= 0, form.rhs, np.inf), rows.upper]),
        lower=np.concatenate([lower, np.zeros(more)]),
        upper=np.concatenate([upper, rows.highest]),
        integer=(np.arange(columns) < len(chosen)) | (ours & rows.integer),
        cost=spread(form.c, places, columns).toarray().ravel(),
        offset=float(form.c_offset[0]),
        maximise=form.objectives[0].sense == pyo.maximize,
        implied=ours & rows.implied,
    )


def cover_arrays(data: Covering) -> ReachRows:
    """Build the rows of :func:`panhuo_models.covering.cover_rows` as arrays."""
    within = data.within.tocsr().astype(float)
    count = within.shape[0]
    covering = sp.hstack([-within, sp.csr_matrix((count, 1)), sp.identity(count, format="csr")], format="csr")
    counting = _counting(within.shape[1], data.weight)
    return ReachRows(
        sp.vstack([covering, counting], format="csr"),
        np.append(np.full(count, -np.inf), 0.0),
        np.zeros(count + 1),
        np.ones(count),
    )


def must_cover_arrays(data: Covering) -> ReachRows:
    """Build the rows of :func:`panhuo_models.covering.must_cover_rows` as arrays."""
    within = data.within.tocsr().astype(float)
    count = within.shape[0]
    matrix = sp.hstack([within, sp.csr_matrix((count, 1))], format="csr")
    return ReachRows(matrix, np.ones(count), np.full(count, np.inf), np.zeros(0))


def level_arrays(data: Serving) -> ReachRows:
    """Build the rows of :func:`panhuo_models.p_median.level_rows` as arrays.

    The constant of the objective, everybody at the first level, stands in the bounds of the last row.
    """
    there = levels(data)
    count, sites = len(there.point), data.distance.shape[1]
    first = np.zeros(count, dtype=bool)
    last = np.zeros(count, dtype=bool)
    first[there.first], last[there.last] = True, True
    choose = sp.csr_matrix((np.ones(len(there.site)), (there.level, there.site)), shape=(count, sites))
    after = np.flatnonzero(~first)
    nearer = sp.csr_matrix((np.ones(len(after)), (after, after - 1)), shape=(count, count))
    serving = sp.hstack([choose, sp.csr_matrix((count, 1)), sp.identity(count) - nearer], format="csr")
    weight = data.weight[there.point]
    step = np.where(last, 0.0, weight * (np.append(there.distance[1:], 0.0) - there.distance))
    constant = float((weight * there.distance)[first].sum())
    return ReachRows(
        sp.vstack([serving, _counting(sites, step)], format="csr"),
        np.concatenate([first.astype(float), [constant]]),
        np.concatenate([np.full(count, np.inf), [constant]]),
        np.where(last, 0.0, 1.0),
    )


def pair_arrays(data: Serving, capacity: Floats) -> ReachRows:
    """Build the rows of :func:`panhuo_models.cflp.pair_rows` as arrays."""
    distance = data.distance.tocsr()
    (points, sites), pairs = distance.shape, distance.nnz
    row: Ints = np.repeat(np.arange(points), np.diff(distance.indptr))
    here, every, one = distance.indices, np.arange(pairs), np.ones(pairs)

    def of_pairs(values: Floats, place: Ints, count: int) -> sp.csr_matrix:
        return sp.csr_matrix((values, (place, every)), shape=(count, pairs))

    none = sp.csr_matrix
    matrix = sp.vstack(
        [
            sp.hstack([none((points, sites + 1)), of_pairs(one, row, points)]),
            sp.hstack([-sp.diags(capacity), none((sites, 1)), of_pairs(data.weight[row], here, sites)]),
            sp.hstack([none((-one, (every, here)), shape=(pairs, sites)), none((pairs, 1)), sp.identity(pairs)]),
            _counting(sites, data.weight[row] * distance.data),
        ],
        format="csr",
    )
    open_end = np.full(sites + pairs, -np.inf)
    return ReachRows(
        matrix,
        np.concatenate([np.ones(points), open_end, [0.0]]),
        np.concatenate([np.ones(points), np.zeros(sites + pairs + 1)]),
        np.ones(pairs),
        integer=data.single_source,
        implied=False,
    )


def _counting(sites: int, weight: Floats) -> sp.csr_matrix:
    """Write total − Σ weight·column, one row."""
    row = np.concatenate([np.zeros(sites), [1.0], -weight])
    return sp.csr_matrix(row[None, :])


def point_of(program: Program, chosen: Bools) -> Floats:
    """Give a start for the solver: which sites are chosen; it finds the rest."""
    start = np.full(len(program.cost), np.nan)
    start[: len(chosen)] = chosen
    return start
