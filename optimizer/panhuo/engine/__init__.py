"""The engine: compile, presolve, solve."""

from typing import TYPE_CHECKING

from panhuo.late import late

if TYPE_CHECKING:
    from panhuo.engine.compile import write_lp
    from panhuo.engine.errors import (
        InfeasibleError,
        NoPlanError,
        RefusedError,
        SolverError,
        TooLargeError,
        UnboundedError,
    )
    from panhuo.engine.greed import greedy
    from panhuo.engine.program import Decision, Limits, Outcome, Progress, Quiet, StageOutcome, Watch
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
    "solve",
    "write_lp",
]
__getattr__ = late(
    __name__,
    {
        "compile": ["write_lp"],
        "errors": [
            "InfeasibleError",
            "NoPlanError",
            "RefusedError",
            "SolverError",
            "TooLargeError",
            "UnboundedError",
        ],
        "greed": ["greedy"],
        "program": ["Decision", "Limits", "Outcome", "Progress", "Quiet", "StageOutcome", "Watch"],
        "stages": ["Engine", "solve"],
    },
)
