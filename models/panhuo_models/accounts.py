"""Yearly money of every account: what it earns, what it costs, and what the operator may keep."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from panhuo_models.data import Floats, Ints, SitingData
from panhuo_models.money import UNIT
from panhuo_models.operation import loads
from panhuo_models.ranges import most_earned, most_spent
from panhuo_models.siting import groups
from panhuo_models.terms import Terms, times, total


class Books:
    """The year of each account, as terms in units of money; all of it is zero where the account is not chosen.

    Parameters
    ----------
    model : ConcreteModel
        A model with the blocks ``siting``, ``operation`` and ``money``.
    data : SitingData
        Its accounts.
    """

    def __init__(self, model: pyo.ConcreteModel, data: SitingData) -> None:
        self._data = data
        options = groups(data.option_account, len(data.accounts))
        self._choose = [[(o, model.siting.choose[data.options[o]]) for o in of] for of in options]
        self._load: list[list[tuple[int, int, pyo.Var]]] = [[] for _ in data.accounts.names]
        for n, found in enumerate(loads(model.operation, data)):
            if (a := int(data.outlets.account[n])) >= 0:
                self._load[a] += [(n, h, load) for h, load in found]
        owner = dict(zip(data.money.funds, data.money.party.tolist(), strict=True))
        self._own: list[Terms] = [[] for _ in data.accounts.names]
        for (fund, q), pay in model.money.pay.items():
            if (a := int(data.money.class_account[q])) >= 0 and owner[fund] == data.accounts.operator[a]:
                self._own[a].append((1.0, pay))
        self._subsidy: dict[int, pyo.Var] = {}
        self._deficit: dict[int, pyo.Var] = {}

    def hold(self, subsidy: pyo.Var, deficit: pyo.Var) -> None:
        """Take note of the decisions subsidy[a] and deficit[a]."""
        self._subsidy, self._deficit = dict(subsidy.items()), dict(deficit.items())

    def visits(self, a: int, rate: Floats) -> Terms:
        """Σ_{n of a} Σ_h rate[n,h]·load[n,h], for a rate in CNY/person/year."""
        return [(float(rate[n, h]) / UNIT, load) for n, h, load in self._load[a] if rate[n, h]]

    def by_option(self, a: int, value: Floats) -> Terms:
        """Σ_{o of a} value[o]·choose[o], for a value in CNY/year."""
        return [(float(value[o]) / UNIT, choose) for o, choose in self._choose[a] if value[o]]

    def subsidy(self, a: int) -> Terms:
        """subsidy[a]."""
        return [(1.0, self._subsidy[a])] if a in self._subsidy else []

    def deficit(self, a: int) -> Terms:
        """deficit[a]."""
        return [(1.0, self._deficit[a])] if a in self._deficit else []

    def running(self, a: int) -> Terms:
        """Cost of operation: Σ_o fixed[o]·choose[o] + Σ_{n,h} cost[n,h]·load[n,h]."""
        return [*self.by_option(a, self._data.accounts.fixed), *self.visits(a, self._data.outlets.cost)]

    def cost(self, a: int) -> Terms:
        """Cost of operation, and write_off[a] of what the operator's funds pay of the account's capital."""
        return [*self.running(a), *times(float(self._data.accounts.write_off[a]), self._own[a])]

    def income(self, a: int) -> Terms:
        """Price, government's and donors' part of every visit, income beside visits, operating subsidy.

        The enterprise's part is forgone price: neither income nor cost.
        """
        outlets = self._data.outlets
        received = outlets.price + outlets.government + outlets.donor
        return [*self.visits(a, received), *self.by_option(a, self._data.accounts.income), *self.subsidy(a)]

    def own_revenue(self, a: int) -> Terms:
        """Prices and income beside visits, less the cost of operation."""
        earned = [*self.visits(a, self._data.outlets.price), *self.by_option(a, self._data.accounts.income)]
        return [*earned, *times(-1.0, self.running(a))]


def add_accounts(model: pyo.ConcreteModel, data: SitingData) -> Books:
    """Add the block ``accounts``: subsidy[a], deficit[a] (units of money), loses[a] ∈ {0, 1} and the margins.

    deficit[a] = max(0, cost[a] − income[a]). Only a bound on shares of the year could wish for more of it than is
    missing, as every yuan is one more to be paid: where none counts the account, nothing need hold it down.

    Parameters
    ----------
    model : ConcreteModel
        A model with the blocks ``siting``, ``operation`` and ``money``.
    data : SitingData
        Its accounts.

    Returns
    -------
    Books
        The year of each account.
    """
    block = model.accounts = pyo.Block()
    accounts = data.accounts
    books = Books(model, data)
    run = accounts.operator >= 0
    granted = np.bincount(data.option_account, weights=accounts.subsidy, minlength=len(accounts)) > 0
    block.subsidy = pyo.Var(np.flatnonzero(run & granted).tolist(), domain=pyo.NonNegativeReals)
    block.deficit = pyo.Var(np.flatnonzero(run & accounts.financed).tolist(), domain=pyo.NonNegativeReals)
    books.hold(block.subsidy, block.deficit)
    block.loses = pyo.Var(losing(data).tolist(), domain=pyo.Binary)
    _subsidies(block, data, books)
    _deficits(block, books)
    _losses(block, data, books)
    _margins(block, data, books)
    return books


def _subsidies(block: pyo.Block, data: SitingData, books: Books) -> None:
    """subsidy[a] ≤ Σ_{o of a} limit[o]·choose[o]."""

    def rule(block: pyo.Block, a: int) -> pyo.Expression:
        return block.subsidy[a] - total(books.by_option(a, data.accounts.subsidy)) <= 0

    block.granted = pyo.Constraint(list(block.subsidy), rule=rule)


def _deficits(block: pyo.Block, books: Books) -> None:
    """deficit[a] ≥ cost[a] − income[a]."""

    def rule(block: pyo.Block, a: int) -> pyo.Expression:
        return block.deficit[a] + total(books.income(a)) - total(books.cost(a)) >= 0

    block.missing = pyo.Constraint(list(block.deficit), rule=rule)


def losing(data: SitingData) -> Ints:
    """List the accounts of which it is asked whether they lose money: financed, and counted in a bound of the year."""
    counted = np.zeros(len(data.accounts), dtype=bool)
    for limit in data.money.limits:
        if limit.ledger == "yearly" and (limit.low > 0 or limit.high < 1):
            counted |= limit.accounts
    return np.flatnonzero(counted & data.accounts.financed & (data.accounts.operator >= 0))


def _losses(block: pyo.Block, data: SitingData, books: Books) -> None:
    """deficit[a] ≤ cost[a] − income[a] + I_max[a]·(1 − loses[a]), deficit[a] ≤ C_max[a]·loses[a]."""
    earned, spent = most_earned(data) / UNIT, most_spent(data) / UNIT

    def exact(block: pyo.Block, a: int) -> pyo.Expression:
        missing = block.deficit[a] + total(books.income(a)) - total(books.cost(a))
        return missing <= float(earned[a]) * (1 - block.loses[a])

    def some(block: pyo.Block, a: int) -> pyo.Expression:
        return block.deficit[a] - float(spent[a]) * block.loses[a] <= 0

    block.exact = pyo.Constraint(list(block.loses), rule=exact)
    block.some = pyo.Constraint(list(block.loses), rule=some)


def _margins(block: pyo.Block, data: SitingData, books: Books) -> None:
    """Σ_a margin_min[a]·income[a] ≤ Σ_a (income[a] − cost[a]) ≤ Σ_a margin_max[a]·income[a], pool by pool."""
    accounts = data.accounts
    pools: dict[int, list[int]] = {}
    for a in np.flatnonzero((accounts.operator >= 0) & (accounts.pool >= 0)).tolist():
        pools.setdefault(int(accounts.pool[a]), []).append(a)

    def beyond(pool: int, margin: Floats) -> pyo.Expression:
        members = pools[pool]
        earned = [term for a in members for term in times(1.0 - float(margin[a]), books.income(a))]
        return total(earned) - total(term for a in members for term in books.cost(a))

    def asked(margin: Floats) -> list[int]:
        some = [pool for pool, members in pools.items() if not np.isnan(margin[members]).any()]
        return [pool for pool in some if any(books.income(a) or books.cost(a) for a in pools[pool])]

    def least(_: pyo.Block, pool: int) -> pyo.Expression:
        return beyond(pool, accounts.margin_min) >= 0

    def most(_: pyo.Block, pool: int) -> pyo.Expression:
        return beyond(pool, accounts.margin_max) <= 0

    block.margin_min = pyo.Constraint(asked(accounts.margin_min), rule=least)
    block.margin_max = pyo.Constraint(asked(accounts.margin_max), rule=most)
