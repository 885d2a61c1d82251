"""The Dazu instance keeps to its facts, comes out of its builder byte for byte, and is no walk-over."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

import panhuo
from panhuo.access import catchments
from panhuo.assemble import derive_options, siting_data
from panhuo.instance.policy import Complex, InKind, Operating, Quota
from panhuo.instance.schema import TABLES
from panhuo_models.data import Money, SitingData

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
PROPOSALS = ("canteens", "half_government", "no_private", "resident_price_cap", "village_floors")
MONEY_TABLES = ("costs", "eligibility", "funds", "links", "parties", "services", "shared_works", "tariffs", "tiers")
SPARE = {("services", "standard_min"), ("services", "area_m2")}
"""Columns that may be blank in every row: other columns stand in their place."""

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


@pytest.fixture(scope="module")
def instance() -> panhuo.Instance:
    return panhuo.read(DAZU)


@pytest.fixture(scope="module")
def options(instance):
    return derive_options(instance)


@pytest.fixture(scope="module")
def result(instance):
    """One full solve serves every check of the plan."""
    return panhuo.solve(instance, gap=1e-3, time_limit=300)


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


def test_people_add_up_to_the_census(instance):
    demand = instance["demand"]
    people = demand[[c for c in demand if c.startswith("people_")]]
    assert (people == people.round()).all(axis=None)
    assert int(people.to_numpy().sum()) == 834_592
    for figure, (count, groups) in CENSUS.items():
        assert sum(_people(demand, g) for g in groups) == count, figure


def test_people_of_communities_are_the_urban_population(instance):
    demand = instance["demand"]
    kinds = pd.read_csv(DAZU / "facts" / "units.csv", dtype=str, encoding="utf-8-sig").set_index("unit")["kind"]
    people = demand[[c for c in demand if c.startswith("people_")]].sum(axis=1)
    assert people.groupby(demand["unit"].map(kinds)).sum().to_dict() == {"community": 505_131, "village": 329_461}


def test_under_threes_follow_the_tabulation(instance):
    """Age 0 and half of the ages 1–4: shares 0.0077 and 0.0442 of all."""
    assert _people(instance["demand"], "0_2") == pytest.approx(834_592 * (0.0077 + 0.0221), abs=1)


def test_every_unit_has_its_name_and_its_points(instance):
    demand = instance["demand"]
    units = pd.read_csv(DAZU / "facts" / "units.csv", dtype=str, encoding="utf-8-sig")
    assert len(units) == 309
    assert units["kind"].value_counts().to_dict() == {"village": 203, "community": 106}
    assert set(demand["unit"]) == set(units["unit"])
    assert units["town_code"].nunique() == 27
    assert len(demand) >= 3_000
    name = demand["unit"].map(units.set_index("unit")["name"])
    assert all(point.startswith(unit) for point, unit in zip(demand["name"], name, strict=True))


def test_circles_have_the_four_types(instance):
    assert set(instance["circles"]["type"]) == {"old_town", "new_estate", "fringe", "village"}
    assert 60 <= len(instance["circles"]) <= 110


def test_existing_stock_is_as_counted(instance):
    counted = instance["existing"]["service"].value_counts()
    stock = pd.read_csv(DAZU / "facts" / "stock.csv", encoding="utf-8-sig").set_index("service")["count"]
    assert stock.drop("culture").to_dict() == {
        "town_elder_centre": 27, "elder_day_care": 100, "canteen": 13, "village_mutual_aid": 201
    }  # fmt: skip
    for service, count in stock.drop("culture").items():
        assert counted[service] == count
    assert instance["existing"]["name"].str.endswith("24小时书房").sum() == stock["culture"] == 3
    assert counted["clinic"] > 0
    assert (instance["existing"]["site_id"] != "").sum() >= 5


def test_the_inventory_is_a_real_one(instance):
    sites = instance["sites"]
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


def test_catalogue_and_funds(instance):
    assert len(instance["services"]) >= 10
    assert set(instance["services"]["class"]) == {"basic", "quality", "distinctive"}
    assert instance["services"]["source"].str.contains(r"\[[FBSE]\]").all()
    assert len(instance["funds"]) == 11
    assert set(instance["funds"]["party"]) >= {"government", "community", "enterprise"}


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


@pytest.mark.parametrize("name", MONEY_TABLES)
def test_every_column_about_money_is_used(name):
    filled = (_raw(name) != "").any()
    known = {c.name for c in TABLES[name].columns if (name, c.name) not in SPARE}
    assert known - set(filled.index[filled]) == set()


@pytest.mark.parametrize(("table", "column"), sorted(WORDS_USED), ids="-".join)
def test_every_word_is_used(instance, table, column):
    cells = instance[table][column]
    words = cells if cells.map(lambda cell: isinstance(cell, str)).all() else cells.explode()
    assert WORDS_USED[table, column] - set(words) == set()


def test_every_setting_about_money_is_used(instance):
    settings = instance.settings
    assert set(settings.operating) == {"public_public", "public_private", "private_aided", "listed"}
    set_somewhere = set().union(*(kind.model_fields_set for kind in settings.operating.values()))
    assert set_somewhere == set(Operating.model_fields)
    assert settings.in_kind.model_fields_set == set(InKind.model_fields)
    assert settings.policy.complex.model_fields_set >= set(Complex.model_fields) - {"least"}
    assert {"start_year", "affordable_share", "price_cap_cny", "complex", "quotas"} <= settings.policy.model_fields_set
    assert {quota.measure for quota in settings.policy.quotas} == {"capital", "floor_area"}
    assert set().union(*(quota.model_fields_set for quota in settings.policy.quotas)) == set(Quota.model_fields)
    assert {"coverage", "links"} <= {stage.measure for stage in settings.policy.objectives}


def test_sites_and_facilities_say_what_money_asks_of_them(instance):
    assert instance["sites"]["market_rent_cny_per_m2"].notna().any()
    assert instance["sites"]["market_rent_cny_per_m2"].isna().any()
    assert instance["existing"]["capacity_persons"].notna().any()
    assert instance["conversions"]["capacity_persons"].notna().any()


def test_incomes_bind_in_villages(instance):
    """At most a quarter of an income: in villages only the safety net can be paid, in towns more."""
    share = instance.settings.policy.affordable_share
    visits = instance["services"].set_index("service")["visits_per_year"]
    tiers = instance["tiers"].drop_duplicates("tier").set_index("tier")
    menu = instance["tariffs"][instance["tariffs"]["service"] == "canteen"]
    month = menu["price_cny"] * visits["canteen"] / 12
    payable = menu[month <= share * menu["tier"].map(tiers["income_cny_per_month"])]
    by_tier = payable.groupby("tier")["price_class"].agg(set)
    assert all(by_tier[t] == {"safety_net"} for t in tiers.index if t.startswith("village"))
    assert {"safety_net", "inclusive", "market"} <= by_tier["town_60s"]
    assert "market" not in by_tier["town_hardship"]


def test_money_is_scarce(instance, options):
    """Every room, mode and service once, at its dearest: an option under several operating modes is built once."""
    once = options.table.groupby(["site", "mode", "service"])["capital_cny"].max()
    assert instance["funds"]["cap_cny"].sum() <= 0.10 * once.sum()


def test_a_listed_dining_room_is_almost_free(options):
    """But where a conversion was worked out, the canteen's capital is next to nothing."""
    canteens = options.table[options.table["service"] == "canteen"]
    capital = canteens.groupby("operating")["capital_cny"].median()
    assert capital["listed"] < 0.15 * capital.drop("listed").min()


def test_who_may_pay_decides_where_a_canteen_may_be_run(instance, options):
    """Items that nobody pays for keep public canteens to public rooms, aided ones to state and private rooms."""
    canteens = options.table[options.table["service"] == "canteen"]
    ownership = canteens["site"].map(instance["sites"].set_index("id")["ownership"])
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


def test_every_rule_bites(instance, options):
    assert set(instance["rules"]["rule"]) - set(options.excluded["rule"]) == set()


@pytest.mark.parametrize("name", PROPOSALS)
def test_proposals_are_feasible(name):
    """Any plan will do: the first one within half of the best."""
    proposed = panhuo.read(DAZU, proposal=DAZU / "proposals" / f"{name}.toml")
    policy = proposed.settings.policy.model_copy(update={"objectives": proposed.settings.policy.objectives[:1]})
    settings = proposed.settings.model_copy(update={"policy": policy})
    found = panhuo.solve(dataclasses.replace(proposed, settings=settings), gap=0.5, time_limit=120)
    assert found.run["verified"]


def test_half_government_binds(result):
    """The default plan lies beyond the bound that the proposal sets."""
    assert result.run["shares"]["capital"]["government"] > 0.5


def test_the_plan_is_verified_and_proven(result):
    assert result.run["verified"]
    assert all(stage["gap"] <= 1e-3 for stage in result.run["stages"])


def test_every_class_gains(result):
    stages = {s["name"]: s["objective"] for s in result.run["stages"]}
    assert min(stages[c] for c in ("basic", "quality", "distinctive")) > 0


def test_greedy_by_people_per_yuan_falls_short(instance, options, result):
    """Buy fire stations until all is reached, then basic services, by newly reached or served persons per yuan.

    Each purchase is paid by the first funds that may. Greedy is favoured: it may leave required sites empty, need not
    keep to the parties' shares, has yearly money without end, and what it closes by rebuilding is not held against it.
    Only a place that cannot live on its visits it does not buy.
    """
    data = siting_data(instance, options, catchments(instance)).data
    services = instance["services"]
    greedy = _Greedy(data, services["weight"].to_numpy(float))
    gained = 0.0
    for wanted in (services["mandatory"], services["class"] == "basic"):
        gained += greedy.buy(wanted.to_numpy(bool))
    offered = np.zeros(len(data.offers), dtype=bool)
    offered[data.option_offer[greedy.chosen]] = True
    reached = data.reach.within[:, : len(offered)].astype(int)
    assert (reached @ offered)[data.reach.mandatory & ~greedy.before].all()
    assert 0 < gained < result.run["stages"][0]["objective"]


class _Greedy:
    """What is chosen, what is left of the funds, the rooms and the people."""

    def __init__(self, data: SitingData, weight: np.ndarray) -> None:
        self.data, self.weight = data, weight
        self.reached = data.reach.within[:, : len(data.offers)].astype(float).tocsc()
        self.before = np.asarray(data.reach.within[:, len(data.offers) :].sum(axis=1)).ravel() > 0
        units = len(data.options)
        self.cost = data.money.cost.tocsc()
        own = np.asarray(self.cost.sum(axis=0)).ravel()
        works = data.work_options.astype(float).T @ own[units:]
        self.price = np.maximum(own[:units] + works, 1.0)
        self.chosen = np.zeros(units, dtype=bool)
        self.built = np.zeros(len(data.works), dtype=bool)
        self.caps = data.money.cap
        self.people = np.where(self.before, 0.0, data.reach.demand)
        self.left = data.flow.demand.copy()
        self.outlets = [np.flatnonzero(data.outlets.account == a) for a in data.option_account]
        self.pairs = [np.flatnonzero(data.flow.outlet == n) for n in range(len(data.outlets))]

    def buy(self, wanted: np.ndarray) -> float:
        """Go on buying wanted services; give the weighted persons gained."""
        data = self.data
        project, site = data.option_project, data.project_site[data.option_project]
        possible = wanted[data.option_service] & ~self.chosen
        gained = 0.0
        while True:
            used = np.full(len(data.sites), -1)
            used[site[self.chosen]] = project[self.chosen]
            room = data.project_area - np.bincount(project, data.option_area * self.chosen, len(data.projects))
            twice = np.isin(data.option_offer, data.option_offer[self.chosen])
            gain = self._gain(wanted)
            possible &= (gain > 0) & ~twice & (data.option_area <= room[project] + 1e-9)
            possible &= (used[site] < 0) | (used[site] == project)
            if not possible.any():
                return gained
            best = int(np.argmax(np.where(possible, gain / self.price, -1.0)))
            possible[best] = False
            needed = np.flatnonzero(np.asarray(data.work_options[:, [best]].todense()).ravel() & ~self.built)
            left = _pay(data.money, self.cost[:, [best, *(len(data.options) + needed)]], self.caps)
            if left is None:
                continue
            self.chosen[best], self.caps = True, left
            self.built[needed] = True
            gained += float(gain[best])
            self.people[self.reached[:, [data.option_offer[best]]].indices] = 0.0
            if len(self.outlets[best]):
                row, served, uptake = max(self._served(best), key=lambda found: found[1].sum())
                self.left[row] -= served / uptake

    def _gain(self, wanted: np.ndarray) -> np.ndarray:
        """Weighted persons newly reached or served by each option."""
        data = self.data
        gain = (self.reached.T @ self.people)[data.option_offer]
        for o in np.flatnonzero(wanted[data.option_service] & ~self.chosen):
            if len(self.outlets[o]):
                gain[o] = max((served.sum() for _, served, _ in self._served(o)), default=0.0)
        return gain * self.weight[data.option_service]

    def _served(self, o: int) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Give rows, persons served and uptake for every outlet at which the option can live."""
        data, books = self.data, self.data.accounts
        for n in self.outlets[o]:
            pairs = self.pairs[n]
            row, uptake = data.flow.row[pairs], data.flow.uptake[pairs]
            come = self.left[row] * uptake
            served = come * min(1.0, books.capacity[o] / max(come.sum(), 1e-9))
            tier = data.flow.tier[row]
            stalls = data.outlets
            earned = (stalls.price + stalls.government + stalls.donor - stalls.cost)[n, tier] @ served
            if books.financed[data.option_account[o]] or earned + books.income[o] + books.subsidy[o] >= books.fixed[o]:
                yield row, served, uptake


def _pay(money: Money, costs: sp.csc_matrix, caps: np.ndarray) -> np.ndarray | None:
    """Take each cost class from the funds that may pay it, in turn; ``None`` where they cannot."""
    left = caps.copy()
    for q, amount in zip(costs.indices, costs.data, strict=True):
        due = float(amount)
        for f in np.flatnonzero(money.eligible[:, q]):
            part = min(due, left[f])
            left[f] -= part
            due -= part
        if due > 0.005:
            return None
    return left
