"""The map: before and after, one row of panels a service."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from panhuo.result.drawing import Floats, Style, framed, saved, scale_bar, window
from panhuo.result.plan import Result
from panhuo.result.remarks import synthetic
from panhuo.words import Lang, T, Text

ORDER = ("unreachable", "not_covered", "covered", "new")
COLOURS = {"covered": "#56B4E9", "new": "#D55E00", "not_covered": "#8C8C8C", "unreachable": "#DCDCDC"}
"""After Okabe and Ito (https://jfly.uni-koeln.de/color/): told apart by the colour-blind, and by lightness in print."""

_FACILITY, _ROOM = "#004A75", "#000000"

LABELS = {
    "covered": T("Covered before"),
    "new": T("Newly covered"),
    "not_covered": T("Not covered"),
    "unreachable": T("Out of reach of any room"),
}
_ACROSS = 3
"""Services side by side."""

_PANEL, _GAP, _TITLE, _HEAD, _FOOT = 2.7, 0.14, 0.44, 0.5, 0.45
"""Width of a panel, gap beside a pair, height of its title, of the heading and of the legend [inches]."""


def draw_map(result: Result, path: Path, lang: Lang = "en") -> Text | None:
    """Draw who is covered before and after, service by service.

    Parameters
    ----------
    result : Result
        The plan.
    path : Path
        The PNG file.
    lang : {"zh", "en"}
        Language of the words.

    Returns
    -------
    Text or None
        A remark, where the machine has no font for what should stand there.
    """
    style = Style.of(lang)
    services = result.instance["services"]
    across = min(_ACROSS, len(services))
    rows = -(-len(services) // across)
    limits = window(_drawn(result))
    wide, high = _PANEL, _PANEL * float(np.ptp(limits[1]) / np.ptp(limits[0]))
    size = across * 2 * wide + (across + 1) * _GAP, rows * (high + _TITLE) + _HEAD + _FOOT
    figure = Figure(figsize=size, dpi=160)
    FigureCanvasAgg(figure)
    for n, service in enumerate(services["service"]):
        row, column = divmod(n, across)
        left, bottom = _GAP + column * (2 * wide + _GAP), size[1] - _HEAD - (row + 1) * (high + _TITLE)
        pair = [
            figure.add_axes((x / size[0], bottom / size[1], 0.985 * wide / size[0], high / size[1]))
            for x in (left, left + wide)
        ]
        for axes in pair:
            framed(axes, limits)
        _service(result, service, pair, style)
    _heading(figure, result, style)
    _legend(figure, style)
    return saved(figure, path, style)


def _heading(figure: Figure, result: Result, style: Style) -> None:
    """Write what the map is of, the proposal, and that an example is one."""
    instance = result.instance
    titles = [(instance.settings.title, instance.settings.title_zh)]
    if instance.proposal is not None:
        titles.append((instance.proposal.title, instance.proposal.title_zh))
    said = [style.title(en, zh) for en, zh in titles]
    wide, high = figure.get_size_inches()
    remarks = [style.text(remark) for remark in synthetic(instance)]
    rows = ((" – ".join(filter(None, said)), 0.17, 12, "bold"), *((remark, 0.37, 8, "normal") for remark in remarks))
    for words, below, size, weight in rows:
        figure.text(
            _GAP / wide, 1 - below / high, words, va="center", fontsize=size, fontweight=weight,
            fontfamily=list(style.fonts),
        )  # fmt: skip


def _drawn(result: Result) -> Floats:
    """Position of everything that is drawn: demand points, existing facilities and chosen rooms, (N, 2) [m]."""
    sites = result.instance["sites"]
    tables = (result.instance["demand"], result.instance["existing"], sites[sites["id"].isin(result.plan["site"])])
    return np.concatenate([table[["x_m", "y_m"]].to_numpy(float) for table in tables])


def _service(result: Result, service: str, pair: list[Axes], style: Style) -> None:
    instance, figures = result.instance, result.run["coverage"][service]
    demand, sites, existing = instance["demand"], instance["sites"], instance["existing"]
    rows = result.tables["demand"]
    mine = rows[rows["service"] == service].set_index("demand").reindex(demand["id"])
    at = demand[["x_m", "y_m"]].to_numpy(float)
    plan, modes = result.tables["plan"], instance.settings.modes
    closing = plan["site"][[modes[m].closes_existing for m in plan["mode"]]]
    here = existing["service"] == service
    standing = here & ~existing["site_id"].isin(closing)
    rooms = sites[sites["id"].isin(plan["site"][plan["service"] == service])][["x_m", "y_m"]].to_numpy(float)
    before, after = _states(mine, after=False), _states(mine, after=True)
    names = instance["services"].set_index("service")[f"name_{style.lang}"]
    name = style.speakable(str(names[service] or "")) or style.speakable(service)
    base = figures["base_persons"]
    for axes, states, open_, head in (
        (pair[0], before, here, _head(style, T("before:"), figures["before"], base)),
        (pair[1], after, standing, _head(style, T("after:"), figures["after"], base)),
    ):
        _people(axes, at, mine["persons"].to_numpy(float), states)
        x, y = existing.loc[open_, ["x_m", "y_m"]].to_numpy(float).T
        axes.scatter(x, y, s=4, marker="s", c=_FACILITY, linewidths=0, zorder=4)
        axes.set_title(head, fontsize=7.5, fontfamily=list(style.fonts), loc="left", pad=3)
    pair[1].scatter(rooms[:, 0], rooms[:, 1], s=12, marker="^", c=_ROOM, edgecolors="white", linewidths=0.3, zorder=5)
    pair[0].annotate(
        name, (0, 1), (0, 16), xycoords="axes fraction", textcoords="offset points",
        fontsize=9, fontweight="bold", fontfamily=list(style.fonts),
    )  # fmt: skip
    scale_bar(pair[0], style)


def _head(style: Style, side: Text, persons: float, base: float) -> str:
    if not base:
        return style.text(T("{side} nobody in need", side=side))
    count, all_, share = f"{persons:,.0f}", f"{base:,.0f}", f"{persons / base:.0%}"
    return style.text(T("{side} {persons} of {base} ({share})", side=side, persons=count, base=all_, share=share))


def _states(rows: pd.DataFrame, *, after: bool) -> NDArray[np.str_]:
    """Say of every demand point what holds for most of its people."""
    persons = rows[["persons", "before_persons", "after_persons", "unreachable_persons"]].fillna(0.0).to_numpy(float)
    need, before, covered, unreachable = persons.T
    half = need / 2
    states = np.where(unreachable >= half, "unreachable", "not_covered").astype("<U12")
    now = covered if after else before
    states[now >= half] = "covered"
    if after:
        states[(now >= half) & (before < half)] = "new"
    states[need <= 0] = ""
    return states


def _people(axes: Axes, at: Floats, persons: Floats, states: NDArray[np.str_]) -> None:
    """Draw demand points; more of them, smaller dots, and an area that grows with their people."""
    share = np.nan_to_num(persons) / max(float(np.nanmax(persons, initial=0.0)), 1e-9)
    dot = float(np.clip(7000 / max(len(at), 1), 2.0, 40))
    for state in ORDER:
        mine = states == state
        axes.scatter(
            at[mine, 0], at[mine, 1], s=dot * (0.5 + 1.5 * share[mine]), c=COLOURS[state], linewidths=0, zorder=2
        )


def _legend(figure: Figure, style: Style) -> None:
    def dot(colour: str, marker: str = "o", edge: str = "none") -> Line2D:
        return Line2D([], [], linestyle="", marker=marker, color=colour, markeredgecolor=edge, markersize=6)

    handles = [dot(COLOURS[state]) for state in ("covered", "new", "not_covered", "unreachable")]
    labels = [style.text(LABELS[state]) for state in ("covered", "new", "not_covered", "unreachable")]
    handles += [dot(_FACILITY, "s"), dot(_ROOM, "^")]
    labels += [style.text(T("Existing facility")), style.text(T("Chosen room"))]
    figure.legend(handles, labels, loc="lower center", ncols=6, frameon=False,
                  prop={"family": list(style.fonts), "size": 8})  # fmt: skip
