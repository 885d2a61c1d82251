"""What the settings say of a table's file, and where that file is."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import ValidationError

from panhuo.instance.findings import Findings
from panhuo.instance.policy import TableNote
from panhuo.instance.reading import headers
from panhuo.instance.reading.settings import Keys
from panhuo.instance.reading.units import fold
from panhuo.instance.schema import spoken
from panhuo.words import T, Text

_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_READING = frozenset({"file", "layer", "columns", "where", "values"})


@dataclass(frozen=True)
class Note:
    """What the settings say of one table, and where they stand.

    Parameters
    ----------
    name : str
        The table or raster.
    said : TableNote
        What is said.
    file : str
        File (or sheet) of the settings.
    line : int or None
        Line of the note, where known.
    """

    name: str
    said: TableNote
    file: str
    line: int | None = None

    def fault(self, key: str, rule: Text, mend: Text, findings: Findings, value: Any = None) -> None:
        """Note a fault of one of its keys."""
        findings.fault(self.file, rule, mend, row=self.line, column=f"tables.{self.name}.{key}", value=value)

    @property
    def own_headers(self) -> frozenset[str]:
        """The headers it names."""
        return frozenset({*self.said.columns.values(), *(c.column for c in self.said.where)} - {""})


def noted(keys: Keys | None) -> tuple[dict[str, Note], set[str]]:
    """Take the notes out of the settings.

    Returns
    -------
    dict of str to Note
        By table or raster; without what cannot be read, which is told where the settings are checked.
    set of str
        The tables that cannot be found or read, since what is said of that is at fault.
    """
    notes: dict[str, Note] = {}
    unsound: set[str] = set()
    said = dict(keys.values).get("tables") if keys is not None else None
    if keys is None or not isinstance(said, dict):
        return notes, unsound
    for name, values in said.items():
        kept = dict(values) if isinstance(values, dict) else {}
        try:
            TableNote.model_validate(kept)
        except ValidationError as error:
            faulty = {str(problem["loc"][0]) for problem in error.errors()}
            kept = {k: v for k, v in kept.items() if k not in faulty}
            if faulty & _READING:
                unsound.add(name)
        notes[name] = Note(name, TableNote.model_validate(kept), keys.file, keys.line(["tables", name]))
    return notes, unsound


def path_of(note: Note, folder: Path, findings: Findings) -> Path | None:
    """Find the file a note names; ``None`` (and a fault) where it is not there."""
    base = base_name(note.said.file)
    if "$" in base:  # its copy beside a result could not be told
        note.fault(
            "file",
            T("an environment variable must not stand in the last part of the path"),
            T("Write the file's own name there"),
            findings,
            note.said.file,
        )
        return None
    own = folder / base
    if own.is_file():
        return own
    written = _VARIABLE.findall(note.said.file)
    for name in dict.fromkeys(braced or plain for braced, plain in written):
        if not os.environ.get(name):
            note.fault(
                "file",
                T("the environment variable {name} is not set", name=name),
                T("Set it, or put the file into the folder of the instance"),
                findings,
                note.said.file,
            )
            return None
    named = folder / _VARIABLE.sub(lambda m: os.environ[m[1] or m[2]], note.said.file)
    if named.is_file():
        return named
    if own.is_dir() or named.is_dir():
        rule = T("this is a folder, and a file is wanted")
        mend = T("Name a file; out of a geodatabase (.gdb) export the layer as GPKG")
        note.fault("file", rule, mend, findings, note.said.file)
        return None
    note.fault("file", T("there is no such file"), T("Correct the path"), findings, note.said.file)
    return None


def base_name(file: str) -> str:
    """Give the last part of a path as a note writes it."""
    return PurePosixPath(file.replace("\\", "/")).name


def refuse(note: Note, keys: tuple[str, ...], what: Text, findings: Findings) -> None:
    """Fault keys of a note that mean nothing for the kind of file."""
    for key in keys:
        if getattr(note.said, key):
            note.fault(key, T("means nothing for {what}", what=what), T("Remove the key"), findings)


def named_layer(there: Iterable[str], file: str, note: Note, findings: Findings) -> str | None:
    """Find the layer or sheet a note names; ``None`` (and a fault) where it is not there."""
    wanted, names = note.said.layer, list(there)
    found = [n for n in names if n == wanted] or [n for n in names if fold(n) == fold(wanted)]
    if len(found) == 1:
        return found[0]
    meant = headers.closest(wanted, names)
    rule = T("{file} has no layer or sheet of that name", file=file)
    if meant:
        rule = T("{file} has no layer or sheet of that name: did you mean {meant}?", file=file, meant=meant)
    note.fault("layer", rule, T("Name one of {names}", names=spoken.some(names)), findings, wanted)
    return None
