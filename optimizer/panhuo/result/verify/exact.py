"""Exact numbers: decimals as they print, whole fen, hundredths of square metres, micro-persons."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Any

import pandas as pd

MICRO = 1_000_000
"""Micro-persons in a person: people are stated with six decimals."""


def exact(value: Any) -> Fraction:
    """Take a number by the decimal digits it prints."""
    return Fraction(repr(float(value)))


def half_up(value: Fraction) -> int:
    """Round to a whole number, halves up."""
    return floor(value + Fraction(1, 2))


def hundredths(value: Any) -> int:
    """Count fen, or 0.01 m², in a number, halves up."""
    return half_up(exact(value) * 100)


def rated(unit: Any, area: int) -> int:
    """Price an area of so many 0.01 m² at so many CNY a square metre [fen]; the unit price is in whole fen first."""
    return half_up(Fraction(hundredths(unit) * area, 100))


def given(value: Any) -> bool:
    """Whether a cell holds anything."""
    return value is not None and not pd.isna(value)
