"""What ties rooms to services: existing facilities that stand in sites, and options worked out one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from making.rooms import BIG

SHARED = 14
"""So many existing facilities stand in a building that may be rebuilt; rebuilding it closes them."""

COLUMNS = (
    "site mode service allowed area_m2 months capacity_persons capital_cny_structure capital_cny_fire capital_cny_fume "
    "capital_cny_access capital_cny_fit_out capital_cny_equipment yearly_cny_staff yearly_cny_utilities source"
).split()


def put_in_sites(stock: pd.DataFrame, rooms: pd.DataFrame) -> pd.DataFrame:
    """Move the facilities nearest to rooms that may be rebuilt into those rooms: position and site_id."""
    out = stock.copy()
    may = rooms[(rooms["safety_grade"] == "D") | (rooms["owner_consents_rebuild"] == "yes")]
    for room in may.head(SHARED).itertuples():
        free = (out["site_id"] == "") & (out["unit"] == room.unit)
        away = np.hypot(out["east"] - room.east, out["north"] - room.north).where(free)
        if away.notna().any():
            out.loc[away.idxmin(), ["x", "y", "site_id"]] = [room.x, room.y, room.id]
    return out


def conversions(rooms: pd.DataFrame) -> pd.DataFrame:
    """Work out a dozen options one by one; all figures are estimates, the first after a real case.

    The source tells of 龙滩子's canteen: an idle factory-pool building run by a property firm.
    """
    big = rooms.loc[rooms["name"] == BIG, "id"].iloc[0]
    rows: list[dict[str, object]] = [{
        "site": big, "mode": "convert", "service": "canteen", "area_m2": 600, "months": 5, "capacity_persons": 400,
        "capital_cny_structure": 90000, "capital_cny_fire": 80000, "capital_cny_fume": 60000,
        "capital_cny_access": 110000, "capital_cny_fit_out": 420000, "capital_cny_equipment": 240000,
        "yearly_cny_staff": 280000, "yearly_cny_utilities": 60000,
        "source": "[E] 参照龙滩子实例：闲置厂房，物业企业运营，8元套餐 [F]",
    }, {
        "site": big, "mode": "convert", "service": "town_elder_centre", "area_m2": 1200, "months": 8,
        "capital_cny_structure": 260000, "capital_cny_fire": 240000, "capital_cny_access": 620000,
        "capital_cny_fit_out": 980000, "capital_cny_equipment": 360000,
        "yearly_cny_staff": 800000, "yearly_cny_utilities": 90000, "source": "[E] 二层设担架电梯",
    }]  # fmt: skip
    rows.append({"site": big, "mode": "convert", "service": "childcare", "allowed": "no", "source": "[E] 厂区环境不宜"})
    open_rooms = rooms[(rooms["status"] == "candidate") & (rooms["encumbered"] == "no") & (rooms["lease_until"] == "")]
    kitchens = open_rooms[(open_rooms["former_use"] == "食堂") & (open_rooms["area_m2"] >= 100)].head(5)
    for room in kitchens.itertuples():
        area = min(int(room.area_m2 * 0.9), 180)
        rows.append({
            "site": room.id, "mode": "convert", "service": "canteen", "area_m2": area, "months": 3,
            "capital_cny_fire": 90 * area, "capital_cny_access": 60 * area, "capital_cny_fit_out": 620 * area,
            "capital_cny_equipment": 380 * area, "yearly_cny_staff": 210000, "yearly_cny_utilities": 120 * area,
            "source": "[E] 原食堂，排烟可利旧",
        })  # fmt: skip
    clinics = open_rooms[(open_rooms["former_use"] == "卫生室") & (open_rooms["area_m2"] >= 150)].head(3)
    for room in clinics.itertuples():
        rows.append(
            {"site": room.id, "mode": "keep", "service": "clinic", "months": 1, "source": "[E] 原卫生室恢复开诊"}
        )
    markets = open_rooms[open_rooms["beside"] == "market"].head(2)
    for room in markets.itertuples():
        rows.append(
            {"site": room.id, "mode": "convert", "service": "childcare", "allowed": "no", "source": "[E] 噪声超标"}
        )
    table = pd.DataFrame(rows, columns=COLUMNS)
    numbers = [c for c in COLUMNS if c.startswith(("area", "months", "capacity", "capital", "yearly"))]
    return table.astype(dict.fromkeys(numbers, "Int64"))
