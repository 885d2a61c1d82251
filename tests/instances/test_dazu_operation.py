"""Dazu uses every element of operation and of neighbourhood, and each one is live (see test_dazu_uses)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import panhuo
from panhuo.assemble import pool_keys
from panhuo.instance.schema import OPERATING

DAZU = Path(__file__).resolve().parents[2] / "instances" / "dazu"

# 4. operation ---------------------------------------------------------------------------------------------------------


def test_every_tier_pays_somewhere_and_every_class_is_charged(dazu, data):
    tiers = dazu["tiers"].drop_duplicates("tier").set_index("tier")
    assert set(data.tiers) == {"", *tiers.index}
    assert {data.tiers[h] for h in data.flow.tier} == set(data.tiers)
    price_class = dazu["tariffs"].drop_duplicates("tariff").set_index("tariff")["price_class"]
    places = {t: a >= 0 for t, a in zip(data.outlets.tariff, data.outlets.account, strict=True) if t}
    charged = {price_class[t] for t, chosen in places.items() if chosen}
    assert charged == {"safety_net", "inclusive", "market"}
    assert tiers["need"].nunique() >= 4


def test_some_offer_chooses_among_tariffs(data):
    """A menu: an account may charge one of several, an offer has several operating modes."""
    by_account = Counter(a for a in data.outlets.account if a >= 0)
    assert max(by_account.values()) > 1
    tariffs = pd.Series(data.outlets.tariff)[data.outlets.account >= 0]
    offers = data.accounts.offer[data.outlets.account[data.outlets.account >= 0]]
    assert tariffs.groupby(offers).nunique().max() >= 3


def test_incomes_keep_some_tiers_from_some_outlets(data):
    """Villagers can pay the safety-net meal only, so that no row of theirs goes to another canteen."""
    village = np.array([tier.startswith("village") for tier in data.tiers])[data.flow.tier][data.flow.row]
    charged = np.array(data.outlets.tariff)[data.flow.outlet]
    canteen = np.array([tariff.startswith("canteen") for tariff in charged])
    assert set(charged[village & canteen]) == {"canteen_safety"}
    assert set(charged[~village & canteen]) > {"canteen_safety", "canteen_8", "canteen_market"}


def test_the_price_cap_takes_a_tariff_off_the_menu(dazu, data):
    gone = set(dazu["tariffs"]["tariff"]) - set(data.outlets.tariff)
    assert gone == {"childcare_premium"}
    assert dazu["tariffs"]["price_cny"].max() > dazu.settings.policy.price_cap_cny


def test_uptake_falls_with_the_price(dazu):
    """Within a service and tier, whoever pays more comes less."""
    for _, menu in dazu["tariffs"].groupby(["service", "tier"]):
        ordered = menu.sort_values("price_cny")
        assert (ordered["uptake"].diff().dropna() <= 0).all()


def test_full_places_are_shared_among_tiers(data):
    """No picking of payers has something to say: cells of several tiers of unlike need go to one place."""
    cells = pd.DataFrame({"cell": data.flow.cell, "need": data.tier_need[data.flow.tier]})
    assert cells.drop_duplicates().duplicated("cell").any()


def test_parts_of_visits_and_yearly_dues(data):
    """Government, enterprise and donors put something into visits; every yearly item is due somewhere, and payable."""
    for part in (data.outlets.price, data.outlets.government, data.outlets.enterprise, data.outlets.donor):
        assert part[data.outlets.account >= 0].any()
    assert (data.yearly.due >= 0).any(axis=0).all()
    assert data.yearly.eligible[:, np.unique(data.yearly.due[data.yearly.due >= 0])].any(axis=0).all()
    assert data.accounts.subsidy.any()


def test_margins_pools_and_write_offs(dazu, options, data):
    books = data.accounts
    assert (~np.isnan(books.margin_min)).any()
    assert (books.margin_max == 0.08).any()
    assert books.financed.any()
    assert {data.money.parties[p] for p in books.operator if p >= 0} == {"government", "enterprise"}
    pools = pool_keys(dazu, options)
    shared = pools[pools != ""].value_counts()
    collective = {key for key in shared.index[shared > 1] if "集体经济" in key}
    assert collective, "some collective keeps its places' margin together"
    assert (books.write_off > 0).any()
    assert (data.money.class_account >= 0).any()


def test_under_every_operating_mode_some_place_can_live_on_its_visits_and_some_cannot(data):
    """Everybody within the standard who can pay is assigned to it, up to its capacity: is a margin of 0 kept?"""
    flow, stalls, books = data.flow, data.outlets, data.accounts
    come = np.zeros(stalls.price.shape)
    np.add.at(come, (flow.outlet, data.flow.tier[flow.row]), flow.demand[flow.row] * flow.uptake)
    earns = stalls.price + stalls.government + stalls.donor - stalls.cost
    lives: dict[tuple[str, str], set[bool]] = {}
    for n in np.flatnonzero((stalls.account >= 0) & (stalls.visits > 0)):
        _, service, operating = books.names[stalls.account[n]].split(":")
        for o in np.flatnonzero(data.option_account == stalls.account[n]):
            held = min(1.0, books.capacity[o] / come[n].sum()) if come[n].any() else 0.0
            year = held * (come[n] * earns[n]).sum() + books.income[o] + books.subsidy[o] - books.fixed[o]
            lives.setdefault((service, operating), set()).add(bool(year >= 0))
    assert lives == {
        **{("canteen", operating): {True, False} for operating in OPERATING},
        **{("childcare", operating): {True, False} for operating in ("public_private", "private_aided", "listed")},
    }


# 5. complexes and ties ------------------------------------------------------------------------------------------------


def test_what_makes_a_complex(dazu, data):
    """国办函〔2023〕121号: 600 m², three functions, two of the named ones."""
    what = data.complexes
    assert (what.area, what.functions, what.named_functions) == (600, 3, 2)
    assert {k for k, n in zip(data.services, what.named, strict=True) if n} == {
        "elder_day_care",
        "childcare",
        "canteen",
    }


@pytest.mark.parametrize("link", ["day_care_meals", "care_and_clinic", "child_and_clinic", "clinic_market"])
def test_every_tie_binds_some_offer(dazu, data, link):
    assert set(dazu["links"]["link"]) == {"day_care_meals", "care_and_clinic", "child_and_clinic", "clinic_market"}
    (kind,) = dazu["links"]["kind"][dazu["links"]["link"] == link]
    assert [n for n in data.links if n.name == link and n.kind == kind and n.others]


def test_ties_are_worth_points_where_a_stage_asks_for_them(data):
    proposed = panhuo.read(DAZU, proposal=DAZU / "proposals" / "basic_first.toml")
    assert [stage.measure for stage in proposed.settings.policy.objectives] == ["coverage"] * 3 + ["links"]
    assert {n.bonus for n in data.links if n.kind == "bonus"} == {1.0, 2.0}
