"""Solve a large program by decomposition: prices, clusters for the bound, sweeps for the plan, until both meet."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from panhuo.engine.decompose.bounds import CLUSTER, Bounds
from panhuo.engine.decompose.certificate import certified
from panhuo.engine.decompose.complete import completed
from panhuo.engine.decompose.entire import COLUMNS, entire
from panhuo.engine.decompose.entire import KERNELS as ENTIRE
from panhuo.engine.decompose.lean import lean
from panhuo.engine.decompose.merging import Pool, merged
from panhuo.engine.decompose.partition import Ground
from panhuo.engine.decompose.plans import plan
from panhuo.engine.decompose.relaxed import Relaxed
from panhuo.engine.decompose.standing import Standing
from panhuo.engine.decompose.sweeps import Search
from panhuo.engine.decompose.work import Guide, Work, guided
from panhuo.engine.errors import UnboundedError
from panhuo.engine.highs import whole
from panhuo.engine.program import Answer, Bools, Floats, Limits, Program, Reason, Watch
from panhuo_models.data import Ints

WINDOW = 400.0
"""Integer columns of the first windows; they adapt."""
_WORTH = 0.05
"""Share of the gap that a turn of windows must close for another one to come before the clusters, which take longer,
and merging for none to come."""
_KERNEL, _FIRST = 0.2, 0.35
"""Share of the integer columns that windows look at, the first ones too: those that lose least by the prices."""
_WIDER = 1.75
"""By how much it grows after a turn that bettered no plan."""
_TAKEN = 0.01
"""Least share in the relaxation at which a column is looked at in any case."""


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
        with ThreadPoolExecutor(limits.threads or 1) as threads, ThreadPoolExecutor(1) as apart:
            _solve(work, site[work.reduced.kept], guides, threads, apart, cluster, window)
    answer, substituted = _answer(work), work.reduced.substituted
    if work.infeasible or work.row is None:
        return answer
    row, of, across = work.handed()
    del work  # the lean program makes room
    found = certified(made, substituted, defined, row, site, of, across, anew=not watch.stop.is_set())
    return replace(answer, certificate=found)


def _solve(
    work: Work, site: Ints, guides: Sequence[Guide], threads: ThreadPoolExecutor, apart: ThreadPoolExecutor,
    size: float, window: float,
) -> None:  # fmt: skip
    """Price, then bound by clusters and search for a plan from what they take, until both meet; clusters grow."""
    relaxed = Relaxed.of(work, site, guides, threads)
    if work.infeasible or work.done():
        return
    program = work.program
    standing = _started(work, site, guides, relaxed)
    bounds = Bounds(work, site, standing.ground, relaxed, size)
    how = Search(window, 0.0, _FIRST, work.limits, work.watch, work.left)
    turn, searched, row, pool = 0, 0, relaxed.row, Pool()
    while not (work.infeasible or work.done()):
        beside = apart.submit(bounds.follow)
        before = work.value
        if work.best is not None:
            standing = merged(work, standing, pool)
        if not work.done() and not _much(work, before):
            again = turn > 0 and bool(np.isfinite(bounds.size)) and not bounds.falls
            searched = _planned(work, standing, relaxed, row, how, threads, searched, pool, again=again)
        relaxed, row = beside.result()
        if work.done():
            return
        at = bounds.turn(standing.point if work.best is None else work.best)
        if work.infeasible:
            return
        pool.note(program, at)
        if bounds.alone:
            work.take(standing.at(at))
            if bounds.proven:
                return
        if work.best is None:
            standing = _completed(work, standing.at(_rounded(program, at)), row)
        else:
            standing = standing.at(work.best)
        turn += 1
        if turn == 1 and program.integer.sum() <= COLUMNS and not work.done():
            relaxed, row = bounds.follow()
            some = [_kernel(program, relaxed, part_of) for part_of in ENTIRE]
            entire(work, standing, relaxed, some, threads)
            standing = standing if work.best is None else standing.at(work.best)
            bounds.whole()


def _planned(
    work: Work, standing: Standing, relaxed: Relaxed, row: Floats, how: Search, threads: ThreadPoolExecutor, turn: int,
    pool: Pool, *, again: bool,
) -> int:  # fmt: skip
    """Better the plan by a turn of windows; by more where asked, while each closes much of the gap. Gives the next."""
    while True:
        before = work.value
        standing.kernel = _kernel(work.program, relaxed, how.kernel)
        plan(work, standing, row, how, threads, turn)
        pool.note(work.program, standing.point)
        turn += 1
        how.kernel = _KERNEL if work.value > before else min(how.kernel * _WIDER, 1.0)
        if not (again and _much(work, before)) or work.done() or work.best is None:
            return turn
        standing = standing.at(work.best)


def _much(work: Work, before: float) -> bool:
    """Whether much of the gap was closed since the best plan was worth so much."""
    return work.value - before > _WORTH * (work.bound - work.value)


def _started(work: Work, site: Ints, guides: Sequence[Guide], relaxed: Relaxed) -> Standing:
    """Start from the best of the points given, or from what the relaxation takes for the larger part."""
    share, row = relaxed.share, relaxed.row
    points = guided(work, guides, share)  # before there is a second matrix
    nowhere = Standing(work.program, Ground.of(work.program, site, row), _rounded(work.program, share))
    started = [nowhere.at(point) for point in points]
    for one in started:
        work.take(one)
    if work.best is not None:
        return nowhere.at(work.best)
    return max(started, key=lambda one: one.value) if started else _completed(work, nowhere, row)


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


def _kernel(program: Program, relaxed: Relaxed, part_of: float) -> Bools:
    """Mark the integer columns that windows look at."""
    rest = relaxed.rest
    if part_of >= 1:
        return np.ones(len(rest), dtype=bool)
    least = np.quantile(rest[program.integer], 1 - part_of) if program.integer.any() else 0.0
    kernel: Bools = (rest >= min(least, 0.0)) | (relaxed.share >= _TAKEN)
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
