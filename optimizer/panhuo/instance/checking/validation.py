"""Pandera schemas out of the schema tables; their failures as faults."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from panhuo.instance.checking.telling import shown
from panhuo.instance.findings import Findings
from panhuo.instance.reading.raw import Typed
from panhuo.instance.schema import Column, Table, spoken
from panhuo.words import T, Text

_FILLED, _ABOVE, _LEAST, _MOST, _UNIQUE = "filled", "above", "least", "most", "unique"


def schema(table: Table, columns: list[str]) -> pa.DataFrameSchema:
    """Build the pandera schema of a table: checks of the frame, titled with the column they are about.

    Tables are wide and most are short: pandera takes longer to validate a column by itself than to check it.

    Parameters
    ----------
    table : Table
        The schema table.
    columns : list of str
        The columns to check; members of families are among them.
    """
    checks = [check for name in columns if (found := table.column(name)) for check in _checks(name, found)]
    if table.key and not table.repeats:
        checks.append(_check(_UNIQUE, "", _first_of_key(list(table.key))))
    return pa.DataFrameSchema(checks=checks)


def _check(rule: str, column: str, holds: Callable[[pd.DataFrame], pd.Series[bool]]) -> pa.Check:
    # a failure is told of by its row, so one case of the whole rows that pandera gathers is enough
    return pa.Check(holds, name=rule, error=rule, title=column, ignore_na=False, n_failure_cases=1)


def _checks(name: str, column: Column) -> list[pa.Check]:
    checks = []
    if column.required:
        checks.append(_check(_FILLED, name, lambda frame: filled(frame[name])))
    for limit, holds, rule in (
        (column.above, operator.gt, _ABOVE),
        (column.least, operator.ge, _LEAST),
        (column.most, operator.le, _MOST),
    ):
        if limit is not None:
            checks.append(_check(rule, name, _limited(name, column, holds, limit)))
    return checks


def _limited(
    name: str, column: Column, holds: Callable[[Any, float], Any], limit: float
) -> Callable[[pd.DataFrame], pd.Series[bool]]:
    """Check numbers, or every number of lists; a blank cell breaks no limit."""
    if column.kind in ("numbers", "integers"):
        return lambda frame: frame[name].map(lambda several: all(holds(v, limit) for v in several)).astype(bool)

    def check(frame: pd.DataFrame) -> pd.Series[bool]:
        values = frame[name].to_numpy(float, na_value=np.nan)
        return pd.Series(holds(values, limit) | np.isnan(values), frame.index)

    return check


def filled(values: pd.Series[Any]) -> pd.Series[bool]:
    """Tell which cells of a typed column hold something."""
    if isinstance(values.dtype, pd.StringDtype):
        return values != ""
    if values.dtype == object:  # lists; and text before pandas 3
        return values.map(lambda v: v not in ("", ())).astype(bool)
    return values.notna()


def _first_of_key(key: list[str]) -> Callable[[pd.DataFrame], pd.Series[bool]]:
    return lambda frame: ~frame.duplicated(key, keep="first")


def check(read: Typed, findings: Findings) -> None:
    """Check required cells, limits and keys of a table; every failure becomes a fault."""
    try:
        # a column that was not given is told of as a whole, or holds what holds where nothing is given
        schema(read.table, [c for c in map(str, read.frame.columns) if c in read.headers]).validate(
            read.frame, lazy=True, inplace=True
        )
    except pa.errors.SchemaErrors as errors:
        cases = sorted(
            (int(line), error.check.name, error.check.title)
            for error in errors.schema_errors
            for line in error.check_output.index[~error.check_output]
        )
        for line, rule, column in cases:
            if rule != _UNIQUE and (line, column) not in read.faulty:
                _tell(read, line, read.table.column(column), column, rule, findings)
        if any(rule == _UNIQUE for _, rule, _ in cases):
            _twice(read, findings)


def _tell(read: Typed, line: int, column: Column | None, name: str, rule: str, findings: Findings) -> None:
    if column is None:  # pragma: no cover - the schema was made of known columns
        raise KeyError(name)
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
    columns = [read.table.column(k) for k in key]
    called = spoken.Said(" + ".join(key), zh=" + ".join(c.zh if c else k for c, k in zip(columns, key, strict=True)))
    for line in lines[lines != first]:
        findings.fault(
            read.file,
            T("stands in row {first} already; {key} must be unique", first=int(first[line]), key=called),
            T("Give it another {key} or delete the row", key=called),
            row=int(line),
            column=", ".join(read.headers.get(k, k) for k in key),
            value="; ".join("" if (seen := shown(whole.at[line, k])) is None else str(seen) for k in key),
        )


def _all_filled(frame: pd.DataFrame) -> pd.Series[bool]:
    return pd.concat([filled(frame[c]) for c in frame], axis=1).all(axis=1)
