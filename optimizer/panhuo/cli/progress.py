"""A line on a terminal that says what a command is at: the step, how far it is, and for how long it has been at it."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from rich.live import Live
from rich.text import Text as Line

from panhuo.cli.screen import Screen, console
from panhuo.cli.wrapping import spoken
from panhuo.words import T, Text, figures

PATIENCE_S = 1.0
"""Seconds before anything is shown: most commands take no longer."""

_TURNS = "|/-\\"
"""Shows that it goes on; any console has these characters."""

STEPS = {
    "read": T("Reading the tables"),
    "access": T("Walking minutes"),
    "assemble": T("Putting options together"),
    "solve": T("Solving"),
    "ledger": T("Writing the books"),
    "verify": T("Verifying"),
    "bound": T("Deriving bounds again"),
    "clusters": T("Solving clusters again"),
    "write": T("Writing"),
    "draw": T("Drawing"),
}
"""What steps are called. A step of another name is the name of a file that is written."""


class Steps:
    """Shows the step a command is at, on a terminal only; to be used in a ``with`` block.

    Nothing else may be printed before it is closed, but through :meth:`say`.

    Parameters
    ----------
    screen : Screen
        Shows it, unless it shows nothing.
    first : str
        The step it begins with.
    """

    def __init__(self, screen: Screen, first: str = "read") -> None:
        self._screen = screen
        self._out = console(stderr=True)
        self._began = self._since = time.monotonic()
        self._text = STEPS[first]
        # it prints on stderr; what goes to stdout, maybe a file, is not its business
        self._live = Live(
            console=self._out, get_renderable=self._line, transient=True, refresh_per_second=5, redirect_stdout=False,
            redirect_stderr=False,
        )  # fmt: skip

    def __enter__(self) -> Steps:
        if self._screen.shows and sys.stderr is not None and sys.stderr.isatty():
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take the line away."""
        self._live.stop()

    def step(self, name: str) -> None:
        """Show that a step begins."""
        self._since = time.monotonic()
        self._text = STEPS[name] if name in STEPS else T("Writing {file}", file=name)

    def share(self, share: float) -> None:
        """Show how much of the walking minutes is done, 0 to 1."""
        self._text = T("Walking minutes: {share}", share=figures.percent(share))

    def tell(self, text: Text) -> None:
        """Show where the step stands."""
        self._text = text

    def say(self, sentence: Text) -> None:
        """Print a sentence that stays, above the line."""
        if self._screen.shows:
            self._out.print(sentence.to(self._screen.lang))

    def _line(self) -> Line:
        now = time.monotonic()
        if now - self._began < PATIENCE_S:
            return Line("")
        lang = self._screen.lang
        turn = _TURNS[int(5 * now) % len(_TURNS)]
        told = T("{step}, {seconds}", step=self._text, seconds=figures.seconds(now - self._since, lang))
        return Line(f"{turn} {spoken(told.to(lang))}", no_wrap=True, overflow="ellipsis")
