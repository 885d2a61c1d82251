"""Minutes and metres between demand points and places, group by group of places: given, straight, along the network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import KDTree

from panhuo.instance import Instance
from panhuo.instance.tabular import tuples
from panhuo.result.verify.ground.along import Bools, Floats, Ints
from panhuo.result.verify.ground.graph import groups
from panhuo.result.verify.ground.walking import metres_per_minute
from panhuo.result.verify.ground.ways import BEYOND, Pairs, Streets, Trip, Way

GIVEN, STRAIGHT, NETWORK, BUS = ORIGINS = ("given", "straight", "network", "bus")
"""Where minutes may come from."""

_CODE = {name: code for code, name in enumerate(ORIGINS)}

_NO_TIME = 1e-9
"""Minutes that a ride does not save, but rounding may."""

_PAIRS = 16_000_000
"""Pairs of demand point and place that a group of places may have at most."""

_TOGETHER = 128
"""Places of a group."""

_REGION = 2048
"""Places of a region: its part of the network is cut out once for all its groups."""


@dataclass(frozen=True, eq=False)
class Near:
    """What lies near some places, by one measure.

    Parameters
    ----------
    demand, place : (P,) int
        Positions of demand points and places; no pair stands there twice.
    value : (P,) float
        Minutes or metres; 0 for membership of a unit.
    exact : (P,) float
        The same before it was rounded.
    origin : (P,) int
        Where it comes from, as positions in :data:`ORIGINS`.
    """

    demand: Ints
    place: Ints
    value: Floats
    exact: Floats
    origin: NDArray[np.int8]

    def inside(self, standard: float) -> Near:
        """Keep what lies within a standard: a catchment is closed."""
        return self.rows(np.flatnonzero(self.value <= standard))

    def rounded(self) -> Near:
        """Round to 0.001, as minutes and metres are before they are compared."""
        return replace(self, value=np.round(self.exact, 3))

    def of(self, place: Bools) -> Near:
        """Keep the places that are marked, (L,)."""
        return self.rows(np.flatnonzero(place[self.place]))

    def find(self, demand: Ints, place: Ints) -> Ints:
        """Find pairs: their positions here, -1 where they are not; (Q,)."""
        width = max(int(self.demand.max(initial=0)), int(demand.max(initial=0))) + 1
        keys, wanted = self.place * width + self.demand, place * width + demand
        order = np.argsort(keys)
        at = np.searchsorted(keys[order], wanted)
        found = np.append(order, -1)[at]
        hit = np.append(keys[order], -1)[at] == wanted
        return np.where(hit, found, -1)

    def rows(self, rows: Ints) -> Near:
        """Keep some pairs, by their positions here."""
        return Near(self.demand[rows], self.place[rows], self.value[rows], self.exact[rows], self.origin[rows])


@dataclass(frozen=True, eq=False)
class Block:
    """A group of places, and the demand points near them.

    Parameters
    ----------
    places : (B,) int
        The places.
    minutes : mapping of str to Near
        By walking profile, rounded to 0.001.
    metres, unit : Near
        By walking distance, rounded to 0.001, and by membership of a unit.
    """

    places: Ints
    minutes: Mapping[str, Near]
    metres: Near
    unit: Near


class Ground:
    """What lies between the demand points and the places of an instance."""

    def __init__(self, instance: Instance) -> None:
        demand, sites, existing = instance["demand"], instance["sites"], instance["existing"]
        self.services, self.profiles = instance["services"], instance["profiles"]
        self.n_sites, self.places, self.points = len(sites), len(sites) + len(existing), len(demand)
        self._from = demand[["x_m", "y_m"]].to_numpy(float)
        self._to = np.concatenate([t[["x_m", "y_m"]].to_numpy(float) for t in (sites, existing)])
        self._units = demand["unit"].to_numpy(object), pd.concat([sites["unit"], existing["unit"]]).to_numpy(object)
        self._access = instance.settings.access
        self._given = _given(instance, [*sites["id"], *existing["id"]])
        measured = {kind: self.services[self.services["measure"] == kind] for kind in ("minutes", "metres")}
        self.longest_min = float(measured["minutes"]["standard_min"].max())
        self._longest_m = float(measured["metres"]["standard_m"].max())
        self._tree = KDTree(self._from) if self._access.method == "straight" else None
        self._trips: dict[str, list[Trip]] = {}
        self._walked: Way | None = None
        self.off: dict[str, int] | None = None
        self.off_sites = np.zeros(self.n_sites, dtype=bool)
        if self._access.method == "network" and instance.network is not None:
            streets = Streets(instance, instance.network, np.concatenate([self._from, self._to]), self.points)
            off = streets.off(self.profiles)
            ends = {"demand": (0, self.points), "sites": (self.points, self.points + self.n_sites)}
            ends["existing"] = self.points + self.n_sites, len(off)
            self.off = {kind: int(off[lo:hi].sum()) for kind, (lo, hi) in ends.items()}
            lo, hi = ends["sites"]
            self.off_sites = off[lo:hi] & ~np.isin(np.arange(self.n_sites), self._given["place"])
            if not np.isnan(self.longest_min):
                self._trips = {row.profile: streets.minutes(row) for row in tuples(self.profiles)}
            if not np.isnan(self._longest_m):
                self._walked = streets.metres()

    def blocks(self, which: Bools) -> Iterator[Block]:
        """Look at the places that are marked, (L,), group by group."""
        most = int(np.clip(_PAIRS // max(self.points, 1), 1, _TOGETHER))
        for region in groups(self._to, np.flatnonzero(which), _REGION):
            trips = {p: [t.around(region, self.longest_min) for t in own] for p, own in self._trips.items()}
            walked = self._walked and self._walked.around(region, self._longest_m)
            for places in groups(self._to, region, most):
                yield self._block(places, trips, walked)

    def _block(self, places: Ints, trips: Mapping[str, list[Trip]], walked: Way | None) -> Block:
        """Look at a group of places."""
        given = self._given[self._given["place"].isin(places)]
        straight = self._straight(places)
        minutes = {
            row.profile: _overlaid(
                self._minutes(row, straight, trips.get(row.profile, []), places), given, "minutes", row.profile,
                self.points,
            )
            for row in tuples(self.profiles)
        }  # fmt: skip
        metres = _near(straight, STRAIGHT).rounded()
        if walked is not None:
            metres = _near(walked.pairs(places, self._longest_m), NETWORK).rounded().inside(self._longest_m)
        metres = _overlaid(metres, given, "metres", None, self.points)
        return Block(places, minutes, metres, self._same_unit(places))

    def _minutes(self, profile: Any, straight: Pairs | None, trips: list[Trip], places: Ints) -> Near:
        """Work out the minutes of a profile, before given ones are laid over them."""
        if straight is not None:
            minutes = straight.value / metres_per_minute(profile.speed_km_h)
            return _near(Pairs(straight.demand, straight.place, minutes), STRAIGHT).rounded()
        found = [self._trip(trip, places) for trip in trips]
        near = found[0] if found else _near(None, NETWORK)
        if len(found) == 2:  # the way home counts where it takes longer
            there, home = found
            at = home.find(there.demand, there.place)
            there, home = there.rows(np.flatnonzero(at >= 0)), home.rows(at[at >= 0])
            worse = home.value > there.value
            value, origin = np.maximum(there.value, home.value), np.where(worse, home.origin, there.origin)
            near = Near(there.demand, there.place, value, value, origin)
        return near.rounded().inside(self.longest_min)

    def _trip(self, trip: Trip, places: Ints) -> Near:
        """Work out the minutes of one way, not yet rounded, and whether people ride."""
        near = _near(trip.gone.pairs(places, self.longest_min), NETWORK)
        if trip.on_foot is None:
            return near
        walked = _near(trip.on_foot.pairs(places, self.longest_min), NETWORK)
        on_foot_min = np.append(walked.value, np.inf)[walked.find(near.demand, near.place)]
        rides = on_foot_min - near.value > _NO_TIME
        return replace(near, origin=np.where(rides, _CODE[BUS], _CODE[NETWORK]).astype(np.int8))

    def _straight(self, places: Ints) -> Pairs | None:
        """Measure straight lines × detour as far as any standard reaches; ``None`` where they do not count."""
        if self._tree is None:
            return None
        fastest = metres_per_minute(self.profiles["speed_km_h"].max())
        minutes, metres = (self.services[column].max() + BEYOND for column in ("standard_min", "standard_m"))
        furthest = float(np.nanmax([minutes * fastest, metres, 0.0]))
        here, radius = KDTree(self._to[places]), furthest / self._access.detour
        found = here.sparse_distance_matrix(self._tree, radius, output_type="ndarray")
        return Pairs(found["j"], places[found["i"]], found["v"] * self._access.detour)

    def _same_unit(self, places: Ints) -> Near:
        """Find the demand points in the units the places stand in."""
        if not (self.services["measure"] == "unit").any():
            return _near(None, GIVEN)
        lying, standing = self._units
        at = [np.flatnonzero((lying == standing[p]) & (lying != "")) for p in places]
        demand, place = np.concatenate(at), np.repeat(places, [len(rows) for rows in at])
        return _near(Pairs(demand, place, np.zeros(len(demand))), GIVEN)


def _given(instance: Instance, places: list[str]) -> pd.DataFrame:
    """Translate the given minutes into positions."""
    given = instance["minutes"]
    points = instance["demand"]["id"]
    # ids of places are unique where there are rows; a site and a facility may share one where there are none
    at = {
        column: given[column].map({name: n for n, name in enumerate(names)}).to_numpy(dtype=np.int64)
        for names, column in ((points, "demand"), (places, "place"))
    }
    columns = {**at, "profile": given["profile"]}
    return pd.DataFrame({**columns, "minutes": given["minutes"].astype(float), "metres": given["metres"].astype(float)})


def _near(pairs: Pairs | None, origin: str) -> Near:
    """Say where what was worked out comes from."""
    pairs = pairs or Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    code = np.full(len(pairs.demand), _CODE[origin], dtype=np.int8)
    return Near(pairs.demand, pairs.place, pairs.value, pairs.value, code)


def _overlaid(near: Near, given: pd.DataFrame, column: str, profile: str | None, points: int) -> Near:
    """Lay given values over it; a row for one profile rules over a row for all, and the last row over the others."""
    rows = given[given[column].notna()]
    if profile is not None:
        rows = pd.concat([rows[rows["profile"] == own] for own in ("", profile)])
    if rows.empty:
        return near
    code = np.full(len(rows), _CODE[GIVEN], dtype=np.int8)
    said = np.round(rows[column].to_numpy(), 3)
    over = Near(rows["demand"].to_numpy(), rows["place"].to_numpy(), said, said, code)
    demand, place, value, exact, origin = (
        np.concatenate([getattr(part, name) for part in (near, over)])[::-1]
        for name in ("demand", "place", "value", "exact", "origin")
    )
    _, last = np.unique(place * points + demand, return_index=True)
    return Near(demand[last], place[last], value[last], exact[last], origin[last])
