"""Covering problems: most people within reach, or least cost to reach enough of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from panhuo.blas import in_one_thread
from panhuo.engine.highs import solve_highs
from panhuo.engine.program import Answer, Bools, Floats
from panhuo.locate.annealing import first_choice, value_of
from panhuo.locate.arguments import Faults, Sites, limits, number, numbers, sites
from panhuo.locate.ceiling import ceiling
from panhuo.locate.cheapest import cover_all
from panhuo.locate.fewsites import SITES, prove
from panhuo.locate.merging import Search
from panhuo.locate.program import compile_location, cover_arrays, point_of
from panhuo.locate.punctual import in_time
from panhuo.locate.reaching import Pairs, reach
from panhuo.locate.result import NEARLY, Clock, Result, bound_of, is_whole, proof, without_plan
from panhuo.locate.shrink import covered_by, shrink
from panhuo_models.data.location import Covering
from panhuo_models.mclp import mclp as mclp_rows

HEAVY = 1024.0
"""Mean weight of a row beyond which rows are weighed in larger units."""
LARGE = 50_000
"""Pairs beyond which a proof takes long: a long search for a good choice to start from comes before it."""
PATIENCE, LONGEST = 5, 20
"""Chosen sites for which that search waits one more round without gain; two at least, as a round is merged in the next,
and so many at most."""
_HAIR = 1e-9


@in_one_thread
def mclp(
    weights: Any,
    reach_: Any,
    /,
    *,
    p: int | None = None,
    cost: Any = None,
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
    """Cover most people with at most p sites, or for a budget: :func:`panhuo_models.mclp.mclp`.

    Parameters
    ----------
    weights : (D,) float or str
        People of each demand point; the name of a column where these are a GeoDataFrame.
    reach_ : sparse or dense array (D, J), or (GeoDataFrame, GeoDataFrame)
        Who is within reach of what: yes and no; minutes or distances with ``radius``; or demand points and sites with
        ``radius_m``, straight. Closed: who is exactly at the radius is within. What a sparse array does not store is
        out of reach.
    p : int, optional
        Most sites, required ones among them.
    cost : (J,) float or str, optional
        Cost of each site; 1 where it is not given.
    budget : float, optional
        Most that they may cost. p, budget or both must be given.
    radius, radius_m : float, optional
        In the unit of the array; metres.
    existing, required, excluded : optional
        A mask (J,), row numbers, labels of the GeoDataFrame's index, or the name of a column of yes and no. Existing
        sites cover, cost nothing and do not count towards p.
    gap : float
        Relative gap that is good enough; 0: proven.
    time_limit : float, optional [s]
        Ends the search with the best choice so far and its bound; so does Ctrl-C.
    threads, seed : int
        Of the solver; 0 threads leaves their number to it.

    Returns
    -------
    Result
        ``objective`` is the weight within reach, of existing sites too.

    Raises
    ------
    ArgumentError
        With every fault found.
    """
    faults = Faults()
    clock = Clock(limits(gap, time_limit, threads, seed, faults))
    there = reach(reach_, radius, radius_m, faults, clock.limits.threads)
    weight = there.summed(numbers("weights", weights, there.demand, faults, what="demand points"))
    asked = sites(there.sites, faults, cost=cost, p=p, budget=budget, existing=existing, required=required,
                  excluded=excluded)  # fmt: skip
    if p is None and budget is None:
        faults.add("p, budget", None, "one of them must be given", "Give the most sites, or the most money")
    faults.settle()
    data = Covering(asked.candidates, there.matrix, weight)
    small = shrink(data)
    before = float(data.weight[covered_by(data, asked.existing)].sum())
    everything = small.covered + float(small.data.weight.sum())
    if not len(small.data.weight):
        return _result(data, asked, there, small.sure, everything, clock, maximise=True, before=before)
    chosen = first_choice(small.data, clock)
    known = everything
    value = value_of(small.data, chosen)
    fine = is_whole(weight) and gap * everything < NEARLY

    def doubtful() -> bool:
        """Tell whether something better may be left, and time to find it."""
        objective = small.covered + value
        near = NEARLY if fine else max(gap * (objective - before), 2 * _HAIR * objective)
        return known - objective > near and not clock.over

    if doubtful():
        known = small.covered + ceiling(small.data, value, clock)
    if doubtful() and len(small.sites) <= SITES:
        chosen, known = prove(small.data, chosen, value, known - small.covered, clock, whole=fine)
        value, known = value_of(small.data, chosen), known + small.covered
    if doubtful():
        search = Search(small.data, chosen, seed)
        if small.data.within.nnz > LARGE:
            chosen = search.rounds(clock, patience=min(max(2, int(chosen.sum()) // PATIENCE), LONGEST), threads=2)
        if not clock.over:  # a solver with no time left takes seconds to say so
            answer, unit = _proof_of(small.data, chosen, fine, search, clock)
            bound = None if answer.bound is None else answer.bound * unit + small.covered
            known = bound_of(replace(answer, bound=bound), known, maximise=True)
            chosen = _better(small.data, chosen, None if answer.x is None else answer.x[: len(chosen)] > 0.5)
            if answer.reason not in ("optimal", "within_gap"):
                # What is proven is told as the solver found it: the thread may be faster in one run than in another.
                chosen = _better(small.data, chosen, search.best)
    return _result(data, asked, there, small.whole(chosen), known, clock, maximise=True, before=before)


@in_one_thread
def partial_cover(
    weights: Any,
    reach_: Any,
    /,
    *,
    share: float | None = None,
    amount: float | None = None,
    cost: Any = None,
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
    """Cover a share or an amount of the people at least cost: :func:`panhuo_models.partial_cover.partial_cover`.

    Parameters
    ----------
    weights, reach_, cost, radius, radius_m, existing, required, excluded, gap, time_limit, threads, seed
        As in :func:`mclp`.
    share : float, optional
        Share of all weights to cover, 0 … 1; those out of reach of every site count too.
    amount : float, optional [persons]
        Weight to cover; one of the two must be given.

    Returns
    -------
    Result
        ``objective`` is the cost of the selected sites; "infeasible" where all sites together cover less.

    Raises
    ------
    ArgumentError
    """
    faults = Faults()
    clock = Clock(limits(gap, time_limit, threads, seed, faults))
    there = reach(reach_, radius, radius_m, faults, clock.limits.threads)
    weight = numbers("weights", weights, there.demand, faults, what="demand points")
    asked = sites(there.sites, faults, cost=cost, p=None, budget=None, existing=existing, required=required,
                  excluded=excluded)  # fmt: skip
    if (share is None) == (amount is None):
        faults.add("share, amount", (share, amount), "one of the two must be given", "Give one of them")
    part, enough = number("share", share, faults), number("amount", amount, faults)
    if part is not None and part > 1:
        faults.add("share", share, "must be at most 1", "Give 0.9 for 90 %")
    faults.settle()
    enough = part * float(weight.sum()) if enough is None else enough
    # A share of a sum rounds; what is a hair short of it is not short.
    data = Covering(asked.candidates, there.matrix, there.summed(weight), enough * (1 - 1e-12))
    return _least_cost(data, asked, there, clock, all_of_them=False)


@in_one_thread
def lscp(
    reach_: Any,
    /,
    *,
    cost: Any = None,
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
    """Cover everybody at least cost: :func:`panhuo_models.lscp.lscp`.

    Parameters
    ----------
    reach_, cost, radius, radius_m, existing, required, excluded, gap, time_limit, threads, seed
        As in :func:`mclp`.

    Returns
    -------
    Result
        ``objective`` is the cost of the selected sites, their number where no cost is given. "infeasible" where a
        demand point is out of reach of every site: ``unreachable`` names it; leave it out, or widen the radius.

    Raises
    ------
    ArgumentError
    """
    faults = Faults()
    clock = Clock(limits(gap, time_limit, threads, seed, faults))
    there = reach(reach_, radius, radius_m, faults, clock.limits.threads)
    asked = sites(there.sites, faults, cost=cost, p=None, budget=None, existing=existing, required=required,
                  excluded=excluded)  # fmt: skip
    faults.settle()
    every = there.summed(np.ones(len(there.demand)))
    return _least_cost(Covering(asked.candidates, there.matrix, every, float(len(there.demand))), asked, there, clock,
                       all_of_them=True)  # fmt: skip


def _least_cost(data: Covering, asked: Sites, there: Pairs, clock: Clock, *, all_of_them: bool) -> Result:
    """Solve and hand back a problem of least cost."""
    if all_of_them and len(_unreachable(data, there)):
        return _none(data, there, clock)
    chosen, bound, _ = cover_all(data, clock)
    if chosen is None:
        return _none(data, there, clock)
    return _result(data, asked, there, chosen, bound, clock, maximise=False)


def _none(data: Covering, there: Pairs, clock: Clock) -> Result:
    return without_plan(there, None, clock, _unreachable(data, there))


def _result(
    data: Covering, asked: Sites, there: Pairs, chosen: Bools, bound: float, clock: Clock, *,
    maximise: bool, before: float = 0.0,
) -> Result:  # fmt: skip
    """Work the value out from the choice and hold it against the bound."""
    covered = covered_by(data, chosen)
    value = data.weight if maximise else data.candidates.cost
    objective = float(value[covered].sum()) if maximise else float(value[chosen].sum())
    held = proof(objective, bound, clock, maximise=maximise, whole=is_whole(value), before=before)
    return Result(asked.named(chosen), held.objective, held.bound, held.gap, clock.seconds, held.status, None,
                  there.of_points(covered), _unreachable(data, there), before)  # fmt: skip


def _unreachable(data: Covering, there: Pairs) -> Any:
    """Demand points that no site reaches, excluded ones left out."""
    return there.demand.values[there.of_points(~covered_by(data, ~data.candidates.excluded))]


def weight_unit(weight: Floats) -> float:
    """Give the unit of weights in HiGHS: 1, or a power of two where they are heavy.

    Its tolerances are absolute, so that heavy rows ask it for more digits than they need: rows of 300,000 people each
    took it twice the time.
    """
    mean = float(weight.mean())
    return 1.0 if mean <= HEAVY else float(2.0 ** np.floor(np.log2(mean)))


def _proof_of(data: Covering, chosen: Bools, fine: bool, search: Search, clock: Clock) -> tuple[Answer, float]:
    """Let HiGHS go for the proof while the search goes on beside; gives the unit of its bound too."""
    unit = weight_unit(data.weight)
    measured = replace(data, weight=data.weight / unit)
    program = compile_location(mclp_rows(measured), "reached", cover_arrays(measured))
    left = replace(clock.left(), gap=NEARLY / unit) if fine else clock.left()
    start = point_of(program, chosen)
    with search.beside(clock):
        return in_time(lambda watch: solve_highs(program, left, watch, start=start, absolute=fine), clock), unit


def _better(data: Covering, chosen: Bools, found: Bools | None) -> Bools:
    """Take another choice where it covers no less."""
    if found is None:
        return chosen
    value, least = (float(data.weight[covered_by(data, choice)].sum()) for choice in (found, chosen))
    return found if value >= least else chosen
