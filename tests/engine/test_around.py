"""What stands around some columns: small programs without idle rows move to the same best points."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from panhuo.engine import Limits
from panhuo.engine.decompose.around import Followers, Turned, around
from panhuo.engine.decompose.partition import Ground
from panhuo.engine.decompose.standing import FEASIBLE, Move, Standing, missed, search
from panhuo.engine.highs import solve_highs
from panhuo.engine.program import Program, Quiet

EXACT = Limits(gap=0.0, threads=1)


def drawn(seed, sites=12, cells=60):
    """Rooms with capacities and a budget; cells worth something, a few with needs beyond what follows from one row."""
    rng = np.random.default_rng(seed)
    count = sites + cells
    matrix = np.zeros((cells + 2, count))
    matrix[0, :sites] = rng.integers(1, 5, sites)
    for cell in range(cells):
        near = rng.choice(sites, rng.integers(1, 4), replace=False)
        matrix[cell + 1, near] = -rng.choice([0.3, 0.5, 1.0], len(near))
        matrix[cell + 1, sites + cell] = 1.0
    pair = rng.choice(cells, 2, replace=False)
    matrix[-1, sites + pair] = 1.0  # these two follow from no row alone
    upper = np.append(np.append(6.0, np.where(rng.random(cells) < 0.3, 0.2, 0.0)), 1.5)
    return Program(
        sp.csr_matrix(matrix), np.full(cells + 2, -np.inf), upper, np.zeros(count), np.ones(count),
        np.arange(count) < sites, np.append(-rng.random(sites), rng.integers(1, 30, cells)), 0.0, True,
    )  # fmt: skip


def standing_of(program, seed):
    """Some rooms chosen within the budget, cells as full as that allows."""
    rng, matrix = np.random.default_rng(seed), program.matrix.toarray()
    whole = np.zeros(len(program.cost))
    for room in rng.permutation(np.flatnonzero(program.integer)):
        whole[room] = rng.random() < 0.5 and matrix[0] @ whole + matrix[0, room] <= program.row_upper[0]
    fixed = replace(
        program,
        lower=np.where(program.integer, whole, program.lower),
        upper=np.where(program.integer, whole, program.upper),
    )
    site = np.where(program.integer, np.arange(len(whole)), -1)
    ground = Ground.of(program, site, np.ones(len(program.row_lower)))
    return Standing(program, ground, solve_highs(fixed, EXACT, Quiet()).x)


@pytest.mark.parametrize("seed", range(25))
def test_a_window_is_worth_what_the_whole_is_with_all_else_fixed(seed):
    program = drawn(seed)
    standing, rng = standing_of(program, seed + 100), np.random.default_rng(seed + 200)
    sites = np.sort(rng.choice(12, 4, replace=False))
    free = np.isin(np.arange(len(program.cost)), sites) | ~program.integer
    whole = replace(
        program,
        lower=np.where(free, program.lower, standing.point),
        upper=np.where(free, program.upper, standing.point),
    )
    best = solve_highs(whole, EXACT, Quiet()).objective
    before = standing.value
    move = search(standing.held(sites), 0.0, 1_000, EXACT, Quiet())
    if move is not None:
        standing.apply(move)
        assert move.gain == pytest.approx(standing.value - before)
    assert standing.value == pytest.approx(best)
    assert missed(program, program.matrix @ standing.point).max() <= FEASIBLE


def test_rows_that_hold_whatever_happens_are_left_out_and_no_others():
    #         x0    x1    y0   y1   y2   y3
    rows = [[-1.0, -1.0, 1.0, 0.0, 0.0, 0.0],   # y0 held by x1 alone: idle when only x0 moves
            [-1.0, 0.0, 0.0, 1.0, 0.0, 0.0],    # y1 needs x0
            [-0.5, -1.0, 0.0, 0.0, 1.0, 0.0],   # y2 stands below its best: it may still rise
            [-1.0, 0.0, 0.0, 0.0, 0.0, 1.0],    # y3 stands in two rows: it follows from none alone
            [0.0, -1.0, 0.0, 0.0, 0.0, 1.0]]  # fmt: skip
    program = Program(
        sp.csr_matrix(np.array(rows)), np.full(5, -np.inf), np.zeros(5), np.zeros(6), np.ones(6),
        np.array([True, True, False, False, False, False]), np.array([0.0, 0.0, 5.0, 5.0, 5.0, 5.0]), 0.0, True,
    )  # fmt: skip
    point = np.array([1.0, 1.0, 1.0, 1.0, 0.5, 1.0])
    followers = Followers.of(program)
    assert followers.column.tolist() == [2, 3, 4, -1, -1]
    found = around(
        program, Turned.of(program.matrix), followers, point, program.matrix @ point, np.array([0]), np.zeros(0, dtype=int),
        np.zeros(5, dtype=bool), np.ones(6, dtype=bool),
    )  # fmt: skip
    assert [part.tolist() for part in found] == [[1, 2, 3, 4], [0, 3, 4, 5]]
    both = around(
        program, Turned.of(program.matrix), followers, point, program.matrix @ point, np.array([0, 1]),
        np.zeros(0, dtype=int), np.zeros(5, dtype=bool), np.ones(6, dtype=bool),
    )  # fmt: skip
    assert [part.tolist() for part in both] == [[0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 5]], "together they may let y0 fall"
    without = around(
        program, Turned.of(program.matrix), followers, point, program.matrix @ point, np.array([0]), np.array([1]),
        np.array([False, False, True, False, False]), np.array([True, True, True, False, True, True]),
    )  # fmt: skip
    assert [part.tolist() for part in without] == [[0, 1, 3, 4], [0, 1, 2, 5]], (
        "rows left out, columns that may not follow"
    )


@pytest.mark.parametrize("seed", range(4))
def test_what_sites_share_is_what_products_say(seed):
    program, rng = drawn(seed), np.random.default_rng(seed)
    site = np.where(program.integer, np.arange(len(program.cost)) // 2, -1)  # two rooms each
    weight = rng.normal(size=len(program.row_lower))
    ground = Ground.of(program, site, weight)
    local = ground.touches[~ground.linking].toarray().astype(float)
    near = local.T @ np.diag(np.maximum(np.abs(weight[~ground.linking]), 1e-9)) @ local
    np.fill_diagonal(near, 0.0)
    assert ground.near.toarray() == pytest.approx(near)
    assert ground.near.nnz == np.count_nonzero(near)


def test_rows_move_with_the_columns_in_them():
    program = drawn(3)
    standing, rng = standing_of(program, 1), np.random.default_rng(2)
    columns = np.sort(rng.choice(len(program.cost), 9, replace=False))
    standing.apply(Move(columns, rng.normal(size=9) * (rng.random(9) < 0.7), 0.0, proven=True, iterations=0))
    assert standing.activity == pytest.approx(program.matrix @ standing.point)
    assert standing.turned.rows_of(columns).tolist() == np.flatnonzero(program.matrix[:, columns].getnnz(1)).tolist()
