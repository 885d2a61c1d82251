"""Exact numbers: decimals as they print, whole fen, hundredths of square metres, micro-persons."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

import pandas as pd

MICRO = 1_000_000
"""Micro-persons in a person: people are stated with six decimals."""


@lru_cache(maxsize=1 << 16)
def _by_digits(value: float) -> Fraction:
    """Take it by its digits; the same few numbers stand in most cells."""
    return Fraction(repr(value))


def exact(value: Any) -> Fraction:
    """Take a number by the decimal digits it prints."""
    return _by_digits(float(value))


def half_up(value: Fraction) -> int:
    """Round to a whole number, halves up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


@lru_cache(maxsize=1 << 16)
def _hundredths(value: float) -> int:
    return half_up(_by_digits(value) * 100)


def hundredths(value: Any) -> int:
    """Count fen, or 0.01 m², in a number, halves up."""
    return _hundredths(float(value))


def rated(unit: Any, area: int) -> int:
    """Price an area of so many 0.01 m² at so many CNY a square metre [fen]; the unit price is in whole fen first."""
    return (2 * hundredths(unit) * area + 100) // 200  # half up, in whole numbers


def given(value: Any) -> bool:
    """Whether a cell holds anything."""
    return value is not None and not pd.isna(value)
