"""Windows made smaller say what they said before."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from panhuo.engine.decompose.shrunk import Shrunk
from panhuo.engine.highs import solve_highs
from panhuo.engine.program import Limits, Program, Quiet

EXACT = Limits(gap=0.0, threads=1)


def window(rows, lower, upper, cost, whole, *, least=0.0, most=1.0):
    """A small program that is maximised, by lists; its first columns are whole."""
    matrix = sp.csr_matrix(np.array(rows, dtype=float))
    count = matrix.shape[1]
    return Program(
        matrix, np.array(lower, dtype=float), np.array(upper, dtype=float),
        np.broadcast_to(np.asarray(least, dtype=float), count).copy(),
        np.broadcast_to(np.asarray(most, dtype=float), count).copy(),
        np.arange(count) < whole, np.array(cost, dtype=float), 0.0, True,
    )  # fmt: skip


def test_cells_by_hand():
    # Rooms a, b at 3 and 2 of 4; cells: 100 people at a, 50 and 30 at either, 7 reached already.
    rows = [[3, 2, 0, 0, 0, 0], [-1, 0, 1, 0, 0, 0], [-1, -1, 0, 1, 0, 0], [-1, -1, 0, 0, 1, 0], [0, 0, 0, 0, 0, 1]]
    whole = window(rows, [-np.inf] * 5, [4, 0, 0, 0, 1], [-20, -1, 100, 50, 30, 7], 2)
    small = Shrunk.of(whole)
    assert small.program.matrix.toarray().tolist() == [[3, 2, 0], [-1, -1, 1]]
    assert small.program.cost.tolist() == [80, -1, 80]
    assert small.program.offset == 7
    assert small.original(np.array([0, 1, 1])).tolist() == [0, 1, 0, 1, 1, 1]
    assert small.original(np.array([1, 0, 1])).tolist() == [1, 0, 1, 1, 1, 1]
    assert small.carried(np.array([1.0, 0, 1, 0, 1, 1])).tolist() == [1, 0, 1]


def test_a_part_of_a_cell_is_a_part_of_its_gain():
    # A room that takes at most 0.4 of a cell of 2 … 5, and loses by it: −3 a unit.
    whole = window([[-4, 10], [1, 0]], [-np.inf] * 2, [20, 1], [-1, 3], 1, least=[0, 2], most=[1, 5])
    small = Shrunk.of(whole)
    assert solve_highs(small.program, EXACT, Quiet()).objective == pytest.approx(6.2)
    turned = replace(whole, matrix=sp.csr_matrix(np.array([[4.0, -10], [1, 0]])), row_lower=np.array([-20, -np.inf]))
    turned = replace(turned, row_upper=np.array([np.inf, 1.0]))
    assert solve_highs(Shrunk.of(turned).program, EXACT, Quiet()).objective == pytest.approx(6.2)


def drawn(seed):
    """Rooms with a budget, and cells that are reached by some of them, wholly or in part."""
    rng = np.random.default_rng(seed)
    rooms, cells = int(rng.integers(2, 7)), int(rng.integers(4, 30))
    kinds = rng.random((int(rng.integers(1, 6)), rooms)) < 0.4  # few kinds, so that some cells are alike
    reach = kinds[rng.integers(len(kinds), size=cells)] * rng.choice([1.0, 1.0, 0.5, 2.0], size=(cells, 1))
    sign = rng.choice([-1.0, 1.0], size=cells)
    scale = rng.choice([1.0, 3.0], size=cells)
    least, most = rng.choice([0.0, 0.0, 1.0], size=cells), rng.choice([1.0, 2.0, 4.0], size=cells)
    most = np.where(most > least, most, least + 1)
    # scale·z ≤ rest + reach·x, or its mirror; those that lose stand at their other bound
    rest = rng.choice([0.0, 0.0, 0.5, 5.0], size=cells) + scale * least
    body = np.hstack([-reach, np.diag(scale)]) * sign[:, None]
    limit = rest * sign
    lower, upper = np.where(sign > 0, -np.inf, limit), np.where(sign > 0, limit, np.inf)
    worth = rng.integers(1, 9, size=cells) * rng.choice([1, 1, 1, -1], size=cells)
    budget = np.append(rng.integers(1, 5, size=rooms), np.zeros(cells))
    spent = float(rng.integers(2, 9))
    return window(
        np.vstack([budget, body]), np.append(-np.inf, lower), np.append(spent, upper),
        np.append(rng.integers(-6, 3, size=rooms), worth), rooms,
        least=np.append(np.zeros(rooms), least), most=np.append(np.ones(rooms), most),
    )  # fmt: skip


def test_the_best_is_worth_the_same_and_every_plan_carries_over():
    rows = smaller = 0
    for seed in range(120):
        whole = drawn(seed)
        small = Shrunk.of(whole)
        before, after = (solve_highs(one, EXACT, Quiet()) for one in (whole, small.program))
        assert after.objective == pytest.approx(before.objective, abs=1e-6), seed
        assert after.bound >= before.objective - 1e-6, seed
        back = small.original(after.x)
        assert whole.cost @ back == pytest.approx(before.objective, abs=1e-6), seed
        activity = whole.matrix @ back
        assert (activity <= whole.row_upper + 1e-6).all(), seed
        assert (activity >= whole.row_lower - 1e-6).all(), seed
        for point in (before.x, np.where(whole.integer, 0.0, whole.lower)):
            there = small.carried(point)
            assert small.program.cost @ there + small.program.offset >= whole.cost @ point - 1e-6, seed
            assert whole.cost @ small.original(there) >= whole.cost @ point - 1e-6, seed
        rows, smaller = rows + len(whole.row_lower), smaller + len(small.program.row_lower)
    assert smaller < rows / 3
