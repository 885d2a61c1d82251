"""All that a reader is shown: what commands say on the terminal, and what stands in the files they write."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
from python_calamine import CalamineWorkbook

from panhuo.instance import Instance
from panhuo.instance.schema import TABLES

_UNSEEN = {"script", "style", "template"}
_SAID = {"aria-label", "title", "alt", "placeholder", "content"}


class _Page(HTMLParser):
    """Collects the text of a page that is seen or read out."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        if tag not in _UNSEEN | {"meta"}:
            self.texts += [value for key, value in attrs if key in _SAID and value]

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in _UNSEEN:
            self.texts.append(data)


def page(path: Path) -> list[str]:
    """Give the texts of a page."""
    reader = _Page()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader.texts


def workbook(path: Path) -> Iterator[str]:
    """Give the names of a workbook's sheets, and its cells that are text."""
    book = CalamineWorkbook.from_path(path)
    yield from book.sheet_names
    for sheet in book.sheet_names:
        for row in book.get_sheet_by_name(sheet).to_python():
            yield from (cell for cell in row if isinstance(cell, str))


def layers(path: Path) -> Iterator[str]:
    """Give the titles of a GeoPackage's layers, and those of their columns."""
    with sqlite3.connect(path) as file:
        for query in (
            "SELECT identifier FROM gpkg_contents WHERE table_name <> 'layer_styles'",
            "SELECT description FROM gpkg_contents WHERE table_name <> 'layer_styles'",
            "SELECT title FROM gpkg_data_columns",
            "SELECT description FROM gpkg_data_columns",
        ):
            yield from (text for (text,) in file.execute(query) if text)


def data(instance: Instance) -> set[str]:
    """Collect what is data, or a key: cells of tables, names of tables and columns, settings."""
    found: set[str] = set()
    for name in TABLES:
        table = instance.tables.get(name)
        if isinstance(table, pd.DataFrame):
            cells = (cell for column in table.columns for cell in table[column])
            found |= {text for cell in cells for text in (cell if isinstance(cell, tuple | list) else (cell,))}
    return {text for text in found if isinstance(text, str) and text}
