"""A slide: 16:9, a title that says what is shown, a line with the figures, and where they come from."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text as Written

from panhuo.result.figure.canvas import INK, SOFT
from panhuo.result.figure.districts import titles
from panhuo.result.page.speech import Speech
from panhuo.result.plan import Result
from panhuo.result.remarks import synthetic
from panhuo.words import T, Text

WIDE, HIGH, LEFT, DPI = 10.0, 5.625, 0.4, 300
"""Width, height and left margin [inches]; dots per inch of the PNG, enough for print."""

_ORIGINS = ("demand", "buildings", "counts", "population", "sites", "existing")
"""Tables that people, rooms and facilities come from."""


def slide(result: Result, speech: Speech, title: Text, says: Text | str) -> Figure:
    """Make a slide with its heading and its foot; what it shows goes between 0.6 and 4.65 inches."""
    figure = Figure(figsize=(WIDE, HIGH), dpi=DPI)
    FigureCanvasAgg(figure)
    whole = WIDE - 2 * LEFT
    line(figure, LEFT, 5.26, speech.text(title), 18, wide=whole)
    line(figure, LEFT, 4.88, speech.text(says), 11.5, SOFT, wide=whole)
    remarks = (titles(result, speech.lang), *map(speech.text, synthetic(result.instance)))
    line(figure, LEFT, 0.34, " · ".join(remarks), 8.5, wide=whole)
    notes = result.instance.settings.tables
    sources = dict.fromkeys(note.source for name, note in notes.items() if name in _ORIGINS and note.source)
    if sources:
        said = speech.text(T("Sources: {sources}", sources="; ".join(sources)))
        line(figure, LEFT, 0.16, said, 6.5, SOFT, wide=whole)
    return figure


def line(
    figure: Figure, left: float, middle: float, words: str, size: float, colour: str = INK, *, wide: float = WIDE,
    align: str = "left",
) -> Written:  # fmt: skip
    """Write a line at a place in inches, cut with an ellipsis where it is wider than so many inches."""
    text = figure.text(left / WIDE, middle / HIGH, words, fontsize=size, color=colour, ha=align, va="center")
    return fitted(text, wide)


def fitted(text: Written, wide: float) -> Written:
    """Cut a text of a slide so that it, without an arrow, is no wider than so many inches."""
    words = text.get_text()
    kept = len(words)
    while kept and (has := Written.get_window_extent(text).width / DPI) > wide:
        kept = min(kept - 1, int(kept * wide / has))
        text.set_text(words[:kept].rstrip() + "…")
    return text


def box(figure: Figure, left: float, bottom: float, wide: float, high: float) -> Axes:
    """Add axes at a place in inches, without frame and ticks."""
    axes = figure.add_axes((left / WIDE, bottom / HIGH, wide / WIDE, high / HIGH))
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    return axes
