"""Rows of operation, flow, accounts, bonds and the year: each changes the plan of one canteen.

The canteen of :mod:`one_canteen` takes in 10 (poor) and 14 CNY (others) a meal under "low", 14 CNY under "high", of
which 6 are food; 250 meals a person and year. A guest leaves 1,000 or 2,000 CNY a year towards the 240,000 CNY that it
costs whoever comes. "low" brings 100 poor and 60 others, "high" 80 and 60; 150 fit in.
"""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from one_canteen import coverage, floats, ints, one_canteen
from random_siting import plan_limit

from panhuo_models.data import Bond, Flow, Objective, Outlets

HAIR = 0.02
"""Persons that the room for rounding may cost: a visit of 250 for either tier."""
CANTEEN = np.ones(1, dtype=bool)


@pytest.fixture(scope="session")
def plan(outcome):
    """The tariff of the best plan (none where no canteen is chosen), and the people it serves by tier."""

    def tariff_and_people(data):
        decision = outcome(data).decision
        kept = [data.outlets.tariff[n] for n in np.flatnonzero(decision.level)]
        served = np.bincount(
            data.flow.tier[data.flow.row], weights=data.flow.uptake * decision.assigned, minlength=len(data.tiers)
        )
        return (kept[0] if kept else None), served.tolist()

    return tariff_and_people


def year(data, **fields):
    return replace(data, accounts=replace(data.accounts, **fields))


def capped(data, cny):
    return replace(data, yearly=replace(data.yearly, cap=floats(cny)))


def limited(data, *limits):
    return replace(data, money=replace(data.money, limits=limits))


def public(**fields):
    """Run by the government: no margin, the deficit is paid by the fund of the year."""
    data = one_canteen(**fields)
    return year(data, operator=ints(0), margin_min=floats(np.nan), pool=ints(-1), financed=CANTEEN)


def none(plan_of):
    return plan_of == (None, [0.0, 0.0])


def test_margin_chooses_the_tariff(plan):
    """All that come for "low", 160, are more than fit in: 150 leave 206,250 CNY, too little. "high" leaves 280,000."""
    assert plan(one_canteen()) == ("high", pytest.approx([80, 60], abs=HAIR))
    tariff, people = plan(year(one_canteen(), margin_min=floats(np.nan), pool=ints(-1)))
    assert (tariff, sum(people)) == ("low", pytest.approx(150))
    assert none(plan(year(one_canteen(), fixed=floats(280_100))))


def test_margin_is_a_share_of_income(plan):
    """40,000 of 140·3,500 CNY are 8.16 %."""
    assert plan(year(one_canteen(), margin_min=floats(0.081)))[0] == "high"
    assert none(plan(year(one_canteen(), margin_min=floats(0.082))))


def test_largest_margin(plan):
    """At most 4 %: (1 − 0.04)·3,500·x − 1,500·x ≤ 240,000, so that 129.03 guests come; with 2 % it is 124.35."""
    for most, guests in ((0.04, 240_000 / 1_860), (0.02, 240_000 / 1_930)):
        tariff, people = plan(year(one_canteen(), margin_max=floats(most)))
        assert (tariff, sum(people)) == ("high", pytest.approx(guests, abs=HAIR))


def test_no_margin_is_negative_where_it_may_be(plan):
    """A loss of 33,750 of 93.75·2,500 + 56.25·3,500 = 431,250 CNY is 7.83 %."""
    assert plan(year(one_canteen(), margin_min=floats(-0.079)))[0] == "low"
    assert plan(year(one_canteen(), margin_min=floats(-0.078)))[0] == "high"


def test_operating_subsidy(plan):
    """ "low" lacks 33,750 CNY: with that and what rounding needs it can be kept, with less it cannot."""
    tariff, people = plan(year(one_canteen(), subsidy=floats(33_850)))
    assert (tariff, people) == ("low", pytest.approx([93.75, 56.25], abs=0.1))
    assert plan(year(one_canteen(), subsidy=floats(33_700)))[0] == "high"


def test_income_beside_visits(plan):
    assert plan(year(one_canteen(), income=floats(33_850)))[0] == "low"
    assert plan(year(one_canteen(), income=floats(33_700)))[0] == "high"


def test_needier_tiers_are_served_as_well(plan):
    """Picking payers (90 poor, 60 others) leaves 210,000 CNY, serving both alike (93.75 and 56.25) 206,250."""
    data = year(one_canteen(), subsidy=floats(30_500))
    assert plan(data)[0] == "high"
    tariff, people = plan(replace(data, tier_need=ints(1, 1)))
    assert (tariff, people) == ("low", pytest.approx([90, 60], abs=0.5))


def test_payers_are_not_picked_where_a_place_is_full(plan):
    """78 places, and others counting twice: shares of both tiers stay equal, where picking would take 60 others."""
    one = year(one_canteen(), capacity=floats(78), fixed=floats(0))
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
    data = year(one_canteen(flow=replace(flow, row=ints(0, 1, 1), outlet=ints(0, 0, 1), uptake=floats(0.5, 0.6, 0.6))),
                fixed=floats(119_000), capacity=floats(60))  # fmt: skip
    # "low" would serve both alike: 37.5 poor and 22.5 others leave 82,500.
    assert plan(data) == ("high", pytest.approx([0, 60], abs=HAIR))
    assert none(plan(year(data, fixed=floats(121_000))))


def test_capacity(plan):
    """Of 120 places under "high" 240,000 CNY are left: just enough, so that room for rounding cannot be asked for."""
    assert sum(plan(year(one_canteen(), capacity=floats(120)))[1]) == pytest.approx(120, abs=1e-5)
    assert none(plan(year(one_canteen(), capacity=floats(119))))
    assert plan(year(one_canteen(), capacity=floats(np.inf), fixed=floats(219_000)))[1] == pytest.approx([100, 60])


def test_cap_of_the_year(plan):
    """Of every guest of "high" the government pays 1,000 CNY a year: 125,000 CNY for 125, and 119,000 for too few."""
    tariff, people = plan(capped(one_canteen(), 125_000))
    assert (tariff, sum(people)) == ("high", pytest.approx(125, abs=HAIR))
    assert none(plan(capped(one_canteen(), 119_000)))


def test_nobody_may_pay_of_the_year(plan):
    data = one_canteen()
    assert none(plan(replace(data, yearly=replace(data.yearly, eligible=np.zeros((1, 1), dtype=bool)))))
    assert none(plan(capped(data, 0.0)))


def test_items_have_their_own_payers(plan):
    """The fund pays visits; subsidies are of a class that no fund pays, so that "low" cannot be kept."""
    data = year(one_canteen(), subsidy=floats(34_000))
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
    assert plan(year(data, fixed=floats(269_000), write_off=floats(0.1)))[0] == "high"
    assert none(plan(year(data, fixed=floats(271_000), write_off=floats(0.1))))
    # What the government's fund pays is nobody's to write off.
    assert plan(year(one_canteen(), fixed=floats(271_000), write_off=floats(0.1)))[0] == "high"


def bond(data, rate, cover=1.2):
    return replace(data, money=replace(data.money, bonds=(Bond(0, CANTEEN, rate, cover),)))


def test_bond_is_served_by_own_revenue(plan):
    """Under "high" guests leave 140·1,000 CNY of their own; other income 240,000: 140,000 for 1.2·rate·100,000."""
    data = year(one_canteen(), income=floats(240_000), margin_min=floats(np.nan), pool=ints(-1))
    assert plan(data)[0] == "low"
    assert plan(bond(data, 1.16))[0] == "high"
    assert none(plan(bond(data, 1.17)))
    # "low" costs 2 CNY a meal more than the poor pay, and leaves 2 of what others pay: 60·500 − 100·500 < 0.
    assert plan(bond(data, 0.001))[0] == "high"


def test_share_of_the_year(plan):
    """Guests carry 10 of 14 CNY under "high"; under "low", 800 of 1,700 and of 33,750 more."""
    data = year(one_canteen(), subsidy=floats(34_500))
    assert plan(data)[0] == "low"
    resident = plan_limit(data.money, 3, 0.6, 1.0, "yearly", accounts=CANTEEN)
    assert plan(limited(data, resident))[0] == "high"
    assert plan(limited(data, replace(resident, accounts=~CANTEEN)))[0] == "low"
    assert none(plan(limited(data, replace(resident, low=0.72))))
    government = plan_limit(data.money, 0, 0.0, 0.5, "yearly", accounts=CANTEEN)
    assert plan(limited(data, government))[0] == "high"


def test_concession_is_carried_by_the_enterprise(plan):
    """Of 20 CNY the enterprise forgoes 6: 30 % of the price; it is no income, and no cost."""
    data = one_canteen()
    forgone = replace(data, outlets=replace(data.outlets, enterprise=np.full((2, 2), 6 * 250.0)))
    enterprise = plan_limit(data.money, 1, 0.3, 1.0, "yearly", accounts=CANTEEN)
    assert none(plan(limited(data, enterprise)))
    assert plan(limited(forgone, enterprise)) == ("high", pytest.approx([80, 60], abs=HAIR))
    assert none(plan(limited(forgone, replace(enterprise, low=0.301))))


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
        site_required=np.zeros(2, dtype=bool), closing_by=sp.csr_matrix((0, 2), dtype=bool),
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
    assert outcome(year(data, capacity=floats(119))).stages[0].objective == 0


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


def test_conflicts_of_the_year(at_odds):
    required = {"site_required": CANTEEN}
    assert at_odds(year(one_canteen(**required), fixed=floats(290_000))) == [
        "required site s: it must be used",
        "aided: the least margin",
    ]
    assert at_odds(year(one_canteen(**required), capacity=floats(119))) == [
        "required site s: it must be used",
        "aided: the least margin",
        "capacity: no place serves more people than it holds",
    ]
    assert at_odds(capped(one_canteen(**required), 119_000)) == [
        "required site s: it must be used",
        "aided: the least margin",
        "fund fund: at most 119,000.00 CNY a year",
    ]
