"""The template filled in with the toy instance, in the template's own columns."""

from __future__ import annotations

import csv
from pathlib import Path

from python_calamine import CalamineWorkbook
from spreadsheet import Cell, block, enter

from panhuo.instance.pages.template.headings import headings
from panhuo.instance.schema import TABLES

TOY = Path(__file__).parents[2] / "instances" / "toy"
ZH = {"adult": "成人", "senior": "老人", "yes": "是", "no": "否", "keep": "留", "convert": "改"}
SETTINGS: dict[str, Cell] = {
    "title": "Toy", "access.method": "straight", "access.detour": 1.25, "modes.keep.area_ratio": 1, "modes.keep.months": 2,
    "modes.convert.area_ratio": 0.9, "modes.convert.months": 6, "policy.budget_cny": "28万元",
    "tables.demand.crs": "local", "tables.sites.crs": "local", "tables.existing.crs": "local",
}  # fmt: skip


def toy_rows(lang: str) -> dict[str, list[list[str]]]:
    """Put the rows of every table of the toy in the order of the template's columns."""
    found = {}
    for name, table in TABLES.items():
        if not (TOY / f"{name}.csv").exists():
            continue
        with (TOY / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
        names = [
            header.partition("（")[0].replace("人数_成人", "people_adult").replace("人数_老人", "people_senior")
            if column.family
            else column.name
            for header, column in headings(table, lang)
        ]
        assert set(rows[0]) <= set(names), name
        words = ZH if lang == "zh" else {}
        found[name] = [[words.get(row.get(n, ""), row.get(n, "")) for n in names] for row in rows]
    return found


def fill_in(path: Path, lang: str) -> None:
    """Fill in the workbook of a template; numbers are typed as numbers."""
    entered: dict[str, dict[str, Cell]] = {}
    for name, rows in toy_rows(lang).items():
        kinds = [column.kind for _, column in headings(TABLES[name], lang)]
        typed = [[_typed(c, k) for c, k in zip(row, kinds, strict=True)] for row in rows]
        entered[TABLES[name].zh if lang == "zh" else name] = block(typed)
    settings = ("instance", "实例设置")[lang == "zh"]
    keys = [row[0] for row in CalamineWorkbook.from_path(str(path)).get_sheet_by_name(settings).to_python()]
    entered[settings] = {f"B{keys.index(key) + 1}": value for key, value in SETTINGS.items()}
    enter(path, entered)


def _typed(cell: str, kind: str) -> Cell:
    return float(cell) if kind in ("number", "integer") and cell else cell
