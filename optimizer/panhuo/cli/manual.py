"""The help of a command: every word of it in the reader's language, which Typer's own page is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from panhuo.cli.screen import console, width
from panhuo.cli.wrapping import lines, wide
from panhuo.words import Lang, T

_COLUMNS = 100
"""Of a line where no terminal limits it."""

_NAMES = 34
"""Columns for names at most; a longer name has a line to itself."""


def show(context: Any, lang: Lang) -> None:
    """Print the help of the command that a context stands for."""
    out = console()
    for line in page(context.command, context.command_path, lang, width(out) or _COLUMNS):
        out.print(line)


def page(command: Any, path: str, lang: Lang, columns: int) -> list[str]:
    """Lay out the help of a command: how it is called, what it is for, what it takes.

    Parameters
    ----------
    command
        As Typer builds it.
    path : str
        How it is called, such as ``panhuo solve``.
    columns : int [columns]
        Of a line.
    """
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    inside = getattr(command, "commands", {})
    call = [
        path,
        *([T("COMMAND").to(lang)] if inside else []),
        *(p.metavar for p in arguments),
        T("[OPTIONS]").to(lang),
    ]
    told = lines(T("Usage: {call}", call=" ".join(call)).to(lang), columns)
    told += ["", *lines(command.help, columns)]
    for heading, rows in (
        (T("Commands"), [(name, one.help) for name, one in inside.items()]),
        (T("Arguments"), [(p.metavar, p.help) for p in arguments]),
        (T("Options"), [(_names(p), _said(p, lang)) for p in options]),
    ):
        if rows:
            told += ["", heading.to(lang), *_rows(rows, columns)]
    return told


def _names(option: Any) -> str:
    return ", ".join(option.opts) + (f" {option.metavar}" if option.metavar else "")


def _said(option: Any, lang: Lang) -> str:
    if option.required:
        return T("{help} Required.", help=option.help).to(lang)
    if option.show_default and option.default:
        return T("{help} By default {value}.", help=option.help, value=option.default).to(lang)
    return str(option.help)


def _rows(rows: Sequence[tuple[str, str]], columns: int) -> list[str]:
    most = min(_NAMES, max(wide(name) for name, _ in rows))
    found = []
    for name, text in rows:
        first, *more = lines(text, max(columns - most - 4, 20))
        if wide(name) > most:
            found.append(f"  {name}")
            name = ""  # noqa: PLW2901 (it stands above)
        found.append(f"  {name}{' ' * (most - wide(name))}  {first}")
        found += [" " * (most + 4) + line for line in more]
    return found
