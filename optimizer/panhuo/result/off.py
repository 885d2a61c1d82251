"""Who is off the network: named, with the metres that part them from it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from panhuo.access import Catchments, Snaps, to_walkable
from panhuo.instance import Instance
from panhuo.words import T, Text, figures
from panhuo.words.names import name, some

_NAMED = 5
"""So many are named one by one, the others counted."""

_MOST = 0.5
"""Share of a profile's people off the network above which the profile is named."""


def off_sites(instance: Instance, catchments: Catchments) -> NDArray[np.bool_]:
    """Mark the sites off the network for every walking profile to which no minutes are given, (J,)."""
    sites = instance["sites"]
    if catchments.snapping is None:
        return np.zeros(len(sites), dtype=bool)
    off = _everywhere(catchments.snapping)[1][: len(sites)]
    return np.asarray(off & ~sites["id"].isin(instance["minutes"]["place"]).to_numpy(bool))


def off_said(instance: Instance, snaps: Snaps | None) -> tuple[Text, ...]:
    """Name places and demand points off the network, those with most people first, and profiles most of whom are.

    Places to which minutes are given, demand points from which they are, and sites that are excluded are passed over.
    """
    if snaps is None:
        return ()
    return (*_points(instance, snaps), *_profiles(instance, snaps))


def _everywhere(snaps: Snaps) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Mark demand points and places off the network for every profile."""
    return (
        np.logical_and.reduce(list(snaps.off_demand.values())),
        np.logical_and.reduce(list(snaps.off_places.values())),
    )


def _points(instance: Instance, snaps: Snaps) -> Iterator[Text]:
    demand, sites, existing, given = (instance[table] for table in ("demand", "sites", "existing", "minutes"))
    points, places = _everywhere(snaps)
    out = (sites["status"] == "excluded") | sites["id"].isin(instance.settings.policy.excluded_sites)
    off = places[: len(sites)] & ~(out | sites["id"].isin(given["place"])).to_numpy(bool)
    if off.any():
        yield T("Rooms off the network, to which nobody walks: {places}", places=_listed(instance, "sites", off))
    off = places[len(sites) :] & ~existing["id"].isin(given["place"]).to_numpy(bool)
    if off.any():
        yield T(
            "Existing facilities off the network, to which nobody walks: {places}",
            places=_listed(instance, "existing", off),
        )
    off = points & ~demand["id"].isin(given["demand"]).to_numpy(bool)
    if off.any():
        persons = demand[[f"people_{group}" for group in instance.groups]].to_numpy(float).sum(axis=1)
        yield T(
            "Demand points off the network, {people} in all: {points}",
            people=figures.figure(figures.people, persons[off].sum()), points=_listed(instance, "demand", off, persons),
        )  # fmt: skip


def _listed(instance: Instance, table: str, off: NDArray[np.bool_], persons: NDArray[np.float64] | None = None) -> Text:
    """Name the first few rows of a table, or those with most people, each with its metres to what can be walked."""
    rows = np.flatnonzero(off)
    if persons is not None:
        rows = rows[np.argsort(-persons[rows], kind="stable")]
    frame = instance[table]
    first = rows[:_NAMED]
    metres = to_walkable(instance, frame[["x_m", "y_m"]].to_numpy(float)[first])
    ids = frame["id"].iloc[first]
    if persons is None:
        parts = [T("{id} ({metres} m)", id=i, metres=figures.count(m)) for i, m in zip(ids, metres, strict=True)]
    else:
        parts = [
            T("{id} ({people}, {metres} m)", id=i, people=figures.figure(figures.people, p), metres=figures.count(m))
            for i, p, m in zip(ids, persons[first], metres, strict=True)
        ]
    return some(parts, len(rows))


def _profiles(instance: Instance, snaps: Snaps) -> Iterator[Text]:
    profiles = instance["profiles"].set_index("profile")
    for row in snaps.legs[snaps.legs["kind"] == "demand"].to_dict("records"):
        if row["persons"] > 0 and row["persons_off"] > _MOST * row["persons"]:
            said = profiles.loc[row["profile"]]
            yield T(
                "{share}% of the people of the profile {profile} are off the network: within {metres} m of them lies "
                "no line that this profile can use (climbs_stairs, max_grade)",
                share=f"{100 * row['persons_off'] / row['persons']:.0f}",
                profile=name(said["name_en"] or row["profile"], said["name_zh"]),
                metres=f"{instance.settings.access.max_snap_m:g}",
            )
