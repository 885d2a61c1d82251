"""The plan as a workbook: summary, plan, sites, coverage, ledger."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from panhuo.result.plan import Result
from panhuo.words import Lang, T, Text

_BORN = datetime.datetime(2020, 1, 1)
_SHEETS = {
    "plan": T("Plan"), "sites": T("Sites"), "coverage": T("Coverage"), "ledger": T("Ledger"),
}  # fmt: skip
_FORMATS = {"_cny": "#,##0.00", "_m2": "#,##0.00", "persons": "#,##0.##"}


def write_workbook(result: Result, path: Path, lang: Lang = "en") -> None:
    """Write plan.xlsx: headers frozen, filters on, numbers as numbers; text is never taken for a formula."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"created": _BORN, "title": result.instance.settings.title})
        looks: dict[str, Any] = {suffix: book.add_format({"num_format": number}) for suffix, number in _FORMATS.items()}
        looks["head"] = book.add_format({"bold": True, "bottom": 1})
        looks["wide"] = book.add_format({"num_format": "#,##0.######"})
        _summary(result, book.add_worksheet(T("Summary").to(lang)), looks, lang)
        for name, title in _SHEETS.items():
            _sheet(result.tables[name], book.add_worksheet(title.to(lang)), looks, lang)


def _summary(result: Result, sheet: Any, looks: dict[str, Any], lang: Lang) -> None:
    run, services = result.run, result.instance["services"]
    settings = result.instance.settings
    lines: list[tuple[Text, Any]] = [
        (T("Status"), run["status"]),
        (T("Verified"), T("yes") if run["verified"] else T("no")),
        (T("Objective of the first stage"), run["objective"]),
        (T("No plan can surpass"), run["bound"]),
        (T("Gap"), run["gap"]),
        (T("Person-services newly covered"), run["new_person_services"]),
        (T("Capital (CNY)"), run["capital_cny"]),
        (T("Cost of a year (CNY)"), run["yearly_cny"]),
    ]
    sheet.write_string(0, 0, (settings.title_zh if lang == "zh" else "") or settings.title, looks["head"])
    for row, (label, value) in enumerate(lines, start=1):
        sheet.write_string(row, 0, label.to(lang))
        _cell(sheet, row, 1, value, looks["wide"], lang)
    row = len(lines) + 2
    heads = [
        T("Service"), T("In need"), T("Covered before"), T("Covered after"), T("Newly covered"),
        T("No longer covered"), T("Unreachable"),
    ]  # fmt: skip
    keys = ["base_persons", "before", "after", "new_persons", "lost_persons", "unreachable_persons"]
    for column, head in enumerate(heads):
        sheet.write_string(row, column, head.to(lang), looks["head"])
    names = services.set_index("service")[f"name_{lang}"]
    for line, (service, figures) in enumerate(run["coverage"].items(), start=row + 1):
        sheet.write_string(line, 0, names[service] or service)
        for column, key in enumerate(keys, start=1):
            _cell(sheet, line, column, figures[key], looks["persons"], lang)
    row += len(run["coverage"]) + 2
    for column, head in enumerate((T("Party"), T("Share of capital"))):
        sheet.write_string(row, column, head.to(lang), looks["head"])
    for line, (party, share) in enumerate(run["shares"]["capital"].items(), start=row + 1):
        sheet.write_string(line, 0, party)
        _cell(sheet, line, 1, share, looks["wide"], lang)
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, len(heads), 16)


def _sheet(table: pd.DataFrame, sheet: Any, looks: dict[str, Any], lang: Lang) -> None:
    for column, name in enumerate(table.columns):
        look = next((looks[suffix] for suffix in _FORMATS if str(name).endswith(suffix)), looks["wide"])
        sheet.write_string(0, column, str(name), looks["head"])
        longest = len(str(name))
        for row, value in enumerate(table[name], start=1):
            _cell(sheet, row, column, value, look, lang)
            longest = max(longest, len(value) if isinstance(value, str) else 12)
        sheet.set_column(column, column, min(longest + 2, 48))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(table), 1), len(table.columns) - 1)


def _cell(sheet: Any, row: int, column: int, value: Any, look: Any, lang: Lang) -> None:
    if isinstance(value, Text):
        sheet.write_string(row, column, value.to(lang))
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None and not pd.isna(value):
        sheet.write_number(row, column, float(value), look)
