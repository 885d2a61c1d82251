"""Money, worked out again: capital, the year, what is in kind, and the statements about them."""

from __future__ import annotations

from dataclasses import dataclass

from panhuo.instance import Instance
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.money.accounts import Account, accounts
from panhuo.result.verify.money.capital import check_capital
from panhuo.result.verify.money.entries import Books, read_ledger
from panhuo.result.verify.money.limits import check_limits
from panhuo.result.verify.money.statements import check_statements
from panhuo.result.verify.money.viability import check_viability
from panhuo.result.verify.money.year import check_margins, check_year, subsidies
from panhuo.result.verify.people import Counted, Reached, Rows
from panhuo.result.verify.siting import Plan
from panhuo.result.verify.stock import Stock
from panhuo.result.verify.tidy import Tidy

__all__ = ["Books", "Money", "check_money"]


@dataclass(frozen=True)
class Money:
    """What was found of the money.

    Parameters
    ----------
    books : Books
        The ledgers as they stand.
    capital_paid, year_paid : bool
        Whether the capital, and what is due of the year, is paid at all.
    losing : int
        Chosen places that lose money with the visits they have.
    """

    books: Books
    capital_paid: bool
    year_paid: bool
    losing: int


def check_money(
    instance: Instance, stock: Stock, plan: Plan, counted: Counted, rows: Rows, reached: Reached, tables: Tidy,
    findings: Findings,
) -> Money:  # fmt: skip
    """Check ledger.csv, prices.csv, accounts.csv and viability.csv, and every rule about money."""
    books = read_ledger(stock, plan, tables["ledger"], findings)
    capital_paid = check_capital(instance, stock, plan, books, findings)
    found: list[Account] = accounts(stock, plan, counted, books)
    subsidy = subsidies(found, tables["accounts"])
    check_statements(stock, found, subsidy, tables, findings)
    check_margins(instance, found, subsidy, findings)
    year_paid = check_year(instance, stock, found, subsidy, books, findings)
    check_limits(instance, stock, books, capital_paid, year_paid, findings)
    losing = check_viability(instance, stock, found, rows, reached, tables["viability"], findings)
    return Money(books, capital_paid, year_paid, losing)
