"""Arguments and options that several commands take, with their help in one language."""

from __future__ import annotations

from typing import Any

import typer

from panhuo.cli import manual
from panhuo.words import LANGS, Lang, T, Text


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


def proposal_option(lang: Lang) -> Any:
    """``-p``."""
    return option(
        lang, None, "-p", "--proposal", metavar="PROPOSAL.toml", text=T("A policy proposal that changes the instance.")
    )


def pins_option(lang: Lang) -> Any:
    """``--pins``."""
    text = T("A plan's workbook in which you decided what to keep (pin) and what to leave out (drop).")
    return option(lang, None, "--pins", metavar="plan.xlsx", text=text)
