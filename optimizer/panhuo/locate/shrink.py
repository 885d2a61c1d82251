"""Exact presolve of covering problems: fewer rows and sites, the same best choice."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from panhuo.engine.presolve import merge
from panhuo.engine.program import Bools
from panhuo_models.data import Ints, Reach
from panhuo_models.data.location import Candidates, Covering

MOST_PRODUCTS = 200_000_000
"""Most products of the overlaps of sites: beyond them dominated sites are not looked for."""


@dataclass(frozen=True, eq=False)
class Shrunk:
    """A covering problem without what is decided anyhow, and the way back.

    Parameters
    ----------
    data : Covering
        What is left to decide.
    sites : (left,) int
        The sites that are left.
    sure : (J,) bool
        The sites that are chosen anyhow.
    covered : float
        Weight that they cover.
    """

    data: Covering
    sites: Ints
    sure: Bools
    covered: float

    def whole(self, chosen: Bools) -> Bools:
        """Give the choice among all sites, (J,) bool."""
        every = self.sure.copy()
        every[self.sites[chosen]] = True
        return every


def shrink(data: Covering) -> Shrunk:
    """Take out what is decided, merge rows with the same sites, drop dominated sites.

    Required sites are taken out with all they cover; excluded ones, rows that nothing reaches and rows of no weight go.
    A site is dominated where another one reaches all it reaches and costs no more: wherever it is chosen the other one
    may be, and where that is chosen too, nothing is lost without it. So it takes "at most p", never "p exactly".

    Parameters
    ----------
    data : Covering
        The problem.

    Returns
    -------
    Shrunk
        An equal one; its amount, budget and p are what is left of them.
    """
    given = data.candidates
    within = data.within.tocsr()
    sure = given.required
    reached = np.asarray(within[:, sure].sum(axis=1)).ravel() > 0 if sure.any() else np.zeros(within.shape[0], bool)
    sites = np.flatnonzero(~sure & ~given.excluded)
    live = np.flatnonzero(~reached & (data.weight > 0))
    here = within if len(live) == within.shape[0] else within[live]
    here = here if len(sites) == within.shape[1] else here[:, sites]
    merged = _merged(here, data.weight[live])
    for _ in range(2):
        kept = _undominated(merged.within, given.cost[sites])
        if len(kept) == len(sites):
            break
        sites = sites[kept]
        merged = _merged(merged.within[:, kept], merged.demand)
    covered, paid = float(data.weight[reached].sum()), float(given.cost[sure].sum())
    left = Candidates(
        cost=given.cost[sites],
        required=np.zeros(len(sites), dtype=bool),
        excluded=np.zeros(len(sites), dtype=bool),
        most=None if given.most is None else given.most - int(sure.sum()),
        budget=None if given.budget is None else max(given.budget - paid, 0.0),
    )
    amount = max(data.amount - covered, 0.0)
    return Shrunk(replace(data, candidates=left, within=merged.within, weight=merged.demand, amount=amount), sites,
                  sure, covered)  # fmt: skip


def covered_by(data: Covering, chosen: Bools) -> Bools:
    """Tell which rows a choice covers."""
    return np.asarray(data.within @ chosen.astype(np.int32)).ravel() > 0


def _merged(within: sp.csr_matrix, weight: np.ndarray) -> Reach:
    nothing = np.zeros(len(weight), dtype=np.int64)
    return merge(Reach(within, weight, nothing, nothing.astype(bool)))


def _undominated(within: sp.csr_matrix, cost: np.ndarray) -> Ints:
    """Find the sites that no other one dominates; of equal ones the first is kept."""
    size = np.bincount(within.indices, minlength=within.shape[1])
    if float((np.diff(within.indptr).astype(float) ** 2).sum()) > MOST_PRODUCTS:
        return np.flatnonzero(size > 0)
    counted = within.astype(np.int32)
    overlap = (counted.T @ counted).tocoo()
    a, b = overlap.row, overlap.col
    inside = (a != b) & (overlap.data == size[a]) & (cost[a] >= cost[b])
    a, b = a[inside], b[inside]
    strictly = (size[b] > size[a]) | (cost[a] > cost[b]) | (b < a)
    kept = size > 0
    kept[a[strictly]] = False
    return np.flatnonzero(kept)
