"""Small networks laid by hand or at random, under a district that is read as straight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from districts import district

from panhuo.instance import Instance
from panhuo.instance.maps import Network, Raster

Line = Mapping[str, Any]
"""``at`` (vertices), and where they are not the default: length_m, walk, stairs, span, drive (there, back)."""


def network(*lines: Line) -> Network:
    """Lay lines: ends at the same position are one node, vertices between are shapes only."""
    shapes = [np.asarray(line["at"], dtype=float) for line in lines]
    ends = np.array([shape[[0, -1]] for shape in shapes]).reshape(-1, 2)
    xy, node = np.unique(ends, axis=0, return_inverse=True)
    node = node.reshape(-1, 2)
    measured = [float(np.hypot(*np.diff(shape, axis=0).T).sum()) for shape in shapes]
    return Network(
        xy=xy,
        start=node[:, 0].astype(np.int64),
        end=node[:, 1].astype(np.int64),
        length_m=np.array([line.get("length_m", m) for line, m in zip(lines, measured, strict=True)], dtype=float),
        first=np.cumsum([0, *map(len, shapes)]),
        shape=np.concatenate(shapes),
        walk=np.array([line.get("walk", True) for line in lines]),
        stairs=np.array([line.get("stairs", False) for line in lines]),
        span=np.array([line.get("span", False) for line in lines]),
        drive_km_h=np.array([line.get("drive", (0.0, 0.0)) for line in lines], dtype=float).T,
        component=np.zeros(len(xy), dtype=np.int64),
        component_m=np.array([sum(measured)]),
        row=np.arange(len(lines)),
        file="network.gpkg",
    )


def slope(grade: float, cells: int = 12, size: float = 100.0) -> Raster:
    """Make ground that rises to the east; its lower left corner lies at -100, -100."""
    centres = (np.arange(cells) + 0.5) * size - 100
    values = np.tile(centres * grade, (cells, 1)).astype(np.float32)
    return Raster(values, (size, 0.0, -100.0, 0.0, -size, cells * size - 100), "local", "dem.tif")


def on_streets(
    folder: Path,
    streets: Network,
    toml: str = "",
    elevation: Raster | None = None,
    **tables: Sequence[Mapping[str, Any]],
) -> Instance:
    """Read a district and put a network under it, as reading one would."""
    bus = tables.pop("bus", ())
    given = {
        "services": [
            {"service": "hall", "class": "basic", "measure": "minutes", "standard_min": 15, "min_area_m2": 10}
        ],
        "costs": [{"item": "fit_out", "capital_cny_per_m2": 100}],
        **tables,
    }
    read = district(folder, f"{toml}\n[policy]\nbudget_cny = 1000000\n", **given)
    access = read.settings.access.model_copy(update={"method": "network"})
    instance = replace(
        read, network=streets, elevation=elevation, settings=read.settings.model_copy(update={"access": access})
    )
    if bus:
        rows = [{"both_ways": True, "stop": "", "ride_min": np.nan, "x_m": r["x"], "y_m": r["y"], **r} for r in bus]
        frame = read["bus"].iloc[:0].reindex(range(len(rows))).assign(**{c: [r[c] for r in rows] for c in rows[0]})
        instance = replace(instance, tables={**instance.tables, "bus": frame})
    return instance


def people(*at: tuple[float, float], groups: Sequence[str] = ("adult",)) -> list[dict[str, Any]]:
    """Ten people of each group at each position."""
    each = {f"people_{group}": 10 for group in groups}
    return [{"id": f"d{n}", "x": x, "y": y, "circle": "c", **each} for n, (x, y) in enumerate(at)]


def rooms(*at: tuple[float, float]) -> list[dict[str, Any]]:
    """A room at each position."""
    return [{"id": f"s{n}", "x": x, "y": y, "area_m2": 100} for n, (x, y) in enumerate(at)]


PROFILES: list[dict[str, Any]] = [
    {"profile": "adult", "speed_km_h": 4.5, "groups": "adult"},
    {"profile": "senior", "speed_km_h": 3.2, "stairs_factor": 0.4, "max_grade": 0.25, "groups": "senior"},
    {"profile": "wheels", "speed_km_h": 3.0, "climbs_stairs": "no", "max_grade": 0.12, "groups": "wheels"},
]


def tangle(folder: Path, seed: int, toml: str = "") -> Instance:
    """Streets at random on hilly ground: stairs, bridges, bends, wrong lengths, loops, edges side by side."""
    rng = np.random.default_rng(seed)
    at = {(a, b): np.round(np.add((150 * a, 150 * b), rng.uniform(-40, 40, 2)), 3) for a in range(6) for b in range(6)}
    lines: list[dict[str, Any]] = []
    for (a, b), here in at.items():
        for there in (at.get((a + 1, b)), at.get((a, b + 1)), at.get((a + 1, b + 1))):
            if there is None or rng.random() < 0.3:
                continue
            middle = [np.round((here + there) / 2 + rng.uniform(-30, 30, 2), 3)] * int(rng.integers(0, 2))
            line: dict[str, Any] = {"at": [here, *middle, there], "walk": bool(rng.random() < 0.95)}
            line |= {"stairs": bool(rng.random() < 0.15), "span": bool(rng.random() < 0.1)}
            if rng.random() < 0.2:
                line["length_m"] = float(np.hypot(*(there - here)) * rng.uniform(0.5, 2))
            lines.append(line)
    here = at[2, 2]
    lines.append({"at": [here, np.add(here, (60, 10)), np.add(here, (50, 70)), here]})
    cells = 40
    x, y = np.meshgrid(np.arange(cells), np.arange(cells))
    heights = 18 * np.sin(x / 4) * np.cos(y / 5) + rng.normal(0, 0.5, x.shape)
    heights[rng.random(x.shape) < 0.05] = np.nan
    elevation = Raster(heights.astype(np.float32), (30, 2, -150, 1, -30, 1000), "local", "dem.tif")
    groups = tuple(p["profile"] for p in PROFILES)
    spots = np.round(rng.uniform(-150, 900, (60, 2)), 3)
    return on_streets(
        folder, network(*lines), '[access]\nno_data = "flat"\nmax_snap_m = 90\n' + toml, elevation,
        demand=people(*spots[:40].tolist(), groups=groups), sites=rooms(*spots[40:].tolist()), profiles=PROFILES,
        services=[
            {"service": "hall", "class": "basic", "measure": "minutes", "standard_min": 8, "min_area_m2": 10},
            {"service": "club", "class": "basic", "measure": "metres", "standard_m": 600, "min_area_m2": 10},
        ],
    )  # fmt: skip
