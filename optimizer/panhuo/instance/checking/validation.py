"""Pandera schemas out of the schema tables; their failures as faults."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import pandas as pd
import pandera.pandas as pa

from panhuo.instance.checking.telling import shown
from panhuo.instance.findings import Findings
from panhuo.instance.reading.raw import Typed
from panhuo.instance.schema import Column, Table, spoken
from panhuo.words import T, Text

_FILLED, _ABOVE, _LEAST, _MOST, _UNIQUE = "filled", "above", "least", "most", "unique"


def schema(table: Table, columns: list[str]) -> pa.DataFrameSchema:
    """Build the pandera schema of a table; columns of which nothing is asked are left out.

    Parameters
    ----------
    table : Table
        The schema table.
    columns : list of str
        The columns the frame has; members of families are among them.
    """
    made = {
        name: pa.Column(None, checks, nullable=True)
        for name in columns
        if (found := table.column(name)) and (checks := _checks(found))
    }
    unique = [c for c in table.key if c in columns]
    whole = (
        [pa.Check(_first_of_key(unique), name=_UNIQUE, error=_UNIQUE, ignore_na=False)]
        if unique == list(table.key) != [] and not table.repeats
        else []
    )
    return pa.DataFrameSchema(made, checks=whole)


def _checks(column: Column) -> list[pa.Check]:
    checks = []
    if column.required:
        checks.append(pa.Check(filled, name=_FILLED, error=_FILLED, ignore_na=False))
    for limit, holds, name in (
        (column.above, operator.gt, _ABOVE),
        (column.least, operator.ge, _LEAST),
        (column.most, operator.le, _MOST),
    ):
        if limit is not None:
            checks.append(pa.Check(_limited(column, holds, limit), name=name, error=name))
    return checks


def _limited(
    column: Column, holds: Callable[[Any, float], Any], limit: float
) -> Callable[[pd.Series[Any]], pd.Series[bool]]:
    if column.kind in ("numbers", "integers"):
        return lambda values: values.map(lambda several: all(holds(v, limit) for v in several)).astype(bool)
    return lambda values: holds(values, limit)


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
        schema(read.table, list(map(str, read.frame.columns))).validate(read.frame, lazy=True, inplace=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases[["column", "check", "index"]].drop_duplicates()
        again = False
        for column, rule, line in sorted(
            cases.itertuples(index=False), key=lambda c: (int(c.index), str(c.check), str(c.column))
        ):
            if rule == _UNIQUE:
                again = True
            elif (int(line), column) not in read.faulty and column in read.headers:
                _tell(read, int(line), read.table.column(column), str(column), str(rule), findings)
        if again:
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
