"""The year in ledger.csv and accounts.csv: dues and who pays them, margins, subsidies, bonds; and what is in kind."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from math import ceil, floor

import pandas as pd

from panhuo.instance import Instance
from panhuo.result.verify import figures
from panhuo.result.verify.exact import exact, given
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.money.accounts import Account, pools
from panhuo.result.verify.money.dues import bound_year, dues, payers, surplus, year_obstacles
from panhuo.result.verify.money.entries import FILE, Books, cny, compare_sums
from panhuo.result.verify.stock import Stock
from panhuo.result.verify.stock.payers import YEARLY
from panhuo.words import T

_TABLE = "accounts.csv"
_HALF = Fraction(1, 20_000)


def subsidies(found: list[Account], table: pd.DataFrame) -> dict[str, int]:
    """Read the operating subsidy of every option [fen]: what the plan decides of the year."""
    stated = dict(zip(table["option"], table["subsidy_cny"], strict=True))
    return {account.option.key: stated.get(account.option.key, 0) for account in found}


def check_margins(instance: Instance, found: list[Account], subsidy: dict[str, int], findings: Findings) -> None:
    """Check that subsidies are what is needed and within their limits, and that pools keep their margins.

    A margin is kept where it is as asked for when rounded to a hundredth of a percent.
    """
    for account in found:
        option, granted = account.option, subsidy[account.option.key]
        if not 0 <= granted <= option.subsidy:
            rule = T("the largest operating subsidy of the operating mode")
            findings.add(_TABLE, option.key, "subsidy_cny", cny(granted), f"<= {cny(option.subsidy)}", rule)
    free = not bound_year(instance)
    for name, members in pools(found).items():
        granted = sum(subsidy[a.option.key] for a in members)
        left = sum(surplus(a, subsidy[a.option.key]) for a in members)
        income = sum(a.earned + subsidy[a.option.key] for a in members)
        low, high = members[0].margins
        who = name if len(members) > 1 else members[0].option.key
        if low is not None and left < (low - _HALF) * income:
            findings.add(
                _TABLE, who, "surplus_cny", cny(left), f">= {float(low * income) / 100:.2f}",
                T("the least margin of the operating mode"),
                breach=T("{place}: the year leaves CNY {left}; the least margin asks for CNY {least}",
                         place=who, left=figures.cny(left), least=figures.cny(ceil(low * income))),
            )  # fmt: skip
        if high is not None and left > (high + _HALF) * income:
            findings.add(
                _TABLE, who, "surplus_cny", cny(left), f"<= {float(high * income) / 100:.2f}",
                T("the largest margin of the operating mode"),
                breach=T("{place}: the year leaves CNY {left}; the largest margin allows CNY {most}",
                         place=who, left=figures.cny(left), most=figures.cny(floor(high * income))),
            )  # fmt: skip
        spare = Fraction(left) - (low or 0) * income
        if free and low is not None and granted and spare > (1 - low) * min(granted, 2 * len(members)):
            rule = T("an operating subsidy is what the least margin needs, and no more")
            findings.add(_TABLE, who, "subsidy_cny", cny(granted), None, rule)


def check_year(
    instance: Instance, stock: Stock, found: list[Account], subsidy: dict[str, int], books: Books, findings: Findings
) -> bool:
    """Check the yearly ledger, bonds, and what is given in kind; gives whether the dues of the year are paid at all.

    Where they cannot be paid in whole fen, none of them must be, and the plan goes against the policy.
    """
    expected: dict[tuple[str, ...], int] = {
        (account.option.key, item): fen
        for account in found
        for item, fen in dues(account, subsidy[account.option.key]).items()
    }
    owed = {thing for thing in expected if thing[1] in YEARLY}
    paid = bool(not owed or any(payment.item in YEARLY for payment in books.yearly))
    if not paid:
        against = year_obstacles(instance, stock, found, subsidy)
        for sentence in against:
            findings.add(FILE, None, None, None, None, sentence, breach=sentence)
        if against:
            expected = {thing: fen for thing, fen in expected.items() if thing not in owed}
    _payments(stock, found, expected, books, findings)
    _bonds(stock, found, books, findings)
    _in_kind(found, books, findings)
    return paid


def _payments(
    stock: Stock, found: list[Account], expected: dict[tuple[str, ...], int], books: Books, findings: Findings
) -> None:
    """Check who pays what of the year, what that adds up to, and the yearly caps."""
    of = {account.option.key: account for account in found}
    paid: Counter[tuple[str, ...]] = Counter()
    by_fund: Counter[str] = Counter()
    for payment in books.yearly:
        paid[payment.unit.key, payment.item] += payment.fen
        by_fund[payment.fund] += payment.fen
        account = of.get(payment.unit.key)
        if account is None or payment.item not in YEARLY:
            continue  # named where sums are compared
        if payment.fund not in payers(stock, account, payment.item):
            key = f"{payment.unit.key} {payment.item} {payment.fund}"
            findings.add(FILE, key, "fund", payment.fund, None, T("the fund may not pay this of the year"))
    compare_sums(paid, expected, T("the row is missing: everything that is due of the year is paid"), findings)
    for fund, row in stock.payers.funds.items():
        cap = row["yearly_cap_cny"]
        if Fraction(by_fund[fund], 100) > exact(cap):
            rule = T("the yearly cap of the fund")
            findings.add(FILE, fund, "amount_cny", cny(by_fund[fund]), f"<= {cap:.2f}", rule)


def _bonds(stock: Stock, found: list[Account], books: Books, findings: Findings) -> None:
    """Check that the own revenue of what a bond may pay for covers its debt service."""
    for fund, row in stock.payers.funds.items():
        if not given(row["debt_service"]):
            continue
        paid = sum(p.fen for p in books.capital if p.fund == fund)
        bundle = bundle_of(stock, fund)
        revenue = sum(a.revenue for a in found if a.option.key in bundle)
        due = exact(row["debt_service"]) * exact(row["cover"]) * paid
        if paid and due > revenue:
            rule = T("own revenue covers the debt service of the bond")
            findings.add(FILE, fund, "amount_cny", cny(paid), f"{float(due) / 100:.2f} <= {cny(revenue)}", rule)


def bundle_of(stock: Stock, fund: str) -> set[str]:
    """List the options that a fund may pay some of."""
    return {
        option.key
        for option in stock.options.values()
        if any(stock.payers.share(fund, stock.payable(option, item, option.capital_year)) for item in option.capital)
    }


def _in_kind(found: list[Account], books: Books, findings: Findings) -> None:
    expected: dict[tuple[str, ...], int] = {}
    for account in found:
        for (party, item), fen in account.option.in_kind.items():
            expected[account.option.key, item, party] = fen
    gifts: Counter[tuple[str, ...]] = Counter()
    for payment in books.in_kind:
        gifts[payment.unit.key, payment.item, payment.party] += payment.fen
    compare_sums(gifts, expected, T("the row is missing: what is given in kind"), findings)
