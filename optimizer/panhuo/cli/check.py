"""``panhuo check``: all faults of an instance, or what its data mean."""

from __future__ import annotations

from pathlib import Path

import typer

import panhuo
from panhuo import run
from panhuo.cli.options import (
    argument,
    help_option,
    json_option,
    lang_option,
    no_cache_option,
    option,
    pins_option,
    proposal_option,
    quiet_option,
)
from panhuo.cli.progress import Steps
from panhuo.cli.screen import Screen
from panhuo.instance import Fault, InstanceError
from panhuo.words import Lang, T


def add(app: typer.Typer, lang: Lang) -> None:
    """Add the command."""

    @app.command(
        help=T("List every fault of an instance; if there is none, say what its data mean.").to(lang),
        rich_help_panel=T("Commands").to(lang),
    )
    def check(
        instance: Path = argument(lang, "INSTANCE", T("Folder of tables, or one workbook.")),
        proposal: Path | None = proposal_option(lang),
        pins: Path | None = pins_option(lang),
        no_cache: bool = no_cache_option(lang),
        lang_: str = lang_option(lang),
        picture: Path | None = option(
            lang,
            None,
            "--picture",
            metavar="FILE",
            callback=_drawable,
            text=T("Also draw what lies within 15 minutes of a few rooms, to a file .png or .svg."),
        ),
        json: bool = json_option(lang),
        quiet: bool = quiet_option(lang),
        help_: bool = help_option(lang),
    ) -> None:
        screen = Screen(lang, json, quiet)
        with Steps(screen) as steps:
            from panhuo.cli import meaning

            district = panhuo.read(instance, proposal, pins)
            found = run.check(district, cache=not no_cache, reached=steps.share, step=steps.step)
            if picture is not None:
                steps.step("draw")
            remark = None if picture is None else run.picture(district, picture, found.snapping, lang)
        meaning.show(screen, district, found)
        remarks = [] if remark is None else [remark]
        if picture is not None:
            screen.say(T("The picture is in {file}.", file=picture))
            screen.warn(remarks)
        screen.emit(meaning.record(district, found, lang, picture, remarks))


def _drawable(file: Path | None) -> Path | None:
    if file is not None and file.suffix.lower() not in (".png", ".svg"):
        rule = T("a picture is written as .png or .svg")
        raise InstanceError([Fault(str(file), rule, T("Give --picture a file whose name ends so"))])
    if file is not None and not file.absolute().parent.is_dir():
        rule = T("there is no folder {folder}", folder=file.parent)
        raise InstanceError([Fault(str(file), rule, T("Make it first, or give --picture a file in another folder"))])
    return file
