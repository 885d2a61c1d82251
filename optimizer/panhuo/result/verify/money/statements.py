"""prices.csv and accounts.csv against the accounts worked out here."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pandas as pd

from panhuo.result.verify.exact import half_up
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.money.accounts import Account, needed_visits
from panhuo.result.verify.money.dues import deficit, surplus
from panhuo.result.verify.rows import compare
from panhuo.result.verify.stock import Stock
from panhuo.result.verify.tidy import Tidy
from panhuo.words import T


def check_statements(
    stock: Stock, found: list[Account], subsidy: dict[str, int], tables: Tidy, findings: Findings
) -> None:
    """Compare prices.csv and accounts.csv."""
    compare(findings, "prices.csv", tables["prices"], _prices(stock, found), ["option", "tier"])
    compare(findings, "accounts.csv", tables["accounts"], _accounts(found, subsidy), ["option"])
    _pools(found, tables["accounts"], findings)


def _prices(stock: Stock, found: list[Account]) -> pd.DataFrame:
    rows = []
    for account in found:
        service = account.option.service
        for visits in account.visits:
            tier, charge = stock.menu.tiers_of(service)[visits.tier], visits.charge
            rows.append(
                {
                    "option": account.option.key,
                    "tier": visits.tier,
                    "tariff": account.tariff.name,
                    "price_cny": charge.price,
                    "government_cny": charge.government,
                    "enterprise_cny": charge.enterprise,
                    "donor_cny": charge.donor,
                    "affordable": "yes" if stock.menu.can_pay(service, account.tariff, visits.tier) else "no",
                    "persons": visits.persons,
                    "visits": visits.count,
                    "burden_cny_per_month": half_up(charge.price * stock.menu.visits[service] / 12),
                    "income_cny_per_month": float("nan") if tier.income is None else float(tier.income),
                }
            )
    return _frame(rows, ("income_cny_per_month",), ("option", "tier"))


def _accounts(found: list[Account], subsidy: dict[str, int]) -> pd.DataFrame:
    rows = []
    for account in found:
        run, option = account.run, account.option
        if run is None:
            continue
        given = subsidy[option.key]
        income, left = account.earned + given, surplus(account, given)
        low, high = account.margins
        rows.append(
            {
                "option": option.key,
                "site": option.site,
                "service": option.service,
                "operating": option.operating,
                "operator": run.operator,
                "tariff": account.tariff.name,
                "visits": account.count,
                "price_cny": account.sum("price"),
                "government_cny": account.sum("government"),
                "donor_cny": account.sum("donor"),
                "other_cny": option.income,
                "fixed_cny": account.fixed,
                "visits_cost_cny": account.visits_cost,
                "write_off_cny": account.write_off,
                "surplus_cny": left,
                "margin": left / income if income else float("nan"),
                "margin_min": float("nan") if low is None else float(low),
                "margin_max": float("nan") if high is None else float(high),
                "deficit_cny": deficit(account, given),
                "concession_cny": account.sum("enterprise"),
                "break_even_visits": needed_visits(
                    account.visits, option.visit_cost, account.fixed + account.write_off, option.income + given,
                    Fraction(0),
                ),
            }
        )  # fmt: skip
    return _frame(rows, ("margin", "margin_min", "margin_max"), ("option",))


def _frame(rows: list[dict[str, Any]], numbers: tuple[str, ...], keys: tuple[str, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(rows[0]) if rows else list(keys), dtype=object)
    return frame.astype({column: float for column in numbers if column in frame})


def _pools(found: list[Account], table: pd.DataFrame, findings: Findings) -> None:
    """Check that accounts share the name of a pool where they keep their margin together, and only there."""
    stated = dict(zip(table["option"], table["pool"], strict=True))
    name_of: dict[str, str] = {}
    pool_of: dict[str, str] = {}
    for account in found:
        key, name = account.option.key, stated.get(account.option.key)
        if name is None or account.run is None:
            continue
        if not account.pool or not name:
            right = not account.pool and not name
        else:
            right = (
                name_of.setdefault(account.pool, name) == name
                and pool_of.setdefault(name, account.pool) == account.pool
            )
        if not right:
            findings.add(
                "accounts.csv", key, "pool", name, None, T("accounts that keep their margin together, and no others")
            )
