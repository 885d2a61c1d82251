"""Results that somebody has changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

import panhuo
from panhuo import result
from panhuo.instance import Instance
from panhuo.result import Result, Verification
from panhuo.words import Lang


class Rich(NamedTuple):
    """An instance and a result of it."""

    instance: Instance
    tables: Mapping[str, pd.DataFrame]
    run: Mapping[str, Any]


@dataclass
class Spoilt:
    """A result in memory, to be changed cell by cell."""

    instance: Instance
    tables: dict[str, pd.DataFrame]
    run: dict[str, Any]

    @classmethod
    def of(cls, rich: Rich, instance: Instance | None = None) -> Spoilt:
        """Copy a result, to be held against its own instance or another one."""
        copies = {name: table.copy() for name, table in rich.tables.items()}
        return cls(instance or rich.instance, copies, json.loads(json.dumps(rich.run)))

    def rows(self, table: str, **where: Any) -> pd.Series:
        """Find the rows whose cells are as named; there must be some."""
        frame = self.tables[table]
        mine = pd.Series(True, frame.index)
        for column, value in where.items():
            mine &= frame[column] == value
        assert mine.any(), (table, where)
        return mine

    def set(self, table: str, where: dict[str, Any], **cells: Any) -> None:
        """Write cells of the rows that are as named."""
        mine = self.rows(table, **where)
        frame = self.tables[table].astype(dict.fromkeys(cells, object))
        for column, value in cells.items():
            frame.loc[mine, column] = value
        self.tables[table] = frame

    def shift(self, table: str, where: dict[str, Any], **by: float) -> None:
        """Add to cells of the one row that is as named."""
        row = self.tables[table][self.rows(table, **where)].iloc[0]
        decimals = 6 if "persons" in next(iter(by)) else 2
        self.set(table, where, **{c: round(float(row[c]) + more, decimals) for c, more in by.items()})

    def drop(self, table: str, **where: Any) -> None:
        """Take rows out."""
        self.tables[table] = self.tables[table][~self.rows(table, **where)]

    def again(self, table: str, where: dict[str, Any], **cells: Any) -> None:
        """Write a row down once more, some cells changed."""
        frame = self.tables[table]
        more = frame[self.rows(table, **where)].iloc[[0]].astype(object).assign(**cells)
        self.tables[table] = pd.concat([frame.astype(object), more], ignore_index=True)

    def verified(self) -> Verification:
        """Verify what is left of it."""
        return result.verify_tables(self.instance, self.tables, self.run)

    def faults(self) -> list[str]:
        """Verify it, and say what was found."""
        return texts(self.verified())


Change = Callable[[Spoilt], object]
"""Something done to a result."""


def found_in(spoilt: Spoilt, change: Change, expected: str) -> None:
    """Change a result, and see that it is found."""
    change(spoilt)
    found = spoilt.faults()
    assert any(expected in text for text in found), found


def texts(found: Verification) -> list[str]:
    return [str(fault) for fault in found.faults]


def against(found: Verification, lang: Lang = "en") -> list[str]:
    return [sentence.to(lang) for sentence in found.against]


def given(instance: Instance, names: tuple[str, ...]) -> Result:
    """A plan that somebody gives."""
    made = panhuo.evaluate(instance, pd.DataFrame({"option": names}))
    assert len(made.plan) == len(names)
    return made


def solved(instance: Instance, names: tuple[str, ...]) -> Verification:
    """Verify a plan as if a solver had found it: what goes against the policy is then a fault."""
    made = given(instance, names)
    return result.verify_tables(instance, made.tables, {**made.run, "status": "time_limit"})


def edit(path: Path, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    change(table).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
