"""The ground of life circles, for the map: their polygons, or else what is nearest to their demand points."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from panhuo.instance import Instance

_SPACINGS = 1.6
"""Radius of the ground of a demand point, in mean distances between points spread evenly over the district."""

_LEAST, _MOST = 60.0, 3000.0
"""Bounds of that radius [m]."""

_POINTS = 4000
"""Positions that ground is drawn around, at most: of more, one in each square of a grid stands for its circle."""

_CORNERS = 40_000
"""Corners of given polygons that are drawn, at most."""


def grounds(instance: Instance) -> tuple[list[str], NDArray[Any]]:
    """Outline every life circle: its polygon, or where none are given all that is nearest to its demand points.

    What is nearest to demand points, and not far from them: the Voronoi cells of the points within a radius around
    them.

    Returns
    -------
    circles : list of str
        Those that have ground.
    shapes : (n,) array of shapely geometries
        Their polygons, in the metric frame.
    """
    circles = instance["circles"]["circle"].tolist()
    if instance.outlines is not None:
        return circles, _drawable(instance.outlines)
    at, mine = _thinned(instance)
    radius = _radius(at)
    points = shapely.points(at)
    around = shapely.box(*(at.min(axis=0) - 3 * radius), *(at.max(axis=0) + 3 * radius))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=around))
    point, cell = shapely.STRtree(cells).query(points, predicate="intersects")
    cell = cell[np.unique(point, return_index=True)[1]]
    land = shapely.union_all(shapely.buffer(points, radius, quad_segs=6))
    names = [c for c in circles if (mine == c).any()]
    whole = shapely.intersection([shapely.union_all(cells[cell[mine == c]]) for c in names], land)
    return names, np.array([_polygons(shape) for shape in whole], dtype=object)


def _polygons(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """Leave out the lines and points at which a cell only touches the land."""
    parts = shapely.get_parts(shape)
    return shapely.MultiPolygon(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON].tolist())


def _drawable(outlines: NDArray[Any]) -> NDArray[Any]:
    """Leave out corners that cannot be seen."""
    metres = 0.5
    shapes = shapely.simplify(outlines, metres)
    while shapely.get_num_coordinates(shapes).sum() > _CORNERS and metres < _MOST:
        metres *= 2
        shapes = shapely.simplify(outlines, metres)
    found: NDArray[Any] = shapes
    return found


def _thinned(instance: Instance) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Give the positions of people, and their circles; of two circles at one position the last counts."""
    demand = instance["demand"][["x_m", "y_m", "circle"]].round({"x_m": 1, "y_m": 1})
    demand = demand.drop_duplicates(["x_m", "y_m"], keep="last")
    square, kept = 1.0, demand
    while len(kept) > _POINTS:
        square *= 2
        cells = np.floor(demand[["x_m", "y_m"]] / square)
        kept = demand[~cells.assign(circle=demand["circle"]).duplicated()]
        if square > _MOST:
            break
    return kept[["x_m", "y_m"]].to_numpy(float), kept["circle"].to_numpy(object)


def _radius(at: NDArray[np.float64]) -> float:
    """Say how far from a demand point its ground reaches [m]: in step with how many points there are on the land."""
    wide, high = np.ptp(at, axis=0) if len(at) else (0.0, 0.0)
    land = max(wide, high / 4) * max(high, wide / 4)  # a street is given some ground beside it
    spacing = np.sqrt(land / max(len(at), 1))
    return float(np.clip(_SPACINGS * spacing, _LEAST, _MOST))
