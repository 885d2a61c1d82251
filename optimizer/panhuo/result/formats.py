"""How numbers stand in the files: the same bytes on every machine."""

from __future__ import annotations

import pandas as pd

from panhuo.words import Lang, Text

_HUNDREDTHS = ("_m2", "_cny", "_cny_per_month")
_THOUSANDTHS = ("minutes", "metres")


def written(table: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """Turn a table into text: areas and money with two decimals, minutes and metres with three.

    Other fractions are written as short as they are, with at most six decimals; blanks are empty. Sentences are put
    into ``lang``.
    """
    return pd.DataFrame({c: _column(c, table[c], lang) for c in table.columns}, dtype="str")


def _column(name: str, values: pd.Series, lang: Lang) -> list[str]:
    if pd.api.types.is_numeric_dtype(values) and name.endswith(_HUNDREDTHS):
        return [_fixed(v, 2) for v in values]
    if pd.api.types.is_numeric_dtype(values) and name in _THOUSANDTHS:
        return [_fixed(v, 3) for v in values]
    if pd.api.types.is_float_dtype(values):
        return [_short(v) for v in values]
    return ["" if v is None or v is pd.NA else v.to(lang) if isinstance(v, Text) else str(v) for v in values]


def _fixed(value: float, decimals: int) -> str:
    return "" if pd.isna(value) else f"{value:.{decimals}f}"


def _short(value: float) -> str:
    if pd.isna(value):
        return ""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
