"""A picture of the areas within 15 minutes of a few sites, one panel a walking profile."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from panhuo.access import Areas
from panhuo.instance import Instance
from panhuo.instance.tabular import records
from panhuo.result.figure.canvas import Floats, framed, saved, scale_bar, settings, window
from panhuo.words import Lang, T, Text, figures
from panhuo.words.names import name

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7")
"""After Okabe and Ito (https://jfly.uni-koeln.de/color/): told apart by the colour-blind; one a site."""

MARKS = ("^", "s", "D", "v")
"""A mark of its own for every site, so that colour is not all that tells them apart."""

SITES = len(COLOURS)
"""Sites drawn at most."""

LIMIT_MIN = 15.0
"""Minutes of the areas: the 15-minute circle of GB 50180-2018 and TD/T 1062-2021."""

_BESIDE, _PEOPLE_BESIDE = "#DCDCDC", "#B4B4B4"
"""Streets and demand points within reach of none of them."""

_ACROSS = 3
_WIDTH, _PANEL, _GAP, _TITLE, _HEAD, _FOOT = 7.2, 3.6, 0.16, 0.3, 0.6, 0.42
"""Least width of all panels, of one panel, gap beside it, height of its title, of heading and legend [inches]."""


def spread(instance: Instance, open_to: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Choose sites spread over the district: halved twice along the longer side, of each quarter the most central one.

    Parameters
    ----------
    open_to : (J,) bool
        Sites to choose from.

    Returns
    -------
    (S,) int
        Rows of the table sites, :data:`SITES` at most.
    """
    at = instance["sites"][["x_m", "y_m"]].to_numpy(float)
    parts = [np.flatnonzero(open_to)]
    while len(parts) < SITES:
        halves = []
        for part in parts:
            order = (
                part[np.argsort(at[part][:, int(np.argmax(np.ptp(at[part], axis=0)))], kind="stable")]
                if len(part)
                else part
            )
            halves += [order[: (len(order) + 1) // 2], order[(len(order) + 1) // 2 :]]
        parts = halves
    chosen = [part[np.argmin(np.hypot(*(at[part] - at[part].mean(axis=0)).T))] for part in parts if len(part)]
    return np.array(sorted(chosen), dtype=np.int64)


def draw_areas(instance: Instance, areas: Areas, path: Path, lang: Lang = "en") -> Text | None:
    """Draw which streets and demand points lie within the minutes of the nearest of a few sites.

    Parameters
    ----------
    instance : Instance
        The district.
    areas : Areas
        The minutes.
    path : Path
        The file: .png or .svg.
    lang : {"zh", "en"}
        Language of the words.

    Returns
    -------
    Text or None
        A remark, where no font has a character.
    """
    with settings():
        return saved(_drawn(instance, areas, lang), path)


def _drawn(instance: Instance, areas: Areas, lang: Lang) -> Figure:
    profiles = instance["profiles"]
    sites = instance["sites"].iloc[areas.sites]
    limits = window(np.concatenate([instance["demand"][["x_m", "y_m"]], sites[["x_m", "y_m"]]]))
    across = min(_ACROSS, len(profiles))
    rows = -(-len(profiles) // across)
    wide = max(_PANEL, _WIDTH / across)
    high = wide * float(np.ptp(limits[1]) / np.ptp(limits[0]))
    size = across * (wide + _GAP) + _GAP, rows * (high + _TITLE + _GAP) + _HEAD + _FOOT
    figure = Figure(figsize=size, dpi=160)
    FigureCanvasAgg(figure)
    for n, profile in enumerate(records(profiles)):
        row, column = divmod(n, across)
        left, bottom = _GAP + column * (wide + _GAP), size[1] - _HEAD - (row + 1) * (high + _TITLE) - row * _GAP
        axes = figure.add_axes((left / size[0], bottom / size[1], wide / size[0], high / size[1]))
        framed(axes, limits)
        _streets(axes, areas, profile["profile"])
        persons = instance["demand"][[f"people_{group}" for group in profile["groups"]]].to_numpy(float).sum(axis=1)
        _people(axes, instance, areas, profile["profile"], persons)
        for k, (x, y) in enumerate(sites[["x_m", "y_m"]].to_numpy(float)):
            axes.scatter(x, y, s=46, marker=MARKS[k], c=COLOURS[k], edgecolors="black", linewidths=0.9, zorder=5)
        called = name(profile["name_en"], profile["name_zh"])
        within = persons[np.isfinite(areas.demand[profile["profile"]]).any(axis=1)].sum()
        said = T("{profile}: {persons} of {all} people within reach of these sites", profile=called,
                 persons=figures.count(within), all=figures.count(persons.sum()))  # fmt: skip
        axes.set_title(said.to(lang), fontsize=7.5, loc="left", pad=3)
        scale_bar(axes)
    title = name(instance.settings.title, instance.settings.title_zh)
    for words, below, points in ((title, 0.2, 12), (_limit(instance, areas), 0.42, 9)):
        figure.text(_GAP / size[0], 1 - below / size[1], words.to(lang), va="center", fontsize=points)
    handles = [
        Line2D([], [], linestyle="", marker=MARKS[k], color=COLOURS[k], markeredgecolor="black", markersize=6)
        for k in range(len(sites))
    ]
    labels = [called or key for called, key in zip(sites["name"], sites["id"], strict=True)]
    figure.legend(handles, labels, loc="lower center", ncols=SITES, frameon=False, fontsize=8)
    return figure


def _limit(instance: Instance, areas: Areas) -> Text:
    """Say how far the areas reach, and how one gets about."""
    minutes = f"{areas.limit_min:g}"
    rides = instance.settings.access.method == "network" and len(instance["bus"]) and instance["profiles"]["rides_bus"]
    if np.any(rides):
        return T("{minutes} minutes on foot and by bus", minutes=minutes)
    return T("{minutes} minutes on foot", minutes=minutes)


def _nearest(minutes: Floats) -> NDArray[np.int64]:
    """Say which site is nearest to each row; -1 where none is within reach."""
    near = np.argmin(minutes, axis=1) if minutes.shape[1] else np.zeros(len(minutes), dtype=np.int64)
    return np.where(np.isfinite(minutes).any(axis=1), near, -1)


def _streets(axes: Axes, areas: Areas, profile: str) -> None:
    """Draw the edges in the colour of the nearest site, as far as both ends of a stretch are within its reach."""
    same = np.flatnonzero(areas.edge[1:] == areas.edge[:-1])
    lines = np.stack([areas.at[same], areas.at[same + 1]], axis=1)
    minutes = areas.streets[profile]
    near = _nearest(np.maximum(minutes[same], minutes[same + 1]))
    for k in range(-1, minutes.shape[1]):
        colour, width = (_BESIDE, 0.4) if k < 0 else (COLOURS[k], 1.0)
        axes.add_collection(
            LineCollection(list(lines[near == k]), colors=colour, linewidths=width, zorder=2 + (k >= 0))
        )


def _people(axes: Axes, instance: Instance, areas: Areas, profile: str, persons: Floats) -> None:
    """Draw demand points in the colour of the nearest site."""
    at, near = instance["demand"][["x_m", "y_m"]].to_numpy(float), _nearest(areas.demand[profile])
    dot = float(np.clip(9000 / max(len(at), 1), 1.0, 14))
    for k in range(-1, areas.demand[profile].shape[1]):
        mine = (near == k) & (persons > 0)
        colour = _PEOPLE_BESIDE if k < 0 else COLOURS[k]
        axes.scatter(at[mine, 0], at[mine, 1], s=dot, c=colour, edgecolors="white", linewidths=0.2, zorder=4)
