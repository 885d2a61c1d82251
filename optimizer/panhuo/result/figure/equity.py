"""How evenly coverage falls on people."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from panhuo.result.figure.canvas import SOFT
from panhuo.result.figure.pairs import AFTER, BEFORE
from panhuo.result.figure.slide import HIGH, LEFT, WIDE, box, line, slide
from panhuo.result.page.people import gini, lowest_tenth, per_point
from panhuo.result.page.speech import Speech
from panhuo.result.plan import Result
from panhuo.words import T, figures

_TENTHS = 10


def equity(result: Result, speech: Speech) -> Figure | None:
    """Draw how many residents live where so many tenths of what they need are covered; nothing without residents."""
    points = per_point(result)
    people = points["people"]
    if not people.sum() > 0:
        return None
    says = T(
        "The tenth worst off: {low} → {high} covered; inequality (Gini coefficient): {before} → {after}",
        low=figures.percent(lowest_tenth(points["before"], people)),
        high=figures.percent(lowest_tenth(points["after"], people)),
        before=f"{gini(points['before'], people):.3f}", after=f"{gini(points['after'], people):.3f}",
    )  # fmt: skip
    title = T("Residents by the share of their needs that is covered where they live")
    figure = slide(result, speech, title, says)
    axes = box(figure, LEFT, 1.15, WIDE - 2 * LEFT, 3.25)
    axes.spines["bottom"].set_visible(True)
    looks = {"before": (BEFORE, "////", T("before")), "after": (AFTER, "", T("after"))}
    for side, aside in (("before", -0.21), ("after", 0.21)):
        colour, hatch, _ = looks[side]
        tenths = np.clip((points[side].to_numpy(float) * _TENTHS + 1e-9).astype(int), 0, _TENTHS - 1)
        counts = np.bincount(tenths, weights=people.to_numpy(float), minlength=_TENTHS)
        bars = axes.bar(np.arange(_TENTHS) + aside, counts, width=0.4, facecolor=colour, hatch=hatch, edgecolor="white")
        axes.bar_label(bars, [figures.count(c) if c else "" for c in counts], fontsize=7.5, padding=2)
    axes.set(xlim=(-0.55, _TENTHS - 0.45), yticks=[])
    axes.set_xticks(range(_TENTHS), [f"{n * 10}–{n * 10 + 10}%" for n in range(_TENTHS)], fontsize=10)
    axes.margins(y=0.08)
    line(figure, WIDE / 2, 0.85, speech.text(T("Share of needs covered")), 9.5, SOFT, align="center")
    handles = [Patch(facecolor=colour, hatch=hatch, edgecolor="white") for colour, hatch, _ in looks.values()]
    labels = [speech.text(words) for _, _, words in looks.values()]
    figure.legend(handles, labels, loc="center", ncols=2, frameon=False, bbox_to_anchor=(0.5, 0.6 / HIGH), fontsize=9.5)
    return figure
