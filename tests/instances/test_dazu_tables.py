"""Every table, column, word and setting about money is used by Dazu."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from panhuo.instance.policy import Complex, InKind, Operating, Quota
from panhuo.instance.schema import TABLES

DAZU = Path(__file__).resolve().parents[2] / "instances" / "dazu"
MONEY_TABLES = ("costs", "eligibility", "funds", "links", "parties", "services", "shared_works", "tariffs", "tiers")
SPARE = {
    ("services", name)
    for name in (
        "standard_min", "area_m2", "counts_as", "supplied_by", "supply_min", "supply_per_person", "supply_per_m2",
    )
}  # fmt: skip
"""Columns that may be blank in every row: other columns stand in their place, or they tell of kitchens."""

WORDS_USED = {
    ("tariffs", "price_class"): {"safety_net", "inclusive", "market"},
    ("tariffs", "operating"): {"public_public", "public_private", "private_aided", "listed"},
    ("costs", "operating"): {"public_public", "private_aided", "listed"},
    ("eligibility", "operating"): {"public_public", "public_private", "private_aided", "listed"},
    ("eligibility", "ownerships"): {"administrative", "state", "collective", "community", "private"},
    ("eligibility", "items"): {
        "structure", "fire", "access", "fume", "fit_out", "equipment", "visit_subsidy", "donation", "operating_subsidy", "operation"
    },
    ("parties", "ledger"): {"capital", "yearly", "capital_with_in_kind"},
    ("parties", "scope"): {"plan", "service", "project"},
    ("parties", "party"): {"government", "community", "enterprise", "resident", "donor"},
    ("funds", "party"): {"government", "community", "enterprise", "donor"},
    ("links", "kind"): {"requires", "bonus", "incompatible"},
    ("costs", "item"): {
        "structure", "fire", "access", "fume", "fit_out", "equipment", "staff", "utilities", "upkeep", "ingredients"
    },
}  # fmt: skip


def _raw(name: str) -> pd.DataFrame:
    return pd.read_csv(DAZU / f"{name}.csv", encoding="utf-8-sig", dtype=str, keep_default_na=False)


@pytest.mark.parametrize("name", MONEY_TABLES)
def test_every_column_about_money_is_used(name):
    filled = (_raw(name) != "").any()
    known = {c.name for c in TABLES[name].columns if (name, c.name) not in SPARE}
    assert known - set(filled.index[filled]) == set()


@pytest.mark.parametrize(("table", "column"), sorted(WORDS_USED), ids="-".join)
def test_every_word_is_used(dazu, table, column):
    cells = dazu[table][column]
    words = cells if cells.map(lambda cell: isinstance(cell, str)).all() else cells.explode()
    assert WORDS_USED[table, column] - set(words) == set()


def test_every_setting_about_money_is_used(dazu):
    settings = dazu.settings
    assert set(settings.operating) == {"public_public", "public_private", "private_aided", "listed"}
    set_somewhere = set().union(*(kind.model_fields_set for kind in settings.operating.values()))
    assert set_somewhere == set(Operating.model_fields)
    assert settings.in_kind.model_fields_set == set(InKind.model_fields)
    assert settings.policy.complex.model_fields_set >= set(Complex.model_fields) - {"least"}
    assert {"start_year", "affordable_share", "price_cap_cny", "complex", "quotas"} <= settings.policy.model_fields_set
    assert {quota.measure for quota in settings.policy.quotas} == {"capital", "floor_area"}
    assert set().union(*(quota.model_fields_set for quota in settings.policy.quotas)) == set(Quota.model_fields)
    (stage,) = settings.policy.objectives
    assert set(stage.classes) == set(dazu["services"]["class"])


def test_sites_and_facilities_say_what_money_asks_of_them(dazu):
    assert dazu["sites"]["market_rent_cny_per_m2"].notna().any()
    assert dazu["sites"]["market_rent_cny_per_m2"].isna().any()
    assert dazu["existing"]["capacity_persons"].notna().any()
    assert dazu["conversions"]["capacity_persons"].notna().any()
