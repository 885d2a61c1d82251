"""A proposal's changes to single cells."""

from __future__ import annotations

from typing import Any

from panhuo.instance.findings import Findings
from panhuo.instance.policy import Proposal
from panhuo.instance.reading import cells, headers
from panhuo.instance.reading.cells import CellError
from panhuo.instance.reading.raw import Typed
from panhuo.instance.reading.units import fold
from panhuo.instance.schema import RESERVED, TABLES, Column, spoken
from panhuo.words import T


def apply(proposal: Proposal, file: str, tables: dict[str, Typed], findings: Findings) -> None:
    """Put the values of ``change.TABLE.KEY.COLUMN`` into the typed tables, before these are validated."""
    for word, rows in proposal.change.items():
        table = next((t for t in TABLES.values() if fold(word) in (fold(t.name), fold(t.zh))), None)
        path = f"change.{word}"
        if word in RESERVED:
            findings.fault(
                file,
                T("this version does not plan {table} yet", table=word),
                T("Take the table out"),
                column=path,
            )
        elif table is None:
            meant = headers.closest(word, [*TABLES, *RESERVED])
            findings.fault(
                file,
                T("no table is called {word}: did you mean {meant}?", word=word, meant=meant)
                if meant
                else T("no table is called {word}", word=word),
                T("Name a table of the instance"),
                column=path,
            )
        elif len(table.key) != 1:
            findings.fault(
                file,
                T("the rows of {table} have no single key, so a proposal cannot name them", table=table.name),
                T("Change the table itself"),
                column=path,
            )
        elif table.name not in tables:
            findings.fault(
                file,
                T("the instance does not give the table {table}", table=table.name),
                T("Add the table"),
                column=path,
            )
        else:
            for key, values in rows.items():
                _row(tables[table.name], key, values, file, f"{path}.{key}", findings)


def _row(read: Typed, key: str, values: dict[str, Any], file: str, path: str, findings: Findings) -> None:
    lines = read.frame.index[read.frame[read.table.key[0]] == _wanted(read, key)]
    if not len(lines):
        meant = headers.closest(key, read.frame[read.table.key[0]])
        findings.fault(
            file,
            T("{table} has no row {key}: did you mean {meant}?", table=read.table.name, key=key, meant=meant)
            if meant
            else T("{table} has no row {key}", table=read.table.name, key=key),
            T("Name a row of the table: {keys}", keys=spoken.some(map(str, read.frame[read.table.key[0]]))),
            column=path,
        )
        return
    for name, value in values.items():
        _cell(read, int(lines[0]), name, value, file, f"{path}.{name}", findings)


def _wanted(read: Typed, key: str) -> str:
    """Find the key of a row; one that is a choice where it was left blank may be spelt in any way of the choice."""
    wanted = cells.identifier(key)
    own = read.table.column(read.table.key[0])
    like = read.table.column(own.like) if own is not None and own.like else None
    if like is None or wanted in set(read.frame[read.table.key[0]]):
        return wanted
    try:
        return cells.choice(key, like)
    except CellError:
        return wanted


def _cell(read: Typed, line: int, name: str, value: Any, file: str, path: str, findings: Findings) -> None:
    head = headers.match(read.table, name)
    column, target = (head.column, head.name) if head is not None else (Column("", "text", "", "", ""), name)
    if target not in read.frame.columns and not (head is not None and column.family):
        meant = headers.near_column(read.table, name, map(str, read.frame.columns))
        findings.fault(
            file,
            T("{table} has no column {name}: did you mean {meant}?", table=read.table.name, name=name, meant=meant)
            if meant
            else T("{table} has no column {name}", table=read.table.name, name=name),
            T("Name a column of the table"),
            column=path,
        )
        return
    if target not in read.frame.columns:
        read.frame[target] = cells.series([cells.BLANKS[column.kind]] * len(read.frame), column.kind, read.frame.index)
    given = ";".join(map(str, value)) if isinstance(value, list) else value
    try:
        factor = head.factor if head is not None and head.factor is not None else cells.ONE
        new = cells.BLANKS[column.kind] if cells.is_blank(given, column.kind) else cells.reader(column, factor)(given)
    except CellError as error:
        findings.fault(file, error.rule, error.mend, column=path, value=given)
        return
    read.frame.at[line, target] = new
    read.changed[line, target] = (file, path)
    read.faulty.discard((line, target))
    read.nothings.pop((line, target), None)
