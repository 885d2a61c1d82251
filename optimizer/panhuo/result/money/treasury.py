"""Capital and year of a choice settled together, in whole fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import floor

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.assemble import Options
from panhuo.assemble.yearly import payable_yearly
from panhuo.instance import Instance
from panhuo.result.money.bill import capital_bills
from panhuo.result.money.funds import Funds, fen_down, read_funds
from panhuo.result.money.linear import Linear
from panhuo.result.money.payments import Bills, Paid, Payments
from panhuo.result.money.plain import is_plain, pay_plainly
from panhuo.result.money.year import Account, Closed, closed, keeps_margins
from panhuo.result.money.yearly import Year, yearly_bills

Bools = NDArray[np.bool_]
_ROUNDED = 4
"""Fen an account by which a wish may miss the least subsidy through a solver's rounding."""


@dataclass(frozen=True)
class Settled:
    """The money of a choice, as far as it can be paid.

    Parameters
    ----------
    rows : DataFrame
        The capital bill, as :func:`panhuo.result.money.bill.capital_rows` lists it.
    capital : dict of (fund, row) to int, or None
        Who pays what of it [fen]; ``None`` where it cannot be paid.
    books : tuple of Closed
        The accounts at the end of a year, in the order of the chosen options.
    dues : list of (account, item)
        What yearly funds owe.
    yearly : dict of (fund, due) to int, or None
        Who pays what of it [fen]; ``None`` where it cannot be paid.
    """

    rows: pd.DataFrame
    capital: Paid | None
    books: tuple[Closed, ...]
    dues: list[tuple[int, str]]
    yearly: Paid | None


class Treasury:
    """The funds of an instance, ready to settle many choices.

    Every bill is paid in full, within caps, shares and limits (:class:`~panhuo.result.money.payments.Bills`), and all
    of them within the budget; the accounts of the year keep their margins, and their dues are paid by yearly funds.

    Among all such payments, a party whose capital or year is an objective pays as little as possible, in the order of
    the stages; then each fund in turn, by priority, pays as much of the capital as possible; then subsidies and
    deficits are as small as possible; then each fund in turn pays as much of the year as possible.

    Parameters
    ----------
    instance : Instance
        Funds, parties, policy.
    options : Options
        What there is to pay.
    """

    def __init__(self, instance: Instance, options: Options) -> None:
        self.funds: Funds = read_funds(instance)
        self._instance, self._options = instance, options
        budget = instance.settings.policy.budget_cny
        self._budget = None if budget is None else fen_down(budget)
        stages = instance.settings.policy.objectives
        self._sparing = [(s.measure, s.party) for s in stages if s.measure in ("party_capital", "party_yearly")]
        self._spared = [party for measure, party in self._sparing if measure == "party_capital"]
        self._spared_yearly = [party for measure, party in self._sparing if measure == "party_yearly"]

    def settle(self, choose: Bools, accounts: Sequence[Account], bonds: Sequence[Bools]) -> Settled | None:
        """Settle a choice.

        Parameters
        ----------
        choose : (O,) bool
            The chosen options.
        accounts : sequence of Account
            One for each of them.
        bonds : sequence of (accounts,) bool, (F,)
            The accounts whose revenue covers each fund.

        Returns
        -------
        Settled or None
            ``None`` where the choice cannot be paid in whole fen.
        """
        cap = [self._covered(f, accounts, bundle) for f, bundle in enumerate(bonds)]
        rows, bills = capital_bills(self._instance, self._options, self.funds, choose, cap)
        if self._budget is not None and int(bills.fen.sum()) > self._budget:
            return None
        eligible = self._eligible(choose)
        written_off = any(a.years is not None for a in accounts)
        if not written_off:
            capital = self._pay(bills, self._spared)
            return None if capital is None else self._close(rows, bills, capital, accounts, eligible, None)
        for reserve, exact in ((True, True), (False, True), (False, False)):
            found = self._jointly(rows, bills, accounts, eligible, reserve=reserve, exact=exact)
            if found is not None:
                return found
        return None

    def _covered(self, fund: int, accounts: Sequence[Account], bundle: Bools) -> int | None:
        """Give a fund's cap, of a bond no more than own revenue covers [fen]."""
        cap, service = self.funds.cap[fund], self.funds.service[fund]
        if service is None:
            return cap
        revenue = sum(a.revenue for a, mine in zip(accounts, bundle, strict=True) if mine)
        most = max(0, floor(revenue / service))
        return most if cap is None else min(cap, most)

    def _eligible(self, choose: Bools) -> Bools:
        """Say which fund may pay which yearly item of which chosen option, (F, chosen, 4)."""
        able = payable_yearly(self._instance, self._options)[:, choose]
        able[[cap == 0 for cap in self.funds.yearly_cap]] = False
        return able

    def _jointly(
        self,
        rows: pd.DataFrame,
        bills: Bills,
        accounts: Sequence[Account],
        eligible: Bools,
        *,
        reserve: bool,
        exact: bool,
    ) -> Settled | None:
        """Settle capital and year in one linear program, and round the capital."""
        program = Linear()
        at = {o: n for n, o in enumerate(dict.fromkeys(a.option for a in accounts))}
        of = rows["option"].map(at).fillna(-1).to_numpy(np.int64)
        written = np.array([*(a.years is not None for a in accounts), False])  # the last one answers -1
        bills = replace(bills, apart=np.where(written[of], of, -1))
        pay = Payments(program, bills)
        bounds: list[tuple[Bools, Bools]] = []
        own = {}
        for n, account in enumerate(accounts):
            if account.years is not None:
                bounds.append((self.funds.of(account.operator), of == n))
                own[n] = pay.part(*bounds[-1])
        year = Year(program, self._instance, self.funds, accounts, eligible, own, reserve=reserve, exact=exact)
        parties = self.funds.of
        wishes = [
            year.of(p) if measure == "party_yearly" else pay.of(*np.flatnonzero(parties(p)).tolist())
            for measure, p in self._sparing
        ]
        spared = sum(map(bool, wishes))
        wishes += [_less(pay.of(f)) for f in self.funds.order]
        wishes += year.wishes()
        point = program.prefer([wish for wish in wishes if wish], weighed=spared)
        if point is None:
            return None
        most = [(*bound, int(np.ceil(sum(point[c] for c in row) * 1e6 - 1e-3))) for bound, row in
                zip(bounds, own.values(), strict=True)]  # fmt: skip
        capital = pay.rounded(point, most)
        if capital is None or not bills.holds(capital):
            return None
        return self._close(rows, bills, capital, accounts, eligible, year.subsidies(point))

    def _close(
        self, rows: pd.DataFrame, bills: Bills, capital: Paid, accounts: Sequence[Account], eligible: Bools,
        wished: Sequence[float] | None,
    ) -> Settled | None:  # fmt: skip
        """Close the year once the capital is paid, and have its dues paid."""
        assert bills.holds(capital), "the capital is paid by every rule"
        write_off = self._written_off(rows, capital, accounts)
        if wished is None:
            wished = self._wished(accounts, eligible)
            if wished is None:
                return None
        books = closed(accounts, write_off, self._start(accounts, write_off, wished))
        if not keeps_margins(books):
            return None
        dues, due_bills = yearly_bills(self._instance, self.funds, books, eligible)
        yearly = self._pay(due_bills, self._spared_yearly)
        return None if yearly is None else Settled(rows, capital, tuple(books), dues, yearly)

    def attempt(self, choose: Bools, accounts: Sequence[Account], bonds: Sequence[Bools]) -> Settled:
        """Settle a given choice as far as possible: capital and year apart, where they cannot be settled together."""
        settled = self.settle(choose, accounts, bonds)
        if settled is not None:
            return settled
        cap = [self._covered(f, accounts, bundle) for f, bundle in enumerate(bonds)]
        rows, bills = capital_bills(self._instance, self._options, self.funds, choose, cap)
        over = self._budget is not None and int(bills.fen.sum()) > self._budget
        capital = None if over else self._pay(bills, self._spared)
        books = closed(accounts, self._written_off(rows, capital or {}, accounts))
        dues, due_bills = yearly_bills(self._instance, self.funds, books, self._eligible(choose))
        return Settled(rows, capital, tuple(books), dues, self._pay(due_bills, self._spared_yearly))

    def _written_off(self, rows: pd.DataFrame, capital: Paid, accounts: Sequence[Account]) -> list[int]:
        """Work out what every operator writes off of its own capital."""
        own = [0] * len(accounts)
        position = {a.option: n for n, a in enumerate(accounts)}
        option = rows["option"].to_numpy(np.int64)
        for (f, b), fen in capital.items():
            n = position.get(int(option[b]))
            if n is not None and self.funds.parties[self.funds.party[f]] == accounts[n].operator:
                own[n] += fen
        return [a.written_off(paid) for a, paid in zip(accounts, own, strict=True)]

    def _wished(self, accounts: Sequence[Account], eligible: Bools) -> list[float] | None:
        """Find subsidies for accounts that write nothing off."""
        if not any(a.operator for a in accounts):
            return [0.0] * len(accounts)
        program = Linear()
        year = Year(program, self._instance, self.funds, accounts, eligible, {}, reserve=False, exact=False)
        wishes = [*(year.of(p) for p in self._spared_yearly), *year.wishes()]
        point = program.prefer([wish for wish in wishes if wish])
        return None if point is None else year.subsidies(point)

    @staticmethod
    def _start(accounts: Sequence[Account], write_off: Sequence[int], wished: Sequence[float]) -> list[int]:
        """Start from the least subsidies, unless bounds on the year wish for more.

        What margins do not need is wished for by a bound on shares of the year, or by a due that only subsidies' payers
        may pay; it is rounded up then.
        """
        least = closed(accounts, write_off)
        room = _ROUNDED * len(accounts)
        if sum(wished) <= sum(b.subsidy for b in least) + room:
            return [min(a.limit, max(0, round(w) - _ROUNDED)) for a, w in zip(accounts, wished, strict=True)]
        return [min(a.limit, int(np.ceil(w - 1e-3))) for a, w in zip(accounts, wished, strict=True)]

    def _pay(self, bills: Bills, parties: Sequence[str]) -> Paid | None:
        """Pay bills by themselves, parties spared in turn, then funds by priority."""
        if is_plain(bills, self.funds.party):
            spared = [self.funds.parties.index(p) for p in parties]
            return pay_plainly(bills, self.funds.party, spared, self.funds.order)
        program = Linear()
        pay = Payments(program, bills)
        wishes = [pay.of(*np.flatnonzero(self.funds.of(p)).tolist()) for p in parties]
        spared_wishes = sum(map(bool, wishes))
        wishes += [_less(pay.of(f)) for f in self.funds.order]
        point = program.prefer([wish for wish in wishes if wish], weighed=spared_wishes)
        paid = None if point is None else pay.rounded(point)
        return paid if paid is not None and bills.holds(paid) else None


def _less(row: dict[int, float]) -> dict[int, float]:
    return dict.fromkeys(row, -1.0)
