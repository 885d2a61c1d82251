"""Rows of operation and flow: each changes the plan of one canteen.

The canteen of :mod:`one_canteen` takes in 10 (poor) and 14 CNY (others) a meal under "low", 14 CNY under "high", of
which 6 are food; 250 meals a person and year. A guest leaves 1,000 or 2,000 CNY a year towards the 240,000 CNY that it
costs whoever comes. "low" brings 100 poor and 60 others, "high" 80 and 60; 150 fit in.
"""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from one_canteen import capped, coverage, floats, in_year, ints, one_canteen

from panhuo_models.data import Outlets

HAIR = 0.02
"""Persons that the room for rounding may cost: a visit of 250 for either tier."""
NOTHING = (None, [0.0, 0.0])


def test_margin_chooses_the_tariff(plan):
    """All that come for "low", 160, are more than fit in: 150 leave 206,250 CNY, too little. "high" leaves 280,000."""
    assert plan(one_canteen()) == ("high", pytest.approx([80, 60], abs=HAIR))
    tariff, people = plan(in_year(one_canteen(), margin_min=floats(np.nan), pool=ints(-1)))
    assert (tariff, sum(people)) == ("low", pytest.approx(150))
    assert plan(in_year(one_canteen(), fixed=floats(280_100))) == NOTHING


def test_needier_tiers_are_served_as_well(plan):
    """Picking payers (90 poor, 60 others) leaves 210,000 CNY, serving both alike (93.75 and 56.25) 206,250."""
    data = in_year(one_canteen(), subsidy=floats(30_500))
    assert plan(data)[0] == "high"
    tariff, people = plan(replace(data, tier_need=ints(1, 1)))
    assert (tariff, people) == ("low", pytest.approx([90, 60], abs=0.5))


def test_payers_are_not_picked_where_a_place_is_full(plan):
    """78 places, and others counting twice: shares of both tiers stay equal, where picking would take 60 others."""
    one = in_year(one_canteen(), capacity=floats(78), fixed=floats(0))
    data = replace(
        one, circles=("c", "d"), flow=replace(one.flow, tally=ints(0, 1)),
        tallies=replace(one.tallies, service=ints(0, 0), circle=ints(0, 1), fixed=floats(0, 0), before=floats(0, 0),
                        reachable=floats(200, 100), total=floats(200, 100)),
        objectives=(replace(coverage(2), weight=floats(1, 2)),),
    )  # fmt: skip
    tariff, people = plan(data)
    assert (tariff, people) == ("high", pytest.approx([78 * 80 / 140, 78 * 60 / 140], abs=1e-4))
    assert plan(replace(data, tier_need=ints(1, 1)))[1] == pytest.approx([18, 60], abs=1e-4)
    assert plan(replace(data, tier_need=ints(1, 2)))[1] == pytest.approx([18, 60], abs=1e-4)


def test_needier_tier_that_cannot_pay_asks_for_nothing(plan):
    """Where the poor cannot pay for "high", the others may come alone: 60·2,000 CNY carry 120,000."""
    flow = one_canteen().flow
    data = in_year(one_canteen(flow=replace(flow, row=ints(0, 1, 1), outlet=ints(0, 0, 1), uptake=floats(0.5, 0.6, 0.6))),
                fixed=floats(119_000), capacity=floats(60))  # fmt: skip
    # "low" would serve both alike: 37.5 poor and 22.5 others leave 82,500.
    assert plan(data) == ("high", pytest.approx([0, 60], abs=HAIR))
    assert plan(in_year(data, fixed=floats(121_000))) == NOTHING


def test_capacity(plan):
    """Of 120 places under "high" 240,000 CNY are left: just enough, so that room for rounding cannot be asked for."""
    assert sum(plan(in_year(one_canteen(), capacity=floats(120)))[1]) == pytest.approx(120, abs=1e-5)
    assert plan(in_year(one_canteen(), capacity=floats(119))) == NOTHING
    assert plan(in_year(one_canteen(), capacity=floats(np.inf), fixed=floats(219_000)))[1] == pytest.approx([100, 60])


def with_existing(capacity, *, closes):
    """A canteen of today for the same people under "high"; one that a conversion may close."""
    one = one_canteen()
    outlets, flow = one.outlets, one.flow
    rates = (outlets.price, outlets.government, outlets.enterprise, outlets.donor, outlets.cost)
    return replace(
        one, closing=("e",) if closes else (), closing_by=sp.csr_matrix(np.ones((int(closes), 1), dtype=bool)),
        reach=replace(one.reach, within=sp.csr_matrix((0, 1 + int(closes)), dtype=bool)),
        flow=replace(
            flow, row=ints(0, 0, 0, 1, 1, 1), outlet=ints(0, 1, 2, 0, 1, 2), uptake=floats(0.5, 0.4, 0.4, 0.6, 0.6, 0.6)
        ),
        outlets=Outlets(
            (*outlets.names, "e|high"), ints(0, 0, -1), ints(-1, -1, 0 if closes else -1),
            floats(np.inf, np.inf, capacity), (*outlets.tariff, "high"),
            *(np.vstack([rate, rate[1]]) for rate in rates), np.full(3, 250.0),
        ),
        tallies=replace(one.tallies, before=floats(min(capacity, 140.0))),
    )  # fmt: skip


def test_existing_facilities_stand_in_the_same_flow(outcome):
    """Today's canteen serves 20; the new one the rest, if 120 guests are left for it: 140 − 20 are."""
    data = with_existing(20.0, closes=False)
    found = outcome(data)
    assert found.stages[0].objective == pytest.approx(120, abs=HAIR)
    assert found.decision.choose.any()
    # With 30 places today's takes nobody away: the new one keeps its 120 guests.
    assert outcome(with_existing(30.0, closes=False)).stages[0].objective == pytest.approx(110, abs=HAIR)
    assert outcome(in_year(data, capacity=floats(119))).stages[0].objective == 0


def test_existing_facility_that_closes_serves_nobody(outcome):
    """The conversion closes the 20 places: 140 are served instead of 20, and 120 are left either way."""
    data = with_existing(20.0, closes=True)
    assert outcome(data).stages[0].objective == pytest.approx(120, abs=HAIR)
    # Where it pays for 125 guests only, closing 20 places leaves 125 − 20; a canteen that stays beside it, 125.
    small = capped(data, 125_000)
    assert outcome(small).stages[0].objective == pytest.approx(105, abs=HAIR)
    stays = capped(with_existing(20.0, closes=False), 125_000)
    assert outcome(stays).stages[0].objective == pytest.approx(120, abs=HAIR)
    assert outcome(replace(data, tallies=replace(data.tallies, before=floats(140)), outlets=replace(
        data.outlets, capacity=floats(np.inf, np.inf, 140)))).stages[0].objective == 0  # fmt: skip
