"""The rows of the table network as polylines in the metric frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from panhuo.instance.findings import Findings
from panhuo.instance.policy import Settings
from panhuo.instance.position import placing, ranges, systems
from panhuo.instance.position.ranges import Located
from panhuo.instance.position.systems import System
from panhuo.instance.reading.raw import Typed
from panhuo.words import T

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ENDS = ("from", "to")
STRAY_KM = 1500
"""A vertex further east, west, north or south of the middle of all is a slip."""


@dataclass(frozen=True)
class Lines:
    """Polylines, one after the other.

    Parameters
    ----------
    xy : (V, 2) float [m]
        Vertices, rounded to the millimetre.
    part : (V,) int
        The polyline each belongs to, from 0 upward.
    record : (P,) int
        The row of the frame (its position, from 0) each polyline comes from; several where a shape has several parts.
    """

    xy: Floats
    part: Ints
    record: Ints


def settle(read: Typed, given: Mapping[str, Typed], findings: Findings) -> None:
    """Decide whether the network goes by its shapes or by the table nodes; the other way of telling is not looked at.

    Parameters
    ----------
    read : Typed
        The table network; the columns ``from`` and ``to`` are made blank where they do not count.
    given : mapping of str to Typed
        The tables given.
    findings : Findings
        Where a fault goes if there is neither.
    """
    if read.shapes is not None and "nodes" in given:
        findings.warn(
            given["nodes"].file,
            T("the table is not used: the lines of the network have shapes"),
            T("Nothing to do if that is meant"),
        )
    if read.shapes is None and "nodes" not in given:
        findings.fault(
            read.file,
            T("the lines have no shapes, and the table nodes is missing"),
            T("Give a layer of lines, or the table nodes and the columns from and to"),
        )
    if read.shapes is not None or "nodes" not in given:
        read.frame[list(ENDS)] = ""
        return
    blank = read.frame[list(ENDS)].to_numpy(dtype=object) == ""
    for i in np.flatnonzero(blank.any(axis=1)):
        line, lacking = int(read.frame.index[i]), [e for e, b in zip(ENDS, blank[i], strict=True) if b]
        findings.fault(
            read.file,
            T("a line without a shape needs both its nodes"),
            T("Fill {columns} or delete the row", columns=", ".join(lacking)),
            row=line,
            column=", ".join(read.headers.get(e, e) for e in lacking),
        )


def from_nodes(read: Typed, nodes: pd.DataFrame, at: pd.DataFrame) -> Lines:
    """Draw a straight line between the two nodes of every row.

    Parameters
    ----------
    read : Typed
        The table network, without faults.
    nodes : DataFrame
        The table nodes.
    at : DataFrame (x_m, y_m)
        Positions of its rows.
    """
    where = pd.Index(nodes["id"])
    ends = np.column_stack([where.get_indexer(read.frame[e]) for e in ENDS])
    xy = at[["x_m", "y_m"]].to_numpy("float64")[ends.ravel()]
    count = len(read.frame)
    return Lines(xy, np.repeat(np.arange(count), 2), np.arange(count))


def from_shapes(read: Typed, settings: Settings, file: str, frame_crs: str, findings: Findings) -> Lines | None:
    """Bring the shapes of the network into the metric frame; multi-lines are taken apart.

    Parameters
    ----------
    read : Typed
        The table network, with shapes.
    settings : Settings
        They declare its system, unless its file states one.
    file : str
        File of the settings.
    frame_crs : str
        The metric frame; empty where positions of other tables are at fault, and the lines are only checked.
    findings : Findings
        Where faults go.

    Returns
    -------
    Lines or None
        ``None`` where there is a fault, or no frame.
    """
    before = len(findings.faults)
    system = placing.system_of(read, settings, file, findings)
    if system is None or read.shapes is None:
        return None
    corners = shapely.bounds(read.shapes)
    ranges.fit(Located(read, system, corners[:, 0], corners[:, 1], read.frame.index.to_numpy("int64")), findings)
    if frame_crs and (system.unit == "local") != (frame_crs == "local"):
        findings.fault(
            file,
            T(
                "the network cannot be joined with the other tables: {system} and {frame}",
                system=system.name,
                frame=frame_crs,
            ),
            T("Give every located table the same kind of system"),
            column="tables.network.crs",
            value=system.name,
        )
    if len(findings.faults) > before or not frame_crs:
        return None
    parts, record = read.shapes, np.arange(len(read.shapes))
    if (shapely.get_num_geometries(parts) != 1).any():
        parts, record = shapely.get_parts(parts, return_index=True)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    drawn = Lines(in_frame(xy, system, frame_crs), part, record)
    return drawn if _together(drawn, read, findings) else None


def _together(drawn: Lines, read: Typed, findings: Findings) -> bool:
    """Fault rows that lie far from the middle of the network."""
    if not len(drawn.xy) or (drawn.xy.max(axis=0) - drawn.xy.min(axis=0) <= STRAY_KM * 1000).all():
        return True
    away = ~(np.abs(drawn.xy - np.nanmedian(drawn.xy, axis=0)).max(axis=1) <= STRAY_KM * 1000)
    for record in np.unique(drawn.record[drawn.part[away]]):
        findings.fault(
            read.file,
            T("lies more than {km} km from the middle of the network", km=STRAY_KM),
            T("Correct the shape or delete the row"),
            row=int(read.frame.index[record]),
        )
    return not away.any()


def in_frame(xy: Floats, system: System, frame_crs: str) -> Floats:
    """Bring positions into the metric frame, rounded to the millimetre."""
    if system.name != frame_crs:
        xy = np.column_stack(systems.from_lonlat(frame_crs, *system.lonlat(xy[:, 0], xy[:, 1])))
    rounded: Floats = np.round(xy, 3) + 0.0  # -0.0 becomes 0.0
    return rounded
