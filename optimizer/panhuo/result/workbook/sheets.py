"""Names and order of the sheets, and what each holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from panhuo.instance.schema.edited import SHEETS as EDITED
from panhuo.words import Lang, T, Text
from panhuo.words.names import name

Group = Literal["plan", "money", "input"]
TABS: Mapping[Group, str] = {"plan": "#0072B2", "money": "#009E73", "input": "#A8A8A8"}
"""Group of sheets → colour of their tabs."""


@dataclass(frozen=True)
class About:
    """One sheet.

    Parameters
    ----------
    name : Text
        What its tab says.
    group : str
        What it belongs to.
    holds : Text
        What it holds, in a line.
    always : bool
        It is there even where it has no rows.
    """

    name: Text
    group: Group
    holds: Text
    always: bool = False


SUMMARY = T("Summary")
SHEETS: Mapping[str, About] = {
    "plan": About(
        name(*EDITED["plan"]), "plan",
        T("the chosen uses of rooms; column decision: keep one (pin) or strike it (drop)"), always=True,
    ),
    "sites": About(
        name(*EDITED["sites"]), "plan",
        T("every room, why it is used or not; column decision: required or excluded"), always=True,
    ),
    "coverage": About(T("Coverage"), "plan", T("people covered before and after, by circle and service"), always=True),
    "circles": About(
        T("Circles"), "plan", T("share covered after, circles across services; the circle furthest behind is marked")
    ),
    "ledger": About(T("Ledger"), "money", T("who pays what, to the fen: what the sums of money add up"), always=True),
    "funds": About(T("Funds"), "money", T("caps of the funds, what is used of them and what is left"), always=True),
    "parties": About(T("Money by party"), "money", T("capital, a year and in kind by party, with shares"), always=True),
    "items": About(T("Funds and items"), "money", T("what each fund pays for")),
    "years": About(T("Money by year"), "money", T("what is paid in which year, by party")),
    "accounts": About(T("Profit and loss"), "money", T("the year of every place that somebody runs")),
    "burden": About(T("Burden by tier"), "money", T("what a visit and a month cost whom")),
    "losing": About(T("Would lose money"), "money", T("places that would lose money, and the visits they lack")),
    "subsidies": About(T("Subsidy a person"), "money", T("public money of a year for each person newly served")),
    "supply": About(T("Supply"), "plan", T("which kitchen feeds which place")),
    "inputs": About(T("Inputs"), "input", T("files, sources, settings, versions: what the plan was made from")),
}  # fmt: skip
"""The sheets after the first, in order; the tables read follow them."""

LOOKED_UP = (
    "sites", "existing", "services", "needs", "rules", "costs", "shared_works", "conversions", "funds", "eligibility",
    "parties", "tiers", "tariffs", "links",
)  # fmt: skip
"""Tables read that have a sheet: those that people look things up in; where people live stands in demand.csv."""


def called(key: str, lang: Lang) -> str:
    """Name a sheet."""
    return SHEETS[key].name.to(lang)
