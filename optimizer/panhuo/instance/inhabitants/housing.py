"""Residents of each unit, shared out over its buildings by floor area."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from panhuo.instance.findings import Findings
from panhuo.instance.policy import Settings
from panhuo.instance.position import placing, systems
from panhuo.instance.position.systems import System
from panhuo.instance.reading.raw import Typed
from panhuo.words import T

Floats = NDArray[np.float64]

_AREAS = (3, 6)
"""Shapely's numbers of polygons and multipolygons."""


def housed(buildings: Typed, counts: Typed, settings: Settings, file: str, findings: Findings) -> pd.DataFrame | None:
    """Give every building people live in its share of its unit's residents: by floor area.

    The floor area is ``floor_area_m2``, or else the area of the shape × ``floors``.

    Parameters
    ----------
    buildings, counts : Typed
        The two tables, without faults; every building's unit is one of the counts.
    file : str
        File (or sheet) of the settings.

    Returns
    -------
    DataFrame or None
        Columns id, x, y, circle, unit and people_*; the index is the building's line in its file. Buildings nobody
        lives in are left out. ``None`` where faults were found.
    """
    before = len(findings.faults)
    ids = _ids(buildings, findings)
    frame = buildings.frame
    area = _floor_area(buildings, settings, file, findings)
    if area is None:
        return None
    units = pd.Index(counts.frame["unit"])
    unit = units.get_indexer(pd.Index(frame["unit"]))
    total = np.bincount(unit, area, len(units)).astype(float)
    columns = [f"people_{group}" for group in counts.people]
    people = counts.frame[columns].to_numpy(float)
    _homeless(counts, people.sum(axis=1), total, findings)
    if len(findings.faults) > before:
        return None
    lived_in = np.flatnonzero((area > 0) & (people.sum(axis=1)[unit] > 0))
    of, share = unit[lived_in], area[lived_in] / total[unit[lived_in]]
    found = frame.iloc[lived_in]
    made = {"id": ids[lived_in], "x": found["x"], "y": found["y"], "circle": counts.frame["circle"].to_numpy()[of]}
    made["unit"] = found["unit"]
    return pd.DataFrame({**made, **dict(zip(columns, (people[of] * share[:, None]).T, strict=True))}, index=found.index)


def _ids(buildings: Typed, findings: Findings) -> NDArray[np.object_]:
    """Name every building: by its row where it has no name of its own."""
    rows = buildings.frame.index.astype(str)
    ids = buildings.frame["id"].where(buildings.frame["id"] != "", rows)
    once = ids.drop_duplicates()
    first = dict(zip(once, once.index, strict=True))
    for line in ids.index[ids.duplicated()]:
        findings.fault(
            buildings.file,
            T("stands in row {first} already; {key} must be unique", first=first[ids[line]], key="id"),
            T("Give it another {key} or delete the row", key="id"),
            row=int(line),
            column=buildings.headers.get("id", "id"),
            value=ids[line],
        )
    return ids.to_numpy(object)


def _floor_area(buildings: Typed, settings: Settings, file: str, findings: Findings) -> Floats | None:
    """Work out the floor area people live in [m²]; ``None`` and faults where it is not known."""
    frame = buildings.frame
    lives = frame["lived_in"].fillna(True).to_numpy(bool)
    area = np.where(lives, frame["floor_area_m2"].to_numpy(float), 0.0)
    unknown = np.flatnonzero(np.isnan(area))
    if not len(unknown):
        return area
    shapes = np.full(len(unknown), None) if buildings.shapes is None else buildings.shapes[unknown]
    flat = ~np.isin(shapely.get_type_id(shapes), _AREAS)
    for line in frame.index[unknown[flat]]:
        findings.fault(
            buildings.file,
            T("must be filled where the building has no outline: its floor area is not known"),
            T("Write the floor area, or lived_in = no"),
            row=int(line),
            column=buildings.headers.get("floor_area_m2", "floor_area_m2"),
        )
    system = placing.system_of(buildings, settings, file, findings)
    if flat.any() or system is None:
        return None
    floors = frame["floors"].fillna(1.0).to_numpy(float)
    outline = shapely.area(_metric(shapes, system, settings))
    area[unknown] = outline * floors[unknown]
    _no_area(buildings, unknown[outline == 0], findings)
    return area


def _no_area(buildings: Typed, at: NDArray[np.intp], findings: Findings) -> None:
    """Warn of the buildings whose outline encloses nothing: nobody can be housed there."""
    for line in buildings.frame.index[at[:1]]:
        findings.warn(
            buildings.file,
            T("outlines without area, whose buildings house nobody: {count}; the first is this one", count=len(at)),
            T("Draw them anew, or write the floor area or lived_in = no"),
            row=int(line),
        )


def _metric(shapes: NDArray[np.object_], system: System, settings: Settings) -> NDArray[np.object_]:
    """Bring outlines into a metric frame: that of the settings, or else the one their middle lies in."""
    if system.unit == "local":
        return shapes
    lonlat = shapely.transform(shapes, lambda at: np.column_stack(system.lonlat(*at.T)))
    declared = systems.named(settings.metric_crs) if settings.metric_crs else None
    if declared is not None and declared.unit == "metres":
        frame = declared.name
    else:
        frame = systems.frame_for(*map(float, np.median(shapely.get_coordinates(lonlat), axis=0)))
    flat: NDArray[np.object_] = shapely.transform(lonlat, lambda at: np.column_stack(systems.from_lonlat(frame, *at.T)))
    return flat


def _homeless(counts: Typed, people: Floats, floor_area: Floats, findings: Findings) -> None:
    """Fault the units whose residents have no building to live in."""
    for at in np.flatnonzero((people > 0) & (floor_area <= 0)):
        findings.fault(
            counts.file,
            T("the unit has residents ({people}) and no floor area they live in", people=f"{people[at]:.15g}"),
            T("Add its buildings, or correct their unit, lived_in or floor area"),
            row=int(counts.frame.index[at]),
            column=counts.headers.get("unit", "unit"),
            value=counts.frame["unit"].iloc[at],
        )
