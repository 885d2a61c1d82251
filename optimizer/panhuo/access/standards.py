"""How far minutes and metres are looked for, and how they are rounded."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

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
    before = np.concatenate([[0], np.cumsum(kept)])
    first = before[costs.indptr].astype(costs.indptr.dtype)
    return sp.csr_matrix((rounded[kept], costs.indices[kept], first), shape=costs.shape), kept
