"""Better choices out of several good ones: the best choice among all the sites that they hold, solved exactly.

Good choices agree in most places; a problem on their sites alone is small, and its optimum is at least as good as each
of them. So tours are merged by Cook & Seymour (2003), doi:10.1287/ijoc.15.3.233.16078.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import numpy as np

from panhuo.engine.errors import SolverError
from panhuo.engine.highs import solve_highs
from panhuo.engine.program import Bools
from panhuo.locate.annealing import anneal, filled, greedy_choice, value_of
from panhuo.locate.program import compile_location, cover_arrays, point_of
from panhuo.locate.regions import Traveller
from panhuo.locate.result import Clock
from panhuo.locate.shrink import shrink
from panhuo.locate.tempering import Ladder
from panhuo_models.data.location import Covering
from panhuo_models.mclp import mclp as mclp_rows

TRAVELLERS, ALONE = 2, 4
"""Choices that are searched region by region, side by side: beside a ladder, and where there is none."""
REST = 10
"""Rounds without gain after which a traveller begins anew, somewhere else."""
ELITE = 4
"""Latest choices of travellers that began anew; they are merged with those under way."""
WIDE = 2.5
"""Most sites of a merger, in those of the best choice: 250 take a second, 440 half a minute."""
NODES = 20
"""Most nodes of the search tree of a merger."""
LONG = 1_000
"""Rounds without gain after which a search ends that goes on beside a proof."""
_HAIR = 1e-9


class Search:
    """Choices at many temperatures and others searched region by region, side by side, and merged round by round.

    Parameters
    ----------
    data : Covering
        The problem, nothing required or excluded.
    start : (J,) bool
        A choice within p and budget; what is found never covers less.
    seed : int
        Of the random numbers.
    """

    def __init__(self, data: Covering, start: Bools, seed: int) -> None:
        self.best = start
        self._data, self._seed, self._turn = data, seed, 0
        self._greedy = greedy_choice(data)
        self._elite: list[Bools] = []
        self._cold: list[Bools] = []
        self._ladder: Ladder | None = None
        self._under_way: list[Traveller | None] = [Traveller(data, start, seed)]

    def rounds(self, clock: Clock, *, patience: int, threads: int) -> Bools:
        """Go on until so many rounds have gained nothing; the number of threads changes nothing but the time.

        Parameters
        ----------
        clock : Clock
            Ends the search early.
        patience : int
            Rounds without gain after which it ends.
        threads : int
            Searches at the same time.

        Returns
        -------
        (J,) bool
            The best choice so far.
        """
        data, idle, value = self._data, 0, value_of(self._data, self.best)
        everything = float(data.weight.sum()) * (1 - _HAIR)
        ladder = self._ladder or Ladder(data, self.best, self._seed)
        if self._ladder is None:  # tables take a moment to fill: not before they are asked for
            self._ladder = ladder
            self._under_way += [None] * ((TRAVELLERS if ladder.rungs else ALONE) - 1)
        with ThreadPoolExecutor(threads) as pool, clock.heeding():
            while idle < patience and value < everything and not clock.over:
                # What the last round found is merged while this one goes on.
                merger = pool.submit(merge_choices, data, self._together(), clock)
                list(pool.map(partial(self._travel, clock), range(len(self._under_way))))
                ladder.go_on(pool.map, clock)
                self._cold = ladder.cold(pool.map)
                self._meet(merger.result())
                found = value_of(data, self.best)
                idle, value = 0 if found > value * (1 + _HAIR) else idle + 1, found
        self.best = max([self.best, *self._found()], key=partial(value_of, data))
        return self.best

    @contextmanager
    def beside(self, clock: Clock) -> Iterator[None]:
        """Search on in a thread of its own while something else, a proof, goes on; leaving the context ends it."""
        side = Clock(clock.left())
        work = partial(self.rounds, side, patience=LONG, threads=1)
        thread = threading.Thread(target=work, name="search", daemon=True)
        thread.start()
        try:
            yield
        finally:
            side.watch.stop.set()
            thread.join()

    def _together(self) -> list[Bools]:
        """Give the best choice and others, in turn, that hold few enough sites together."""
        others = [*self._found(), *self._elite]
        first = self._turn % max(len(others), 1)
        held, taken = self.best, [self.best]
        for choice in (*others[first:], *others[:first]):
            if (held | choice).sum() <= WIDE * self.best.sum():
                held = held | choice
                taken.append(choice)
        return taken

    def _found(self) -> list[Bools]:
        """Give the best of those under way, the coldest, then what stood after each region, the latest first."""
        under_way = [one for one in self._under_way if one is not None]
        trails = [choice for one in under_way for choice in one.trail[::-1]]
        return [*(one.best.copy() for one in under_way), *self._cold, *trails]

    def _travel(self, clock: Clock, number: int) -> None:
        """Let a traveller go on, or begin anew from what is coldest; from another walk where there is no ladder."""
        one = self._under_way[number]
        if one is None:
            seed = (self._seed, self._turn, number)
            cold = max(self._cold, key=partial(value_of, self._data), default=None)
            start = anneal(self._data, self._greedy, clock, seed) if cold is None else cold
            one = Traveller(self._data, start, seed)
        one.travel(clock)
        self._under_way[number] = one

    def _meet(self, merged: Bools) -> None:
        """Take note of the best: one goes on from it, the least if nobody does; who is idle begins anew."""
        worth = partial(value_of, self._data)
        self.best = max([self.best, *self._found(), merged], key=worth)
        for number, one in enumerate(self._under_way):
            if one is not None and one.idle >= REST:
                self._elite = [*self._elite, one.best][-ELITE:]
                self._under_way[number] = None
        values = [-1.0 if one is None else one.value for one in self._under_way]
        if worth(self.best) > max(values) * (1 + _HAIR):
            self._under_way[values.index(min(values))] = Traveller(self._data, self.best, (self._seed, self._turn))
        self._turn += 1


def merge_choices(data: Covering, choices: list[Bools], clock: Clock) -> Bools:
    """Find the best choice among the sites of several, exactly unless the nodes or the time run out.

    Parameters
    ----------
    data : Covering
        The problem, nothing required or excluded.
    choices : list of (J,) bool
        Choices within p and budget.
    clock : Clock
        Limits.

    Returns
    -------
    (J,) bool
        Covers at least what each of them covers.
    """
    best = max(choices, key=partial(value_of, data))
    held = np.any(choices, axis=0)
    if clock.over or bool((held == best).all()):
        return best
    small = shrink(replace(data, candidates=replace(data.candidates, excluded=~held)))
    program = compile_location(mclp_rows(small.data), "reached", cover_arrays(small.data))
    limits = replace(clock.left(), gap=0.0, threads=1)
    # A site of the best choice may be dominated among so few; then the solver starts without it.
    start = point_of(program, best[small.sites])
    try:
        point = solve_highs(program, limits, clock.watch, start=start, nodes=NODES).x
    except SolverError:  # a merger that fails loses a chance, not the choices there are
        point = None
    if point is None:
        return best
    found = filled(data, small.whole(point[: len(small.sites)] > 0.5))
    return found if value_of(data, found) > value_of(data, best) else best
