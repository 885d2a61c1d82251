"""Who lives in the quarter, which rooms stand idle there, and what is open already."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from laying.ground import EAST, NORTH, Floats, river
from laying.streets import BRIDGES, COLUMNS

POINTS = 240
CIRCLES = {
    "north_west": ("Old town 老城", "old_town"),
    "north_east": ("Knoll 小山", "new_estate"),
    "south_west": ("Foot of the hill 山脚", "old_town"),
    "south_east": ("Upper hill 山上", "fringe"),
}
MIDDLE = (COLUMNS[BRIDGES[0]] + COLUMNS[BRIDGES[1]]) / 2

ROOMS = (
    # former use in English and Chinese, along the river [m], off its middle [m], usable area [m²], flue, beside, ownership, safety grade
    ("Ferry office", "旧渡口管理房", 1480, 110, 190, "yes", "", "state", "B"),
    ("Ferry warehouse", "渡口仓库", 1560, -105, 240, "yes", "", "state", "B"),
    ("Grain shop", "原粮店", 1180, 205, 160, "yes", "market", "state", "B"),
    ("Post office", "原邮电所", 1900, 205, 170, "no", "", "state", "A"),
    ("Printing works", "原印刷厂", 900, 335, 230, "yes", "", "state", "C"),
    ("Old school", "原小学", 620, 465, 260, "yes", "", "administrative", "B"),
    ("Teahouse", "原茶馆", 1420, 470, 130, "yes", "", "collective", "B"),
    ("Knoll club", "小山活动室", 2230, 600, 150, "no", "", "community", "B"),
    ("Estate office", "新村办公室", 2480, 340, 140, "no", "", "community", "A"),
    ("Weavers' canteen", "原织造厂食堂", 2150, -205, 210, "yes", "", "state", "B"),
    ("Tannery", "原制革厂", 2650, -330, 250, "yes", "waste_station", "state", "D"),
    ("Hill school", "山上小学", 1900, -465, 240, "yes", "", "administrative", "B"),
    ("Hill shop", "山上商店", 2220, -590, 120, "yes", "", "collective", "B"),
    ("Foot shop", "山脚商铺", 1150, -205, 150, "yes", "", "collective", "B"),
    ("Temple hall", "旧会馆", 800, -460, 180, "yes", "", "community", "B"),
    ("Pump house", "旧水泵房", 1100, -595, 130, "no", "", "state", "B"),
    ("Gate house", "旧门房", 420, -205, 90, "yes", "", "collective", "B"),
    ("Bus garage", "旧公交车库", 330, 200, 280, "yes", "", "state", "B"),
)

OPEN = (
    # service, name in English and Chinese, along the river, off its middle, capacity is not counted
    ("canteen", "Old town canteen", "老城食堂", 520, 330),
    ("clinic", "West gate clinic", "西门卫生站", 260, 210),
    ("clinic", "East gate clinic", "东门卫生站", 2780, 200),
)


def circle(xy: Floats) -> list[str]:
    """Name the circle of each position: by bank and half."""
    x, north = xy[:, 0] - EAST, xy[:, 1] - NORTH > river(xy[:, 0] - EAST)
    return [f"{'north' if n else 'south'}_{'west' if a < MIDDLE else 'east'}" for a, n in zip(x, north, strict=True)]


def demand(lines: gpd.GeoDataFrame, seed: int) -> pd.DataFrame:
    """Draw demand points beside the streets people live in; more of them towards the middle of the quarter."""
    draw = np.random.default_rng(seed)
    streets = lines[lines["kind"].isin(["residential", "secondary"])]
    length = streets.length.to_numpy()
    xy = np.empty((0, 2))
    while len(xy) < POINTS:
        line = streets.geometry.iloc[int(draw.choice(len(streets), p=length / length.sum()))]
        at = float(draw.uniform(10, line.length - 10))
        here, ahead = (np.array(line.interpolate(a).coords[0]) for a in (at, at + 1.0))
        side = np.array([[0.0, -1.0], [1.0, 0.0]]) @ (ahead - here) * draw.choice([-1.0, 1.0])
        home = here + side * draw.uniform(8, 28)
        near = np.hypot(*(xy - home).T).min() if len(xy) else np.inf
        middle = np.exp(-(((home[0] - EAST - MIDDLE) / 1100) ** 2))
        if near > 40 and draw.random() < 0.25 + 0.75 * middle:
            xy = np.vstack([xy, np.round(home, 1)])
    xy = xy[np.lexsort((xy[:, 1], xy[:, 0]))]
    people = draw.gamma(4.0, 28.0, POINTS)
    senior, tied = draw.uniform(0.16, 0.32, POINTS), draw.uniform(0.02, 0.06, POINTS)
    table = pd.DataFrame(
        {"id": [f"P{n:03d}" for n in range(1, POINTS + 1)], "x": xy[:, 0], "y": xy[:, 1], "circle": circle(xy)}
    )
    table["people_adult"] = np.round(people * (1 - senior - tied)).astype(int)
    table["people_senior"] = np.round(people * senior).astype(int)
    table["people_step_free"] = np.round(people * tied).astype(int)
    return table


def _at(x: float, off: float) -> tuple[float, float]:
    return round(EAST + x, 1), round(NORTH + float(river(x)) + off, 1)


def sites() -> pd.DataFrame:
    """Write out the idle rooms."""
    rows = []
    for number, (name, zh, along, off, area, flue, beside, ownership, grade) in enumerate(ROOMS, start=1):
        x, y = _at(along, off)
        rows.append({
            "id": f"H{number:02d}", "name": f"{name} {zh}", "x": x, "y": y, "circle": circle(np.array([[x, y]]))[0],
            "ownership": ownership, "floor_area_m2": round(area * 1.1), "area_m2": area, "floor": 1, "safety_grade": grade,
            "flue": flue, "beside": beside, "status": "candidate",
        })  # fmt: skip
    return pd.DataFrame(rows)


def existing() -> pd.DataFrame:
    """Write out what is open already."""
    rows = []
    for number, (service, name, zh, along, off) in enumerate(OPEN, start=1):
        x, y = _at(along, off)
        rows.append({"id": f"E{number}", "name": f"{name} {zh}", "service": service, "x": x, "y": y})
    return pd.DataFrame(rows)


def circles() -> pd.DataFrame:
    """Write out the life circles."""
    return pd.DataFrame([{"circle": key, "name": name, "type": kind} for key, (name, kind) in CIRCLES.items()])
