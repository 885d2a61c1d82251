"""Panhuo (盘活): facility siting and idle-asset reuse with proven gaps and a ledger to the fen.

>>> import panhuo
>>> plan = panhuo.solve(panhuo.read("instances/toy"))  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from panhuo import locate
    from panhuo.instance import Instance, InstanceError, read
    from panhuo.result import Result, verify, write
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

_ROOM = {"instance": ("Instance", "InstanceError", "read"), "result": ("Result", "verify", "write")}


def __getattr__(name: str) -> Any:
    """Import a room when something of it is first asked for: the program answers, and can be interrupted, at once."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "locate":
        return import_module(f"{__name__}.locate")
    room = next((room for room, names in _ROOM.items() if name in names), "run")
    return getattr(import_module(f"{__name__}.{room}"), name)
