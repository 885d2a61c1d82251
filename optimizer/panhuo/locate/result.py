"""What a location problem gives back, and the clock by which it was solved."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.engine import Limits, Quiet
from panhuo.engine.gap import PROVEN, relative_gap
from panhuo.engine.program import Answer, Bools, Reason
from panhuo.locate.reaching import Pairs

NEARLY = 1 - 1e-6
"""Where values are whole numbers, a bound nearer than this to the value leaves nothing between."""
_HAIR = 1e-6


@dataclass(frozen=True, eq=False)
class Result:
    """A choice of sites, with the proof of how good it is.

    Parameters
    ----------
    selected : array
        The chosen sites, required ones among them, existing ones not: row numbers, or labels of the index of the
        GeoDataFrame of sites, in its order. Empty where there is no choice.
    objective : float or None
        What the problem maximises or minimises, worked out from the chosen sites; None where there is no choice.
    bound : float or None
        No choice is better than this. None where the problem is infeasible.
    gap : float or None
        (bound − objective)/(objective − before) where maximised, (objective − bound)/objective where minimised.
    seconds : float
        From the call to the answer.
    status : {"optimal", "within_gap", "time_limit", "interrupted", "no_plan", "infeasible"}
        "no_plan": a limit came before any choice.
    assignment : array, csr_matrix or None
        p_median, p_center: the site that serves each demand point, existing ones among them. cflp: (D, J), the part of
        a demand point that each site serves.
    covered : (D,) bool or None
        mclp, partial_cover, lscp: the demand points within reach of a chosen or existing site.
    unreachable : array
        Demand points, by row number or label, that no site at all may serve. Where all must be served they are why the
        problem is infeasible.
    before : float
        mclp: the weight that existing sites cover without any other.
    """

    selected: NDArray[Any]
    objective: float | None
    bound: float | None
    gap: float | None
    seconds: float
    status: Reason
    assignment: NDArray[Any] | sp.csr_matrix | None
    covered: Bools | None
    unreachable: NDArray[Any]
    before: float = 0.0


def without_plan(there: Pairs, bound: float | None, clock: Clock, nobody: NDArray[Any]) -> Result:
    """Give a result without a choice: infeasible where there is no bound either, else a limit came first."""
    status: Reason = "infeasible" if bound is None else "interrupted" if clock.watch.stop.is_set() else "no_plan"
    return Result(there.sites.values[:0], None, bound, None, clock.seconds, status, None, None, nobody)


class Clock:
    """The limits of a call, from when it began, and whether somebody asked to stop.

    Parameters
    ----------
    limits : Limits
        Gap, seconds, threads and seed.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.watch = Quiet()
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Since the call began."""
        return time.monotonic() - self._began

    @property
    def over(self) -> bool:
        """Time is up, or somebody asked to stop."""
        return self.watch.stop.is_set() or self.seconds >= self.limits.time_limit

    @contextmanager
    def heeding(self) -> Iterator[None]:
        """Take Ctrl-C for a stop: what has been found so far counts."""
        try:
            yield
        except KeyboardInterrupt:
            self.watch.stop.set()

    def left(self) -> Limits:
        """Give the limits of a solve that begins now."""
        return replace(self.limits, time_limit=max(self.limits.time_limit - self.seconds, 0.01))

    def reason(self) -> Reason:
        """Say why it ended, if not by itself."""
        return "interrupted" if self.watch.stop.is_set() else "time_limit"


@dataclass(frozen=True)
class Proof:
    """An objective held against its bound."""

    objective: float
    bound: float
    gap: float | None
    status: Reason


def proof(objective: float, bound: float, clock: Clock, *, maximise: bool, whole: bool, before: float = 0.0) -> Proof:
    """Hold an objective against a bound.

    Parameters
    ----------
    objective : float
        Value of the choice, worked out from the data.
    bound : float
        Proven, rounded outward.
    clock : Clock
        The gap asked for, and whether it was stopped.
    maximise : bool
        Sense.
    whole : bool
        Every choice's value is a whole number, so that the bound may be rounded inward to one.
    before : float
        What is there without any choice; the gap is on what is added to it.

    Returns
    -------
    Proof
        "optimal" where the two agree but for rounding.
    """
    if whole:
        bound = float(np.floor(bound + _HAIR) if maximise else np.ceil(bound - _HAIR))
    bound = max(bound, objective) if maximise else min(bound, objective)
    gap = relative_gap(objective - before, bound - before, maximise=maximise)
    if gap is not None and gap <= PROVEN:
        return Proof(objective, bound, gap, "optimal")
    status: Reason = "within_gap" if gap is not None and gap <= clock.limits.gap else clock.reason()
    return Proof(objective, bound, gap, status)


def is_whole(*values: NDArray[np.float64]) -> bool:
    """Tell whether all values are whole numbers, small enough for their sums to be exact."""
    return all(bool((v == np.rint(v)).all()) and float(np.abs(v).sum()) < 2**50 for v in values)


def bound_of(answer: Answer, known: float, *, maximise: bool) -> float:
    """Give the better of a solver's bound and one known before."""
    if answer.bound is None:
        return known
    return min(answer.bound, known) if maximise else max(answer.bound, known)
