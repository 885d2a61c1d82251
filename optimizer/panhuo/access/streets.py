"""The streets from which people can walk to a site within the standards of services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.access.along import along
from panhuo.access.heights import relief
from panhuo.access.places import places as list_places
from panhuo.access.shapes import measured
from panhuo.access.standards import thinned
from panhuo.access.ways import walking
from panhuo.instance import Instance
from panhuo.instance.tabular import records

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STEP_M = 40.0
"""Minutes along the streets are worked out so far apart at most [m]."""


@dataclass(frozen=True, eq=False)
class Streets:
    """How far it is from stations along the streets to a few sites.

    Parameters
    ----------
    at : (T, 2) float [m]
        Stations along the walkable edges, edge after edge.
    edge : (T,) int
        The edge of each.
    minutes : mapping of str to csr_matrix, (T, S) [min]
        By profile; an entry that is not stored lies beyond every standard in minutes, or on an edge the profile may not
        use.
    metres : csr_matrix, (T, S) [m]
        An entry that is not stored lies beyond every standard in metres.
    """

    at: Floats
    edge: Ints
    minutes: Mapping[str, sp.csr_matrix]
    metres: sp.csr_matrix


def streets(instance: Instance, sites: Ints) -> Streets | None:
    """Work out minutes and metres from the streets to a few sites, as they are worked out from demand points.

    Parameters
    ----------
    sites : (S,) int
        Rows of the table sites.

    Returns
    -------
    Streets or None
        ``None`` where minutes do not come from a network.
    """
    network = instance.network
    if network is None or instance.settings.access.method != "network":
        return None
    at, edge = stations(instance)
    mine = instance["sites"].iloc[sites].reset_index(drop=True)
    asked = with_tables(instance, sites=mine, existing=instance["existing"].iloc[:0], demand=as_demand(instance, at))
    found = along(asked, network, list_places(asked))
    minutes = {p: _rows(found.minutes[p], open_[edge]) for p, open_ in usable(instance).items()}
    return Streets(at, edge, minutes, found.metres)


def _rows(costs: sp.csr_matrix, open_: NDArray[np.bool_]) -> sp.csr_matrix:
    return thinned(costs, costs.data, np.repeat(open_, np.diff(costs.indptr)))


def with_tables(instance: Instance, **tables: pd.DataFrame) -> Instance:
    """Put other tables into an instance."""
    return replace(instance, tables={**instance.tables, **tables})


def as_demand(instance: Instance, at: Floats) -> pd.DataFrame:
    """Lay positions out as demand points where one person of every group lives."""
    columns = {"id": [str(n) for n in range(len(at))], "x_m": at[:, 0], "y_m": at[:, 1]}
    people = {f"people_{group}": 1.0 for group in instance.groups}
    return pd.DataFrame(columns).assign(circle="", unit="", name="", **people)


def stations(instance: Instance) -> tuple[Floats, Ints]:
    """Place stations along the walkable edges: at both ends, and evenly between."""
    network = instance.network
    if network is None or instance.settings.access.method != "network":
        return np.empty((0, 2)), np.empty(0, dtype=np.int64)
    shapes, walk = measured(network), np.flatnonzero(network.walk)
    pieces = np.maximum(np.ceil(shapes.length_m[walk] / STEP_M), 1).astype(np.int64)
    edge = np.repeat(walk, pieces + 1)
    rank = np.arange(len(edge)) - np.repeat(np.cumsum(pieces + 1) - pieces - 1, pieces + 1)
    return shapes.at(edge, rank / np.repeat(pieces, pieces + 1)), edge


def usable(instance: Instance) -> dict[str, NDArray[np.bool_]]:
    """Say which edges every profile may use: from a station on another one it would walk over to the next edge."""
    network = instance.network
    if network is None:
        return {}
    sample_m = instance.settings.access.sample_m
    slopes = relief(network, measured(network), instance.elevation, sample_m, instance.metric_crs)
    asked = ("climbs_stairs", "stairs_factor", "max_grade")
    return {
        profile["profile"]: walking(network, slopes, **{key: profile[key] for key in asked}).usable
        for profile in records(instance["profiles"])
    }
