"""How each layer looks in QGIS: the colours and marks of the page's map."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from panhuo.result.layers.allocation import CANDIDATE, CHOSEN, REQUIRED, TYPES
from panhuo.result.layers.layer import Layer
from panhuo.result.layers.qml import Category, Look, Symbol, column, ground, marker, stroke
from panhuo.result.layers.titles import KINDS
from panhuo.result.page.labels import LAYERS
from panhuo.result.page.map import COLOURS, HIDDEN, SHADES
from panhuo.words import Text
from panhuo.words.names import name

_MODES = {"keep": "hexagon", "convert": "triangle", "rebuild": "diamond", "add": "star"}
_PEOPLE = ("far", "open", "covered", "new", "lost")
"""States of demand points, the lowest on the map first."""

_NAMES, _LINES = 50_000, 100_000
"""Largest denominators of the scales at which names and lines are drawn: beyond, they would hide the map."""

_LEAST, _MOST, _SHOWN = 0.6, 2.4, 1.8
"""Sizes of demand points [mm]: their area grows with the people in need; and the size in legends."""

_MANY = 1000.0
"""People in need at a demand point of the largest size."""

_STANDING: Symbol = [marker("square", 2.1, COLOURS["existing"], "#FFFFFF")]
_CLOSED: Symbol = [marker(shape, 2.2, None, COLOURS["closed"], 0.3) for shape in ("square", "cross2")]
_REJECTED: Symbol = [marker("cross", 1.9, None, "#555555", 0.3)]


def looks(layer: Layer, services: Mapping[str, Text]) -> list[tuple[Text, Look]]:
    """Give the looks of a layer by name; in the first it opens.

    Demand points and circles open with all services together, and have a look for each service besides.

    Parameters
    ----------
    services : mapping of str to Text
        Names of the services.
    """
    if layer.key in _ALWAYS:
        return [(layer.title, _ALWAYS[layer.key])]
    plain = {own.key: own.key for own in layer.columns}
    found = [(layer.title, _EACH[layer.key](plain))]
    for service, called in services.items():
        of = {own.says: own.key for own in layer.columns if own.service == service}
        found.append((called, _EACH[layer.key](plain | of)))
    return found


def _people(own: Mapping[str, str]) -> Look:
    """Draw demand points as the page does; ``own`` says which columns are meant."""
    grows = f"{_LEAST} + {_MOST - _LEAST:g} * sqrt(min(1, coalesce({column(own['persons'])}, 0) / {_MANY:g}))"
    marks = {"lost": ("triangle", 180), "far": ("cross2", 0)}
    found = []
    for state in _PEOPLE:
        shape, angle = marks.get(state, ("circle", 0))
        colour, hollow = COLOURS[state], state in ("open", "far")
        fill, line, width = (None, colour, 0.25) if hollow else (colour, "#FFFFFF", 0.1)
        symbol = [marker(shape, _SHOWN, fill, line, width, angle=angle, grows=grows)]
        found.append(Category(state, LAYERS[state], symbol))
    return Look(own["state"], found, tip=("name", own["persons"], own["before"], own["after"], own["state"]))


def _grounds(own: Mapping[str, str]) -> Look:
    """Draw circles the darker the more of those in need are covered after."""
    step = 1 / len(SHADES)
    found = []
    for n, shade in enumerate(SHADES):
        said = f"{100 * n * step:.0f}–{100 * (n + 1) * step:.0f} %"
        found.append(Category((n * step, (n + 1) * step), name(said, said), [ground(shade, "#8FA3B5", 0.2)]))
    return Look(own["share_after"], found, tip=("name", own["share_before"], own["share_after"]))


_EACH: Mapping[str, Callable[[Mapping[str, str]], Look]] = {"demand": _people, "circles": _grounds}
_ALWAYS = {
    "rooms": Look(
        "mode",
        [
            Category("", LAYERS["rejected"], _REJECTED, "rejected" not in HIDDEN),
            *(
                Category(
                    mode, LAYERS[mode], [marker(shape, 4.0 if mode == "add" else 3.4, COLOURS[mode], "#000000", 0.3)]
                )
                for mode, shape in _MODES.items()
            ),
        ],
        tip=("name", "mode", "service_names", "reason", "detail"),
        label="name",
        of=f"{column('chosen')} = 'yes'",
        label_scale=_NAMES,
    ),
    "existing": Look(
        "state",
        [Category("existing", LAYERS["existing"], _STANDING), Category("closed", LAYERS["closed"], _CLOSED)],
        tip=("name", "service", "state"),
    ),
    "service_lines": Look(
        "kind",
        [
            Category(kind, KINDS[kind], [stroke(colour, 0.16, 0.35)])
            for kind, colour in (("existing", COLOURS["existing"]), ("chosen", "#000000"))
        ],
        tip=("place", "demand", "service", "served", "minutes"),
        scale=_LINES,
    ),
    "Facilities": Look(
        "FacilityType",
        [
            Category(str(kind), TYPES[str(kind)], symbol)
            for kind, symbol in (
                (CANDIDATE, _REJECTED),
                (REQUIRED, _STANDING),
                (CHOSEN, [marker("triangle", 3.0, COLOURS["convert"], "#000000", 0.3)]),
            )
        ],
        tip=("Name", "Service", "FacilityType", "DemandWeight"),
    ),
    "DemandPoints": Look(
        "",
        [Category("", name("", ""), [marker("circle", 1.0, COLOURS["open"], "#FFFFFF", 0.1)])],
        tip=("Name", "Service", "Weight", "AllocatedWeight"),
        scale=_LINES,
    ),
    "Lines": Look(
        "",
        [Category("", name("", ""), [stroke("#000000", 0.16, 0.35)])],
        tip=("Name", "Service", "Weight", "Total_Minutes"),
        scale=_LINES,
    ),
}
