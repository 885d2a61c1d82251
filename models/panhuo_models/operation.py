"""Operation: under which tariff a place runs, and how many people it serves."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from panhuo_models.data import Floats, Ints, SitingData
from panhuo_models.doors import load_pairs
from panhuo_models.siting import groups
from panhuo_models.terms import Terms, total


def add_operation(model: pyo.ConcreteModel, data: SitingData) -> None:
    """Add the block ``operation``: level[n] ∈ {0, 1}, load[n,h] ≥ 0 [persons served], capacities.

    What defines load[n,h], the flow rows, is joined as arrays when the model is compiled, or written out by
    :func:`panhuo_models.flow.flow_rows`.

    Parameters
    ----------
    model : ConcreteModel
        A model with the block ``siting``.
    data : SitingData
        Its outlets, accounts and flow.
    """
    block = model.operation = pyo.Block()
    outlets = data.outlets
    block.level = pyo.Var([outlets.names[n] for n in levels(data).tolist()], domain=pyo.Binary)
    outlet, tier = load_pairs(data.flow, len(data.tiers))
    pairs = zip(outlet.tolist(), tier.tolist(), strict=True)
    block.load = pyo.Var([(outlets.names[n], data.tiers[h]) for n, h in pairs], domain=pyo.NonNegativeReals)
    _one_level(block, model.siting, data)
    _opened(block, model.siting, data)
    _capacity(block, model.siting, data)
    _existing(block, model.siting, data)


def levels(data: SitingData) -> Ints:
    """List the outlets that are a decision: those of accounts, ascending."""
    return np.flatnonzero(data.outlets.account >= 0)


def loads(block: pyo.Block, data: SitingData) -> list[list[tuple[int, pyo.Var]]]:
    """List (h, load[n,h]) of every outlet n."""
    found: list[list[tuple[int, pyo.Var]]] = [[] for _ in data.outlets.names]
    outlet, tier = load_pairs(data.flow, len(data.tiers))
    for n, h, load in zip(outlet.tolist(), tier.tolist(), block.load.values(), strict=True):
        found[n].append((h, load))
    return found


def possible(data: SitingData) -> Floats:
    """Count the people each account would serve if everybody came, (A,) [persons].

    No more than Σ_g d[g]·(largest uptake of row g in the account).
    """
    flow = data.flow
    account = data.outlets.account[flow.outlet]
    inside = account >= 0
    # One entry a row and account: the largest uptake of its tariffs.
    key, place = np.unique(flow.row[inside] * max(len(data.accounts), 1) + account[inside], return_inverse=True)
    uptake = np.zeros(len(key))
    np.maximum.at(uptake, place, flow.uptake[inside])
    row, of = key // max(len(data.accounts), 1), key % max(len(data.accounts), 1)
    return np.bincount(of, weights=flow.demand[row] * uptake, minlength=len(data.accounts)).astype(np.float64)


def _one_level(block: pyo.Block, siting: pyo.Block, data: SitingData) -> None:
    """Σ_{n of a} level[n] = Σ_{o of a} choose[o]: one tariff where the account is chosen, none elsewhere."""
    options = groups(data.option_account, len(data.accounts))
    members: dict[int, list[str]] = {}
    for n in levels(data).tolist():
        members.setdefault(int(data.outlets.account[n]), []).append(data.outlets.names[n])

    def rule(block: pyo.Block, a: int) -> pyo.Expression:
        chosen = pyo.quicksum(siting.choose[data.options[o]] for o in options[a])
        return pyo.quicksum(block.level[name] for name in members[a]) - chosen == 0

    block.one_level = pyo.Constraint(sorted(members), rule=rule)


def _opened(block: pyo.Block, siting: pyo.Block, data: SitingData) -> None:
    """load[n,h] ≤ L_max[n,h]·level[n]; stays_open[e] for an existing outlet that some project would close.

    L_max is what may come of the tier, Σ_g uptake·d[g], or what the place holds where that is less.
    """
    outlets, (outlet, tier) = data.outlets, load_pairs(data.flow, len(data.tiers))
    come = np.zeros((len(outlets), len(data.tiers)))
    np.add.at(
        come, (data.flow.outlet, data.flow.tier[data.flow.row]), data.flow.uptake * data.flow.demand[data.flow.row]
    )
    holds = np.zeros(len(data.accounts))
    np.maximum.at(holds, data.option_account, data.accounts.capacity)
    holds = np.where(outlets.account >= 0, np.append(holds, 0.0)[outlets.account], outlets.capacity)
    most = np.minimum(come, holds[:, None])[outlet, tier].tolist()
    load = list(block.load.values())
    shut: dict[int, pyo.Var] = {}
    for pair, n in enumerate(outlet.tolist()):
        if outlets.account[n] >= 0:
            shut[pair] = block.level[outlets.names[n]]
        elif outlets.closing[n] >= 0:
            shut[pair] = siting.stays_open[data.closing[outlets.closing[n]]]

    def rule(_: pyo.Block, pair: int) -> pyo.Expression:
        return load[pair] - most[pair] * shut[pair] <= 0

    block.opened = pyo.Constraint(list(shut), rule=rule)


def _capacity(block: pyo.Block, siting: pyo.Block, data: SitingData) -> None:
    """Σ_{n of a} Σ_h load[n,h] ≤ Σ_{o of a} q[o]·choose[o] [persons], where some q is below what may come.

    A q above what may come to the account is lowered to it, which takes no plan away.
    """
    come = possible(data)
    limit = np.minimum(data.accounts.capacity, come[data.option_account])
    low = np.flatnonzero(data.accounts.capacity < come[data.option_account])
    tight = np.unique(data.option_account[low]).tolist()
    options = groups(data.option_account, len(data.accounts))
    outlets: dict[int, Terms] = {a: [] for a in tight}
    for n, found in enumerate(loads(block, data)):
        if (a := int(data.outlets.account[n])) in outlets:
            outlets[a] += [(1.0, load) for _, load in found]

    def rule(_: pyo.Block, a: int) -> pyo.Expression:
        room = [(float(limit[o]), siting.choose[data.options[o]]) for o in options[a] if limit[o]]
        return total(outlets[a]) - total(room) <= 0

    block.capacity = pyo.Constraint(tight, rule=rule)


def _existing(block: pyo.Block, siting: pyo.Block, data: SitingData) -> None:
    """Σ_h load[n,h] ≤ q[n], times stays_open[e] where a project would close the existing facility."""
    found = loads(block, data)
    come = np.bincount(
        data.flow.outlet, weights=data.flow.uptake * data.flow.demand[data.flow.row], minlength=len(data.outlets)
    )
    tight = np.flatnonzero((data.outlets.account < 0) & (data.outlets.capacity < come)).tolist()

    def rule(_: pyo.Block, n: int) -> pyo.Expression:
        room, e = float(data.outlets.capacity[n]), int(data.outlets.closing[n])
        served = total((1.0, load) for _, load in found[n])
        return served <= (room if e < 0 else room * siting.stays_open[data.closing[e]])

    block.existing = pyo.Constraint(tight, rule=rule)
