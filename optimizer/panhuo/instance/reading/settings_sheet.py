"""Settings out of the sheet ``instance``, written as planners write in cells."""

from __future__ import annotations

import tomllib
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from panhuo.instance.findings import Findings
from panhuo.instance.policy import Settings
from panhuo.instance.reading.cells import CellError, is_blank, number, parts, text
from panhuo.instance.reading.grids import Grid
from panhuo.instance.reading.settings import SPOKEN, Keys
from panhuo.instance.reading.units import fold
from panhuo.instance.schema import Column
from panhuo.words import T

_MONEY = Column("", "number", "", "", "", unit="CNY")
_HEADER = ("key", "键")


def from_sheet(grid: Grid, name: str, findings: Findings) -> Keys:
    """Read a sheet with the columns key (dotted) and value: as in TOML, or as in the cells of a table.

    So lists may stand with ; between their words, amounts with 万元, choices in Chinese. A key without a value is left
    out, and so is a row that begins with #, as in TOML.
    """
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    words = _worded(Settings)
    for line, row in enumerate(grid, 1):
        key = text(row[0]) if row and not is_blank(row[0]) else ""
        if not key or key.startswith("#") or len(row) < 2 or is_blank(row[1]) or fold(key) in _HEADER:
            continue
        *path, last = [part.strip().strip('"') for part in key.split(".")]
        inner: Any = values
        for part in path:
            inner = inner.setdefault(part, {}) if isinstance(inner, dict) else None
        if not isinstance(inner, dict) or last in inner:
            findings.fault(name, T("the key stands there twice"), T("Keep one of them"), row=line, column=key)
            continue
        inner[last] = _amount(row[1]) if last.endswith("_cny") else _value(row[1], words.get(last))
        lines[key] = line
    return Keys(name, values, lines)


def _amount(cell: Any) -> Any:
    """Read money as in a table: 40万元, 1.2亿元."""
    try:
        return float(number(cell, _MONEY))
    except CellError:
        return _value(cell, None)


def _value(cell: Any, words: Column | None) -> Any:
    """Read a value as in TOML, else as in a cell of ``words``; a word that is no choice is told of by the model."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    value = _toml(cell) if isinstance(cell, str) else cell
    if words is None or isinstance(value, list | dict | bool):
        return value
    known = Column("", "list", "", "", "", words=words.words)
    said = parts(str(value), known)
    return list(said) if words.kind == "list" else (said[0] if len(said) == 1 else value)


def _toml(cell: str) -> Any:
    try:
        return tomllib.loads(f"value = {cell}")["value"]
    except tomllib.TOMLDecodeError:
        return cell.strip()


def _worded(model: type[BaseModel]) -> dict[str, Column]:
    """Find the keys that take words: lists of them, and choices, each with the spellings it may take."""
    found: dict[str, Column] = {}
    for name, info in model.model_fields.items():
        inner = [a for a in _parts(info.annotation) if get_origin(a) is Literal or a is str]
        several = any(get_origin(a) is tuple and get_args(a)[0] in inner for a in _parts(info.annotation))
        choices = {c: SPOKEN.get(c, ()) for a in inner if get_origin(a) is Literal for c in get_args(a)}
        if several or choices:
            found[name] = Column(name, "list" if several else "choice", "", "", "", words=choices)
        for below in _parts(info.annotation):
            if isinstance(below, type) and issubclass(below, BaseModel):
                found |= _worded(below)
    return found


def _parts(annotation: Any) -> list[Any]:
    """Give an annotation and all inside it."""
    return [annotation, *(p for inner in get_args(annotation) if inner is not annotation for p in _parts(inner))]
