"""Merged reach rows say what the unmerged ones say."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from panhuo.engine import presolve
from panhuo.engine.compile import compile_plan
from panhuo.engine.highs import solve_highs
from panhuo.engine.measure import reached_people
from panhuo.engine.presolve import merge
from panhuo.engine.program import Decision, Limits, Quiet
from panhuo_models.data import Reach

WITHIN = [[1, 1, 0], [1, 1, 0], [0, 0, 0], [1, 1, 0], [1, 1, 0], [0, 1, 1], [1, 1, 0]]


@pytest.fixture
def rows():
    return Reach(
        sp.csr_matrix(np.array(WITHIN, dtype=bool)),
        np.array([1.0, 2, 4, 8, 16, 32, 64]),
        np.array([0, 0, 0, 1, 0, 0, 0]),
        np.array([False, False, True, False, True, False, False]),
    )


def as_list(reach):
    sets = [tuple(np.flatnonzero(row)) for row in reach.within.toarray()]
    return list(zip(sets, reach.demand.tolist(), reach.tally.tolist(), reach.mandatory.tolist(), strict=True))


def test_merge_by_hand(rows):
    """Equal columns, tally and flag are merged; the row nobody reaches is gone, though mandatory."""
    assert as_list(merge(rows)) == [
        ((0, 1), 67.0, 0, False),
        ((0, 1), 8.0, 1, False),
        ((0, 1), 16.0, 0, True),
        ((1, 2), 32.0, 0, False),
    ]


def test_order_and_doubles_of_columns_do_not_matter(rows):
    messy = sp.csr_matrix((np.ones(5, dtype=bool), [1, 0, 0, 1, 1], [0, 2, 5]), shape=(2, 3))
    reach = Reach(messy, np.array([1.0, 2.0]), np.zeros(2, dtype=np.int64), np.zeros(2, dtype=bool))
    assert as_list(merge(reach)) == [((0, 1), 3.0, 0, False)]


def test_a_shared_hash_merges_nothing_that_differs(rows, monkeypatch):
    expected = as_list(merge(rows))
    monkeypatch.setattr(presolve, "marks", lambda columns: np.zeros(columns, dtype=np.uint64))
    assert as_list(merge(rows)) == expected


def test_many_rows(monkeypatch):
    """More groups than tables begin with, against Python's own sets; also where all of them share a hash."""
    rng = np.random.default_rng(2)
    within = sp.csr_matrix(rng.random((3000, 9)) < 0.4)
    reach = Reach(within, np.ones(3000), rng.integers(0, 3, 3000), rng.random(3000) < 0.1)
    groups = {}
    for row, tally, must in zip(within.toarray(), reach.tally.tolist(), reach.mandatory.tolist(), strict=True):
        if row.any():
            key = (tuple(np.flatnonzero(row)), tally, must)
            groups[key] = groups.get(key, 0) + 1
    expected = [(key[0], float(count), *key[1:]) for key, count in groups.items()]
    assert len(expected) > 1000
    assert as_list(merge(reach)) == expected
    monkeypatch.setattr(presolve, "marks", lambda columns: np.zeros(columns, dtype=np.uint64))
    assert as_list(merge(reach)) == expected


def test_nothing_left(rows):
    none = replace(rows, within=sp.csr_matrix((7, 3), dtype=bool))
    assert len(merge(none)) == 0


@pytest.mark.parametrize("seed", range(10))
def test_same_optimum_and_same_count(cases, seed):
    data = cases.random(seed, cases.Size(rows=300, reached_by=1.5))
    merged = replace(data, reach=merge(data.reach))
    assert len(merged.reach) < len(data.reach) / 2
    limits = Limits(gap=0, threads=1)
    one = solve_highs(compile_plan(data).program(0), limits, Quiet())
    other = solve_highs(compile_plan(merged).program(0), limits, Quiet())
    assert one.objective == pytest.approx(other.objective, abs=1e-6)
    choose = np.random.default_rng(seed).random(len(data.options)) < 0.5
    decision = Decision(choose, np.zeros(0, dtype=bool), np.zeros(0))
    assert reached_people(data, decision) == pytest.approx(reached_people(merged, decision))
    assert reached_people(data, decision) + data.tallies.fixed == pytest.approx(cases.people(data, choose)[0])
