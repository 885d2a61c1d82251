"""Which life circle a position lies in: by the polygons of circles."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import NDArray

from panhuo.instance.findings import Findings
from panhuo.instance.policy import Settings
from panhuo.instance.position import placing
from panhuo.instance.position.systems import System
from panhuo.instance.reading.raw import Typed
from panhuo.words import T

Floats = NDArray[np.float64]
Names = NDArray[np.object_]

ONLY = "all"
"""The circle of all where there is no table of circles and the settings name none."""


def fill(given: Mapping[str, Typed], settings: Settings, file: str, findings: Findings) -> None:
    """Put circles into the blank ones of a given demand table, where circles have polygons.

    What lies in none of them is of ``people.circle``, or stays blank, which is a fault.

    Parameters
    ----------
    given : mapping of str to Typed
        The tables given.
    settings : Settings
        They state the systems, and the circle of what lies outside.
    file : str
        File (or sheet) of the settings.
    findings : Findings
        Where faults go.
    """
    demand, circles = given.get("demand"), given.get("circles")
    if demand is None or circles is None or circles.shapes is None or "circle" not in demand.headers:
        return
    at = demand.frame[["x", "y"]].astype(float)
    blank = (demand.frame["circle"] == "") & at.notna().all(axis=1)
    if not blank.any():
        return
    system = placing.system_of(demand, settings, file, findings)
    if system is None:
        return
    x, y = at[blank].to_numpy(float).T
    found = inside(circles, x, y, system, settings, file, findings)
    if found is not None:
        outside = settings.people.circle if known(circles, settings.people.circle) else ""
        demand.frame.loc[blank, "circle"] = np.where(found == "", outside, found)


def known(circles: Typed | None, circle: str) -> bool:
    """Tell whether a circle is there: any is where there is no table of circles."""
    return circles is None or bool((circles.frame["circle"] == circle).any())


def inside(
    circles: Typed, x: Floats, y: Floats, system: System, settings: Settings, file: str, findings: Findings
) -> Names | None:
    """Find the polygon of circles that positions lie in or on; where several do, the first of the table.

    Positions and polygons are compared in their own system where they share it, else in longitude and latitude.

    Parameters
    ----------
    circles : Typed
        The table of circles, with valid shapes.
    x, y : (n,) float
        Positions in ``system``.

    Returns
    -------
    (n,) array of str, or None
        Keys of circles, empty where a position lies in none; ``None`` where faults were found.
    """
    own = placing.system_of(circles, settings, file, findings)
    if own is None:
        return None
    polygons = np.asarray(circles.shapes, dtype=object)
    if own != system and "local" in (own.unit, system.unit):
        findings.fault(
            file,
            T("local metres cannot be joined with {system} of {other}", system=system.name, other="demand")
            if own.unit == "local"
            else T("must be local, as the tables are"),
            T("Give every located table the same kind of system"),
            column="tables.circles.crs",
            value=own.name,
        )
        return None
    if own != system:
        polygons = shapely.transform(polygons, lambda at: np.column_stack(own.lonlat(*at.T)))
        x, y = system.lonlat(x, y)
    polygon, point = shapely.STRtree(shapely.points(x, y)).query(polygons, predicate="intersects")
    first = np.full(len(x), len(polygons))
    np.minimum.at(first, point, polygon)
    found: Names = np.append(circles.frame["circle"].to_numpy(object), "")[first]
    return found
