"""Comparing the rows of a table with the rows that must be there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from panhuo.result.verify.exact import MICRO
from panhuo.result.verify.findings import Findings
from panhuo.words import T

CLOSE = 5e-6
"""Persons are stated with six decimals, so they agree to half of the last one, and a little."""


def compare(
    findings: Findings, file: str, found: pd.DataFrame, expected: pd.DataFrame, keys: Sequence[str]
) -> pd.DataFrame:
    """Note missing, extra and repeated rows, and every cell that differs.

    Parameters
    ----------
    found, expected : DataFrame
        Both hold ``keys``; the other columns of ``expected`` are compared: floats closely, all else exactly.

    Returns
    -------
    DataFrame
        The rows of ``found`` that must be there, once each, under the index of ``expected``.
    """
    keys = list(keys)
    repeated = found.duplicated(keys)
    for key in _keys(found[repeated], keys):
        findings.add(file, key, None, None, None, T("the row stands there more than once"))
    rows = found[~repeated]
    at = pd.Index(_joined(expected, keys)).get_indexer(_joined(rows, keys))
    for key in _keys(rows[at < 0], keys):
        findings.add(file, key, None, None, None, T("the row must not be there"))
    there = np.zeros(len(expected), dtype=bool)
    there[at[at >= 0]] = True
    for key in _keys(expected[~there], keys):
        findings.add(file, key, None, None, None, T("the row is missing"))
    both = expected[there]
    mine = rows.iloc[np.flatnonzero(at >= 0)[np.argsort(at[at >= 0])]].set_axis(both.index)
    for column in [c for c in expected.columns if c not in keys]:
        same = _same(mine[column], both[column])
        for i in np.flatnonzero(~same):
            key = _keys(both.iloc[[i]], keys)[0]
            findings.add(
                file, key, column, shown(column, mine[column].iloc[i]), shown(column, both[column].iloc[i]),
                T("derived from the inputs"),
            )  # fmt: skip
    return mine


def shown(column: str, value: Any) -> Any:
    """Show hundredths and millionths as the numbers they stand for, and a blank as a blank."""
    if value is None:
        return ""
    if isinstance(value, float):
        return "" if np.isnan(value) else round(value, 6)
    if column.endswith(("_cny", "_m2", "_cny_per_month")):
        return f"{int(value) / 100:.2f}"
    if column.endswith("persons"):
        return int(value) / MICRO
    return value


def _same(found: pd.Series, expected: pd.Series) -> np.ndarray[Any, np.dtype[np.bool_]]:
    if pd.api.types.is_float_dtype(expected):
        left, right = found.to_numpy(float), expected.to_numpy(float)
        close: np.ndarray[Any, np.dtype[np.bool_]] = np.isclose(left, right, rtol=0, atol=CLOSE, equal_nan=True)
        return close
    return np.array([a == b for a, b in zip(found, expected, strict=True)], dtype=bool)


def _keys(rows: pd.DataFrame, keys: list[str]) -> list[str]:
    return [" ".join(str(v) for v in row) for row in rows[keys].itertuples(index=False)]


def _joined(rows: pd.DataFrame, keys: list[str]) -> list[str]:
    """One text a row, for the keys are text; a separator that stands in none keeps them apart."""
    return ["\x1f".join(row) for row in zip(*(rows[key] for key in keys), strict=True)]
