"""What verification found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from panhuo.result.verify.meaning import explained, value
from panhuo.words import Lang, T, Text
from panhuo.words.names import Name

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
    breach : Text or None
        The same in plain words, where the plan, not a figure, is at fault: it goes against the policy.
    known : mapping of str to Name
        What keys mean.
    """

    table: str
    row: str | None
    column: str | None
    found: Any
    expected: Any
    rule: Text
    breach: Text | None = None
    known: Mapping[str, Name] = field(default_factory=dict, repr=False, compare=False)

    def to(self, lang: Lang) -> str:
        """Write it as one line: place = found: expected. Rule. What keys mean stands beside them in brackets."""
        return self._line(lang, self.known)

    def __str__(self) -> str:
        return self._line("en", {})

    def _line(self, lang: Lang, known: Mapping[str, Name]) -> str:
        keys = (explained(part, known, lang) for part in (self.row, self.column) if part)
        place = (", " if lang == "en" else "，").join([self.table, *keys])
        seen = "" if self.found is None else f" = {value(self.found, known, lang)}"
        sep, stop = (": ", ". ") if lang == "en" else ("：", "。")
        should = ""
        if self.expected is not None:
            should = T("expected {value}", value=value(self.expected, known, lang)).to(lang) + stop
        rule = self.rule.to(lang).rstrip(".。")
        if should and not self.rule.pattern.startswith("{"):  # a name stays as it is spelt
            rule = rule[:1].upper() + rule[1:]
        return f"{place}{seen}{sep}{should}{rule}{stop}".rstrip()


@dataclass(frozen=True)
class Verification:
    """What verification found.

    Parameters
    ----------
    faults : tuple of Discrepancy
        What must not be.
    breaches : tuple of Discrepancy
        Where a plan that was only evaluated, not solved for, goes against the policy: the figures agree all the same.
    given : bool
        A plan was given, and not only the existing stock looked at.
    """

    faults: tuple[Discrepancy, ...]
    breaches: tuple[Discrepancy, ...] = ()
    given: bool = False

    @property
    def ok(self) -> bool:
        """Whether all figures agree."""
        return not self.faults

    @property
    def against(self) -> tuple[Text, ...]:
        """What goes against the policy, in plain words."""
        return tuple(found.breach or found.rule for found in self.breaches)


class Findings:
    """Collects discrepancies in the order they are found.

    Attributes
    ----------
    known : mapping of str to Name
        What keys mean.
    """

    def __init__(self) -> None:
        self.known: Mapping[str, Name] = {}
        self._faults: list[Discrepancy] = []
        self._policy: list[Discrepancy] = []
        self._count: Counter[tuple[str, str | None, bool]] = Counter()

    def add(
        self,
        table: str,
        row: str | None,
        column: str | None,
        found: Any,
        expected: Any,
        rule: Text,
        *,
        breach: Text | None = None,
    ) -> None:
        """Note a discrepancy; ``breach`` says it in plain words where the plan, not a figure, is at fault."""
        policy = breach is not None
        self._count[table, column, policy] += 1
        if self._count[table, column, policy] <= MOST:
            into = self._policy if policy else self._faults
            into.append(Discrepancy(table, row, column, found, expected, rule, breach, self.known))

    def verification(self, solved: bool, given: bool = False) -> Verification:
        """Conclude; where nothing was solved for, going against the policy is no fault."""
        faults, policy = (tuple(self._and_more(found)) for found in (self._faults, self._policy))
        return Verification(faults + policy, given=given) if solved else Verification(faults, policy, given)

    def _and_more(self, found: list[Discrepancy]) -> Iterator[Discrepancy]:
        """Follow what is named by the number of what is not."""
        named: Counter[tuple[str, str | None, bool]] = Counter()
        for one in found:
            yield one
            key = one.table, one.column, one.breach is not None
            named[key] += 1
            if named[key] == MOST < self._count[key]:
                rule = T("and {count} more like this", count=self._count[key] - MOST)
                yield Discrepancy(one.table, None, one.column, None, None, rule, known=self.known)

    def __len__(self) -> int:
        return len(self._faults)
