"""Who pays the year: dues of the accounts, funds, and what each party carries."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from panhuo_models.accounts import Books
from panhuo_models.data import YEARLY_ITEMS, Bools, SitingData
from panhuo_models.money import UNIT
from panhuo_models.shares import add_limits
from panhuo_models.terms import Terms, total

RESIDENT = "resident"
"""The party that pays the prices."""
ENTERPRISE = "enterprise"
"""The party that forgoes its part of the price."""


def add_yearly(model: pyo.ConcreteModel, data: SitingData, books: Books) -> None:
    """Add the block ``yearly``: pay_yearly[f,y] (units of money a year), dues, caps and yearly shares.

    Parameters
    ----------
    model : ConcreteModel
        A model with the block ``accounts``.
    data : SitingData
        Its accounts, yearly classes and limits.
    books : Books
        The year of each account.

    Raises
    ------
    ValueError
        A yearly class stands half in a limit.
    """
    block = model.yearly = pyo.Block()
    yearly, funds = data.yearly, data.money.funds
    due = _due(data, books)
    live = [y for y, terms in enumerate(due) if terms]
    able = yearly.eligible & (yearly.cap > 0)[:, None]
    block.pay_yearly = pyo.Var(
        [(funds[f], y) for y in live for f in np.flatnonzero(able[:, y]).tolist()],
        domain=pyo.NonNegativeReals,
    )
    _dues(block, live, due)
    _caps(block, data)
    limits = {n: limit for n, limit in enumerate(data.money.limits) if limit.ledger == "yearly"}
    sides = {
        n: (carried(block, data, books, limit.party, limit.accounts), whole(data, books, limit.accounts))
        for n, limit in limits.items()
    }
    add_limits(block, data, sides)


def _due(data: SitingData, books: Books) -> list[Terms]:
    """List what each yearly class owes."""
    due: list[Terms] = [[] for _ in range(data.yearly.eligible.shape[1])]
    for a, classes in enumerate(data.yearly.due.tolist()):
        amounts = (
            books.visits(a, data.outlets.government),
            books.visits(a, data.outlets.donor),
            books.subsidy(a),
            books.deficit(a),
        )
        for y, _, terms in zip(classes, YEARLY_ITEMS, amounts, strict=True):
            if y >= 0:
                due[y] += terms
    return due


def _dues(block: pyo.Block, live: list[int], due: list[Terms]) -> None:
    """Σ_f pay_yearly[f,y] = what class y owes: government's and donors' part of visits, subsidies, deficits."""
    paid: dict[int, Terms] = {y: [] for y in live}
    for (_, y), pay in block.pay_yearly.items():
        paid[y].append((1.0, pay))

    def rule(_: pyo.Block, y: int) -> pyo.Expression:
        return total(paid[y]) - total(due[y]) == 0

    block.balance = pyo.Constraint(live, rule=rule)


def _caps(block: pyo.Block, data: SitingData) -> None:
    """Σ_y pay_yearly[f,y] ≤ yearly cap[f]."""
    paid: dict[str, Terms] = {}
    for (fund, _), pay in block.pay_yearly.items():
        paid.setdefault(fund, []).append((1.0, pay))
    cap = dict(zip(data.money.funds, data.yearly.cap.tolist(), strict=True))

    def rule(_: pyo.Block, fund: str) -> pyo.Expression:
        return total(paid[fund]) <= cap[fund] / UNIT

    block.cap = pyo.Constraint([fund for fund in paid if np.isfinite(cap[fund])], rule=rule)


def carried(block: pyo.Block, data: SitingData, books: Books, party: int, accounts: Bools) -> Terms:
    """List what a party carries of some accounts a year.

    Residents carry the prices, the enterprise its forgone part, and every party what its funds pay.

    Parameters
    ----------
    block : Block
        The block ``yearly``.
    data : SitingData
        The data.
    books : Books
        The year of each account.
    party : int
        The party.
    accounts : (A,) bool
        The accounts.

    Returns
    -------
    Terms
        In units of money.

    Raises
    ------
    ValueError
        A yearly class holds some of the accounts and others too.
    """
    inside = accounts & (data.accounts.operator >= 0)
    name, outlets = data.money.parties[party], data.outlets
    terms: Terms = []
    for a in np.flatnonzero(inside).tolist():
        if name == RESIDENT:
            terms += books.visits(a, outlets.price)
        elif name == ENTERPRISE:
            terms += books.visits(a, outlets.enterprise)
    ours = {fund for fund, p in zip(data.money.funds, data.money.party.tolist(), strict=True) if p == party}
    classes = _classes(data, inside)
    return terms + [(1.0, pay) for (fund, y), pay in block.pay_yearly.items() if fund in ours and y in classes]


def _classes(data: SitingData, inside: Bools) -> set[int]:
    """Give the yearly classes of some accounts."""
    due = data.yearly.due
    ours, others = set(due[inside].ravel().tolist()) - {-1}, set(due[~inside].ravel().tolist())
    if ours & others:
        raise ValueError(f"yearly classes {sorted(ours & others)} stand half in a limit")
    return ours


def whole(data: SitingData, books: Books, accounts: Bools) -> Terms:
    """List what all parties carry of some accounts: full price, operating subsidies and financed deficits."""
    outlets = data.outlets
    price = outlets.price + outlets.government + outlets.enterprise + outlets.donor
    inside = np.flatnonzero(accounts & (data.accounts.operator >= 0)).tolist()
    return [term for a in inside for term in (*books.visits(a, price), *books.subsidy(a), *books.deficit(a))]
