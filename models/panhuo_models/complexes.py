"""Embedded complexes (社区嵌入式服务综合体): projects large and mixed enough to be called one."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from panhuo_models.data import Complexes, Ints, SitingData
from panhuo_models.siting import groups
from panhuo_models.terms import Terms, total


def add_complexes(model: pyo.ConcreteModel, data: SitingData) -> None:
    """Add the block ``complexes``: complex[p] ∈ {0, 1} where a fund pays in complexes only, or a number is asked for.

    inside[o] and inside_work[w] ∈ [0, 1] say that an option is chosen, a shared work built, in a complex. What makes a
    complex is asked of these: so half a complex, which a relaxation may take, holds half of each of its functions and
    can be given no more money than these cost.

    Parameters
    ----------
    model : ConcreteModel
        A model with the blocks ``siting`` and ``works``.
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
    options, works = complex_units(data)
    block.inside = pyo.Var([data.options[o] for o in options.tolist()], bounds=(0, 1))
    block.inside_work = pyo.Var([data.works[w] for w in works.tolist()], bounds=(0, 1))
    if data.complexes is None:
        if asked:
            raise ValueError("a fund pays in complexes only, and nothing says what a complex is")
        return
    _inside(block, model, data)
    _conditions(block, data, data.complexes)
    _least(block, data.complexes)


def complex_projects(data: SitingData) -> Ints:
    """List the projects of which it is asked whether they are complexes, ascending."""
    asked = data.money.class_project[data.money.class_project >= 0]
    if data.complexes is not None and data.complexes.least > 0:
        asked = np.append(asked, data.option_project)
    return np.unique(asked)


def complex_units(data: SitingData) -> tuple[Ints, Ints]:
    """List the options and the works of the projects of :func:`complex_projects`, ascending."""
    asked = complex_projects(data)
    return np.flatnonzero(np.isin(data.option_project, asked)), np.flatnonzero(np.isin(data.work_project, asked))


def _inside(block: pyo.Block, model: pyo.ConcreteModel, data: SitingData) -> None:
    """Σ_{o of (p,k)} inside[o] ≤ complex[p], Σ_{o of p} a[o]·inside[o] ≤ A[p]·complex[p], inside[o] ≤ choose[o].

    Likewise inside_work[w] ≤ complex[p] and inside_work[w] ≤ build[w].
    """
    area = data.option_area.tolist()
    same: dict[tuple[str, str], list[pyo.Var]] = {}
    floor: dict[int, Terms] = {}
    for o in complex_units(data)[0].tolist():
        p, inside = int(data.option_project[o]), block.inside[data.options[o]]
        same.setdefault((data.projects[p], data.services[data.option_service[o]]), []).append(inside)
        floor.setdefault(p, []).append((area[o], inside))
    project = {data.works[w]: data.projects[p] for w, p in enumerate(data.work_project.tolist())}

    def chosen(block: pyo.Block, option: str) -> pyo.Expression:
        return block.inside[option] <= model.siting.choose[option]

    def built(block: pyo.Block, work: str) -> pyo.Expression:
        return block.inside_work[work] <= model.works.build[work]

    def within(block: pyo.Block, project: str, service: str) -> pyo.Expression:
        return pyo.quicksum(same[project, service]) <= block.complex[project]

    def shared(block: pyo.Block, work: str) -> pyo.Expression:
        return block.inside_work[work] <= block.complex[project[work]]

    def fits(block: pyo.Block, p: int) -> pyo.Expression:
        return total(floor[p]) - float(data.project_area[p]) * block.complex[data.projects[p]] <= 0

    block.chosen = pyo.Constraint(list(block.inside), rule=chosen)
    block.built = pyo.Constraint(list(block.inside_work), rule=built)
    block.within = pyo.Constraint(list(same), rule=within)
    block.shared = pyo.Constraint(list(block.inside_work), rule=shared)
    block.fits = pyo.Constraint(list(floor), rule=fits)


def _conditions(block: pyo.Block, data: SitingData, what: Complexes) -> None:
    """Σ_{o of p} a[o]·inside[o] ≥ A·complex[p], Σ inside[o] ≥ n·complex[p], Σ_{named} inside[o] ≥ m·complex[p]."""
    members = dict(zip(data.projects, groups(data.option_project, len(data.projects)), strict=True))
    area = data.option_area.tolist()
    named = what.named[data.option_service].tolist()
    weights = {"area": (area, what.area), "functions": (np.ones(len(area)).tolist(), float(what.functions))}
    weights["named"] = ([float(n) for n in named], float(what.named_functions))
    asked = [(kind, project) for project in block.complex for kind, (_, least) in weights.items() if least > 0]

    def rule(block: pyo.Block, kind: str, project: str) -> pyo.Expression:
        weight, least = weights[kind]
        there = pyo.quicksum(weight[o] * block.inside[data.options[o]] for o in members[project] if weight[o])
        return there - least * block.complex[project] >= 0

    block.condition = pyo.Constraint(asked, rule=rule)


def _least(block: pyo.Block, what: Complexes) -> None:
    """Σ_p complex[p] ≥ least."""
    if what.least > 0:
        block.least = pyo.Constraint(expr=pyo.quicksum(block.complex.values()) >= what.least)
