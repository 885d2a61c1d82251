"""An empty instance with every column explained."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter

from panhuo.instance.faults import Fault, InstanceError
from panhuo.instance.pages import template_settings, wording
from panhuo.instance.pages.documentation import settings_section, table_section
from panhuo.instance.reading.files import SETTINGS_FILE, SETTINGS_SHEETS
from panhuo.instance.schema import TABLES, Column, Table, spoken
from panhuo.words import Lang, T

README = "README.md"
WORKBOOK = "instance.xlsx"
PROPOSAL = "proposals/example.toml"
ROWS_CHECKED = 5000
"""Rows of a sheet in which a list of choices is offered."""

_TWO_STANDARDS = ("standard_min", "standard_m")
"""Columns whose Chinese headers say the unit, which tells the two apart."""

_MEMBERS = {
    "people_": (("adult", "成人"), ("senior", "老人")),
    "capital_cny_": (("structure", "结构"), ("equipment", "设备")),
    "yearly_cny_": (("staff", "人员"),),
}
"""Examples of the members of families of columns, in both languages."""

_README: dict[Lang, str] = {
    "en": "# An empty instance\n\nFill the tables, write `instance.toml`, then run `panhuo check` on this folder "
    "(or on the workbook). `proposals/example.toml` shows what a proposal can "
    "change. A table or a column that may be blank can be left out. The columns `people_…`, "
    "`capital_cny_…` and `yearly_cny_…` are examples: rename them, or add as many as you need.\n",
    "zh": "# 空白实例\n\n填写各表和 `instance.toml`，然后对本文件夹（或工作簿）运行 `panhuo check`。"
    "`proposals/example.toml` 示范政策方案可以改什么。"
    "可以留空的表和列也可以删去。“人数_…”“投资_…”“年费_…”等列是示例，请改名或按需增加。\n",
}


def write_template(folder: Path, lang: Lang, xlsx: bool) -> list[Path]:
    """Write an empty instance.

    Parameters
    ----------
    folder : Path
        Where to; it must be new or empty. A path that ends in .xlsx is the workbook itself, and must be new.
    lang : Lang
        Language of headers and explanations.
    xlsx : bool
        One workbook instead of CSV tables.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    InstanceError
        Where the folder holds something already, or is a file.
    """
    if folder.suffix.lower() == ".xlsx" and not folder.is_dir():
        return [_new_workbook(folder, lang)]
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        fault = Fault(str(folder), T("there is something there already"), T("Name a new or an empty folder"))
        raise InstanceError([fault])
    folder.mkdir(parents=True, exist_ok=True)
    readme = folder / README
    sections = [_README[lang], *(table_section(t, lang) for t in TABLES.values()), settings_section(lang)]
    readme.write_text("\n".join(sections), encoding="utf-8", newline="\n")
    proposal = folder / PROPOSAL
    proposal.parent.mkdir()
    proposal.write_text(template_settings.proposal(lang), encoding="utf-8", newline="\n")
    if xlsx:
        return [readme, proposal, _workbook(folder / WORKBOOK, lang)]
    settings = folder / SETTINGS_FILE
    settings.write_text("\n".join(template_settings.toml(lang)) + "\n", encoding="utf-8", newline="\n")
    return [readme, proposal, settings, *(_csv(folder, t, lang) for t in TABLES.values())]


def _new_workbook(path: Path, lang: Lang) -> Path:
    if path.exists():
        raise InstanceError([Fault(str(path), T("there is something there already"), T("Name a new file"))])
    path.parent.mkdir(parents=True, exist_ok=True)
    return _workbook(path, lang)


def _headers(table: Table, lang: Lang) -> Iterator[tuple[str, Column]]:
    for column in table.columns:
        if not column.family:
            unit = f"（{spoken.unit(column.unit).to(lang)}）" if column.name in _TWO_STANDARDS else ""
            yield (column.name if lang == "en" else column.zh + unit), column
            continue
        prefix = (column.name if lang == "en" else column.zh)[:-1]
        for member in _MEMBERS[column.family]:
            yield prefix + member[lang == "zh"], column


def _csv(folder: Path, table: Table, lang: Lang) -> Path:
    path = folder / f"{table.name}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerow([header for header, _ in _headers(table, lang)])
    return path


def _workbook(path: Path, lang: Lang) -> Path:
    with xlsxwriter.Workbook(path) as book:
        bold, as_text = book.add_format({"bold": True, "bg_color": "#DDE8F0"}), book.add_format({"num_format": "@"})
        _settings_sheet(book, bold, lang)
        for table in TABLES.values():
            sheet = book.add_worksheet(wording.title(table, lang))
            sheet.freeze_panes(1, 0)
            for place, (header, column) in enumerate(_headers(table, lang)):
                keep = as_text if column.kind in ("id", "list", "floor") else None
                sheet.set_column(place, place, max(12, 2 * len(header)), keep)
                sheet.write_string(0, place, header, bold)
                sheet.write_comment(0, place, wording.comment(column, lang), {"x_scale": 2.5, "y_scale": 1.5})
                if offered := _offered(column, lang):
                    rule = {"validate": "list", "source": offered, "error_type": "warning"}
                    sheet.data_validation(1, place, ROWS_CHECKED, place, rule)
    return path


def _offered(column: Column, lang: Lang) -> list[str]:
    if column.kind == "flag":
        return ["yes", "no"] if lang == "en" else ["是", "否"]
    if column.kind != "choice":
        return []
    if lang == "en":
        return list(column.choices)
    return [next((w for w in words if not w.isascii()), key) for key, words in column.choices.items()]


def _settings_sheet(book: Any, bold: Any, lang: Lang) -> None:
    sheet = book.add_worksheet(SETTINGS_SHEETS[lang == "zh"])
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 32)
    sheet.set_column(2, 2, 90)
    for place, header in enumerate(("key", "value", "meaning") if lang == "en" else ("键", "值", "说明")):
        sheet.write_string(0, place, header, bold)
    for line, (key, meaning) in enumerate(template_settings.rows(lang), 1):
        sheet.write_string(line, 0, key)
        sheet.write_string(line, 2, meaning)
