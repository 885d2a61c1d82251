"""Who is reached: every demand point against every place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.instance import Instance
from panhuo.instance.tabular import tuples
from panhuo.result.verify.exact import MICRO
from panhuo.result.verify.ground import ORIGINS, Block, Ground, Near
from panhuo.result.verify.people.lookup import Lookup
from panhuo.result.verify.stock import Stock

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

_NOBODY = 1e-5
"""Persons that rounding may leave over."""


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
        Minutes or metres to the nearest open place within the standard, not rounded; inf where there is none, 0 for
        units.
    gain : (J, K) float [persons]
        People left out by the plan whom the site would reach with the service: nothing covers them, or they are
        assigned nowhere.
    pairs : list of DataFrame
        For the rows of every allocation: ``inside`` (within the standard), ``minutes``, ``metres``, ``near``
        (what counts for the service), ``minutes_from`` (where the minutes come from; empty where they are not known).
    within : dict of (profile, service) to (2, pairs) int
        For services whose people are assigned: positions of demand points and of the places within the standard
        that give this very service or may.
    minutes_from : dict of str to int
        Pairs of demand point and place, for all profiles, that are within the longest standard in minutes, by where
        their minutes come from.
    off_network : dict of str to int, or None
        Demand points, sites and existing facilities that are off the network for every profile; ``None`` where minutes
        do not come from one.
    off_sites : (J,) bool
        Sites off the network for every profile to which no minutes are given.
    """

    demand: Floats
    before: Bools
    after: Bools
    reachable: Bools
    nearest: Floats
    gain: Floats
    pairs: list[pd.DataFrame]
    within: dict[tuple[str, str], NDArray[np.int64]]
    minutes_from: dict[str, int]
    off_network: dict[str, int] | None
    off_sites: Bools


def needs(instance: Instance) -> Floats:
    """People in need by demand point, profile and service: Σ over the profile's groups of rate × people."""
    demand = instance["demand"]
    services = {k: i for i, k in enumerate(instance["services"]["service"])}
    out = np.zeros((len(demand), len(instance["profiles"]), len(services)))
    walks = {g: w for w, groups in enumerate(instance["profiles"]["groups"]) for g in groups}
    for row in tuples(instance["needs"]):
        out[:, walks[row.group], services[row.service]] += row.rate * demand[f"people_{row.group}"].to_numpy(float)
    return out


def positions(instance: Instance, stock: Stock, allocation: pd.DataFrame) -> pd.DataFrame:
    """Translate the keys of an allocation into positions; rows that name nothing known are left out.

    ``k`` is the service that people need, ``m`` the one that the place gives.
    """
    # a row with an option lies in a site, one without in an existing facility; an id may stand in both tables
    chosen = (allocation["option"] != "").to_numpy()
    site, facility = (pd.Index(instance[t]["id"]).get_indexer(allocation["place"]) for t in ("sites", "existing"))
    services = pd.Index(instance["services"]["service"])
    gives = {option.key: option.service for option in stock.options.values()}
    gives |= dict(zip(instance["existing"]["id"], instance["existing"]["service"], strict=True))
    place = allocation["option"].where(allocation["option"] != "", allocation["place"])
    at = pd.DataFrame(
        {
            "i": pd.Index(instance["demand"]["id"]).get_indexer(allocation["demand"]),
            "w": pd.Index(instance["profiles"]["profile"]).get_indexer(allocation["profile"]),
            "k": services.get_indexer(allocation["service"]),
            "l": np.where(chosen, site, np.where(facility >= 0, facility + len(instance["sites"]), -1)),
            "m": services.get_indexer(place.map(gives).fillna(allocation["service"])),
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


@dataclass(frozen=True)
class _Standing:
    """Where a service is given: today, under the plan, or ever; (K, L) bool each, sites first."""

    today: Bools
    open: Bools
    ever: Bools

    @classmethod
    def of(cls, instance: Instance, stock: Stock, choice: Choice) -> _Standing:
        """Mark the places of every service."""
        services, sites = list(instance["services"]["service"]), list(stock.sites)
        here = np.array([(instance["existing"]["service"] == k).to_numpy(bool) for k in services])
        offered = {(o.site, o.service) for o in stock.options.values()}
        can = np.array([[(site, k) in offered for site in sites] for k in services], dtype=bool)
        chosen = np.array([[site in choice.chosen.get(k, ()) for site in sites] for k in services], dtype=bool)
        none = np.zeros_like(can)
        today, then, ever = ((none, here), (chosen, here & ~choice.closed), (can, here))
        return cls(*(np.concatenate(parts, axis=1) for parts in (today, then, ever)))


def reached(
    instance: Instance, stock: Stock, choice: Choice, sent: Floats, allocations: Sequence[pd.DataFrame]
) -> Reached:
    """Look at every pair: first at what is open, then at all there may be.

    Parameters
    ----------
    sent : (D, W, K) float [persons]
        Whom the plan assigns to places of services with capacity or tariffs.
    allocations : sequence of DataFrame
        Positions to look up, as :func:`positions` gives them.
    """
    ground, demand = Ground(instance), needs(instance)
    standing = _Standing.of(instance, stock, choice)
    services = list(ground.services["service"])
    root = [services.index(stock.menu.served_as[service]) for service in services]
    before, after, reachable = (np.zeros(demand.shape, dtype=bool) for _ in range(3))
    nearest, gain = np.full(demand.shape, np.inf), np.zeros((ground.n_sites, demand.shape[2]))
    for block in ground.blocks(np.any(standing.today | standing.open, axis=0)):
        for w, k, near in _catchments(ground, block):
            before[near.of(standing.today[k]).demand, w, root[k]] = True
            mine = near.of(standing.open[k])
            after[mine.demand, w, root[k]] = True
            np.minimum.at(nearest[:, w, root[k]], mine.demand, mine.exact)
    flows = ground.services["service"].isin(stock.menu.flow).to_numpy(bool)
    left = np.where(flows, demand - sent, demand * ~after)
    left[left <= _NOBODY] = 0.0
    lookups = [Lookup(allocation[["i", "w", "m", "l"]]) for allocation in allocations]
    pieces: dict[tuple[str, str], list[NDArray[np.int64]]] = {}
    known = np.zeros(len(ORIGINS), dtype=np.int64)
    for block in ground.blocks(np.ones(ground.places, dtype=bool)):
        for w, k, near in _catchments(ground, block):
            at_site = near.of(np.arange(ground.places) < ground.n_sites)
            gain[:, k] += np.bincount(at_site.place, left[at_site.demand, w, root[k]], ground.n_sites)
            ever = near.of(standing.ever[k])
            reachable[ever.demand, w, root[k]] = True
            if flows[k]:
                key = ground.profiles["profile"][w], ground.services["service"][k]
                pieces.setdefault(key, []).append(np.stack([ever.demand, ever.place]))
            for lookup in lookups:
                lookup.inside(w, k, near)
        for lookup in lookups:
            lookup.walked(ground, block)
        for near in block.minutes.values():
            known += np.bincount(near.inside(ground.longest_min).origin, minlength=len(ORIGINS))
    within = {key: np.concatenate(found, axis=1) for key, found in pieces.items()}
    minutes_from = dict(zip(ORIGINS, known.tolist(), strict=True))
    pairs = [lookup.found for lookup in lookups]
    return Reached(
        demand, before, after, reachable, nearest, gain, pairs, within, minutes_from, ground.off, ground.off_sites
    )


def _catchments(ground: Ground, block: Block) -> Iterator[tuple[int, int, Near]]:
    """Say who lies within the standard of whom, by profile and service."""
    for k, service in enumerate(tuples(ground.services)):
        for w, profile in enumerate(ground.profiles["profile"]):
            if service.measure == "unit":
                yield w, k, block.unit
            elif service.measure == "minutes":
                yield w, k, block.minutes[profile].inside(service.standard_min)
            else:
                yield w, k, block.metres.inside(service.standard_m)
