"""The rules table, read again: which cases hold for a site."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from panhuo.instance import Instance
from panhuo.instance.schema import TABLES
from panhuo.instance.tabular import tuples

_YES = ("yes", "true", "1", "y", "是", "有")
_ORDERED = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


@dataclass(frozen=True)
class Line:
    """One row of the rules table."""

    services: tuple[str, ...]
    modes: tuple[str, ...]
    column: str
    op: str
    value: str

    def holds(self, site: Mapping[str, Any]) -> bool:
        """Compare the site's cell with the value; a blank cell makes nothing true but ``blank``."""
        column = TABLES["sites"].column(self.column)
        kind = column.kind if column else "text"
        cell = site[self.column]
        blank = not cell if kind == "list" else bool(pd.isna(cell)) or cell == ""
        if self.op == "blank":
            return blank
        if blank or self.op == "filled":
            return not blank
        if self.op in _ORDERED:
            left, right = _comparable(cell, kind), _comparable(self.value, kind)
            return left is not None and right is not None and bool(_ORDERED[self.op](left, right))
        several = self.op in ("in", "not in", "has") or kind == "list"
        wanted = re.split(r"[;；、|]", self.value) if several else [self.value]
        hit = any(_equal(cell, kind, word.strip()) for word in wanted if word.strip())
        return hit == (self.op in ("=", "in", "has"))

    def concerns(self, service: str, mode: str) -> bool:
        """Whether the row is about a service in a mode."""
        return (not self.services or service in self.services) and (not self.modes or mode in self.modes)


class Rulebook:
    """The rules, in the order of the table; each with its cases, each with its rows."""

    def __init__(self, instance: Instance) -> None:
        self._cases: dict[str, dict[str, list[Line]]] = {}
        for row in tuples(instance["rules"]):
            line = Line(tuple(row.services), tuple(row.modes), row.column, row.op, row.value)
            self._cases.setdefault(row.rule, {}).setdefault(row.case, []).append(line)

    def holding(self, site: Mapping[str, Any]) -> list[tuple[str, list[Line]]]:
        """List the (rule, rows of one case) whose comparisons all hold for a site."""
        return [
            (rule, lines)
            for rule, cases in self._cases.items()
            for lines in cases.values()
            if all(line.holds(site) for line in lines)
        ]


def _equal(cell: Any, kind: str, word: str) -> bool:
    if kind == "list":
        return word in cell
    if kind == "flag":
        return bool(cell) == (word.lower() in _YES)
    if kind in ("number", "integer", "floor", "date"):
        return _comparable(cell, kind) == _comparable(word, kind)
    return str(cell) == word


def _comparable(value: Any, kind: str) -> Any:
    if kind == "date":
        return datetime.date.fromisoformat(str(value)[:10])
    try:
        return Fraction(str(value))
    except ValueError:
        return None
