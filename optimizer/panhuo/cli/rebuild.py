"""``panhuo report``: makes what readers open anew, from a result's folder alone."""

from __future__ import annotations

from pathlib import Path

import typer

from panhuo import result
from panhuo.cli.options import (
    argument,
    basemap_of,
    basemap_option,
    credit_option,
    help_option,
    json_option,
    lang_option,
    option,
    quiet_option,
)
from panhuo.cli.progress import Steps
from panhuo.cli.screen import Screen
from panhuo.words import Lang, T, Text


def add(app: typer.Typer, lang: Lang) -> None:
    """Add the command."""

    @app.command(
        help=T("Make report.html, plan.xlsx and plan.gpkg of a result anew, from its folder alone.").to(lang),
        rich_help_panel=T("Commands").to(lang),
    )
    def report(
        out: Path = argument(lang, "OUT", T("Folder that solve or evaluate wrote.")),
        shp: bool = option(lang, False, "--shp", text=T("Write the map layers as Shapefiles too, into OUT/shp.")),
        figures: bool = option(
            lang,
            False,
            "--figures",
            text=T("Draw maps and charts for slides and print too, PNG and SVG, into OUT/figures."),
        ),
        basemap: str | None = basemap_option(lang),
        basemap_credit: str = credit_option(lang),
        lang_: str = lang_option(lang),
        json: bool = json_option(lang),
        quiet: bool = quiet_option(lang),
        help_: bool = help_option(lang),
    ) -> None:
        screen = Screen(lang, json, quiet)
        asked = [name for name, wanted in (("shp", shp), ("figures", figures)) if wanted]
        notes: list[Text] = []
        tiles = basemap_of(lang, basemap, basemap_credit, out)
        with Steps(screen) as steps:
            files = result.rebuild(out, lang, steps.step, asked, notes.append, tiles)
        screen.say(T("Made anew in {folder}: {files}.", folder=out, files=", ".join(files)))
        screen.warn(notes)
        told = [note.to(lang) for note in notes]
        screen.emit({"status": "rebuilt", "out": str(out), "files": list(files), "notes": told, "faults": []})
