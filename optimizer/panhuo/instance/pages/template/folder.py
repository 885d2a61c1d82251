"""An empty instance with every column explained."""

from __future__ import annotations

import csv
from pathlib import Path

from panhuo.instance.faults import Fault, InstanceError
from panhuo.instance.pages.documentation import settings_section, table_section
from panhuo.instance.pages.template import settings
from panhuo.instance.pages.template.book import write_book
from panhuo.instance.pages.template.headings import headings
from panhuo.instance.reading.files import SETTINGS_FILE
from panhuo.instance.schema import TABLES, Table
from panhuo.words import Lang, T

README = "README.md"
WORKBOOK = "instance.xlsx"
PROPOSAL = "proposals/example.toml"
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
    proposal.write_text(settings.proposal(lang), encoding="utf-8", newline="\n")
    if xlsx:
        return [readme, proposal, write_book(folder / WORKBOOK, lang)]
    toml = folder / SETTINGS_FILE
    toml.write_text("\n".join(settings.toml(lang)) + "\n", encoding="utf-8", newline="\n")
    return [readme, proposal, toml, *(_csv(folder, t, lang) for t in TABLES.values())]


def _new_workbook(path: Path, lang: Lang) -> Path:
    if path.exists():
        raise InstanceError([Fault(str(path), T("there is something there already"), T("Name a new file"))])
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_book(path, lang)


def _csv(folder: Path, table: Table, lang: Lang) -> Path:
    path = folder / f"{table.name}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerow([header for header, _ in headings(table, lang)])
    return path
