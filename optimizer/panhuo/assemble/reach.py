"""Reach rows and tallies: who needs what, who has it, and which options bring it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.access import Catchments
from panhuo.assemble.options import Options
from panhuo.instance import Instance
from panhuo_models.data import Floats, Reach, Tallies


@dataclass(frozen=True)
class Closing:
    """Existing facilities that some project would close.

    Parameters
    ----------
    row : (E,) int
        Row in the existing table.
    by : csr_matrix of bool, (E, P)
        Project p closes it.
    """

    row: NDArray[np.intp]
    by: sp.csr_matrix


def closing(instance: Instance, options: Options) -> Closing:
    """Find the facilities that stand in a candidate site with a project in a mode that closes them."""
    closes = [m for m, mode in instance.settings.modes.items() if mode.closes_existing]
    projects = options.projects[options.projects["mode"].isin(closes)]
    # only what is needed: a table may hold further columns of any name
    at = pd.DataFrame({"e": range(len(instance["existing"])), "site": instance["existing"]["site_id"]})
    pairs = at.merge(pd.DataFrame({"p": projects.index, "site": projects["site"]}), on="site")
    row, e = np.unique(pairs["e"].to_numpy(np.intp), return_inverse=True)
    shape = len(row), len(options.projects)
    by = sp.csr_matrix((np.ones(len(pairs), dtype=bool), (e, pairs["p"].to_numpy(np.intp))), shape=shape)
    return Closing(row, by)


def needs(instance: Instance, profile: str, service: str) -> Floats:
    """Give d[i,w,k] = Σ over groups g of profile w of need[k,g]·p[i,g], (D,) [persons]."""
    groups = instance["profiles"].set_index("profile")["groups"][profile]
    table = instance["needs"]
    rates = table[(table["service"] == service) & table["group"].isin(groups)]
    people = instance["demand"][[f"people_{g}" for g in rates["group"]]].to_numpy(float)
    demand: Floats = people @ rates["rate"].to_numpy(float)
    return demand


def reach(
    instance: Instance, options: Options, catchments: Catchments, closed: Closing, asked: Collection[tuple[str, str]]
) -> tuple[Reach, Tallies]:
    """Lay out the reach rows of every profile and service, and the tallies that sum them.

    Parameters
    ----------
    asked : collection of (service, circle)
        Pairs that planning rows speak of one by one; every other circle of a service shares one tally.
    """
    services = instance["services"]["service"].tolist()
    mandatory = instance["services"]["mandatory"].to_numpy(bool)
    circles = instance["circles"]["circle"].tolist()
    circle = pd.Index(circles).get_indexer(instance["demand"]["circle"])
    places, existing = catchments.places, instance["existing"]
    n_sites = len(instance["sites"])
    site_place = pd.Index(instance["sites"]["id"])
    n_columns = len(options.table) + len(closed.row)

    blocks, demands, tally_rows, must = [], [], [], []
    keys: list[tuple[int, int]] = []
    sums: list[Floats] = []  # per service: (4, tallies of the service)
    for k, service in enumerate(services):
        alone = np.array([(service, c) in asked for c in circles], dtype=bool)
        own, tally = np.unique(np.where(alone, np.arange(len(circles)), -1)[circle], return_inverse=True)
        offset = len(keys)
        keys += [(k, int(c)) for c in own]
        total = np.zeros((4, len(own)))  # fixed, before, reachable, total
        mine = np.flatnonzero((options.table["service"] == service).to_numpy())
        option_place = site_place.get_indexer(options.table["site"].iloc[mine])
        facility = np.flatnonzero((existing["service"] == service).to_numpy())
        may_close = np.isin(facility, closed.row)
        columns = np.concatenate([mine, len(options.table) + np.searchsorted(closed.row, facility[may_close])])
        column_place = np.concatenate([option_place, n_sites + facility[may_close]])
        for profile in instance["profiles"]["profile"]:
            demand = needs(instance, profile, service)
            if not demand.any():
                continue
            within = catchments.within(service, profile)
            for_good = _any(within[:, n_sites + facility[~may_close]])
            now = for_good | _any(within[:, n_sites + facility[may_close]])
            sub = within[:, column_place]
            live = (demand > 0) & ~for_good & (np.diff(sub.indptr) > 0)
            for i, rows in enumerate((for_good, now, for_good | live, np.ones(len(demand), dtype=bool))):
                total[i] += np.bincount(tally, demand * rows, len(own))
            picked = sub[np.flatnonzero(live)]
            blocks.append(
                sp.csr_matrix((picked.data, columns[picked.indices], picked.indptr), shape=(picked.shape[0], n_columns))
            )
            demands.append(demand[live])
            tally_rows.append(offset + tally[live])
            must.append(np.full(int(live.sum()), mandatory[k]))
        sums.append(total)
    assert len(places) == n_sites + len(existing)

    within_all = sp.vstack([sp.csr_matrix((0, n_columns), dtype=bool), *blocks]).tocsr().astype(bool)
    within_all.sort_indices()
    fixed, before, reachable, everyone = np.concatenate(sums, axis=1)
    tallies = Tallies(
        service=np.array([k for k, _ in keys], dtype=np.int64),
        circle=np.array([c for _, c in keys], dtype=np.int64),
        fixed=fixed,
        before=before,
        reachable=reachable,
        total=everyone,
    )
    rows = Reach(
        within=within_all,
        demand=np.concatenate([np.empty(0), *demands]),
        tally=np.concatenate([np.empty(0, dtype=np.int64), *tally_rows]),
        mandatory=np.concatenate([np.empty(0, dtype=bool), *must]),
    )
    return rows, tallies


def _any(matrix: sp.csr_matrix) -> NDArray[np.bool_]:
    return np.diff(matrix.tocsr().indptr) > 0
