"""Sums and products that err on the safe side.

A sum of n products in floating point is within n·u/(1 − n·u) of Σ |product|, u = 2⁻⁵³, whatever the order: Higham 2002,
doi:10.1137/1.9780898718027, section 3.1. ``math.fsum`` gives the number nearest to the exact sum (Shewchuk 1997,
doi:10.1007/PL00009321).
"""

from __future__ import annotations

import math

import numpy as np

from panhuo_models.data import Floats, Ints

UNIT_ROUNDOFF = 2.0**-53
_SPARE = 8
"""Roundings beside those of the sum: of the products, of the differences, of the error itself."""


def up(value: Floats) -> Floats:
    """Give the next larger numbers."""
    return np.nextafter(value, np.inf)


def product(a: Floats, b: Floats) -> Floats:
    """Multiply, rounded up; 0 times anything is 0."""
    none = (a == 0) | (b == 0)
    with np.errstate(invalid="ignore"):
        return np.where(none, 0.0, up(np.where(none, 0.0, a) * np.where(none, 0.0, b)))


def error(count: Ints, size: Floats) -> Floats:
    """Say how far sums of ``count`` products, whose magnitudes add up to ``size``, may be from what they should be."""
    terms = count + _SPARE
    return up(up(1.01 * UNIT_ROUNDOFF * terms * size))


def most(low: Floats, high: Floats, lower: Floats, upper: Floats) -> Floats:
    """Give an upper bound of d·x for low ≤ d ≤ high, lower ≤ x ≤ upper; inf where there is none."""
    corners = [product(d, x) for d in (low, high) for x in (lower, upper)]
    return np.maximum.reduce(corners)


def total(*parts: Floats) -> float:
    """Add all up, rounded up; inf where one of them is."""
    if any(np.isposinf(part).any() for part in parts):
        return math.inf
    exact = math.fsum(value for part in parts for value in part.tolist())
    return float(np.nextafter(exact, np.inf))
