"""Loops in machine code, compiled once per installation."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from numba.core.caching import FunctionCache

Function = TypeVar("Function", bound=Callable[..., object])


class _OnDisk(FunctionCache):
    """Code on disk, on which no run depends: what cannot be read is compiled anew, what cannot be kept is not."""

    def load_overload(self, *asked: Any) -> Any:
        """Give the code for these arguments; None where there is none, or what there is was cut off."""
        try:
            return super().load_overload(*asked)  # type: ignore[no-untyped-call]
        except Exception:  # whatever a file that is cut off makes pickle raise
            try:
                self.flush()  # type: ignore[no-untyped-call]
            except OSError:
                self.disable()  # type: ignore[no-untyped-call]
            return None

    def save_overload(self, *made: Any) -> None:
        """Keep the code; not where the disk is full or the folder is not ours."""
        with contextlib.suppress(OSError):
            super().save_overload(*made)  # type: ignore[no-untyped-call]


def compiled(function: Function) -> Function:
    """Compile a loop at its first call and keep the code on disk; it runs beside other threads.

    Not ``parallel=True``: such code called from several threads of Python ends the process on some systems. Threads
    are started by whoever calls.
    """
    made: Any = numba.njit(nogil=True)(function)
    with contextlib.suppress(RuntimeError):  # no folder takes code, not even the user's: it is compiled in every run
        made._cache = _OnDisk(function)  # type: ignore[no-untyped-call]  # as its own enable_caching does
    return cast(Function, made)
