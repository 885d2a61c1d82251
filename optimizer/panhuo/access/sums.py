"""Sums that begin anew with every edge, so that nothing of one edge is lost in the rounding of another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from panhuo.compiled import compiled


@compiled
def running(first: NDArray[np.int64], steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add up, edge by edge.

    Parameters
    ----------
    first : (E + 1,) int
        Where the stations of each edge begin.
    steps : (S,) float
        Step from the station before; at the first station of an edge it counts for nothing.

    Returns
    -------
    (S,) float
        From the first station of the edge.
    """
    total = np.zeros(len(steps))
    for edge in range(len(first) - 1):
        for k in range(first[edge] + 1, first[edge + 1]):
            total[k] = total[k - 1] + steps[k]
    return total
