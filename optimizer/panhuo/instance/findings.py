"""Faults and warnings gathered while an instance is read, so that all of them are told at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from panhuo.instance.faults import Fault, InstanceError
from panhuo.words import T, Text

SHOWN_ALIKE = 20
"""Faults of one kind in one column that are listed one by one; the rest are counted."""


@dataclass
class Findings:
    """What was found wrong so far."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def fault(
        self,
        file: str,
        rule: Text,
        mend: Text,
        *,
        row: int | None = None,
        column: str | None = None,
        value: Any = None,
    ) -> None:
        """Note something that stops the run."""
        self.faults.append(Fault(file, rule, mend, row, column, value))

    def warn(
        self,
        file: str,
        rule: Text,
        mend: Text,
        *,
        row: int | None = None,
        column: str | None = None,
        value: Any = None,
    ) -> None:
        """Note something that does not stop the run but should be known."""
        self.warnings.append(Fault(file, rule, mend, row, column, value))

    def stop_if_any(self) -> None:
        """Raise one `InstanceError` with every fault, if there is any."""
        if self.faults:
            raise InstanceError(shortened(self.faults))


def shortened(faults: Iterable[Fault]) -> list[Fault]:
    """Tell each fault once, keep the first `SHOWN_ALIKE` of a kind and count the others in one line.

    A file that feeds two tables has the faults of a cell twice.
    """
    faults = list({(f.file, f.row, f.column, f.rule.pattern, str(f.value)): f for f in faults}.values())
    kind = [(f.file, f.column, f.rule.pattern) for f in faults]
    total, seen = Counter(kind), Counter[tuple[str, str | None, str]]()
    kept: list[Fault] = []
    for fault, k in zip(faults, kind, strict=True):
        seen[k] += 1
        if seen[k] <= SHOWN_ALIKE:
            kept.append(fault)
        if seen[k] == SHOWN_ALIKE and total[k] > SHOWN_ALIKE:
            more = total[k] - SHOWN_ALIKE
            kept.append(
                Fault(
                    fault.file,
                    T("further cells with the same fault: {more}", more=more),
                    T("Mend them in the same way"),
                    column=fault.column,
                )
            )
    return kept
