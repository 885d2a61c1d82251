"""Who is reached, by brute force: every demand point against every place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.instance import Instance
from panhuo.result.verify.exact import MICRO
from panhuo.result.verify.stock import Stock

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

_NOBODY = 1e-5
"""Persons that rounding may leave over."""

_CELLS = 4_000_000
"""Pairs of demand point and place looked at in one block."""


@dataclass(frozen=True)
class Choice:
    """What is open: chosen services by site, and the existing facilities that close."""

    chosen: dict[str, set[str]]
    closed: Bools

    @classmethod
    def of(cls, instance: Instance, plan: pd.DataFrame) -> Choice:
        """Read the choice from the rows of plan.csv."""
        chosen: dict[str, set[str]] = {}
        closing = {m for m, mode in instance.settings.modes.items() if mode.closes_existing}
        gone = set()
        for site, mode, service in zip(plan["site"], plan["mode"], plan["service"], strict=True):
            chosen.setdefault(service, set()).add(site)
            if mode in closing:
                gone.add(site)
        return cls(chosen, instance["existing"]["site_id"].isin(gone).to_numpy(bool))


@dataclass(frozen=True)
class Reached:
    """Who is reached: demand points × profiles × services.

    Parameters
    ----------
    demand : (D, W, K) float [persons]
        People in need.
    before, after, reachable : (D, W, K) bool
        Served by what exists; by what is open under the plan; by anything there is or may be.
    nearest : (D, W, K) float
        Minutes or metres to the nearest open place within the standard; inf where there is none, 0 for units.
    gain : (J, K) float [persons]
        People left out by the plan whom the site would reach with the service: nothing covers them, or they are
        assigned nowhere.
    pairs : list of DataFrame
        For the rows of every allocation: ``inside`` (within the standard), ``minutes``, ``metres``, ``near``
        (what counts for the service).
    within : dict of (profile, service) to (2, pairs) int
        For services with capacity or tariffs: positions of demand points and of the places within their standard
        that give the service or may.
    """

    demand: Floats
    before: Bools
    after: Bools
    reachable: Bools
    nearest: Floats
    gain: Floats
    pairs: list[pd.DataFrame]
    within: dict[tuple[str, str], NDArray[np.int64]]


class Ground:
    """Positions, speeds and standards of an instance, ready for brute force."""

    def __init__(self, instance: Instance) -> None:
        demand, sites, existing = instance["demand"], instance["sites"], instance["existing"]
        self.services = instance["services"]
        self.profiles = instance["profiles"]
        self.place_at = {p: i for i, p in enumerate([*sites["id"], *existing["id"]])}
        self.n_sites, self.places = len(sites), len(sites) + len(existing)
        self.from_xy = demand[["x_m", "y_m"]].to_numpy(float)
        self.to_xy = np.concatenate([t[["x_m", "y_m"]].to_numpy(float) for t in (sites, existing)])
        self.from_unit = demand["unit"].to_numpy(object)
        self.to_unit = np.concatenate([t["unit"].to_numpy(object) for t in (sites, existing)])
        self.detour = instance.settings.access.detour
        self.straight = instance.settings.access.method == "straight"
        given = instance["minutes"]
        at = {d: i for i, d in enumerate(demand["id"])}
        self.given = pd.DataFrame(
            {
                "i": [at[d] for d in given["demand"]],
                "l": [self.place_at[p] for p in given["place"]],
                "profile": given["profile"].to_numpy(object),
                "minutes": given["minutes"].to_numpy(float),
                "metres": given["metres"].to_numpy(float),
            }
        ).astype({"i": np.int64, "l": np.int64})

    def metres(self, lo: int, hi: int) -> Floats:
        """Give the walking metres of a block of demand points to every place, not yet rounded, (hi − lo, L)."""
        if not self.straight:
            return np.full((hi - lo, self.places), np.inf)
        apart = self.from_xy[lo:hi, None, :] - self.to_xy[None, :, :]
        return np.sqrt((apart**2).sum(axis=2)) * self.detour

    def with_given(self, lo: int, hi: int, values: Floats, column: str, profile: str | None) -> Floats:
        """Round to 0.001 and lay given values over it; a row for one profile rules over a row for all."""
        out = np.round(values, 3)
        mine = self.given[(self.given["i"] >= lo) & (self.given["i"] < hi) & self.given[column].notna()]
        for own in (mine["profile"] == "", mine["profile"] == profile):
            rows = mine[own] if profile is not None else mine
            out[rows["i"] - lo, rows["l"]] = np.round(rows[column], 3)
        return out

    def same_unit(self, lo: int, hi: int) -> Bools:
        """Membership: the demand point lies in the place's unit, (hi − lo, L)."""
        mine = self.from_unit[lo:hi, None]
        same: Bools = (mine == self.to_unit[None, :]) & (mine != "")
        return same


def needs(instance: Instance) -> Floats:
    """People in need by demand point, profile and service: Σ over the profile's groups of rate × people."""
    demand = instance["demand"]
    services = {k: i for i, k in enumerate(instance["services"]["service"])}
    out = np.zeros((len(demand), len(instance["profiles"]), len(services)))
    walks = {g: w for w, groups in enumerate(instance["profiles"]["groups"]) for g in groups}
    for row in instance["needs"].itertuples():
        out[:, walks[row.group], services[row.service]] += row.rate * demand[f"people_{row.group}"].to_numpy(float)
    return out


def positions(instance: Instance, allocation: pd.DataFrame) -> pd.DataFrame:
    """Translate the keys of an allocation into positions; rows that name nothing known are left out."""
    places = [*instance["sites"]["id"], *instance["existing"]["id"]]
    at = pd.DataFrame(
        {
            "i": pd.Index(instance["demand"]["id"]).get_indexer(allocation["demand"]),
            "w": pd.Index(instance["profiles"]["profile"]).get_indexer(allocation["profile"]),
            "k": pd.Index(instance["services"]["service"]).get_indexer(allocation["service"]),
            "l": pd.Index(places).get_indexer(allocation["place"]),
        },
        index=allocation.index,
    )
    return at[(at >= 0).all(axis=1)]


def assigned(instance: Instance, stock: Stock, allocation: pd.DataFrame, at: pd.DataFrame) -> Floats:
    """Add up whom an allocation assigns, of services with capacity or tariffs, (D, W, K) [persons].

    Parameters
    ----------
    at : DataFrame
        Its positions.
    """
    services = instance["services"]["service"]
    micro = np.zeros((len(instance["demand"]), len(instance["profiles"]), len(services)), dtype=np.int64)
    mine = at[services.isin(stock.menu.flow).to_numpy()[at["k"]]]
    people = allocation["assigned_persons"].loc[mine.index].to_numpy(np.int64)
    np.add.at(micro, (mine["i"], mine["w"], mine["k"]), people)
    return micro / MICRO


def reached(
    instance: Instance, stock: Stock, choice: Choice, sent: Floats, allocations: Sequence[pd.DataFrame]
) -> Reached:
    """Look at every pair.

    Parameters
    ----------
    sent : (D, W, K) float [persons]
        Whom the plan assigns to places of services with capacity or tariffs.
    allocations : sequence of DataFrame
        Positions ``i`` (demand point), ``w`` (profile), ``k`` (service) and ``l`` (place) to look up.
    """
    ground, demand = Ground(instance), needs(instance)
    sites = list(stock.sites)
    offered = {(o.site, o.service) for o in stock.options.values()}
    existing = instance["existing"]["service"].to_numpy(object)
    flags = [np.zeros(demand.shape, dtype=bool) for _ in range(3)]
    nearest, gain = np.full(demand.shape, np.inf), np.zeros((len(sites), demand.shape[2]))
    lookups: list[list[pd.DataFrame]] = [[] for _ in allocations]
    blocks: dict[tuple[str, str], list[NDArray[np.int64]]] = {}
    step = max(1, _CELLS // max(ground.places, 1))
    for lo in range(0, len(demand), step):
        hi = min(lo + step, len(demand))
        raw = ground.metres(lo, hi)
        metres = ground.with_given(lo, hi, raw, "metres", None)
        member = ground.same_unit(lo, hi) if (ground.services["measure"] == "unit").any() else np.empty((0, 0), bool)
        for w, profile in enumerate(ground.profiles.itertuples()):
            minutes = ground.with_given(lo, hi, raw / (profile.speed_km_h * 1000 / 60), "minutes", profile.profile)
            for k, service in enumerate(ground.services.itertuples()):
                near, inside = _catchment(service, minutes, metres, member)
                name, here = service.service, existing == service.service
                can = np.array([(s, name) in offered for s in sites], dtype=bool)
                chosen = np.array([s in choice.chosen.get(name, ()) for s in sites], dtype=bool)
                is_open = np.concatenate([chosen, here & ~choice.closed])
                ever, block = np.concatenate([can, here]), (slice(lo, hi), w, k)
                flags[0][block] = inside[:, ground.n_sites :][:, here].any(axis=1)
                flags[1][block] = inside[:, is_open].any(axis=1)
                flags[2][block] = inside[:, ever].any(axis=1)
                if is_open.any():
                    nearest[block] = np.where(inside[:, is_open], near[:, is_open], np.inf).min(axis=1)
                flows = name in stock.menu.flow
                left = demand[block] - sent[block] if flows else demand[block] * ~flags[1][block]
                gain[:, k] += np.where(left > _NOBODY, left, 0.0) @ inside[:, : ground.n_sites]
                if flows:
                    i, place = np.nonzero(inside & ever[None, :])
                    blocks.setdefault((profile.profile, name), []).append(np.stack([i + lo, place]))
                for found, of in zip(lookups, allocations, strict=True):
                    rows = of[(of["i"] >= lo) & (of["i"] < hi) & (of["w"] == w) & (of["k"] == k)]
                    at = rows["i"] - lo, rows["l"]
                    columns = {"inside": inside[at], "minutes": minutes[at], "metres": metres[at], "near": near[at]}
                    found.append(pd.DataFrame(columns, index=rows.index))
    pairs_of = [pd.concat(found).reindex(of.index) for found, of in zip(lookups, allocations, strict=True)]
    within = {key: np.concatenate(found, axis=1) for key, found in blocks.items()}
    return Reached(demand, flags[0], flags[1], flags[2], nearest, gain, pairs_of, within)


def _catchment(service: object, minutes: Floats, metres: Floats, member: Bools) -> tuple[Floats, Bools]:
    """Say what counts for a service, and who lies within its standard: a catchment is closed."""
    measure = getattr(service, "measure", "")
    if measure == "unit":
        return np.zeros(member.shape), member
    if measure == "minutes":
        return minutes, minutes <= getattr(service, "standard_min", np.nan)
    return metres, metres <= getattr(service, "standard_m", np.nan)
