"""The nearest place on an edge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panhuo.access.shapes import Shapes
from panhuo.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_MICROMETRE = 1e-6
"""What is nearer by less than this [m] is as near: edges at the same distance differ by rounding only."""


@dataclass(frozen=True, eq=False)
class Positions:
    """Where points lie on the network.

    Parameters
    ----------
    edge : (M,) int
        The edge; -1 for a point off the network.
    share : (M,) float
        Share of the edge's length from its start, 0 to 1.
    leg_m : (M,) float [m]
        Straight distance to that place; infinite off the network.
    """

    edge: Ints
    share: Floats
    leg_m: Floats

    @property
    def on(self) -> Bools:
        """The points that are on the network, (M,)."""
        return self.edge >= 0

    def part(self, begin: int, end: int) -> Positions:
        """Give the points from ``begin`` up to ``end``."""
        return Positions(self.edge[begin:end], self.share[begin:end], self.leg_m[begin:end])


def snapped(shapes: Shapes, usable: Bools, xy: Floats, most_m: float) -> Positions:
    """Find for every point the nearest place on the edges that may be used.

    Segments are kept in a grid of square cells; a point looks into its own cell and then ring by ring outwards, until
    no cell farther out can hold anything nearer.

    Parameters
    ----------
    usable : (E,) bool
        The edges.
    xy : (M, 2) float [m]
        The points.
    most_m : float [m]
        Points farther than this from every edge are off the network.

    Returns
    -------
    Positions
        Of places equally near the one on the edge of the lowest number.
    """
    edge = np.repeat(np.arange(len(usable)), np.diff(shapes.first))
    begins = usable[edge]
    begins[shapes.first[1:] - 1] = False  # the last vertex of an edge begins no segment
    vertex = np.flatnonzero(begins)
    if not len(vertex) or not len(xy):
        return Positions(np.full(len(xy), -1), np.zeros(len(xy)), np.full(len(xy), np.inf))
    low = shapes.xy[vertex], shapes.xy[vertex + 1]
    origin = np.minimum(low[0].min(axis=0), low[1].min(axis=0))
    size = np.maximum(low[0].max(axis=0), low[1].max(axis=0)) - origin
    mean_m = float(np.hypot(*(low[1] - low[0]).T).mean())
    cell = max(mean_m, float(np.sqrt(size.prod() / len(vertex))), float(size.max()) / len(vertex), 1.0)
    columns, rows = (size // cell).astype(np.int64) + 1
    first, held = _laid_out(low[0] - origin, low[1] - origin, cell, columns, rows)
    at, part, leg = _nearest(
        np.ascontiguousarray(xy, dtype=np.float64) - origin, low[0] - origin, low[1] - origin, first, held, cell,
        columns, rows, most_m,
    )  # fmt: skip
    found = at >= 0
    at = vertex[at]
    reached = shapes.along[at] + part * (shapes.along[at + 1] - shapes.along[at])
    whole = shapes.length_m[edge[at]]
    share = np.divide(reached, whole, out=np.zeros(len(xy)), where=found & (whole > 0))
    return Positions(np.where(found, edge[at], -1), np.minimum(share, 1.0), leg)


@compiled
def _span(a: Floats, b: Floats, k: int, column: int, cell: float, rows: int) -> tuple[int, int]:
    """Give the rows of the grid that segment k runs through in a column; a millimetre is added to be safe."""
    x, y, u, v = a[k, 0], a[k, 1], b[k, 0], b[k, 1]
    if u != x:
        t = (column * cell - 0.001 - x) / (u - x)
        s = ((column + 1) * cell + 0.001 - x) / (u - x)
        t, s = min(max(t, 0.0), 1.0), min(max(s, 0.0), 1.0)
        y, v = y + t * (v - y), y + s * (v - y)
    low = int(np.floor((min(y, v) - 0.001) / cell))
    high = int(np.floor((max(y, v) + 0.001) / cell))
    return max(low, 0), min(high, rows - 1)


@compiled
def _laid_out(a: Floats, b: Floats, cell: float, columns: int, rows: int) -> tuple[Ints, NDArray[np.int32]]:
    """List the segments that run through each cell: where a cell's begin, and their numbers in rising order."""
    first = np.zeros(columns * rows + 1, dtype=np.int64)
    for k in range(len(a)):
        left = max(int((min(a[k, 0], b[k, 0]) - 0.001) / cell), 0)
        right = min(int((max(a[k, 0], b[k, 0]) + 0.001) / cell), columns - 1)
        for column in range(left, right + 1):
            low, high = _span(a, b, k, column, cell, rows)
            for row in range(low, high + 1):
                first[column * rows + row + 1] += 1
    for n in range(columns * rows):
        first[n + 1] += first[n]
    fill = first[:-1].copy()
    held = np.empty(first[-1], dtype=np.int32)
    for k in range(len(a)):
        left = max(int((min(a[k, 0], b[k, 0]) - 0.001) / cell), 0)
        right = min(int((max(a[k, 0], b[k, 0]) + 0.001) / cell), columns - 1)
        for column in range(left, right + 1):
            low, high = _span(a, b, k, column, cell, rows)
            for row in range(low, high + 1):
                held[fill[column * rows + row]] = k
                fill[column * rows + row] += 1
    return first, held


@compiled
def _nearest(
    xy: Floats,
    a: Floats,
    b: Floats,
    first: Ints,
    held: NDArray[np.int32],
    cell: float,
    columns: int,
    rows: int,
    most: float,
) -> tuple[Ints, Floats, Floats]:
    """Give the nearest segment to each point (-1: none within ``most``), the share along it, and the distance."""
    at = np.full(len(xy), -1)
    part, leg = np.zeros(len(xy)), np.full(len(xy), np.inf)
    for i in range(len(xy)):
        x, y = xy[i, 0], xy[i, 1]
        column, row = int(np.floor(x / cell)), int(np.floor(y / cell))
        # what lies in cells more than `ring` away is at least so far plus `ring` cells
        inner = min(x - column * cell, (column + 1) * cell - x, y - row * cell, (row + 1) * cell - y)
        best, ring = most, 0
        while inner + (ring - 1) * cell <= best + _MICROMETRE or ring == 0:
            for c in range(max(column - ring, 0), min(column + ring, columns - 1) + 1):
                edge_column = c in (column - ring, column + ring)
                step = 1 if edge_column or ring == 0 else 2 * ring
                for r in range(row - ring, row + ring + 1, step):
                    if r < 0 or r >= rows:
                        continue
                    for n in range(first[c * rows + r], first[c * rows + r + 1]):
                        k = held[n]
                        dx, dy = b[k, 0] - a[k, 0], b[k, 1] - a[k, 1]
                        square = dx * dx + dy * dy
                        t = 0.0
                        if square > 0:
                            t = min(max(((x - a[k, 0]) * dx + (y - a[k, 1]) * dy) / square, 0.0), 1.0)
                        d = np.hypot(a[k, 0] + t * dx - x, a[k, 1] + t * dy - y)
                        nearer = d < best - _MICROMETRE or (at[i] < 0 and d <= best)
                        if nearer or (d <= best + _MICROMETRE and k < at[i]):
                            at[i], part[i], leg[i] = k, t, d
                            best = min(best, d)
            ring += 1
    return at, part, leg
