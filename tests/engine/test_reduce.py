"""Reduced programs: step by step, what is left has the optimum of the whole, and every plan has its like in it."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from panhuo.engine.decompose import solve_decomposed
from panhuo.engine.decompose.boxes import boxed
from panhuo.engine.decompose.lean import lean
from panhuo.engine.decompose.substitute import substitute
from panhuo.engine.highs import solve_highs
from panhuo.engine.program import Limits, Program, Quiet
from panhuo.engine.reduce import columns, modes, reduced
from panhuo.engine.settle import Settler

EXACT = Limits(gap=0.0, threads=1)
HAIR = 1e-6
INF = np.inf
STEPS = {"rows": (), "columns": (columns.dominated,), "modes": (modes.dominated,)}


def program(rows, upper, cost, *, lower=None, least=0.0, most=1.0, whole=True, maximise=True):
    """A small program: rows as lists; every column is whole unless told."""
    matrix = sp.csr_matrix(np.array(rows, dtype=float))
    count = matrix.shape[1]
    return Program(
        matrix, np.full(len(rows), -INF) if lower is None else np.array(lower, dtype=float),
        np.array(upper, dtype=float), np.broadcast_to(np.asarray(least, dtype=float), count).copy(),
        np.broadcast_to(np.asarray(most, dtype=float), count).copy(),
        np.broadcast_to(np.asarray(whole), count).copy(), np.array(cost, dtype=float), 0.0, maximise,
    )  # fmt: skip


def missed(whole, x):
    activity = whole.matrix @ x
    rows = np.maximum(whole.row_lower - activity, activity - whole.row_upper).max(initial=0.0)
    return max(rows, float(np.maximum(whole.lower - x, x - whole.upper).max(initial=0.0)))


def value(whole, x):
    return float(whole.cost @ x) + whole.offset


# Rows and bounds


def test_rows_that_bounds_imply_go():
    # x + y ≤ 2 says nothing, nor does the lower side of 0 ≤ x + y ≤ 1; x + 2y ≥ -1 neither.
    found = reduced(program([[1, 1], [1, 1], [1, 2]], [2, 1, INF], [3, 2], lower=[-INF, 0, -1]), ())
    assert found.rows.tolist() == [1]
    assert (found.program.row_lower.tolist(), found.program.row_upper.tolist()) == ([-INF], [1])


def test_rows_of_one_column_become_bounds():
    # 2x ≤ 5 bounds a whole x by 2, −y ≤ −1 any y from below; z is 3 at once, and 4 of the 9 are left to x + y.
    whole = program(
        [[2, 0, 0], [0, -1, 0], [0, 0, 1], [1, 1, 5 / 3]], [5, -1, 3, 9], [2, 3, 0], lower=[-INF, -INF, 3, -INF],
        most=4.0, whole=[True, False, False],
    )  # fmt: skip
    found = reduced(whole, ())
    assert found.kept.tolist() == [0, 1]
    assert found.rows.tolist() == [3]
    assert found.program.row_upper.tolist() == [pytest.approx(4.0)]
    assert (found.program.lower.tolist(), found.program.upper.tolist()) == ([0, 1], [2, 4])
    assert found.original(np.array([0.0, 4.0])).tolist() == [0, 4, 3]


def test_a_whole_number_that_misses_its_row_by_a_hair_is_a_plan_still():
    found = reduced(program([[3, 0], [1, 1]], [3 - 1e-9, 1], [2, 1]), ())
    assert found.program.upper.tolist() == [1, 1]
    assert found.rows.tolist() == [1]


def test_columns_that_nothing_holds_back_go():
    # x is wanted and only helps; y costs and helps nobody; what is left of the row holds by x alone.
    found = reduced(program([[-1, 1, 1]], [0.5], [1, -1, 0], most=[1, 1, 1]), ())
    assert len(found.kept) == 0
    assert found.original(np.zeros(0)).tolist() == [1, 0, 0]
    assert found.program.offset == 1.0


def test_a_program_without_a_plan_is_left_as_it_is():
    whole = program([[1, 1]], [5], [1, 1], lower=[3])
    found = reduced(whole)
    assert found.program is whole
    assert (found.kept.tolist(), found.rows.tolist()) == ([0, 1], [0])
    assert np.array_equal(found.original(np.ones(2)), found.carried(np.ones(2)))


def test_bounds_that_would_cross_are_left_to_the_solver():
    for whole in (program([[1], [1]], [INF, 0.0], [1], lower=[1.0, -INF]), program([[2]], [1.5], [1], lower=[0.5])):
        assert solve_highs(reduced(whole).program, EXACT, Quiet()).reason == "infeasible"


# Columns


def two(cost, coverage, price, *, exclusive):
    """Two options and two points: what they reach, cost and are worth by themselves. A third one costs 3 of the 10."""
    rows = [[-coverage[0][i], -coverage[1][i], 0, *np.eye(2)[i]] for i in range(2)]
    rows += [[*cost, 3, 0, 0], [1, 1, 0, 0, 0]]
    return program(rows, [0, 0, 10, 1 if exclusive else 2], [*price, 1, 5, 7], whole=[True] * 3 + [False] * 2)


@pytest.mark.parametrize(
    ("cost", "coverage", "price", "exclusive", "gone"),
    [
        ((4, 5), ([1, 1], [1, 0]), (0, 0), False, [1]),  # cheaper and reaches more
        ((5, 5), ([1, 1], [1, 1]), (0, 0), False, [0]),  # equal: one of them stays
        ((6, 5), ([1, 1], [1, 0]), (0, 0), False, []),  # dearer
        ((4, 5), ([0, 1], [1, 0]), (0, 0), False, []),  # reaches others
        ((4, 5), ([0, 1], [1, 0]), (0, 0), True, []),
        ((4, 5), ([1, 1], [1, 0]), (1, 1), False, []),  # both together are worth more
        ((4, 5), ([1, 1], [1, 0]), (1, 1), True, [1]),  # there is no both together
        ((4, 5), ([1, 1], [1, 0]), (0, 1), True, []),  # worth more by itself
    ],
)
def test_an_option_that_another_dominates_goes(cost, coverage, price, exclusive, gone):
    whole = two(cost, coverage, price, exclusive=exclusive)
    found = reduced(whole, STEPS["columns"])
    assert [move[:, 0].tolist() for move in found.moves[:1]] == ([gone] if gone else [])
    answers = [solve_highs(one, EXACT, Quiet()) for one in (whole, found.program)]
    assert answers[0].objective == pytest.approx(answers[1].objective)


def test_chains_end_with_one_that_stays():
    # The same point, ever cheaper: the cheapest takes the place of all.
    whole = program([[4, 3, 2, 1, 0], [-1, -1, -1, -1, 1]], [5, 0], [0, 0, 0, 0, 1], whole=[True] * 4 + [False])
    found = reduced(whole, STEPS["columns"])
    assert found.carried(np.array([1.0, 0, 0, 0, 1])).tolist() == found.carried(np.array([0, 0, 0, 1.0, 1])).tolist()
    assert missed(found.program, found.carried(np.array([1.0, 1, 0, 0, 1]))) == 0


# Modes: u₁, u₂, then a₁, b₁ that follow u₁ and a₂, b₂ that follow u₂, then the two points they reach.


def site(cost=(1, 1, 2, 2), area=(3, 3), needs=(2, 2, 2, 2), closes=(0, 0), extra=()):
    rows = [
        [1, 1, 0, 0, 0, 0, 0, 0],
        [-1, 0, 1, 0, 0, 0, 0, 0], [-1, 0, 0, 1, 0, 0, 0, 0], [0, -1, 0, 0, 1, 0, 0, 0], [0, -1, 0, 0, 0, 1, 0, 0],
        [-area[0], 0, needs[0], needs[1], 0, 0, 0, 0], [0, -area[1], 0, 0, needs[2], needs[3], 0, 0],
        [0, 0, *cost, 0, 0],
        [*closes, -1, 0, -1, 0, 1, 0], [0, 0, 0, -1, 0, -1, 0, 1],
        *extra,
    ]  # fmt: skip
    upper = [1, 0, 0, 0, 0, 0, 0, 3, 0, 0, *(0 for _ in extra)]
    return program(rows, upper, [0] * 6 + [5, 7], whole=[True] * 6 + [False] * 2)


@pytest.mark.parametrize(
    ("changes", "gone"),
    [
        ({}, [1, 4, 5]),  # the second mode is dearer
        ({"cost": (2, 2, 1, 1)}, [0, 2, 3]),  # the first is
        ({"cost": (1, 1, 1, 1)}, [0, 2, 3]),  # equal: one of them stays
        ({"cost": (1, 2, 2, 1)}, []),  # each is cheaper for one service
        ({"area": (3, 4)}, []),  # in the second there is room for both services
        ({"area": (4, 4)}, [1, 4, 5]),
        ({"area": (3, 4), "needs": (1, 2, 2, 2)}, [1, 4, 5]),  # so there is in the first, as one takes less
        ({"closes": (1, 0)}, []),  # the cheap one closes what reached the first point
        ({"closes": (0, 1)}, [1, 4, 5]),
        ({"extra": ([0, 0, 0, 0, -1, -1, 1, 0],)}, []),  # only the second one's services count for something else
    ],
)
def test_a_mode_that_another_dominates_goes(changes, gone):
    whole = site(**changes)
    found = reduced(whole, STEPS["modes"])
    assert [sorted(move[:, 0].tolist()) for move in found.moves[:1]] == ([gone] if gone else [])
    answers = [solve_highs(one, EXACT, Quiet()) for one in (whole, found.program)]
    assert answers[0].objective == pytest.approx(answers[1].objective)


# Small programs, against every plan there is


def little(seed):
    """Sites with one or two modes and up to two services each, points they reach, a budget, and rows that tie them."""
    rng = np.random.default_rng(seed)
    modes_of = [j for j in range(3) for m in range(2) if m == 0 or rng.random() < 0.7]
    options = [(p, k) for p in range(len(modes_of)) for k in range(2) if rng.random() < 0.75][:7]
    offers = sorted({(modes_of[p], k) for p, k in options})
    sets = {offer: rng.random(4) < (0.3, 0.8)[int(rng.random() < 0.5)] for offer in offers}
    first, points = len(modes_of), len(modes_of) + len(options)
    rows, lower, upper = [], [], []

    def add(entries, most, least=-INF):
        row = np.zeros(points + 4)
        for c, a in entries:
            row[c] += a
        rows.append(row)
        lower.append(least)
        upper.append(most)

    for j in range(3):
        add([(p, 1) for p, site in enumerate(modes_of) if site == j], 1)
    for o, (p, _) in enumerate(options):
        add([(first + o, 1), (p, -1)], 0)
    for p in range(first):
        mine = [(first + o, int(rng.integers(1, 3))) for o, (q, _) in enumerate(options) if q == p]
        if len(mine) > 1 and rng.random() < 0.5:
            add([*mine, (p, -int(rng.integers(2, 4)))], 0)
    price = rng.integers(1, 5, len(options))
    add([(first + o, int(price[o])) for o in range(len(options))], int(rng.integers(3, 12)))
    for i in range(4):
        reach = [(first + o, -1) for o, (p, k) in enumerate(options) if sets[modes_of[p], k][i]]
        add([(points + i, 1), *reach], 0)
    if rng.random() < 0.4 and len(options):  # who stands where needs another
        a, b = rng.integers(0, len(options), 2)
        if a != b:
            add([(first + a, 1), (first + b, -1)], 0)
    if rng.random() < 0.3:  # a floor
        add([(points + i, 1) for i in range(4)], INF, 1)
    if rng.random() < 0.2:  # a share that must be spent
        add([(first + o, int(price[o])) for o in range(len(options))], INF, 2)
    cost = np.append(np.zeros(points), rng.integers(1, 5, 4))
    if rng.random() < 0.3:
        cost[first:points] = -rng.integers(0, 2, len(options))
    whole = np.arange(points + 4) < points
    return program(rows, upper, cost, lower=lower, whole=whole)


def every_plan(whole):
    """All whole plans, (plans, columns), each with the most that its points may be."""
    count = int(whole.integer.sum())
    bits = np.array(list(itertools.product((0.0, 1.0), repeat=count)))
    points = np.ones((len(bits), 4))
    matrix = whole.matrix.toarray()
    for row in matrix[((matrix[:, count:] == 1).sum(axis=1) == 1) & (matrix[:, :count] <= 0).all(axis=1)]:
        i = int(np.argmax(row[count:]))
        points[:, i] = np.minimum(points[:, i], -bits @ row[:count])
    x = np.hstack([bits, points])
    activity = x @ matrix.T
    return x[((activity <= whole.row_upper + HAIR) & (activity >= whole.row_lower - HAIR)).all(axis=1)]


@pytest.mark.parametrize("step", STEPS)
def test_every_plan_has_its_like_among_those_left(step):
    taken = {"columns": 0, "rows": 0, "moves": 0}
    for seed in range(40):
        whole = little(seed)
        found = reduced(whole, STEPS[step])
        taken["columns"] += len(whole.cost) - len(found.kept)
        taken["rows"] += len(whole.row_upper) - len(found.rows)
        taken["moves"] += sum(map(len, found.moves))
        plans = every_plan(whole)
        best = max(plans @ whole.cost, default=-INF)
        for x in np.random.default_rng(seed).permutation(plans)[:40]:
            like = found.carried(x)
            assert missed(found.program, like) <= HAIR, seed
            back = found.original(like)
            assert missed(whole, back) <= HAIR, seed
            assert value(whole, back) >= value(whole, x) - HAIR, seed
            assert value(found.program, like) == pytest.approx(value(whole, back)), seed
        answer = solve_highs(found.program, EXACT, Quiet())
        assert (answer.x is None) == (best == -INF), seed
        if answer.x is not None:
            assert answer.objective == pytest.approx(best), seed
            assert missed(whole, found.original(answer.x)) <= HAIR, seed
    assert min(taken["columns"], taken["rows"]) >= 40
    assert taken["moves"] >= 10 or step == "rows"


# Whole districts, against the unreduced optimum


@pytest.mark.parametrize("step", STEPS)
def test_a_district_keeps_its_optimum(cases, step):
    columns_, moves = 0, 0
    for seed in range(8):
        size = cases.Size(sites=6 + seed, funds=0, most_options=40, rows=16, reached_by=2.0)
        compiled = (Settler(cases.full(seed)) if seed % 4 == 3 else Settler(cases.random(seed, size))).compiled
        for stage in range(len(compiled.maximise)):
            whole = substitute(boxed(compiled.program(stage)), compiled.defined)[0]
            found = reduced(whole, STEPS[step])
            columns_ += len(whole.cost) - len(found.kept)
            moves += sum(map(len, found.moves))
            best, answer = (solve_highs(one, EXACT, Quiet()) for one in (whole, found.program))
            assert answer.reason == best.reason, seed
            if best.x is not None:
                assert answer.objective == pytest.approx(best.objective, rel=1e-7, abs=HAIR), seed
                assert missed(whole, found.original(answer.x)) <= 1e-5, seed
                like = found.carried(best.x)
                assert missed(found.program, like) <= 1e-5, seed
                assert value(found.program, like) >= best.objective - 1e-5, seed
    assert columns_ >= 50
    assert moves >= 4 or step == "rows"


def test_the_lean_program_leads_back_to_the_whole(cases):
    compiled = Settler(cases.random(3, cases.Size(sites=7, funds=0, most_options=30))).compiled
    whole = compiled.program(0)
    found = lean(lambda: whole, compiled.defined)
    best, answer = (solve_highs(one, EXACT, Quiet()) for one in (whole, found.program))
    assert len(found.kept) < len(found.substituted.kept) < len(whole.cost)
    x = found.original(answer.x)
    assert missed(whole, x) <= HAIR
    assert value(whole, x) == pytest.approx(best.objective)
    assert np.array_equal(x[found.kept], answer.x)
    assert value(found.program, found.carried(best.x)) == pytest.approx(best.objective)
    # a row that is left says of the point what it said of the whole one
    held, activity = found.rows >= 0, found.program.matrix @ answer.x
    room = found.program.row_upper[held] - activity[held]
    assert (whole.row_upper - whole.matrix @ x)[found.rows[held]][np.isfinite(room)] == pytest.approx(
        room[np.isfinite(room)], abs=HAIR
    )


def test_where_nothing_is_left_to_decide_decomposition_answers(cases):
    whole = program([[1, 1]], [2], [3, -1])
    found = solve_decomposed(lambda: whole, np.array([0, 1]), np.zeros(0, dtype=np.int64), EXACT, Quiet())
    assert (found.reason, found.objective, found.x.tolist()) == ("optimal", 3.0, [1, 0])


class Shown(Quiet):
    """Keeps the plans it is shown."""

    def __init__(self):
        super().__init__()
        self.plans = []

    def incumbent(self, choose):
        self.plans.append(choose.copy())


def test_plans_that_are_shown_are_plans_of_the_whole(cases):
    compiled = Settler(cases.random(5, cases.Size(sites=8, funds=0, most_options=30))).compiled
    whole, watch = compiled.program(0), Shown()
    found = solve_decomposed(
        lambda: whole,
        compiled.site,
        compiled.defined,
        replace(EXACT, gap=1e-3),
        watch,
        options=compiled.options,
        cluster=6.0,
    )
    assert len(watch.plans[-1]) == compiled.options
    assert np.array_equal(watch.plans[-1], found.x[: compiled.options] > 0.5)
