"""Candidates for options: what area, rules, costs, operating modes and tariffs allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.assemble.conversions import Conversions, conversions
from panhuo.assemble.costs import Catalogue, unit_costs
from panhuo.assemble.exact import Whole, whole
from panhuo.assemble.exclusions import Exclusions, named
from panhuo.assemble.operating import operating_modes, runs, tariffs
from panhuo.assemble.options import meant, site_status
from panhuo.assemble.rules import bites
from panhuo.instance import Instance
from panhuo.instance.policy import Mode


@dataclass
class Candidates:
    """What may become an option, and what has been excluded.

    Parameters
    ----------
    rows : DataFrame
        One row a candidate, in order: ``site``, ``mode``, ``service``, ``operating`` (positions), ``pair`` (the first
        three, flat), ``size`` (key, "" where there is one), ``area`` [0.01 m²].
    exclusions : Exclusions
        What has been excluded so far.
    modes, operating : list of str
        Keys; the first operating mode is "".
    room : (S, M) int
        A[j,m] [0.01 m²].
    given : Conversions
        The conversions table.
    costs : Catalogue
        The costs table.
    tariffs : dict of (service, operating) to tuple of str
        Tariffs that may be charged.
    """

    rows: pd.DataFrame
    exclusions: Exclusions
    modes: list[str]
    operating: list[str]
    room: Whole
    given: Conversions
    costs: Catalogue
    tariffs: Mapping[tuple[str, str], tuple[str, ...]]

    def drop(self, rule: str, where: NDArray[np.bool_]) -> None:
        """Drop candidates by a rule; where none of a site, mode and service is left, the rule has excluded it."""
        self.rows = self.rows[~where]
        self.exclusions.keep(rule, self.rows["pair"].to_numpy(np.int64))


def candidates(instance: Instance) -> Candidates:
    """Find the candidates.

    Checks bite in this order: status, conversion (``allowed = no``), the rules table in its order, area, cost,
    operating mode, tariff, and last what the policy drops. ``allowed = yes`` passes the rules table; a given area
    passes the smallest area.
    """
    modes, operating = list(map(str, instance.settings.modes)), ["", *operating_modes(instance)]
    given, costs = conversions(instance, modes), unit_costs(instance, modes, operating)
    room = np.stack([_project_area(instance, mode) for mode in instance.settings.modes.values()], axis=1)
    run = runs(instance, modes)
    exclusions = Exclusions(instance, modes)

    barred = (site_status(instance) == "excluded").to_numpy(bool)
    exclusions.exclude("status", barred[:, None, None])
    exclusions.exclude("conversion", given.allowed == 0)
    for rule, where in bites(instance).items():
        exclusions.exclude(rule, where & (given.allowed != 1))
    exclusions.exclude("min_area", (given.area < 0) & (room[:, :, None] < whole(instance["services"]["min_area_m2"])))
    exclusions.exclude("conversion_area", given.area > room[:, :, None])
    exclusions.exclude("no_cost", ~(np.any(costs.known, axis=2) | given.priced))
    exclusions.exclude("operating", ~np.any(run, axis=2, keepdims=False))

    rows = _sized(instance, given, room, _run(exclusions.left, run))
    found = Candidates(rows, exclusions, modes, operating, room, given, costs, tariffs(instance))
    priced = costs.known[rows["mode"], rows["service"], rows["operating"]]
    found.drop("no_cost", ~(priced | given.priced.ravel()[rows["pair"]]))
    found.drop("no_tariff", _chargeless(instance, found)[found.rows["service"], found.rows["operating"]])
    found.drop("dropped", _dropped(instance, found))
    return found


def _dropped(instance: Instance, found: Candidates) -> NDArray[np.bool_]:
    """Say which candidates the policy drops."""
    rows = found.rows
    keys = named(instance, found.modes, *(rows[part].to_numpy(np.int64) for part in ("site", "mode", "service")))
    operating = np.array(found.operating, dtype=object)[rows["operating"].to_numpy(np.int64)]
    keys = keys.assign(operating=operating, size=rows["size"].to_numpy())
    return np.any(meant(instance.settings.policy.dropped, keys), axis=0, keepdims=False)


def _project_area(instance: Instance, mode: Mode) -> Whole:
    """A[j,m] in 0.01 m²: the mode's share of the area it starts from, rounded down."""
    sites = instance["sites"]
    start = sites[mode.area_of].fillna(sites["area_m2"] if mode.area_of == "floor_area_m2" else 0.0)
    return whole(start) * whole([mode.area_ratio], 4) // 10_000


def _run(left: NDArray[np.bool_], run: NDArray[np.bool_]) -> pd.DataFrame:
    """Put every operating mode beside the sites, modes and services it runs."""
    site, mode, service = np.nonzero(left)
    pair = np.flatnonzero(left)
    at, operating = np.nonzero(run[mode, service])
    return pd.DataFrame(
        {"site": site[at], "mode": mode[at], "service": service[at], "operating": operating, "pair": pair[at]}
    )


def _sized(instance: Instance, given: Conversions, room: Whole, rows: pd.DataFrame) -> pd.DataFrame:
    """Put every size beside the rows: the levels that fit, or all there is where none does; a given area alone."""
    levels, keys = _levels(instance["services"])
    space = room[rows["site"], rows["mode"]]
    own = given.area.ravel()[rows["pair"]]
    mine = levels[rows["service"]]
    fits = (mine >= 0) & (mine <= space[:, None])
    fits[:, 0] |= ~fits.any(axis=1)
    fits[own >= 0] = np.arange(levels.shape[1]) == 0
    at, level = np.nonzero(fits)
    area = np.where(own[at] >= 0, own[at], np.minimum(mine[at, level], space[at]))
    size = np.where(own[at] >= 0, "", keys[rows["service"].to_numpy()[at], level])
    return rows.iloc[at].assign(size=size.astype(object), area=area).reset_index(drop=True)


def _levels(services: pd.DataFrame) -> tuple[Whole, NDArray[np.object_]]:
    """Give the size levels of every service, the smallest first, (K, levels) [0.01 m²] (-1: none), and their keys."""
    one = services["area_m2"].fillna(services["min_area_m2"])
    listed = [
        sorted({float(level) for level in cell}) or [float(area)]
        for cell, area in zip(services["sizes_m2"], one, strict=True)
    ]
    shape = len(listed), max(map(len, listed), default=1)
    levels, keys = np.full(shape, -1, dtype=np.int64), np.full(shape, "", dtype=object)
    for k, sizes in enumerate(listed):
        levels[k, : len(sizes)] = whole(sizes)
        if len(sizes) > 1:
            keys[k, : len(sizes)] = [f"{size:g}" for size in sizes]
    return levels, keys


def _chargeless(instance: Instance, found: Candidates) -> NDArray[np.bool_]:
    """Say where an account would have tariffs but none it may charge, (services, operating modes)."""
    services = instance["services"]["service"]
    return np.array(
        [[found.tariffs.get((service, key)) == () for key in found.operating] for service in services], dtype=bool
    ).reshape(len(services), len(found.operating))
