"""The classic location problems: what was published beside what ``panhuo.locate`` finds and proves.

Reads the public sets from the folder that the environment variable PANHUO_DATA names: OR-Library p-median, capacitated
warehouses and set covers, the stores of San Francisco as spopt solves them, and whole cities of maximal covering.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import shortest_path

from panhuo import locate

EARTH_RADIUS_M = 6_378_100.0
CITY_RADIUS_M = {"NewYork": 400.0, "SanFrancisco": 600.0}
SETS = ("pmed", "cap", "scp", "spopt", "cities")
ROUNDING = 1e-6
"""Share by which two values may differ and still be equal: published values are rounded."""


@dataclass(frozen=True)
class Row:
    """One set as solved."""

    name: str
    published: float
    maximise: bool
    result: locate.Result

    @property
    def word(self) -> str:
        """Equal, better or worse than published."""
        ours = self.result.objective
        if ours is None:
            return "none"
        ahead = (ours - self.published) * (1 if self.maximise else -1)
        if abs(ahead) <= ROUNDING * abs(self.published):
            return "equal"
        return "better" if ahead > 0 else "worse"


def medians(data: Path, time_limit: float, numbers: range = range(1, 21)) -> Iterator[Row]:
    """OR-Library pmed: graphs whose points are demand and candidates; of parallel edges the last one counts."""
    folder = data / "pmed_orlib"
    best = dict(line.split()[:2] for line in (folder / "pmedopt.txt").read_text().splitlines() if line[:4] == "pmed")
    for number in numbers:
        lines = [list(map(int, line.split())) for line in (folder / f"pmed{number}.txt").read_text().splitlines()]
        (nodes, _, p), *edges = [line for line in lines if line]
        cost = np.zeros((nodes, nodes))
        for i, j, length in edges:
            cost[i - 1, j - 1] = cost[j - 1, i - 1] = length
        metres = shortest_path(cost, method="D", directed=False)
        result = locate.p_median(np.ones(nodes), metres, p=p, time_limit=time_limit)
        yield Row(f"pmed{number}", float(best[f"pmed{number}"]), False, result)


def warehouses(data: Path, time_limit: float, numbers: tuple[str, ...] = ()) -> Iterator[Row]:
    """OR-Library cap: warehouses with a fixed cost and a capacity."""
    folder = data / "cflp_orlib"
    best = dict(line.split()[:2] for line in (folder / "capopt.txt").read_text().splitlines() if line[:3] == "cap")
    names = numbers or tuple(sorted(path.stem[3:] for path in folder.glob("cap[0-9]*.txt")))
    for number in names:
        values = iter(map(float, (folder / f"cap{number}.txt").read_text().split()))
        sites, points = int(next(values)), int(next(values))
        site = np.array([[next(values), next(values)] for _ in range(sites)])
        point = np.array([[next(values) for _ in range(sites + 1)] for _ in range(points)])
        weight, whole = point[:, 0], point[:, 1:]
        result = locate.cflp(
            weight, whole / weight[:, None], capacity=site[:, 0], cost=site[:, 1], time_limit=time_limit
        )
        yield Row(f"cap{number}", float(best[f"cap{number}"]), False, result)


def set_covers(data: Path, time_limit: float, numbers: tuple[str, ...] = ()) -> Iterator[Row]:
    """OR-Library scp: weighted set covers."""
    folder = data / "scp_orlib"
    known = pd.read_csv(folder / "best_known.csv")
    known = known[known["Unicost"] == 0]
    best = dict(zip(known["Path"].map(lambda path: Path(path).stem), known["Best known solution value"], strict=True))
    names = numbers or tuple(sorted((path.stem[3:] for path in folder.glob("scp*.txt")), key=lambda n: (n[0], int(n))))
    for number in names:
        values = iter(map(int, (folder / f"scp{number}.txt").read_text().split()))
        rows, columns = next(values), next(values)
        cost = np.array([next(values) for _ in range(columns)], dtype=float)
        within = np.zeros((rows, columns), dtype=bool)
        for row in range(rows):
            within[row, [next(values) - 1 for _ in range(next(values))]] = True
        yield Row(
            f"scp{number}", float(best[f"scp{number}"]), False, locate.lscp(within, cost=cost, time_limit=time_limit)
        )


def stores(data: Path, time_limit: float) -> Iterator[Row]:
    """Solve the stores of San Francisco, 205 tracts × 16 stores, as spopt does: 5,000 m, 4 stores."""
    folder = data / "spopt_sf"
    table = pd.read_csv(folder / "SF_network_distance_candidateStore_16_censusTract_205_new.csv")
    metres = table.pivot_table(index="DestinationName", columns="name", values="distance").sort_index()
    people = pd.read_csv(folder / "SF_demand_205_centroid_uniform_weight.csv").sort_values("NAME")["POP2000"].to_numpy()
    far = metres.to_numpy()
    limit = {"time_limit": time_limit}
    yield Row("SF stores, LSCP", 8.0, False, locate.lscp(far, radius=5000, **limit))
    yield Row("SF stores, MCLP p=4", 875247.0, True, locate.mclp(people, far, radius=5000, p=4, **limit))
    yield Row("SF stores, p-median p=4", 2848268129.7145104, False, locate.p_median(people, far, p=4, **limit))
    yield Row("SF stores, p-center p=4", 7403.0638, False, locate.p_center(far, p=4, **limit))


def cities(data: Path, time_limit: float, only: str = "") -> Iterator[Row]:
    """Whole cities: every point is demand and candidate; what is published is the best known."""
    folder = data / "mclp_cities"
    paths = (folder / "published_solutions").glob("*.txt")
    asked = sorted((path.stem.split("_")[0], int(path.stem.split("_")[1]), path) for path in paths)
    for city, p, path in asked:
        if only not in f"{city}_{p}":
            continue
        published = re.search(r"f:\s*(\d+)", path.read_text())
        assert published is not None
        people, within = points(folder / f"{city}.txt", CITY_RADIUS_M[city])
        result = locate.mclp(people, within, p=p, time_limit=time_limit)
        yield Row(f"{city} p={p}", float(published[1]), True, result)


def points(path: Path, radius_m: float) -> tuple[NDArray[np.float64], sp.csr_matrix]:
    """Read a city: people of each point, and who is within the radius of whom."""
    part: dict[str, list[float]] = {"NODE_COORD_SECTION": [], "DEMAND_SECTION": []}
    here: list[float] = []
    for line in path.read_text().splitlines():
        word = line.strip()
        here = part.get(word, here)
        if word and word[0].isdigit():
            here.extend(float(number) for number in word.split())
    lat, lon = np.radians(np.array(part["NODE_COORD_SECTION"]).reshape(-1, 2)).T
    cosine = np.cos(lat)[:, None] * np.cos(lat) * np.cos(lon[:, None] - lon) + np.sin(lat)[:, None] * np.sin(lat)
    metres = np.arccos(np.clip(cosine, -1, 1)) * EARTH_RADIUS_M
    np.fill_diagonal(metres, 0.0)
    return np.array(part["DEMAND_SECTION"]), sp.csr_matrix(metres <= radius_m)


def main() -> None:
    """Solve the sets asked for and print a row each."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("sets", nargs="*", default=SETS, help=f"of {', '.join(SETS)}")
    ask.add_argument("--time-limit", type=float, default=120.0, help="seconds a problem")
    ask.add_argument("--only", default="", help="cities whose name holds this, e.g. NewYork_80")
    asked = ask.parse_args()
    if not os.environ.get("PANHUO_DATA"):
        sys.exit("PANHUO_DATA must name the folder of the public data sets")
    data, limit = Path(os.environ["PANHUO_DATA"]), asked.time_limit
    solve = {
        "pmed": lambda: medians(data, limit),
        "cap": lambda: warehouses(data, limit),
        "scp": lambda: set_covers(data, limit),
        "spopt": lambda: stores(data, limit),
        "cities": lambda: cities(data, limit, asked.only),
    }
    print("| set | published | ours | bound | gap | seconds | | proven |\n|---|---|---|---|---|---|---|---|")
    for name in asked.sets:
        for row in solve[name]():
            said = row.result
            ours = "–" if said.objective is None else f"{said.objective:,.3f}"
            gap = "–" if said.gap is None else f"{100 * said.gap:.3f} %"
            proven = "yes" if said.status == "optimal" else said.status
            print(f"| {row.name} | {row.published:,.3f} | {ours} | {said.bound:,.3f} | {gap} | {said.seconds:.1f} "
                  f"| {row.word} | {proven} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
