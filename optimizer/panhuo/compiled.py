"""Loops in machine code, compiled once per installation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile a loop at its first call and keep the code on disk; it runs beside other threads.

    Not ``parallel=True``: such code called from several threads of Python ends the process on some systems. Threads
    are started by whoever calls.
    """
    try:
        return cast(Function, numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:  # no folder takes the code, not even the user's: it is compiled in every run
        return cast(Function, numba.njit(nogil=True)(function))
