"""Linear algebra in one thread while something is solved.

BLAS (numpy's sums of products) has threads of its own, which turn while they wait for work: on two cores they take as
much time from the solvers as a third of them would use. And a sum differs in its last digits with the number of threads
that add it up: with one, a run gives the same plan on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import threadpool_limits

Given = ParamSpec("Given")
Found = TypeVar("Found")


def in_one_thread(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """Have BLAS use one thread during each call of a function, for the whole process; then as many as before."""

    @wraps(function)
    def limited(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        with threadpool_limits(limits=1, user_api="blas"):
            return function(*args, **kwargs)

    return limited
