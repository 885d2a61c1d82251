"""The money of a result as readers see it: by party, by fund and item, by tier, and who would lose money."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from panhuo.cli.screen import Screen
from panhuo.cli.tables import Record, label, names, service_names
from panhuo.instance import Instance
from panhuo.instance.schema.choices import ITEMS, OPERATING, PARTIES
from panhuo.result.headers import KINDS
from panhuo.result.money.sheets import burden_table, fund_item_table, losing_table, party_table
from panhuo.words import T, figures
from panhuo.words.names import name

_NONE = "–"
MOST = 10
"""Places of each kind that would lose money, shown one by one."""


def show_parties(screen: Screen, record: Record) -> None:
    """Show what each party pays of the capital, carries of a year and gives in kind, with its shares."""
    lang, table = screen.lang, party_table(record)
    year = bool(record["money"]["yearly"]) or bool(record["money"]["in_kind"])
    columns = list(table.columns[1:]) if year else ["capital_cny", "capital_share"]
    heads = {
        "capital_cny": T("Capital"), "capital_share": T("Share"), "yearly_cny": T("A year"), "yearly_share": T("Share"),
        "in_kind_cny": T("In kind"), "capital_with_in_kind_share": T("Share with in kind"),
    }  # fmt: skip

    def shown(column: str, value: float) -> str:
        return figures.percent(value) if column.endswith("_share") else figures.bare(value, lang)

    rows = [
        [label(PARTIES, row["party"], lang), *(shown(c, row[c]) if row[c] else _NONE for c in columns)]
        for row in table.to_dict("records")
        if any(row[c] for c in columns)
    ]
    sums = ["" if c.endswith("_share") else figures.bare(float(table[c].sum()), lang) for c in columns]
    rows.append([T("In all").to(lang), figures.bare(record["capital_cny"], lang), *sums[1:]])
    unit = figures.unit(lang)
    title = T("Money by party ({unit})", unit=unit) if year else T("Capital by party ({unit})", unit=unit)
    screen.table(title, [T("Party"), *(heads[c] for c in columns)], rows)
    if record["capital_cny"] and not record["shares"]["capital"]:
        screen.say(T("There is no ledger within the budget, caps, shares and eligibility: nobody can pay this plan."))
    if year and any(fund["yearly_used_cny"] is None for fund in record["funds"]):
        screen.say(T("No yearly funds can pay what is due of the year within their caps, shares and eligibility."))
    if record["capital_works_cny"]:
        screen.say(
            T(
                "Of the capital {money} are shared works (lift, fire water, …), paid once for all services of a "
                "building: plan.csv lacks them, sites.csv and ledger.csv have them.",
                money=figures.money(record["capital_works_cny"], lang),
            )
        )


def show_running(screen: Screen, instance: Instance, record: Record, plan: pd.DataFrame) -> None:
    """Say what a year costs whoever comes, who stands for it, and what public money each person newly served takes."""
    lang, whole, run = screen.lang, record["yearly_cny"], record["yearly_run_cny"]
    if plan.empty:
        return
    screen.say(T("Fixed cost of running what is chosen: {money} a year.", money=figures.money(whole, lang)))
    if run:
        screen.say(
            T(
                "Of it {money} at places that somebody is said to run: prices, subsidies and funds of the yearly "
                "ledger cover it, place by place in accounts.csv.",
                money=figures.money(run, lang),
            )
        )
    left = round(whole - run, 2)
    if left:
        called = service_names(instance, lang)
        without = [called[k] for k in called if k in set(plan["service"][plan["operating"] == ""])]
        screen.say(
            T(
                "Of it {money} of services that no operating mode runs ({services}): nobody is said to pay it, no "
                "fund pays it here, and it stands in no ledger.",
                money=figures.money(left, lang),
                services=("、" if lang == "zh" else "; ").join(without),
            )
        )
    each = record["money"]["subsidy_per_new_person_cny"]
    if each:
        screen.say(
            T("Public money of a year: {money} for each person newly served.", money=figures.yuan(each, screen.lang))
        )


def show_funds(screen: Screen, record: Record) -> None:
    """Show what every fund pays of the capital, and of a year where it may, and what is left of it."""
    lang = screen.lang
    yearly = any(fund["yearly_cap_cny"] != 0 for fund in record["funds"])
    keys = ["cap_cny", "used_cny", "left_cny", *(["yearly_cap_cny", "yearly_used_cny"] if yearly else [])]
    rows = [
        [
            fund[f"name_{lang}"],
            label(PARTIES, fund["party"], lang),
            *(_NONE if fund[k] is None else figures.bare(fund[k], lang) for k in keys),
        ]
        for fund in record["funds"]
    ]
    heads = [T("Fund"), T("Party"), T("Cap"), T("Used"), T("Left")]
    heads += [T("Cap a year"), T("Used a year")] if yearly else []
    screen.table(T("Funds ({unit})", unit=figures.unit(lang)), heads, rows, words=2)


def show_fund_items(screen: Screen, record: Record) -> None:
    """Show what each fund pays of each item, of the capital and of a year."""
    lang, table = screen.lang, fund_item_table(record)
    if table.empty:
        return
    called = {fund["fund"]: fund[f"name_{lang}"] for fund in record["funds"]}
    columns = list(table.columns[1:])
    rows = [
        [called[row["fund"]], *(_NONE if math.isnan(row[c]) else figures.bare(row[c], lang) for c in columns)]
        for row in table.to_dict("records")
    ]
    sums = {"capital": T("Capital"), "yearly": T("A year")}
    heads = [
        sums.get(i) or name(i.replace("_", " "), ITEMS.get(i, i)) for i in (c.removesuffix("_cny") for c in columns)
    ]
    screen.table(T("Fund by item ({unit})", unit=figures.unit(lang)), [T("Fund"), *heads], rows)


def show_tariffs(screen: Screen, instance: Instance, tables: Mapping[str, pd.DataFrame]) -> None:
    """Show what a visit costs whom under the tariffs in use, and what a month costs the people of each tier."""
    table = burden_table(tables)
    if table.empty:
        return
    lang = screen.lang
    services, tariffs, tiers = (names(instance, t, lang) for t in ("services", "tariffs", "tiers"))
    rows = [
        [
            services[row["service"]], tariffs[row["tariff"]], tiers[row["tier"]],
            *(figures.visit(row[f"{part}_cny"]) for part in ("price", "government", "enterprise", "donor")),
            figures.count(row["persons"]), figures.count(row["visits"]), figures.visit(row["burden_cny_per_month"]),
            *(_NONE if math.isnan(row["income_cny_per_month"]) else said for said in (
                figures.visit(row["income_cny_per_month"]), figures.percent(row["burden_share"]),
            )),
        ]
        for row in table.to_dict("records")
    ]  # fmt: skip
    heads = [
        T("Service"), T("Tariff"), T("Tier"), T("Price"), T("Government"), T("Enterprise"), T("Donors"), T("Persons"),
        T("Visits a year"), T("A month"), T("Income a month"), T("Share"),
    ]  # fmt: skip
    screen.table(T("Tariffs: who puts what into a visit, and what a month costs (CNY)"), heads, rows, words=3, keys=3)


def show_losing(screen: Screen, instance: Instance, tables: Mapping[str, pd.DataFrame]) -> None:
    """Show the places that would lose money, and the visits they would need."""
    table = losing_table(tables)
    if table.empty:
        return
    lang = screen.lang
    services, tariffs = (names(instance, t, lang) for t in ("services", "tariffs"))
    called = {**names(instance, "sites", lang), **names(instance, "existing", lang)}
    rows = []
    shown = table[table.groupby("kind").cumcount() < MOST]
    for row in shown.to_dict("records"):
        need: Any = row["needed_visits"]
        rows.append(
            [
                f"{row['place']} {called[row['place']]}", services[row["service"]], label(_KINDS, row["kind"], lang),
                label(OPERATING, row["operating"], lang), tariffs[row["tariff"]], figures.count(row["best_visits"]),
                T("no number").to(lang) if pd.isna(need) else figures.count(need),
                f"{row['per_day_best']:,.1f}", _NONE if pd.isna(need) else f"{row['per_day_needed']:,.1f}",
            ]
        )  # fmt: skip
    heads = [
        T("Place"), T("Service"), T("Kind"), T("Operating mode"), T("Tariff"), T("Visits a year"), T("Needed"),
        T("A day"), T("Needed a day"),
    ]  # fmt: skip
    screen.table(T("Places that would lose money, and the visits they would need"), heads, rows, words=5)
    screen.say(
        T(
            "Needed: with the largest operating subsidy, for the least margin asked for. break_even_visits in "
            "accounts.csv: with the subsidy that is paid, for no loss."
        )
    )
    screen.say(
        T(
            "Visits of places not chosen and of existing ones: at best, if everybody within the standard who can pay "
            "were sent there, up to the capacity."
        )
    )
    if len(table) > len(shown):
        screen.say(T("{count} more of them are in viability.csv.", count=len(table) - len(shown)))


_KINDS = {key: (word,) for key, word in KINDS.items()}
