"""Sweeps over the ground: window by window, everything near one site is set best while the rest stays as it is."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from panhuo.engine.decompose.partition import Ground, grown
from panhuo.engine.decompose.standing import Move, Standing, Window, search
from panhuo.engine.program import Bools, Floats, Limits, Watch
from panhuo_models.data import Ints

TOGETHER = 4
"""Windows under way at once, whatever the threads: far enough apart that none touches another's rows. Moves are made in
the order in which windows began, and the next one begins then."""
_NODES = 1
"""Most nodes of a window's search: a count, not a time, so that the same run gives the same plan. Nearly all windows
are solved at the root; of those that are not, one would take longer than all others together."""
_FEWEST, _MOST = 40.0, 1_000.0
_GROWS, _SHRINKS = 1.15, 0.8
"""By how much windows change where they are easy, and where they are hard."""
_EASY, _HARD = 1_500, 6_000
"""Iterations of the simplex method that an easy window takes at most, and a hard one at least."""


@dataclass
class Search:
    """With what windows are searched.

    Parameters
    ----------
    size : float
        Integer columns of a window; it adapts.
    gap : float
        Least gain that counts, in units of the objective.
    kernel : float
        Share of the integer columns that windows look at; it adapts.
    limits : Limits
        Threads and seed.
    watch : Watch
        Its ``stop`` ends the search.
    left : callable
        Seconds left.
    """

    size: float
    gap: float
    kernel: float
    limits: Limits
    watch: Watch
    left: Callable[[], float]

    def over(self) -> bool:
        """Whether the search must end."""
        return self.watch.stop.is_set() or self.left() <= 0

    def begin(self, window: Window, threads: ThreadPoolExecutor) -> Future[Move | None]:
        """Begin to solve a window in a thread."""
        limits = replace(self.limits, time_limit=max(self.left(), 0.01))
        return threads.submit(search, window, self.gap, _NODES, limits, self.watch, searches=False)

    def adapt(self, moves: list[Move | None]) -> None:
        """Let windows grow while they are easy, and shrink where they are hard."""
        took = [move.iterations if move is not None and move.proven else _HARD for move in moves]
        mean = sum(took) / len(took)
        if mean <= _EASY:
            self.size = min(self.size * _GROWS, _MOST)
        elif mean >= _HARD:
            self.size = max(self.size * _SHRINKS, _FEWEST)


def groups(ground: Ground, due: Bools, size: float, seed: int) -> Iterator[Ints]:
    """Go over the ground, group by group, until each site due was in one.

    Parameters
    ----------
    ground : Ground
        The sites.
    due : (J,) bool
        Sites that must be in a group; others may.
    size : float
        Integer columns of a group.
    seed : int
        Of the order.

    Yields
    ------
    (s,) int
        Sites that were in no group before; none is beside one of the :data:`TOGETHER` − 1 groups before. Empty where
        all that are left are: they come later.
    """
    rng = np.random.default_rng(seed)
    waiting, visited = due & (ground.size > 0), np.zeros(len(due), dtype=bool)
    same = np.ones(len(due))
    beside = deque[Ints](maxlen=TOGETHER - 1)
    while waiting.any():
        barred = visited.copy()
        for sites in beside:
            barred[sites] = True
        group = np.zeros(0, dtype=np.int64)
        if (waiting & ~barred).any():
            first = int(rng.choice(np.flatnonzero(waiting & ~barred)))
            group = grown(ground, first, size, barred, same)
        waiting[group], visited[group] = False, True
        beside.append(np.unique(ground.near[group].indices))
        yield group


def sweep(
    standing: Standing,
    row: Floats,
    due: Bools,
    how: Search,
    threads: ThreadPoolExecutor,
    seed: int,
    enough: Callable[[], bool] = lambda: False,
) -> tuple[float, Bools]:
    """Better a point window by window, under prices of the rows that link all sites.

    Parameters
    ----------
    standing : Standing
        Is moved; rows that link may be missed.
    row : (rows,) float
        Prices.
    due : (J,) bool
        Sites to be looked at.
    how : Search
        Sizes and limits.
    threads : ThreadPoolExecutor
        Where windows are solved.
    seed : int
        Of the order.
    enough : callable
        Asked after each move whether to end.

    Returns
    -------
    gained : float
        What was gained, prices counted.
    due : (J,) bool
        Sites beside which something changed since they were looked at, or that were not reached in time.
    """
    gained, due = 0.0, due.copy()
    cost = standing.cost(row)
    ahead = groups(standing.ground, due.copy(), how.size, seed)
    running, moves = deque[tuple[Ints, Future[Move | None]]](), list[Move | None]()

    def begin() -> None:
        group = next(ahead, None)
        if group is not None:
            running.append((group, how.begin(standing.priced(group, cost), threads)))

    for _ in range(TOGETHER):
        begin()
    while running and not (how.over() or enough()):
        group, job = running.popleft()
        moves.append(move := job.result())
        due[group] = False
        if move is not None and move.gain > 0:
            standing.apply(move)
            gained += move.gain
            due |= _beside(standing, group, move)
        if len(moves) == TOGETHER:
            how.adapt(moves)
            moves.clear()
        begin()
    for _, job in running:
        job.cancel()
    return gained, due


def _beside(standing: Standing, group: Ints, move: Move) -> Bools:
    """Mark the sites outside a group that lie beside those of its sites that changed."""
    ground = standing.ground
    changed = ground.site[move.columns[np.abs(move.change) > 0.5]]
    marked = np.zeros(len(ground.size), dtype=bool)
    marked[np.unique(ground.near[np.unique(changed[changed >= 0])].indices)] = True
    marked[group] = False
    return marked
