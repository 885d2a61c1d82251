"""Outlets: where people of a service with capacity or tariffs are served, and what a visit costs whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from panhuo.assemble.exact import MICRO, exactly, floored, whole
from panhuo.assemble.options import Options
from panhuo.assemble.reach import Closing, flow_services
from panhuo.assemble.tiers import PARTS, Fractions, Menu
from panhuo.instance import Instance
from panhuo.instance.tabular import tuples
from panhuo_models.data import Bools, Floats, Ints, Outlets


@dataclass(frozen=True)
class Stalls:
    """The outlets n, and what the flow rows need to know of them.

    Parameters
    ----------
    outlets : Outlets
        The outlets: those of accounts, in their order, then those of existing facilities.
    place : (N,) int
        Row in the places of the catchments.
    service : (N,) int
        k
    able : (N, H) bool
        The tier can pay the tariff.
    uptake : (N, H) Fraction
        Share of the assigned people who come.
    """

    outlets: Outlets
    place: Ints
    service: Ints
    able: Bools
    uptake: Fractions


def existing_capacity(instance: Instance) -> Floats:
    """Give the most people each existing facility serves, (E,) [persons]; inf without limit.

    Where the table is blank: what the smallest size of the service would serve. Rounded down to millionths. Only
    services with capacity or tariffs are counted so.
    """
    services, existing = instance["services"], instance["existing"]
    known = {}
    for row, flows in zip(tuples(services), flow_services(instance), strict=True):
        if not flows or np.isnan(row.capacity_per_m2):
            known[row.service] = np.inf
            continue
        levels = row.sizes_m2 or (row.min_area_m2 if np.isnan(row.area_m2) else row.area_m2,)
        known[row.service] = floored(exactly(row.capacity_per_m2) * MICRO / 100, whole([min(levels)]))[0] / MICRO
    derived = existing["service"].map(known).to_numpy(float, copy=True)
    counted = existing["service"].isin(services["service"][flow_services(instance)]).to_numpy()
    given = existing["capacity_persons"].to_numpy(float)
    rows = np.flatnonzero(counted & ~np.isnan(given))
    derived[rows] = [int(exactly(q) * MICRO) / MICRO for q in given[rows]]
    return derived


def outlets(instance: Instance, options: Options, closed: Closing, tariffs: Menu) -> Stalls:
    """Lay out the outlets of accounts and of existing facilities."""
    services, existing = instance["services"], instance["existing"]
    names = services["service"].tolist()
    flows = dict(zip(names, flow_services(instance), strict=True))
    accounts = options.table.drop_duplicates("account")
    capacity = existing_capacity(instance)
    rows = [  # place key, service, operating, tariff, account, existing
        (row.account, row.service, row.operating, tariff, a, -1)
        for a, row in enumerate(tuples(accounts))
        if flows[row.service]
        for tariff in options.tariffs.get((row.service, row.operating), ("",))
    ]
    rows += [
        (row.id, row.service, "", tariffs.today.get(row.service, ""), -1, e)
        for e, row in enumerate(tuples(existing))
        if flows[row.service]
    ]
    table = pd.DataFrame(rows, columns=["key", "service", "operating", "tariff", "account", "existing"])
    account, facility = (table[column].to_numpy(np.int64) for column in ("account", "existing"))
    stands = facility >= 0
    site = pd.Index(instance["sites"]["id"]).get_indexer(accounts["site"])
    place = np.where(stands, len(instance["sites"]) + facility, -1)
    place[~stands] = site[account[~stands]]
    closing = np.full(len(table), -1, dtype=np.int64)
    closing[stands] = pd.Index(closed.row).get_indexer(facility[stands])
    room = np.full(len(table), np.inf)
    room[stands] = capacity[facility[stands]]

    tariff = pd.Index(tariffs.names).get_indexer(table["tariff"])
    yearly = services.set_index("service")["visits_per_year"]
    visits = np.where(tariff > 0, yearly.reindex(table["service"]).fillna(0.0).to_numpy(float), 0.0)
    fen = np.array([options.visit_cost_fen[row.service, row.operating] for row in tuples(table)], dtype=float)
    spoken = tariffs.uptake[tariff] > 0
    parts = {part: tariffs.fen[part][tariff] * visits[:, None] / 100 for part in PARTS}
    return Stalls(
        Outlets(
            names=tuple(table["key"] + "|" + table["tariff"]),
            account=account,
            closing=closing,
            capacity=room,
            tariff=tuple(table["tariff"]),
            cost=spoken * (fen * visits / 100)[:, None],
            visits=visits,
            **parts,
        ),
        place.astype(np.int64),
        pd.Index(names).get_indexer(table["service"]).astype(np.int64),
        tariffs.able[tariff],
        tariffs.uptake[tariff],
    )
