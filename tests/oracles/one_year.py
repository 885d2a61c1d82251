"""A year of one plan as exact rows: subsidies, deficits, margins by pool, dues and yearly funds, bonds, shares."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from exact_program import exact
from one_choice import ONE, ZERO

from panhuo_models.data import YEARLY_ITEMS, Bond, ShareLimit

Sums = dict[int, Fraction]
"""Coefficients by column."""


class Ways(NamedTuple):
    """How the money of a choice goes about.

    Parameters
    ----------
    sources
        By class: the central funds that may pay it.
    short
        By financed account: whether it makes a loss, and its deficit is exactly that; others may say they lack more.
    issued
        By bond: whether it is issued, and its bundle must cover it; where nothing is said, it pays and none need cover it.
    """

    sources: tuple[tuple[int, ...], ...]
    short: dict[int, bool]
    issued: tuple[bool, ...]


class Year:
    """The rows of a year.

    Parameters
    ----------
    plan
        The :class:`~one_plan.Decided` whose people and capital stand already.
    """

    def __init__(self, plan: Any) -> None:
        self._plan, self._data, self._lp = plan, plan.data, plan.lp
        self._accounts, self._options = plan.accounts, plan.options
        self._written()

    def visits(self, account: int, rate: np.ndarray) -> Sums:
        """Money of the visits of an account, at a rate a person: coefficients on assigned persons."""
        row: Sums = {}
        for n in np.flatnonzero(self._data.outlets.account == account).tolist():
            for c in self._plan.at[n]:
                g, uptake = self._plan.served[c]
                row[c] = uptake * exact(rate[n, self._data.flow.tier[g]])
        return row

    def _lost(self, account: int, rate: np.ndarray) -> Fraction:
        """What rounding may take from an account, of what is counted at a rate a person: the engine's room."""
        flow, outlets = self._plan.rounded, self._data.outlets
        if flow is None or self._data.accounts.operator[account] < 0:
            return ZERO
        lost = ZERO
        for n in self._plan.levels:
            if outlets.account[n] == account:
                for h in range(len(self._data.tiers)):
                    pairs = int(((flow.outlet == n) & (flow.tier[flow.row] == h)).sum())
                    if pairs:
                        visit = 1 / exact(outlets.visits[n]) if outlets.visits[n] else ZERO
                        lost += max(ZERO, exact(rate[n, h])) * (visit + pairs * Fraction(2, 10**6))
        return lost + Fraction(5, 100)

    def _written(self) -> None:
        data, lp = self._data, self._lp
        accounts, outlets, money = data.accounts, data.outlets, data.money
        self._earns = outlets.price + outlets.government + outlets.donor
        self._subsidy: dict[int, int] = {}
        self._deficit: dict[int, int] = {}
        # Income and cost of an account: coefficients, and what there is whatever the visits.
        self._income: dict[int, tuple[Sums, Fraction]] = {}
        self._cost: dict[int, tuple[Sums, Fraction]] = {}
        for a in self._accounts:
            options = self._options[a]
            other, fixed, limit = (
                sum((exact(of[o]) for o in options), ZERO) for of in (accounts.income, accounts.fixed, accounts.subsidy)
            )
            income, cost = self.visits(a, self._earns), self.visits(a, outlets.cost)
            self._income[a], self._cost[a] = (income, other), (cost, fixed)
            if accounts.operator[a] < 0:
                continue
            self._subsidy[a] = lp.column()
            lp.row({self._subsidy[a]: ONE}, None, limit)
            income[self._subsidy[a]] = ONE
            for (f, q), c in self._plan.pay.items():
                if money.class_account[q] == a and money.party[f] == accounts.operator[a]:
                    cost[c] = exact(accounts.write_off[a])
            if accounts.financed[a]:
                self._financed(a)
        self._margins()
        self._dues()
        for bond, there in zip(money.bonds, self._plan.ways.issued, strict=False):
            if there:
                self._bond(bond)

    def _bond(self, bond: Bond) -> None:
        """Own revenue of the bundle ≥ cover · rate · what the bond pays."""
        outlets = self._data.outlets
        row = {c: -exact(bond.cover) * exact(bond.rate) for (f, _), c in self._plan.pay.items() if f == bond.fund}
        have = lost = ZERO
        for a in self._accounts:
            if bond.accounts[a]:
                have += self._income[a][1] - self._cost[a][1]
                lost += self._lost(a, outlets.price - outlets.cost)
                add(row, self.visits(a, outlets.price))
                add(row, self.visits(a, outlets.cost), -ONE)
        self._lp.row(row, lost - have, None)

    def _financed(self, a: int) -> None:
        """deficit[a] = max(0, cost − income)."""
        missing = dict(self._cost[a][0])
        add(missing, self._income[a][0], -ONE)
        beside = self._cost[a][1] - self._income[a][1]
        lost = self._lost(a, self._earns - self._data.outlets.cost)
        if self._plan.ways.short.get(a) is False:
            self._lp.row(missing, None, -beside - lost)
            return
        self._deficit[a] = self._lp.column()
        row = {self._deficit[a]: ONE}
        add(row, missing, -ONE)
        self._lp.row(row, beside + lost, beside + lost if self._plan.ways.short.get(a) else None)

    def _margins(self) -> None:
        accounts, running = self._data.accounts, self._data.outlets.cost
        for pool in {int(accounts.pool[a]) for a in self._accounts if accounts.pool[a] >= 0}:
            mine = [a for a in self._accounts if accounts.pool[a] == pool]
            for bounds, low in ((accounts.margin_min, True), (accounts.margin_max, False)):
                if any(np.isnan(bounds[a]) for a in mine):
                    continue
                row: Sums = {}
                right = ZERO
                for a in mine:
                    keep = 1 - exact(bounds[a])
                    add(row, self._income[a][0], keep)
                    add(row, self._cost[a][0], -ONE)
                    right += self._cost[a][1] - keep * self._income[a][1]
                    beyond = float(keep) * self._earns - running
                    right += self._lost(a, beyond) if low else -self._lost(a, -beyond)
                self._lp.row(row, right if low else None, None if low else right)

    def _dues(self) -> None:
        """Every yearly class paid in full by its funds."""
        data, lp, yearly = self._data, self._lp, self._data.yearly
        due: dict[int, Sums] = {}
        for a in self._accounts:
            owed = {
                "visit_subsidy": self.visits(a, data.outlets.government),
                "donation": self.visits(a, data.outlets.donor),
                "operating_subsidy": {self._subsidy[a]: ONE} if a in self._subsidy else {},
                "operation": {self._deficit[a]: ONE} if a in self._deficit else {},
            }
            for y, item in zip(yearly.due[a].tolist(), YEARLY_ITEMS, strict=True):
                if y >= 0:
                    add(due.setdefault(y, {}), owed[item])
        self.pay: dict[tuple[int, int], int] = {}
        for y, row in due.items():
            for f in np.flatnonzero(yearly.eligible[:, y]).tolist():
                self.pay[f, y] = lp.column()
                row[self.pay[f, y]] = -ONE
            lp.row(row, ZERO, ZERO)
        for f in range(len(yearly.cap)):
            if np.isfinite(yearly.cap[f]):
                lp.row({c: ONE for (g, _), c in self.pay.items() if g == f}, None, exact(yearly.cap[f]))

    def limit(self, limit: ShareLimit) -> None:
        """low · whole ≤ part ≤ high · whole."""
        data, outlets = self._data, self._data.outlets
        mine = [a for a in self._accounts if limit.accounts[a] and data.accounts.operator[a] >= 0]
        classes = {int(y) for a in mine for y in data.yearly.due[a] if y >= 0}
        outside = {int(y) for a in self._accounts if a not in mine for y in data.yearly.due[a] if y >= 0}
        assert not classes & outside, "a yearly class stands in a limit as a whole or not at all"
        carried = {"resident": outlets.price, "enterprise": outlets.enterprise}
        whole: Sums = {}
        part: Sums = {}
        for a in mine:
            for party, per in carried.items():
                add(whole, self.visits(a, per))
                if party == data.money.parties[limit.party]:
                    add(part, self.visits(a, per))
        for (f, y), c in self.pay.items():
            if y in classes:
                whole[c] = ONE
                if data.money.party[f] == limit.party:
                    part[c] = ONE
        lost = sum((self._lost_of_share(a) for a in mine), ZERO)
        for share, low in ((exact(limit.low), True), (exact(limit.high), False)):
            if (share > 0) if low else (share < 1):
                row = dict(part)
                add(row, whole, -share)
                self._lp.row(row, lost if low else None, None if low else -lost)

    def _lost_of_share(self, a: int) -> Fraction:
        """A share counts every part of a visit, the subsidies that margins need, and the deficit."""
        outlets, margin = self._data.outlets, self._data.accounts.margin_min[a]
        keep = 1.0 - float(np.nan_to_num(margin))
        lost = self._lost(a, self._earns + outlets.enterprise)
        return lost + self._lost(a, keep * self._earns - outlets.cost) + self._lost(a, self._earns - outlets.cost)


def add(row: Sums, more: Sums, times: Fraction = ONE) -> None:
    for c, v in more.items():
        row[c] = row.get(c, ZERO) + times * v
