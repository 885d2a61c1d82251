"""Small rasters and polygons, written for a test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio
from affine import Affine
from shapely.geometry.base import BaseGeometry

from panhuo.instance.reading.raw import MapFile

WEST, NORTH, CELL = 105.72, 29.71, 0.01
GRID = Affine(CELL, 0, WEST, 0, -CELL, NORTH)


def write_raster(
    path: Path,
    values: Any,
    *,
    transform: Affine | None = GRID,
    crs: str | None = "EPSG:4490",
    nodata: float | None = None,
    scale: tuple[float, float] | None = None,
) -> MapFile:
    """Write a GeoTIFF; values (R, C) are one band, (B, R, C) several."""
    bands = np.asarray(values) if np.ndim(values) == 3 else np.asarray(values)[None]
    count, height, width = bands.shape
    profile = {"driver": "GTiff", "dtype": bands.dtype, "count": count, "height": height, "width": width}
    with rasterio.open(path, "w", **profile, crs=crs, transform=transform, nodata=nodata) as out:
        out.write(bands)
        if scale is not None:
            out.scales, out.offsets = [scale[0]] * count, [scale[1]] * count
    return MapFile(path, path.name)


def write_circles(path: Path, circles: dict[str, BaseGeometry], crs: str = "EPSG:4490") -> None:
    """Write a layer of circles."""
    frame = gpd.GeoDataFrame({"circle": list(circles)}, geometry=list(circles.values()), crs=crs)
    frame.to_file(path, engine="pyogrio")
