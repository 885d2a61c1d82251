"""Linear algebra uses one thread while something is solved, and as many as before afterwards."""

import numpy as np
import pytest
import scipy.sparse as sp
from threadpoolctl import threadpool_info, threadpool_limits

from panhuo import locate
from panhuo.engine import Decision, Limits, solve
from panhuo.locate import covers
from panhuo_models.data import SitingData


def threads() -> set[int]:
    """How many threads the libraries of linear algebra use."""
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


def test_while_a_plan_is_sought(small: SitingData) -> None:
    """Asked of the engine as it settles its plan."""
    seen: list[set[int]] = []

    def accept(_: Decision) -> bool:
        seen.append(threads())
        return True

    with threadpool_limits(2, "blas"):
        solve(small, Limits(), accept=accept)
        after = threads()
    assert seen == [{1}]
    assert after == {2}


def test_also_where_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked of a location problem whose solve breaks off."""
    seen: list[set[int]] = []

    def breaks(*_: object, **__: object) -> None:
        seen.append(threads())
        raise ZeroDivisionError

    monkeypatch.setattr(covers, "reach", breaks)
    with threadpool_limits(2, "blas"):
        with pytest.raises(ZeroDivisionError):
            locate.mclp(sp.csr_matrix(np.eye(2)), np.ones(2), p=1)
        after = threads()
    assert seen == [{1}]
    assert after == {2}
