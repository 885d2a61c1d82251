"""What an instance consists of, and how each of its files is taken in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from panhuo.instance.findings import Findings
from panhuo.instance.instance import Role, Source
from panhuo.instance.reading import headers, names, notes, opening
from panhuo.instance.reading.layers import SHAPE_PARTS
from panhuo.instance.reading.notes import Note
from panhuo.instance.reading.raw import MapFile, Raw
from panhuo.instance.reading.settings import Keys, from_toml
from panhuo.instance.schema import RESERVED, TABLES
from panhuo.words import T, Text

SETTINGS_FILE = "instance.toml"
SETTINGS_SHEETS = ("instance", "实例设置")
GUIDE_SHEETS = ("read me", "填写说明")
"""The sheet of the template that says how to fill it in; it holds nothing to be read."""


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


def source(path: Path, name: str, role: Role = "instance") -> Source:
    """Take the bytes of a file and their hash."""
    content = path.read_bytes()
    return Source(path, name, hashlib.sha256(content).hexdigest(), content, role)


def take_settings(folder: Path, found: Found, findings: Findings) -> bool:
    """Read ``instance.toml``; ``False`` where there is none."""
    file = folder / SETTINGS_FILE
    if not file.is_file():
        return False
    found.sources.append(source(file, SETTINGS_FILE))
    found.keys = from_toml(file, SETTINGS_FILE, findings)
    return True


def tell_unknown(word: str, name: str, findings: Findings) -> None:
    """Tell of a file or sheet that is named after no table."""
    if reserved := names.reserved(word):
        findings.fault(name, T("this version does not plan {table} yet", table=reserved), T("Take the table out"))
        return
    known = [n for t in TABLES.values() for n in (t.name, t.zh)]
    if meant := headers.closest(word, [*known, *RESERVED, *RESERVED.values(), *SETTINGS_SHEETS]):
        findings.fault(
            name, T("no table is called {word}: did you mean {meant}?", word=word, meant=meant), T("Rename it")
        )
    else:
        findings.warn(
            name, T("no table is called {word}: it is not used", word=word), T("Nothing to do if that is meant")
        )


def chosen_files(folder: Path, said: Mapping[str, Note], found: Found, findings: Findings) -> dict[str, Path]:
    """Find the files that the settings name, by table or raster."""
    chosen: dict[str, Path] = {}
    for name, note in said.items():
        if not note.said.file:
            continue
        path = notes.path_of(note, folder, findings)
        if path is None:
            found.broken.add(name)
        else:
            chosen[name] = path
    for name, path in chosen.items():
        other = names.meant(path.name)  # its copy beside a result would be read as that table
        if path.parent != folder and other not in (None, name) and chosen.get(str(other)) != path:
            said[name].fault(
                "file",
                T("is named after {table}, which is not read from it", table=other),
                T("Rename the file, or name it under [tables.{table}] too", table=other),
                findings,
                path.name,
            )
    return chosen


def _add(path: Path, note: Note | None, found: Found, findings: Findings) -> bool:
    """Take a file among the sources once; ``False`` (and a fault) where another file has its name."""
    same = next((s for s in found.sources if s.name.casefold() == path.name.casefold()), None)
    if same is None:
        found.sources.append(source(path, path.name))
    elif same.path.resolve() != path.resolve():
        file, key = (note.file, f"tables.{note.name}.file") if note is not None else (path.name, None)
        findings.fault(
            file,
            T("two different files are called {name}", name=path.name),
            T("Rename one of them"),
            column=key,
            value=str(path),
        )
        return False
    return True


def take(path: Path, name: str, note: Note | None, found: Found, findings: Findings) -> None:
    """Read the file of a table, or keep the path of a raster or an OpenStreetMap extract."""
    ending = names.ending(path.name)
    beside = [path.with_suffix(part) for part in SHAPE_PARTS] if ending == ".shp" else []
    added = [_add(p, note, found, findings) for p in (path, *beside) if p is path or p.is_file()]
    if not all(added):
        found.broken.add(name)
    elif name in TABLES and ending in names.TABLE_ENDINGS:
        raw = opening.opened(path, TABLES[name], note, findings)
        if raw is None:
            found.broken.add(name)
        else:
            found.tables[name] = raw
    elif name == "network" and ending in names.OSM_ENDINGS:
        found.osm = MapFile(path, path.name)
        _as_it_is(note, T("an OpenStreetMap extract"), findings)
    elif names.raster(name) == name and ending in names.RASTER_ENDINGS:
        found.rasters[name] = MapFile(path, path.name)
        _as_it_is(note, T("a raster"), findings)
    elif name in TABLES or names.raster(name) == name:
        found.broken.add(name)
        if note is not None:
            rule = T("files with the ending {ending} are not read as {table}", ending=ending, table=name)
            note.fault("file", rule, T("Save it in another format"), findings, path.name)


def _as_it_is(note: Note | None, what: Text, findings: Findings) -> None:
    if note is not None:
        notes.refuse(note, ("layer", "columns", "where", "values"), what, findings)
