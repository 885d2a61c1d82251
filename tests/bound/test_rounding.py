"""Sums that err on the safe side, held against exact fractions."""

import math
from fractions import Fraction

import numpy as np
import pytest
import scipy.sparse as sp

from panhuo.result.bound.boxes import boxes
from panhuo.result.bound.sums import error, most, product, total


def exactly(values):
    return [Fraction(value) for value in np.asarray(values, dtype=float).tolist()]


def test_products_and_totals_are_never_below_the_exact_ones():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=300) * 10.0 ** rng.integers(-8, 8, 300), rng.normal(size=300)
    made = product(a, b)
    below = [Fraction(m) < x * y for m, x, y in zip(made.tolist(), exactly(a), exactly(b), strict=True)]
    assert not any(below)
    assert np.allclose(made, a * b, rtol=1e-15)
    summed = sum(exactly(made))
    assert summed <= Fraction(total(made)) <= summed + Fraction(abs(total(made))) / 2**50


def test_nothing_times_infinity_is_nothing_and_infinity_stays():
    assert product(np.array([0.0, 2.0]), np.array([np.inf, np.inf])).tolist() == [0.0, np.inf]
    assert total(np.array([1.0]), np.array([np.inf, -5.0])) == math.inf


def test_the_worst_corner_counts():
    # d between −1 and 2, x between −3 and 4: 2·4 is the most.
    found = most(np.array([-1.0]), np.array([2.0]), np.array([-3.0]), np.array([4.0]))
    assert 8.0 <= found[0] <= 8.0 + 1e-14
    assert most(np.array([-2.0]), np.array([-1.0]), np.array([0.0]), np.array([np.inf])).tolist() == [0.0]
    assert most(np.array([-1.0]), np.array([1e-300]), np.array([0.0]), np.array([np.inf])).tolist() == [np.inf]


def test_a_sum_lies_within_its_error():
    rng = np.random.default_rng(2)
    matrix = sp.random(400, 60, 0.4, "csr", random_state=3, data_rvs=lambda n: rng.normal(size=n) * 1e6)
    y = rng.normal(size=400)
    sums, sizes = matrix.T @ y, abs(matrix).T @ np.abs(y)
    slack = error(np.diff(matrix.tocsc().indptr), sizes)
    for j in range(60):
        column = matrix[:, [j]].tocoo()
        exact = sum((v * w for v, w in zip(exactly(column.data), exactly(y[column.row]), strict=True)), Fraction(0))
        assert abs(exact - Fraction(float(sums[j]))) <= Fraction(float(slack[j]))
    assert slack.max() <= 1e-12 * sizes.max()


def test_rows_bound_columns_that_have_no_bound():
    # x + 3y ≤ 6, x, y ≥ 0; 2z − x ≤ 1: x ≤ 6, y ≤ 2, z ≤ 3.5; w stands in no row that bounds it
    matrix = sp.csr_matrix(np.array([[1.0, 3.0, 0.0, 0.0], [-1.0, 0.0, 2.0, -1.0]]))
    matrix.eliminate_zeros()
    infinite = np.full(4, np.inf)
    upper = infinite.copy()
    upper[3] = 0.0
    low, high = boxes(matrix, np.full(2, -np.inf), np.array([6.0, 1.0]), np.zeros(4), upper)
    assert low.tolist() == [0.0, 0.0, 0.0, 0.0]
    assert high.tolist() == pytest.approx([6.0, 2.0, 3.5, 0.0])
    assert (high >= [6.0, 2.0, 3.5, 0.0]).all()
    low, high = boxes(matrix, np.full(2, -np.inf), np.array([6.0, 1.0]), np.zeros(4), infinite)
    assert high[2] == high[3] == np.inf, "z is bounded by nothing while w is not"


def test_a_row_from_below_bounds_too():
    # −x − y ≥ −4, x ≥ 1, y ≤ 9 and open below: x is bounded by nothing, y ≤ 3 is not needed
    matrix = sp.csr_matrix(np.array([[-1.0, -1.0]]))
    low, high = boxes(matrix, np.array([-4.0]), np.array([np.inf]), np.array([1.0, 0.0]), np.array([np.inf, 9.0]))
    assert low.tolist() == [1.0, 0.0]
    assert high[0] == pytest.approx(4.0)
    assert high[1] == 9.0
