"""Coverage before and after, life circle by life circle, those furthest behind first."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from panhuo.result.figure.canvas import SOFT
from panhuo.result.figure.pairs import Pair, draw_pair, draw_pairs, key, share_axis
from panhuo.result.figure.slide import LEFT, WIDE, box, fitted, slide
from panhuo.result.page.speech import Speech
from panhuo.result.plan import Result
from panhuo.words import T, figures

_ROWS = 16
"""So many circles at most have a row each, with their names; more stand side by side."""


def circles(result: Result, speech: Speech) -> Figure | None:
    """Draw the shares of all that each circle needs; nothing where there is one circle, or none in need."""
    shares = by_share(result)
    if len(shares) < 2:
        return None
    pairs = [Pair(speech.circle(str(key_)), row.before, row.after) for key_, row in shares.iterrows()]
    worst, best = pairs[0], pairs[-1]
    says = T(
        "Furthest behind after: {worst} ({low} → {share}); furthest ahead: {best} ({high})",
        worst=worst.name, low=figures.percent(worst.before), share=figures.percent(worst.after), best=best.name,
        high=figures.percent(best.after),
    )  # fmt: skip
    figure = slide(result, speech, T("What is covered of all that a life circle needs"), says)
    if len(pairs) <= _ROWS:
        draw_pairs(figure, speech, pairs)
        return figure
    axes = box(figure, LEFT + 0.45, 0.95, WIDE - 2 * LEFT - 0.5, 3.55)
    axes.set(xlim=(-1, len(pairs)), ylim=(-0.02, 1.02), xticks=[])
    share_axis(axes, "y")
    for n, pair in enumerate(pairs):
        draw_pair(axes, n, pair, min(9.0, 420 / len(pairs)), upright=True)
    for n, aside in ((0, 0.97), (1, 0.89), (2, 0.81)):
        words = f"{n + 1}  {pairs[n].name}  {figures.percent(pairs[n].before)} → {figures.percent(pairs[n].after)}"
        text = axes.annotate(
            words, (n, pairs[n].after), (len(pairs) * 0.02 + 1, aside), fontsize=9.5, va="center",
            arrowprops={"arrowstyle": "-", "color": SOFT, "linewidth": 0.6, "shrinkB": 4, "relpos": (0, 0.5)},
        )  # fmt: skip
        fitted(text, 5.5)
    key(figure, speech, most=False)
    return figure


def by_share(result: Result) -> pd.DataFrame:
    """Give the shares ``before`` and ``after`` of the person-services each circle needs, the least after first."""
    sums = result.tables["coverage"].groupby("circle")[["base_persons", "before_persons", "after_persons"]].sum()
    sums = sums[sums["base_persons"] > 0]
    shares = {side: sums[f"{side}_persons"] / sums["base_persons"] for side in ("before", "after")}
    return pd.DataFrame(shares).sort_values(["after", "before"], kind="stable")
