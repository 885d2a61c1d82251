"""The words of a given plan become keys of an instance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from panhuo.instance.faults import Fault
from panhuo.instance.policy import Settings
from panhuo.instance.reading.decisions import GivenPlan
from panhuo.instance.reading.raw import Typed
from panhuo.instance.reading.units import fold
from panhuo.instance.schema.choices import MODES, OPERATING
from panhuo.words import T, Text

MEND = T("Correct or delete the row")
Words = Mapping[str, Mapping[str, str]]
"""Column → word, folded → key."""


@dataclass(frozen=True)
class Planned:
    """The rows of a given plan, or what it decides of sites, in keys.

    Parameters
    ----------
    read : Typed
        The rows as they stand.
    table : DataFrame
        The same in keys, as text; a word that means nothing stays as it is. The index is the line in the file.
    """

    read: Typed
    table: pd.DataFrame

    def has(self, column: str) -> bool:
        """Whether the file has a column."""
        return column in self.read.headers

    def fault(self, line: int, column: str, rule: Text, shown: str = "", mend: Text = MEND) -> Fault:
        """Name a fault in a row; where the file lacks the column, ``shown`` stands for what it would hold."""
        header = self.read.headers.get(column)
        value = str(self.read.frame.at[line, column]) if header is not None else shown
        return Fault(self.read.file, rule, mend, line, header, value or None)


def in_keys(given: GivenPlan, tables: Mapping[str, pd.DataFrame], settings: Settings) -> tuple[Planned, Planned | None]:
    """Put a given plan into keys: its rows, and what it decides of sites.

    Modes and operating modes may be written as the format or the settings call them; sites, services and tariffs by
    name. A site that a spreadsheet turned into a number is found: 001 became 1.
    """
    words = _words(tables, settings)
    plan = _keyed(given.plan, words)
    return plan, None if given.sites is None else _keyed(given.sites, words)


def _keyed(read: Typed, words: Words) -> Planned:
    table = read.frame[[column.name for column in read.table.columns]].copy()
    for column in [c for c in words if c in table]:
        table[column] = [_key(word, words[column], digits=column == "site") for word in table[column]]
    return Planned(read, table)


def _key(word: str, known: Mapping[str, str], *, digits: bool) -> str:
    if word in known.values():
        return word
    found = known.get(fold(word))
    if found is not None or not (digits and word.isdigit()):
        return word if found is None else found
    same = {key for key in known.values() if key.isdigit() and int(key) == int(word)}
    return same.pop() if len(same) == 1 else word


def _words(tables: Mapping[str, pd.DataFrame], settings: Settings) -> Words:
    modes = [(key, (key, *also)) for key, also in MODES.items()]
    named_so = {str(key): (kind.name_zh, kind.name_en) for key, kind in settings.operating.items()}
    operating = [(key, (key, *also, *named_so.get(key, ()))) for key, also in OPERATING.items()]
    named = {"service": ("services", "service"), "tariff": ("tariffs", "tariff"), "site": ("sites", "id")}
    found = {"mode": _spelt(modes), "operating": _spelt(operating)}
    for column, (table, key) in named.items():
        rows = tables[table].drop_duplicates(key) if table in tables else pd.DataFrame({key: []})
        spoken = [c for c in ("name_zh", "name_en", "name") if c in rows]
        found[column] = _spelt((str(row[key]), (str(row[key]), *map(str, row[spoken]))) for _, row in rows.iterrows())
    return found


def _spelt(named: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, str]:
    """Map words to keys: a key means itself, a name its key where it is the only one of that name.

    A name with its key in brackets, as plan.xlsx writes it where several have the name, means that key.
    """
    keys: dict[str, str] = {}
    names: dict[str, set[str]] = {}
    for key, (own, *also) in named:
        keys[fold(own)] = key
        for word in filter(None, also):
            names.setdefault(fold(word), set()).add(key)
            names.setdefault(fold(f"{word} ({key})"), set()).add(key)
    return {word: next(iter(meant)) for word, meant in names.items() if len(meant) == 1} | keys
