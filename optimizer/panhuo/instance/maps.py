"""What lies between people and places: the network they walk on, and the height of the ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Network:
    """Lines people walk and drive on, joined where they share a vertex.

    N nodes, E edges, V vertices. Every edge runs from its node ``start`` to its node ``end`` along its vertices; it may
    be walked in both directions.

    Parameters
    ----------
    xy : (N, 2) float [m]
        Positions of the nodes in the metric frame.
    start, end : (E,) int
        Nodes of every edge; the same one where it is a loop.
    length_m : (E,) float [m]
        Length, given or that of the shape; never negative.
    first : (E + 1,) int
        Where the vertices of each edge begin in ``shape``; those of edge e are ``shape[first[e]:first[e + 1]]``, two at
        least, the first and the last being its nodes.
    shape : (V, 2) float [m]
        Vertices in the metric frame.
    walk : (E,) bool
        People may walk there.
    stairs : (E,) bool
        Steps.
    span : (E,) bool
        A bridge or a tunnel: its height runs straight from one end to the other.
    drive_km_h : (2, E) float [km/h]
        Speed of a vehicle along the edge and against it; 0 where none may go.
    component : (N,) int
        Connected piece of the walkable edges a node lies in: 0 is the longest; -1 where no walkable edge meets it.
    component_m : (C,) float [m]
        Length of each piece.
    row : (E,) int
        Row of the file (or the number of the way) each edge was cut from.
    file : str
        File as the planner knows it.
    """

    xy: Floats
    start: Ints
    end: Ints
    length_m: Floats
    first: Ints
    shape: Floats
    walk: Bools
    stairs: Bools
    span: Bools
    drive_km_h: Floats
    component: Ints
    component_m: Floats
    row: Ints
    file: str


@dataclass(frozen=True, eq=False)
class Raster:
    """A grid of values over the ground, such as heights.

    Parameters
    ----------
    values : (R, C) float32
        Row 0 is the first of the file (usually the northernmost); NaN where there is no data.
    transform : (6,) float
        a, b, c, d, e, f of x = a·column + b·row + c, y = d·column + e·row + f, for the upper left corners of the cells,
        in the system ``crs``.
    crs : str
        Its system: EPSG:n, or local.
    file : str
        File as the planner knows it.
    """

    values: NDArray[np.float32]
    transform: tuple[float, float, float, float, float, float]
    crs: str
    file: str


@dataclass(frozen=True)
class Merging:
    """How far near demand points were moved when they were merged into one.

    Parameters
    ----------
    points : int
        Demand points before.
    merged : int
        Demand points after.
    allowed_min : float [min]
        The error the settings allow.
    largest_min : float [min]
        The largest error of a point: minutes of the slowest profile between it and the point that stands for it.
    mean_min : float [min]
        The error of the average resident.
    """

    points: int
    merged: int
    allowed_min: float
    largest_min: float
    mean_min: float
