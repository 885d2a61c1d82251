"""Better choices region by region: a part of the choice is melted and frozen again, while all the rest stays.

A walk over everything gets most of its regions right and some wrong, never the same; a short walk within a region gets
it right often, and many of them find what one long walk does not. What comes out is kept even where it loses a little
(record-to-record travel, Dueck 1993, doi:10.1006/jcph.1993.1010). Regions grow from site to site over rows that they
share: no coordinates are needed.
"""

from __future__ import annotations

import numpy as np

from panhuo.compiled import compiled
from panhuo.engine.program import Bools, Floats
from panhuo.locate.annealing import value_of, warmth_unit
from panhuo.locate.bath import Ground, bathe, standing
from panhuo.locate.greedy import Places
from panhuo.locate.result import Clock
from panhuo_models.data import Ints
from panhuo_models.data.location import Covering

REGIONS = 6
"""Regions at a time."""
SITES = 40
"""Most chosen sites of a region; it has half of them at least."""
APART = 0.25
"""Share of the regions that have two parts: a site may go from one end of the city to the other."""
STEPS, LEAST = 3_000, 5_000
"""Steps of one region: so many a chosen site, and at least so many."""
HOT, COLD = 0.045, 0.005
"""First and last temperature, in what the least of the chosen sites cover alone; a region begins at half or more."""
ROOM = 4.0
"""Factor of the first temperature under a budget, where one site must often go before another one may come."""
SLACK = 0.05
"""How far a choice may lie below the best to be gone on from, in the same."""
_HAIR = 1e-12


class Traveller:
    """A choice that is searched region by region.

    Parameters
    ----------
    data : Covering
        The problem, nothing required or excluded.
    start : (J,) bool
        A choice within p and budget.
    seed : int or tuple of int
        Of the random numbers.
    """

    def __init__(self, data: Covering, start: Bools, seed: int | tuple[int, ...]) -> None:
        self.best, self.value = start.copy(), value_of(data, start)
        self.idle = 0
        self.trail: list[Bools] = []
        self._ground = Ground.of(data)
        self._chosen = start.copy()
        self._times = (data.within.astype(np.int32) @ start.astype(np.int32)).astype(np.int32)
        self._now = np.array([self.value, self.value])
        self._unit = warmth_unit(data, start)
        self._hot = HOT * self._unit * (1.0 if data.candidates.budget is None else ROOM)
        self._rng = np.random.default_rng(seed)

    @property
    def now(self) -> Bools:
        """The choice as it stands."""
        return self._chosen.copy()

    def travel(self, clock: Clock) -> None:
        """Search some regions; ``trail`` is what stood after each, ``idle`` counts the calls that gained nothing."""
        before, self.trail = self.value, []
        for _ in range(REGIONS if self._unit > 0 else 0):
            if clock.over:
                break
            _travel(self._ground, self._chosen, self._times, self._rng, self._hot, COLD * self._unit,
                    SLACK * self._unit, self._now, self.best)  # fmt: skip
            self.trail.append(self.now)
        self.value = float(self._now[1])
        self.idle = 0 if self.value > before else self.idle + 1


@compiled
def region(
    ground: Ground, chosen: Bools, rng: np.random.Generator, most: int, apart: float, open_: Bools, pool: Ints
) -> int:
    """Open the sites around one or two of them, until there are enough chosen ones.

    Parameters
    ----------
    ground, chosen, rng
        The problem, the choice and the random numbers.
    most, apart : int, float
        Chosen sites to find, half of them at least; how likely the region has two parts.
    open_, pool : (J,) bool, (J,) int
        Filled in: which sites are open, and their numbers.

    Returns
    -------
    int
        How many sites are open.
    """
    sites, parts = len(open_), 2 if rng.random() < apart else 1
    wanted = most // 2 + int(rng.random() * (most - most // 2 + 1))
    count, size = 0, 0
    open_[:] = False
    for part in range(1, parts + 1):
        head = count
        while count < sites and size * parts < wanted * part:
            if head == count:  # nothing open borders on more: go on elsewhere
                seed = int(rng.random() * sites)
                while open_[seed]:
                    seed = (seed + 1) % sites
                open_[seed] = True
                pool[count] = seed
                count += 1
                size += chosen[seed]
            for n in range(ground.first_row[pool[head]], ground.first_row[pool[head] + 1]):
                r = ground.row_of[n]
                for m in range(ground.first_site[r], ground.first_site[r + 1]):
                    j = ground.site_of[m]
                    if not open_[j]:
                        open_[j] = True
                        pool[count] = j
                        count += 1
                        size += chosen[j]
            head += 1
    return count


@compiled
def part_of(ground: Ground, times: Places, others: int, spent: float, open_: Bools, pool: Ints) -> Ground:
    """Cut out what the open sites reach and no other chosen one covers.

    Parameters
    ----------
    ground : Ground
        The problem.
    times : (R,) int
        How often each row is covered from outside.
    others, spent : int, float
        How many sites that is and what they cost.
    open_, pool : (J,) bool, (open,) int
        The open sites; those of the part are numbered in this order.

    Returns
    -------
    Ground
    """
    number = np.empty(len(open_), dtype=np.int32)
    sites, reached = len(pool), np.zeros(len(ground.weight), dtype=np.bool_)
    size = np.zeros(sites, dtype=np.int64)
    for k in range(sites):
        number[pool[k]] = k
        for n in range(ground.first_row[pool[k]], ground.first_row[pool[k] + 1]):
            r = ground.row_of[n]
            if times[r] == 0:
                reached[r] = True
                size[k] += 1
    rows = np.flatnonzero(reached)
    first_site, first_row = np.zeros(len(rows) + 1, dtype=np.int64), np.zeros(sites + 1, dtype=np.int64)
    for k in range(sites):
        first_row[k + 1] = first_row[k] + size[k]
    pairs = first_row[sites]
    site_of, row_of = np.empty(pairs, dtype=np.int32), np.empty(pairs, dtype=np.int32)
    size[:] = 0
    count = 0
    for i in range(len(rows)):
        for n in range(ground.first_site[rows[i]], ground.first_site[rows[i] + 1]):
            if open_[ground.site_of[n]]:
                k = number[ground.site_of[n]]
                site_of[count] = k
                row_of[first_row[k] + size[k]] = i
                size[k] += 1
                count += 1
        first_site[i + 1] = count
    return Ground(first_site, site_of, first_row, row_of, ground.weight[rows], ground.cost[pool], ground.budget - spent,
                  min(ground.most - others, sites))  # fmt: skip


@compiled
def _count(ground: Ground, chosen: Bools, times: Places, j: int, by: int) -> None:
    """Take a site in (1) or out (-1)."""
    chosen[j] = by > 0
    for n in range(ground.first_row[j], ground.first_row[j + 1]):
        times[ground.row_of[n]] += by


@compiled
def _travel(
    ground: Ground, chosen: Bools, times: Places, rng: np.random.Generator, hot: float, cold: float, slack: float,
    value: Floats, best: Bools,
) -> None:  # fmt: skip
    """Search a region; value is of the choice that stands and of the best, which is kept in place."""
    sites = len(best)
    open_, pool = np.zeros(sites, dtype=np.bool_), np.zeros(sites, dtype=np.int64)
    count = region(ground, chosen, rng, SITES, APART, open_, pool)
    others, spent = 0, 0.0
    for j in range(sites):
        if chosen[j] and not open_[j]:
            others += 1
            spent += ground.cost[j]
    began = np.flatnonzero(chosen[pool[:count]])
    for k in began:
        _count(ground, chosen, times, pool[k], -1)
    part = part_of(ground, times, others, spent, open_, pool[:count])
    kept, top = began, -1.0
    if part.most > 0 and len(part.weight) > 0:
        inner = standing(part, began)
        kept = inner.place.copy()
        # A better choice than ever counts wherever it is seen; else the best of the colder half.
        warmth = hot * (0.5 + 0.5 * rng.random())
        half = max(STEPS * len(kept), LEAST) // 2
        falling = (cold / warmth) ** (0.5 / half)
        record = value[1] * (1 + _HAIR)
        now, top = bathe(part, inner, half, warmth, falling, rng, value[0], kept, record)
        top = top if top > record else -1.0
        now, top = bathe(part, inner, half, warmth * falling**half, falling, rng, now, kept, top)
    if top < value[1] - slack:
        top, kept = value[0], began
    for k in kept:
        if k >= 0:
            _count(ground, chosen, times, pool[k], 1)
    value[0] = top
    if top > value[1] * (1 + _HAIR):
        value[1] = top
        best[:] = chosen
