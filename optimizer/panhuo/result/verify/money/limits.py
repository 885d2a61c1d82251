"""Bounds on shares: of parties in every ledger and scope, of funds, and of groups of the people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from math import ceil, floor
from typing import Any

from panhuo.instance import Instance
from panhuo.instance.tabular import tuples
from panhuo.result.verify.exact import exact
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.money.entries import FILE, Books, Payment, cny
from panhuo.result.verify.quotas import groups, quota_bounds
from panhuo.result.verify.stock import Option, Stock, Work
from panhuo.words import T, Text


def check_limits(
    instance: Instance, stock: Stock, books: Books, capital_paid: bool, year_paid: bool, findings: Findings
) -> None:
    """Check ⌊low·whole⌋ ≤ part ≤ ⌈high·whole⌉ for every bound, in fen; of what is paid at all."""
    for row in tuples(instance["parties"]):
        if not (year_paid if row.ledger == "yearly" else capital_paid):
            continue
        payments = _counted(books, row.ledger)
        for name, mine in _scoped(row, payments):
            whole = sum(p.fen for p in mine)
            part = sum(p.fen for p in mine if p.party == row.party)
            _check(name, part, whole, exact(row.min_share), exact(row.max_share), _of_party(row), findings)
    if not capital_paid:
        return
    total = sum(p.fen for p in books.capital)
    for fund, row in stock.payers.funds.items():
        part = sum(p.fen for p in books.capital if p.fund == fund)
        rule = T(
            "the fund's share of the plan's capital, between {low} and {high}", low=row["min_share"],
            high=row["max_share"],
        )  # fmt: skip
        _check(fund, part, total, exact(row["min_share"]), exact(row["max_share"]), rule, findings)
    for quota in instance.settings.policy.quotas:
        if quota.measure == "capital":
            of_site = groups(instance, stock, quota)
            paid = [p for p in books.capital if quota.fund in ("", p.fund)]
            whole = sum(p.fen for p in paid)
            for group, (low, high) in quota_bounds(instance, stock, quota).items():
                part = sum(p.fen for p in paid if of_site[p.unit.site] == group)
                name = " ".join(filter(None, (quota.fund, group)))
                rule = T("money in keeping with the people of the group")
                _check(name, part, whole, low, high, rule, findings)


def _of_party(row: Any) -> Text:
    low, high = row.min_share, row.max_share
    if row.ledger == "yearly":
        return T("the party's share of the year, between {low} and {high}", low=low, high=high)
    if row.ledger == "capital_with_in_kind":
        return T("the party's share of capital and gifts in kind, between {low} and {high}", low=low, high=high)
    return T("the party's share of the plan's capital, between {low} and {high}", low=low, high=high)


def _counted(books: Books, ledger: str) -> list[Payment]:
    if ledger == "yearly":
        return books.yearly
    return books.capital + (books.in_kind if ledger == "capital_with_in_kind" else [])


def _scoped(row: Any, payments: Iterable[Payment]) -> Iterator[tuple[str, list[Payment]]]:
    """Give what a row of the parties table speaks of: all together, or each service or project apart."""
    label: Callable[[Option | Work], str | None] = {
        "plan": lambda _: "",
        "service": lambda unit: None if isinstance(unit, Work) else unit.service,
        "project": lambda unit: f"{unit.site}:{unit.mode}",
    }[row.scope]
    found: dict[str, list[Payment]] = {}
    for payment in payments:
        key = label(payment.unit)
        if key is not None and _matches(row, payment.unit):
            found.setdefault(key, []).append(payment)
    for key, mine in found.items():
        yield " ".join(filter(None, (row.bound, key))), mine


def _matches(row: Any, unit: Option | Work) -> bool:
    """Say whether a row speaks of an option; of a shared work only where it lists no services and operating modes."""
    if isinstance(unit, Work):
        return not row.services and not row.operating
    return (not row.services or unit.service in row.services) and (not row.operating or unit.operating in row.operating)


def _check(name: str, part: int, whole: int, low: Fraction, high: Fraction, rule: Text, findings: Findings) -> None:
    least, most = floor(low * whole), ceil(high * whole)
    if not least <= part <= most:
        findings.add(FILE, name, "amount_cny", cny(part), f"{cny(least)} … {cny(most)}", rule)
