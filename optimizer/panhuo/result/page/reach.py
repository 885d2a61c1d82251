"""The area people can walk to a room from within the standard of a service, for the map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.access import Streets, streets
from panhuo.instance import Instance
from panhuo.result.page.frame import Frame
from panhuo.result.page.speech import Speech
from panhuo.result.plan import Result
from panhuo.words import T

_MOST_SITES = 400
"""Rooms whose area is worked out along the streets, the chosen ones first."""

_MOST_RUNS = 250_000
"""Stretches of street that the page holds at most; rooms that would go beyond it have none."""

Limit = tuple[str, float]
"""A profile (blank: anybody) and its limit in minutes; or in metres, of nobody in particular."""


def reach(result: Result, speech: Speech, frame: Frame) -> dict[str, Any]:
    """Give what the page draws around a room: rings of so many metres, or stretches of street.

    Returns
    -------
    dict
        ``said``: a sentence for every service. By straight lines ``rings``: radii [m] for every service, the largest
        first. Along a network ``limits``: for every service the names of its limits, the widest first; ``rooms``: by
        site and limit the first station and the number of stations of every stretch, one after the other; ``at``:
        positions of the stations.
    """
    instance = result.instance
    limits = {str(k): _limits(instance, str(k)) for k in instance["services"]["service"]}
    said = {service: _said(instance, own, speech) for service, own in limits.items()}
    method = instance.settings.access.method
    if method == "straight":
        return {"said": said, "rings": {k: _radii(instance, own) for k, own in limits.items()}}
    chosen = (result.tables["sites"]["chosen"] == "yes").to_numpy()
    order = np.argsort(~chosen, kind="stable")[: max(int(chosen.sum()), _MOST_SITES)]
    found = streets(instance, order) if method == "network" else None
    if found is None:
        return {"said": said}
    names = {k: [_name(limit) for limit in own] for k, own in limits.items()}
    return {"said": said, "limits": names, **_stretches(instance, order, found, limits, frame)}


def _limits(instance: Instance, service: str) -> list[Limit]:
    """List how far those in need of a service may walk, profile by profile, the fastest first."""
    catalogue = instance["services"].set_index("service")
    if catalogue.at[service, "measure"] == "unit":
        return []
    if catalogue.at[service, "measure"] == "metres":
        return [("", float(catalogue.at[service, "standard_m"]))]
    served = catalogue.at[service, "counts_as"] or service
    needs = instance["needs"]
    groups = set(needs["group"][(needs["service"] == served) & (needs["rate"] > 0)])
    profiles = instance["profiles"].sort_values("speed_km_h", ascending=False, kind="stable")
    minutes = float(catalogue.at[service, "standard_min"])
    return [(p["profile"], minutes) for p in profiles.to_dict("records") if groups & set(p["groups"])]


def _name(limit: Limit) -> str:
    return f"{limit[0]}|{limit[1]:g}"


def _said(instance: Instance, limits: Sequence[Limit], speech: Speech) -> str:
    access = instance.settings.access
    if not limits:
        return speech.text(T("It serves the people of its own unit."))
    if access.method == "minutes":
        return speech.text(T("Minutes are given pair by pair: there is no area to draw."))
    profile, most = limits[0]
    names = speech.row([speech.called("profiles", p) for p, _ in limits])
    far = T("{metres} m", metres=f"{most:g}") if not profile else T("{minutes} minutes", minutes=f"{most:g}")
    if access.method == "straight":
        way = T("straight lines × {detour}", detour=f"{access.detour:g}")
    else:
        way = T("along the streets")
    if not profile:
        return speech.text(T("Red: from where it is {far} at most, {way}.", far=speech.text(far), way=speech.text(way)))
    return speech.text(
        T("Red: from where it is {far} at most, {way} ({profiles}; the darker, the slower).", far=speech.text(far),
          way=speech.text(way), profiles=names)
        if len(limits) > 1
        else T("Red: from where it is {far} at most, {way} ({profiles}).", far=speech.text(far), way=speech.text(way),
               profiles=names)
    )  # fmt: skip


def _radii(instance: Instance, limits: Sequence[Limit]) -> list[float]:
    speeds = instance["profiles"].set_index("profile")["speed_km_h"] * 1000 / 60
    metres = [most * float(speeds[profile]) if profile else most for profile, most in limits]
    return [round(far / instance.settings.access.detour, 1) for far in metres]


def _stretches(
    instance: Instance, sites: NDArray[np.int64], found: Streets, limits: dict[str, list[Limit]],
    frame: Frame,
) -> dict[str, Any]:  # fmt: skip
    """Name the stretches between stations that both lie within a limit, room by room."""
    asked = {_name(limit): limit for own in limits.values() for limit in own}
    reached = {
        name: _within(found.minutes[profile] if profile else found.metres, most)
        for name, (profile, most) in asked.items()
    }
    rooms: dict[str, dict[str, NDArray[np.int64]]] = {}
    used, count = np.zeros(len(found.at), dtype=bool), 0
    for column, site in enumerate(instance["sites"]["id"].iloc[sites]):
        own = {name: _runs(near.getcol(column).indices, found.edge) for name, near in reached.items()}
        count += sum(len(first) for first, _ in own.values())
        if count > _MOST_RUNS:
            break
        for first, many in own.values():
            used[np.repeat(first - np.cumsum(many) + many, many) + np.arange(many.sum())] = True
        rooms[site] = {name: np.column_stack(run) for name, run in own.items()}
    rank = np.cumsum(used) - 1
    at = frame.at(found.at[used])
    return {
        "at": [at[:, 0].tolist(), at[:, 1].tolist()],
        "rooms": {
            site: {
                name: np.column_stack([rank[run[:, 0]], run[:, 1]]).ravel().tolist()
                for name, run in own.items()
            }
            for site, own in rooms.items()
        },
    }  # fmt: skip


def _within(costs: sp.csr_matrix, most: float) -> sp.csc_matrix:
    kept = costs.tocoo()
    near = kept.data <= most
    return sp.csc_matrix((np.ones(near.sum(), dtype=bool), (kept.row[near], kept.col[near])), shape=costs.shape)


def _runs(stations: NDArray[np.int32], edge: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Join stations that follow one another on an edge; a station alone makes no stretch."""
    at = np.sort(stations).astype(np.int64)
    breaks = np.flatnonzero((np.diff(at) != 1) | (edge[at[1:]] != edge[at[:-1]])) + 1
    begins = np.concatenate([[0], breaks])[: len(at)]
    many = np.diff(np.append(begins, len(at)))
    return at[begins[many > 1]], many[many > 1]
