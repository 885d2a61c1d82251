"""Which file is which table: a folder, or one workbook."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from panhuo.instance.findings import Findings
from panhuo.instance.instance import Source
from panhuo.instance.reading import headers
from panhuo.instance.reading.grids import Grid, csv_grid, framed, sheets
from panhuo.instance.reading.layers import SHAPE_PARTS, layer
from panhuo.instance.reading.raw import MapFile, Raw
from panhuo.instance.reading.settings import Keys, from_sheet, from_toml
from panhuo.instance.reading.units import fold
from panhuo.instance.schema import RASTERS, RESERVED, TABLES, Table
from panhuo.words import T

SETTINGS_FILE = "instance.toml"
SETTINGS_SHEETS = ("instance", "实例设置")
TABLE_ENDINGS = (".csv", ".xlsx", ".gpkg", ".shp", ".geojson")
OSM_ENDINGS = (".osm", ".osm.pbf", ".pbf")
RASTER_ENDINGS = (".tif", ".tiff")
OTHER_ENDINGS = (".xls", ".xlsm", ".xlsb", ".ods", ".tsv", ".txt", ".json", ".parquet", ".kml", ".et")


@dataclass
class Found:
    """What an instance consists of, unread beyond its rows.

    Parameters
    ----------
    tables : dict of str to Raw
        The tables that were found.
    keys : Keys or None
        What ``instance.toml`` or the sheet ``instance`` says; ``None`` where it cannot be read.
    sources : list of Source
        Every file read.
    broken : set of str
        Tables whose file is there but cannot be read.
    osm : MapFile or None
        The OpenStreetMap extract that is the table network; ``None`` where there is none.
    rasters : dict of str to MapFile
        ``elevation``, ``population`` and ``population_GROUP``: the GeoTIFF files that were found.
    """

    tables: dict[str, Raw] = field(default_factory=dict)
    keys: Keys | None = None
    sources: list[Source] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    osm: MapFile | None = None
    rasters: dict[str, MapFile] = field(default_factory=dict)


def source(path: Path, name: str) -> Source:
    """Take the bytes of a file and their hash."""
    content = path.read_bytes()
    return Source(path, name, hashlib.sha256(content).hexdigest(), content)


def find(path: Path, findings: Findings) -> Found:
    """Find and read the raw tables of an instance."""
    if not path.exists():
        findings.fault(str(path), T("there is no such folder or workbook"), T("Check the path"))
        return Found()
    if path.is_file():
        return _workbook(path, findings, alone=False)
    files = [p for p in sorted(path.iterdir()) if p.is_file() and not p.name.startswith((".", "~$"))]
    tables = [p for p in files if p.suffix.lower() in TABLE_ENDINGS]
    if len(tables) == 1 and tables[0].suffix.lower() == ".xlsx" and called(tables[0].stem) is None:
        return _workbook(tables[0], findings, alone=True)
    return _folder(path, files, findings)


def called(word: str) -> Table | None:
    """Find the table a file stem or a sheet is named after."""
    return next((t for t in TABLES.values() if fold(word) in (fold(t.name), fold(t.zh))), None)


def raster(word: str) -> str | None:
    """Find the raster a file stem is named after: elevation, population or population_GROUP; ``None`` where none is."""
    folded = fold(word)
    for name, zh in RASTERS.items():
        for spelling in (name, zh):
            if folded == spelling:
                return name
            if name == "population" and folded.startswith(f"{spelling}_") and len(folded) > len(spelling) + 1:
                return f"{name}_{word[word.index('_') + 1 :]}"
    return None


def _reserved(word: str) -> str | None:
    return next((k for k, zh in RESERVED.items() if fold(word) in (fold(k), fold(zh))), None)


def _unknown(word: str, name: str, findings: Findings) -> None:
    if reserved := _reserved(word):
        findings.fault(name, T("this version does not plan {table} yet", table=reserved), T("Take the table out"))
        return
    names = [n for t in TABLES.values() for n in (t.name, t.zh)]
    if meant := headers.closest(word, [*names, *RESERVED, *RESERVED.values(), *SETTINGS_SHEETS]):
        findings.fault(
            name, T("no table is called {word}: did you mean {meant}?", word=word, meant=meant), T("Rename it")
        )
    else:
        findings.warn(
            name, T("no table is called {word}: it is not used", word=word), T("Nothing to do if that is meant")
        )


def _folder(folder: Path, files: list[Path], findings: Findings) -> Found:
    found = Found()
    if not any(p.suffix.lower() in TABLE_ENDINGS or p.name == SETTINGS_FILE for p in files):
        findings.fault(
            str(folder),
            T("the folder holds no table"),
            T("Give a folder with tables and an instance.toml (see panhuo template)"),
        )
        return found
    by_table: dict[str, list[Path]] = {}
    for file in files:
        ending, table = file.suffix.lower(), called(file.stem)
        stem = file.name[: -len(".osm.pbf")] if file.name.lower().endswith(".osm.pbf") else file.stem
        if ending in OSM_ENDINGS and called(stem) is TABLES["network"]:
            found.osm = MapFile(file, file.name)
            found.sources.append(source(file, file.name))
        elif ending in RASTER_ENDINGS and (name := raster(file.stem)):
            found.rasters[name] = MapFile(file, file.name)
            found.sources.append(source(file, file.name))
        elif ending in TABLE_ENDINGS and table is not None:
            by_table.setdefault(table.name, []).append(file)
        elif ending in TABLE_ENDINGS:
            _unknown(file.stem, file.name, findings)
        elif ending in OTHER_ENDINGS and table is not None:
            findings.fault(
                file.name,
                T("tables with the ending {ending} are not read", ending=ending),
                T("Save it as CSV or XLSX"),
            )
            found.broken.add(table.name)
    for name, alike in by_table.items():
        if len(alike) > 1:
            findings.fault(
                alike[1].name,
                T("{first} is the table {table} already", first=alike[0].name, table=name),
                T("Keep one of the two files"),
            )
        _take(alike[0], TABLES[name], found, findings)
    if not _settings(folder, found, findings):
        findings.fault(
            SETTINGS_FILE, T("the file is missing"), T("Write it: at least title, and the crs of each located table")
        )
    return found


def _settings(folder: Path, found: Found, findings: Findings) -> bool:
    """Read ``instance.toml``; ``False`` where there is none."""
    file = folder / SETTINGS_FILE
    if not file.is_file():
        return False
    found.sources.append(source(file, SETTINGS_FILE))
    found.keys = from_toml(file, SETTINGS_FILE, findings)
    return True


def _take(file: Path, table: Table, found: Found, findings: Findings) -> None:
    found.sources.append(source(file, file.name))
    ending = file.suffix.lower()
    raw: Raw | None = None
    if ending == ".csv":
        grid = csv_grid(file, file.name, table, findings)
        if grid is not None:
            raw = Raw(table, file.name, framed(grid, table, file.name, findings))
    elif ending == ".xlsx":
        book = sheets(file, file.name, findings)
        if book is not None:
            raw = _sheet(book, file.name, table, findings)
    else:
        if ending == ".shp":
            beside = (file.with_suffix(part) for part in SHAPE_PARTS)
            found.sources.extend(source(p, p.name) for p in beside if p.is_file())
        raw = layer(file, file.name, table, findings)
    if raw is None:
        found.broken.add(table.name)
    else:
        found.tables[table.name] = raw


def _sheet(book: dict[str, Grid], name: str, table: Table, findings: Findings) -> Raw | None:
    filled = {s: grid for s, grid in book.items() if any(any(str(c).strip() for c in row) for row in grid)}
    named = [s for s in book if called(s) is table]
    if not named and len(filled) > 1:
        findings.fault(
            name,
            T("several sheets, and none is called {table}: {sheets}", table=table.name, sheets=", ".join(filled)),
            T("Rename the sheet that is meant to {table}", table=table.name),
        )
        return None
    sheet = next(iter(named or filled or book))
    return Raw(table, name, framed(book[sheet], table, name, findings))


def _workbook(path: Path, findings: Findings, *, alone: bool) -> Found:
    """Read a workbook; ``alone`` in its folder, the ``instance.toml`` there must be its own."""
    found = Found()
    if path.suffix.lower() != ".xlsx":
        findings.fault(path.name, T("an instance is a folder of tables or one .xlsx workbook"), T("Give one of these"))
        return found
    found.sources.append(source(path, path.name))
    book = sheets(path, path.name, findings)
    if book is None:
        return found
    for sheet, grid in book.items():
        label, table = f"{path.name}[{sheet}]", called(sheet)
        if fold(sheet) in SETTINGS_SHEETS:
            found.keys = from_sheet(grid, label, findings)
        elif table is None:
            _unknown(sheet, label, findings)
        elif table.name in found.tables:
            first = found.tables[table.name].file
            findings.fault(
                label,
                T("{first} is the table {table} already", first=first, table=table.name),
                T("Keep one of the two sheets"),
            )
        else:
            found.tables[table.name] = Raw(table, label, framed(grid, table, label, findings))
    own = next((s for s in book if fold(s) in SETTINGS_SHEETS), None)
    if own is None and not _settings(path.parent, found, findings):
        findings.fault(
            path.name,
            T("the sheet instance is missing, and no instance.toml stands beside the workbook"),
            T("Add it, with the columns key and value: at least title, and the crs of each located table"),
        )
    elif own is not None and alone and (path.parent / SETTINGS_FILE).is_file():
        findings.fault(
            SETTINGS_FILE,
            T("{sheet} holds the settings already", sheet=f"{path.name}[{own}]"),
            T("Keep one of the two"),
        )
    return found
