"""Letters: the font that comes along, so that Chinese looks the same on every machine, and what it has not."""

from __future__ import annotations

import functools
from pathlib import Path

from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.text import Text as Written

from panhuo.words import T, Text

FONT = Path(__file__).with_name("font") / "PanhuoSansSC-Regular.otf"
"""A subset of Noto Sans CJK SC; :mod:`panhuo.result.figure.font.subset` makes it."""

FAMILIES = ("Panhuo Sans SC", "DejaVu Sans")
"""The font that comes along, and the one that comes with matplotlib: the same on every machine."""

SYSTEM = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "Noto Sans SC", "Microsoft YaHei", "SimSun-ExtB",
    "SimSun", "SimHei", "PingFang SC", "Hiragino Sans GB", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
)  # fmt: skip
"""Fonts that a machine may have, asked in this order for rare characters only."""

BOX = "□"
"""Stands for a character that no font has."""


def register() -> None:
    """Make the font that comes along known to matplotlib, once a process."""
    if all(entry.name != FAMILIES[0] for entry in font_manager.fontManager.ttflist):
        font_manager.fontManager.addfont(FONT)


def lettered(figure: Figure) -> Text | None:
    """Give every text of a figure fonts that have its characters, and put a box for those that none has.

    Returns
    -------
    Text or None
        A remark, where boxes stand for something.
    """
    texts: list[Written] = figure.findobj(Written)
    has = frozenset[str]().union(*map(_characters, FAMILIES))
    rare = sorted({c for text in texts for c in text.get_text() if not c.isspace()} - has)
    if not rare:
        return None
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    families = [name for name in SYSTEM if name in known and not _characters(name).isdisjoint(rare)]
    lacking = set(rare).difference(*map(_characters, families))
    boxes = str.maketrans(dict.fromkeys(lacking, BOX))
    for text in texts:
        text.set_text(text.get_text().translate(boxes))
        text.set_fontfamily([*FAMILIES, *families])
    if not lacking:
        return None
    return T("No font here has {characters}: boxes stand for them in the pictures", characters="".join(sorted(lacking)))


@functools.cache
def _characters(family: str) -> frozenset[str]:
    """List the characters of a font."""
    path = font_manager.findfont(font_manager.FontProperties(family=[family]), fallback_to_default=False)
    return frozenset(map(chr, font_manager.get_font(path).get_charmap()))
