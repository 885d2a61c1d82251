"""One service: who is covered before, and who after."""

from __future__ import annotations

from matplotlib.figure import Figure

from panhuo.result.figure.canvas import framed, north_arrow, outlined, scale_bar, window
from panhuo.result.figure.people import draw_service, drawn, legend
from panhuo.result.figure.slide import LEFT, WIDE, box, slide
from panhuo.result.page.speech import Speech
from panhuo.result.plan import Result
from panhuo.words import T, figures
from panhuo.words.names import name

_GAP, _HIGH = 0.15, 3.48


def service_map(result: Result, speech: Speech, service: str) -> Figure:
    """Draw the maps of before and after, side by side."""
    persons = result.run["coverage"][service]
    rows = result.instance["services"].set_index("service")
    says = T("nobody is in need")
    if base := persons["base_persons"]:
        says = T(
            "{before} → {after} of {base} in need are covered ({low} → {high})",
            before=figures.count(persons["before"]), after=figures.count(persons["after"]), base=figures.count(base),
            low=figures.percent(persons["before"] / base), high=figures.percent(persons["after"] / base),
        )  # fmt: skip
    called = name(rows.at[service, "name_en"] or service, rows.at[service, "name_zh"] or "")
    figure = slide(result, speech, called, says)
    wide = (WIDE - 2 * LEFT - _GAP) / 2
    before, after = (box(figure, left, 0.93, wide, _HIGH) for left in (LEFT, LEFT + wide + _GAP))
    for axes, words in ((before, T("before")), (after, T("after"))):
        axes.spines[:].set_visible(True)
        framed(axes, window(drawn(result), wide / _HIGH))
        outlined(axes, result.instance)
        axes.set_title(speech.text(words), fontsize=11, loc="left", pad=4)
    draw_service(result, service, (before, after), 2.2)
    scale_bar(before, 9)
    north_arrow(before, result.instance)
    handles, labels = legend(speech.lang)
    figure.legend(handles, labels, loc="center", bbox_to_anchor=(0.5, 0.68 / 5.625), ncols=6, frameon=False,
                  fontsize=9.5, columnspacing=1.2, handletextpad=0.2)  # fmt: skip
    return figure
