"""A bound for the p-median problem: a price for serving each demand point, by subgradient steps.

With prices λ every choice costs at least L(λ) = Σ_i λ_i + min Σ_{j chosen} ρ_j over p sites, where
ρ_j = Σ_i min(0, w_i·d_ij − λ_i); see Cornuéjols, Fisher & Nemhauser (1977), doi:10.1287/mnsc.23.8.789.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from panhuo.compiled import compiled
from panhuo.engine.program import Bools, Floats
from panhuo.locate.greedy import Places
from panhuo.locate.result import Clock
from panhuo_models.data.location import Serving

STEPS = 50
"""Steps between two looks at the clock."""
ENOUGH = 40
"""Looks at the clock after which the prices are good enough."""
_CLOSE = 1e-7


@dataclass(frozen=True, eq=False)
class Prices:
    """Prices, and what they prove.

    Parameters
    ----------
    price : (D,) float
        λ_i.
    saving : (J,) float
        ρ_j, never positive.
    bound : float
        L(λ): no choice costs less.
    """

    price: Floats
    saving: Floats
    bound: float


def price_points(data: Serving, value: float, start: Floats, clock: Clock) -> Prices:
    """Raise the bound by subgradient steps.

    Parameters
    ----------
    data : Serving
        The problem; p must be given.
    value : float
        Cost of the best choice so far.
    start : (D,) float
        Prices to start from: what serving each point costs in that choice.
    clock : Clock
        Ends the steps early.

    Returns
    -------
    Prices
        The best found.
    """
    near = in_order(data)
    kinds = data.candidates.required, data.candidates.excluded, data.candidates.most or 0
    best, price = start.copy(), start.copy()
    state = np.array([-np.inf, 1.5, 0.0])
    heading, taken = np.zeros(len(price)), np.zeros(len(kinds[0]))
    with clock.heeding():
        for _ in range(ENOUGH):
            steps(*near, *kinds, STEPS, value, price, best, heading, state, taken)
            if clock.over or value - state[0] <= _CLOSE * abs(value) or state[1] < 1e-4:
                break
    saving = np.zeros(len(kinds[0]))
    bound = priced(*near, *kinds, best, saving, np.zeros(len(saving), dtype=bool))
    return Prices(best, saving, bound)


def in_order(data: Serving) -> tuple[Places, Places, Floats]:
    """Give the pairs of each demand point, cheapest first: where they begin, their sites, what serving costs."""
    distance = data.distance.tocsr()
    row = np.repeat(np.arange(distance.shape[0]), np.diff(distance.indptr))
    cost = data.weight[row] * distance.data
    order = np.lexsort((cost, row))
    return distance.indptr.astype(np.int64), distance.indices[order].astype(np.int32), cost[order]


@compiled
def priced(
    first: Places, site: Places, cost: Floats, required: Bools, excluded: Bools, p: int,
    price: Floats, saving: Floats, chosen: Bools,
) -> float:  # fmt: skip
    """Work out L(λ), what each site saves and which sites it takes, in place."""
    saving[:] = 0.0
    total = 0.0
    for i in range(len(price)):
        total += price[i]
        for n in range(first[i], first[i + 1]):
            if cost[n] >= price[i]:
                break
            saving[site[n]] += cost[n] - price[i]
    chosen[:] = required
    count = 0
    free = saving.copy()
    for j in range(len(saving)):
        if required[j]:
            count += 1
            total += saving[j]
        if required[j] or excluded[j]:
            free[j] = np.inf
    order = np.argsort(free, kind="mergesort")
    for k in range(p - count):
        chosen[order[k]] = True
        total += saving[order[k]]
    return total


@compiled
def steps(
    first: Places, site: Places, cost: Floats, required: Bools, excluded: Bools, p: int, steps: int, value: float,
    price: Floats, best: Floats, heading: Floats, state: Floats, taken: Floats,
) -> None:  # fmt: skip
    """Step along the smoothed subgradient; state is (best bound, step factor, steps without gain).

    taken adds up how often each site is taken: nearly its part in the relaxation.
    """
    saving, chosen = np.zeros(len(required)), np.zeros(len(required), dtype=np.bool_)
    for _ in range(steps):
        bound = priced(first, site, cost, required, excluded, p, price, saving, chosen)
        if bound > state[0] + 1e-9 * abs(state[0]) or state[0] == -np.inf:
            state[0], state[2] = bound, 0.0
            best[:] = price
        else:
            state[2] += 1.0
            if state[2] >= 20:
                state[1] *= 0.7
                state[2] = 0.0
                price[:] = best
                heading[:] = 0.0
                bound = priced(first, site, cost, required, excluded, p, price, saving, chosen)
        taken += chosen
        norm = 0.0
        for i in range(len(price)):
            slack = 1.0
            for n in range(first[i], first[i + 1]):
                if cost[n] >= price[i]:
                    break
                if chosen[site[n]]:
                    slack -= 1.0
            heading[i] = 0.3 * heading[i] + slack
            norm += heading[i] * heading[i]
        if norm == 0.0:
            return
        step = state[1] * max(value - bound, 1e-9 * abs(value)) / norm
        for i in range(len(price)):
            price[i] = max(price[i] + step * heading[i], 0.0)
