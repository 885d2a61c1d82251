"""The exact linear program that is left once choice, levels and central sources are decided."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from exact_program import LinearProgram, exact

from panhuo_models.data import YEARLY_ITEMS, ShareLimit, SitingData

Sums = dict[int, Fraction]
"""Coefficients by column."""
Assigned = dict[tuple[int, int], tuple[Fraction, Fraction]]
"""Fewest and most people by flow row and outlet."""
ZERO, ONE = Fraction(0), Fraction(1)


def is_complex(data: SitingData, choice: tuple[int, ...], p: int) -> bool:
    """Whether a project is a complex."""
    asked = data.complexes
    if asked is None:
        return False
    own = [o for o in choice if data.option_project[o] == p]
    named = sum(bool(asked.named[data.option_service[o]]) for o in own)
    area = sum((exact(data.option_area[o]) for o in own), ZERO)
    return bool(own) and area >= exact(asked.area) and len(own) >= asked.functions and named >= asked.named_functions


def stays_open(data: SitingData, choice: tuple[int, ...]) -> list[bool]:
    """Whether each existing facility that some project would close stays."""
    used = sorted({int(data.option_project[o]) for o in choice})
    return [not closed for closed in data.closing_by.toarray()[:, used].any(axis=1).tolist()]


def covered(data: SitingData, choice: tuple[int, ...]) -> tuple[list[Fraction], bool]:
    """People of the reach rows per tally, and whether all mandatory rows that anything may reach are covered."""
    offered, stays = {int(data.option_offer[o]) for o in choice}, stays_open(data, choice)
    open_ = np.array([s in offered for s in range(len(data.offers))] + stays, dtype=bool)
    within = data.reach.within.toarray()
    reached = (within & open_).any(axis=1)
    counted = [ZERO] * len(data.tallies)
    for r in np.flatnonzero(reached).tolist():
        counted[data.reach.tally[r]] += exact(data.reach.demand[r])
    return counted, not np.any(data.reach.mandatory & within.any(axis=1) & ~reached)


def worth(data: SitingData, counted: list[Fraction]) -> Fraction:
    """Σ_t weight[t]·(fixed[t] + counted[t] − before[t]) of the first stage."""
    stage, tallies = data.objectives[0], data.tallies
    pairs = zip(stage.tallies.tolist(), stage.weight.tolist(), strict=True)
    return sum((exact(w) * (exact(tallies.fixed[t]) + counted[t] - exact(tallies.before[t])) for t, w in pairs), ZERO)


def spent_on(data: SitingData, choice: tuple[int, ...]) -> list[Fraction]:
    """Cost of every class: chosen options, and the works that one of them needs."""
    choose = np.zeros(len(data.options), dtype=np.int64)
    choose[list(choice)] = 1
    units = np.concatenate([choose, np.asarray(data.work_options.astype(np.int64) @ choose).ravel() > 0]) > 0
    cost = data.money.cost.toarray()
    return [sum((exact(v) for v in row[units & (row > 0)]), ZERO) for row in cost]


class Decided:
    """People and money of one decision.

    Parameters
    ----------
    choice, levels
        Options and outlets.
    spent
        What :func:`spent_on` gives.
    sources
        By class: the central funds that may pay it.
    short
        By financed account: whether it makes a loss, and its deficit is exactly that; others may say they lack more.
    room
        Leave room for rounding in every row that sums up a year.
    """

    def __init__(
        self, data: SitingData, choice: tuple[int, ...], levels: tuple[int, ...], spent: list[Fraction],
        sources: tuple[tuple[int, ...], ...], short: dict[int, bool], *, room: bool,
    ) -> None:  # fmt: skip
        self.data, self.choice, self.levels, self.spent, self.sources = data, choice, levels, spent, sources
        self.short, self.room, self.lp = short, room, LinearProgram()
        self.accounts = sorted({int(a) for a in data.option_account[list(choice)]})
        self.options = {a: [o for o in choice if data.option_account[o] == a] for a in self.accounts}

    def payable(self) -> bool:
        """Whether caps, eligibility and shares of cash let the capital be paid, whatever the year brings."""
        self._capital()
        for limit in self.data.money.limits:
            if limit.ledger != "yearly":
                self._capital_limit(limit)
        return self.lp.maximum() is not None

    def value(self, beyond: Fraction | None) -> Fraction | None:
        """The optimum; ``None`` where the decision cannot be carried out, or reaches clearly less than ``beyond``."""
        already = self._whole({})
        found = None if already is None else self.lp.maximum(None if beyond is None else beyond - already)
        return None if found is None or already is None else found + already

    def roughly(self, people: Assigned) -> float | None:
        """The optimum in floating-point numbers where ``people`` holds who is assigned where."""
        already = self._whole(people)
        found = None if already is None else self.lp.roughly()
        return None if found is None or already is None else found + float(already)

    def _whole(self, people: Assigned) -> Fraction | None:
        """Write all rows; gives what is reached by reach rows alone, ``None`` where a mandatory one is not covered."""
        data = self.data
        fixed, safe = covered(data, self.choice)
        if not safe:
            return None
        stage = data.objectives[0]
        weight = dict(zip(stage.tallies.tolist(), map(exact, stage.weight.tolist()), strict=True))
        self._people(weight, people)
        self._capital()
        self._year()
        for limit in data.money.limits:
            (self._yearly_limit if limit.ledger == "yearly" else self._capital_limit)(limit)
        for floor in data.floors:
            have = exact(data.tallies.fixed[floor.tally]) + fixed[floor.tally]
            row = {c: u for c, (g, u) in self.served.items() if data.flow.tally[g] == floor.tally}
            self.lp.row(row, exact(floor.persons) - have, None)
        return worth(data, fixed)

    def _people(self, weight: dict[int, Fraction], people: Assigned) -> None:
        """Assigned persons: within demand, capacity, and no picking of payers."""
        data, lp = self.data, self.lp
        flow, outlets, stays = data.flow, data.outlets, stays_open(data, self.choice)
        self.served: dict[int, tuple[int, Fraction]] = {}
        self.at: dict[int, list[int]] = {n: [] for n in range(len(outlets))}
        column: dict[tuple[int, int], int] = {}
        usable: dict[int, set[int]] = {g: set() for g in range(len(flow))}
        for g, n, u in zip(flow.row.tolist(), flow.outlet.tolist(), flow.uptake.tolist(), strict=True):
            usable[g].add(n)
            e = int(outlets.closing[n])
            if n in self.levels if outlets.account[n] >= 0 else (e < 0 or stays[e]):
                column[g, n] = c = lp.column(weight.get(int(flow.tally[g]), ZERO) * exact(u))
                self.served[c] = g, exact(u)
                self.at[n].append(c)
        for pair in column.keys() & people.keys():
            lp.row({column[pair]: ONE}, *people[pair])
        goes = {g: {n for (h, n) in column if h == g} for g in usable}
        for g, able in usable.items():
            lp.row({column[g, n]: ONE for n in goes[g]}, None, exact(flow.demand[g]))
            for h in usable:
                if flow.cell[g] == flow.cell[h] and data.tier_need[flow.tier[g]] > data.tier_need[flow.tier[h]]:
                    row = {column[g, n]: -1 / exact(flow.demand[g]) for n in goes[g]}
                    row |= {column[h, n]: 1 / exact(flow.demand[h]) for n in goes[h] & able}
                    lp.row(row, None, ZERO)
        for n in range(len(outlets)):
            if outlets.account[n] < 0 and np.isfinite(outlets.capacity[n]):
                lp.row({c: self.served[c][1] for c in self.at[n]}, None, exact(outlets.capacity[n]))
        for a, options in self.options.items():
            room = [float(data.accounts.capacity[o]) for o in options]
            if np.isfinite(room).all():
                row = {c: self.served[c][1] for n in np.flatnonzero(outlets.account == a) for c in self.at[n]}
                lp.row(row, None, sum(map(exact, room), ZERO))

    def _capital(self) -> None:
        """Every class paid in full, within caps, largest shares and complexes; bonds follow in _year."""
        data, lp, money = self.data, self.lp, self.data.money
        self.pay: dict[tuple[int, int], int] = {}
        for q, due in enumerate(self.spent):
            if not due:
                continue
            complex_ = is_complex(data, self.choice, int(money.class_project[q]))
            for f in np.flatnonzero(money.most[:, q] > 0).tolist():
                if (f in self.sources[q] or not money.central[f]) and (complex_ or not money.complex_only[f]):
                    self.pay[f, q] = lp.column()
                    if money.most[f, q] < 1:
                        lp.row({self.pay[f, q]: ONE}, None, exact(money.most[f, q]) * due)
            if money.funds:
                lp.row({c: ONE for (_, r), c in self.pay.items() if r == q}, due, due)
        for f in range(len(money.funds)):
            if np.isfinite(money.cap[f]):
                lp.row({c: ONE for (g, _), c in self.pay.items() if g == f}, None, exact(money.cap[f]))

    def _capital_limit(self, limit: ShareLimit) -> None:
        money = self.data.money
        part = {c for (f, q), c in self.pay.items() if limit.funds[f] and limit.classes[q]}
        whole = {c for (f, q), c in self.pay.items() if limit.of_funds[f] and limit.of_classes[q]}
        own = every = ZERO
        if limit.ledger == "capital_with_in_kind":
            mine = [o for o in self.choice if limit.options[o]]
            own = sum((exact(money.in_kind[limit.party, o]) for o in mine), ZERO)
            every = sum((exact(money.in_kind[p, o]) for p in range(len(money.parties)) for o in mine), ZERO)
        for share, low in ((exact(limit.low), True), (exact(limit.high), False)):
            bound = share * every - own
            row = {c: (c in part) - share * (c in whole) for c in part | whole}
            self.lp.row(row, bound if low else None, None if low else bound)

    def _sum(self, per: np.ndarray, account: int) -> Sums:
        """Money of the visits of an account: coefficients on assigned persons."""
        row: Sums = {}
        for n in np.flatnonzero(self.data.outlets.account == account).tolist():
            for c in self.at[n]:
                g, uptake = self.served[c]
                row[c] = uptake * exact(per[n, self.data.flow.tier[g]])
        return row

    def _lost(self, account: int, rate: np.ndarray) -> Fraction:
        """What rounding may take from an account, of what is counted at a rate a person: the engine's room."""
        flow, outlets = self.data.flow, self.data.outlets
        if not self.room or self.data.accounts.operator[account] < 0:
            return ZERO
        lost = ZERO
        for n in self.levels:
            if outlets.account[n] == account:
                for h in range(len(self.data.tiers)):
                    pairs = int(((flow.outlet == n) & (flow.tier[flow.row] == h)).sum())
                    if pairs:
                        visit = 1 / exact(outlets.visits[n]) if outlets.visits[n] else ZERO
                        lost += max(ZERO, exact(rate[n, h])) * (visit + pairs * Fraction(2, 10**6))
        return lost + Fraction(5, 100)

    def _year(self) -> None:
        """Subsidies, deficits, margins by pool, dues and yearly funds, bonds."""
        data, lp = self.data, self.lp
        accounts, outlets, money = data.accounts, data.outlets, data.money
        self.earns = outlets.price + outlets.government + outlets.donor
        self.subsidy: dict[int, int] = {}
        self.deficit: dict[int, int] = {}
        # Income and cost of an account: coefficients, and what there is whatever the visits.
        self.income: dict[int, tuple[Sums, Fraction]] = {}
        self.cost: dict[int, tuple[Sums, Fraction]] = {}
        for a in self.accounts:
            options = self.options[a]
            other, fixed, limit = (
                sum((exact(of[o]) for o in options), ZERO) for of in (accounts.income, accounts.fixed, accounts.subsidy)
            )
            income, cost = self._sum(self.earns, a), self._sum(outlets.cost, a)
            self.income[a], self.cost[a] = (income, other), (cost, fixed)
            if accounts.operator[a] < 0:
                continue
            self.subsidy[a] = lp.column()
            lp.row({self.subsidy[a]: ONE}, None, limit)
            income[self.subsidy[a]] = ONE
            for (f, q), c in self.pay.items():
                if money.class_account[q] == a and money.party[f] == accounts.operator[a]:
                    cost[c] = exact(accounts.write_off[a])
            if accounts.financed[a]:
                self._financed(a)
        self._margins()
        self._dues()
        for bond in money.bonds:
            row = {c: -exact(bond.cover) * exact(bond.rate) for (f, _), c in self.pay.items() if f == bond.fund}
            have = lost = ZERO
            for a in self.accounts:
                if bond.accounts[a]:
                    have += self.income[a][1] - self.cost[a][1]
                    lost += self._lost(a, outlets.price - outlets.cost)
                    _add(row, self._sum(outlets.price, a))
                    _add(row, self._sum(outlets.cost, a), -ONE)
            lp.row(row, lost - have, None)

    def _financed(self, a: int) -> None:
        """deficit[a] = max(0, cost − income)."""
        missing = dict(self.cost[a][0])
        _add(missing, self.income[a][0], -ONE)
        beside = self.cost[a][1] - self.income[a][1]
        if self.short.get(a) is False:
            self.lp.row(missing, None, -beside)
            return
        self.deficit[a] = self.lp.column()
        row = {self.deficit[a]: ONE}
        _add(row, missing, -ONE)
        lost = self._lost(a, self.earns - self.data.outlets.cost)
        self.lp.row(row, beside + lost, beside + lost if self.short.get(a) else None)

    def _margins(self) -> None:
        accounts, running = self.data.accounts, self.data.outlets.cost
        for pool in {int(accounts.pool[a]) for a in self.accounts if accounts.pool[a] >= 0}:
            mine = [a for a in self.accounts if accounts.pool[a] == pool]
            for bounds, low in ((accounts.margin_min, True), (accounts.margin_max, False)):
                if any(np.isnan(bounds[a]) for a in mine):
                    continue
                row: Sums = {}
                right = ZERO
                for a in mine:
                    keep = 1 - exact(bounds[a])
                    _add(row, self.income[a][0], keep)
                    _add(row, self.cost[a][0], -ONE)
                    right += self.cost[a][1] - keep * self.income[a][1]
                    beyond = float(keep) * self.earns - running
                    right += self._lost(a, beyond) if low else -self._lost(a, -beyond)
                self.lp.row(row, right if low else None, None if low else right)

    def _dues(self) -> None:
        """Every yearly class paid in full by its funds."""
        data, lp, yearly = self.data, self.lp, self.data.yearly
        due: dict[int, Sums] = {}
        for a in self.accounts:
            owed = {
                "visit_subsidy": self._sum(data.outlets.government, a),
                "donation": self._sum(data.outlets.donor, a),
                "operating_subsidy": {self.subsidy[a]: ONE} if a in self.subsidy else {},
                "operation": {self.deficit[a]: ONE} if a in self.deficit else {},
            }
            for y, item in zip(yearly.due[a].tolist(), YEARLY_ITEMS, strict=True):
                if y >= 0:
                    _add(due.setdefault(y, {}), owed[item])
        self.pay_yearly: dict[tuple[int, int], int] = {}
        for y, row in due.items():
            for f in np.flatnonzero(yearly.eligible[:, y]).tolist():
                self.pay_yearly[f, y] = lp.column()
                row[self.pay_yearly[f, y]] = -ONE
            lp.row(row, ZERO, ZERO)
        for f in range(len(yearly.cap)):
            if np.isfinite(yearly.cap[f]):
                lp.row({c: ONE for (g, _), c in self.pay_yearly.items() if g == f}, None, exact(yearly.cap[f]))

    def _yearly_limit(self, limit: ShareLimit) -> None:
        data, outlets = self.data, self.data.outlets
        mine = [a for a in self.accounts if limit.accounts[a] and data.accounts.operator[a] >= 0]
        classes = {int(y) for a in mine for y in data.yearly.due[a] if y >= 0}
        outside = {int(y) for a in self.accounts if a not in mine for y in data.yearly.due[a] if y >= 0}
        assert not classes & outside, "a yearly class stands in a limit as a whole or not at all"
        carried = {"resident": outlets.price, "enterprise": outlets.enterprise}
        whole: Sums = {}
        part: Sums = {}
        for a in mine:
            for party, per in carried.items():
                _add(whole, self._sum(per, a))
                if party == data.money.parties[limit.party]:
                    _add(part, self._sum(per, a))
        for (f, y), c in self.pay_yearly.items():
            if y in classes:
                whole[c] = ONE
                if data.money.party[f] == limit.party:
                    part[c] = ONE
        lost = sum((self._lost_of_share(a) for a in mine), ZERO)
        for share, low in ((exact(limit.low), True), (exact(limit.high), False)):
            if (share > 0) if low else (share < 1):
                row = dict(part)
                _add(row, whole, -share)
                self.lp.row(row, lost if low else None, None if low else -lost)

    def _lost_of_share(self, a: int) -> Fraction:
        """A share counts every part of a visit, the subsidies that margins need, and the deficit."""
        outlets, margin = self.data.outlets, self.data.accounts.margin_min[a]
        keep = 1.0 - float(np.nan_to_num(margin))
        lost = self._lost(a, self.earns + outlets.enterprise)
        return lost + self._lost(a, keep * self.earns - outlets.cost) + self._lost(a, self.earns - outlets.cost)


def _add(row: Sums, more: Sums, times: Fraction = ONE) -> None:
    for c, v in more.items():
        row[c] = row.get(c, ZERO) + times * v
