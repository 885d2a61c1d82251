"""The idle assets: every column of a real inventory, filled with plausible made-up values."""

from __future__ import annotations

import numpy as np
import pandas as pd

from making.draw import Draw
from making.ground import Ground

SITES = 440
URBAN = 264
MEAN_AREA_M2 = 155.0
BIG = "龙滩子闲置厂房"

FORMER = {"商铺": 16, "办公用房": 16, "活动室": 10, "仓库": 9, "厂房": 6, "卫生室": 6, "食堂": 6, "幼儿园": 4,
          "供销社门市": 5, "车库": 4}  # fmt: skip
FORMER_VILLAGE = {
    "村小学": 14,
    "村委会旧办公室": 16,
    "供销社门市": 8,
    "卫生室": 8,
    "活动室": 8,
    "仓库": 8,
    "粮站": 6,
    "食堂": 3,
}
OWNER = {"administrative": "{town}人民政府（办事处）", "state": "区属国有企业（示例）", "collective": "{unit}集体经济组织",
         "community": "{unit}居民（村民）委员会", "private": "业主{number}（示例）"}  # fmt: skip
OWNERSHIP = {"administrative": 20, "state": 24, "collective": 14, "community": 30, "private": 12}
OWNERSHIP_VILLAGE = {"administrative": 16, "state": 12, "collective": 44, "community": 22, "private": 6}
RENT_CNY_PER_M2 = {"old_town": 260, "new_estate": 300, "fringe": 180}
"""Market rent of a ground-floor room in a community [E]; elsewhere the rent that instance.toml states."""

ZONES = {"500111001": "renewal_longgang", "500111002": "renewal_tangxiang", "500111004": "renewal_shuanglu",
         "500111100": "renewal_longshui", "500111111": "renewal_wangu"}  # fmt: skip
STATUS = (
    ("required", "社区配套", "区民政局", "已列入2026年为民办实事清单"),
    ("required", "社区配套", "街道办事处", "居民协商会议一致提出"),
    ("required", "集体", "镇人民政府", "集体经济组织已承诺免费提供"),
    ("excluded", "国企", "区国资部门", "已挂牌出让"),
    ("excluded", "行政事业", "区机关事务管理中心", "拟收回自用"),
    ("excluded", "私有", "产权人", "不愿出租"),
    ("excluded", "集体", "村民代表会议", "拟用于集体分红物业"),
)
KEY = {"社区配套": "community", "集体": "collective", "国企": "state", "行政事业": "administrative", "私有": "private"}


def _pick(draw: Draw, weights: dict[str, int]) -> str:
    return draw.one(list(weights), list(weights.values()))


def _where(units: pd.DataFrame, bare: set[str], draw: Draw) -> list[str]:
    """Choose the unit of every site: communities by people, villages evenly, each bare village at least once."""
    communities = units[units["kind"] == "community"]
    villages = units[units["kind"] == "village"]["unit"].tolist()
    urban = [draw.one(communities["unit"].tolist(), communities["people"].tolist()) for _ in range(URBAN)]
    others = [v for v in villages if v not in bare]
    return sorted(urban + sorted(bare) + draw.some(others, SITES - URBAN - len(bare)))


def _building(urban: bool, old: bool, draw: Draw) -> dict[str, object]:
    """Describe the building a room lies in."""
    storeys = draw.one([1, 2, 3, 6, 7, 18], [6, 14, 16, 34, 18, 12]) if urban else draw.one([1, 2, 3], [50, 40, 10])
    year = draw.whole(1978, 1999) if old or (not urban and draw.happens(0.6)) else draw.whole(1996, 2019)
    if storeys == 18:
        year = draw.whole(2006, 2019)
    floor = 1 if storeys == 1 or draw.happens(0.66) else draw.whole(2, min(storeys, 4))
    if urban and storeys > 3 and draw.happens(0.08):
        floor = -1
    lift = (
        "stretcher" if storeys == 18 and draw.happens(0.6) else "passenger" if storeys >= 7 and year > 2000 else "none"
    )
    if lift == "none" and urban and floor > 1 and draw.happens(0.08):
        lift = "stretcher"
    if lift == "none" and floor == 1:
        lift = ""  # a ground-floor room needs none, and the inventory does not say
    fire = 3 if not urban and draw.happens(0.35) else 2 if storeys < 18 else 1
    if year < 1985 and draw.happens(0.15):
        fire = 4
    return {
        "floor": floor, "floors_total": storeys, "year_built": year, "lift": lift, "fire_class": fire,
        "storey_height_m": f"{draw.between(2.8, 4.2):.1f}",
        "structure": "砖木" if fire == 4 else "砖混" if storeys <= 7 and year < 2005 else "框架",
    }  # fmt: skip


def _room(unit: pd.Series, town: str, number: int, draw: Draw) -> dict[str, object]:
    """Describe one room in a unit, without its place and area."""
    urban = unit["kind"] == "community"
    row = _building(urban, unit["type"] == "old_town", draw)
    floor, storeys, year = int(str(row["floor"])), int(str(row["floors_total"])), int(str(row["year_built"]))
    former = "车库" if floor < 0 else _pick(draw, FORMER if urban else FORMER_VILLAGE)
    ownership = _pick(draw, OWNERSHIP if urban else OWNERSHIP_VILLAGE)
    worn = draw.happens(0.3 if year < 1990 else 0.06)
    grade = "D" if draw.happens(0.03) else "C" if worn else draw.one(["A", "B", ""], [45, 45, 10])
    leased, idle = draw.happens(0.08), draw.whole(2012, 2025)
    end = f"{draw.whole(2026, 2031)}-{draw.whole(1, 12):02d}-{draw.whole(1, 28):02d}" if leased else ""
    dwellings = draw.happens(0.50 if urban else 0.12)
    block = urban and storeys > 3 and dwellings and floor != -1 and draw.happens(0.25)
    outdoor = draw.whole(120, 700) if draw.happens(0.22 if urban else 0.4) else 0
    near = draw.one(["", "market", "school", "waste_station", "market;school"], [74, 10, 9, 5, 2])
    zone = ZONES.get(unit["town_code"], "") if urban and unit["type"] == "old_town" else ""
    if urban and not zone and year < 2001 and draw.happens(0.6):
        zone = "old_estate"
    return row | {
        "id": f"DZ-{number:04d}",
        "name": f"{unit['name']}原{former}{number:03d}",
        "address": f"大足区{town}{unit['name']}（示例{number}号）",
        "circle": unit["circle"], "unit": unit["unit"],
        "owner": OWNER[ownership].format(town=town, unit=unit["name"], number=number),
        "ownership": ownership,
        "title_no": f"渝（示例）大足区不动产权第{number:07d}号" if draw.happens(0.7) else "",
        "former_use": former,
        "planned_use": draw.one(["公共服务", "商业", "居住", "工业", ""], [30, 20, 15, 8, 27]),
        "idle_since": f"{idle}-{draw.whole(1, 12):02d}-01",
        "condition": draw.one(["毛坯", "简装", "完好空置", "部分渗漏", "门窗破损", "部分使用"], [18, 26, 26, 12, 10, 8]),
        "lease_until": end,
        "rent_cny_per_year": draw.whole(6, 60) * 1000 if leased else "",
        "market_rent_cny_per_m2": RENT_CNY_PER_M2.get(unit["type"], "") if floor == 1 else "",
        "encumbered": "yes" if draw.happens(0.03) else "no",
        "safety_grade": grade,
        "exits": draw.one([1, 2, 3], [40, 50, 10]),
        "fire_accepted": draw.one(["yes", "no", ""], [40, 35, 25]),
        "step_free": draw.one(["yes", "no", ""], [35, 50, 15]) if floor == 1 else "no",
        "utilities": draw.one(["水电", "水电气", "电", ""], [50, 30, 10, 10]),
        "flue": "yes" if former == "食堂" else draw.one(["yes", "no", ""], [24, 52, 24]),
        "residential_block": "yes" if block else "no",
        "adjoins_dwellings": "yes" if block or dwellings else "no",
        "beside": near,
        "ambulance_access": draw.one(["yes", "no", ""], [70, 15, 15]),
        "outdoor_m2": outdoor,
        "parking": draw.whole(0, 12) if draw.happens(0.5) else "",
        "available_from": end or ("2026-10-01" if draw.happens(0.1) else ""),
        "zone": zone,
        "intended_use": draw.one(["", "养老服务", "社区服务", "出租", "文化体育"], [55, 15, 15, 10, 5]),
        "owner_consents_rebuild": "yes" if storeys <= 3 and year < 1995 and draw.happens(0.25) else "no",
        "status": "candidate", "status_by": "", "status_reason": "",
    }  # fmt: skip


def _areas(sites: pd.DataFrame, draw: Draw) -> pd.DataFrame:
    """Give every room its area: many small ones, a few large, 155 m² on average; one is a fact (2,400 m²)."""
    raw = np.array([30 * (1 / (1 - 0.985 * draw.between(0, 1))) ** 0.80 for _ in range(len(sites) - 1)])
    raw = np.minimum(raw, 1200)
    target = (MEAN_AREA_M2 * len(sites) - 2400) / (len(sites) - 1)
    usable = np.round(raw * target / raw.mean()).astype(int)
    out = sites.copy()
    big = out["name"].str.startswith(BIG).to_numpy()
    out["area_m2"] = 2400
    out.loc[~big, "area_m2"] = usable
    out["floor_area_m2"] = [round(a * draw.between(1.05, 1.30)) for a in out["area_m2"]]
    out["book_value_cny"] = [a * draw.whole(4, 22) * 100 for a in out["floor_area_m2"]]
    return out


def _landmark(row: dict[str, object]) -> dict[str, object]:
    """Turn a 龙滩子 room into the idle factory-pool building of the source: 2,400 m², 2 floors."""
    return row | {
        "name": BIG, "former_use": "厂房", "ownership": "state", "owner": OWNER["state"], "floor": 1,
        "floors_total": 2, "structure": "框架", "year_built": 1989, "lift": "", "fire_class": 2,
        "safety_grade": "B", "flue": "yes", "residential_block": "no", "adjoins_dwellings": "no", "beside": "",
        "lease_until": "", "rent_cny_per_year": "", "available_from": "", "encumbered": "no",
        "fire_accepted": "yes", "ambulance_access": "yes", "outdoor_m2": 600, "owner_consents_rebuild": "no",
    }  # fmt: skip


def _mark(sites: pd.DataFrame) -> pd.DataFrame:
    """Set the few required and excluded sites, each with who asked and why."""
    out = sites.copy()
    sound = (
        (out["safety_grade"].isin(["A", "B"])) & (out["floor"] == 1) & (out["encumbered"] == "no")
        & (out["lease_until"] == "") & (out["residential_block"] == "no") & out["area_m2"].between(90, 260)
        & (out["former_use"] != "活动室")
    )  # fmt: skip
    for n, (status, kind, who, why) in enumerate(STATUS):
        fit = out.index[sound & (out["ownership"] == KEY[kind]) & (out["status"] == "candidate")]
        out.loc[fit[(7 * n) % len(fit)], ["status", "status_by", "status_reason"]] = [status, who, why]
    return out


def sites(ground: Ground, units: pd.DataFrame, points: pd.DataFrame, bare: set[str], draw: Draw) -> pd.DataFrame:
    """Write the sites table, with the flat position (east, north [m]) in two further columns.

    Parameters
    ----------
    ground : Ground
        The frame.
    units : DataFrame
        As placed.
    points : DataFrame
        The demand points: every room lies beside one.
    bare : set of str
        Villages without a mutual-aid point: each has a room.
    draw : Draw
        The draws.
    """
    town = ground.towns.set_index("town_code")["town"]
    by_unit = units.set_index("unit", drop=False)
    near = {u: p[["east", "north"]].to_numpy() for u, p in points.groupby("unit", sort=True)}
    where = _where(units, bare, draw)
    landmark = next(i for i, u in enumerate(where) if town[u[:9]] == "龙滩子街道")
    rows = []
    for number, unit in enumerate(where, start=1):
        at = near[unit][draw.whole(0, len(near[unit]) - 1)]
        shift = draw.offset(90)
        row = _room(by_unit.loc[unit], town[unit[:9]], number, draw)
        if number - 1 == landmark:
            row = _landmark(row)
        rows.append(row | {"east": at[0] + shift[0], "north": at[1] + shift[1]})
    table = _mark(_areas(pd.DataFrame(rows), draw))
    lonlat = ground.degrees(table[["east", "north"]].to_numpy())
    return table.assign(x=lonlat[:, 0], y=lonlat[:, 1])
