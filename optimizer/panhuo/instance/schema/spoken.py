"""Words of the schema inside a sentence: each reader sees those of the own language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from panhuo.instance.schema.column import Column
from panhuo.words import Lang, T, Text

KEYS_SHOWN = 10
"""Valid keys that a fault lists; the rest are counted."""

_UNITS = {
    "persons": "人", "CNY": "元", "CNY/m²": "元/m²", "CNY/year": "元/年", "CNY/m²/year": "元/m²/年", "m": "米",
    "min": "分钟", "months": "个月", "persons/resident": "人/人", "km/h": "公里/小时", "CNY/month": "元/月",
    "CNY/visit": "元/次", "CNY/CNY/year": "元/元/年", "persons/m²": "人/m²", "visits/year": "次/年",
    "m/m": "米/米", "floors": "层",
}  # fmt: skip


@dataclass(frozen=True)
class Said(Text):
    """A word whose Chinese stands beside it, in the schema and not in the catalogue."""

    zh: str = ""

    def to(self, lang: Lang) -> str:
        """Give the word in one language."""
        return self.zh if lang == "zh" else self.pattern


def unit(of: str) -> Said:
    """Name a unit of the schema."""
    return Said(of, zh=_UNITS.get(of, of))


def choices(of: Mapping[str, Iterable[str]]) -> Said:
    """List the words a choice may take: keys, for Chinese readers each with its first Chinese spelling."""
    spoken = {key: next((w for w in words if not w.isascii()), "") for key, words in of.items()}
    return Said(", ".join(of), zh="、".join(f"{key}（{zh}）" if zh else key for key, zh in spoken.items()))


def column(meant: Column, name: str, seen: str) -> Said:
    """Name a column to someone who wrote ``seen``: a Chinese header for a Chinese word.

    Parameters
    ----------
    meant : Column
        The column.
    name : str
        Its English name; of a family, that of the member.
    seen : str
        What was written.
    """
    chinese = meant.zh[:-1] + name.removeprefix(meant.family) if meant.family else meant.zh
    if not seen.isascii():
        return Said(chinese, zh=chinese)
    return Said(name, zh=f"{name}（{chinese}）")


def some(keys: Iterable[str]) -> Text:
    """List the first keys and count them all where there are more."""
    names = [key for key in dict.fromkeys(keys) if key]
    if not names:
        return T("there is none")
    first = names[:KEYS_SHOWN]
    shown = Said(", ".join(first), zh="、".join(first))
    return T("{first} … ({count} in all)", first=shown, count=len(names)) if len(names) > KEYS_SHOWN else shown
