"""The gap as it is stated."""

import pytest

from panhuo.engine.gap import relative_gap


@pytest.mark.parametrize(
    ("value", "bound", "maximise", "gap"),
    [
        (100.0, 101.0, True, 0.01),
        (100.0, 99.0, False, 0.01),
        (0.0, 0.0, True, 0.0),
        (0.0, 5.0, True, None),
        (100.0, None, True, None),
        (-100.0, -99.0, True, 0.01),
        (100.0, 99.0, True, 0.0),
    ],
)
def test_relative_gap(value, bound, maximise, gap):
    assert relative_gap(value, bound, maximise=maximise) == (None if gap is None else pytest.approx(gap))
