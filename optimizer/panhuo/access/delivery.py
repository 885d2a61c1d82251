"""Delivery: minutes on the road from suppliers to what they supply."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from panhuo.access.roads import driven
from panhuo.access.standards import ROUNDING, SLACK
from panhuo.instance import Instance

Floats = NDArray[np.float64]


def delivery(instance: Instance, suppliers: Floats, points: Floats, most_min: float = np.inf) -> sp.csr_matrix:
    """Give the minutes a vehicle takes from suppliers to points.

    Along the roads of the network; without one straight line × detour, at the speed of driving.

    Parameters
    ----------
    instance : Instance
        Its network and the settings of access.
    suppliers, points : (V, 2), (P, 2) float [m]
        Positions in the metric frame.
    most_min : float [min]
        Pairs farther than this are left out (closed); ``inf`` for none.

    Returns
    -------
    csr_matrix, (P, V) [min]
        A stored 0.0 is a pair at no distance; what is not stored lies beyond.
    """
    access = instance.settings.access
    if instance.network is not None:
        return driven(instance.network, access, suppliers, points, most_min)
    speed = access.driving.speed_km_h * 1000 / 60
    shape = len(points), len(suppliers)
    if np.isinf(most_min):
        row, column = (at.ravel() for at in np.indices(shape))
    else:
        near = cKDTree(points).sparse_distance_matrix(
            cKDTree(suppliers), (most_min + SLACK) * speed / access.detour, output_type="ndarray"
        )
        row, column = near["i"].astype(np.intp), near["j"].astype(np.intp)
    metres = np.hypot(*(points[row] - suppliers[column]).T)
    minutes = np.round(metres * access.detour / speed, ROUNDING)
    close = minutes <= most_min
    return sp.csr_matrix((minutes[close], (row[close], column[close])), shape=shape)
