"""What is wrong with an instance: every fault names file, row, column, value, rule and mend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from panhuo.words import Lang, T, Text

_WAYS = (".osm", ".pbf")
"""Endings of OpenStreetMap extracts, whose rows are the numbers of ways."""


def row_of(file: str, row: int) -> Text:
    """Name a row of a file: its line, or the way of an OpenStreetMap extract."""
    return T("way {row}", row=row) if file.lower().endswith(_WAYS) else T("row {row}", row=row)


@dataclass(frozen=True)
class Fault:
    """One fault (or, where it does not stop the run, one warning) in the input.

    Parameters
    ----------
    file : str
        Name of the file (and sheet) as the planner knows it, e.g. ``sites.csv`` or ``district.xlsx[sites]``.
    rule : Text
        The rule that is broken, e.g. "must be > 0 [m²]".
    mend : Text
        What to do about it.
    row : int or None
        Line in the file as a spreadsheet shows it (the header is usually line 1); of an OpenStreetMap extract the
        number of the way.
    column : str or None
        Column name as it stands in the file.
    value : object
        The value seen; ``None`` where there is none to show.
    """

    file: str
    rule: Text
    mend: Text
    row: int | None = None
    column: str | None = None
    value: Any = None

    def to(self, lang: Lang) -> str:
        """Write the fault as one line: place = value: rule. Mend."""
        place = self.file
        if self.row is not None:
            place += " " + row_of(self.file, self.row).to(lang)
        if self.column is not None:
            place += (", " if lang == "en" else "，") + self.column
        if self.value is not None:
            flag = isinstance(self.value, bool) and self.row is not None  # settings write true, false
            place += f" = {(T('yes') if self.value else T('no')).to(lang) if flag else self.value}"
        sep, stop = (": ", ". ") if lang == "en" else ("：", "。")
        rule, mend = _stopped(self.rule.to(lang), stop), _stopped(self.mend.to(lang), stop)
        return f"{place}{sep}{rule}{mend}".rstrip()

    def __str__(self) -> str:
        return self.to("en")


def _stopped(sentence: str, stop: str) -> str:
    """End a sentence with a full stop, unless it asks something."""
    bare = sentence.rstrip(".。")
    return bare + (stop[1:] if bare.endswith(("?", "？")) else stop)


class InstanceError(Exception):
    """The instance (or a proposal, or the command line) is at fault; holds every fault found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: Sequence[Fault] = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))
