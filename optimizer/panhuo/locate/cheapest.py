"""The cheapest sites that cover enough: set covers and partial ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from panhuo.engine.highs import solve_highs
from panhuo.engine.program import Bools, Reason
from panhuo.locate.greedy import greedy_cover
from panhuo.locate.program import compile_location, cover_arrays, must_cover_arrays, point_of
from panhuo.locate.result import NEARLY, Clock, bound_of, is_whole
from panhuo.locate.shrink import covered_by, shrink
from panhuo_models.data.location import Covering
from panhuo_models.lscp import lscp as lscp_rows
from panhuo_models.partial_cover import partial_cover as partial_cover_rows


def cover_all(data: Covering, clock: Clock) -> tuple[Bools | None, float, Reason]:
    """Choose the cheapest sites that cover the amount of a covering problem.

    Parameters
    ----------
    data : Covering
        The problem. Where the amount is all there is, every row must be covered.
    clock : Clock
        Limits.

    Returns
    -------
    chosen : (J,) bool or None
        None where all sites together cover less.
    bound : float
        No choice costs less; of all sites, required ones too.
    reason : Reason
        "infeasible" where there is none.
    """
    paid = float(data.candidates.cost[data.candidates.required].sum())
    small = shrink(data)
    everything = float(small.data.weight.sum())
    if small.data.amount > everything * (1 + 1e-12):
        return None, np.inf, "infeasible"
    if small.data.amount <= 0:
        return small.sure, paid, "optimal"
    must = small.data.amount >= everything * (1 - 1e-12)
    reach_ = replace(small.data, amount=min(small.data.amount, everything))
    chosen = greedy_cover(reach_, everything * (1 - 1e-12) if must else reach_.amount)
    if clock.over:
        return small.whole(chosen), paid, clock.reason()
    formulation, total, rows = (
        (lscp_rows, None, must_cover_arrays) if must else (partial_cover_rows, "reached", cover_arrays)
    )
    program = compile_location(formulation(reach_), total, rows(reach_))
    cost = reach_.candidates.cost
    fine = is_whole(cost) and clock.limits.gap * float(cost[chosen].sum()) < NEARLY
    left = replace(clock.left(), gap=NEARLY) if fine else clock.left()
    answer = solve_highs(program, left, clock.watch, start=point_of(program, chosen), absolute=fine)
    if answer.x is not None:
        found = answer.x[: len(chosen)] > 0.5
        enough = float(reach_.weight[covered_by(reach_, found)].sum()) >= reach_.amount * (1 - 1e-9)
        chosen = found if enough and cost[found].sum() <= cost[chosen].sum() else chosen
    return small.whole(chosen), paid + bound_of(answer, 0.0, maximise=False), answer.reason
