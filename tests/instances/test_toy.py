"""The toy's plan is the one its README works out by hand."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
import pytest

import panhuo
from panhuo.assemble import derive_options

TOY = Path(__file__).resolve().parents[2] / "instances" / "toy"

OPTIONS = {
    ("S1", "convert", "clinic"): (80.0, 116_000.00),
    ("S1", "convert", "culture"): (60.0, 40_000.00),
    ("S2", "convert", "canteen"): (100.0, 130_000.00),
    ("S2", "convert", "clinic"): (80.0, 116_000.00),
    ("S2", "convert", "culture"): (60.0, 40_000.00),
    ("S3", "convert", "culture"): (60.0, 40_000.00),
    ("S3", "keep", "culture"): (60.0, 29_999.80),
}
EXCLUDED = {"keep_former_use": 8, "kitchen_flue": 1, "clinic_beside": 1, "min_area": 1}
PLAN = {("S1", "convert", "clinic"), ("S2", "convert", "canteen"), ("S3", "keep", "culture")}
COVERAGE = {"canteen": (0, 210, 350, 140), "clinic": (700, 1340, 1580, 0), "culture": (640, 1000, 1580, 340)}
LEDGER = {
    ("S1", "fit_out", "works", "government"): 96_000.00,
    ("S1", "equipment", "equip", "enterprise"): 20_000.00,
    ("S2", "fit_out", "works", "government"): 100_000.00,
    ("S2", "equipment", "equip", "enterprise"): 30_000.00,
    ("S3", "fit_out", "works", "government"): 19_999.80,
    ("S3", "equipment", "equip", "enterprise"): 10_000.00,
}


@pytest.fixture(scope="module")
def instance() -> panhuo.Instance:
    return panhuo.read(TOY)


@pytest.fixture(scope="module")
def result(instance):
    return panhuo.solve(instance, gap=0.0, threads=1)


def test_the_options_are_those_of_the_readme(instance):
    table = derive_options(instance).table
    keys = zip(table["site"], table["mode"], table["service"], strict=True)
    assert dict(zip(keys, zip(table["area_m2"], table["capital_cny"], strict=True), strict=True)) == OPTIONS


def test_each_excluded_pair_names_its_rule(instance):
    assert derive_options(instance).excluded["rule"].value_counts().to_dict() == EXCLUDED


def test_the_plan_is_the_one_found_by_hand(result):
    assert set(zip(result.plan["site"], result.plan["mode"], result.plan["service"], strict=True)) == PLAN
    assert result.plan["capital_cny"].sum() == pytest.approx(275_999.80, abs=1e-6)
    assert result.plan["yearly_cny"].sum() == pytest.approx(239_600.00, abs=1e-6)
    assert dict(zip(result.plan["site"], result.plan["months"], strict=True)) == {"S1": 6, "S2": 6, "S3": 2}


def test_every_stage_reaches_its_optimum(result):
    stages = {s["name"]: s["objective"] for s in result.run["stages"]}
    assert (stages["basic"], stages["quality"]) == (850, 360)
    assert result.run["verified"]


def test_coverage_is_as_counted_by_hand(result):
    columns = ["before_persons", "after_persons", "base_persons", "unreachable_persons"]
    table = result.coverage.groupby("service")[columns].sum()
    assert {k: tuple(row) for k, row in zip(table.index, table.to_numpy(), strict=True)} == COVERAGE


def test_the_ledger_is_as_written_by_hand(result):
    ledger = result.ledger[result.ledger["amount_cny"] > 0]
    keys = zip(ledger["site"], ledger["item"], ledger["fund"], ledger["party"], strict=True)
    assert dict(zip(keys, ledger["amount_cny"], strict=True)) == LEDGER


def test_without_the_share_bound_two_clinics_would_win(instance):
    """The bound binds: it alone keeps the plan from 880 persons."""
    tables = dict(instance.tables)
    parties: pd.DataFrame = tables["parties"].copy()
    parties.loc[parties["party"] == "government", "max_share"] = 1.0
    freed = panhuo.solve(dataclasses.replace(instance, tables=tables | {"parties": parties}), gap=0.0, threads=1)
    assert freed.run["stages"][0]["objective"] == 880
