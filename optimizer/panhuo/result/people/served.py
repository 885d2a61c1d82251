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

_HAIR = 0.01
"""Micro-persons that are a solver's tolerance."""


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
    live = live_pairs(data, decision)
    live = live[decision.assigned[live] > 0]
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
    # nobody earns from an existing facility: rounded up, so that rounding takes it from nobody
    standing = outlets.account[flow.outlet[live]] < 0
    sent = decision.assigned[live]
    assigned, served = whole_people(pairs, np.where(standing, np.ceil(sent * MICRO - _HAIR) / MICRO, sent))
    there = assigned > 0
    x = live[there]
    return Served(flow.row[x], flow.outlet[x], option[flow.outlet[x]], assigned[there], served[there])


def live_pairs(data: SitingData, decision: Decision) -> Ints:
    """List the pairs whose outlet is open: of a chosen option under its tariff, or of a facility that stays."""
    outlets = data.outlets
    used = np.zeros(len(data.projects), dtype=np.int64)
    used[data.option_project[decision.choose]] = 1
    closed = np.append(np.asarray(data.closing_by.astype(np.int64) @ used).ravel() > 0, False)
    is_open = (option_at(data, decision) >= 0) | ((outlets.account < 0) & ~closed[outlets.closing])
    return np.flatnonzero(is_open[data.flow.outlet])


def option_at(data: SitingData, decision: Decision) -> Ints:
    """Give the chosen option that serves at each outlet, (N,); -1 where none does, or at an existing facility."""
    of_account = np.full(len(data.accounts) + 1, -1)
    chosen = np.flatnonzero(decision.choose)
    of_account[data.option_account[chosen]] = chosen
    return np.where(decision.level, of_account[data.outlets.account], -1)
