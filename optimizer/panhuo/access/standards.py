"""How far minutes and metres are looked for, and how they are rounded."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.compiled import compiled
from panhuo.instance import Instance

ROUNDING = 3
"""Minutes and metres are rounded to so many decimals before they are compared with a standard."""

SLACK = 10.0**-ROUNDING
"""Searched a little further than the standard, so that rounding down to it is not missed."""


def longest(instance: Instance, measure: str) -> float:
    """Give the longest standard of the services measured in "minutes" [min] or "metres" [m]; NaN if there is none."""
    services = instance["services"]
    standard = services[{"minutes": "standard_min", "metres": "standard_m"}[measure]]
    return float(standard[services["measure"] == measure].max())


def within(costs: sp.csr_matrix, unit: float, most: float) -> tuple[sp.csr_matrix, NDArray[np.bool_]]:
    """Round, and keep what lies at or below a standard.

    Parameters
    ----------
    costs : csr_matrix
        Costs.
    unit : float
        Cost of a minute or a metre.
    most : float
        The standard; NaN keeps nothing.

    Returns
    -------
    csr_matrix
        The values kept.
    (P,) bool
        Which were.
    """
    rounded = costs.data / unit
    np.round(rounded, ROUNDING, out=rounded)
    kept = rounded <= most
    return thinned(costs, rounded, kept), kept


def thinned(pattern: sp.csr_matrix, data: NDArray[np.generic], kept: NDArray[np.bool_]) -> sp.csr_matrix:
    """Keep some of the stored entries of a matrix, with other values in their place."""
    first = _counted(pattern.indptr, kept)
    return sp.csr_matrix((data[kept], pattern.indices[kept], first), shape=pattern.shape)


@compiled
def _counted(first: NDArray[np.int64], kept: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Say where rows begin once only some of their entries are kept."""
    begins = np.zeros_like(first)
    for row in range(len(first) - 1):
        begins[row + 1] = begins[row]
        for entry in range(first[row], first[row + 1]):
            if kept[entry]:
                begins[row + 1] += 1
    return begins
