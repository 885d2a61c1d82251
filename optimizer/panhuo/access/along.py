"""Minutes and metres along the network: snapping, cutting, searching, once for all profiles that share a way."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.access.buses import Buses, buses
from panhuo.access.graph import Arcs, Cut, cut
from panhuo.access.heights import relief
from panhuo.access.search import bounded
from panhuo.access.shapes import measured
from panhuo.access.snapping import Positions, snapped
from panhuo.access.standards import SLACK, longest, thinned, within
from panhuo.access.ways import Way, on_foot, walking
from panhuo.instance import Instance
from panhuo.instance.maps import Network
from panhuo.instance.tabular import records

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Told = Callable[[float], None]
"""Called with the share of the work that is done, 0 to 1."""

SAVED_M = 1e-6
"""Minutes come from the bus where it saves more than this [m on the flat]: less is rounding."""


@dataclass(frozen=True, eq=False)
class Along:
    """What was worked out along the network.

    Points are demand points, then places, then bus stops: P = D + L + Z.

    Parameters
    ----------
    minutes : dict of str to csr_matrix, (D, L) [min]
        By profile.
    rode : dict of str to (nnz,) bool
        For every stored pair of it whether a ride is part of the way.
    metres : csr_matrix, (D, L) [m]
        Empty where no service is measured in metres.
    legs : dict of str to (P,) float [m]
        By profile, the leg of every point; infinite for those off the network.
    component : (P,) int
        Piece of the walkable network each point lies on; -1 for those off it.
    file : Path or None
        The file it was kept in and read from; ``None`` where it was worked out just now.
    """

    minutes: dict[str, sp.csr_matrix]
    rode: dict[str, Bools]
    metres: sp.csr_matrix
    legs: dict[str, Floats]
    component: Ints
    file: Path | None = None


@dataclass(eq=False)
class _Group:
    """Profiles for which every cost is the same, in metres on the flat; ``metres`` where these are metres as well."""

    way: Way
    rides_at: float | None
    speeds: dict[str, float] = field(default_factory=dict)
    metres: bool = False

    def horizon(self, longest_min: float, longest_m: float) -> float:
        """Cost beyond which nothing is of use."""
        by_minutes = [(longest_min + SLACK) * speed for speed in self.speeds.values()]
        far = [*by_minutes, *([longest_m + SLACK] if self.metres else [])]
        return float(np.nanmax([0.0, *far]))


def along(
    instance: Instance,
    network: Network,
    places: pd.DataFrame,
    *,
    threads: int = 0,
    progress: Told | None = None,
    stop: threading.Event | None = None,
) -> Along:
    """Work out minutes and metres along the network.

    Parameters
    ----------
    network : Network
        The network.
    places : DataFrame
        The places.
    threads : int
        Threads of the search; 0: as many as the machine has processors.
    progress : callable, optional
        Is told the share of the work that is done.
    stop : Event, optional
        Set to make the search end early.

    Raises
    ------
    StoppedError
        ``stop`` was set.
    """
    shapes, lines = measured(network), buses(instance["bus"])
    xy = [instance["demand"][["x_m", "y_m"]], places[["x_m", "y_m"]]]
    points = np.concatenate([t.to_numpy(np.float64) for t in xy] + ([lines.xy] if lines else []))
    most_m = instance.settings.access.max_snap_m
    found: dict[bytes, Positions] = {}

    def lying(way: Way) -> Positions:
        """Snap all points to the edges of a way; ways that use the same edges share it."""
        key = way.usable.tobytes()
        if key not in found:
            found[key] = snapped(shapes, way.usable, points, most_m)
        return found[key]

    foot = on_foot(network)
    at = lying(foot)
    component = np.where(at.on, network.component[network.start[at.edge]], -1)
    slopes = relief(network, shapes, instance.elevation, instance.settings.access.sample_m, instance.metric_crs)
    groups: dict[tuple[bytes, float | None], _Group] = {(_digest(foot), None): _Group(foot, None, metres=True)}
    legs = {}
    for profile in records(instance["profiles"]):
        way = walking(network, slopes, **{k: profile[k] for k in ("climbs_stairs", "stairs_factor", "max_grade")})
        speed = profile["speed_km_h"] * 1000 / 60
        rides_at = speed if lines is not None and profile["rides_bus"] else None
        group = groups.setdefault((_digest(way), rides_at), _Group(way, rides_at))
        group.speeds[profile["profile"]] = speed
        legs[profile["profile"]] = lying(group.way).leg_m
    del slopes
    search = _Search(instance, network, places, lines, threads=threads, stop=stop)
    longest_min, longest_m = longest(instance, "minutes"), longest(instance, "metres")
    wanted = [g for g in groups.values() if g.horizon(longest_min, longest_m) > 0]
    result = Along({}, {}, sp.csr_matrix(search.shape), legs, component)
    for n, group in enumerate(wanted):
        costs, rode = search.run(
            group, lying(group.way), group.horizon(longest_min, longest_m), _part(progress, n, len(wanted))
        )
        if group.metres:
            result = replace(result, metres=within(costs, 1.0, longest_m)[0])
        for profile_name, speed in group.speeds.items():
            result.minutes[profile_name], kept = within(costs, speed, longest_min)
            result.rode[profile_name] = rode[kept]
        del costs, rode  # before the next ones come: there are many pairs
    for profile_name in legs:
        result.minutes.setdefault(profile_name, sp.csr_matrix(search.shape))
        result.rode.setdefault(profile_name, np.zeros(0, dtype=bool))
    return result


class _Search:
    """The searches of an instance, group by group."""

    def __init__(
        self,
        instance: Instance,
        network: Network,
        places: pd.DataFrame,
        lines: Buses | None,
        *,
        threads: int,
        stop: threading.Event | None,
    ) -> None:
        self.shape = len(instance["demand"]), len(places)
        self._network, self._lines = network, lines
        self._way_home = instance.settings.access.way_home
        self._how: dict[str, Any] = {"threads": threads, "stop": stop}

    def run(self, group: _Group, at: Positions, horizon: float, progress: Told) -> tuple[sp.csr_matrix, Bools]:
        """Find what one group needs: costs in metres on the flat, (D, L), and for each whether a ride is part of it."""
        demand, places = self.shape
        cuts = cut(self._network, group.way, at.part(demand, len(at.edge)))
        beside = self._rides(group, cuts, at.part(demand + places, len(at.edge)), places)
        ways = 1 + self._way_home
        there, rode = self._way(cuts, beside, at, horizon, _part(progress, 0, ways), there=True)
        if not self._way_home:
            return there, rode
        back, back_rode = self._way(cuts, beside, at, horizon, _part(progress, 1, ways), there=False)
        return _worse(there, rode, back, back_rode)

    def _way(
        self, cuts: Cut, beside: Arcs | None, at: Positions, horizon: float, progress: Told, *, there: bool
    ) -> tuple[sp.csr_matrix, Bools]:
        """Search towards the places, or from them; where there are buses, once more without, to see where they save."""
        if beside is None:
            costs = self._searched(cuts, None, at, horizon, progress, there=there)
            return costs, np.zeros(costs.nnz, dtype=bool)
        on_foot = self._searched(cuts, None, at, horizon, _part(progress, 0, 2), there=there)
        costs = self._searched(cuts, beside, at, horizon, _part(progress, 1, 2), there=there)
        walked, found = _at(on_foot, costs)
        return costs, ~found | (walked - costs.data > SAVED_M)

    def _searched(
        self, cuts: Cut, beside: Arcs | None, at: Positions, horizon: float, progress: Told, *, there: bool
    ) -> sp.csr_matrix:
        demand, places = self.shape
        sources = cuts.anchors(at.part(demand, demand + places), 0)
        targets = cuts.ends(at.part(0, demand), leaving=there)
        return bounded(
            cuts.graph(reverse=there, beside=beside), sources, horizon, targets,
            progress=lambda done: progress(done / places), **self._how,
        ).by_target()  # fmt: skip

    def _rides(self, group: _Group, cuts: Cut, stops: Positions, places: int) -> Arcs | None:
        if group.rides_at is None or self._lines is None:
            return None
        return self._lines.arcs(cuts, stops, cuts.anchor[places:], group.rides_at)


def _digest(way: Way) -> bytes:
    """Tell ways apart."""
    digest = hashlib.blake2b(way.open.tobytes())
    digest.update(way.first.tobytes())
    digest.update(way.cost.tobytes())
    return digest.digest()


def _part(progress: Told | None, number: int, of: int) -> Told:
    """Make the progress of one of several equal parts that of the whole."""
    return (lambda _: None) if progress is None else (lambda done: progress((number + done) / of))


def _at(held: sp.csr_matrix, wanted: sp.csr_matrix) -> tuple[Floats, Bools]:
    """Look up the stored entries of one matrix in another: their values there, and whether they are stored there."""
    key, asked = (np.repeat(np.arange(m.shape[0]), np.diff(m.indptr)) * m.shape[1] + m.indices for m in (held, wanted))
    if not len(key):
        return np.zeros(len(asked)), np.zeros(len(asked), dtype=bool)
    at = np.minimum(np.searchsorted(key, asked), len(key) - 1)
    return held.data[at], key[at] == asked


def _worse(there: sp.csr_matrix, rode: Bools, back: sp.csr_matrix, back_rode: Bools) -> tuple[sp.csr_matrix, Bools]:
    """Keep the pairs found both ways, at the higher cost; on equal costs there is what counts."""
    home, both = _at(back, there)
    home_rode, _ = _at(sp.csr_matrix((back_rode, back.indices, back.indptr), shape=back.shape), there)
    longer = home > there.data
    return thinned(there, np.maximum(there.data, home), both), np.where(longer, home_rode, rode)[both].astype(bool)
