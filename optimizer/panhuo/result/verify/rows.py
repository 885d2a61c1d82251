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

_APART = "\x1f"


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
    mine, theirs = _joined(found, keys), _joined(expected, keys)
    repeated = mine.duplicated()
    for key in _said(mine[repeated]):
        findings.add(file, key, None, None, None, T("the row stands there more than once"))
    at = theirs.get_indexer(mine)
    for key in _said(mine[(at < 0) & ~repeated]):
        findings.add(file, key, None, None, None, T("the row must not be there"))
    place = mine[~repeated].get_indexer(theirs)
    for key in _said(theirs[place < 0]):
        findings.add(file, key, None, None, None, T("the row is missing"))
    there = place >= 0
    both = expected[there]
    rows = found.iloc[np.flatnonzero(~repeated)[place[there]]].set_axis(both.index)
    for column in [c for c in expected.columns if c not in keys]:
        same = _same(rows[column], both[column])
        for i in np.flatnonzero(~same):
            findings.add(
                file, _said(theirs[there][[i]])[0], column, shown(column, rows[column].iloc[i]),
                shown(column, both[column].iloc[i]), T("derived from the inputs"),
            )  # fmt: skip
    return rows


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
    return np.asarray(found.to_numpy(object) == expected.to_numpy(object), dtype=bool)


def _joined(rows: pd.DataFrame, keys: list[str]) -> pd.Index:
    """One text a row, for the keys are text; a separator that stands in none keeps them apart."""
    parts = [rows[key].to_numpy(object) for key in keys]
    return pd.Index([_APART.join(row) for row in zip(*parts, strict=True)], dtype=object)


def _said(joined: pd.Index) -> list[str]:
    """Write keys as findings name them."""
    return [key.replace(_APART, " ") for key in joined]
