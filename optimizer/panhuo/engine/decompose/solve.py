"""Solve a large program by decomposition: prices, clusters for the bound, sweeps for the plan, until both meet."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np

from panhuo.engine.certificate import Certificate
from panhuo.engine.decompose.boxes import boxed
from panhuo.engine.decompose.certificate import certificate, parts
from panhuo.engine.decompose.clusters import Bounded, bounded, part
from panhuo.engine.decompose.partition import Ground, clusters
from panhuo.engine.decompose.prices import Prices, price
from panhuo.engine.decompose.standing import FEASIBLE, Standing, search
from panhuo.engine.decompose.substitute import Substituted, substitute
from panhuo.engine.decompose.sweeps import NODES, Search, sweep
from panhuo.engine.gap import PROVEN
from panhuo.engine.highs import outward, solve_highs, whole
from panhuo.engine.integers import RefusedError
from panhuo.engine.program import Answer, Floats, Limits, Program, Progress, Quiet, Reason, Watch
from panhuo.words import T
from panhuo_models.data import Ints

ITERATIONS = 3000
"""Most iterations for the prices."""
_PRICED = 2e-5
"""The prices are good enough where several looks in a row better the bound by less than this share."""
CLUSTER = 300.0
"""Integer columns of the first clusters; they double."""
WINDOW = 200.0
"""Integer columns of the first windows; they adapt."""
CLUSTER_NODES = 50
_SHARE = 0.1
"""Share of the gap asked for that all clusters, and all windows of a sweep, may leave together."""
_ENOUGH = 0.5
"""Share of the clusters that must be solved to the end before they grow."""
_SWEEPS = 3
"""Most sweeps under one set of prices."""
_SWING = (0.02, 0.05, 0.1)
"""By what share prices go up and down to find the sites they can hardly decide."""


class UnboundedError(RefusedError):
    """Prices alone bound nothing: a column has no bound, and no row gives it one."""

    def __init__(self) -> None:
        super().__init__(T("a part of this model has no bound by itself, so that it cannot be taken apart: take exact"))


@dataclass
class _Work:
    """Where a solve stands."""

    whole: Program
    reduced: Substituted
    limits: Limits
    watch: Watch
    stage: str
    options: int
    began: float = field(default_factory=time.monotonic)
    bound: float = np.inf
    best: Floats | None = None
    value: float = -np.inf
    nodes: int = 0
    infeasible: bool = False
    certificate: Certificate | None = None

    @property
    def program(self) -> Program:
        return self.reduced.program

    def left(self) -> float:
        return self.limits.time_limit - (time.monotonic() - self.began)

    def gap(self) -> float:
        """Relative gap on the value with its offset; inf while there is none."""
        value = self.value + self.program.offset
        if self.best is None or not np.isfinite(self.bound):
            return np.inf
        room = max(self.bound - self.value, 0.0)
        return 0.0 if room <= max(FEASIBLE, PROVEN * abs(value)) else room / abs(value) if value else np.inf

    def done(self) -> bool:
        return self.gap() <= self.limits.gap or self.over()

    def over(self) -> bool:
        return self.watch.stop.is_set() or self.left() <= 0

    def allowance(self) -> float:
        """Say what a whole pass of clusters or windows may leave, in units of the objective."""
        size = abs(max(self.value, 0.0) + self.program.offset) or abs(self.bound + self.program.offset)
        return _SHARE * self.limits.gap * size

    def take(self, standing: Standing) -> None:
        """Take note of a plan, where it is one and better."""
        if standing.value <= self.value or standing.missed().max(initial=0.0) > FEASIBLE:
            return
        self.best, self.value = standing.point.copy(), standing.value
        if self.options:
            self.watch.incumbent(self.best[: self.options] > 0.5)
        self.show()

    def tighten(self, bound: float, certificate: Certificate) -> None:
        if bound < self.bound:
            self.bound, self.certificate = bound, certificate
        self.show()

    def show(self) -> None:
        """Say where the solve stands."""
        sign = 1.0 if self.whole.maximise else -1.0
        offset = self.program.offset
        gap = self.gap()
        self.watch.progress(
            Progress(
                self.stage,
                time.monotonic() - self.began,
                None if self.best is None else sign * (self.value + offset),
                sign * (self.bound + offset) if np.isfinite(self.bound) else None,
                gap if np.isfinite(gap) else None,
                self.nodes,
            )
        )


def solve_decomposed(
    program: Program,
    site: Ints,
    defined: Ints,
    limits: Limits,
    watch: Watch,
    *,
    stage: str = "",
    options: int = 0,
    start: Floats | None = None,
    cluster: float = CLUSTER,
    window: float = WINDOW,
) -> Answer:
    """Solve a program that falls into sites, but for rows that link them.

    Parameters
    ----------
    program : Program
        The program.
    site : (columns,) int
        Site of each integer column, -1 for the others.
    defined : (k,) int
        Columns that equality rows define (:func:`panhuo.engine.decompose.substitute.substitute`).
    limits : Limits
        Gap, seconds, threads and seed.
    watch : Watch
        Is shown progress and better plans; its ``stop`` ends the solve with the best plan so far.
    stage : str
        Name shown in the progress.
    options : int
        The first so many columns are choose; 0: the points are no plans to be shown.
    start : (columns,) float, optional
        A point to start from.
    cluster, window : float
        Integer columns of the first clusters and windows.

    Returns
    -------
    Answer
        As of :func:`panhuo.engine.highs.solve_highs`.

    Raises
    ------
    UnboundedError
        A column has no bound, and no row gives it one.
    """
    reduced = substitute(boxed(program), defined)
    work = _Work(program, reduced, limits, watch, stage, options)
    if not (np.isfinite(work.program.lower).all() and np.isfinite(work.program.upper).all()):
        raise UnboundedError
    with ThreadPoolExecutor(limits.threads or 1) as threads:
        _solve(work, site[reduced.kept], None if start is None else start[reduced.kept], threads, cluster, window)
    return _answer(work)


def _solve(
    work: _Work, site: Ints, start: Floats | None, threads: ThreadPoolExecutor, size: float, window: float
) -> None:
    """Bound by clusters and search for a plan from their points, by turns, until both meet; clusters double."""
    program = work.program
    prices = price(program, ITERATIONS, _PRICED, work.over)
    priced = certificate(work.whole, work.reduced, prices.row)
    work.tighten(outward(prices.bound, maximise=True), priced)
    ground = Ground.of(program, site, prices.row)
    if start is not None:
        work.take(Standing(program, ground, start))
    how = Search(window, 0.0, work.limits, work.watch, work.left)
    nodes = CLUSTER_NODES
    while not work.done():
        cluster = clusters(ground, size)
        count = int(cluster.max(initial=0)) + 1
        parted = part(program, ground, cluster, prices.row)
        found = bounded(program, parted, work.allowance() / count, nodes, work.limits, work.watch, work.left)
        work.nodes += int(found.nodes.sum())
        if found.infeasible:
            work.infeasible = True
            return
        work.tighten(found.bound, replace(priced, parts=parts(program, cluster, parted, found)))
        if count == 1:
            work.take(Standing(program, ground, found.point))
            if found.proven.all():
                return
        if work.done():
            return
        how.gap = work.allowance() / max(float(ground.size.sum()) / how.size, 1.0)
        _search(work, _completed(program, ground, found, prices, work), prices, how, threads)
        if found.proven.mean() < _ENOUGH:  # larger ones would not be solved either
            nodes *= 2
        else:
            size *= 2.0


def _completed(program: Program, ground: Ground, found: Bounded, prices: Prices, work: _Work) -> Standing:
    """Make one point of those of the clusters: whole columns stay, the others follow; rows that link are priced."""
    point = np.where(program.integer, np.rint(found.point), 0.0)
    point = np.clip(point, program.lower, program.upper)
    standing = Standing(program, ground, point)
    follow = ~program.integer & ~standing.across
    window = standing.following(np.flatnonzero(follow), prices.row)
    answer = solve_highs(window.program, replace(work.limits, gap=0.0, time_limit=max(work.left(), 1.0)), Quiet())
    if answer.x is not None:
        point[window.columns] = answer.x
    return Standing(program, ground, point)


def _search(work: _Work, standing: Standing, prices: Prices, how: Search, threads: ThreadPoolExecutor) -> None:
    """Search for a plan from the point of the clusters."""
    work.take(standing)
    due = standing.ground.size > 0
    for turn in range(_SWEEPS):
        gained, due = sweep(standing, prices.row, due, how, threads, work.limits.seed + turn)
        work.take(standing)
        if gained <= work.allowance() or work.done():
            break
    if not work.done():
        _swing(work, standing, prices, how, threads)


def _swing(work: _Work, standing: Standing, prices: Prices, how: Search, threads: ThreadPoolExecutor) -> None:
    """Find a plan between two sets of prices: what they agree on stays, the rest is one small program.

    Where rows that link are missed, the other prices are dearer, else cheaper.
    """
    ground, program = standing.ground, standing.program
    swing = np.empty(0, dtype=np.int64)
    everywhere = ground.size > 0
    sense = 1.0 if standing.missed().max(initial=0.0) > FEASIBLE else -1.0
    before = standing
    for turn, share in enumerate(_SWING):
        if work.over() and work.best is not None:
            break
        other = Standing(program, ground, before.point)
        sweep(other, prices.row * (1 + sense * share), everywhere, how, threads, work.limits.seed + turn)
        work.take(other)
        differ = np.flatnonzero((other.point != standing.point) & program.integer)
        sites = ground.site[differ]
        swing = np.union1d(swing, np.unique(sites[sites >= 0]))
        for base in (standing, other):
            if len(swing):
                _settle_swing(work, base, swing, how)
        crossed = (other.missed().max(initial=0.0) > FEASIBLE) == (sense < 0)
        if work.best is not None and crossed:
            break
        before = other


def _settle_swing(work: _Work, base: Standing, swing: Ints, how: Search) -> None:
    """Choose the swing sites with all rows held."""
    siteless = np.flatnonzero((base.ground.site < 0) & base.program.integer)
    window = base.held(swing, also=siteless, repair=True)
    limits = replace(work.limits, time_limit=max(work.left(), 0.01))
    move = search(window, how.gap, 4 * NODES, limits, work.watch)
    if move is not None:
        after = Standing(base.program, base.ground, base.point)
        after.apply(move)
        work.take(after)


def _answer(work: _Work) -> Answer:
    """Give what was found, in the columns of the whole program."""
    seconds = time.monotonic() - work.began
    if work.infeasible:
        return Answer("infeasible", None, None, None, seconds, work.nodes)
    sign = 1.0 if work.whole.maximise else -1.0
    bound = sign * (work.bound + work.program.offset) if np.isfinite(work.bound) else None
    x = None if work.best is None else whole(work.whole, work.reduced.original(work.best))
    objective = None if x is None else float(work.whole.cost @ x) + work.whole.offset
    gap = work.gap()
    reason: Reason = "optimal" if gap <= 0 else "within_gap"
    if gap > work.limits.gap:
        reason = "interrupted" if work.watch.stop.is_set() else "time_limit"
    return Answer(reason, x, objective, bound, seconds, work.nodes, certificate=work.certificate)
