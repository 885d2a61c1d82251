"""Make a whole municipality on disk, as files a planner could have; everything in it is made up.

By default 500,000 demand points, 20,000 rooms, a network of some 600,000 edges in 190,000 lines, heights, and three
walking profiles. The same seed gives the same municipality.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.transform import from_origin

Floats = NDArray[np.float64]

CRS = "EPSG:4544"
EAST, NORTH = 520_000.0, 3_240_000.0
BLOCK_M = 85.0
CELL_M = 30.0
LONGEST = 9
"""Blocks of the longest line."""

SETTINGS = """title = "A made-up municipality"
metric_crs = "EPSG:4544"

[access]
method = "network"

[modes.convert]
area_ratio = 0.9

[tables.demand]
crs = "EPSG:4544"

[tables.sites]
crs = "EPSG:4544"

[tables.network]
crs = "EPSG:4544"

[tables.elevation]
crs = "EPSG:4544"
"""

TABLES = {
    "profiles": (
        "profile,speed_km_h,climbs_stairs,max_grade,groups\n"
        "adult,4.5,yes,,adult\nsenior,3.2,yes,,senior\nstep_free,2.8,no,0.0833,step_free\n"
    ),
    "services": (
        "service,class,measure,standard_min,min_area_m2,area_m2\n"
        "canteen,basic,minutes,15,80,110\nclinic,basic,minutes,15,100,120\n"
    ),
    "costs": "service,mode,item,capital_cny_per_m2\n,convert,fit_out,1200\n",
    "funds": "fund,party,cap_cny\ndistrict,government,100000000\n",
    "eligibility": "fund\ndistrict\n",
}


@dataclass(frozen=True)
class Size:
    """How large it is: demand points, rooms, and nodes along each side of the square of streets."""

    points: int = 500_000
    sites: int = 20_000
    side: int = 560


def crossings(side: int, draw: np.random.Generator) -> Floats:
    """Place the crossings, (side, side, 2) [m]: a grid, shaken and bent."""
    i, j = np.meshgrid(np.arange(side), np.arange(side))
    shaken = np.stack([i, j], axis=-1) * BLOCK_M + draw.uniform(-0.2, 0.2, (side, side, 2)) * BLOCK_M
    bend = 220 * np.sin(shaken[..., ::-1] / 2600)
    return np.round(shaken + bend + [EAST, NORTH], 3)


def height(xy: Floats) -> Floats:
    """Height of the ground [m]: hills of three sizes over a plain that rises to the north."""
    x, y = (xy - [EAST, NORTH]).T / 1000
    hills = 60 * np.sin(x / 1.9) * np.cos(y / 2.3) + 16 * np.sin(x * 2.1 + y) + 5 * np.cos(3.7 * y - 2 * x)
    return 260 + 2.5 * y + hills


def network(side: int, draw: np.random.Generator) -> gpd.GeoDataFrame:
    """Cut rows and columns of the grid into lines of one to nine blocks; leave one in thirty out."""
    at = crossings(side, draw)
    shapes, kinds = [], []
    for way in (at, at.transpose(1, 0, 2)):
        # every row of crossings falls into lines at random places; lines share their end crossings
        cut = draw.random((side, side)) < 2 / LONGEST
        cut[:, 0] = cut[:, -1] = True
        cut |= np.arange(side) % LONGEST == 0
        row, column = np.nonzero(cut)
        same = np.flatnonzero(row[1:] == row[:-1])
        first, last = row[same] * side + column[same], row[same] * side + column[same + 1]
        count = last - first + 1
        vertex = np.repeat(first - np.r_[0, np.cumsum(count)[:-1]], count) + np.arange(count.sum())
        line = np.repeat(np.arange(len(first)), count)
        shapes.append(shapely.linestrings(way.reshape(-1, 2)[vertex], indices=line))
        kinds.append(np.where(row[same] % 12 == 0, "secondary", "residential"))
    shape, kind = np.concatenate(shapes), np.concatenate(kinds)
    minor = kind == "residential"
    kind[minor & (draw.random(len(kind)) < 0.10)] = "footway"
    kind[minor & (draw.random(len(kind)) < 0.04)] = "steps"
    kept = ~minor | (draw.random(len(kind)) > 1 / 30)
    return gpd.GeoDataFrame({"kind": kind[kept]}, geometry=shape[kept], crs=CRS)


def places(side: int, count: int, draw: np.random.Generator) -> Floats:
    """Draw positions, (count, 2) [m]: half of them all over, half about forty town centres."""
    wide = (side - 1) * BLOCK_M
    towns = draw.uniform(0.1, 0.9, (40, 2)) * wide
    near = towns[draw.integers(len(towns), size=count)] + draw.normal(0, 2500, (count, 2))
    anywhere = draw.uniform(0, wide, (count, 2))
    xy = np.where(draw.random((count, 1)) < 0.5, near, anywhere)
    return np.round(np.clip(xy, 0, wide) + np.array([EAST, NORTH]), 1)


def relief(side: int, path: Path) -> None:
    """Write the heights of the ground and of a kilometre around it."""
    cells = int(((side - 1) * BLOCK_M + 2000) / CELL_M) + 1
    top = NORTH - 1000 + cells * CELL_M
    x = EAST - 1000 + CELL_M * (np.arange(cells) + 0.5)
    y = top - CELL_M * (np.arange(cells) + 0.5)
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    values = np.round(height(grid), 1).astype(np.float32).reshape(cells, cells)
    profile = {"driver": "GTiff", "width": cells, "height": cells, "count": 1, "dtype": "float32", "crs": CRS}
    with rasterio.open(path, "w", **profile, transform=from_origin(EAST - 1000, top, CELL_M, CELL_M)) as file:
        file.write(values, 1)


def write(folder: Path, size: Size = Size(), seed: int = 20260401) -> None:
    """Write the municipality into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    draw = np.random.default_rng(seed)
    lines = network(size.side, draw)
    pyogrio.write_dataframe(lines, folder / "network.gpkg", layer="network", driver="GPKG")
    relief(size.side, folder / "elevation.tif")
    people = places(size.side, size.points, draw)
    table = pd.DataFrame({"id": np.arange(size.points), "x": people[:, 0], "y": people[:, 1], "circle": "all"})
    for group, most in {"adult": 60, "senior": 25, "step_free": 4}.items():
        table[f"people_{group}"] = draw.integers(0, most, size.points)
    table.to_csv(folder / "demand.csv", index=False)
    rooms = places(size.side, size.sites, draw)
    name = [f"S{n}" for n in range(size.sites)]
    pd.DataFrame({"id": name, "x": rooms[:, 0], "y": rooms[:, 1], "area_m2": 150}).to_csv(
        folder / "sites.csv", index=False
    )
    for key, text in TABLES.items():
        (folder / f"{key}.csv").write_text(text, encoding="utf-8")
    (folder / "instance.toml").write_text(SETTINGS, encoding="utf-8")


def main() -> None:
    """Write it where asked."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("folder", type=Path)
    ask.add_argument("--points", type=int, default=Size.points)
    ask.add_argument("--sites", type=int, default=Size.sites)
    ask.add_argument("--side", type=int, default=Size.side, help="nodes along each side of the square of streets")
    ask.add_argument("--seed", type=int, default=20260401)
    asked = ask.parse_args()
    start = time.perf_counter()
    write(asked.folder, Size(asked.points, asked.sites, asked.side), asked.seed)
    print(f"{asked.folder}: written in {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
