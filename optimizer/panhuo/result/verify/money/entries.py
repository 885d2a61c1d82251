"""ledger.csv row by row: what each speaks of, and whose money it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from panhuo.instance.tabular import tuples
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.siting import Plan
from panhuo.result.verify.stock import Option, Stock, Work
from panhuo.words import T

FILE = "ledger.csv"
NO_FUND = {"price": "resident", "concession": "enterprise"}
"""Items of the year that nobody's fund pays, and who carries them."""


@dataclass(frozen=True)
class Payment:
    """One row: so many fen for an item of an option or a shared work; ``fund`` is "" where no fund pays."""

    unit: Option | Work
    item: str
    fund: str
    party: str
    fen: int


@dataclass(frozen=True)
class Books:
    """The three ledgers."""

    capital: list[Payment] = field(default_factory=list)
    yearly: list[Payment] = field(default_factory=list)
    in_kind: list[Payment] = field(default_factory=list)


def read_ledger(stock: Stock, plan: Plan, ledger: pd.DataFrame, findings: Findings) -> Books:
    """Check each row of ledger.csv by itself, and sort them into the ledgers.

    Parameters
    ----------
    ledger : DataFrame
        The rows of ledger.csv, amounts in fen.
    """
    books = Books()
    units: dict[tuple[str, str], Option | Work] = {("option", o.key): o for o in plan.options}
    units |= {("work", w.key): w for w in plan.works}
    again = ledger.duplicated(["site", "mode", "option", "work", "item", "fund", "party", "ledger"])
    for row, repeated in zip(tuples(ledger), again, strict=True):
        name = row.option or f"{row.site}:{row.mode}:{row.work}"
        key = " ".join(filter(None, (name, row.item, row.fund or row.party)))
        if repeated:
            findings.add(FILE, key, None, None, None, T("the row stands there more than once"))
        if row.amount_cny <= 0:
            findings.add(FILE, key, "amount_cny", cny(row.amount_cny), None, T("a payment is more than nothing"))
        unit = units.get(("option", row.option) if row.option else ("work", name))
        if unit is None or (row.option and row.work):
            findings.add(FILE, key, None, None, None, T("the row must not be there: the plan has no such cost"))
            continue
        if (row.site, row.mode) != (unit.site, unit.mode):
            found, should = f"{row.site}:{row.mode}", f"{unit.site}:{unit.mode}"
            findings.add(FILE, key, "site", found, should, T("the option's project"))
        into = {"capital": books.capital, "yearly": books.yearly, "in_kind": books.in_kind}.get(row.ledger)
        if into is None or (isinstance(unit, Work) and row.ledger != "capital"):
            findings.add(
                FILE, key, "ledger", row.ledger, None, T("capital, yearly or in_kind; shared works are capital")
            )
            continue
        year = stock.capital_year(unit.site)
        if isinstance(unit, Option) and row.ledger != "capital":
            year = unit.open_year
        if row.year != year:
            findings.add(FILE, key, "year", row.year, year, T("the year of the site's capital, or of its opening"))
        if _belongs(stock, row, key, findings):
            fund = "" if _without_fund(row) else row.fund
            into.append(Payment(unit, row.item, fund, row.party, row.amount_cny))
    return books


def _belongs(stock: Stock, row: Any, key: str, findings: Findings) -> bool:
    """Check whose money a row is."""
    if _without_fund(row):
        if row.fund:
            findings.add(FILE, key, "fund", row.fund, None, T("no fund stands behind what is not paid by one"))
        if row.item in NO_FUND and row.party != NO_FUND[row.item]:
            findings.add(FILE, key, "party", row.party, NO_FUND[row.item], T("the party that carries it"))
        return True
    if row.fund not in stock.payers.funds:
        findings.add(FILE, key, "fund", row.fund, None, T("no such fund"))
        return False
    party = stock.payers.funds[row.fund]["party"]
    if row.party != party:
        findings.add(FILE, key, "party", row.party, party, T("the party behind the fund"))
    return True


def _without_fund(row: Any) -> bool:
    """Whether no fund stands behind a row: gifts in kind, prices, what the enterprise forgoes."""
    return row.ledger == "in_kind" or (row.ledger == "yearly" and row.item in NO_FUND)


def compare_sums(
    found: Counter[tuple[str, ...]], expected: dict[tuple[str, ...], int], missing: Any, findings: Findings
) -> None:
    """Compare what payments add up to with what must be paid, thing by thing [fen]."""
    for name, fen in expected.items():
        if found[name] != fen:
            rule = T("the payments for an item add up to its cost") if name in found else missing
            findings.add(FILE, " ".join(name), "amount_cny", cny(found[name]), cny(fen), rule)
    for name in found:
        if name not in expected:
            rule = T("the row must not be there: the plan has no such cost")
            findings.add(FILE, " ".join(name), None, None, None, rule)


def cny(fen: int) -> str:
    """Write fen as CNY with two decimals."""
    return f"{fen / 100:.2f}"
