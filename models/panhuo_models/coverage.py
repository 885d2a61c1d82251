"""Who is reached: people counted per tally, and the reach rows behind them."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from panhuo_models.data import SitingData
from panhuo_models.doors import doors, load_pairs, tally_of_outlets
from panhuo_models.terms import Terms, total


def add_coverage(model: pyo.ConcreteModel, data: SitingData) -> None:
    """Add the block ``coverage``: reached[t] [persons], 0 ≤ reached[t] ≤ reachable[t] − fixed[t].

    What defines reached[t], the reach and flow rows, is joined as arrays when the model is compiled, or written out by
    :func:`reach_rows`, :func:`panhuo_models.flow.flow_rows` and :func:`count_rows`.

    Parameters
    ----------
    model : ConcreteModel
        The model to extend.
    data : SitingData
        Its tallies.
    """
    names = tally_names(data)
    room = dict(zip(names, np.maximum(data.tallies.reachable - data.tallies.fixed, 0.0).tolist(), strict=True))
    block = model.coverage = pyo.Block()
    block.reached = pyo.Var(names, bounds=lambda _, tally: (0.0, room[tally]))


def tally_names(data: SitingData) -> list[str]:
    """Name the tallies: ``service`` where circles are summed, else ``service:circle``."""
    return [
        data.services[k] if c < 0 else f"{data.services[k]}:{data.circles[c]}"
        for k, c in zip(data.tallies.service.tolist(), data.tallies.circle.tolist(), strict=True)
    ]


def reach_rows(model: pyo.ConcreteModel, data: SitingData) -> None:
    """Write the reach rows in Pyomo, as the block ``reach``: for small cases, the oracle and the LP file.

    ::

        covered[r] ≤ Σ_{s ∈ N[r]} offer[s] + Σ_{e ∈ N[r]} stays_open[e]       covered[r] ∈ [0, 1]
        covered[r] = 1                      where the row is mandatory and something reaches it

    covered needs no integrality: with the choice fixed its best value is 0 or 1.

    Parameters
    ----------
    model : ConcreteModel
        A model with the block ``siting``.
    data : SitingData
        The same data.
    """
    block = model.reach = pyo.Block()
    columns = [model.siting.offer[s] for s in data.offers] + [model.siting.stays_open[e] for e in data.closing]
    reach = data.reach
    rows = range(len(reach))
    within = [reach.within.indices[reach.within.indptr[r] : reach.within.indptr[r + 1]].tolist() for r in rows]
    must = reach.mandatory.tolist()
    block.covered = pyo.Var(rows, bounds=lambda _, r: (1 if must[r] and within[r] else 0, 1))

    def covering(block: pyo.Block, r: int) -> pyo.Expression:
        return block.covered[r] <= pyo.quicksum(columns[c] for c in within[r])

    block.covering = pyo.Constraint(rows, rule=covering)


def count_rows(model: pyo.ConcreteModel, data: SitingData) -> None:
    """Write what the tallies count in Pyomo, as the block ``count``.

    ::

        reached[t] = Σ_{r of t} d[r]·covered[r] + Σ_{n of t} Σ_h load[n,h]       [persons]

    An outlet whose rows stand in several tallies is a door of its own: there uptake[n,h]·assigned[g,m] is counted.

    Parameters
    ----------
    model : ConcreteModel
        A model with the blocks ``coverage``, ``reach`` and ``flow``.
    data : SitingData
        The same data.
    """
    block = model.count = pyo.Block()
    terms: list[Terms] = [[] for _ in range(len(data.tallies))]
    for r, (tally, demand) in enumerate(zip(data.reach.tally.tolist(), data.reach.demand.tolist(), strict=True)):
        terms[tally].append((demand, model.reach.covered[r]))
    there = doors(data)
    whole = tally_of_outlets(data)
    outlet, _ = load_pairs(data.flow, len(data.tiers))
    for load, t in zip(model.operation.load.values(), whole[outlet].tolist(), strict=True):
        if t >= 0:
            terms[t].append((1.0, load))
    for g, n, y, uptake in zip(
        *(part.tolist() for part in (data.flow.row, data.flow.outlet, there.pair, data.flow.uptake)), strict=True
    ):
        if whole[n] < 0:
            terms[int(data.flow.tally[g])].append((uptake, model.flow.assigned[y]))
    names = tally_names(data)

    def counting(_: pyo.Block, t: int) -> pyo.Expression:
        return model.coverage.reached[names[t]] == total(terms[t])

    block.counting = pyo.Constraint(range(len(data.tallies)), rule=counting)
