"""The streets of the quarter: levels along the river, stairs and ramps between them, two bridges."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from shapely.geometry import LineString

from laying.ground import CRS, Floats, place

LEVELS = (80.0, 190.0, 320.0, 450.0, 580.0, 710.0, 840.0)
"""Distances of the levels from the middle of the river [m]; the first is the riverside path, the second the main street."""

COLUMNS = tuple(float(x) for x in range(100, 2901, 140))
BRIDGES = (4, 16)
"""Columns the bridges stand in: from main street to main street, above both riverside paths."""

GAPS = {
    # bank, level: columns between which the street is missing (ravines, walls, compounds)
    (-1, 2): ((9, 11),),
    (-1, 3): ((9, 11),),
    (-1, 4): ((0, 2), (9, 11), (18, 20)),
    (-1, 5): ((0, 3), (8, 12), (17, 20)),
    (-1, 6): ((0, 5), (7, 13), (16, 20)),
    (1, 4): ((6, 7), (12, 13)),
    (1, 5): ((0, 2), (6, 8), (18, 20)),
    (1, 6): ((0, 4), (8, 12), (18, 20)),
}
NAMES = {80.0: "Riverside path 滨江步道", 190.0: "Main street 正街"}


@dataclass
class Lines:
    """Lines as they are drawn, one row each."""

    shape: list[LineString] = field(default_factory=list)
    rows: list[dict[str, object]] = field(default_factory=list)

    def add(self, xy: Floats, kind: str, name: str = "", **flags: object) -> None:
        """Draw one line through positions (n, 2), rounded to the millimetre."""
        self.shape.append(LineString(np.round(xy, 3)))
        self.rows.append({"kind": kind, "name": name, "stairs": kind == "steps", "span": False, "oneway": "no"} | flags)


def lay(seed: int) -> gpd.GeoDataFrame:
    """Lay out the network: kind, name, stairs, span, oneway and geometry of every line."""
    draw = np.random.default_rng(seed)
    lines = Lines()
    for bank in (1, -1):
        for level, off in enumerate(LEVELS):
            for low, high in _runs(GAPS.get((bank, level), ())):
                lines.add(*_street(bank, level, off, low, high))
        for level in range(len(LEVELS) - 1):
            _climbs(lines, bank, level, draw)
    for number, column in enumerate(BRIDGES, start=1):
        xy = place(COLUMNS[column], np.array([LEVELS[1], -LEVELS[1]]))
        lines.add(xy, "tertiary", f"Bridge {number} {number}号桥", span=True)
    return gpd.GeoDataFrame(pd.DataFrame(lines.rows), geometry=lines.shape, crs=CRS)


def _runs(gaps: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """First and last columns of what is left of a level between its gaps."""
    ends = [0, *(column for gap in gaps for column in gap), len(COLUMNS) - 1]
    return [(low, high) for low, high in zip(ends[::2], ends[1::2], strict=True) if high > low]


def _street(bank: int, level: int, off: float, low: int, high: int) -> tuple[Floats, str, str]:
    """Draw a street along a level, with a vertex every 35 m; the columns are vertices."""
    x = np.linspace(COLUMNS[low], COLUMNS[high], (high - low) * 4 + 1)
    kind = "footway" if level == 0 else "secondary" if level == 1 else "residential"
    return place(x, bank * off), kind, NAMES.get(off, "")


def _has(bank: int, level: int, column: int) -> bool:
    return any(low <= column <= high for low, high in _runs(GAPS.get((bank, level), ())))


def _climbs(lines: Lines, bank: int, level: int, draw: np.random.Generator) -> None:
    """Join a level to the one above: stairs straight up, ramps that slant over three columns."""
    for column in range(len(COLUMNS)):
        below, above = bank * LEVELS[level], bank * LEVELS[level + 1]
        stairs, ramp = draw.random(2)
        if not _has(bank, level, column):
            continue
        x = COLUMNS[column]
        if _has(bank, level + 1, column) and stairs < (0.30 if level == 0 else 0.42):
            lines.add(place(x, np.linspace(below, above, 3)), "steps")
        if column % 5 == (1 if bank > 0 else 3) and column + 3 < len(COLUMNS) and _has(bank, level + 1, column + 3):
            slant = place(np.linspace(x, COLUMNS[column + 3], 10), np.linspace(below, above, 10))
            if level == 0:
                lines.add(slant, "footway")
            else:
                lines.add(slant, "residential", oneway="yes" if ramp < 0.3 else "no")


def write(path: Path, lines: gpd.GeoDataFrame) -> None:
    """Write the lines as a GeoPackage without the day it was written."""
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2026-01-01T00:00:00.000Z"})
    lines.to_file(path, layer="network", driver="GPKG", engine="pyogrio", SPATIAL_INDEX="NO")
