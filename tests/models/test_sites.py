"""Rows of siting, works, links, complexes, quotas, coverage and equity: each changes the plan of two rooms."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from random_siting import ints, required
from two_rooms import OPTIONS, funds, two_rooms

from panhuo_models.data import AreaQuota, Complexes, CoverageFloor, Link, Objective

NONE = np.zeros(0)
A_HALL, A_CLINIC, B_HALL, B_CLINIC = OPTIONS
AT_B = np.array([False, False, True, True])
CLINIC = np.array([False, True])


def floored(tally, persons):
    return (CoverageFloor(f"floor {tally}", tally, persons),)


def with_work(data, cost, needs):
    """A lift in room A that some options need."""
    money = replace(data.money, cost=sp.block_diag([data.money.cost, [[cost]]], format="csr"), most=np.ones((1, 5)),
                    class_project=np.full(5, -1), class_account=np.full(5, -1))  # fmt: skip
    return replace(
        data, works=("A:convert:lift",), work_project=ints([0]), money=money,
        work_options=sp.csr_matrix(np.array([needs], dtype=bool)),
    )  # fmt: skip


def test_without_any_rule(chosen):
    assert chosen(two_rooms()) == [A_HALL, A_CLINIC]
    assert chosen(two_rooms(budget=300_000)) == [A_HALL, A_CLINIC, B_HALL]


def test_floor_area(chosen):
    """Room A of 99.99 m² holds one of them."""
    assert chosen(two_rooms(project_area=np.array([99.99, 100.0]))) == [A_HALL, B_HALL]


def test_one_mode_a_site(chosen):
    """Kept, room A may hold the hall; converted, the clinic."""
    assert chosen(
        two_rooms(
            modes=("keep", "convert"), projects=("A:keep", "A:convert", "B:convert"), project_site=ints([0, 0, 1]),
            project_area=np.full(3, 100.0), option_project=ints([0, 1, 2, 2]), closing_by=sp.csr_matrix((0, 3), dtype=bool),
        )
    ) == [A_HALL, B_HALL]  # fmt: skip


def test_one_option_of_a_service_in_a_project(outcome):
    """The second hall in room B, larger, belongs to the same offer: both together would count nobody twice."""
    data = two_rooms(option_service=ints([0, 1, 0, 0]), option_offer=ints([0, 1, 2, 2]), offers=OPTIONS[:3],
                     reach=replace(two_rooms().reach, within=sp.csr_matrix(np.eye(4, 3, dtype=bool))))  # fmt: skip
    least = replace(data, objectives=(Objective("capital", "capital", True, ints([]), NONE, NONE, -1, 0.0),))
    free = replace(least, money=replace(least.money, budget=float("inf")))
    assert outcome(free).stages[0].objective == pytest.approx(300_000)


def test_required_site(chosen):
    assert chosen(required(two_rooms(), [1])) == [A_HALL, B_HALL]


@pytest.mark.parametrize("stands_open", [True, False])
def test_facility_that_closes(outcome, stands_open):
    """Converting room A closes what serves 190 people of another hall row there: 180 are gained, 190 lost."""
    data = two_rooms()
    within = sp.csr_matrix(np.pad(np.eye(4, dtype=bool), ((0, 1), (0, 1))) | (np.arange(25).reshape(5, 5) == 24))
    reach = replace(
        data.reach, within=within, demand=np.append(data.reach.demand, 190.0), tally=ints([0, 1, 0, 1, 0]),
        mandatory=np.zeros(5, dtype=bool),
    )  # fmt: skip
    tallies = replace(data.tallies, before=np.array([190.0, 0]), reachable=np.array([350.0, 130]))
    data = replace(data, reach=reach, tallies=tallies, closing=("old hall",),
                   closing_by=sp.csr_matrix(np.array([[not stands_open, False]])))  # fmt: skip
    assert outcome(data).stages[0].objective == (180 if stands_open else 110)


def test_shared_work_is_paid_once(chosen):
    """A lift of 100,000 CNY for both rooms of A: one of two options is left beside it, two of three."""
    both = [True, True, False, False]
    assert chosen(with_work(two_rooms(), 100_000, both)) == [B_HALL, B_CLINIC]
    assert chosen(with_work(two_rooms(budget=300_000), 100_000, both)) == [A_HALL, A_CLINIC]
    assert chosen(with_work(two_rooms(budget=299_999), 100_000, both)) == [B_HALL, B_CLINIC]


def test_shared_work_is_paid_for_those_that_need_it(chosen):
    assert chosen(with_work(two_rooms(), 100_000, [False, True, False, False])) == [A_HALL, B_HALL]


def test_nothing_is_built_for_nobody(outcome):
    """Were it built to please a stage that maximises capital, the lift alone would cost 100,000 CNY."""
    most = Objective("capital", "capital", True, ints([]), NONE, NONE, -1, 0.0)
    data = with_work(two_rooms(budget=400_000, objectives=(most,)), 100_000, [True, False, False, False])
    data = replace(required(data, [1]), project_area=np.array([0.0, 100.0]))
    assert outcome(data).stages[0].bound == pytest.approx(200_000)


def link(kind, offer, *others, held=False, bonus=0.0):
    return (Link(kind, kind, OPTIONS.index(offer), tuple(map(OPTIONS.index, others)), held, bonus),)


def test_link_that_is_needed(chosen, at_odds):
    assert chosen(two_rooms(links=link("requires", A_HALL, B_HALL))) == [A_HALL, B_HALL]
    assert chosen(two_rooms(links=link("requires", A_HALL, B_HALL, held=True))) == [A_HALL, A_CLINIC]
    assert chosen(two_rooms(links=link("requires", A_HALL, B_HALL, A_CLINIC))) == [A_HALL, A_CLINIC]
    assert chosen(two_rooms(links=link("requires", A_HALL))) == [A_CLINIC, B_HALL]
    assert at_odds(two_rooms(links=link("requires", A_HALL), floors=floored(0, 100.0))) == [
        "floor floor 0: at least 100 people",
        "link requires: one service needs the other",
    ]


def test_link_that_keeps_apart(chosen, at_odds):
    apart = link("incompatible", A_HALL, A_CLINIC, B_CLINIC)
    assert chosen(two_rooms(links=apart)) == [A_HALL, B_HALL]
    assert at_odds(two_rooms(links=apart, budget=400_000, floors=(*floored(0, 160.0), *floored(1, 80.0)))) == [
        "floor floor 0: at least 160 people",
        "floor floor 1: at least 80 people",
        "link incompatible: the services may not stand together",
    ]


def test_link_that_earns(outcome, chosen):
    first = Objective("links", "links", True, ints([]), NONE, NONE, -1, 0.0)
    data = two_rooms(links=link("bonus", B_HALL, B_CLINIC, bonus=2.5))
    assert chosen(data) == [A_HALL, A_CLINIC]
    data = replace(data, objectives=(first, *data.objectives))
    assert chosen(data) == [B_HALL, B_CLINIC]
    assert [stage.objective for stage in outcome(data).stages] == [2.5, 110]
    held = replace(data, links=link("bonus", B_HALL, B_CLINIC, held=True, bonus=2.5))
    assert chosen(held) == [A_HALL, B_HALL]


def test_complexes_asked_for(chosen, at_odds):
    """Two services of 50 m² make one: with three options one is there, with two complexes all four are."""
    data = required(two_rooms(budget=300_000), [1])
    assert chosen(replace(data, complexes=Complexes(100.0, 2, CLINIC, 1, 1))) == [A_HALL, A_CLINIC, B_HALL]
    two = Complexes(100.0, 2, CLINIC, 1, 2)
    assert at_odds(replace(data, complexes=two)) == [
        "embedded complexes: at least 2",
        "budget: at most 300,000.00 CNY",
    ]
    assert at_odds(replace(data, complexes=replace(two, area=100.01))) == [
        "embedded complexes: 2 are asked for, 0 sites can hold one"
    ]
    apart = two_rooms(links=link("incompatible", A_HALL, A_CLINIC))
    assert chosen(apart) == [A_HALL, B_HALL]
    assert chosen(replace(apart, complexes=Complexes(100.0, 2, CLINIC, 1, 1))) == [B_HALL, B_CLINIC]


@pytest.mark.parametrize("what", [(100.01, 2, 1), (100.0, 3, 1), (100.0, 2, 2)])
def test_fund_that_pays_in_complexes_only(chosen, what):
    """The fund of the clinics pays in complexes only: area, number and named services each decide what is one."""
    area, functions, named = what
    money = funds(("government", "community"), budget=200_000)
    money = replace(
        money, most=np.array([[1.0, 0, 1, 0], [0, 1, 0, 1]]), complex_only=np.array([False, True]),
        class_project=ints([-1, 0, -1, 1]),
    )  # fmt: skip
    data = two_rooms(money=money)
    yearly = replace(data.yearly, eligible=np.zeros((2, 0), dtype=bool), cap=np.zeros(2))
    data = replace(data, yearly=yearly, complexes=Complexes(100.0, 2, CLINIC, 1, 0))
    assert chosen(data) == [A_HALL, A_CLINIC]
    assert chosen(replace(data, complexes=Complexes(area, functions, CLINIC, named, 0))) == [A_HALL, B_HALL]


def test_shared_work_paid_in_complexes_only(chosen):
    """Only the fund that pays in complexes may pay the lift of room A, which its hall for 200 people needs."""
    data = with_work(two_rooms(budget=300_000), 100_000, [True, False, False, False])
    reach, tallies = replace(data.reach, demand=np.array([200.0, 80, 60, 50])), data.tallies
    data = replace(data, reach=reach, tallies=replace(tallies, reachable=np.array([260.0, 130])))
    money = replace(
        data.money, most=np.array([[1.0, 1, 1, 1, 0], [0, 0, 0, 0, 1]]), cap=np.full(2, np.inf), party=ints([0, 1]),
        central=np.zeros(2, dtype=bool), complex_only=np.array([False, True]), class_project=ints([-1, -1, -1, -1, 0]),
        funds=("f0", "f1"),
    )  # fmt: skip
    yearly = replace(data.yearly, eligible=np.zeros((2, 0), dtype=bool), cap=np.zeros(2))
    data = replace(data, money=money, yearly=yearly, complexes=Complexes(100.0, 2, CLINIC, 1, 0))
    assert chosen(data) == [A_HALL, A_CLINIC]
    assert chosen(replace(data, complexes=Complexes(100.0, 3, CLINIC, 1, 0))) == [A_CLINIC, B_HALL, B_CLINIC]


def test_floor_area_by_population(chosen, at_odds):
    half = AreaQuota("room B", AT_B, 0.4, 1.0)
    assert chosen(two_rooms(quotas=(half,))) == [A_HALL, B_HALL]
    assert chosen(two_rooms(quotas=(replace(half, low=0.6),))) == [B_HALL, B_CLINIC]
    assert chosen(two_rooms(quotas=(AreaQuota("room A", ~AT_B, 0.0, 0.5),))) == [A_HALL, B_HALL]
    # 0.6 of the area of two options is 60 m²: one alone is less, both more.
    assert at_odds(two_rooms(quotas=(replace(half, low=0.6),), floors=floored(0, 100.0))) == [
        "floor floor 0: at least 100 people",
        "quota room B: at least 60.0% of the floor area",
        "budget: at most 200,000.00 CNY",
    ]


def test_coverage_floor(chosen, at_odds):
    assert chosen(two_rooms(floors=floored(0, 101.0))) == [A_HALL, B_HALL]
    assert chosen(two_rooms(floors=floored(0, 100.0))) == [A_HALL, A_CLINIC]
    assert at_odds(two_rooms(floors=(*floored(0, 101.0), *floored(1, 1.0)))) == [
        "floor floor 0: at least 101 people",
        "floor floor 1: at least 1 people",
        "budget: at most 200,000.00 CNY",
    ]


def test_mandatory_row(chosen):
    """Who lives at B must have a clinic; the other option is the one that reaches most."""
    data = two_rooms()
    assert chosen(replace(data, reach=replace(data.reach, mandatory=np.arange(4) == 3))) == [A_HALL, B_CLINIC]


def test_smallest_share(outcome, chosen):
    """160 of 160 for the halls is 0 of 130 for the clinics; one of each gives 100/160 and 80/130."""
    share = Objective("share", "smallest_share", True, ints([0, 1]), np.ones(2), np.array([160.0, 130.0]), -1, 0.0)
    data = two_rooms(objectives=(share,))
    assert outcome(data).stages[0].objective == pytest.approx(80 / 130, abs=1e-6)
    assert outcome(replace(data, tallies=replace(data.tallies, fixed=np.array([0.0, 130.0])))).stages[
        0
    ].objective == pytest.approx(1.0, abs=1e-6)
    assert chosen(replace(data, tallies=replace(data.tallies, fixed=np.array([0.0, 130.0])))) == [A_HALL, B_HALL]


def test_weights(chosen):
    """A person at a clinic counts twice: 160 for A's, 100 for B's or for the hall of A."""
    people = two_rooms().objectives[0]
    data = two_rooms(objectives=(replace(people, weight=np.array([1.0, 2.1])),))
    assert chosen(data) == [A_CLINIC, B_CLINIC]
