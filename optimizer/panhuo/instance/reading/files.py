"""Which file is which table: a folder, or one workbook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from panhuo.instance.findings import Findings
from panhuo.instance.reading import names, notes
from panhuo.instance.reading.found import (
    SETTINGS_FILE,
    SETTINGS_SHEETS,
    Found,
    chosen_files,
    source,
    take,
    take_settings,
    tell_unknown,
)
from panhuo.instance.reading.grids import sheets
from panhuo.instance.reading.settings import Keys, from_toml
from panhuo.instance.reading.settings_sheet import from_sheet
from panhuo.instance.reading.units import fold
from panhuo.instance.reading.workbook import workbook
from panhuo.words import T

__all__ = ["SETTINGS_FILE", "SETTINGS_SHEETS", "Found", "find", "source"]


def find(path: Path, findings: Findings) -> Found:
    """Find and read the raw tables of an instance."""
    if not path.exists():
        findings.fault(str(path), T("there is no such folder or workbook"), T("Check the path"))
        return Found()
    if path.is_file():
        return workbook(path, findings, alone=False)
    files = [p for p in sorted(path.iterdir()) if p.is_file() and not p.name.startswith((".", "~$"))]
    book = _only_workbook(files)
    return _folder(path, files, findings) if book is None else workbook(book, findings, alone=True)


def _only_workbook(files: list[Path]) -> Path | None:
    """Find the workbook that is the whole instance: all tables beside it are files that its settings name."""
    tables = [p for p in files if names.ending(p.name) in names.TABLE_ENDINGS]
    books = [p for p in tables if p.suffix.lower() == ".xlsx" and names.called(p.stem) is None]
    if len(tables) == 1 or not books:
        return books[0] if books else None
    unheard = Findings()  # it is read again
    toml = next((p for p in files if p.name == SETTINGS_FILE), None)
    for book in books:
        keys = _keys_of(book, unheard) if toml is None else from_toml(toml, SETTINGS_FILE, unheard)
        named = {notes.base_name(note.said.file) for note in notes.noted(keys)[0].values()}
        if keys is not None and book.name not in named and all(p is book or p.name in named for p in tables):
            return book
    return None


def _keys_of(book: Path, findings: Findings) -> Keys | None:
    pages = sheets(book, book.name, findings) or {}
    sheet = next((s for s in pages if fold(s) in SETTINGS_SHEETS), None)
    return from_sheet(pages[sheet], sheet, findings) if sheet is not None else None


def _folder(folder: Path, files: list[Path], findings: Findings) -> Found:
    found = Found()
    if not any(names.ending(p.name) in names.TABLE_ENDINGS or p.name == SETTINGS_FILE for p in files):
        findings.fault(
            str(folder),
            T("the folder holds no table"),
            T("Give a folder with tables and an instance.toml (see panhuo template)"),
        )
        return found
    if not take_settings(folder, found, findings):
        findings.fault(
            SETTINGS_FILE, T("the file is missing"), T("Write it: at least title, and the crs of each located table")
        )
    said, found.broken = notes.noted(found.keys)
    chosen = chosen_files(folder, said, found, findings)
    by_name: dict[str, Path] = {}
    for file in files:
        name, used = names.meant(file.name), file in chosen.values()
        if name is not None and name not in said.keys() & found.broken:
            _by_name(name, file, used, chosen, by_name, findings)
        elif used or name is not None:
            continue
        elif names.ending(file.name) in names.TABLE_ENDINGS:
            tell_unknown(names.stem(file.name), file.name, findings)
        elif names.ending(file.name) in names.OTHER_ENDINGS and (table := names.called(names.stem(file.name))):
            rule = T("tables with the ending {ending} are not read", ending=names.ending(file.name))
            findings.fault(file.name, rule, T("Save it as CSV or XLSX"))
            found.broken.add(table.name)
    for name, file in (by_name | chosen).items():
        take(file, name, said.get(name), found, findings)
    return found


def _by_name(
    name: str, file: Path, used: bool, chosen: Mapping[str, Path], by_name: dict[str, Path], findings: Findings
) -> None:
    """Take a file for the table it is named after, unless the settings name another or another has that name too."""
    first = chosen.get(name) or by_name.setdefault(name, file)
    if first != file and not (name in chosen and used):
        findings.fault(
            file.name,
            T("{first} is the table {table} already", first=first.name, table=name),
            T("Keep one of the two files"),
        )
