"""Supply: which places need a supplier, who may supply them, how much, and how far on the road."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.access import delivery
from panhuo.assemble.conversions import Conversions
from panhuo.assemble.exact import MICRO, Whole, exactly, floored, whole
from panhuo.assemble.options import Options
from panhuo.assemble.reach import Closing
from panhuo.instance import Instance
from panhuo.instance.tabular import tuples
from panhuo.words import T, Text
from panhuo.words.names import name, some
from panhuo_models.data import Ints, Supply

Bools = NDArray[np.bool_]

_NAMED = 5
"""So many sites are named one by one, the others counted."""

Ways = Mapping[str, sp.csr_matrix]
"""Delivery minutes by supplied service, (S, S + E): rows are sites, columns places, sites first."""


def ways(instance: Instance, rows: pd.DataFrame) -> Ways:
    """Find who lies within the delivery standard of whom.

    Parameters
    ----------
    rows : DataFrame
        Candidates: ``site``, ``service`` (positions).
    """
    sites, existing = instance["sites"], instance["existing"]
    services = instance["services"].reset_index(names="k").set_index("service")
    at = np.concatenate([table[["x_m", "y_m"]].to_numpy(float) for table in (sites, existing)])
    found = {}
    for service, row in services[services["supplied_by"] != ""].iterrows():
        supplier = services.at[row["supplied_by"], "k"]
        points = np.unique(rows["site"][rows["service"] == row["k"]].to_numpy(np.int64))
        standing = np.flatnonzero((existing["service"] == row["supplied_by"]).to_numpy())
        places = np.append(
            np.unique(rows["site"][rows["service"] == supplier].to_numpy(np.int64)), len(sites) + standing
        )
        most = np.inf if np.isnan(row["supply_min"]) else float(row["supply_min"])
        near = delivery(instance, at[places], at[points], most).tocoo()
        shape = len(sites), len(at)
        found[str(service)] = sp.csr_matrix((near.data, (points[near.row], places[near.col])), shape=shape)
    return found


def outputs(instance: Instance, given: Conversions, service: Whole, flat: Whole, area: Whole) -> Whole:
    """Say what options can supply to others, (options,) [millionths]: as given, or by their area; rounded down.

    Only services that supply another one supply anything.
    """
    services = instance["services"]
    supplies = services["service"].isin(services["supplied_by"]).to_numpy(bool)
    by_area = np.zeros(len(area), dtype=np.int64)
    for k, per_m2 in enumerate(services["supply_per_m2"]):
        if per_m2 == per_m2:  # noqa: PLR0124
            by_area[service == k] = floored(exactly(per_m2) * MICRO / 100, area[service == k])
    own = given.supply.ravel()[flat]
    return np.where(supplies[service], np.where(own >= 0, own, by_area), 0)


def held(instance: Instance) -> Whole:
    """Say what existing facilities can supply, (E,) [millionths]: as given, or by the smallest size of the service."""
    services, existing = instance["services"], instance["existing"]
    known = {}
    for row in tuples(services):
        levels = row.sizes_m2 or (row.min_area_m2 if np.isnan(row.area_m2) else row.area_m2,)
        known[row.service] = (
            0
            if np.isnan(row.supply_per_m2)
            else int(floored(exactly(row.supply_per_m2) * MICRO / 100, whole([min(levels)]))[0])
        )
    supplies = existing["service"].isin(services["supplied_by"])
    cells = zip(existing["service"], existing["supply"], supplies, strict=True)
    amounts = (
        0 if not may else known[service] if np.isnan(own) else int(exactly(own) * MICRO) for service, own, may in cells
    )
    return np.fromiter(amounts, np.int64, len(existing))


def unsupplied(instance: Instance, near: Ways, rows: pd.DataFrame, giving: Bools, standing: Bools) -> Bools:
    """Say which candidates need a supplier and have none of those that are marked within the delivery standard.

    Parameters
    ----------
    near : Ways
        What :func:`ways` gave.
    rows : DataFrame
        Candidates that are left: ``site``, ``service`` (positions).
    giving, standing : (rows,), (E,) bool
        Candidates and existing facilities that count as suppliers, if they are of the service that supplies.
    """
    services, existing = instance["services"], instance["existing"]
    lacking = np.zeros(len(rows), dtype=bool)
    for k, (service, by) in enumerate(zip(services["service"], services["supplied_by"], strict=True)):
        if not by:
            continue
        there = np.concatenate(
            [np.zeros(len(instance["sites"]), bool), standing & (existing["service"] == by).to_numpy()]
        )
        cooks = (rows["service"] == services.index[services["service"] == by][0]).to_numpy() & giving
        there[rows["site"].to_numpy(np.int64)[cooks]] = True
        within = near[service].tocoo()
        reached = np.bincount(within.row, weights=there[within.col], minlength=within.shape[0]) > 0
        mine = (rows["service"] == k).to_numpy()
        lacking[mine] = ~reached[rows["site"].to_numpy(np.int64)[mine]]
    return lacking


def supplying_nothing(instance: Instance, options: Options) -> tuple[Text, ...]:
    """Name the sites that may become a supplier and of which nothing says how much they supply."""
    services, table = instance["services"], options.table
    idle = table["service"].isin(services["supplied_by"]) & ~(table["supply"] > 0)
    return tuple(
        T(
            "As {service} these rooms would supply nothing, as neither services.supply_per_m2 nor conversions.supply "
            "says how much: {sites}",
            service=str(service), sites=some([name(s, s) for s in rows.unique()[:_NAMED]], rows.nunique()),
        )
        for service, rows in table[idle].groupby("service", sort=False)["site"]
    )  # fmt: skip


def supply(instance: Instance, options: Options, closed: Closing) -> Supply:
    """Lay out who may feed whom. What is taken is rounded up to millionths, what can be supplied down."""
    services, existing, table = instance["services"], instance["existing"], options.table
    by = services.set_index("service")["supplied_by"]
    each = services.set_index("service")["supply_per_person"]
    supplier_of = table["service"].map(by)
    needs = (supplier_of != "").to_numpy(bool)
    need = np.zeros(len(table), dtype=np.int64)
    for o in np.flatnonzero(needs).tolist():
        persons = round(float(table["capacity_persons"].iloc[o]) * MICRO)
        rate = exactly(each[table["service"].iloc[o]])
        need[o] = -(-persons * rate.numerator // rate.denominator)
    output = table["supply"].to_numpy(float)
    site = pd.Index(instance["sites"]["id"]).get_indexer(table["site"])
    offer = pd.Index(options.offers).get_indexer(table["offer"])

    amount = held(instance)
    standing = np.flatnonzero(amount > 0)
    cooks = np.unique(offer[output > 0])
    first = np.unique(offer, return_index=True)[1]
    place = np.concatenate([site[first[cooks]], len(instance["sites"]) + standing])
    kind = np.concatenate(
        [table["service"].to_numpy(object)[first[cooks]], existing["service"].to_numpy(object)[standing]]
    )
    pairs = [
        _pairs(options.deliveries[service], np.flatnonzero((table["service"] == service).to_numpy()), site,
               np.flatnonzero(kind == by[service]), place)
        for service in by.index[by != ""]
    ]  # fmt: skip
    option, supplier = (np.concatenate([np.empty(0, dtype=np.int64), *(p[n] for p in pairs)]) for n in (0, 1))
    minutes = np.concatenate([np.empty(0), *(p[2] for p in pairs)])
    order = np.lexsort((supplier, option))
    return Supply(
        needs=needs,
        need=need / MICRO,
        output=output,
        suppliers=(*(options.offers[s] for s in cooks), *existing["id"].iloc[standing]),
        offer=np.concatenate([cooks, np.full(len(standing), -1)]),
        closing=np.concatenate([np.full(len(cooks), -1), pd.Index(closed.row).get_indexer(standing)]),
        held=np.concatenate([np.zeros(len(cooks)), amount[standing] / MICRO]),
        option=option[order],
        supplier=supplier[order],
        minutes=minutes[order],
    )


def _pairs(
    near: sp.csr_matrix, options: Ints, site: Ints, suppliers: Ints, place: Ints
) -> tuple[Ints, Ints, NDArray[np.float64]]:
    """Pair options with suppliers whose site and place are stored in a matrix of minutes."""
    within = near[site[options]][:, place[suppliers]].tocoo()
    return options[within.row], suppliers[within.col], within.data
