"""Who feeds whom: the rows of supply.csv, and what every open supplier gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from panhuo.assemble import Options
from panhuo.engine.feeding import feed, supplying
from panhuo.instance import Instance
from panhuo_models.data import Bools, SitingData

SUPPLY = ("option", "site", "supplier", "kind", "delivery_min", "supply")
"""Columns of supply.csv."""

_DECIMALS = 6


def supply_table(options: Options, data: SitingData, choose: Bools) -> pd.DataFrame:
    """Name the supplier of every chosen option that needs one, by the order of options: the rows of supply.csv.

    A supplier that is chosen is named by its option. Where suppliers cannot feed all that a given plan asks for, as
    many as can be are fed, and the others have no row.

    Parameters
    ----------
    choose : (O,) bool
        The chosen options.
    """
    supply, fed = data.supply, feed(data, choose, partly=True)
    pairs = np.empty(0, dtype=np.int64) if fed is None else fed[fed >= 0]
    option, supplier = supply.option[pairs], supply.supplier[pairs]
    names, kinds = _named(options, data, choose)
    table = pd.DataFrame(
        {
            "option": options.table["option"].to_numpy(object)[option],
            "site": options.table["site"].to_numpy(object)[option],
            "supplier": np.array(names, dtype=object)[supplier],
            "kind": np.array(kinds, dtype=object)[supplier],
            "delivery_min": supply.minutes[pairs],
            "supply": supply.need[option],
        },
        columns=list(SUPPLY),
    )
    return table.astype(dict.fromkeys(SUPPLY[:4], "str") | dict.fromkeys(SUPPLY[4:], float))


def supply_record(
    instance: Instance, options: Options, data: SitingData, choose: Bools, table: pd.DataFrame
) -> list[dict[str, Any]]:
    """Say of every open supplier what it can supply, what is taken of it, by how many places and how far away.

    Parameters
    ----------
    table : DataFrame
        What :func:`supply_table` gave.
    """
    service = dict(zip(options.table["option"], options.table["service"], strict=True))
    service |= dict(zip(instance["existing"]["id"], instance["existing"]["service"], strict=True))
    room = supplying(data, choose)
    found = []
    for v, (name, kind) in enumerate(zip(*_named(options, data, choose), strict=True)):
        if room[v] < 0:
            continue
        mine = table[(table["supplier"] == name) & (table["kind"] == kind)]
        most, taken = int(room[v]), int(np.rint(mine["supply"] * 10**_DECIMALS).sum())
        found.append(
            {
                "supplier": name,
                "kind": kind,
                "service": service[name],
                "supply": most / 10**_DECIMALS,
                "used": taken / 10**_DECIMALS,
                "left": (most - taken) / 10**_DECIMALS,
                "places": len(mine),
                "longest_min": float(mine["delivery_min"].max()) if len(mine) else None,
            }
        )
    return found


def _named(options: Options, data: SitingData, choose: Bools) -> tuple[Sequence[str], Sequence[str]]:
    """Name every supplier, a chosen one by its option, and say of which kind it is."""
    supply = data.supply
    by_offer = {int(data.option_offer[o]): options.table["option"].iloc[o] for o in np.flatnonzero(choose).tolist()}
    names = [by_offer.get(int(s), name) for s, name in zip(supply.offer, supply.suppliers, strict=True)]
    return names, ["chosen" if s >= 0 else "existing" for s in supply.offer.tolist()]
