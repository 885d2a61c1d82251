"""A plan from prices: sweeps, then the rows that link all sites made to hold, and what they leave used up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from panhuo.engine.decompose.complete import fitted
from panhuo.engine.decompose.standing import FEASIBLE, Standing, search
from panhuo.engine.decompose.sweeps import Search, sweep
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
_PLACES = 0.5
"""Share of the sites below which rows touch places, not the whole."""
_NODES = 20
"""Most nodes of its search."""
_NEAR = 0.05
"""Share of the gap asked for to which that window is solved."""


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
        how.gap = work.allowance() / max(float(standing.ground.size.sum()) / how.size, 1.0)
        gained, due = sweep(standing, row, due, how, threads, _seed(work, turn, again))
        work.take(standing)
        if gained <= work.allowance() or work.done():
            break
        if turn == again == 0 and work.value < standing.value:  # no plan yet; of a city, the next sweeps take a minute
            _Crossing(work, standing, row, how, threads, turn).crossed()
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

    def crossed(self) -> tuple[Standing, Standing, bool]:
        """Step by step, until the point crosses over: give where it stood before and after, and whether it missed rows.

        Plans on the way are noted.
        """
        after, row = self._paid(self.standing, self.row).copy(), self.row
        dearer = bool(self._missed(after).any())
        before, step = after, _STEP
        for again in range(_TURNS):
            missed = self._missed(after)
            if missed.any() != dearer or self.work.over() or (dearer and self._local(after, missed)):
                break
            row = self._moved(row, after, missed, step)
            due = np.zeros(len(self.standing.ground.size), dtype=bool)
            due[self._touching(missed) if dearer else slice(None)] = True
            seed = _seed(self.work, self.turn, again + _SWEEPS)
            before = after.copy()
            sweep(after, row, due, self.how, self.threads, seed, self._crossed(after, dearer=dearer))
            after = self._paid(after, row)
            self.work.take(after)
            step *= 2
        return before, after, dearer

    def settle(self) -> None:
        """Cross over, and settle what differs."""
        before, after, dearer = self.crossed()
        if not self.work.over():
            base = after if dearer else before
            everywhere = np.flatnonzero(base.ground.size)
            missed = self._missed(base)
            still = self._touching(missed) if missed.any() else everywhere[:0]
            wider = [np.union1d(after.beside(other), still) for other in (self.standing, before)]
            if self.turn > 1:  # it takes long: bounds and smaller windows come first
                wider.insert(0, everywhere)
            few = (sites for sites in wider if self._few(base, sites))
            self._held(base, next(few, wider[-1]))

    def _local(self, standing: Standing, missed: Bools) -> bool:
        """Whether what is missed is a matter of some places: then all rows can be held there at once."""
        sites = self._touching(missed)
        return len(sites) < _PLACES * len(standing.ground.size) and self._few(standing, sites)

    def _few(self, standing: Standing, sites: Ints) -> bool:
        return len(standing.columns_of(sites)) <= _HELD

    def _paid(self, standing: Standing, row: Floats) -> Standing:
        """Set what no site bears (the money of each fund) anew, so that as little as can be is missed."""
        if not standing.across.any():
            return standing
        every = np.ones(len(row), dtype=bool)
        dear = np.maximum(2 * np.abs(row), self._typical(standing, every))
        limits = replace(self.work.limits, time_limit=max(self.work.left(), 1.0))
        return standing.at(fitted(standing.program, standing.point, standing.across, dear, limits))

    def _crossed(self, after: Standing, *, dearer: bool) -> Callable[[], bool]:
        return lambda: bool(self._missed(after).any()) != dearer

    def _missed(self, standing: Standing) -> Bools:
        return standing.missed() > FEASIBLE

    def _touching(self, rows: Bools) -> Ints:
        """List the sites that rows touch, by whole columns or by the rows that say what their columns are."""
        standing, touches = self.standing, self.standing.ground.touches
        alone = touches[np.flatnonzero(rows)]
        if alone.nnz == 0:
            columns = np.unique(standing.matrix[np.flatnonzero(rows)].indices)
            beside = standing.turned.rows_of(columns)
            alone = touches[beside[~standing.ground.linking[beside]]]
        touched = np.unique(alone.indices)
        return touched if len(touched) else np.flatnonzero(standing.ground.size)

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
        move = search(window, _NEAR * self.work.room(), _NODES, limits, self.work.watch)
        if move is not None:
            after = base.copy()
            after.apply(move)
            self.work.take(after)
