"""Exact presolve of the reach rows: what nothing reaches is dropped, what is reached alike is merged."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo_models.data import Bools, Floats, Ints, Reach

_SEED = 20_200_101


def merge(reach: Reach) -> Reach:
    """Merge reach rows that have the same columns, tally and mandatory flag; drop those no column reaches.

    Such rows are covered together or not at all, so that one row with the sum of their demand says the same: every
    plan keeps its value. Rows are found by a hash of their columns and then compared column by column; were two
    different rows ever to share a hash, they merely stay apart.

    Parameters
    ----------
    reach : Reach
        R rows.

    Returns
    -------
    Reach
        At most R rows, in the order in which the first of each was found.
    """
    within = reach.within.tocsr().astype(bool)
    within.sum_duplicates()
    within.eliminate_zeros()
    within.sort_indices()
    live = np.flatnonzero(np.diff(within.indptr))
    within, tally, mandatory = within[live], reach.tally[live], reach.mandatory[live]
    if not len(live):
        return Reach(within, reach.demand[live], tally, mandatory)
    order = np.lexsort((np.arange(len(live)), _hashes(within), mandatory, tally))
    starts = np.concatenate(([True], ~_same_as_before(within, tally, mandatory, order)))
    group = np.empty(len(live), dtype=np.int64)
    group[order] = np.cumsum(starts) - 1
    first = order[starts]
    demand: Floats = np.bincount(group, weights=reach.demand[live]).astype(np.float64)
    kept = np.argsort(first)
    rows = first[kept]
    return Reach(within[rows], demand[kept], tally[rows], mandatory[rows])


def _hashes(within: sp.csr_matrix) -> NDArray[np.uint64]:
    """Hash each row's set of columns: the sum, modulo 2⁶⁴, of one random number a column."""
    marks = np.random.default_rng(_SEED).integers(0, 2**64, size=within.shape[1], dtype=np.uint64)
    sums: NDArray[np.uint64] = np.add.reduceat(marks[within.indices], within.indptr[:-1])
    return sums


def _same_as_before(within: sp.csr_matrix, tally: Ints, mandatory: Bools, order: Ints) -> Bools:
    """Compare each row (but the first) with the one before it in the order, column by column."""
    length = np.diff(within.indptr)
    before, here = order[:-1], order[1:]
    same: Bools = (
        (tally[before] == tally[here]) & (mandatory[before] == mandatory[here]) & (length[before] == length[here])
    )
    alike = np.flatnonzero(same)
    if not len(alike):
        return same
    left, right = before[alike], here[alike]
    count = length[left].astype(np.int64)
    begin = np.cumsum(count) - count
    step = np.arange(count.sum()) - np.repeat(begin, count)
    equal = (
        within.indices[np.repeat(within.indptr[left], count) + step]
        == within.indices[np.repeat(within.indptr[right], count) + step]
    )
    same[alike] = np.logical_and.reduceat(equal, begin)
    return same
