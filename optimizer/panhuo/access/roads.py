"""Minutes a vehicle takes along the roads of the network."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.access.graph import cut
from panhuo.access.search import bounded
from panhuo.access.shapes import measured
from panhuo.access.snapping import snapped
from panhuo.access.standards import SLACK, within
from panhuo.access.ways import driving
from panhuo.instance.maps import Network
from panhuo.instance.policy import Access

Floats = NDArray[np.float64]


def driven(network: Network, access: Access, suppliers: Floats, points: Floats, most_min: float) -> sp.csr_matrix:
    """Give the minutes from suppliers to points along the roads, which may be open one way only.

    The way to the road and from it is driven at the speed of the settings; who is farther from every road than
    ``max_snap_m`` is not reached.

    Parameters
    ----------
    suppliers, points : (V, 2), (P, 2) float [m]
        Positions in the metric frame.
    most_min : float [min]
        Pairs farther than this are left out (closed); ``inf`` for none.

    Returns
    -------
    csr_matrix, (P, V) [min]
        Rounded.
    """
    shapes, way = measured(network), driving(network)
    at = snapped(shapes, way.usable, np.concatenate([suppliers, points]), access.max_snap_m)
    sides = at.part(0, len(suppliers)), at.part(len(suppliers), len(at.edge))
    leg = 60 / (access.driving.speed_km_h * 1000)
    # a search takes its time for every source: the fewer are the sources, points with every arc turned around
    reverse = len(points) < len(suppliers)
    sources, targets = sides[::-1] if reverse else sides
    cuts = cut(network, way, sources)
    found = bounded(
        cuts.graph(reverse=reverse), cuts.anchors(sources, 0, leg_cost=leg), most_min + SLACK,
        cuts.ends(targets, leaving=reverse, leg_cost=leg),
    ).csr()  # fmt: skip
    minutes = (found if reverse else found.T.tocsr()).sorted_indices()
    return within(minutes, 1.0, most_min)[0]
