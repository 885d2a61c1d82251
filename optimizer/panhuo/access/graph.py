"""From edges to a graph: edges are cut where places and stops lie, people are held by the ends of their piece."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panhuo.access.search import Ends, Graph
from panhuo.access.snapping import Positions
from panhuo.access.ways import Way
from panhuo.instance.maps import Network

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Arcs:
    """Arcs that join the nodes of a graph beside the edges, such as rides; nodes from ``Cut.nodes`` on are their own.

    Parameters
    ----------
    nodes : int
        Nodes of their own.
    tail, head : (A,) int
        Nodes each leaves and leads to.
    cost : (A,) float
        Cost.
    """

    nodes: int
    tail: Ints
    head: Ints
    cost: Floats


@dataclass(frozen=True, eq=False)
class Cut:
    """The edges of a way, cut where anchors lie.

    Parameters
    ----------
    way : Way
        The way.
    nodes : int
        Nodes of the network and of the cuts, numbered along a curve that keeps near ones together.
    tail, head : (P,) int
        Nodes each piece runs from and to.
    edge : (P,) int
        Edge it is a piece of.
    low, high : (P,) float
        Shares of the edge's length at which it begins and ends.
    first : (E + 1,) int
        Where the pieces of each edge begin.
    anchor : (A,) int
        Node of every anchor; -1 for those off the network.
    """

    way: Way
    nodes: int
    tail: Ints
    head: Ints
    edge: Ints
    low: Floats
    high: Floats
    first: Ints
    anchor: Ints

    def graph(self, *, reverse: bool, beside: Arcs | None = None) -> Graph:
        """Make the graph.

        Parameters
        ----------
        reverse : bool
            Turn every arc around: a search then finds the cost *to* its sources.
        beside : Arcs, optional
            Arcs beside the edges.
        """
        tails, heads, costs = [], [], []
        for direction, (tail, head) in enumerate(((self.tail, self.head), (self.head, self.tail))):
            runs = self.way.open[direction][self.edge]
            tails.append(tail[runs])
            heads.append(head[runs])
            costs.append(self._between(direction, self.edge[runs], self.low[runs], self.high[runs]))
        nodes = self.nodes
        if beside is not None:
            tails.append(beside.tail)
            heads.append(beside.head)
            costs.append(beside.cost)
            nodes += beside.nodes
        tail, head = np.concatenate(tails), np.concatenate(heads)
        if reverse:
            tail, head = head, tail
        return Graph.of(nodes, tail, head, np.concatenate(costs))

    def ends(self, at: Positions, *, leaving: bool, leg_cost: float = 1.0) -> Ends:
        """Hold points by the ends of the pieces they lie on.

        Parameters
        ----------
        at : Positions
            The points.
        leaving : bool
            Cost from the point to the ends, else from the ends to the point; both with the leg.
        leg_cost : float
            Cost of a metre of leg.
        """
        point = np.flatnonzero(at.on)
        edge, share = at.edge[point], at.share[point]
        cuts = (
            self.edge + self.high
        )  # rises from piece to piece; the last of an edge comes before the next edge's first
        piece = np.searchsorted(cuts, edge + share, side="left")
        piece = np.clip(piece, self.first[edge], self.first[edge + 1] - 1)
        back = self._between(1 if leaving else 0, edge, self.low[piece], share)
        ahead = self._between(0 if leaving else 1, edge, share, self.high[piece])
        # who stands on an end is there already, whichever way the edge may be used
        open_back, open_ahead = (self.way.open[d][edge] for d in ((1, 0) if leaving else (0, 1)))
        open_back, open_ahead = open_back | (share == self.low[piece]), open_ahead | (share == self.high[piece])
        leg = at.leg_m[point] * leg_cost
        return Ends(
            len(at.edge),
            np.concatenate([point[open_back], point[open_ahead]]),
            np.concatenate([self.tail[piece][open_back], self.head[piece][open_ahead]]),
            np.concatenate([(back + leg)[open_back], (ahead + leg)[open_ahead]]),
        )

    def anchors(self, at: Positions, begin: int, *, leg_cost: float = 1.0) -> Ends:
        """Hold the anchors from number ``begin`` on, which lie at ``at``, by their own nodes."""
        point = np.flatnonzero(at.on)
        return Ends(len(at.edge), point, self.anchor[begin + point], at.leg_m[point] * leg_cost)

    def _between(self, direction: int, edge: Ints, low: Floats, high: Floats) -> Floats:
        """Cost between two places on an edge, along it or (direction 1) against it; rounding makes none negative."""
        cost = self.way.along(direction, edge, high) - self.way.along(direction, edge, low)
        return np.maximum(cost, 0.0)


def cut(network: Network, way: Way, anchors: Positions) -> Cut:
    """Cut the edges of a way where anchors lie inside them."""
    usable = way.usable
    inside = anchors.on & (anchors.share > 0) & (anchors.share < 1)
    places = np.column_stack([anchors.edge[inside], anchors.share[inside]])
    places, which = np.unique(places, axis=0, return_inverse=True) if len(places) else (places, np.zeros(0, dtype=int))
    edge, share = places[:, 0].astype(np.int64), places[:, 1]
    nodes = len(network.xy)
    key = _curve(network.xy)
    rank = np.empty(nodes + len(edge), dtype=np.int64)
    rank[np.argsort(np.concatenate([key, key[network.start[edge]]]), kind="stable")] = np.arange(len(rank))
    made = rank[nodes:]
    cuts = np.bincount(edge, minlength=len(usable))
    pieces = np.where(usable, cuts + 1, 0)
    first = np.concatenate([[0], np.cumsum(pieces)])
    owner = np.repeat(np.arange(len(usable)), pieces)
    before = first[edge] + np.arange(len(edge)) - np.concatenate([[0], np.cumsum(cuts)])[edge]
    tail, head = rank[network.start[owner]], rank[network.end[owner]]
    low, high = np.zeros(len(owner)), np.ones(len(owner))
    head[before], high[before] = made, share
    tail[before + 1], low[before + 1] = made, share
    anchor = np.full(len(anchors.edge), -1)
    on = anchors.on
    at_end = anchors.share[on] >= 1
    ends = np.where(at_end, network.end[anchors.edge[on]], network.start[anchors.edge[on]])
    anchor[on] = rank[ends]
    anchor[inside] = made[which.ravel()]
    return Cut(way, len(rank), tail, head, owner, low, high, first, anchor)


def _curve(xy: Floats) -> NDArray[np.uint64]:
    """Order positions along a Z-order curve (Morton 1966): those near each other mostly get near numbers."""
    if not len(xy):
        return np.zeros(0, dtype=np.uint64)
    low = xy.min(axis=0)
    size = max(float((xy.max(axis=0) - low).max()), 1.0)
    cells = ((xy - low) / size * (2**20 - 1)).astype(np.uint64)
    key = np.zeros(len(xy), dtype=np.uint64)
    for bit in range(20):
        for axis in (0, 1):
            key |= ((cells[:, axis] >> np.uint64(bit)) & np.uint64(1)) << np.uint64(2 * bit + axis)
    return key
