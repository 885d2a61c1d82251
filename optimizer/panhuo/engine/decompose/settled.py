"""Prices of some rows, exactly: one linear program says which go best with the prices of all others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import highspy
import numpy as np

from panhuo.engine.cutting import cut
from panhuo.engine.decompose.partition import WIDE, alone, spanned
from panhuo.engine.decompose.prices import allowed, weak_bound
from panhuo.engine.highs import check, model
from panhuo.engine.program import Bools, Floats, Program
from panhuo_models.data import Ints


def settled(made: Callable[[], Program], site: Ints, row: Floats, *, linking: bool) -> Floats:
    """Price anew the rows of single sites, and those that link all sites or none.

    What is left of the program when rows that few sites share are priced falls apart but for a handful of rows: HiGHS
    solves that at once, where a first-order method takes thousands of steps over the money of several funds.

    Parameters
    ----------
    made : callable
        Gives the program, to be maximised; asked twice, for a city's beside the linear program that HiGHS solves would
        be the most that is held at once.
    site : (columns,) int
        Site of each integer column, -1 for the others.
    row : (rows,) float
        Prices.
    linking : bool
        Whether rows that link all sites, and those without a site, are priced anew too.

    Returns
    -------
    (rows,) float
        Prices that bound no worse.
    """
    anew, left = _left(made(), site, row, linking=linking)
    found = _duals(left) if len(anew) else None
    if found is None:
        return row
    others = row.copy()
    others[anew] = found
    program = made()
    return min((row, allowed(program, others)), key=lambda one: weak_bound(program, one))


def _left(program: Program, site: Ints, row: Floats, *, linking: bool) -> tuple[Ints, Program]:
    """Give the rows to be priced anew, and what is left of the program where all others are priced."""
    anew = np.flatnonzero(_anew(program, site, linking=linking))
    matrix = program.matrix.tocsr()
    columns = np.unique(matrix[anew].indices)
    others = row.copy()
    others[anew] = 0.0
    return anew, cut(program, anew, columns, (program.cost - matrix.T @ others)[columns])


def _anew(program: Program, site: Ints, *, linking: bool) -> Bools:
    """Mark the rows to be priced anew."""
    matrix = program.matrix.tocsr()
    of = np.where(program.integer, site, -1)
    if not linking:
        return alone(matrix.indptr, matrix.indices, of) >= 0
    least, most, count = spanned(matrix.indptr, matrix.indices, of)
    wide: Bools = (most <= least) | (count > max(WIDE * (int(site.max(initial=0)) + 1), 1))
    return wide & (np.diff(matrix.indptr) > 0)


def _duals(program: Program) -> Floats | None:
    """Solve a linear program and give the prices of its rows, (rows,); None where HiGHS finds no optimum."""
    highs = model(replace(program, integer=np.zeros(len(program.cost), dtype=bool), implied=None))
    check(highs.setOptionValue("threads", 1), "threads")
    check(highs.run(), "run")
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.array(highs.getSolution().row_dual)
