"""Who is assigned where: the flow rows behind the people served."""

from __future__ import annotations

import pyomo.environ as pyo

from panhuo_models.data import SitingData
from panhuo_models.doors import doors, load_pairs, uptakes
from panhuo_models.terms import Terms, total


def flow_rows(model: pyo.ConcreteModel, data: SitingData) -> None:
    """Write the flow rows in Pyomo, as the block ``flow``: for small cases, the oracle and the LP file.

    ::

        Σ_m assigned[g,m] ≤ d[g]                                              assigned ≥ 0 [persons]
        Σ_{n of m} load[n,h]/uptake[n,h] = Σ_{g of h} assigned[g,m]           doors m, see panhuo_models.doors
        Σ_{m of h} assigned[h',m]/d[h'] ≤ Σ_m assigned[h,m]/d[h]              tiers h needier than h' of one cell

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
    flow, there = data.flow, doors(data)
    block.assigned = pyo.Var(range(len(there.row)), domain=pyo.NonNegativeReals)
    pairs: list[dict[int, int]] = [{} for _ in range(len(flow))]
    for y, (g, m) in enumerate(zip(there.row.tolist(), there.door.tolist(), strict=True)):
        pairs[g][m] = y

    def demand(block: pyo.Block, g: int) -> pyo.Expression:
        return pyo.quicksum(block.assigned[y] for y in pairs[g].values()) <= float(flow.demand[g])

    outlet, tier = load_pairs(flow, len(data.tiers))
    share = uptakes(flow, len(data.tiers))
    served: dict[tuple[int, int], Terms] = {}
    for load, m, h, u in zip(
        model.operation.load.values(), there.of[outlet].tolist(), tier.tolist(), share.tolist(), strict=True
    ):
        served.setdefault((m, h), []).append((1.0 / u, load))
    sent: dict[tuple[int, int], Terms] = {}
    for y, (g, m) in enumerate(zip(there.row.tolist(), there.door.tolist(), strict=True)):
        sent.setdefault((m, int(flow.tier[g])), []).append((-1.0, block.assigned[y]))

    def serving(_: pyo.Block, m: int, h: int) -> pyo.Expression:
        return total([*served[m, h], *sent[m, h]]) == 0

    def fair(block: pyo.Block, needy: int, other: int) -> pyo.Expression:
        largest = max(float(flow.demand[needy]), float(flow.demand[other]))
        both = [pairs[other][m] for m in pairs[needy] if m in pairs[other]]
        theirs = pyo.quicksum(largest / float(flow.demand[other]) * block.assigned[y] for y in both)
        ours = pyo.quicksum(largest / float(flow.demand[needy]) * block.assigned[y] for y in pairs[needy].values())
        return theirs - ours <= 0

    block.demand = pyo.Constraint([g for g in range(len(flow)) if pairs[g]], rule=demand)
    block.serving = pyo.Constraint(sorted(served), rule=serving)
    block.fair = pyo.Constraint([(g, o) for g, o in _ranked(data) if pairs[g].keys() & pairs[o].keys()], rule=fair)


def _ranked(data: SitingData) -> list[tuple[int, int]]:
    """List the pairs (needier row, less needy row) of every cell."""
    cells: dict[int, list[int]] = {}
    for g, cell in enumerate(data.flow.cell.tolist()):
        cells.setdefault(cell, []).append(g)
    need = data.tier_need[data.flow.tier].tolist()
    return [(g, o) for rows in cells.values() for g in rows for o in rows if need[g] > need[o]]
