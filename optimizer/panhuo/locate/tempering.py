"""Covering problems at many temperatures side by side: replica exchange.

A walk that is cooled freezes in one order of the whole city and keeps it; here choices are kept at fixed temperatures,
and neighbours change places by the odds of Metropolis, so that each is melted and frozen over and over (Swendsen &
Wang 1986, doi:10.1103/PhysRevLett.57.2607; Hukushima & Nemoto 1996, doi:10.1143/JPSJ.65.1604). Pairs that change are
even and odd in turn, which takes a choice from end to end soonest (Syed et al. 2022, doi:10.1111/rssb.12464).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import ceil, exp, sqrt

import numpy as np

from panhuo.engine.program import Bools
from panhuo.locate.annealing import TABLE, filled, value_of, warmth_unit
from panhuo.locate.bath import Ground, Standing, bathe, room_of, standing
from panhuo.locate.result import Clock
from panhuo_models.data import Ints
from panhuo_models.data.location import Covering

HOT, COLD = 0.04, 0.005
"""Highest and lowest temperature, in what the least of the chosen sites cover alone."""
RUNGS = 1.5
"""Temperatures for each root of the places: so that neighbours change places every other time or third."""
EXCHANGES = 60
"""Times at which neighbours may change places in one call."""
SWEEP = 10
"""Steps between them, for each place."""
QUENCHED, LONG = 4, 300
"""Coldest choices that are frozen to be given; steps of that for each place."""
FREEZE = 0.1
"""Last temperature of that, in the one where it begins."""


class Ladder:
    """Choices at temperatures from hot to cold; none at all where their tables would be too large.

    Parameters
    ----------
    data : Covering
        The problem, nothing required or excluded.
    start : (J,) bool
        A choice within p and budget.
    seed : int
        Of the random numbers.
    """

    def __init__(self, data: Covering, start: Bools, seed: int) -> None:
        self._data, self._ground = data, Ground.of(data)
        chosen, unit = np.flatnonzero(start), warmth_unit(data, start)
        places = room_of(self._ground, len(chosen))
        rungs = ceil(RUNGS * sqrt(places))
        if unit <= 0 or rungs * places * len(start) > TABLE:
            rungs = 0
        self._warmth = np.geomspace(HOT, COLD, rungs) * unit
        self._here = [standing(self._ground, chosen) for _ in range(rungs)]
        self._value = [value_of(data, start)] * rungs
        self._rng = [np.random.default_rng((seed, n)) for n in range(rungs + 1)]
        self._turn, self._sweep = 0, SWEEP * places

    @property
    def rungs(self) -> int:
        """How many temperatures there are."""
        return len(self._here)

    def go_on(self, map_: Callable[..., Iterable[None]], clock: Clock) -> None:
        """Search at all temperatures, change places and search on."""
        for _ in range(EXCHANGES):
            if clock.over:
                break
            list(map_(self._bathe, range(len(self._here))))
            for n in range(self._turn % 2, len(self._here) - 1, 2):
                self._exchange(n)
            self._turn += 1

    def cold(self, map_: Callable[..., Iterable[Bools]]) -> list[Bools]:
        """Give the coldest choices, the coldest first, each frozen by itself."""
        return list(map_(self._frozen, range(self.rungs - 1, max(self.rungs - QUENCHED, 0) - 1, -1)))

    def standing(self, n: int) -> Ints:
        """Give the sites chosen at one temperature, the hottest first."""
        place = self._here[n].place
        return np.sort(place[place >= 0])

    def _bathe(self, n: int) -> None:
        here = self._here[n]  # nothing is better than infinity: no choice is kept
        self._value[n], _ = bathe(self._ground, here, self._sweep, self._warmth[n], 1.0, self._rng[n], self._value[n],
                                  here.place, np.inf)  # fmt: skip

    def _exchange(self, n: int) -> None:
        more = self._value[n] - self._value[n + 1]
        odds = more * (1 / self._warmth[n + 1] - 1 / self._warmth[n])
        if odds >= 0 or self._rng[-1].random() < exp(odds):
            self._here[n], self._here[n + 1] = self._here[n + 1], self._here[n]
            self._value[n], self._value[n + 1] = self._value[n + 1], self._value[n]

    def _frozen(self, n: int) -> Bools:
        here = Standing._make(part.copy() for part in self._here[n])
        kept, steps = here.place.copy(), LONG * len(here.place)
        bathe(self._ground, here, steps, self._warmth[n], FREEZE ** (1 / steps), self._rng[n], self._value[n], kept,
              self._value[n])  # fmt: skip
        found = np.zeros(len(self._data.candidates), dtype=bool)
        found[kept[kept >= 0]] = True
        return filled(self._data, found)
