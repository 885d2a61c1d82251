"""Whether the network lies where the people do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from panhuo.instance.findings import Findings
from panhuo.instance.maps import Network
from panhuo.instance.policy import Settings
from panhuo.instance.position import placing
from panhuo.instance.position.ranges import Located
from panhuo.instance.reading.raw import Typed
from panhuo.words import T, Text

Floats = NDArray[np.float64]

AT_ONCE = 100_000
"""Edges drawn at a time, so that memory stays small."""
NEAR_M = 1000.0
"""People nearer than this to a network none of them is on may well be meant to reach it."""


def reached(
    made: Network,
    read: Typed,
    people: pd.DataFrame,
    given: Mapping[str, Typed],
    settings: Settings,
    file: str,
    findings: Findings,
) -> bool:
    """Check that at least one demand point lies within ``access.max_snap_m`` of a line people walk on.

    Parameters
    ----------
    made : Network
        The network.
    read : Typed
        The table it was made of.
    people : DataFrame (x_m, y_m)
        Demand points in the metric frame.
    given : mapping of str to Typed
        The tables given.
    settings : Settings
        They hold the distance, and the systems.
    file : str
        File of the settings.
    findings : Findings
        Where the fault goes.
    """
    at = people[["x_m", "y_m"]].to_numpy("float64")
    at = at[~np.isnan(at).any(axis=1)]
    walked = np.flatnonzero(made.walk)
    if not len(at) or _any_within(made, walked, at, settings.access.max_snap_m):
        return True
    nearest_m = float(_away_m(made, walked, at).min())
    findings.fault(
        read.file,
        T(
            "no demand point lies within {snap} m (access.max_snap_m) of the network; the nearest is {metres} m away",
            snap=f"{settings.access.max_snap_m:g}",
            metres=f"{nearest_m:,.0f}" if nearest_m >= 1 else f"{nearest_m:.2g}",
        ),
        T("Raise access.max_snap_m, or correct the coordinate system of one of the two tables")
        if nearest_m < NEAR_M
        else _mend(read, given.get("demand"), settings, file),
    )
    return False


def stops(made: Network, read: Typed, at: pd.DataFrame, within_m: float, findings: Findings) -> None:
    """Warn of bus stops farther from lines people walk on than ``access.max_snap_m``: nobody boards there.

    Parameters
    ----------
    made : Network
        The network.
    read : Typed
        The table bus.
    at : DataFrame (x_m, y_m)
        Positions of its rows in the metric frame.
    within_m : float [m]
        The distance.
    findings : Findings
        Where the warnings go.
    """
    xy = at[["x_m", "y_m"]].to_numpy("float64")
    walked, placed = np.flatnonzero(made.walk), np.flatnonzero(~np.isnan(xy).any(axis=1))
    if not len(placed) or not len(walked):
        return
    away_m = _away_m(made, walked, xy[placed])
    for i in np.flatnonzero(away_m > within_m):
        row = read.frame.iloc[placed[i]]
        findings.warn(
            read.file,
            T(
                "a stop of the line {line} lies {metres} m from the network, farther than {snap} m "
                "(access.max_snap_m): nobody boards or alights there",
                line=row["line"],
                metres=f"{away_m[i]:,.0f}",
                snap=f"{within_m:g}",
            ),
            T("Correct its position, or give the lines that lead there"),
            row=int(read.frame.index[placed[i]]),
            column=read.headers.get("stop", "stop"),
            value=row["stop"] or None,
        )


def _drawn(made: Network, walked: NDArray[np.int64]) -> Iterator[NDArray[np.object_]]:
    """Draw edges, some at a time."""
    for low in range(0, len(walked), AT_ONCE):
        some = walked[low : low + AT_ONCE]
        count = made.first[some + 1] - made.first[some]
        takes = np.arange(count.sum()) + np.repeat(made.first[some] - np.cumsum(count) + count, count)
        yield shapely.linestrings(made.shape[takes], indices=np.repeat(np.arange(len(some)), count))


def _any_within(made: Network, walked: NDArray[np.int64], at: Floats, within_m: float) -> bool:
    tree = shapely.STRtree(shapely.points(at))
    return any(tree.query(some, predicate="dwithin", distance=within_m).size for some in _drawn(made, walked))


def _away_m(made: Network, walked: NDArray[np.int64], at: Floats) -> Floats:
    """Measure how far positions lie from the nearest edge [m]."""
    points, away = shapely.points(at), np.full(len(at), np.inf)
    for some in _drawn(made, walked):
        (which, _), distance = shapely.STRtree(some).query_nearest(points, return_distance=True, all_matches=False)
        away[which] = np.minimum(away[which], distance)
    return away


def _mend(read: Typed, demand: Typed | None, settings: Settings, file: str) -> Text:
    """Name the system in which the network would lie beside the people, where there is one."""
    unheard = Findings()  # its system is known to be good
    system = placing.system_of(read, settings, file, unheard) if read.shapes is not None else None
    of_people = placing.system_of(demand, settings, file, unheard) if demand is not None else None
    if system is None or demand is None or of_people is None or of_people.unit == "local":
        return T("Correct the coordinate system of one of the two tables, or give a network of this district")
    corners = shapely.bounds(read.shapes)
    located = Located(read, system, corners[:, 0], corners[:, 1], read.frame.index.to_numpy("int64"))
    frame = demand.frame.reindex(columns=["x", "y"]).astype("float64").dropna()
    lon, lat = of_people.lonlat(frame["x"].to_numpy(), frame["y"].to_numpy())
    better = placing.fitting(located, (float(np.median(lon)), float(np.median(lat))))
    if better and better != system.name:
        return T('Read as {crs} it would lie beside it: write crs = "{crs}" if that is so', crs=better)
    return T("Correct the coordinate system of one of the two tables, or give a network of this district")
