"""Dazu uses every element of the money at least once, and each one is live: it binds, splits or excludes something.

Each element is counted in the tables as read, then looked for in what the model sees.
"""

from __future__ import annotations

import numpy as np
import pytest

from panhuo.instance.schema import OPERATING, PARTIES

ITEMS = {"structure", "fire", "fume", "access", "fit_out", "equipment"}
YEARLY_ITEMS = {"staff", "utilities", "rent", "upkeep"}
SIZED = {"canteen": {"80", "120", "180"}, "elder_day_care": {"150", "350"}, "childcare": {"200", "300"}}


def limits(data, word: str):
    return [limit for limit in data.money.limits if word in limit.name]


# 1. options in full ---------------------------------------------------------------------------------------------------


def test_every_mode_operating_mode_and_size_has_options(options):
    table = options.table
    assert set(table["mode"]) == {"keep", "convert", "rebuild", "add"}
    assert set(table["operating"]) == {"", *OPERATING}
    sizes = table[table["size"] != ""].groupby("service")["size"].agg(set)
    assert sizes.to_dict() == SIZED
    by_site = table[table["size"] != ""].groupby(["project", "service"])["size"].nunique()
    assert by_site.max() == 3, "some room may choose among all sizes"


def test_every_cost_item_is_paid(options):
    assert set(options.items) == ITEMS
    assert set(options.yearly_items) == YEARLY_ITEMS
    assert options.capital_fen.any(axis=0).all()
    assert options.yearly_fen.any(axis=0).all()
    per_visit = {key for key, fen in options.visit_cost_fen.items() if fen}
    assert {service for service, _ in per_visit} == {"canteen", "childcare"}
    assert len({options.visit_cost_fen["canteen", operating] for operating in OPERATING}) > 1


def test_rent_is_paid_under_one_operating_mode_and_given_under_the_others(options):
    rent = options.yearly_fen[:, options.yearly_items.index("rent")] > 0
    operating = options.table["operating"]
    assert set(operating[rent]) == {"private_aided"}
    given = options.in_kind.merge(options.table["operating"], left_on="option", right_index=True)
    by_item = given.groupby("item")
    assert set(by_item.get_group("space")["operating"]) == {"public_public", "public_private", "listed"}
    assert set(by_item.get_group("volunteers")["operating"]) == {"public_public", "public_private"}
    assert set(by_item.get_group("space")["party"]) == {"government", "community", "enterprise"}
    assert set(by_item.get_group("volunteers")["party"]) == {"community"}


def test_lead_times_and_years(dazu, options):
    """Works last as long as the mode says, or as a conversion does; some places open in a later year than they cost."""
    table = options.table
    assert table["months"].nunique() > len(dazu.settings.modes)
    assert set(table["capital_year"]) == {2026, 2027}
    assert (table["open_year"] > table["capital_year"]).any()


def test_capacities(dazu, options, data):
    """By area, by hand, and of today's facilities; more people need the service than there are places."""
    capacity = options.table["capacity_persons"]
    assert set(options.table["service"][np.isfinite(capacity)]) == set(SIZED)
    assert set(dazu["conversions"]["capacity_persons"].dropna()) <= set(capacity)
    existing = dazu["existing"]
    assert existing["capacity_persons"].notna().sum() == 13
    today = data.outlets.account < 0
    assert np.isfinite(data.outlets.capacity[today]).all()
    assert today.sum() == existing["service"].isin(SIZED).sum()
    for service in SIZED:
        tally = data.tallies.service == data.services.index(service)
        assert 0 < data.tallies.before[tally].sum() < data.tallies.reachable[tally].sum()


def test_shared_works_stand_in_several_services(data):
    names = {work.split(":")[-1] for work in data.works}
    assert names == {"stretcher_lift", "fire_water"}
    services = [len(set(data.option_service[row.indices])) for row in data.work_options]
    for name in names:
        assert max(n for n, work in zip(services, data.works, strict=True) if work.endswith(name)) > 1
    assert (data.money.cost[:, len(data.options) :].sum(axis=0) > 0).all()


# 2. funds and eligibility ---------------------------------------------------------------------------------------------


def test_every_kind_of_fund(dazu, data):
    funds = dazu["funds"].set_index("fund")
    assert set(funds["party"]) == set(PARTIES) - {"resident"}
    capital, year = funds["cap_cny"] > 0, funds["yearly_cap_cny"] > 0
    only_year, only_capital = funds.index[~capital & year], funds.index[capital & ~year]
    assert list(only_year) == ["livelihood"]
    assert len(only_capital) > 0
    payers = dict(zip(data.money.funds, data.yearly.eligible.any(axis=1), strict=True))
    assert payers["livelihood"]
    assert not any(payers[fund] for fund in only_capital)
    pays = dict(zip(data.money.funds, data.money.eligible.any(axis=1), strict=True))
    assert {fund for fund, any_ in pays.items() if not any_} == set(only_year)


def test_central_funds_compete_for_an_item(data):
    assert data.money.central.sum() == 3
    assert ((data.money.eligible[data.money.central]).sum(axis=0) >= 2).any()


def test_money_for_complexes_finds_projects_that_could_be_one(data):
    assert [data.money.funds[f] for f in np.flatnonzero(data.money.complex_only)] == ["central_embedded"]
    projects = data.money.class_project[data.money.class_project >= 0]
    assert len(set(projects)) >= 5


def test_a_bond_has_a_bundle_that_can_carry_it(data):
    """The accounts it may pay for earn more than they cost, several services among them."""
    (bond,) = data.money.bonds
    assert data.money.funds[bond.fund] == "special_bond"
    assert bond.rate > 0
    assert bond.cover > 1
    of = bond.accounts[data.option_account]
    assert {data.services[k] for k in data.option_service[of]} >= {"market", "sport", "doorstep_retail"}
    assert ((data.accounts.income - data.accounts.fixed)[of] > 0).any()


@pytest.mark.parametrize(
    ("column", "live"),
    [
        ("items", lambda row, t, s: True),
        ("modes", lambda row, t, s: ~t["mode"].isin(row.modes)),
        ("services", lambda row, t, s: ~t["service"].isin(row.services)),
        ("operating", lambda row, t, s: ~t["operating"].isin(row.operating)),
        ("ownerships", lambda row, t, s: ~t["site"].map(s["ownership"]).isin(row.ownerships)),
        ("zones", lambda row, t, s: ~t["site"].map(s["zone"]).isin(row.zones)),
        ("years", lambda row, t, s: ~t["capital_year"].isin(row.years)),
    ],
)  # fmt: skip
def test_every_filter_of_eligibility_bars_some_option(dazu, options, column, live):
    """An option that the rest of the row lets in, and this column alone keeps out."""
    table, sites = options.table, dazu["sites"].set_index("id")
    barred = 0
    for row in dazu["eligibility"].itertuples():
        if not getattr(row, column):
            continue
        inside = np.ones(len(table), dtype=bool)
        for other, cells in (
            ("modes", table["mode"]), ("services", table["service"]), ("operating", table["operating"]),
            ("ownerships", table["site"].map(sites["ownership"])), ("zones", table["site"].map(sites["zone"])),
            ("years", table["capital_year"]),
        ):  # fmt: skip
            wanted = getattr(row, other)
            if other != column and wanted:
                inside &= cells.isin(wanted).to_numpy(bool)
        barred += int((inside & np.asarray(live(row, table, sites), dtype=bool)).sum())
    assert barred > 0


def test_largest_shares_of_an_item_and_shares_of_funds(dazu, data):
    """Central money pays 67 and 80 % of an item; several funds have a largest share of the plan, one a smallest."""
    share = data.money.most[data.money.funds.index("central_care")]
    assert {0.67, 0.8} <= set(share.round(6))
    funds = dazu["funds"]
    assert {limit.name.split()[1] for limit in limits(data, "fund ") if limit.party < 0 and limit.low == 0} >= set(
        funds["fund"][funds["max_share"] < 1]
    )
    assert (funds["min_share"] > 0).sum() == 1


def test_quotas_by_population(dazu, data):
    types = set(dazu["circles"]["type"])
    assert {limit.name.split()[0] for limit in limits(data, "of fund district by people")} == types
    assert {quota.name.split()[0] for quota in data.quotas} == types
    assert all(quota.options.any() and 0 < quota.low < quota.high < 1 for quota in data.quotas)


def test_donors_pay_named_items(dazu, data):
    own = dazu["eligibility"][dazu["eligibility"]["fund"] == "charity"]
    assert {item for items in own["items"] for item in items} == {"equipment", "donation"}
    f = data.money.funds.index("charity")
    assert data.money.eligible[f].any()
    donation = data.yearly.due[:, 1]
    assert data.yearly.eligible[f, donation[donation >= 0]].all()


# 3. shares of the parties ---------------------------------------------------------------------------------------------


def test_bounds_of_every_ledger_and_scope(dazu, data):
    parties = dazu["parties"]
    assert set(parties["ledger"]) == {"capital", "yearly", "capital_with_in_kind"}
    assert set(parties["scope"]) == {"plan", "service", "project"}
    bound = parties[(parties["min_share"] > 0) | ((parties["max_share"] < 1) & (parties["party"] != "resident"))]
    for row in bound.itertuples():
        found = limits(data, f"(bound {row.bound})")
        assert found, row.bound
        assert {limit.ledger for limit in found} == {row.ledger}
        assert len(found) > 1 if row.scope != "plan" else len(found) == 1
    assert set(bound["party"]) == set(PARTIES)


def test_gifts_in_kind_are_worth_something(data):
    assert (data.money.in_kind.sum(axis=1) > 0).sum() == 3
