"""Sentences in Chinese and English.

A sentence is born as a :class:`Text` (an English pattern and its values) and is put into a language only
where it is shown; nothing below the command line knows which language a reader wants.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Literal, get_args

from babel.messages.pofile import read_po

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)


@dataclass(frozen=True)
class Text:
    """A sentence: an English ``str.format`` pattern and the values that fill it."""

    pattern: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def to(self, lang: Lang) -> str:
        """Give the sentence in one language."""
        pattern = self.pattern if lang == "en" else catalogue(lang).get(self.pattern, self.pattern)
        values = {k: v.to(lang) if isinstance(v, Text) else v for k, v in self.values.items()}
        return pattern.format(**values)

    def __str__(self) -> str:
        return self.to("en")


def T(pattern: str, /, **values: Any) -> Text:  # noqa: N802 (the mark that message extraction looks for)
    """Make a sentence; the pattern is a literal, so that it can be extracted for translation."""
    return Text(pattern, values)


@functools.cache
def catalogue(lang: Lang) -> Mapping[str, str]:
    """Read the translations of a language from its ``.po`` file beside this module."""
    source = resources.files(__package__) / f"{lang}.po"
    with source.open("rb") as stream:
        return {str(m.id): str(m.string) for m in read_po(stream) if m.id and m.string}
