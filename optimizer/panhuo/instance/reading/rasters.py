"""Values out of a GeoTIFF: its one band, where its cells lie, and which of them hold anything."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from panhuo.instance.findings import Findings
from panhuo.instance.reading.raw import MapFile
from panhuo.words import T


@dataclass(frozen=True, eq=False)
class Band:
    """The values of a raster.

    Parameters
    ----------
    values : (R, C) array
        As the file holds them; float64 where it states a scale or an offset, which are then applied.
    there : (R, C) bool
        Cells that hold data: neither the file's no-data value, nor masked, nor not a number.
    transform : (6,) float
        a, b, c, d, e, f of x = a·column + b·row + c, y = d·column + e·row + f, for the upper left corners of the cells.
    crs : str
        EPSG:n; empty where the file states no system.
    file : str
        File as the planner knows it.
    """

    values: NDArray[Any]
    there: NDArray[np.bool_]
    transform: tuple[float, float, float, float, float, float]
    crs: str
    file: str


def read(given: MapFile, findings: Findings) -> Band | None:
    """Read a GeoTIFF of one band; ``None`` (and a fault) where it cannot be read or does not say where it lies."""
    import rasterio  # noqa: PLC0415 (slow to load, needed for rasters only)
    from rasterio.errors import NotGeoreferencedWarning, RasterioError  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)  # a fault below
            with rasterio.open(given.path, driver="GTiff") as raster:
                if raster.count != 1:
                    findings.fault(
                        given.file,
                        T("the raster has {count} bands, and one is wanted", count=raster.count),
                        T("Export the band that is meant"),
                    )
                    return None
                if raster.transform.is_identity or raster.transform.is_degenerate:
                    findings.fault(
                        given.file,
                        T("the raster does not say where its cells lie"),
                        T("Export it again with its georeference"),
                    )
                    return None
                crs = _crs(raster.crs, given.file, findings)
                if crs is None:
                    return None
                values, there = raster.read(1), raster.read_masks(1) != 0
                scale, offset = raster.scales[0], raster.offsets[0]
                a, b, c, d, e, f = raster.transform[:6]
    except RasterioError as error:
        reason = " ".join(str(error).split())
        rule = T("the file is damaged or incomplete ({reason})", reason=reason)
        findings.fault(given.file, rule, T("Export it again"))
        return None
    if values.dtype.kind == "f":
        there &= ~np.isnan(values)
    if (scale, offset) != (1, 0):
        values = values * float(scale) + float(offset)
    return Band(values, there, (a, b, c, d, e, f), crs, given.file)


def _crs(stated: Any, file: str, findings: Findings) -> str | None:
    """Name the system a raster states; empty where it states none, ``None`` (and a fault) where that has no number."""
    system = CRS.from_wkt(stated.to_wkt()) if stated else None
    if system is None or not (system.is_geographic or system.is_projected):
        return ""
    code = system.to_epsg(min_confidence=25)
    if code is None:
        rule = T("its coordinate system has no EPSG number: {name}", name=system.name)
        findings.fault(
            file, rule, T("Export it again in a system that has one; values of cells that are sums must be kept")
        )
        return None
    return f"EPSG:{code}"
