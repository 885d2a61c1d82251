"""The map: a Bokeh figure with a layer a kind of thing, and the data that the page's own script fills it with."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pandas as pd
from bokeh.embed import json_item
from bokeh.models import (
    Circle,
    ColumnDataSource,
    GlyphRenderer,
    HoverTool,
    MultiLine,
    MultiPolygons,
    PanTool,
    Plot,
    Range1d,
    ScaleBar,
    Scatter,
    Segment,
    TapTool,
    WheelZoomTool,
)
from numpy.typing import NDArray

from panhuo.assemble.families import served_as
from panhuo.result.closing import closed
from panhuo.result.page.frame import Frame
from panhuo.result.page.ground import grounds
from panhuo.result.page.people import by_circle, served_services
from panhuo.result.page.points import Dots, drawn_points
from panhuo.result.page.reach import reach
from panhuo.result.page.rooms import served_points
from panhuo.result.page.speech import Speech
from panhuo.result.plan import Result
from panhuo.words import figures

COLOURS = {
    "covered": "#56B4E9", "new": "#D55E00", "lost": "#CC79A7", "open": "#6E6E6E", "far": "#A8A8A8",
    "existing": "#004A75", "closed": "#004A75", "keep": "#009E73", "convert": "#F0E442", "rebuild": "#E69F00",
    "add": "#FFFFFF", "rejected": "#333333", "others": "#7A5C00", "area": "#B00020", "reached": "#000000",
}  # fmt: skip
"""After Okabe and Ito (https://jfly.uni-koeln.de/color/): told apart by the colour-blind."""

MARKERS = {
    "covered": "circle", "new": "circle", "lost": "inverted_triangle", "open": "circle", "far": "x",
    "existing": "square", "closed": "square_x", "keep": "hex", "convert": "triangle", "rebuild": "diamond",
    "add": "star", "rejected": "cross",
}  # fmt: skip
"""A shape of its own for all that colour alone would tell apart."""

HIDDEN = ("rejected",)
"""Layers that are not shown at first."""

SHADES = ("#F7FBFF", "#E3EEF7", "#CFE1F0", "#B5D0E6", "#94BAD9")
"""Ground of circles, from nobody covered to everybody: light enough for what is drawn on it."""

_MARK, _UNCROWDED = 13, 120
"""Size of a chosen room's mark [pixels], and up to how many rooms of a service it has that size."""

_TIP = (
    '<div style="font:13px/1.45 system-ui,sans-serif;color:#1b1f24;max-width:22rem;overflow-wrap:anywhere">'
    "<b>@title</b><div>@first</div><div>@second</div></div>"
)
_TEXTS = ("title", "first", "second")


def drawn(result: Result, speech: Speech, points: Dots, frame: Frame) -> dict[str, Any]:
    """Give all that the page's script needs to draw the map: the Bokeh figure, and the data of every service.

    Positions are whole metres from the lower left corner. People are whole.
    """
    instance, services = result.instance, served_services(result)
    sites, existing = (frame.at(instance[t][["x_m", "y_m"]].to_numpy(float)) for t in ("sites", "existing"))
    names, shapes = grounds(instance)
    return {
        "figure": _renumbered(json_item(_figure(frame, _mark(result)), "map")),
        "size": frame.size.tolist(),
        "services": [{"key": k, "name": speech.service(k)} for k in services],
        "points": drawn_points(result, services, points, frame, speech),
        "rooms": _rooms(result, sites),
        "existing": _existing(result, existing, speech),
        "served": served_points(result, points.of),
        "reach": reach(result, speech, frame),
        "circles": _circles(result, services, names, [frame.rings(shape) for shape in shapes], speech),
        "shades": SHADES,
    }


def _renumbered(item: Any) -> Any:
    """Give Bokeh's objects numbers from 1, in the order they are written: Bokeh counts on in a process."""
    text = json.dumps(item)
    found = dict.fromkeys(re.findall(r'"id": "(p\d+)"', text))
    new = {old: f"p{n}" for n, old in enumerate(found, start=1)}
    return json.loads(re.sub(r'"(p\d+)"', lambda match: f'"{new[match[1]]}"', text))


def _mark(result: Result) -> int:
    """Say how large the marks of chosen rooms are: smaller where those of one service would hide each other."""
    most = result.tables["plan"].groupby("service")["site"].nunique().max()
    return int(np.clip(_MARK * np.sqrt(_UNCROWDED / max(np.nan_to_num(most), 1)), _MARK / 2, _MARK))


def _figure(frame: Frame, mark: int) -> Plot:
    """Lay out the empty figure, the lowest layer first; ``mark`` is the size of chosen rooms."""
    plot = Plot(
        x_range=Range1d(0, float(frame.size[0])), y_range=Range1d(0, float(frame.size[1])), sizing_mode="stretch_both",
        toolbar_location=None, outline_line_color=None, min_border=0, name="map", output_backend="canvas",
        background_fill_color="#FFFFFF",
    )  # fmt: skip
    tiles = frame.tiles()
    if tiles is not None:
        plot.add_tile(tiles, name="basemap")
    ground = _layer(
        plot, "circles", MultiPolygons(xs="xs", ys="ys", fill_color="shade", line_color="#8FA3B5", line_width=0.7,
                                       fill_alpha=1.0 if tiles is None else 0.45),
        "xs", "ys", "shade", *_TEXTS,
    )  # fmt: skip
    _layer(plot, "rings", Circle(x="x", y="y", radius="radius", fill_color=COLOURS["area"], fill_alpha=0.07,
                                 line_color=COLOURS["area"], line_width=1.5), "x", "y", "radius")  # fmt: skip
    _layer(plot, "streets", MultiLine(xs="xs", ys="ys", line_color=COLOURS["area"], line_alpha=0.4, line_width=4),
           "xs", "ys")  # fmt: skip
    people = [_people(plot, state) for state in ("far", "open", "covered", "new", "lost")]
    rejected = _marks(plot, "rejected", 7, line="#555555", line_width=1.2)
    existing = [_marks(plot, "existing", 8, line="#FFFFFF"), _marks(plot, "closed", 9, line="#004A75", fill=None)]
    _layer(plot, "lines", Segment(x0="x0", y0="y0", x1="x1", y1="y1", line_color="#000000", line_alpha=0.45),
           "x0", "y0", "x1", "y1")  # fmt: skip
    _layer(plot, "reached", Scatter(x="x", y="y", size="size", marker="circle", fill_color=None, line_color="#000000",
                                    line_width=1.2), "x", "y", "size")  # fmt: skip
    others = _marks(plot, "others", 6, marker="circle", line="#FFFFFF", fill="#7A5C00", line_width=0.8)
    rooms = [_marks(plot, mode, mark + 2 if mode == "add" else mark) for mode in ("keep", "convert", "rebuild", "add")]
    _layer(plot, "picked", Scatter(x="x", y="y", size=26, marker="circle", fill_color=None, line_color="#B00020",
                                   line_width=3), "x", "y")  # fmt: skip
    shown = [ground, *people, rejected, *existing, others, *rooms]
    pan, wheel = PanTool(), WheelZoomTool()
    plot.add_tools(
        pan, wheel, TapTool(renderers=[*rooms, others, rejected]),
        HoverTool(renderers=shown[1:], tooltips=_TIP, attachment="horizontal"),
        HoverTool(renderers=[ground], tooltips=_TIP, attachment="vertical"),
    )  # fmt: skip
    for renderer in shown:
        renderer.visible = renderer.name not in HIDDEN
    plot.toolbar.active_drag, plot.toolbar.active_scroll = pan, wheel
    plot.add_layout(
        ScaleBar(range=plot.x_range, unit="m", location="bottom_left", background_fill_alpha=0.8,
                 border_line_color=None, label_text_color="#1b1f24", bar_line_color="#1b1f24", title="")
    )  # fmt: skip
    return plot


def _layer(plot: Plot, name: str, glyph: Any, *columns: str) -> GlyphRenderer:
    source = ColumnDataSource(data={column: [] for column in columns}, name=f"{name} data")
    return plot.add_glyph(source, glyph, name=name, selection_glyph=None, nonselection_glyph=None)


def _people(plot: Plot, state: str) -> GlyphRenderer:
    hollow = state in ("open", "far")
    glyph = Scatter(
        x="x", y="y", size="size", marker=MARKERS[state], fill_color=None if hollow else COLOURS[state],
        line_color=COLOURS[state] if hollow else "#FFFFFF", line_width=1.0 if hollow else 0.4,
    )  # fmt: skip
    return _layer(plot, state, glyph, "x", "y", "size", *_TEXTS)


def _marks(
    plot: Plot, name: str, size: int, *, marker: str = "", line: str = "#000000", fill: str | None = "",
    line_width: float = 1.2,
) -> GlyphRenderer:  # fmt: skip
    glyph = Scatter(
        x="x", y="y", size=size, marker=marker or MARKERS[name], fill_color=COLOURS[name] if fill == "" else fill,
        line_color=line, line_width=line_width,
    )  # fmt: skip
    return _layer(plot, name, glyph, "x", "y", "row", *_TEXTS)


def _rooms(result: Result, at: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Lay out the rooms: where, in which mode, and its services by the service whose people they serve."""
    sites, plan = result.tables["sites"], result.tables["plan"]
    served = plan["service"].map(served_as(result.instance))
    kinds: dict[str, dict[str, list[str]]] = {}
    for site, service, kind in dict.fromkeys(zip(plan["site"], served, plan["service"], strict=True)):
        kinds.setdefault(site, {}).setdefault(service, []).append(kind)
    return [
        {"id": site, "x": x, "y": y, "mode": mode, "services": list(kinds.get(site, {})), "kinds": kinds.get(site, {})}
        for site, mode, (x, y) in zip(sites["site"], sites["mode"], at.tolist(), strict=True)
    ]


def _existing(result: Result, at: NDArray[np.int64], speech: Speech) -> dict[str, Any]:
    existing, family = result.instance["existing"], served_as(result.instance)
    return {
        "x": at[:, 0].tolist(), "y": at[:, 1].tolist(),
        "name": [name or key for name, key in zip(existing["name"], existing["id"], strict=True)],
        "service": [family.get(k, k) for k in existing["service"]],
        "kind": [speech.service(k) for k in existing["service"]],
        "closed": closed(result.instance, result.plan).tolist(),
    }  # fmt: skip


def _circles(
    result: Result, services: list[str], names: list[str], outlines: list[Any], speech: Speech
) -> dict[str, Any]:
    table = by_circle(result)
    by: dict[str, Any] = {}
    for service in services:
        rows = table[table["service"] == service].set_index("circle").reindex(names)
        by[service] = {
            "before": [None if pd.isna(v) else round(float(v), 4) for v in rows["before"]],
            "after": [None if pd.isna(v) else round(float(v), 4) for v in rows["after"]],
            "need": [figures.count(v) for v in rows["base_persons"].fillna(0.0)],
        }
    return {
        "name": [speech.circle(circle) for circle in names], "by": by,
        "xs": [[[ring[0] for ring in polygon] for polygon in shape] for shape in outlines],
        "ys": [[[ring[1] for ring in polygon] for polygon in shape] for shape in outlines],
    }  # fmt: skip
