"""Where people can walk to a few places from in so many minutes: demand points, and the streets between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.access.heights import relief
from panhuo.access.shapes import measured
from panhuo.access.travel import travel
from panhuo.access.ways import walking
from panhuo.instance import Instance

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STEP_M = 40.0
"""Minutes along the streets are worked out so far apart at most [m]."""


@dataclass(frozen=True, eq=False)
class Areas:
    """What lies within some minutes of a few sites.

    Parameters
    ----------
    limit_min : float [min]
        The minutes.
    sites : (S,) int
        Rows of the table sites.
    demand : mapping of str to (D, S) float [min]
        By profile, minutes from the demand points; inf beyond the limit.
    at : (T, 2) float [m]
        Stations along the walkable edges, edge after edge.
    edge : (T,) int
        The edge of each.
    streets : mapping of str to (T, S) float [min]
        By profile, minutes from the stations; inf beyond the limit, and on edges the profile may not use.
    """

    limit_min: float
    sites: Ints
    demand: Mapping[str, Floats]
    at: Floats
    edge: Ints
    streets: Mapping[str, Floats]


def areas(instance: Instance, sites: Ints, limit_min: float) -> Areas:
    """Work out the minutes to a few sites, by the access method the instance asks for.

    Parameters
    ----------
    sites : (S,) int
        Rows of the table sites.
    limit_min : float [min]
        How far to look.

    Raises
    ------
    InstanceError
        None of the sites lies on the network.
    """
    at, edge = _stations(instance)
    profiles = list(instance["profiles"]["profile"])
    demand = _to_sites(instance, sites, limit_min)
    if not len(at):
        nowhere = dict.fromkeys(profiles, np.empty((0, len(sites))))
        return Areas(limit_min, sites, demand, at, edge, nowhere)
    columns = {"id": [str(n) for n in range(len(at))], "x_m": at[:, 0], "y_m": at[:, 1]}
    people = {f"people_{group}": 1.0 for group in instance.groups}
    stations = pd.DataFrame(columns).assign(circle="", unit="", name="", **people)
    nothing_given = instance["minutes"].iloc[:0]
    streets = _to_sites(_with(instance, demand=stations, minutes=nothing_given), sites, limit_min)
    for profile, open_ in _usable(instance).items():
        streets[profile][~open_[edge]] = np.inf  # a station there would walk over to the next edge
    return Areas(limit_min, sites, demand, at, edge, streets)


def _with(instance: Instance, **tables: pd.DataFrame) -> Instance:
    return replace(instance, tables={**instance.tables, **tables})


def _to_sites(instance: Instance, sites: Ints, limit_min: float) -> dict[str, Floats]:
    """Give the minutes from all demand points by profile, (D, S); inf beyond the limit."""
    mine = instance["sites"].iloc[sites].reset_index(drop=True)
    service = instance["services"].iloc[[0]].assign(measure="minutes", standard_min=limit_min, standard_m=np.nan)
    given = instance["minutes"][instance["minutes"]["place"].isin(mine["id"])].reset_index(drop=True)
    none = instance["existing"].iloc[:0]
    asked = _with(instance, sites=mine, services=service, minutes=given, existing=none)
    found = {}
    for profile, minutes in travel(asked).minutes.items():
        found[profile] = np.full(minutes.shape, np.inf)
        near = minutes.tocoo()
        within = near.data <= limit_min
        found[profile][near.row[within], near.col[within]] = near.data[within]
    return found


def _stations(instance: Instance) -> tuple[Floats, Ints]:
    """Place stations along the walkable edges: at both ends, and evenly between."""
    network = instance.network
    if network is None or instance.settings.access.method != "network":
        return np.empty((0, 2)), np.empty(0, dtype=np.int64)
    shapes, walk = measured(network), np.flatnonzero(network.walk)
    pieces = np.maximum(np.ceil(shapes.length_m[walk] / STEP_M), 1).astype(np.int64)
    edge = np.repeat(walk, pieces + 1)
    rank = np.arange(len(edge)) - np.repeat(np.cumsum(pieces + 1) - pieces - 1, pieces + 1)
    return shapes.at(edge, rank / np.repeat(pieces, pieces + 1)), edge


def _usable(instance: Instance) -> dict[str, NDArray[np.bool_]]:
    """Say which edges every profile may use."""
    network = instance.network
    if network is None:
        return {}
    sample_m = instance.settings.access.sample_m
    slopes = relief(network, measured(network), instance.elevation, sample_m, instance.metric_crs)
    asked = ("climbs_stairs", "stairs_factor", "max_grade")
    return {
        profile["profile"]: walking(network, slopes, **{key: profile[key] for key in asked}).usable
        for profile in instance["profiles"].to_dict("records")
    }
