"""The p-median problem: a good choice, prices that bound it, and the proof over what they leave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp

from panhuo.blas import in_one_thread
from panhuo.engine.highs import solve_highs
from panhuo.engine.program import Bools, Floats
from panhuo.locate.arguments import Faults, limits, numbers, sites
from panhuo.locate.branch import prove
from panhuo.locate.interchange import best_median
from panhuo.locate.prices import Prices, price_points
from panhuo.locate.program import compile_location, level_arrays, point_of
from panhuo.locate.reaching import distances
from panhuo.locate.result import NEARLY, Clock, Result, bound_of, is_whole, proof, without_plan
from panhuo_models.data import Ints
from panhuo_models.data.location import Serving
from panhuo_models.p_median import p_median as p_median_rows

_HAIR = 1e-7


@in_one_thread
def p_median(
    weights: Any,
    distances_: Any,
    /,
    *,
    p: int,
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
    """Choose p sites with the least distance over all people: :func:`panhuo_models.p_median.p_median`.

    Parameters
    ----------
    weights, existing, required, excluded, gap, time_limit, threads, seed
        As in :func:`panhuo.locate.mclp`.
    distances_ : sparse or dense array (D, J), or (GeoDataFrame, GeoDataFrame)
        Distances, minutes or costs. What a sparse array does not store, and what is infinite or no number, may not be;
        a stored 0 is a distance of 0. GeoDataFrames: straight metres.
    p : int
        How many sites, required ones among them, existing ones not.
    radius, radius_m : float, optional
        Farther pairs may not be.

    Returns
    -------
    Result
        ``objective`` is Σ weight·distance; "infeasible" where no p sites serve everybody.

    Raises
    ------
    ArgumentError
        With every fault found.
    """
    faults = Faults()
    clock = Clock(limits(gap, time_limit, threads, seed, faults))
    there = distances(distances_, radius, radius_m, faults)
    weight = numbers("weights", weights, there.demand, faults, what="demand points")
    asked = sites(there.sites, faults, cost=None, p=p, budget=None, existing=existing, required=required,
                  excluded=excluded, exactly=True)  # fmt: skip
    if p is None:
        faults.add("p", None, "must be given", "Give the number of sites")
    faults.settle()
    data = Serving(asked.candidates, _without(there.matrix, asked.candidates.excluded), weight)
    nobody = there.demand.values[np.diff(data.distance.indptr) == 0]
    if len(nobody):
        return without_plan(there, None, clock, nobody)
    chosen, bound = _solve(data, clock)
    if chosen is None:
        return without_plan(there, None if np.isinf(bound) else bound, clock, nobody)
    whole = is_whole(data.distance.data, weight)
    far, site = nearest(data.distance, chosen)
    held = proof(float(weight @ far), bound, clock, maximise=False, whole=whole)
    return Result(asked.named(chosen), held.objective, held.bound, held.gap, clock.seconds, held.status,
                  there.sites.values[site], None, nobody)  # fmt: skip


def nearest(distance: sp.csr_matrix, chosen: Bools) -> tuple[Floats, Ints]:
    """Find the nearest chosen site of every demand point.

    Parameters
    ----------
    distance : csr_matrix, (D, J)
        Distances.
    chosen : (J,) bool
        The choice.

    Returns
    -------
    far : (D,) float
        Infinite where no chosen site may serve the point.
    site : (D,) int
        -1 there; of sites equally near the first.
    """
    row = np.repeat(np.arange(distance.shape[0]), np.diff(distance.indptr))
    here = chosen[distance.indices]
    row, site, far = row[here], distance.indices[here].astype(np.int64), distance.data[here]
    order = np.lexsort((site, far, row))
    first = order[np.flatnonzero(np.diff(row[order], prepend=-1))]
    distances_, sites_ = np.full(distance.shape[0], np.inf), np.full(distance.shape[0], -1)
    distances_[row[first]], sites_[row[first]] = far[first], site[first]
    return distances_, sites_


def _without(distance: sp.csr_matrix, excluded: Bools) -> sp.csr_matrix:
    """Leave out the pairs of excluded sites."""
    kept = ~excluded[distance.indices]
    indptr = np.concatenate([[0], np.cumsum(kept)])[distance.indptr]
    return sp.csr_matrix((distance.data[kept], distance.indices[kept], indptr), shape=distance.shape)


def _solve(data: Serving, clock: Clock) -> tuple[Bools | None, float]:
    """Give the best choice, or None, and a bound: infinite where there is no choice at all."""
    chosen = best_median(data, clock)
    far, _ = nearest(data.distance, chosen)
    if np.isinf(far).any():
        return _search(data, None, 0.0, clock)
    value = float(data.weight @ far)
    prices = price_points(data, value, data.weight * far, clock)
    whole = is_whole(data.distance.data, data.weight)
    bound = float(np.ceil(prices.bound * (1 - 1e-12) - 1e-6)) if whole else prices.bound * (1 - 1e-12)
    if clock.over or value - bound <= max(clock.limits.gap, 1e-9) * value:
        return chosen, bound
    left = _left(data, prices, value * (1 + _HAIR))
    if left is None:
        return chosen, value
    found, rest = prove(left.data, chosen[left.sites], value, prices.price, bound, clock, whole=whole)
    value = float(left.data.weight @ nearest(left.data.distance, found)[0])
    bound = max(bound, min(rest, value))
    if not clock.over and value - bound > max(clock.limits.gap, _HAIR) * value + (NEARLY if whole else 0.0):
        better, rest = _search(left.data, found, bound, clock)
        found = better if better is not None else found
        bound = max(bound, min(rest, value))
    every = np.zeros(len(chosen), dtype=bool)
    every[left.sites[found]] = True
    return every, bound


@dataclass(frozen=True, eq=False)
class _Left:
    """What a choice no worse than the best so far may use."""

    data: Serving
    sites: Ints


def _left(data: Serving, prices: Prices, value: float) -> _Left | None:
    """Leave out sites and pairs that no choice as good as ``value`` uses: by their prices alone it would cost more.

    Forcing a site in costs at least what it saves less than the last one taken; leaving one out at least what it saves
    more than the first one not taken. Serving a point from farther than its price costs the difference on top.

    Returns
    -------
    _Left or None
        None where some point would be left without any site.
    """
    given, spare = data.candidates, value - prices.bound
    free = np.flatnonzero(~given.required & ~given.excluded)
    order = free[np.argsort(prices.saving[free], kind="stable")]
    count = (given.most or 0) - int(given.required.sum())
    out, must = np.zeros(len(given), dtype=bool), given.required.copy()
    out[given.excluded] = True
    if count < len(order):
        next_one = prices.saving[order[count]]
        must[order[:count][next_one - prices.saving[order[:count]] > spare]] = True
        if count:
            last = prices.saving[order[count - 1]]
            out[order[count:][prices.saving[order[count:]] - last > spare]] = True
        else:
            out[order] = True
    kept = np.flatnonzero(~out)
    distance = data.distance.tocsr()[:, kept] if out.any() else data.distance.tocsr()
    row = np.repeat(np.arange(distance.shape[0]), np.diff(distance.indptr))
    cost = data.weight[row] * distance.data
    # Beyond a site that must be chosen nobody goes either.
    farthest = nearest(distance, must[kept])[0]
    served = np.isfinite(farthest)
    at_most = prices.price + spare
    at_most[served] = np.minimum(at_most, data.weight * np.where(served, farthest, 0.0))[served]
    near = cost <= at_most[row] * (1 + 1e-12)
    indptr = np.concatenate([[0], np.cumsum(near)])[distance.indptr]
    if (np.diff(indptr) == 0).any():
        return None
    pairs = sp.csr_matrix((distance.data[near], distance.indices[near], indptr), shape=distance.shape)
    nothing = np.zeros(len(kept), dtype=bool)
    candidates = replace(given, cost=given.cost[kept], required=must[kept], excluded=nothing)
    return _Left(replace(data, candidates=candidates, distance=pairs), kept)


def _search(data: Serving, chosen: Bools | None, known: float, clock: Clock) -> tuple[Bools | None, float]:
    """Solve what is left with HiGHS."""
    program = compile_location(p_median_rows(data), "distance", level_arrays(data))
    value = np.inf if chosen is None else float(data.weight @ nearest(data.distance, chosen)[0])
    fine = is_whole(data.distance.data, data.weight) and (chosen is None or clock.limits.gap * value < NEARLY)
    limits_ = replace(clock.left(), gap=NEARLY) if fine else clock.left()
    start = None if chosen is None else point_of(program, chosen)
    answer = solve_highs(program, limits_, clock.watch, start=start, absolute=fine)
    if answer.reason == "infeasible":
        return None, np.inf
    found = None if answer.x is None else answer.x[: len(data.candidates)] > 0.5
    return found, bound_of(answer, known, maximise=False)
