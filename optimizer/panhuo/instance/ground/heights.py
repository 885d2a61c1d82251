"""Where along the network heights are looked up, and which are there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panhuo.instance.maps import Network, Raster
from panhuo.instance.position.systems import System, from_lonlat, named

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

AT_ONCE = 100_000
"""Edges looked at a time, so that memory stays small."""
GRADED = 20_000
"""Edges looked at to see how steep a network is."""
ROUNDING_M = 1e-6
"""A shape longer than whole pieces by less than this is not cut once more."""


@dataclass(frozen=True)
class Looked:
    """What looking heights up along walked edges found.

    Parameters
    ----------
    edges : (E,) int
        The walked edges.
    unknown : (E,) bool
        No height is known anywhere along the edge.
    outside : (E,) float
        Share of its stations that lie outside the raster.
    cells : (K,) int
        Cells (row · columns + column) that lie under some station, the nearest to each; every one once.
    """

    edges: Ints
    unknown: Bools
    outside: Floats
    cells: Ints


def look_up(network: Network, raster: Raster, sample_m: float, frame_crs: str) -> Looked:
    """Look heights up along walked edges.

    Every edge is cut into the fewest pieces of equal length that are not longer than ``sample_m``; stations lie at
    their ends. A bridge or tunnel has one at either end only.

    Parameters
    ----------
    network : Network
        The lines, in the frame.
    raster : Raster
        The heights.
    sample_m : float [m]
        Distance of stations.
    frame_crs : str
        The metric frame.
    """
    walked = np.flatnonzero(network.walk)
    unknown, outside = np.ones(len(walked), dtype=bool), np.zeros(len(walked))
    under: list[Ints] = []
    for low in range(0, len(walked), AT_ONCE):
        edges = walked[low : low + AT_ONCE]
        edge, xy = _stations(network, edges, sample_m)
        column, row = grid(raster, *to_raster(xy, raster, frame_crs))
        inside = _inside(raster, column, row)
        known = np.zeros(len(xy), dtype=bool)
        known[inside] = _has_data(raster, column[inside], row[inside])
        count = np.bincount(edge, minlength=len(edges))
        unknown[low : low + AT_ONCE] = np.bincount(edge, known, len(edges)) == 0
        outside[low : low + AT_ONCE] = np.bincount(edge, ~inside, len(edges)) / count
        rows, columns = raster.values.shape
        nearest_row = np.minimum(row[inside].astype(np.int64), rows - 1)
        under.append(np.unique(nearest_row * columns + np.minimum(column[inside].astype(np.int64), columns - 1)))
    return Looked(walked, unknown, outside, np.unique(np.concatenate(under)))


def grades(network: Network, raster: Raster, frame_crs: str) -> Floats:
    """Tell how steep walked edges are from end to end (rise over length), of about `GRADED` of them, evenly taken.

    Heights are interpolated between the four nearest cell centres; edges at an end of which one of them has no data are
    left out, as are those without length.
    """
    walked = np.flatnonzero(network.walk & (network.length_m > 0))
    edges = walked[:: max(len(walked) // GRADED, 1)]
    rise = _height(network.xy[network.end[edges]], raster, frame_crs)
    rise -= _height(network.xy[network.start[edges]], raster, frame_crs)
    steep = np.abs(rise) / network.length_m[edges]
    known: Floats = steep[np.isfinite(steep)]
    return known


def _height(xy: Floats, raster: Raster, frame_crs: str) -> Floats:
    """Interpolate heights; NaN outside the raster and where a cell around has no data."""
    column, row = grid(raster, *to_raster(xy, raster, frame_crs))
    rows, columns = raster.values.shape
    inside = _inside(raster, column, row)
    u = np.clip(np.where(inside, column, 0) - 0.5, 0, columns - 1)
    v = np.clip(np.where(inside, row, 0) - 0.5, 0, rows - 1)
    left, top = np.floor(u).astype(np.int64), np.floor(v).astype(np.int64)
    right, below = np.minimum(left + 1, columns - 1), np.minimum(top + 1, rows - 1)
    across, down = u - left, v - top
    values = raster.values
    upper = values[top, left] * (1 - across) + values[top, right] * across
    lower = values[below, left] * (1 - across) + values[below, right] * across
    return np.where(inside, upper * (1 - down) + lower * down, np.nan)


def to_raster(xy: Floats, raster: Raster, frame_crs: str) -> tuple[Floats, Floats]:
    """Bring positions of the frame into the system of the raster."""
    x, y = np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])
    if raster.crs == frame_crs:
        return x, y
    frame = named(frame_crs)
    return from_lonlat(raster.crs, *frame.lonlat(x, y)) if isinstance(frame, System) else (x, y)


def grid(raster: Raster, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Tell in which column and row positions lie; whole numbers are the borders of cells."""
    a, b, c, d, e, f = raster.transform
    size = a * e - b * d
    return (e * (x - c) - b * (y - f)) / size, (a * (y - f) - d * (x - c)) / size


def _inside(raster: Raster, column: Floats, row: Floats) -> Bools:
    rows, columns = raster.values.shape
    inside: Bools = (column >= 0) & (column <= columns) & (row >= 0) & (row <= rows)
    return inside


def _has_data(raster: Raster, column: Floats, row: Floats) -> Bools:
    """Tell whether one of the four cells whose centres lie nearest, of those that weigh anything, has data."""
    rows, columns = raster.values.shape
    u, v = np.clip(column - 0.5, 0, columns - 1), np.clip(row - 0.5, 0, rows - 1)
    left, top = np.floor(u).astype(np.int64), np.floor(v).astype(np.int64)
    right, below = np.ceil(u).astype(np.int64), np.ceil(v).astype(np.int64)  # the same cell where it weighs nothing
    there = np.zeros(len(u), dtype=bool)
    for at_column in (left, right):
        for at_row in (top, below):
            there |= ~np.isnan(raster.values[at_row, at_column])
    return there


def _stations(network: Network, edges: Ints, sample_m: float) -> tuple[Ints, Floats]:
    """Place stations along edges: the edge (its place in ``edges``) of each, and its position."""
    count = network.first[edges + 1] - network.first[edges]
    first = np.concatenate([[0], np.cumsum(count)])
    takes = np.arange(first[-1]) + np.repeat(network.first[edges] - first[:-1], count)
    shape = network.shape[takes]
    step = np.hypot(*np.diff(shape, axis=0).T)
    step[first[1:-1] - 1] = 0.0  # from one edge to the next
    run = np.concatenate([[0.0], np.cumsum(step)])
    begin, length = run[first[:-1]], run[first[1:] - 1] - run[first[:-1]]
    pieces = np.maximum(np.ceil((length - ROUNDING_M) / sample_m), 1).astype(np.int64)
    pieces[network.span[edges]] = 1
    edge = np.repeat(np.arange(len(edges)), pieces + 1)
    number = np.arange(len(edge)) - np.repeat(np.cumsum(pieces + 1) - pieces - 1, pieces + 1)
    at = begin[edge] + number / pieces[edge] * length[edge]
    after = np.clip(np.searchsorted(run, at), first[edge] + 1, first[edge + 1] - 1)
    gap = run[after] - run[after - 1]
    part = np.divide(at - run[after - 1], gap, out=np.zeros(len(at)), where=gap > 0)
    return edge, shape[after - 1] + np.clip(part, 0, 1)[:, None] * (shape[after] - shape[after - 1])
