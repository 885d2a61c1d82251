"""The table demand, where it is not given: made of population rasters, or of buildings and counts."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from panhuo.instance.findings import Findings
from panhuo.instance.inhabitants import counting, encircling, housing
from panhuo.instance.policy import Settings
from panhuo.instance.reading import cells
from panhuo.instance.reading.files import Found
from panhuo.instance.reading.raw import MapFile, Typed
from panhuo.instance.schema import TABLES
from panhuo.words import T

_HOUSING = ("buildings", "counts")


def sought(given: Mapping[str, Typed], found: Found) -> bool:
    """Tell whether there is anything that demand points are made of."""
    there = {*given, *found.broken}
    return bool(_rasters(found) or there & set(_HOUSING))


def demand(given: Mapping[str, Typed], found: Found, settings: Settings, file: str, findings: Findings) -> Typed | None:
    """Make the demand points out of population rasters, or out of buildings and counts.

    Parameters
    ----------
    given : mapping of str to Typed
        The tables given, their cells checked.
    found : Found
        The rasters, and which tables cannot be read.
    settings : Settings
        They state systems, and the circle of what lies outside the polygons of circles.
    file : str
        File (or sheet) of the settings.
    findings : Findings
        Where faults go.

    Returns
    -------
    Typed or None
        The table demand; ``None`` where it cannot be made, which faults tell.
    """
    rasters = _rasters(found)
    if _clash(given, found, rasters, settings, file, findings):
        return None
    needed = ("circles", *(() if rasters else _HOUSING))
    told = {fault.file for fault in findings.faults}
    if any(n in found.broken or (n in given and given[n].file in told) for n in needed):
        return None
    if settings.people.circle and not encircling.known(given.get("circles"), settings.people.circle):
        return None  # which is told among the names in the settings
    made = (
        _of_rasters(rasters, given, settings, file, findings)
        if rasters
        else _of_buildings(given, settings, file, findings)
    )
    if made is not None and made.frame.empty:
        findings.fault(made.file, T("nobody lives anywhere"), T("Check the numbers of people"))
        return None
    return made


def _rasters(found: Found) -> dict[str, MapFile]:
    return {n: raster for n, raster in found.rasters.items() if n.startswith(counting.RASTER)}


def _clash(
    given: Mapping[str, Typed],
    found: Found,
    rasters: Mapping[str, MapFile],
    settings: Settings,
    file: str,
    findings: Findings,
) -> bool:
    """Fault two sources of demand points, half a source, and a system that would not count; whether there was any."""
    before = len(findings.faults)
    files = [next(iter(rasters.values())).file] if rasters else []
    housed = [given[n] for n in _HOUSING if n in given]
    files += [housed[0].file] if housed else []
    files = ([given["demand"].file] if "demand" in given else []) + files
    for other in files[1:]:
        findings.fault(
            other,
            T("demand points come from {file} already", file=files[0]),
            T("Keep one of them: demand, population rasters, or buildings with counts"),
        )
    note = settings.tables.get("demand")
    if files and "demand" not in given and note is not None and note.crs:
        rule = T("demand points are made of {file}, whose own system holds", file=files[0])
        findings.fault(file, rule, T("Leave it out"), column="tables.demand.crs", value=note.crs)
    if len(housed) == 1 and not set(_HOUSING) & found.broken:
        missing = next(n for n in _HOUSING if n not in given)
        rule = T("is of no use without the table {name} ({zh})", name=missing, zh=TABLES[missing].zh)
        findings.fault(housed[0].file, rule, T("Add it, or take this table out"))
    return len(findings.faults) > before


def _of_rasters(
    rasters: Mapping[str, MapFile], given: Mapping[str, Typed], settings: Settings, file: str, findings: Findings
) -> Typed | None:
    lived_in = counting.cells(rasters, settings, file, findings)
    if lived_in is None:
        return None
    label = ", ".join(raster.file for raster in rasters.values())
    circle = _circles(lived_in, label, given.get("circles"), settings, file, findings)
    if circle is None:
        return None
    at = zip(lived_in.row.tolist(), lived_in.column.tolist(), strict=True)
    made = {"id": [f"r{r}c{c}" for r, c in at], "x": lived_in.x, "y": lived_in.y, "circle": circle}
    frame = pd.DataFrame({**made, **{f"people_{group}": n for group, n in lived_in.people.items()}})
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return _table(frame, label, lived_in.system.name)


def _circles(
    lived_in: counting.Cells, label: str, circles: Typed | None, settings: Settings, file: str, findings: Findings
) -> encircling.Names | None:
    """Name the circle of every cell; ``None`` and a fault where some have none."""
    there, one = len(lived_in.x), settings.people.circle
    if circles is None:
        return np.full(there, one or encircling.ONLY, dtype=object)
    if circles.shapes is None:
        if not one:
            findings.fault(
                circles.file,
                T(
                    "the circles have no polygons, so it is not known which of them the cells of {file} lie in",
                    file=label,
                ),
                T("Give circles as polygons, or write people.circle"),
            )
            return None
        return np.full(there, one, dtype=object)
    found = encircling.inside(circles, lived_in.x, lived_in.y, lived_in.system, settings, file, findings)
    if found is None or one:
        return found if found is None else np.where(found == "", one, found)
    outside = found == ""
    if outside.any():
        people = math.fsum(value for n in lived_in.people.values() for value in n[outside])
        findings.fault(
            label,
            T(
                "people living outside every circle of {file}: {people}; cells: {count}",
                people=f"{people:.10g}",
                count=int(outside.sum()),
                file=circles.file,
            ),
            T("Draw the circles so that everybody lies in one, or write people.circle"),
        )
        return None
    return found


def _of_buildings(given: Mapping[str, Typed], settings: Settings, file: str, findings: Findings) -> Typed | None:
    buildings, counts = given["buildings"], given["counts"]
    if not _refer(buildings, counts, "unit") or ("circles" in given and not _refer(counts, given["circles"], "circle")):
        return None  # keys that are not there are told of by themselves
    frame = housing.housed(buildings, counts, settings, file, findings)
    return None if frame is None else _table(frame, buildings.file, buildings.crs)


def _refer(read: Typed, to: Typed, key: str) -> bool:
    return bool(read.frame[key].isin(to.frame[key]).all())


def _table(frame: pd.DataFrame, file: str, crs: str) -> Typed:
    """Complete the columns as those of a table that was read."""
    schema = TABLES["demand"]
    kinds = {c.name: c.kind for c in schema.columns if not c.family}
    whole = {
        name: cells.series(
            frame[name].tolist() if name in frame else [cells.BLANKS[kind]] * len(frame), kind, frame.index
        )
        for name, kind in kinds.items()
    }
    people = {str(c): frame[c] for c in frame.columns if c not in kinds}
    return Typed(schema, file, pd.DataFrame({**whole, **people}), {c: c for c in (*kinds, *people)}, crs=crs)
