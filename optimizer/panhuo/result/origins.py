"""Where minutes come from, and who is off the network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from panhuo.access import ORIGINS, Catchments
from panhuo.instance import Instance
from panhuo.words import T, Text, figures


def minutes_from(instance: Instance, catchments: Catchments) -> dict[str, int]:
    """Count the pairs of demand point and place within the longest standard in minutes, for all profiles together.

    Returns
    -------
    dict of str to int
        By where their minutes come from: given, straight, network or bus.
    """
    services = instance["services"]
    longest = services["standard_min"][services["measure"] == "minutes"].max()
    counts = np.zeros(len(ORIGINS), dtype=np.int64)
    for profile, minutes in catchments.minutes.items():
        within = minutes.data <= longest  # NaN, where no service is measured in minutes, keeps nothing
        counts += np.bincount(catchments.origin[profile].data[within], minlength=len(ORIGINS))
    return dict(zip(ORIGINS, counts.tolist(), strict=True))


def off_network(instance: Instance, catchments: Catchments) -> dict[str, int] | None:
    """Count who is off the network for every walking profile; ``None`` where there is no network."""
    snaps = catchments.snapping
    if snaps is None:
        return None
    points, places = (np.logical_and.reduce(list(off.values())) for off in (snaps.off_demand, snaps.off_places))
    sites = len(instance["sites"])
    return {"demand": int(points.sum()), "sites": int(places[:sites].sum()), "existing": int(places[sites:].sum())}


def way_said(instance: Instance, minutes: Mapping[str, int], off: Mapping[str, Any] | None) -> Text:
    """Say in one line where the minutes come from.

    Parameters
    ----------
    minutes, off : mapping
        As :func:`minutes_from` and :func:`off_network` count them.
    """
    access, network = instance.settings.access, instance.network
    if off is not None and network is not None:
        lines = figures.count(len(np.unique(network.row[network.walk])))
        way = T("along the network with slope (lines: {lines})", lines=lines)
        if instance.elevation is None:
            way = T("along the network, taken as flat (lines: {lines})", lines=lines)
        if minutes["bus"]:
            way = T("{way} and by bus", way=way)
        way = T(
            "{way}; off it: demand points {demand} of {points}, rooms {sites} of {rooms}",
            way=way, demand=figures.count(off["demand"]), points=figures.count(len(instance["demand"])),
            sites=figures.count(off["sites"]), rooms=figures.count(len(instance["sites"])),
        )  # fmt: skip
    elif access.method == "minutes":
        return T("Minutes: as given.")
    else:
        way = T("by straight lines × {detour}", detour=f"{access.detour:g}")
    if minutes["given"]:
        way = T("{way}; pairs as given: {pairs}", way=way, pairs=figures.count(minutes["given"]))
    return T("Minutes: {way}.", way=way)
