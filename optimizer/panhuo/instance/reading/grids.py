"""Rows of cells out of CSV files and workbooks; where the header is, and what stands below it."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Callable, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from python_calamine import CalamineError, CalamineWorkbook

from panhuo.instance.findings import Findings
from panhuo.instance.reading import headers
from panhuo.instance.reading.cells import is_blank, text
from panhuo.instance.schema import Table
from panhuo.words import T, Text

Grid = Sequence[Sequence[Any]]

HEADER_WITHIN = 10
"""The header is looked for in so many rows from the top; what stands above it is a title."""

_END = "\x04"
"""Follows the last row: inside a quoted cell it shows that the quotation mark is never closed."""

_SIGNATURES: tuple[tuple[bytes, Text], ...] = (
    (b"PK\x03\x04", T("a workbook (XLSX) or a ZIP archive")),
    (b"\xd0\xcf\x11\xe0", T("an old Excel workbook (XLS)")),
    (b"SQLite format 3\x00", T("a database such as a GeoPackage")),
    (b"%PDF", T("a PDF")),
    (b"\xff\xfe", T("UTF-16 text")),
    (b"\xfe\xff", T("UTF-16 text")),
    (b"<", T("a web page or XML")),
    (b"\x00\x00\x27\x0a", T("a shapefile")),
    (b"{", T("JSON")),
)
_EXPECTED = {
    ".gz": b"\x1f\x8b", ".xlsx": b"PK\x03\x04",
    ".gpkg": b"SQLite format 3\x00", ".shp": b"\x00\x00\x27\x0a", ".geojson": b"{",
}  # fmt: skip


def is_what_it_says(path: Path, name: str, findings: Findings) -> bool:
    """Check a file's first bytes against its ending; a fault where they differ."""
    with path.open("rb") as stream:
        head = stream.read(512)
    if head.startswith(b"\xef\xbb\xbf"):
        head = head[3:]
    ending = path.suffix.lower()
    body = head.lstrip() if ending == ".geojson" else head
    expected = _EXPECTED.get(ending)
    seen = next((what for magic, what in _SIGNATURES if head.startswith(magic)), None)
    wrong = not body.startswith(expected) if expected is not None else seen is not None
    if not wrong:
        return True
    findings.fault(
        name,
        T("the file is not what its ending {ending} says: it looks like {seen}", ending=ending, seen=seen)
        if seen is not None
        else T("the file is not what its ending {ending} says", ending=ending),
        T("Export it again as {ending}, or give it its true ending", ending=ending),
    )
    return False


def decoded(data: bytes) -> str | None:
    """Decode a text file: UTF-8 (with or without a mark), then GB18030; ``None`` where it is neither."""
    if b"\x00" in data:
        return None
    data = data.removeprefix(codecs.BOM_UTF8)  # some programs put it before GB18030 too
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def csv_grid(path: Path, name: str, table: Table, own: frozenset[str], findings: Findings) -> Grid | None:
    """Read the rows of a CSV file, plain or compressed by gzip; ``None`` (and a fault) where it is none.

    ``own`` are further headers, which the settings name.
    """
    if not is_what_it_says(path, name, findings):
        return None
    data = path.read_bytes()
    if name.lower().endswith(".gz"):
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            findings.fault(name, T("the file is damaged or incomplete ({reason})", reason=error), T("Export it again"))
            return None
    content = decoded(data)
    if content is None:
        findings.fault(
            name,
            T("the file is not what its ending .csv says: it is no text in UTF-8 or GB18030"),
            T("Save it again as CSV UTF-8"),
        )
        return None
    read = [_rows(content, d) for d in _delimiters(content)]
    grid, unclosed = max(read, key=lambda r: _score(r[0][header_at(r[0], table, own)], table, own) if r[0] else 0)
    if unclosed is not None:
        findings.fault(
            name,
            T("a quotation mark is opened in this row and never closed"),
            T("Close it or remove it"),
            row=unclosed,
        )
        return None
    return grid


def _rows(content: str, delimiter: str) -> tuple[Grid, int | None]:
    """Split a text into rows of cells, and tell in which row a quotation mark swallows the rest."""
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(f"{content}\n{_END}", newline=""), delimiter=delimiter))
    except csv.Error:  # the cell grew beyond all measure
        return rows, len(rows) + 1
    return (rows[:-1], None) if rows[-1] == [_END] else (rows, len(rows))


def _delimiters(content: str) -> str:
    top = "\n".join(re.split(r"\r\n?|\n", content, maxsplit=HEADER_WITHIN)[:HEADER_WITHIN])
    return "," + "".join(d for d in "\t;" if d in top)


def sheets(path: Path, name: str, findings: Findings, wanted: Callable[[str], bool] = bool) -> dict[str, Grid] | None:
    """Read every sheet of a workbook, or those that are wanted; ``None`` (and a fault) where it is none."""
    if not is_what_it_says(path, name, findings):
        return None
    try:
        with path.open("rb") as stream:
            book = CalamineWorkbook.from_filelike(stream)
            names = [s for s in book.sheet_names if wanted(s)] or book.sheet_names
            return {s: book.get_sheet_by_name(s).to_python(skip_empty_area=False) for s in names}
    except (CalamineError, OSError, ValueError) as error:
        findings.fault(
            name,
            T("the workbook cannot be read: {error}", error=error),
            T("Open it in Excel and save it again as .xlsx"),
        )
        return None


def _score(row: Sequence[Any], table: Table, own: frozenset[str]) -> int:
    return sum(isinstance(cell, str) and (text(cell) in own or headers.known(table, cell)) for cell in row)


def header_at(grid: Grid, table: Table, own: frozenset[str]) -> int:
    """Find the row of the header: the one among the first rows that names most columns."""
    top = grid[:HEADER_WITHIN]
    widest = max(map(len, top), default=0)
    best, most = 0, 0
    for i, row in enumerate(top):
        named = _score(row, table, own)
        if named > most:
            best, most = i, named
        if most == widest:  # no row below can name more
            break
    if not most:
        return next((i for i, row in enumerate(top) if any(not is_blank(c) for c in row)), 0)
    return best


def framed(grid: Grid, table: Table, name: str, own: frozenset[str], findings: Findings) -> pd.DataFrame:
    """Cut the rows below the header out of a grid; the index is the line a spreadsheet shows."""
    if not grid:
        return pd.DataFrame(dtype=object)
    at = header_at(grid, table, own)
    titles = [text(cell) if not is_blank(cell) else "" for cell in grid[at]]
    below = grid[at + 1 :]
    there = [place for place, row in enumerate(below) if _holds_something(row)]
    rows = below if len(there) == len(below) else [below[place] for place in there]
    lines = np.array(there, dtype=np.int64) + at + 2
    _surplus(rows, lines, titles, name, findings)
    kept: dict[str, int] = {}
    for place, title in enumerate(titles):
        if title in kept:
            findings.fault(
                name, T("the column stands there twice"), T("Rename or remove one of them"), row=at + 1, column=title
            )
        elif title:
            kept[title] = place
    shortest = min(map(len, rows), default=0)
    cells = {
        title: list(map(itemgetter(p), rows)) if p < shortest else [row[p] if p < len(row) else None for row in rows]
        for title, p in kept.items()
    }
    return pd.DataFrame(cells, index=lines, columns=list(kept), dtype=object)


def _holds_something(row: Sequence[Any]) -> bool:
    for cell in row:  # noqa: SIM110 (a generator would take twice as long)
        if not is_blank(cell):
            return True
    return False


def _surplus(rows: Grid, lines: NDArray[np.int64], titles: list[str], name: str, findings: Findings) -> None:
    """Fault cells that stand below no title."""
    untitled = [place for place, title in enumerate(titles) if not title]
    if not untitled and max(map(len, rows), default=0) <= len(titles):
        return
    for line, row in zip(lines, rows, strict=True):
        surplus = [*(row[p] for p in untitled if p < len(row)), *row[len(titles) :]]
        if seen := [cell for cell in surplus if not is_blank(cell)]:
            findings.fault(
                name,
                T("the row has more cells than the header has names"),
                T("Name the column, or remove the cell (a text with a comma needs quotation marks)"),
                row=int(line),
                value=text(seen[0]),
            )
