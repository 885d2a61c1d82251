"""Decomposition: its bounds hold, its plans are plans, and taken whole it is exact."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from panhuo.engine import Limits, solve
from panhuo.engine.decompose import plans, solve_decomposed
from panhuo.engine.decompose.boxes import boxed
from panhuo.engine.decompose.clusters import bounded
from panhuo.engine.decompose.hulls import hulls
from panhuo.engine.decompose.inner import Inner
from panhuo.engine.decompose.lean import lean
from panhuo.engine.decompose.parted import part
from panhuo.engine.decompose.partition import Ground, clusters
from panhuo.engine.decompose.prices import price, weak_bound
from panhuo.engine.decompose.standing import Standing, search
from panhuo.engine.decompose.substitute import substitute
from panhuo.engine.decompose.sweeps import Search
from panhuo.engine.decompose.work import Work
from panhuo.engine.errors import SolverError, UnboundedError
from panhuo.engine.highs import solve_highs
from panhuo.engine.program import Program, Quiet
from panhuo.engine.settle import Settler

EXACT = Limits(gap=0.0, threads=1)
HAIR = 1e-6


def program(rows, lower, upper, cost, integer, *, most=1.0, maximise=True):
    """A small program: rows as lists."""
    matrix = sp.csr_matrix(np.array(rows, dtype=float))
    count = matrix.shape[1]
    return Program(
        matrix, np.array(lower, dtype=float), np.array(upper, dtype=float), np.zeros(count),
        np.broadcast_to(np.asarray(most, dtype=float), count).copy(), np.array(integer, dtype=bool),
        np.array(cost, dtype=float), 0.0, maximise,
    )  # fmt: skip


def relaxed(whole):
    return replace(whole, integer=np.zeros(len(whole.cost), dtype=bool))


def district(cases, seed):
    """A random district with four to nine sites, by turns with funds."""
    return Settler(cases.random(seed, cases.Size(sites=4 + seed % 6, funds=seed % 4, most_options=40))).compiled


def missed(whole, x):
    activity = whole.matrix @ x
    rows = np.maximum(whole.row_lower - activity, activity - whole.row_upper).max(initial=0.0)
    return max(rows, float(np.maximum(whole.lower - x, x - whole.upper).max(initial=0.0)))


def test_prices_alone_bound_by_hand():
    # max 3a + 2b, a + b ≤ 1.5, a, b ∈ [0, 1]; at a price of 2 the row takes 3, and a is left with 1.
    whole = program([[1, 1]], [-np.inf], [1.5], [3, 2], [False, False])
    assert weak_bound(whole, np.array([2.0])) == 4.0
    assert weak_bound(whole, np.array([0.0])) == 5.0
    assert weak_bound(whole, np.array([-1.0])) == 5.0, "a row without a lower limit bears no negative price"


def test_a_column_without_a_bound_bounds_nothing_until_a_row_gives_it_one():
    whole = program([[1, 1], [2, -1]], [-np.inf, -np.inf], [4, 6], [1, 1], [False, False], most=[np.inf, 1.0])
    assert weak_bound(whole, np.zeros(2)) == np.inf
    box = boxed(whole)
    assert box.upper[0] == pytest.approx(3.5)
    assert box.upper[1] == 1.0
    assert weak_bound(box, np.zeros(2)) >= 4.5


@pytest.mark.parametrize("seed", range(6))
def test_prices_come_near_the_relaxation(cases, seed):
    compiled = district(cases, seed)
    larger = substitute(boxed(compiled.program(0)), compiled.defined)[0]
    best = solve_highs(relaxed(larger), EXACT, Quiet())
    found = price(larger, 3000, 1e-9, lambda: False)
    assert found.bound >= best.objective - larger.offset - HAIR
    assert found.bound <= (best.objective - larger.offset) + 0.01 * abs(best.objective) + 0.05
    assert weak_bound(larger, found.row) == pytest.approx(found.bound)


@pytest.mark.parametrize("seed", range(8))
def test_what_others_define_can_be_taken_out_and_put_back(cases, seed):
    compiled = district(cases, seed)
    whole = compiled.program(0)
    larger, reduced = substitute(boxed(whole), compiled.defined)
    assert len(larger.cost) < len(whole.cost)
    answers = [solve_highs(one, EXACT, Quiet()) for one in (whole, larger)]
    assert answers[0].objective == pytest.approx(answers[1].objective, abs=HAIR)
    back = reduced.original(answers[1].x)
    assert missed(whole, back) <= HAIR
    assert whole.cost @ back + whole.offset == pytest.approx(answers[0].objective, abs=HAIR)


def test_a_bound_of_what_is_taken_out_stays():
    # b = a₁ + a₂ ≤ 1 is not implied by a ∈ [0, 1]²: it becomes a row.
    whole = program([[1, 1, -1]], [0], [0], [0, 0, 1], [True, True, False])
    larger, reduced = substitute(whole, np.array([2]))
    assert larger.matrix.toarray().tolist() == [[1, 1]]
    assert reduced.rows.tolist() == [-1]
    assert solve_highs(larger, EXACT, Quiet()).objective == pytest.approx(1.0)


@pytest.mark.parametrize("size", [2.0, 6.0, 1e9])
def test_clusters_bound_more_the_larger_they_are_and_the_whole_is_exact(cases, size):
    for seed in range(4):
        compiled = district(cases, seed)
        larger, reduced = substitute(boxed(compiled.program(0)), compiled.defined)
        whole = larger
        best = solve_highs(whole, EXACT, Quiet())
        prices = price(whole, 2000, 1e-7, lambda: False)
        ground = Ground.of(whole, compiled.site[reduced.kept], prices.row)
        cluster = clusters(ground, size)
        assert len(cluster) == len(ground.size)
        assert set(cluster.tolist()) == set(range(cluster.max() + 1))
        nothing = np.zeros(len(whole.cost))
        parted = part(whole, ground, cluster, prices.row)
        found = bounded(whole, parted, 0.0, 1000, EXACT, Quiet(), lambda: 60.0, nothing)
        bound = found.bound + whole.offset
        assert bound >= best.objective - HAIR, seed
        assert bound <= prices.bound + whole.offset + 1e-7 * abs(prices.bound), seed
        if size == 1e9:
            assert cluster.max() == 0
            assert bound == pytest.approx(best.objective, abs=1e-4), seed


@pytest.mark.parametrize("size", [2.0, 6.0])
def test_columns_that_no_better_point_moves_take_nothing_from_a_cluster(cases, size):
    """Whatever is known of each cluster: nothing, a poor point, its best one."""
    stay = 0
    for seed in range(5):
        compiled = district(cases, seed)
        whole, reduced = substitute(boxed(compiled.program(0)), compiled.defined)
        site = compiled.site[reduced.kept]
        tight = hulls(whole, site)
        prices = price(tight, 2000, 1e-7, lambda: False)
        row = prices.row[: len(whole.row_lower)]
        ground = Ground.of(whole, site, row)
        cluster = clusters(ground, size)
        parted = part(whole, ground, cluster, row, Inner.of(*whole.matrix.shape, site, tight, prices.row))
        assert parted.constant + parted.ceiling.sum() == pytest.approx(prices.bound, abs=1e-6), seed
        for k in range(len(parted.columns)):
            own = parted.of(whole, k)
            best = solve_highs(own, EXACT, Quiet()).objective
            assert parted.ceiling[k] >= best - HAIR, (seed, k)
            for value in (best - 0.2 * abs(best) - 1, best - HAIR):
                better = parted.better(own, k, value)
                stay += int((better.lower == better.upper).sum() - (own.lower == own.upper).sum())
                assert solve_highs(better, EXACT, Quiet()).objective == pytest.approx(best, abs=HAIR), (seed, k)
        plan = solve_highs(whole, EXACT, Quiet()).x
        found = bounded(whole, parted, 0.0, 1000, EXACT, Quiet(), lambda: 60.0, plan)
        plain = part(whole, ground, cluster, row)
        again = bounded(whole, plain, 0.0, 1000, EXACT, Quiet(), lambda: 60.0, None)
        assert found.bound == pytest.approx(again.bound, abs=1e-5), seed
    assert stay > 20


def test_clusters_are_searched_again_only_where_they_are_not_solved(cases):
    loose, stopped = 0, Quiet()
    stopped.stop.set()
    for seed in range(4):
        compiled = district(cases, seed)
        whole, reduced = substitute(boxed(compiled.program(0)), compiled.defined)
        prices = price(whole, 2000, 1e-7, lambda: False)
        ground = Ground.of(whole, compiled.site[reduced.kept], prices.row)
        parted, nowhere = part(whole, ground, clusters(ground, 2.0), prices.row), np.zeros(len(whole.cost))
        best = bounded(whole, parted, 0.0, 1000, EXACT, Quiet(), lambda: 60.0, None)
        before = bounded(whole, parted, 0.0, 1000, EXACT, stopped, lambda: 60.0, nowhere)
        loose += before.bound > best.bound + HAIR
        again = bounded(whole, parted, 0.0, 1000, EXACT, Quiet(), lambda: 60.0, None, known=before)
        assert again.bound == pytest.approx(best.bound, abs=1e-5), seed
        assert again.proven.all(), seed
        stay = bounded(whole, parted, 0.0, 1000, EXACT, stopped, lambda: 60.0, None, known=again)
        assert (stay.bound, stay.proven.all(), stay.nodes.sum()) == (again.bound, True, 0), "nothing is left to search"
        assert (stay.point == again.point).all(), seed
    assert loose > 0


def test_components_are_clusters_and_bound_the_whole_exactly(cases):
    """Two districts that share nothing fall into clusters that no row spans, whose optima add up to that of both."""
    wholes, sites = [], []
    for seed in (4, 8):
        compiled = district(cases, seed)
        larger, reduced = substitute(boxed(compiled.program(0)), compiled.defined)
        wholes.append(larger)
        sites.append(compiled.site[reduced.kept])
    one, other = wholes
    both = replace(
        one,
        **{
            name: np.concatenate([getattr(one, name), getattr(other, name)])
            for name in ("row_lower", "row_upper", "lower", "upper", "integer", "cost", "implied")
        },
        matrix=sp.block_diag([one.matrix, other.matrix], format="csr"),
        offset=one.offset + other.offset,
    )
    site = np.append(sites[0], np.where(sites[1] >= 0, sites[1] + sites[0].max() + 1, -1))
    best = sum(solve_highs(program, EXACT, Quiet()).objective for program in wholes)
    assert solve_highs(both, EXACT, Quiet()).objective == pytest.approx(best, abs=HAIR)
    nothing = np.zeros(len(both.row_lower))
    ground = Ground.of(both, site, nothing)
    cluster = clusters(ground, float(max(program.integer.sum() for program in wholes)))
    assert cluster.max() >= 1
    touched = ground.touches.tocoo()
    assert len(np.unique(np.stack([touched.row, cluster[touched.col]]), axis=1)[0]) == len(np.unique(touched.row))
    found = bounded(
        both, part(both, ground, cluster, nothing), 0.0, 1000, EXACT, Quiet(), lambda: 60.0, np.zeros(len(both.cost))
    )
    assert found.bound + both.offset == pytest.approx(best, abs=1e-4)


@pytest.mark.parametrize("block", [0, 1, *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 20))])
def test_bounds_never_lie_and_plans_are_plans(cases, block, monkeypatch):
    """By turns with the steps of a middle size, and with those of a large one: clusters that grow."""
    monkeypatch.setattr("panhuo.engine.decompose.solve.COLUMNS", 0 if block % 2 else 4_000)
    unbounded = 0
    for seed in range(10 * block, 10 * block + 10):
        compiled = district(cases, seed) if seed % 2 else Settler(cases.full(seed)).compiled
        for stage in range(len(compiled.maximise)):
            whole = compiled.program(stage)
            best = solve_highs(whole, EXACT, Quiet())
            try:
                found = solve_decomposed(
                    lambda whole=whole: whole, compiled.site, compiled.defined, Limits(gap=1e-3, threads=2), Quiet(),
                    cluster=6.0, window=5.0,
                )  # fmt: skip
            except UnboundedError:  # deficits that no fund is bound to pay
                unbounded += 1
                continue
            if best.reason == "infeasible":
                assert found.reason == "infeasible", seed
                continue
            assert found.reason in ("optimal", "within_gap"), seed
            sign = 1.0 if whole.maximise else -1.0
            hair = HAIR * max(1.0, abs(best.objective))
            assert sign * (found.bound - best.objective) >= -hair, seed
            assert sign * (best.objective - found.objective) >= -hair, seed
            assert abs(found.bound - found.objective) <= 1e-3 * abs(found.objective) + hair, seed
            assert missed(whole, found.x) <= 1e-5, seed
            assert np.array_equal(found.x[whole.integer], np.rint(found.x[whole.integer]))
    assert unbounded <= 4


def test_that_there_is_no_plan_is_found_out(cases):
    compiled = district(cases, 2)
    whole = compiled.program(0)
    twice = sp.csr_matrix(([1.0], ([0], [0])), shape=(1, len(whole.cost)))
    needs = replace(
        whole,
        matrix=sp.vstack([whole.matrix, twice], format="csr"),
        row_lower=np.append(whole.row_lower, 2.0),
        row_upper=np.append(whole.row_upper, np.inf),
    )
    assert solve_highs(needs, EXACT, Quiet()).reason == "infeasible"
    found = solve_decomposed(lambda: needs, compiled.site, compiled.defined, EXACT, Quiet(), cluster=6.0)
    assert (found.reason, found.x) == ("infeasible", None)


def test_a_window_never_returns_less_than_it_was_given(cases):
    compiled = district(cases, 5)
    larger, reduced = substitute(boxed(compiled.program(0)), compiled.defined)
    ground = Ground.of(larger, compiled.site[reduced.kept], np.ones(len(larger.row_lower)))
    start = Standing(larger, ground, np.clip(0.0, larger.lower, larger.upper))
    for j in np.flatnonzero(ground.size):
        before = start.value
        move = search(start.held(np.array([j])), 0.0, 100, EXACT, Quiet())
        if move is not None:
            assert move.gain >= -HAIR
            start.apply(move)
        assert start.value >= before - HAIR
        assert start.missed().max(initial=0.0) <= HAIR


def test_two_runs_end_alike_whatever_the_threads(cases):
    compiled = district(cases, 9)
    points = [
        solve_decomposed(
            lambda: compiled.program(0), compiled.site, compiled.defined, Limits(gap=1e-3, threads=threads), Quiet(),
            cluster=6.0, window=5.0,
        ).x
        for threads in (1, 2, 2)
    ]  # fmt: skip
    assert np.array_equal(points[0], points[1])
    assert np.array_equal(points[1], points[2])


class Once(Quiet):
    """Stops at the first plan."""

    def incumbent(self, choose):
        self.stop.set()


def test_an_interruption_keeps_the_best_plan(cases):
    compiled = district(cases, 11)
    found = solve_decomposed(
        lambda: compiled.program(0), compiled.site, compiled.defined, Limits(gap=0.0, threads=1), Once(),
        cluster=3.0, window=3.0, options=compiled.options,
    )  # fmt: skip
    assert found.x is not None
    assert missed(compiled.program(0), found.x) <= 1e-5
    assert found.bound >= found.objective - HAIR


def test_stopped_at_the_first_plan_it_holds_that_and_a_bound(cases):
    held = 0
    for seed in range(6):
        data = cases.random(seed, cases.Size(sites=6, most_options=40))
        exact = solve(data, EXACT, engine="exact").stages[0]
        found = solve(data, EXACT, engine="decompose", watch=Once())
        if found.stages and found.stages[0].objective is not None:
            held += 1
            assert found.stages[0].objective <= exact.objective + HAIR
            assert found.stages[0].bound >= exact.objective - HAIR
    assert held >= 3


def test_stopped_before_it_began_it_holds_no_plan(cases):
    compiled = district(cases, 3)
    stop = threading.Event()
    stop.set()
    found = solve_decomposed(
        lambda: compiled.program(0), compiled.site, compiled.defined, EXACT, Quiet(stop), cluster=3.0
    )
    assert (found.reason, found.x) == ("interrupted", None)


@pytest.mark.parametrize("turn", [0, 1])
def test_a_plan_is_made_of_the_first_sweep(cases, monkeypatch, turn):
    swept = []

    def sweep(_standing, _row, due, *more):
        """Say that much was gained, and move nothing: the budget stays missed."""
        swept.append(len(more) == 4)  # told when to end: a crossing
        return 1e6, due

    monkeypatch.setattr(plans, "sweep", sweep)
    compiled = district(cases, 0)
    work = Work(lambda: compiled.program(0), lean(lambda: compiled.program(0), compiled.defined), EXACT, Quiet(), "", 0)
    site, row = compiled.site[work.reduced.kept], np.ones(len(work.program.row_lower))
    all_of_them = Standing(work.program, Ground.of(work.program, site, row), work.program.upper)
    assert all_of_them.missed().max() > HAIR
    work.tighten(1e9, row)
    how = Search(3.0, 0.0, 1.0, EXACT, Quiet(), work.left)
    with ThreadPoolExecutor(1) as threads:
        plans.plan(work, all_of_them, row, how, threads, turn)
    crosses = swept.index(True)
    assert crosses == (1 if turn == 0 else swept.count(False))
    assert swept.count(False) == 3


@pytest.mark.parametrize("seed", range(0, 24, 3))
def test_the_stages_agree_with_one_search(cases, seed):
    data = cases.random(seed, cases.Size(sites=3 + seed % 5, funds=seed % 4, most_options=30))
    one = solve(data, Limits(gap=0.0, threads=1), engine="exact")
    parts = solve(data, Limits(gap=0.0, threads=1), engine="decompose")
    assert (one.engine, parts.engine) == ("exact", "decompose")
    assert parts.status == one.status
    for a, b in zip(one.stages, parts.stages, strict=True):
        assert a.objective == pytest.approx(b.objective, abs=1e-5), (seed, a.name)


def test_windows_in_which_the_solver_fails_cost_no_plan(cases, monkeypatch):
    from panhuo.engine.decompose import standing

    def failing(*_, **__):
        raise SolverError("made up")

    compiled = district(cases, 9)
    whole = compiled.program(0)
    best = solve_highs(whole, EXACT, Quiet())
    monkeypatch.setattr(standing, "solve_highs", failing)
    found = solve_decomposed(
        lambda: whole, compiled.site, compiled.defined, Limits(gap=1e-3, threads=2), Quiet(), cluster=6.0
    )
    assert found.reason in ("optimal", "within_gap")
    assert found.objective == pytest.approx(best.objective, rel=1e-3)
