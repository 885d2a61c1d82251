"""A bound for maximal covering before any solver has one: prices of covering each row, by subgradient steps.

With prices 0 ≤ λ_r ≤ w_r no choice covers more than
L(λ) = Σ_r (w_r − λ_r) + max Σ_{j chosen} Σ_{r reached by j} λ_r, after Galvão & ReVelle (1996),
doi:10.1016/0377-2217(94)00159-6. Under a budget sites are taken by value per cost, the last in part.
"""

from __future__ import annotations

import numpy as np

from panhuo.compiled import compiled
from panhuo.engine.program import Floats
from panhuo.locate.greedy import Places, both_ways
from panhuo.locate.result import Clock
from panhuo_models.data.location import Covering

STEPS = 25
"""Steps between two looks at the clock."""
LOOKS = 40
"""Most looks at the clock."""


def ceiling(data: Covering, value: float, clock: Clock) -> float:
    """Bound what any choice within p and budget covers.

    Parameters
    ----------
    data : Covering
        The problem, nothing required or excluded.
    value : float
        What the best choice so far covers.
    clock : Clock
        Ends the steps early.

    Returns
    -------
    float
        No choice covers more; rounded outward.
    """
    _, _, first_row, row_of = both_ways(data)
    cost = data.candidates.cost
    most = len(cost) if data.candidates.most is None else min(data.candidates.most, len(cost))
    budget = np.inf if data.candidates.budget is None else data.candidates.budget
    price, heading = data.weight / 2, np.zeros(len(data.weight))
    best, state = price.copy(), np.array([np.inf, 1.0, 0.0])
    with clock.heeding():
        for _ in range(LOOKS):
            _steps(first_row, row_of, data.weight, cost, budget, most, STEPS, value, price, best, heading, state)
            if clock.over or state[1] < 1e-4 or state[0] <= value:
                break
    return min(float(state[0]) * (1 + 1e-9), float(data.weight.sum()))


@compiled
def _taken(worth: Floats, cost: Floats, budget: float, most: int, part: Floats) -> float:
    """Take the sites worth most within p or, if that says less, within the budget; part is of each site, in place."""
    total = 0.0
    part[:] = 0.0
    order = np.argsort(-worth)
    for j in order[:most]:
        total += worth[j]
        part[j] = 1.0
    if budget == np.inf:
        return total
    rate = np.empty(len(worth))
    for j in range(len(worth)):
        rate[j] = -worth[j] / cost[j] if cost[j] > 0 else -np.inf
    other, left, within = 0.0, budget, np.zeros(len(worth))
    for j in np.argsort(rate):
        take = 1.0 if cost[j] <= left else left / cost[j]
        within[j] = take
        other += take * worth[j]
        left -= take * cost[j]
        if take < 1.0:
            break
    if other < total:
        part[:] = within
        return other
    return total


@compiled
def _steps(
    first_row: Places, row_of: Places, weight: Floats, cost: Floats, budget: float, most: int, steps: int, value: float,
    price: Floats, best: Floats, heading: Floats, state: Floats,
) -> None:  # fmt: skip
    """Step along the smoothed subgradient; state is (best bound, step factor, steps without gain)."""
    worth, part, slope = np.zeros(len(cost)), np.zeros(len(cost)), np.zeros(len(weight))
    for _ in range(steps):
        worth[:] = 0.0
        for j in range(len(cost)):
            for n in range(first_row[j], first_row[j + 1]):
                worth[j] += price[row_of[n]]
        bound = (weight - price).sum() + _taken(worth, cost, budget, most, part)
        if bound < state[0]:
            state[2] = 0.0 if bound < state[0] - 1e-6 * abs(state[0]) else state[2] + 1.0
            state[0] = bound
            best[:] = price
        else:
            state[2] += 1.0
        if state[2] >= 10.0:
            state[1] *= 0.7
            state[2] = 0.0
            price[:] = best
            heading[:] = 0.0
            continue
        slope[:] = 1.0
        for j in range(len(cost)):
            if part[j] > 0.0:
                for n in range(first_row[j], first_row[j + 1]):
                    slope[row_of[n]] -= part[j]
        norm = 0.0
        for r in range(len(weight)):
            heading[r] = 0.3 * heading[r] + slope[r]
            if (price[r] <= 0.0 and heading[r] < 0.0) or (price[r] >= weight[r] and heading[r] > 0.0):
                heading[r] = 0.0
            norm += heading[r] * heading[r]
        if norm == 0.0:
            return
        step = state[1] * max(bound - value, 1e-9 * abs(value)) / norm
        for r in range(len(weight)):
            price[r] = min(max(price[r] + step * heading[r], 0.0), weight[r])
