"""QGIS's style files (QML), as QGIS 3.22 and later read them: renderers, labels, tips, names of fields and keys.

Names that tables give stand here only as text for readers (aliases, words of keys), never in an expression: what is
evaluated are names of columns and numbers. Structure as QGIS itself writes it (``QgsVectorLayer::saveNamedStyle``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from panhuo.result.layers.layer import Column, Layer
from panhuo.words import Lang, Text

_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_VERSION = "3.22.0"
_KINDS = {"Point": ("marker", "0"), "LineString": ("line", "1"), "MultiPolygon": ("fill", "2")}
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Drawn:
    """One layer of a symbol: QGIS's class, its properties, and those that follow an expression."""

    kind: str
    properties: Mapping[str, str]
    follows: Mapping[str, str] = field(default_factory=dict)


Symbol = Sequence[Drawn]


@dataclass(frozen=True)
class Category:
    """A value or a range of the attribute, its words and its symbol; shown at first or not."""

    value: str | tuple[float, float]
    label: Text
    symbol: Symbol
    shown: bool = True


@dataclass(frozen=True)
class Look:
    """How a layer looks.

    Parameters
    ----------
    attribute : str
        The column that tells the categories apart; "" where all look the same.
    categories : sequence of Category
        From the lowest on the map to the highest.
    tip : sequence of str
        Columns shown where the pointer is.
    label, of : str
        Column of the labels, and an expression that says which rows have one.
    label_scale, scale : int or None
        Largest denominators of the scales at which labels and the layer itself are drawn.
    """

    attribute: str
    categories: Sequence[Category]
    tip: Sequence[str] = ()
    label: str = ""
    of: str = ""
    label_scale: int | None = None
    scale: int | None = None


def marker(
    shape: str, size: float, fill: str | None, line: str, width: float = 0.2, *, angle: int = 0, grows: str = ""
) -> Drawn:
    """Draw a mark of so many millimetres; ``grows`` is an expression for its size."""
    properties = {
        "name": shape, "size": f"{size:g}", "size_unit": "MM", "angle": str(angle), "color": _colour(fill),
        "outline_color": _colour(line), "outline_width": f"{width:g}", "outline_width_unit": "MM",
        "outline_style": "solid", "scale_method": "diameter",
    }  # fmt: skip
    return Drawn("SimpleMarker", properties, {"size": grows} if grows else {})


def stroke(colour: str, width: float, opacity: float = 1.0, *, grows: str = "") -> Drawn:
    """Draw a line of so many millimetres."""
    properties = {"line_color": _colour(colour, opacity), "line_width": f"{width:g}", "line_width_unit": "MM",
                  "capstyle": "round"}  # fmt: skip
    return Drawn("SimpleLine", properties, {"outlineWidth": grows} if grows else {})


def ground(fill: str, line: str, width: float) -> Drawn:
    """Fill a polygon, with an outline of so many millimetres."""
    return Drawn("SimpleFill", {
        "color": _colour(fill), "outline_color": _colour(line), "outline_width": f"{width:g}",
        "outline_width_unit": "MM", "outline_style": "solid", "style": "solid",
    })  # fmt: skip


def _colour(colour: str | None, opacity: float = 1.0) -> str:
    if colour is None:
        return "255,255,255,0"
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def column(key: str) -> str:
    """Write a column in an expression."""
    return '"' + key.replace('"', '""') + '"'


def qml(layer: Layer, look: Look, lang: Lang) -> str:
    """Write the style file of a layer."""
    head = {"version": _VERSION, "styleCategories": "AllStyleCategories", "labelsEnabled": str(int(bool(look.label)))}
    root = ET.Element("qgis", head | _scales(look.scale))
    root.append(_renderer(layer, look, lang))
    if look.label:
        root.append(_labels(look))
    _fields(root, layer, lang)
    _add(root, "previewExpression").text = column(look.tip[0])
    _add(root, "mapTip").text = _tip([c for key in look.tip for c in layer.columns if c.key == key])
    _add(root, "layerGeometryType").text = _KINDS[layer.geometry][1]
    ET.indent(root, " ")
    return _HEAD + ET.tostring(root, encoding="unicode") + "\n"


def _scales(denominator: int | None) -> dict[str, str]:
    return {"hasScaleBasedVisibilityFlag": str(int(denominator is not None)), "maxScale": "0",
            "minScale": str(denominator or 100_000_000)}  # fmt: skip


def _renderer(layer: Layer, look: Look, lang: Lang) -> ET.Element:
    ranged = bool(look.categories) and isinstance(look.categories[0].value, tuple)
    kind = "graduatedSymbol" if ranged else "categorizedSymbol" if look.attribute else "singleSymbol"
    found = ET.Element("renderer-v2", type=kind, symbollevels="1", enableorderby="0", forceraster="0")
    symbols = ET.Element("symbols")
    if look.attribute:
        found.set("attr", look.attribute)
        entries = _add(found, "ranges" if ranged else "categories")
    for n, category in enumerate(look.categories):
        symbols.append(_symbol(layer, category.symbol, n))
        if not look.attribute:
            continue
        said = {
            "label": category.label.to(lang),
            "symbol": str(n),
            "render": "true" if category.shown else "false",
        }
        if isinstance(category.value, tuple):
            _add(entries, "range", lower=f"{category.value[0]:.15f}", upper=f"{category.value[1]:.15f}", **said)
        else:
            _add(entries, "category", value=category.value, type="string", **said)
    found.append(symbols)
    return found


def _symbol(layer: Layer, symbol: Symbol, n: int) -> ET.Element:
    found = ET.Element("symbol", type=_KINDS[layer.geometry][0], name=str(n), alpha="1", clip_to_extent="1",
                       force_rhr="0")  # fmt: skip
    for drawn in symbol:
        made = _add(found, "layer", **{"class": drawn.kind, "enabled": "1", "locked": "0", "pass": str(n)})
        properties = _add(made, "Option", type="Map")
        for key, value in drawn.properties.items():
            _add(properties, "Option", name=key, value=value, type="QString")
        for name, expression in drawn.follows.items():
            everything = _add(_add(made, "data_defined_properties"), "Option", type="Map")
            _add(everything, "Option", name="name", value="", type="QString")
            one = _add(_add(everything, "Option", name="properties", type="Map"), "Option", name=name, type="Map")
            _add(one, "Option", name="active", value="true", type="bool")
            _add(one, "Option", name="expression", value=expression, type="QString")
            _add(one, "Option", name="type", value="3", type="int")
            _add(everything, "Option", name="type", value="collection", type="QString")
    return found


def _labels(look: Look) -> ET.Element:
    found = ET.Element("labeling", type="rule-based")
    rule = {"key": "labels", "filter": look.of}
    if look.label_scale is not None:
        rule |= {"scalemindenom": "1", "scalemaxdenom": str(look.label_scale)}
    settings = _add(_add(_add(found, "rules", key="all"), "rule", **rule), "settings", calloutType="simple")
    text = _add(settings, "text-style", fieldName=look.label, isExpression="0", allowHtml="0", fontSize="8",
                fontSizeUnit="Point", textColor="0,0,0,255", textOpacity="1")  # fmt: skip
    _add(text, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM", bufferColor="255,255,255,255",
         bufferOpacity="1")  # fmt: skip
    _add(settings, "placement", placement="6", dist="0.5", distUnits="MM", offsetType="1",
         predefinedPositionOrder="TR,TL,BR,BL,R,L,TSR,BSR")  # fmt: skip
    _add(settings, "rendering", drawLabels="1", obstacle="1", obstacleFactor="1")
    return found


def _fields(root: ET.Element, layer: Layer, lang: Lang) -> None:
    """Name the columns, and what keys in them mean."""
    widgets, aliases = _add(root, "fieldConfiguration"), _add(root, "aliases")
    for n, own in enumerate(layer.columns, start=1):
        _add(aliases, "alias", field=own.key, index=str(n), name=own.title.to(lang))
        if not own.words:
            continue
        widget = _add(_add(widgets, "field", name=own.key, configurationFlags="None"), "editWidget", type="ValueMap")
        said = _add(_add(_add(widget, "config"), "Option", type="Map"), "Option", name="map", type="List")
        for key, words in own.words.items():
            _add(_add(said, "Option", type="Map"), "Option", name=words.to(lang), value=key, type="QString")


def _tip(columns: Sequence[Column]) -> str:
    """Write the tip: a line a column. A tip is HTML, so signs of a value that would be markup are written otherwise."""
    lines = []
    for own in columns:
        value = f"represent_value({column(own.key)})" if own.words else column(own.key)
        value = f"coalesce({value}, '')"
        for sign, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            value = f"replace({value}, '{sign}', '{written}')"
        lines.append(f"<div>[% {value} %]</div>")
    return "".join(lines)


def _add(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, tag, {name: _clean(value) for name, value in attributes.items()})


def _clean(text: str) -> str:
    """Replace what no XML may hold."""
    return _NO_XML.sub("\ufffd", text)
