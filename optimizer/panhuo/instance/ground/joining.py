"""Ends that nearly meet another line, joined to it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from panhuo.instance.ground.lines import Lines
from panhuo.instance.ground.splitting import Edges

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

TOUCH_M = 0.001
"""A place so near to a vertex, or an end so near to a line, is taken for the same."""
SLACK_M = 1e-6
"""Positions are whole millimetres, so distances are compared with this slack."""
AT_ONCE = 100_000
"""Edges looked through at a time, so that memory stays small."""


def join(lines: Lines, edges: Edges, walk: Bools, within_m: float) -> tuple[Lines, Ints]:
    """Join ends of walked edges that nothing else meets to the nearest place of another walked edge.

    A connecting line runs straight from the end to that place, where the other line gets a vertex unless it has one
    within a millimetre; an end that lies on the other line becomes a vertex of it.

    Parameters
    ----------
    lines : Lines
        Without repeated vertices.
    edges : Edges
        What they were cut into.
    walk : (P,) bool
        Polylines people walk on.
    within_m : float [m]
        Largest gap that is closed; 0 joins nothing.

    Returns
    -------
    Lines
        With new vertices and, at the end, the connecting lines; to be tidied and split again.
    (C,) int
        The polyline whose end each connecting line joins.
    """
    none = np.empty(0, dtype=np.int64)
    degree = np.bincount(edges.start, minlength=len(edges.xy)) + np.bincount(edges.end, minlength=len(edges.xy))
    own = np.full(len(edges.xy), -1)
    own[edges.start], own[edges.end] = np.arange(len(edges.start)), np.arange(len(edges.start))
    ends = np.flatnonzero((degree == 1) & walk[edges.part[own]])
    if within_m == 0 or not len(ends):
        return lines, none
    near = _nearest(edges, walk, ends, own[ends], within_m)
    if near.empty:
        return lines, none
    node = ends[near["end"].to_numpy()]
    here, to = edges.xy[node], near[["x", "y"]].to_numpy()
    on_line = near["gap"].to_numpy() <= TOUCH_M + SLACK_M
    fresh = near["fresh"].to_numpy(dtype=bool)
    to = np.where((fresh & on_line)[:, None], here, to)
    connects = (here != to).any(axis=1)
    connects &= ~_twice(np.hstack([here, to]))
    xy, part = lines.xy, lines.part
    after = near["vertex"].to_numpy()[fresh]
    order = np.lexsort([near["along"].to_numpy()[fresh], after])
    places = after[order] + 1
    xy, part = np.insert(xy, places, to[fresh][order], axis=0), np.insert(part, places, part[after[order]])
    of = edges.part[own[node[connects]]]
    added = np.stack([here[connects], to[connects]], axis=1).reshape(-1, 2)
    number = np.repeat(len(lines.record) + np.arange(len(of)), 2)
    joined = Lines(
        np.vstack([xy, added]), np.concatenate([part, number]), np.concatenate([lines.record, lines.record[of]])
    )
    return joined, of


def _twice(pairs: Floats) -> Bools:
    """Tell which pairs of positions (x, y, x, y) came before, either way round."""
    back = (pairs[:, 0] > pairs[:, 2]) | ((pairs[:, 0] == pairs[:, 2]) & (pairs[:, 1] > pairs[:, 3]))
    turned = np.where(back[:, None], pairs[:, [2, 3, 0, 1]], pairs)
    return pd.DataFrame(turned).duplicated().to_numpy()


def _nearest(edges: Edges, walk: Bools, ends: Ints, own: Ints, within_m: float) -> pd.DataFrame:
    """Find the nearest place for every end that has one: end, gap, vertex before it, part along, x, y, fresh."""
    found = [_places(edges, edge, end, ends, within_m) for edge, end in _pairs(edges, walk, ends, own, within_m)]
    places = pd.concat(found) if found else _places(edges, own[:0], own[:0], ends, within_m)
    places = places.sort_values(["end", "gap", "edge", "vertex"], kind="stable")
    return places.drop_duplicates("end")


def _pairs(edges: Edges, walk: Bools, ends: Ints, own: Ints, within_m: float) -> Iterator[tuple[Ints, Ints]]:
    """Pair walked edges with ends of other edges close by."""
    tree = shapely.STRtree(shapely.points(edges.xy[ends]))
    walked = np.flatnonzero(walk[edges.part])
    for low in range(0, len(walked), AT_ONCE):
        some = walked[low : low + AT_ONCE]
        count = edges.first[some + 1] - edges.first[some]
        takes = np.arange(count.sum()) + np.repeat(edges.first[some] - np.cumsum(count) + count, count)
        shapes = shapely.linestrings(edges.shape[takes], indices=np.repeat(np.arange(len(some)), count))
        edge, end = tree.query(shapes, predicate="dwithin", distance=within_m + SLACK_M)
        other = some[edge] != own[end]
        yield some[edge[other]], end[other].astype(np.int64)


def _places(edges: Edges, edge: Ints, end: Ints, ends: Ints, within_m: float) -> pd.DataFrame:
    """Find the place nearest to an end on every segment of an edge, where it is near enough."""
    count = edges.first[edge + 1] - edges.first[edge] - 1
    pair = np.repeat(np.arange(len(edge)), count)
    step = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
    low = edges.first[edge][pair] + step
    a, b, p = edges.shape[low], edges.shape[low + 1], edges.xy[ends[end[pair]]]
    along = np.clip(((p - a) * (b - a)).sum(axis=1) / ((b - a) ** 2).sum(axis=1), 0, 1)
    exact = a + along[:, None] * (b - a)
    at = np.round(exact, 3) + 0.0
    to_a, to_b = np.hypot(*(at - a).T) <= TOUCH_M + SLACK_M, np.hypot(*(at - b).T) <= TOUCH_M + SLACK_M
    at = np.where(to_a[:, None], a, np.where(to_b[:, None], b, at))
    places = pd.DataFrame(
        {
            "end": end[pair],
            "gap": np.round(np.hypot(*(p - exact).T), 6),
            "edge": edge[pair],
            "vertex": edges.origin[edge][pair] + step,
            "along": along,
            "x": at[:, 0],
            "y": at[:, 1],
            "fresh": ~(to_a | to_b),
        }
    )
    return places[places["gap"] <= within_m + SLACK_M]
