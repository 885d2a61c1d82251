"""A sheet that is read from top to bottom: sections, paragraphs, facts and small tables below each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from panhuo.result.workbook.cells import Cell, Kind, columns, put, put_formula, put_text
from panhuo.result.workbook.looks import Looks, Role

FIRST, OTHERS, ACROSS = 52, 14, 8
"""Width of the first column, width of the others, and how many others there are."""
_LINE = 15.0
"""Height of a line [pt]."""


@dataclass(frozen=True)
class Made:
    """A cell with a formula: ``{row}`` is its own row, as a spreadsheet counts."""

    formula: str
    value: Cell


@dataclass
class Flow:
    """A sheet and the row that is next.

    Parameters
    ----------
    sheet, looks
        Where to write, and how.
    row : int
        The next row, counted from 0.
    """

    sheet: Any
    looks: Looks
    row: int = 0

    def title(self, text: str) -> None:
        """Write the title."""
        self.sheet.set_column(0, 0, FIRST)
        self.sheet.set_column(1, ACROSS, OTHERS)
        self.sheet.set_row(self.row, 24)
        put_text(self.sheet, self.row, 0, text, self.looks("sentence", "title"))
        self.row += 1

    def section(self, text: str) -> None:
        """Begin a section, with a line's space above."""
        self.row += 1
        look = self.looks("sentence", "section")
        for column in range(ACROSS + 1):
            self.sheet.write_blank(self.row, column, None, look)
        put_text(self.sheet, self.row, 0, text, look)
        self.row += 1

    def words(self, text: str, start: int = 0, role: Role = "words") -> None:
        """Write a paragraph from a column to the right edge, as many lines high as it needs."""
        look = self.looks("sentence", role)
        room = (ACROSS + 1 - start) * OTHERS + (FIRST - OTHERS if start == 0 else 0)
        self.sheet.merge_range(self.row, start, self.row, ACROSS, "", look)
        put_text(self.sheet, self.row, start, text, look)
        self._height([(text, room)])
        self.row += 1

    def fact(self, label: str, value: Cell | Made, kind: Kind) -> None:
        """Write a label and its value."""
        put_text(self.sheet, self.row, 0, label, self.looks("sentence", "label"))
        self.cell(1, value, kind)
        self._height([(label, FIRST)])
        self.row += 1

    def noted(self, label: str, text: str) -> None:
        """Write a label and a sentence beside it."""
        put_text(self.sheet, self.row, 0, label, self.looks("sentence", "words"))
        self.words(text, start=1)

    def cell(self, column: int, value: Cell | Made, kind: Kind, role: Role = "row") -> None:
        """Write a cell of the next row."""
        if isinstance(value, Made):
            formula = value.formula.format(row=self.row + 1)
            put_formula(self.sheet, self.row, column, formula, value.value, self.looks(kind, role))
        else:
            put(self.sheet, self.row, column, value, self.looks(kind, role))

    def table(
        self, heads: Sequence[str], kinds: Sequence[Kind], rows: Sequence[Sequence[Cell | Made]],
        roles: Mapping[int, Role],
    ) -> tuple[int, int]:  # fmt: skip
        """Write headers and rows; gives the first and the last row of the body, counted from 0."""
        for column, (head, kind) in enumerate(zip(heads, kinds, strict=True)):
            put_text(self.sheet, self.row, column, head, self.looks(kind, "head" if kind == "text" else "figure_head"))
        self._height([(head, OTHERS) for head in heads[1:]])
        self.row += 1
        first = self.row
        for n, row in enumerate(rows):
            for column, (value, kind) in enumerate(zip(row, kinds, strict=True)):
                self.cell(column, value, kind, roles.get(n, "row"))
            self.row += 1
        return first, self.row - 1

    def _height(self, texts: Sequence[tuple[str, int]]) -> None:
        """Make the next row as high as its texts need in columns of their widths."""
        lines = max(ceil(columns(text) / (room - 2)) for text, room in texts)
        if lines > 1:
            self.sheet.set_row(self.row, _LINE * lines)
