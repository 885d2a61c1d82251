"""Distances as levels: each demand point's distances in ascending order, equal ones once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from panhuo_models.data.arrays import Floats, Ints
from panhuo_models.data.location import Serving


@dataclass(frozen=True, eq=False)
class Levels:
    """The levels n of all demand points, in turn.

    Parameters
    ----------
    point : (N,) int
        i of each level.
    distance : (N,) float
        D[i,k].
    level : (pairs,) int
        The level n of each pair (i, j).
    site : (pairs,) int
        j of each pair; pairs in the order of their levels.
    """

    point: Ints
    distance: Floats
    level: Ints
    site: Ints

    @property
    def first(self) -> Ints:
        """The first level of each demand point that has one."""
        return np.flatnonzero(np.diff(self.point, prepend=-1))

    @property
    def last(self) -> Ints:
        """The last level of each demand point that has one."""
        return np.flatnonzero(np.diff(self.point, append=-1))


def levels(data: Serving) -> Levels:
    """Put the distances of every demand point in order.

    Parameters
    ----------
    data : Serving
        Distances of D demand points to J sites.

    Returns
    -------
    Levels
        Of demand points in turn, nearest first.
    """
    distance = data.distance.tocsr()
    row = np.repeat(np.arange(distance.shape[0]), np.diff(distance.indptr))
    order = np.lexsort((distance.indices, distance.data, row))
    point, far = row[order], distance.data[order]
    new = (np.diff(point, prepend=-1) != 0) | (np.diff(far, prepend=-1.0) != 0)
    return Levels(point[new], far[new], np.cumsum(new) - 1, distance.indices[order].astype(np.int64))
