"""Valid inequalities: what a site can choose, the most that a cut comes to, and what all whole points keep."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from panhuo.engine import again
from panhuo.engine.certificate import Charged
from panhuo.engine.decompose import solve_decomposed
from panhuo.engine.decompose.choices import Choices
from panhuo.engine.decompose.greatest import Covers, greatest
from panhuo.engine.decompose.inequalities import Inequalities, Prover, lifted
from panhuo.engine.decompose.parted import part
from panhuo.engine.decompose.partition import Ground
from panhuo.engine.decompose.shrunk import Shrunk
from panhuo.engine.highs import solve_highs
from panhuo.engine.packed import packed
from panhuo.engine.program import Cuts, Limits, Program, Quiet
from panhuo.engine.second import solve_scip

EXACT = Limits(gap=0.0, threads=1)


def town(seed, sites=3, options=3, rows=6, *, budget=False):
    """Sites with room for some of their options, rows that each gain what one of some options gains, maybe a budget."""
    rng = np.random.default_rng(seed)
    n = sites * options
    lines, limits = [], []
    for j in range(sites):
        area = np.zeros(n + rows)
        area[j * options : (j + 1) * options] = rng.integers(1, 5, options)
        lines.append(area)
        limits.append(float(rng.integers(2, 9)))
    for r in range(rows):
        line = np.zeros(n + rows)
        line[rng.choice(n, int(rng.integers(2, 5)), replace=False)] = -1.0
        line[n + r] = 1.0
        lines.append(line)
        limits.append(0.0)
    if budget:
        lines.append(np.append(rng.integers(2, 6, n), np.zeros(rows)))
        limits.append(float(n))
    integer = np.arange(n + rows) < n
    cost = np.where(integer, 0.0, rng.integers(1, 9, n + rows))
    program = Program(
        sp.csr_matrix(np.array(lines)), np.full(len(lines), -np.inf), np.array(limits), np.zeros(n + rows),
        np.ones(n + rows), integer, cost, 0.0, maximise=True,
    )  # fmt: skip
    return program, np.where(integer, np.arange(n + rows) // options, -1)


def whole_points(program):
    """All whole points that keep the rows of single sites, what follows at its best."""
    n, matrix = int(program.integer.sum()), program.matrix.toarray()
    own = ~(matrix[:, n:] != 0).any(axis=1)
    for choice in itertools.product((0.0, 1.0), repeat=n):
        x = np.array(choice)
        if (matrix[own, :n] @ x <= program.row_upper[own] + 1e-9).all():
            yield np.append(x, np.minimum(1.0, -matrix[~own, :n] @ x))


@pytest.mark.parametrize("seed", range(6))
def test_the_choices_of_a_site_are_all_that_its_rows_allow(seed):
    program, site = town(seed, sites=2, options=4, rows=2)
    choices = Choices.of(program, site)
    for j in range(2):
        mine = range(4 * j, 4 * j + 4)
        told = choices.choice[choices.first[j] : choices.first[j + 1]]
        found = {tuple(int(c >> choices.place[x] & 1) for x in mine) for c in told.tolist()}
        assert len(found) == len(told)
        assert found == {tuple(int(x) for x in point[list(mine)]) for point in whole_points(program)}


def test_of_a_site_with_too_many_choices_nothing_is_known():
    free = Program(
        sp.csr_matrix((0, 11)), np.zeros(0), np.zeros(0), np.zeros(11), np.ones(11), np.ones(11, dtype=bool),
        np.ones(11), 0.0, maximise=True,
    )  # fmt: skip
    choices = Choices.of(free, np.append(np.zeros(10, dtype=int), 0))
    assert choices.first.tolist() == [0, 0]
    few = replace(free, upper=np.append(np.ones(10), 0.0))
    assert len(Choices.of(few, np.zeros(11, dtype=int)).choice) == 1024


@pytest.mark.parametrize("seed", range(12))
def test_the_most_that_a_cut_comes_to_is_that_of_all_points(seed):
    program, site = town(seed)
    rng, columns = np.random.default_rng(100 + seed), len(program.cost)
    left = np.where(rng.random((20, columns)) < 0.5, rng.integers(-3, 4, (20, columns)), 0).astype(float)
    points = np.array(list(whole_points(program)))
    best = (points @ np.where(program.integer, left, np.maximum(left, 0.0)).T).max(axis=0)
    covers, choices = Covers.of(program), Choices.of(program, site)
    cuts = sp.csr_matrix(left)
    lowest = np.full(20, -1e9)
    assert greatest(covers, choices, site, cuts, lowest) == pytest.approx(np.maximum(best, -1e9), abs=1e-7)
    assert (greatest(covers, choices, site, cuts, best + 5.0) == best + 5.0).all()
    assert np.isinf(greatest(covers, choices, site, cuts, lowest, nodes=2)).any()


@pytest.mark.parametrize("seed", range(3))
def test_another_solver_sees_all_that_an_inequality_touches(seed):
    program, site = town(seed, sites=6, options=2, rows=20)
    rng, columns = np.random.default_rng(seed), len(program.cost)
    left = np.where(rng.random((6, columns)) < 0.3, rng.integers(-3, 4, (6, columns)), 0).astype(float)
    points = np.array(list(whole_points(program)))
    best = (points @ np.where(program.integer, left, np.maximum(left, 0.0)).T).max(axis=0)
    around = again.around(program, site, Inequalities(sp.csr_matrix(left), best))
    assert [solve_highs(small, EXACT, Quiet()).objective for small in around] == pytest.approx(best.tolist(), abs=1e-6)
    assert all(
        solve_scip(small, EXACT, Quiet()).objective == pytest.approx(most)
        for small, most in zip(around, best, strict=False)
    )


def test_an_inequality_on_columns_that_are_not_there_bounds_nothing():
    kept, charged = np.array([0, 2, 5]), Charged(
        np.array([0, 2, 3]), np.array([2, 5, 4]), np.array([1.0, -1.0, 2.0]), np.array([3.0, 4.0]), np.ones(2)
    )  # fmt: skip
    found = again.known(kept, charged)
    assert found.matrix.toarray().tolist() == [[0.0, 1.0, -1.0], [0.0, 0.0, 0.0]]
    assert found.upper.tolist() == [3.0, np.inf]


def test_an_inequality_that_bounds_nothing_makes_no_bound_of_its_price():
    program, site = town(4)
    rows = len(program.row_lower)
    lost = Inequalities(sp.csr_matrix((2, len(program.cost))), np.array([np.inf, 2.0]))
    ground = Ground.of(program, site, np.zeros(rows))
    for price, constant in ((1.0, np.inf), (0.0, 2.0)):
        apart = part(program, ground, np.arange(3), np.zeros(rows), known=lost, price=np.array([price, 1.0]))
        assert apart.constant >= constant


def test_columns_of_a_site_of_which_nothing_is_known_stand_as_they_like():
    free = Program(
        sp.csr_matrix(np.ones((1, 70))), np.full(1, -np.inf), np.ones(1), np.zeros(70), np.ones(70),
        np.ones(70, dtype=bool), np.ones(70), 0.0, maximise=True,
    )  # fmt: skip
    site = np.zeros(70, dtype=int)
    choices = Choices.of(free, site)
    assert len(choices.choice) == 0
    left = sp.csr_matrix(np.where(np.isin(np.arange(70), [0, 63, 64, 69]), [[2.0]], [[-1.0]]))
    assert greatest(Covers.of(free), choices, site, left, np.zeros(1)).tolist() == [8.0]


def test_a_cut_on_what_is_not_known_is_not_proved():
    program, site = town(1)
    alone = replace(program, row_upper=np.where(program.row_upper == 0, 1.0, program.row_upper))
    y = sp.csr_matrix(([1.0], ([0], [len(program.cost) - 1])), shape=(1, len(program.cost)))
    assert np.isinf(greatest(Covers.of(alone), Choices.of(alone, site), site, y, np.zeros(1)))[0]
    wide = replace(program, upper=np.where(program.integer, 2.0, 1.0))
    x = sp.csr_matrix(([1.0], ([0], [0])), shape=(1, len(program.cost)))
    assert np.isinf(greatest(Covers.of(wide), Choices.of(wide, site), site, x, np.zeros(1)))[0]


def test_what_is_said_wrongly_is_mended_or_left_out():
    program, site = town(3)
    prover = Prover.of(program, site)
    n = int(program.integer.sum())
    point = np.where(program.integer, 0.9, 1.0)
    every = sp.csr_matrix(np.where(program.integer, 1.0, 0.0)[None, :])
    most = max(point[:n].sum() for point in whole_points(program))
    found = prover.proved(Inequalities(every, np.array([most - 1.0])), point)
    assert found.upper == pytest.approx([most])
    assert len(prover.proved(Inequalities(every, np.array([most])), np.zeros(len(point)))) == 0, "it cuts nothing off"


def test_a_cut_of_a_small_program_is_lifted_to_the_columns_it_leaves_out():
    lifts = 0
    for seed in range(8):
        program, _ = town(seed, sites=4, rows=24)
        shut = program.integer & (np.arange(len(program.cost)) % 3 == seed % 3)
        small = Shrunk.of(replace(program, upper=np.where(shut, 0.0, 1.0)))
        p = small.program
        if p.integer.all():  # nothing is left of it
            continue
        own = solve_highs(p, EXACT, Quiet())  # its objective is a row that its best point meets
        cuts = Cuts(np.array([0, len(p.cost)]), np.arange(len(p.cost)), p.cost, np.array([own.objective - p.offset]))
        row = lifted(program, small, cuts).toarray()[0]
        lifts += (row[shut] < 0).any()
        assert max(float(row @ point) for point in whole_points(program)) <= cuts.upper[0] + 1e-7
    assert lifts >= 3


def test_what_clusters_find_all_whole_points_keep_and_no_bound_lies(monkeypatch):
    proved, seen = Prover.proved, []

    def noted(self, said, point, over):
        found = proved(self, said, point, over)
        seen.append(found)
        return found

    monkeypatch.setattr(Prover, "proved", noted)
    monkeypatch.setattr("panhuo.engine.decompose.solve.COLUMNS", 0)
    several = 0
    for seed in range(4):
        program, site = town(seed, sites=14, options=2, rows=90, budget=True)
        best = solve_highs(program, EXACT, Quiet())
        seen.clear()
        found = solve_decomposed(
            lambda program=program: program, site, np.zeros(0, dtype=int), Limits(gap=0.0, threads=2), Quiet(),
            cluster=8.0, window=8.0,
        )  # fmt: skip
        assert found.objective == pytest.approx(best.objective)
        assert found.bound >= best.objective - 1e-6
        for one in seen:
            several += len(one)
            for left, upper in zip(one.matrix.toarray(), one.upper, strict=True):
                most = solve_highs(replace(program, cost=left), EXACT, Quiet())  # over the whole program
                assert most.objective <= upper + 1e-6
    assert several >= 5


def test_they_stand_below_the_rows_of_a_packed_program_with_more_columns_behind():
    program, _ = town(2)
    left = sp.csr_matrix(np.array([[1.0, 1.0, *[0.0] * 13], [2.0, *[0.0] * 13, -0.5]]))
    behind = replace(
        program, matrix=sp.hstack([program.matrix, sp.csr_matrix((program.matrix.shape[0], 2))], format="csr"),
        **{name: np.append(getattr(program, name), [1.0, 1.0]) for name in ("lower", "upper", "cost", "integer")},
    )  # fmt: skip
    below = Inequalities(left, np.array([1.0, 2.0])).on(packed(behind))
    assert below.matrix.start.dtype == below.matrix.own.dtype == np.int32
    whole = sp.vstack([behind.matrix, sp.hstack([left, sp.csr_matrix((2, 2))])]).toarray()
    assert np.array_equal(below.matrix.tocsr().toarray(), whole)
    assert below.row_upper[-2:].tolist() == [1.0, 2.0]
    assert np.isneginf(below.row_lower[-2:]).all()
