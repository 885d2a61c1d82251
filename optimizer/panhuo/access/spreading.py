"""The inner loop of the search."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from panhuo.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Nodes = NDArray[np.int32]

BUCKETS = 256
"""Buckets open at a time; what costs more than they hold waits in one more, and is shared out when they are empty."""


Arcs = tuple[Ints, Nodes, Floats]
"""Where the arcs of each node begin; where each leads, and its cost."""

Held = tuple[Ints, Nodes, Floats]
"""Where the entries of each point or node begin; the node or point of each, and the cost between the two."""

Room = tuple[Floats, Floats]
"""Lowest cost of every node so far, and of every target; infinite in between."""

Waiting = tuple[Nodes, Floats, Nodes]
"""Entries of the buckets: a node, its cost when it came in, and the entry below."""


@compiled
def spread(
    arcs: Arcs, seeds: Held, held: Held, horizon: float, width: float, begin: int, end: int, room: Room
) -> tuple[Ints, Nodes, Floats]:
    """Search from the sources ``begin`` up to ``end``.

    Parameters
    ----------
    arcs
        The graph.
    seeds
        Nodes of every source.
    held
        Targets held by every node.
    horizon, width : float
        Highest cost of a pair; width of a bucket.
    room
        Where the search keeps what it knows.

    Returns
    -------
    count : (end − begin,) int
        Pairs of every source.
    target, cost
        Targets of the pairs, and their costs.
    """
    best, nearest = room
    seed_first, seed_node, seed_cost = seeds
    count = np.zeros(end - begin, dtype=np.int64)
    pairs, found, costs = 0, np.empty(1024, dtype=np.int32), np.empty(1024)
    waiting, seen, hit = _waiting(1024), np.empty(1024, dtype=np.int32), np.empty(1024, dtype=np.int32)
    for source in range(begin, end):
        low, high = seed_first[source], seed_first[source + 1]
        seens = _nodes(arcs, seed_node[low:high], seed_cost[low:high], horizon, width, best, waiting, seen)
        while seens < 0:  # too little room: once more with twice as much
            waiting, seen = _waiting(2 * len(seen)), np.empty(2 * len(seen), dtype=np.int32)
            seens = _nodes(arcs, seed_node[low:high], seed_cost[low:high], horizon, width, best, waiting, seen)
        most = 0
        for node in seen[:seens]:
            most += held[0][node + 1] - held[0][node]
        if most > len(hit):
            hit = np.empty(2 * most, dtype=np.int32)
        hits = _targets(held, horizon, seen[:seens], room, hit)
        if pairs + hits > len(found):
            found, costs = _doubled(found, pairs + hits), _doubled(costs, pairs + hits)
        for k in range(seens):
            best[seen[k]] = np.inf
        for k in range(hits):
            found[pairs + k], costs[pairs + k] = hit[k], nearest[hit[k]]
            nearest[hit[k]] = np.inf
        pairs += hits
        count[source - begin] = hits
    return count, found[:pairs].copy(), costs[:pairs].copy()


@compiled
def _waiting(entries: int) -> Waiting:
    return np.empty(entries, dtype=np.int32), np.empty(entries), np.empty(entries, dtype=np.int32)


@compiled
def _doubled(array: Any, least: int) -> Any:
    """Make an array at least twice as long; what it holds stays."""
    made = np.empty(max(2 * len(array), least), dtype=array.dtype)
    made[: len(array)] = array
    return made


@compiled
def _nodes(
    arcs: Arcs,
    seed_node: Nodes,
    seed_cost: Floats,
    horizon: float,
    width: float,
    best: Floats,
    waiting: Waiting,
    seen: Nodes,
) -> int:
    """Find the lowest cost of all nodes within the horizon; list them in ``seen`` and give their number.

    Nodes wait in buckets by cost (Dial 1969, doi:10.1145/363269.363610; with buckets wider than some arcs as in Meyer &
    Sanders 2003, doi:10.1016/S0196-6774(03)00076-2). Within a bucket the last comes first, and a node that is improved
    comes again: correct whatever the width, and faster than a heap on street networks.

    Returns
    -------
    int
        -1 if there were more entries than room for them; nothing is known of any node then.
    """
    first, to, cost = arcs
    node, when, below = waiting
    top = np.full(BUCKETS + 1, -1, dtype=np.int32)
    if len(seed_node) > len(node):
        return -1
    entries, seens = _seeded(seed_node, seed_cost, horizon, best, waiting, top, seen)
    while top[BUCKETS] >= 0:
        base = _shared_out(node, when, below, top, best, width)
        for bucket in range(BUCKETS):
            while top[bucket] >= 0:
                entry = top[bucket]
                top[bucket] = below[entry]
                u = node[entry]
                if when[entry] > best[u]:
                    continue  # it has come again at a lower cost
                if entries + first[u + 1] - first[u] > len(node):
                    for k in range(seens):
                        best[seen[k]] = np.inf
                    return -1
                for a in range(first[u], first[u + 1]):  # not a function of its own: that would take five times as long
                    c, v = best[u] + cost[a], to[a]
                    if c > horizon or c >= best[v]:
                        continue
                    if best[v] == np.inf:
                        seen[seens] = v
                        seens += 1
                    best[v] = c
                    into = int(min((c - base) / width, BUCKETS))
                    node[entries], when[entries], below[entries] = v, c, top[into]
                    top[into] = entries
                    entries += 1
    return seens


@compiled
def _seeded(
    seed_node: Nodes,
    seed_cost: Floats,
    horizon: float,
    best: Floats,
    waiting: Waiting,
    top: Nodes,
    seen: Nodes,
) -> tuple[int, int]:
    """Put the nodes of a source into the last bucket, to be shared out; count entries and nodes seen."""
    node, when, below = waiting
    entries, seens = 0, 0
    for k in range(len(seed_node)):
        if seed_cost[k] <= horizon and seed_cost[k] < best[seed_node[k]]:
            if best[seed_node[k]] == np.inf:
                seen[seens] = seed_node[k]
                seens += 1
            best[seed_node[k]] = seed_cost[k]
            node[entries], when[entries], below[entries] = seed_node[k], seed_cost[k], top[BUCKETS]
            top[BUCKETS] = entries
            entries += 1
    return entries, seens


@compiled
def _shared_out(node: Nodes, when: Floats, below: Nodes, top: Nodes, best: Floats, width: float) -> float:
    """Share out the last bucket over the others; give the cost at which the first of them now begins."""
    base = np.inf
    entry = top[BUCKETS]
    while entry >= 0:
        if when[entry] <= best[node[entry]]:
            base = min(base, when[entry])
        entry = below[entry]
    entry = top[BUCKETS]
    top[BUCKETS] = -1
    while entry >= 0:
        following = below[entry]
        if when[entry] <= best[node[entry]]:
            into = int(min((when[entry] - base) / width, BUCKETS))
            below[entry] = top[into]
            top[into] = entry
        entry = following
    return base


@compiled
def _targets(held: Held, horizon: float, seen: Nodes, room: Room, hit: Nodes) -> int:
    """Find the lowest cost of all targets held by the nodes that were seen; list them in ``hit``, give their number."""
    held_first, held_point, held_cost = held
    best, nearest = room
    hits = 0
    for node in seen:
        for k in range(held_first[node], held_first[node + 1]):
            c, point = best[node] + held_cost[k], held_point[k]
            if c > horizon or c >= nearest[point]:
                continue
            if nearest[point] == np.inf:
                hit[hits] = point
                hits += 1
            nearest[point] = c
    return hits


@compiled
def turned(count: int, first: Ints, target: Nodes, cost: Floats) -> tuple[Ints, Nodes, Floats]:
    """Put pairs in the order of their target, those of one in the order of their source.

    Parameters
    ----------
    count : int
        Number of targets.
    first : (S + 1,) int
        Where the pairs of each source begin.
    target, cost : (P,)
        The pairs.

    Returns
    -------
    first : (count + 1,) int
        Where the pairs of each target begin.
    source, cost : (P,)
        The pairs.
    """
    begin = np.zeros(count + 1, dtype=np.int64)
    for pair in range(len(target)):
        begin[target[pair] + 1] += 1
    for point in range(count):
        begin[point + 1] += begin[point]
    at = begin[:-1].copy()
    source, costs = np.empty(len(target), dtype=np.int32), np.empty(len(target))
    for s in range(len(first) - 1):
        for pair in range(first[s], first[s + 1]):
            place = at[target[pair]]
            at[target[pair]] += 1
            source[place], costs[place] = s, cost[pair]
    return begin, source, costs
