"""The cells of a GeoTIFF that lie around a network."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from panhuo.instance.findings import Findings
from panhuo.instance.ground import heights
from panhuo.instance.maps import Network, Raster
from panhuo.instance.policy import Settings
from panhuo.instance.position import placing, systems
from panhuo.instance.reading.raw import MapFile
from panhuo.words import T, Text

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

LOWEST_M, HIGHEST_M = -500.0, 9000.0
"""No ground lies lower or higher: a value beyond is taken for no data (the shore of the Dead Sea, Mount Everest)."""
MARGIN = 2
"""Cells kept around the network, so that those of its border are there."""


@dataclass(frozen=True, eq=False)
class Cells:
    """What a raster holds around a network.

    Parameters
    ----------
    raster : Raster
        Heights; NaN where there are none.
    clipped : (R, C) bool
        Cells that hold the largest value of a whole-number type.
    whole : bool
        The raster has all the cells that were looked for.
    beyond : int
        Cells whose values are no heights, and are taken as no data.
    """

    raster: Raster
    clipped: Bools
    whole: bool
    beyond: int


def around(
    given: MapFile, network: Network, settings: Settings, file: str, frame_crs: str, findings: Findings
) -> Cells | None:
    """Read the cells around the network; ``None`` (and a fault) where there are none."""
    import rasterio  # noqa: PLC0415 (slow to load, needed for rasters only)
    from rasterio.errors import NotGeoreferencedWarning, RasterioError  # noqa: PLC0415
    from rasterio.windows import Window  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)  # a fault below
            with rasterio.open(given.path, driver="GTiff") as source:
                if source.transform.is_identity or source.transform.is_degenerate:
                    findings.fault(
                        given.file,
                        T("the raster does not say where its cells lie"),
                        T("Export it again with its georeference"),
                    )
                    return None
                system = placing.system_named("elevation", stated(source.crs), given.file, settings, file, findings)
                if system is None:
                    return None
                if (system.unit == "local") != (frame_crs == "local") or system.name in ("GCJ-02", "BD-09"):
                    _wrong_system(system.name, frame_crs, file, findings)
                    return None
                if source.count > 1:
                    findings.warn(
                        given.file,
                        T("the raster has {count} bands; heights are taken from the first", count=source.count),
                        T("Nothing to do if that is meant"),
                    )
                whole = Raster(np.broadcast_to(np.float32(0), source.shape), source.transform[:6], system.name, "")
                box = _around(network, whole, frame_crs)
                top, bottom, left, right = _cut(box, source.shape)
                if top >= bottom or left >= right:
                    _elsewhere(network, whole, frame_crs, given, findings)
                    return None
                window = Window(left, top, right - left, bottom - top)
                values, there = source.read(1, window=window), source.read_masks(1, window=window) != 0
                scale, offset = float(source.scales[0]), float(source.offsets[0])
    except RasterioError as error:
        reason = " ".join(str(error).split())
        findings.fault(
            given.file, T("the file is damaged or incomplete ({reason})", reason=reason), T("Export it again")
        )
        return None
    clipped = there & (values == np.iinfo(values.dtype).max) if values.dtype.kind in "iu" else np.zeros_like(there)
    known = np.where(there, values.astype("float64") * scale + offset, np.nan)
    beyond = (known < LOWEST_M) | (known > HIGHEST_M)
    if beyond.any():
        findings.warn(
            given.file,
            T(
                "cells near the network whose values are no heights, such as {value}: {count}, taken as no data",
                count=int(beyond.sum()),
                value=f"{known[beyond][0]:g}",
            ),
            T("Export the raster with its no-data value"),
        )
    a, b, c, d, e, f = whole.transform
    moved = (a, b, c + left * a + top * b, d, e, f + left * d + top * e)
    cells = np.where(beyond, np.nan, known).astype(np.float32)
    raster, all_there = Raster(cells, moved, whole.crs, given.file), box == (top, bottom, left, right)
    return Cells(raster, clipped & ~beyond, all_there, int(beyond.sum()))


def stated(crs: Any) -> str:
    """Name the system a raster states, without its system of heights; empty where it states none that has a number."""
    system = CRS.from_wkt(crs.to_wkt()) if crs else None
    if system is not None and system.is_compound:
        system = system.sub_crs_list[0]
    if system is None or not (system.is_geographic or system.is_projected):
        return ""
    code = system.to_epsg(min_confidence=25)
    return f"EPSG:{code}" if code else ""


def _wrong_system(name: str, frame_crs: str, file: str, findings: Findings) -> None:
    findings.fault(
        file,
        T("heights in {system} cannot be laid under a network in {frame}", system=name, frame=frame_crs),
        T("Give the raster in degrees or metres of a system that has an EPSG number, or all tables as local"),
        column="tables.elevation.crs",
        value=name,
    )


def _around(network: Network, whole: Raster, frame_crs: str) -> tuple[int, int, int, int]:
    """Find the rows and columns around the walked lines, were the raster wide enough: top, bottom, left, right."""
    low, high = _extent(network)
    steps = np.linspace(0, 1, 11)  # a straight border of the frame is bent in the raster's system
    x, y = np.meshgrid(low[0] + steps * (high[0] - low[0]), low[1] + steps * (high[1] - low[1]))
    column, row = heights.grid(whole, *heights.to_raster(np.column_stack([x.ravel(), y.ravel()]), whole, frame_crs))
    if not (np.isfinite(column).all() and np.isfinite(row).all()):
        return 0, 0, 0, 0
    bend_row, bend_column = np.ptp(row) / 100 + MARGIN, np.ptp(column) / 100 + MARGIN
    return (
        math.floor(row.min() - bend_row), math.ceil(row.max() + bend_row),
        math.floor(column.min() - bend_column), math.ceil(column.max() + bend_column),
    )  # fmt: skip


def _cut(box: tuple[int, int, int, int], shape: tuple[int, int]) -> tuple[int, int, int, int]:
    """Cut rows and columns down to those there are."""
    top, bottom, left, right = box
    return max(top, 0), min(bottom, shape[0]), max(left, 0), min(right, shape[1])


def _extent(network: Network) -> tuple[Floats, Floats]:
    walked = network.shape[np.repeat(network.walk, np.diff(network.first))]
    return walked.min(axis=0), walked.max(axis=0)


def _elsewhere(network: Network, whole: Raster, frame_crs: str, given: MapFile, findings: Findings) -> None:
    """Fault a raster none of which lies under the network; tell whether its system looks wrong."""
    findings.fault(
        given.file,
        T("the raster lies wholly outside the network (100% of its length)"),
        _mistake(network, whole, frame_crs),
    )


def _mistake(network: Network, whole: Raster, frame_crs: str) -> Text:
    """Say what may be wrong with the system of a raster that lies elsewhere."""
    a, b, c, d, e, f = whole.transform
    rows, columns = whole.values.shape
    x, y = c + a * columns / 2 + b * rows / 2, f + d * columns / 2 + e * rows / 2
    system = systems.named(whole.crs)
    if system is not None and system.unit == "degrees" and (abs(x) > 180 or abs(y) > 90):
        return T(
            "Its positions are metres, but {system} counts in degrees: correct tables.elevation.crs", system=whole.crs
        )
    if system is not None and system.unit == "metres" and abs(x) <= 180 and abs(y) <= 90:
        return T(
            "Its positions are degrees, but {system} counts in metres: correct tables.elevation.crs", system=whole.crs
        )
    low, high = _extent(network)
    back = Raster(whole.values, whole.transform, frame_crs, "")
    there = np.array([[x, y]])
    if system is not None and frame_crs not in ("local", whole.crs):
        frame = systems.from_lonlat(back.crs, *system.lonlat(there[:, 0], there[:, 1]))
        there = np.column_stack(frame)
    km = float(np.hypot(*((low + high) / 2 - there[0]))) / 1000
    return T(
        "Its middle lies {km} km from that of the network: give another raster, or correct its crs", km=f"{km:,.0f}"
    )
