"""Hand prices and clusters on, in the rows of the program as it was given."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from panhuo.engine.certificate import Certificate, Parts
from panhuo.engine.decompose.clusters import Bounded, Parted
from panhuo.engine.decompose.prices import weak_bound
from panhuo.engine.decompose.substitute import Substituted
from panhuo.engine.highs import duals
from panhuo.engine.program import Floats, Program
from panhuo_models.data import Ints


def certificate(program: Program, reduced: Substituted, row: Floats) -> Certificate:
    """Give prices of the rows of a program that say what prices of its reduced one do.

    A defined column x, own·x + a·z = b, has the price p = (c − Aᵀy − w)/own on its defining row, where w is the price
    of its bounds that became a row: its reduced cost is then w, and those of the columns left are what they were.

    Parameters
    ----------
    program : Program
        As it was given.
    reduced : Substituted
        Without the columns that others define.
    row : (rows of the reduced program,) float
        Prices there.
    """
    of_row = reduced.rows >= 0
    found = np.zeros(len(program.row_lower))
    found[reduced.rows[of_row]] = row[of_row]
    sign = 1.0 if program.maximise else -1.0
    rest = sign * program.cost - program.matrix.T @ found
    own = np.asarray(program.matrix[reduced.by, reduced.out]).ravel()
    bound = np.zeros(len(reduced.out))
    bound[reduced.loose] = row[~of_row]
    found[reduced.by] = (rest[reduced.out] - bound) / own
    return Certificate(found)


def settled(program: Program, site: Ints, row: Floats) -> Floats:
    """Give rows of single sites the prices that go best with those of all others.

    Prices were worked out with the hull of each room (:mod:`panhuo.engine.decompose.hulls`) and without what others
    dominate; the rows of the program itself are priced anew, site by site in one linear program.

    Parameters
    ----------
    program : Program
        To be maximised.
    site : (columns,) int
        Site of each integer column, -1 for the others.
    row : (rows,) float
        Prices.

    Returns
    -------
    (rows,) float
        Prices that bound no worse.
    """
    matrix = program.matrix.tocsr()
    first = np.minimum(matrix.indptr[:-1], max(matrix.nnz - 1, 0))
    at = np.where(program.integer, site, -1)[matrix.indices]
    height = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    mixed = np.bincount(height, (at != at[first][height]) | (at < 0), minlength=matrix.shape[0])
    local = np.flatnonzero((mixed == 0) & (np.diff(matrix.indptr) > 0))
    columns = np.flatnonzero(program.integer & (site >= 0))
    others = row.copy()
    others[local] = 0.0
    own = replace(
        program,
        matrix=matrix[local][:, columns],
        row_lower=program.row_lower[local],
        row_upper=program.row_upper[local],
        lower=program.lower[columns],
        upper=program.upper[columns],
        integer=program.integer[columns],
        cost=(program.cost - matrix.T @ others)[columns],
        implied=None,
        offset=0.0,
    )
    found = duals(own) if len(local) else None
    if found is None:
        return row
    others[local] = found
    return min((row, others), key=lambda one: weak_bound(program, one))


def parts(program: Program, cluster: Ints, parted: Parted, found: Bounded) -> Parts:
    """Give what clusters say of a reduced program."""
    return Parts(cluster, found.bounds, found.values, parted.constant + program.offset)
