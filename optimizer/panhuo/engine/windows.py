"""A better plan by windows: all sites but a few stay as they are, and a small program finds the best for those few."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from panhuo.engine.highs import solve_highs
from panhuo.engine.program import Floats, Limits, Program, Quiet, Watch
from panhuo_models.data import Ints

SHARE = 0.25
"""Share of the sites that are free in a window."""
PATIENCE = 8
"""Windows in a row that may gain less than the gap asked for before the search ends."""
NODES = 20
"""Most nodes of a window: a count, not a time, so that the same run gives the same plan."""


def improve(program: Program, point: Floats, site: Ints, limits: Limits, watch: Watch) -> Floats:
    """Improve a plan window by window.

    Parameters
    ----------
    program : Program
        The program; ``point`` is a plan of it.
    point : (columns,) float
        Where to start.
    site : (columns,) int
        Site of each integer column, -1 for the others.
    limits : Limits
        Gap that is good enough to stop, seconds, threads and seed.
    watch : Watch
        Its ``stop`` ends the search.

    Returns
    -------
    (columns,) float
        A plan no worse.
    """
    rng = np.random.default_rng(limits.seed)
    until = time.monotonic() + limits.time_limit
    sites = int(site.max(initial=-1)) + 1
    best, idle = point, 0
    value = float(program.cost @ best)
    while idle < PATIENCE and not watch.stop.is_set():
        left = until - time.monotonic()
        if left <= 0:
            break
        free = np.append(rng.random(sites) < SHARE, True)[site]
        fixed = program.integer & ~free
        window = replace(
            program,
            lower=np.where(fixed, best, program.lower),
            upper=np.where(fixed, best, program.upper),
        )
        answer = solve_highs(window, replace(limits, time_limit=left), Quiet(), start=best, nodes=NODES)
        if answer.x is None:
            break
        found = float(program.cost @ answer.x)
        gained = (found - value) if program.maximise else (value - found)
        idle = 0 if gained > limits.gap * abs(found + program.offset) else idle + 1
        if gained > 0:
            best, value = answer.x, found
    return best
