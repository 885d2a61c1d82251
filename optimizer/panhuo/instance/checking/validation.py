"""Required cells, limits and keys, as the schema tables state them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.instance.checking.telling import shown
from panhuo.instance.findings import Findings
from panhuo.instance.reading.raw import Typed
from panhuo.instance.schema import Column, spoken
from panhuo.words import T, Text

_FILLED, _ABOVE, _LEAST, _MOST = "filled", "above", "least", "most"


def check(read: Typed, findings: Findings) -> None:
    """Check required cells, limits and keys of a table; every failure becomes a fault."""
    failed = [
        (int(line), rule, name, column)
        for name in map(str, read.frame.columns)
        if (column := read.table.column(name)) and name in read.headers
        for rule, holds in _rules(read.frame[name], column)
        if not holds.all()
        for line in read.frame.index[~holds]
        if (int(line), name) not in read.faulty
    ]
    for line, rule, name, column in sorted(failed, key=operator.itemgetter(0, 1, 2)):
        _tell(read, line, column, name, rule, findings)
    key = list(read.table.key)
    if key and not read.table.repeats and set(key) <= set(read.frame) and read.frame.duplicated(key).any():
        _twice(read, findings)


def _rules(values: pd.Series[Any], column: Column) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Give each rule of a column, and which cells keep it; a limit says nothing of a blank cell."""
    if column.required:
        yield _FILLED, filled(values).to_numpy(bool)
    for limit, holds, rule in (
        (column.above, operator.gt, _ABOVE),
        (column.least, operator.ge, _LEAST),
        (column.most, operator.le, _MOST),
    ):
        if limit is not None:
            yield rule, _within(values, column, holds, limit)


def _within(
    values: pd.Series[Any], column: Column, holds: Callable[[Any, float], Any], limit: float
) -> NDArray[np.bool_]:
    if column.kind in ("numbers", "integers"):
        return np.array([all(holds(v, limit) for v in several) for several in values], dtype=bool)
    numbers = values.to_numpy(float, na_value=np.nan)
    return np.asarray(holds(numbers, limit) | np.isnan(numbers))


def filled(values: pd.Series[Any]) -> pd.Series[bool]:
    """Tell which cells of a typed column hold something."""
    if isinstance(values.dtype, pd.StringDtype):
        return values != ""
    if values.dtype == object:  # lists; and text before pandas 3
        return values.map(lambda v: v not in ("", ())).astype(bool)
    return values.notna()


def _tell(read: Typed, line: int, column: Column, name: str, rule: str, findings: Findings) -> None:
    value = read.frame.loc[line, name]
    file, row, header = read.place(line, name)
    seen = read.nothings.get((line, name)) if rule == _FILLED else shown(value)
    words = {
        _FILLED: lambda: (T("must not be blank"), _or_delete(column, fill=True)),
        _ABOVE: lambda: (_bound(">", column.above, column.unit), _or_delete(column)),
        _LEAST: lambda: (_bound("≥", column.least, column.unit), _or_delete(column)),
        _MOST: lambda: (_bound("≤", column.most, column.unit), _or_delete(column)),
    }[rule]()
    findings.fault(file, words[0], words[1], row=row, column=header, value=seen)


def _bound(sign: str, limit: float | None, unit: str) -> Text:
    bound = f"{limit:g}" if limit is not None else ""
    if unit:
        return T("must be {sign} {limit} [{unit}]", sign=sign, limit=bound, unit=spoken.unit(unit))
    return T("must be {sign} {limit}", sign=sign, limit=bound)


def _or_delete(column: Column, *, fill: bool = False) -> Text:
    if fill:
        return T("Fill the cell or delete the row")
    if column.unit == "m²":
        return T("Correct the area or delete the row")
    if column.unit.startswith("CNY"):
        return T("Correct the amount or delete the row")
    if column.unit == "persons":
        return T("Correct the number of people or delete the row")
    return T("Correct the value or delete the row")


def _twice(read: Typed, findings: Findings) -> None:
    """Fault rows whose key stands in an earlier row; one with a blank in it is told of already."""
    key = list(read.table.key)
    required = [k for k in key if (c := read.table.column(k)) and c.required]
    whole = read.frame[_all_filled(read.frame[required])] if required else read.frame
    lines = whole.index.to_series().rename("line")
    first = lines.groupby([whole[k] for k in key], sort=False, dropna=False).transform("first")
    for line in lines[lines != first]:
        findings.fault(
            read.file,
            T("stands in row {first} already; {key} must be unique", first=int(first[line]), key=" + ".join(key)),
            T("Give it another {key} or delete the row", key=key[-1] if len(key) == 1 else " + ".join(key)),
            row=int(line),
            column=", ".join(read.headers.get(k, k) for k in key),
            value="; ".join("" if (seen := shown(whole.at[line, k])) is None else str(seen) for k in key),
        )


def _all_filled(frame: pd.DataFrame) -> pd.Series[bool]:
    return pd.concat([filled(frame[c]) for c in frame], axis=1).all(axis=1)
