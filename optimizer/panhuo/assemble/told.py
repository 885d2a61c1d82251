"""Keys in sentences put into the words of their reader: what an instance calls its services, funds and circles."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import replace

from panhuo.instance import Instance
from panhuo.instance.schema.choices import CLASSES, ITEMS, OPERATING, PARTIES
from panhuo.words import T, Text
from panhuo.words.names import Name, joined, name

_BOUNDS = (
    T("{party} {share} of {ledger} of service {service} (bound {bound})"),
    T("{party} {share} of {ledger} of project {project} (bound {bound})"),
    T("{party} {share} of {ledger} (bound {bound})"),
    T("fund {fund} {share} of capital"),
    T("{circle} {share} of fund {fund} by people"),
    T("{circle} {share} of capital by people"),
    T("{circle} {share} of floor area by people"),
    T("{service} {circle} >= {share}"),
    T("{service} {circle} mandatory"),
    T("{service} mandatory"),
)
"""How the bounds of the model are named, the most particular first."""

_LEDGERS = (T("capital with what is given in kind"), T("capital"), T("the year"))
_SHARED = (T("fund {fund}"), T("capital"), T("floor area"))
_KINDS = {"services": "service", "items": "item", "group": "circle"}
"""Blanks whose keys are those of another blank; there may be several of them."""


def told(instance: Instance, texts: Iterable[Text]) -> tuple[Text, ...]:
    """Put names in the place of keys: Chinese readers read Chinese names, English ones the keys of the tables.

    Parameters
    ----------
    texts : iterable of Text
        Sentences with keys of services, funds, items, parties, operating modes, stages, circles, and with the names of
        bounds.
    """
    called = _called(instance)
    return tuple(_named(text, called) for text in texts)


def _named(text: Text, called: Mapping[str, Mapping[str, Name]]) -> Text:
    values = {blank: _value(blank, value, called) for blank, value in text.values.items()}
    return replace(text, values=values)


def _value(blank: str, value: object, called: Mapping[str, Mapping[str, Name]]) -> object:
    if not isinstance(value, str):
        return value
    if blank in ("limit", "quota", "floor", "what"):
        return _bound(value, _SHARED if blank == "what" else _BOUNDS, called)
    if blank == "ledger":
        return next((said for said in _LEDGERS if said.pattern == value), value)
    known = called.get(_KINDS.get(blank, blank))
    if known is None:
        return value
    return joined([known.get(key, name(key, key)) for key in value.split(", ")])


def _bound(value: str, forms: Iterable[Text], called: Mapping[str, Mapping[str, Name]]) -> Text | str:
    """Take the name of a bound apart; one of another form stays as it is."""
    for said in forms:
        found = re.fullmatch(_expression(said.pattern), value)
        if found is not None:
            return _named(Text(said.pattern, found.groupdict()), called)
    return value


def _expression(pattern: str) -> str:
    """Make a regular expression of a pattern; a share ends with %, other blanks hold no space but that of a bound."""
    held = {"share": r".*?%", "ledger": "|".join(said.pattern for said in _LEDGERS), "bound": ".+"}
    parts = (
        re.escape(words) + ("" if blank is None else f"(?P<{blank}>{held.get(blank, r'[^ ]+')})")
        for words, blank, _, _ in string.Formatter().parse(pattern)
    )
    return "".join(parts)


def _called(instance: Instance) -> dict[str, dict[str, Name]]:
    """Name the keys, by the blank they stand in."""
    settings = instance.settings

    def of(table: str, key: str) -> dict[str, Name]:
        rows = instance[table].drop_duplicates(key)
        return {k: name(k, zh or k) for k, zh in zip(rows[key], rows["name_zh"], strict=True)}

    def chosen(words: Mapping[str, tuple[str, ...]]) -> dict[str, Name]:
        return {key: name(key, said[0]) for key, said in words.items()}

    circles = instance["circles"]["circle"]
    operating = {key: name(key, kind.name_zh) for key, kind in settings.operating.items() if kind.name_zh}
    stages = {s.name: name(s.name, s.name_zh or CLASSES.get(s.name, (s.name,))[0]) for s in settings.policy.objectives}
    return {
        "service": of("services", "service"), "fund": of("funds", "fund"), "party": chosen(PARTIES),
        "item": {key: name(key, zh) for key, zh in ITEMS.items()}, "operating": chosen(OPERATING) | operating,
        "stage": stages, "circle": dict(zip(circles, map(name, circles, instance["circles"]["name"]), strict=True)),
    }  # fmt: skip
