"""The ways people go over the network: a graph for each walking profile, and one for metres."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from panhuo.instance import Instance
from panhuo.instance.maps import Network
from panhuo.instance.tabular import tuples
from panhuo.result.verify.ground.along import Bools, Floats, Ints
from panhuo.result.verify.ground.buses import with_buses
from panhuo.result.verify.ground.graph import Graph, cut, leads, reach
from panhuo.result.verify.ground.heights import measured, relief
from panhuo.result.verify.ground.snapping import Snapped, Snapping
from panhuo.result.verify.ground.walking import metres_per_minute, walkable, walking_metres, walking_minutes

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
    """A graph that leads from places to demand points, with both of them on it.

    Parameters
    ----------
    graph : Graph
        Turned around where people walk to the places.
    further_m : float
        The most metres an arc leads on per unit of cost.
    node, leg : (D + L,) int, float
        Of demand points, then of places: the node, and the cost of the leg; inf where one is off the network.
    points : int
        D.
    """

    graph: Graph
    further_m: float
    node: Ints
    leg: Floats
    points: int

    def around(self, places: Ints, limit: float) -> Way:
        """Cut out what may lie within a limit of a group of near places."""
        ends = self.points + places[np.isfinite(self.leg[self.points + places])]
        if not len(ends):
            return replace(self, leg=np.full(len(self.leg), np.inf))
        graph, number = self.graph.around(self.node[ends], leads(self.further_m, limit + BEYOND))
        node = number[self.node]
        return replace(self, graph=graph, node=node, leg=np.where(node >= 0, self.leg, np.inf))

    def pairs(self, places: Ints, limit: float) -> Pairs:
        """Find the demand points within a limit of a group of near places, legs and all."""
        on = np.isfinite(self.leg)
        targets, places = np.flatnonzero(on[: self.points]), places[on[self.points + places]]
        parts = [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))]
        most, ends = limit + BEYOND, self.points + places
        for source, target, cost in reach(self.graph, self.further_m, self.node[ends], self.node[targets], most):
            point, place = targets[target], places[source]
            whole = self.leg[point] + cost + self.leg[self.points + place]
            near = whole <= most
            parts.append((point[near], place[near], whole[near]))
        return Pairs(*(np.concatenate(each) for each in zip(*parts, strict=True)))


class Trip(NamedTuple):
    """One of the way there and the way home: as it is gone, and on foot only; ``None`` where nobody rides."""

    gone: Way
    on_foot: Way | None

    def around(self, places: Ints, limit: float) -> Trip:
        """Cut out what may lie within a limit of a group of near places."""
        return Trip(self.gone.around(places, limit), self.on_foot and self.on_foot.around(places, limit))


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

    def off(self, profiles: pd.DataFrame) -> Bools:
        """Say of demand points, then places, who is off the network for every profile; (D + L,)."""
        on = np.zeros(self._ends, dtype=bool)
        for profile in tuples(profiles):
            on |= self._lying(walkable(self._network, self._relief, profile)).on[: self._ends]
        return ~on

    def metres(self) -> Way:
        """Give the way that counts metres: along everything walkable, by nothing but feet, alike both ways."""
        costs, points = walking_metres(self._network), self._lying(self._network.walk)
        return self._way(cut(self._network, costs, points), points.leg_m)

    def minutes(self, profile: Any) -> list[Trip]:
        """Give the way there of a walking profile, and the way home where that counts.

        Parameters
        ----------
        profile : row of the table profiles
        """
        network, bus = self._network, self._bus
        costs = walking_minutes(network, self._relief, profile)
        points = self._lying(costs.may_ahead)
        leg = points.leg_m / metres_per_minute(profile.speed_km_h)
        on_foot = cut(network, costs, points)
        if not profile.rides_bus or bus.empty:
            return [Trip(way, None) for way in self._ways(on_foot, leg)]
        stops = len(network.xy) + self._ends + np.arange(len(bus))
        riding = with_buses(on_foot, bus, stops, leg[self._ends :])
        return [Trip(*both) for both in zip(self._ways(riding, leg), self._ways(on_foot, leg), strict=True)]

    def _lying(self, usable: Bools) -> Snapped:
        """Find where everything lies on the edges that may be used; once for each choice of edges."""
        key = np.packbits(usable).tobytes()
        if key not in self._snapped:
            snapping = Snapping(self._network, self._shape, usable)
            self._snapped[key] = snapping.snap(self._at, self._access.max_snap_m)
        return self._snapped[key]

    def _ways(self, graph: Graph, leg: Floats) -> list[Way]:
        """Make the way there of a graph, and the way home where that counts."""
        there, home = self._way(graph.turned(), leg), self._way(graph, leg)
        return [there, home] if self._access.way_home else [there]

    def _way(self, graph: Graph, leg: Floats) -> Way:
        node = len(self._network.xy) + np.arange(self._ends)
        return Way(graph, graph.further_m(), node, leg[: self._ends], self._points)
