"""What verification found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from panhuo.words import Lang, T, Text

MOST = 20
"""Discrepancies named one by one for a column; what is beyond is counted."""


@dataclass(frozen=True)
class Discrepancy:
    """One thing that is not as it must be.

    Parameters
    ----------
    table : str
        File it stands in, e.g. ``ledger.csv`` or ``run.json``.
    row : str or None
        The row, by its key, or its line; ``None`` for the whole table.
    column : str or None
        Column or key.
    found, expected : object
        What is there, and what was derived from the inputs; ``None`` where there is nothing to show.
    rule : Text
        What must hold.
    """

    table: str
    row: str | None
    column: str | None
    found: Any
    expected: Any
    rule: Text

    def to(self, lang: Lang) -> str:
        """Write it as one line: place = found: expected. Rule."""
        place = ", ".join(part for part in (self.table, self.row, self.column) if part)
        seen = "" if self.found is None else f" = {_shown(self.found, lang)}"
        sep, stop = (": ", ". ") if lang == "en" else ("：", "。")
        should = ""
        if self.expected is not None:
            should = T("expected {value}", value=_shown(self.expected, lang)).to(lang) + stop
        return f"{place}{seen}{sep}{should}{self.rule.to(lang).rstrip('.。')}{stop}".rstrip()

    def __str__(self) -> str:
        return self.to("en")


@dataclass(frozen=True)
class Verification:
    """What verification found.

    Parameters
    ----------
    faults : tuple of Discrepancy
        What must not be.
    breaches : tuple of Discrepancy
        Where a plan that was only evaluated, not solved for, goes against the policy: worth knowing, no fault.
    """

    faults: tuple[Discrepancy, ...]
    breaches: tuple[Discrepancy, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything agrees."""
        return not self.faults


class Findings:
    """Collects discrepancies in the order they are found."""

    def __init__(self) -> None:
        self._faults: list[Discrepancy] = []
        self._policy: list[Discrepancy] = []
        self._count: Counter[tuple[str, str | None]] = Counter()

    def add(
        self,
        table: str,
        row: str | None,
        column: str | None,
        found: Any,
        expected: Any,
        rule: Text,
        *,
        policy: bool = False,
    ) -> None:
        """Note a discrepancy; ``policy`` where the plan, not a figure, is at fault."""
        self._count[table, column] += 1
        if self._count[table, column] <= MOST:
            (self._policy if policy else self._faults).append(Discrepancy(table, row, column, found, expected, rule))

    def verification(self, solved: bool) -> Verification:
        """Conclude; where nothing was solved for, going against the policy is no fault."""
        more = [
            Discrepancy(table, None, column, None, None, T("and {count} more like this", count=count - MOST))
            for (table, column), count in self._count.items()
            if count > MOST
        ]
        if solved:
            return Verification((*self._faults, *self._policy, *more))
        return Verification((*self._faults, *(more if self._faults else ())), tuple(self._policy))

    def __len__(self) -> int:
        return len(self._faults)


def _shown(value: Any, lang: Lang) -> str:
    return value.to(lang) if isinstance(value, Text) else f"{value}"
