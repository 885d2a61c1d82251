"""Arguments and options that several commands take, with their help in one language."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from panhuo.cli import manual
from panhuo.words import LANGS, Lang, T, Text

if TYPE_CHECKING:
    from panhuo.result import Basemap


def argument(lang: Lang, name: str, text: Text) -> Any:
    """Make a required argument."""
    return typer.Argument(
        ..., metavar=name, help=text.to(lang), show_default=False, rich_help_panel=T("Arguments").to(lang)
    )


def option(lang: Lang, default: Any, *names: str, text: Text, **more: Any) -> Any:
    """Make an option; ``...`` as default makes it required."""
    more.setdefault("show_default", default not in (..., None, False))
    if default is False:
        more.setdefault("metavar", "")
    return typer.Option(default, *names, help=text.to(lang), rich_help_panel=T("Options").to(lang), **more)


def lang_option(lang: Lang) -> Any:
    """``--lang``; the language is known before the commands are built, so here it is only checked."""
    return option(
        lang,
        lang,
        "--lang",
        metavar="|".join(LANGS),
        callback=_known_language,
        text=T("Language: zh or en; by default that of the system."),
        show_default=False,
    )


def json_option(lang: Lang) -> Any:
    """``--json``."""
    return option(lang, False, "--json", text=T("Print one JSON object and nothing else."))


def quiet_option(lang: Lang) -> Any:
    """``--quiet``."""
    return option(lang, False, "--quiet", text=T("Print nothing but faults."))


def help_option(lang: Lang) -> Any:
    """``--help``, with its own text in the reader's language."""

    def show(context: typer.Context, asked: bool) -> None:
        if asked:
            manual.show(context, lang)
            raise typer.Exit

    return option(
        lang, False, "--help", is_eager=True, callback=show, expose_value=True, text=T("Show this help and exit.")
    )


def _known_language(value: str) -> str:
    if value not in LANGS:
        raise typer.BadParameter(", ".join(LANGS), param_hint="--lang")
    return value


def no_cache_option(lang: Lang) -> Any:
    """``--no-cache``."""
    text = T("Work walking minutes out anew, and keep none on disk.")
    return option(lang, False, "--no-cache", text=text)


def basemap_option(lang: Lang) -> Any:
    """``--basemap``."""
    text = T(
        "Address of tiles below the map of report.html, with {{z}}, {{x}}, {{y}}; without it the page asks for nothing."
    )
    return option(lang, None, "--basemap", metavar="URL", text=text)


def credit_option(lang: Lang) -> Any:
    """``--basemap-credit``."""
    text = T("Whom the map names as the source of the tiles.")
    return option(lang, "", "--basemap-credit", metavar="TEXT", text=text, show_default=False)


def basemap_of(lang: Lang, url: str | None, credit: str, out: Path | None) -> Basemap | None:
    """Take the two options together.

    Raises
    ------
    InstanceError
        The address cannot be one of tiles.
    BadParameter
        There is no page for it.
    """
    if url is None:
        return None
    if out is None:
        message = T("Only with --out: the tiles lie below the map of report.html.").to(lang)
        raise typer.BadParameter(message, param_hint="--basemap")
    from panhuo.result import Basemap

    return Basemap(url, credit)


def proposal_option(lang: Lang) -> Any:
    """``-p``."""
    return option(
        lang, None, "-p", "--proposal", metavar="PROPOSAL.toml", text=T("A policy proposal that changes the instance.")
    )


def pins_option(lang: Lang) -> Any:
    """``--pins``."""
    text = T("A plan's workbook in which you decided what to keep (pin) and what to leave out (drop).")
    return option(lang, None, "--pins", metavar="plan.xlsx", text=text)
