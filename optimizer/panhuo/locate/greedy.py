"""A first choice for covering problems: greedy, then without what it does not need."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.compiled import compiled
from panhuo.engine.program import Bools, Floats
from panhuo_models.data import Ints
from panhuo_models.data.location import Covering

Places = NDArray[np.signedinteger[Any]]
"""Row or column numbers, of 4 bytes or 8."""


def greedy_cover(data: Covering, amount: float) -> Bools:
    """Choose sites by weight newly covered per cost until the amount is covered, then drop those it does not need.

    Parameters
    ----------
    data : Covering
        The problem; p and budget are not looked at.
    amount : float
        Weight to cover.

    Returns
    -------
    (J,) bool
        Covers the amount where all sites together do.
    """
    first_site, site_of, first_row, row_of = both_ways(data)
    chosen = np.zeros(len(data.candidates), dtype=bool)
    fill(first_site, site_of, first_row, row_of, data.weight, data.candidates.cost, np.inf, len(chosen), amount, chosen)
    order = np.argsort(-data.candidates.cost, kind="stable")
    _prune(first_row, row_of, data.weight, amount, order, chosen)
    return chosen


def both_ways(data: Covering) -> tuple[Places, Places, Places, Places]:
    """Give the sites of each row (where they begin, which), and the rows of each site."""
    rows = data.within.tocsr()
    sites = sp.csc_matrix(rows)
    first_site, first_row = (m.indptr.astype(np.int64) for m in (rows, sites))
    site_of, row_of = (m.indices.astype(np.int32) for m in (rows, sites))
    return first_site, site_of, first_row, row_of


@compiled
def covers(first_row: Places, row_of: Places, weight: Floats, chosen: Bools) -> float:
    """Weight that a choice covers."""
    seen = np.zeros(len(weight), dtype=np.bool_)
    value = 0.0
    for j in range(len(chosen)):
        if chosen[j]:
            for n in range(first_row[j], first_row[j + 1]):
                r = row_of[n]
                if not seen[r]:
                    seen[r] = True
                    value += weight[r]
    return value


@compiled
def fill(
    first_site: Places, site_of: Places, first_row: Places, row_of: Places, weight: Floats, cost: Floats,
    budget: float, most: int, amount: float, chosen: Bools,
) -> None:  # fmt: skip
    """Fill up a choice by gain per cost, in place."""
    sites = len(cost)
    gain = np.zeros(sites)
    seen = np.zeros(len(weight), dtype=np.bool_)
    count, spent, value = 0, 0.0, 0.0
    for j in range(sites):
        if chosen[j]:
            count += 1
            spent += cost[j]
            for n in range(first_row[j], first_row[j + 1]):
                if not seen[row_of[n]]:
                    seen[row_of[n]] = True
                    value += weight[row_of[n]]
    for j in range(sites):
        for n in range(first_row[j], first_row[j + 1]):
            if not seen[row_of[n]]:
                gain[j] += weight[row_of[n]]
    # A sum of many weights may end a hair below the amount, though nothing is left to gain.
    while count < most and value < amount:
        best, rate = -1, 0.0
        for j in range(sites):
            if not chosen[j] and gain[j] > 0 and spent + cost[j] <= budget:
                of_this = gain[j] / cost[j] if cost[j] > 0 else np.inf
                if best < 0 or of_this > rate or (of_this == rate and gain[j] > gain[best]):
                    best, rate = j, of_this
        if best < 0:
            return
        chosen[best] = True
        count += 1
        spent += cost[best]
        for n in range(first_row[best], first_row[best + 1]):
            r = row_of[n]
            if not seen[r]:
                seen[r] = True
                value += weight[r]
                for m in range(first_site[r], first_site[r + 1]):
                    gain[site_of[m]] -= weight[r]


@compiled
def _prune(first_row: Places, row_of: Places, weight: Floats, amount: float, order: Ints, chosen: Bools) -> None:
    """Drop what the amount does not need, in the order given, in place."""
    count = np.zeros(len(weight), dtype=np.int32)
    value = 0.0
    for j in range(len(chosen)):
        if chosen[j]:
            for n in range(first_row[j], first_row[j + 1]):
                count[row_of[n]] += 1
                if count[row_of[n]] == 1:
                    value += weight[row_of[n]]
    for j in order:
        if not chosen[j]:
            continue
        lost = 0.0
        for n in range(first_row[j], first_row[j + 1]):
            if count[row_of[n]] == 1:
                lost += weight[row_of[n]]
        if lost == 0.0 or value - lost >= amount:
            chosen[j] = False
            value -= lost
            for n in range(first_row[j], first_row[j + 1]):
                count[row_of[n]] -= 1
