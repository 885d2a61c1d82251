"""Who feeds whom, by hand."""

from dataclasses import replace

import numpy as np
import pytest
from random_siting import ints
from two_rooms import two_rooms

from panhuo.engine.feeding import feed
from panhuo_models.data import Supply


def kitchens(held=(10.0, 10.0), need=(6.0, 4.0, 3.0)):
    """A:hall, A:clinic and B:hall are fed from outside; the first kitchen is near, the second far."""
    supply = Supply(
        needs=np.array([True, True, True, False]),
        need=np.array([*need, 0.0]),
        output=np.zeros(4),
        suppliers=("near", "far"),
        offer=ints([-1, -1]),
        closing=ints([-1, -1]),
        held=np.array(held),
        option=ints([0, 0, 1, 1, 2, 2]),
        supplier=ints([0, 1, 0, 1, 0, 1]),
        minutes=np.array([1.0, 20.0, 2.0, 7.0, 3.0, 9.0]),
    )
    return two_rooms(supply=supply)


def chosen(*options):
    return np.isin(np.arange(4), options)


def test_everyone_from_the_nearest_where_that_suffices():
    assert feed(kitchens(held=(13, 0)), chosen(0, 1, 2, 3)).tolist() == [0, 2, 4, -1]


def test_the_least_minutes_where_it_does_not():
    """Of 13 the near kitchen has 10: clinic and hall could go far for 5 and 6 more minutes; the first must stay."""
    assert feed(kitchens(), chosen(0, 1, 2)).tolist() == [0, 3, 4, -1]


def test_nobody_is_fed_by_half_of_a_kitchen():
    """9 and 4 hold 13, but no part of 6, 4 and 3 is 9 with 4 left: 6 + 3 = 9 is; with 8 and 5 none is."""
    assert feed(kitchens(held=(9, 4)), chosen(0, 1, 2)).tolist() == [0, 3, 4, -1]
    assert feed(kitchens(held=(8, 5)), chosen(0, 1, 2)) is None


def test_a_millionth_too_much_is_too_much():
    need = (6.0, 4.0, 3.000001)
    assert feed(kitchens(held=(13.0, 0.0), need=need), chosen(0, 1, 2)) is None
    assert feed(kitchens(held=(13.000001, 0.0), need=need), chosen(0, 1, 2)) is not None


def test_as_many_as_can_be():
    """Two of three are fed: the two that are least far from their kitchens."""
    found = feed(kitchens(held=(8, 0)), chosen(0, 1, 2), partly=True)
    assert found.tolist() == [-1, 2, 4, -1]
    assert feed(kitchens(held=(0, 0)), chosen(0, 1, 2), partly=True).tolist() == [-1] * 4


@pytest.mark.parametrize(("choice", "fed"), [((0,), None), ((0, 2), [0, -1, -1, -1])])
def test_a_kitchen_that_must_be_chosen(choice, fed):
    data = kitchens()
    own = replace(
        data.supply, needs=chosen(0), offer=ints([2, -1]), output=np.array([0.0, 0, 6, 0]), option=ints([0]),
        supplier=ints([0]), minutes=np.zeros(1),
    )  # fmt: skip
    found = feed(replace(data, supply=own), chosen(*choice))
    assert fed is None if found is None else found.tolist() == fed


def test_a_supplier_that_is_closed_feeds_nobody_and_bothers_nobody():
    data = kitchens(held=(13, 10))
    closed = replace(data.supply, offer=ints([3, -1]), held=np.array([0.0, 13.0]))
    assert feed(replace(data, supply=closed), chosen(0, 1, 2)).tolist() == [1, 3, 5, -1]
