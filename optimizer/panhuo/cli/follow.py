"""Following a solve: where it stands, Ctrl-C and SIGTERM, checkpoints of the best plan so far."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from types import FrameType, TracebackType

from panhuo.cli.progress import Steps
from panhuo.engine.program import Bools, Progress
from panhuo.words import T, Text, figures

CHECKPOINT_S = 5.0
"""Least seconds between two checkpoints: a solver may find many plans in its first second."""

_UNKNOWN = 1e18


def line(progress: Progress, called: Mapping[str, str]) -> Text:
    """Write where a solve stands; before there is a plan, a solver's figures mean nothing.

    Parameters
    ----------
    called : mapping of str to str
        What the stages are called.
    """
    if not progress.stage:
        return T("Solving: looking for a first plan")
    held = _sensible(progress.objective)
    return T(
        "{stage}: {objective} reached, {bound} at best, gap {gap}",
        stage=called.get(progress.stage, progress.stage),
        objective="–" if held is None else figures.count(held),
        bound="–" if (bound := _sensible(progress.bound)) is None else figures.count(bound),
        gap=figures.gap(None if held is None else _sensible(progress.gap)),
    )


def _sensible(number: float | None) -> float | None:
    """Keep what may be a number of persons, of CNY, or a gap; solvers write -1 or 1e30 for what they do not know."""
    return number if number is not None and 0 <= number < _UNKNOWN else None


class Follow:
    """A watch for :func:`panhuo.run.solve`, to be used in a ``with`` block.

    Parameters
    ----------
    steps : Steps
        Shows where the run stands.
    keep : callable
        Writes a checkpoint of the (O,) bool choice it is given.
    called : mapping of str to str
        What the stages are called.

    Attributes
    ----------
    stop : threading.Event
        Set by the first Ctrl-C or SIGTERM. A second one ends the program at once.
    found : bool
        Whether there is a plan.
    unkept : OSError or None
        Why the last checkpoint could not be written.
    """

    def __init__(self, steps: Steps, keep: Callable[[Bools], object], called: Mapping[str, str]) -> None:
        self.stop = threading.Event()
        self.found = False
        self.unkept: OSError | None = None
        self._steps = steps
        self._keep = keep
        self._called = called
        self._kept_at = -math.inf
        self._pending: Bools | None = None
        self._at = "access"
        self._leave = ExitStack()

    def __enter__(self) -> Follow:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._leave.callback(signal.signal, number, signal.signal(number, self._interrupt))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave.close()

    def _interrupt(self, _number: int, _frame: FrameType | None) -> None:
        if self.stop.is_set():
            raise KeyboardInterrupt
        self.stop.set()
        if self._at in ("access", "assemble"):
            told = T("Interrupted before there was a plan: stopping. Ctrl-C again stops at once.")
        elif self._at == "solve":
            told = T("Interrupted: the best plan so far is being verified and written. Ctrl-C again stops at once.")
        else:
            told = T("The plan is found; it is still being verified and written. Ctrl-C again stops at once.")
        self._steps.say(told)

    def step(self, name: str) -> None:
        """Show that a step begins; what comes after the solve has a plan in hand."""
        self._at = name
        self.found |= name not in ("access", "assemble", "solve")
        self._steps.step(name)

    def progress(self, progress: Progress) -> None:
        """Show where the solve stands."""
        self._keep_pending()
        self._steps.tell(line(progress, self._called))

    def incumbent(self, choose: Bools) -> None:
        """Keep a better plan, so that it is there even if the process is killed."""
        self.found = True
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
