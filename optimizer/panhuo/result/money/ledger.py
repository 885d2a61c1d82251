"""The ledger: who pays, carries or gives what, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from panhuo.assemble import Options
from panhuo.instance.tabular import tuples
from panhuo.result.books import Books, Written

LEDGER = ("site", "mode", "option", "work", "item", "fund", "party", "ledger", "year", "amount_cny")
"""Columns of ledger.csv."""

CARRIED = {"price": ("resident", "price"), "concession": ("enterprise", "enterprise")}
"""Items of the year behind which no fund stands: who carries them, and which part of a visit they are."""


class _Row(NamedTuple):
    """One row: option (or -1), shared work (or -1), and so many fen."""

    option: int
    work: int
    item: str
    fund: str
    party: str
    ledger: str
    fen: int


def ledger_table(books: Books, written: Written) -> pd.DataFrame:
    """Lay the ledgers out: capital, then the year, then what is given in kind.

    Capital that cannot be paid has no rows; of a year that cannot be paid only what residents and the enterprise carry
    has rows.

    Returns
    -------
    DataFrame
        The columns of :data:`LEDGER`; ``option`` is blank for shared works, ``work`` for options, ``fund`` where none
        pays; ``year`` is Int64.
    """
    options = books.options
    option_names, work_names = options.table["option"].to_numpy(object), options.works["work"].to_numpy(object)
    rows = [*_capital(books, written), *_yearly(books, written), *_in_kind(options, written)]
    option = np.array([row.option for row in rows], dtype=np.int64)
    work = np.array([row.work for row in rows], dtype=np.int64)
    of_work = option < 0

    def named(column: str) -> list[str]:
        own = options.table[column].to_numpy(object)
        shared = options.works[column].to_numpy(object)
        return [shared[w] if s else own[o] for o, w, s in zip(option, work, of_work, strict=True)]

    text = {
        "site": named("site"),
        "mode": named("mode"),
        "option": ["" if s else option_names[o] for o, s in zip(option, of_work, strict=True)],
        "work": [work_names[w] if s else "" for w, s in zip(work, of_work, strict=True)],
        "item": [row.item for row in rows],
        "fund": [row.fund for row in rows],
        "party": [row.party for row in rows],
        "ledger": [row.ledger for row in rows],
    }
    table = pd.DataFrame(text, dtype="str")
    table["year"] = _years(options, option, work, text["ledger"])
    table["amount_cny"] = np.array([row.fen for row in rows], dtype=np.int64) / 100
    return table[list(LEDGER)]


def _capital(books: Books, written: Written) -> Iterator[_Row]:
    funds, settled = books.treasury.funds, written.settled
    rows, place = settled.rows, {f: n for n, f in enumerate(funds.order)}
    for f, b in sorted(settled.capital or {}, key=lambda key: (key[1], place[key[0]])):
        bill = rows.iloc[b]
        party = funds.parties[funds.party[f]]
        fen = (settled.capital or {})[f, b]
        yield _Row(int(bill["option"]), int(bill["work"]), str(bill["item"]), funds.names[f], party, "capital", fen)


def _yearly(books: Books, written: Written) -> Iterator[_Row]:
    funds, settled = books.treasury.funds, written.settled
    place = {f: n for n, f in enumerate(funds.order)}
    paid: dict[int, list[tuple[int, str, int]]] = {}
    for f, d in sorted(settled.yearly or {}, key=lambda key: (key[1], place[key[0]])):
        n, item = settled.dues[d]
        paid.setdefault(n, []).append((f, item, (settled.yearly or {})[f, d]))
    for n, book in enumerate(settled.books):
        account = book.account
        if not account.operator:
            continue
        for item, (party, part) in CARRIED.items():
            if fen := account.sum(part):
                yield _Row(account.option, -1, item, "", party, "yearly", fen)
        for f, item, fen in paid.get(n, ()):
            yield _Row(account.option, -1, item, funds.names[f], funds.parties[funds.party[f]], "yearly", fen)


def _in_kind(options: Options, written: Written) -> Iterator[_Row]:
    given = options.in_kind[options.in_kind["option"].isin(np.flatnonzero(written.choose))]
    for row in tuples(given.sort_values("option", kind="stable")):
        yield _Row(int(row.option), -1, str(row.item), "", str(row.party), "in_kind", int(row.fen))


def _years(options: Options, option: np.ndarray, work: np.ndarray, ledgers: list[str]) -> pd.Series:
    """Give the year of the capital, or that of the opening; <NA> where the policy names no first year."""
    capital, opening, shared = (
        list(column) for column in
        (options.table["capital_year"], options.table["open_year"], options.works["capital_year"])
    )  # fmt: skip
    years = [
        shared[w] if o < 0 else capital[o] if ledger == "capital" else opening[o]
        for o, w, ledger in zip(option, work, ledgers, strict=True)
    ]
    return pd.Series(years, dtype="Int64")
