"""Where people can walk to a few places from in so many minutes: demand points, and the streets between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panhuo.access.streets import as_demand, stations, usable, with_tables
from panhuo.access.travel import travel
from panhuo.instance import Instance

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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
    at, edge = stations(instance)
    profiles = list(instance["profiles"]["profile"])
    demand = _to_sites(instance, sites, limit_min)
    if not len(at):
        nowhere = dict.fromkeys(profiles, np.empty((0, len(sites))))
        return Areas(limit_min, sites, demand, at, edge, nowhere)
    nothing_given = instance["minutes"].iloc[:0]
    streets = _to_sites(with_tables(instance, demand=as_demand(instance, at), minutes=nothing_given), sites, limit_min)
    for profile, open_ in usable(instance).items():
        streets[profile][~open_[edge]] = np.inf
    return Areas(limit_min, sites, demand, at, edge, streets)


def _to_sites(instance: Instance, sites: Ints, limit_min: float) -> dict[str, Floats]:
    """Give the minutes from all demand points by profile, (D, S); inf beyond the limit."""
    mine = instance["sites"].iloc[sites].reset_index(drop=True)
    service = instance["services"].iloc[[0]].assign(measure="minutes", standard_min=limit_min, standard_m=np.nan)
    given = instance["minutes"][instance["minutes"]["place"].isin(mine["id"])].reset_index(drop=True)
    none = instance["existing"].iloc[:0]
    asked = with_tables(instance, sites=mine, services=service, minutes=given, existing=none)
    found = {}
    for profile, minutes in travel(asked).minutes.items():
        found[profile] = np.full(minutes.shape, np.inf)
        near = minutes.tocoo()
        within = near.data <= limit_min
        found[profile][near.row[within], near.col[within]] = near.data[within]
    return found
