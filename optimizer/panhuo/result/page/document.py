"""The page as a whole: everything is worked out here or below, the templates only lay it out."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from bokeh.resources import Resources
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from panhuo.instance.schema.choices import MODES
from panhuo.result.origins import way_said
from panhuo.result.page import money, people, proof
from panhuo.result.page.basemap import Basemap
from panhuo.result.page.frame import Frame
from panhuo.result.page.labels import LABELS, LAYERS, SCRIPT
from panhuo.result.page.map import COLOURS, HIDDEN, MARKERS, SHADES, drawn
from panhuo.result.page.points import STATES, Dots, dots
from panhuo.result.page.rooms import rooms
from panhuo.result.page.speech import Speech
from panhuo.result.page.story import glance, story
from panhuo.result.plan import Result
from panhuo.words import Lang, T, Text, catalogue, figures

FILE = "report.html"
PAGE = 500
"""Rooms that the table shows at once: a browser lays out no more in a moment."""


def write_page(result: Result, path: Path, lang: Lang = "en", basemap: Basemap | None = None) -> None:
    """Write report.html."""
    path.write_text(page(result, lang, basemap), encoding="utf-8", newline="\n")


def page(result: Result, lang: Lang = "en", basemap: Basemap | None = None) -> str:
    """Lay a result out as one HTML page that asks for nothing from anywhere, but for the tiles of a basemap.

    Parameters
    ----------
    lang : {"zh", "en"}
        Its language.
    basemap : Basemap, optional
        Tiles below the map, for readers who may reach their server.
    """
    speech = Speech.of(result.instance, lang)
    settings = result.instance.settings
    title = (settings.title_zh if lang == "zh" else "") or settings.title
    version = result.run["versions"]["panhuo"]
    points = dots(result.instance["demand"])
    charts = {
        "coverage": people.coverage_bars(result, speech), "equity": people.equity_bars(result, speech),
        "parties": money.party_bars(result, speech),
    }  # fmt: skip
    tables = {
        "coverage": people.coverage_table(result, speech), "circles": people.circle_table(result, speech),
        "worst": people.worst_table(result, speech), "parties": money.party_sums(result, speech),
        "items": money.fund_items(result, speech), "funds": money.fund_caps(result, speech),
        "burden": money.burden(result, speech), "accounts": money.accounts(result, speech),
        "losing": money.losing(result, speech), "stages": proof.stages(result, speech),
        "run": proof.run_facts(result, speech), "inputs": proof.input_hashes(result),
        "origins": proof.origins(result, speech),
    }  # fmt: skip
    return _environment().get_template("page.html.j2").render(
        lang="zh-CN" if lang == "zh" else "en",
        title=title,
        say={key: words.to(lang) for key, words in LABELS.items()},
        layers={key: words.to(lang) for key, words in LAYERS.items()},
        text=speech.text,
        unit=speech.unit,
        glance=glance(result, speech),
        story=story(result, speech),
        remarks=[speech.text(remark) for remark in result.remarks],
        minutes=speech.text(way_said(result.instance, result.run["minutes"], result.run["off_network"])),
        rooms=rooms(result, speech),
        page=PAGE,
        map_notes=[speech.text(note) for note in _map_notes(result, points)],
        charts=charts,
        tables=tables,
        method=proof.METHOD,
        made_by=speech.text(T("Made by Panhuo {version}. This page needs no network.", version=version)
                            if basemap is None else
                            T("Made by Panhuo {version}. Of the network this page needs the tiles of the basemap only.",
                              version=version)),
        basemap=basemap,
        hidden=HIDDEN,
        colours=COLOURS,
        markers=MARKERS,
        shades=SHADES,
        style=_own("style.css"),
        behaviour=_own("behaviour.js"),
        bokeh=_bokeh(),
        data=_data(drawn(result, speech, points, Frame.of(result.instance, basemap)) | _script(speech)),
    )  # fmt: skip


def _map_notes(result: Result, points: Dots) -> list[Text]:
    """Say what the ground of circles is, and what a dot stands for."""
    given = result.instance.outlines is not None
    found = [LABELS["outline_note"] if given else LABELS["ground_note"]]
    if points.square_m is not None:
        found.append(
            T(
                "Of {points} demand points those of a circle within a square of {metres} m are drawn as one, and what "
                "holds for most of their people counts.",
                points=figures.count(len(points.of)), metres=f"{points.square_m:,}",
            )
        )  # fmt: skip
    return found


def _script(speech: Speech) -> dict[str, Any]:
    """Give the page's script its words."""
    lang = speech.lang
    known = {} if lang == "en" else catalogue(lang)
    return {
        "words": {key: known.get(words.pattern, words.pattern) for key, words in SCRIPT.items()},
        "modes": {mode: speech.mode(mode) for mode in MODES},
        "between": "、" if lang == "zh" else ", ",
        "states": STATES,
        "page": PAGE,
    }


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("panhuo.result.page"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


@cache
def _own(name: str) -> Markup:
    """Read a file of ours that goes into the page as it is."""
    return Markup((resources.files("panhuo.result.page") / "templates" / name).read_text(encoding="utf-8"))


@cache
def _bokeh() -> Markup:
    """Take Bokeh's own script; what could end the element it stands in is written otherwise."""
    script = "\n".join(Resources(mode="inline", components=["bokeh"]).js_raw)
    return Markup(script.replace("</script", "<\\/script"))


def _data(found: dict[str, Any]) -> Markup:
    """Write data for a script element: no character of it can end the element or begin another."""
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)
