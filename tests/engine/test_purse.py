"""Whether a choice can be paid, before anyone is assigned: by hand."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from one_canteen import floats, ints, one_canteen
from random_siting import plan_limit
from two_rooms import funds, two_rooms

from panhuo.engine.purse import Payments, built, least_dues
from panhuo_models.data import Bond, Yearly

HALL, BOTH_A = np.array([True, False, False, False]), np.array([True, True, False, False])
HALLS = np.array([True, False, True, False])


def rooms(parties=("government", "enterprise"), **money):
    paid = replace(funds(parties), **money)
    yearly = Yearly(np.full((4, 4), -1), np.zeros((len(parties), 0), dtype=bool), np.zeros(len(parties)))
    return two_rooms(money=paid, yearly=yearly)


def limited(data, *limits):
    return replace(data, money=replace(data.money, limits=limits))


def answers(data, *choices):
    """What is said of each choice, first as a part of more to come, then by itself."""
    payments = Payments(data)
    return [(payments.can_pay(choose, final=False), payments.can_pay(choose, final=True)) for choose in choices]


def test_caps_and_shares_of_an_item():
    half = rooms(most=np.array([[1.0, 0.5, 1, 1], [1, 1, 1, 1]]), cap=np.array([np.inf, 49_000.0]))
    assert answers(half, HALL, BOTH_A, HALLS) == [(True, True), (False, False), (True, True)]
    assert answers(rooms(cap=np.array([100_000.0, 50_000])), HALL, BOTH_A) == [(True, True), (False, False)]


def test_shared_works_are_paid_too():
    """With the lift of room A its two options cost 300,000 CNY."""
    data = two_rooms()
    money = replace(data.money, cost=sp.block_diag([data.money.cost, [[100_000.0]]], format="csr"), most=np.ones((1, 5)),
                    class_project=np.full(5, -1), class_account=np.full(5, -1))  # fmt: skip
    data = replace(
        data, works=("A:lift",), work_project=ints(0), work_options=sp.csr_matrix(BOTH_A[None, :]), money=money
    )
    assert built(data, HALL).tolist() == [True, False, False, False, True]
    assert built(data, ~BOTH_A).tolist() == [False, False, True, True, False]
    assert answers(data, HALL, BOTH_A, ~BOTH_A) == [(True, True), (False, False), (True, True)]


def test_shares_of_the_plan_may_still_come():
    """The enterprise pays at most 40 %, and alone may pay for halls: a clinic that others pay may follow."""
    data = rooms(most=np.array([[0.0, 1, 0, 1], [1, 0, 1, 0]]))
    share = plan_limit(data.money, 1, 0.0, 0.4)
    assert answers(limited(data, share), HALL, BOTH_A) == [(True, False), (True, False)]
    assert answers(limited(data, replace(share, high=0.5)), HALL, BOTH_A) == [(True, False), (True, True)]


def test_shares_of_one_project_are_kept_at_once():
    data = rooms(most=np.array([[0.0, 1, 0, 1], [1, 0, 1, 0]]))
    share = plan_limit(data.money, 1, 0.0, 0.4, classes=BOTH_A, of_classes=BOTH_A, options=BOTH_A)
    assert answers(limited(data, share), HALL, ~BOTH_A) == [(False, False), (True, True)]


def test_what_is_given_in_kind():
    """30,000 CNY in kind at A are 13 % of two options, and 23 % of one."""
    given = np.zeros((4, 4))
    given[2, 0] = 30_000
    data = rooms(("government", "enterprise", "community"), in_kind=given)
    most = plan_limit(data.money, 2, 0.0, 0.2, "capital_with_in_kind")
    assert answers(limited(data, most), HALL, BOTH_A) == [(True, False), (True, True)]
    least = replace(most, low=0.14, high=1.0)
    poor = limited(data, least)
    poor = replace(poor, money=replace(poor.money, cap=np.array([np.inf, np.inf, 0.0])))
    assert answers(poor, HALL, BOTH_A) == [(True, True), (False, False)]


def test_funds_that_ask_for_more_pay_nothing_here():
    assert answers(rooms(complex_only=np.ones(2, dtype=bool)), HALL) == [(False, False)]
    assert answers(rooms(bonds=(Bond(0, HALL, 0.1, 1.0), Bond(1, HALL, 0.1, 1.0))), HALL) == [(False, False)]


def test_without_funds():
    nothing = Yearly(np.full((4, 4), -1), np.zeros((0, 0), dtype=bool), np.zeros(0))
    data = two_rooms(money=funds((), 150_000), yearly=nothing)
    assert answers(data, HALL, BOTH_A) == [(True, True), (False, False)]


def test_year_of_which_nobody_pays_a_part():
    """If nobody comes a public canteen lacks what it costs, and one with a margin what the margin needs."""
    data = one_canteen()
    public = replace(data, accounts=replace(data.accounts, operator=ints(0), margin_min=floats(np.nan), pool=ints(-1),
                                            financed=np.ones(1, dtype=bool), income=floats(40_000)))  # fmt: skip
    assert least_dues(public).toarray().tolist() == [[200_000]]
    firm = replace(data, accounts=replace(data.accounts, margin_min=floats(0.2), income=floats(100_000)))
    assert least_dues(firm).toarray() == pytest.approx(np.array([[240_000 / 0.8 - 100_000]]))
    chosen = np.ones(1, dtype=bool)
    for cap, paid in ((200_000, True), (199_000, False)):
        year = replace(public, yearly=replace(public.yearly, cap=floats(cap)))
        assert answers(year, chosen) == [(paid, paid)]
