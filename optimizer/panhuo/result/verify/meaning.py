"""What the keys in a discrepancy mean: names that the tables give, and words of the closed vocabularies."""

from __future__ import annotations

import re
from collections.abc import Mapping

from panhuo.instance import Instance
from panhuo.instance.schema.choices import ITEMS, MODES, OPERATING, PARTIES
from panhuo.instance.tabular import records
from panhuo.words import Lang, T, Text
from panhuo.words.headers import HEADERS
from panhuo.words.names import Name, name

_NAMED = {"services": "service", "funds": "fund", "tariffs": "tariff", "tiers": "tier", "profiles": "profile"}
"""Tables whose rows have a name in each language, and the column of their key."""

_CALLED = {"sites": "id", "existing": "id", "demand": "id", "circles": "circle"}
"""Tables whose rows have one name."""

_BETWEEN = re.compile(r"[ :.]+")

_UNIT = re.compile("（[^）]*）$")
"""What a header says of units: the key says it too."""


def meanings(instance: Instance) -> Mapping[str, Name]:
    """Say what each key means; one that means several things is left out."""
    found: dict[str, Name] = {}
    unclear: set[str] = set()

    def put(key: str, en: str, zh: str) -> None:
        if (en or zh) and found.setdefault(key, name(en, zh)) != name(en, zh):
            unclear.add(key)

    for table, column in _NAMED.items():
        for row in records(instance[table].drop_duplicates(column)):
            put(row[column], row["name_en"], row["name_zh"])
    for table, column in _CALLED.items():
        for key, called in zip(instance[table][column], instance[table]["name"], strict=True):
            put(key, called, called)
    for words in (MODES, OPERATING, PARTIES):
        for key, spelt in words.items():
            put(key, key.replace("_", " "), spelt[0])
    for key, zh in ITEMS.items():
        put(key, key.replace("_", " "), zh)
    return {key: meant for key, meant in found.items() if key not in unclear}


def explained(text: str, known: Mapping[str, Name], lang: Lang) -> str:
    """Write a key, or several, and in brackets what they mean where that is more than they say.

    The keys stay as they are: so they stand in the file. A number within them is a size or a year and means no more.
    """
    first, *others = _BETWEEN.split(text)
    parts = [first, *(part for part in others if not part.isdigit())]
    words = dict.fromkeys(said for part in parts if (said := _said(part, known, lang)) != part.replace("_", " "))
    if not words:
        return text
    return f"{text}（{'、'.join(words)}）" if lang == "zh" else f"{text} ({', '.join(words)})"


def value(of: object, known: Mapping[str, Name], lang: Lang) -> str:
    """Write a value, and what it means where it is a key."""
    if isinstance(of, Text):
        return of.to(lang)
    if of == "":
        return T("blank").to(lang)
    return explained(of, known, lang) if isinstance(of, str) and not of[:1].isdigit() else f"{of}"


def _said(part: str, known: Mapping[str, Name], lang: Lang) -> str:
    if part in known:
        return known[part].to(lang)
    said = HEADERS.get(part, "") if lang == "zh" else ""
    return _UNIT.sub("", said) or part.replace("_", " ")
