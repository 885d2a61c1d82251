"""Loops in machine code."""

import numba
import pytest

from panhuo.compiled import compiled


def double(number):
    return 2 * number


def test_where_no_folder_takes_the_code_it_is_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    njit = numba.njit

    def nowhere(*functions, **how):
        if how.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return njit(*functions, **how)

    monkeypatch.setattr(numba, "njit", nowhere)
    made = compiled(double)
    assert made is not double
    assert made(21) == 42
