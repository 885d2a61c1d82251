"""Before and after, a row each: a ring, a dot, and the way between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from panhuo.result.figure.canvas import INK, SOFT
from panhuo.result.figure.slide import HIGH, LEFT, WIDE, box, line
from panhuo.result.page.speech import Speech
from panhuo.words import T, figures

BEFORE, AFTER = "#56B4E9", "#D55E00"
"""The colours of the maps: covered before, newly covered."""

_BOTTOM, _TOP, _NAMES, _SAID = 1.0, 4.5, 2.35, 7.25
"""Of the rows; where they begin, where the words beside them begin [inches]."""


@dataclass(frozen=True)
class Pair:
    """A row.

    Parameters
    ----------
    name : str
        Of what.
    before, after : float
        Shares.
    most : float or None
        The share that can be reached at all.
    said : str
        What is told beside it, after the shares.
    """

    name: str
    before: float
    after: float
    most: float | None = None
    said: str = ""


def draw_pairs(figure: Figure, speech: Speech, pairs: Sequence[Pair]) -> None:
    """Draw rows from the top, names to the left and figures to the right."""
    axes = box(figure, LEFT + _NAMES, _BOTTOM, _SAID - LEFT - _NAMES - 0.25, _TOP - _BOTTOM)
    axes.set(xlim=(-0.02, 1.02), ylim=(len(pairs) - 0.5, -0.5), yticks=[])
    share_axis(axes, "x")
    step = (_TOP - _BOTTOM) / len(pairs)
    size = min(11.0, 38 * step)
    for n, pair in enumerate(pairs):
        draw_pair(axes, n, pair, size)
        middle = _TOP - (n + 0.5) * step
        line(figure, LEFT, middle, pair.name, size, wide=_NAMES - 0.1)
        shares = f"{figures.percent(pair.before)} → {figures.percent(pair.after)}"
        line(figure, _SAID, middle, shares, size)
        line(figure, WIDE - LEFT, middle, pair.said, size, SOFT, align="right")
    key(figure, speech, any(pair.most is not None for pair in pairs))


def draw_pair(axes: Axes, n: float, pair: Pair, size: float, *, upright: bool = False) -> None:
    """Draw one row, or one column."""

    def at(share: float) -> tuple[float, float]:
        return (n, share) if upright else (share, n)

    axes.plot(*zip(at(pair.before), at(pair.after), strict=True), color="#8C8C8C", linewidth=0.25 * size, zorder=2)
    if pair.most is not None:
        axes.plot(*at(pair.most), linestyle="", marker="_" if upright else "|", markersize=size, color=INK, zorder=2)
    axes.plot(*at(pair.after), linestyle="", marker="o", markersize=0.75 * size, color=AFTER, zorder=4)
    axes.plot(*at(pair.before), linestyle="", marker="o", markersize=0.75 * size, markerfacecolor="white",
              markeredgecolor="#0072B2", markeredgewidth=0.14 * size, zorder=3)  # fmt: skip


def share_axis(axes: Axes, which: Literal["x", "y"]) -> None:
    """Mark every quarter of the whole, and draw lines there."""
    quarters = [0, 0.25, 0.5, 0.75, 1]
    axes.set(**{f"{which}ticks": quarters, f"{which}ticklabels": [figures.round_percent(q) for q in quarters]})
    axes.grid(axis=which, color="#E3E3E3", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=9, labelcolor=SOFT)


def key(figure: Figure, speech: Speech, most: bool) -> None:
    """Say what ring, dot and tick are."""
    ring = Line2D([], [], linestyle="", marker="o", markersize=8, markerfacecolor="white", markeredgecolor="#0072B2")
    ring.set_markeredgewidth(1.4)
    handles = [ring, Line2D([], [], linestyle="", marker="o", markersize=8, color=AFTER)]
    labels = [speech.text(T("before")), speech.text(T("after"))]
    if most:
        handles.append(Line2D([], [], linestyle="", marker="|", markersize=9, color=INK))
        labels.append(speech.text(T("most that can be reached")))
    figure.legend(handles, labels, loc="center", bbox_to_anchor=(0.5, 0.62 / HIGH), ncols=3, frameon=False,
                  fontsize=9.5, handletextpad=0.2)  # fmt: skip
