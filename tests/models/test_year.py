"""Rows of accounts, bonds and the year: each changes the plan of one canteen.

The canteen of :mod:`one_canteen` takes in 10 (poor) and 14 CNY (others) a meal under "low", 14 CNY under "high", of
which 6 are food; 250 meals a person and year. A guest leaves 1,000 or 2,000 CNY a year towards the 240,000 CNY that it
costs whoever comes. "low" brings 100 poor and 60 others, "high" 80 and 60; 150 fit in.
"""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from one_canteen import CANTEEN, capped, floats, in_year, ints, limited, one_canteen, public
from random_siting import plan_limit, required

from panhuo_models.data import Bond, Flow, Objective, Outlets

HAIR = 0.02
"""Persons that the room for rounding may cost: a visit of 250 for either tier."""
NOTHING = (None, [0.0, 0.0])


def test_margin_is_a_share_of_income(plan):
    """40,000 of 140·3,500 CNY are 8.16 %."""
    assert plan(in_year(one_canteen(), margin_min=floats(0.081)))[0] == "high"
    assert plan(in_year(one_canteen(), margin_min=floats(0.082))) == NOTHING


def test_largest_margin(plan):
    """At most 4 %: (1 − 0.04)·3,500·x − 1,500·x ≤ 240,000, so that 129.03 guests come; with 2 % it is 124.35."""
    for most, guests in ((0.04, 240_000 / 1_860), (0.02, 240_000 / 1_930)):
        tariff, people = plan(in_year(one_canteen(), margin_max=floats(most)))
        assert (tariff, sum(people)) == ("high", pytest.approx(guests, abs=HAIR))


def test_no_margin_is_negative_where_it_may_be(plan):
    """A loss of 33,750 of 93.75·2,500 + 56.25·3,500 = 431,250 CNY is 7.83 %."""
    assert plan(in_year(one_canteen(), margin_min=floats(-0.079)))[0] == "low"
    assert plan(in_year(one_canteen(), margin_min=floats(-0.078)))[0] == "high"


def test_operating_subsidy(plan):
    """ "low" lacks 33,750 CNY: with that and what rounding needs it can be kept, with less it cannot."""
    tariff, people = plan(in_year(one_canteen(), subsidy=floats(33_850)))
    assert (tariff, people) == ("low", pytest.approx([93.75, 56.25], abs=0.1))
    assert plan(in_year(one_canteen(), subsidy=floats(33_700)))[0] == "high"


def test_income_beside_visits(plan):
    assert plan(in_year(one_canteen(), income=floats(33_850)))[0] == "low"
    assert plan(in_year(one_canteen(), income=floats(33_700)))[0] == "high"


def test_cap_of_the_year(plan):
    """Of every guest of "high" the government pays 1,000 CNY a year: 125,000 CNY for 125, and 119,000 for too few."""
    tariff, people = plan(capped(one_canteen(), 125_000))
    assert (tariff, sum(people)) == ("high", pytest.approx(125, abs=HAIR))
    assert plan(capped(one_canteen(), 119_000)) == NOTHING


def test_nobody_may_pay_of_the_year(plan):
    data = one_canteen()
    assert plan(replace(data, yearly=replace(data.yearly, eligible=np.zeros((1, 1), dtype=bool)))) == NOTHING
    assert plan(capped(data, 0.0)) == NOTHING


def test_items_have_their_own_payers(plan):
    """The fund pays visits; subsidies are of a class that no fund pays, so that "low" cannot be kept."""
    data = in_year(one_canteen(), subsidy=floats(34_000))
    yearly = replace(data.yearly, due=ints(0, 0, 1, 0)[None, :], eligible=np.array([[True, False]]))
    assert plan(data)[0] == "low"
    assert plan(replace(data, yearly=yearly))[0] == "high"


def test_deficit_is_financed(plan):
    """ "low" costs the government 1,500 a guest, and what 1,375 each leave of 240,000: 258,750 for 150 guests."""
    tariff, people = plan(capped(public(), 258_900))
    assert (tariff, people) == ("low", pytest.approx([93.75, 56.25], abs=0.3))
    assert plan(capped(public(), 258_000)) == ("low", pytest.approx([90, 54], abs=0.3))
    # With 200,000 "high" is the better one: 140,000 for its visits, and no deficit.
    assert plan(capped(public(), 200_000)) == ("high", pytest.approx([80, 60]))
    # With 130,000 it serves x: 1,000·x, and what 2,000·x leaves of 240,000; at 120 guests nothing is missing.
    assert sum(plan(capped(public(), 130_000))[1]) == pytest.approx(130, abs=HAIR)


def test_write_off(plan):
    """The enterprise pays all of 100,000 CNY of capital: a tenth a year is 10,000 of the 40,000 that are left."""
    data = one_canteen()
    data = replace(data, money=replace(data.money, party=ints(1)))
    assert plan(in_year(data, fixed=floats(269_000), write_off=floats(0.1)))[0] == "high"
    assert plan(in_year(data, fixed=floats(271_000), write_off=floats(0.1))) == NOTHING
    # What the government's fund pays is nobody's to write off.
    assert plan(in_year(one_canteen(), fixed=floats(271_000), write_off=floats(0.1)))[0] == "high"


def bond(data, rate, cover=1.2):
    return replace(data, money=replace(data.money, bonds=(Bond(0, CANTEEN, rate, cover),)))


def test_bond_is_served_by_own_revenue(plan):
    """Under "high" guests leave 140·1,000 CNY of their own; other income 240,000: 140,000 for 1.2·rate·100,000."""
    data = in_year(one_canteen(), income=floats(240_000), margin_min=floats(np.nan), pool=ints(-1))
    assert plan(data)[0] == "low"
    assert plan(bond(data, 1.16))[0] == "high"
    assert plan(bond(data, 1.17)) == NOTHING
    # "low" costs 2 CNY a meal more than the poor pay, and leaves 2 of what others pay: 60·500 − 100·500 < 0.
    assert plan(bond(data, 0.001))[0] == "high"


def test_share_of_the_year(plan):
    """Guests carry 10 of 14 CNY under "high"; under "low", 800 of 1,700 and of 33,750 more."""
    data = in_year(one_canteen(), subsidy=floats(34_500))
    assert plan(data)[0] == "low"
    resident = plan_limit(data.money, 3, 0.6, 1.0, "yearly", accounts=CANTEEN)
    assert plan(limited(data, resident))[0] == "high"
    assert plan(limited(data, replace(resident, accounts=~CANTEEN)))[0] == "low"
    assert plan(limited(data, replace(resident, low=0.72))) == NOTHING
    government = plan_limit(data.money, 0, 0.0, 0.5, "yearly", accounts=CANTEEN)
    assert plan(limited(data, government))[0] == "high"


def test_concession_is_carried_by_the_enterprise(plan):
    """Of 20 CNY the enterprise forgoes 6: 30 % of the price; it is no income, and no cost."""
    data = one_canteen()
    forgone = replace(data, outlets=replace(data.outlets, enterprise=np.full((2, 2), 6 * 250.0)))
    enterprise = plan_limit(data.money, 1, 0.3, 1.0, "yearly", accounts=CANTEEN)
    assert plan(limited(data, enterprise)) == NOTHING
    assert plan(limited(forgone, enterprise)) == ("high", pytest.approx([80, 60], abs=HAIR))
    assert plan(limited(forgone, replace(enterprise, low=0.301))) == NOTHING


def test_donors_part_is_income_and_due(plan):
    """Two CNY of every meal of "low" from donors leave 150·500 CNY more than before: enough."""
    data = one_canteen()
    donor = np.array([[500.0, 500.0], [0.0, 0.0]])
    data = replace(data, outlets=replace(data.outlets, donor=donor))
    assert plan(data)[0] == "low"
    apart = replace(data.yearly, due=ints(0, 1, 0, 0)[None, :], eligible=np.array([[True, False]]))
    assert plan(replace(data, yearly=apart))[0] == "high"


def test_no_deficit_is_made_up_to_please_a_share(plan):
    """ "high" leaves a public canteen 40,000 CNY: it owes nothing, so that the government carries 4 of 14 CNY a meal.

    Were a deficit of any size allowed, the fund could pay its way up to a share of 0.3.
    """
    data = public()
    only = np.array([False, True])
    flow = data.flow
    kept = only[flow.outlet]
    data = replace(
        data, flow=replace(flow, row=flow.row[kept], outlet=flow.outlet[kept], uptake=flow.uptake[kept]),
    )  # fmt: skip
    government = plan_limit(data.money, 0, 0.28, 1.0, "yearly", accounts=CANTEEN)
    assert plan(limited(data, government)) == ("high", pytest.approx([80, 60], abs=HAIR))
    # With x guests the deficit is 240,000 − 2,000·x: (1,000·x + deficit)/(3,500·x + deficit) = 0.3 at x = 115.86.
    tariff, people = plan(limited(data, replace(government, low=0.3)))
    assert (tariff, sum(people)) == ("high", pytest.approx(0.7 * 240_000 / 1_450, abs=0.05))


def test_yearly_burden_is_made_small(outcome):
    """A party's year as a stage: 140 guests cost the government 140,000 CNY, and residents 350,000."""
    data = one_canteen()
    stages = [Objective(f"year of {p}", "party_yearly", False, ints(), floats(), floats(), p, 0.0) for p in (0, 3)]
    found = outcome(replace(data, objectives=(*data.objectives, *stages)))
    assert [s.objective for s in found.stages] == pytest.approx([140, 140_000, 350_000], rel=1e-4)
    least = outcome(replace(data, objectives=(stages[0],)))
    assert (least.stages[0].objective, least.decision.choose.any()) == (0, False)


def two_canteens(pool):
    """The canteen, and one for 40 others at another site, that costs 100,000 CNY a year: it lacks 52,000."""
    one = one_canteen()
    twice = np.vstack
    outlets = one.outlets
    return replace(
        one, sites=("s", "t"), projects=("s:convert", "t:convert"), project_site=ints(0, 1),
        project_area=floats(100, 100), options=("s:convert:canteen:aided", "t:convert:canteen:aided"),
        option_project=ints(0, 1), option_service=ints(0, 0), option_offer=ints(0, 1), option_account=ints(0, 1),
        option_area=floats(100, 100), offers=("s:canteen", "t:canteen"), work_options=sp.csr_matrix((0, 2), dtype=bool),
        pins=(), closing_by=sp.csr_matrix((0, 2), dtype=bool),
        reach=replace(one.reach, within=sp.csr_matrix((0, 2), dtype=bool)),
        flow=Flow(
            demand=floats(200, 100, 40), tally=ints(0, 0, 0), tier=ints(0, 1, 1), cell=ints(0, 0, 1),
            row=ints(0, 0, 1, 1, 2), outlet=ints(0, 1, 0, 1, 2), uptake=floats(0.5, 0.4, 0.6, 0.6, 0.6),
        ),
        outlets=Outlets(
            (*outlets.names, "t:canteen:aided|high"), ints(0, 0, 1), ints(-1, -1, -1), np.full(3, np.inf),
            (*outlets.tariff, "high"), *(twice([rate, rate[1]]) for rate in
            (outlets.price, outlets.government, outlets.enterprise, outlets.donor, outlets.cost)), np.full(3, 250.0),
        ),
        accounts=replace(
            one.accounts, names=("s:canteen:aided", "t:canteen:aided"), offer=ints(0, 1), operator=ints(1, 1),
            margin_min=floats(0, 0), margin_max=floats(np.nan, np.nan), pool=ints(*pool),
            financed=np.zeros(2, dtype=bool), write_off=floats(0, 0), fixed=floats(240_000, 80_000),
            income=floats(0, 0), subsidy=floats(0, 0), capacity=floats(150, 150),
        ),
        yearly=replace(one.yearly, due=np.zeros((2, 4), dtype=np.int64)),
        money=replace(
            one.money, cost=sp.csr_matrix(floats(100_000, 100_000)[None, :]), in_kind=np.zeros((4, 2)),
            class_account=ints(-1),
        ),
        tallies=replace(one.tallies, reachable=floats(340), total=floats(340)),
    )  # fmt: skip


def test_pooled_margin(outcome):
    """24 guests leave 48,000 of 80,000 CNY: alone the second canteen cannot be kept, the first leaves 40,000 for it."""
    assert outcome(two_canteens((0, 1))).stages[0].objective == pytest.approx(140, abs=HAIR)
    assert outcome(two_canteens((0, 0))).stages[0].objective == pytest.approx(164, abs=HAIR)


def test_conflicts_of_the_year(at_odds):
    needed = required(one_canteen(), [0])
    assert at_odds(in_year(needed, fixed=floats(290_000))) == [
        "required site s: it must be used",
        "aided: the least margin",
    ]
    assert at_odds(in_year(needed, capacity=floats(119))) == [
        "required site s: it must be used",
        "aided: the least margin",
        "capacity: no place serves more people than it holds",
    ]
    assert at_odds(capped(needed, 119_000)) == [
        "required site s: it must be used",
        "aided: the least margin",
        "fund fund: at most 119,000.00 CNY a year",
    ]
