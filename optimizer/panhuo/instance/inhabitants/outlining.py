"""The polygons of circles in the metric frame: what a map draws of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from panhuo.instance.findings import Findings
from panhuo.instance.policy import Settings
from panhuo.instance.position import placing, ranges, systems
from panhuo.instance.position.placing import STRAY_KM
from panhuo.instance.position.ranges import Located
from panhuo.instance.position.systems import System
from panhuo.instance.reading.raw import Typed
from panhuo.words import T

Shapes = NDArray[np.object_]
GRID_M = 0.001


def mend(circles: Typed | None, findings: Findings) -> None:
    """Mend polygons whose border crosses itself, and say so; one that encloses nothing is a fault.

    Parameters
    ----------
    circles : Typed or None
        The table of circles; its shapes are replaced by valid ones.
    findings : Findings
        Where warnings and faults go.
    """
    if circles is None or circles.shapes is None:
        return
    crossed = ~shapely.is_valid(circles.shapes)
    mended = np.where(crossed, _areas(shapely.make_valid(circles.shapes)), circles.shapes)
    nothing = shapely.area(mended) == 0
    for line in circles.frame.index[nothing]:
        rule = T("the polygon encloses nothing")
        findings.fault(circles.file, rule, T("Draw it again or delete the row"), row=int(line))
    for line in circles.frame.index[crossed & ~nothing]:
        findings.warn(
            circles.file,
            T("the border of the polygon crosses itself; what it encloses is taken as the circle"),
            T("Draw it again where that is not meant"),
            row=int(line),
        )
    circles.shapes = mended


def outlines(
    given: Mapping[str, Typed],
    positions: Mapping[str, pd.DataFrame],
    settings: Settings,
    file: str,
    frame_crs: str,
    findings: Findings,
) -> Shapes | None:
    """Bring the polygons of circles into the metric frame, vertex by vertex.

    Parameters
    ----------
    given : mapping of str to Typed
        The tables given; the polygons of circles are valid.
    positions : mapping of str to DataFrame (x_m, y_m)
        Positions of the other tables [m].
    settings : Settings
        They declare the system of the polygons, unless their file states one.
    file : str
        File (or sheet) of the settings.
    frame_crs : str
        The metric frame; empty where positions are at fault, and the polygons are only checked.
    findings : Findings
        Where faults go.

    Returns
    -------
    (rows,) array of shapely polygons and multi-polygons, or None
        Valid, rounded to the millimetre, rows as in the table; ``None`` where the circles have no polygons, or a
        fault tells why not.
    """
    circles, before = given.get("circles"), len(findings.faults)
    if circles is None or circles.shapes is None:
        return None
    system = placing.system_of(circles, settings, file, findings)
    if system is None:
        return None
    corners, lines = shapely.bounds(circles.shapes), circles.frame.index.to_numpy("int64")
    low = Located(circles, system, corners[:, 0], corners[:, 1], lines)
    if ranges.fit(low, findings):
        ranges.fit(Located(circles, system, corners[:, 2], corners[:, 3], lines), findings)
    if frame_crs and (system.unit == "local") != (frame_crs == "local"):
        findings.fault(
            file,
            T("local metres cannot be joined with {system} of {other}", system=frame_crs, other="demand")
            if system.unit == "local"
            else T("must be local, as the tables are"),
            T("Give every located table the same kind of system"),
            column="tables.circles.crs",
            value=system.name,
        )
    if len(findings.faults) > before or not frame_crs:
        return None
    drawn = _in_frame(circles.shapes, system, frame_crs)
    return drawn if _beside(drawn, circles, system, positions, findings) else None


def _in_frame(shapes: Shapes, system: System, frame_crs: str) -> Shapes:
    if system.name != frame_crs:
        shapes = shapely.transform(
            shapes, lambda at: np.column_stack(systems.from_lonlat(frame_crs, *system.lonlat(*at.T)))
        )
    # slivers may cross themselves once they are moved, and rounding may make them touch
    return _areas(shapely.set_precision(_areas(shapely.make_valid(shapes)), GRID_M))


def _areas(shapes: Shapes) -> Shapes:
    """Keep the areas of what mending made: it leaves lines and points beside them where a border doubles back."""
    kept = shapes.copy()
    for at in np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = shapely.get_parts(shapes[at])
        kept[at] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    return kept


def _beside(
    drawn: Shapes, circles: Typed, system: System, positions: Mapping[str, pd.DataFrame], findings: Findings
) -> bool:
    """Fault polygons far from the middle of all positions; where all are, their system is at fault."""
    middle = np.median(np.concatenate([at.to_numpy(float) for at in positions.values()]), axis=0)
    away = ~(shapely.distance(drawn, shapely.points(middle)) <= STRAY_KM * 1000)
    if away.all():
        findings.fault(
            circles.file,
            T("all polygons lie more than {km} km from the middle of all positions", km=STRAY_KM),
            T("Correct the coordinate system of the circles, or give polygons of this district"),
            value=system.name,
        )
    else:
        for line in circles.frame.index[away]:
            findings.fault(
                circles.file,
                T("lies more than {km} km from the middle of all positions", km=STRAY_KM),
                T("Correct the shape or delete the row"),
                row=int(line),
            )
    return not away.any()
