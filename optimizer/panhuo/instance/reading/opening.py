"""One file, whatever its kind, becomes a raw table."""

from __future__ import annotations

from pathlib import Path

from panhuo.instance.findings import Findings
from panhuo.instance.reading import heeding, layers, names
from panhuo.instance.reading.grids import Grid, csv_grid, framed, sheets
from panhuo.instance.reading.notes import Note, named_layer
from panhuo.instance.reading.raw import Raw
from panhuo.instance.schema import Table
from panhuo.words import T


def opened(path: Path, table: Table, note: Note | None, findings: Findings) -> Raw | None:
    """Read a table from a file of its own; ``None`` (and a fault) where that cannot be done.

    Parameters
    ----------
    path : Path
        The file; its ending is one of `names.TABLE_ENDINGS`.
    table : Table
        Which table it is.
    note : Note or None
        What the settings say of the table.
    findings : Findings
        Where faults go.
    """
    ending, name = names.ending(path.name), path.name
    layer = note.said.layer if note is not None else ""
    if ending == ".xlsx":
        book = sheets(path, name, findings)
        grid = _sheet(book, name, table, note, findings) if book is not None else None
        label = f"{name}[{layer}]" if layer else name
        return tabled(grid, label, table, note, findings) if grid is not None else None
    if ending in names.LAYER_ENDINGS:
        raw = layers.layer(path, table, note, findings)
        raw = heeding.heeded(raw, note, findings) if raw is not None and note is not None else raw
        return layers.located(raw, findings) if raw is not None else None
    if note is not None and layer:
        note.fault("layer", T("means nothing for {what}", what=name), T("Remove the key"), findings, layer)
        return None
    grid = csv_grid(path, name, table, note.own_headers if note is not None else frozenset(), findings)
    return tabled(grid, name, table, note, findings) if grid is not None else None


def tabled(grid: Grid, label: str, table: Table, note: Note | None, findings: Findings) -> Raw | None:
    """Read a table from rows of cells; ``None`` (and a fault) where its note does not go with them."""
    own = note.own_headers if note is not None else frozenset[str]()
    raw = Raw(table, label, framed(grid, table, label, own, findings))
    return heeding.heeded(raw, note, findings) if note is not None else raw


def _sheet(book: dict[str, Grid], name: str, table: Table, note: Note | None, findings: Findings) -> Grid | None:
    if note is not None and note.said.layer:
        sheet = named_layer(book, name, note, findings)
        return book[sheet] if sheet is not None else None
    filled = {s: grid for s, grid in book.items() if any(any(str(c).strip() for c in row) for row in grid)}
    named = [s for s in book if names.called(s) is table]
    if not named and len(filled) > 1:
        findings.fault(
            name,
            T("several sheets, and none is called {table}: {sheets}", table=table.name, sheets=", ".join(filled)),
            T("Rename the sheet that is meant to {table}", table=table.name),
        )
        return None
    return book[next(iter(named or filled or book))]
