"""People stay where they are: of all ways to serve as many, one by which the fewest lose what serves them today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from panhuo.assemble.exact import MICRO
from panhuo.assemble.flow import Cells
from panhuo.engine.highs import solve_highs
from panhuo.engine.presolve import MergedFlow, merge_alike
from panhuo.engine.program import Decision, Limits, Program, Quiet
from panhuo.result.people.served import Served, live_pairs
from panhuo.result.people.whole import Floats, Ints
from panhuo_models.data import SitingData

_NOBODY = 1e-6
_LEAST, _MOST = 5, 1000
"""Millionths of a person by which a row may miss through rounding: one an entry, but so many at least and at most."""

_Row = tuple[Ints, Floats, float, float]
"""Columns, coefficients, lower and upper bound."""


def steady(data: SitingData, cells: Cells, decision: Decision, before: Served) -> Decision:
    """Send people so that as few as possible lose what serves them today.

    Where places are full, a decision may serve other people than today's flow does, to nobody's gain. Of all
    assignments that serve as many of every tally, and as many of every tier at every chosen option, within demand and
    capacity and without picking of payers, one is taken that minimises Σ_{i,k} max(0, before[i,k] − served[i,k]) over
    demand points i and services k. Alike cells are one here, and so stay alike.

    Points and outlets that no chain of open pairs connects have nothing to do with each other. Wherever today's own
    assignment will do for all that are connected, they keep it to the last millionth.

    Parameters
    ----------
    decision : Decision
        Chosen options, tariffs, and who goes where; alike cells served alike.
    before : Served
        Today's flow, alike cells served alike.
    """
    merged = merge_alike(data.flow)
    alike = replace(data, flow=merged.flow)
    pairs, live = len(merged.flow.row), live_pairs(alike, decision)
    had = _assigned(data, before)
    today, now = merged.add_up(had)[live], merged.add_up(decision.assigned)[live]
    of_today = alike.outlets.account[merged.flow.outlet[live]] < 0
    members = merged.add_up(np.ones(len(merged.pair)))[live]
    found = np.where(of_today, today, now)
    part = _parts(data, cells, merged, live)
    x = np.flatnonzero(
        np.isin(part, _astir(_program(data, cells, merged, live, before, now, part), found, members, part))
    )
    if len(x):
        program = _program(data, cells, merged, live[x], before, now[x], np.zeros(len(x), dtype=np.int64))
        moved = solve_highs(program, Limits(gap=0.0, threads=1), Quiet()).x
        # what a decision keeps by a solver's tolerance only may leave no room to move
        found[x] = now[x] if moved is None else moved[: len(x)]
    sent, stays = np.zeros(pairs), np.zeros(pairs, dtype=bool)
    sent[live] = found
    stays[live] = of_today & (np.abs(found - today) <= _NOBODY * members)
    # nobody who stays loses a millionth to arithmetic
    return replace(decision, assigned=np.where(stays[merged.pair], had, merged.hand_back(sent)))


def _assigned(data: SitingData, flow: Served) -> Floats:
    """Lay out whom a flow sends where, (X,) [persons]."""
    outlets = len(data.outlets)
    pair = data.flow.row * outlets + data.flow.outlet  # ascending: pairs are sorted by row, then outlet
    found = np.zeros(len(pair))
    found[np.searchsorted(pair, flow.row * outlets + flow.outlet)] = flow.assigned / MICRO
    return found


def _parts(data: SitingData, cells: Cells, merged: MergedFlow, live: Ints) -> Ints:
    """Give the part of the net that each live pair is in; parts have nothing to do with each other."""
    x, point = _of_live(data, cells, merged, live)
    outlets, points = len(data.outlets), int(point.max(initial=-1)) + 1
    ends = data.flow.outlet[x], outlets + point
    net = sp.coo_matrix((np.ones(len(x)), ends), shape=(outlets + points, outlets + points))
    part: Ints = connected_components(net, directed=False)[1].astype(np.int64)
    return part[merged.flow.outlet[live]]


def _of_live(data: SitingData, cells: Cells, merged: MergedFlow, live: Ints) -> tuple[Ints, Ints]:
    """List the single pairs that live ones stand for, and the demand point and service of each, as one number."""
    x = np.flatnonzero(np.isin(merged.pair, live))
    row = data.flow.row[x]
    return x, cells.demand[row] * len(data.services) + cells.service[row]


def _losers(
    data: SitingData, cells: Cells, merged: MergedFlow, live: Ints, before: Served
) -> tuple[list[_Row], Floats]:
    """served[i,k] + lost[i,k] ≥ before[i,k] wherever anybody is served today and may be; the rows and before[i,k]."""
    own, point = _of_live(data, cells, merged, live)
    there = np.unique(point)
    today = cells.demand[before.row] * len(data.services) + cells.service[before.row]
    mine = np.isin(today, there)
    place = np.searchsorted(there, today[mine])
    had: Floats = np.bincount(place, before.served[mine] / MICRO, minlength=len(there)).astype(np.float64)
    upper = had[had > 0]
    column = np.full(len(merged.flow.row), -1)
    column[live] = np.arange(len(live))
    each = data.flow.uptake * merged.share
    rows: list[_Row] = []
    for n, (members, persons) in enumerate(zip(_groups(point, there[had > 0]), upper.tolist(), strict=True)):
        x = own[members]
        rows.append((np.append(column[merged.pair[x]], len(live) + n), np.append(each[x], 1.0), persons, np.inf))
    return rows, upper


def _program(
    data: SitingData, cells: Cells, merged: MergedFlow, live: Ints, before: Served, now: Floats, part: Ints
) -> Program:
    """Lay out who may go where of the live pairs, and, in the columns that follow, who loses: as few as can be."""
    alike = replace(data, flow=merged.flow)
    losers, upper = _losers(data, cells, merged, live, before)
    rows = [*_kept(alike, live, now, part), *_within(alike, live), *_unpicked(alike, live, now), *losers]
    upper = np.append(merged.flow.demand[merged.flow.row[live]], upper)
    at = np.repeat(np.arange(len(rows)), [len(columns) for columns, *_ in rows])
    columns, values = (np.concatenate([np.empty(0), *(r[n] for r in rows)]) for n in (0, 1))
    return Program(
        matrix=sp.csr_matrix((values, (at, columns.astype(np.int64))), shape=(len(rows), len(upper))),
        row_lower=np.array([low for *_, low, _ in rows], dtype=float),
        row_upper=np.array([high for *_, high in rows], dtype=float),
        lower=np.zeros(len(upper)),
        upper=upper,
        integer=np.zeros(len(upper), dtype=bool),
        cost=np.append(np.zeros(len(live)), np.ones(len(upper) - len(live))),
        offset=0.0,
        maximise=False,
    )


def _astir(program: Program, found: Floats, members: Floats, part: Ints) -> Ints:
    """List the parts where a flow breaks a row by more than rounding to millionths takes from the members of a row."""
    more = program.matrix.shape[1] - len(found)
    value = program.matrix @ np.append(found, np.zeros(more))
    slack = _NOBODY * np.clip((program.matrix != 0) @ np.append(members, np.ones(more)), _LEAST, _MOST)
    broken = np.flatnonzero((value < program.row_lower - slack) | (value > program.row_upper + slack))
    return np.unique(part[program.matrix.indices[program.matrix.indptr[broken]]])


def _groups(owner: Ints, owners: Ints) -> list[Ints]:
    """List the members of each owner."""
    order = np.argsort(owner, kind="stable")
    first = np.searchsorted(owner[order], owners)
    last = np.searchsorted(owner[order], owners, side="right")
    return [order[a:b] for a, b in zip(first, last, strict=True)]


def _kept(data: SitingData, live: Ints, assigned: Floats, part: Ints) -> Iterator[_Row]:
    """Keep Σ uptake · assigned of a tally in each part, and of a tier at each chosen outlet; else within capacity."""
    flow, tiers, parts = data.flow, len(data.tiers), int(part.max(initial=0)) + 1
    row, outlet, uptake = flow.row[live], flow.outlet[live], flow.uptake[live]
    chosen = data.outlets.account[outlet] >= 0
    for owner in (flow.tally[row] * parts + part, np.where(chosen, outlet * tiers + flow.tier[row], -1)):
        owners = np.unique(owner)
        for x in _groups(owner, owners[owners >= 0]):
            served = float(uptake[x] @ assigned[x])
            yield x, uptake[x], served, served
    standing = np.where(chosen, -1, outlet)
    owners = np.unique(standing)
    owners = owners[owners >= 0]
    for n, x in zip(owners.tolist(), _groups(standing, owners), strict=True):
        yield x, uptake[x], -np.inf, float(data.outlets.capacity[n])


def _within(data: SitingData, live: Ints) -> Iterator[_Row]:
    """Σ_n assigned[g,n] ≤ d[g]."""
    row = data.flow.row[live]
    rows = np.unique(row)
    for g, x in zip(rows.tolist(), _groups(row, rows), strict=True):
        yield x, np.ones(len(x)), -np.inf, float(data.flow.demand[g])


def _unpicked(data: SitingData, live: Ints, assigned: Floats) -> Iterator[_Row]:
    """Σ_{n of h} assigned[h',n]/d[h'] ≤ Σ_n assigned[h,n]/d[h], h needier than h', in persons of the smaller."""
    flow = data.flow
    row, outlet = flow.row[live], flow.outlet[live]
    rows = np.unique(row)
    pairs = dict(zip(rows.tolist(), _groups(row, rows), strict=True))
    need, demand = data.tier_need[flow.tier].tolist(), flow.demand.tolist()
    cells: dict[int, list[int]] = {}
    for g in pairs:
        cells.setdefault(int(flow.cell[g]), []).append(g)
    for members in cells.values():
        for g, other in ((g, o) for g in members for o in members if need[g] > need[o]):
            own = pairs[g]
            theirs = pairs[other][np.isin(outlet[pairs[other]], outlet[own])]  # where the needier one could go
            if len(theirs):
                smaller = min(demand[g], demand[other])
                columns = np.append(theirs, own)
                values = np.append(
                    np.full(len(theirs), smaller / demand[other]), np.full(len(own), -smaller / demand[g])
                )
                yield columns, values, -np.inf, max(0.0, float(values @ assigned[columns]))
