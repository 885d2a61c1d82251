"""The overview: which rooms are used, and what that takes and gives."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from panhuo.result.figure.canvas import SOFT, framed, north_arrow, outlined, scale_bar, window
from panhuo.result.figure.people import drawn
from panhuo.result.figure.slide import HIGH, LEFT, WIDE, box, fitted, line, slide
from panhuo.result.page.speech import Speech
from panhuo.result.plan import Result
from panhuo.words import T, Text, figures

LOOKS = {"keep": ("o", "#009E73"), "convert": ("^", "#F0E442"), "rebuild": ("D", "#D55E00"), "add": ("s", "#FFFFFF")}
"""Mark and colour of a mode: told apart by shape in grey print."""

_NAMED = 12
"""So many rooms at most are named on the map."""

_PEOPLE, _OTHERS = "#D5D5D5", "#8A8A8A"
_RIGHT, _TOP = 6.55, 4.5


def overview(result: Result, speech: Speech) -> Figure | None:
    """Draw the rooms used, by mode, among all rooms and people; nothing where the instance has no rooms."""
    sites, plan = result.instance["sites"], result.plan
    if sites.empty:
        return None
    modes = plan.drop_duplicates("site").set_index("site")["mode"]
    used = T("{chosen} of {all} rooms are used", chosen=figures.count(len(modes)), all=figures.count(len(sites)))
    figure = slide(result, speech, T("The plan at a glance"), used)
    axes = box(figure, LEFT, 0.62, 5.9, 4.05)
    axes.spines[:].set_visible(True)
    framed(axes, window(drawn(result), 5.9 / 4.05))
    outlined(axes, result.instance)
    people = result.instance["demand"][["x_m", "y_m"]].to_numpy(float)
    axes.scatter(
        people[:, 0], people[:, 1], s=np.clip(9000 / max(len(people), 1), 3, 30), c=_PEOPLE, linewidths=0, zorder=2
    )
    idle = sites[~sites["id"].isin(modes.index)]
    axes.scatter(idle["x_m"], idle["y_m"], s=9, marker="x", c=_OTHERS, linewidths=0.7, zorder=3)
    for mode, (mark, colour) in LOOKS.items():
        mine = sites[sites["id"].isin(modes.index[modes == mode])]
        axes.scatter(
            mine["x_m"], mine["y_m"], s=30, marker=mark, c=colour, edgecolors="black", linewidths=0.7, zorder=4
        )
    if len(modes) <= _NAMED:
        _names(axes, result)
    scale_bar(axes, 9)
    north_arrow(axes, result.instance)
    _figures(figure, result, speech)
    counts = [(mode, int((modes == mode).sum())) for mode in LOOKS if (modes == mode).any()]
    handles = [_mark(*LOOKS[mode], "black") for mode, _ in counts]
    labels = [
        speech.text(T("{mode}: {count}", mode=speech.mode(mode), count=figures.count(count))) for mode, count in counts
    ]
    if len(idle):
        handles.append(_mark("x", _OTHERS, _OTHERS))
        labels.append(speech.text(T("not used: {count}", count=figures.count(len(idle)))))
    figure.legend(handles, labels, loc="lower left", bbox_to_anchor=(_RIGHT / WIDE - 0.012, 0.55 / HIGH), frameon=False,
                  fontsize=10.5, borderaxespad=0, labelspacing=0.35)  # fmt: skip
    return figure


def _names(axes: Axes, result: Result) -> None:
    sites = result.sites[result.sites["chosen"] == "yes"]
    at = result.instance["sites"].set_index("id")
    for key, called in zip(sites["site"], sites["name"], strict=True):
        place = tuple(at.loc[key, ["x_m", "y_m"]].astype(float))
        text = axes.annotate(called or key, place, (5, 5), textcoords="offset points", fontsize=8.5, zorder=5)
        text.set_path_effects([withStroke(linewidth=2, foreground="white")])
        fitted(text, 1.6)


def _figures(figure: Figure, result: Result, speech: Speech) -> None:
    run = result.run
    shown: list[tuple[str, Text]] = [
        (speech.times(run["new_person_services"]), T("newly covered, service by service")),
        (speech.money(run["capital_cny"]), T("capital")),
        (speech.money(run["yearly_cny"]), T("fixed cost of a year")),
    ]
    if run["gap"] is not None:
        shown.append((figures.gap(run["gap"]), T("proven gap: no plan is better by more")))
    for n, (value, words) in enumerate(shown):
        middle = _TOP - 0.62 * n
        line(figure, _RIGHT, middle, value, 16, wide=WIDE - LEFT - _RIGHT)
        line(figure, _RIGHT, middle - 0.25, speech.text(words), 9, SOFT, wide=WIDE - LEFT - _RIGHT)


def _mark(mark: str, colour: str, edge: str) -> Line2D:
    return Line2D([], [], linestyle="", marker=mark, color=colour, markeredgecolor=edge, markersize=6.5)
