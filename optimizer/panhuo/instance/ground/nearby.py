"""Whether the network lies where the people do."""

from __future__ import annotations

from collections.abc import Mapping

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
    low, high = made.shape.min(axis=0), made.shape.max(axis=0)
    gap_m = float(np.hypot(*np.maximum(np.maximum(low - at, at - high), 0).T).min())
    findings.fault(
        read.file,
        T(
            "no demand point lies within {snap} m (access.max_snap_m) of the network; the nearest is {km} km from "
            "its extent",
            snap=f"{settings.access.max_snap_m:g}",
            km=f"{gap_m / 1000:,.1f}",
        ),
        _mend(read, given.get("demand"), settings, file),
    )
    return False


def _any_within(made: Network, walked: NDArray[np.int64], at: Floats, within_m: float) -> bool:
    tree = shapely.STRtree(shapely.points(at))
    batch = 100_000
    for low in range(0, len(walked), batch):
        some = walked[low : low + batch]
        count = made.first[some + 1] - made.first[some]
        takes = np.arange(count.sum()) + np.repeat(made.first[some] - np.cumsum(count) + count, count)
        shapes = shapely.linestrings(made.shape[takes], indices=np.repeat(np.arange(len(some)), count))
        if tree.query(shapes, predicate="dwithin", distance=within_m).size:
            return True
    return False


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
