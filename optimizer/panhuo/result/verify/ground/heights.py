"""How steep the ground is: heights along every edge, and the grade of each of its pieces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pyproj import Transformer
from scipy.ndimage import map_coordinates

from panhuo.instance.maps import Network, Raster
from panhuo.result.verify.ground.along import Floats, Ints, begins, running

_MICROMETRE = 1e-6
"""Metres by which rounding may make a length seem to exceed a whole number of pieces."""


@dataclass(frozen=True, eq=False)
class Shape:
    """The vertices of the edges, measured.

    Parameters
    ----------
    step_m : (V,) float [m]
        From each vertex to the next of its edge; 0 at the last.
    along_m : (V,) float [m]
        From the edge's start.
    length_m : (E,) float [m]
        Of the shape; a length that is given may be another.
    """

    step_m: Floats
    along_m: Floats
    length_m: Floats


def measured(network: Network) -> Shape:
    """Measure the shapes of the edges."""
    step = np.zeros(len(network.shape))
    step[:-1] = np.hypot(*np.diff(network.shape, axis=0).T)
    step[network.first[1:] - 1] = 0.0
    along = running(network.first, step)
    return Shape(step, along, along[network.first[1:] - 1])


@dataclass(frozen=True, eq=False)
class Relief:
    """The edges cut into pieces.

    Parameters
    ----------
    first : (E + 1,) int
        Where the stations of each edge begin; one more than it has pieces.
    piece_m : (S,) float [m]
        Length of the piece that begins at the station; 0 at the last.
    grade : (S,) float
        Rise over length of that piece, from start to end; 0 at the last.
    """

    first: Ints
    piece_m: Floats
    grade: Floats

    def steepest(self) -> Floats:
        """Give the steepest grade of each edge, up or down; (E,)."""
        steep: Floats = np.maximum.reduceat(np.abs(self.grade), self.first[:-1])
        return steep


def relief(network: Network, elevation: Raster | None, sample_m: float, frame_crs: str) -> Relief:
    """Cut every edge into pieces of equal length and find out how steep they are; without heights all is flat.

    Parameters
    ----------
    sample_m : float [m]
        No piece is longer, but where the edge spans what lies below.
    frame_crs : str
        The metric frame of the network.
    """
    shape = measured(network)
    pieces = np.maximum(np.ceil((shape.length_m - _MICROMETRE) / sample_m).astype(np.int64), 1)
    if elevation is None:
        pieces[:] = 1
    pieces[network.span] = 1
    first = begins(pieces + 1)
    edge = np.repeat(np.arange(len(pieces)), pieces + 1)
    rank = np.arange(first[-1]) - first[edge]
    length = (network.length_m / pieces)[edge]
    last = rank == pieces[edge]
    piece_m, grade = np.where(last, 0.0, length), np.zeros(len(edge))
    if elevation is not None:
        height = _completed(_heights(elevation, _at(network, shape, edge, rank / pieces[edge]), frame_crs), first, edge)
        rise = np.append(np.diff(height), 0.0)
        np.divide(rise, length, out=grade, where=~last & (length > 0))
    return Relief(first, piece_m, grade)


def _at(network: Network, shape: Shape, edge: Ints, fraction: Floats) -> Floats:
    """Find the positions at fractions of the shapes of edges, (S, 2) [m]."""
    # one number orders all vertices: whole for the edge, and below one for the way along it
    share = np.divide(shape.along_m, np.repeat(shape.length_m, np.diff(network.first)), where=shape.along_m > 0,
                      out=np.zeros(len(shape.along_m)))  # fmt: skip
    order = 2.0 * np.repeat(np.arange(len(shape.length_m)), np.diff(network.first)) + share
    vertex = np.searchsorted(order, 2.0 * edge + fraction, side="right") - 1
    vertex = np.clip(vertex, network.first[edge], network.first[edge + 1] - 2)
    beyond, step = fraction * shape.length_m[edge] - shape.along_m[vertex], shape.step_m[vertex]
    part = np.clip(np.divide(beyond, step, out=np.zeros(len(edge)), where=step > 0), 0.0, 1.0)
    here = network.shape[vertex]
    return here + part[:, None] * (network.shape[vertex + 1] - here)


def _heights(elevation: Raster, at: Floats, frame_crs: str) -> Floats:
    """Read heights between cell centres, over those of the four nearest that have data; NaN where none has."""
    x, y = at.T
    if elevation.crs != frame_crs:
        x, y = Transformer.from_crs(frame_crs, elevation.crs, always_xy=True).transform(x, y)
    a, b, c, d, e, f = elevation.transform
    column, row = np.linalg.solve(np.array([[a, b], [d, e]]), np.stack([np.subtract(x, c), np.subtract(y, f)]))
    rows, columns = elevation.values.shape
    inside = (column >= 0) & (column <= columns) & (row >= 0) & (row <= rows)
    cells = np.stack([row - 0.5, column - 0.5])
    known = np.isfinite(elevation.values)
    weight, sums = (
        map_coordinates(grid, cells, output=np.float64, order=1, mode="nearest")
        for grid in (known.astype(np.float64), np.where(known, elevation.values, 0.0).astype(np.float64))
    )
    return np.divide(sums, weight, out=np.full(len(weight), np.nan), where=inside & (weight > 0))


def _completed(height: Floats, first: Ints, edge: Ints) -> Floats:
    """Fill in unknown heights: in a line between the known ones of the edge, else like the nearest; 0 where none is."""
    known, station = np.isfinite(height), np.arange(len(height))
    before = np.maximum.accumulate(np.where(known, station, -1))
    after = np.minimum.accumulate(np.where(known, station, len(height))[::-1])[::-1]
    has_before, has_after = before >= first[edge], after < first[edge + 1]
    before, after = np.where(has_before, before, after), np.where(has_after, after, before)
    none = ~has_before & ~has_after
    before, after = np.where(none, 0, before), np.where(none, 0, after)
    part = np.divide(station - before, after - before, out=np.zeros(len(height)), where=after > before)
    filled: Floats = np.where(none, 0.0, height[before] + part * (height[after] - height[before]))
    return np.where(known, height, filled)
