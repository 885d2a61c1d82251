"""The p-center problem: bisection over the radii, each one a set cover."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import scipy.sparse as sp

from panhuo.blas import in_one_thread
from panhuo.engine.program import Bools, Floats
from panhuo.locate.arguments import Faults, limits, numbers, sites
from panhuo.locate.cheapest import cover_all
from panhuo.locate.greedy import greedy_cover
from panhuo.locate.median import nearest
from panhuo.locate.reaching import distances
from panhuo.locate.result import Clock, Result, proof, without_plan
from panhuo.locate.shrink import shrink
from panhuo_models.data.location import Covering, Serving


@in_one_thread
def p_center(
    distances_: Any,
    /,
    *,
    p: int,
    weights: Any = None,
    radius: float | None = None,
    radius_m: float | None = None,
    existing: Any = None,
    required: Any = None,
    excluded: Any = None,
    gap: float = 0.0,
    time_limit: float | None = None,
    threads: int = 0,
    seed: int = 0,
) -> Result:
    """Choose at most p sites with the least distance of the farthest: :func:`panhuo_models.p_center.p_center`.

    Parameters
    ----------
    distances_, radius, radius_m, existing, required, excluded, gap, time_limit, threads, seed
        As in :func:`panhuo.locate.p_median`.
    p : int
        Most sites, required ones among them, existing ones not.
    weights : (D,) float or str, optional
        Distances are multiplied by them; 1 where they are not given.

    Returns
    -------
    Result
        ``objective`` is the largest weight·distance; "infeasible" where no p sites serve everybody.

    Raises
    ------
    ArgumentError
        With every fault found.
    """
    faults = Faults()
    clock = Clock(limits(gap, time_limit, threads, seed, faults))
    there = distances(distances_, radius, radius_m, faults)
    weight = numbers("weights", weights, there.demand, faults, default=1.0, what="demand points")
    asked = sites(there.sites, faults, cost=None, p=p, budget=None, existing=existing, required=required,
                  excluded=excluded)  # fmt: skip
    if p is None:
        faults.add("p", None, "must be given", "Give the number of sites")
    faults.settle()
    data = Serving(asked.candidates, there.matrix, weight)
    open_pairs = ~data.candidates.excluded[there.matrix.indices]
    row = np.repeat(np.arange(len(weight)), np.diff(there.matrix.indptr))
    nobody = there.demand.values[np.bincount(row[open_pairs], minlength=len(weight)) == 0]
    far = weight[row] * there.matrix.data
    chosen, bound = (None, np.inf) if len(nobody) else _bisect(data, np.unique(far[open_pairs]), row, far, clock)
    if chosen is None:
        return without_plan(there, None if np.isinf(bound) else bound, clock, nobody)
    _, site = nearest(there.matrix, chosen)
    value = _farthest(data, chosen)
    held = proof(value, bound, clock, maximise=False, whole=False)
    return Result(asked.named(chosen), held.objective, held.bound, held.gap, clock.seconds, held.status,
                  there.sites.values[site], None, nobody)  # fmt: skip


def _farthest(data: Serving, chosen: Bools) -> float:
    """Give the weighted distance of the farthest; infinite where somebody is not served."""
    return float((data.weight * nearest(data.distance, chosen)[0]).max(initial=0.0))


def _bisect(data: Serving, radii: Floats, row: np.ndarray, far: Floats, clock: Clock) -> tuple[Bools | None, float]:
    """Find the smallest radius within which p sites cover everybody.

    First by greedy choices alone, which narrows the radii from above at next to no cost; then proven, from below too.
    """
    if not len(radii):
        return data.candidates.required, 0.0
    most = data.candidates.most or 0
    nearest_each = np.full(len(data.weight), np.inf)
    np.minimum.at(nearest_each, row, np.where(data.candidates.excluded[data.distance.indices], np.inf, far))
    low = int(np.searchsorted(radii, nearest_each.max(initial=0.0)))
    high, best = len(radii), None
    sure, middle = low, len(radii) - 1
    while True:
        chosen = _greedily(_cover(data, radii[middle], far))
        if chosen is not None and int(chosen.sum()) <= most:
            best, high = chosen, min(int(np.searchsorted(radii, _farthest(data, chosen))), middle)
        else:
            sure = middle + 1
        middle = (sure + high) // 2
        if sure >= high or clock.over:
            break
    while low < high and not clock.over:
        middle = (low + high) // 2
        found, bound, _ = cover_all(_cover(data, radii[middle], far), _exact(clock))
        if found is not None and int(found.sum()) <= most:
            best, high = found, min(int(np.searchsorted(radii, _farthest(data, found))), middle)
        elif found is None or bound > most + 1e-6:
            low = middle + 1
        else:  # time ran out in between: neither is proven
            break
    return best, float(radii[low]) if low < len(radii) else np.inf


def _greedily(data: Covering) -> Bools | None:
    """Cover everybody greedily; None where all sites together do not."""
    small = shrink(data)
    everything = float(small.data.weight.sum())
    if small.data.amount > everything:
        return None
    return small.whole(greedy_cover(small.data, everything * (1 - 1e-12))) if everything else small.sure


def _exact(clock: Clock) -> Clock:
    """Give a clock whose covers are proven, with what is left of the time and the same stop."""
    exact = Clock(replace(clock.left(), gap=0.0))
    exact.watch = clock.watch
    return exact


def _cover(data: Serving, radius: float, far: Floats) -> Covering:
    """Give the set cover of one radius: everybody, with as few sites as may be."""
    near = far <= radius
    indptr = np.concatenate([[0], np.cumsum(near)])[data.distance.indptr]
    within = sp.csr_matrix((np.ones(int(near.sum()), dtype=bool), data.distance.indices[near], indptr),
                           shape=data.distance.shape)  # fmt: skip
    count = len(data.weight)
    one = replace(data.candidates, cost=np.ones(len(data.candidates)), most=None, exactly=False)
    return Covering(one, within, np.ones(count), float(count))
