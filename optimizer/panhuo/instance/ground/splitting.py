"""Lines cut into edges wherever they share a vertex, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.instance.ground.lines import Lines

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Edges:
    """Edges between nodes; names as in `panhuo.instance.maps.Network`.

    Parameters
    ----------
    xy : (N, 2) float [m]
        Positions of the nodes, in the order in which the lines come to them.
    start, end : (E,) int
        Nodes of every edge.
    first : (E + 1,) int
        Where the vertices of each edge begin in ``shape``.
    shape : (V, 2) float [m]
        Vertices.
    part : (E,) int
        The polyline each was cut from.
    origin : (E,) int
        Place of the first vertex of each in the lines, where those have no repeated vertices.
    """

    xy: Floats
    start: Ints
    end: Ints
    first: Ints
    shape: Floats
    part: Ints
    origin: Ints

    @property
    def edge_of(self) -> Ints:
        """The edge of every vertex of ``shape`` (V,)."""
        return np.repeat(np.arange(len(self.start)), np.diff(self.first))

    @property
    def shape_m(self) -> Floats:
        """Length of every shape [m]."""
        step = np.hypot(*np.diff(self.shape, axis=0).T)
        step[self.first[1:-1] - 1] = 0.0  # from one edge to the next
        length: Floats = np.bincount(self.edge_of[1:], step, len(self.start)).astype(np.float64)
        return length


def tidy(lines: Lines) -> Lines:
    """Drop repeated vertices, and polylines of which nothing is left."""
    xy, part = lines.xy, lines.part
    keep = np.ones(len(part), dtype=bool)
    keep[1:] = (xy[1:] != xy[:-1]).any(axis=1) | (part[1:] != part[:-1])
    left = np.bincount(part[keep], minlength=len(lines.record)) >= 2
    return taken(lines, keep & left[part], left)


def taken(lines: Lines, vertices: Bools, parts: Bools) -> Lines:
    """Take some vertices of some polylines, which are numbered anew."""
    if vertices.all() and parts.all():
        return lines
    number = np.cumsum(parts) - 1
    return Lines(lines.xy[vertices], number[lines.part[vertices]], lines.record[parts])


def same_position(xy: Floats) -> Ints:
    """Give positions numbers in the order in which they come; equal ones have the same number.

    Positions are whole millimetres within 3,000 km (`lines.STRAY_KM`), so both axes fit into one whole number.
    """
    if not len(xy):
        return np.empty(0, dtype=np.int64)
    x, y = (np.rint((axis - axis.min()) * 1000).astype(np.int64) for axis in xy.T)
    numbers: Ints = pd.factorize(x * (y.max() + 1) + y)[0].astype(np.int64)
    return numbers


def split(lines: Lines) -> Edges:
    """Cut polylines into edges.

    A vertex is a node where a polyline ends or where vertices of several polylines, or several of one, lie. Lines that
    merely cross do not touch.

    Parameters
    ----------
    lines : Lines
        Without repeated vertices: see `tidy`.
    """
    part, vertex = lines.part, same_position(lines.xy)
    opens, closes = np.ones(len(part), dtype=bool), np.ones(len(part), dtype=bool)
    opens[1:] = closes[:-1] = part[1:] != part[:-1]
    cut = opens | closes | (np.bincount(vertex, minlength=1)[vertex] > 1)
    at = np.flatnonzero(cut)
    begins = ~closes[at]
    origin, stop = at[begins], at[1:][begins[:-1]]
    count = stop - origin + 1
    first = np.concatenate([[0], np.cumsum(count)])
    takes = np.arange(first[-1]) + np.repeat(origin - first[:-1], count)
    place = np.full(vertex.max(initial=-1) + 1, -1)
    place[vertex[at]] = at
    node = place >= 0
    number = np.cumsum(node) - 1
    return Edges(
        lines.xy[place[node]],
        number[vertex[origin]],
        number[vertex[stop]],
        first,
        lines.xy[takes],
        part[origin],
        origin,
    )
