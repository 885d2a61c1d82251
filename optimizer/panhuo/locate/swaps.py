"""Swaps of sites in a covering problem, tried one by one in compiled code.

What each chosen site covers alone is kept, what another one would gain is counted when it is tried. A swap (vertex
substitution, Teitz & Bart 1968, doi:10.1287/opre.16.5.955) that loses is taken with the probability
exp(loss/temperature), after Kirkpatrick, Gelatt & Vecchi (1983), doi:10.1126/science.220.4598.671.
"""

from __future__ import annotations

from math import log
from typing import NamedTuple

import numpy as np

from panhuo.compiled import compiled
from panhuo.engine.program import Bools, Floats
from panhuo.locate.greedy import Places, both_ways
from panhuo_models.data import Ints
from panhuo_models.data.location import Covering

NEAR = 0.8
"""Share of the swaps that go to a site that shares a row."""
OTHER = 0.1
"""Share of the steps that only add a site, where there is room, or only drop one, where there is a budget."""
_HAIR = 1e-9


class Ground(NamedTuple):
    """A covering problem both ways.

    Parameters
    ----------
    first_site, site_of : (R + 1,), (pairs,) int
        Where the sites of each row begin, and which they are.
    first_row, row_of : (J + 1,), (pairs,) int
        Where the rows of each site begin, and which they are.
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
    now : (J,) bool
        The chosen sites.
    times : (R,) int
        How many of them cover a row.
    owner : (R,) int
        The sum of their numbers: the one where there is one.
    loss : (J,) float
        What each chosen site covers alone.
    """

    now: Bools
    times: Places
    owner: Places
    loss: Floats

    @classmethod
    def of(cls, ground: Ground, chosen: Bools) -> Standing:
        """Let a choice stand; it is copied."""
        rows = len(ground.weight)
        nothing = np.zeros(len(chosen), dtype=bool)
        here = cls(nothing, np.zeros(rows, np.int32), np.zeros(rows, np.int64), np.zeros(len(chosen)))
        for j in np.flatnonzero(chosen):
            take_in(ground, here, int(j))
        return here


@compiled
def take_in(ground: Ground, here: Standing, j: int) -> None:
    """Take a site in."""
    here.now[j] = True
    for n in range(ground.first_row[j], ground.first_row[j + 1]):
        r = ground.row_of[n]
        if here.times[r] == 0:
            here.loss[j] += ground.weight[r]
        elif here.times[r] == 1:
            here.loss[here.owner[r]] -= ground.weight[r]
        here.times[r] += 1
        here.owner[r] += j


@compiled
def take_out(ground: Ground, here: Standing, j: int) -> None:
    """Take a site out."""
    here.now[j] = False
    here.loss[j] = 0.0
    for n in range(ground.first_row[j], ground.first_row[j + 1]):
        r = ground.row_of[n]
        here.times[r] -= 1
        here.owner[r] -= j
        if here.times[r] == 1:
            here.loss[here.owner[r]] += ground.weight[r]


@compiled
def walk(
    ground: Ground, here: Standing, most: int, budget: float, open_: Bools, pool: Ints, inside: Ints, size: int,
    steps: int, warmth: float, falling: float, rng: np.random.Generator, value: float, kept: Ints, kept_size: int,
    best: float,
) -> tuple[int, int, float, float]:  # fmt: skip
    """Walk so many steps among the open sites.

    Parameters
    ----------
    ground, here
        The problem and the choice, which is changed in place.
    most, budget : int, float
        What the open sites may number and cost.
    open_, pool : (J,) bool, (open,) int
        The sites that may be taken in or out.
    inside, size : (J,) int, int
        Those of them that are chosen, the first so many; in place.
    steps, warmth, falling : int, float, float
        How long; the temperature and its factor of every step.
    rng : Generator
        Of the random numbers.
    value : float
        What the choice is worth when it begins.
    kept, kept_size, best : (J,) int, int, float
        The open sites of the best choice so far, and what it is worth; kept in place where a better one is seen.

    Returns
    -------
    size, kept_size, value, best
        At the end.
    """
    spent, bounded = 0.0, budget < np.inf
    for a in range(size):
        spent += ground.cost[inside[a]]
    for _ in range(steps):
        warmth *= falling
        slot, drop, add = -1, -1, -1
        if size > 0 and (size >= most or rng.random() >= OTHER):
            slot = int(rng.random() * size)
            drop = inside[slot]
        if drop < 0 or not bounded or rng.random() >= OTHER:
            near = drop >= 0 and ground.first_row[drop + 1] > ground.first_row[drop] and rng.random() < NEAR
            if near:
                first, last = ground.first_row[drop], ground.first_row[drop + 1]
                r = ground.row_of[first + int(rng.random() * (last - first))]
                first, last = ground.first_site[r], ground.first_site[r + 1]
                add = ground.site_of[first + int(rng.random() * (last - first))]
            else:
                add = pool[int(rng.random() * len(pool))]
            if here.now[add] or not open_[add]:
                continue
        paid = spent
        if drop >= 0:
            paid -= ground.cost[drop]
        if add >= 0:
            paid += ground.cost[add]
            if paid > budget:
                continue
        least = value + warmth * log(1.0 - rng.random())
        reached = value
        if drop >= 0:
            reached -= here.loss[drop]
        if add >= 0:
            for n in range(ground.first_row[add], ground.first_row[add + 1]):
                r = ground.row_of[n]
                if here.times[r] == 0 or (here.times[r] == 1 and here.owner[r] == drop):
                    reached += ground.weight[r]
        if reached < least:
            continue
        if drop >= 0:
            take_out(ground, here, drop)
            size -= 1
            inside[slot] = inside[size]
        if add >= 0:
            take_in(ground, here, add)
            inside[size] = add
            size += 1
        value, spent = reached, paid
        if value > best:
            best, kept_size = value, size
            kept[:size] = inside[:size]
    return size, kept_size, value, best
