"""Embedded complexes (社区嵌入式服务综合体): projects large and mixed enough to be called one."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from panhuo_models.data import Complexes, Ints, SitingData
from panhuo_models.siting import groups


def add_complexes(model: pyo.ConcreteModel, data: SitingData) -> None:
    """Add the block ``complexes``: complex[p] ∈ {0, 1} where a fund pays in complexes only, or a number is asked for.

    Parameters
    ----------
    model : ConcreteModel
        A model with the block ``siting``.
    data : SitingData
        What makes a complex, and the classes that funds pay in complexes only.

    Raises
    ------
    ValueError
        A fund pays in complexes only, and nothing says what a complex is.
    """
    block = model.complexes = pyo.Block()
    asked = complex_projects(data).tolist()
    block.complex = pyo.Var([data.projects[p] for p in asked], domain=pyo.Binary)
    if data.complexes is None:
        if asked:
            raise ValueError("a fund pays in complexes only, and nothing says what a complex is")
        return
    _conditions(block, model.siting, data, data.complexes)
    _least(block, data.complexes)


def complex_projects(data: SitingData) -> Ints:
    """List the projects of which it is asked whether they are complexes, ascending."""
    asked = data.money.class_project[data.money.class_project >= 0]
    if data.complexes is not None and data.complexes.least > 0:
        asked = np.append(asked, data.option_project)
    return np.unique(asked)


def _conditions(block: pyo.Block, siting: pyo.Block, data: SitingData, what: Complexes) -> None:
    """Σ_{o of p} a[o]·choose[o] ≥ A·complex[p], Σ choose[o] ≥ n·complex[p], Σ_{named} choose[o] ≥ m·complex[p]."""
    members = dict(zip(data.projects, groups(data.option_project, len(data.projects)), strict=True))
    area = data.option_area.tolist()
    named = what.named[data.option_service].tolist()
    weights = {"area": (area, what.area), "functions": (np.ones(len(area)).tolist(), float(what.functions))}
    weights["named"] = ([float(n) for n in named], float(what.named_functions))
    asked = [(kind, project) for project in block.complex for kind, (_, least) in weights.items() if least > 0]

    def rule(block: pyo.Block, kind: str, project: str) -> pyo.Expression:
        weight, least = weights[kind]
        there = pyo.quicksum(weight[o] * siting.choose[data.options[o]] for o in members[project] if weight[o])
        return there - least * block.complex[project] >= 0

    block.condition = pyo.Constraint(asked, rule=rule)


def _least(block: pyo.Block, what: Complexes) -> None:
    """Σ_p complex[p] ≥ least."""
    if what.least > 0:
        block.least = pyo.Constraint(expr=pyo.quicksum(block.complex.values()) >= what.least)
