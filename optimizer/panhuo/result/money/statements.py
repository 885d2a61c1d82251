"""What visits cost whom, and the profit and loss of every account: prices.csv and accounts.csv."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd

from panhuo.assemble.exact import MICRO, exactly, half_up
from panhuo.result.books import Books, Written
from panhuo.result.money.year import Closed, break_even

PRICES = (
    "option", "tariff", "tier", "price_cny", "government_cny", "enterprise_cny", "donor_cny", "affordable", "persons",
    "visits", "burden_cny_per_month", "income_cny_per_month",
)  # fmt: skip
"""Columns of prices.csv."""

ACCOUNTS = (
    "option", "site", "service", "operating", "operator", "tariff", "visits", "price_cny", "government_cny",
    "donor_cny", "other_cny", "subsidy_cny", "fixed_cny", "visits_cost_cny", "write_off_cny", "surplus_cny", "margin",
    "margin_min", "margin_max", "pool", "deficit_cny", "concession_cny", "break_even_visits",
)  # fmt: skip
"""Columns of accounts.csv."""

_MONTHS = 12


def prices_table(books: Books, written: Written) -> pd.DataFrame:
    """Say what a visit costs whom under the tariff of every chosen option, tier by tier, and what that is a month.

    ``burden_cny_per_month`` is the price of a month's visits of one served person, half up to the fen;
    ``income_cny_per_month`` is what the tiers table states.
    """
    instance, menu = books.instance, books.operation.menu
    option = books.options.table["option"]
    income = instance["tiers"].drop_duplicates("tier").set_index("tier")["income_cny_per_month"]
    each = instance["services"].set_index("service")["visits_per_year"]
    rows = []
    for account in written.operated.accounts:
        for visits in account.visits:
            at = menu.names.index(account.tariff), books.assembled.data.tiers.index(visits.tier)
            a_month = half_up(exactly(each[account.service]) / _MONTHS, np.array([visits.price]))[0]
            rows.append(
                (
                    option[account.option], account.tariff, visits.tier, visits.price / 100, visits.government / 100,
                    visits.enterprise / 100, visits.donor / 100, "yes" if menu.able[at] else "no",
                    visits.persons / MICRO, visits.count, a_month / 100, float(income[visits.tier]),
                )
            )  # fmt: skip
    return _typed(pd.DataFrame(rows, columns=list(PRICES)), ("option", "tariff", "tier", "affordable"), ("visits",))


def accounts_table(books: Books, written: Written) -> pd.DataFrame:
    """Lay out the year of every chosen option that somebody runs, with the visits at which it breaks even."""
    option = books.options.table["option"]
    rows = [_account(str(option[b.account.option]), b) for b in written.settled.books if b.account.operator]
    text = ("option", "site", "service", "operating", "operator", "tariff", "pool")
    return _typed(pd.DataFrame(rows, columns=list(ACCOUNTS)), text, ("visits", "break_even_visits"))


def _account(option: str, book: Closed) -> tuple[object, ...]:
    account = book.account
    return (
        option, account.site, account.service, account.operating, account.operator, account.tariff,
        sum(v.count for v in account.visits), account.sum("price") / 100, account.sum("government") / 100,
        account.sum("donor") / 100, account.other / 100, book.subsidy / 100, account.fixed / 100,
        account.sum("cost") / 100, book.write_off / 100, book.surplus / 100, _float(book.margin),
        _float(account.margin_min), _float(account.margin_max), account.pool, book.deficit / 100,
        account.sum("enterprise") / 100, break_even(account, book.write_off, book.subsidy),
    )  # fmt: skip


def _float(value: Fraction | None) -> float:
    return float("nan") if value is None else float(value)


def _typed(table: pd.DataFrame, text: tuple[str, ...], whole: tuple[str, ...]) -> pd.DataFrame:
    """Give every column its type, whether or not there are rows."""
    numbers = [c for c in table.columns if c not in (*text, *whole)]
    return table.astype(
        {**dict.fromkeys(text, "str"), **dict.fromkeys(whole, "Int64"), **dict.fromkeys(numbers, float)}
    )
