"""The engine: compile, presolve, solve."""

from panhuo.engine.compile import TooLargeError, write_lp
from panhuo.engine.conflict import InfeasibleError
from panhuo.engine.highs import SolverError
from panhuo.engine.integers import RefusedError
from panhuo.engine.program import Limits, NoPlanError, Outcome, Progress, Quiet, StageOutcome, Watch
from panhuo.engine.stages import solve
from panhuo.engine.start import greedy

__all__ = [
    "InfeasibleError",
    "Limits",
    "NoPlanError",
    "Outcome",
    "Progress",
    "Quiet",
    "RefusedError",
    "SolverError",
    "StageOutcome",
    "TooLargeError",
    "Watch",
    "greedy",
    "solve",
    "write_lp",
]
