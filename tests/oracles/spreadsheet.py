"""Cells of a workbook written in place, as an office program does: everything else in the file stays as it was."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = {"": MAIN, "r": RELATED}

Cell = str | float | bool | None


def enter(path: Path, sheets: Mapping[str, Mapping[str, Cell]]) -> None:
    """Write cells into sheets: sheet → cell, such as ``B2`` → text, number, yes or no, or ``None`` to clear it."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    places = _places(parts)
    for sheet, cells in sheets.items():
        parts[places[sheet]] = _entered(parts[places[sheet]], cells)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)


def block(rows: Sequence[Sequence[Cell]], line: int = 2) -> dict[str, Cell]:
    """Name the cells of rows that begin in column A of a line; what is blank is left alone."""
    return {
        f"{letters(place)}{line + at}": cell
        for at, row in enumerate(rows)
        for place, cell in enumerate(row)
        if cell not in ("", None)
    }


def letters(place: int) -> str:
    """Name a column, the first of which is 0."""
    name = ""
    while place >= 0:
        name, place = chr(65 + place % 26) + name, place // 26 - 1
    return name


def validations(path: Path, sheet: str) -> list[dict[str, str]]:
    """List the rules of a sheet: their attributes, and ``formula1``."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    root = ElementTree.fromstring(parts[_places(parts)[sheet]])
    return [
        {**rule.attrib, "formula1": rule.findtext("formula1", "", NAMES)}
        for rule in root.iterfind("dataValidations/dataValidation", NAMES)
    ]


def _places(parts: Mapping[str, bytes]) -> dict[str, str]:
    targets = {r.attrib["Id"]: r.attrib["Target"] for r in ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])}
    sheets = ElementTree.fromstring(parts["xl/workbook.xml"]).iterfind("sheets/sheet", NAMES)
    return {s.attrib["name"]: "xl/" + targets[s.attrib[f"{{{RELATED}}}id"]].removeprefix("/xl/") for s in sheets}


def _entered(content: bytes, cells: Mapping[str, Cell]) -> bytes:
    for prefix, uri in NAMES.items():
        ElementTree.register_namespace(prefix, uri)
    root = ElementTree.fromstring(content)
    for dimension in root.findall("dimension", NAMES):
        root.remove(dimension)
    data = root.find("sheetData", NAMES)
    assert data is not None
    for name, value in cells.items():
        line = name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        cell = _at(_at(data, "row", line, int), "c", name, lambda ref: _order(ref.rstrip("0123456789")))
        for old in list(cell):
            cell.remove(old)
        cell.attrib.pop("t", None)
        if isinstance(value, str):
            cell.set("t", "inlineStr")
            inside = ElementTree.SubElement(cell, f"{{{MAIN}}}is")
            ElementTree.SubElement(inside, f"{{{MAIN}}}t").text = value
        elif value is not None:
            if isinstance(value, bool):
                cell.set("t", "b")
            ElementTree.SubElement(cell, f"{{{MAIN}}}v").text = str(int(value) if isinstance(value, bool) else value)
    return ElementTree.tostring(root, "utf-8", xml_declaration=True)


def _order(column: str) -> tuple[int, str]:
    return len(column), column


def _at(parent, tag, ref, order):
    """Find the child of a reference, or put a new one in its place among the others."""
    same = next((child for child in parent if child.attrib["r"] == ref), None)
    if same is not None:
        return same
    made = ElementTree.Element(f"{{{MAIN}}}{tag}", {"r": ref})
    parent.insert(sum(order(child.attrib["r"]) < order(ref) for child in parent), made)
    return made
