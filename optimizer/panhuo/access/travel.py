"""Sparse walking minutes and metres between demand points and places."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.access.along import Along, Told, along
from panhuo.access.given import Given
from panhuo.access.keeping import kept
from panhuo.access.places import places as list_places
from panhuo.access.snaps import Snaps, no_islands, snaps
from panhuo.access.standards import ROUNDING
from panhuo.access.straight import straight
from panhuo.instance import Instance

Codes = NDArray[np.uint8]

ORIGINS = ("given", "straight", "network", "bus")
"""Where minutes come from: a given table, a straight line × detour, the network on foot, the network and a ride."""

GIVEN, STRAIGHT, NETWORK, BUS = range(4)


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
    origin : mapping of str to csr_matrix of uint8, (D, L)
        By walking profile, where the minutes of each stored pair come from: codes index :data:`ORIGINS`. A stored 0 is
        a given pair.
    snapping : Snaps or None
        How people and places lie to the network; ``None`` where minutes do not come from one.
    kept : Path or None
        The file on disk they were read from; ``None`` where they were worked out just now.
    """

    places: pd.DataFrame
    minutes: Mapping[str, sp.csr_matrix]
    metres: sp.csr_matrix
    origin: Mapping[str, sp.csr_matrix]
    snapping: Snaps | None = None
    kept: Path | None = None


def travel(
    instance: Instance,
    *,
    cache: Path | None = None,
    threads: int = 0,
    progress: Told | None = None,
    stop: threading.Event | None = None,
) -> Travel:
    """Work out minutes and metres, by the access method the instance asks for.

    Parameters
    ----------
    cache : Path, optional
        Folder in which what was worked out along a network is kept for the next time.
    threads : int
        Threads of the search; 0: as many as the machine has processors.
    progress : callable, optional
        Is told the share of the work that is done; not where nothing takes long.
    stop : Event, optional
        Set to make the search end early.

    Raises
    ------
    InstanceError
        Nobody can walk to a place, as it lies on an island of the network; or all places lie off the network.
    StoppedError
        ``stop`` was set.
    """
    places = list_places(instance)
    given, snapping, file = Given(instance, places), None, None
    profiles = instance["profiles"]
    speeds = dict(zip(profiles["profile"], profiles["speed_km_h"] * 1000 / 60, strict=True))
    network, method = instance.network, instance.settings.access.method
    if method == "network":
        if network is None:
            raise ValueError("access.method is network, and the instance has none")

        def make() -> Along:
            return along(instance, network, places, threads=threads, progress=progress, stop=stop)

        found = make() if cache is None else kept(instance, cache, make)
        snapping, file = snaps(instance, places, found.legs, found.component), found.file
        no_islands(instance, places, found.component)
        minutes, metres = dict(found.minutes), found.metres
        origin = {p: np.where(found.rode[p], BUS, NETWORK).astype(np.uint8) for p in speeds}
    elif method == "minutes":
        metres = sp.csr_matrix((len(instance["demand"]), len(places)))
        minutes = dict.fromkeys(speeds, metres)
        origin = {p: np.zeros(0, dtype=np.uint8) for p in speeds}
    else:
        walked = straight(instance, places, max(speeds.values()))
        metres = _like(walked, np.round(walked.data, ROUNDING))
        minutes = {p: _like(walked, np.round(walked.data / speed, ROUNDING)) for p, speed in speeds.items()}
        origin = {p: np.full(walked.nnz, STRAIGHT, dtype=np.uint8) for p in speeds}
    if len(given):
        for profile in speeds:
            minutes[profile], origin[profile] = given.minutes(profile, minutes[profile], origin[profile])
        metres = given.metres(metres)
    codes = {p: _like(minutes[p], origin[p]) for p in speeds}
    return Travel(places, minutes, metres, codes, snapping, file)


def _like(pattern: sp.csr_matrix, data: NDArray[np.generic]) -> sp.csr_matrix:
    return sp.csr_matrix((data, pattern.indices, pattern.indptr), shape=pattern.shape)
