"""Supply: a place that may not cook is fed by one kitchen, existing or chosen, that has enough."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from panhuo_models.data import SitingData
from panhuo_models.terms import total


def add_supply(model: pyo.ConcreteModel, data: SitingData) -> None:
    """Add the block ``supply``: fed[o,v] binary, one for each pair z = (o, v) within the delivery standard.

    ::

        Σ_v fed[o,v] = choose[o]                             (an option that needs a supplier has one)
        Σ_{o of s} fed[o,v] ≤ offer[s'], s' the offer of v   (supplier by supplier; stays_open[e] where it may close)
        Σ_o need[o]·fed[o,v] ≤ Σ_{o' of v} output[o']·choose[o']   (or what the existing facility v can supply)

    Of one offer s one option at most is chosen, so that the second row holds for their sum.

    Parameters
    ----------
    model : ConcreteModel
        A model with the block ``siting``.
    data : SitingData
        Its supply.
    """
    block = model.supply = pyo.Block()
    block.fed = pyo.Var(range(len(data.supply.option)), domain=pyo.Binary)
    _one_supplier(block, model.siting, data)
    _open(block, model.siting, data)
    _enough(block, model.siting, data)


def _one_supplier(block: pyo.Block, siting: pyo.Block, data: SitingData) -> None:
    """Σ_v fed[o,v] = choose[o]."""
    pairs: dict[str, list[int]] = {data.options[o]: [] for o in np.flatnonzero(data.supply.needs).tolist()}
    for z, o in enumerate(data.supply.option.tolist()):
        pairs[data.options[o]].append(z)

    def rule(block: pyo.Block, option: str) -> pyo.Expression:
        return total([(1.0, block.fed[z]) for z in pairs[option]]) - siting.choose[option] == 0

    block.one_supplier = pyo.Constraint(list(pairs), rule=rule)


def _open(block: pyo.Block, siting: pyo.Block, data: SitingData) -> None:
    """Σ_{o of s} fed[o,v] ≤ offer, or stays_open, of v; no row where v is a facility that cannot close."""
    supply = data.supply
    pairs: dict[tuple[str, str], list[int]] = {}
    there: dict[str, pyo.Var] = {}
    for z, (o, v) in enumerate(zip(supply.option.tolist(), supply.supplier.tolist(), strict=True)):
        if supply.offer[v] >= 0:
            there[supply.suppliers[v]] = siting.offer[data.offers[supply.offer[v]]]
        elif supply.closing[v] >= 0:
            there[supply.suppliers[v]] = siting.stays_open[data.closing[supply.closing[v]]]
        else:
            continue
        pairs.setdefault((data.offers[data.option_offer[o]], supply.suppliers[v]), []).append(z)

    def rule(block: pyo.Block, offer: str, supplier: str) -> pyo.Expression:
        return total([(1.0, block.fed[z]) for z in pairs[offer, supplier]]) <= there[supplier]

    block.open = pyo.Constraint(list(pairs), rule=rule)


def _enough(block: pyo.Block, siting: pyo.Block, data: SitingData) -> None:
    """Σ_o need[o]·fed[o,v] ≤ what v can supply."""
    supply = data.supply
    pairs: dict[str, list[int]] = {}
    for z, v in enumerate(supply.supplier.tolist()):
        pairs.setdefault(supply.suppliers[v], []).append(z)
    held = dict(zip(supply.suppliers, zip(supply.offer.tolist(), supply.held.tolist(), strict=True), strict=True))

    def rule(block: pyo.Block, supplier: str) -> pyo.Expression:
        taken = total([(float(supply.need[supply.option[z]]), block.fed[z]) for z in pairs[supplier]])
        offer, most = held[supplier]
        if offer < 0:
            return taken <= most
        own = np.flatnonzero(data.option_offer == offer).tolist()
        return taken - total([(float(supply.output[o]), siting.choose[data.options[o]]) for o in own]) <= 0

    block.enough = pyo.Constraint(list(pairs), rule=rule)
