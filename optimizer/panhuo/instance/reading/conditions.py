"""Comparisons as rules and settings write them: what they compare with, and where they hold."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.instance.reading import cells
from panhuo.instance.reading.cells import CellError
from panhuo.instance.schema import Column
from panhuo.words import T, Text

Bools = NDArray[np.bool_]

ORDERING = ("<", "<=", ">", ">=")
LISTS = ("in", "not in", "has")
TESTS = ("blank", "filled")

_ORDER: dict[str, Callable[[Any, Any], Any]] = dict(
    zip(ORDERING, (operator.lt, operator.le, operator.gt, operator.ge), strict=True)
)
_NUMERIC = ("number", "integer", "floor")
_ORDERED = (*_NUMERIC, "date")
_YES = {"yes", "true", "1", "y", "是", "有"}
_SEPARATORS = re.compile(r"[;；、|]")


class ConditionError(CellError):
    """A condition makes no sense; ``part`` tells which part of it: op or value."""

    def __init__(self, part: str, rule: Text, mend: Text) -> None:
        super().__init__(rule, mend)
        self.part = part


def worded(given: str, column: Column, op: str) -> str:
    """Write what a condition compares a column with as `holds` reads it.

    Parameters
    ----------
    given : str
        The value as the planner wrote it; several in a list.
    column : Column
        What it is compared with.
    op : str
        One of :data:`panhuo.instance.schema.choices.OPERATORS`.

    Raises
    ------
    ConditionError
        Where the comparison does not go with the column or the value.
    """
    if op in TESTS:
        if given:
            raise ConditionError("value", T("must be blank where op is {op}", op=op), T("Clear the cell"))
        return ""
    if not given:
        rule = T("must be filled where op is {op}", op=op)
        raise ConditionError("value", rule, T("Write what the column is compared with"))
    if op in ORDERING and column.kind not in _ORDERED:
        rule = T("{column} holds no numbers or dates, so {op} means nothing", column=column.name, op=op)
        raise ConditionError("op", rule, T("Compare with =, !=, in, not in or has"))
    words = cells.parts(given, Column("", "list", "", "", "")) if op in LISTS else (given,)
    try:
        return ";".join(canonical(word, column) for word in words)
    except CellError as error:
        raise ConditionError("value", error.rule, error.mend) from error


def canonical(word: str, column: Column) -> str:
    """Write a value as it is compared: a choice by its key, yes or no, an ISO date, a plain number."""
    if column.kind == "list":
        return cells.choice(word, column) if column.choices else cells.identifier(word)
    value = cells.reader(column)(word)
    if column.kind == "flag":
        return "yes" if value else "no"
    if column.kind == "date":
        return str(value.date().isoformat())
    if column.kind == "number":
        return f"{value:.15g}"
    return str(value)


def holds(values: pd.Series[Any], kind: str, op: str, value: str) -> Bools:
    """Compare a typed column with a value of `worded`; a blank cell makes nothing true but ``blank``."""
    filled = (values.map(bool) if kind == "list" else values.notna() & (values.astype(str) != "")).to_numpy(bool)
    if op in TESTS:
        return filled if op == "filled" else ~filled
    words = [v for v in _SEPARATORS.split(value) if v.strip()] if op in LISTS else [value]
    words = [v.strip() for v in words]
    if kind == "list":
        has = values.map(lambda cell: any(v in cell for v in words)).to_numpy(bool)
        return filled & (has if op in ("has", "=", "in") else ~has)
    if op in _ORDER:
        left = pd.to_datetime(values) if kind == "date" else pd.to_numeric(values, errors="coerce")
        right = pd.Timestamp(value) if kind == "date" else float(value)
        return filled & _ORDER[op](left, right).fillna(False).to_numpy(bool)
    equal = np.zeros(len(values), dtype=bool)
    for word in words:
        equal |= _equals(values, kind, word)
    return filled & (equal if op in ("=", "in", "has") else ~equal)


def _equals(values: pd.Series[Any], kind: str, value: str) -> Bools:
    if kind in _NUMERIC:
        same = pd.to_numeric(values, errors="coerce") == float(value)
    elif kind == "flag":
        same = values == (value.lower() in _YES)
    elif kind == "date":
        same = pd.to_datetime(values) == pd.Timestamp(value)
    else:
        same = values.astype(str) == value
    return same.fillna(False).to_numpy(bool)
