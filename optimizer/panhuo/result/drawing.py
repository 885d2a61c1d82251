"""What all drawings share: words in the reader's language, the window, the scale bar, the file."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from panhuo.words import Lang, T, Text

CJK_FONTS = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "Microsoft YaHei", "SimHei", "PingFang SC",
    "Hiragino Sans GB", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback", "SimSun",
)  # fmt: skip
"""Fonts with Chinese characters, the first that the machine has is taken."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Style:
    """Language and fonts of one drawing.

    Parameters
    ----------
    asked, lang : {"zh", "en"}
        The language asked for, and the one that the machine's fonts can write.
    fonts : tuple of str
        Fonts, the first that has a character writes it.
    left_out : list of str
        What no font can write.
    """

    asked: Lang
    lang: Lang
    fonts: tuple[str, ...]
    left_out: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, lang: Lang) -> Style:
        """Choose the fonts."""
        have = set(font_manager.get_font_names())
        cjk = next((name for name in CJK_FONTS if name in have), None)
        return cls(lang, "en", ("DejaVu Sans",)) if cjk is None else cls(lang, lang, ("DejaVu Sans", cjk))

    def text(self, sentence: Text) -> str:
        """Write a sentence."""
        return sentence.to(self.lang)

    def speakable(self, text: str) -> str:
        """Leave out what the fonts cannot draw, so that no boxes appear."""
        if len(self.fonts) > 1:
            return text
        spoken = "".join(c for c in text if ord(c) < 0x2E80).strip()
        if spoken != text.strip():
            self.left_out.append(text)
        return spoken

    def title(self, en: str, zh: str) -> str:
        """Write a title that is known in one language or both."""
        return self.speakable((zh if self.lang == "zh" else "") or en or zh)


def window(at: Floats) -> tuple[tuple[float, float], tuple[float, float]]:
    """Give the limits of a panel: all points with a margin, no flatter than 1:3 nor steeper than 3:2.

    The margin is wide enough for the largest mark.

    Parameters
    ----------
    at : (N, 2) float [m]
        What is drawn.
    """
    low, high = (at.min(axis=0), at.max(axis=0)) if len(at) else (np.zeros(2), np.ones(2))
    middle, half = (low + high) / 2, np.maximum((high - low) / 2, 1e-6)
    half = np.maximum(half, (half[1] / 1.5, half[0] / 3)) * 1.08
    (left, bottom), (right, top) = middle - half, middle + half
    return (float(left), float(right)), (float(bottom), float(top))


def framed(axes: Axes, limits: tuple[tuple[float, float], tuple[float, float]]) -> None:
    """Set the limits of a panel and a thin frame around it."""
    axes.set(xlim=limits[0], ylim=limits[1], aspect="equal", xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set(color="#BBBBBB", linewidth=0.6)


def scale_bar(axes: Axes, style: Style) -> None:
    """Draw a bar of a round length, at most a quarter of the width."""
    wide, high = float(np.ptp(axes.get_xlim())), float(np.ptp(axes.get_ylim()))
    power = 10.0 ** np.floor(np.log10(wide / 4))
    length = max(step * power for step in (1, 2, 5) if step * power <= wide / 4)
    words = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    left, bottom = axes.get_xlim()[0] + 0.04 * wide, axes.get_ylim()[0] + 0.05 * high
    axes.plot([left, left + length], [bottom, bottom], color="black", linewidth=1.4, solid_capstyle="butt", zorder=6)
    axes.annotate(words, (left + length / 2, bottom), (0, 2), textcoords="offset points", ha="center", va="bottom",
                  fontsize=6, fontfamily=list(style.fonts), zorder=6)  # fmt: skip


def saved(figure: Figure, path: Path, style: Style) -> Text | None:
    """Write a drawing, the same bytes for the same drawing.

    Returns
    -------
    Text or None
        A remark, where the machine has no font for what should stand there.
    """
    lasting = {"Date": None} if str(path).lower().endswith(".svg") else {"Software": None}
    with warnings.catch_warnings(record=True) as caught, mpl.rc_context({"svg.hashsalt": "panhuo"}):
        warnings.simplefilter("always")
        figure.savefig(path, metadata=lasting)
    lacking = [w for w in caught if "missing from font" in str(w.message)]
    for other in [w for w in caught if w not in lacking]:
        warnings.warn_explicit(other.message, other.category, other.filename, other.lineno)
    if style.asked != style.lang:
        return T("The map is labelled in English: this machine has no font with Chinese characters")
    if lacking or style.left_out:
        return T("Some words are missing on the map: this machine has no font with all their characters")
    return None
