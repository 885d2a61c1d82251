"""Maximal covering where sites are few: a price for each row and each limit, and what they prove.

With prices 0 ≤ λ_r ≤ w_r of covering each row, μ_l ≥ 0 of each limit (p, the budget) and a_lj what site j takes of it,

    L(λ, μ) = Σ_r (w_r − λ_r) + Σ_l μ_l·most_l + Σ_j max(0, Σ_{r reached by j} λ_r − Σ_l μ_l·a_lj)

bounds what any choice covers; the least L is that of the linear relaxation. In a branch a chosen site counts even where
the difference is negative, and one that is left out never.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from panhuo.compiled import compiled
from panhuo.engine.program import Floats
from panhuo.locate.greedy import Places

Marks = NDArray[np.int8]
"""1: chosen, −1: left out, 0: open."""


class Few(NamedTuple):
    """A covering problem of few sites.

    Parameters
    ----------
    first : (R + 1,) int
        Where the sites of each row begin.
    site : (pairs,) int
        The sites within reach of each row.
    weight : (R,) float
        Weight of each row; about 1 in the mean.
    use : (L, J) float
        What each site takes of each limit.
    most : (L,) float
        The limits.
    """

    first: Places
    site: Places
    weight: Floats
    use: Floats
    most: Floats


class State(NamedTuple):
    """Where the simplex method stands, changed in place.

    Parameters
    ----------
    fixed : (J,) int8
        Which sites are chosen, left out or open.
    price : (R + L,) float
        λ, then μ.
    head : (J,) int
        The columns in the basis.
    part : (J,) float
        Part of each site in the relaxation, between 0 and 1 in the end.
    """

    fixed: Marks
    price: Floats
    head: Places
    part: Floats


@compiled
def begin(few: Few, price: Floats) -> State:
    """Begin at prices λ, all sites open."""
    sites = few.use.shape[1]
    state = State(
        np.zeros(sites, np.int8),
        np.concatenate((price, np.zeros(len(few.most)))),
        np.zeros(sites, np.int64),
        np.zeros(sites),
    )
    worth = worths(few, state.price)
    for j in range(sites):
        state.head[j] = len(state.price) + j + (0 if worth[j] > 0.0 else sites)
    return state


@compiled
def worths(few: Few, price: Floats) -> Floats:
    """Give what each site is worth beyond its price, (J,) float."""
    rows = len(few.weight)
    worth = np.zeros(few.use.shape[1])
    for r in range(rows):
        if price[r] != 0.0:
            for n in range(few.first[r], few.first[r + 1]):
                worth[few.site[n]] += price[r]
    for k in range(len(few.most)):
        worth -= price[rows + k] * few.use[k]
    return worth


@compiled
def bound(few: Few, state: State) -> tuple[float, Floats]:
    """Give L, worked out from the prices alone, and what each site is worth beyond its price."""
    rows = len(few.weight)
    price = state.price
    for r in range(rows):
        price[r] = min(max(price[r], 0.0), few.weight[r])
    for k in range(len(few.most)):
        price[rows + k] = max(price[rows + k], 0.0)
    worth = worths(few, price)
    total = (few.weight - price[:rows]).sum() + (few.most * price[rows:]).sum()
    for j in range(len(worth)):
        if state.fixed[j] == 1 or (state.fixed[j] == 0 and worth[j] > 0.0):
            total += worth[j]
    return total, worth
