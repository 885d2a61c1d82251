"""The ground of the quarter: a river that winds from west to east, and the terraces above its banks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import ArrayLike, NDArray
from rasterio.transform import from_origin

Floats = NDArray[np.float64]

CRS = "EPSG:4544"
EAST, NORTH = 560_000.0, 3_280_000.0
WIDE, HIGH = 3000.0, 2400.0
CELL_M = 20.0
MARGIN_M = 100.0
WATER_M = 180.0
QUAY_M = 60.0
TERRACE_M = 130.0


def river(x: ArrayLike) -> Floats:
    """Northing of the middle of the river [m above the south edge] at so many metres from the west edge."""
    return 1200 + 140 * np.sin(2 * np.pi * (np.asarray(x, dtype=float) - 200) / 2600)


def place(x: ArrayLike, off: ArrayLike) -> Floats:
    """Give positions, (n, 2) [m] in the frame: ``x`` along the river, ``off`` north (+) or south (−) of its middle."""
    x, off = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(off, dtype=float))
    return np.column_stack([EAST + x.ravel(), NORTH + (river(x) + off).ravel()])


def height(xy: Floats) -> Floats:
    """Height of the ground [m] at positions (n, 2): flat at the river, gentle in the north, steep in the south."""
    x, y = xy[:, 0] - EAST, xy[:, 1] - NORTH
    off = y - river(x)
    up = np.clip(np.abs(off) - QUAY_M, 0, None)
    quay = np.clip((np.abs(off) - QUAY_M + 15) / 15, 0, 1) * 6
    rise = np.where(off > 0, 0.075, 0.16) * up
    # between two streets the slope steepens, along them it eases
    step = np.where(off > 0, 0.8, 1.2) * np.sin(2 * np.pi * (up - TERRACE_M) / TERRACE_M) * np.clip(up / 200, 0, 1)
    knoll = 34 * np.exp(-(((x - 2250) / 380) ** 2) - ((off - 620) / 260) ** 2)
    saddle = -22 * np.exp(-(((x - 1500) / 130) ** 2)) * np.clip((-off - 330) / 200, 0, 1)
    return WATER_M + quay + rise - step + knoll + saddle


def write(path: Path) -> None:
    """Write the heights as a GeoTIFF, rounded to the decimetre."""
    wide, high = int((WIDE + 2 * MARGIN_M) / CELL_M), int((HIGH + 2 * MARGIN_M) / CELL_M)
    x = EAST - MARGIN_M + CELL_M * (np.arange(wide) + 0.5)
    y = NORTH + HIGH + MARGIN_M - CELL_M * (np.arange(high) + 0.5)
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    values = np.round(height(grid), 1).astype(np.float32).reshape(high, wide)
    profile = {"driver": "GTiff", "width": wide, "height": high, "count": 1, "dtype": "float32", "crs": CRS}
    profile |= {"transform": from_origin(EAST - MARGIN_M, NORTH + HIGH + MARGIN_M, CELL_M, CELL_M)}
    with rasterio.open(path, "w", **profile, nodata=-9999.0, compress="deflate", predictor=3, zlevel=9) as file:
        file.write(values, 1)
