"""Middle sizes: the columns that lose least are searched as one small program, beside them the whole is bounded.

The first cuts of a search over the whole bound it nearly as well as its end, but it finds plans late; among a third of
its columns they are found at once. Neither starts from a plan: with one, HiGHS leaves out the very search that finds
better ones, and cuts less.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from panhuo.engine.decompose.certificate import parts
from panhuo.engine.decompose.clusters import Bounded, bounded
from panhuo.engine.decompose.parted import Parted, part
from panhuo.engine.decompose.relaxed import Relaxed
from panhuo.engine.decompose.standing import Move, Standing, search
from panhuo.engine.decompose.work import Work
from panhuo.engine.program import Bools, Floats
from panhuo_models.data import Ints

COLUMNS = 4_000
"""Most integer columns of a middle size."""
KERNELS = (0.35, 0.7)
"""Shares of the integer columns that are searched, one after the other."""
_NODES = 1
_NEAR = 0.45
"""Share of the gap asked for to which a kernel is solved; the rest is the bound's."""


def entire(
    work: Work, standing: Standing, relaxed: Relaxed, kernels: Sequence[Bools], threads: ThreadPoolExecutor
) -> None:
    """Search kernels with all rows held, and bound the whole beside the first.

    Parameters
    ----------
    work : Work
        Takes note of plans and bound; is infeasible where the whole is.
    standing : Standing
        Where columns outside a kernel stay.
    relaxed : Relaxed
        The relaxation.
    kernels : sequence of (columns,) bool
        Columns that may rise.
    threads : ThreadPoolExecutor
        Where the bound is sought.
    """
    for n, kernel in enumerate(kernels):
        beside = threads.submit(_bounded, work, standing, relaxed, work.best) if n == 0 else None
        _search(work, standing, kernel)
        if beside is not None:  # told here, so that what is known does not depend on who ends first
            _told(work, standing, *beside.result())
        if work.infeasible or work.done():
            return


def _search(work: Work, standing: Standing, kernel: Bools) -> None:
    free = standing.copy()
    free.kernel = kernel
    siteless = np.flatnonzero((standing.ground.site < 0) & standing.program.integer)
    window = free.held(np.flatnonzero(standing.ground.size), also=siteless, repair=True)
    limits = replace(work.limits, time_limit=max(work.left(), 0.01))

    def take(move: Move) -> None:
        better = standing.copy()
        better.apply(move)
        work.take(better)

    before = work.best, work.value
    move = search(window, _NEAR * work.room(), _NODES, limits, work.watch, fresh=True, improving=take)
    if move is not None:  # which points were seen on the way depends on the clock, the last one does not
        work.best, work.value = before
        take(move)


def _bounded(work: Work, standing: Standing, relaxed: Relaxed, best: Floats | None) -> tuple[Ints, Parted, Bounded]:
    cluster = np.zeros(len(standing.ground.size), dtype=np.int64)
    parted = part(work.program, standing.ground, cluster, relaxed.row, relaxed.inner, relaxed.known, relaxed.charged)
    found = bounded(work.program, parted, 0.0, _NODES, work.limits, work.watch, work.left, best, fresh=True)
    return cluster, parted, found


def _told(work: Work, standing: Standing, cluster: Ints, parted: Parted, found: Bounded) -> None:
    work.nodes += int(found.nodes.sum())
    work.infeasible = found.infeasible
    if not found.infeasible:
        work.tighten_by(found.bound, parts(work.program, cluster, parted, found), parted.row)
        work.take(standing.at(found.point))
