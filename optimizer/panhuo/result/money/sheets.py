"""The money laid out for readers: by party, by fund and item, by tier, and the places that would lose money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from panhuo.instance.schema import PARTIES
from panhuo.instance.schema.choices import YEAR_ITEMS

_VISIT = ("price_cny", "government_cny", "enterprise_cny", "donor_cny")
_KINDS = ("chosen", "existing", "not chosen")


def party_table(run: Mapping[str, Any]) -> pd.DataFrame:
    """Say what each party pays, carries and gives: capital, a year, in kind, each with its share; one row in all."""
    money, shares = run["money"], run["shares"]
    columns = {f"{ledger}_cny": money[ledger] for ledger in ("capital", "yearly", "in_kind")}
    columns |= {f"{name}_share": shares[name] for name in ("capital", "yearly", "capital_with_in_kind")}
    order = (
        "capital_cny", "capital_share", "yearly_cny", "yearly_share", "in_kind_cny", "capital_with_in_kind_share",
    )  # fmt: skip
    parties = [p for p in PARTIES if any(p in values for values in columns.values())]
    table = pd.DataFrame({"party": pd.Series(parties, dtype="str")})
    for column in order:
        table[column] = [float(columns[column].get(p, 0.0)) for p in parties]
    return table


def fund_item_table(run: Mapping[str, Any]) -> pd.DataFrame:
    """Say what each fund pays of each item: ``fund``, a column ITEM_cny an item, ``capital_cny`` and ``yearly_cny``.

    The items of the capital come first, then their sum; then those of a year and their sum, where any are paid.
    """
    paid: Mapping[str, Mapping[str, float]] = run["money"]["by_fund_item"]
    items = list(dict.fromkeys(item for own in paid.values() for item in own))
    table = pd.DataFrame({"fund": pd.Series(list(paid), dtype="str")})
    yearly = [item for item in items if item in YEAR_ITEMS]
    ledgers = {"capital_cny": [item for item in items if item not in YEAR_ITEMS], "yearly_cny": yearly}
    for total, own_items in ledgers.items():
        if own_items or total == "capital_cny":
            for item in own_items:
                table[f"{item}_cny"] = [float(own.get(item, float("nan"))) for own in paid.values()]
            table[total] = table[[f"{item}_cny" for item in own_items]].sum(axis=1).round(2)
    return table


def burden_table(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Say what a visit costs whom under the tariffs in use, and what a month costs a served person of each tier.

    One row a service, tariff and tier with anybody served: the parts of a visit, ``persons``, ``visits``,
    ``burden_cny_per_month``, ``income_cny_per_month`` and ``burden_share``, the first as a share of the second.
    """
    prices = tables["prices"]
    service = tables["plan"].set_index("option")["service"]
    by = prices.assign(service=prices["option"].map(service).astype("str")).groupby(
        ["service", "tariff", "tier"], sort=False
    )
    first = by[[*_VISIT, "burden_cny_per_month", "income_cny_per_month"]].first()
    table = first.join(by[["persons", "visits"]].sum()).reset_index()
    table["burden_share"] = table["burden_cny_per_month"] / table["income_cny_per_month"]
    order = (
        "service", "tariff", "tier", *_VISIT, "persons", "visits", "burden_cny_per_month", "income_cny_per_month",
        "burden_share",
    )  # fmt: skip
    return table.loc[table["persons"] > 0, list(order)].reset_index(drop=True)


def losing_table(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """List the places that would lose money, as viability.csv does.

    Chosen ones first, then existing ones, then the others; of each kind service by service as viability.csv first names
    them, those first that lack least.
    """
    found = tables["viability"]
    services = {service: n for n, service in enumerate(dict.fromkeys(found["service"]))}
    found = found[found["loses"] == "yes"]
    lack = (found["needed_visits"] - found["best_visits"]).astype("Float64").fillna(float("inf"))
    order = found.assign(
        _kind=found["kind"].map(_KINDS.index), _service=found["service"].map(services), _lack=lack.astype(float)
    ).sort_values(["_kind", "_service", "_lack"], kind="stable")
    return order[list(found.columns.drop("loses"))].reset_index(drop=True)
