"""The Dazu instance keeps to its facts, and comes out of its builder byte for byte."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pandas as pd
import pytest

DAZU = Path(__file__).resolve().parents[2] / "instances" / "dazu"
BUILT = ("circles", "conversions", "demand", "existing", "sites")
CENSUS = {
    "0_9": (98_224, ("0_2", "3_9")),
    "0_14": (166_031, ("0_2", "3_9", "10_14")),
    "60_69": (99_076, ("60_64", "65_69")),
    "70_79": (64_142, ("70_79",)),
    "80_up": (25_723, ("80_up",)),
    "65_up": (149_036, ("65_69", "70_79", "80_up")),
    "60_up": (188_941, ("60_64", "65_69", "70_79", "80_up")),
}


def _raw(name: str) -> pd.DataFrame:
    return pd.read_csv(DAZU / f"{name}.csv", encoding="utf-8-sig", dtype=str, keep_default_na=False)


def _people(demand: pd.DataFrame, group: str) -> int:
    columns = [c for c in demand if c in (f"people_{group}", f"people_village_{group}")]
    return int(demand[columns].to_numpy().sum())


def test_the_builder_writes_the_committed_bytes(tmp_path):
    subprocess.run([sys.executable, str(DAZU / "build.py"), str(tmp_path)], check=True, timeout=60)
    assert sorted(p.stem for p in tmp_path.iterdir()) == sorted(BUILT)
    for name in BUILT:
        assert (tmp_path / f"{name}.csv").read_bytes() == (DAZU / f"{name}.csv").read_bytes(), name


def test_files_stay_small():
    sizes = [p.stat().st_size for p in DAZU.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    assert max(sizes) < 1_000_000
    assert sum(sizes) < 4_000_000


def test_people_add_up_to_the_census(dazu):
    demand = dazu["demand"]
    people = demand[[c for c in demand if c.startswith("people_")]]
    assert (people == people.round()).all(axis=None)
    assert int(people.to_numpy().sum()) == 834_592
    for figure, (count, groups) in CENSUS.items():
        assert sum(_people(demand, g) for g in groups) == count, figure


def test_people_of_communities_are_the_urban_population(dazu):
    demand = dazu["demand"]
    kinds = pd.read_csv(DAZU / "facts" / "units.csv", dtype=str, encoding="utf-8-sig").set_index("unit")["kind"]
    people = demand[[c for c in demand if c.startswith("people_")]].sum(axis=1)
    assert people.groupby(demand["unit"].map(kinds)).sum().to_dict() == {"community": 505_131, "village": 329_461}


def test_under_threes_follow_the_tabulation(dazu):
    """Age 0 and half of the ages 1–4: shares 0.0077 and 0.0442 of all."""
    assert _people(dazu["demand"], "0_2") == pytest.approx(834_592 * (0.0077 + 0.0221), abs=1)


def test_every_unit_has_its_name_and_its_points(dazu):
    demand = dazu["demand"]
    units = pd.read_csv(DAZU / "facts" / "units.csv", dtype=str, encoding="utf-8-sig")
    assert len(units) == 309
    assert units["kind"].value_counts().to_dict() == {"village": 203, "community": 106}
    assert set(demand["unit"]) == set(units["unit"])
    assert units["town_code"].nunique() == 27
    assert len(demand) >= 3_000
    name = demand["unit"].map(units.set_index("unit")["name"])
    assert all(point.startswith(unit) for point, unit in zip(demand["name"], name, strict=True))


def test_circles_have_the_four_types(dazu):
    assert set(dazu["circles"]["type"]) == {"old_town", "new_estate", "fringe", "village"}
    assert 60 <= len(dazu["circles"]) <= 110


def test_existing_stock_is_as_counted(dazu):
    counted = dazu["existing"]["service"].value_counts()
    stock = pd.read_csv(DAZU / "facts" / "stock.csv", encoding="utf-8-sig").set_index("service")["count"]
    assert stock.drop("culture").to_dict() == {
        "town_elder_centre": 27, "elder_day_care": 100, "canteen": 13, "village_mutual_aid": 201
    }  # fmt: skip
    for service, count in stock.drop("culture").items():
        assert counted[service] == count
    assert dazu["existing"]["name"].str.endswith("24小时书房").sum() == stock["culture"] == 3
    assert counted["clinic"] > 0
    assert (dazu["existing"]["site_id"] != "").sum() >= 5


def test_the_inventory_is_a_real_one(dazu):
    sites = dazu["sites"]
    assert len(sites) >= 400
    assert 150 <= sites["area_m2"].mean() <= 160
    assert set(sites["ownership"]) == {"administrative", "state", "collective", "community", "private"}
    assert (sites["safety_grade"] == "D").sum() >= 5
    assert sites["lease_until"].notna().sum() >= 20
    assert sites["adjoins_dwellings"].fillna(False).mean() > 0.25
    assert (~sites["flue"].fillna(True)).mean() > 0.3
    assert sites["encumbered"].any()
    assert set(sites["status"]) == {"candidate", "required", "excluded"}
    pinned = sites[sites["status"] != "candidate"]
    assert (pinned["status_by"] != "").all()
    assert (pinned["status_reason"] != "").all()
    big = sites[sites["area_m2"] == 2400]
    assert big["floors_total"].tolist() == [2]


def test_catalogue_and_funds(dazu):
    assert len(dazu["services"]) >= 10
    assert set(dazu["services"]["class"]) == {"basic", "quality", "distinctive"}
    assert dazu["services"]["source"].str.contains(r"\[[FBSE]\]").all()
    assert len(dazu["funds"]) == 11
    assert set(dazu["funds"]["party"]) >= {"government", "community", "enterprise"}


def test_every_table_says_what_is_fact_and_what_synthetic():
    settings = tomllib.loads((DAZU / "instance.toml").read_text(encoding="utf-8"))["tables"]
    for path in DAZU.glob("*.csv"):
        note = settings[path.stem]
        assert sorted([*note["fact"], *note["synthetic"]]) == sorted(_raw(path.stem).columns), path.name
        assert note["source"]
        assert note["licence"]


def test_every_fact_table_names_source_and_licence():
    paths = sorted((DAZU / "facts").glob("*.csv"))
    assert len(paths) >= 5
    for path in paths:
        table = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)
        assert (table[["source", "licence"]] != "").all(axis=None), path.name


def test_incomes_bind_in_villages(dazu):
    """At most a quarter of an income: in villages only the safety net can be paid, in towns more."""
    share = dazu.settings.policy.affordable_share
    visits = dazu["services"].set_index("service")["visits_per_year"]
    tiers = dazu["tiers"].drop_duplicates("tier").set_index("tier")
    menu = dazu["tariffs"][dazu["tariffs"]["service"] == "canteen"]
    month = menu["price_cny"] * visits["canteen"] / 12
    payable = menu[month <= share * menu["tier"].map(tiers["income_cny_per_month"])]
    by_tier = payable.groupby("tier")["price_class"].agg(set)
    assert all(by_tier[t] == {"safety_net"} for t in tiers.index if t.startswith("village"))
    assert {"safety_net", "inclusive", "market"} <= by_tier["town_60s"]
    assert "market" not in by_tier["town_hardship"]


def test_money_is_scarce(dazu, options):
    """Every room, mode and service once, at its dearest: an option under several operating modes is built once."""
    once = options.table.groupby(["site", "mode", "service"])["capital_cny"].max()
    assert dazu["funds"]["cap_cny"].sum() <= 0.10 * once.sum()


def test_a_listed_dining_room_is_almost_free(options):
    """But where a conversion was worked out, the canteen's capital is next to nothing."""
    canteens = options.table[options.table["service"] == "canteen"]
    capital = canteens.groupby("operating")["capital_cny"].median()
    assert capital["listed"] < 0.15 * capital.drop("listed").min()


def test_who_may_pay_decides_where_a_canteen_may_be_run(dazu, options):
    """Items that nobody pays for keep public canteens to public rooms, aided ones to state and private rooms."""
    canteens = options.table[options.table["service"] == "canteen"]
    ownership = canteens["site"].map(dazu["sites"].set_index("id")["ownership"])
    assert ownership.groupby(canteens["operating"]).agg(set).to_dict() == {
        "public_public": {"administrative"},
        "public_private": {"administrative", "state", "collective", "community"},
        "private_aided": {"state", "private"},
        "listed": {"collective", "community", "private"},
    }


def test_works_are_shared(options):
    """Some building would share a lift, or its fire water, among several services."""
    services = [options.table["service"].iloc[row.indices].nunique() for row in options.work_options]
    works = options.works["work"]
    assert {work for work, count in zip(works, services, strict=True) if count > 1} == {"stretcher_lift", "fire_water"}


def test_every_rule_bites(dazu, options):
    assert set(dazu["rules"]["rule"]) - set(options.excluded["rule"]) == set()
