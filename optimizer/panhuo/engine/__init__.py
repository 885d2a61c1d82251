"""The engine: compile, presolve, solve."""

from panhuo.engine.compile import TooLargeError, write_lp
from panhuo.engine.conflict import InfeasibleError
from panhuo.engine.decompose import UnboundedError
from panhuo.engine.greed import greedy
from panhuo.engine.highs import SolverError
from panhuo.engine.integers import RefusedError
from panhuo.engine.program import Decision, Limits, NoPlanError, Outcome, Progress, Quiet, StageOutcome, Watch
from panhuo.engine.settle import settle
from panhuo.engine.stages import Engine, solve

__all__ = [
    "Decision",
    "Engine",
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
    "UnboundedError",
    "Watch",
    "greedy",
    "settle",
    "solve",
    "write_lp",
]
