"""A table that fits the others better in another of the three systems that are mixed up in China."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from panhuo.instance.position.coordinates import Floats, bd09_to_wgs84, gcj02_to_wgs84, in_china
from panhuo.instance.position.ranges import Located
from panhuo.words import T, Text

LEAST_POINTS = 30
LEAST_GROUPS = 8
CERTAIN = 4.0
"""Standard errors between the offset seen and half the shift."""
SAMPLED = 10_000
"""Of a larger table so many points, evenly taken, tell how near it is to the others."""
DEGREE_M = 111_320.0


@dataclass(frozen=True)
class _Plane:
    lon: float
    lat: float

    def metres(self, lon: Floats, lat: Floats) -> Floats:
        east = (lon - self.lon) * DEGREE_M * np.cos(np.radians(self.lat))
        return np.column_stack([east, (lat - self.lat) * DEGREE_M])


def better(name: str, tables: Mapping[str, Located], lonlat: Mapping[str, tuple[Floats, Floats]]) -> Text | None:
    """Tell whether a table fits the others better in another system.

    Two signs are looked at: the distance to the nearest point of the other tables (at least halved, and shorter for
    three points in four), and the offset between the middles of the circles and units that tables share
    (beyond half the shift, by four standard errors). Either counts; ordinary scatter shows neither.

    Parameters
    ----------
    name : str
        The table.
    tables : mapping of str to Located
        All located tables.
    lonlat : mapping of str to pair of (n,) float [°]
        Their positions in CGCS2000, as declared.

    Returns
    -------
    Text or None
        The sentence, or ``None`` where the declared system fits.
    """
    others = [n for n in tables if n != name and len(lonlat[n][0])]
    lon, lat = lonlat[name]
    if len(lon) < LEAST_POINTS or not others or not in_china(lon, lat).all():
        return None
    plane = _Plane(float(np.median(lon)), float(np.median(lat)))
    here = plane.metres(lon, lat)
    there = KDTree(np.vstack([plane.metres(*lonlat[n]) for n in others]))
    some = slice(None, None, -(-len(lon) // SAMPLED))
    before = there.query(here[some])[0]
    found: list[tuple[float, str, float]] = []
    for other, at in _readings(tables[name], lon, lat, some).items():
        moved = plane.metres(*at)
        after = there.query(moved)[0]
        shift = np.mean(moved - here[some], axis=0)
        if _nearer(before, after) or _offset(name, tables, others, here, shift, plane, lonlat):
            found.append((float(np.median(after)), other, float(np.hypot(*shift))))
    if not found:
        return None
    _, best, metres = min(found)
    return T(
        "the positions fit the other tables better read as {better} than as {declared} ({metres} m apart)",
        better=best,
        declared=tables[name].system.name,
        metres=round(metres),
    )


def _readings(table: Located, lon: Floats, lat: Floats, some: slice) -> dict[str, tuple[Floats, Floats]]:
    """Read some of the positions in the systems the table does not declare."""
    name = table.system.name
    raw = (table.x[some], table.y[some]) if name in ("GCJ-02", "BD-09") else (lon[some], lat[some])
    readings = {"GCJ-02": gcj02_to_wgs84(*raw), "BD-09": bd09_to_wgs84(*raw)}
    readings.pop(name, None)
    if name in ("GCJ-02", "BD-09"):
        readings["WGS-84 / CGCS2000 (EPSG:4490)"] = raw
    return readings


def _nearer(before: Floats, after: Floats) -> bool:
    return bool(np.median(after) < np.median(before) / 2 and np.mean(after < before) >= 0.75)


def _offset(
    name: str,
    tables: Mapping[str, Located],
    others: list[str],
    here: Floats,
    shift: Floats,
    plane: _Plane,
    lonlat: Mapping[str, tuple[Floats, Floats]],
) -> bool:
    length = float(np.hypot(*shift))
    for label in ("unit", "circle"):
        own = _middles(tables[name], label, here)
        rest = [_middles(tables[n], label, plane.metres(*lonlat[n])) for n in others]
        common = [other.join(own.add_suffix("_own"), how="inner") for other in rest]
        gaps = [(c[["e", "n"]].to_numpy() - c[["e_own", "n_own"]].to_numpy()) @ shift / length for c in common]
        along = np.concatenate(gaps) if gaps else np.empty(0)
        if len(along) < LEAST_GROUPS:
            continue
        middle = float(np.median(along))
        spread = 1.4826 * float(np.median(np.abs(along - middle)))
        error = 1.2533 * spread / np.sqrt(len(along))
        if length / 2 + CERTAIN * error < middle < 2 * length:
            return True
    return False


def _middles(table: Located, label: str, at: Floats) -> pd.DataFrame:
    frame = table.read.frame
    if label not in frame:
        return pd.DataFrame({"e": [], "n": []})
    keys = frame[label].loc[table.lines].to_numpy()
    points = pd.DataFrame({"e": at[:, 0], "n": at[:, 1], "key": keys})
    return points[points["key"] != ""].groupby("key").mean()
