"""Keys that name a row of another table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from panhuo.instance.findings import Findings
from panhuo.instance.reading.headers import closest
from panhuo.instance.reading.raw import Typed
from panhuo.instance.schema import TABLES, Column, spoken
from panhuo.instance.schema.choices import YEAR_ITEMS
from panhuo.words import T, Text


def check(tables: Mapping[str, Typed], defaults: Mapping[str, pd.DataFrame], findings: Findings) -> None:
    """Check every column that refers to another table, and the groups of people.

    Parameters
    ----------
    tables : mapping of str to Typed
        The tables given.
    defaults : mapping of str to DataFrame
        What the tables hold that were not given.
    findings : Findings
        Where faults go.
    """
    for read in tables.values():
        for column in read.table.columns:
            if column.refers:
                _column(read, column, tables, defaults, findings)
    demand = tables.get("demand")
    for name, column_name in (("needs", "group"), ("profiles", "groups"), ("tiers", "group")):
        if demand is not None and name in tables:
            groups = dict.fromkeys(demand.people)
            rule = T("must be a group of demand, that is what follows people_: {keys}", keys=spoken.some(groups))
            _each(tables[name], column_name, groups, rule, findings)
    if "eligibility" in tables:
        _items(tables["eligibility"], tables, findings)


def _items(read: Typed, tables: Mapping[str, Typed], findings: Findings) -> None:
    """Warn of items that nothing costs and that are none of a year, so that a fund pays nothing by naming them."""
    known = dict.fromkeys(YEAR_ITEMS)
    for name in ("costs", "shared_works"):
        if name in tables:
            known |= dict.fromkeys(map(str, tables[name].frame["item"]))
    if "conversions" in tables:
        known |= dict.fromkeys(str(c).removeprefix("capital_cny_") for c in tables["conversions"].frame.columns)
    told: set[str] = set()
    for line, item in _unknown(read.frame["items"], known):
        if item not in told:
            told.add(item)
            near = closest(item, known)
            mend = T("Did you mean {meant}?", meant=near) if near else T("Nothing to do if that is meant")
            file, row, header = read.place(line, "items")
            rule = T("nothing has this cost item, so nothing is paid for it")
            findings.warn(file, rule, mend, row=row, column=header, value=item)


def _column(
    read: Typed,
    column: Column,
    tables: Mapping[str, Typed],
    defaults: Mapping[str, pd.DataFrame],
    findings: Findings,
) -> None:
    names = column.refers.split("|")
    if names[0] in ("circles", "counts") and names[0] not in tables:
        return  # any word will do; that counts are missing is told
    if any(n not in tables and n not in defaults for n in names):
        return  # the table itself is at fault
    frames = [tables[n].frame if n in tables else defaults[n] for n in names]
    keys = (frame[key] for n, frame in zip(names, frames, strict=True) if (key := TABLES[n].key[0]) in frame)
    known = dict.fromkeys(str(v) for column_of_keys in keys for v in column_of_keys)
    table = spoken.Said(" / ".join(names), zh="”或“".join(TABLES[n].zh for n in names))
    rule = T("must be a key of {table}: {keys}", table=table, keys=spoken.some(known))
    _each(read, column.name, known, rule, findings)


def _each(read: Typed, name: str, known: Mapping[str, None], rule: Text, findings: Findings) -> None:
    if name not in read.frame.columns:
        return
    meant: dict[str, str | None] = {}
    for line, value in _unknown(read.frame[name], known):
        if value not in meant:
            meant[value] = closest(value, known)
        file, row, header = read.place(line, name)
        near = meant[value]
        mend = (
            T("Did you mean {meant}? Else add it there or delete the row", meant=near)
            if near
            else T("Add it there, correct the name or delete the row")
        )
        findings.fault(file, rule, mend, row=row, column=header, value=value)


def _unknown(values: pd.Series[Any], known: Mapping[str, None]) -> Iterator[tuple[int, str]]:
    """Go through the words of a column that are not known, with their lines."""
    if not values.map(type).eq(tuple).any():
        values = values[~values.isin({*known, ""})]
    for line, value in values.items():
        for word in value if isinstance(value, tuple) else (value,):
            if word and word not in known:
                yield int(str(line)), word
