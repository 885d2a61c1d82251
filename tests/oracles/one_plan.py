"""The exact linear program that is left once choice, levels and the ways of the money are decided."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from exact_program import LinearProgram, exact
from one_choice import ONE, ZERO, Choice, covered, is_complex, points, spent_on, stays_open, worth
from one_year import Sums, Ways, Year, add

from panhuo_models.data import Flow, Objective, ShareLimit, SitingData

Assigned = dict[tuple[int, int], tuple[Fraction, Fraction]]
"""Fewest and most people by flow row and outlet."""
_HAIR = Fraction(1, 10**7)
"""What is kept of an earlier stage is kept but for a hair, so that a solver can propose a basis."""


class Decided:
    """People and money of one decision.

    Parameters
    ----------
    choice, levels
        Options and outlets.
    ways
        How the money goes about.
    rounded
        Leave room in every row that sums up a year for the rounding of these pairs.
    """

    def __init__(
        self, data: SitingData, choice: Choice, levels: tuple[int, ...], ways: Ways, rounded: Flow | None = None
    ) -> None:
        self.data, self.choice, self.levels, self.ways = data, choice, levels, ways
        self.rounded, self.lp = rounded, LinearProgram()
        self.spent = spent_on(data, choice)
        self.accounts = sorted({int(a) for a in data.option_account[list(choice)]})
        self.options = {a: [o for o in choice if data.option_account[o] == a] for a in self.accounts}

    def payable(self) -> bool:
        """Whether caps, eligibility and shares of cash let the capital be paid, whatever the year brings."""
        self._capital()
        for limit in self.data.money.limits:
            if limit.ledger != "yearly":
                self._capital_limit(limit)
        return self.lp.roughly() is not None

    def value(self, kept: Sequence[Fraction], beyond: Fraction | None) -> Fraction | None:
        """The optimum of the first stage of which nothing is kept, where more is better of all.

        ``None`` where the decision cannot be carried out, or is no better than ``beyond``.
        """
        if not self._whole({}):
            return None
        for n, least in enumerate(kept):
            row, beside = self._reaches(self.data.objectives[n])
            self.lp.row(row, least - beside - _HAIR, None)
        beside = self._aims(self.data.objectives[len(kept)])
        found = self.lp.maximum(None if beyond is None else beyond - beside)
        return None if found is None else found + beside

    def roughly(self, people: Assigned) -> float | None:
        """What the first stage reaches, in floating-point numbers, where ``people`` holds who is assigned where."""
        if not self._whole(people):
            return None
        beside = self._aims(self.data.objectives[0])
        found = self.lp.roughly()
        return None if found is None else found + float(beside)

    def _whole(self, people: Assigned) -> bool:
        """Write all rows; says whether all mandatory reach rows are covered."""
        data = self.data
        self.fixed, safe = covered(data, self.choice)
        self._people(people)
        self._capital()
        self.year = Year(self)
        for limit in data.money.limits:
            (self.year.limit if limit.ledger == "yearly" else self._capital_limit)(limit)
        for floor in data.floors:
            have = exact(data.tallies.fixed[floor.tally]) + self.fixed[floor.tally]
            row = {c: u for c, (g, u) in self.served.items() if data.flow.tally[g] == floor.tally}
            self.lp.row(row, exact(floor.persons) - have, None)
        return safe

    def _aims(self, stage: Objective) -> Fraction:
        """Take what a stage reaches as the objective; gives the part that is no decision."""
        row, beside = self._reaches(stage)
        self.lp.cost = [row.get(c, ZERO) for c in range(len(self.lp.cost))]
        return beside

    def _reaches(self, stage: Objective) -> tuple[Sums, Fraction]:
        """What a stage counts, less where it is minimised: coefficients, and the part that is no decision."""
        data = self.data
        row: Sums = {}
        if stage.measure == "coverage":
            weight = dict(zip(stage.tallies.tolist(), map(exact, stage.weight.tolist()), strict=True))
            row = {c: weight.get(int(data.flow.tally[g]), ZERO) * u for c, (g, u) in self.served.items()}
            return row, worth(data, stage, self.fixed)
        if stage.measure == "links":
            return row, points(data, self.choice)
        if stage.measure == "capital":
            return row, -sum(self.spent, ZERO)
        paid = self.pay if stage.measure == "party_capital" else self.year.pay
        for (f, _), c in paid.items():
            if data.money.party[f] == stage.party:
                row[c] = -ONE
        if stage.measure == "party_yearly":
            per = {"resident": data.outlets.price, "enterprise": data.outlets.enterprise}
            for a in self.accounts:
                if (party := data.money.parties[stage.party]) in per and data.accounts.operator[a] >= 0:
                    add(row, self.year.visits(a, per[party]), -ONE)
        return row, ZERO

    def _people(self, people: Assigned) -> None:
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
                column[g, n] = c = lp.column()
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
        """Every class paid in full, within caps, largest shares and complexes; bonds, where issued."""
        data, lp, money = self.data, self.lp, self.data.money
        self.pay: dict[tuple[int, int], int] = {}
        issued = dict(zip((bond.fund for bond in money.bonds), self.ways.issued, strict=False))
        for q, due in enumerate(self.spent):
            if not due:
                continue
            complex_ = is_complex(data, self.choice, int(money.class_project[q]))
            for f in np.flatnonzero(money.most[:, q] > 0).tolist():
                able = (f in self.ways.sources[q] or not money.central[f]) and issued.get(f, True)
                if able and (complex_ or not money.complex_only[f]):
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
