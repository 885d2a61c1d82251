"""What a command shows, and where: tables for readers, JSON for programs, faults on stderr."""

from __future__ import annotations

import json
import locale
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from typing import Any

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from panhuo.instance import Fault
from panhuo.words import LANGS, Lang, T, Text

WIDTH_PIPED = 200
"""Columns where nobody's terminal limits the line."""


def language(words: Sequence[str]) -> Lang:
    """Find the language asked for: ``--lang`` on the command line, else the locale."""
    for i, word in enumerate(words):
        asked = word.partition("=")[2] if word.startswith("--lang=") else "".join(words[i + 1 : i + 2])
        if word.startswith("--lang") and asked in LANGS:
            return "zh" if asked == "zh" else "en"
    settings = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    spoken = next((setting for setting in settings if setting), None) or locale.getlocale()[0] or ""
    return "zh" if spoken.lower().startswith(("zh", "chinese")) else "en"


def tolerate_narrow_streams() -> None:
    """Let a console that lacks a character show a question mark instead of failing (cp936, ASCII)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _console(*, stderr: bool) -> Console:
    console = Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=False)
    if not console.is_terminal:
        console.width = WIDTH_PIPED
    return console


def _plain(value: Any) -> Any:
    """Turn numpy values into what JSON knows; what is not finite becomes null before it gets here."""
    if isinstance(value, np.generic):
        return value.item()
    return str(value)


@dataclass(frozen=True)
class Screen:
    """Where a command speaks.

    Parameters
    ----------
    lang : {"zh", "en"}
        Language of every sentence.
    json : bool
        Only one JSON object on stdout, nothing for readers.
    quiet : bool
        Nothing for readers but faults.
    """

    lang: Lang
    json: bool
    quiet: bool

    @property
    def shows(self) -> bool:
        """Whether anything but faults is shown to a reader."""
        return not (self.json or self.quiet)

    def say(self, sentence: Text) -> None:
        """Print a sentence."""
        if self.shows:
            _console(stderr=False).print(sentence.to(self.lang))

    def table(self, title: Text, headers: Iterable[Text], rows: Iterable[Sequence[str]], *, words: int = 1) -> None:
        """Print a table; the first ``words`` columns are words, the others figures."""
        if not self.shows:
            return
        console = _console(stderr=False)
        box = SIMPLE_HEAD if console.is_terminal else None
        table = Table(box=box, pad_edge=False)
        for i, header in enumerate(headers):
            table.add_column(header.to(self.lang), justify="left" if i < words else "right")
        for row in rows:
            table.add_row(*row)
        console.print(title.to(self.lang), style="bold")
        console.print(table)
        console.print()

    def warn(self, warnings: Iterable[Fault | Text]) -> None:
        """Print what does not stop a run but should be known."""
        for warning in warnings:
            if self.shows:
                _console(stderr=False).print(T("Note: {note}", note=warning.to(self.lang)).to(self.lang))

    def emit(self, record: Mapping[str, Any]) -> None:
        """Print the JSON object, where JSON was asked for."""
        if self.json:
            # What the stream cannot hold is escaped rather than replaced: the object stays exact.
            escape = not (sys.stdout.encoding or "").lower().startswith("utf")
            print(json.dumps(record, ensure_ascii=escape, indent=2, default=_plain))  # noqa: T201

    def fail(self, status: str, lines: Sequence[str], **details: Any) -> None:
        """Say why there is no result: a line each on stderr, or one JSON object."""
        if self.json:
            self.emit({"status": status, **(details or {"message": "\n".join(lines)})})
            return
        console = _console(stderr=True)
        for line in lines:
            console.print(line, soft_wrap=True)


def fault_record(fault: Fault, lang: Lang) -> dict[str, Any]:
    """Give a fault as a JSON object."""
    return {
        "file": fault.file,
        "row": fault.row,
        "column": fault.column,
        "value": None if fault.value is None else str(fault.value),
        "rule": fault.rule.to(lang),
        "mend": fault.mend.to(lang),
        "message": fault.to(lang),
    }
