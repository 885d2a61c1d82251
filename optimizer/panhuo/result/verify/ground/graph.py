"""The network as a graph in which every position is a node: edges are cut where positions lie on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from panhuo.instance.maps import Network
from panhuo.result.verify.ground.along import Bools, Costs, Floats, Ints
from panhuo.result.verify.ground.snapping import Snapped

_CELLS = 4_000_000
"""Costs from a place to a node worked out in one go: this bounds the memory."""

_ROOM = 1e-6
"""Metres, and share, by which rounding may make a way seem to lead further than its speed allows."""


@dataclass(frozen=True, eq=False)
class Graph:
    """Arcs between nodes.

    Parameters
    ----------
    xy : (N, 2) float [m]
        Positions of the nodes.
    tail, head : (A,) int
        Nodes each arc leaves and enters; no two arcs have the same.
    cost : (A,) float
        Of using it; may be 0.
    """

    xy: Floats
    tail: Ints
    head: Ints
    cost: Floats

    def turned(self) -> Graph:
        """Turn every arc around."""
        return Graph(self.xy, self.head, self.tail, self.cost)

    def further_m(self) -> float:
        """Give the most metres an arc leads on, in a straight line, per unit of cost."""
        apart = np.hypot(*(self.xy[self.tail] - self.xy[self.head]).T)
        leads = apart > _ROOM
        with np.errstate(divide="ignore"):
            return float((apart[leads] / self.cost[leads]).max(initial=0.0))

    def around(self, nodes: Ints, metres: float) -> tuple[Graph, Ints]:
        """Cut out what lies so near the box around some nodes, and the number each node then has (-1: none)."""
        at = self.xy[nodes]
        inside: Bools = np.all((self.xy >= at.min(axis=0) - metres) & (self.xy <= at.max(axis=0) + metres), axis=1)
        number = np.where(inside, np.cumsum(inside) - 1, -1)
        mine = inside[self.tail] & inside[self.head]
        return Graph(self.xy[inside], number[self.tail[mine]], number[self.head[mine]], self.cost[mine]), number


def cut(network: Network, costs: Costs, points: Snapped) -> Graph:
    """Cut the edges at the positions that lie on them.

    The nodes are those of the network, and behind them one for every position, also for those that lie off it.
    """
    n, on = len(network.xy), np.flatnonzero(points.on)
    used = np.flatnonzero(costs.may_ahead | costs.may_back)
    edge = np.concatenate([used, points.edge[on], used])
    fraction = np.concatenate([np.zeros(len(used)), points.fraction[on], np.ones(len(used))])
    node = np.concatenate([network.start[used], n + on, network.end[used]])
    part = np.repeat([0, 1, 2], [len(used), len(on), len(used)])
    order = np.lexsort((fraction, part, edge))
    edge, fraction, node = edge[order], fraction[order], node[order]
    ahead, back = costs.at(edge, fraction)
    same = np.flatnonzero(edge[1:] == edge[:-1])
    tail, head, along = node[same], node[same + 1], edge[same]
    here = fraction[same + 1] == fraction[same]  # who stands on a node is there, whichever way the edge may be used
    tails, heads, prices = [], [], []
    for may, start, end, total in ((costs.may_ahead, tail, head, ahead), (costs.may_back, head, tail, back)):
        mine = may[along] | here
        tails.append(start[mine])
        heads.append(end[mine])
        prices.append(np.maximum(total[same + 1] - total[same], 0.0)[mine])
    xy = np.concatenate([network.xy, points.at])
    return joined(xy, np.concatenate(tails), np.concatenate(heads), np.concatenate(prices))


def joined(xy: Floats, tail: Ints, head: Ints, cost: Floats) -> Graph:
    """Make a graph of arcs; of those between the same two nodes the cheapest counts."""
    order = np.lexsort((cost, head, tail))
    tail, head, cost = tail[order], head[order], cost[order]
    first = np.append(True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1]))[: len(tail)] & (tail != head)
    return Graph(xy, tail[first], head[first], cost[first])


def groups(xy: Floats, members: Ints, most: int) -> Iterator[Ints]:
    """Part positions into groups of near ones, halving along the longer side."""
    if len(members) <= most:
        if len(members):
            yield members
        return
    at = xy[members]
    side = int(np.argmax(np.ptp(at, axis=0)))
    order = np.argsort(at[:, side], kind="stable")
    half = len(members) // 2
    yield from groups(xy, members[order[:half]], most)
    yield from groups(xy, members[order[half:]], most)


def leads(further_m: float, limit: float) -> float:
    """Give the metres beyond which nothing can lie within a limit, with room for rounding."""
    return further_m * limit * (1 + _ROOM) + _ROOM if np.isfinite(further_m) else np.inf


def reach(
    graph: Graph, further_m: float, sources: Ints, targets: Ints, limit: float
) -> Iterator[tuple[Ints, Ints, Floats]]:
    """Find what lies within a limit of a group of near nodes.

    Parameters
    ----------
    further_m : float
        Of the graph: beyond this times the limit nothing is found, so nothing is looked for.
    sources, targets : (S,), (T,) int
        Nodes.

    Yields
    ------
    source, target : (pairs,) int
        Positions in ``sources`` and ``targets``.
    cost : (pairs,) float
        Of the cheapest way from source to target, at most the limit.
    """
    if not len(sources):
        return
    near_by, number = graph.around(sources, leads(further_m, limit))
    near = np.flatnonzero(number[targets] >= 0)
    columns, size = number[targets[near]], len(near_by.xy)
    matrix = csr_matrix((near_by.cost, (near_by.tail, near_by.head)), shape=(size, size))
    step = max(1, _CELLS // size)
    for lo in range(0, len(sources), step):
        found = dijkstra(matrix, directed=True, indices=number[sources[lo : lo + step]], limit=limit)[:, columns]
        source, target = np.nonzero(np.isfinite(found))
        yield source + lo, near[target], found[source, target]
