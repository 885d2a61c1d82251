"""Shapes on the globe: in EPSG:4490, in which Chinese planning data are handed over, or in plain metres."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from panhuo.instance import Instance
from panhuo.instance.position.systems import GEOGRAPHIC, named

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]


def system(instance: Instance) -> str | None:
    """Name the system of the layers; ``None`` for plain metres, which have none."""
    return None if instance.metric_crs == "local" else GEOGRAPHIC


def positions(instance: Instance, x: Floats, y: Floats) -> Floats:
    """Bring positions of the metric frame [m] into the system of the layers, (N, 2)."""
    frame = named(instance.metric_crs)
    assert frame is not None  # reading chose it
    if system(instance) is not None:
        x, y = frame.lonlat(x, y)  # not by to_crs: some versions of pyproj take one point for a number
    return np.column_stack([x, y])


def points(instance: Instance, at: pd.DataFrame) -> Shapes:
    """Make the points of a table with positions."""
    found: Shapes = shapely.points(positions(instance, at["x_m"].to_numpy(float), at["y_m"].to_numpy(float)))
    return found


def lines(start: Shapes, end: Shapes) -> Shapes:
    """Join points by straight lines."""
    ends = np.stack([shapely.get_coordinates(start), shapely.get_coordinates(end)], axis=1)
    found: Shapes = shapely.linestrings(ends)
    return found


def polygons(instance: Instance, shapes: Shapes) -> Shapes:
    """Bring polygons of the metric frame into the system of the layers, as multi-polygons."""
    found: Shapes = np.empty(len(shapes), dtype=object)
    for n, shape in enumerate(shapes):
        if shape is not None:
            moved = shapely.transform(shape, lambda xy: positions(instance, xy[:, 0], xy[:, 1]))
            found[n] = shapely.multipolygons(shapely.get_parts(moved))
    return found
