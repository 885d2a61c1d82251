"""Prices by first-order steps: what is folded into its row, how rows and columns are scaled, and what comes out."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import linprog

from panhuo.engine.decompose import lines, steps
from panhuo.engine.decompose import prices as prices_module
from panhuo.engine.decompose.folded import Folded
from panhuo.engine.decompose.lines import Lines, Order
from panhuo.engine.decompose.prices import _State, allowed, price, weak_bound
from panhuo.engine.decompose.scaling import Frame
from panhuo.engine.packed import Packed
from panhuo.engine.program import Program

INF = np.inf
go_on = _State.go_on


def program(matrix, row_lower, row_upper, cost, upper, integer=None, lower=None) -> Program:
    cost = np.array(cost, dtype=float)
    return Program(
        sp.csr_matrix(np.array(matrix, dtype=float)), np.array(row_lower, dtype=float), np.array(row_upper, dtype=float),
        np.zeros(len(cost)) if lower is None else np.array(lower, dtype=float), np.array(upper, dtype=float),
        np.zeros(len(cost), dtype=bool) if integer is None else np.array(integer), cost, 0.0, True, (),
    )  # fmt: skip


def framed(program: Program) -> Frame:
    return Frame.of(replace(program, matrix=Packed.of(program.matrix)))


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
    frame = framed(whole)
    assert np.array_equal(frame.folded.column, folded.column)
    assert np.array_equal(frame.folded.row, folded.row)
    assert np.array_equal(frame.folded.entry, folded.entry)
    scaled = frame.whole()
    assert sorted(scaled.laid.column) == [0, 1, 4, 5]
    row = np.argsort(scaled.laid.row)
    assert (scaled.slope / frame.order.unit)[row].tolist() == [10, -7, 0, 0, 0]
    assert scaled.base == 24
    # x0 = 0.5 and x1 = 0.25 leave z0 = 0.75 and z1 = 0.5
    x = np.array([0.5, 0.25, 0.0, 0.0, 0.0, 0.0])[scaled.laid.column]
    assert frame.point(x, scaled.laid.column).tolist() == [0.5, 0.25, 0.75, 0.5, 0.0, 0.0]
    state = _State(scaled, None)
    state.found_x[:] = x
    assert state.value() == -(0.75 * 10 + 0.5 * 7)


def dense_of(lines: Lines, width: int) -> np.ndarray:
    dense = np.zeros((len(lines.middle), width))
    for n in range(len(dense)):
        first, middle, last = lines.start[n], lines.middle[n], lines.start[n + 1]
        dense[n, lines.entry[first:middle]] = 1.0
        dense[n, lines.entry[middle:last]] = lines.value[lines.own[n] :][: last - middle]
    return dense


@pytest.mark.parametrize("seed", range(8))
def test_laid_out_it_is_the_same_matrix(seed):
    rng = np.random.default_rng(seed)
    rows, columns = int(rng.integers(1, 30)), int(rng.integers(1, 30))
    dense = rng.choice([0.0, 1.0, 1.0, -1.0, 2.5], (rows, columns)) * (rng.random((rows, columns)) < rng.random())
    dense[::2] *= dense[::2] == 1  # rows of one value
    matrix, kept = Packed.of(sp.csr_matrix(dense)), rng.random(columns) < 0.8
    order = Order.of(matrix, kept)
    laid = order.laid(matrix)
    assert sorted(laid.row) == list(range(rows))
    assert sorted(laid.column) == np.flatnonzero(kept).tolist()
    there = dense[laid.row][:, laid.column] / order.unit[:, None]
    assert (dense_of(laid.rows, len(laid.column)) == there).all()
    assert (dense_of(laid.columns, rows) == there.T).all()
    one = [len(set(there[n][there[n] != 0])) <= 1 for n in range(rows)]
    assert (laid.rows.middle == np.where(one, laid.rows.start[1:], laid.rows.start[:-1])).all()
    some_rows, some_columns = (rng.permutation(size)[: size // 2 + 1] for size in (rows, len(laid.column) or 1))
    some_columns = some_columns[: len(laid.column)]
    some = order.laid(matrix, some_rows, some_columns)
    assert some.row.tolist() == laid.row[some_rows].tolist()
    assert some.column.tolist() == laid.column[some_columns].tolist()
    left = there[some_rows][:, some_columns]
    assert (dense_of(some.rows, len(some.column)) == left).all()
    assert (dense_of(some.columns, len(some.row)) == left.T).all()


@pytest.mark.parametrize("seed", range(8))
def test_packed_it_is_the_same_matrix_and_multiplies_as_it_did(seed):
    rng = np.random.default_rng(seed)
    rows, columns = int(rng.integers(1, 30)), int(rng.integers(1, 30))
    dense = (
        rng.choice([0.0, 1.0, -1.0, 2.5], (rows, columns)) * rng.random((rows, 1)) * rng.choice([0.0, 1.0], (rows, 1))
    )
    dense += (rng.random((rows, columns)) < 0.2) * rng.random((rows, columns))
    matrix, x, y = sp.csr_matrix(dense), rng.random(columns), rng.random(rows)
    packed = Packed.of(matrix)
    for one, other in ((packed, matrix), (packed.part(rows // 3, rows, columns), matrix[rows // 3 :])):
        back = one.tocsr()
        assert one.shape == other.shape
        assert all(
            np.array_equal(*parts)
            for parts in ((back.data, other.data), (back.indices, other.indices), (back.indptr, other.indptr))
        )
        assert np.array_equal(one @ x, other @ x), "to the bit"
        assert np.array_equal(one.T @ y[: one.shape[0]], other.T @ y[: one.shape[0]])
    ones = Packed.of(sp.csr_matrix(np.sign(dense)))
    assert not ones.many.any()
    assert len(ones.size) == 1


def test_neighbours_stand_near_each_other():
    """A chain in which each row ties two columns, drawn in any order, is laid out as a chain; a row of all ties none."""
    order = np.random.default_rng(0).permutation(100)
    chain = np.eye(100, dtype=float)[:99] + np.eye(100, k=1)[:99]
    matrix = Packed.of(sp.csr_matrix(np.vstack([np.ones(100), chain])[:, order]))
    laid = Order.of(matrix, np.ones(100, dtype=bool)).laid(matrix)
    assert np.abs(np.diff(order[laid.column])).max() <= 99
    assert laid.row[-1] == 0
    ends = np.array([laid.rows.entry[laid.rows.start[n] : laid.rows.start[n + 1]] for n in range(99)], dtype=int)
    short = np.diff(laid.columns.start.astype(int)) < 3
    assert short[:2].all(), "the two ends of the chain, which fewer rows hold, stand with their likes"
    assert not short[2:].any()
    inner = ends[(ends >= 2).all(axis=1)]
    assert len(inner) == 97
    assert np.abs(np.diff(inner, axis=1)).max() <= 2, "a walk from the middle goes both ways by turns"


@pytest.mark.parametrize("seed", range(4))
def test_lines_with_as_many_entries_stand_together(seed, monkeypatch):
    monkeypatch.setattr(lines, "_ALIKE", 8)
    rng = np.random.default_rng(seed)
    matrix = Packed.of(sp.csr_matrix(rng.choice([0.0, 0.0, 1.0, 2.5], (60, 40))))
    order = Order.of(matrix, np.ones(40, dtype=bool))
    some = np.flatnonzero(rng.random(60) < 0.5), np.flatnonzero(rng.random(40) < 0.5)
    for rows, columns in ((np.arange(60), np.arange(40)), order.sorted(matrix, *some)):
        laid = order.laid(matrix, rows, columns)
        for of in (laid.rows, laid.columns):
            ones = of.middle.astype(int) - of.start[:-1]
            for n in range(0, len(ones), 8):
                here = list(zip((np.diff(of.start) - ones)[n : n + 8], ones[n : n + 8], strict=True))
                assert here == sorted(here)
    assert [sorted(of.tolist()) for of in order.sorted(matrix, *some)] == [of.tolist() for of in some]


def test_cells_merged_step_as_cells_apart():
    """A cell of 300 people has the price, and the step, of cells of 100 and 200 that reach the same options."""
    apart = program([[-1, -1, 1, 0], [-1, -1, 0, 1], [2, 3, 0, 0]], [-INF] * 3, [0, 0, 3], [0, 0, 100, 200], [1] * 4)
    merged = program([[-1, -1, 1], [2, 3, 0]], [-INF] * 2, [0, 3], [0, 0, 300], [1] * 3)
    one, other = framed(apart).whole(), framed(merged).whole()
    steps_of, steps_of_other = (a.row_step[np.argsort(a.laid.row)] for a in (one, other))
    assert np.allclose(steps_of[0] + steps_of[1], steps_of_other[0])
    assert np.allclose(steps_of[2], steps_of_other[1])
    assert one.laid.column.tolist() == other.laid.column.tolist()
    assert np.allclose(one.column_step, other.column_step)


@pytest.mark.parametrize("seed", range(6))
def test_steps_are_no_longer_than_the_method_allows(seed):
    frame = framed(whole := random(seed))
    scaled, order = frame.whole(), frame.order
    matrix = whole.matrix.toarray()[order.row][:, order.column] / order.unit[:, None]
    norm = np.linalg.norm(np.sqrt(scaled.row_step)[:, None] * matrix * np.sqrt(scaled.column_step), 2)
    assert norm <= 1 + 1e-9


@pytest.mark.parametrize("seed", range(6))
def test_bound_and_value_on_the_way_are_those_of_prices_and_point(seed):
    whole = random(seed)
    frame = framed(whole)
    state = _State(frame.whole(), None)
    for _ in range(3):
        state.advance(40)
        bound = weak_bound(whole, allowed(whole, state.stands.prices(state.found_y)))
        assert -state.bound() == pytest.approx(bound, rel=1e-9)
        assert -state.value() == pytest.approx(whole.cost @ frame.point(state.found_x, state.column), rel=1e-9)


def test_rows_that_hold_the_same_of_what_is_left_stand_together():
    """Cells of 100 and 200 people differ by x1 alone; x2 stays open at 1, so that the third holds nothing any more."""
    whole = program(
        [[-1, 0, 0, 1, 0, 0], [-1, -1, 0, 0, 1, 0], [0, 0, -1, 0, 0, 1], [2, 3, 4, 0, 0, 0]],
        [-INF] * 4, [0, 0, 0, 7], [0, 0, 0, 100, 200, 50], [1] * 6, lower=[0, 0, 1, 0, 0, 0],
    )  # fmt: skip
    frame = framed(whole)
    scaled = frame.whole()
    had = np.array([100.0, 50.0, 0.0, 0.0])
    some = frame.some(scaled.laid.column == 0, had)
    assert some.laid.column.tolist() == [0]
    assert len(some.begin) == 3
    together = some.rows.group[0]
    assert together == some.rows.group[1]
    assert abs(some.slope[together]) == 300
    assert some.row_step[together] == pytest.approx(
        sum(scaled.row_step[scaled.laid.row == i].item() for i in (0, 1)), rel=1e-12
    )
    assert some.end[some.rows.group[3]] == 3, "of 7 in money x2 takes 4"
    for total, parts in ((150, [100, 50]), (225, [100, 125]), (300, [100, 200]), (75, [50, 25]), (0, [0, 0])):
        y = np.zeros(3)
        y[together] = some.rows.carried(np.array([total, 0.0, 0.0, 0.0]))[together]
        assert some.rows.prices(y)[:2] == pytest.approx(parts), "each goes on from what it had"
    assert some.rows.carried(had)[together] == some.rows.carried(np.array([150.0, 0, 0, 0]))[together]
    state = _State(some, None)
    state.found_x[:] = 0.5
    assert -state.value() == pytest.approx(0.5 * 300 + 50)
    assert frame.point(state.found_x, state.column).tolist() == [0.5, 0, 1, 0.5, 0.5, 1]


@pytest.mark.parametrize("seed", range(6))
def test_columns_left_out_by_mistake_come_back(seed, monkeypatch):
    """Whatever rough prices leave out, the last ones are as good as those of all columns."""
    whole = random(seed)
    monkeypatch.setattr(prices_module, "_SIFTED", 1.0)
    usual = price(whole, 8000, 1e-7, lambda: False)
    monkeypatch.setattr(prices_module, "_SIFTED", 0.0)
    monkeypatch.setattr(prices_module, "_TAKEN", INF)
    found, kept = price(whole, 8000, 1e-7, lambda: False), []
    assert found.near
    assert found.bound == weak_bound(whole, found.row)
    assert found.bound == pytest.approx(usual.bound, rel=2e-5)
    monkeypatch.setattr(
        _State,
        "go_on",
        lambda self, frame, columns, prices: kept.append(columns.sum()) or go_on(self, frame, columns, prices),
    )
    price(whole, 8000, 1e-7, lambda: False)
    assert kept[0] < kept[-1], "some were left out and came back"


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


@pytest.mark.parametrize("seed", range(4))
def test_rough_prices_are_told_once_and_bound_no_less(seed):
    whole, told = random(seed), []
    found = price(whole, 4000, 1e-7, lambda: False, rough=told.append)
    assert len(told) == 1
    assert not told[0].near
    assert found.bound <= told[0].bound <= found.bound * 1.05
    assert told[0].bound == weak_bound(whole, told[0].row)
    assert np.array_equal(found.row, price(whole, 4000, 1e-7, lambda: False).row), "telling changes nothing"
