"""A whole column of cells is read at once: alike cells one time only, plain numbers without detours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pandas as pd

from panhuo.instance.reading import cells
from panhuo.instance.reading.cells import CellError, is_blank
from panhuo.instance.schema import Column

_FREE = Column("", "number", "", "", "")


@dataclass
class Read:
    """A column once read.

    Parameters
    ----------
    made : list
        A value a cell; blank where the cell is blank or cannot be read.
    errors : list of (int, CellError)
        Places of cells that cannot be read.
    nothings : list of (int, str)
        Places of cells that hold a word for nothing, such as NaN, and the word.
    """

    made: list[Any]
    errors: list[tuple[int, CellError]] = field(default_factory=list)
    nothings: list[tuple[int, str]] = field(default_factory=list)


def read(values: list[Any], column: Column, factor: Fraction = cells.ONE) -> Read:
    """Read the cells of a column.

    Parameters
    ----------
    values : list
        Cells as they stand in the file.
    column : Column
        What they mean.
    factor : Fraction
        What the unit of the header is worth in the unit of the column.
    """
    once = _Once(column, factor)
    kinds = set(map(type, values))
    if column.kind == "number" and kinds == {float} and factor == cells.ONE:
        out = [v + 0.0 if cells.is_plain(v) else once.of(v) for v in values]
    elif column.kind == "number" and kinds == {str} and factor == cells.ONE:
        plain = cells.PLAIN
        out = [float(v) if plain(v) else once[v] for v in values]
    elif kinds == {str}:
        out = list(map(once.__getitem__, values))
    else:  # 1, 1.0 and True are equal and yet not the same
        out = [once[v] if type(v) is str else once.of(v) for v in values]
    result = Read(out)
    if once.troubled:
        _collect(values, once, result)
    return result


class _Once(dict[str, Any]):
    """What each text of a column means; worked out when it is met first."""

    def __init__(self, column: Column, factor: Fraction) -> None:
        super().__init__()
        self.kind = column.kind
        self.blank = cells.BLANKS[column.kind]
        self.reader: Callable[[Any], Any] = cells.reader(column, factor)
        self.troubled = False
        """Some cell could not be read, or holds a word for nothing."""

    def __missing__(self, value: str) -> Any:
        self[value] = found = self.of(value)
        return found

    def of(self, value: Any) -> Any:
        """Read one cell."""
        if is_blank(value, self.kind):
            self.troubled |= isinstance(value, str) and bool(value.strip())
            return self.blank
        try:
            return self.reader(value)
        except CellError:
            self.troubled = True
            return self.blank


def _collect(values: list[Any], once: _Once, result: Read) -> None:
    """Find the cells that could not be read, and why."""
    for at, value in enumerate(values):
        got = result.made[at]
        if got is not once.blank:
            continue
        if is_blank(value, once.kind):
            if isinstance(value, str) and value.strip():
                result.nothings.append((at, value.strip()))
            continue
        try:
            once.reader(value)
        except CellError as error:
            result.errors.append((at, error))


def extra(values: pd.Series[Any]) -> pd.Series[Any]:
    """Keep a column the schema does not know as text; where every filled cell is a number, in its plain form."""
    numbers = numbered(values)
    if numbers is not None:
        return cells.series(numbers, "text", values.index)
    return cells.series(["" if is_blank(v) else cells.text(v) for v in values], "text", values.index)


def numbered(values: pd.Series[Any]) -> list[str] | None:
    """Write a column of numbers plainly; ``None`` where a filled cell is none."""
    known: dict[tuple[type, Any], str] = {}
    out: list[str] = []
    for value in values:
        key = (type(value), value)
        written = known.get(key)
        if written is None:
            number = "" if is_blank(value) else as_number(value)
            if number is None:
                return None
            known[key] = written = number
        out.append(written)
    return out


def as_number(value: Any) -> str | None:
    """Write a number plainly; ``None`` where it is none, or a code such as 007."""
    if isinstance(value, str) and len(value.strip()) > 1 and value.strip().isdigit() and value.strip()[0] == "0":
        return None
    if (type(value) is str and cells.PLAIN(value)) or (type(value) in (int, float) and cells.is_plain(value)):
        return f"{float(value) + 0.0:.15g}"
    try:
        return f"{float(cells.number(value, _FREE)):.15g}"
    except CellError:
        return None
