"""Capacitated facility location: least cost of sites and of serving everybody."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

from panhuo.blas import in_one_thread
from panhuo.engine.highs import solve_highs
from panhuo.locate.arguments import Faults, limits, numbers, sites
from panhuo.locate.program import compile_location, pair_arrays
from panhuo.locate.reaching import distances
from panhuo.locate.result import Clock, Result, bound_of, is_whole, proof, without_plan
from panhuo_models.cflp import cflp as cflp_rows
from panhuo_models.data.location import Serving


@in_one_thread
def cflp(
    weights: Any,
    distances_: Any,
    /,
    *,
    capacity: Any,
    cost: Any,
    single_source: bool = False,
    p: int | None = None,
    budget: float | None = None,
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
    """Serve everybody within capacities at least cost: :func:`panhuo_models.cflp.cflp`.

    Parameters
    ----------
    weights, existing, required, excluded, gap, time_limit, threads, seed
        As in :func:`panhuo.locate.mclp`. Existing sites have capacities too.
    distances_, radius, radius_m
        As in :func:`panhuo.locate.p_median`: the cost of serving one unit of weight, in the money of ``cost``.
    capacity : (J,) float or str
        Most weight that each site serves.
    cost : (J,) float or str
        Cost of each site.
    single_source : bool
        Each demand point is served by one site alone.
    p, budget : optional
        Most sites; most that they may cost, serving left out.

    Returns
    -------
    Result
        ``objective`` is the cost of the selected sites and of serving; ``assignment`` is (D, J), the part of each
        demand point that a site serves.

    Raises
    ------
    ArgumentError
        With every fault found.
    """
    faults = Faults()
    clock = Clock(limits(gap, time_limit, threads, seed, faults))
    there = distances(distances_, radius, radius_m, faults)
    weight = numbers("weights", weights, there.demand, faults, what="demand points")
    room = numbers("capacity", capacity, there.sites, faults, what="sites")
    if cost is None:
        faults.add("cost", None, "must be given", "Give one number a site; 0 where sites cost nothing")
    asked = sites(there.sites, faults, cost=cost, p=p, budget=budget, existing=existing, required=required,
                  excluded=excluded)  # fmt: skip
    faults.settle()
    open_pairs = ~asked.candidates.excluded[there.matrix.indices]
    row = np.repeat(np.arange(len(weight)), np.diff(there.matrix.indptr))
    nobody = there.demand.values[np.bincount(row[open_pairs], minlength=len(weight)) == 0]
    if len(nobody):
        return without_plan(there, None, clock, nobody)
    data = Serving(asked.candidates, there.matrix, weight, room, single_source)
    program = compile_location(cflp_rows(data), "serving", pair_arrays(data, room))
    answer = solve_highs(program, clock.left(), clock.watch)
    if answer.x is None:
        bound = None if answer.reason == "infeasible" else bound_of(answer, 0.0, maximise=False)
        return without_plan(there, bound, clock, nobody)
    chosen = answer.x[: len(room)] > 0.5
    served = np.clip(answer.x[len(room) + 1 :], 0.0, 1.0)
    served = np.rint(served) if single_source else np.where(served > 1e-9, served, 0.0)
    served = served / np.bincount(row, served, minlength=len(weight))[row]
    serving = float((weight[row] * there.matrix.data * served).sum())
    objective = float(asked.candidates.cost[chosen].sum()) + serving
    whole = single_source and is_whole(asked.candidates.cost, weight, there.matrix.data)
    held = proof(objective, bound_of(answer, 0.0, maximise=False), clock, maximise=False, whole=whole)
    parts = sp.csr_matrix((served, there.matrix.indices, there.matrix.indptr), shape=there.matrix.shape)
    parts.eliminate_zeros()
    return Result(asked.named(chosen), held.objective, held.bound, held.gap, clock.seconds, held.status, parts, None,
                  nobody)  # fmt: skip
