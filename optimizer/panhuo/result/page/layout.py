"""Tables and bars as the templates draw them: words and positions, no figures left to work out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from panhuo.words import Text


@dataclass(frozen=True)
class Table:
    """A table, every cell as it is shown.

    Parameters
    ----------
    caption : Text
        What it says.
    heads : sequence of Text or str
        Its columns; names that the tables give are plain strings.
    rows : sequence of sequence of str
        Its cells; the first of a row names the row.
    words : int
        So many columns from the left are words, the others figures.
    total : bool
        The last row is a sum.
    shades : sequence of sequence of float or None, optional
        How dark every cell is, 0 to 1.
    notes : sequence of Text
        What stands below it.
    """

    caption: Text
    heads: Sequence[Text | str]
    rows: Sequence[Sequence[str]]
    words: int = 1
    total: bool = False
    shades: Sequence[Sequence[float | None]] = ()
    notes: Sequence[Text] = ()


@dataclass(frozen=True)
class Part:
    """A part of a bar.

    Parameters
    ----------
    look : str
        Which look of the style sheet it has.
    start, width : float
        From 0 to 100.
    title : str
        What it is.
    """

    look: str
    start: float
    width: float
    title: str


@dataclass(frozen=True)
class Bar:
    """A bar and its words."""

    name: str
    parts: Sequence[Part]
    said: str
    mark: float | None = None


@dataclass(frozen=True)
class Bars:
    """A chart of bars.

    Parameters
    ----------
    title : Text
        What it shows, for readers and screen readers.
    legend : sequence of (str, str)
        Looks and their words.
    bars : sequence of Bar
        The bars, from the top.
    """

    title: Text
    legend: Sequence[tuple[str, str]]
    bars: Sequence[Bar]
    notes: Sequence[Text] = field(default=())


def stacked(name: str, amounts: Sequence[tuple[str, float, str]], whole: float, said: str) -> Bar:
    """Stack a bar: amounts of looks, one beside the other, as shares of ``whole``."""
    parts, start = [], 0.0
    for look, amount, title in amounts:
        wide = 100 * max(amount, 0.0) / whole if whole > 0 else 0.0
        if wide > 0:
            parts.append(Part(look, round(start, 3), round(min(wide, 100 - start), 3), title))
            start += wide
    return Bar(name, parts, said)
