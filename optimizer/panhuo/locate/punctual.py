"""A limit that is kept where the solver does not look at the clock.

HiGHS is silent for many seconds in its presolve and at the root of large covering problems: no callback, no look at its
limit. It is then left to end by itself, and what it last said of its bound is taken.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from panhuo.engine import Quiet
from panhuo.engine.highs import outward
from panhuo.engine.program import Answer, Progress, Watch
from panhuo.locate.result import Clock

GRACE_S = 0.5
"""Time in which a solver that does look at the clock ends."""
_LOOK_S = 0.1


class _Told(Quiet):
    """A watch that keeps the last bound."""

    bound: float | None = None

    def progress(self, progress: Progress) -> None:
        """Keep the bound."""
        self.bound = progress.bound


def in_time(solve: Callable[[Watch], Answer], clock: Clock) -> Answer:
    """Solve, and do not wait for it when time is up or somebody asked to stop.

    Parameters
    ----------
    solve : callable
        Maximises; takes the watch to tell.
    clock : Clock
        Limits.

    Returns
    -------
    Answer
        The solver's, or the last bound that it told, without a point.
    """
    told, late = _Told(clock.watch.stop), 0.0
    answers: list[Answer] = []
    faults: list[BaseException] = []

    def work() -> None:
        try:
            answers.append(solve(told))
        except BaseException as fault:  # raised again by who waits
            faults.append(fault)

    # Not a daemon: the interpreter does not end before it, which would tear the solver's memory from under it.
    thread = threading.Thread(target=work, name="proof")
    thread.start()
    while thread.is_alive() and late < GRACE_S:
        try:
            thread.join(_LOOK_S)
        except KeyboardInterrupt:
            clock.watch.stop.set()
        late += _LOOK_S if clock.over else 0.0
    if faults:
        raise faults[0]
    if answers:
        return answers[0]
    return Answer(clock.reason(), None, None, None if told.bound is None else outward(told.bound, True), clock.seconds)
