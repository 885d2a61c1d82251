"""Money: who may pay what of capital and year, and between which bounds."""

from __future__ import annotations

from dataclasses import dataclass

import scipy.sparse as sp

from panhuo_models.data.arrays import Bools, Floats, Ints


@dataclass(frozen=True)
class Accounts:
    """Yearly money of a service at a site under an operating mode; every option belongs to one account.

    Parameters
    ----------
    names : tuple of str
        ``site:service:operating[:mode[:size]]``.
    offer : (A,) int
        s of the account.
    operator : (A,) int
        Party that runs it, into :attr:`Money.parties`; -1 where no operating mode is given: its year is then shown,
        and no row binds it.
    margin_min, margin_max : (A,) float
        Bounds on (income − cost) / income; NaN where there is none.
    pool : (A,) int
        Accounts of one pool keep their margin bounds together; alone: a pool of its own. -1 without bounds.
    financed : (A,) bool
        The deficit is paid by yearly funds (an account with an operator and without margin_min).
    write_off : (A,) float [1/year]
        Share of the operator's own capital in the account that is charged to each year.
    fixed, income, subsidy : (O,) float [CNY/year]
        By option: cost whatever the visits, income beside visits, largest operating subsidy.
    capacity : (O,) float [persons]
        By option: most people served, ``inf`` without limit.
    """

    names: tuple[str, ...]
    offer: Ints
    operator: Ints
    margin_min: Floats
    margin_max: Floats
    pool: Ints
    financed: Bools
    write_off: Floats
    fixed: Floats
    income: Floats
    subsidy: Floats
    capacity: Floats

    def __len__(self) -> int:
        return len(self.names)


YEARLY_ITEMS = ("visit_subsidy", "donation", "operating_subsidy", "operation")
"""What yearly funds pay: government's and donors' part of every visit, operating subsidies, deficits."""


@dataclass(frozen=True)
class Yearly:
    """Who may pay what of the year. A yearly class y gathers (account, item) pairs with the same eligible funds.

    Parameters
    ----------
    due : (A, 4) int
        The yearly class that pays each of :data:`YEARLY_ITEMS` of an account; -1 where nothing is due (no operator).
    eligible : (F, Y) bool
        Fund f may pay class y.
    cap : (F,) float [CNY/year]
        Most that fund f pays in a year.
    """

    due: Ints
    eligible: Bools
    cap: Floats


@dataclass(frozen=True)
class ShareLimit:
    """low·whole ≤ part ≤ high·whole, for one party or fund in one ledger and scope.

    Capital: part = Σ_{f ∈ funds, q ∈ classes} pay[f,q], whole = Σ_{f ∈ of_funds, q ∈ of_classes} pay[f,q]; with
    in-kind, the party's and everyone's in-kind value of the options is added to them. Yearly: part is what the party
    carries of the accounts, whole what all parties carry (full price: prices, government's, enterprise's and donors'
    parts, operating subsidies and financed deficits).

    Parameters
    ----------
    name : str
        Where the limit comes from, for messages.
    ledger : {"capital", "capital_with_in_kind", "yearly"}
        What is counted.
    party : int
        The party; -1 for a limit on a fund.
    funds, of_funds : (F,) bool
        Funds of the part and of the whole.
    classes, of_classes : (Q,) bool
        Cost classes of the part and of the whole (capital).
    options : (O,) bool
        Options whose in-kind value counts (capital_with_in_kind).
    accounts : (A,) bool
        Accounts that count (yearly).
    low, high : float
        Shares, 0 to 1.
    """

    name: str
    ledger: str
    party: int
    funds: Bools
    of_funds: Bools
    classes: Bools
    of_classes: Bools
    options: Bools
    accounts: Bools
    low: float
    high: float


@dataclass(frozen=True)
class Bond:
    """A revenue-backed fund: own revenue of its bundle ≥ cover · rate · Σ_q pay[f,q], where it pays anything.

    Own revenue of an account is prices and other income less operating costs; subsidies do not count.

    Parameters
    ----------
    fund : int
        f
    accounts : (A,) bool
        The bundle: accounts whose options the fund may pay for.
    rate : float [1/year]
        Debt service a year for each yuan paid.
    cover : float
        Debt-service cover.
    """

    fund: int
    accounts: Bools
    rate: float
    cover: float


@dataclass(frozen=True)
class Money:
    """Who may pay what of the capital. A cost class q gathers (unit, item) pairs no row tells apart.

    A unit is an option or a shared work (columns of ``cost``: options first). Pairs are of one class where the same
    funds may pay the same shares of them and they stand in the same limits; a pair that a row binds alone is a class
    alone.

    Parameters
    ----------
    cost : csr_matrix, (Q, O + W) [CNY]
        K[q,u]: capital cost of unit u in class q.
    most : (F, Q) float
        Largest share of class q that fund f may pay: 0 not eligible, 1 all of it.
    cap : (F,) float [CNY]
        Most that fund f pays.
    party : (F,) int
        Party of fund f.
    central : (F,) bool
        A central source: of several that may pay a class, one at most does.
    complex_only : (F,) bool
        Pays in complexes only.
    class_project : (Q,) int
        p, where a complex_only fund may pay the class; else -1.
    class_account : (Q,) int
        a, where what the account's operator pays of the class is written off; else -1.
    limits : tuple of ShareLimit
        Bounds on shares.
    bonds : tuple of Bond
        Revenue-backed funds.
    in_kind : (number of parties, O) float [CNY]
        What each party gives to an option without cash.
    budget : float [CNY]
        Most capital of all parties together; ``inf`` where there is none.
    funds, parties : tuple of str
        Names.
    """

    cost: sp.csr_matrix
    most: Floats
    cap: Floats
    party: Ints
    central: Bools
    complex_only: Bools
    class_project: Ints
    class_account: Ints
    limits: tuple[ShareLimit, ...]
    bonds: tuple[Bond, ...]
    in_kind: Floats
    budget: float
    funds: tuple[str, ...]
    parties: tuple[str, ...]

    @property
    def eligible(self) -> Bools:
        """Fund f may pay of class q, (F, Q)."""
        return self.most > 0
