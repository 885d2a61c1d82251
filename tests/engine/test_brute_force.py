"""Random instances against every choice there is."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from every_plan import best, decided, reached
from random_siting import pinned, required

from panhuo.engine import InfeasibleError, Limits, solve
from panhuo_models.data import Objective

EXACT = Limits(gap=0, threads=1)
HAIR = Fraction(2, 10**5)


def varied(cases, seed):
    """Funds, floors, mandatory rows, required sites: by turns."""
    options = 4 + seed % 9
    data = cases.random(
        seed, cases.Size(sites=2 + seed % 4, funds=seed % 4, most_options=min(options, 12 if seed % 25 == 0 else 8))
    )
    if seed % 3 == 1:
        room = data.tallies.reachable - data.tallies.fixed
        data = cases.floor(
            data,
            seed % len(data.tallies),
            float(data.tallies.fixed[seed % len(data.tallies)] + room[seed % len(data.tallies)] * 0.5),
        )
    if seed % 5 == 2 and len(data.reach):
        mandatory = np.arange(len(data.reach)) % 9 == 0
        data = replace(data, reach=replace(data.reach, mandatory=mandatory))
    if seed % 7 == 3:
        data = required(data, [seed % len(data.sites)])
    if seed % 7 == 5:
        data = pinned(data, *sorted({seed % len(data.options), (seed // 2) % len(data.options)}))
    return data


@pytest.mark.parametrize("block", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 10))])
def test_equals_brute_force(cases, block):
    infeasible = 0
    for seed in range(30 * block, 30 * block + 30):
        data = varied(cases, seed)
        possible = cases.possible(data)
        best_first = possible[np.argsort(-cases.value(data, data.objectives[0], possible), kind="stable")]
        best = next((plan for plan in best_first if cases.payable(data, plan)), None)
        if best is None:
            infeasible += 1
            with pytest.raises(InfeasibleError):
                solve(data, EXACT)
            continue
        outcome = solve(data, EXACT)
        value, choose = cases.value(data, data.objectives[0], best), outcome.decision.choose
        assert outcome.status == "optimal"
        assert outcome.stages[0].objective == pytest.approx(value, abs=1e-6), seed
        assert (possible == choose).all(axis=1).any(), seed
        assert cases.payable(data, choose), seed
    assert infeasible < 20


def full(cases, seed):
    """Every family of rows by turns, at times a floor, a mandatory row, a required site, more stages."""
    data = cases.full(seed)
    if seed % 4 == 1:
        tally = seed % 3
        room = data.tallies.reachable[tally] - data.tallies.fixed[tally]
        data = cases.floor(data, tally, float(data.tallies.fixed[tally] + 0.25 * room))
    if seed % 6 == 2:
        data = replace(data, reach=replace(data.reach, mandatory=np.arange(len(data.reach)) == 0))
    if seed % 10 == 3:
        data = required(data, [int(data.project_site[data.option_project[-1]])])
    none = np.zeros(0)
    more = [
        Objective("capital", "capital", False, none.astype(np.int64), none, none, -1, 0.0),
        Objective("links", "links", True, none.astype(np.int64), none, none, -1, 0.0),
        Objective("government", "party_capital", False, none.astype(np.int64), none, none, 0, 0.0),
        Objective("residents", "party_yearly", False, none.astype(np.int64), none, none, 3, 0.0),
    ]
    return replace(data, objectives=(*data.objectives, *more[seed % 5 : seed % 5 + 2]))


def agrees(cases, seed, data=None):
    """Bounds, values and decision are those of the exact programs; gives these values, ``None`` where no plan exists.

    Where a bound of the year binds, the room that rounding needs costs a hair of the value: the plan is not "optimal".
    """
    data = full(cases, seed) if data is None else data
    expected = best(data)
    if expected is None:
        with pytest.raises(InfeasibleError):
            solve(data, EXACT)
        return None
    outcome = solve(data, EXACT)
    decision = outcome.decision
    choice, levels = (tuple(np.flatnonzero(of).tolist()) for of in (decision.choose, decision.level))
    assert reached(data, choice, levels) == expected, seed
    with_room = reached(data, choice, levels, room=True)
    left = expected if with_room is None else with_room
    assert [stage.objective for stage in outcome.stages] == close(left), seed
    # A stage that profits from what an earlier one lost to rounding is its own bound.
    gave_way = [left[:s] != expected[:s] for s in range(len(expected))]
    for stage, *bounds, better in zip(outcome.stages, close(expected), close(left), gave_way, strict=True):
        assert stage.bound in bounds[: 1 + better], seed
    assert outcome.stages[0].status == "optimal" or left[0] < expected[0], seed
    held = decided(data, decision.choose, decision.level, decision.assigned, HAIR)
    assert held == pytest.approx(outcome.stages[0].objective, rel=1e-6, abs=1e-3), seed
    return expected


def close(values):
    """To six digits; of a later stage to five, as it may give up a hair of an earlier one."""
    first, *later = [float(value) for value in values]
    return [pytest.approx(first, rel=1e-6, abs=1e-5), *(pytest.approx(value, rel=1e-5, abs=0.01) for value in later)]


def seeds(blocks):
    """Five seeds always, and all of them, fifteen a test, where tests may be slow."""
    return [range(5), *(pytest.param(range(15 * n, 15 * n + 15), marks=pytest.mark.slow) for n in range(blocks))]


@pytest.mark.parametrize("of", seeds(20), ids=str)
def test_people_and_money_equal_brute_force(cases, of):
    assert sum(agrees(cases, seed) is not None for seed in of) > 0.54 * len(of)


@pytest.mark.parametrize("of", seeds(8), ids=str)
def test_canteens_that_need_a_kitchen_equal_brute_force(cases, of):
    """In some cases the rule costs people: else nothing would be tested."""
    plans, fewer = 0, 0
    for seed in of:
        free = full(cases, seed)
        data = cases.supplied(free, seed)
        found = agrees(cases, seed, data)
        plans += found is not None
        fewer += found != best(free)
    assert plans > len(of) / 3
    assert fewer >= len(of) / 5


@pytest.mark.slow
@pytest.mark.parametrize("block", range(8))
def test_pins_equal_brute_force(cases, block):
    """A pin of one option, and one that any of two meets; in some cases they cost people, in some nothing meets them."""
    plans, fewer, none = 0, 0, 0
    for seed in range(15 * block, 15 * block + 15):
        free = full(cases, seed)
        free = replace(free, objectives=free.objectives[:1])
        last = len(free.options) - 1
        data = pinned(pinned(free, seed % (last + 1)), *sorted({last, last // 2}))
        found, before = agrees(cases, seed, data), best(free)
        plans += found is not None
        fewer += found not in (None, before)
        none += found is None and before is not None
    assert plans > 3
    assert fewer > 1
    assert none > 0
