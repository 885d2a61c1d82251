"""Whole hundredths: areas in 0.01 m² and money in fen, so that products round the same everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]

MICRO = 10**6
"""Persons are counted in millionths."""


def whole(values: Iterable[float], decimals: int = 2) -> Whole:
    """Round half up to so many decimals and give whole units of the last one; a blank (NaN) becomes -1.

    The decimal digits a float prints are taken as meant: 155.345 becomes 15535, not 15534.
    """
    unit = Decimal(1).scaleb(-decimals)
    scaled = (
        -1 if v != v else int(Decimal(repr(float(v))).quantize(unit, ROUND_HALF_UP).scaleb(decimals))  # noqa: PLR0124
        for v in values
    )
    return np.fromiter(scaled, np.int64)


def rated(unit_fen: Whole, area_hundredths: Whole, fixed_fen: Whole | int = 0) -> Whole:
    """Cost in fen of an area at a unit cost, rounded half up: fen/m² × 0.01 m² / 100 + fen."""
    return (unit_fen * area_hundredths + 50) // 100 + fixed_fen


def exactly(value: float) -> Fraction:
    """Give the decimal digits that a float prints as a fraction."""
    return Fraction(repr(float(value)))


def floored(factor: Fraction, values: Whole) -> Whole:
    """Multiply whole numbers by a fraction and round down."""
    return (values.astype(object) * factor.numerator // factor.denominator).astype(np.int64)


def half_up(factor: Fraction, values: Whole) -> Whole:
    """Multiply whole numbers by a fraction and round half up."""
    top, bottom = factor.numerator, factor.denominator
    return ((values.astype(object) * (2 * top) + bottom) // (2 * bottom)).astype(np.int64)
