"""A table as a sheet: a line of sums, headers, rows; what stands where, so that formulas can name it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name

from panhuo.instance.schema.edited import HEADERS_IN
from panhuo.result.workbook.cells import Cell, Kind, total

SHOWN = "SUBTOTAL(109,{cells})"
"""Above a column: the sum of the rows that a filter shows."""
ALL = "SUM({cells})"
"""Above a column: the sum of all rows."""


@dataclass(frozen=True)
class Field:
    """One column.

    Parameters
    ----------
    key : str
        What formulas call it.
    head : str
        Its header.
    kind : str
        What its cells hold.
    cells : sequence
        Its values.
    formula : str
        How a cell comes about, where it has a value: ``{key}`` is the cell of that column in the same row,
        ``{sum_key}`` the one above that column, ``{all_key}`` its rows; ``{cells}`` the rows of its own column and
        ``{head}`` its header.
    above : str
        How what stands in the line of sums comes about; empty where nothing does.
    value : float or None
        The value there, where it is not the sum of the column.
    """

    key: str
    head: str
    kind: Kind
    cells: Sequence[Cell]
    formula: str = ""
    above: str = ""
    value: float | None = None


@dataclass(frozen=True)
class Grid:
    """One sheet.

    Parameters
    ----------
    name : str
        What its tab says.
    fields : sequence of Field
        Its columns, all of one length.
    lead : str
        What the line of sums says at its left.
    kept : int
        Columns at the left that stay in sight.
    """

    name: str
    fields: Sequence[Field]
    lead: str = ""
    kept: int = 0

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.fields[0].cells)

    @property
    def last(self) -> int:
        """The last row, as a spreadsheet counts; the first one below the headers where there is none."""
        return HEADERS_IN + max(self.rows, 1)

    def field(self, key: str) -> Field:
        """Find a column."""
        return next(field for field in self.fields if field.key == key)

    def letter(self, key: str) -> str:
        """Give the letter of a column."""
        at = next(n for n, field in enumerate(self.fields) if field.key == key)
        return str(xl_col_to_name(at))

    def span(self, key: str) -> str:
        """Give the cells of a column, as another sheet names them."""
        letter = self.letter(key)
        return f"'{self.name}'!${letter}${HEADERS_IN + 1}:${letter}${self.last}"

    def resolved(self, formula: str, field: Field, row: int) -> str:
        """Put the cells of a row into a formula of a column; ``row`` as a spreadsheet counts."""
        own = self.letter(field.key)
        names = {"head": f"{own}${HEADERS_IN}", "cells": self._cells(own)}
        for other in self.fields:
            letter = self.letter(other.key)
            names |= {
                other.key: f"{letter}{row}", f"sum_{other.key}": f"{letter}${HEADERS_IN - 1}",
                f"all_{other.key}": self._cells(letter),
            }  # fmt: skip
        return formula.format_map(names)

    def sum_of(self, field: Field) -> tuple[str, Cell]:
        """Give the formula in the line of sums, and its value."""
        value = total(list(field.cells)) if field.above in (SHOWN, ALL) else field.value
        return self.resolved(field.above, field, HEADERS_IN - 1), value

    def _cells(self, letter: str) -> str:
        return f"{letter}${HEADERS_IN + 1}:{letter}${self.last}"


def added(values: str, where: Mapping[str, str], numbers: Mapping[str, str] | None = None) -> str:
    """Write the formula that adds up the rows whose text is exactly the one asked for.

    EXACT takes text for text: SUMIFS would read ``*`` and ``?``, ``=`` and ``<`` and numbers out of names.

    Parameters
    ----------
    values : str
        The cells to add up.
    where : mapping of str to str
        Cells of a column of text → the cell, or the quoted word, that they must be.
    numbers : mapping of str to str
        Cells of a column of numbers → the cell they must be; blank is like blank.
    """
    same = "*".join(
        [f"EXACT({cells},{asked})" for cells, asked in where.items()]
        + [f"({cells}={asked})" for cells, asked in (numbers or {}).items()]
    )
    return f"SUMPRODUCT(1*{same},{values})"


def quoted(word: str) -> str:
    """Write one of our own words into a formula."""
    return '"' + word.replace('"', '""') + '"'
