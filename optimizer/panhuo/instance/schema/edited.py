"""What of a plan's workbook is read back once a planner has edited it: two sheets, and a column of decisions in each.

The workbook is written with these words (:mod:`panhuo.result.workbook`) and read back by them. Above the headers stands
a line of sums.
"""

from __future__ import annotations

from collections.abc import Mapping

from panhuo.instance.schema.choices import STATUSES
from panhuo.instance.schema.column import Column, Table

SHEETS: Mapping[str, tuple[str, str]] = {"plan": ("Plan", "方案"), "sites": ("Sites", "资产")}
"""Sheet → its name in English and in Chinese."""

DECISION = ("decision", "决定")
"""The header of the first column of either sheet, in English and in Chinese."""

DECISIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "plan": {"pin": ("锁定",), "drop": ("放弃",)},
    "sites": {key: STATUSES[key] for key in ("required", "excluded")},
}
"""Sheet → what its cells of that column may say: key → spellings that mean the same, the first one is offered."""

HEADERS_IN = 2
"""The row of the headers, as a spreadsheet counts; the rows follow."""

_DECISION_HELP = ("What is decided of the row.", "对该行的决定。")


def _decision(sheet: str) -> Column:
    return Column(DECISION[0], "choice", DECISION[1], *_DECISION_HELP, choices=DECISIONS[sheet])


PLAN = Table(
    "plan", "方案", "A plan: one row is one chosen option.", "方案：每行一个选中的用法。",
    columns=(
        _decision("plan"),
        Column("option", "id", "选项", "The option.", "选项。", aliases=("方案",)),
        Column("site", "id", "资产编号", "The site.", "资产编号。"),
        Column("mode", "id", "方式", "The mode.", "方式。"),
        Column("service", "id", "服务", "The service.", "服务。"),
        Column("operating", "id", "运营方式", "The operating mode.", "运营方式。"),
        Column("size", "id", "面积档", "The size.", "面积档。"),
        Column("tariff", "id", "收费方案", "The tariff.", "收费方案。"),
    ),
)  # fmt: skip
"""The rows of a plan as they are read back. Words stay as they stand: what they mean, the instance's tables tell."""

DECIDED = Table(
    "decisions", "资产", "What is decided of sites.", "对资产的决定。",
    columns=(_decision("sites"), Column("site", "id", "资产编号", "The site.", "资产编号。")),
)  # fmt: skip
"""The rows of the sheet of sites as they are read back."""
