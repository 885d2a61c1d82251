"""Sparse walking minutes and metres between demand points and places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

from panhuo.instance import Instance

ROUNDING = 3
"""Minutes and metres are rounded to so many decimals before they are compared with a standard."""

_SLACK = 10.0**-ROUNDING
"""Searched a little further than the standard, so that rounding down to it is not missed."""


@dataclass(frozen=True)
class Travel:
    """Walking minutes by profile, and metres; an entry that is not stored lies beyond every standard.

    Parameters
    ----------
    places : DataFrame
        ``place`` (id), ``kind`` ("site" or "existing") and ``row`` (in the table of that kind), L rows: sites first.
    minutes : mapping of str to csr_matrix, (D, L) [min]
        By walking profile. A stored 0.0 is a pair at no distance.
    metres : csr_matrix, (D, L) [m]
        Walking distance.
    """

    places: pd.DataFrame
    minutes: Mapping[str, sp.csr_matrix]
    metres: sp.csr_matrix


def travel(instance: Instance) -> Travel:
    """Work out minutes and metres, by the access method the instance asks for."""
    places = _places(instance)
    profiles = instance["profiles"]
    speeds = dict(zip(profiles["profile"], profiles["speed_km_h"] * 1000 / 60, strict=True))
    metres = _straight(instance, places, _horizon_m(instance, max(speeds.values())))
    minutes = {p: _rounded(metres, metres.data / speed) for p, speed in speeds.items()}
    metres = _rounded(metres, metres.data)
    given = instance["minutes"]
    if len(given):
        demand_row = pd.Index(instance["demand"]["id"]).get_indexer(given["demand"])
        place_row = pd.Index(places["place"]).get_indexer(given["place"])
        for profile in speeds:
            mine = ((given["profile"] == "") | (given["profile"] == profile)).to_numpy()
            # a row for this very profile comes last and so rules over a row for every profile
            order = np.argsort((given["profile"] != "").to_numpy()[mine], kind="stable")
            at = demand_row[mine][order], place_row[mine][order]
            minutes[profile] = _overlay(minutes[profile], *at, given["minutes"].to_numpy()[mine][order])
        known = given["metres"].notna().to_numpy()
        metres = _overlay(metres, demand_row[known], place_row[known], given["metres"].to_numpy()[known])
    return Travel(places, minutes, metres)


def _places(instance: Instance) -> pd.DataFrame:
    kinds = {"site": instance["sites"], "existing": instance["existing"]}
    parts = [
        pd.DataFrame({"place": t["id"], "kind": kind, "row": np.arange(len(t)), "x_m": t["x_m"], "y_m": t["y_m"]})
        for kind, t in kinds.items()
    ]
    return pd.concat([p for p in parts if len(p)], ignore_index=True)


def _horizon_m(instance: Instance, fastest_m_min: float) -> float:
    """Longest walking distance any standard allows [m]."""
    services = instance["services"]
    by_minutes = (services["standard_min"].max() + _SLACK) * fastest_m_min
    by_metres = services["standard_m"].max() + _SLACK
    return float(np.nanmax([by_minutes, by_metres, 0.0]))


def _straight(instance: Instance, places: pd.DataFrame, horizon_m: float) -> sp.csr_matrix:
    """Straight line × detour factor, for the pairs within ``horizon_m`` of walking; (D, L) [m]."""
    demand, access = instance["demand"], instance.settings.access
    if access.method == "minutes":
        return sp.csr_matrix((len(demand), len(places)))
    xy = ["x_m", "y_m"]
    search = NearestNeighbors(radius=horizon_m / access.detour, algorithm="kd_tree")
    search.fit(places[xy].to_numpy())
    metres: sp.csr_matrix = search.radius_neighbors_graph(demand[xy].to_numpy(), mode="distance")
    metres.data *= access.detour
    return metres


def _rounded(like: sp.csr_matrix, data: NDArray[np.float64]) -> sp.csr_matrix:
    return sp.csr_matrix((np.round(data, ROUNDING), like.indices, like.indptr), shape=like.shape)


def _overlay(
    base: sp.csr_matrix, rows: NDArray[np.intp], columns: NDArray[np.intp], values: NDArray[np.float64]
) -> sp.csr_matrix:
    """Let given values take the place of computed ones; of a pair given twice the last rules."""
    own = base.tocoo()
    key = np.concatenate([own.row.astype(np.int64), rows]) * base.shape[1] + np.concatenate([own.col, columns])
    data = np.concatenate([own.data, np.round(values, ROUNDING)])
    # np.unique keeps the first of equal keys, so the given ones go first, the last given foremost
    key, first = np.unique(key[::-1], return_index=True)
    row, column = np.divmod(key, base.shape[1])
    return sp.csr_matrix((data[::-1][first], (row, column)), shape=base.shape)
