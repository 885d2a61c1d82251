"""Reach rows: who is covered by what, service by service without capacity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.access import Catchments
from panhuo.assemble.families import families, served_as
from panhuo.assemble.options import Options
from panhuo.assemble.tallying import Tallying
from panhuo.instance import Instance
from panhuo_models.data import Bools, Floats, Reach


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


@dataclass(frozen=True)
class Reached:
    """What the reach rows stand for.

    Parameters
    ----------
    demand, profile, service : (R,) int
        Rows i, w, k of the tables.
    """

    demand: NDArray[np.int32]
    profile: NDArray[np.int32]
    service: NDArray[np.int32]


def flow_services(instance: Instance) -> Bools:
    """Say of which services people are assigned, (K,); those of the others are reached.

    People are assigned where the service, or one that serves the same people, has a capacity or tariffs.
    """
    services = instance["services"]
    charged, holds = set(instance["tariffs"]["service"].tolist()), services["capacity_per_m2"].notna().tolist()
    served = dict(served_as(instance).items())
    assigned = {of for (own, of), room in zip(served.items(), holds, strict=True) if room or own in charged}
    return np.array([of in assigned for of in served.values()], dtype=bool)


def needs(instance: Instance, profile: str, service: str) -> Floats:
    """Give d[i,w,k] = Σ over groups g of profile w of need[k,g]·p[i,g], (D,) [persons]."""
    groups = instance["profiles"].set_index("profile")["groups"][profile]
    table = instance["needs"]
    rates = table[(table["service"] == service) & table["group"].isin(groups)]
    people = instance["demand"][[f"people_{g}" for g in rates["group"]]].to_numpy(float)
    demand: Floats = people @ rates["rate"].to_numpy(float)
    return demand


def reach(
    instance: Instance, options: Options, catchments: Catchments, closed: Closing, tallies: Tallying
) -> tuple[Reach, Reached, Floats]:
    """Lay out the reach rows of every profile and every service whose people are not assigned.

    A row is reached by whatever serves its people, each within its own standard.

    Returns
    -------
    Reach
        Columns: offers, then the existing facilities that may close.
    Reached
        What its rows stand for.
    (4, T) float
        Fixed, before, reachable and total persons of the tallies; 0 for the other services.
    """
    services = instance["services"]["service"].tolist()
    mandatory = instance["services"]["mandatory"].to_numpy(bool)
    existing, n_sites = instance["existing"], len(instance["sites"])
    offers = options.table.drop_duplicates("offer")
    offer_place = pd.Index(instance["sites"]["id"]).get_indexer(offers["site"])
    n_columns = len(offers) + len(closed.row)
    sums = tallies.zero()
    blocks, demands, tally_rows, must = [], [], [], []
    stand_for = [np.empty((0, 3), dtype=np.int32)]
    members = families(instance)
    for k in np.flatnonzero(~flow_services(instance)):
        own, standing, places, kinds = [], [], [], members.get(services[k], [])
        for kind in kinds:
            mine = np.flatnonzero((offers["service"] == kind).to_numpy())
            facility = np.flatnonzero((existing["service"] == kind).to_numpy())
            may_close = np.isin(facility, closed.row)
            own.append(np.append(mine, len(offers) + np.searchsorted(closed.row, facility[may_close])))
            places.append(np.append(offer_place[mine], n_sites + facility[may_close]))
            standing.append((n_sites + facility[~may_close], n_sites + facility[may_close]))
        columns = np.concatenate([np.empty(0, dtype=np.int64), *own])
        for w, profile in enumerate(instance["profiles"]["profile"]):
            demand = needs(instance, profile, services[k])
            if not demand.any():
                continue
            within = [catchments.within(kind, profile) for kind in kinds]
            for_good, now = (
                np.logical_or.reduce([_any(near[:, at[n]]) for near, at in zip(within, standing, strict=True)])
                for n in (0, 1)
            )
            now |= for_good
            sub = sp.hstack([near[:, at] for near, at in zip(within, places, strict=True)], format="csr")
            live = (demand > 0) & ~for_good & _any(sub)
            for i, rows in enumerate((for_good, now, for_good | live, np.ones(len(demand), dtype=bool))):
                np.add.at(sums[i], tallies.of[k], demand * rows)
            picked = sub[np.flatnonzero(live)]
            blocks.append(
                sp.csr_matrix((picked.data, columns[picked.indices], picked.indptr), shape=(picked.shape[0], n_columns))
            )
            demands.append(demand[live])
            tally_rows.append(tallies.of[k][live])
            must.append(np.full(int(live.sum()), mandatory[k]))
            points = np.flatnonzero(live)
            stand_for.append(
                np.stack([points, np.full_like(points, w), np.full_like(points, k)], axis=1).astype(np.int32)
            )

    within_all = sp.vstack([sp.csr_matrix((0, n_columns), dtype=bool), *blocks]).tocsr().astype(bool)
    within_all.sort_indices()
    found = Reach(
        within=within_all,
        demand=np.concatenate([np.empty(0), *demands]),
        tally=np.concatenate([np.empty(0, dtype=np.int64), *tally_rows]),
        mandatory=np.concatenate([np.empty(0, dtype=bool), *must]),
    )
    return found, Reached(*np.concatenate(stand_for).T.copy()), sums


def _any(matrix: sp.csr_matrix) -> NDArray[np.bool_]:
    return np.diff(matrix.tocsr().indptr) > 0
