"""Operating modes: which of them runs which service in which mode, and what it may charge."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.assemble.exact import exactly, whole
from panhuo.instance import Instance
from panhuo.instance.policy import Operating
from panhuo.instance.tabular import tuples

Bools = NDArray[np.bool_]

FEN_A_YEAR = 1200
"""A yuan a month, in fen a year."""


def operating_modes(instance: Instance) -> dict[str, Operating]:
    """Give the operating modes by key."""
    return {str(key): kind for key, kind in instance.settings.operating.items()}


def runs(instance: Instance, modes: list[str]) -> Bools:
    """Say which operating mode runs which service in which mode.

    Returns
    -------
    (modes, services, 1 + operating modes) bool
        The first stands for "", no operating mode: a service that none lists has it, in every mode.
    """
    kinds = operating_modes(instance).values()
    services = instance["services"]["service"]
    listed = np.array([[not kind.services or k in kind.services for kind in kinds] for k in services], dtype=bool)
    listed = listed.reshape(len(services), len(kinds))
    allowed = np.array([[not kind.modes or m in kind.modes for kind in kinds] for m in modes], dtype=bool)
    allowed = allowed.reshape(len(modes), 1, len(kinds))
    unlisted = np.broadcast_to(~listed.any(axis=1, keepdims=True), (len(modes), len(services), 1))
    return np.concatenate([unlisted, listed & allowed], axis=2)


def tariffs(instance: Instance) -> dict[tuple[str, str], tuple[str, ...]]:
    """Name the tariffs that an account of a service under an operating mode may charge, in the order of the table.

    A tariff may be charged where its list of operating modes and the price classes of the operating mode allow it, and
    no tier's price is above policy.price_cap_cny.
    """
    whole_tariffs = instance["tariffs"].groupby("tariff", sort=False).agg(
        service=("service", "first"), operating=("operating", "first"), price_class=("price_class", "first")
    )  # fmt: skip
    whole_tariffs = whole_tariffs[~whole_tariffs.index.isin(above_cap(instance))]
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for service in dict.fromkeys(instance["tariffs"]["service"]):
        own = whole_tariffs[whole_tariffs["service"] == service]
        for key, kind in operating_modes(instance).items():
            if not kind.services or service in kind.services:
                found[service, key] = tuple(
                    str(row.tariff)
                    for row in tuples(own.reset_index())
                    if (not row.operating or key in row.operating)
                    and (not kind.price_classes or row.price_class in kind.price_classes)
                )
    return found


def may_charge(instance: Instance) -> pd.DataFrame:
    """Say of every tariff which operating modes may charge it, and which tiers that need its service cannot pay it.

    Returns
    -------
    DataFrame
        ``tariff``, ``service``, ``price_class``, ``operating`` and ``too_dear_for`` (tuples of keys).
    """
    table, needs, tiers = instance["tariffs"], instance["needs"], instance["tiers"]
    charged = tariffs(instance)
    dear = table[~can_pay(instance)]
    rows = []
    for row in tuples(table.drop_duplicates("tariff")):
        groups = needs["group"][(needs["service"] == row.service) & (needs["rate"] > 0)]
        asked = set(tiers["tier"][tiers["group"].isin(groups)])
        too_dear = [tier for tier in dear["tier"][dear["tariff"] == row.tariff] if tier in asked]
        by = [key for (service, key), own in charged.items() if service == row.service and row.tariff in own]
        rows.append((row.tariff, row.service, row.price_class, tuple(by), tuple(too_dear)))
    return pd.DataFrame(rows, columns=["tariff", "service", "price_class", "operating", "too_dear_for"])


def above_cap(instance: Instance) -> set[str]:
    """Name the tariffs with a price above policy.price_cap_cny."""
    table, cap = instance["tariffs"], instance.settings.policy.price_cap_cny
    return set() if cap is None else set(table["tariff"][whole(table["price_cny"]) > whole([cap])])


def can_pay(instance: Instance) -> Bools:
    """Say of every row of the tariffs table whether its tier can pay its price.

    A year of visits, at the price in whole fen, must cost at most policy.affordable_share of the tier's yearly income;
    without that share, or an income, any price can be paid.

    Returns
    -------
    (rows,) bool
    """
    table, share = instance["tariffs"], instance.settings.policy.affordable_share
    if share is None:
        return np.ones(len(table), dtype=bool)
    income = instance["tiers"].drop_duplicates("tier").set_index("tier")["income_cny_per_month"]
    visits = instance["services"].set_index("service")["visits_per_year"]
    able = (
        income[row.tier] != income[row.tier]  # blank
        or int(fen) * exactly(visits[row.service]) <= exactly(share) * exactly(income[row.tier]) * FEN_A_YEAR
        for row, fen in zip(tuples(table), whole(table["price_cny"]), strict=True)
    )
    return np.fromiter(able, dtype=bool)
