"""What is at odds is named, and nothing else is."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from one_canteen import floats, ints, one_canteen
from random_siting import pinned, required
from two_rooms import funds, two_rooms

from panhuo.engine import InfeasibleError, Limits, solve
from panhuo_models.data import AreaQuota, Bond, Complexes, CoverageFloor, Pin, Yearly

EXACT = Limits(gap=0, threads=1)
CANTEEN = np.ones(1, dtype=bool)


def named(data):
    with pytest.raises(InfeasibleError) as caught:
        solve(data, EXACT)
    return [str(text) for text in caught.value.conflicts]


def conflicts_of(data):
    try:
        solve(data, EXACT)
    except InfeasibleError as error:
        return error.conflicts
    return ()


@pytest.fixture
def data(cases):
    """No funds: a budget is all there is to be at odds with; every site has an option."""
    data = cases.random(3, cases.Size(funds=0, most_options=30, closing=0))
    money = replace(data.money, budget=float("inf"))
    assert len(set(data.project_site[data.option_project].tolist())) == len(data.sites)
    return replace(data, money=money)


def test_required_site_and_budget(data):
    tight = replace(required(data, [1]), money=replace(data.money, budget=100.0))
    assert named(tight) == ["required site s1: it must be used", "budget: at most 100.00 CNY"]


def test_of_several_required_sites_only_those_at_odds(data):
    """Each of the two alone fits the budget."""
    cost = np.asarray(data.money.cost.sum(axis=0)).ravel()
    site = data.project_site[data.option_project]
    least = [cost[site == j].min() for j in range(len(data.sites))]
    dear = sorted(range(len(least)), key=lambda j: least[j])[-2:]
    budget = round(sum(least[j] for j in dear) - 1, 2)
    names = named(replace(required(data, sorted(dear)), money=replace(data.money, budget=budget)))
    assert names == [
        *(f"required site s{j}: it must be used" for j in sorted(dear)),
        f"budget: at most {budget:,.2f} CNY",
    ]


def test_required_site_without_option(data):
    bare = replace(data, sites=(*data.sites, "bare"))
    assert named(required(bare, [1, len(data.sites)])) == ["required site bare: no service may open there"]


def test_a_pin_and_the_budget(data):
    tight = replace(pinned(data, 1), money=replace(data.money, budget=100.0))
    assert named(tight) == [f"pin {data.options[1]}: it must be chosen", "budget: at most 100.00 CNY"]


def test_pins_that_no_site_can_meet_together(data):
    """Two services in one mode are fine; a pin in another mode of the site is not."""
    site, project, service = data.project_site[data.option_project], data.option_project, data.option_service
    first, second = next(
        (b, a)
        for a in range(len(site))
        for b in range(a)
        if site[a] == site[b] and project[a] != project[b] and service[a] != service[b]
    )
    assert named(pinned(pinned(data, first), second)) == [
        f"pin {data.options[first]}: it must be chosen",
        f"pin {data.options[second]}: it must be chosen",
        "a site is used in one mode at most",
    ]


def test_a_pin_without_option(data):
    gone = replace(data, pins=(Pin("s1:m0:k9", ()),))
    assert named(gone) == ["pin s1:m0:k9: there is no such option, or none is left"]


def test_floor_above_what_can_be_reached(cases, data):
    high = cases.floor(data, 0, float(data.tallies.reachable[0]) + 1)
    (text,) = named(high)
    assert text.startswith("floor floor 0: ")
    assert "can be reached" in text


def test_floor_and_budget(cases, data):
    floor = cases.floor(data, 0, float(data.tallies.fixed[0]) + 1)
    assert named(replace(floor, money=replace(data.money, budget=0.0))) == [
        f"floor floor 0: at least {data.tallies.fixed[0] + 1:,.0f} people",
        "budget: at most 0.00 CNY",
    ]


def test_mandatory_service_and_budget(data):
    mandatory = replace(data.reach, mandatory=np.arange(len(data.reach)) == 0)
    names = named(replace(data, reach=mandatory, money=replace(data.money, budget=0.0)))
    assert names == ["mandatory services: everyone they can reach must be covered", "budget: at most 0.00 CNY"]


def payable(data, **money):
    """Every fund may pay everything, within its cap."""
    return replace(
        data, money=replace(data.money, most=np.ones_like(data.money.most), budget=float("inf"), limits=(), **money)
    )


def test_share_and_fund_cap(cases):
    """The enterprise must pay half, and its only fund holds nothing."""
    data = payable(required(cases.random(3, cases.Size(funds=3, most_options=30)), [0]), cap=np.array([1e9, 1e9, 0.0]))
    half = cases.limit(data.money, 2, 0.5, 1.0)
    assert named(replace(data, money=replace(data.money, limits=(half,)))) == [
        "required site s0: it must be used",
        "fund f2: at most 0.00 CNY",
        "share enterprise capital: at least 50.0%",
    ]


def test_shares_that_cannot_add_to_one(cases):
    """Government and community at most 40 %, the enterprise at most 10 %."""
    data = payable(required(cases.random(3, cases.Size(funds=3, most_options=30)), [0]), cap=np.full(3, 1e9))
    limits = [cases.limit(data.money, party, 0.0, high) for party, high in enumerate((0.4, 0.4, 0.1))]
    assert named(replace(data, money=replace(data.money, limits=tuple(limits)))) == [
        "required site s0: it must be used",
        "share government capital: at most 40.0%",
        "share community capital: at most 40.0%",
        "share enterprise capital: at most 10.0%",
    ]


def test_costs_that_no_fund_may_pay(cases):
    data = payable(required(cases.random(3, cases.Size(funds=2, most_options=30)), [0]))
    assert named(replace(data, money=replace(data.money, most=np.zeros_like(data.money.most)))) == [
        "required site s0: it must be used",
        "some options have costs that no fund may pay",
    ]


def test_fund_that_pays_a_part_only(cases):
    data = payable(required(cases.random(3, cases.Size(funds=1, most_options=30)), [0]), cap=np.array([1e9]))
    assert named(replace(data, money=replace(data.money, most=data.money.most * 0.8))) == [
        "required site s0: it must be used",
        "fund f0: no more than its share of an item",
    ]


@pytest.mark.parametrize("block", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_without_any_floor_of_the_set_there_is_a_plan(cases, block):
    """Irreducible: floors and a budget are all there is to be at odds with."""
    found = 0
    for seed in range(15 * block, 15 * block + 15):
        data = cases.random(seed, cases.Size(funds=0, modes=1, closing=0), budget_share=0.4)
        data = replace(data, project_area=data.project_area * 100)
        for tally in range(len(data.tallies)):
            data = cases.floor(data, tally, float(0.7 * data.tallies.reachable[tally]))
        conflicts = conflicts_of(data)
        members = {text.values["floor"] for text in conflicts if "floor" in text.values}
        assert len(conflicts) == (len(members) + 1 if conflicts else 0)
        for name in members:
            solve(replace(data, floors=tuple(f for f in data.floors if f.name in members - {name})), EXACT)
        found += bool(members)
    assert found > 1


def floored(data, *persons):
    return replace(data, floors=tuple(CoverageFloor(f"of tally {t}", t, p) for t, p in enumerate(persons)))


def test_floor_area_and_modes():
    """Both halls and a clinic at A: not in less than 100 m², nor where each needs a mode of its own."""
    small = two_rooms(budget=np.inf, project_area=np.array([99.99, 100.0]))
    floors = ["floor of tally 0: at least 160 people", "floor of tally 1: at least 80 people"]
    assert named(floored(small, 160.0, 80.0)) == [*floors, "floor area: the services of a site must fit into it"]
    modes = two_rooms(
        budget=np.inf, modes=("keep", "convert"), projects=("A:keep", "A:convert", "B:convert"),
        project_site=ints(0, 0, 1), project_area=np.full(3, 100.0), option_project=ints(0, 1, 2, 2),
        closing_by=sp.csr_matrix((0, 3), dtype=bool),
    )  # fmt: skip
    assert named(floored(modes, 160.0, 80.0)) == [*floors, "a site is used in one mode at most"]


def test_floor_area_by_population():
    quota = AreaQuota("room A", np.array([True, True, False, False]), 0.0, 0.4)
    assert named(floored(two_rooms(budget=100_000, quotas=(quota,)), 100.0)) == [
        "floor of tally 0: at least 100 people",
        "quota room A: at most 40.0% of the floor area",
        "budget: at most 100,000.00 CNY",
    ]


def paid_by_two(**money):
    paid = replace(funds(("government", "community")), **money)
    yearly = Yearly(np.full((4, 4), -1), np.zeros((2, 0), dtype=bool), np.zeros(2))
    return two_rooms(money=paid, yearly=yearly)


def test_one_central_source():
    """Three halves and one half of an item pay two, but not each from one source."""
    data = paid_by_two(cap=np.array([150_000.0, 50_000.0]), central=np.ones(2, dtype=bool))
    assert named(floored(data, 160.0)) == [
        "floor of tally 0: at least 160 people",
        "fund f0: at most 150,000.00 CNY",
        "fund f1: at most 50,000.00 CNY",
        "one central source an item at most",
    ]


def test_fund_that_pays_in_complexes_only():
    data = paid_by_two(
        most=np.array([[1.0, 0, 1, 0], [0, 1, 0, 1]]), complex_only=np.array([False, True]),
        class_project=ints(-1, 0, -1, 1),
    )  # fmt: skip
    data = replace(data, complexes=Complexes(100.0, 3, np.array([False, True]), 1, 0))
    assert named(floored(data, 0.0, 50.0)) == [
        "floor of tally 1: at least 50 people",
        "fund f1: it pays in embedded complexes only",
    ]


def year(**fields):
    data = one_canteen()
    return replace(data, accounts=replace(data.accounts, **fields))


def limited(data, **money):
    return replace(data, money=replace(data.money, **money))


def test_bond_without_revenue():
    """What 140 guests pay is 100,000 CNY less than the canteen costs, and the bond is all there is to build it."""
    bond = limited(one_canteen(), bonds=(Bond(0, CANTEEN, 0.08, 1.2),))
    assert named(floored(bond, 100.0)) == [
        "floor of tally 0: at least 100 people",
        "fund fund: own revenue must cover its debt service",
    ]


def test_nobody_pays_of_the_year():
    data = one_canteen()
    data = replace(data, yearly=replace(data.yearly, eligible=np.zeros((1, 1), dtype=bool)))
    assert named(floored(data, 100.0)) == [
        "floor of tally 0: at least 100 people",
        "no fund may pay visit_subsidy, donation, operating_subsidy, operation of the year",
    ]


def test_margins_and_subsidies():
    """280,000 CNY and a subsidy of 5,000 do not carry 290,000; and no margin at all lets nobody pay for the food."""
    assert named(floored(year(fixed=floats(290_000), subsidy=floats(5_000)), 100.0)) == [
        "floor of tally 0: at least 100 people",
        "aided: the least margin",
        "aided: operating subsidies stay within their limit",
    ]
    assert named(floored(year(fixed=floats(0), margin_max=floats(0)), 100.0)) == [
        "floor of tally 0: at least 100 people",
        "aided: the largest margin",
    ]


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [(0.72, 1.0, "share resident yearly: at least 72.0%"), (0.0, 0.3, "share resident yearly: at most 30.0%")],
)
def test_shares_of_the_year(cases, low, high, says):
    data = one_canteen()
    limit = replace(cases.limit(data.money, 3, low, high, "yearly", accounts=CANTEEN), name="resident yearly")
    assert named(floored(limited(data, limits=(limit,)), 100.0)) == ["floor of tally 0: at least 100 people", says]
