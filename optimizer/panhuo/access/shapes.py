"""Where a share of an edge's length lies on its shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panhuo.access.sums import running
from panhuo.compiled import compiled
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
        return _places(self.xy, self.first, self.along, edge, share)


@compiled
def _places(xy: Floats, first: Ints, along: Floats, edge: Ints, share: Floats) -> Floats:
    found = np.empty((len(edge), 2))
    for k in range(len(edge)):
        low, high = first[edge[k]], first[edge[k] + 1] - 1
        target = share[k] * along[high]
        while high - low > 1:  # the segment from low to high holds the place
            middle = (low + high) // 2
            if along[middle] <= target:
                low = middle
            else:
                high = middle
        step = along[high] - along[low]
        part = min(max((target - along[low]) / step, 0.0), 1.0) if step > 0 else 0.0
        for axis in range(2):
            found[k, axis] = xy[low, axis] * (1 - part) + xy[high, axis] * part
    return found


def measured(network: Network) -> Shapes:
    """Measure the shapes of a network."""
    step = np.zeros(len(network.shape))
    step[1:] = np.hypot(*np.diff(network.shape, axis=0).T)
    along = running(network.first, step)
    return Shapes(network.shape, network.first, along, along[network.first[1:] - 1])
