"""Which sites are chosen: the planning rows that the named location problems share."""

from __future__ import annotations

import pyomo.environ as pyo

from panhuo_models.data.location import Candidates


def add_choice(model: pyo.ConcreteModel, candidates: Candidates) -> None:
    """Add choose[j] ∈ {0, 1}, and the rows number (Σ_j choose[j] ≤ p, or = p) and money (Σ_j c[j]·choose[j] ≤ B).

    Parameters
    ----------
    model : ConcreteModel
        The model to extend.
    candidates : Candidates
        The sites; required ones are 1, excluded ones 0.
    """
    required, excluded = candidates.required.tolist(), candidates.excluded.tolist()
    model.choose = pyo.Var(
        range(len(candidates)),
        domain=pyo.Binary,
        bounds=lambda _, j: (int(required[j]), int(not excluded[j])),
    )
    number = pyo.quicksum(model.choose.values())
    if candidates.most is not None:
        model.number = pyo.Constraint(
            expr=number == candidates.most if candidates.exactly else number <= candidates.most
        )
    if candidates.budget is not None:
        model.money = pyo.Constraint(expr=spent(model, candidates) <= candidates.budget)


def spent(model: pyo.ConcreteModel, candidates: Candidates) -> pyo.Expression:
    """Σ_j c[j]·choose[j]."""
    return pyo.quicksum(c * model.choose[j] for j, c in enumerate(candidates.cost.tolist()))
