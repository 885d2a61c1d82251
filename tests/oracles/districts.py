"""Small districts on a plane, written as the tables a planner would write."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import panhuo
from panhuo.instance import Instance

Row = Mapping[str, Any]

LOCAL = "".join(f'[tables.{table}]\ncrs = "local"\n' for table in ("demand", "sites", "existing"))


def write(folder: Path, toml: str = "", **tables: Sequence[Row]) -> Path:
    """Write an instance; a column that a row does not name is blank. ``toml`` follows the title."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        if not rows:
            continue
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    located = "".join(
        f'[tables.{table}]\ncrs = "local"\n' for table in ("demand", "sites", "existing") if tables.get(table)
    )
    (folder / "instance.toml").write_text(f'title = "A test"\n{toml}\n{located}', encoding="utf-8")
    return folder


def district(folder: Path, toml: str = "", **tables: Sequence[Row]) -> Instance:
    """Write an instance and read it."""
    return panhuo.read(write(folder, toml, **tables))


def random_district(folder: Path, seed: int) -> Instance:
    """A hall (coverage), a canteen (tariffs, capacity) and at times a nursery (capacity) in two or three rooms.

    Every rule about money is there by turns, so that a few hundred seeds meet them in many combinations.
    """
    rng = np.random.default_rng(seed)

    def chance(p: float) -> bool:
        return bool(rng.random() < p)

    def between(low: int, high: int) -> int:
        return int(rng.integers(low, high + 1))

    nursery = chance(0.4)
    points = between(2, 4)
    demand = [
        {"id": f"d{i}", "x": between(0, 1200), "y": 0, "circle": f"c{i % 2}", "people_adult": between(0, 60) * 10,
         "people_old": between(5, 40) * 10}
        for i in range(points)
    ]  # fmt: skip
    sites = [
        {"id": f"s{j}", "x": between(0, 1200), "y": between(0, 50), "circle": f"c{between(0, 1)}",
         "area_m2": between(80, 260), "ownership": ("state", "collective", "private")[between(0, 2)],
         "owner": f"o{j % 2}", "zone": ("", "renewal")[between(0, 1)], "floor": between(1, 2)}
        for j in range(2 if nursery else between(2, 3))
    ]  # fmt: skip
    services = [
        {"service": "hall", "class": "basic", "measure": "metres", "standard_m": 400, "min_area_m2": 60,
         "area_m2": 80, "income_cny_per_m2": between(0, 3) * 40},
        {"service": "canteen", "class": "basic", "measure": "metres", "standard_m": between(4, 9) * 100, "min_area_m2": 50,
         "sizes_m2": "60;120" if chance(0.3) else "90", "capacity_per_m2": round(float(rng.uniform(0.2, 1.2)), 2),
         "visits_per_year": 250},
    ]  # fmt: skip
    if nursery:
        services.append(
            {"service": "nursery", "class": "basic", "measure": "metres", "standard_m": 500, "min_area_m2": 60,
             "area_m2": 70, "capacity_per_m2": 0.5}
        )  # fmt: skip
    existing = [{"id": "e0", "service": "canteen", "x": between(0, 1200), "y": 0, "capacity_persons": between(5, 60)}]
    if chance(0.4):
        existing.append({"id": "e1", "service": "hall", "x": between(0, 1200), "y": 0, "site_id": "s0"})
    needs = [
        {"service": "hall", "group": g, "rate": 1} for g in ("adult", "old")
    ] + [{"service": "canteen", "group": "old", "rate": 1}, {"service": "nursery", "group": "adult", "rate": 0.2}][
        : 2 if nursery else 1
    ]  # fmt: skip
    poor = between(2, 8) / 10
    tiers = [
        {"tier": "plain", "group": "old", "share": round(1 - poor, 2), "need": 1, "income_cny_per_month": 2000},
        {"tier": "poor", "group": "old", "share": poor, "need": 2, "income_cny_per_month": between(3, 9) * 100},
    ]
    high = between(8, 14)
    tariffs = [
        {"tariff": t, "service": "canteen", "price_class": c, "tier": tier, "price_cny": price, "government_cny": gov,
         "enterprise_cny": ent, "donor_cny": don, "uptake": uptake}
        for t, c, rows in (
            ("cheap", "safety_net", (("plain", 8, 2, 0, 1, 0.5), ("poor", 3, 6, 0, 1, 0.6))),
            ("dear", "inclusive", (("plain", high, 0, 1, 0, 0.3), ("poor", high - 2, 2, 1, 0, 0.25))),
        )
        for tier, price, gov, ent, don, uptake in rows
    ]  # fmt: skip
    costs = [
        {"item": "fit_out", "capital_cny_per_m2": between(3, 9) * 100},
        {"item": "equipment", "service": "canteen", "capital_cny_per_m2": between(1, 5) * 100},
        {"item": "staff", "service": "hall", "yearly_cny": between(1, 4) * 1000},
        {"item": "staff", "service": "canteen", "yearly_cny": between(10, 90) * 1000},
        {"item": "food", "service": "canteen", "yearly_cny_per_visit": between(4, 8)},
    ]
    works = []
    if chance(0.4):
        works.append({"work": "lift", "item": "access", "column": "floor", "op": ">", "value": 1,
                      "capital_cny": between(2, 8) * 5000, "services": "canteen;hall"})  # fmt: skip
    bond = chance(0.3)
    funds = [
        {"fund": "city", "party": "government", "cap_cny": between(4, 20) * 10_000,
         "yearly_cap_cny": between(1, 20) * 10_000, "central": "yes" if chance(0.3) else "",
         "max_share": 0.6 if chance(0.2) else ""},
        {"fund": "bond" if bond else "state", "party": "government", "cap_cny": between(2, 20) * 10_000,
         "central": "yes" if chance(0.3) else "", "debt_service": 0.08 if bond else "", "cover": 1.2 if bond else ""},
        {"fund": "firm", "party": "enterprise", "cap_cny": between(2, 15) * 10_000},
        {"fund": "gift", "party": "donor", "cap_cny": between(0, 2) * 10_000, "yearly_cap_cny": between(0, 6) * 10_000},
    ]  # fmt: skip
    eligibility = [
        {"fund": "city", "items": "", "max_share": 0.7 if chance(0.4) else ""},
        {"fund": funds[1]["fund"], "items": "fit_out;access", "zones": "renewal" if chance(0.4) else ""},
        {"fund": "firm", "items": "equipment;fit_out"},
        {"fund": "gift", "items": "equipment;donation"},
    ]
    parties: list[dict[str, Any]] = []
    if chance(0.4):
        parties.append({"bound": "most", "party": "government", "max_share": between(4, 9) / 10})
    if chance(0.3):
        parties.append({"bound": "own", "party": "enterprise", "scope": "project", "operating": "private_aided",
                        "min_share": 0.3})  # fmt: skip
    if chance(0.3):
        parties.append({"bound": "meals", "party": "government", "scope": "service", "services": "canteen",
                        "ledger": "yearly", "max_share": between(3, 7) / 10})  # fmt: skip
    if chance(0.2):
        parties.append({"bound": "space", "party": "community", "ledger": "capital_with_in_kind", "min_share": 0.02})
    links = []
    if chance(0.3):
        links.append({"link": "l0", "kind": "requires", "service_a": "canteen", "service_b": "hall"})
    elif chance(0.3):
        links.append({"link": "l1", "kind": "incompatible", "service_a": "canteen", "service_b": "hall",
                      "within_m": 150})  # fmt: skip
    policy = {"affordable_share": 0.25, "objectives": "[{ name = 'people', measure = 'coverage', tolerance = 0.0 }]"}
    if chance(0.3):
        policy["budget_cny"] = between(5, 30) * 10_000
    if chance(0.25):
        policy["quotas"] = "[{ measure = 'capital', by = 'circle', min_factor = 0.3 }]"
    if chance(0.2):
        policy["complex"] = "{ min_area_m2 = 120, min_functions = 2, named = ['canteen'], min_named = 1, least = 0 }"
        funds[0]["complex_only"] = "yes"
    pool = 'pooled_by = "owner"\n' if chance(0.3) else ""
    toml = "\n".join(
        [
            "[modes.convert]\narea_ratio = 1.0",
            "[in_kind]\nrent_cny_per_m2 = 100\nvolunteer_cny_per_hour = 20",
            '[operating.public_public]\nservices = ["canteen"]\noperator = "government"\nprice_classes = ["safety_net"]',
            '[operating.private_aided]\nservices = ["canteen", "hall"]\noperator = "enterprise"\n'
            f"price_classes = ['inclusive']\nmargin_min = 0.0\n{pool}"
            f"{'margin_max = 0.3' if chance(0.3) else ''}\n"
            f"subsidy_cny = {between(0, 6) * 10_000}\n{'write_off_years = 10' if chance(0.5) else ''}",
            "[policy]\n" + "\n".join(f"{k} = {v}" for k, v in policy.items()),
        ]
    )
    return district(
        folder, toml, demand=demand, sites=sites, services=services, existing=existing, needs=needs, tiers=tiers,
        tariffs=tariffs, costs=costs, shared_works=works, funds=funds, eligibility=eligibility, parties=parties,
        links=links,
    )  # fmt: skip
