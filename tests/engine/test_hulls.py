"""Hulls of rooms keep every plan and bound tighter; prices settled again bound no worse."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from panhuo.engine import Limits
from panhuo.engine.decompose.hulls import hulls, unpacked
from panhuo.engine.decompose.lean import lean
from panhuo.engine.decompose.prices import price, weak_bound
from panhuo.engine.decompose.settled import settled
from panhuo.engine.highs import solve_highs
from panhuo.engine.program import Program, Quiet
from panhuo.engine.settle import Settler

EXACT = Limits(gap=0.0, threads=1)


def room(takes, space):
    """Services of worth 1 that share a room, which is used or not."""
    count = len(takes)
    rows = np.array([[*takes, -space], *np.eye(count, count + 1) - np.eye(count + 1)[[count] * count]])
    none = np.zeros(len(rows))
    return Program(
        sp.csr_matrix(rows), none - np.inf, none, np.zeros(count + 1), np.ones(count + 1),
        np.ones(count + 1, dtype=bool), np.append(np.ones(count), 0.0), 0.0, True,
    )  # fmt: skip


def relaxed(whole):
    return solve_highs(replace(whole, integer=np.zeros(len(whole.cost), dtype=bool)), EXACT, Quiet()).objective


@pytest.mark.parametrize(
    ("takes", "space", "loose", "best"),
    [
        ([80, 81.8], 81.8, 1 + 1.8 / 81.8, 1),  # either, not both
        ([7, 4, 3], 10, 2 + 3 / 7, 2),  # the large one with the smallest, or the two small ones
        ([2, 2, 3], 4, 2, 2),
    ],
)
def test_a_room_by_hand(takes, space, loose, best):
    whole = room(takes, space)
    assert relaxed(whole) == pytest.approx(loose)
    tight = unpacked(hulls(whole, np.zeros(len(whole.cost), dtype=np.int64)))
    assert tight.matrix.shape[1] > whole.matrix.shape[1]
    assert relaxed(tight) == pytest.approx(best)
    assert solve_highs(tight, EXACT, Quiet()).objective == pytest.approx(best)


def test_where_all_fits_nothing_is_added():
    whole = room([1, 2, 3], 6)
    assert hulls(whole, np.zeros(4, dtype=np.int64)) is whole


@pytest.mark.parametrize("seed", range(6))
def test_districts_keep_their_best_plan(cases, seed):
    compiled = Settler(cases.full(seed) if seed % 2 else cases.random(seed, cases.Size(sites=6, funds=3))).compiled
    left = lean(lambda: compiled.program(0), compiled.defined)
    site, program = compiled.site[left.kept], left.program
    best = solve_highs(program, EXACT, Quiet()).objective
    tight = unpacked(hulls(program, site))
    assert solve_highs(tight, EXACT, Quiet()).objective == pytest.approx(best, abs=1e-5)
    everywhere = np.append(site, np.full(len(tight.cost) - len(site), -1))
    rough = price(tight, 80, 0.0, lambda: False)
    for linking in (False, True):
        again = settled(lambda: tight, everywhere, rough.row, linking=linking)
        bound = weak_bound(tight, again)
        assert best - tight.offset - 1e-5 <= bound <= rough.bound + 1e-9 * abs(rough.bound)
    assert not np.array_equal(again, rough.row)
