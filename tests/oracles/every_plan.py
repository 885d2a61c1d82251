"""The best plan by trying every choice and level, with an exact linear program for people and money.

Written down from what the fields of SitingData mean, apart from the formulation: rows of one decision only.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from exact_program import LinearProgram, exact

from panhuo_models.data import YEARLY_ITEMS, ShareLimit, SitingData

Decision = tuple[np.ndarray, np.ndarray]
_TOP = 10**9


def best(data: SitingData) -> Fraction | None:
    """The exact optimum of the first stage (a coverage stage); ``None`` where no plan exists."""
    decisions = sorted(((_most(data, d), n, d) for n, d in enumerate(_decisions(data))), key=lambda e: (-e[0], e[1]))
    found: Fraction | None = None
    for most, _, decision in decisions:
        if found is not None and most <= found:
            break
        for value in _values(data, *decision):
            if value is not None and (found is None or value > found):
                found = value
    return found


def _decisions(data: SitingData) -> Iterator[Decision]:
    """Every choice that fits, with every level its accounts may take."""
    outlets = data.outlets
    for bits in itertools.product((False, True), repeat=len(data.options)):
        choose = np.array(bits, dtype=bool)
        if not _fits(data, choose):
            continue
        accounts = sorted({int(a) for a in data.option_account[choose]})
        menus = [m for a in accounts if (m := np.flatnonzero(outlets.account == a).tolist())]
        for levels in itertools.product(*menus):
            level = np.zeros(len(outlets), dtype=bool)
            level[list(levels)] = True
            yield choose, level


def _fits(data: SitingData, choose: np.ndarray) -> bool:
    """One mode a site, one option a service and project, floor area, required sites, links, complexes, quotas."""
    chosen = np.flatnonzero(choose)
    used = {int(data.option_project[o]) for o in chosen}
    sites = [int(data.project_site[p]) for p in used]
    pairs = [(int(data.option_project[o]), int(data.option_service[o])) for o in chosen]
    if len(set(sites)) < len(sites) or len(set(pairs)) < len(pairs):
        return False
    if any(data.site_required[j] and j not in sites for j in range(len(data.sites))):
        return False
    for p in used:
        if sum(exact(data.option_area[o]) for o in chosen if data.option_project[o] == p) > exact(data.project_area[p]):
            return False
    offered = {int(data.option_offer[o]) for o in chosen}
    for link in data.links:
        if link.offer in offered:
            others = offered & set(link.others)
            if link.kind == "incompatible" and others:
                return False
            if link.kind == "requires" and not others and not link.held:
                return False
    if data.complexes is not None and sum(_complex(data, choose, p) for p in used) < data.complexes.least:
        return False
    area = [exact(a) if c else Fraction(0) for a, c in zip(data.option_area, choose, strict=True)]
    for quota in data.quotas:
        part = sum((a for a, mine in zip(area, quota.options, strict=True) if mine), Fraction(0))
        if not exact(quota.low) * sum(area) <= part <= exact(quota.high) * sum(area):
            return False
    return True


def _complex(data: SitingData, choose: np.ndarray, p: int) -> bool:
    """Whether a project is a complex."""
    asked = data.complexes
    if asked is None:
        return False
    own = [o for o in np.flatnonzero(choose) if data.option_project[o] == p]
    named = sum(bool(asked.named[data.option_service[o]]) for o in own)
    area = sum((exact(data.option_area[o]) for o in own), Fraction(0))
    return area >= exact(asked.area) and len(own) >= asked.functions and named >= asked.named_functions


def _open(data: SitingData, choose: np.ndarray) -> tuple[set[int], list[bool]]:
    """Offers that are open, and whether each closing facility stays."""
    used = {int(p) for p in data.option_project[choose]}
    closes = data.closing_by.toarray()
    return {int(s) for s in data.option_offer[choose]}, [
        not any(closes[e, p] for p in used) for e in range(len(closes))
    ]


def _covered(data: SitingData, choose: np.ndarray) -> tuple[list[Fraction], bool]:
    """People of the reach rows per tally, and whether all mandatory rows are covered."""
    offered, stays = _open(data, choose)
    counted = [Fraction(0)] * len(data.tallies)
    safe = True
    within = data.reach.within.tocsr()
    for r in range(len(data.reach)):
        columns = within.indices[within.indptr[r] : within.indptr[r + 1]].tolist()
        reached = any(c in offered if c < len(data.offers) else stays[c - len(data.offers)] for c in columns)
        if reached:
            counted[data.reach.tally[r]] += exact(data.reach.demand[r])
        elif data.reach.mandatory[r] and columns:
            safe = False
    return counted, safe


def _most(data: SitingData, decision: Decision) -> Fraction:
    """What a decision could reach at most: everyone whom an open outlet may serve, by the largest uptake."""
    choose, level = decision
    stage = data.objectives[0]
    weight = dict(zip(stage.tallies.tolist(), map(exact, stage.weight), strict=True))
    counted, _ = _covered(data, choose)
    flow = data.flow
    uptake = [Fraction(0)] * len(flow)
    for g, n, u in zip(flow.row.tolist(), flow.outlet.tolist(), flow.uptake.tolist(), strict=True):
        if data.outlets.account[n] < 0 or level[n]:
            uptake[g] = max(uptake[g], exact(u))
    for g in range(len(flow)):
        counted[flow.tally[g]] += uptake[g] * exact(flow.demand[g])
    return _worth(data, weight, counted)


def _worth(data: SitingData, weight: dict[int, Fraction], counted: list[Fraction]) -> Fraction:
    tallies = data.tallies
    return sum(
        (w * (exact(tallies.fixed[t]) + counted[t] - exact(tallies.before[t])) for t, w in weight.items()), Fraction(0)
    )


def _values(data: SitingData, choose: np.ndarray, level: np.ndarray) -> Iterator[Fraction | None]:
    """The exact value of a decision for each way to pick one central source a class."""
    money = data.money
    spent = _spent(data, choose)
    if sum(spent) > (exact(money.budget) if np.isfinite(money.budget) else _TOP**2):
        return
    menus = []
    for q in range(len(spent)):
        central = [f for f in range(len(money.funds)) if money.central[f] and money.most[f, q] > 0]
        menus.append([(f,) for f in central] if len(central) > 1 and spent[q] else [tuple(central)])
    for sources in itertools.product(*menus):
        yield _Decided(data, choose, level, spent, sources).value()


def _spent(data: SitingData, choose: np.ndarray) -> list[Fraction]:
    """Cost of every class: chosen options, and the works that one of them needs."""
    need = np.asarray(data.work_options.astype(np.int64) @ choose.astype(np.int64)).ravel() > 0
    units = np.concatenate([choose, need])
    cost = data.money.cost.tocsr()
    return [
        sum(
            (exact(v) for u, v in zip(cost.indices[s], cost.data[s], strict=True) if units[u]),
            Fraction(0),
        )
        for s in (slice(cost.indptr[q], cost.indptr[q + 1]) for q in range(cost.shape[0]))
    ]


class _Decided:
    """The linear program that is left once choice, levels and central sources are decided."""

    def __init__(
        self, data: SitingData, choose: np.ndarray, level: np.ndarray, spent: list[Fraction],
        sources: tuple[tuple[int, ...], ...],
    ) -> None:  # fmt: skip
        self.data, self.choose, self.level, self.spent, self.sources = data, choose, level, spent, sources
        self.lp = LinearProgram()
        self.fixed, self.safe = _covered(data, choose)
        self.accounts = sorted({int(a) for a in data.option_account[choose]})
        self.account_options = {
            a: [o for o in np.flatnonzero(choose) if data.option_account[o] == a] for a in self.accounts
        }

    def value(self) -> Fraction | None:
        """The optimum; ``None`` where the decision cannot be carried out."""
        if not self.safe:
            return None
        stage = self.data.objectives[0]
        self.weight = dict(zip(stage.tallies.tolist(), map(exact, stage.weight), strict=True))
        self._people()
        self._capital()
        self._year()
        for limit in self.data.money.limits:
            (self._yearly_limit if limit.ledger == "yearly" else self._capital_limit)(limit)
        for floor in self.data.floors:
            have = exact(self.data.tallies.fixed[floor.tally]) + self.fixed[floor.tally]
            row = {c: u for c, (g, u) in self.served.items() if self.data.flow.tally[g] == floor.tally}
            self.lp.row(row, exact(floor.persons) - have, None)
        found = self.lp.maximum()
        return None if found is None else found + _worth(self.data, self.weight, self.fixed)

    def _people(self) -> None:
        """Assigned persons: within demand, capacity, and no picking of payers."""
        data, lp = self.data, self.lp
        flow, outlets = data.flow, data.outlets
        _, stays = _open(data, self.choose)
        self.served: dict[int, tuple[int, Fraction]] = {}
        self.at: dict[int, list[int]] = {n: [] for n in range(len(outlets))}
        columns: dict[tuple[int, int], int] = {}
        for g, n, u in zip(flow.row.tolist(), flow.outlet.tolist(), flow.uptake.tolist(), strict=True):
            e = int(outlets.closing[n])
            if self.level[n] if outlets.account[n] >= 0 else (e < 0 or stays[e]):
                uptake = exact(u)
                c = lp.column(self.weight.get(int(flow.tally[g]), Fraction(0)) * uptake)
                self.served[c] = g, uptake
                columns[g, n] = c
                self.at[n].append(c)
        outlets_of = {g: {n for (h, n) in columns if h == g} for g in range(len(flow))}
        for g in range(len(flow)):
            lp.row({columns[g, n]: Fraction(1) for n in outlets_of[g]}, None, exact(flow.demand[g]))
        all_of: dict[int, set[int]] = {g: set() for g in range(len(flow))}
        for g, n in zip(flow.row.tolist(), flow.outlet.tolist(), strict=True):
            all_of[g].add(n)
        for g in range(len(flow)):
            for h in range(len(flow)):
                if flow.cell[g] == flow.cell[h] and data.tier_need[flow.tier[g]] > data.tier_need[flow.tier[h]]:
                    row = {columns[g, n]: -1 / exact(flow.demand[g]) for n in outlets_of[g]}
                    for n in outlets_of[h] & all_of[g]:
                        row[columns[h, n]] = 1 / exact(flow.demand[h])
                    lp.row(row, None, Fraction(0))
        for n in range(len(outlets)):
            if outlets.account[n] < 0 and np.isfinite(outlets.capacity[n]):
                lp.row({c: self.served[c][1] for c in self.at[n]}, None, exact(outlets.capacity[n]))
        for a in self.accounts:
            most = [data.accounts.capacity[o] for o in self.account_options[a]]
            if np.isfinite(most).all():
                row = {c: self.served[c][1] for n in np.flatnonzero(outlets.account == a) for c in self.at[n]}
                lp.row(row, None, sum(map(exact, most), Fraction(0)))

    def _capital(self) -> None:
        """Every class paid in full, within caps, largest shares and complexes; bonds follow in _year."""
        data, lp, money = self.data, self.lp, self.data.money
        self.pay: dict[tuple[int, int], int] = {}
        for q, due in enumerate(self.spent):
            if not due:
                continue
            for f in range(len(money.funds)):
                p = int(money.class_project[q])
                allowed = money.most[f, q] > 0 and (not money.central[f] or f in self.sources[q])
                if allowed and not (money.complex_only[f] and not _complex(data, self.choose, p)):
                    self.pay[f, q] = lp.column()
                    if money.most[f, q] < 1:
                        lp.row({self.pay[f, q]: Fraction(1)}, None, exact(money.most[f, q]) * due)
            if money.funds:
                lp.row({c: Fraction(1) for (_, r), c in self.pay.items() if r == q}, due, due)
        for f in range(len(money.funds)):
            if np.isfinite(money.cap[f]):
                lp.row({c: Fraction(1) for (g, _), c in self.pay.items() if g == f}, None, exact(money.cap[f]))

    def _capital_limit(self, limit: ShareLimit) -> None:
        money = self.data.money
        part = {c for (f, q), c in self.pay.items() if limit.funds[f] and limit.classes[q]}
        whole = {c for (f, q), c in self.pay.items() if limit.of_funds[f] and limit.of_classes[q]}
        own = every = Fraction(0)
        if limit.ledger == "capital_with_in_kind":
            mine = [o for o in np.flatnonzero(self.choose) if limit.options[o]]
            own = sum((exact(money.in_kind[limit.party, o]) for o in mine), Fraction(0))
            every = sum((exact(money.in_kind[p, o]) for p in range(len(money.parties)) for o in mine), Fraction(0))
        for share, low in ((exact(limit.low), True), (exact(limit.high), False)):
            row = {c: (c in part) - share * (c in whole) for c in part | whole}
            bound = share * every - own
            self.lp.row(row, bound if low else None, None if low else bound)

    def _sum(self, per: np.ndarray, account: int) -> dict[int, Fraction]:
        """Money of the visits of an account: coefficients on assigned persons."""
        row: dict[int, Fraction] = {}
        for n in np.flatnonzero(self.data.outlets.account == account):
            for c in self.at[n]:
                g, uptake = self.served[c]
                row[c] = uptake * exact(per[n, self.data.flow.tier[g]])
        return row

    def _year(self) -> None:
        """Subsidies, deficits, margins by pool, dues and yearly funds, bonds."""
        data, lp = self.data, self.lp
        accounts, outlets, money = data.accounts, data.outlets, data.money
        self.subsidy, self.deficit = {}, {}
        income, cost, beside = {}, {}, {}
        for a in self.accounts:
            options = self.account_options[a]
            fixed = sum((exact(accounts.fixed[o]) for o in options), Fraction(0))
            other = sum((exact(accounts.income[o]) for o in options), Fraction(0))
            parts = [self._sum(per, a) for per in (outlets.price, outlets.government, outlets.donor)]
            income[a] = {c: sum((p[c] for p in parts), Fraction(0)) for c in parts[0]}
            cost[a] = self._sum(outlets.cost, a)
            beside[a] = other, fixed
            if accounts.operator[a] < 0:
                continue
            self.subsidy[a] = lp.column()
            limit = sum((exact(accounts.subsidy[o]) for o in options), Fraction(0))
            lp.row({self.subsidy[a]: Fraction(1)}, None, limit)
            income[a][self.subsidy[a]] = Fraction(1)
            if accounts.write_off[a]:
                for (f, q), c in self.pay.items():
                    if money.class_account[q] == a and money.party[f] == accounts.operator[a]:
                        cost[a][c] = exact(accounts.write_off[a])
            if accounts.financed[a]:
                self.deficit[a] = lp.column()
                row = _less(income[a], cost[a])
                row[self.deficit[a]] = Fraction(1)
                lp.row(row, fixed - other, None)
        self._margins(income, cost, beside)
        self._dues()
        for bond in money.bonds:
            row = {c: -exact(bond.cover) * exact(bond.rate) for (f, _), c in self.pay.items() if f == bond.fund}
            have = Fraction(0)
            for a in self.accounts:
                if bond.accounts[a]:
                    have += beside[a][0] - beside[a][1]
                    for c, v in _less(self._sum(outlets.price, a), self._sum(outlets.cost, a)).items():
                        row[c] = row.get(c, Fraction(0)) + v
            lp.row(row, -have, None)

    def _margins(self, income: dict, cost: dict, beside: dict) -> None:
        accounts = self.data.accounts
        for pool in {int(accounts.pool[a]) for a in self.accounts if accounts.pool[a] >= 0}:
            mine = [a for a in self.accounts if accounts.pool[a] == pool]
            for bounds, low in ((accounts.margin_min, True), (accounts.margin_max, False)):
                if any(np.isnan(bounds[a]) for a in mine):
                    continue
                row: dict[int, Fraction] = {}
                right = Fraction(0)
                for a in mine:
                    keep = 1 - exact(bounds[a])
                    for c, v in income[a].items():
                        row[c] = row.get(c, Fraction(0)) + keep * v
                    for c, v in cost[a].items():
                        row[c] = row.get(c, Fraction(0)) - v
                    right += beside[a][1] - keep * beside[a][0]
                self.lp.row(row, right if low else None, None if low else right)

    def _dues(self) -> None:
        """Every yearly class paid in full by its funds."""
        data, lp, yearly = self.data, self.lp, self.data.yearly
        per = {"visit_subsidy": data.outlets.government, "donation": data.outlets.donor}
        due: dict[int, dict[int, Fraction]] = {}
        for a in self.accounts:
            for i, item in enumerate(YEARLY_ITEMS):
                y = int(yearly.due[a, i])
                amount = self._sum(per[item], a) if item in per else {}
                column = {"operating_subsidy": self.subsidy, "operation": self.deficit}.get(item, {}).get(a)
                if column is not None:
                    amount = {column: Fraction(1)}
                if y >= 0:
                    for c, v in amount.items():
                        due.setdefault(y, {})[c] = v
        self.pay_yearly: dict[tuple[int, int], int] = {}
        for y, row in due.items():
            for f in np.flatnonzero(yearly.eligible[:, y]).tolist():
                self.pay_yearly[f, y] = lp.column()
            lp.row(
                {**row, **{c: Fraction(-1) for (_, z), c in self.pay_yearly.items() if z == y}},
                Fraction(0),
                Fraction(0),
            )
        for f in range(len(yearly.cap)):
            if np.isfinite(yearly.cap[f]):
                lp.row({c: Fraction(1) for (g, _), c in self.pay_yearly.items() if g == f}, None, exact(yearly.cap[f]))

    def _yearly_limit(self, limit: ShareLimit) -> None:
        data = self.data
        mine = [a for a in self.accounts if limit.accounts[a] and data.accounts.operator[a] >= 0]
        classes = {int(y) for a in mine for y in data.yearly.due[a] if y >= 0}
        outside = {int(y) for a in self.accounts if a not in mine for y in data.yearly.due[a] if y >= 0}
        assert not classes & outside, "a yearly class stands in a limit as a whole or not at all"
        carried = {"resident": data.outlets.price, "enterprise": data.outlets.enterprise}
        whole: dict[int, Fraction] = {}
        part: dict[int, Fraction] = {}
        name = data.money.parties[limit.party]
        for a in mine:
            for party, per in carried.items():
                for c, v in self._sum(per, a).items():
                    whole[c] = whole.get(c, Fraction(0)) + v
                    if party == name:
                        part[c] = part.get(c, Fraction(0)) + v
        for (f, y), c in self.pay_yearly.items():
            if y in classes:
                whole[c] = Fraction(1)
                if data.money.party[f] == limit.party:
                    part[c] = Fraction(1)
        for share, low in ((exact(limit.low), True), (exact(limit.high), False)):
            row = {c: part.get(c, Fraction(0)) - share * v for c, v in whole.items()}
            self.lp.row(row, Fraction(0) if low else None, None if low else Fraction(0))


def _less(left: dict[int, Fraction], right: dict[int, Fraction]) -> dict[int, Fraction]:
    return {c: left.get(c, Fraction(0)) - right.get(c, Fraction(0)) for c in left.keys() | right.keys()}
