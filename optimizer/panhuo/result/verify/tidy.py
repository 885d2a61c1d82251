"""The tables of a result with every cell in an exact form, whether they come from files or from memory."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

import numpy as np
import pandas as pd

from panhuo.result.verify.findings import Findings
from panhuo.words import T

Cell = Literal["text", "number", "fen", "area", "whole", "micro", "fen?", "whole?", "micro?"]
"""What a column holds; with a question mark its cells may be blank."""

_ALLOCATION: dict[str, Cell] = {
    "demand": "text", "service": "text", "profile": "text", "tier": "text", "place": "text", "kind": "text",
    "option": "text", "minutes": "number", "metres": "number", "minutes_from": "text", "assigned_persons": "micro",
    "persons": "micro",
}  # fmt: skip

_KEYED: dict[str, dict[str, Cell]] = {
    "plan": {
        "option": "text", "site": "text", "site_name": "text", "mode": "text", "service": "text", "operating": "text",
        "size": "text", "tariff": "text", "area_m2": "area", "months": "whole", "year_open": "whole?",
        "capacity_persons": "micro?", "served_persons": "micro?", "capital_cny": "fen", "yearly_cny": "fen",
    },
    "sites": {
        "site": "text", "name": "text", "status": "text", "chosen": "text", "mode": "text", "services": "text",
        "area_used_m2": "area", "capital_cny": "fen", "yearly_cny": "fen", "reason": "text", "detail": "text",
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
    "allocation": _ALLOCATION,
    "allocation_before": _ALLOCATION,
    "prices": {
        "option": "text", "tariff": "text", "tier": "text", "price_cny": "fen", "government_cny": "fen",
        "enterprise_cny": "fen", "donor_cny": "fen", "affordable": "text", "persons": "micro", "visits": "whole",
        "burden_cny_per_month": "fen", "income_cny_per_month": "number",
    },
    "ledger": {
        "site": "text", "mode": "text", "option": "text", "work": "text", "item": "text", "fund": "text",
        "party": "text", "ledger": "text", "year": "whole?", "amount_cny": "fen",
    },
    "accounts": {
        "option": "text", "site": "text", "service": "text", "operating": "text", "operator": "text",
        "tariff": "text", "visits": "whole", "price_cny": "fen", "government_cny": "fen", "donor_cny": "fen",
        "other_cny": "fen", "subsidy_cny": "fen", "fixed_cny": "fen", "visits_cost_cny": "fen",
        "write_off_cny": "fen", "surplus_cny": "fen", "margin": "number", "margin_min": "number",
        "margin_max": "number", "pool": "text", "deficit_cny": "fen", "concession_cny": "fen",
        "break_even_visits": "whole?",
    },
    "viability": {
        "place": "text", "kind": "text", "service": "text", "operating": "text", "tariff": "text",
        "best_visits": "whole", "needed_visits": "whole?", "per_day_best": "number", "per_day_needed": "number",
        "loses": "text",
    },
    "supply": {
        "option": "text", "site": "text", "supplier": "text", "kind": "text", "delivery_min": "number",
        "supply": "micro",
    },
}  # fmt: skip

TABLES = tuple(_KEYED)
"""Names of the tables a result must hold."""

Tidy = dict[str, pd.DataFrame]

_DECIMALS = {"fen": 2, "area": 2, "whole": 0, "micro": 6}


def tidy(tables: Mapping[str, pd.DataFrame], findings: Findings) -> Tidy | None:
    """Bring every cell into an exact form; ``None`` where a table or column is missing.

    Money becomes fen, areas hundredths and people micro-persons (Python integers), months and visits integers, other
    numbers floats (NaN where blank), everything else text. A blank that is allowed where a whole number may stand
    is ``None``.
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
        texts = ["" if v is None or v is pd.NA else str(v) for v in values.to_numpy(object)]
        return pd.array(np.array(texts, dtype=object), dtype="str")
    if cell == "number":
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(float, na_value=np.nan)  # blank is NaN
        wrong = np.isnan(numbers) & ~(values.isna() | (values.astype(str) == "")).to_numpy(bool)
        for row in np.flatnonzero(wrong):
            _no_number(table, column, int(row), values.iloc[row], findings)
        return numbers
    exact = np.empty(len(values), dtype=object)
    exact[:] = [_exact(table, column, i, v, cell, findings) for i, v in enumerate(values)]
    return exact


def _exact(table: str, column: str, row: int, value: Any, cell: Cell, findings: Findings) -> int | None:
    """Count whole units by decimal digits; a binary fraction never comes in. -1 where that fails."""
    if cell.endswith("?") and (value is None or value is pd.NA or value == "" or value != value):  # noqa: PLR0124
        return None
    decimals = _DECIMALS[cell.rstrip("?")]
    try:
        scaled = Decimal(str(value)).scaleb(decimals)
        whole = int(scaled)
    except (InvalidOperation, ValueError, OverflowError):
        _no_number(table, column, row, value, findings)
        return -1
    if scaled != whole:
        rules = {
            0: T("must be a whole number"), 2: T("must be whole hundredths"), 6: T("must be whole millionths"),
        }  # fmt: skip
        findings.add(f"{table}.csv", f"row {row + 2}", column, value, None, rules[decimals])
    return whole


def _no_number(table: str, column: str, row: int, value: Any, findings: Findings) -> None:
    findings.add(f"{table}.csv", f"row {row + 2}", column, value, None, T("must be a number"))
