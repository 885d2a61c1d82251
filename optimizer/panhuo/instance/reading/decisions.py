"""A plan that somebody gives, maybe edited: a plan's workbook, or a table such as plan.csv."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from panhuo.instance.faults import Fault, InstanceError
from panhuo.instance.findings import Findings
from panhuo.instance.reading import names, opening
from panhuo.instance.reading.cells import is_blank
from panhuo.instance.reading.grids import Grid, csv_grid, framed, sheets
from panhuo.instance.reading.parsing import typed
from panhuo.instance.reading.raw import Raw, Typed
from panhuo.instance.reading.units import fold
from panhuo.instance.schema import Table
from panhuo.instance.schema.edited import DECIDED, DECISION, PLAN, SHEETS
from panhuo.words import T

_PLACE = ("site", "mode", "service")
_NO_TABLE = frozenset({".csv", ".csv.gz", ".xlsx"})


@dataclass(frozen=True)
class GivenPlan:
    """A plan that somebody gives, and what is decided in it.

    Parameters
    ----------
    plan : Typed
        Its rows, words as they stand: columns of :data:`panhuo.instance.schema.edited.PLAN`.
    sites : Typed or None
        What is decided of sites: columns of :data:`panhuo.instance.schema.edited.DECIDED`; ``None`` where the file has
        no such sheet.
    """

    plan: Typed
    sites: Typed | None = None

    @property
    def decided(self) -> bool:
        """Whether anything is decided in it."""
        tables = [self.plan] if self.sites is None else [self.plan, self.sites]
        return any((read.frame["decision"] != "").any() for read in tables)


def read_plan(path: str | Path) -> GivenPlan:
    """Read a plan from a workbook or a CSV table.

    Raises
    ------
    InstanceError
        With every fault of the file at once.
    """
    findings = Findings()
    found = opened(Path(path), str(path), findings)
    findings.stop_if_any()
    if found is None:  # pragma: no cover - a fault was raised above
        raise RuntimeError("the plan was not read and no fault says so")
    return found


def opened(path: Path, name: str, findings: Findings) -> GivenPlan | None:
    """Read a plan's file; ``None`` (and a fault) where that cannot be done."""
    ending = names.ending(path.name)
    if not path.is_file():
        findings.fault(name, T("there is no such file"), T("Check the path"))
        return None
    if ending not in _NO_TABLE:
        findings.fault(name, T("a plan is a workbook (.xlsx) or a table (.csv)"), T("Save it as one of these"))
        return None
    if ending != ".xlsx":
        grid = csv_grid(path, name, PLAN, frozenset(), findings)
        plan = None if grid is None else _table(grid, name, PLAN, findings)
        return None if plan is None else GivenPlan(plan)
    book = sheets(path, name, findings, _is_edited)
    return None if book is None else _workbook(book, name, findings)


def holds_decisions(path: Path) -> bool:
    """Whether somebody has written decisions into a plan's workbook; a file that is none holds nothing."""
    unheard = Findings()
    book = sheets(path, path.name, unheard, _is_edited) or {}
    for sheet, grid in book.items():
        for table, key in ((PLAN, "plan"), (DECIDED, "sites")):
            if fold(sheet) in map(fold, SHEETS[key]):
                frame = framed(grid, table, sheet, frozenset(), unheard)
                named = [h for h in map(str, frame.columns) if fold(h) in map(fold, DECISION)]
                if any(not is_blank(cell) for header in named for cell in frame[header]):
                    return True
    return False


def _is_edited(sheet: str) -> bool:
    return any(fold(sheet) in map(fold, words) for words in SHEETS.values())


def tabled(table: pd.DataFrame, name: str = "plan.csv") -> GivenPlan:
    """Take a plan from a table in memory; its first row counts as line 2, below the headers.

    Raises
    ------
    InstanceError
        With every fault of the table at once.
    """
    findings = Findings()
    frame = table.astype(object).set_axis([str(column) for column in table.columns], axis=1)
    frame = frame.set_axis(range(2, len(frame) + 2), axis=0)
    filled = [any(not is_blank(cell) for cell in row) for row in frame.itertuples(index=False)]
    plan = _typed(Raw(PLAN, name, frame.loc[filled]), findings)
    findings.stop_if_any()
    return GivenPlan(plan)


def _workbook(book: Mapping[str, Grid], name: str, findings: Findings) -> GivenPlan | None:
    sheet = {key: next((s for s in book if fold(s) in map(fold, words)), None) for key, words in SHEETS.items()}
    rows = sheet["plan"] or (next(iter(book)) if len(book) == 1 else None)
    if rows is None:
        en, zh = SHEETS["plan"]
        findings.fault(name, T("there is no sheet {en} or {zh}", en=en, zh=zh), T("Give a plan's workbook"))
        return None
    plan = _table(book[rows], f"{name}[{rows}]", PLAN, findings)
    sites = sheet["sites"]
    decided = None if sites is None else _table(book[sites], f"{name}[{sites}]", DECIDED, findings)
    return None if plan is None else GivenPlan(plan, decided)


def _table(grid: Grid, label: str, table: Table, findings: Findings) -> Typed | None:
    raw = opening.tabled(grid, label, table, None, findings)
    return None if raw is None else _typed(raw, findings)


def _typed(raw: Raw, findings: Findings) -> Typed:
    read = typed(raw, findings)
    given = read.headers.keys()
    if raw.table is PLAN and not ("option" in given or set(_PLACE) <= given):
        rule = T("a plan names its options in the column option, or in site, mode and service")
        raise InstanceError([*findings.faults, Fault(raw.file, rule, T("Add the columns"))])
    if raw.table is DECIDED and "decision" in given and "site" not in given:
        rule = T("decisions stand beside the column site")
        raise InstanceError([*findings.faults, Fault(raw.file, rule, T("Add the columns"))])
    return read
