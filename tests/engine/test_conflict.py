"""What is at odds is named, and nothing else is."""

from dataclasses import replace

import numpy as np
import pytest

from panhuo.engine import InfeasibleError, Limits, solve

EXACT = Limits(gap=0, threads=1)


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


def require(data, *sites):
    return replace(data, site_required=np.isin(np.arange(len(data.sites)), sites))


def test_required_site_and_budget(data):
    tight = replace(require(data, 1), money=replace(data.money, budget=100.0))
    assert named(tight) == ["required site s1: it must be used", "budget: at most 100.00 CNY"]


def test_of_several_required_sites_only_those_at_odds(data):
    """Each of the two alone fits the budget."""
    cost = np.asarray(data.money.cost.sum(axis=0)).ravel()
    site = data.project_site[data.option_project]
    least = [cost[site == j].min() for j in range(len(data.sites))]
    dear = sorted(range(len(least)), key=lambda j: least[j])[-2:]
    budget = round(sum(least[j] for j in dear) - 1, 2)
    names = named(replace(require(data, *dear), money=replace(data.money, budget=budget)))
    assert names == [
        *(f"required site s{j}: it must be used" for j in sorted(dear)),
        f"budget: at most {budget:,.2f} CNY",
    ]


def test_required_site_without_option(data):
    empty = data.project_site[data.option_project] != 1
    bare = replace(
        require(data, 1),
        options=tuple(o for o, keep in zip(data.options, empty, strict=True) if keep),
        option_project=data.option_project[empty],
        option_service=data.option_service[empty],
        option_area=data.option_area[empty],
        reach=replace(data.reach, within=data.reach.within[:, empty]),
        money=replace(data.money, cost=data.money.cost[:, empty]),
    )
    assert named(bare) == ["required site s1: no service may open there"]


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


def test_share_and_fund_cap(cases):
    """The enterprise must pay half, and its only fund holds nothing."""
    data = require(cases.random(3, cases.Size(funds=3, most_options=30)), 0)
    money = replace(
        data.money, eligible=np.ones_like(data.money.eligible), cap=np.array([1e9, 1e9, 0.0]), budget=float("inf"),
        share_min=np.array([0, 0, 0.5]), share_max=np.ones(3),
    )  # fmt: skip
    assert named(replace(data, money=money)) == [
        "required site s0: it must be used",
        "fund f2: at most 0.00 CNY",
        "party enterprise: at least 50.0% of the capital",
    ]


def test_costs_that_no_fund_may_pay(cases):
    data = require(cases.random(3, cases.Size(funds=2, most_options=30)), 0)
    money = replace(data.money, eligible=np.zeros_like(data.money.eligible), budget=float("inf"))
    assert named(replace(data, money=replace(money, share_min=np.zeros(3), share_max=np.ones(3)))) == [
        "required site s0: it must be used",
        "some options have costs that no fund may pay",
    ]


def test_without_any_floor_of_the_set_there_is_a_plan(cases):
    """Irreducible: floors and a budget are all there is to be at odds with."""
    found = 0
    for seed in range(30):
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
    assert found > 3
