"""The ways people go over the network: a graph for each walking profile, and one for metres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from panhuo.instance import Instance
from panhuo.instance.maps import Network
from panhuo.result.verify.ground.along import Bools, Floats, Ints
from panhuo.result.verify.ground.buses import with_buses
from panhuo.result.verify.ground.graph import Graph, cut, reach
from panhuo.result.verify.ground.heights import measured, relief
from panhuo.result.verify.ground.snapping import Snapped, Snapping
from panhuo.result.verify.ground.walking import metres_per_minute, walking_metres, walking_minutes

BEYOND = 1e-3
"""Looked for so much further than the limit, so that what rounds down to it is found."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """Demand points near places.

    Parameters
    ----------
    demand, place : (P,) int
        Their positions in the instance's tables; of places, sites first.
    value : (P,) float
        Minutes or metres between them, not rounded.
    """

    demand: Ints
    place: Ints
    value: Floats


@dataclass(frozen=True, eq=False)
class Way:
    """One graph with the demand points and places on it.

    Parameters
    ----------
    there : Graph
        Turned around: it leads from places to demand points.
    home : Graph or None
        As it is; ``None`` where the way home does not count.
    further_m : float
        The most metres an arc leads on per unit of cost.
    node, leg : (D + L,) int, float
        Of demand points, then of places: the node, and the cost of the leg; inf where one is off the network.
    points : int
        D.
    """

    there: Graph
    home: Graph | None
    further_m: float
    node: Ints
    leg: Floats
    points: int

    def pairs(self, places: Ints, limit: float) -> Pairs:
        """Find the demand points within a limit of a group of near places, legs and all.

        Where the way home counts, the dearer of both ways is the cost.
        """
        found = self._one_way(self.there, places, limit)
        if self.home is None:
            return found
        other = self._one_way(self.home, places, limit)
        there, back = (pairs.place * self.points + pairs.demand for pairs in (found, other))
        _, a, b = np.intersect1d(there, back, assume_unique=True, return_indices=True)
        return Pairs(found.demand[a], found.place[a], np.maximum(found.value[a], other.value[b]))

    def _one_way(self, graph: Graph, places: Ints, limit: float) -> Pairs:
        on = np.isfinite(self.leg)
        targets, places = np.flatnonzero(on[: self.points]), places[on[self.points + places]]
        parts = [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))]
        most, ends = limit + BEYOND, self.points + places
        for source, target, cost in reach(graph, self.further_m, self.node[ends], self.node[targets], most):
            point, place = targets[target], places[source]
            whole = self.leg[point] + cost + self.leg[self.points + place]
            near = whole <= most
            parts.append((point[near], place[near], whole[near]))
        return Pairs(*(np.concatenate(each) for each in zip(*parts, strict=True)))


class Streets:
    """The network of an instance with everything that lies on it.

    Parameters
    ----------
    at : (D + L, 2) float [m]
        Positions of demand points, then of places.
    points : int
        D.
    """

    def __init__(self, instance: Instance, network: Network, at: Floats, points: int) -> None:
        self._access, self._bus, self._network = instance.settings.access, instance["bus"], network
        self._at = np.concatenate([at, self._bus[["x_m", "y_m"]].to_numpy(float)])
        self._ends, self._points = len(at), points
        self._shape = measured(network)
        self._relief = relief(network, instance.elevation, self._access.sample_m, instance.metric_crs)
        self._snapped: dict[bytes, Snapped] = {}

    def metres(self) -> Way:
        """Give the way that counts metres: along everything walkable, by nothing but feet, alike both ways."""
        costs, points = walking_metres(self._network), self._lying(self._network.walk)
        return self._way(cut(self._network, costs, points), points.leg_m, both=False)

    def minutes(self, profile: Any) -> tuple[Way, Way | None]:
        """Give the way of a walking profile, and if people may ride also the one without buses.

        Parameters
        ----------
        profile : row of the table profiles
        """
        network = self._network
        costs = walking_minutes(network, self._relief, profile)
        points = self._lying(costs.may_ahead)
        leg = points.leg_m / metres_per_minute(profile.speed_km_h)
        graph, both = cut(network, costs, points), self._access.way_home
        if not profile.rides_bus or self._bus.empty:
            return self._way(graph, leg, both=both), None
        stops = len(network.xy) + self._ends + np.arange(len(self._bus))
        riding = with_buses(graph, self._bus, stops, leg[self._ends :])
        return self._way(riding, leg, both=both), self._way(graph, leg, both=both)

    def _lying(self, usable: Bools) -> Snapped:
        """Find where everything lies on the edges that may be used; once for each choice of edges."""
        key = np.packbits(usable).tobytes()
        if key not in self._snapped:
            snapping = Snapping(self._network, self._shape, usable)
            self._snapped[key] = snapping.snap(self._at, self._access.max_snap_m)
        return self._snapped[key]

    def _way(self, graph: Graph, leg: Floats, *, both: bool) -> Way:
        node = len(self._network.xy) + np.arange(self._ends)
        home = graph if both else None
        return Way(graph.turned(), home, graph.further_m(), node, leg[: self._ends], self._points)
