"""Who may pay what of the capital, and the cost classes that follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import scipy.sparse as sp

from panhuo.assemble.eligibility import bundles
from panhuo.assemble.limits import Division
from panhuo.assemble.options import Options
from panhuo.assemble.payments import Payments
from panhuo.instance import Instance
from panhuo.instance.schema import PARTIES
from panhuo.instance.tabular import tuples
from panhuo_models.data import Accounts, Bond, Floats, Ints, Money


def in_kind(options: Options) -> Floats:
    """Sum up what each party gives to each option without cash, (number of parties, O) [CNY]."""
    given = options.in_kind
    fen = np.zeros((len(PARTIES), len(options.table)), dtype=np.int64)
    party = pd.Index(list(PARTIES)).get_indexer(given["party"])
    np.add.at(fen, (party, given["option"].to_numpy(np.int64)), given["fen"].to_numpy(np.int64))
    return fen / 100


def money(instance: Instance, options: Options, due: Payments, books: Accounts, bounds: Sequence[Division]) -> Money:
    """Gather payments that no row tells apart into cost classes.

    Exact, and far smaller than a payment for every project: only payments that the same funds may pay to the same
    share, that stand in the same limits, and that no row binds alone are of one class.
    """
    funds = instance["funds"]
    party = pd.Index(list(PARTIES)).get_indexer(funds["party"]).astype(np.int64)
    central, complex_only = (funds[name].to_numpy(bool) for name in ("central", "complex_only"))
    account = _written_off(options, due, books, party)
    project = np.where((due.most[complex_only] > 0).any(axis=0), due.project, -1)
    alone = np.where((due.most[central] > 0).sum(axis=0) >= 2, np.arange(len(due)), -1)
    kind = np.unique(due.most, axis=1, return_inverse=True)[1].ravel()
    signature = np.array([kind, project, account, alone, *(bound.payment for bound in bounds)])
    _, first, q = np.unique(signature, axis=1, return_index=True, return_inverse=True)
    q = q.ravel()
    units = len(options.table) + len(options.works)
    budget = instance.settings.policy.budget_cny
    found = Money(
        cost=sp.csr_matrix((due.fen / 100, (q, due.unit)), shape=(len(first), units)),
        most=due.most[:, first],
        cap=funds["cap_cny"].to_numpy(float),
        party=party,
        central=central,
        complex_only=complex_only,
        class_project=project[first],
        class_account=account[first],
        limits=tuple(limit for bound in bounds for limit in bound.limits(q, len(first))),
        bonds=_bonds(instance, options),
        in_kind=in_kind(options),
        budget=np.inf if budget is None else budget,
        funds=tuple(funds["fund"]),
        parties=tuple(PARTIES),
    )
    return found


def _written_off(options: Options, due: Payments, books: Accounts, party: Ints) -> Ints:
    """Give the account of payments that its operator may make and must write off, else -1; (X,)."""
    own = pd.Index(options.accounts).get_indexer(options.table["account"])
    account = np.where(due.option >= 0, np.append(own, -1)[due.option], -1).astype(np.int64)
    # one more operator and rate answer for shared works, which belong to no account
    operator, rate = np.append(books.operator, -1)[account], np.append(books.write_off, 0.0)[account]
    pays = ((due.most > 0) & (party[:, None] == operator)).any(axis=0)
    return np.where((operator >= 0) & (rate > 0) & pays, account, -1)


def _bonds(instance: Instance, options: Options) -> tuple[Bond, ...]:
    """Find the revenue-backed funds, and the accounts whose options each may pay for."""
    of_accounts = bundles(instance, options)[:, ~options.table.duplicated("account").to_numpy()]
    return tuple(
        Bond(f, of_accounts[f], float(row.debt_service), float(row.cover))
        for f, row in enumerate(tuples(instance["funds"]))
        if not np.isnan(row.debt_service)
    )


def is_lone(instance: Instance, money: Money, books: Accounts) -> bool:
    """Whether a single fund may pay everything, nothing binds its share, and no row or stage asks who pays."""
    if len(money.funds) != 1 or (money.most < 1).any() or money.limits or money.bonds or money.complex_only.any():
        return False
    asked = (stage.measure in ("party_capital", "party_yearly") for stage in instance.settings.policy.objectives)
    return bool((books.operator < 0).all()) and not any(asked)


def as_budget(money: Money) -> Money:
    """Say of a lone fund what it is, a budget: the model is then pure 0–1, and smaller."""
    return replace(
        money,
        most=money.most[:0],
        cap=money.cap[:0],
        party=money.party[:0],
        central=money.central[:0],
        complex_only=money.complex_only[:0],
        budget=min(money.budget, float(money.cap[0])),
        funds=(),
    )
