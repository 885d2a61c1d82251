"""The best of several points: where a plan and what other searches ended at differ is chosen anew, all at once.

Clusters choose well within their borders and windows within theirs, and the borders lie elsewhere each time. Columns in
which no two points differ stay: a few hundred are left of a district's thousands, and their search mostly ends at its
root. As in tour merging (Cook and Seymour 2003, doi:10.1287/ijoc.15.3.233.16078) and polishing (Rothberg 2007,
doi:10.1287/ijoc.1060.0189).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from panhuo.engine.decompose.partition import Ground, clusters
from panhuo.engine.decompose.standing import Standing, search
from panhuo.engine.decompose.work import Work
from panhuo.engine.program import Bools, Floats, Program
from panhuo_models.data import Ints

_POINTS = 6
"""Points that are kept; a turn adds one of its clusters, and one of its windows where there were any."""
_COLUMNS = 2_500.0
"""Integer columns that are searched at once."""
_NODES = 20
"""Most nodes of a search."""
_NEAR = 0.01
"""Share of the gap asked for to which they are searched."""


@dataclass
class Pool:
    """The last points that searches ended at; rows need not hold at them.

    Parameters
    ----------
    points : deque of (integer columns,) float
        What they take, without what follows from it.
    """

    points: deque[Floats] = field(default_factory=lambda: deque(maxlen=_POINTS))

    def note(self, program: Program, point: Floats) -> None:
        """Take note of a point, (columns,)."""
        self.points.append(np.rint(point[program.integer]))

    def differing(self, program: Program, plan: Floats) -> Bools:
        """Mark the integer columns in which a point differs from a plan, (columns,)."""
        own, marked = plan[program.integer], np.zeros(len(plan), dtype=bool)
        for point in self.points:
            marked[program.integer] |= point != own
        return marked


def merged(work: Work, plan: Standing, pool: Pool) -> Standing:
    """Better a plan by what points have in other columns; gives where it stands then.

    Parameters
    ----------
    work : Work
        Takes note of better plans.
    plan : Standing
        A plan; stays as it is.
    pool : Pool
        The points.
    """
    for columns in _groups(plan.ground, pool.differing(plan.program, plan.point)):
        if work.over():
            break
        limits = replace(work.limits, time_limit=max(work.left(), 0.01))
        move = search(plan.among(columns), _NEAR * work.room(), _NODES, limits, work.watch, fresh=True)
        if move is not None and move.gain > 0:
            plan = plan.copy()
            plan.apply(move)
            work.take(plan)
    return plan


def _groups(ground: Ground, columns: Bools) -> Iterator[Ints]:
    """Part columns by sites near each other into groups that are searched one after the other."""
    held = np.bincount(ground.site[columns & (ground.site >= 0)], minlength=len(ground.size))
    of = clusters(replace(ground, size=held), _COLUMNS) if held.sum() > _COLUMNS else np.zeros_like(held)
    group = np.where(ground.site >= 0, of[ground.site], 0)
    for one in range(int(of.max(initial=0)) + 1):
        if (own := np.flatnonzero(columns & (group == one))).size:
            yield own
