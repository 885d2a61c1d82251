"""Raw tables become typed ones: headers matched, cells read, absent optional columns added."""

from __future__ import annotations

import functools
from typing import Any

import pandas as pd

from panhuo.instance.findings import Findings
from panhuo.instance.reading import cells, columns, headers
from panhuo.instance.reading.cells import is_blank
from panhuo.instance.reading.headers import Head
from panhuo.instance.reading.raw import Raw, Typed
from panhuo.instance.reading.units import fold
from panhuo.instance.schema import TABLES, Column, Table, spoken
from panhuo.words import T


def typed(raw: Raw, findings: Findings) -> Typed:
    """Read every cell of a table; whatever cannot be read becomes blank and a fault."""
    heads, unknown = _heads(raw, findings)
    absent = [c for c in raw.table.columns if not any(h.column is c for h in heads)]
    if not raw.meant:  # else the settings have said what the planner's own headers mean
        unknown = _near_families(raw, absent, unknown, findings)
    unknown = _slips(raw, absent, unknown, findings)
    result = Typed(
        raw.table,
        raw.file,
        pd.DataFrame(index=raw.frame.index),
        {h.name: h.header for h in heads},
        crs=raw.crs,
        shapes=raw.shapes,
        constants=raw.constants,
    )
    made: dict[str, pd.Series[Any]] = {}
    for head in heads:
        made[head.name] = _column(raw, head, result, findings)
    index = raw.frame.index
    blank = Blanks(index)
    for column in absent:
        if not column.family:
            made[column.name] = blank.of(column.kind)
    for column in raw.table.columns:
        if column.like and column.like in made:
            made[column.name] = made[column.name].mask(made[column.name] == "", made[column.like])
    named = {ours: header for ours, header in raw.meant.items() if headers.match(raw.table, ours) is None}
    for name, header in (named | {h: h for h in unknown}).items():
        made[name] = columns.extra(raw.frame[header])
        result.headers[name] = header
    column_of = {n: raw.table.column(n) for n in made}
    order = [n for c in raw.table.columns for n in made if column_of[n] is c]
    order += [n for n in made if n not in order]
    result.frame = pd.DataFrame({n: made[n] for n in order}, index=index)
    return result


def _heads(raw: Raw, findings: Findings) -> tuple[list[Head], list[str]]:
    heads = _meant(raw, findings)
    said, unknown = set(heads), list[str]()
    plain = {fold(c.name): c for c in raw.table.columns if not c.family}
    for header in [h for h in map(str, raw.frame.columns) if h not in raw.meant.values()]:
        head = headers.match(raw.table, header)
        if head is not None and head.name in heads and (other := plain.get(fold(header))) and other.name not in heads:
            head = Head(header, other, other.name)  # ArcGIS writes ID and Name; either alone is the key
        if head is None:
            unknown.append(header)
        elif head.name in said:
            findings.warn(
                raw.file,
                T(
                    "the column is not used: the settings take {name} from {other}",
                    name=head.name,
                    other=heads[head.name].header,
                ),
                T("Nothing to do if that is meant"),
                column=header,
            )
        elif head.name in heads:
            findings.fault(
                raw.file,
                T("means {name}, as the column {other} does", name=head.name, other=heads[head.name].header),
                T(
                    "Remove or rename one of them, or name the right one in columns of [tables.{table}]",
                    table=raw.table.name,
                ),
                column=header,
            )
        else:
            heads[head.name] = head
            if head.factor is None:
                _unit_fault(raw.file, head, findings)
    return list(heads.values()), unknown


def _meant(raw: Raw, findings: Findings) -> dict[str, Head]:
    """Take the headers whose meaning the settings tell; a unit in such a header counts."""
    heads: dict[str, Head] = {}
    for ours, header in raw.meant.items():
        head = headers.match(raw.table, ours)
        if head is not None:
            heads[head.name] = headers.as_said(head, header)
            if heads[head.name].factor is None:
                _unit_fault(raw.file, heads[head.name], findings)
    return heads


def _unit_fault(file: str, head: Head, findings: Findings) -> None:
    findings.fault(
        file,
        T(
            "the unit {unit} does not fit a column in [{wanted}]",
            unit=head.unit,
            wanted=spoken.unit(head.column.unit or "–"),
        ),
        T("Correct the unit or the header"),
        column=head.header,
    )


def _slips(raw: Raw, absent: list[Column], unknown: list[str], findings: Findings) -> list[str]:
    """Take unknown headers for slips of absent columns where they are close; give the unknown ones that are left."""
    left = list(unknown)
    for column in absent:
        names = headers.spellings(column)
        slip = next((h for h in left if not column.family and headers.closest(h, names)), None)
        if slip is not None:
            left.remove(slip)
            _did_you_mean(raw, slip, column, column.name, findings)
        elif column.required and not _told(raw, column, findings):
            findings.fault(
                raw.file,
                T("the column is missing (header {en} or {zh})", en=column.name, zh=column.zh),
                T("Add the column"),
                column=column.name,
            )
    return left


def _did_you_mean(raw: Raw, found: str, column: Column, name: str, findings: Findings) -> None:
    findings.fault(
        raw.file,
        T("found {found}: did you mean {meant}?", found=found, meant=spoken.column(column, name, found)),
        T("Rename the column"),
        column=found,
    )


def _near_families(raw: Raw, absent: list[Column], unknown: list[str], findings: Findings) -> list[str]:
    """Fault unknown columns of numbers that nearly belong to a family, whose people or money would be lost.

    Beside members of the family a total is left alone; where there are none, it is a member with a wrong name.
    """
    left: list[str] = []
    for header in unknown:
        for column in raw.table.columns:
            member = headers.near_family(header, column, totals=column in absent)
            if member and _numbers(raw.frame[header]):
                _did_you_mean(raw, header, column, column.family + member, findings)
                break
        else:
            left.append(header)
    return left


def _numbers(values: pd.Series[Any]) -> bool:
    return all(columns.as_number(v) is not None for v in values.unique() if not is_blank(v, "number"))


def _told(raw: Raw, column: Column, findings: Findings) -> bool:
    """Whether a missing family is told of already: some columns nearly belong to it."""
    return bool(column.family) and any(
        headers.near_family(fault.column or "", column, totals=True)
        for fault in findings.faults
        if fault.file == raw.file
    )


def _column(raw: Raw, head: Head, result: Typed, findings: Findings) -> pd.Series[Any]:
    values: list[Any] = raw.frame[head.header].tolist()
    found = columns.read(values, head.column, head.factor or cells.ONE)
    lines = raw.frame.index
    if head.column.required:
        result.nothings |= {(int(lines[at]), head.name): word for at, word in found.nothings}
    for at, error in found.errors:
        line, seen = int(lines[at]), cells.text(values[at])
        result.faulty.add((line, head.name))
        findings.fault(raw.file, error.rule, error.mend, row=line, column=head.header, value=seen)
    return cells.series(found.made, head.column.kind, lines)


def empty(table: Table) -> pd.DataFrame:
    """Make a table without rows that has every column of the schema."""
    return _empty(table.name).copy()


@functools.cache
def _empty(table: str) -> pd.DataFrame:
    blank = Blanks(pd.RangeIndex(0))
    return pd.DataFrame({c.name: blank.of(c.kind) for c in TABLES[table].columns if not c.family})


class Blanks:
    """Blank columns of one index: of each kind only one is made, for a table copies what it is made of."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self._made: dict[str, pd.Series[Any]] = {}

    def of(self, kind: str) -> pd.Series[Any]:
        """Give the column of a kind."""
        if kind not in self._made:
            self._made[kind] = cells.series([cells.BLANKS[kind]] * len(self._index), kind, self._index)
        return self._made[kind]
