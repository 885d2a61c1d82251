"""All located tables brought into one metric frame."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from panhuo.instance.findings import Findings
from panhuo.instance.policy import Settings
from panhuo.instance.position import ranges, shifts, systems
from panhuo.instance.position.coordinates import Floats
from panhuo.instance.position.ranges import Located
from panhuo.instance.position.systems import System
from panhuo.instance.reading.raw import Typed
from panhuo.words import T, Text

APART_KM = 100
"""Tables of one district whose middles lie further apart cannot be in the systems they declare."""
STRAY_KM = 200
"""A single position further from the middle of all is a slip."""
NEAR_KM = 50
"""A system that brings a stray table so close to the others is worth naming."""

LonLat = tuple[Floats, Floats]


def place(
    given: Mapping[str, Typed], settings: Settings, file: str, findings: Findings
) -> tuple[dict[str, pd.DataFrame], str]:
    """Bring positions into one metric frame.

    Parameters
    ----------
    given : mapping of str to Typed
        The tables given.
    settings : Settings
        They declare the system of each table, and perhaps the frame.
    file : str
        File (or sheet) of the settings.
    findings : Findings
        Where faults and warnings go.

    Returns
    -------
    dict of str to DataFrame (x_m, y_m)
        Positions [m], rounded to the millimetre, rows as in the tables; empty where positions are at fault.
    str
        The frame: EPSG:n or local.
    """
    before = len(findings.faults)
    located = {
        name: _located(read, system)
        for name, read in given.items()
        if read.table.located and (system := system_of(read, settings, file, findings)) is not None
    }
    local = [n for n, t in located.items() if t.system.unit == "local"]
    if local and len(local) < len(located):
        _mixed(local, located, file, findings)
    good = {n: t for n, t in located.items() if ranges.fit(t, findings)}
    frame = _declared_frame(settings, bool(local), file, findings)
    if len(findings.faults) > before or not located:
        return {}, ""
    if local:
        return {n: _positions(t.x, t.y) for n, t in good.items()}, "local"
    lonlat = {n: t.system.lonlat(t.x, t.y) for n, t in good.items()}
    if _strays(good, lonlat, findings) or _apart(good, lonlat, findings):
        return {}, ""
    for name, table in good.items():
        if datum := table.system.old_datum:
            findings.warn(
                table.read.file,
                T(
                    "{system} rests on {datum}, whose shift to CGCS2000 is not public",
                    system=table.system.name,
                    datum=datum,
                ),
                T("Expect positions to be off by up to 100 m, or have them converted to CGCS2000"),
            )
        if sentence := shifts.better(name, good, lonlat):
            findings.warn(
                table.read.file, sentence, T("Find out in which system the table was made, and correct its crs")
            )
    lon, lat = _middle(list(lonlat.values()))
    frame = frame or systems.frame_for(lon, lat)
    return {n: _positions(*systems.from_lonlat(frame, *lonlat[n])) for n, t in good.items()}, frame


def system_of(read: Typed, settings: Settings, file: str, findings: Findings) -> System | None:
    """Find the system of a table: declared, or stated by its own file; ``None`` and a fault where it is not known."""
    return system_named(read.table.name, read.crs, read.file, settings, file, findings)


def system_named(
    name: str, stated: str, of_file: str, settings: Settings, file: str, findings: Findings
) -> System | None:
    """Find the system of a table or raster, as `system_of`.

    Parameters
    ----------
    name : str
        What the settings call it: tables.NAME.crs.
    stated : str
        The system its own file states; empty where it states none.
    of_file : str
        That file.
    file : str
        File (or sheet) of the settings.
    """
    note = settings.tables.get(name)
    declared, key = (note.crs if note else ""), f"tables.{name}.crs"
    if any(fault.column == key for fault in findings.faults):
        return None  # it cannot be read, which is told
    if not declared and not stated:
        findings.fault(
            file,
            T("the coordinate system of {file} is not stated", file=of_file),
            T("Write its crs: EPSG:4490 (degrees), EPSG:4544 (metres), GCJ-02 (Amap, Tencent), BD-09 (Baidu) or local"),
            column=key,
        )
        return None
    system = systems.named(declared or stated)
    if system is None:
        findings.fault(
            file,
            T("must be EPSG: and the number of a system in degrees or metres, GCJ-02, BD-09 or local"),
            T("Correct the crs"),
            column=key,
            value=declared or stated,
        )
        return None
    own = systems.named(stated) if stated else None
    if own is not None and own != system and "metres" in (own.unit, system.unit):
        findings.fault(
            file,
            *_contradiction(of_file, own.name),
            column=key,
            value=declared,
        )
        return None
    return system


def _contradiction(file: str, crs: str) -> tuple[Text, Text]:
    """Say how a file contradicts a system, and what to do; GeoJSON that states none is in degrees all the same."""
    if crs == "EPSG:4326" and file.split("[", maxsplit=1)[0].lower().endswith(".geojson"):
        return (
            T("contradicts {file}: GeoJSON without a crs is in degrees (RFC 7946 §4)", file=file),
            T("Export it in degrees and leave the crs out, or as GeoPackage with its coordinate system"),
        )
    return T("contradicts {file}, which says {crs}", file=file, crs=crs), T("Correct the crs, or leave it out")


def _located(read: Typed, system: System) -> Located:
    at = read.frame.reindex(columns=["x", "y"]).astype("float64")
    there = at.notna().all(axis=1).to_numpy()
    at = at[there]
    return Located(read, system, at["x"].to_numpy(float), at["y"].to_numpy(float), at.index.to_numpy(np.int64))


def _mixed(local: list[str], located: Mapping[str, Located], file: str, findings: Findings) -> None:
    other = next(n for n in located if n not in local)
    for name in local:
        findings.fault(
            file,
            T("local metres cannot be joined with {system} of {other}", system=located[other].system.name, other=other),
            T("Give every located table the same kind of system"),
            column=f"tables.{name}.crs",
            value="local",
        )


def _declared_frame(settings: Settings, local: bool, file: str, findings: Findings) -> str:
    if not settings.metric_crs:
        return ""
    system = systems.named(settings.metric_crs)
    wanted = "local" if local else "metres"
    if system is None or system.unit != wanted:
        findings.fault(
            file,
            T("must be local, as the tables are") if local else T("must be EPSG: and the number of a system in metres"),
            T("Correct it or leave it out"),
            column="metric_crs",
            value=settings.metric_crs,
        )
        return ""
    return system.name


def _strays(good: Mapping[str, Located], lonlat: Mapping[str, LonLat], findings: Findings) -> bool:
    """Fault each position far from the middle of all, unless its whole table lies there in a system of its own.

    Slips in single rows must be told before tables are compared: the middle of a small table moves with them.
    """
    before = len(findings.faults)
    centre = _middle(list(lonlat.values()))
    far = {n: ~(_distances_km(lon, lat, centre) <= STRAY_KM) for n, (lon, lat) in lonlat.items()}
    settled = {n for n, at in far.items() if len(at) and 2 * at.sum() <= len(at)}
    systems_there = {good[n].system for n in settled}
    for name, at in far.items():
        if name not in settled and good[name].system not in systems_there:
            continue
        for i in np.flatnonzero(at):
            good[name].tell(
                int(i),
                T("lies more than {km} km from the middle of all positions", km=STRAY_KM),
                T("Correct the position"),
                findings,
                _axes(lonlat[name][0][i], lonlat[name][1][i], centre, good[name].system),
            )
    return len(findings.faults) > before


def _axes(lon: float, lat: float, centre: tuple[float, float], system: System) -> tuple[str, ...]:
    """Tell which of the two coordinates of a stray is at fault, where they are degrees and one of them fits."""
    if system.unit != "degrees":
        return ("x", "y")
    fits = {"x": _km((lon, centre[1]), centre) <= NEAR_KM, "y": _km((centre[0], lat), centre) <= NEAR_KM}
    return tuple(axis for axis in fits if not fits[axis]) if any(fits.values()) else ("x", "y")


def _apart(good: Mapping[str, Located], lonlat: Mapping[str, LonLat], findings: Findings) -> bool:
    """Fault each table that does not lie where most tables do."""
    before = len(findings.faults)
    middles = {n: _middle([at]) for n, at in lonlat.items() if len(at[0])}
    for name, odd in _odd_ones(middles):
        km = _km(middles[name], middles[odd])
        table = good[odd]
        better = fitting(table, middles[name])
        table.tell(
            None,
            T(
                "the table lies {km} km from {other}: {system} and {other_system} do not go together",
                km=round(km),
                other=good[name].read.file,
                system=table.system.name,
                other_system=good[name].system.name,
            ),
            T('Read as {crs} it would lie beside it: write crs = "{crs}" if that is so', crs=better)
            if better
            else T("Correct the crs of one of the two tables"),
            findings,
        )
    return len(findings.faults) > before


def _odd_ones(middles: Mapping[str, tuple[float, float]]) -> list[tuple[str, str]]:
    """Pair each table that lies apart with one that lies where most tables do."""
    names = list(middles)
    near = {n: [m for m in names if _km(middles[n], middles[m]) <= APART_KM] for n in names}
    if all(len(near[n]) == len(names) for n in names):
        return []
    most = max(names, key=lambda n: len(near[n]))
    return [(most, n) for n in names if n not in near[most]]


def fitting(table: Located, middle: tuple[float, float]) -> str | None:
    """Find the system in which a table would lie beside others whose middle (longitude, latitude [°]) is given."""
    if table.system.unit != "metres":
        return None
    x, y = np.array([np.median(table.x)]), np.array([np.median(table.y)])
    tried = {s.name: s.lonlat(x, y) for s in systems.likely()}
    by_km = {n: _km((float(lon[0]), float(lat[0])), middle) for n, (lon, lat) in tried.items()}
    best = min(by_km, key=lambda n: by_km[n] if np.isfinite(by_km[n]) else np.inf)
    return best if by_km[best] <= NEAR_KM else None


def _middle(at: list[LonLat]) -> tuple[float, float]:
    lon, lat = (np.concatenate([pair[axis] for pair in at]) for axis in (0, 1))
    return float(np.median(lon)), float(np.median(lat))


def _km(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(_distances_km(np.array([one[0]]), np.array([one[1]]), other)[0])


def _distances_km(lon: Floats, lat: Floats, middle: tuple[float, float]) -> Floats:
    east = (lon - middle[0]) * np.cos(np.radians(middle[1]))
    return np.hypot(east, lat - middle[1]) * shifts.DEGREE_M / 1000


def _positions(east: Floats, north: Floats) -> pd.DataFrame:
    """Round to the millimetre; -0.0 becomes 0.0."""
    return pd.DataFrame({"x_m": np.round(east, 3) + 0.0, "y_m": np.round(north, 3) + 0.0})
