"""What ``panhuo check`` says of the money: caps, tariffs, and the places that cannot live whatever comes."""

from __future__ import annotations

import math
from typing import Any

from panhuo.assemble import may_charge
from panhuo.cli.screen import Screen
from panhuo.cli.tables import label, names, service_names
from panhuo.instance import Instance
from panhuo.instance.schema.choices import OPERATING, PARTIES, PRICE_CLASSES
from panhuo.instance.tabular import tuples
from panhuo.run import Check
from panhuo.words import T, figures


def record(instance: Instance, found: Check) -> dict[str, Any]:
    """Give the money part as a JSON object."""
    budget = instance.settings.policy.budget_cny
    funds = instance["funds"][["fund", "party", "cap_cny", "yearly_cap_cny"]].to_dict("records")
    return {
        "budget_cny": budget,
        "funds": [{str(k): None if v == math.inf else v for k, v in row.items()} for row in funds],
        "tariffs": [
            {**row, "operating": list(row["operating"]), "too_dear_for": list(row["too_dear_for"])}
            for row in may_charge(instance).to_dict("records")
        ],
        "alone": found.alone.to_dict("records"),
        "unpaid_items": {item: list(services) for item, services in found.unpaid.items()},
    }


def show(screen: Screen, instance: Instance, found: Check) -> None:
    """Show who has how much, what may be charged and who cannot pay it, what cannot live, and what nobody pays."""
    _funds(screen, instance)
    _tariffs(screen, instance)
    lang, services = screen.lang, service_names(instance, screen.lang)
    if len(found.alone):
        screen.table(
            T("Options that must keep a margin by themselves, and those that cannot, whoever comes"),
            [T("Service"), T("Operating mode"), T("Options"), T("They cannot"), T("Rooms left")],
            [
                [
                    services[row["service"]], label(OPERATING, row["operating"], lang),
                    *(figures.count(row[k]) for k in ("options", "lose", "sites_left")),
                ]
                for row in found.alone.to_dict("records")
            ],
            words=2, keys=2,
        )  # fmt: skip
        screen.say(
            T(
                "They cannot: with everybody within the standard who can pay, up to the capacity, at the best tariff "
                "and with the largest subsidy they would still miss their least margin. They are never chosen."
            )
        )


def _funds(screen: Screen, instance: Instance) -> None:
    lang, budget = screen.lang, instance.settings.policy.budget_cny

    def said(cny: float) -> str:
        return T("no cap").to(lang) if cny == math.inf else figures.bare(cny, lang)

    table, called = instance["funds"], names(instance, "funds", lang)
    rows = [
        [called[row.fund], label(PARTIES, row.party, lang), said(row.cap_cny), said(row.yearly_cap_cny)]
        for row in tuples(table)
    ]
    rows.append(["", T("In all").to(lang), said(table["cap_cny"].sum()), said(table["yearly_cap_cny"].sum())])
    heads = [T("Fund"), T("Party"), T("Cap"), T("Cap a year")]
    screen.table(T("Money there is ({unit})", unit=figures.unit(lang)), heads, rows, words=2)
    if budget is not None:
        screen.say(T("Budget of all capital together: {money}.", money=figures.money(budget, lang)))


def _tariffs(screen: Screen, instance: Instance) -> None:
    table, lang = may_charge(instance), screen.lang
    if table.empty:
        return
    services, tariffs, tiers = (names(instance, t, lang) for t in ("services", "tariffs", "tiers"))
    sep = "、" if lang == "zh" else ", "

    def listed(words: list[str]) -> str:
        return sep.join(words) or "–"

    screen.table(
        T("Tariffs: who may charge them, and which tiers cannot pay them"),
        [T("Service"), T("Tariff"), T("Price class"), T("Charged by"), T("Too dear for")],
        [
            [
                services[row["service"]], tariffs[row["tariff"]], label(PRICE_CLASSES, row["price_class"], lang),
                listed([label(OPERATING, key, lang) for key in row["operating"]]),
                listed([tiers[tier] for tier in row["too_dear_for"]]),
            ]
            for row in table.to_dict("records")
        ],
        words=5, keys=2,
    )  # fmt: skip
    may = int(table["operating"].map(bool).sum())
    screen.say(T("{may} of {all} tariffs may be charged at a new place.", may=may, all=len(table)))
