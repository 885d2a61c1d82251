"""Words of a shapefile: their encoding, and names of fields that were cut at ten bytes."""

from __future__ import annotations

import codecs
from pathlib import Path

import pandas as pd

from panhuo.instance.findings import Findings
from panhuo.instance.reading import headers
from panhuo.instance.schema import Table
from panhuo.words import T

UTF_8 = "UTF-8"
GB18030 = "GB18030"

LONGEST = 10
"""Bytes a field name has at most (dBASE III)."""

_LEAST = 2
"""A cut name has at least so many Chinese characters."""


def encoding(path: Path) -> str | None:
    """Tell the encoding of a shapefile: that of its ``.cpg``, GB18030 without one.

    Returns
    -------
    str or None
        ``None`` where the ``.cpg`` states another than UTF-8; it is then taken at its word.
    """
    stated = path.with_suffix(".cpg")
    if not stated.exists():
        return GB18030
    word = stated.read_bytes().decode("ascii", "replace").strip().casefold().replace("-", "")
    return UTF_8 if word in ("utf8", "65001") else None


def decoded(frame: pd.DataFrame) -> pd.DataFrame:
    """Decode names and texts that were read as bytes (one character each); a character cut at the end is left out.

    Raises
    ------
    UnicodeDecodeError
        Where they are no UTF-8 even so.
    """
    whole = frame.map(lambda cell: _decoded(cell) if isinstance(cell, str) else cell)
    return whole.set_axis([_decoded(str(c)) for c in frame.columns], axis="columns")


def _decoded(word: str) -> str:
    return word if word.isascii() else codecs.getincrementaldecoder("utf-8")().decode(word.encode("latin-1"))


def named(
    frame: pd.DataFrame, encoding: str, table: Table, own: frozenset[str], file: str, findings: Findings
) -> pd.DataFrame:
    """Give cut names of fields back their whole spelling, where exactly one column is spelt so.

    Parameters
    ----------
    frame : DataFrame
        The fields.
    encoding : str
        That of their names.
    table : Table
        Which table it is.
    own : frozenset of str
        Names the settings use as they are.
    file : str
        File as the planner knows it.
    findings : Findings
        Where faults go: of a name that stands there twice once it is cut.
    """
    names = [str(c) for c in frame.columns]
    there = {head.name for n in names if (head := headers.match(table, n)) is not None}
    whole: dict[str, str] = {}
    for name in dict.fromkeys(names):
        meant = {} if name in own or headers.match(table, name) else _spelt(name, encoding, table, there)
        if len(meant) == 1:
            whole[name] = next(iter(meant.values()))
    twice = pd.Index(names).duplicated()
    for name in dict.fromkeys(n for n, again in zip(names, twice, strict=True) if again):
        rule = T("names of fields are cut at {bytes} bytes, and this one stands there twice", bytes=LONGEST)
        findings.fault(file, rule, T("Export it as GPKG, or give the field a shorter name"), column=name)
    return frame.loc[:, ~twice].rename(columns=whole)


def _spelt(name: str, encoding: str, table: Table, there: set[str]) -> dict[str, str]:
    """Find the columns not there yet one of whose spellings a name is the cut start of: column → spelling."""
    if sum("\u4e00" <= character <= "\u9fff" for character in name) < _LEAST:
        return {}
    found: dict[str, str] = {}
    for column in table.columns:
        for spelling in headers.spellings(column):
            longer = spelling.startswith(name) and len(spelling) > len(name) and not column.family
            if longer and column.name not in there and _fills(name, spelling, encoding):
                found.setdefault(column.name, spelling)
    return found


def _fills(name: str, spelling: str, encoding: str) -> bool:
    """Whether the next character of a spelling would no longer have fitted."""
    return len(name.encode(encoding)) <= LONGEST < len(spelling[: len(name) + 1].encode(encoding))
