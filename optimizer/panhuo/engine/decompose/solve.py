"""Solve a large program by decomposition: prices, clusters for the bound, sweeps for the plan, until both meet."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from panhuo.engine.decompose.certificate import certified, parts
from panhuo.engine.decompose.clusters import Bounded, bounded, part
from panhuo.engine.decompose.complete import completed
from panhuo.engine.decompose.entire import COLUMNS, entire
from panhuo.engine.decompose.entire import KERNELS as ENTIRE
from panhuo.engine.decompose.hulls import first, hulls, unpacked
from panhuo.engine.decompose.inner import Inner
from panhuo.engine.decompose.lean import lean
from panhuo.engine.decompose.partition import Ground, clusters
from panhuo.engine.decompose.plans import plan
from panhuo.engine.decompose.prices import Prices, impossible, price, weak_bound
from panhuo.engine.decompose.settled import settled
from panhuo.engine.decompose.standing import FEASIBLE, Standing
from panhuo.engine.decompose.sweeps import Search
from panhuo.engine.decompose.work import Work
from panhuo.engine.errors import UnboundedError
from panhuo.engine.highs import outward, whole
from panhuo.engine.packed import packed
from panhuo.engine.program import Answer, Bools, Floats, Limits, Program, Reason, Watch
from panhuo_models.data import Ints

ITERATIONS = 4_000
"""Most iterations for the prices."""
_PRICED = 1e-5, 5e-5, 0.1
"""The prices are good enough where the last third of the work bettered the bound by less than half the gap asked for,
as a share, but not less than the first, nor more than the second or such a share of the gap: plans that follow worse
prices are further from the best one."""
CLUSTER = 450.0
"""Integer columns of the first clusters."""
GROWS = 2.5
"""By how much clusters grow once what is open in them is little."""
WINDOW = 400.0
"""Integer columns of the first windows; they adapt."""
CLUSTER_NODES = 1
_DEEPER = 4
"""By how many times more nodes those not solved to the end are searched, else."""
_SURE = 0.9
"""Share of the gap asked for to which a search over the whole goes: rounding must not take it beyond."""
_OPEN = 0.2
"""Share of the gap that what is open in clusters may make up for them to grow."""
_WORTH = 0.05
"""Share of the gap that a turn of windows must close for another one to come before the clusters, which take longer."""
KERNELS = (0.35, 0.35, 0.4, 0.5, 1.0)
"""Share of the integer columns that windows look at, turn by turn of theirs: those that lose least by the prices."""
_ELASTIC = 0.2
"""By what share of itself a price rises where clusters take twice what a row allows."""
_TAKEN = 0.01
"""Least share in the relaxation at which a column is looked at in any case."""

Guide = Callable[[Floats], Floats | None]
"""Gives a point to start from by one of the relaxation, both (columns,); None where it has none."""


def solve_decomposed(
    made: Callable[[], Program],
    site: Ints,
    defined: Ints,
    limits: Limits,
    watch: Watch,
    *,
    stage: str = "",
    options: int = 0,
    guides: Sequence[Guide] = (),
    cluster: float = CLUSTER,
    window: float = WINDOW,
) -> Answer:
    """Solve a program that falls into sites, but for rows that link them.

    Parameters
    ----------
    made : callable
        Gives the program; asked again rather than kept, as a city's takes much room.
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
    guides : sequence of callable
        Points to start from.
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
    work = Work(made, lean(made, defined), limits, watch, stage, options)
    if not (np.isfinite(work.program.lower).all() and np.isfinite(work.program.upper).all()):
        raise UnboundedError
    if not len(work.reduced.kept):  # nothing is left to decide
        work.best, work.value = np.zeros(0), 0.0
        work.tighten(0.0, np.zeros(len(work.program.row_lower)))
    else:
        with ThreadPoolExecutor(limits.threads or 1) as threads:
            _solve(work, site[work.reduced.kept], guides, threads, cluster, window)
    answer, substituted, of = _answer(work), work.reduced.substituted, work.parts
    if work.infeasible or work.row is None:
        return answer
    row, anew = work.reduced.handed(work.row), not watch.stop.is_set()
    del work  # the lean program makes room
    found = certified(made, substituted, defined, row, site, anew=anew)
    return replace(answer, certificate=replace(found, parts=of))


def _solve(
    work: Work, site: Ints, guides: Sequence[Guide], threads: ThreadPoolExecutor, size: float, window: float
) -> None:
    """Price, then bound by clusters and search for a plan from what they take, until both meet; clusters grow."""
    row, share, rest, inner = _priced(work, site, guides, threads)
    if work.infeasible or work.done():
        return
    program = work.program
    standing = _started(work, site, guides, share, row)
    ground = standing.ground
    how = Search(window, 0.0, work.limits, work.watch, work.left)
    kernels = [_kernel(program, rest, share, part_of) for part_of in KERNELS]
    nodes, turn, searched = CLUSTER_NODES, 0, 0
    found: Bounded | None = None
    while not (work.infeasible or work.done()):
        again = turn > 0 and bool(np.isfinite(size))
        searched = _planned(work, standing, row, how, threads, kernels, searched, again=again)
        if work.done():
            return
        if found is None:
            cluster = clusters(ground, size)
            parted = part(program, ground, cluster, row, inner)
        count = len(parted.columns)
        start = standing.point if work.best is None else work.best
        gap = work.allowance() / count if count > 1 else _SURE * work.room()
        most = nodes if count > 1 else None
        found = bounded(program, parted, gap, most, work.limits, work.watch, work.left, start, known=found)
        work.nodes += int(found.nodes.sum())
        if found.infeasible:
            work.infeasible = True
            return
        work.tighten(found.bound, row, parts(program, cluster, parted, found))
        if count == 1:
            work.take(standing.at(found.point))
            if found.proven.all():
                return
        at = found.point
        if float((found.bounds - found.values).sum()) > _OPEN * (work.bound - work.value):
            nodes *= _DEEPER  # larger ones would not be solved either
        else:
            row, size, found = stepped(program, ground, at, row), size * GROWS, None
        if work.best is None:
            standing = _completed(work, standing.at(_rounded(program, at)), row)
        else:
            standing = standing.at(work.best)
        turn += 1
        if turn == 1 and program.integer.sum() <= COLUMNS and not work.done():
            some = [_kernel(program, rest, share, part_of) for part_of in ENTIRE]
            entire(work, standing, row, inner, some, threads)
            size, found = np.inf, None


def _planned(
    work: Work, standing: Standing, row: Floats, how: Search, threads: ThreadPoolExecutor, kernels: Sequence[Bools],
    turn: int, *, again: bool,
) -> int:  # fmt: skip
    """Better the plan by a turn of windows; by more where asked, while each closes much of the gap. Gives the next."""
    while True:
        before, standing.kernel = work.value, kernels[min(turn, len(kernels) - 1)]
        plan(work, standing, row, how, threads, turn)
        turn += 1
        closed = work.value - before > _WORTH * (work.bound - work.value)
        if not (again and closed) or work.done() or work.best is None:
            return turn
        standing = standing.at(work.best)


def _priced(
    work: Work, site: Ints, guides: Sequence[Guide], threads: ThreadPoolExecutor
) -> tuple[Floats, Floats, Floats, Inner]:
    """Give the prices of the rows, and how much of each column the relaxation takes and loses by them.

    A first plan follows as soon as they are good enough for one.
    """
    rows, columns = work.program.matrix.shape
    tight = packed(hulls(work.program, site))
    work.reduced = work.reduced.on(first(tight, rows, columns))  # not kept twice beside what is laid out
    least, most, share = _PRICED
    near = float(np.clip(work.limits.gap / 2, least, max(most, share * work.limits.gap)))

    def early(prices: Prices) -> None:
        work.tighten(outward(prices.bound, maximise=True), prices.row[:rows])
        for point in _guided(work, guides, prices.point[:columns]):
            work.take_point(point)

    prices = price(tight, ITERATIONS, near, work.done, threads, early if guides else None)
    if not prices.near and not work.done():  # the money of several funds can take a first-order method long
        everywhere = np.append(site, np.full(len(tight.cost) - columns, -1))
        again = settled(lambda: replace(tight, matrix=tight.matrix.tocsr()), everywhere, prices.row, linking=True)
        prices = replace(prices, row=again, bound=weak_bound(tight, again))
    work.infeasible = impossible(tight, prices.bound)
    if not work.infeasible:
        work.tighten(outward(prices.bound, maximise=True), prices.row[:rows])
    rest = tight.cost - tight.matrix.T @ prices.row
    inner = Inner.of(work.program, site, tight, prices.row)
    work.reduced = work.reduced.on(unpacked(work.program))
    return prices.row[:rows], prices.point[:columns], rest[:columns], inner


def stepped(program: Program, ground: Ground, point: Floats, row: Floats) -> Floats:
    """Move the prices of rows that link towards those at which the clusters keep them: up where they take too much."""
    linking = np.flatnonzero(ground.linking & (row != 0))
    own = program.matrix.tocsr()[linking]
    limit = np.where(row[linking] > 0, program.row_upper[linking], program.row_lower[linking])
    size = np.maximum(np.maximum(np.abs(own) @ np.abs(point), np.abs(limit)), FEASIBLE)
    moved = row.copy()
    moved[linking] += _ELASTIC * np.abs(row[linking]) * np.clip((own @ point - limit) / size, -1.0, 1.0)
    return moved


def _started(work: Work, site: Ints, guides: Sequence[Guide], share: Floats, row: Floats) -> Standing:
    """Start from the best of the points given, or from what the relaxation takes for the larger part."""
    points = _guided(work, guides, share)  # before there is a second matrix
    nowhere = Standing(work.program, Ground.of(work.program, site, row), _rounded(work.program, share))
    started = [nowhere.at(point) for point in points]
    for one in started:
        work.take(one)
    if work.best is not None:
        return nowhere.at(work.best)
    return max(started, key=lambda one: one.value) if started else _completed(work, nowhere, row)


def _guided(work: Work, guides: Sequence[Guide], share: Floats) -> list[Floats]:
    """Give the points that follow a relaxation."""
    points = [guide(work.reduced.original(share)) for guide in guides]
    return [work.reduced.carried(point) for point in points if point is not None]


def _rounded(program: Program, point: Floats) -> Floats:
    """Make the integer columns whole."""
    whole_ones = np.where(program.integer, np.rint(point), point)
    return np.clip(whole_ones, program.lower, program.upper)


def _completed(work: Work, standing: Standing, row: Floats) -> Standing:
    """Set what follows from the whole columns; rows that link are priced."""
    program, linking = work.program, standing.ground.linking
    cost = program.cost - program.matrix.T @ np.where(linking, row, 0.0)
    free_rows = np.where(linking, np.inf, 0.0)
    priced = replace(
        program, cost=cost, row_lower=program.row_lower - free_rows, row_upper=program.row_upper + free_rows
    )
    follow: Bools = ~program.integer & ~standing.across
    limits = replace(work.limits, time_limit=max(work.left(), 1.0))
    return standing.at(completed(priced, standing.point, follow, limits))


def _kernel(program: Program, rest: Floats, share: Floats, part_of: float) -> Bools:
    """Mark the integer columns that windows look at."""
    if part_of >= 1:
        return np.ones(len(rest), dtype=bool)
    least = np.quantile(rest[program.integer], 1 - part_of) if program.integer.any() else 0.0
    kernel: Bools = (rest >= min(least, 0.0)) | (share >= _TAKEN)
    return kernel


def _answer(work: Work) -> Answer:
    """Give what was found, in the columns of the whole program."""
    seconds = time.monotonic() - work.began
    if work.infeasible:
        return Answer("infeasible", None, None, None, seconds, work.nodes)
    program, sign = work.made(), work.reduced.sign
    bound = sign * (work.bound + work.program.offset) if np.isfinite(work.bound) else None
    x = None if work.best is None else whole(program, work.reduced.original(work.best))
    objective = None if x is None else float(program.cost @ x) + program.offset
    gap = work.gap()
    reason: Reason = "optimal" if gap <= 0 else "within_gap"
    if gap > work.limits.gap:
        reason = "interrupted" if work.watch.stop.is_set() else "time_limit"
    return Answer(reason, x, objective, bound, seconds, work.nodes)
