"""Bounds on shares, in exact numbers: parties, funds, quotas."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.assemble.exact import exactly
from panhuo.instance import Instance
from panhuo.instance.tabular import tuples
from panhuo.result.money.funds import Funds
from panhuo.result.money.payments import Limit

Bools = NDArray[np.bool_]
_ONE = Fraction(1)


def capital_limits(instance: Instance, funds: Funds, bills: pd.DataFrame, in_kind: pd.DataFrame) -> list[Limit]:
    """Bounds on shares of the capital, of parties, funds and quotas.

    Parameters
    ----------
    bills : DataFrame
        What is to be paid: ``site``, ``project``, ``service`` and ``operating`` (both "" for shared works), ``work``
        (whether it is one), ``fen``.
    in_kind : DataFrame
        What chosen options are given: ``site``, ``project``, ``service``, ``operating``, ``party``, ``fen``.
    """
    found = []
    every = np.ones(len(funds.names), dtype=bool)
    table = instance["parties"]
    for row in tuples(table[table["ledger"] != "yearly"]):
        low, high = exactly(row.min_share), exactly(row.max_share)
        mine = funds.of(str(row.party))
        kinds = in_kind if row.ledger == "capital_with_in_kind" else in_kind.iloc[:0]
        for name, part, given in scoped(row, bills, matches(row, bills), kinds):
            own, whole = int(given["fen"][given["party"] == row.party].sum()), int(given["fen"].sum())
            if low > 0 or (high < 1 and (mine.any() or own)):
                found.append(Limit(name, mine, every, part, part, low, high, own, whole))
    everything = np.ones(len(bills), dtype=bool)
    for f, (low, high) in enumerate(funds.share):
        if low > 0 or high < 1:
            alone = np.arange(len(funds.names)) == f
            found.append(Limit(funds.names[f], alone, every, everything, everything, low, high))
    return [*found, *_quotas(instance, funds, bills)]


def scoped(
    row: object, bills: pd.DataFrame, match: Bools, given: pd.DataFrame
) -> Iterator[tuple[str, Bools, pd.DataFrame]]:
    """Split what a row of the parties table matches by its scope: its name, the bills, and what is given in kind."""
    kind = matches(row, given)
    bound, scope = str(row.bound), str(row.scope)  # type: ignore[attr-defined]
    if scope == "plan":
        yield bound, match, given[kind]
        return
    if scope == "service":  # a shared work is of no service
        match = match & (bills["service"] != "").to_numpy(bool)
    for key in dict.fromkeys([*bills[scope][match], *given[scope][kind]]):
        alone = match & (bills[scope] == key).to_numpy(bool)
        yield f"{bound} {key}", alone, given[kind & (given[scope] == key).to_numpy(bool)]


def matches(row: object, rows: pd.DataFrame) -> Bools:
    """Say what a row of the parties table speaks of; of shared works only where it lists no services and operating."""
    match = np.ones(len(rows), dtype=bool)
    for column in ("services", "operating"):
        if listed := getattr(row, column):
            match &= rows[column.removesuffix("s")].isin(listed).to_numpy(bool) & (rows["service"] != "").to_numpy(bool)
    return match


def _quotas(instance: Instance, funds: Funds, bills: pd.DataFrame) -> Iterator[Limit]:
    """Bounds on what circles, or types of circle, get of the money by their share of the people."""
    circle = instance["sites"].set_index("id")["circle"]
    for quota in instance.settings.policy.quotas:
        if quota.measure != "capital":
            continue
        payers = np.array([not quota.fund or name == quota.fund for name in funds.names], dtype=bool)
        people, groups = _people(instance, quota.by)
        at = bills["site"].map(circle).map(groups).to_numpy(object)
        everything = np.ones(len(bills), dtype=bool)
        offered = set(instance["sites"]["circle"].map(groups))
        for group in [g for g in people if g in offered]:
            share = people[group] / sum(people.values()) if sum(people.values()) else Fraction(0)
            low = exactly(quota.min_factor) * share
            high = _ONE if quota.max_factor is None else exactly(quota.max_factor) * share
            if low > 0 or high < 1:
                name = f"{quota.fund or 'capital'} {group}"
                yield Limit(name, payers, payers, np.asarray(at == group), everything, low, high)


def _people(instance: Instance, by: str) -> tuple[dict[str, Fraction], dict[str, str]]:
    """Count all residents by group; and give the group of every circle."""
    circles = instance["circles"]
    groups = dict(zip(circles["circle"], circles["type" if by == "circle_type" else "circle"], strict=True))
    people: dict[str, Fraction] = {}
    demand = instance["demand"]
    for column in [f"people_{g}" for g in instance.groups]:
        for circle, persons in zip(demand["circle"], demand[column], strict=True):
            people[groups[circle]] = people.get(groups[circle], Fraction(0)) + exactly(persons)
    return people, groups
