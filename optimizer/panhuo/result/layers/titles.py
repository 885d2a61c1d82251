"""How the columns of the layers are called, in both languages and in ten characters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from panhuo.instance import Instance
from panhuo.instance.schema.choices import MODES, STATUSES
from panhuo.result.layers.layer import Column, unlike
from panhuo.result.page.labels import LAYERS
from panhuo.result.page.points import STATES
from panhuo.result.page.speech import MODES_EN, REASONS
from panhuo.words import T, Text
from panhuo.words.names import name

_TITLES = {
    "site": (T("Site"), "site"), "id": (T("Key"), "id"), "name": (T("Name"), "name"), "status": (T("Status"), "status"),
    "chosen": (T("Chosen"), "chosen"), "mode": (T("Mode"), "mode"), "services": (T("Keys of services"), "serv_keys"),
    "service_names": (T("Services"), "services"), "area_used_m2": (T("Floor area used (m²)"), "area_m2"),
    "capital_cny": (T("Capital with shared works (CNY)"), "capital"),
    "yearly_cny": (T("Fixed cost of a year (CNY)"), "yearly"),
    "persons_served": (T("Person-services that go there"), "persons"),
    "persons_new": (T("of these, newly covered"), "new"), "reason": (T("Outcome"), "reason"),
    "detail": (T("Why"), "detail"), "circle": (T("Circle"), "circle"), "unit": (T("Community or village"), "unit"),
    "people": (T("Residents"), "people"), "persons": (T("Person-services in need"), "persons"),
    "before": (T("Person-services covered before"), "before"), "after": (T("Person-services covered after"), "after"),
    "unreachable": (T("Person-services out of reach of any room"), "far"),
    "state": (T("What holds for most of them"), "state"), "service": (T("Service"), "service"),
    "site_id": (T("Stands in site"), "site"), "type": (T("Type"), "type"), "border": (T("Border"), "border"),
    "share_before": (T("Share covered before"), "sh_before"), "share_after": (T("Share covered after"), "sh_after"),
    "demand": (T("Demand point"), "demand"), "place": (T("Room or facility"), "place"), "kind": (T("Kind"), "kind"),
    "served": (T("Persons"), "persons"), "assigned": (T("Persons sent there"), "assigned"),
    "minutes": (T("Minutes"), "minutes"), "metres": (T("Metres"), "metres"),
}  # fmt: skip
"""Column → title, and name in a Shapefile."""

_OF_SERVICE = {
    "persons": (T("{service}: in need"), "p"), "before": (T("{service}: covered before"), "b"),
    "after": (T("{service}: covered after"), "a"), "unreachable": (T("{service}: out of reach of any room"), "f"),
    "state": (T("{service}: what holds for most"), "s"),
    "share_before": (T("{service}: share covered before"), "bs"),
    "share_after": (T("{service}: share covered after"), "as"),
}  # fmt: skip
"""The same for columns that there is one of for every service."""

_YES = {"yes": T("yes"), "no": T("no")}
KINDS = {"chosen": T("Chosen room"), "existing": T("Existing facility")}
"""Kinds of place."""

STANDING = {"existing": LAYERS["existing"], "closed": LAYERS["closed"]}
"""What becomes of existing facilities."""

BORDERS = {
    "given": T("as given"), "nearest": T("none given: what is nearest to the circle's demand points"),
}  # fmt: skip
"""Where the polygons of circles come from."""

OUTCOMES: Mapping[str, Mapping[str, Text]] = {
    "mode": {key: name(MODES_EN[key], words[0]) for key, words in MODES.items()},
    "status": {key: name(key, words[0]) for key, words in STATUSES.items()},
    "reason": REASONS, "chosen": _YES, "state": {key: LAYERS[key] for key in STATES}, "border": BORDERS, "kind": KINDS,
}  # fmt: skip
"""What keys mean, by column."""


def services(instance: Instance) -> dict[str, Text]:
    """Name the services: key → name in both languages."""
    rows = instance["services"]
    named = zip(rows["service"], rows["name_en"], rows["name_zh"], strict=True)
    return {key: name(en or zh or key, zh or en or key) for key, en, zh in named}


def plain(keys: Sequence[str], instance: Instance, **words: Mapping[str, Text]) -> list[Column]:
    """Make columns; ``words`` says what keys mean where the layer has words of its own for them."""
    known = {**OUTCOMES, "service": services(instance), **words}
    return [Column(key, *_TITLES[key], words=known.get(key, {})) for key in keys]


def by_service(keys: Sequence[str], instance: Instance) -> list[Column]:
    """Make columns ``KEY_SERVICE``, all of the first service, then all of the second, ….

    GIS evaluates names of columns: what is neither letter nor digit in the key of a service becomes an underscore.
    """
    pairs = [(service, key) for service in instance["services"]["service"] for key in keys]
    named = unlike([re.sub(r"\W", "_", f"{key}_{service}") for service, key in pairs])
    called, found = services(instance), []
    for own, (service, key) in zip(named, pairs, strict=True):
        title, letter = _OF_SERVICE[key]
        of = Text(title.pattern, {"service": called[service]})
        found.append(Column(own, of, f"{letter}_{service}", OUTCOMES.get(key, {}), service, key))
    return found
