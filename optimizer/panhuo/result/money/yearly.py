"""Who pays what of the year: dues of the accounts and the funds that may pay them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.assemble.exact import exactly
from panhuo.instance import Instance
from panhuo.instance.tabular import tuples
from panhuo.result.money.funds import Funds
from panhuo.result.money.limits import matches, scoped
from panhuo.result.money.linear import UNIT, Floats, Linear
from panhuo.result.money.payments import Bills, Limit
from panhuo.result.money.year import Account, Closed, allowed, pools
from panhuo_models.data import YEARLY_ITEMS

Bools = NDArray[np.bool_]
_RESERVE = 2 / UNIT
"""What margins keep in hand where written-off capital is still to be rounded: two fen an account."""


def run(accounts: Sequence[Account]) -> pd.DataFrame:
    """List the accounts somebody runs: ``account`` (position), ``site``, ``project``, ``service``, ``operating``."""
    rows = [(n, a.site, a.project, a.service, a.operating) for n, a in enumerate(accounts) if a.operator]
    return pd.DataFrame(rows, columns=["account", "site", "project", "service", "operating"])


class Year:
    """Subsidies, deficits and yearly payments of accounts as columns of a linear program.

    Parameters
    ----------
    program : Linear
        Takes the columns and rows.
    instance : Instance
        Bounds on shares of the year.
    funds : Funds
        Who may pay.
    accounts : sequence of Account
        The accounts.
    eligible : (F, A, 4) bool
        Which fund may pay which of :data:`YEARLY_ITEMS` of which account.
    own : mapping of int to mapping
        By account: what the operator pays of its capital, as columns.
    reserve : bool
        Keep something in hand for rounding.
    exact : bool
        Margins as asked for, and not only as rounded to a hundredth of a percent.
    """

    def __init__(
        self, program: Linear, instance: Instance, funds: Funds, accounts: Sequence[Account], eligible: Bools,
        own: Mapping[int, Mapping[int, float]], *, reserve: bool, exact: bool,
    ) -> None:  # fmt: skip
        self._program, self._accounts, self._funds = program, accounts, funds
        self._own = {n: _times(1 / float(accounts[n].years or 1), row) for n, row in own.items()}
        self._reserve = _RESERVE if reserve else 0.0
        self._exact = exact
        mine, rows = [n for n, a in enumerate(accounts) if a.operator], run(accounts)
        self.subsidy = {n: program.column(0.0, accounts[n].limit / UNIT) for n in mine if accounts[n].limit}
        self.deficit = {n: program.column() for n in mine if accounts[n].financed}
        self._margins()
        self._deficits({n for bound in yearly_bounds(instance, rows) for n in rows["account"][bound.match]})
        self.paid = self._dues(eligible, yearly_groups(instance, accounts))
        for f, cap in enumerate(funds.yearly_cap):
            if cap is not None:
                program.row({y: 1.0 for (g, _), y in self.paid.items() if g == f}, -np.inf, cap / UNIT)
        self._shares(instance)

    def wishes(self) -> list[dict[int, float]]:
        """As little subsidies and deficits as possible, then as little subsidies."""
        both = [*self.subsidy.values(), *self.deficit.values()]
        return [dict.fromkeys(both, 1.0), dict.fromkeys(self.subsidy.values(), 1.0)]

    def of(self, party: str) -> dict[int, float]:
        """Sum what a party's funds pay."""
        mine = self._funds.of(party)
        return {y: 1.0 for (f, _), y in self.paid.items() if mine[f]}

    def subsidies(self, point: Floats) -> list[float]:
        """Read the subsidies off a point [fen]."""
        return [
            max(0.0, float(point[self.subsidy[n]])) * UNIT if n in self.subsidy else 0.0
            for n in range(len(self._accounts))
        ]

    def _surplus(self, n: int, keep: float = 1.0) -> dict[int, float]:
        """Give keep · subsidy − write-off as columns."""
        row = _times(-1.0, self._own.get(n, {}))
        return {**row, self.subsidy[n]: keep} if n in self.subsidy else row

    def _beside(self, n: int, keep: float = 1.0) -> float:
        """Give keep · earned − running, and what is kept in hand."""
        account = self._accounts[n]
        return (keep * account.earned - account.running) / UNIT - (self._reserve if n in self._own else 0.0)

    def _deficits(self, counted: Collection[int]) -> None:
        """Write deficit = max(0, cost − income).

        Only a bound on shares of the year could wish for more: elsewhere nothing need hold a deficit down.
        """
        program = self._program
        for n, d in self.deficit.items():
            row, missing = {d: 1.0, **self._surplus(n)}, -self._beside(n)
            program.row(row, missing, np.inf)
            if n in counted:
                most = max(0.0, missing + program.most(_times(-1.0, self._surplus(n))))
                earned = max(0.0, program.most(self._surplus(n)) - missing)
                loses = program.column(0.0, 1.0, integer=True)
                program.row({**row, loses: earned}, -np.inf, missing + earned)
                program.row({d: 1.0, loses: -most}, -np.inf, 0.0)

    def _margins(self) -> None:
        for members in pools(self._accounts).values():
            for side in ("margin_min", "margin_max"):
                asked = [(getattr if self._exact else allowed)(self._accounts[n], side) for n in members]
                bounds = [bound for bound in asked if bound is not None]
                if len(bounds) < len(members):
                    continue
                row: dict[int, float] = {}
                for n, margin in zip(members, bounds, strict=True):
                    row |= self._surplus(n, float(1 - margin))
                beside = sum(self._beside(n, float(1 - m)) for n, m in zip(members, bounds, strict=True))
                low, high = (-beside, np.inf) if side == "margin_min" else (-np.inf, -beside)
                self._program.row(row, low, high)

    def _dues(self, eligible: Bools, groups: Sequence[bytes]) -> dict[tuple[int, int], int]:
        """Write Σ_f pay = due by class, (account, item) pairs that no row tells apart; columns by fund and class."""
        classes: dict[bytes, list[tuple[int, int]]] = {}
        for n, account in enumerate(self._accounts):
            if account.operator:
                for i in range(len(YEARLY_ITEMS)):
                    classes.setdefault(eligible[:, n, i].tobytes() + groups[n], []).append((n, i))
        paid: dict[tuple[int, int], int] = {}
        self._of_class: list[list[int]] = []
        for c, pairs in enumerate(classes.values()):
            row: dict[int, float] = {}
            due = 0
            for n, i in pairs:
                due += [self._accounts[n].sum("government"), self._accounts[n].sum("donor"), 0, 0][i]
                column = (self.subsidy, self.deficit)[i - 2].get(n) if i >= 2 else None
                row |= {} if column is None else {column: -1.0}
            for f in np.flatnonzero(eligible[:, pairs[0][0], pairs[0][1]]).tolist():
                paid[f, c] = self._program.column()
                row[paid[f, c]] = 1.0
            self._program.row(row, due / UNIT, due / UNIT)
            self._of_class.append([n for n, _ in pairs])
        return paid

    def _shares(self, instance: Instance) -> None:
        """Write low · whole ≤ part ≤ high · whole for the bounds on shares of the year."""
        rows = run(self._accounts)
        for bound in yearly_bounds(instance, rows):
            party, members = bound.party, set(rows["account"][bound.match])
            mine = self._funds.of(party)
            part = {y: 1.0 for (f, c), y in self.paid.items() if mine[f] and self._of_class[c][0] in members}
            own = sum(_carried(self._accounts[n], party) for n in members)
            whole = {column: 1.0 for of in (self.subsidy, self.deficit) for n, column in of.items() if n in members}
            every = sum(
                self._accounts[n].sum(x) for n in members for x in ("price", "government", "enterprise", "donor")
            )
            for share, low in ((bound.low, True), (bound.high, False)):
                row = {**part, **_times(-float(share), whole)}
                beside = float(share * every - own) / UNIT
                self._program.row(row, beside if low else -np.inf, np.inf if low else beside)


@dataclass(frozen=True)
class Bound:
    """A bound on a party's share of the year of the accounts that match."""

    name: str
    party: str
    match: Bools
    low: Fraction
    high: Fraction


def yearly_bounds(instance: Instance, rows: pd.DataFrame) -> list[Bound]:
    """List the bounds on shares of the year; each matches rows of :func:`run`."""
    table = instance["parties"]
    found = []
    for row in tuples(table[table["ledger"] == "yearly"]):
        low, high = exactly(row.min_share), exactly(row.max_share)
        if low > 0 or high < 1:
            match = matches(row, rows)
            found += [Bound(n, str(row.party), m, low, high) for n, m, _ in scoped(row, rows, match, rows.iloc[:0])]
    return found


def yearly_groups(instance: Instance, accounts: Sequence[Account]) -> list[bytes]:
    """Tell accounts apart by the bounds they stand in."""
    rows = run(accounts)
    stands = np.array([bound.match for bound in yearly_bounds(instance, rows)], dtype=bool).reshape(-1, len(rows))
    found = [b""] * len(accounts)
    for row, n in enumerate(rows["account"]):
        found[n] = stands[:, row].tobytes()
    return found


def yearly_bills(
    instance: Instance, funds: Funds, books: Sequence[Closed], eligible: Bools
) -> tuple[list[tuple[int, str]], Bills]:
    """Give what yearly funds owe, account by account and item by item, and who may pay it."""
    dues = [
        (n, i, fen)
        for n, book in enumerate(books)
        if book.account.operator
        for i, fen in enumerate(book.dues().values())
        if fen
    ]
    rows = run([book.account for book in books])
    limits = []
    every = np.ones(len(funds.names), dtype=bool)
    for bound in yearly_bounds(instance, rows):
        members = set(rows["account"][bound.match])
        of = np.array([n in members for n, _, _ in dues], dtype=bool)
        own = sum(_carried(books[n].account, bound.party) for n in members)
        beside = sum(_carried(books[n].account, p) for n in members for p in ("resident", "enterprise"))
        limits.append(Limit(bound.name, funds.of(bound.party), every, of, of, bound.low, bound.high, own, beside))
    most = np.array([[eligible[f, n, i] for n, i, _ in dues] for f in range(len(funds.names))], dtype=float)
    most = most.reshape(len(funds.names), len(dues))
    fen = np.array([fen for _, _, fen in dues], dtype=np.int64)
    bills = Bills(fen, most, funds.yearly_cap, limits, np.zeros(len(funds.names), dtype=bool))
    return [(n, YEARLY_ITEMS[i]) for n, i, _ in dues], bills


def _carried(account: Account, party: str) -> int:
    part = {"resident": "price", "enterprise": "enterprise"}.get(party)
    return 0 if part is None else account.sum(part)


def _times(factor: float, row: Mapping[int, float]) -> dict[int, float]:
    return {n: factor * c for n, c in row.items()}
