"""An instance that is one workbook: its sheets are the tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from panhuo.instance.findings import Findings
from panhuo.instance.reading import names, notes, opening
from panhuo.instance.reading.found import (
    GUIDE_SHEETS,
    SETTINGS_FILE,
    SETTINGS_SHEETS,
    Found,
    chosen_files,
    source,
    take,
    take_settings,
    tell_unknown,
)
from panhuo.instance.reading.grids import Grid, sheets
from panhuo.instance.reading.notes import Note
from panhuo.instance.reading.settings_sheet import from_sheet
from panhuo.instance.reading.units import fold
from panhuo.instance.schema import TABLES
from panhuo.words import T


def workbook(path: Path, findings: Findings, *, alone: bool) -> Found:
    """Read a workbook; ``alone`` in its folder, the ``instance.toml`` there must be its own."""
    found = Found()
    if path.suffix.lower() != ".xlsx":
        findings.fault(path.name, T("an instance is a folder of tables or one .xlsx workbook"), T("Give one of these"))
        return found
    found.sources.append(source(path, path.name))
    book = sheets(path, path.name, findings)
    if book is None:
        return found
    own = next((s for s in book if fold(s) in SETTINGS_SHEETS), None)
    if own is not None:
        found.keys = from_sheet(book[own], f"{path.name}[{own}]", findings)
        if alone and (path.parent / SETTINGS_FILE).is_file():
            findings.fault(
                SETTINGS_FILE,
                T("{sheet} holds the settings already", sheet=f"{path.name}[{own}]"),
                T("Keep one of the two"),
            )
    elif not take_settings(path.parent, found, findings):
        findings.fault(
            path.name,
            T("the sheet instance is missing, and no instance.toml stands beside the workbook"),
            T("Add it, with the columns key and value: at least title, and the crs of each located table"),
        )
    said, found.broken = notes.noted(found.keys)
    chosen = chosen_files(path.parent, said, found, findings)
    by_sheet = _by_sheet(book, path.name, own, said, chosen, found.broken, findings)
    for name, sheet in by_sheet.items():
        raw = opening.tabled(book[sheet], f"{path.name}[{sheet}]", TABLES[name], said.get(name), findings)
        if raw is None:
            found.broken.add(name)
        else:
            found.tables[name] = raw
    for name, file in chosen.items():
        take(file, name, said[name], found, findings)
    for file in sorted(path.parent.iterdir()) if alone else ():
        table = names.meant(file.name)
        if table is not None and file not in chosen.values():
            findings.warn(
                file.name,
                T("is not used: of a workbook, files beside it are used that its settings name"),
                T("Name it under tables.{table}.file if it is meant", table=table),
            )
    return found


def _by_sheet(
    book: dict[str, Grid],
    file: str,
    own: str | None,
    said: Mapping[str, Note],
    chosen: Mapping[str, Path],
    broken: set[str],
    findings: Findings,
) -> dict[str, str]:
    """Find the sheet of each table: the one the settings name, else the one that is named after it."""
    by_note: dict[str, str] = {}
    for name, note in said.items():
        if note.said.layer and not note.said.file and name in TABLES:
            sheet = notes.named_layer(book, file, note, findings)
            if sheet is None:
                broken.add(name)
            else:
                by_note[name] = sheet
    taken = {name: path.name for name, path in chosen.items()}
    taken |= {name: f"{file}[{sheet}]" for name, sheet in by_note.items()}
    by_name: dict[str, str] = {}
    for sheet in book:
        label, table = f"{file}[{sheet}]", names.called(sheet)
        if sheet == own or sheet in by_note.values() or fold(sheet) in map(fold, GUIDE_SHEETS):
            continue
        if table is None:
            tell_unknown(sheet, label, findings)
        elif first := taken.get(table.name):
            findings.fault(
                label,
                T("{first} is the table {table} already", first=first, table=table.name),
                T("Keep one of the two sheets"),
            )
        elif table.name not in said.keys() & broken:
            by_name[table.name], taken[table.name] = sheet, label
    return by_name | by_note
