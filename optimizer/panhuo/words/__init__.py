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
    """A sentence: an English ``str.format`` pattern and the values that fill it.

    Parameters
    ----------
    pattern : str
        The sentence in English.
    values : mapping of str to object
        What fills its ``{places}``: names, figures, other sentences.
    plural : str
        The sentence for any number but one; the value ``count``, a number shown whole, decides. Empty: one form.
    """

    pattern: str
    values: Mapping[str, Any] = field(default_factory=dict)
    plural: str = ""

    def to(self, lang: Lang) -> str:
        """Give the sentence in one language."""
        values = {k: v.to(lang) if isinstance(v, Text) else v for k, v in self.values.items()}
        pattern = self.pattern
        if self.plural:
            values["count"] = f"{values['count']:z,.0f}"
            pattern = pattern if values["count"] == "1" else self.plural
        if lang != "en":
            pattern = catalogue(lang).get(self.pattern, pattern)
        return pattern.format(**values)

    def __str__(self) -> str:
        return self.to("en")


def T(pattern: str, plural: str = "", /, **values: Any) -> Text:  # noqa: N802 (the mark that extraction looks for)
    """Make a sentence; its patterns are literals, so that they can be extracted for translation.

    ``T("{count} room is left", "{count} rooms are left", count=n)``, as with gettext's ``ngettext``.
    """
    return Text(pattern, values, plural)


@functools.cache
def catalogue(lang: Lang) -> Mapping[str, str]:
    """Read the translations of a language from its ``.po`` file beside this module, by the singular in English.

    Chinese has one form for every number: the first.
    """
    source = resources.files(__package__) / f"{lang}.po"
    with source.open("rb") as stream:
        entries = [(_first(m.id), _first(m.string)) for m in read_po(stream)]
    return {one: said for one, said in entries if one and said}


def _first(forms: Any) -> str:
    """Give the first form of an entry: Babel gives a text, or the forms of a plural in a row."""
    return str(forms if isinstance(forms, str) else forms[0])
