"""The map of a result: before and after, one pair of panels a service."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from panhuo.result.figure.canvas import framed, saved, scale_bar, settings, window
from panhuo.result.figure.people import draw_service, drawn, legend
from panhuo.result.page.speech import Speech
from panhuo.result.plan import Result
from panhuo.result.remarks import synthetic
from panhuo.words import Lang, T, Text, figures
from panhuo.words.names import name

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
        A remark, where no font has a character.
    """
    with settings():
        return saved(_drawn(result, lang), path)


def _drawn(result: Result, lang: Lang) -> Figure:
    services, speech = result.instance["services"]["service"], Speech.of(result.instance, lang)
    across = min(_ACROSS, len(services))
    rows = -(-len(services) // across)
    limits = window(drawn(result))
    wide, high = _PANEL, _PANEL * float(np.ptp(limits[1]) / np.ptp(limits[0]))
    size = across * 2 * wide + (across + 1) * _GAP, rows * (high + _TITLE) + _HEAD + _FOOT
    figure = Figure(figsize=size, dpi=160)
    FigureCanvasAgg(figure)
    for n, service in enumerate(services):
        row, column = divmod(n, across)
        left, bottom = _GAP + column * (2 * wide + _GAP), size[1] - _HEAD - (row + 1) * (high + _TITLE)
        before, after = (
            figure.add_axes((x / size[0], bottom / size[1], 0.985 * wide / size[0], high / size[1]))
            for x in (left, left + wide)
        )
        persons = result.run["coverage"][service]
        for axes, side in ((before, T("before:")), (after, T("after:"))):
            framed(axes, limits)
            key = "before" if axes is before else "after"
            axes.set_title(_said(side, persons[key], persons["base_persons"]).to(lang), fontsize=7.5, loc="left", pad=3)
        draw_service(result, service, (before, after))
        before.annotate(
            speech.service(service), (0, 1), (0, 16), xycoords="axes fraction", textcoords="offset points", fontsize=10
        )
        scale_bar(before)
    _heading(figure, result, lang)
    handles, labels = legend(lang)
    figure.legend(handles, labels, loc="lower center", ncols=6, frameon=False, fontsize=8)
    return figure


def _said(side: Text, persons: float, base: float) -> Text:
    if not base:
        return T("{side} nobody in need", side=side)
    count, all_, share = figures.count(persons), figures.count(base), figures.round_percent(persons / base)
    return T("{side} {persons} of {base} ({share})", side=side, persons=count, base=all_, share=share)


def titles(result: Result, lang: Lang) -> str:
    """Name the district and the proposal."""
    settings, proposal = result.instance.settings, result.instance.proposal
    said = [name(settings.title, settings.title_zh)]
    if proposal is not None:
        said.append(name(proposal.title, proposal.title_zh))
    return " – ".join(filter(None, (words.to(lang) for words in said)))


def _heading(figure: Figure, result: Result, lang: Lang) -> None:
    """Write what the map is of, the proposal, and that an example is one."""
    wide, high = figure.get_size_inches()
    remarks = [remark.to(lang) for remark in synthetic(result.instance)]
    for words, below, size in ((titles(result, lang), 0.17, 14), *((remark, 0.39, 8) for remark in remarks)):
        figure.text(_GAP / wide, 1 - below / high, words, va="center", fontsize=size)
