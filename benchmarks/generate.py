"""Make districts of four sizes on disk, as files a planner could have; everything in them is made up.

    python benchmarks/generate.py M out/M --seed 101 --services 1 --funds 6 --budget 0.05

S, M, L and XL have 2,000, 20,000, 150,000 and 500,000 demand points and 100, 1,000, 5,000 and 20,000 rooms, and offer
1, 3, 5 and 8 services. People and rooms cluster about towns, on a network of streets with a river and few bridges.
Rooms differ in floor area, storey, flue, yard and ownership, so that rules leave each service a part of them; services
share the floor area of a room, and modes trade area for money. The budget is a share of what all options cost. The same
seed gives the same district, byte for byte.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import municipality
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]

KEYS = ("canteen", "clinic", "culture", "elder_day_care", "childcare", "market", "sport", "repair")
SERVICES = pd.DataFrame(
    {
        "service": KEYS,
        "class": ["basic", "basic", "quality", "basic", "basic", "basic", "quality", "basic"],
        "measure": "minutes",
        "standard_min": [15, 15, 10, 10, 10, 15, 15, 8],
        "min_area_m2": [80, 60, 60, 150, 200, 120, 100, 20],
        "area_m2": [110, 100, 80, 180, 260, 200, 160, 30],
        "weight": 1,
    }
)
NEEDS = {
    "canteen": ("senior", 0.5), "clinic": ("adult", 1), "culture": ("adult", 0.4), "elder_day_care": ("senior", 0.2),
    "childcare": ("adult", 0.1), "market": ("senior", 1), "sport": ("adult", 0.6), "repair": ("adult", 0.8),
}  # fmt: skip
"""Who walks to it, and which share of them wants it: one row a demand point and service."""
RULES = (
    ("flue", "canteen", "", "flue", "!=", "yes"),
    ("storey", "clinic;elder_day_care;childcare", "", "floor", ">", "2"),
    ("former", "", "keep", "former_use", "blank", ""),
    ("consent", "", "rebuild", "owner_consents_rebuild", "!=", "yes"),
    ("grade_d", "", "keep;convert", "safety_grade", "=", "D"),
)
MODES = {"keep": (1.0, 350), "convert": (0.9, 1300), "rebuild": (1.25, 3400)}
"""Usable area over that of the room, and capital cost of a m² [CNY]."""
FIXED_CNY = 40_000
"""Equipment of an option, whatever its area."""
OWNERS = ("administrative", "state", "collective", "community", "private")
SPEED = {"adult": 4.5, "senior": 3.2}


@dataclass(frozen=True)
class Size:
    """Demand points, rooms, services, and crossings along each side of the square of streets."""

    points: int
    sites: int
    services: int
    side: int


SIZES = {
    "S": Size(2_000, 100, 1, 34),
    "M": Size(20_000, 1_000, 3, 130),
    "L": Size(150_000, 5_000, 5, 320),
    "XL": Size(500_000, 20_000, 8, 560),
}


def streets(side: int, draw: np.random.Generator) -> gpd.GeoDataFrame:
    """Lay the streets: a shaken grid in lines of several blocks, cut by a river that one row in twenty crosses."""
    lines = municipality.network(side, draw)
    wide = side * municipality.BLOCK_M
    north = np.linspace(-500, wide + 500, 400)
    east = wide * (0.45 + 0.12 * np.sin(north / wide * 7))
    river = shapely.linestrings(np.column_stack([east + municipality.EAST, north + municipality.NORTH]))
    crosses = shapely.intersects(lines.geometry.to_numpy(), river)
    bridges = crosses & (draw.random(len(lines)) < 0.05)
    return lines[~crosses | bridges].reset_index(drop=True)


def addresses(size: Size, seed: int, draw: np.random.Generator) -> Floats:
    """Draw where people live: at crossings, several cells at one in the middle of a town."""
    nodes = municipality.crossings(size.side, np.random.default_rng(seed)).reshape(-1, 2)  # as the streets have them
    near = cKDTree(nodes).query(municipality.places(size.side, size.points, draw))[1]
    return nodes[near]


def rooms(size: Size, draw: np.random.Generator) -> pd.DataFrame:
    """Draw the rooms."""
    n = size.sites
    at = municipality.places(size.side, n, draw)
    return pd.DataFrame(
        {
            "id": [f"S{j:05d}" for j in range(n)],
            "x": at[:, 0],
            "y": at[:, 1],
            "area_m2": np.round(np.exp(draw.normal(5.3, 0.7, n)).clip(30, 3000), 1),
            "floor": draw.choice([1, 2, 3, 4], n, p=[0.6, 0.2, 0.12, 0.08]),
            "flue": np.where(draw.random(n) < 0.6, "yes", "no"),
            "former_use": np.where(draw.random(n) < 0.25, "shop", ""),
            "safety_grade": draw.choice(list("ABCD"), n, p=[0.4, 0.4, 0.15, 0.05]),
            "owner_consents_rebuild": np.where(draw.random(n) < 0.2, "yes", "no"),
            "ownership": draw.choice(OWNERS, n),
        }
    )


def total_cost(sites: pd.DataFrame, services: pd.DataFrame) -> float:
    """Add up what all options cost [CNY], by the rules above."""
    total = 0.0
    for mode, (ratio, cny_per_m2) in MODES.items():
        usable = sites["area_m2"] * ratio
        barred = {
            "keep": (sites["former_use"] == "") | (sites["safety_grade"] == "D"),
            "convert": sites["safety_grade"] == "D",
            "rebuild": sites["owner_consents_rebuild"] != "yes",
        }[mode]
        for row in services.itertuples():
            fits = ~barred & (usable >= row.min_area_m2)
            if row.service == "canteen":
                fits &= sites["flue"] == "yes"
            if row.service in ("clinic", "elder_day_care", "childcare"):
                fits &= sites["floor"] <= 2
            total += float((usable[fits].clip(upper=row.area_m2) * cny_per_m2 + FIXED_CNY).sum())
    return total


def circles(people: pd.DataFrame, wide: float, count: int) -> NDArray[np.str_]:
    """Name the circle of every demand point: squares, ``count`` along each side."""
    x = ((people["x"] - municipality.EAST) / wide * count).clip(0, count - 1).astype(int)
    y = ((people["y"] - municipality.NORTH) / wide * count).clip(0, count - 1).astype(int)
    return (x * count + y).map("C{:03d}".format).to_numpy()


def money(funds: int, budget: float) -> dict[str, str]:
    """Write the tables of money: one fund, or so many with their items, owners and shares."""
    if funds == 1:
        return {
            "funds": f"fund,party,cap_cny\ndistrict,government,{budget:.0f}\n",
            "eligibility": "fund\ndistrict\n",
        }
    parties = ("government", "government", "community", "enterprise", "enterprise", "donor")
    lines, may = ["fund,party,cap_cny,max_share"], ["fund,items,services,ownerships"]
    for n in range(funds):
        lines.append(f"fund_{n},{parties[n % 6]},{budget * (0.6 if n == 0 else 0.25):.0f},")
        items = ("", "fit_out", "fit_out;equipment", "equipment", "", "equipment")[n % 6]
        owned = ("", "administrative;state", "collective;community", "", "private;state", "")[n % 6]
        may.append(f"fund_{n},{items},,{owned}")
    bounds = "party,min_share,max_share\ngovernment,0.2,0.7\ncommunity,0.05,0.4\nenterprise,0.1,0.5\ndonor,0,0.2\n"
    return {"funds": "\n".join(lines) + "\n", "eligibility": "\n".join(may) + "\n", "parties": bounds}


def settings(title: str, budget: float, floors: str) -> str:
    """Write instance.toml."""
    modes = "".join(f"[modes.{mode}]\narea_ratio = {ratio}\n" for mode, (ratio, _) in MODES.items())
    located = ("demand", "sites", "existing", "network")
    crs = "".join(f'[tables.{table}]\ncrs = "{municipality.CRS}"\n' for table in located)
    policy = f"[policy]\nbudget_cny = {budget:.2f}\n{floors}"
    head = f'title = "{title}"\nmetric_crs = "{municipality.CRS}"\n[access]\nmethod = "network"\n'
    one = (
        '[[policy.objectives]]\nname = "people"\nmeasure = "coverage"\nclasses = ["basic", "quality", "distinctive"]\n'
    )
    return head + modes + policy + one + crs


def write(
    folder: Path, size: Size, seed: int, *, services: int | None = None, funds: int = 1, floors: int = 0,
    budget: float = 0.05,
) -> None:  # fmt: skip
    """Write the district into ``folder``.

    Parameters
    ----------
    folder : Path
        Made where it is missing.
    size : Size
        How large.
    seed : int
        Of everything that is drawn.
    services : int, optional
        How many services; by default those of the size.
    funds : int
        1, or several with shares of the parties.
    floors : int
        So many floors of coverage, in circles by services.
    budget : float
        Share of what all options cost.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draw = np.random.default_rng(seed)
    pyogrio.write_dataframe(streets(size.side, draw), folder / "network.gpkg", layer="network", driver="GPKG")
    at = addresses(size, seed, draw)
    people = pd.DataFrame({"id": np.arange(size.points), "x": at[:, 0], "y": at[:, 1]})
    count = max(3, round((size.points / 5000) ** 0.5))
    people["circle"] = circles(people, size.side * municipality.BLOCK_M, count)
    for group, most in {"adult": 60, "senior": 25}.items():
        people[f"people_{group}"] = draw.integers(0, most, size.points)
    sites = rooms(size, draw)
    offered = SERVICES.iloc[: services or size.services]
    cny = round(total_cost(sites, offered) * budget, 2)
    per = max(1, size.sites // 16)
    standing = [
        pd.DataFrame(municipality.places(size.side, per, draw), columns=["x", "y"]).assign(service=key)
        for key in offered["service"]
    ]
    existing = pd.concat(standing, ignore_index=True)
    existing.insert(0, "id", [f"E{n:05d}" for n in range(len(existing))])
    named = sorted(set(people["circle"]))
    needs = [(k, *NEEDS[k]) for k in offered["service"]]
    costs = [("", m, "fit_out", cny_per_m2, 0) for m, (_, cny_per_m2) in MODES.items()]
    costs += [("", m, "equipment", 0, FIXED_CNY) for m in MODES]
    kept = [rule for rule in RULES if not rule[1] or set(rule[1].split(";")) & set(offered["service"])]
    rules = pd.DataFrame(kept, columns=["rule", "services", "modes", "column", "op", "value"])
    rules["services"] = [";".join(k for k in s.split(";") if k in set(offered["service"])) for s in rules["services"]]
    tables = {
        "demand": people, "sites": sites, "existing": existing, "services": offered, "rules": rules,
        "circles": pd.DataFrame({"circle": named, "name": named, "type": "all"}),
        "needs": pd.DataFrame(needs, columns=["service", "group", "rate"]),
        "costs": pd.DataFrame(costs, columns=["service", "mode", "item", "capital_cny_per_m2", "capital_cny"]),
        "profiles": pd.DataFrame({"profile": SPEED.keys(), "speed_km_h": SPEED.values(), "groups": SPEED.keys()}),
    }  # fmt: skip
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    for name, text in money(funds, cny).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    where = draw.permutation(len(named))
    lines = [
        f'[[policy.floors]]\nservice = "{offered["service"].iloc[n % len(offered)]}"\nshare = 0.35\n'
        f'circles = ["{named[where[n // len(offered) % len(named)]]}"]\n'
        for n in range(floors)
    ]
    (folder / "instance.toml").write_text(settings(f"Made up, seed {seed}", cny, "".join(lines)), encoding="utf-8")


def main() -> None:
    """Write it where asked."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("size", choices=SIZES)
    ask.add_argument("folder", type=Path)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--services", type=int, help="how many, the first of the list; by default as of the size")
    ask.add_argument("--funds", type=int, default=1)
    ask.add_argument("--floors", type=int, default=0)
    ask.add_argument("--budget", type=float, default=0.05, help="share of what all options cost")
    asked = ask.parse_args()
    start = time.perf_counter()
    write(
        asked.folder, SIZES[asked.size], asked.seed, services=asked.services, funds=asked.funds, floors=asked.floors,
        budget=asked.budget,
    )  # fmt: skip
    print(f"{asked.folder}: written in {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
