"""Rows of capital: caps, largest shares, central funds, bounds on shares; each changes the plan of two rooms."""

from dataclasses import replace

import numpy as np
import pytest
from random_siting import ints, plan_limit
from two_rooms import OPTIONS, funds, two_rooms

from panhuo_models.data import Objective, Yearly

A_HALL, A_CLINIC, B_HALL, B_CLINIC = OPTIONS
BOTH = ("government", "enterprise")
NONE = np.zeros(0)
ROOM_A = np.array([True, True, False, False])


def rooms(parties=BOTH, *, budget=200_000.0, **money):
    """Two rooms paid by one fund a party."""
    paid = funds(parties, budget, **money)
    nothing = Yearly(np.full((4, 4), -1), np.zeros((len(parties), 0), dtype=bool), np.zeros(len(parties)))
    return two_rooms(money=paid, yearly=nothing)


def limited(data, *limits):
    return replace(data, money=replace(data.money, limits=limits))


def share(data, party, low, high, ledger="capital", **scope):
    return plan_limit(data.money, party, low, high, ledger, **scope)


def stage(measure, party=-1, *, maximise=False):
    return Objective(measure, measure, maximise, ints([]), NONE, NONE, party, 0.0)


def test_budget(chosen):
    assert chosen(rooms()) == [A_HALL, A_CLINIC]
    assert chosen(rooms(budget=199_999)) == [A_HALL]
    assert chosen(rooms(budget=99_999)) == []


def test_caps(chosen):
    assert chosen(rooms(budget=np.inf, cap=np.array([120_000.0, 80_000.0]))) == [A_HALL, A_CLINIC]
    assert chosen(rooms(budget=np.inf, cap=np.array([120_000.0, 79_999.0]))) == [A_HALL]


def test_who_may_pay_what(chosen):
    """Nobody may pay a clinic; the enterprise may pay the hall of B, but has nothing."""
    most = np.array([[1.0, 0, 0, 0], [0, 0, 1, 0]])
    assert chosen(rooms(most=most)) == [A_HALL, B_HALL]
    assert chosen(rooms(most=most, cap=np.array([np.inf, 0.0]))) == [A_HALL]


def test_largest_share_of_an_item(chosen):
    """Of a clinic the government may pay half, and the enterprise has money for one half."""
    half = np.array([[1.0, 0.5, 1, 0.5], [1, 1, 1, 1]])
    assert chosen(rooms(most=half, cap=np.array([np.inf, 50_000.0]))) == [A_HALL, A_CLINIC]
    assert chosen(rooms(most=half, cap=np.array([np.inf, 49_999.0]))) == [A_HALL, B_HALL]


def test_one_central_source_an_item(chosen):
    """150,000 and 50,000 CNY pay two options; where both are central, each option has one of them alone."""
    caps = np.array([150_000.0, 50_000.0])
    parties = ("government", "community")
    assert chosen(rooms(parties, cap=caps)) == [A_HALL, A_CLINIC]
    assert chosen(rooms(parties, cap=caps, central=np.ones(2, dtype=bool))) == [A_HALL]
    assert chosen(rooms(parties, cap=caps, central=np.array([True, False]))) == [A_HALL, A_CLINIC]
    # A third source that is not central fills either up.
    three = rooms((*parties, "enterprise"), cap=np.array([150_000.0, 50_000, 50_000]), central=np.arange(3) < 2)
    assert chosen(three) == [A_HALL, A_CLINIC]


def test_share_of_the_plan(chosen):
    """The enterprise pays half of everything, and has money for half of one option."""
    data = rooms(cap=np.array([np.inf, 50_000.0]))
    assert chosen(limited(data, share(data, 1, 0.5, 1.0))) == [A_HALL]
    assert chosen(limited(data, share(data, 1, 0.25, 1.0))) == [A_HALL, A_CLINIC]
    assert chosen(limited(data, share(data, 0, 0.0, 0.5))) == [A_HALL]
    assert chosen(limited(data, share(data, 0, 0.0, 0.75))) == [A_HALL, A_CLINIC]


def test_share_of_a_project(chosen):
    """In room A the enterprise pays 60 %: with 60,000 CNY that is one option there, and one elsewhere."""
    data = rooms(cap=np.array([np.inf, 60_000.0]))
    in_a = share(data, 1, 0.6, 1.0, classes=ROOM_A, of_classes=ROOM_A)
    assert chosen(limited(data, in_a)) == [A_HALL, B_HALL]
    assert chosen(limited(rooms(), replace(in_a))) == [A_HALL, A_CLINIC]


def test_share_of_a_fund(chosen):
    """A fund that pays at least half of all, and may not pay clinics."""
    data = rooms(most=np.array([[1.0, 1, 1, 1], [1, 0, 1, 0]]))
    own = share(data, 1, 0.51, 1.0)
    assert chosen(limited(data, replace(own, party=-1, name="fund"))) == [A_HALL, B_HALL]


def test_share_with_what_is_given_in_kind(chosen):
    """The community gives a room worth 30,000 CNY at B: 30 of 230 is 13 %, and in room A it gives nothing."""
    given = np.zeros((4, 4))
    given[2, 2] = 30_000
    data = rooms((*BOTH, "community"), cap=np.array([np.inf, np.inf, 0.0]), in_kind=given)
    cash = share(data, 2, 0.13, 1.0)
    assert chosen(limited(data, replace(cash, ledger="capital_with_in_kind"))) == [A_HALL, B_HALL]
    assert chosen(limited(data, replace(cash, ledger="capital_with_in_kind", low=0.14))) == [B_HALL]
    assert chosen(limited(data, cash)) == []
    # What is given outside the scope does not count.
    other = replace(cash, ledger="capital_with_in_kind", options=ROOM_A)
    assert chosen(limited(data, other)) == []


def test_share_in_kind_may_be_too_large(chosen):
    """Given 30,000 CNY in kind at A, the community bears 13 % of A's hall and B's, and 23 % of A's hall alone."""
    given = np.zeros((4, 4))
    given[2, 0] = 30_000
    data = rooms((*BOTH, "community"), in_kind=given)
    most = share(data, 2, 0.0, 0.2, "capital_with_in_kind")
    assert chosen(limited(data, most)) == [A_HALL, A_CLINIC]
    assert chosen(limited(rooms((*BOTH, "community"), budget=100_000, in_kind=given), most)) == [A_CLINIC]


def test_capital_is_made_small(outcome, at_odds):
    """People first, then as little capital as they take; the enterprise has 60,000 CNY, the government pays 140,000."""
    data = rooms(cap=np.array([np.inf, 60_000.0]))
    people = replace(data.objectives[0], tolerance=0.05)
    data = replace(data, objectives=(people, stage("capital"), stage("party_capital", 0)))
    assert [s.objective for s in outcome(data).stages] == pytest.approx([180, 200_000, 140_000])
    data = replace(data, objectives=(stage("party_capital", 1, maximise=True),))
    assert outcome(data).stages[0].objective == pytest.approx(60_000)


def test_without_funds_there_is_only_the_budget(outcome):
    data = two_rooms(money=funds((), 200_000), yearly=Yearly(np.full((4, 4), -1), np.zeros((0, 0), dtype=bool), NONE))
    assert outcome(data).stages[0].objective == 180
