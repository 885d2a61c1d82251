"""Catchments: which demand points a place serves within the service's standard."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.access.along import Told
from panhuo.access.snaps import Snaps
from panhuo.access.standards import thinned
from panhuo.access.travel import Travel, travel
from panhuo.instance import Instance


@dataclass(frozen=True)
class Catchments:
    """Who lies within the standard of whom.

    Parameters
    ----------
    travel : Travel
        Sparse minutes and metres the catchments were cut from.
    measure : mapping of str to str
        By service: minutes, metres or unit.
    standard : mapping of str to float
        By service: the standard [min or m]; NaN for membership of a unit.
    member : csr_matrix of bool, (D, L)
        The demand point lies in the unit the place stands in.
    """

    travel: Travel
    measure: Mapping[str, str]
    standard: Mapping[str, float]
    member: sp.csr_matrix

    @property
    def places(self) -> pd.DataFrame:
        """The places (columns of every matrix here): place, kind, row; sites first."""
        return self.travel.places

    @property
    def minutes(self) -> Mapping[str, sp.csr_matrix]:
        """Minutes by profile, (D, L)."""
        return self.travel.minutes

    @property
    def metres(self) -> sp.csr_matrix:
        """Walking metres, (D, L)."""
        return self.travel.metres

    @property
    def origin(self) -> Mapping[str, sp.csr_matrix]:
        """Where minutes come from, by profile, (D, L); codes index ``ORIGINS``."""
        return self.travel.origin

    @property
    def snapping(self) -> Snaps | None:
        """How people and places lie to the network; ``None`` where minutes do not come from one."""
        return self.travel.snapping

    def within(self, service: str, profile: str) -> sp.csr_matrix:
        """Give N[i,w,k] for all places: at or below the standard (a catchment is closed).

        Parameters
        ----------
        service, profile : str
            k and w.

        Returns
        -------
        csr_matrix of bool, (D, L)
        """
        measure = self.measure[service]
        if measure == "unit":
            return self.member
        reach = self.minutes[profile] if measure == "minutes" else self.metres
        near = thinned(reach, np.ones(reach.nnz, dtype=bool), reach.data <= self.standard[service])
        near.sort_indices()  # neighbours by straight line come in no order
        return near


def catchments(
    instance: Instance,
    *,
    cache: Path | None = None,
    threads: int = 0,
    progress: Told | None = None,
    stop: threading.Event | None = None,
) -> Catchments:
    """Cut the catchments of every service and profile.

    Standards: minutes, network metres or membership of a unit, as the service catalogue says
    (TD/T 1062-2021 and GB 50180-2018 state all three kinds).

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
    services = instance["services"]
    standard = services["standard_min"].where(services["measure"] == "minutes", services["standard_m"])
    way = travel(instance, cache=cache, threads=threads, progress=progress, stop=stop)
    return Catchments(
        way,
        dict(zip(services["service"], services["measure"], strict=True)),
        dict(zip(services["service"], standard, strict=True)),
        _member(instance, way.places),
    )


def _member(instance: Instance, places: pd.DataFrame) -> sp.csr_matrix:
    demand = instance["demand"]
    units = pd.concat([instance["sites"]["unit"], instance["existing"]["unit"]], ignore_index=True)
    known = pd.Index(demand["unit"]).unique().drop("", errors="ignore")
    left, right = known.get_indexer(demand["unit"]), known.get_indexer(units)

    def incidence(codes: NDArray[np.intp]) -> sp.csr_matrix:
        at = np.flatnonzero(codes >= 0)
        return sp.csr_matrix((np.ones(len(at), dtype=bool), (at, codes[at])), shape=(len(codes), max(len(known), 1)))

    member: sp.csr_matrix = (incidence(left) @ incidence(right).T).tocsr().astype(bool)
    assert member.shape == (len(demand), len(places))
    return member
