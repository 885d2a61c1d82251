"""A plan from prices: sweeps, then the rows that link all sites made to hold, and what they leave used up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from panhuo.engine.decompose.standing import FEASIBLE, Standing, search
from panhuo.engine.decompose.sweeps import NODES, Search, sweep
from panhuo.engine.decompose.work import Work
from panhuo.engine.program import Bools, Floats
from panhuo_models.data import Ints

_SWEEPS = 3
"""Most sweeps under one set of prices."""
_STEP = 0.02
"""Share by which the price of a row that is missed rises, window by window, until the row holds; doubled each turn."""
_TURNS = 7
_HELD = 1_500
"""Most integer columns of a window in which all rows hold: of all sites, else of those that differ."""
_NEAR = 0.45
"""Share of the gap asked for to which that window is solved."""


def worth(standing: Standing, row: Floats) -> float:
    """Value of a point where all rows that link are priced: what no choice of budget can hide."""
    linking = standing.ground.linking
    p = standing.program
    price = row[linking]
    limit = np.where(price > 0, p.row_upper[linking], p.row_lower[linking])
    limit = np.where(price == 0, 0.0, limit)
    return standing.value - float(price @ (standing.activity[linking] - limit))


def plan(work: Work, standing: Standing, row: Floats, how: Search, threads: ThreadPoolExecutor, turn: int) -> None:
    """Better a point by sweeps, and make a plan of it.

    Parameters
    ----------
    work : Work
        Takes note of every plan.
    standing : Standing
        Where to start; is moved.
    row : (rows,) float
        Prices of the rows that link.
    how : Search
        How windows are searched.
    threads : ThreadPoolExecutor
        Where.
    turn : int
        Of the order of the windows.

    """
    due = standing.ground.size > 0
    for again in range(_SWEEPS):
        gained, due = sweep(standing, row, due, how, threads, _seed(work, turn, again))
        work.take(standing)
        if gained <= work.allowance() or work.done():
            break
    if not work.done():
        _Crossing(work, standing, row, how, threads, turn).settle()


def _seed(work: Work, turn: int, again: int) -> int:
    return work.limits.seed + 100 * turn + again


@dataclass
class _Crossing:
    """From a point that misses rows to one that does not, or back: what differs is settled with all rows held.

    Windows are swept under dearer prices of what is missed (where nothing is, cheaper ones of what is priced) until
    the point crosses over. Such steps lose little, as each is taken near the price at which it is worth nothing.
    """

    work: Work
    standing: Standing
    row: Floats
    how: Search
    threads: ThreadPoolExecutor
    turn: int

    def settle(self) -> None:
        """Settle."""
        after, row = self.standing.copy(), self.row
        dearer = bool(self._missed(after).any())
        before, step = after, _STEP
        for again in range(_TURNS):
            missed = self._missed(after)
            if missed.any() != dearer or self.work.over():
                break
            row = self._moved(row, after, missed, step)
            due = self._touching(missed) if dearer else self.standing.ground.size > 0
            seed = _seed(self.work, self.turn, again + _SWEEPS)
            before = after.copy()
            sweep(after, row, due, self.how, self.threads, seed, self._crossed(after, dearer=dearer))
            self.work.take(after)
            step *= 2
        if not self.work.over():
            base = after if dearer else before
            everywhere = np.flatnonzero(base.ground.size)
            wider = [after.beside(self.standing), after.beside(before)]
            if self.turn > 1:  # it takes long: bounds and smaller windows come first
                wider.insert(0, everywhere)
            few = (sites for sites in wider if len(base.columns_of(sites)) <= _HELD)
            self._held(base, next(few, wider[-1]))

    def _crossed(self, after: Standing, *, dearer: bool) -> Callable[[], bool]:
        return lambda: bool(self._missed(after).any()) != dearer

    def _missed(self, standing: Standing) -> Bools:
        return standing.missed() > FEASIBLE

    def _touching(self, rows: Bools) -> Bools:
        """Mark the sites that rows touch; all of them where they touch none by whole columns of their own."""
        touched = np.asarray(self.standing.ground.touches[np.flatnonzero(rows)].sum(axis=0)).ravel() > 0
        return touched if touched.any() else self.standing.ground.size > 0

    def _moved(self, row: Floats, standing: Standing, missed: Bools, step: float) -> Floats:
        """Move prices: up by a share where rows are missed; down by it all of them where none is."""
        p = standing.program
        if not missed.any():
            return row * (1 - step)
        short = standing.activity < p.row_lower
        size = np.maximum(np.abs(row), self._typical(standing, missed))
        return row + np.where(missed, np.where(short, -1.0, 1.0) * step * size, 0.0)

    def _typical(self, standing: Standing, missed: Bools) -> Floats:
        """Give a price to rows that have none yet: the whole value shared out over what stands in the row."""
        own = standing.matrix[np.flatnonzero(missed)]
        typical = np.zeros(len(self.row))
        stands = np.abs(own) @ np.abs(standing.point)
        typical[missed] = abs(standing.value) / np.maximum(stands, 1.0) / missed.size**0.5
        return typical

    def _held(self, base: Standing, sites: Ints) -> None:
        """Choose anew at some sites with all rows held."""
        ground, p = base.ground, base.program
        siteless = np.flatnonzero((ground.site < 0) & p.integer)
        if not len(sites) + len(siteless):
            return
        window = base.held(sites, also=siteless, repair=True)
        limits = replace(self.work.limits, time_limit=max(self.work.left(), 0.01))
        move = search(window, _NEAR * self.work.room(), NODES, limits, self.work.watch)
        if move is not None:
            after = base.copy()
            after.apply(move)
            self.work.take(after)
