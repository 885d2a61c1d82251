"""A fault of one cell, told as the planner knows the cell."""

from __future__ import annotations

from typing import Any

import pandas as pd

from panhuo.instance.findings import Findings
from panhuo.instance.reading import cells
from panhuo.instance.reading.raw import Typed
from panhuo.words import Text


def shown(value: Any) -> Any:
    """Show a typed value as a planner would write it; ``None`` where it is blank."""
    if isinstance(value, tuple):
        return "; ".join(v if isinstance(v, str) else f"{v:.15g}" for v in value) or None
    if cells.is_blank(value):
        return None
    if pd.api.types.is_bool(value):
        return bool(value)
    return f"{value:.15g}" if isinstance(value, float) else value


def cell(read: Typed, line: Any, name: str, rule: Text, mend: Text, findings: Findings, *, value: Any = None) -> None:
    """Note a fault of a cell, unless one tells of it already.

    Parameters
    ----------
    read : Typed
        The table.
    line : int
        The line of the cell.
    name : str
        Its English column.
    rule, mend : Text
        What must hold, and what to do.
    findings : Findings
        Where the fault goes.
    value : object, optional
        What to show instead of the cell's value.
    """
    if (int(line), name) in read.faulty:
        return
    file, row, header = read.place(int(line), name)
    value = shown(read.frame.loc[line, name]) if value is None else value
    findings.fault(file, rule, mend, row=row, column=header, value=value)


def hint(read: Typed, line: Any, name: str, rule: Text, mend: Text, findings: Findings) -> None:
    """Note what should be known of a cell and stops nothing."""
    file, row, header = read.place(int(line), name)
    findings.warn(file, rule, mend, row=row, column=header, value=shown(read.frame.loc[line, name]))
