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
from panhuo.locate.annealing import unit_of, value_of
from panhuo.locate.result import Clock
from panhuo.locate.swaps import Ground, Standing, take_in, take_out, walk
from panhuo_models.data import Ints
from panhuo_models.data.location import Covering

LOOK = 4
"""Regions between two looks at the clock."""
REGIONS, FEW = 40, 8
"""Regions at a time, where the chosen sites fill one; and at least so many."""
SITES = 40
"""Most chosen sites of a region; it has half of them at least."""
APART = 0.25
"""Share of the regions that have two parts: a site may go from one end of the city to the other."""
STEPS, LEAST = 2_500, 20_000
"""Steps of one region: so many a chosen site, and at least so many."""
HOT, COLD = 0.12, 0.004
"""First and last temperature, in what the least of the chosen sites cover alone; a region begins at 0.3 … 1 of it."""
ROOM = 4.0
"""Factor of the first temperature under a budget, where one site must often go before another one may come."""
SLACK = 0.2
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
        self._ground = Ground.of(data)
        self._here = Standing.of(self._ground, start)
        self._now = np.array([self.value, self.value])
        self._unit = unit_of(data, start)
        self._hot = HOT * self._unit * (1.0 if data.candidates.budget is None else ROOM)
        self._rng = np.random.default_rng(seed)

    @property
    def now(self) -> Bools:
        """The choice as it stands."""
        return self._here.now.copy()

    def travel(self, clock: Clock) -> None:
        """Search some regions; ``idle`` counts the calls that gained nothing."""
        before = self.value
        regions = max(FEW, REGIONS * min(int(self.best.sum()), SITES) // SITES)
        for _ in range(0, regions if self._unit > 0 else 0, LOOK):
            if clock.over:
                break
            _travel(self._ground, self._here, self._rng, LOOK, self._hot, COLD * self._unit,
                    SLACK * self._unit, self._now, self.best)  # fmt: skip
        self.value = float(self._now[1])
        self.idle = 0 if self.value > before else self.idle + 1


@compiled
def region(
    ground: Ground, here: Standing, rng: np.random.Generator, most: int, apart: float, open_: Bools, pool: Ints,
    inside: Ints,
) -> tuple[int, int]:  # fmt: skip
    """Open the sites around one or two of them, until there are enough chosen ones.

    Parameters
    ----------
    ground, here, rng
        The problem, the choice and the random numbers.
    most, apart : int, float
        Chosen sites to find, half of them at least; how likely the region has two parts.
    open_, pool, inside : (J,) bool, (J,) int, (J,) int
        Filled in: which sites are open, their numbers, those of the chosen ones.

    Returns
    -------
    count, size
        How many sites are open, how many chosen ones.
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
                if here.now[seed]:
                    inside[size] = seed
                    size += 1
            for n in range(ground.first_row[pool[head]], ground.first_row[pool[head] + 1]):
                r = ground.row_of[n]
                for m in range(ground.first_site[r], ground.first_site[r + 1]):
                    j = ground.site_of[m]
                    if not open_[j]:
                        open_[j] = True
                        pool[count] = j
                        count += 1
                        if here.now[j]:
                            inside[size] = j
                            size += 1
            head += 1
    return count, size


@compiled
def _travel(
    ground: Ground, here: Standing, rng: np.random.Generator, regions: int, hot: float, cold: float, slack: float,
    value: Floats, best: Bools,
) -> None:  # fmt: skip
    """Search so many regions; value is of the choice that stands and of the best, which is kept in place."""
    sites = len(best)
    open_, pool = np.zeros(sites, dtype=np.bool_), np.zeros(sites, dtype=np.int64)
    inside, kept, began = np.zeros_like(pool), np.zeros_like(pool), np.zeros_like(pool)
    for _ in range(regions):
        count, size = region(ground, here, rng, SITES, APART, open_, pool, inside)
        began_size = kept_size = size
        began[:size] = kept[:size] = inside[:size]
        others, spent = 0, 0.0
        for j in range(sites):
            if here.now[j] and not open_[j]:
                others += 1
                spent += ground.cost[j]
        most, budget = ground.most - others, ground.budget - spent
        if most == 0:
            continue
        # A better choice than ever counts wherever it is seen; else the best of the colder half, not where it began.
        warmth = hot * (0.3 + 0.7 * rng.random())
        half = max(STEPS * size, LEAST) // 2
        falling = (cold / warmth) ** (0.5 / half)
        size, kept_size, now, top = walk(ground, here, most, budget, open_, pool[:count], inside, size, half, warmth,
                                         falling, rng, value[0], kept, kept_size, value[1] * (1 + _HAIR))  # fmt: skip
        top = top if top > value[1] * (1 + _HAIR) else -1.0
        size, kept_size, now, top = walk(ground, here, most, budget, open_, pool[:count], inside, size, half,
                                         warmth * falling**half, falling, rng, now, kept, kept_size, top)  # fmt: skip
        if top < value[1] - slack:
            top, kept_size = value[0], began_size
            kept[:kept_size] = began[:kept_size]
        for a in range(size):
            take_out(ground, here, inside[a])
        for a in range(kept_size):
            take_in(ground, here, kept[a])
        value[0] = top
        if top > value[1] * (1 + _HAIR):
            value[1] = top
            best[:] = here.now
