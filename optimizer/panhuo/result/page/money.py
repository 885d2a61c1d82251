"""Who pays what, and which places carry themselves."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from panhuo.instance.schema.choices import ITEMS
from panhuo.result.money.sheets import burden_table, fund_item_table, losing_table, party_table
from panhuo.result.page.layout import Bars, Table, stacked
from panhuo.result.page.speech import Speech
from panhuo.result.plan import Result
from panhuo.words import T, Text, figures
from panhuo.words.names import name

_LEDGERS = {"capital": T("Capital"), "yearly": T("A year"), "in_kind": T("In kind")}
_KINDS = {"chosen": T("in the plan"), "existing": T("existing"), "not chosen": T("not in the plan")}
MOST = 12
"""Places of each kind that would lose money, named one by one."""


def party_bars(result: Result, speech: Speech) -> Bars:
    """Draw who carries the capital, the year and what is given in kind."""
    money = result.run["money"]
    whole = {ledger: sum(money[ledger].values()) for ledger in _LEDGERS}
    most = max(whole.values(), default=0.0)
    parties = list(dict.fromkeys(party for ledger in _LEDGERS for party in money[ledger]))
    bars = []
    for ledger, words in _LEDGERS.items():
        if whole[ledger] > 0:
            parts = [
                (party, cny, f"{speech.party(party)}: {speech.money(cny)} ({figures.percent(cny / whole[ledger])})")
                for party, cny in money[ledger].items()
            ]
            bars.append(stacked(speech.text(words), parts, most, speech.money(whole[ledger])))
    legend = [(party, speech.party(party)) for party in parties]
    return Bars(T("Who carries what: capital, a year, and what is given in kind"), legend, bars)


def party_sums(result: Result, speech: Speech) -> Table:
    """Give the figures of :func:`party_bars`, with each party's shares."""
    table = party_table(result.run)
    columns = list(table.columns[1:])

    def shown(column: str, value: float) -> str:
        if not value:
            return "–"
        return figures.percent(value) if column.endswith("_share") else speech.bare(value)

    rows = [
        [speech.party(row["party"]), *(shown(c, row[c]) for c in columns)]
        for row in table.to_dict("records")
        if any(row[c] for c in columns)
    ]
    rows.append(
        [speech.text(T("In all")), *("" if c.endswith("_share") else shown(c, table[c].sum()) for c in columns)]
    )
    heads = [
        T("Party"), T("Capital"), T("Share"), T("A year"), T("Share"), T("In kind"), T("Share with in kind"),
    ]  # fmt: skip
    return Table(T("Money by party ({unit})", unit=speech.unit), heads, rows, total=True)


def fund_items(result: Result, speech: Speech) -> list[Table]:
    """Say what each fund pays of each item: one table of the capital, one of a year."""
    table = fund_item_table(result.run)
    called = {fund["fund"]: _fund(fund, speech) for fund in result.run["funds"]}
    columns = list(table.columns[1:])
    cut = columns.index("capital_cny") + 1 if "capital_cny" in columns else 0
    found = []
    captions = (
        T("Capital: funds and items ({unit})", unit=speech.unit),
        T("A year: funds and items ({unit})", unit=speech.unit),
    )
    for caption, mine in zip(captions, (columns[:cut], columns[cut:]), strict=True):
        rows = table[(table[mine].fillna(0.0) != 0).any(axis=1)] if mine else table.iloc[:0]
        if rows.empty:
            continue
        cells = [[called[row["fund"]], *(speech.bare(row[c]) for c in mine)] for row in rows.to_dict("records")]
        cells.append([speech.text(T("In all")), *(speech.bare(float(rows[c].sum())) for c in mine)])
        most = max(float(rows[mine[:-1]].max().max()), 1.0) if len(mine) > 1 else 1.0
        shades: list[Sequence[float | None]] = [
            [None, *(None if math.isnan(v) else v / most for v in (row[c] for c in mine[:-1])), None]
            for row in rows.to_dict("records")
        ]
        heads: list[Text | str] = [T("Fund"), *(_item(c, speech) for c in mine[:-1]), T("In all")]
        found.append(Table(caption, heads, cells, total=True, shades=[*shades, [None] * len(heads)]))
    return found


def _fund(fund: Mapping[str, str], speech: Speech) -> str:
    return fund[f"name_{speech.lang}"]


def _item(column: str, speech: Speech) -> str:
    item = column.removesuffix("_cny")
    return speech.text(name(item.replace("_", " "), ITEMS.get(item, item)))


def fund_caps(result: Result, speech: Speech) -> Table:
    """Say how much of every fund is used, and what is left."""
    keys = ("cap_cny", "used_cny", "left_cny", "yearly_cap_cny", "yearly_used_cny", "yearly_left_cny")
    rows = [
        [_fund(fund, speech), speech.party(fund["party"]), *(speech.bare(fund[key]) for key in keys)]
        for fund in result.run["funds"]
    ]
    heads = [
        T("Fund"), T("Party"), T("Cap"), T("Used"), T("Left"), T("Cap a year"), T("Used a year"), T("Left a year"),
    ]  # fmt: skip
    return Table(T("Funds: caps and use ({unit})", unit=speech.unit), heads, rows, words=2)


def accounts(result: Result, speech: Speech) -> Table | None:
    """Show profit and loss of every place with tariffs that somebody runs, those that lose most first."""
    table = result.tables["accounts"]
    priced = set(result.instance["tariffs"]["service"])
    table = table[table["service"].isin(priced)]
    if table.empty:
        return None
    table = table.sort_values("surplus_cny", kind="stable")
    called = _places(result)
    rows = []
    for row in table.to_dict("records"):
        income = sum(row[f"{part}_cny"] for part in ("price", "government", "donor", "other", "subsidy"))
        cost = sum(row[f"{part}_cny"] for part in ("fixed", "visits_cost", "write_off"))
        rows.append(
            [
                called.get(row["site"], row["site"]), speech.service(row["service"]),
                speech.operating(row["operating"]),
                speech.called("tariffs", row["tariff"]) or "–", _count(row["visits"]),
                _count(row["break_even_visits"]),
                speech.bare(row["price_cny"]), speech.bare(income), speech.bare(cost), speech.bare(row["surplus_cny"]),
                "–" if row["margin"] != row["margin"] else figures.percent(row["margin"]),
                speech.bare(row["deficit_cny"]) if row["deficit_cny"] else "–",
            ]
        )  # fmt: skip
    heads = [
        T("Place"), T("Service"), T("Operating mode"), T("Tariff"), T("Visits a year"), T("Breaks even at"),
        T("Of it prices"), T("Comes in"), T("Goes out"), T("Left over"), T("Margin"), T("Deficit paid by funds"),
    ]  # fmt: skip
    notes = [T("Breaks even: the least visits at which it loses nothing with the subsidy it is paid.")]
    caption = T("Profit and loss of a year, places with tariffs ({unit})", unit=speech.unit)
    return Table(caption, heads, rows, words=4, notes=notes)


def losing(result: Result, speech: Speech) -> Table | None:
    """List the places that would lose money, in the plan, existing, and not in the plan."""
    table = losing_table(result.tables)
    if table.empty:
        return None
    shown = table[table.groupby("kind").cumcount() < MOST]
    called = _places(result)
    rows = [
        [
            called.get(row["place"], row["place"]), speech.text(_KINDS[row["kind"]]), speech.service(row["service"]),
            speech.operating(row["operating"]), speech.called("tariffs", row["tariff"]), _count(row["best_visits"]),
            _count(row["needed_visits"]), figures.count(row["per_day_best"]), _day(row["per_day_needed"]),
        ]
        for row in shown.to_dict("records")
    ]  # fmt: skip
    heads = [
        T("Place"), T("Kind"), T("Service"), T("Operating mode"), T("Tariff"), T("Visits a year"), T("Needed"),
        T("A day"), T("Needed a day"),
    ]  # fmt: skip
    notes = [
        T(
            "Visits of places not chosen and of existing ones: at best, if everybody within the standard who can pay "
            "were sent there, up to the capacity."
        )
    ]
    if len(table) > len(shown):
        notes.append(T("{count} more of them are in viability.csv.", count=len(table) - len(shown)))
    caption = T("Places that would lose money, and the visits they would need")
    return Table(caption, heads, rows, words=5, notes=notes)


def burden(result: Result, speech: Speech) -> Table | None:
    """Say what a visit costs whom, and what a month is of the tier's income."""
    table = burden_table(result.tables)
    if table.empty:
        return None
    rows = [
        [
            speech.service(row["service"]), speech.called("tariffs", row["tariff"]),
            speech.called("tiers", row["tier"]),
            *(figures.visit(row[f"{part}_cny"]) for part in ("price", "government", "enterprise", "donor")),
            figures.count(row["persons"]), figures.visit(row["burden_cny_per_month"]),
            "–" if math.isnan(row["burden_share"]) else figures.percent(row["burden_share"]),
        ]
        for row in table.to_dict("records")
    ]  # fmt: skip
    heads = [
        T("Service"), T("Tariff"), T("Tier"), T("Resident pays"), T("Government adds"), T("Enterprise forgoes"),
        T("Donors add"), T("Persons"), T("A month"), T("Share of income"),
    ]  # fmt: skip
    return Table(T("What a visit and a month cost whom (CNY)"), heads, rows, words=3)


def _places(result: Result) -> dict[str, str]:
    found: dict[str, str] = {}
    for table in ("sites", "existing"):
        rows = result.instance[table]
        found |= {key: name_ or key for key, name_ in zip(rows["id"], rows["name"], strict=True)}
    return found


def _count(value: float) -> str:
    return "–" if pd.isna(value) else figures.count(float(value))


def _day(value: float) -> str:
    return "–" if pd.isna(value) else figures.count(value)
