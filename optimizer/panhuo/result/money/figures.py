"""The figures of the money, as run.json holds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from panhuo.assemble.families import served_as
from panhuo.instance import Instance
from panhuo.instance.schema import PARTIES

SHARES: dict[str, tuple[str, ...]] = {
    "capital": ("capital",), "yearly": ("yearly",), "capital_with_in_kind": ("capital", "in_kind"),
}  # fmt: skip
"""Shares by what they count, and the ledgers that are added up for each."""

NOBODY = 0.01
"""Persons so few that nothing is divided by them: rounding may make some, and nobody is newly served."""


def shares(ledger: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Give each party's share of capital, year, and capital with what is given in kind; none where nothing is spent."""
    found = {}
    for name, of in SHARES.items():
        fen = by_party(ledger[ledger["ledger"].isin(of)])
        total = sum(fen.values())
        found[name] = {party: round(part / total, 9) for party, part in fen.items()} if total else {}
    return found


def money(instance: Instance, tables: Mapping[str, pd.DataFrame], year_paid: bool) -> dict[str, Any]:
    """Sum the ledgers up.

    Parameters
    ----------
    year_paid : bool
        What is due of the year can be paid.

    Returns
    -------
    dict
        ``capital``, ``yearly``, ``in_kind``: CNY by party; ``by_fund_item``: CNY by fund and item of capital and year;
        ``subsidy_per_new_person_cny``: see :func:`subsidies`, of all services together, ``None`` where nobody is newly
        served (fewer than :data:`NOBODY`) or the year cannot be paid; ``losing``: places in viability.csv that would
        lose money.
    """
    ledger = tables["ledger"]
    paid = ledger[ledger["fund"] != ""]
    by_item = _fen(paid).groupby([paid["fund"], paid["item"]], sort=False).sum()
    by_fund: dict[str, dict[str, float]] = {}
    for fund in instance["funds"]["fund"]:
        own = by_item[by_item.index.get_level_values(0) == fund]
        if len(own):
            by_fund[fund] = {str(item): int(fen) / 100 for (_, item), fen in own.items()}
    each = subsidies(instance, tables)
    new, spent = round(float(each["new_persons"].sum()), 6), each["subsidy_cny"].sum()
    return {
        **{
            name: {party: fen / 100 for party, fen in by_party(ledger[ledger["ledger"] == name]).items()}
            for name in ("capital", "yearly", "in_kind")
        },
        "by_fund_item": by_fund,
        "subsidy_per_new_person_cny": round(float(spent / new), 2) if new >= NOBODY and year_paid else None,
        "losing": int((tables["viability"]["loses"] == "yes").sum()),
    }


def subsidies(instance: Instance, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Hold the public money of the year against the people newly served, by service with tariffs.

    What a place of a service that counts as another gets is held against the people of that one.

    Returns
    -------
    DataFrame
        ``service``, ``new_persons``, ``subsidy_cny`` (what government funds pay of the year of its chosen options),
        ``subsidy_per_new_person_cny`` (NaN where nobody is newly served,
        fewer than :data:`NOBODY`).
    """
    ledger, coverage = tables["ledger"], tables["coverage"]
    service = tables["plan"].set_index("option")["service"]
    public = ledger[(ledger["ledger"] == "yearly") & (ledger["party"] == "government")]
    served = served_as(instance)
    fen = _fen(public).groupby(public["option"].map(service).map(served)).sum()
    names = [k for k in served.index[served == served.index] if k in set(instance["tariffs"]["service"])]
    new = coverage.groupby("service")["new_persons"].sum().reindex(names, fill_value=0.0).round(6)
    spent = fen.reindex(names, fill_value=0) / 100
    return pd.DataFrame(
        {
            "service": pd.Series(names, dtype="str"),
            "new_persons": new.to_numpy(float),
            "subsidy_cny": spent.to_numpy(float),
            "subsidy_per_new_person_cny": (spent / new.where(new >= NOBODY)).round(2).to_numpy(float),
        }
    )


def by_party(rows: pd.DataFrame) -> dict[str, int]:
    """Sum rows of the ledger up [fen], the parties in the order of the format; who carries nothing is left out."""
    fen = _fen(rows).groupby(rows["party"]).sum()
    return {party: int(fen[party]) for party in PARTIES if party in fen.index}


def _fen(rows: pd.DataFrame) -> pd.Series:
    return (rows["amount_cny"].astype(float) * 100).round().astype(np.int64)
