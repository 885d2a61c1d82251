"""Choices at many temperatures: each as likely as its temperature says, frozen ones within the limits."""

import numpy as np
import pytest
import scipy.sparse as sp

from panhuo.engine import Limits
from panhuo.locate.annealing import greedy_choice, value_of
from panhuo.locate.result import Clock
from panhuo.locate.tempering import Ladder
from panhuo_models.data.location import Candidates, Covering

FOREVER = Clock(Limits(gap=0))


def problem(case, most, budget, radius=5):
    none = np.zeros(len(case.cost), dtype=bool)
    candidates = Candidates(case.cost, none, none, most, budget=budget)
    return Covering(candidates, sp.csr_matrix(case.distance <= radius), case.weight)


def test_every_temperature_draws_by_its_own_odds(monkeypatch):
    """One place, three sites: after many exchanges each is chosen as often as exp(worth/temperature) says."""
    for name, value in {"HOT": 0.5, "COLD": 0.1, "RUNGS": 3.0, "EXCHANGES": 6000, "SWEEP": 1}.items():
        monkeypatch.setattr(f"panhuo.locate.tempering.{name}", value)
    none, worth = np.zeros(3, dtype=bool), np.array([10.0, 9.0, 8.0])
    data = Covering(Candidates(np.ones(3), none, none, 1, budget=None), sp.identity(3, format="csr"), worth)
    ladder, seen = Ladder(data, np.array([True, False, False]), 1), np.zeros((3, 3))

    def counted(work, rungs):
        for n in rungs:
            work(n)
            seen[n, ladder.standing(n)] += 1
        return ()

    ladder.go_on(counted, FOREVER)
    warmth = 10 * np.geomspace(0.5, 0.1, 3)
    odds = np.exp(worth / warmth[:, None])
    assert seen / 6000 == pytest.approx(odds / odds.sum(axis=1, keepdims=True), abs=0.03)


@pytest.mark.parametrize(("most", "budget"), [(8, None), (None, 30.0), (8, 25.0)])
@pytest.mark.parametrize("seed", range(4))
def test_what_is_frozen_keeps_the_limits_and_improves(random_case, seed, most, budget):
    data = problem(random_case(seed, points=200, sites=50, plain=True), most, budget)
    start = greedy_choice(data)
    ladder = Ladder(data, start, seed)
    ladder.go_on(map, FOREVER)
    found = ladder.cold(map)
    given = data.candidates
    for chosen in found:
        assert given.most is None or chosen.sum() <= given.most
        assert given.budget is None or given.cost[chosen].sum() <= given.budget
    assert max(value_of(data, chosen) for chosen in found) >= value_of(data, start)
