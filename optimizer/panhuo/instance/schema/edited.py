"""What of a plan's workbook is read back once a planner has edited it: two sheets, and a column of decisions in each.

The workbook is written with these words (:mod:`panhuo.result.workbook`) and read back by them. Above the headers stands
a line of sums.
"""

from __future__ import annotations

from collections.abc import Mapping

from panhuo.instance.schema.choices import STATUSES

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
