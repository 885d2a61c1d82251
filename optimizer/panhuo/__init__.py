"""Panhuo (盘活): facility siting and idle-asset reuse with proven gaps and a ledger to the fen.

>>> import panhuo
>>> plan = panhuo.solve(panhuo.read("instances/toy"))  # doctest: +SKIP
"""

from typing import TYPE_CHECKING

from panhuo.late import late

if TYPE_CHECKING:
    from panhuo import locate
    from panhuo.instance import Instance, InstanceError, read
    from panhuo.result import Result, write
    from panhuo.result.verify import verify
    from panhuo.run import Check, check, evaluate, solve

__version__ = "0.1.0"
__all__ = [
    "Check",
    "Instance",
    "InstanceError",
    "Result",
    "check",
    "evaluate",
    "locate",
    "read",
    "solve",
    "verify",
    "write",
]
__getattr__ = late(
    __name__,
    {
        "instance": ["Instance", "InstanceError", "read"],
        "locate": [],
        "result": ["Result", "write"],
        "result.verify": ["verify"],
        "run": ["Check", "check", "evaluate", "solve"],
    },
)
