"""Shared works of a building: paid once for all services that need them."""

from __future__ import annotations

import pyomo.environ as pyo

from panhuo_models.data import SitingData


def add_works(model: pyo.ConcreteModel, data: SitingData) -> None:
    """Add the block ``works``: build[w] ∈ [0, 1], integral by itself.

    Parameters
    ----------
    model : ConcreteModel
        A model with the block ``siting``.
    data : SitingData
        Its works and the options that need them.
    """
    block = model.works = pyo.Block()
    block.build = pyo.Var(data.works, bounds=(0, 1))
    _shared(block, model.siting, data)
    _needed(block, model.siting, data)


def _shared(block: pyo.Block, siting: pyo.Block, data: SitingData) -> None:
    """Σ_{o of k that need w} choose[o] ≤ build[w]; a project holds one option of a service at most."""
    pairs = data.work_options.tocoo()
    members: dict[tuple[str, str], list[str]] = {}
    for w, o in sorted(zip(pairs.row.tolist(), pairs.col.tolist(), strict=True)):
        service = data.services[int(data.option_service[o])]
        members.setdefault((data.works[w], service), []).append(data.options[o])

    def rule(block: pyo.Block, work: str, service: str) -> pyo.Expression:
        return pyo.quicksum(siting.choose[o] for o in members[work, service]) <= block.build[work]

    block.shared = pyo.Constraint(list(members), rule=rule)


def _needed(block: pyo.Block, siting: pyo.Block, data: SitingData) -> None:
    """build[w] ≤ Σ_{o that need w} choose[o]: nothing is built for nobody, were it to please a share."""
    needs = data.work_options.tocsr()
    members = {work: needs.indices[needs.indptr[w] : needs.indptr[w + 1]].tolist() for w, work in enumerate(data.works)}

    def rule(block: pyo.Block, work: str) -> pyo.Expression:
        return block.build[work] <= pyo.quicksum(siting.choose[data.options[o]] for o in members[work])

    block.needed = pyo.Constraint(data.works, rule=rule)
