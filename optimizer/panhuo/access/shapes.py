"""Where a share of an edge's length lies on its shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panhuo.access.sums import running
from panhuo.instance.maps import Network

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Shapes:
    """The measured shapes of a network.

    Parameters
    ----------
    xy : (V, 2) float [m]
        Vertices, edge after edge.
    first : (E + 1,) int
        Where the vertices of each edge begin.
    along : (V,) float [m]
        Length of the shape from the start of its edge to the vertex.
    length_m : (E,) float [m]
        Length of each shape.
    """

    xy: Floats
    first: Ints
    along: Floats
    length_m: Floats

    def at(self, edge: Ints, share: Floats) -> Floats:
        """Find places on edges.

        Parameters
        ----------
        edge : (M,) int
            Edges.
        share : (M,) float
            Share of the shape's length from the edge's start, 0 to 1.

        Returns
        -------
        (M, 2) float [m]
        """
        target = share * self.length_m[edge]
        # one rising number for all vertices, so that one search finds the segment of every place
        before = np.concatenate([[0.0], np.cumsum(self.length_m)])
        owner = np.repeat(np.arange(len(self.length_m)), np.diff(self.first))
        vertex = np.searchsorted(self.along + before[owner], target + before[edge], side="right") - 1
        vertex = np.clip(vertex, self.first[edge], self.first[edge + 1] - 2)
        step = self.along[vertex + 1] - self.along[vertex]
        part = np.divide(target - self.along[vertex], step, out=np.zeros_like(target), where=step > 0)
        part = np.clip(part, 0.0, 1.0)[:, None]
        found: Floats = self.xy[vertex] * (1 - part) + self.xy[vertex + 1] * part
        return found


def measured(network: Network) -> Shapes:
    """Measure the shapes of a network."""
    step = np.zeros(len(network.shape))
    step[1:] = np.hypot(*np.diff(network.shape, axis=0).T)
    along = running(network.first, step)
    return Shapes(network.shape, network.first, along, along[network.first[1:] - 1])
