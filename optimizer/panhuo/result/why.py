"""Why a plan is not more than it is: where it is empty, and where it turns guests away."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from panhuo.assemble.exact import MICRO, exactly
from panhuo.result.books import Books, Written
from panhuo.result.people.served import live_pairs, option_at
from panhuo.result.sites import alone
from panhuo.words import T, Text
from panhuo.words.figures import figure, yuan

_SOMEBODY = 0.01
"""Persons below which nobody is said to be left without a place."""


def nothing_chosen(books: Books, tables: Mapping[str, pd.DataFrame]) -> tuple[Text, ...]:
    """Say that a plan is empty, and why, as far as that is known; nothing where anything is chosen."""
    return () if len(tables["plan"]) else (T("Nothing is chosen, no room is used: {why}", why=_why(books, tables)),)


def _why(books: Books, tables: Mapping[str, pd.DataFrame]) -> Text:
    """Find out what alone explains an empty plan."""
    sites, options = tables["sites"], books.options
    if not len(options.table):
        return T("there is no option at all; sites.csv names the rules that exclude each room")
    useful = options.table["site"].isin(sites["site"][sites["reason"] == "not_chosen"]).to_numpy(bool)
    if not useful.any():
        return T("no room would newly cover anybody, whatever it became")
    budget = books.instance.settings.policy.budget_cny
    there = min(float(books.instance["funds"]["cap_cny"].sum()), np.inf if budget is None else budget)
    cheapest = int(alone(options)[useful].min()) / 100
    if cheapest > there + 0.005:
        return T(
            "the cheapest room that would cover anybody costs {cheapest}, and there is {there} in all",
            cheapest=figure(yuan, cheapest), there=figure(yuan, there),
        )  # fmt: skip
    beyond = tables["viability"][tables["viability"]["kind"] == "not chosen"]
    services = set(options.table["service"][useful])
    if services <= set(beyond["service"]) and (beyond["loses"] == "yes").all():
        return T(
            "every room that would cover anybody would lose money, even at its best; viability.csv says how much lacks"
        )
    return T(
        "there are options and {there}, but no choice of them betters the objectives within all rules together "
        "(who may pay what, shares, margins, tariffs, quotas); panhuo check lists what binds",
        there=figure(yuan, there),
    )


def turned_away(books: Books, written: Written) -> tuple[Text, ...]:
    """Say how many could pay and would find room at a chosen place within their standard, and are not served.

    A place has no reason to turn guests away but two: more of them would lift the margin of its pool above the largest,
    or ask more of the yearly funds than they have.
    """
    data, flow, served = books.assembled.data, books.assembled.data.flow, written.operated.served
    option = option_at(data, written.operated.decision)
    live = live_pairs(data, written.operated.decision)
    live = live[option[flow.outlet[live]] >= 0]
    left = books.assembled.cells.micro - np.bincount(served.row, served.assigned, minlength=len(flow)).astype(np.int64)
    capacity = books.options.table["capacity_persons"].to_numpy(float) * MICRO
    filled = np.bincount(served.outlet, served.served, minlength=len(data.outlets))
    people, places = 0.0, 0
    for n in np.unique(flow.outlet[live]).tolist():
        if not data.outlets.tariff[n]:
            continue
        x = live[flow.outlet[live] == n]
        could = sum(
            float(exactly(u)) * left[g] for g, u in zip(flow.row[x].tolist(), flow.uptake[x].tolist(), strict=True)
        )
        more = min(could, capacity[option[n]] - filled[n]) / MICRO
        if more >= _SOMEBODY:
            people, places = people + more, places + 1
    if not places:
        return ()
    return (
        T(
            "chosen places with tariffs that turn guests away: {places}; {persons} more people within their standard "
            "could pay and would find room, but would lift a margin above the largest (margin_max), or ask more of the "
            "yearly funds than they have",
            places=places, persons=f"{people:,.1f}",
        ),
    )  # fmt: skip
