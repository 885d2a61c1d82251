"""What a command shows, and where: tables for readers, JSON for programs, faults on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

from rich.console import Console

from panhuo.cli.layout import blocks
from panhuo.cli.wrapping import lines, spoken
from panhuo.instance import Fault
from panhuo.words import Lang, T, Text

if TYPE_CHECKING:
    from panhuo.result import Discrepancy


def tolerate_narrow_streams() -> None:
    """Let a console that lacks a character show a question mark instead of failing (cp936, ASCII)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def console(*, stderr: bool = False) -> Console:
    """Open the terminal, or what stands for it; lines are broken here, and nowhere in it."""
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)


def width(of: Console) -> int | None:
    """Say how many columns there are; ``None`` in a pipe or file, where nothing limits a line."""
    return of.width if of.is_terminal else None


def _plain(value: Any) -> Any:
    """Turn numpy values into what JSON knows; what is not finite becomes null before it gets here."""
    import numpy as np

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
            self._print(console(), sentence.to(self.lang))

    def table(
        self, title: Text, headers: Iterable[Text], rows: Iterable[Sequence[str]], *, words: int = 1, keys: int = 1
    ) -> None:
        """Print a table.

        Parameters
        ----------
        words : int
            So many columns, the first, are words; the others are figures, which are never broken.
        keys : int
            So many columns, the first, say what a row is of: where a table does not fit, each part of it has them.
        """
        if not self.shows:
            return
        out = console()
        heads = [spoken(header.to(self.lang)) for header in headers]
        cells = [[spoken(cell) for cell in row] for row in rows]
        out.print()
        self._print(out, title.to(self.lang), style="bold")
        for n, block in enumerate(blocks(heads, cells, words=words, keys=keys, width=width(out))):
            if n:
                out.print()
            for line in block.head:
                out.print(line, style="bold")
            if out.is_terminal:
                out.print("─" * block.rule)
            for line in block.rows:
                out.print(line)

    @staticmethod
    def _print(out: Console, text: str, style: str | None = None) -> None:
        columns = width(out)
        for line in [spoken(text)] if columns is None else lines(spoken(text), columns):
            out.print(line, style=style)

    def warn(self, warnings: Iterable[Fault | Text]) -> None:
        """Print what does not stop a run but should be known."""
        for warning in warnings:
            self.say(T("Note: {note}", note=warning.to(self.lang)))

    def emit(self, record: Mapping[str, Any]) -> None:
        """Print the JSON object, where JSON was asked for."""
        if self.json:
            # What the stream cannot hold is escaped rather than replaced: the object stays exact.
            escape = not (sys.stdout.encoding or "").lower().startswith("utf")
            print(json.dumps(record, ensure_ascii=escape, indent=2, default=_plain, allow_nan=False))  # noqa: T201

    def fail(self, status: str, sentences: Sequence[str], **details: Any) -> None:
        """Say why there is no result: a line each on stderr, or one JSON object."""
        if self.json:
            self.emit({"status": status, "message": "\n".join(sentences), "faults": [], **details})
            return
        for told in sentences:
            self._print(console(stderr=True), told)


def discrepancy_record(found: Discrepancy, lang: Lang) -> dict[str, Any]:
    """Give a discrepancy as a JSON object."""
    shown = (None if value is None else str(value) for value in (found.found, found.expected))
    return {
        "file": found.table,
        "row": found.row,
        "column": found.column,
        **dict(zip(("found", "expected"), shown, strict=True)),
        "rule": found.rule.to(lang),
        "message": found.to(lang),
    }


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
