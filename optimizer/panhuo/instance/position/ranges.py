"""Positions that contradict the coordinate system their table declares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panhuo.instance.findings import Findings
from panhuo.instance.position import systems
from panhuo.instance.position.coordinates import Floats, in_china
from panhuo.instance.position.systems import System
from panhuo.instance.reading.raw import Typed
from panhuo.words import T, Text

BEYOND_AREA_DEG = 1.0
"""How far positions may lie beyond the area a metric system is made for."""


@dataclass(frozen=True)
class Located:
    """A table with its system and its complete positions.

    Parameters
    ----------
    read : Typed
        The table.
    system : System
        What it declares.
    x, y : (n,) float
        As given.
    lines : (n,) int
        Line of each in the file.
    """

    read: Typed
    system: System
    x: Floats
    y: Floats
    lines: NDArray[np.int64]

    def tell(
        self, at: int | None, rule: Text, mend: Text, findings: Findings, axes: tuple[str, ...] = ("x", "y")
    ) -> None:
        """Note a fault of one position (or of one axis of it), or (``None``) of all, with the first as an example."""
        headers = [self.read.headers.get(c, c) for c in axes]
        i = 0 if at is None else at
        findings.fault(
            self.read.file,
            rule,
            mend,
            row=None if at is None else int(self.lines[i]),
            column=", ".join(headers),
            value=", ".join(f"{(self.x if axis == 'x' else self.y)[i]:.10g}" for axis in axes),
        )

    def tell_each(self, where: NDArray[np.bool_], rule: Text, mend: Text, findings: Findings) -> None:
        """Note a fault once where it strikes every position, else position by position."""
        if where.all() and len(where) > 1:
            self.tell(None, rule, mend, findings)
            return
        for i in np.flatnonzero(where):
            self.tell(int(i), rule, mend, findings)


def fit(table: Located, findings: Findings) -> bool:
    """Check that positions can be what their system says; faults and ``False`` where they cannot."""
    if not len(table.x):
        return True
    checks = {"degrees": _degrees, "metres": _metres, "local": _local}
    before = len(findings.faults)
    checks[table.system.unit](table, findings)
    return len(findings.faults) == before


def _degrees(table: Located, findings: Findings) -> None:
    x, y, name = table.x, table.y, table.system.name
    swapped = _like_china(y, x)
    metres = ((np.abs(x) > 180) | (np.abs(y) > 180)) & ~swapped
    outside = ((np.abs(y) > 90) | (~in_china(x, y) & (table.system.crs is None))) & ~swapped & ~metres
    table.tell_each(
        swapped,
        T("longitude and latitude are swapped"),
        T("Exchange the two columns: x is the longitude, y the latitude"),
        findings,
    )
    table.tell_each(
        metres,
        T("these are metres, but {system} counts in degrees", system=name),
        _metric_mend(table),
        findings,
    )
    table.tell_each(
        outside,
        T("lies outside the range of {system}", system=name),
        T("Correct the position or the crs"),
        findings,
    )


def _metric_mend(table: Located) -> Text:
    zone = int(np.median(table.x) // 1_000_000)
    fits = systems.zoned(zone)
    if fits:
        return T("Write the crs they are in: zone {zone} is {crs} in CGCS2000", zone=zone, crs=fits)
    return T("Write the crs they are in, such as EPSG:4544")


def _like_china(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    return (lon >= 73) & (lon <= 136) & (lat >= 3) & (lat <= 54)


def _local(table: Located, findings: Findings) -> None:
    narrow = float(np.ptp(table.x)) < 5 and float(np.ptp(table.y)) < 5
    if narrow and _like_china(table.x, table.y).all() and (np.modf(table.x)[0] != 0).any():
        table.tell(
            None,
            T("these look like degrees, but local means metres"),
            T("Write the crs they are in, such as EPSG:4490 or GCJ-02"),
            findings,
        )


def _metres(table: Located, findings: Findings) -> None:
    x, y, name = table.x, table.y, table.system.name
    degrees = (np.abs(x) <= 180) & (np.abs(y) <= 180)
    if degrees.any():
        table.tell_each(
            degrees,
            T("these are degrees, but {system} counts in metres", system=name),
            T("Write the crs they are in, such as EPSG:4490 or GCJ-02"),
            findings,
        )
        return
    if _in_area(table.system, x, y):
        return
    if _in_area(table.system, y, x):
        table.tell(
            None,
            T("easting and northing are swapped"),
            T("Exchange the two columns: x is the easting, y the northing"),
            findings,
        )
        return
    zone, own = int(np.median(x) // 1_000_000), int(table.system.false_easting_m // 1_000_000)
    fits = systems.zoned(zone)
    if fits and own == 0:
        table.tell(
            None,
            T(
                "an easting of 8 digits begins with its zone number ({zone}), but {system} has none",
                zone=zone,
                system=name,
            ),
            T('Write crs = "{crs}", which is zone {zone} in CGCS2000', crs=fits, zone=zone),
            findings,
        )
    elif fits and own != zone:
        table.tell(
            None,
            T("the easting is of zone {zone}, but {system} is zone {own}", zone=zone, system=name, own=own),
            T('Write crs = "{crs}", which is zone {zone} in CGCS2000', crs=fits, zone=zone),
            findings,
        )
    elif own and zone == 0 and (twin := systems.plain(own)):
        table.tell(
            None,
            T("the easting has no zone number, but {system} begins its eastings with {own}", system=name, own=own),
            T('Write crs = "{crs}", the same zone without the number', crs=twin),
            findings,
        )
    else:
        table.tell(
            None,
            T("the positions lie outside the area {system} is made for", system=name),
            T("Correct the crs (another zone?) or the positions"),
            findings,
        )


def _in_area(system: System, x: Floats, y: Floats) -> bool:
    """Whether the middle of the positions lies in (or close to) the area a metric system is made for."""
    area = system.crs.area_of_use if system.crs is not None else None
    if area is None:
        return True
    lon, lat = system.lonlat(np.array([np.median(x)]), np.array([np.median(y)]))
    if not (np.isfinite(lon[0]) and np.isfinite(lat[0])):
        return False
    # Far from its meridian a projection folds over, so the way back must lead home.
    east, north = systems.from_lonlat(system.name, lon, lat)
    home = np.hypot(east[0] - np.median(x), north[0] - np.median(y)) < 1
    beyond = BEYOND_AREA_DEG
    return bool(
        home
        and area.west - beyond <= lon[0] <= area.east + beyond
        and area.south - beyond <= lat[0] <= area.north + beyond
    )
