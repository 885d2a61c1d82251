"""How an instance shows itself in a notebook: title, counts, the services and who needs them, a small map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from panhuo.instance.policy import Settings
from panhuo.instance.schema.choices import CLASSES
from panhuo.instance.tabular import records
from panhuo.notebook import Dots, Marks, card, drawing, image, sentence, table
from panhuo.words import Lang, T, Text, figures

_PEOPLE = "people_"


def show(tables: Mapping[str, pd.DataFrame], settings: Settings, where: str, lang: Lang) -> str:
    """Show an instance as HTML that needs nothing else.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of the instance.
    where : str
        What it was read from.
    """
    title = (settings.title_zh if lang == "zh" else "") or settings.title or settings.title_zh or where
    return card(
        title,
        [
            sentence(counts(tables).to(lang)),
            image(_map(tables, lang), T("Map of where people live, existing facilities and rooms").to(lang)),
            _services(tables, lang),
            sentence(T("Read from {folder}", folder=where).to(lang), small=True),
        ],
        lang,
    )


def counts(tables: Mapping[str, pd.DataFrame]) -> Text:
    """Say how much there is, in a line."""
    return T(
        "demand points: {points} ({people}), life circles: {circles}, rooms: {sites}, existing facilities: {existing}, "
        "services: {services}",
        people=figures.figure(figures.people, float(_people(tables["demand"]).sum())),
        points=figures.count(len(tables["demand"])),
        circles=figures.count(len(tables["circles"])),
        sites=figures.count(len(tables["sites"])),
        existing=figures.count(len(tables["existing"])),
        services=figures.count(len(tables["services"])),
    )


def _people(demand: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Count the residents of every demand point."""
    return demand[[c for c in demand.columns if c.startswith(_PEOPLE)]].to_numpy(float).sum(axis=1)


def _services(tables: Mapping[str, pd.DataFrame], lang: Lang) -> str:
    """List the services: who needs them, how far they may be, and how many there are."""
    groups = tables["demand"].filter(like=_PEOPLE).sum().rename(lambda c: c.removeprefix(_PEOPLE))
    needs = tables["needs"].assign(persons=lambda t: t["rate"] * t["group"].map(groups))
    need, there = needs.groupby("service")["persons"].sum(), tables["existing"]["service"].value_counts()
    rows = [
        [
            _named(row, lang),
            CLASSES[row["class"]][0] if lang == "zh" else row["class"],
            _standard(row).to(lang),
            figures.count(float(need.get(row["service"], 0.0))) if not row["counts_as"] else "–",
            figures.count(int(there.get(row["service"], 0))),
        ]
        for row in records(tables["services"])
    ]
    heads = [T("Service"), T("Class"), T("Standard"), T("In need"), T("Existing facilities")]
    return table(T("Services").to(lang), [head.to(lang) for head in heads], rows, words=3)


def _named(row: Mapping[Any, Any], lang: Lang) -> str:
    other = "en" if lang == "zh" else "zh"
    return str(row[f"name_{lang}"] or row[f"name_{other}"] or row["service"])


def _standard(row: Mapping[Any, Any]) -> Text:
    if row["measure"] == "minutes":
        return T("{minutes} min on foot", minutes=f"{row['standard_min']:g}")
    if row["measure"] == "metres":
        return T("{metres} m on foot", metres=f"{row['standard_m']:,.0f}")
    return T("its own unit")


def _map(tables: Mapping[str, pd.DataFrame], lang: Lang) -> str:
    at = {name: tables[name][["x_m", "y_m"]].to_numpy(float) for name in ("demand", "existing", "sites")}
    out = (tables["sites"]["status"] == "excluded").to_numpy(bool)
    layers: list[Dots | Marks] = [
        Dots(T("Where people live").to(lang), at["demand"], "#8C8C8C", _people(tables["demand"])),
        Marks(T("Rooms ruled out").to(lang), at["sites"][out], "#333333", "cross", 2.5),
        Marks(T("Existing facilities").to(lang), at["existing"], "#56B4E9", "square", 2.8),
        Marks(T("Rooms").to(lang), at["sites"][~out], "#E69F00", "triangle", 4.0),
    ]
    return drawing(layers)
