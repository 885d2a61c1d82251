"""Coverage before and after, by service and by circle, and how evenly it falls on people."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from panhuo.result.page.layout import Bar, Bars, Part, Table, stacked
from panhuo.result.page.speech import Speech
from panhuo.result.plan import Result
from panhuo.words import T, Text, figures

_TENTHS = 10
_FEW = 6
"""Services up to which residents are told apart by how many of them are covered."""
_SIDES = ("before", "after")
_PERSONS = ["base_persons", "before_persons", "after_persons", "new_persons", "lost_persons", "unreachable_persons"]


def served_services(result: Result) -> list[str]:
    """List the services that somebody needs, in the order of their table."""
    return [k for k, figures_ in result.run["coverage"].items() if figures_["base_persons"] > 0]


def coverage_bars(result: Result, speech: Speech) -> Bars:
    """Draw, for every service, who of those in need is covered before, newly, no longer, not, and out of reach."""
    bars = []
    looks = {
        "kept": T("Covered before and after"), "new": T("Newly covered"), "lost": T("No longer covered"),
        "not": T("Not covered"), "far": T("Out of reach of any room"),
    }  # fmt: skip
    said = {look: speech.text(words) for look, words in looks.items()}
    for service in served_services(result):
        c = result.run["coverage"][service]
        base, far = c["base_persons"], c["unreachable_persons"]
        kept = c["before"] - c["lost_persons"]
        left = max(base - kept - c["new_persons"] - c["lost_persons"] - far, 0.0)
        amounts = zip(said, (kept, c["new_persons"], c["lost_persons"], left, far), strict=True)
        share = f"{figures.percent(c['before'] / base)} → {figures.percent(c['after'] / base)}"
        parts = [(look, amount, f"{said[look]}: {figures.count(amount)}") for look, amount in amounts]
        bars.append(stacked(speech.service(service), parts, base, share))
    title = T("Who is covered, as shares of all people in need of the service, before → after")
    return Bars(title, list(said.items()), bars)


def coverage_table(result: Result, speech: Speech) -> Table:
    """Give the figures of :func:`coverage_bars`."""
    services = result.instance["services"].set_index("service")
    rows = []
    for service in served_services(result):
        c = result.run["coverage"][service]
        persons = (c[key] for key in ("base_persons", "before", "after", "new_persons", "lost_persons",
                                      "unreachable_persons"))  # fmt: skip
        rows.append(
            [
                speech.service(service), speech.priority(str(services.at[service, "class"])),
                *map(figures.count, persons),
                figures.percent(c["before"] / c["base_persons"]), figures.percent(c["after"] / c["base_persons"]),
            ]
        )  # fmt: skip
    heads = [
        T("Service"), T("Class"), T("In need"), T("Covered before"), T("Covered after"), T("Newly covered"),
        T("No longer covered"), T("Unreachable"), T("Share before"), T("Share after"),
    ]  # fmt: skip
    notes = [T("Persons. A sum over services is person-services: who gains two services counts twice.")]
    return Table(T("Coverage by service"), heads, rows, words=2, notes=notes)


def by_circle(result: Result) -> pd.DataFrame:
    """Lay coverage.csv out with the shares ``before`` and ``after`` of those in need."""
    table = result.tables["coverage"].copy()
    for side in ("before", "after"):
        table[side] = table[f"{side}_persons"] / table["base_persons"]
    return table


def circle_table(result: Result, speech: Speech) -> Table:
    """Show the share covered after in every circle, and by how much it rises, service by service."""
    table, services = by_circle(result), served_services(result)
    circles = result.instance["circles"]
    types = dict(zip(circles["circle"], circles["type"], strict=True))
    after, before = (table.pivot_table(index="circle", columns="service", values=side) for side in ("after", "before"))
    rows, shades = [], []
    for circle in [c for c in circles["circle"] if c in after.index]:
        cells, dark = [], []
        for service in services:
            share = _at(after, circle, service)
            gain = share - _at(before, circle, service)
            cells.append("–" if math.isnan(share) else _changed(share, gain))
            dark.append(None if math.isnan(share) else share)
        rows.append([speech.circle(circle), _kind(types[circle], speech), *cells])
        shades.append([None, None, *dark])
    heads: list[Text | str] = [T("Circle"), T("Type"), *(speech.service(k) for k in services)]
    notes = [
        T("Share of those in need who are covered after, and the change in percentage points; darker: more covered.")
    ]
    return Table(T("Coverage by circle and service"), heads, rows, words=2, shades=shades, notes=notes)


def _at(table: pd.DataFrame, circle: str, service: str) -> float:
    return float(table.at[circle, service]) if service in table.columns else math.nan


def _changed(share: float, gain: float) -> str:
    points = 100 * gain
    return figures.round_percent(share) + ("" if abs(points) < 0.5 else f" {points:+.0f}")


_TYPES = {
    "old_town": T("old town"), "new_estate": T("new estate"), "fringe": T("fringe of town"), "village": T("village"),
}  # fmt: skip


def _kind(key: str, speech: Speech) -> str:
    return speech.text(_TYPES[key]) if key in _TYPES else key or "–"


def worst_table(result: Result, speech: Speech) -> Table | None:
    """Name, for every service, the circle of which the smallest share is covered; nothing where there is but one."""
    table = by_circle(result)
    if table["circle"].nunique() < 2:
        return None
    rows = []
    for service in served_services(result):
        mine = table[table["service"] == service]
        cells = []
        for side in ("before", "after"):
            worst = mine.loc[mine[side].idxmin()]
            ties = int((mine[side] <= worst[side]).sum()) - 1
            called = speech.circle(str(worst["circle"]))
            if ties:
                called = speech.text(T("{circle} and {count} more", circle=called, count=ties))
            cells += [called, figures.percent(float(worst[side]))]
        spread = mine["after"].max() - mine["after"].min()
        rows.append([speech.service(service), cells[0], cells[2], cells[1], cells[3], f"{100 * spread:.0f}"])
    heads = [
        T("Service"), T("Worst circle before"), T("Worst circle after"), T("Its share before"), T("Its share after"),
        T("Best less worst circle after, points"),
    ]  # fmt: skip
    return Table(T("The circle furthest behind"), heads, rows, words=3)


def per_point(result: Result) -> pd.DataFrame:
    """Give each demand point's residents, and the shares of its person-services covered before and after."""
    demand = result.instance["demand"]
    people = demand[[f"people_{g}" for g in result.instance.groups]].sum(axis=1)
    sums = result.tables["demand"].groupby("demand")[["persons", "before_persons", "after_persons"]].sum()
    sums = sums.reindex(demand["id"], fill_value=0.0).reset_index(drop=True)
    shares = {side: sums[f"{side}_persons"] / sums["persons"].where(sums["persons"] > 0) for side in
              ("before", "after")}  # fmt: skip
    found = pd.DataFrame({"people": people.to_numpy(float), **shares}).dropna()
    return found[found["people"] > 0]


def covered_services(result: Result, side: str) -> pd.Series:
    """Count the services that cover at least half of those in need at each demand point, before or after."""
    table = result.tables["demand"]
    half = (table["persons"] > 0) & (table[f"{side}_persons"] >= table["persons"] / 2)
    counts = half.groupby(table["demand"]).sum().reindex(result.instance["demand"]["id"], fill_value=0)
    return counts.reset_index(drop=True).astype(int)


def equity_bars(result: Result, speech: Speech) -> Bars:
    """Draw how many residents live where so much of what they need is covered, before and after.

    In tenths of their needs; of few services, by the number that are covered: tenths would be empty but for some.
    """
    found, services = per_point(result), len(served_services(result))
    if services > _FEW:
        names = [f"{n * 10}–{n * 10 + 10}%" for n in range(_TENTHS)]
        own = {side: np.clip((found[side] * _TENTHS + 1e-9).astype(int), 0, _TENTHS - 1) for side in _SIDES}
        title = T("Residents by the share of their needs that is covered where they live")
    else:
        names = [f"{n} / {services}" for n in range(services + 1)]
        own = {side: covered_services(result, side).loc[found.index] for side in _SIDES}
        title = T("Residents by the number of services that cover most of those in need where they live")
    people = found["people"].to_numpy(float)
    counts = {side: np.bincount(kinds.to_numpy(int), people, len(names)) for side, kinds in own.items()}
    most = max(float(c.max(initial=0.0)) for c in counts.values()) or 1.0
    bars = []
    for n, name in enumerate(names):
        for side, look in (("before", "kept"), ("after", "new")):
            persons = float(counts[side][n])
            part = Part(look, 0.0, round(100 * persons / most, 3), speech.persons(persons))
            bars.append(Bar(name if side == "before" else "", [part], speech.persons(persons)))
    legend = [("kept", speech.text(T("before"))), ("new", speech.text(T("after")))]
    note = T(
        "A point's share is its covered person-services over all it needs. Inequality (Gini coefficient "
        "over residents, "
        "0 is even): {before} before, {after} after. The tenth of residents worst off has {low} covered before and "
        "{high} after.",
        before=f"{gini(found['before'], found['people']):.3f}", after=f"{gini(found['after'], found['people']):.3f}",
        low=figures.percent(lowest_tenth(found["before"], found["people"])),
        high=figures.percent(lowest_tenth(found["after"], found["people"])),
    )  # fmt: skip
    return Bars(title, legend, bars, [note])


def gini(share: pd.Series, people: pd.Series) -> float:
    """Measure inequality among people: 0 where all have the same share, towards 1 where few have it all.

    Half the mean absolute difference over the mean, people as weights (Gini 1912); 0 where nobody has anything.
    """
    order = np.argsort(share.to_numpy(float), kind="stable")
    x, w = share.to_numpy(float)[order], people.to_numpy(float)[order]
    total, have = w.sum(), (w * x).sum()
    if total <= 0 or have <= 0:
        return 0.0
    height = np.concatenate([[0.0], np.cumsum(w * x) / have])
    return float(1 - ((height[1:] + height[:-1]) * w / total).sum())


def lowest_tenth(share: pd.Series, people: pd.Series) -> float:
    """Give the mean share of the tenth of people who have least."""
    order = np.argsort(share.to_numpy(float), kind="stable")
    x, w = share.to_numpy(float)[order], people.to_numpy(float)[order]
    tenth = w.sum() / _TENTHS
    if tenth <= 0:
        return 0.0
    taken = np.clip(tenth - (np.cumsum(w) - w), 0.0, w)
    return float((taken * x).sum() / tenth)
