"""Accounts, cost classes, bounds on shares, bonds and quotas, worked by hand on the street."""

from typing import Any

import numpy as np
import pytest

from panhuo.access import catchments
from panhuo.assemble import derive_options, pool_keys, siting_data
from panhuo.instance import Instance
from panhuo_models.data import ShareLimit, SitingData

AIDED = '[operating.private_aided]\nservices = ["canteen"]\noperator = "enterprise"\n'
PUBLIC = '[operating.public_public]\nservices = ["canteen"]\noperator = "government"\n'
COSTS = [
    {"item": "fit_out", "capital_cny_per_m2": 100},
    {"item": "equipment", "capital_cny": 5000},
    {"item": "staff", "yearly_cny": 1000},
]
CITY = {"fund": "city", "party": "government", "cap_cny": 1_000_000, "yearly_cap_cny": 1000}
COMPLEX = "[policy.complex]\nmin_area_m2 = 1\nmin_functions = 1\n"
FIRM = {"fund": "firm", "party": "enterprise", "cap_cny": 500_000}
FUNDS = [CITY, FIRM]


def data_of(instance: Instance) -> SitingData:
    return siting_data(instance, derive_options(instance), catchments(instance)).data


def limits(data: SitingData) -> dict[str, ShareLimit]:
    return {limit.name: limit for limit in data.money.limits}


def counted(data: SitingData, limit: ShareLimit) -> set[str]:
    """Name the options whose capital a limit counts."""
    units = data.money.cost[limit.classes].sum(axis=0).A1.nonzero()[0]
    return {data.options[u] for u in units if u < len(data.options)}


# accounts -------------------------------------------------------------------------------------------------------------


def test_accounts(make) -> None:
    toml = (
        f"{AIDED}margin_min = 0.02\nmargin_max = 0.08\nsubsidy_cny = 300\nsubsidy_cny_per_m2 = 1.5\nwrite_off_years = 8\n"
        f"{PUBLIC}"
    )
    books = data_of(make(toml, funds=FUNDS, costs=COSTS)).accounts
    assert books.names[:3] == ("s1:canteen:private_aided", "s1:canteen:public_public", "s1:hall:")
    assert list(books.operator[:3]) == [2, 0, -1], "enterprise, government, nobody"
    np.testing.assert_array_equal(books.margin_min[:3], [0.02, np.nan, np.nan])
    np.testing.assert_array_equal(books.margin_max[:3], [0.08, np.nan, np.nan])
    assert list(books.financed[:3]) == [False, True, False]
    assert list(books.write_off[:3]) == [1 / 8, 0, 0]
    assert list(books.subsidy[:3]) == [300 + 90 * 1.5, 0, 0]
    assert list(books.fixed[:3]) == [1000] * 3


ROOMS = [
    {"id": s, "x": 0, "y": 0, "area_m2": 100, "owner": owner, "circle": "c"}
    for s, owner in (("s1", "kin"), ("s2", "kin"), ("s3", ""), ("s4", ""))
]


@pytest.mark.parametrize(
    ("by", "pools"),
    [
        ("", [0, 1, 2, 3]),
        ("owner", [0, 0, 1, 2]),  # an owner that is blank pools nothing
        ("circle", [0, 0, 0, 0]),
        ("plan", [0, 0, 0, 0]),
    ],
)
def test_pools(make, by: str, pools: list[int]) -> None:
    instance = make(f'{AIDED}margin_min = 0\npooled_by = "{by}"\n', sites=ROOMS)
    books = data_of(instance).accounts
    canteens = [a for a, name in enumerate(books.names) if "canteen" in name]
    assert [books.pool[a] for a in canteens] == pools
    assert {books.pool[a] for a in range(len(books)) if a not in canteens} == {-1}
    assert (pool_keys(instance, derive_options(instance)) == "").sum() == 4


LISTED = '[operating.listed]\noperator = "community"\n'
MODES = "[modes.keep]\n[modes.convert]\nmonths = 12\n"


@pytest.mark.parametrize(
    ("row", "apart"),
    [
        ({}, False),
        ({"modes": "convert"}, True),
        ({"modes": "convert", "items": "fit_out"}, False),  # of the capital only
        ({"modes": "convert", "items": "visit_subsidy"}, False),  # which no firm pays
        ({"years": "2027"}, True),  # when what is converted opens
        ({"years": "2026;2027"}, False),
    ],
)
def test_accounts_are_told_apart_by_who_may_pay_their_year(make, row, apart) -> None:
    funds = [CITY, FIRM | {"yearly_cap_cny": 1000}]
    rows = [{"fund": "city"}, {"fund": "firm"} | row]
    data = data_of(make(f"[policy]\nstart_year = 2026\n{MODES}{LISTED}", funds=funds, eligibility=rows, costs=COSTS))
    assert [data.accounts.names[a] for a in data.option_account] == [
        f"{site}:{service}:listed" + f":{mode}" * apart
        for site in ("s1", "s2") for mode in ("keep", "convert") for service in ("canteen", "hall")
    ]  # fmt: skip
    if apart:
        assert data.yearly.eligible[1, data.yearly.due[:, 3]].tolist() == [False, False, True, True] * 2


@pytest.mark.parametrize(
    ("toml", "cap", "debt"),
    [
        (LISTED, "", ""),  # a fund that pays nothing of the year
        ("", 1000, ""),  # nobody runs it: nothing is due
    ],
)
def test_accounts_are_one_where_no_money_tells_them_apart(make, toml, cap, debt) -> None:
    funds = [CITY, FIRM | {"yearly_cap_cny": cap, "debt_service": debt}]
    rows = [{"fund": "city"}, {"fund": "firm", "modes": "convert"}]
    assert len(data_of(make(MODES + toml, funds=funds, eligibility=rows)).accounts) == 4


def test_accounts_are_told_apart_by_mode_and_size_where_a_bond_is(make) -> None:
    """It pays for equipment in conversions: less than half a fen of it in a kiosk of 0.4 m²."""
    services = [{"service": "canteen", "class": "basic", "measure": "metres", "standard_m": 500, "min_area_m2": 0.4,
                 "sizes_m2": "0.4;50"}]  # fmt: skip
    costs = [COSTS[0], {"item": "equipment", "capital_cny_per_m2": 0.01}]
    rows = [{"fund": "city"}, {"fund": "firm", "items": "equipment", "modes": "convert"}]
    instance = make(MODES, services=services, costs=costs, funds=[CITY, FIRM | {"debt_service": 0.1}], eligibility=rows)
    data = data_of(instance)
    assert data.accounts.names[:3] == ("s1:canteen::keep", "s1:canteen::convert:0.4", "s1:canteen::convert:50")
    (bond,) = data.money.bonds
    assert bond.accounts.tolist() == [False, False, True] * 2


# the year -------------------------------------------------------------------------------------------------------------


def test_who_pays_of_the_year(make, charged) -> None:
    """Visits' subsidies and donations where a tariff has them, operating subsidies where granted, deficits of the public."""
    for row in charged["tariffs"]:
        row |= {"operating": "", "government_cny": 2 if row["tariff"] == "safe" else 0}
    gift = {"fund": "gift", "party": "donor", "cap_cny": 0, "yearly_cap_cny": 50}
    rows = [{"fund": "city"}, {"fund": "firm", "items": "operation;visit_subsidy;fit_out"}, {"fund": "gift"}]
    data = data_of(
        make(
            f"{AIDED}margin_min = 0\nsubsidy_cny = 5\n{PUBLIC}",
            costs=COSTS, funds=[CITY, FIRM | {"yearly_cap_cny": 7}, gift], eligibility=rows, **charged,
        )
    )  # fmt: skip
    aided, public = (data.accounts.names.index(f"s1:canteen:{a}") for a in ("private_aided", "public_public"))
    payers = {
        (name, item): {data.money.funds[f] for f in np.flatnonzero(data.yearly.eligible[:, data.yearly.due[a, i]])}
        for name, a in (("aided", aided), ("public", public))
        for i, item in enumerate(("visit_subsidy", "donation", "operating_subsidy", "operation"))
        if data.yearly.due[a, i] >= 0
    }
    assert payers == {
        ("aided", "visit_subsidy"): {"city"}, ("aided", "operating_subsidy"): {"city"},
        ("public", "visit_subsidy"): {"city"}, ("public", "operation"): {"city", "firm", "gift"},
    }  # fmt: skip
    assert list(data.yearly.cap) == [1000, 7, 50]
    hall = data.accounts.names.index("s1:hall:")
    assert (data.yearly.due[hall] == -1).all()


# cost classes ---------------------------------------------------------------------------------------------------------


def test_payments_that_no_row_tells_apart_are_one_class(make) -> None:
    rows = [{"fund": "city"}, {"fund": "firm", "items": "equipment"}]
    data = data_of(make(funds=FUNDS, costs=COSTS, eligibility=rows))
    assert data.money.cost.shape == (2, 4)
    assert sorted(data.money.cost.sum(axis=1).A1) == [20_000, 2 * 9000 + 2 * 8000]
    assert sorted(map(tuple, data.money.most.T)) == [(1, 0), (1, 1)]


@pytest.mark.parametrize(
    ("changes", "classes"),
    [
        ({}, 1),
        ({"eligibility": [{"fund": "city"}, {"fund": "firm", "max_share": 0.5, "services": "hall"}]}, 2),
        ({"parties": [{"party": "enterprise", "scope": "service", "max_share": 0.5}]}, 2),
        ({"parties": [{"party": "enterprise", "scope": "project", "max_share": 0.5}]}, 2),
        ({"parties": [{"party": "enterprise", "scope": "project", "services": "hall", "max_share": 0.5}]}, 3),
        ({"funds": [CITY | {"central": "yes"}, FIRM | {"central": "yes"}]}, 8),
        ({"funds": [CITY | {"complex_only": "yes"}, FIRM]}, 2),
    ],
)  # fmt: skip
def test_what_gives_payments_classes_of_their_own(make, changes: dict[str, Any], classes: int) -> None:
    """Four options of two items. Two central sources: each pair alone; a complex's money: each project."""
    tables = {"funds": FUNDS, "costs": COSTS} | changes
    assert data_of(make(COMPLEX, **tables)).money.cost.shape[0] == classes


def test_what_the_operator_writes_off_has_classes_by_account(make) -> None:
    data = data_of(make(f"{AIDED}margin_min = 0\nwrite_off_years = 8\n", funds=FUNDS, costs=COSTS))
    own = data.money.class_account
    assert sorted(data.accounts.names[a] for a in own[own >= 0]) == [
        "s1:canteen:private_aided",
        "s2:canteen:private_aided",
    ]
    assert (own < 0).sum() == 1


# bounds on shares -----------------------------------------------------------------------------------------------------


def test_a_bound_of_the_plan_of_services_and_of_projects(make) -> None:
    parties = [
        {"bound": "all", "party": "government", "max_share": 0.85},
        {"bound": "each", "party": "enterprise", "scope": "service", "services": "hall", "min_share": 0.1},
        {"bound": "aided", "party": "enterprise", "scope": "project", "operating": "private_aided", "min_share": 0.5},
    ]
    data = data_of(make(f"{AIDED}{PUBLIC}", funds=FUNDS, costs=COSTS, parties=parties))
    found = limits(data)
    plan = found["government ≤ 85% of capital (bound all)"]
    assert (plan.low, plan.high, plan.party) == (0, 0.85, 0)
    assert list(plan.funds) == [True, False]
    assert counted(data, plan) == set(data.options)
    hall = found["enterprise ≥ 10% of capital of service hall (bound each)"]
    assert counted(data, hall) == {"s1:convert:hall", "s2:convert:hall"}
    assert np.array_equal(hall.classes, hall.of_classes), "measured by the whole of the service"
    aided = {k for k in found if "aided" in k}
    assert aided == {f"enterprise ≥ 50% of capital of project {s}:convert (bound aided)" for s in ("s1", "s2")}
    one = found["enterprise ≥ 50% of capital of project s1:convert (bound aided)"]
    assert counted(data, one) == {"s1:convert:canteen:private_aided"}
    assert len(found) == 4


def test_bounds_of_the_year_and_with_gifts_in_kind(make) -> None:
    parties = [
        {"bound": "year", "party": "resident", "ledger": "yearly", "min_share": 0.3, "max_share": 0.8},
        {"bound": "kind", "party": "community", "ledger": "capital_with_in_kind", "min_share": 0.05},
    ]
    sites = [{"id": "s1", "x": 0, "y": 0, "area_m2": 100, "ownership": "collective"}]
    toml = f"[in_kind]\nrent_cny_per_m2 = 70\nyears = 5\n{AIDED}"
    data = data_of(make(toml, sites=sites, funds=FUNDS, costs=COSTS, parties=parties))
    found = limits(data)
    year = found["resident 30–80% of the year (bound year)"]
    assert [data.accounts.names[a] for a in np.flatnonzero(year.accounts)] == ["s1:canteen:private_aided"]
    assert not year.classes.any()
    kind = found["community ≥ 5% of capital with what is given in kind (bound kind)"]
    assert kind.options.all()
    assert list(data.money.in_kind[1]) == [70 * 5 * 90, 0], "the hall has no operating mode: nothing is given"


@pytest.mark.parametrize("share", ["", 1])
def test_bounds_that_bind_nothing_are_left_out(make, share: object) -> None:
    parties = [{"party": "government", "min_share": 0, "max_share": share}]
    assert data_of(make(funds=FUNDS, costs=COSTS, parties=parties)).money.limits == ()


def test_shares_of_funds(make) -> None:
    found = limits(data_of(make(funds=[CITY | {"max_share": 0.4}, FIRM | {"min_share": 0.1}], costs=COSTS)))
    assert {k: (v.low, v.high, v.party) for k, v in found.items()} == {
        "fund city ≤ 40% of capital": (0, 0.4, -1), "fund firm ≥ 10% of capital": (0.1, 1, -1),
    }  # fmt: skip


def test_a_bond_and_its_bundle(make) -> None:
    rows = [{"fund": "city"}, {"fund": "firm", "services": "hall", "ownerships": "state"}]
    funds = [CITY, FIRM | {"debt_service": 0.08, "cover": 1.2}]
    data = data_of(make(funds=funds, costs=COSTS, eligibility=rows))
    (bond,) = data.money.bonds
    assert (data.money.funds[bond.fund], bond.rate, bond.cover) == ("firm", 0.08, 1.2)
    assert [data.accounts.names[a] for a in np.flatnonzero(bond.accounts)] == ["s1:hall:"]


# quotas by population -------------------------------------------------------------------------------------------------

TOWN = {
    "circles": [
        {"circle": "c", "type": "old_town"},
        {"circle": "k", "type": "village"},
        {"circle": "n", "type": "fringe"},
    ],
    "demand": [
        {"id": "d", "x": 0, "y": 0, "circle": "c", "people_old": 100, "people_child": 20},
        {"id": "e", "x": 0, "y": 0, "circle": "k", "people_old": 20, "people_child": 60},
    ],
    "sites": [
        {"id": "s1", "x": 0, "y": 0, "area_m2": 100, "circle": "c"},
        {"id": "s2", "x": 0, "y": 0, "area_m2": 100, "circle": "k"},
        {"id": "s3", "x": 0, "y": 0, "area_m2": 100},
    ],
}


def test_a_quota_of_capital(make) -> None:
    """120 of the 200 people live in the old town: 0.5 × 60 % = 30 % at least; the village 20 %, at most 60 %."""
    toml = '[[policy.quotas]]\nmeasure = "capital"\nfund = "city"\nby = "circle_type"\nmin_factor = 0.5\nmax_factor = 1.5\n'
    instance = make(toml, funds=FUNDS, costs=COSTS, **TOWN)
    found = siting_data(instance, derive_options(instance), catchments(instance))
    data = found.data
    by_name = limits(data)
    old = by_name["old_town 30–90% of fund city by people"]
    assert (old.low, old.high) == (pytest.approx(0.3), pytest.approx(0.9))
    village = by_name["village 20–60% of fund city by people"]
    assert counted(data, village) == {"s2:convert:canteen", "s2:convert:hall"}
    assert list(village.of_funds) == list(village.funds) == [True, False]
    assert village.of_classes.all(), "measured by all the fund pays, also where nobody is in a group"
    assert [str(n) for n in found.notes] == ["The quota of fund city leaves fringe out: no option stands there"]


def test_a_quota_of_floor_area(make) -> None:
    toml = '[[policy.quotas]]\nmeasure = "floor_area"\nby = "circle"\nmin_factor = 0.5\n'
    data = data_of(make(toml, **TOWN))
    assert [(q.name, q.low, q.high) for q in data.quotas] == [
        ("c ≥ 30% of floor area by people", pytest.approx(0.3), 1),
        ("k ≥ 20% of floor area by people", pytest.approx(0.2), 1),
    ]
    assert {data.options[o] for o in np.flatnonzero(data.quotas[1].options)} == {
        "s2:convert:canteen",
        "s2:convert:hall",
    }


def test_complexes(make) -> None:
    toml = '[policy.complex]\nmin_area_m2 = 600\nmin_functions = 3\nnamed = ["hall"]\nmin_named = 1\nleast = 2\n'
    found = data_of(make(toml)).complexes
    assert found is not None
    assert (found.area, found.functions, found.named_functions, found.least) == (600, 3, 1, 2)
    assert list(found.named) == [False, True]
    assert data_of(make()).complexes is None


@pytest.mark.parametrize(
    ("complex_", "able"),
    [
        ("min_area_m2 = 90\nmin_functions = 1\n", {"s1", "s2"}),
        ("min_area_m2 = 170\nmin_functions = 2\n", {"s2"}),  # s1 has 100 m² for 90 + 80
        ("min_area_m2 = 171\nmin_functions = 1\n", set()),
        ("min_area_m2 = 1\nmin_functions = 3\n", set()),
        ('min_area_m2 = 1\nmin_functions = 1\nnamed = ["canteen"]\nmin_named = 1\n', {"s2"}),
    ],
)
def test_money_for_complexes_goes_where_one_could_be(make, complex_: str, able: set[str]) -> None:
    """A canteen of 90 and a hall of 80 m²; in s1 (100 m²) a rule bars the canteen in the last case."""
    rules = (
        [{"rule": "no", "services": "canteen", "column": "id", "op": "=", "value": "s1"}] if "named" in complex_ else []
    )
    funds = [CITY | {"complex_only": "yes"}, FIRM]
    data = data_of(make(f"[policy.complex]\n{complex_}", funds=funds, costs=COSTS, rules=rules))
    paid = data.money.most[0] > 0
    assert {data.projects[p].split(":")[0] for p in data.money.class_project[paid]} == able
    assert (data.money.class_project[~paid] == -1).all()
