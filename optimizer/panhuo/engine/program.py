"""The matrix a solver sees, and what it says back."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.engine.certificate import Certificate, Proof
from panhuo_models.data import Ints

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Program:
    """A mixed-integer linear program: optimise cost·x + offset, row_lower ≤ A·x ≤ row_upper, bounds on x.

    Parameters
    ----------
    matrix : csr_matrix, (rows, columns)
        A.
    row_lower, row_upper : (rows,) float
        ±inf where open.
    lower, upper : (columns,) float
        Bounds on x.
    integer : (columns,) bool
        x is integral.
    cost : (columns,) float
        Objective coefficients.
    offset : float
        Constant of the objective.
    maximise : bool
        Sense.
    implied : (columns,) bool or None
        x is integral by itself once the integer columns are; None where that is not known of any.
    """

    matrix: sp.csr_matrix
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    integer: Bools
    cost: Floats
    offset: float
    maximise: bool
    implied: Bools | None = None


@dataclass(frozen=True)
class Limits:
    """When a solver may stop, and with what it runs.

    Parameters
    ----------
    gap : float
        Relative gap of every stage, on newly covered person-services where coverage is maximised.
    time_limit : float
        Seconds for all stages together; ``inf`` for none.
    threads : int
        Threads of the solver; 0 leaves it to the solver.
    seed : int
        Random seed.
    """

    gap: float = 1e-3
    time_limit: float = float("inf")
    threads: int = 0
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.gap >= 0 or not self.time_limit > 0 or self.threads < 0:
            raise ValueError(f"gap ≥ 0, time_limit > 0 and threads ≥ 0 are needed, not {self}")


@dataclass(frozen=True)
class Progress:
    """Where a solve stands: shown, never decided upon."""

    stage: str
    seconds: float
    objective: float | None
    bound: float | None
    gap: float | None
    nodes: int


@dataclass(frozen=True, eq=False)
class Decision:
    """What a plan decides: everything else follows from it.

    Parameters
    ----------
    choose : (O,) bool
        The chosen options.
    level : (N,) bool
        The outlets that accounts keep; existing facilities keep theirs and are not marked.
    assigned : (X,) float [persons]
        People of each flow row sent to each outlet, on the data's own pairs; those who come are uptake · assigned.
    """

    choose: Bools
    level: Bools
    assigned: Floats


class Watch(Protocol):
    """Whoever follows a solve. Called from the solver's thread: must be quick and never raise."""

    stop: threading.Event

    def progress(self, progress: Progress) -> None:
        """Take note of where the solve stands."""

    def incumbent(self, choose: Bools) -> None:
        """Take note of a better plan; (O,) bool over the options."""


class Quiet:
    """A watch that shows nothing; ``stop`` may be set from outside, or be that of another watch."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self.stop = threading.Event() if stop is None else stop

    def progress(self, progress: Progress) -> None:
        """Show nothing."""

    def incumbent(self, choose: Bools) -> None:
        """Keep nothing."""


Reason = Literal["optimal", "within_gap", "time_limit", "interrupted", "infeasible", "no_plan"]


class Cuts(NamedTuple):
    """Rows Σ value·x ≤ upper, one after the other, that better points of a program keep.

    Parameters
    ----------
    start : (k + 1,) int
        Where the entries of each begin.
    column, value : (entries,)
        Their columns, and their coefficients.
    upper : (k,) float
        Their limits.
    """

    start: Ints
    column: Ints
    value: Floats
    upper: Floats


@dataclass(frozen=True)
class Answer:
    """What a solver said of one program: a reason, the point it holds (if any), both bounds, and what it took.

    Decomposition adds what its bound can be worked out from.
    """

    reason: Reason
    x: Floats | None
    objective: float | None
    bound: float | None
    seconds: float
    nodes: int = 0
    iterations: int = 0
    certificate: Certificate | None = None
    cuts: Cuts | None = None


@dataclass(frozen=True)
class StageOutcome:
    """One stage as solved.

    Parameters
    ----------
    name : str
        Name of the objective.
    sense : {"max", "min"}
        Direction.
    objective, bound : float or None
        Value reached and proven bound, the bound rounded outward.
        Coverage counts newly covered person-services (weighted).
    gap : float or None
        (bound − objective)/objective where maximised, (objective − bound)/objective where minimised;
        0 where both are 0; None where objective is 0 and the bound is not.
    status : Reason
        Why it ended.
    seconds : float
        Time taken.
    certified : float or None
        What the prices of the proof alone bound, rounded outward.
    proof : Proof or None
        Prices and clusters, where the stage was decomposed.
    """

    name: str
    sense: Literal["max", "min"]
    objective: float | None
    bound: float | None
    gap: float | None
    status: Reason
    seconds: float
    certified: float | None = None
    proof: Proof | None = None


@dataclass(frozen=True)
class Outcome:
    """What the engine said: all stages, and the decision it holds.

    Parameters
    ----------
    status : Reason
        "optimal" or "within_gap" only where every stage was; else what first went otherwise.
    decision : Decision or None
        The chosen options, tariffs and who goes where.
    stages : tuple of StageOutcome
        In turn; stages not reached are missing.
    cut_off : int
        Decisions cut off because no ledger in whole fen exists for them.
    engine : {"exact", "decompose"}
        How it was solved.
    """

    status: Reason
    decision: Decision | None
    stages: tuple[StageOutcome, ...] = field(default=())
    cut_off: int = 0
    engine: Literal["exact", "decompose"] = "exact"
