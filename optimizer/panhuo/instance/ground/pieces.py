"""Which walked edges hang together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def pieces(start: Ints, end: Ints, length_m: Floats, walk: Bools, nodes: int) -> tuple[Ints, Floats]:
    """Give numbers to the connected pieces of the walked edges, the longest first.

    Parameters
    ----------
    start, end : (E,) int
        Nodes of the edges.
    length_m : (E,) float [m]
        Their lengths.
    walk : (E,) bool
        Edges people walk on; the others join nothing.
    nodes : int
        Number of nodes.

    Returns
    -------
    (nodes,) int
        The piece of every node, -1 where no walked edge meets it; of equally long pieces the one whose first node comes
        first has the lower number.
    (C,) float [m]
        The length of every piece.
    """
    one = np.ones(int(walk.sum()), dtype=np.int8)
    graph = coo_array((one, (start[walk], end[walk])), shape=(nodes, nodes))
    count, label = connected_components(graph, directed=False)
    metres = np.bincount(label[start[walk]], length_m[walk], count).astype(np.float64)
    walked = np.zeros(count, dtype=bool)
    walked[label[start[walk]]] = True
    order = np.lexsort([-metres, ~walked])
    number = np.full(count, -1, dtype=np.int64)
    there = order[: int(walked.sum())]
    number[there] = np.arange(len(there))
    piece: Ints = number[label]
    return piece, metres[there]
