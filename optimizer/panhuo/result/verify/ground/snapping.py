"""Where on the network a position lies: the nearest place on an edge that may be used."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from panhuo.instance.maps import Network
from panhuo.result.verify.ground.along import Bools, Floats, Ints
from panhuo.result.verify.ground.heights import Shape

_MICROMETRE = 1e-6
"""Metres by which rounding may make one of two equally near places seem nearer."""


@dataclass(frozen=True, eq=False)
class Snapped:
    """Positions on the network.

    Parameters
    ----------
    edge : (P,) int
        The edge each lies on; -1 where it is off the network.
    fraction : (P,) float
        Where along the edge, 0 at its start and 1 at its end.
    leg_m : (P,) float [m]
        How far the position is from that place; inf where it is off the network.
    at : (P, 2) float [m]
        That place; the position itself where it is off the network.
    """

    edge: Ints
    fraction: Floats
    leg_m: Floats
    at: Floats

    @property
    def on(self) -> Bools:
        """Whether each lies on the network."""
        return self.edge >= 0


class Snapping:
    """The shapes of the edges that may be used, ready to be searched.

    Parameters
    ----------
    usable : (E,) bool
        Edges that may be used.
    """

    def __init__(self, network: Network, shape: Shape, usable: Bools) -> None:
        edge_of = np.repeat(np.arange(len(usable)), np.diff(network.first))
        starts = np.ones(len(network.shape), dtype=bool)
        starts[network.first[1:] - 1] = False
        self._vertex = np.flatnonzero(starts & usable[edge_of])
        self._edge, self._shape = edge_of[self._vertex], shape
        self._from, self._to = network.shape[self._vertex], network.shape[self._vertex + 1]
        self._tree = shapely.STRtree(shapely.linestrings(np.stack([self._from, self._to], axis=1)))

    def snap(self, xy: Floats, max_snap_m: float) -> Snapped:
        """Find the nearest place of each position within so many metres; of equal ones the first of the first edge.

        Parameters
        ----------
        xy : (P, 2) float [m]
        """
        found = Snapped(np.full(len(xy), -1), np.zeros(len(xy)), np.full(len(xy), np.inf), xy.copy())
        if not len(xy) or not len(self._vertex):
            return found
        points = shapely.points(xy)
        (asked, _), apart = self._tree.query_nearest(
            points, max_distance=max_snap_m + _MICROMETRE, return_distance=True, all_matches=False
        )
        some, near = self._tree.query(points[asked], predicate="dwithin", distance=apart + _MICROMETRE)
        asked = asked[some]
        start, along = self._from[near], self._to[near] - self._from[near]
        square = (along**2).sum(axis=1)
        part = np.divide(((xy[asked] - start) * along).sum(axis=1), square, out=np.zeros(len(near)), where=square > 0)
        part = np.clip(part, 0.0, 1.0)
        place = start + part[:, None] * along
        leg = np.hypot(*(xy[asked] - place).T)
        vertex, edge = self._vertex[near], self._edge[near]
        metres, whole = self._shape.along_m[vertex] + part * self._shape.step_m[vertex], self._shape.length_m[edge]
        fraction = np.clip(np.divide(metres, whole, out=np.zeros(len(near)), where=whole > 0), 0.0, 1.0)
        best = np.lexsort((fraction, edge, asked))
        best = best[np.unique(asked[best], return_index=True)[1]]
        best = best[leg[best] <= max_snap_m]
        point = asked[best]
        found.edge[point], found.fraction[point], found.leg_m[point] = edge[best], fraction[best], leg[best]
        found.at[point] = place[best]
        return found
