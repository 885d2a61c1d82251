"""Prices by first-order steps: what is folded into its row, how rows and columns are scaled, and what comes out."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import linprog

from panhuo.engine.decompose import steps
from panhuo.engine.decompose.prices import price, weak_bound
from panhuo.engine.decompose.folded import Folded
from panhuo.engine.decompose.scaling import Scaled
from panhuo.engine.program import Program

INF = np.inf


def program(matrix, row_lower, row_upper, cost, upper, integer=None, lower=None) -> Program:
    cost = np.array(cost, dtype=float)
    return Program(
        sp.csr_matrix(np.array(matrix, dtype=float)), np.array(row_lower, dtype=float), np.array(row_upper, dtype=float),
        np.zeros(len(cost)) if lower is None else np.array(lower, dtype=float), np.array(upper, dtype=float),
        np.zeros(len(cost), dtype=bool) if integer is None else np.array(integer), cost, 0.0, True, (),
    )  # fmt: skip


def test_what_one_row_holds_is_folded_into_it():
    # z0 ≤ x0 + x1 gains and is folded; z1 of the second row too (−z1 ≥ −2·x1); z2 gains nothing by its row; z3 is whole
    whole = program(
        [[-1, -1, 1, 0, 0, 0], [0, 2, 0, -1, 0, 0], [-1, 0, 0, 0, 1, 0], [-1, 0, 0, 0, 0, 1], [3, 4, 0, 0, 0, 0]],
        [-INF, 0, -INF, -INF, -INF], [0, INF, 0, 0, 5], [0, 0, 10, 7, -1, 4], [1, 1, 1, 2, 1, 1],
        [False, False, False, False, False, True],
    )  # fmt: skip
    folded = Folded.of(whole)
    assert folded.column.tolist() == [2, 3]
    assert folded.row.tolist() == [0, 1]
    scaled = Scaled.of(whole)
    assert scaled.kept.tolist() == [0, 1, 4, 5]
    assert np.allclose(scaled.slope * np.abs(scaled.row), [10, 7, 0, 0, 0])
    # x0 = 0.5 and x1 = 0.25 leave z0 = 0.75 and z1 = 0.5
    point = scaled.point(whole, np.array([0.5, 0.25, 0.0, 0.0]) / scaled.column)
    assert np.allclose(point, [0.5, 0.25, 0.75, 0.5, 0.0, 0.0])
    assert scaled.norm >= np.linalg.norm(scaled.matrix.toarray(), 2)


def test_cells_merged_step_as_cells_apart():
    """A cell of 300 people has the price, and the step, of cells of 100 and 200 that reach the same options."""
    apart = program([[-1, -1, 1, 0], [-1, -1, 0, 1], [2, 3, 0, 0]], [-INF] * 3, [0, 0, 3], [0, 0, 100, 200], [1] * 4)
    merged = program([[-1, -1, 1], [2, 3, 0]], [-INF] * 2, [0, 3], [0, 0, 300], [1] * 3)
    one, other = Scaled.of(apart), Scaled.of(merged)
    assert np.allclose((one.row**2)[0] + (one.row**2)[1], (other.row**2)[0])
    assert np.allclose(one.column, other.column)
    assert np.allclose(one.row[2], other.row[1])


def random(seed: int) -> Program:
    """A covering program with a budget, a floor from below and an equality, over mixed signs and sizes."""
    rng = np.random.default_rng(seed)
    options, cells = 12, 30
    covers = np.hstack([-(rng.random((cells, options)) < 0.25).astype(float), np.eye(cells)])
    weight = rng.integers(1, 400, cells).astype(float)
    costs = rng.integers(10, 1000, options).astype(float) * 1000.0
    budget = np.append(costs, np.zeros(cells))
    floor = np.append(np.zeros(options), np.where(rng.random(cells) < 0.5, weight, 0.0))
    pair = np.zeros(options + cells)
    pair[:2] = 1.0, -1.0
    return program(
        np.vstack([covers, budget, floor, pair]), [*[-INF] * cells, -INF, 0.2 * floor.sum(), 0.0],
        [*[0.0] * cells, 0.3 * costs.sum(), INF, 0.0], np.append(np.zeros(options), weight), np.ones(options + cells),
        np.arange(options + cells) < options,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_prices_reach_the_optimum_of_the_relaxation(seed):
    whole = random(seed)
    both = whole.row_lower == whole.row_upper
    upper, lower = np.isfinite(whole.row_upper) & ~both, np.isfinite(whole.row_lower) & ~both
    matrix = whole.matrix.toarray()
    exact = linprog(
        -whole.cost, np.vstack([matrix[upper], -matrix[lower]]),
        np.append(whole.row_upper[upper], -whole.row_lower[lower]), matrix[both], whole.row_upper[both],
        np.column_stack([whole.lower, whole.upper]),
    )  # fmt: skip
    found = price(whole, 4000, 1e-7, lambda: False)
    assert exact.status == 0
    assert found.bound >= -exact.fun * (1 - 1e-9)
    assert found.bound <= -exact.fun * (1 + 1e-4)
    assert found.bound == weak_bound(whole, found.row)


def test_threads_and_blocks_leave_the_prices_as_they_are(monkeypatch):
    whole = random(1)
    alone = price(whole, 400, 1e-7, lambda: False)
    monkeypatch.setattr(steps, "_BLOCK", 20)
    with ThreadPoolExecutor(3) as threads:
        shared = price(whole, 400, 1e-7, lambda: False, threads)
    serial = price(whole, 400, 1e-7, lambda: False)
    assert np.array_equal(shared.row, serial.row), "blocks are cut by the matrix, not by the threads"
    assert np.allclose(shared.row, alone.row, rtol=1e-6, atol=1e-6)
