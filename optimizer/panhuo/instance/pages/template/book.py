"""The template as one workbook: a guide, the settings, and a sheet for each table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from panhuo.instance.pages import wording
from panhuo.instance.pages.template import guide, offers, settings
from panhuo.instance.pages.template.headings import headings
from panhuo.instance.reading.files import SETTINGS_SHEETS
from panhuo.instance.reading.found import GUIDE_SHEETS
from panhuo.instance.reading.settings import SPOKEN
from panhuo.instance.schema import TABLES, Column, Table, spoken
from panhuo.words import Lang

ROWS_CHECKED = 5000
"""Rows of a sheet in which choices are offered and numbers are limited."""

REQUIRED, OPTIONAL = "#F6C177", "#DDE8F0"
"""Colours of headers; what must be filled is bold as well."""

_AS_TEXT = ("id", "list", "floor", "numbers", "integers")
"""Kinds of columns whose cells are text, so that 001 stays 001."""

_LINE, _BOX = 44, (128, 74)
"""Half-width characters a line of a comment holds at 2.5 times its width; pixels of an unscaled comment."""


@dataclass(frozen=True)
class _Formats:
    """The looks of cells."""

    required: Any
    optional: Any
    text: Any
    date: Any
    title: Any
    wrapped: Any
    link: Any
    remark: Any


def write_book(path: Path, lang: Lang) -> Path:
    """Write the workbook.

    Parameters
    ----------
    path : Path
        A new file.
    lang : {"zh", "en"}
        Language of sheets, headers and explanations.
    """
    with xlsxwriter.Workbook(path) as book:
        make, line = book.add_format, {"border": 1, "border_color": "#FFFFFF"}
        looks = _Formats(
            required=make({"bold": True, "bg_color": REQUIRED, **line, "valign": "top"}),
            optional=make({"bg_color": OPTIONAL, **line}),
            text=make({"num_format": "@"}), date=make({"num_format": "yyyy-mm-dd"}),
            title=make({"bold": True, "font_size": 16}), wrapped=make({"text_wrap": True, "valign": "top"}),
            link=make({"font_color": "#0072B2", "underline": True, "valign": "top"}),
            remark=make({"italic": True, "font_color": "#555555"}),
        )  # fmt: skip
        first = book.add_worksheet(GUIDE_SHEETS[lang == "zh"])
        _settings(book.add_worksheet(SETTINGS_SHEETS[lang == "zh"]), looks, lang)
        ranges = {name: _keys(table, lang) for name, table in TABLES.items() if table.key}
        for table in TABLES.values():
            _table(book.add_worksheet(wording.title(table, lang)), table, ranges, looks, lang)
        _guide(first, looks, lang)
        first.activate()
    return path


def _guide(sheet: Any, looks: _Formats, lang: Lang) -> None:
    _printed(sheet)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 3, 62)
    sheet.write_string(0, 0, guide.TITLE[lang], looks.title)
    line = 2
    for step in guide.STEPS[lang]:
        sheet.merge_range(line, 0, line, 3, "", looks.wrapped)
        sheet.write_string(line, 0, step, looks.wrapped)
        sheet.set_row(line, 15 * -(-_wide(step) // 165))
        line += 1
    for colour, look in zip(guide.COLOURS[lang], (looks.required, looks.optional), strict=True):
        sheet.write_string(line + 1, 0, colour[0], look)
        sheet.write_string(line + 1, 1, colour[1])
        line += 1
    line += 2
    for place, head in enumerate(guide.HEADS[lang]):
        sheet.write_string(line, place, head, looks.optional)
    for row, table in enumerate(TABLES.values(), line + 1):
        title = wording.title(table, lang)
        sheet.write_url(row, 0, f"internal:'{title}'!A1", looks.link, title)
        told = (
            guide.NEEDED[lang][not table.required],
            table.help_en if lang == "en" else table.help_zh,
            table.absent_en if lang == "en" else table.absent_zh,
        )
        for place, words in enumerate(told, 1):
            sheet.write_string(row, place, words, looks.wrapped)
        sheet.set_row(row, 15 * max(1, *(-(-_wide(words) // 68) for words in told)))


def _settings(sheet: Any, looks: _Formats, lang: Lang) -> None:
    _printed(sheet)
    sheet.freeze_panes(1, 1)
    sheet.set_tab_color(REQUIRED)
    for place, (width, header) in enumerate(zip((40, 30, 24, 48, 80), guide.SETTINGS[lang], strict=True)):
        sheet.set_column(place, place, width, looks.wrapped)
        sheet.write_string(0, place, header, looks.required if place < 2 else looks.optional)
    needed = {"title", *(f"tables.{t.name}.crs" for t in TABLES.values() if t.required and t.located)}
    for line, (name, key) in enumerate(settings.rows(lang), 1):
        if key is None:
            sheet.write_string(line, 0, name, looks.remark)
            continue
        sheet.write_string(line, 0, name, looks.required if name in needed else looks.wrapped)
        spoken_choices = spoken.choices({word: SPOKEN.get(word, ()) for word in key.choices}).to(lang)
        may_be = settings.example(key) or spoken_choices or key.limits
        for place, words in enumerate((wording.absent(key, lang), may_be, key.means), 2):
            sheet.write_string(line, place, words, looks.wrapped)
        sheet.set_row(line, 15 * max(1, -(-_wide(may_be) // 50), -(-_wide(key.means) // 84)))
        if rule := offers.of_key(key, lang, xl_rowcol_to_cell(line, 1)):
            sheet.data_validation(line, 1, line, 1, rule)


def _table(sheet: Any, table: Table, ranges: dict[str, str], looks: _Formats, lang: Lang) -> None:
    _printed(sheet)
    sheet.freeze_panes(1, 1)
    if table.required:
        sheet.set_tab_color(REQUIRED)
    for place, (header, column) in enumerate(headings(table, lang)):
        look = looks.text if column.kind in _AS_TEXT else looks.date if column.kind == "date" else None
        sheet.set_column(place, place, max(12, _wide(header) + 3), look)
        sheet.write_string(0, place, header, looks.required if column.required else looks.optional)
        _comment(sheet, place, wording.comment(column, lang))
        if rule := offers.of_column(column, lang, xl_rowcol_to_cell(1, place), ranges):
            sheet.data_validation(1, place, ROWS_CHECKED, place, rule)


def _printed(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _comment(sheet: Any, place: int, words: str) -> None:
    lines = sum(-(-_wide(line) // _LINE) for line in words.splitlines())
    size = {"x_scale": 2.5, "y_scale": max(1.0, (16 * lines + 10) / _BOX[1])}
    sheet.write_comment(0, place, words, {**size, "font_size": 9})


def _keys(table: Table, lang: Lang) -> str:
    """Write the formula of the filled cells of a table's key column, below the header."""
    columns: list[Column] = [column for _, column in headings(table, lang)]
    letter = xl_col_to_name(next(p for p, column in enumerate(columns) if column.name == table.key[0]))
    at, sheet = f"${letter}$2", wording.title(table, lang)
    filled = f"'{sheet}'!{at}:${letter}${ROWS_CHECKED + 1}"
    return f"=OFFSET('{sheet}'!{at},0,0,MAX(1,COUNTA({filled})),1)"


def _wide(words: str) -> int:
    """Count the half-width places that words take."""
    return sum(1 + (ord(letter) > 0x2E7F) for letter in words)
