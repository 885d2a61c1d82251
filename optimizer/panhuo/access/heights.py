"""Grades along the edges, from a raster of heights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panhuo.access.shapes import Shapes
from panhuo.instance.ground.heights import grid, to_raster
from panhuo.instance.maps import Network, Raster

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_BATCH = 1_000_000
"""Stations looked up at a time: what is needed on the way stays small."""

_MICROMETRE = 1e-6
"""Shapes longer than a whole number of pieces by less than this [m] are not cut once more: that is rounding."""


@dataclass(frozen=True, eq=False)
class Relief:
    """The pieces of equal length every edge is cut into, and how steep they are.

    Parameters
    ----------
    first : (E + 1,) int
        Where the pieces of each edge begin.
    grade : (P,) float
        Rise over length in the direction of the edge.
    """

    first: Ints
    grade: Floats


def relief(network: Network, shapes: Shapes, elevation: Raster | None, sample_m: float, crs: str) -> Relief:
    """Take heights along the walkable edges.

    Stations lie ``sample_m`` apart at most; spans (bridges, tunnels) have those at their ends only. Between known
    heights unknown ones are put on a line along the edge, beyond them the nearest known one holds. An edge without any
    is flat: reading has made a fault of it where the settings say so.

    Parameters
    ----------
    elevation : Raster, optional
        Heights [m]; none: all is flat.
    sample_m : float [m]
        Longest piece.
    crs : str
        System of the network.
    """
    edges = len(network.start)
    if elevation is None:
        return Relief(np.arange(edges + 1), np.zeros(edges))
    cut = network.walk & ~network.span
    pieces = np.where(cut, np.ceil((shapes.length_m - _MICROMETRE) / sample_m), 1).astype(np.int64)
    pieces = np.maximum(pieces, 1)
    first = np.concatenate([[0], np.cumsum(pieces + 1)])
    edge = np.repeat(np.arange(edges), pieces + 1)
    share = (np.arange(len(edge)) - first[edge]) / pieces[edge]
    known = network.walk[edge]
    height = np.full(len(edge), np.nan)
    height[known] = bilinear(elevation, shapes.at(edge[known], share[known]), crs)
    height = _filled(height, edge)
    height = np.nan_to_num(height, nan=0.0)
    within = np.ones(len(edge), dtype=bool)
    within[first[1:] - 1] = False  # the last station of an edge begins no piece
    rise = np.diff(height, append=0.0)[within]
    length = np.repeat(network.length_m / pieces, pieces)
    grade = np.divide(rise, length, out=np.zeros_like(rise), where=length > 0)
    return Relief(np.concatenate([[0], np.cumsum(pieces)]), grade)


def bilinear(raster: Raster, xy: Floats, crs: str) -> Floats:
    """Read a raster between its cell centres.

    Parameters
    ----------
    xy : (M, 2) float
        Positions in the system ``crs``.

    Returns
    -------
    (M,) float
        Weighted by nearness over those of the four nearest cells that have data; NaN where none has, and outside.
        Within half a cell of the border the border cell holds.
    """
    out = np.empty(len(xy))
    for begin in range(0, len(xy), _BATCH):
        here = slice(begin, begin + _BATCH)
        out[here] = _between(raster.values, *grid(raster, *to_raster(xy[here], raster, crs)))
    return out


def _between(values: NDArray[np.float32], column: Floats, row: Floats) -> Floats:
    rows, columns = values.shape
    with np.errstate(invalid="ignore"):  # where a position has none in the raster's system
        inside = (column >= 0) & (column <= columns) & (row >= 0) & (row <= rows)
    u = np.clip(np.where(inside, column, 0.0) - 0.5, 0, columns - 1)
    v = np.clip(np.where(inside, row, 0.0) - 0.5, 0, rows - 1)
    left, top = np.floor(u).astype(np.int64), np.floor(v).astype(np.int64)
    total, weights = np.zeros(len(u)), np.zeros(len(u))
    for right in (0, 1):
        for below in (0, 1):
            weight = (u - left if right else 1 - (u - left)) * (v - top if below else 1 - (v - top))
            at = values[np.minimum(top + below, rows - 1), np.minimum(left + right, columns - 1)].astype(np.float64)
            weight[np.isnan(at)] = 0.0
            total += weight * np.nan_to_num(at, nan=0.0)
            weights += weight
    known = inside & (weights > 0)
    return np.divide(total, weights, out=np.full(len(u), np.nan), where=known)


def _filled(height: Floats, edge: Ints) -> Floats:
    """Fill unknown stations from the known ones of the same edge."""
    station = np.arange(len(height))
    known = ~np.isnan(height)
    if known.all() or not known.any():
        return height
    before = np.maximum.accumulate(np.where(known, station, -1))
    after = np.minimum.accumulate(np.where(known, station, len(height))[::-1])[::-1]
    has_before = (before >= 0) & (edge[np.maximum(before, 0)] == edge)
    has_after = (after < len(height)) & (edge[np.minimum(after, len(height) - 1)] == edge)
    low = np.where(has_before, before, np.where(has_after, after, station))
    high = np.where(has_after, after, low)
    part = np.divide(station - low, high - low, out=np.zeros(len(height)), where=high > low)
    filled: Floats = height[low] * (1 - part) + height[high] * part
    return np.where(known, height, filled)
