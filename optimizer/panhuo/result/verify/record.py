"""run.json against the plan: totals, shares, funds, money."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import Any

import pandas as pd

from panhuo.instance import Instance
from panhuo.result.verify.exact import exact
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.money import Money
from panhuo.result.verify.money.entries import Payment
from panhuo.result.verify.siting import Plan
from panhuo.result.verify.stock import Option, Stock
from panhuo.words import T

FILE = "run.json"

_NOBODY = 0.01
"""Persons newly served below which nothing is divided by them."""

_FIGURES = {
    "before": "before_persons", "after": "after_persons", "new_persons": "new_persons", "lost_persons": "lost_persons",
    "base_persons": "base_persons", "unreachable_persons": "unreachable_persons",
}  # fmt: skip


def check_record(
    instance: Instance,
    stock: Stock,
    plan: Plan,
    coverage: pd.DataFrame,
    money: Money,
    run: Mapping[str, Any],
    findings: Findings,
) -> None:
    """Check the figures of run.json, but for its stages.

    Parameters
    ----------
    coverage : DataFrame
        Coverage by circle and service, as counted here.
    money : Money
        The ledgers, checked by themselves before.
    """
    equal(findings, "capital_cny", run.get("capital_cny"), plan.capital / 100)
    equal(findings, "capital_works_cny", run.get("capital_works_cny"), plan.capital_works / 100)
    equal(findings, "yearly_cny", run.get("yearly_cny"), plan.yearly / 100)
    equal(findings, "yearly_run_cny", run.get("yearly_run_cny"), plan.yearly_run / 100)
    equal(findings, "new_person_services", run.get("new_person_services"), coverage["new_persons"].sum())
    stated = run.get("coverage") or {}
    for service in instance["services"]["service"]:
        rows = coverage[coverage["service"] == service]
        for key, column in _FIGURES.items():
            equal(findings, f"coverage.{service}.{key}", (stated.get(service) or {}).get(key), rows[column].sum())
    for service in set(stated) - set(instance["services"]["service"]):
        findings.add(FILE, None, f"coverage.{service}", None, None, T("no such service"))
    _merging(instance, run, findings)
    _funds(stock, money, run, findings)
    _money(stock, coverage, money, run, findings)


def by_party(payments: Iterable[Payment]) -> Counter[str]:
    """Add payments up by party [fen]."""
    found: Counter[str] = Counter()
    for payment in payments:
        found[payment.party] += payment.fen
    return found


def _merging(instance: Instance, run: Mapping[str, Any], findings: Findings) -> None:
    """Check what run.json says of merged demand points against the inputs, read and merged again."""
    stated = run.get("merging")
    if instance.merging is None:
        if stated is not None:
            findings.add(FILE, None, "merging", str(stated), None, T("the inputs merge no demand points"))
        return
    for name, value in asdict(instance.merging).items():
        equal(findings, f"merging.{name}", (stated or {}).get(name), value)


def _funds(stock: Stock, money: Money, run: Mapping[str, Any], findings: Findings) -> None:
    """Check what each fund pays of capital and year, and what is left; nothing is known of it where it is not paid."""
    stated = {row.get("fund"): row for row in run.get("funds") or []}
    for fund, row in stock.payers.funds.items():
        found = stated.get(fund) or {}
        for prefix, payments, known in (
            ("", money.books.capital, money.capital_paid), ("yearly_", money.books.yearly, money.year_paid),
        ):  # fmt: skip
            key, used = f"funds.{fund}.{prefix}", found.get(f"{prefix}used_cny")
            cap = row[f"{prefix}cap_cny"]
            if not known:
                if used is not None:
                    rule = T("without a ledger no fund pays anything")
                    findings.add(FILE, None, f"{key}used_cny", used, None, rule)
                continue
            paid = sum(p.fen for p in payments if p.fund == fund)
            equal(findings, f"{key}used_cny", used, paid / 100)
            if math.isfinite(cap):
                equal(findings, f"{key}cap_cny", found.get(f"{prefix}cap_cny"), cap)
                left = exact(cap) - Fraction(paid, 100)
                equal(findings, f"{key}left_cny", found.get(f"{prefix}left_cny"), float(left), 0.0051)


def _money(stock: Stock, coverage: pd.DataFrame, money: Money, run: Mapping[str, Any], findings: Findings) -> None:
    """Check shares, and money by party and by fund and item."""
    books = money.books
    ledgers = {
        "capital": by_party(books.capital),
        "yearly": by_party(books.yearly),
        "in_kind": by_party(books.in_kind),
        "capital_with_in_kind": by_party([*books.capital, *books.in_kind]),
    }
    stated = run.get("money") or {}
    for ledger in ("capital", "yearly", "in_kind"):
        _table(findings, f"money.{ledger}", stated.get(ledger), ledgers[ledger])
    for ledger in ("capital", "yearly", "capital_with_in_kind"):
        shares = (run.get("shares") or {}).get(ledger) or {}
        total = sum(ledgers[ledger].values())
        for party in sorted({*ledgers[ledger], *shares}):
            share = ledgers[ledger][party] / total if total else 0.0
            equal(findings, f"shares.{ledger}.{party}", shares.get(party), share, 1e-8)
    items: dict[str, Counter[str]] = {fund: Counter() for fund in stock.payers.funds}
    for payment in [*books.capital, *books.yearly]:
        if payment.fund:
            items[payment.fund][payment.item] += payment.fen
    funds = stated.get("by_fund_item") or {}
    for fund in {*items, *funds}:
        _table(findings, f"money.by_fund_item.{fund}", funds.get(fund), items.get(fund, Counter()))
    new = round(sum(coverage["new_persons"][coverage["service"].isin(stock.menu.tariffs)]), 6)
    public = [(p.unit, p.fen) for p in books.yearly if p.party == "government"]
    subsidy = sum(fen for unit, fen in public if isinstance(unit, Option) and unit.service in stock.menu.tariffs)
    key, found = "money.subsidy_per_new_person_cny", stated.get("subsidy_per_new_person_cny")
    if new >= _NOBODY and money.year_paid:
        equal(findings, key, found, subsidy / 100 / new, 0.005)
    elif found is not None:
        findings.add(FILE, None, key, found, None, T("nobody is newly served, or nobody pays the year"))
    equal(findings, "money.losing", stated.get("losing"), money.losing)


def _table(findings: Findings, key: str, found: Any, expected: Counter[str]) -> None:
    """Compare amounts by name, CNY against fen; a name that is not there stands for nothing."""
    stated = found if isinstance(found, Mapping) else {}
    for name in sorted({*stated, *expected}):
        equal(findings, f"{key}.{name}", stated.get(name, 0), expected[name] / 100)


def equal(findings: Findings, key: str, found: Any, expected: float, slack: float = 5e-6) -> None:
    """Compare a figure of run.json with what was derived."""
    expected = float(expected)
    number = isinstance(found, int | float) and not isinstance(found, bool) and math.isfinite(found)
    if not number or abs(Fraction(found) - Fraction(expected)) > slack:
        findings.add(FILE, None, key, found, round(expected, 9), T("derived from the inputs"))
