"""Coordinate systems as a table may declare them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from panhuo.instance.position.coordinates import Floats, bd09_to_wgs84, gcj02_to_wgs84
from panhuo.instance.reading.units import fold

GEOGRAPHIC = "EPSG:4490"
"""CGCS2000 in degrees; WGS-84 is taken as the same (they differ by less than a metre)."""

# CGCS2000 Gauss–Krüger: first code, first zone and number of zones of each series.
_ZONED_3, _PLAIN_3, _ZONED_6, _PLAIN_6 = 4513, 4534, 4491, 4502
_ZONES_3, _ZONES_6 = range(25, 46), range(13, 24)

_OLD_DATUMS = ("Beijing 1954", "New Beijing", "Xian 1980")
_EPSG = re.compile(r"epsg:?(\d{4,6})").fullmatch
_OFFSET = {"gcj-02": "GCJ-02", "gcj02": "GCJ-02", "bd-09": "BD-09", "bd09": "BD-09", "local": "local"}


@dataclass(frozen=True)
class System:
    """A coordinate system.

    Parameters
    ----------
    name : str
        EPSG:n, GCJ-02, BD-09 or local.
    unit : {"degrees", "metres", "local"}
        What its positions are counted in; local is plain metres that lie nowhere on the globe.
    """

    name: str
    unit: Literal["degrees", "metres", "local"]

    @property
    def crs(self) -> CRS | None:
        """What pyproj calls it; ``None`` for GCJ-02, BD-09 and local."""
        return CRS(self.name) if self.name.startswith("EPSG:") else None

    def lonlat(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Bring positions (easting or longitude first) to CGCS2000 longitude and latitude [°]; not for local."""
        if self.name == "GCJ-02":
            return gcj02_to_wgs84(x, y)
        if self.name == "BD-09":
            return bd09_to_wgs84(x, y)
        return _transform(self.name, GEOGRAPHIC, x, y)

    @property
    def old_datum(self) -> str:
        """The old Chinese datum it rests on, whose shift to CGCS2000 is not public; empty for any other."""
        datum = self.crs.datum.name if self.crs is not None and self.crs.datum is not None else ""
        return datum if datum in _OLD_DATUMS else ""

    @property
    def false_easting_m(self) -> float:
        """The easting of the central meridian [m]; 0 where the system has none."""
        operation = self.crs.coordinate_operation if self.crs is not None else None
        params = operation.params if operation is not None else []
        return next((float(p.value) for p in params if p.name == "False easting"), 0.0)


def _transform(source: str, target: str, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    if source == target:
        return x, y
    to = Transformer.from_crs(source, target, always_xy=True)
    if len(x) == 1:  # an array of one would be taken for a number
        east, north = to.transform(x.tolist(), y.tolist())
        return np.asarray(east, dtype=float), np.asarray(north, dtype=float)
    east, north = to.transform(x, y)
    return east, north


def from_lonlat(target: str, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Bring CGCS2000 longitude and latitude [°] into a metric frame [m]."""
    return _transform(GEOGRAPHIC, target, lon, lat)


def named(word: str) -> System | None:
    """Find the system a word declares; ``None`` where it declares none that is known."""
    folded = fold(word)
    if folded in _OFFSET:
        name = _OFFSET[folded]
        return System(name, "local" if name == "local" else "degrees")
    found = _EPSG(folded)
    if found is None:
        return None
    try:
        crs = CRS(f"EPSG:{found[1]}")
    except CRSError:
        return None
    if crs.is_geographic:
        return System(f"EPSG:{found[1]}", "degrees")
    metric = crs.is_projected and all(a.unit_name == "metre" for a in crs.axis_info)
    return System(f"EPSG:{found[1]}", "metres") if metric else None


def frame_for(lon: float, lat: float) -> str:
    """Choose the metric frame: the CGCS2000 3-degree zone inside China, UTM elsewhere."""
    if 73.5 <= lon <= 136.5 and 3 <= lat <= 54:
        return f"EPSG:{_PLAIN_3 + round((lon - 75) / 3)}"
    zone = int((lon + 180) // 6) % 60 + 1
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


def zoned(zone: int) -> str | None:
    """Give the CGCS2000 system whose eastings begin with a zone number; ``None`` where no zone has the number."""
    if zone in _ZONES_3:
        return f"EPSG:{_ZONED_3 + zone - _ZONES_3.start}"
    return f"EPSG:{_ZONED_6 + zone - _ZONES_6.start}" if zone in _ZONES_6 else None


def plain(zone: int) -> str | None:
    """Give the CGCS2000 system of a zone whose eastings do not begin with its number."""
    if zone in _ZONES_3:
        return f"EPSG:{_PLAIN_3 + zone - _ZONES_3.start}"
    return f"EPSG:{_PLAIN_6 + zone - _ZONES_6.start}" if zone in _ZONES_6 else None


def likely() -> list[System]:
    """List the metric systems a Chinese table is likely to be in, to try where the declared one does not fit."""
    codes = [f(z) for f in (plain, zoned) for z in (*_ZONES_3, *_ZONES_6)]
    codes += [f"EPSG:{32600 + z}" for z in range(43, 54)]
    return [System(code, "metres") for code in codes if code]
