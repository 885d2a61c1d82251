"""Which site is used, in which mode, for which services."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from panhuo_models.data import Ints, SitingData


def add_siting(model: pyo.ConcreteModel, data: SitingData) -> None:
    """Add the block ``siting``: choose, use, offer, stays_open and what ties them.

    Parameters
    ----------
    model : ConcreteModel
        The model to extend.
    data : SitingData
        Projects, options, offers, closing facilities.
    """
    block = model.siting = pyo.Block()
    block.choose = pyo.Var(data.options, domain=pyo.Binary)
    block.use = pyo.Var(data.projects, domain=pyo.Binary)
    block.offer = pyo.Var(data.offers, bounds=(0, 1))
    block.stays_open = pyo.Var(data.closing, bounds=(0, 1))
    options_of = groups(data.option_project, len(data.projects))
    projects_of = groups(data.project_site, len(data.sites))
    _one_mode(block, data, projects_of)
    _opened(block, data)
    _offered(block, data)
    _area(block, data, options_of)
    _used(block, data, options_of)
    _required(block, data)
    _closed(block, data)


def groups(owner: Ints, count: int) -> list[list[int]]:
    """List the members of each owner.

    Parameters
    ----------
    owner : (n,) int
        Owner of each member.
    count : int
        Number of owners.

    Returns
    -------
    list of list of int
        For each owner its members, ascending.
    """
    members: list[list[int]] = [[] for _ in range(count)]
    for member, of in enumerate(owner.tolist()):
        members[of].append(member)
    return members


def _one_mode(block: pyo.Block, data: SitingData, projects_of: list[list[int]]) -> None:
    """Σ_{p of j} use[p] ≤ 1: a site is used in one mode at most (written where a site has several)."""
    sites = {name: projects for name, projects in zip(data.sites, projects_of, strict=True) if len(projects) > 1}

    def rule(block: pyo.Block, site: str) -> pyo.Expression:
        return pyo.quicksum(block.use[data.projects[p]] for p in sites[site]) <= 1

    block.one_mode = pyo.Constraint(list(sites), rule=rule)


def _opened(block: pyo.Block, data: SitingData) -> None:
    """Σ_{o of (p,k)} choose[o] ≤ use[p], service by service: far tighter than one row a project."""
    members: dict[tuple[str, str], list[str]] = {}
    for option, p, k in zip(data.options, data.option_project.tolist(), data.option_service.tolist(), strict=True):
        members.setdefault((data.projects[p], data.services[k]), []).append(option)

    def rule(block: pyo.Block, project: str, service: str) -> pyo.Expression:
        return pyo.quicksum(block.choose[o] for o in members[project, service]) <= block.use[project]

    block.opened = pyo.Constraint(list(members), rule=rule)


def _offered(block: pyo.Block, data: SitingData) -> None:
    """offer[s] = Σ_{o of s} choose[o]: the service is at the site, in whatever mode, operation and size."""
    members = dict(zip(data.offers, groups(data.option_offer, len(data.offers)), strict=True))

    def rule(block: pyo.Block, offer: str) -> pyo.Expression:
        return pyo.quicksum(block.choose[data.options[o]] for o in members[offer]) - block.offer[offer] == 0

    block.offered = pyo.Constraint(data.offers, rule=rule)


def _area(block: pyo.Block, data: SitingData, options_of: list[list[int]]) -> None:
    """Σ_{o of p} a[o]·choose[o] ≤ A[p]·use[p] [m²], where the largest options of all services of p do not fit."""
    largest = np.zeros((len(data.projects), len(data.services)))
    np.maximum.at(largest, (data.option_project, data.option_service), data.option_area)
    wanted = largest.sum(axis=1)
    # Areas are whole hundredths of a square metre: half of one tells more from equal.
    tight = {data.projects[p]: p for p in np.flatnonzero(wanted > data.project_area + 0.005).tolist()}
    area = data.option_area.tolist()

    def rule(block: pyo.Block, project: str) -> pyo.Expression:
        p = tight[project]
        taken = pyo.quicksum(area[o] * block.choose[data.options[o]] for o in options_of[p])
        return taken <= float(data.project_area[p]) * block.use[project]

    block.area = pyo.Constraint(list(tight), rule=rule)


def _used(block: pyo.Block, data: SitingData, options_of: list[list[int]]) -> None:
    """use[p] ≤ Σ_{o of p} choose[o]: a project without an option closes nothing (written where p closes some e)."""
    closes = np.flatnonzero(np.asarray(data.closing_by.sum(axis=0)).ravel())
    members = {data.projects[p]: options_of[p] for p in closes.tolist()}

    def rule(block: pyo.Block, project: str) -> pyo.Expression:
        return block.use[project] <= pyo.quicksum(block.choose[data.options[o]] for o in members[project])

    block.used = pyo.Constraint(list(members), rule=rule)


def _required(block: pyo.Block, data: SitingData) -> None:
    """Σ_{o of q} choose[o] ≥ 1 of every pin q: a site that must be used, an option that must be chosen.

    Raises ValueError where nothing meets it.
    """
    members = {pin.name: pin.options for pin in data.pins}
    for name, options in members.items():
        if not options:
            raise ValueError(f"no option meets the pin {name}")

    def rule(block: pyo.Block, name: str) -> pyo.Expression:
        return pyo.quicksum(block.choose[data.options[o]] for o in members[name]) >= 1

    block.required = pyo.Constraint(list(members), rule=rule)


def _closed(block: pyo.Block, data: SitingData) -> None:
    """stays_open[e] ≤ 1 − use[p] for every project p that closes the existing facility e."""
    pairs = data.closing_by.tocoo()
    closed_by = sorted(zip(pairs.row.tolist(), pairs.col.tolist(), strict=True))

    def rule(block: pyo.Block, pair: int) -> pyo.Expression:
        facility, project = closed_by[pair]
        return block.stays_open[data.closing[facility]] <= 1 - block.use[data.projects[project]]

    block.closed = pyo.Constraint(range(len(closed_by)), rule=rule)
