"""Population rasters: residents a cell, by group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panhuo.instance.findings import Findings
from panhuo.instance.policy import Settings
from panhuo.instance.position import placing
from panhuo.instance.position.systems import System
from panhuo.instance.reading import rasters
from panhuo.instance.reading.cells import LARGEST_POWER
from panhuo.instance.reading.rasters import Band
from panhuo.instance.reading.raw import MapFile
from panhuo.words import T

Floats = NDArray[np.float64]

RASTER = "population"
ALL = "all"
"""The group of a raster that names none."""
_SAME_GRID = 1e-6
"""Corners of cells may differ by this share of a cell between rasters of one grid."""


@dataclass(frozen=True)
class Cells:
    """The cells somebody lives in, by row and then by column.

    Parameters
    ----------
    row, column : (n,) int
        Counted from 1 at the upper left.
    x, y : (n,) float
        Their centres in ``system``.
    system : System
        The system of the rasters.
    people : mapping of str to (n,) float
        Residents by group: the values of the raster as they are.
    """

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    x: Floats
    y: Floats
    system: System
    people: Mapping[str, Floats]


def cells(given: Mapping[str, MapFile], settings: Settings, file: str, findings: Findings) -> Cells | None:
    """Count the residents of every cell; ``None`` and faults where that cannot be done.

    Parameters
    ----------
    given : mapping of str to MapFile
        The rasters by name: ``population`` alone, or ``population_GROUP`` for each group, all on one grid.
    file : str
        File (or sheet) of the settings.
    """
    if RASTER in given and len(given) > 1:
        other = next(n for n in given if n != RASTER)
        findings.fault(
            given[other].file,
            T("{file} holds all residents already", file=given[RASTER].file),
            T("Keep the rasters of the groups, or the one of all"),
        )
        return None
    before = len(findings.faults)
    first: tuple[Band, System] | None = None
    people: dict[str, tuple[NDArray[np.int64], Floats]] = {}
    for name, raster in given.items():
        read = _read(name, raster, settings, file, findings)
        if read is None:
            continue
        first = first or read
        if _same_grid(*first, *read, findings):
            band, _ = read
            lived_in = np.flatnonzero(band.there & (band.values > 0))
            people[name.removeprefix(RASTER).removeprefix("_") or ALL] = (
                lived_in, band.values.ravel()[lived_in].astype(float),
            )  # fmt: skip
    if first is None or len(findings.faults) > before:
        return None
    return _gathered(first, people)


def _read(name: str, raster: MapFile, settings: Settings, file: str, findings: Findings) -> tuple[Band, System] | None:
    """Read a raster, and check that its cells can be numbers of residents."""
    band = rasters.read(raster, findings)
    if band is None:
        return None
    system = placing.system_named(
        name if name in settings.tables else RASTER, band.crs, band.file, settings, file, findings
    )
    wrong = band.there & ~((band.values >= 0) & (band.values < 10.0**LARGEST_POWER))
    for row, column in np.argwhere(wrong)[:1]:
        findings.fault(
            band.file,
            T(
                "cells that are below 0 or not below 10^{most}: {count}; the first is row {r}, column {c}",
                most=LARGEST_POWER,
                count=int(wrong.sum()),
                r=row + 1,
                c=column + 1,
            ),
            T("State the value as the raster's no-data value, or correct the cells"),
            value=f"{band.values[row, column]:.15g}",
        )
    return None if system is None or wrong.any() else (band, system)


def _same_grid(one: Band, system: System, other: Band, other_system: System, findings: Findings) -> bool:
    rows, columns = one.values.shape
    cell = np.abs(np.array(one.transform)[[0, 1, 3, 4]]).max()
    apart = np.abs(np.subtract(one.transform, other.transform)) * ([columns, rows, 1] * 2)
    same = one.values.shape == other.values.shape and system == other_system and apart.max() <= _SAME_GRID * cell
    if not same:
        findings.fault(
            other.file,
            T("is not on the grid of {file}: extent, cells and system must be the same", file=one.file),
            T("Export all groups on one grid"),
        )
    return bool(same)


def _gathered(first: tuple[Band, System], people: Mapping[str, tuple[NDArray[np.int64], Floats]]) -> Cells:
    band, system = first
    lived_in = np.unique(np.concatenate([at for at, _ in people.values()]))
    by_group: dict[str, Floats] = {}
    for group, (at, values) in people.items():
        by_group[group] = np.zeros(len(lived_in))
        by_group[group][np.searchsorted(lived_in, at)] = values
    row, column = np.divmod(lived_in, band.values.shape[1])
    a, b, c, d, e, f = band.transform
    x, y = a * (column + 0.5) + b * (row + 0.5) + c, d * (column + 0.5) + e * (row + 0.5) + f
    return Cells(row + 1, column + 1, x, y, system, by_group)
