"""Annealing of covering problems by the heat bath, in compiled code.

One chosen site at a time is lifted and set down again, where it was or anywhere else, with probabilities as
exp(worth/temperature): so a step weighs all the swaps of one site (vertex substitution, Teitz & Bart 1968,
doi:10.1287/opre.16.5.955) at once and rejects none, after Geman & Geman (1984), doi:10.1109/TPAMI.1984.4767596. What
each site would gain, alone and where a chosen one is lifted, is kept in a table as Resende & Werneck (2007) keep it,
doi:10.1007/s10479-006-0154-0, and mended where a site is set down elsewhere.
"""

from __future__ import annotations

from math import exp
from typing import NamedTuple

import numpy as np

from panhuo.compiled import compiled
from panhuo.engine.program import Bools, Floats
from panhuo.locate.greedy import Places, both_ways
from panhuo_models.data import Ints
from panhuo_models.data.location import Covering

FAR = 10.0
"""Temperatures below what is lifted from which on a site is not looked at: one in 20,000 would be taken."""
SPARE = 8
"""Empty places under a budget: half as many as there are chosen sites, and at least so many."""
BLOCK = 6
"""Sites looked through at once, as a power of two."""
_HAIR = 1e-9


class Ground(NamedTuple):
    """A covering problem both ways.

    Parameters
    ----------
    first_site, site_of : (R + 1,), (pairs,) int
        Where the sites of each row begin, and which they are.
    first_row, row_of : (J + 1,), (pairs,) int
        Where the rows of each site begin, and which they are, in order.
    weight, cost : (R,), (J,) float
        Of rows and sites.
    budget, most : float, int
        Most that the chosen sites cost, a hair wider for rounding, and most of them.
    """

    first_site: Places
    site_of: Places
    first_row: Places
    row_of: Places
    weight: Floats
    cost: Floats
    budget: float
    most: int

    @classmethod
    def of(cls, data: Covering) -> Ground:
        """Turn a problem both ways; nothing of it is required or excluded."""
        given = data.candidates
        budget = np.inf if given.budget is None else given.budget * (1 + _HAIR)
        most = len(given) if given.most is None else min(given.most, len(given))
        return cls(*both_ways(data), data.weight, given.cost, float(budget), most)


class Standing(NamedTuple):
    """A choice as it stands, and what follows from it.

    Parameters
    ----------
    place : (P,) int
        The chosen sites, -1 where a place is empty.
    chosen : (J,) bool
        The same.
    times : (R,) int
        How many places cover a row.
    owner : (R,) int
        The sum of their numbers: the one where there is one.
    loss : (P,) float
        What each place covers alone.
    gain : (J,) float
        What each site reaches that nobody covers.
    share : (P, J) float
        What each site reaches that one place covers alone.
    top_gain, top_share : (blocks,), (P, blocks) float
        No site of a block has more; brought down only where a block is looked through in vain.
    """

    place: Ints
    chosen: Bools
    times: Places
    owner: Places
    loss: Floats
    gain: Floats
    share: Floats
    top_gain: Floats
    top_share: Floats


@compiled
def room_of(ground: Ground, size: int) -> int:
    """Count the places for a choice of so many sites: as many as may be filled."""
    room = size + max(SPARE, size // 2) if ground.budget < np.inf else ground.most
    return max(min(room, ground.most), size)


@compiled
def standing(ground: Ground, chosen: Ints) -> Standing:
    """Let a choice stand, given by the numbers of its sites; the other places are empty."""
    rows, sites, places = len(ground.weight), len(ground.cost), room_of(ground, len(chosen))
    gain = np.zeros(sites)
    for j in range(sites):
        for n in range(ground.first_row[j], ground.first_row[j + 1]):
            gain[j] += ground.weight[ground.row_of[n]]
    blocks = -(-sites >> BLOCK)
    top_gain = np.zeros(blocks)
    for j in range(sites):
        top_gain[j >> BLOCK] = max(top_gain[j >> BLOCK], gain[j])
    here = Standing(np.full(places, -1, np.int64), np.zeros(sites, dtype=np.bool_), np.zeros(rows, dtype=np.int32),
                    np.zeros(rows, dtype=np.int64), np.zeros(places), gain, np.zeros((places, sites)), top_gain,
                    np.zeros((places, blocks)))  # fmt: skip
    for a in range(len(chosen)):
        put(ground, here, a, chosen[a])
    return here


@compiled
def put(ground: Ground, here: Standing, a: int, add: int) -> None:
    """Put a site, or none (-1), in a place instead of who is there; rows of both cost nothing."""
    drop = here.place[a]
    here.place[a] = add
    n = last_n = m = last_m = 0
    if drop >= 0:
        here.chosen[drop] = False
        n, last_n = ground.first_row[drop], ground.first_row[drop + 1]
    if add >= 0:
        here.chosen[add] = True
        m, last_m = ground.first_row[add], ground.first_row[add + 1]
    while n < last_n or m < last_m:
        if m == last_m or (n < last_n and ground.row_of[n] < ground.row_of[m]):
            r, by = ground.row_of[n], 1
            here.times[r] -= 1
            here.owner[r] -= a
            n += 1
        elif n == last_n or ground.row_of[m] < ground.row_of[n]:
            r, by = ground.row_of[m], -1
            here.times[r] += 1
            here.owner[r] += a
            m += 1
        else:
            n, m = n + 1, m + 1
            continue
        # Left, the row was covered by this place alone or is so by another one now; entered, the other way round.
        first, last = ground.first_site[r], ground.first_site[r + 1]
        before = here.times[r] + by
        if here.times[r] + before == 1:
            here.loss[a] -= by * ground.weight[r]
            if by > 0:
                _pass(ground.site_of[first:last], ground.weight[r], here.share[a], here.gain, here.top_gain)
            else:
                _pass(ground.site_of[first:last], ground.weight[r], here.gain, here.share[a], here.top_share[a])
        elif here.times[r] + before == 3:
            other = here.owner[r] - (0 if by > 0 else a)
            here.loss[other] += by * ground.weight[r]
            _add(ground.site_of[first:last], by * ground.weight[r], here.share[other], here.top_share[other])


@compiled
def _pass(sites: Places, weight: float, giver: Floats, taker: Floats, top: Floats) -> None:
    """Take the weight of a row from these sites' values in one array and add it to those in another one."""
    for k in sites:
        giver[k] -= weight
        value = taker[k] + weight
        taker[k] = value
        if value > top[k >> BLOCK]:  # noqa: PLR1730 (it seldom is, and a store costs more)
            top[k >> BLOCK] = value


@compiled
def _add(sites: Places, weight: float, taker: Floats, top: Floats) -> None:
    """Add the weight of a row, which may be negative, to these sites' values."""
    for k in sites:
        value = taker[k] + weight
        taker[k] = value
        if value > top[k >> BLOCK]:  # noqa: PLR1730 (it seldom is, and a store costs more)
            top[k >> BLOCK] = value


@compiled
def bathe(
    ground: Ground, here: Standing, steps: int, warmth: float, falling: float, rng: np.random.Generator, value: float,
    kept: Ints, best: float,
) -> tuple[float, float]:  # fmt: skip
    """Lift and set down so many times.

    Parameters
    ----------
    ground, here
        The problem and the choice, which is changed in place.
    steps, warmth, falling : int, float, float
        How long; the temperature and its factor of every step.
    rng : Generator
        Of the random numbers.
    value : float
        What the choice is worth when it begins.
    kept, best : (P,) int, float
        The best choice so far and what it is worth; kept in place where a better one is seen.

    Returns
    -------
    value, best
        At the end.
    """
    sites, bounded, left = len(ground.cost), ground.budget < np.inf, ground.budget
    found, odds = np.empty(sites + 1, dtype=np.int64), np.empty(sites + 1)
    for j in here.place:
        if j >= 0:
            left -= ground.cost[j]
    nothing = _HAIR * ground.weight.max()  # sums of weights end a hair off
    for _ in range(steps):
        warmth *= falling
        a = int(rng.random() * len(here.place))
        drop, alone, share = here.place[a], here.loss[a], here.share[a]
        money = left + ground.cost[drop] if drop >= 0 else left
        # To stay weighs 1; under a budget a place may be left empty.
        total, count, least = 1.0, 0, max(alone - FAR * warmth, nothing)
        if bounded and drop >= 0:
            found[0], count = -1, 1
            total += exp(-alone / warmth)
            odds[0] = total
        top = here.top_share[a]
        for block in range(len(top)):  # most are worth too little: whole blocks are passed over
            if here.top_gain[block] + top[block] <= least:
                continue
            begin, end, before = block << BLOCK, (block + 1) << BLOCK, count
            free, freed = here.gain[begin:end], share[begin:end]
            for k in range(len(free)):
                worth, j = free[k] + freed[k], begin + k
                if worth > least and not here.chosen[j] and ground.cost[j] <= money:
                    total += exp(min((worth - alone) / warmth, 500.0))
                    found[count], odds[count] = j, total
                    count += 1
            if count == before:
                here.top_gain[block], top[block] = free.max(), freed.max()
        drawn = rng.random() * total
        if count == 0 or drawn < 1.0:
            continue
        n = 0
        while n < count - 1 and odds[n] <= drawn:
            n += 1
        add = found[n]
        value -= alone
        left = money
        if add >= 0:
            value += here.gain[add] + share[add]
            left -= ground.cost[add]
        put(ground, here, a, add)
        if value > best:
            best = value
            kept[:] = here.place
    return value, best
