"""Who is assigned where: the flow rows behind the people served."""

from __future__ import annotations

import pyomo.environ as pyo

from panhuo_models.data import SitingData
from panhuo_models.operation import loads


def flow_rows(model: pyo.ConcreteModel, data: SitingData) -> None:
    """Write the flow rows in Pyomo, as the block ``flow``: for small cases, the oracle and the LP file.

    ::

        Σ_n assigned[g,n] ≤ d[g]                                              assigned ≥ 0 [persons]
        assigned[g,n] ≤ d[g]·level[n]        (stays_open[e] where the place is an existing one that may close)
        load[n,h] = Σ_{g of h} uptake[g,n]·assigned[g,n]
        Σ_{n of h} assigned[h',n]/d[h'] ≤ Σ_n assigned[h,n]/d[h]              tiers h needier than h' of one cell

    The last says that no place picks its payers: of two tiers at one door, the needier one is served at least as well,
    counting the less needy one's people where the needier one could go too. It is written in persons of the larger.

    Parameters
    ----------
    model : ConcreteModel
        A model with the blocks ``siting`` and ``operation``.
    data : SitingData
        The same data.
    """
    block = model.flow = pyo.Block()
    flow, outlets = data.flow, data.outlets
    block.assigned = pyo.Var(range(len(flow.row)), domain=pyo.NonNegativeReals)
    pairs: list[dict[int, int]] = [{} for _ in range(len(flow))]
    for x, (g, n) in enumerate(zip(flow.row.tolist(), flow.outlet.tolist(), strict=True)):
        pairs[g][n] = x

    def demand(block: pyo.Block, g: int) -> pyo.Expression:
        return pyo.quicksum(block.assigned[x] for x in pairs[g].values()) <= float(flow.demand[g])

    def opened(block: pyo.Block, x: int) -> pyo.Expression:
        n, most = int(flow.outlet[x]), float(flow.demand[flow.row[x]])
        if outlets.account[n] >= 0:
            return block.assigned[x] <= most * model.operation.level[outlets.names[n]]
        if outlets.closing[n] >= 0:
            return block.assigned[x] <= most * model.siting.stays_open[data.closing[outlets.closing[n]]]
        return pyo.Constraint.Skip

    served: dict[tuple[int, int], list[int]] = {}
    for x, (g, n) in enumerate(zip(flow.row.tolist(), flow.outlet.tolist(), strict=True)):
        served.setdefault((n, int(flow.tier[g])), []).append(x)
    load = {(n, h): var for n, found in enumerate(loads(model.operation, data)) for h, var in found}

    def loading(block: pyo.Block, n: int, h: int) -> pyo.Expression:
        return load[n, h] == pyo.quicksum(float(flow.uptake[x]) * block.assigned[x] for x in served[n, h])

    def fair(block: pyo.Block, needy: int, other: int) -> pyo.Expression:
        largest = max(float(flow.demand[needy]), float(flow.demand[other]))
        both = [pairs[other][n] for n in pairs[needy] if n in pairs[other]]
        theirs = pyo.quicksum(largest / float(flow.demand[other]) * block.assigned[x] for x in both)
        ours = pyo.quicksum(largest / float(flow.demand[needy]) * block.assigned[x] for x in pairs[needy].values())
        return theirs - ours <= 0

    block.demand = pyo.Constraint([g for g in range(len(flow)) if pairs[g]], rule=demand)
    block.opened = pyo.Constraint(range(len(flow.row)), rule=opened)
    block.loading = pyo.Constraint(list(load), rule=loading)
    block.fair = pyo.Constraint([(g, o) for g, o in _ranked(data) if pairs[g].keys() & pairs[o].keys()], rule=fair)


def _ranked(data: SitingData) -> list[tuple[int, int]]:
    """List the pairs (needier row, less needy row) of every cell."""
    cells: dict[int, list[int]] = {}
    for g, cell in enumerate(data.flow.cell.tolist()):
        cells.setdefault(cell, []).append(g)
    need = data.tier_need[data.flow.tier].tolist()
    return [(g, o) for rows in cells.values() for g in rows for o in rows if need[g] > need[o]]
