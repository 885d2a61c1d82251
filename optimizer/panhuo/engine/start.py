"""A first plan: the greedy choice, completed to a point of the program."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from panhuo.engine.compile import Compiled
from panhuo.engine.greed import greedy
from panhuo.engine.highs import solve_highs
from panhuo.engine.pins import pinned, solve_pinned
from panhuo.engine.program import Limits, Watch
from panhuo_models.data import Floats, Objective, SitingData

NODES = 50
"""Most nodes of the search for a plan among the options that greed chose, where not all of them can stand."""


def guided_point(data: SitingData, compiled: Compiled, share: Floats, limits: Limits, watch: Watch) -> Floats | None:
    """Complete the greedy choice that follows a relaxation to a point of the program; else one that follows nothing.

    Parameters
    ----------
    data : SitingData
        The data the program was compiled from.
    compiled : Compiled
        The program.
    share : (O,) float
        How much of each option the relaxation takes.
    limits : Limits
        How the completing program may run.
    watch : Watch
        Its ``stop`` ends it.

    Returns
    -------
    (columns,) float or None
        None where neither choice is a plan.
    """
    nowhere = np.zeros(len(data.outlets), dtype=bool)
    for followed in (share, None):
        lower, upper = pinned(data, compiled, greedy(data, followed), nowhere)
        point = solve_pinned(compiled.program(0, packed=True), lower, upper, limits, watch)
        if point is not None or watch.stop.is_set():
            return point
    return None


def greedy_point(data: SitingData, compiled: Compiled, limits: Limits, watch: Watch) -> Floats | None:
    """Complete the greedy choice to a point of the program; where it cannot stand as a whole, a part of it.

    Parameters
    ----------
    data : SitingData
        The data the program was compiled from.
    compiled : Compiled
        The program.
    limits : Limits
        How the completing programs may run.
    watch : Watch
        Its ``stop`` ends them.

    Returns
    -------
    (columns,) float or None
        None where no part of the greedy choice is a plan (it misses a floor, say).
    """
    choose = greedy(data)
    program = compiled.program(0)
    lower, upper = pinned(data, compiled, choose, np.zeros(len(data.outlets), dtype=bool))
    whole = solve_highs(replace(program, lower=lower, upper=upper), limits, watch).x
    if whole is not None or watch.stop.is_set():
        return whole
    options = compiled.families["choose"]
    upper = program.upper.copy()
    upper[options] = np.where(choose, upper[options], 0.0)
    return solve_highs(replace(program, upper=upper), limits, watch, nodes=NODES).x


def knows(data: SitingData, stage: Objective) -> bool:
    """Whether greed knows all that a stage counts: a start that lacks whole services keeps a solver from better ones.

    Dazu's first stage is within 0.1 % after 30 s without such a start, and not within 100 s with it.
    """
    return not np.isin(data.flow.tally, stage.tallies).any()
