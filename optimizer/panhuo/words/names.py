"""Sentences made of names that the tables give in both languages, and of other sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from panhuo.words import Lang, T, Text


@dataclass(frozen=True)
class Name(Text):
    """A name as a table gives it: English in ``pattern``, Chinese in ``zh``."""

    zh: str = ""

    def to(self, lang: Lang) -> str:
        """Give the name in one language, in the other where it has none."""
        return (self.zh or self.pattern) if lang == "zh" else (self.pattern or self.zh)

    def __str__(self) -> str:
        return self.to("en")


@dataclass(frozen=True)
class Listed(Text):
    """Sentences in a row, or names."""

    parts: Sequence[Text] = ()
    between: tuple[str, str] = ("; ", "；")

    def to(self, lang: Lang) -> str:
        """Give them all in one language."""
        return self.between[lang == "zh"].join(part.to(lang) for part in self.parts)

    def __str__(self) -> str:
        return self.to("en")


def name(en: str, zh: str) -> Name:
    """Make a name in both languages."""
    return Name(en, zh=zh)


def listed(parts: Sequence[Text]) -> Listed:
    """Put sentences in a row."""
    return Listed("", parts=tuple(parts))


def joined(names: Sequence[Text]) -> Listed:
    """Put names in a row."""
    return Listed("", parts=tuple(names), between=(", ", "、"))


def some(first: Sequence[Text], count: int) -> Text:
    """Put the first few of so many names in a row, and count the others."""
    more = [T("and {count} more", count=count - len(first))] if count > len(first) else []
    return joined([*first, *more])
