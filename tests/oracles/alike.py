"""Equal treatment, written down once more: alike cells are one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from panhuo_models.data import Flow, SitingData


def as_one(data: SitingData) -> SitingData:
    """Sum up the cells of one tally whose tiers have the same outlets; served alike, they are one cell."""
    flow = data.flow
    pairs: list[list[tuple[int, float]]] = [[] for _ in range(len(flow))]
    for g, n, uptake in sorted(zip(flow.row.tolist(), flow.outlet.tolist(), flow.uptake.tolist(), strict=True)):
        pairs[g].append((n, uptake))
    cells: dict[int, list[int]] = {}
    for g, cell in enumerate(flow.cell.tolist()):
        if pairs[g]:
            cells.setdefault(cell, []).append(g)
    groups: dict[object, dict[int, float]] = {}
    for rows in cells.values():
        mine = tuple(sorted((int(flow.tier[g]), tuple(pairs[g])) for g in rows))
        demand = groups.setdefault((int(flow.tally[rows[0]]), mine), {})
        for g in rows:
            demand[int(flow.tier[g])] = demand.get(int(flow.tier[g]), 0.0) + float(flow.demand[g])
    found = [
        (demand[tier], tally, tier, cell, outlets)
        for cell, ((tally, mine), demand) in enumerate(groups.items())
        for tier, outlets in mine
    ]
    owned = [(g, n, uptake) for g, (*_, outlets) in enumerate(found) for n, uptake in outlets]
    row, outlet, uptakes = zip(*owned, strict=True) if owned else ((), (), ())
    column = list(zip(*found, strict=True)) if found else [(), (), (), (), ()]
    whole = [np.array(column[c], dtype=np.int64) for c in (1, 2, 3)]
    merged = Flow(
        np.array(column[0], dtype=float), *whole, np.array(row, dtype=np.int64), np.array(outlet, dtype=np.int64),
        np.array(uptakes, dtype=float),
    )  # fmt: skip
    return replace(data, flow=merged)
