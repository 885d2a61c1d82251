"""Straight lines times the detour factor."""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.spatial import cKDTree

from panhuo.access.standards import SLACK
from panhuo.instance import Instance


def straight(instance: Instance, places: pd.DataFrame, fastest_m_min: float) -> sp.csr_matrix:
    """Give straight line × detour factor for the pairs that any standard may allow.

    Parameters
    ----------
    places : DataFrame
        The places.
    fastest_m_min : float [m/min]
        Speed of the fastest profile.

    Returns
    -------
    csr_matrix, (D, L) [m]
    """
    detour = instance.settings.access.detour
    people, there = (table[["x_m", "y_m"]].to_numpy(float) for table in (instance["demand"], places))
    radius = _horizon_m(instance, fastest_m_min) / detour
    near = cKDTree(people).sparse_distance_matrix(cKDTree(there), radius, output_type="ndarray")
    return sp.csr_matrix((near["v"] * detour, (near["i"], near["j"])), shape=(len(people), len(there)))


def _horizon_m(instance: Instance, fastest_m_min: float) -> float:
    """Longest walking distance any standard allows [m]."""
    services = instance["services"]
    by_minutes = (services["standard_min"].max() + SLACK) * fastest_m_min
    by_metres = services["standard_m"].max() + SLACK
    return float(np.nanmax([by_minutes, by_metres, 0.0]))
