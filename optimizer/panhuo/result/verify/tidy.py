"""The tables of a result with every cell in an exact form, whether they come from files or from memory."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

import numpy as np
import pandas as pd

from panhuo.result.verify.findings import Findings
from panhuo.words import T

Cell = Literal["text", "hundredths", "whole", "number"]

_KEYED: dict[str, dict[str, Cell]] = {
    "plan": {
        "option": "text", "site": "text", "site_name": "text", "mode": "text", "service": "text",
        "area_m2": "hundredths", "months": "whole", "capital_cny": "hundredths", "yearly_cny": "hundredths",
    },
    "sites": {
        "site": "text", "name": "text", "status": "text", "chosen": "text", "mode": "text", "services": "text",
        "area_used_m2": "hundredths", "capital_cny": "hundredths", "yearly_cny": "hundredths", "reason": "text",
        "detail": "text",
    },
    "coverage": {
        "circle": "text", "circle_type": "text", "service": "text", "base_persons": "number",
        "before_persons": "number", "after_persons": "number", "new_persons": "number", "lost_persons": "number",
        "unreachable_persons": "number",
    },
    "demand": {
        "demand": "text", "service": "text", "circle": "text", "persons": "number", "before_persons": "number",
        "after_persons": "number", "unreachable_persons": "number",
    },
    "allocation": {
        "demand": "text", "service": "text", "profile": "text", "place": "text", "kind": "text", "option": "text",
        "minutes": "number", "metres": "number", "persons": "number",
    },
    "prices": {
        "option": "text", "tariff": "text", "tier": "text", "price_cny": "hundredths", "government_cny": "hundredths",
        "enterprise_cny": "hundredths", "donor_cny": "hundredths",
    },
    "ledger": {
        "site": "text", "mode": "text", "option": "text", "item": "text", "fund": "text", "party": "text",
        "ledger": "text", "amount_cny": "hundredths",
    },
}  # fmt: skip

TABLES = tuple(_KEYED)
"""Names of the tables a result must hold."""

Tidy = dict[str, pd.DataFrame]


def tidy(tables: Mapping[str, pd.DataFrame], findings: Findings) -> Tidy | None:
    """Bring every cell into an exact form; ``None`` where a table or column is missing.

    Areas and money become whole hundredths (Python integers), months integers, persons, minutes and metres
    floats (NaN where blank), everything else text.
    """
    before = len(findings)
    for name, columns in _KEYED.items():
        if name not in tables:
            findings.add(f"{name}.csv", None, None, None, None, T("the table is missing"))
            continue
        for column in columns:
            if column not in tables[name].columns:
                findings.add(f"{name}.csv", None, column, None, None, T("the column is missing"))
    if len(findings) > before:
        return None
    return {
        name: pd.DataFrame(
            {c: _column(name, c, tables[name][c], cell, findings) for c, cell in columns.items()},
            index=pd.RangeIndex(len(tables[name])),
        )
        for name, columns in _KEYED.items()
    }


def _column(table: str, column: str, values: pd.Series, cell: Cell, findings: Findings) -> Any:
    if cell == "text":
        return pd.Series([str(v) for v in values], dtype="str")
    if cell == "number":
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(float)  # blank is NaN
        wrong = np.isnan(numbers) & ~(values.isna() | (values.astype(str) == "")).to_numpy(bool)
        for row in np.flatnonzero(wrong):
            _no_number(table, column, int(row), values.iloc[row], findings)
        return numbers
    return pd.Series([_exact(table, column, i, v, cell, findings) for i, v in enumerate(values)], dtype=object)


def _exact(table: str, column: str, row: int, value: Any, cell: Cell, findings: Findings) -> int:
    """Count hundredths (or ones) by decimal digits; a binary fraction never comes in. -1 where that fails."""
    try:
        scaled = Decimal(str(value)).scaleb(2 if cell == "hundredths" else 0)
        whole = int(scaled)
    except (InvalidOperation, ValueError, OverflowError):
        _no_number(table, column, row, value, findings)
        return -1
    if scaled != whole:
        rule = T("must be whole hundredths") if cell == "hundredths" else T("must be a whole number")
        findings.add(f"{table}.csv", f"row {row + 2}", column, value, None, rule)
    return whole


def _no_number(table: str, column: str, row: int, value: Any, findings: Findings) -> None:
    findings.add(f"{table}.csv", f"row {row + 2}", column, value, None, T("must be a number"))
