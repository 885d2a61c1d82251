"""Cells: text is data, numbers are numbers, and every column is as wide as what it shows."""

from __future__ import annotations

import datetime
import math
import unicodedata
from typing import Any, Literal

import pandas as pd

Kind = Literal[
    "text", "sentence", "decision", "money", "blank_money", "wan", "area", "share", "gap", "persons", "whole_persons",
    "count", "year", "number", "rate", "date",
]  # fmt: skip
Cell = str | float | datetime.datetime | None

FORMATS: dict[Kind, str] = {
    "text": "@", "sentence": "General", "decision": "@", "money": "#,##0.00", "blank_money": "#,##0.00;-#,##0.00;;@",
    "area": "#,##0.00", "share": "0.0%", "persons": "#,##0.0", "whole_persons": "#,##0", "count": "#,##0", "year": "0",
    "number": "General", "rate": "#,##0.0", "date": "yyyy-mm-dd",
    "gap": "0.00%", "wan": '#,##0.00"万元"',
}  # fmt: skip
"""Number formats. Text cells are of the format for text: what is typed into them stays text too."""

_SHOWN: dict[Kind, str] = {
    "money": ",.2f", "blank_money": ",.2f", "area": ",.2f", "share": ".1%", "persons": ",.1f", "whole_persons": ",.0f",
    "count": ",.0f", "year": ".0f", "rate": ",.1f", "number": ".10g", "gap": ".2%",
    "wan": ",.2f",
}  # fmt: skip
_NARROW, _WIDE, _WIDEST = 8, 48, 90
_BUTTON = 3
"""Room for the filter's button beside a header."""


def plain(value: Any) -> Cell:
    """Bring a cell of a table into one form."""
    if isinstance(value, str):
        return value
    if isinstance(value, (tuple, list)):
        return "; ".join(map(str, value))
    if value is None or pd.isna(value):
        return None
    if isinstance(value, datetime.datetime):
        return value
    return float(value)


def put(sheet: Any, row: int, column: int, value: Cell, look: Any) -> None:
    """Write a cell; text never becomes a formula, a link, a number or markup."""
    if isinstance(value, str):
        put_text(sheet, row, column, value, look)
    elif value is None:
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, datetime.datetime):
        sheet.write_datetime(row, column, value, look)
    else:
        sheet.write_number(row, column, value, look)


def put_text(sheet: Any, row: int, column: int, text: str, look: Any) -> None:
    """Write text as it is."""
    if text.startswith("<r>") and text.endswith("</r>"):  # XlsxWriter would take it for markup of its own
        sheet.write_rich_string(row, column, text[:1], look, text[1:], look)
    else:
        sheet.write_string(row, column, text, look)  # an empty one is a blank cell


def put_formula(sheet: Any, row: int, column: int, formula: str, value: Cell, look: Any) -> None:
    """Write a formula with the value it has, so that a reader that calculates nothing shows it too."""
    sheet.write_formula(row, column, f"={formula}", look, "" if value is None else value)


def shown(value: Cell, kind: Kind) -> str:
    """Give a cell as a reader sees it."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, datetime.datetime):
        return f"{value:%Y-%m-%d}"
    return format(value, _SHOWN[kind])


def columns(text: str) -> int:
    """Count the columns a text takes: characters of Chinese, Japanese and Korean take two."""
    return max(len(line) if line.isascii() else sum(map(_taken, line)) for line in text.split("\n"))


def _taken(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def width(head: str, cells: list[str], kind: Kind) -> int:
    """Give the width of a column by what stands in it."""
    longest = max((columns(cell) for cell in set(cells)), default=0)
    most = _WIDEST if kind == "sentence" else _WIDE
    return min(max(longest + 2, columns(head) + _BUTTON, _NARROW), most)


def people(values: list[Cell]) -> Kind:
    """Choose how people are shown: whole ones without decimals."""
    return "whole_persons" if all((isinstance(v, float) and v.is_integer()) or v is None for v in values) else "persons"


def total(values: list[Cell]) -> float:
    """Add numbers up, blanks left out; to a millionth, as files hold people."""
    return round(math.fsum(v for v in values if isinstance(v, float)), 6)
