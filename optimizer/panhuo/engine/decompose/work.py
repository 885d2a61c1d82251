"""Where a solve by decomposition stands: the best plan, the best bound, and what is left of the time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from panhuo.engine.certificate import Parts
from panhuo.engine.decompose.lean import Lean
from panhuo.engine.decompose.standing import FEASIBLE, Standing, missed
from panhuo.engine.gap import PROVEN
from panhuo.engine.program import Floats, Limits, Program, Progress, Watch

Guide = Callable[[Floats], Floats | None]
"""Gives a point to start from by one of the relaxation, both (columns,); None where it has none."""
_SHARE = 0.1
"""Share of the gap asked for that all clusters, and all windows of a sweep, may leave together."""


@dataclass
class Work:
    """Where a solve stands.

    Parameters
    ----------
    made : callable
        Gives the program that was asked about.
    reduced : Lean
        The program that is solved.
    limits : Limits
        Gap, seconds, threads and seed.
    watch : Watch
        Is shown progress and better plans.
    stage : str
        Name shown in the progress.
    options : int
        The first so many columns are choose; 0: the points are no plans to be shown.
    """

    made: Callable[[], Program]
    reduced: Lean
    limits: Limits
    watch: Watch
    stage: str
    options: int
    began: float = field(default_factory=time.monotonic)
    bound: float = np.inf
    best: Floats | None = None
    value: float = -np.inf
    nodes: int = 0
    infeasible: bool = False
    row: Floats | None = None
    parts: Parts | None = None
    across: Floats | None = None

    @property
    def program(self) -> Program:
        """The program that is solved."""
        return self.reduced.program

    def left(self) -> float:
        """Seconds left."""
        return self.limits.time_limit - (time.monotonic() - self.began)

    def gap(self) -> float:
        """Relative gap on the value with its offset; inf while there is none."""
        value = self.value + self.program.offset
        if self.best is None or not np.isfinite(self.bound):
            return np.inf
        room = max(self.bound - self.value, 0.0)
        return 0.0 if room <= max(FEASIBLE, PROVEN * abs(value)) else room / abs(value) if value else np.inf

    def done(self) -> bool:
        """Whether the gap asked for is reached, or the time is over."""
        return self.gap() <= self.limits.gap or self.over()

    def over(self) -> bool:
        """Whether the time is over, or a stop was asked for."""
        return self.watch.stop.is_set() or self.left() <= 0

    def room(self) -> float:
        """Say how far bound and plan may lie apart, in units of the objective, for the gap to be reached."""
        return self.limits.gap * (
            abs(max(self.value, 0.0) + self.program.offset) or abs(self.bound + self.program.offset)
        )

    def allowance(self) -> float:
        """Say what a whole pass of clusters or windows may leave, in units of the objective."""
        return _SHARE * self.room()

    def take(self, standing: Standing) -> None:
        """Take note of a plan, where it is one and better."""
        if standing.value > self.value and standing.missed().max(initial=0.0) <= FEASIBLE:
            self._note(standing.point.copy(), standing.value)

    def take_point(self, point: Floats) -> None:
        """Take note of a plan that is no standing yet, (columns,)."""
        value = float(self.program.cost @ point)
        if value > self.value and missed(self.program, self.program.matrix @ point).max(initial=0.0) <= FEASIBLE:
            self._note(point, value)

    def _note(self, point: Floats, value: float) -> None:
        self.best, self.value = point, value
        if self.options:
            self.watch.incumbent(self.reduced.original(self.best)[: self.options] > 0.5)
        self.show()

    def tighten(self, bound: float, row: Floats) -> None:
        """Take note of a bound that prices say alone, (rows,)."""
        if bound < self.bound:
            self.bound, self.row, self.parts, self.across = bound, row, None, None
        self.show()

    def tighten_by(self, bound: float, parts: Parts, across: Floats) -> None:
        """Take note of a bound by clusters, and of the prices across them, (rows,)."""
        if bound < self.bound:
            self.bound, self.parts, self.across = bound, parts, across
        self.show()

    def handed(self) -> tuple[Floats, Parts | None, Floats | None]:
        """Hand prices, clusters and the prices across them to the substituted program, and to the columns given."""
        assert self.row is not None
        row = self.reduced.handed(self.row)
        if self.parts is None or self.across is None:
            return row, None, None
        charged = self.parts.charged
        charged = replace(charged, column=self.reduced.kept[charged.column].astype(np.int64))
        return row, replace(self.parts, charged=charged), self.reduced.handed(self.across)

    def show(self) -> None:
        """Say where the solve stands."""
        sign, offset = self.reduced.sign, self.program.offset
        gap = self.gap()
        self.watch.progress(
            Progress(
                self.stage,
                time.monotonic() - self.began,
                None if self.best is None else sign * (self.value + offset),
                sign * (self.bound + offset) if np.isfinite(self.bound) else None,
                gap if np.isfinite(gap) else None,
                self.nodes,
            )
        )


def guided(work: Work, guides: Sequence[Guide], share: Floats) -> list[Floats]:
    """Give the points that follow a relaxation."""
    points = [guide(work.reduced.original(share)) for guide in guides]
    return [work.reduced.carried(point) for point in points if point is not None]
