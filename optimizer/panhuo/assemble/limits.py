"""Bounds on shares: of parties, of funds, and by population."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from panhuo.assemble.options import Options
from panhuo.assemble.payments import Payments
from panhuo.assemble.quotas import Group, groups, spoken
from panhuo.instance import Instance
from panhuo.instance.schema import PARTIES
from panhuo.instance.tabular import tuples
from panhuo.words import Text
from panhuo_models.data import Accounts, Bools, Floats, Ints, ShareLimit

SPOKEN = {"capital": "capital", "capital_with_in_kind": "capital with what is given in kind", "yearly": "the year"}
"""The ledgers, for the names of limits."""


@dataclass(frozen=True)
class Division:
    """A bound on one share, in each of several groups.

    Parameters
    ----------
    groups : tuple of Group
        Name, least and largest share of each group i.
    ledger : str
        As in :class:`ShareLimit`.
    party : int
        The party, -1 for none.
    funds, of_funds : (F,) bool
        Funds of the part and of the whole.
    payment, option, account : (X,), (O,), (A,) int
        The group i each stands in, -1 for none.
    common : bool
        Every group is measured by all payments; else each by its own.
    """

    groups: tuple[Group, ...]
    ledger: str
    party: int
    funds: Bools
    of_funds: Bools
    payment: Ints
    option: Ints
    account: Ints
    common: bool

    def limits(self, classes: Ints, n_classes: int) -> list[ShareLimit]:
        """Write the limits down once every payment x has its class, (X,) int."""
        found = []
        for i, group in enumerate(self.groups):
            part = np.zeros(n_classes, dtype=bool)
            part[classes[self.payment == i]] = True
            of = np.ones(n_classes, dtype=bool) if self.common else part
            found.append(
                ShareLimit(
                    group.name, self.ledger, self.party, self.funds, self.of_funds, part, of,
                    self.option == i, self.account == i, group.low, group.high,
                )
            )  # fmt: skip
        return found


def divisions(
    instance: Instance, options: Options, due: Payments, books: Accounts, in_kind: Floats
) -> tuple[list[Division], tuple[Text, ...]]:
    """Lay out every bound on shares that binds something; the sentences name groups that a quota leaves out.

    Parameters
    ----------
    in_kind : (number of parties, O) float [CNY]
        What each party gives without cash.
    """
    found = [_party(instance, options, due, books, row) for row in tuples(instance["parties"])]
    found += _funds(instance, options, due, books)
    quotas, notes = _quotas(instance, options, due, books)
    found += quotas
    binding = (_binding(division, due, in_kind) for division in found)
    return [division for division in binding if division.groups], notes


def _party(instance: Instance, options: Options, due: Payments, books: Accounts, row: Any) -> Division:
    """Lay out one row of the parties table: the plan, or each service, or each project."""
    table = options.table
    accounts = table.drop_duplicates("account")
    keys = {
        "plan": [""],
        "service": instance["services"]["service"].tolist(),
        "project": options.projects["project"].tolist(),
    }[row.scope]
    if row.ledger == "yearly" and row.scope == "project":
        keys = list(dict.fromkeys(accounts["site"]))  # the year of a site is that of its one project

    def grouped(cells: pd.DataFrame, key: Any) -> Ints:
        inside = np.ones(len(cells), dtype=bool)
        for listed, column in ((row.services, "service"), (row.operating, "operating")):
            if listed:
                inside &= cells[column].isin(listed).to_numpy(bool)
        index = np.zeros(len(cells)) if row.scope == "plan" else pd.Index(keys).get_indexer(key)
        return np.where(inside, index, -1).astype(np.int64)

    spent = pd.DataFrame({"service": due.service, "operating": due.operating}, dtype="str")
    by_project = row.scope == "project"
    projects = options.projects["project"].to_numpy(object)
    nothing = np.full(len(due), -1, dtype=np.int64), np.full(len(table), -1, dtype=np.int64)
    if row.ledger == "yearly":
        payment, option = nothing
        account = grouped(accounts, accounts["site"] if by_project else accounts["service"])
        account[books.operator < 0] = -1
    else:
        payment = grouped(spent, projects[due.project] if by_project else due.service)
        option = grouped(table, table["project"] if by_project else table["service"])
        account = np.full(len(accounts), -1, dtype=np.int64)
    party = list(PARTIES).index(row.party)
    high = row.max_share
    if np.isnan(high):
        high = 0.0 if row.party == "resident" and row.ledger == "capital" else 1.0
    of = {"plan": "", "service": " of service {}", "project": " of project {}"}[row.scope]
    named = tuple(
        Group(
            f"{row.party} {spoken(row.min_share, high)} of {SPOKEN[row.ledger]}{of.format(key)} (bound {row.bound})",
            float(row.min_share), float(high),
        )
        for key in keys
    )  # fmt: skip
    ours = (instance["funds"]["party"] == row.party).to_numpy(bool)
    return Division(named, row.ledger, party, ours, np.ones_like(ours), payment, option, account, common=False)


def _whole_plan(options: Options, due: Payments, books: Accounts) -> dict[str, Any]:
    """All payments of the plan, as one group."""
    return {
        "payment": np.zeros(len(due), dtype=np.int64),
        "option": np.full(len(options.table), -1, dtype=np.int64),
        "account": np.full(len(books), -1, dtype=np.int64),
    }


def _funds(instance: Instance, options: Options, due: Payments, books: Accounts) -> list[Division]:
    """Lay out the smallest and largest shares of funds in the plan's capital."""
    funds = instance["funds"]
    return [
        Division(
            (Group(f"fund {row.fund} {spoken(row.low, row.high)} of capital", float(row.low), float(row.high)),),
            "capital", -1, (funds["fund"] == row.fund).to_numpy(bool), np.ones(len(funds), dtype=bool),
            **_whole_plan(options, due, books), common=False,
        )
        for row in tuples(funds.rename(columns={"min_share": "low", "max_share": "high"}))
    ]  # fmt: skip


def _quotas(
    instance: Instance, options: Options, due: Payments, books: Accounts
) -> tuple[list[Division], tuple[Text, ...]]:
    """Lay out the quotas of capital by population."""
    found: list[Division] = []
    notes: list[Text] = []
    funds = instance["funds"]["fund"]
    for quota in instance.settings.policy.quotas:
        if quota.measure != "capital":
            continue
        own, of_site, left_out = groups(instance, options, quota)
        notes += left_out
        mine = (funds == quota.fund).to_numpy(bool) if quota.fund else np.ones(len(funds), dtype=bool)
        site = pd.Index(instance["sites"]["id"]).get_indexer(due.site)
        cells = _whole_plan(options, due, books) | {"payment": of_site[site]}
        found.append(Division(own, "capital", -1, mine, mine, **cells, common=True))
    return found, tuple(notes)


def _binding(division: Division, due: Payments, in_kind: Floats) -> Division:
    """Drop the groups in which nothing can be counted, or whose share may be anything it can be."""
    kept: list[Group] = []
    index = np.full(len(division.groups) + 1, -1, dtype=np.int64)  # the last one answers -1
    some = np.asarray(due.most[division.funds].any(axis=0))
    given = division.ledger == "capital_with_in_kind"
    for i, group in enumerate(division.groups):
        inside, options, accounts = division.payment == i, division.option == i, division.account == i
        there = division.common or bool(inside.any() or accounts.any() or (given and in_kind[:, options].any()))
        part = bool(some[inside].any() or accounts.any() or (given and in_kind[division.party, options].any()))
        if there and (group.low > 0 or (group.high < 1 and part)):
            index[i] = len(kept)
            kept.append(group)
    return Division(
        tuple(kept), division.ledger, division.party, division.funds, division.of_funds,
        index[division.payment], index[division.option], index[division.account], division.common,
    )  # fmt: skip
