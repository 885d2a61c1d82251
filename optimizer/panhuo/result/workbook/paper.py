"""Putting a grid on a sheet: sums, headers, rows, filters, widths, what is printed."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

from panhuo.instance.schema.edited import DECISIONS, HEADERS_IN
from panhuo.result.workbook.cells import put, put_formula, put_text, shown, width
from panhuo.result.workbook.grid import Field, Grid
from panhuo.result.workbook.looks import Looks
from panhuo.words import Lang, T

A4 = 9
_PAGE = 210
"""Characters across that are still read on a page of A4 laid across."""
_FOR_PROGRAMS = "option"
"""The column, where it is the last, that is not printed."""
_SPARE = 500
"""Rows below the last one in which decisions are offered too: rows may be added."""


def lay(book: Any, grid: Grid, looks: Looks, tab: str) -> Any:
    """Write a grid as a sheet of its own; gives the sheet."""
    sheet = book.add_worksheet(grid.name)
    sheet.set_tab_color(tab)
    across = taken = 0
    for column, field in enumerate(grid.fields):
        taken = _column(sheet, column, grid, field, looks)
        across += taken
        sheet.set_column(column, column, taken, looks(field.kind) if field.kind == "text" else None)
    if grid.lead:
        first = next((n for n, field in enumerate(grid.fields) if field.kind != "decision"), 0)
        put_text(sheet, HEADERS_IN - 2, first, grid.lead, looks("text", "sum"))
    sheet.ignore_errors({"number_stored_as_text": f"A1:{grid.letter(grid.fields[-1].key)}{grid.last}"})  # it is meant
    sheet.freeze_panes(HEADERS_IN, grid.kept)
    sheet.autofilter(HEADERS_IN - 1, 0, grid.last - 1, len(grid.fields) - 1)
    last = len(grid.fields) - 1
    if grid.fields[last].key == _FOR_PROGRAMS:
        across -= taken
        last -= 1
    sheet.print_area(0, 0, grid.last - 1, last)
    pages = ceil(across / _PAGE)
    printed(sheet, pages)
    if pages > 1 and grid.kept:
        sheet.repeat_columns(0, grid.kept - 1)
    sheet.repeat_rows(0, HEADERS_IN - 1)
    return sheet


def _column(sheet: Any, column: int, grid: Grid, field: Field, looks: Looks) -> int:
    """Write one column; gives its width."""
    if field.above:
        formula, value = grid.sum_of(field)
        kind = "money" if field.kind == "blank_money" else field.kind
        put_formula(sheet, HEADERS_IN - 2, column, formula, value, looks(kind, "sum"))
        texts = [shown(value, field.kind)]
    else:
        sheet.write_blank(HEADERS_IN - 2, column, None, looks("text", "sum"))
        texts = []
    put_text(sheet, HEADERS_IN - 1, column, field.head, looks("text", "head"))
    look = looks(field.kind)
    for row, cell in enumerate(field.cells, start=HEADERS_IN):
        if field.formula and cell is not None:
            put_formula(sheet, row, column, grid.resolved(field.formula, field, row + 1), cell, look)
        else:
            put(sheet, row, column, cell, look)
        texts.append(shown(cell, field.kind))
    return width(field.head, texts, field.kind)


def printed(sheet: Any, across: int = 1) -> None:
    """Set a sheet up for paper, as many pages wide as needed."""
    on_paper(sheet)
    sheet.fit_to_pages(across, 0)


def on_paper(sheet: Any) -> None:
    """Lay a sheet across A4, its name and pages at the foot."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&R&P / &N")


_PROMPTS = {
    "plan": T("pin: the plan keeps it. drop: it is struck. Blank: open."),
    "sites": T("required: the plan must use it. excluded: it must not. Blank: open."),
}
_DECIDED = ({"bold": True, "bg_color": "#DDF1EA"}, {"font_strikeout": True, "font_color": "#777777"})
"""How a row looks that is decided for, and one that is decided against."""
_ERROR = T("Choose one of the list, or leave it blank")


def offer_decisions(book: Any, sheet: Any, key: str, grid: Grid, lang: Lang) -> None:
    """Offer in the first column what a planner may decide, and show it along the row."""
    said = [spoken[0] if lang == "zh" else word for word, spoken in DECISIONS[key].items()]
    rule: Mapping[str, Any] = {
        "validate": "list", "source": said, "input_title": grid.fields[0].head,
        "input_message": _PROMPTS[key].to(lang), "error_message": _ERROR.to(lang),
    }  # fmt: skip
    below = grid.last + (_SPARE if key == "plan" else 0)
    sheet.data_validation(HEADERS_IN, 0, below - 1, 0, rule)
    for word, look in zip(said, _DECIDED, strict=True):
        decided = {"type": "formula", "criteria": f'=$A{HEADERS_IN + 1}="{word}"', "format": book.add_format(look)}
        sheet.conditional_format(HEADERS_IN, 0, below - 1, len(grid.fields) - 1, decided)
