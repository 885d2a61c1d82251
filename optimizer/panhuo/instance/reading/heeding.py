"""A table as the settings say it is to be read: which rows, which header means which column, what the file lacks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from panhuo.instance.findings import Findings
from panhuo.instance.policy import Condition
from panhuo.instance.reading import cells, conditions, headers
from panhuo.instance.reading.cells import CellError
from panhuo.instance.reading.columns import extra, numbered
from panhuo.instance.reading.conditions import Bools, ConditionError
from panhuo.instance.reading.notes import Note
from panhuo.instance.reading.raw import Raw
from panhuo.instance.reading.units import fold
from panhuo.instance.schema import Column, Table, spoken
from panhuo.words import T


def heeded(raw: Raw, note: Note, findings: Findings) -> Raw | None:
    """Read a table as its note says: its rows, its columns, and what the file lacks.

    Returns
    -------
    Raw or None
        ``None`` (and faults) where the note does not go with the file.
    """
    before = len(findings.faults)
    raw, unread = _with_columns(raw, note, findings)
    kept = [_met(raw, note, at, findings) for at in range(len(note.said.where))]
    if len(findings.faults) > before:
        return None
    if kept:
        count = len(raw.frame)
        raw = raw.rows(pd.DataFrame(kept).all().to_numpy(bool))
        if count and raw.frame.empty and raw.table.required:
            note.fault("where", T("no row meets all conditions"), T("Correct the conditions"), findings)
    raw = _with_values(replace(raw, frame=raw.frame.drop(columns=unread)), note, findings)
    return raw if len(findings.faults) == before else None


def _with_columns(raw: Raw, note: Note, findings: Findings) -> tuple[Raw, list[str]]:
    """Find the headers that mean columns, and those that are not to be read."""
    meant: dict[str, str] = {}
    unread: list[str] = []
    names: dict[str, str] = {}
    for ours, header in note.said.columns.items():
        key = f"columns.{ours}"
        name = _own_name(raw.table, ours, note, key, findings)
        if name is None:
            continue
        if name in names:
            rule = T("means {name}, as the key {other} does", name=name, other=names[name])
            note.fault(key, rule, T("Remove one of them"), findings)
        elif not header:
            unread += [h for h in map(str, raw.frame.columns) if _name(raw.table, h) == name]
        elif found := _header(raw, header, note, key, findings):
            meant[ours] = found
        names[name] = ours
    return replace(raw, meant=meant), [h for h in unread if h not in meant.values()]


def _own_name(table: Table, ours: str, note: Note, key: str, findings: Findings) -> str | None:
    """Give the English name of a column as a note writes it; ``None`` (and a fault) where it is a slip."""
    if headers.match(table, ours) is None:
        near = headers.near_column(table, ours, (c.name for c in table.columns if not c.family))
        if near is not None:
            rule = T("{table} has no column {name}: did you mean {meant}?", table=table.name, name=ours, meant=near)
            note.fault(key, rule, T("Rename the key"), findings)
            return None
    return _name(table, ours)


def _name(table: Table, header: str) -> str:
    head = headers.match(table, header)
    return head.name if head is not None else header


def _header(raw: Raw, header: str, note: Note, key: str, findings: Findings) -> str | None:
    """Find a header in the file; ``None`` (and a fault) where it is not there."""
    there = list(map(str, raw.frame.columns))
    if header in there:
        return header
    alike = [h for h in there if fold(h) == fold(header)]
    if len(alike) == 1:
        return alike[0]
    meant = headers.closest(header, there)
    rule = T("{file} has no column {name}", file=raw.file, name=header)
    if meant:
        rule = T("{file} has no column {name}: did you mean {meant}?", file=raw.file, name=header, meant=meant)
    note.fault(key, rule, T("Name a column of the file: {columns}", columns=spoken.some(there)), findings, header)
    return None


def _met(raw: Raw, note: Note, at: int, findings: Findings) -> Bools:
    """Tell which rows meet a condition; none where it is at fault."""
    condition, key = note.said.where[at], f"where[{at}]"
    none = pd.Series(data=False, index=raw.frame.index).to_numpy(bool)
    header = _header(raw, condition.column, note, f"{key}.column", findings)
    if header is None:
        return none
    before = len(findings.faults)
    values, column = _compared(raw, header, condition, findings)
    if len(findings.faults) > before:
        return none
    try:
        given = conditions.worded(cells.text(condition.value), column, condition.op)
    except ConditionError as error:
        seen = condition.op if error.part == "op" else condition.value
        note.fault(f"{key}.{error.part}", error.rule, error.mend, findings, None if seen == "" else seen)
        return none
    return conditions.holds(values, column.kind, condition.op, given)


def _compared(raw: Raw, header: str, condition: Condition, findings: Findings) -> tuple[pd.Series[Any], Column]:
    """Read a column of the file as it is compared.

    Beside true and false it holds yes and no; else numbers where all filled cells are; dates where it is ordered and
    all are; several words where it is asked what it has; else text.
    """
    cells_there = raw.frame[header]
    if isinstance(condition.value, bool):
        return _flags(raw, header, findings), Column(header, "flag", "", "", "")
    numbers = numbered(cells_there)
    if numbers is not None and any(numbers):
        return cells.series(numbers, "text", cells_there.index), Column(header, "number", "", "", "")
    if condition.op in conditions.ORDERING and (days := _dates(cells_there)) is not None:
        return days, Column(header, "date", "", "", "")
    if condition.op == "has":
        column = Column(header, "list", "", "", "")
        read = [() if cells.is_blank(v) else cells.parts(v, column) for v in cells_there]
        return cells.series(read, "list", cells_there.index), column
    return extra(cells_there), Column(header, "text", "", "", "")


def _flags(raw: Raw, header: str, findings: Findings) -> pd.Series[Any]:
    read: list[Any] = []
    for line, value in raw.frame[header].items():
        try:
            read.append(cells.BLANKS["flag"] if cells.is_blank(value, "flag") else cells.flag(value))
        except CellError as error:
            read.append(cells.BLANKS["flag"])
            row, seen = int(str(line)), cells.text(value)
            findings.fault(raw.file, error.rule, error.mend, row=row, column=header, value=seen)
    return cells.series(read, "flag", raw.frame.index)


def _dates(values: pd.Series[Any]) -> pd.Series[Any] | None:
    try:
        read = [cells.BLANKS["date"] if cells.is_blank(v, "date") else cells.date(v) for v in values]
    except CellError:
        return None
    return cells.series(read, "date", values.index)


def _with_values(raw: Raw, note: Note, findings: Findings) -> Raw:
    constants: dict[str, tuple[str, str]] = {}
    there = {_name(raw.table, h): h for h in map(str, raw.frame.columns) if h not in raw.meant.values()}
    there |= {_name(raw.table, ours): header for ours, header in raw.meant.items()}
    frame = raw.frame
    for ours, value in dict(note.said.values).items():
        key = f"values.{ours}"
        name = _own_name(raw.table, ours, note, key, findings)
        if name is None:
            continue
        if name in there:
            rule = T("{file} has this column already: {header}", file=raw.file, header=there[name])
            mend = T('Take the value out, or write columns.{name} = "" so that the column is not read', name=name)
            note.fault(key, rule, mend, findings, value)
            continue
        head = headers.match(raw.table, ours)
        try:
            if head is not None and not cells.is_blank(value):
                cells.reader(head.column, head.factor or cells.ONE)(value)
        except CellError as error:
            note.fault(key, error.rule, error.mend, findings, value)
            continue
        frame = frame.assign(**{ours: pd.Series([value] * len(frame), index=frame.index, dtype=object)})
        constants[name] = (note.file, f"tables.{note.name}.{key}")
    return replace(raw, frame=frame, constants=constants)
