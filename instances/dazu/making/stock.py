"""What exists already: the counted stock exactly as counted, the rest plausible."""

from __future__ import annotations

import pandas as pd

from making.draw import Draw
from making.ground import Ground

CANTEENS = (
    "龙岗街道", "棠香街道", "龙滩子街道", "通桥街道", "智凤街道", "龙水镇", "万古镇", "邮亭镇", "三驱镇", "中敖镇",
    "珠溪镇", "宝顶镇", "石马镇",
)  # fmt: skip
"""Where the 13 canteens stand is synthetic; 双路街道 has none because the source names 养老助餐 as its shortfall."""

NO_VILLAGE_POINT = 2
PLAUSIBLE = {"clinic": (0.55, 0.50), "culture": (0.45, 0.10), "sport": (0.40, 0.06), "doorstep_retail": (0.80, 0.30),
             "childcare": (0.14, 0.0), "micro_fire": (0.65, 0.25), "job_post": (0.10, 0.0),
             "community_hub": (0.08, 0.0)}  # fmt: skip
"""Chance that a community, or a village, has the service already [E]."""

WORDS = {"canteen": "老年食堂", "elder_day_care": "社区养老服务站", "town_elder_centre": "养老服务中心",
         "village_mutual_aid": "互助养老点", "clinic": "卫生服务站", "culture": "文化活动室", "sport": "健身场地",
         "doorstep_retail": "便民商店", "childcare": "托育点", "micro_fire": "微型消防站", "job_post": "就业驿站",
         "community_hub": "社区综合服务站", "market": "菜市场"}  # fmt: skip


def _diners(name: str) -> int:
    """Say how many a canteen of today feeds every day [E]: 180 m² in a subdistrict, 120 m² in a town."""
    return 225 if "街道" in name else 150


def existing(ground: Ground, units: pd.DataFrame, counts: dict[str, int], draw: Draw) -> pd.DataFrame:
    """Write the existing facilities, with the flat position (east, north [m]) in two further columns.

    Parameters
    ----------
    ground : Ground
        The frame.
    units : DataFrame
        As placed.
    counts : dict
        Service → number counted (fact).
    draw : Draw
        The draws.
    """
    rows: list[tuple[str, str, str, float, float]] = []
    towns = ground.towns
    seat = units[units["kind"] == "community"].drop_duplicates("town_code").set_index("town_code")
    communities = units[units["kind"] == "community"]
    villages = units[units["kind"] == "village"]

    def add(service: str, unit: pd.Series, far: float, label: str = "") -> None:
        shift = draw.offset(far)
        name = (label or unit["name"]) + WORDS[service]
        rows.append((service, unit["unit"], name, unit["east"] + shift[0], unit["north"] + shift[1]))

    for town in towns.itertuples():
        unit = seat.loc[town.town_code].copy()
        unit["unit"] = seat.loc[town.town_code, "unit"]
        add("town_elder_centre", unit, 250, town.town)
        if town.town in CANTEENS:
            add("canteen", unit, 200, town.town)
        add("market", unit, 200, town.town)
    for i in draw.some(range(len(communities)), counts["elder_day_care"]):
        add("elder_day_care", communities.iloc[i], 120)
    without = set(draw.some(range(len(villages)), NO_VILLAGE_POINT))
    for i in range(len(villages)):
        if i not in without:
            add("village_mutual_aid", villages.iloc[i], 150)
    book_rooms = 0
    for service, (in_community, in_village) in PLAUSIBLE.items():
        for part, chance in ((communities, in_community), (villages, in_village)):
            for i in range(len(part)):
                if not draw.happens(chance):
                    continue
                is_book_room = service == "culture" and book_rooms < counts["culture"] and i % 9 == 0
                book_rooms += is_book_room
                add(service, part.iloc[i], 220)
                if is_book_room:
                    rows[-1] = (*rows[-1][:2], part.iloc[i]["name"] + "24小时书房", *rows[-1][3:])
    table = pd.DataFrame(rows, columns=["service", "unit", "name", "east", "north"])
    number = table.groupby("service").cumcount() + 1
    lonlat = ground.degrees(table[["east", "north"]].to_numpy())
    out = pd.DataFrame({
        "id": "E-" + table["service"] + "-" + number.map("{:03d}".format),
        "name": table["name"], "service": table["service"], "x": lonlat[:, 0], "y": lonlat[:, 1],
        "unit": table["unit"], "site_id": "",
        "capacity_persons": [_diners(name) if s == "canteen" else "" for s, name in zip(table["service"], table["name"], strict=True)],
    })  # fmt: skip
    short = {s: (int((out["service"] == s).sum()), n) for s, n in counts.items() if s != "culture"}
    if wrong := {s: n for s, n in short.items() if n[0] != n[1]}:
        raise ValueError(f"existing stock differs from the count: {wrong}")
    return out.assign(east=table["east"], north=table["north"])
