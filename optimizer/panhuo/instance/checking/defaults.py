"""What a table holds that was not given, and what a blank cell means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from panhuo.instance.findings import Findings
from panhuo.instance.policy import Settings
from panhuo.instance.reading import cells
from panhuo.instance.reading.parsing import Blanks, empty
from panhuo.instance.schema import PARTIES, TABLES, Table
from panhuo.words import T

ADULT_KM_H = 4.5
"""Walking speed where no profile is given."""


def filled(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Put the stated defaults into blank cells, and keys in the place of blank names."""
    frame = frame.copy()
    for column in table.columns if len(frame) else ():
        if column.default is not None and column.name in frame:
            values = frame[column.name]
            blank = values == "" if column.kind in ("id", "text", "choice") else values.isna()
            if blank.any():
                frame[column.name] = values.mask(blank, column.default)
        if column.blank == "the key" and column.name in frame and (blank := frame[column.name] == "").any():
            frame[column.name] = frame[column.name].mask(blank, frame[table.columns[0].name])
    return frame


def rows(table: Table, **columns: list[Any]) -> pd.DataFrame:
    """Make a table of given columns; the others are blank or hold their defaults."""
    blank = Blanks(pd.RangeIndex(len(next(iter(columns.values())))))
    made = {
        c.name: cells.series(columns[c.name], c.kind) if c.name in columns else blank.of(c.kind)
        for c in table.columns
        if not c.family
    }
    return filled(pd.DataFrame(made), table)


def parties(given: pd.DataFrame | None) -> pd.DataFrame:
    """Complete the parties: all five, without bounds; residents pay no capital unless the table says so.

    A party without a row about capital gets an unbounded one over the whole plan; that of residents ends at 0.
    """
    table = TABLES["parties"]
    given = empty(table) if given is None else filled(given, table)
    of_capital = given["party"][given["ledger"] != "yearly"].tolist()
    missing = [p for p in PARTIES if p not in of_capital]
    taken = set(given["bound"])
    names = [f"{p}_capital" if p in taken else p for p in missing]
    made = rows(table, bound=names, party=missing)
    frame = pd.concat([given, made], ignore_index=True) if len(given) else made
    frame["max_share"] = frame["max_share"].fillna(most_share(frame))
    return frame


def most_share(parties: pd.DataFrame) -> pd.Series[float]:
    """Give the largest share where none is stated: 0 of the residents' capital, else 1."""
    return (~((parties["party"] == "resident") & (parties["ledger"] != "yearly"))).astype(float)


def absent(
    name: str, tables: Mapping[str, pd.DataFrame], groups: tuple[str, ...], settings: Settings | None
) -> pd.DataFrame | None:
    """Make the table that holds where none was given; ``None`` where there is no default.

    Parameters
    ----------
    name : str
        The table.
    tables : mapping of str to DataFrame
        The tables that are there already.
    groups : tuple of str
        The groups of people.
    settings : Settings or None
        The settings, if they could be read.
    """
    table = TABLES[name]
    if table.required:
        return None
    match name:
        case "needs":
            catalogue = tables.get("services", pd.DataFrame({"service": [], "counts_as": []}))
            services = catalogue["service"][catalogue["counts_as"] == ""].tolist()
            pairs = [(s, g) for s in services for g in groups]
            return rows(table, service=[s for s, _ in pairs], group=[g for _, g in pairs], rate=[1.0] * len(pairs))
        case "profiles":
            return rows(
                table, profile=["adult"], name_zh=["成人"], name_en=["adult"], speed_km_h=[ADULT_KM_H], groups=[groups]
            )
        case "circles":
            demand = tables.get("demand")
            names = [] if demand is None else [c for c in dict.fromkeys(demand["circle"]) if c]
            return rows(table, circle=names)
        case "funds":
            if settings is None or settings.policy.budget_cny is None:
                return None
            return rows(
                table, fund=["government"], name_zh=["政府资金"], name_en=["Government"], party=["government"],
                cap_cny=[settings.policy.budget_cny],
            )  # fmt: skip
        case "eligibility":
            return rows(table, fund=tables["funds"]["fund"].tolist()) if "funds" in tables else None
        case "parties":
            return parties(None)
    return empty(table)


def no_funds(file: str, findings: Findings) -> None:
    """Note that neither funds nor a budget is given."""
    findings.fault(
        file,
        T("neither a funds table nor policy.budget_cny says how much money there is"),
        T("Give a funds table, or write policy.budget_cny"),
        column="policy.budget_cny",
    )
