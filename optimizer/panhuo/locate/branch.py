"""The proof of a p-median: branch on sites, bound each branch by prices, after Christofides & Beasley (1982).

doi:10.1016/0377-2217(82)90160-6. Open branches are taken lowest bound first, so that the lowest is a bound at any time.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

import numpy as np

from panhuo.engine.program import Bools, Floats
from panhuo.locate.prices import in_order, priced, steps
from panhuo.locate.result import Clock
from panhuo_models.data.location import Serving

BRANCHES = 1_000
"""Most branches that are bounded; then another way of proof is better."""
STEPS = 80
"""Steps of prices a branch."""
_HAIR = 1e-9


@dataclass(order=True)
class _Branch:
    """Some sites required, some excluded, and the prices it starts from."""

    bound: float
    number: int
    required: Bools = field(compare=False)
    excluded: Bools = field(compare=False)
    price: Floats = field(compare=False)


def prove(
    data: Serving, chosen: Bools, value: float, price: Floats, bound: float, clock: Clock, *, whole: bool
) -> tuple[Bools, float]:
    """Find the best choice, or the best so far and a bound.

    Parameters
    ----------
    data : Serving
        The problem; p must be given.
    chosen : (J,) bool
        The best choice so far.
    value : float
        What it costs.
    price : (D,) float
        Prices to start from.
    bound : float
        What they prove.
    clock : Clock
        Ends it early.
    whole : bool
        Every choice costs a whole number.

    Returns
    -------
    chosen : (J,) bool
        The best choice found.
    bound : float
        No choice costs less.
    """
    near, p = in_order(data), data.candidates.most or 0
    best, number, lowest_open = chosen.copy(), 0, bound
    open_ = [_Branch(bound, 0, data.candidates.required, data.candidates.excluded, price)]

    def enough() -> float:
        """Give the bound from which on a branch has nothing better."""
        return value - (1 - 1e-6 if whole else max(_HAIR, clock.limits.gap) * abs(value))

    with clock.heeding():
        while open_ and open_[0].bound < enough():
            if number >= BRANCHES or clock.over:
                return best, open_[0].bound
            lowest_open = open_[0].bound
            branch = heapq.heappop(open_)
            saving, taken = np.zeros(len(chosen)), np.zeros(len(chosen))
            here = np.zeros(len(chosen), dtype=bool)
            at, lowest = branch.price.copy(), branch.price.copy()
            state = np.array([-np.inf, 0.3 if number else 1.0, 0.0])
            kinds = branch.required, branch.excluded, p
            steps(*near, *kinds, STEPS, value, at, lowest, np.zeros(len(at)), state, taken)
            low = max(priced(*near, *kinds, lowest, saving, here) * (1 - 1e-12), branch.bound)
            cost = _cost(near, here)
            if cost < value * (1 - _HAIR):
                best, value = here.copy(), cost
            if low >= enough():
                continue
            required, excluded = _fixed(branch, saving, p, enough() - low)
            free = np.flatnonzero(~required & ~excluded)
            if int(required.sum()) == p or int(required.sum()) + len(free) <= p:
                every = required.copy()
                every[free] = int(required.sum()) < p
                cost = _cost(near, every)
                if int(every.sum()) == p and cost < value * (1 - _HAIR):
                    best, value = every, cost
                continue
            # The site whose part in the relaxation is least certain.
            site = free[np.argmin(np.abs(taken[free] / STEPS - 0.5))]
            for side in (required, excluded):
                number += 1
                with_it = side.copy()
                with_it[site] = True
                pair = (with_it, excluded) if side is required else (required, with_it)
                heapq.heappush(open_, _Branch(low, number, *pair, lowest))
    if clock.watch.stop.is_set():
        return best, lowest_open
    return best, value if not open_ else min(value, max(open_[0].bound, bound))


def _fixed(branch: _Branch, saving: Floats, p: int, spare: float) -> tuple[Bools, Bools]:
    """Require and exclude the sites without which, or with which, nothing better is left."""
    required, excluded = branch.required.copy(), branch.excluded.copy()
    free = np.flatnonzero(~required & ~excluded)
    order = free[np.argsort(saving[free], kind="stable")]
    count = p - int(required.sum())
    if 0 < count < len(order):
        inside, outside = order[:count], order[count:]
        required[inside[saving[outside[0]] - saving[inside] > spare]] = True
        excluded[outside[saving[outside] - saving[inside[-1]] > spare]] = True
    return required, excluded


def _cost(near: tuple[np.ndarray, np.ndarray, Floats], chosen: Bools) -> float:
    """Cost of serving all from a choice; infinite where it serves somebody not."""
    first, site, cost = near
    far = np.where(chosen[site], cost, np.inf)
    return float(np.minimum.reduceat(far, first[:-1]).sum())
