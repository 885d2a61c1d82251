"""Good choices for covering problems: greedy, then simulated annealing on swaps of two sites.

A swap (vertex substitution, Teitz & Bart 1968, doi:10.1287/opre.16.5.955) that loses is taken with the probability
exp(loss/temperature), after Kirkpatrick, Gelatt & Vecchi (1983), doi:10.1126/science.220.4598.671.
"""

from __future__ import annotations

from math import log

import numpy as np

from panhuo.compiled import compiled
from panhuo.engine.program import Bools, Floats
from panhuo.locate.greedy import Places, both_ways, covers, fill
from panhuo.locate.result import Clock
from panhuo_models.data.location import Covering

LOOK = 200_000
"""Steps between two looks at the clock."""
PER_SITE, LEAST = 500, 20_000
"""Steps of one search: so many a site that may be chosen, and at least so many."""
HOT, COLD = 0.2, 0.015
"""First and last temperature, in what the least of the chosen sites cover alone."""
NEAR = 0.8
"""Share of the swaps that go to a site that shares a row."""
OTHER = 0.1
"""Share of the steps that only add a site, where there is room, or only drop one, where there is a budget."""
_HAIR = 1e-9


def greedy_choice(data: Covering) -> Bools:
    """Choose within p and budget by gain per cost.

    Parameters
    ----------
    data : Covering
        The problem, nothing required or excluded.

    Returns
    -------
    (J,) bool
    """
    return filled(data, np.zeros(len(data.candidates), dtype=bool))


def first_choice(data: Covering, clock: Clock) -> Bools:
    """Choose greedily, then search once.

    Parameters
    ----------
    data : Covering
        The problem, nothing required or excluded.
    clock : Clock
        Ends the search early.

    Returns
    -------
    (J,) bool
        A choice within p and budget; never covers less than the greedy one.
    """
    greedy = greedy_choice(data)
    with clock.heeding():
        found = anneal(data, greedy, clock, clock.limits.seed)
        return found if value_of(data, found) >= value_of(data, greedy) else greedy
    return greedy


def filled(data: Covering, chosen: Bools) -> Bools:
    """Add sites by gain per cost while p and budget leave room; gives a new array."""
    whole = chosen.copy()
    fill(*both_ways(data), data.weight, data.candidates.cost, *_most(data), np.inf, whole)
    return whole


def value_of(data: Covering, chosen: Bools) -> float:
    """Weight that a choice covers."""
    return float(covers(*both_ways(data)[2:], data.weight, chosen))


def anneal(data: Covering, start: Bools, clock: Clock, seed: int | tuple[int, ...], *, heat: float = 1.0) -> Bools:
    """Search for the choice within p and budget that covers most.

    Parameters
    ----------
    data : Covering
        The problem, nothing required or excluded.
    start : (J,) bool
        A choice within p and budget to go on from.
    clock : Clock
        Ends the search early; its length is counted in steps.
    seed : int
        Of the random numbers.
    heat : float
        Factor of the first temperature; below 1 it stays nearer to the start.

    Returns
    -------
    (J,) bool
        A choice within p and budget: the best of the colder half of the walk, which may cover less than the start.
    """
    arrays = both_ways(data)
    now, best = start.copy(), start.copy()
    unit = _unit(data, start)
    everything = float(data.weight.sum()) * (1 - _HAIR)
    value = covers(*arrays[2:], data.weight, best)
    if unit <= 0 or not start.any():
        return best
    rng = np.random.default_rng(seed)
    length = max(PER_SITE * len(start), LEAST)
    looks = max(2, -(-length // LOOK))
    steps = length // looks
    falling = (COLD / (HOT * heat)) ** (1 / (looks * steps))
    warmth = HOT * heat * unit
    for look in range(looks):
        if clock.over or value >= everything:
            break
        if look == looks // 2:
            value = -1.0  # where it ends, not where it began: what is merged must differ
        value = _walk(*arrays, data.weight, data.candidates.cost, *_most(data), steps, warmth, falling, rng, now, best,
                      value)  # fmt: skip
        warmth *= falling**steps
    return filled(data, best)


def _most(data: Covering) -> tuple[float, int]:
    """Give the budget, a hair wider for rounding, and the most sites."""
    given = data.candidates
    budget = np.inf if given.budget is None else given.budget * (1 + _HAIR)
    return budget, len(given) if given.most is None else min(given.most, len(given))


def _unit(data: Covering, chosen: Bools) -> float:
    """Measure the temperature: what a chosen site covers alone.

    The least tenth of them on average; under a budget, where even the best may have to make room, all of them.
    """
    within = data.within.tocsr().astype(np.int32)
    alone = data.weight * (within @ chosen.astype(np.int32) == 1)
    loss = np.sort((within.T @ alone)[chosen])
    if not len(loss):
        return 0.0
    least = len(loss) if data.candidates.budget is not None else max(1, len(loss) // 10)
    return max(float(loss[:least].mean()), 1e-3 * float(loss.mean()))


@compiled
def _take_in(
    j: int, first_row: Places, row_of: Places, weight: Floats, count: Places, owner: Places, loss: Floats
) -> None:
    """Take a site in.

    owner is the sum of the sites that cover a row, the one where there is one; loss is what each site covers alone.
    """
    for n in range(first_row[j], first_row[j + 1]):
        r = row_of[n]
        if count[r] == 0:
            loss[j] += weight[r]
        elif count[r] == 1:
            loss[owner[r]] -= weight[r]
        count[r] += 1
        owner[r] += j


@compiled
def _take_out(
    j: int, first_row: Places, row_of: Places, weight: Floats, count: Places, owner: Places, loss: Floats
) -> None:
    """Take a site out."""
    loss[j] = 0.0
    for n in range(first_row[j], first_row[j + 1]):
        r = row_of[n]
        count[r] -= 1
        owner[r] -= j
        if count[r] == 1:
            loss[owner[r]] += weight[r]


@compiled
def _walk(
    first_site: Places, site_of: Places, first_row: Places, row_of: Places, weight: Floats, cost: Floats,
    budget: float, most: int, steps: int, warmth: float, falling: float, rng: np.random.Generator,
    now: Bools, best: Bools, best_value: float,
) -> float:  # fmt: skip
    """Walk so many steps; the choice and the best one are kept in place, the value of the best is given."""
    sites = len(cost)
    count, owner = np.zeros(len(weight), dtype=np.int32), np.zeros(len(weight), dtype=np.int64)
    inside, loss = np.zeros(sites, dtype=np.int64), np.zeros(sites)
    size, spent, value = 0, 0.0, 0.0
    for j in range(sites):
        if now[j]:
            inside[size] = j
            size += 1
            spent += cost[j]
            _take_in(j, first_row, row_of, weight, count, owner, loss)
            value += loss[j]
    bounded = budget < np.inf
    for _ in range(steps):
        warmth *= falling
        slot, drop, add = -1, -1, -1
        if size > 0 and (size >= most or rng.random() >= OTHER):
            slot = int(rng.random() * size)
            drop = inside[slot]
        if drop < 0 or not bounded or rng.random() >= OTHER:
            if drop >= 0 and first_row[drop + 1] > first_row[drop] and rng.random() < NEAR:
                r = row_of[first_row[drop] + int(rng.random() * (first_row[drop + 1] - first_row[drop]))]
                add = site_of[first_site[r] + int(rng.random() * (first_site[r + 1] - first_site[r]))]
            else:
                add = int(rng.random() * sites)
            if now[add]:
                continue
        paid = spent
        if drop >= 0:
            paid -= cost[drop]
        if add >= 0:
            paid += cost[add]
            if paid > budget:
                continue
        least = value + warmth * log(1.0 - rng.random())
        reached = value
        if drop >= 0:
            reached -= loss[drop]
        if add >= 0:
            for n in range(first_row[add], first_row[add + 1]):
                r = row_of[n]
                if count[r] == 0 or (count[r] == 1 and owner[r] == drop):
                    reached += weight[r]
        if reached < least:
            continue
        if drop >= 0:
            now[drop] = False
            _take_out(drop, first_row, row_of, weight, count, owner, loss)
            size -= 1
            inside[slot] = inside[size]
        if add >= 0:
            now[add] = True
            _take_in(add, first_row, row_of, weight, count, owner, loss)
            inside[size] = add
            size += 1
        value, spent = reached, paid
        if value > best_value * (1 + 1e-12):
            best_value = value
            best[:] = now
    return best_value
