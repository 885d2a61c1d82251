"""Who is covered where: the dots that all maps share."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from panhuo.assemble.families import families
from panhuo.result.closing import closed
from panhuo.result.figure.canvas import Floats
from panhuo.result.plan import Result
from panhuo.words import Lang, T, Text

ORDER = ("unreachable", "not_covered", "covered", "new")
COLOURS = {"covered": "#56B4E9", "new": "#D55E00", "not_covered": "#8C8C8C", "unreachable": "#D0D0D0"}
"""After Okabe and Ito (https://jfly.uni-koeln.de/color/): told apart by the colour-blind, and by lightness in print."""

FACILITY, ROOM = "#004A75", "#000000"

LABELS = {
    "covered": T("Covered before"),
    "new": T("Newly covered"),
    "not_covered": T("Not covered"),
    "unreachable": T("Out of reach of any room"),
}


_SIZES = 5
"""Sizes of dots: few, so that a file for slides stays small."""


def drawn(result: Result) -> Floats:
    """Position of everything that is drawn: demand points, existing facilities and chosen rooms, (N, 2) [m]."""
    sites = result.instance["sites"]
    tables = (result.instance["demand"], result.instance["existing"], sites[sites["id"].isin(result.plan["site"])])
    return np.concatenate([table[["x_m", "y_m"]].to_numpy(float) for table in tables])


def draw_service(result: Result, service: str, pair: tuple[Axes, Axes], scale: float = 1.0) -> None:
    """Draw who is covered by a service before and after, and by which facilities and rooms.

    Parameters
    ----------
    pair : (Axes, Axes)
        The panels of before and after.
    scale : float
        Size of the marks; 1 for panels of 2.7 inches.
    """
    instance = result.instance
    demand, sites, existing = instance["demand"], instance["sites"], instance["existing"]
    rows = result.tables["demand"]
    mine = rows[rows["service"] == service].set_index("demand").reindex(demand["id"])
    at, persons = demand[["x_m", "y_m"]].to_numpy(float), mine["persons"].to_numpy(float)
    plan, serves = result.plan, families(instance).get(service, [service])  # a meal point counts as a canteen
    here = existing["service"].isin(serves)
    standing = here & ~closed(instance, plan)
    rooms = sites[sites["id"].isin(plan["site"][plan["service"].isin(serves)])][["x_m", "y_m"]].to_numpy(float)
    dot = float(np.clip(7000 / max(len(at), 1), 2.0, 40)) * scale
    for axes, after, open_ in ((pair[0], False, here), (pair[1], True, standing)):
        _people(axes, at, persons, states(mine, after=after), dot)
        x, y = existing.loc[open_, ["x_m", "y_m"]].to_numpy(float).T
        axes.scatter(x, y, s=2 * scale + 0.4 * dot, marker="s", c=FACILITY, linewidths=0, zorder=4)
    pair[1].scatter(
        rooms[:, 0], rooms[:, 1], s=6 * scale + dot, marker="^", c=ROOM, edgecolors="white", linewidths=0.4, zorder=5
    )


def states(rows: pd.DataFrame, *, after: bool) -> NDArray[np.str_]:
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


def _people(axes: Axes, at: Floats, persons: Floats, states: NDArray[np.str_], dot: float) -> None:
    """Draw demand points, the area of a dot growing with its people by steps."""
    share = np.nan_to_num(persons) / max(float(np.nanmax(persons, initial=0.0)), 1e-9)
    step = np.ceil(share * _SIZES)
    for state in ORDER:
        for k in range(_SIZES + 1):
            mine = (states == state) & (step == k)
            size = np.sqrt(dot * (0.5 + 1.5 * k / _SIZES))
            axes.plot(*at[mine].T, linestyle="", marker="o", markersize=size, color=COLOURS[state], markeredgewidth=0,
                      zorder=2)  # fmt: skip


def legend(lang: Lang) -> tuple[list[Line2D], list[str]]:
    """Give handles and labels of what :func:`draw_service` draws."""

    def dot(colour: str, marker: str = "o") -> Line2D:
        return Line2D([], [], linestyle="", marker=marker, color=colour, markeredgecolor="none", markersize=6)

    shown: list[tuple[Line2D, Text]] = [
        *((dot(COLOURS[state]), LABELS[state]) for state in ("covered", "new", "not_covered", "unreachable")),
        (dot(FACILITY, "s"), T("Existing facility")),
        (dot(ROOM, "^"), T("Chosen room")),
    ]
    return [handle for handle, _ in shown], [words.to(lang) for _, words in shown]
