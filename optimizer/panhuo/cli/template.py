"""``panhuo template``: an empty instance with every column explained."""

from __future__ import annotations

from pathlib import Path

import typer

from panhuo.cli.options import argument, help_option, json_option, lang_option, option, quiet_option
from panhuo.cli.screen import Screen
from panhuo.words import Lang, T


def add(app: typer.Typer, lang: Lang) -> None:
    """Add the command."""

    @app.command(
        help=T("Write an empty instance with every column explained.").to(lang),
        rich_help_panel=T("Commands").to(lang),
    )
    def template(
        folder: Path = argument(
            lang, "DIR", T("Folder to write it to; a name that ends in .xlsx is the workbook itself.")
        ),
        xlsx: bool = option(lang, False, "--xlsx", text=T("Write one workbook instead of CSV tables.")),
        lang_: str = lang_option(lang),
        json: bool = json_option(lang),
        quiet: bool = quiet_option(lang),
        help_: bool = help_option(lang),
    ) -> None:
        screen = Screen(lang, json, quiet)
        from panhuo.instance import write_template

        write_template(folder, lang, xlsx)
        screen.say(T("The template is in {folder}.", folder=folder))
        screen.emit({"status": "written", "folder": str(folder), "faults": []})
