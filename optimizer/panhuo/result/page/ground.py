"""The ground of life circles, for the map: what is nearest to their demand points."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from panhuo.instance import Instance

Rings = list[list[list[list[int]]]]
"""Polygons of one circle, each a list of rings (the shell first), each ring its coordinates one after the other."""

_SPACINGS = 1.6
"""Radius of the ground of a demand point, in mean distances between points spread evenly over the district."""

_LEAST, _MOST = 60.0, 3000.0
"""Bounds of that radius [m]."""


def grounds(instance: Instance) -> tuple[list[str], list[Rings]]:
    """Outline every life circle: all that is nearest to one of its demand points and not far from it.

    Circles have no borders here (their polygons, where given, only sort people into them), so what is drawn is
    the Voronoi cells of the demand points within a radius around them.

    Returns
    -------
    circles : list of str
        Those that have demand points.
    outlines : list
        Their polygons, whole metres of the metric frame, relative to nothing.
    """
    demand = instance["demand"]
    at = np.unique(demand[["x_m", "y_m"]].to_numpy(float).round(1), axis=0)
    owner = dict(zip(map(tuple, demand[["x_m", "y_m"]].to_numpy(float).round(1)), demand["circle"], strict=True))
    radius = _radius(at)
    points = shapely.points(at)
    around = shapely.box(*(at.min(axis=0) - 3 * radius), *(at.max(axis=0) + 3 * radius))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=around))
    tree = shapely.STRtree(cells)
    point, cell = tree.query(points, predicate="intersects")
    first = np.unique(point, return_index=True)[1]
    cell = cell[first]
    mine = np.array([owner[tuple(xy)] for xy in at], dtype=object)
    land = shapely.union_all(shapely.buffer(points, radius, quad_segs=6))
    names = [c for c in instance["circles"]["circle"] if (mine == c).any()]
    whole = shapely.intersection([shapely.union_all(cells[cell[mine == c]]) for c in names], land)
    found = [_rings(shape) for shape in whole]
    return names, found


def _radius(at: NDArray[np.float64]) -> float:
    """Say how far from a demand point its ground reaches [m]: in step with how many points there are on the land."""
    wide, high = np.ptp(at, axis=0) if len(at) else (0.0, 0.0)
    land = max(wide, high / 4) * max(high, wide / 4)  # a street is given some ground beside it
    spacing = np.sqrt(land / max(len(at), 1))
    return float(np.clip(_SPACINGS * spacing, _LEAST, _MOST))


def _rings(shape: shapely.Geometry) -> Rings:
    found: Rings = []
    for polygon in shapely.get_parts(shape):
        if shapely.get_type_id(polygon) != shapely.GeometryType.POLYGON:
            continue
        rings = [polygon.exterior, *polygon.interiors]
        found.append([np.rint(shapely.get_coordinates(ring)).astype(int).T.tolist() for ring in rings])
    return found
