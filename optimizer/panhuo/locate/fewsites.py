"""The proof of maximal covering where sites are few: branch on sites, bound each branch by the best prices.

Open branches are taken best bound first (Land & Doig 1960, doi:10.2307/1910129), several at a time, side by side. Which
these are does not depend on how many threads there are.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from panhuo.engine.program import Bools, Floats
from panhuo.locate.annealing import filled, value_of
from panhuo.locate.relaxation import Few, State, begin, bound
from panhuo.locate.result import Clock
from panhuo.locate.simplex import improve
from panhuo_models.data.location import Covering

SITES = 200
"""Most sites that are few: a step takes longer by the square of their number, and their rows are more."""
BRANCHES = 1_000
"""Most branches that are bounded; then another way of proof is better."""
SIDE_BY_SIDE = 8
"""Branches that are bounded side by side."""
STEPS, LOOKS = 200, 500
"""Steps between two looks at the clock, and most looks a branch: what ties keep from ending is branched on as it is."""
_SHORT = 0.999
_HAIR, _ROUNDING = 1e-9, 1e-11


@dataclass(order=True)
class _Branch:
    """Some sites chosen, some left out, and where the simplex method starts from; the best bound comes first."""

    minus: float
    number: int
    state: State = field(compare=False)


@dataclass(frozen=True, eq=False)
class _Bounded:
    """What came of a branch: a choice in it, the bound of the rest, the bound of what was cut off, a site to branch on.

    No site where nothing is left that is worth a look.
    """

    found: Bools
    covered: float
    bound: float
    cut: float
    site: int | None
    state: State


def prove(
    data: Covering, chosen: Bools, value: float, known: float, clock: Clock, *, whole: bool
) -> tuple[Bools, float]:
    """Find the best choice, or the best so far and a bound.

    Parameters
    ----------
    data : Covering
        The problem, nothing required or excluded.
    chosen : (J,) bool
        The best choice so far.
    value : float
        What it covers.
    known : float
        A bound that is known.
    clock : Clock
        Ends it early; the number of its threads changes nothing but the time.
    whole : bool
        Every choice covers a whole number.

    Returns
    -------
    chosen : (J,) bool
        The best choice found.
    bound : float
        No choice covers more.
    """
    few, unit = _few(data)
    number, closed = 0, 0.0
    open_ = [_Branch(-known, number, begin(few, few.weight / 2))]

    def enough() -> float:
        """Give the bound up to which a branch has nothing better."""
        return value + max(_SHORT if whole else 0.0, max(_HAIR, clock.limits.gap * (1 - _HAIR)) * value)

    with ThreadPoolExecutor(clock.limits.threads or os.cpu_count() or 1) as pool, clock.heeding():
        while open_ and -open_[0].minus > enough() and number < BRANCHES and not clock.over:
            results = list(pool.map(partial(_bounded, data, few, unit, enough(), clock), open_[:SIDE_BY_SIDE]))
            for result in results:
                if result.covered > value:
                    chosen, value = result.found, result.covered
            more = []
            for result in results:
                closed = max(closed, result.cut)
                if result.site is None or result.bound <= enough():
                    closed = max(closed, result.bound)
                    continue
                for mark in (1, -1):
                    number += 1
                    fixed = result.state.fixed.copy()
                    fixed[result.site] = mark
                    more.append(_Branch(-result.bound, number, result.state._replace(fixed=fixed)))
            # At once: Ctrl-C finds a branch or what came of it.
            open_ = sorted(open_[SIDE_BY_SIDE:] + more)
    return chosen, min(known, max([value, closed, *(-branch.minus for branch in open_)]))


def _few(data: Covering) -> tuple[Few, float]:
    """Give the problem as the simplex method takes it, and the unit of its weights."""
    candidates, rows = data.candidates, data.within.tocsr()
    unit = float(2.0 ** np.floor(np.log2(data.weight.mean())))
    use, most = [], []
    if candidates.most is not None:
        use.append(np.ones(len(candidates)))
        most.append(float(candidates.most))
    if candidates.budget is not None:
        dear = float(candidates.cost.max(initial=0.0))
        scale = float(2.0 ** np.floor(np.log2(dear))) if dear > 0 else 1.0
        use.append(candidates.cost / scale)
        most.append(candidates.budget / scale)
    weight = data.weight / unit
    return Few(rows.indptr.astype(np.int64), rows.indices.astype(np.int32), weight, np.array(use), np.array(most)), unit


def _bounded(data: Covering, few: Few, unit: float, enough: float, clock: Clock, branch: _Branch) -> _Bounded:
    """Bound a branch by the best prices, fix what they decide, round to a choice."""
    given = branch.state
    state = State(given.fixed.copy(), given.price.copy(), given.head.copy(), given.part.copy())
    fixed, hair = state.fixed, _ROUNDING * float(data.weight.sum())
    fixed[(fixed == 0) & (few.use > _left(few, fixed == 1)[:, None]).any(axis=0)] = -1
    for _ in range(LOOKS):
        if clock.over or not improve(few, state, (enough - 2 * hair) / unit, STEPS):
            break
    value, worth = bound(few, state)
    least, cut = value * unit + hair, 0.0
    if least > enough:
        without = least - np.abs(worth) * unit
        decided = (fixed == 0) & (without <= enough)
        fixed[decided] = np.sign(worth[decided])
        cut = float(without[decided].max(initial=0.0))
    if (_left(few, fixed == 1) < 0).any():
        return _Bounded(np.zeros(len(fixed), dtype=bool), 0.0, 0.0, cut, None, state)
    free = np.flatnonzero(fixed == 0)
    if not len(free):
        covered = value_of(data, fixed == 1)
        return _Bounded(fixed == 1, covered, covered, cut, None, state)
    found = _rounded(data, few, state.part)
    site = int(free[np.argmin(np.abs(state.part[free] - 0.5))])
    return _Bounded(found, value_of(data, found), min(least, -branch.minus), cut, site, state)


def _left(few: Few, chosen: Bools) -> Floats:
    """Give what is left of each limit, and a hair."""
    return few.most - few.use @ chosen + _HAIR * (1 + few.most)


def _rounded(data: Covering, few: Few, part: Floats) -> Bools:
    """Choose the sites of the largest parts within p and budget, then by what they gain."""
    found = np.zeros(len(part), dtype=bool)
    for site in np.argsort(-part, kind="stable"):
        found[site] = part[site] > 0.5 and bool((few.use[:, site] <= _left(few, found)).all())
    return filled(data, found)
