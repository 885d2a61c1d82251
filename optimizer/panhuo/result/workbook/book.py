"""The plan as a workbook."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from pathlib import Path

import xlsxwriter

from panhuo.instance.schema.edited import DECISIONS
from panhuo.result.formats import written
from panhuo.result.plan import Result
from panhuo.result.reread import typed
from panhuo.result.workbook import money
from panhuo.result.workbook.circles import circle_grid, shade
from panhuo.result.workbook.grid import Grid
from panhuo.result.workbook.inputs import facts_grid, input_grids
from panhuo.result.workbook.looks import Looks
from panhuo.result.workbook.paper import lay, offer_decisions
from panhuo.result.workbook.sheets import SHEETS, SUMMARY, TABS
from panhuo.result.workbook.summary import summarise
from panhuo.result.workbook.tables import Laying
from panhuo.result.workbook.wording import Wording
from panhuo.words import Lang

_BORN = datetime.datetime(2020, 1, 1)
"""Written as the time of making, so that equal results are equal bytes."""
_TABLES = ("plan", "sites", "coverage", "prices", "ledger", "accounts", "viability", "supply")
"""Tables shown, as the files hold them: rebuilt from the files, the workbook is the same."""
_AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_workbook(result: Result, path: Path, lang: Lang = "en") -> None:
    """Write plan.xlsx: what it says in words, every table, the sums as formulas, and what it was made from.

    For Chinese readers headers and keys are put into words; for English readers they stay as in the CSV files.
    """
    held = {name: typed(written(result.tables[name], lang)) for name in _TABLES}
    laying = Laying(dataclasses.replace(result, tables={**result.tables, **held}), Wording.of(result.instance, lang))
    grids = _grids(laying)
    tables = input_grids(laying)
    with xlsxwriter.Workbook(path, _AS_TEXT) as book:
        book.set_properties({"created": _BORN, "title": result.instance.settings.title})
        looks = Looks(book)
        first = book.add_worksheet(SUMMARY.to(lang))
        summarise(book, first, laying, grids, tables, looks)
        for key, grid in grids.items():
            sheet = lay(book, grid, looks, TABS[SHEETS[key].group])
            if key in DECISIONS:
                offer_decisions(book, sheet, key, grid, lang)
            if key == "circles":
                shade(book, sheet, grid)
        for grid in tables:
            lay(book, grid, looks, TABS["input"])


def _grids(laying: Laying) -> Mapping[str, Grid]:
    """Lay all sheets out after the first, in their order; those without rows only where they must be there."""
    coverage, ledger = laying.coverage(), laying.ledger()
    made = {
        "plan": laying.plan(), "sites": laying.sites(), "coverage": coverage, "ledger": ledger,
        "circles": circle_grid(laying, coverage), **dict(money.sheets(laying, ledger)), "supply": laying.supply(),
        "inputs": facts_grid(laying),
    }  # fmt: skip
    return {key: made[key] for key, about in SHEETS.items() if made[key].rows or about.always}
