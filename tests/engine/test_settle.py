"""The last word on a choice: pins, room for rounding, people, public money."""

from dataclasses import replace

import numpy as np
import pytest
from every_row import every_row
from one_canteen import floats, ints, one_canteen
from random_siting import plan_limit

from panhuo.engine import Limits, Quiet, solve
from panhuo.engine.compile import compile_plan
from panhuo.engine.highs import solve_highs
from panhuo.engine.measure import lifted
from panhuo.engine.pins import complexes, outlets_kept, pinned, solve_pinned
from panhuo.engine.rounding import room, tightened
from panhuo.engine.settle import Settler, clean, settle
from panhuo_models.data import Bond, Objective
from panhuo_models.doors import load_pairs
from panhuo_models.money import UNIT

EXACT = Limits(gap=0, threads=1)
CHOSEN = np.ones(1, dtype=bool)
LOW, HIGH = np.array([True, False]), np.array([False, True])


def year(data, **fields):
    return replace(data, accounts=replace(data.accounts, **fields))


def served(data, decision):
    come = data.flow.uptake * decision.assigned
    return np.bincount(data.flow.tier[data.flow.row], weights=come, minlength=len(data.tiers)).tolist()


def test_settle_by_hand():
    """Everybody comes to "high"; "low" cannot keep its margin, and where it may, it cannot hold everybody."""
    data = one_canteen()
    decision = settle(data, CHOSEN, HIGH, EXACT)
    assert decision.level.tolist() == [False, True]
    assert decision.assigned.tolist() == [0, 200, 0, 100]
    assert settle(data, CHOSEN, LOW, EXACT) is None
    assert settle(data, CHOSEN, None, EXACT).level.tolist() == [False, True]
    free = year(data, margin_min=floats(np.nan), pool=ints(-1))
    assert sum(served(free, settle(free, CHOSEN, LOW, EXACT))) == pytest.approx(150)
    assert settle(free, CHOSEN, None, EXACT).level.tolist() == [True, False]
    nothing = settle(data, ~CHOSEN, None, EXACT)
    assert not nothing.level.any()
    assert not nothing.assigned.any()


def test_public_money_is_spared_last():
    """130 places, and only the poor cost the government anything: of equal needs, all others come, and 70 poor."""
    data = one_canteen()
    government = np.array([[1500.0, 0], [1000.0, 0]])
    data = year(
        replace(data, tier_need=ints(1, 1), outlets=replace(data.outlets, government=government)),
        capacity=floats(130), fixed=floats(0),
    )  # fmt: skip
    assert served(data, settle(data, CHOSEN, HIGH, EXACT)) == pytest.approx([70, 60])
    # In unequal needs, the shares of both stay the same.
    fair = replace(data, tier_need=ints(2, 1))
    assert served(fair, settle(fair, CHOSEN, HIGH, EXACT)) == pytest.approx([130 * 80 / 140, 130 * 60 / 140])


def test_public_money_is_no_reason_to_serve_fewer():
    """140 people can be served at 1,000 CNY each of the government: 125 would be good enough, and 140 are served."""
    for kept in ([125.0], []):
        settled = Settler(one_canteen()).settle(CHOSEN, HIGH, kept, EXACT, Quiet())
        assert sum(served(one_canteen(), settled.decision)) == pytest.approx(140)


def test_what_later_stages_do_not_need_is_not_given_up():
    """A second stage that counts no more than 110 guests is as good with 125, all that is kept, as with the 140 there are."""
    data = one_canteen()
    share = Objective("share", "smallest_share", True, ints(0), floats(1), floats(110), -1, 0.0)
    two = replace(data, objectives=(*data.objectives, share))
    settled = Settler(two).settle(CHOSEN, HIGH, [125.0, 0.0], EXACT, Quiet())
    assert sum(served(two, settled.decision)) == pytest.approx(140)


def test_where_there_is_no_room_for_rounding_the_plan_stands():
    """Of 240,000 CNY all but 16.06 are needed, which is 120.008 guests: where 120 fit in, there are 120."""
    for places in (120, 120.004, 120.1):
        full = year(one_canteen(), capacity=floats(places))
        assert sum(served(full, settle(full, CHOSEN, HIGH, EXACT))) == pytest.approx(places, abs=1e-6)


def test_room_by_hand():
    """Of each tier less than a visit, 1/250 of a person, and two millionths of one for its only pair; and 5 fen."""
    data, lost = one_canteen(), 1 / 250 + 2e-6
    both = np.ones(2, dtype=bool)
    found = room(data, CHOSEN, both)
    assert found["margin_min"] == pytest.approx([0.05 + lost * 4_000])
    assert found["margin_max"] == pytest.approx([0.05])
    assert found["missing"] == pytest.approx([0.05 + lost * 4_000])
    assert found["served"] == pytest.approx([0.05 + lost * 2_000])
    assert found["share"] == pytest.approx([0.05 + lost * 7_000 + 2 * (0.05 + lost * 4_000)])
    # Under "low" the poor leave 1,000, and of their own price nothing.
    low = room(data, CHOSEN, LOW)
    assert low["margin_min"] == pytest.approx([0.05 + lost * 3_000])
    assert low["served"] == pytest.approx([0.05 + lost * 500])
    # A margin of a tenth takes as much of what comes in.
    assert room(year(data, margin_min=floats(0.1)), CHOSEN, LOW)["margin_min"] == pytest.approx(
        [0.05 + lost * (3_000 - 0.1 * (2_500 + 3_500))]
    )
    assert all(not value.any() for value in room(data, ~CHOSEN, ~both).values())


def test_rows_are_tightened_by_hand():
    """The rows of a year move inward, by what its accounts may lose; no other row moves."""
    data = one_canteen()
    money = replace(data.money, bonds=(Bond(0, CHOSEN, 0.1, 1.2),),
                    limits=(plan_limit(data.money, 3, 0.2, 0.9, "yearly", accounts=CHOSEN),))  # fmt: skip
    data = year(replace(data, money=money), margin_max=floats(0.1))
    compiled, lost = compile_plan(data), room(data, CHOSEN, LOW | HIGH)
    lower, upper = tightened(data, compiled, lost)
    moved = {
        name: by * UNIT
        for n, (name, _) in enumerate(compiled.rows)
        for before, after, sign in ((compiled.row_lower[n], lower[n], 1), (compiled.row_upper[n], upper[n], -1))
        if np.isfinite(before) and (by := sign * (after - before))
    }
    assert moved == {
        "accounts.margin_min": pytest.approx(lost["margin_min"][0]),
        "accounts.margin_max": pytest.approx(lost["margin_max"][0]),
        "bonds.served": pytest.approx(lost["served"][0]),
        "yearly.low": pytest.approx(lost["share"][0]),
        "yearly.high": pytest.approx(lost["share"][0]),
    }
    rest = slice(len(compiled.rows), None)
    assert np.array_equal(lower[rest], compiled.row_lower[rest])


def test_deficit_has_its_own_room():
    """A deficit is what is missing and the room, neither less nor more: both its rows move the same way."""
    data = year(one_canteen(), operator=ints(0), margin_min=floats(np.nan), pool=ints(-1), financed=CHOSEN)
    limit = plan_limit(data.money, 3, 0.2, 1.0, "yearly", accounts=CHOSEN)
    data = replace(data, money=replace(data.money, limits=(limit,)))
    compiled, lost = compile_plan(data), room(data, CHOSEN, HIGH)
    lower, upper = tightened(data, compiled, lost)
    names = [name for name, _ in compiled.rows]
    missing, exact = names.index("accounts.missing"), names.index("accounts.exact")
    assert (lower[missing] - compiled.row_lower[missing]) * UNIT == pytest.approx(lost["missing"][0])
    assert (upper[exact] - compiled.row_upper[exact]) * UNIT == pytest.approx(lost["missing"][0])


def test_dust_is_taken_off():
    """Whole millionths stay whole; what is next to nothing is nothing; nobody is sent twice or beyond capacity."""
    data = one_canteen()
    dusty = floats(3e-10, 200 + 1e-9, -1e-12, 99.999_999_9)
    assert clean(data, CHOSEN, HIGH, dusty).tolist() == [0, 200, 0, 100]
    assert clean(data, CHOSEN, HIGH, floats(0, 150.123_456_7, 0, 0))[1] == 150.123_456_7
    assert clean(data, CHOSEN, HIGH, floats(0, 150.123_456_1, 0, 0))[1] == 150.123_456
    full = clean(year(data, capacity=floats(70)), CHOSEN, HIGH, floats(0, 200, 0, 100))
    assert full.tolist() == pytest.approx([0, 100, 0, 50])
    # Outlets that are shut take nobody.
    assert not clean(data, CHOSEN, LOW, floats(0, 200, 0, 100)).any()


def test_outlets_that_are_kept():
    data = every_row()
    choose = np.array([0, 1, 0, 1, 0, 1], dtype=bool)
    none = np.zeros(6, dtype=bool)
    sure, possible = outlets_kept(data, choose, none)
    assert np.flatnonzero(sure).tolist() == [3, 4, 5]  # the only one of its account, and those of today
    assert np.flatnonzero(possible).tolist() == [1, 2, 3, 4, 5]
    sure, possible = outlets_kept(data, choose, np.arange(6) == 2)
    assert np.flatnonzero(sure).tolist() == np.flatnonzero(possible).tolist() == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("chosen", "found"), [([1, 2], [False, True, False]), ([1], [False] * 3), ([2, 5], [False] * 3)]
)
def test_complexes_of_a_choice(chosen, found):
    data = every_row()
    assert complexes(data, np.isin(np.arange(6), chosen)).tolist() == found
    assert not complexes(replace(data, complexes=None), np.ones(6, dtype=bool)).any()


def test_pins_by_hand():
    """A:convert as hall and public canteen: e1 and e2 close, the lift is built, both are in a complex."""
    data = every_row()
    compiled = compile_plan(data)
    lower, upper = pinned(data, compiled, np.isin(np.arange(6), [1, 2]), np.zeros(6, dtype=bool))

    def of(family):
        columns = compiled.families[family]
        assert np.array_equal(lower[columns], upper[columns])
        return lower[columns].tolist()

    assert of("use") == [0, 1, 0]
    assert of("offer") == [1, 1, 0]
    assert of("stays_open") == [0, 0]
    assert of("build") == [1]
    assert of("level") == [1, 0, 0, 0]
    assert of("complex") == [0, 1, 0]
    assert of("covered") == [1, 1]
    outlet = load_pairs(data.flow, len(data.tiers))[0][upper[compiled.families["load"]] > 0]
    opened = {data.outlets.names[n] for n in outlet.tolist()}
    assert opened
    assert all("public|low" in name or "e3" in name for name in opened)


def test_uncovered_mandatory_row_has_no_bounds_between():
    """Nothing is chosen, and converting would close e1: the second row is mandatory."""
    data = every_row()
    compiled = compile_plan(data)
    lower, upper = pinned(data, compiled, np.isin(np.arange(6), [2]), np.zeros(6, dtype=bool))
    covered = compiled.families["covered"]
    assert (lower > upper)[covered].tolist() == [False, True]
    assert solve_pinned(compiled.program(0), lower, upper, EXACT, Quiet()) is None


def holds(program, point):
    activity = program.matrix @ point
    return bool(
        np.all(activity >= program.row_lower - 1e-5)
        and np.all(activity <= program.row_upper + 1e-5)
        and np.all(point >= program.lower - 1e-6)
        and np.all(point <= program.upper + 1e-6)
    )


@pytest.mark.parametrize("block", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_pinned_at_the_best_choice_nothing_is_lost(cases, block):
    """The program that a choice leaves over gives back the optimum that the choice was taken from, as a whole point."""
    found = 0
    for seed in range(15 * block, 15 * block + 15):
        data = cases.full(seed)
        compiled = compile_plan(data)
        program = compiled.program(0)
        answer = solve_highs(program, EXACT, Quiet())
        if answer.x is None:
            continue
        found += 1
        level = data.outlets.account >= 0
        level[level] = answer.x[compiled.families["level"]] > 0.5
        choose = answer.x[compiled.families["choose"]] > 0.5
        point = solve_pinned(program, *pinned(data, compiled, choose, level), EXACT, Quiet())
        assert point is not None
        assert holds(program, point)
        assert program.cost @ point + program.offset == pytest.approx(answer.objective, abs=1e-5)
    assert found > 9


@pytest.mark.parametrize("block", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_lifted_points_hold_with_every_family(cases, block):
    """A point that says nothing of coverage is raised to all it is worth, and stays within all rows."""
    raised = 0
    for seed in range(15 * block, 15 * block + 15):
        data = cases.full(seed)
        compiled = compile_plan(data)
        program = compiled.program(0)
        point = solve_highs(replace(program, maximise=not program.maximise), EXACT, Quiet()).x
        if point is None:
            continue
        better = lifted(data, compiled, point)
        assert holds(program, better)
        assert program.cost @ better >= program.cost @ point - 1e-6
        raised += program.cost @ better > program.cost @ point + 1
    assert raised > 2


def test_settled_again_a_plan_is_what_it_was(cases):
    """What the engine settled and what the choice alone is settled to are worth the same."""
    for seed in range(8):
        data = cases.full(seed)
        outcome = solve(data, EXACT)
        again = settle(data, outcome.decision.choose, outcome.decision.level, EXACT)
        come = [float((data.flow.uptake * d.assigned).sum()) for d in (outcome.decision, again)]
        assert come[0] == pytest.approx(come[1], abs=1e-4)
        assert np.array_equal(again.level, outcome.decision.level)


def test_room_is_there_for_those_who_ask_for_it():
    """At most 4 % of margin let 129.03 guests in, and five fen less for rounding so much less of one."""
    data = year(one_canteen(), margin_max=floats(0.04))
    exact = 240_000 / 1_860
    asked = solve(data, EXACT, accept=lambda decision: sum(served(data, decision)) < exact - 1e-5)
    assert asked.cut_off == 0
    assert sum(served(data, asked.decision)) == pytest.approx(exact - 0.05 / 1_860, abs=2e-6)
