"""Raw tables become typed ones: headers matched, cells read, absent optional columns added."""

from __future__ import annotations

from typing import Any

import pandas as pd

from panhuo.instance.findings import Findings
from panhuo.instance.reading import cells, headers
from panhuo.instance.reading.cells import CellError, is_blank
from panhuo.instance.reading.headers import Head
from panhuo.instance.reading.raw import Raw, Typed
from panhuo.instance.reading.units import fold
from panhuo.instance.schema import Column, Table, spoken
from panhuo.words import T

_FREE = Column("", "number", "", "", "")


def typed(raw: Raw, findings: Findings) -> Typed:
    """Read every cell of a table; whatever cannot be read becomes blank and a fault."""
    heads, unknown = _heads(raw, findings)
    absent = [c for c in raw.table.columns if not any(h.column is c for h in heads)]
    unknown = _slips(raw, absent, _near_families(raw, absent, unknown, findings), findings)
    result = Typed(
        raw.table,
        raw.file,
        pd.DataFrame(index=raw.frame.index),
        {h.name: h.header for h in heads},
        crs=raw.crs,
        shapes=raw.shapes,
    )
    made: dict[str, pd.Series[Any]] = {}
    for head in heads:
        made[head.name] = _column(raw, head, result, findings)
    index = raw.frame.index
    for column in absent:
        if not column.family:
            made[column.name] = cells.series([cells.BLANKS[column.kind]] * len(index), column.kind, index)
    for column in raw.table.columns:
        if column.like and column.like in made:
            made[column.name] = made[column.name].mask(made[column.name] == "", made[column.like])
    for header in unknown:
        made[header] = extra(raw.frame[header])
        result.headers[header] = header
    column_of = {n: raw.table.column(n) for n in made}
    order = [n for c in raw.table.columns for n in made if column_of[n] is c]
    order += [n for n in made if n not in order]
    result.frame = pd.DataFrame({n: made[n] for n in order}, index=index)
    return result


def _heads(raw: Raw, findings: Findings) -> tuple[list[Head], list[str]]:
    heads: dict[str, Head] = {}
    unknown: list[str] = []
    plain = {fold(c.name): c for c in raw.table.columns if not c.family}
    for header in map(str, raw.frame.columns):
        head = headers.match(raw.table, header)
        if head is not None and head.name in heads and (other := plain.get(fold(header))) and other.name not in heads:
            head = Head(header, other, other.name)  # ArcGIS writes ID and Name; either alone is the key
        if head is None:
            unknown.append(header)
        elif head.name in heads:
            findings.fault(
                raw.file,
                T("means {name}, as the column {other} does", name=head.name, other=heads[head.name].header),
                T("Remove or rename one of them"),
                column=header,
            )
        else:
            heads[head.name] = head
            if head.factor is None:
                _unit_fault(raw.file, head, findings)
    return list(heads.values()), unknown


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
    filled = [v for v in values if not is_blank(v, "number")]
    return all(as_number(v) is not None for v in filled)


def _told(raw: Raw, column: Column, findings: Findings) -> bool:
    """Whether a missing family is told of already: some columns nearly belong to it."""
    return bool(column.family) and any(
        headers.near_family(fault.column or "", column, totals=True)
        for fault in findings.faults
        if fault.file == raw.file
    )


def _column(raw: Raw, head: Head, result: Typed, findings: Findings) -> pd.Series[Any]:
    values: list[Any] = raw.frame[head.header].tolist()
    kind, blank = head.column.kind, cells.BLANKS[head.column.kind]
    read = cells.reader(head.column, head.factor or cells.ONE)
    out: list[Any] = [blank] * len(values)
    for at, value in enumerate(values):
        if is_blank(value, kind):
            if head.column.required and isinstance(value, str) and value.strip():
                result.nothings[int(raw.frame.index[at]), head.name] = value.strip()
            continue
        try:
            out[at] = read(value)
        except CellError as error:
            line = int(raw.frame.index[at])
            result.faulty.add((line, head.name))
            findings.fault(raw.file, error.rule, error.mend, row=line, column=head.header, value=cells.text(value))
    return cells.series(out, kind, raw.frame.index)


def extra(values: pd.Series[Any]) -> pd.Series[Any]:
    """Keep a column the schema does not know as text; where every filled cell is a number, in its plain form."""
    filled = ["" if is_blank(v) else v for v in values]
    numbers = [v if v == "" else as_number(v) for v in filled]
    if None in numbers:
        return cells.series([cells.text(v) for v in filled], "text", values.index)
    return cells.series(numbers, "text", values.index)


def as_number(value: Any) -> str | None:
    """Write a number plainly; ``None`` where it is none, or a code such as 007."""
    if isinstance(value, str) and len(value.strip()) > 1 and value.strip().isdigit() and value.strip()[0] == "0":
        return None
    try:
        return f"{float(cells.number(value, _FREE)):.15g}"
    except CellError:
        return None


def empty(table: Table) -> pd.DataFrame:
    """Make a table without rows that has every column of the schema."""
    return pd.DataFrame({c.name: cells.series([], c.kind) for c in table.columns if not c.family})
