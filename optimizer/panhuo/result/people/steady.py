"""People stay where they are: of all ways to serve as many, one by which the fewest lose what serves them today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import scipy.sparse as sp

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
    demand points i and services k: today's own where that is one of them. Alike cells are one here, and so stay alike.

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
    now = merged.add_up(decision.assigned)[live]
    had = _assigned(data, before)
    today = merged.add_up(had)[live]
    of_today = alike.outlets.account[merged.flow.outlet[live]] < 0
    losers, upper = _losers(data, cells, merged, live, before)
    rows = [*_kept(alike, live, now), *_within(alike, live), *_unpicked(alike, live, now), *losers]
    program = _program(rows, np.append(merged.flow.demand[merged.flow.row[live]], upper), len(live))
    members = merged.add_up(np.ones(len(merged.pair)))[live]
    found = np.where(of_today, today, now)
    if not _holds(program, np.append(found, np.zeros(len(upper))), np.append(members, np.ones(len(upper)))):
        moved = solve_highs(program, Limits(gap=0.0, threads=1), Quiet()).x
        # what a decision keeps by a solver's tolerance only may leave no room to move
        found = now if moved is None else moved[: len(live)]
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


def _losers(
    data: SitingData, cells: Cells, merged: MergedFlow, live: Ints, before: Served
) -> tuple[list[_Row], Floats]:
    """served[i,k] + lost[i,k] ≥ before[i,k] wherever anybody is served today; gives the rows and before[i,k]."""
    point = cells.demand * len(data.services) + cells.service
    had: Floats = np.bincount(point[before.row], weights=before.served / MICRO).astype(np.float64)
    points = np.flatnonzero(had)
    column = np.full(len(merged.flow.row), -1)
    column[live] = np.arange(len(live))
    own = np.flatnonzero(column[merged.pair] >= 0)
    each = data.flow.uptake * merged.share
    rows: list[_Row] = []
    for n, members in enumerate(_groups(point[data.flow.row[own]], points)):
        x = own[members]
        rows.append((np.append(column[merged.pair[x]], len(live) + n), np.append(each[x], 1.0), had[points[n]], np.inf))
    return rows, had[points]


def _program(rows: list[_Row], upper: Floats, people: int) -> Program:
    """Minimise the columns that follow those of people."""
    at = np.repeat(np.arange(len(rows)), [len(columns) for columns, *_ in rows])
    columns, values = (np.concatenate([np.empty(0), *(r[n] for r in rows)]) for n in (0, 1))
    return Program(
        matrix=sp.csr_matrix((values, (at, columns.astype(np.int64))), shape=(len(rows), len(upper))),
        row_lower=np.array([low for *_, low, _ in rows], dtype=float),
        row_upper=np.array([high for *_, high in rows], dtype=float),
        lower=np.zeros(len(upper)),
        upper=upper,
        integer=np.zeros(len(upper), dtype=bool),
        cost=np.append(np.zeros(people), np.ones(len(upper) - people)),
        offset=0.0,
        maximise=False,
    )


def _holds(program: Program, point: Floats, members: Floats) -> bool:
    """Whether a point keeps every row, but for what rounding to millionths takes from the members of its entries."""
    value, entries = program.matrix @ point, (program.matrix != 0) @ members
    slack = _NOBODY * np.clip(entries, _LEAST, _MOST)
    return bool(np.all((value >= program.row_lower - slack) & (value <= program.row_upper + slack)))


def _groups(owner: Ints, owners: Ints) -> list[Ints]:
    """List the members of each owner."""
    order = np.argsort(owner, kind="stable")
    first = np.searchsorted(owner[order], owners)
    last = np.searchsorted(owner[order], owners, side="right")
    return [order[a:b] for a, b in zip(first, last, strict=True)]


def _kept(data: SitingData, live: Ints, assigned: Floats) -> Iterator[_Row]:
    """Σ uptake · assigned is what it was by tally, and by outlet and tier where it was chosen; else within capacity."""
    flow, tiers = data.flow, len(data.tiers)
    row, outlet, uptake = flow.row[live], flow.outlet[live], flow.uptake[live]
    chosen = data.outlets.account[outlet] >= 0
    for owner in (flow.tally[row], np.where(chosen, outlet * tiers + flow.tier[row], -1)):
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
