"""Following a solve: a line of progress on a terminal, Ctrl-C and SIGTERM, checkpoints of the best plan so far."""

from __future__ import annotations

import math
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from types import FrameType, TracebackType

from rich.console import Console

from panhuo.cli.screen import Screen
from panhuo.engine.program import Bools, Progress
from panhuo.words import Lang, T, Text, figures

CHECKPOINT_S = 5.0
"""Least seconds between two checkpoints: a solver may find many plans in its first second."""

PATIENCE_S = 2.0
"""Seconds before progress is shown of what mostly takes a moment."""

_UNKNOWN = 1e18


def line(progress: Progress, called: Mapping[str, str]) -> Text:
    """Write where a solve stands; before there is a plan, a solver's figures mean nothing.

    Parameters
    ----------
    called : mapping of str to str
        What the stages are called.
    """
    held = _sensible(progress.objective)
    return T(
        "{stage}: {objective} reached, {bound} at best, gap {gap}, {seconds}",
        stage=called.get(progress.stage, progress.stage),
        objective="–" if held is None else figures.count(held),
        bound="–" if (bound := _sensible(progress.bound)) is None else figures.count(bound),
        gap=figures.gap(None if held is None else _sensible(progress.gap)),
        seconds=figures.figure(figures.seconds, progress.seconds),
    )


def _sensible(number: float | None) -> float | None:
    """Keep what may be a number of persons, of CNY, or a gap; solvers write -1 or 1e30 for what they do not know."""
    return number if number is not None and 0 <= number < _UNKNOWN else None


class Reaching:
    """Shows how far the search for walking minutes is, once it has taken a while; to be used in a ``with`` block.

    Parameters
    ----------
    screen : Screen
        Shows it, on a terminal only.
    """

    def __init__(self, screen: Screen) -> None:
        self._lang = screen.lang
        self._shows = screen.shows and sys.stderr.isatty()
        self._line = Console(stderr=True, highlight=False, markup=False).status("")
        self._since = time.monotonic()

    def __enter__(self) -> Reaching:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.stop()

    def __call__(self, share: float) -> None:
        """Show the share that is done, 0 to 1."""
        if self._shows and time.monotonic() - self._since > PATIENCE_S:
            self._line.update(reaching(share, self._lang))
            self._line.start()


def reaching(share: float, lang: Lang) -> str:
    """Write how far the search for walking minutes is."""
    return T("Walking minutes: {share}", share=figures.percent(share)).to(lang)


class Follow:
    """A watch for :func:`panhuo.run.solve`, to be used in a ``with`` block.

    Parameters
    ----------
    screen : Screen
        Shows progress, on a terminal only.
    keep : callable
        Writes a checkpoint of the (O,) bool choice it is given.
    called : mapping of str to str
        What the stages are called.

    Attributes
    ----------
    stop : threading.Event
        Set by the first Ctrl-C or SIGTERM. A second one ends the program at once.
    unkept : OSError or None
        Why the last checkpoint could not be written.
    """

    def __init__(self, screen: Screen, keep: Callable[[Bools], object], called: Mapping[str, str]) -> None:
        self.stop = threading.Event()
        self.unkept: OSError | None = None
        self._screen = screen
        self._keep = keep
        self._called = called
        self._kept_at = -math.inf
        self._pending: Bools | None = None
        self._line = Console(stderr=True, highlight=False, markup=False).status("")
        self._leave = ExitStack()

    def __enter__(self) -> Follow:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._leave.callback(signal.signal, number, signal.signal(number, self._interrupt))
        if self._screen.shows and sys.stderr.isatty():
            self._leave.enter_context(self._line)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave.close()

    def _interrupt(self, _number: int, _frame: FrameType | None) -> None:
        if self.stop.is_set():
            raise KeyboardInterrupt
        self.stop.set()
        if self._screen.shows:
            told = T(
                "Interrupted: the best plan so far is being verified and written. Ctrl-C again stops at once, and "
                "writes nothing."
            )
            self._line.console.print(told.to(self._screen.lang))

    def reached(self, share: float) -> None:
        """Show how far the search for walking minutes is, which comes before the solve."""
        self._line.update(reaching(share, self._screen.lang))

    def progress(self, progress: Progress) -> None:
        """Show where the solve stands."""
        self._keep_pending()
        self._line.update(line(progress, self._called).to(self._screen.lang))

    def incumbent(self, choose: Bools) -> None:
        """Keep a better plan, so that it is there even if the process is killed."""
        self._pending = choose
        self._keep_pending()

    def _keep_pending(self) -> None:
        """Write the best plan not yet written; one that came too soon after another waits for the next call."""
        now = time.monotonic()
        if self._pending is None or now - self._kept_at < CHECKPOINT_S:
            return
        choose, self._pending, self._kept_at = self._pending, None, now
        try:
            self._keep(choose)
            self.unkept = None
        except OSError as fault:
            self.unkept = fault
