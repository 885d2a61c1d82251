"""Good choices for covering problems: greedy, then simulated annealing."""

from __future__ import annotations

import numpy as np

from panhuo.engine.program import Bools
from panhuo.locate.bath import Ground, bathe, room_of, standing
from panhuo.locate.greedy import both_ways, covers, fill
from panhuo.locate.result import Clock
from panhuo_models.data.location import Covering

LOOK = 20_000
"""Steps between two looks at the clock."""
PER_PLACE, LEAST = 1_000, 5_000
"""Steps of one search: so many a chosen site, and at least so many."""
TABLE = 20_000_000
"""Most places times sites, 8 bytes each."""
HOT, COLD = 0.08, 0.01
"""First and last temperature, in what the least of the chosen sites cover alone."""
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
    whole, ground = chosen.copy(), Ground.of(data)
    fill(*ground[:-2], ground.budget, ground.most, np.inf, whole)
    return whole


def value_of(data: Covering, chosen: Bools) -> float:
    """Weight that a choice covers."""
    return float(covers(*both_ways(data)[2:], data.weight, chosen))


def anneal(data: Covering, start: Bools, clock: Clock, seed: int | tuple[int, ...]) -> Bools:
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

    Returns
    -------
    (J,) bool
        A choice within p and budget: the best of the colder half of the walk, which may cover less than the start.
        The start itself where the problem is too large for a table: then it is searched region by region alone.
    """
    unit, ground, chosen = warmth_unit(data, start), Ground.of(data), np.flatnonzero(start)
    if unit <= 0 or room_of(ground, len(chosen)) * len(start) > TABLE:
        return start.copy()
    here = standing(ground, chosen)
    kept = here.place.copy()
    everything = float(data.weight.sum()) * (1 - _HAIR)
    value = best = value_of(data, start)
    rng = np.random.default_rng(seed)
    length = max(PER_PLACE * len(kept), LEAST)
    looks = max(2, -(-length // LOOK))
    steps = length // looks
    falling = (COLD / HOT) ** (1 / (looks * steps))
    for look in range(looks):
        if clock.over or best >= everything:
            break
        if look == looks // 2:
            best = -1.0  # the best of the whole walk may be its start
        warmth = HOT * unit * falling ** (look * steps)
        value, best = bathe(ground, here, steps, warmth, falling, rng, value, kept, best)
    found = np.zeros(len(start), dtype=bool)
    found[kept[kept >= 0]] = True
    return filled(data, found)


def warmth_unit(data: Covering, chosen: Bools) -> float:
    """Measure the temperature: what a chosen site covers alone; 0 where none covers anything.

    The least tenth of them on average; under a budget, where even the best may have to make room, all of them.
    """
    within = data.within.tocsr().astype(np.int32)
    alone = data.weight * (within @ chosen.astype(np.int32) == 1)
    loss = np.sort((within.T @ alone)[chosen])
    if not len(loss):
        return 0.0
    least = len(loss) if data.candidates.budget is not None else max(1, len(loss) // 10)
    return max(float(loss[:least].mean()), 1e-3 * float(loss.mean()))
