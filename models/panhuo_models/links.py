"""Ties between offers: what needs what, what goes well together, what keeps apart."""

from __future__ import annotations

import pyomo.environ as pyo

from panhuo_models.data import SitingData


def add_links(model: pyo.ConcreteModel, data: SitingData) -> None:
    """Add the block ``links``: both[l] ∈ [0, 1] for every bonus, integral by itself, and the rows of all links.

    Parameters
    ----------
    model : ConcreteModel
        A model with the block ``siting``.
    data : SitingData
        Its links.
    """
    block = model.links = pyo.Block()
    block.both = pyo.Var(_of_kind(data, "bonus"), bounds=(0, 1))
    offer = [model.siting.offer[name] for name in data.offers]
    _requires(block, data, offer)
    _bonus(block, data, offer)
    _incompatible(block, data, offer)


def _of_kind(data: SitingData, kind: str) -> list[int]:
    return [n for n, link in enumerate(data.links) if link.kind == kind]


def _requires(block: pyo.Block, data: SitingData, offer: list[pyo.Var]) -> None:
    """offer[s] ≤ Σ_{others} offer; no row where an existing facility is one of the others."""

    def rule(_: pyo.Block, n: int) -> pyo.Expression:
        link = data.links[n]
        return offer[link.offer] <= pyo.quicksum(offer[other] for other in link.others)

    block.requires = pyo.Constraint([n for n in _of_kind(data, "requires") if not data.links[n].held], rule=rule)


def _bonus(block: pyo.Block, data: SitingData, offer: list[pyo.Var]) -> None:
    """both[l] ≤ offer[s], both[l] ≤ Σ_{others} offer; only the first where an existing facility is one of these."""
    bonuses = _of_kind(data, "bonus")

    def here(block: pyo.Block, n: int) -> pyo.Expression:
        return block.both[n] <= offer[data.links[n].offer]

    def beside(block: pyo.Block, n: int) -> pyo.Expression:
        return block.both[n] <= pyo.quicksum(offer[other] for other in data.links[n].others)

    block.here = pyo.Constraint(bonuses, rule=here)
    block.beside = pyo.Constraint([n for n in bonuses if not data.links[n].held], rule=beside)


def _incompatible(block: pyo.Block, data: SitingData, offer: list[pyo.Var]) -> None:
    """offer[s] + offer[other] ≤ 1, for every pair of offers that keep apart."""
    links = [data.links[n] for n in _of_kind(data, "incompatible")]
    pairs = sorted({(min(link.offer, other), max(link.offer, other)) for link in links for other in link.others})

    def rule(_: pyo.Block, one: int, other: int) -> pyo.Expression:
        return offer[one] + offer[other] <= 1

    block.incompatible = pyo.Constraint(pairs, rule=rule)


def points(block: pyo.Block, data: SitingData) -> pyo.Expression:
    """Σ_l bonus[l]·both[l]."""
    return pyo.quicksum(data.links[n].bonus * block.both[n] for n in block.both)
