"""Who is served where, of services with capacity or tariffs: whole micro-persons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from panhuo.assemble import Options
from panhuo.assemble.before import before_flow
from panhuo.assemble.exact import MICRO, exactly
from panhuo.assemble.flow import Cells
from panhuo.engine.program import Decision
from panhuo.result.people.whole import Ints, Pairs, whole_people
from panhuo_models.data import SitingData


@dataclass(frozen=True)
class Served:
    """People of flow rows at outlets, one entry x for each pair that is used; by row, then outlet.

    Parameters
    ----------
    row, outlet : (X,) int
        g and n.
    option : (X,) int
        o, or -1 at an existing facility.
    assigned, served : (X,) int [1e-6 persons]
        Those who are sent there, and those who come.
    """

    row: Ints
    outlet: Ints
    option: Ints
    assigned: Ints
    served: Ints


def served_before(data: SitingData, cells: Cells) -> Served:
    """Give the flow of today's facilities."""
    today = before_flow(data.flow, data.outlets, cells)
    return Served(today.row, today.outlet, np.full(len(today.row), -1), today.assigned, today.served)


def served_after(data: SitingData, cells: Cells, options: Options, decision: Decision) -> Served:
    """Round what a decision assigns to whole micro-persons, within demand and capacity."""
    flow, outlets = data.flow, data.outlets
    option = option_at(data, decision)
    used = np.asarray(data.closing_by.toarray()[:, _projects(data, decision)].any(axis=1)).ravel()
    stays = (outlets.account < 0) & ~np.where(outlets.closing >= 0, np.append(used, False)[outlets.closing], False)
    live = np.flatnonzero((stays | (option >= 0))[flow.outlet] & (decision.assigned > 0))
    capacity = options.table["capacity_persons"].to_numpy(float)
    room = np.where(option >= 0, np.append(capacity, np.inf)[option], outlets.capacity)
    pairs = Pairs(
        row=flow.row[live],
        outlet=flow.outlet[live],
        uptake=[exactly(u) for u in flow.uptake[live].tolist()],
        demand=cells.micro,
        rank=data.tier_need[flow.tier],
        capacity=[None if np.isinf(q) else round(q * MICRO) for q in room.tolist()],
    )
    assigned, served = whole_people(pairs, decision.assigned[live])
    there = assigned > 0
    x = live[there]
    return Served(flow.row[x], flow.outlet[x], option[flow.outlet[x]], assigned[there], served[there])


def option_at(data: SitingData, decision: Decision) -> Ints:
    """Give the chosen option that serves at each outlet, (N,); -1 where none does, or at an existing facility."""
    of_account = np.full(len(data.accounts) + 1, -1)
    chosen = np.flatnonzero(decision.choose)
    of_account[data.option_account[chosen]] = chosen
    return np.where(decision.level, of_account[data.outlets.account], -1)


def _projects(data: SitingData, decision: Decision) -> Ints:
    return np.unique(data.option_project[decision.choose])
