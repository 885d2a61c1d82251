"""Who lives where: units, circles and demand points, adding up to the census to the person."""

from __future__ import annotations

import numpy as np
import pandas as pd

from making.draw import Draw, Floats, apportion
from making.ground import Ground, community_centres, village_centres

GROWING = {"棠香街道": 0.27, "龙岗街道": 0.22, "龙水镇": 0.21, "双路街道": 0.11, "智凤街道": 0.11, "万古镇": 0.08}
"""Share of the growth since 2010 that went to these towns, after 10 % went to all by size [E]."""

URBAN = {"龙岗街道": 0.94, "棠香街道": 0.94, "龙水镇": 0.72, "智凤街道": 0.76, "万古镇": 0.60, "邮亭镇": 0.32}
"""Share of a town's people in its communities [E]; elsewhere by the number of communities."""

VILLAGE_SHARE = {
    "0_2": 0.36, "3_9": 0.37, "10_14": 0.40, "60_64": 0.47, "65_69": 0.52, "70_79": 0.54, "80_up": 0.54,
}  # fmt: skip
"""Share of a group that lives in villages [E]; 15_59 takes what the rural total leaves."""

OLD = ("60_64", "65_69", "70_79", "80_up")
SPACING_M = {"old_town": 105.0, "new_estate": 135.0, "fringe": 175.0}
PER_POINT = 285.0
YOUNG = {"old_town": 0.85, "new_estate": 1.30, "fringe": 1.0}
AGED = {"old_town": 1.25, "new_estate": 0.75, "fringe": 1.0}


def groups_of(census: dict[str, int], ages: dict[str, float]) -> dict[str, int]:
    """Split the census into the groups of the demand table; every total of the bulletin holds.

    Only the cut at age 3 is an estimate: age 0 and half of ages 1–4 by the tabulation's shares.
    """
    under_3 = round(census["total"] * (ages["0"] + ages["1_4"] / 2))
    sixty_five = census["65_up"] - census["70_79"] - census["80_up"]
    return {
        "0_2": under_3,
        "3_9": census["0_9"] - under_3,
        "10_14": census["0_14"] - census["0_9"],
        "15_59": census["total"] - census["0_14"] - census["60_up"],
        "60_64": census["60_69"] - sixty_five,
        "65_69": sixty_five,
        "70_79": census["70_79"],
        "80_up": census["80_up"],
    }


def by_residence(groups: dict[str, int], rural: int) -> dict[tuple[str, str], int]:
    """Split each group into (community, village) residents; villages sum to the rural total."""
    village = {g: round(share * groups[g]) for g, share in VILLAGE_SHARE.items()}
    village["15_59"] = rural - sum(village.values())
    table = {}
    for g, people in groups.items():
        table["community", g], table["village", g] = people - village[g], village[g]
    return table


def town_people(towns: pd.DataFrame, units: pd.DataFrame, census: dict[str, int]) -> pd.DataFrame:
    """Estimate each town's people in communities and in villages: columns community and village [persons]."""
    base = towns["people_2010"].to_numpy(float)
    growth = census["total"] - base.sum()
    fast = np.array([GROWING.get(t, 0.0) for t in towns["town"]])
    total = base + growth * (0.1 * base / base.sum() + 0.9 * fast)
    kinds = units.groupby(["town_code", "kind"]).size().unstack(fill_value=0).loc[towns["town_code"]]
    few = 0.16 + 0.045 * kinds["community"].to_numpy(float)
    urban = np.array([URBAN.get(t, f) for t, f in zip(towns["town"], few, strict=True)])
    village = np.where(kinds["village"] == 0, 0.0, total * (1 - urban))
    village *= census["rural"] / village.sum()
    return pd.DataFrame({"community": total - village, "village": village}, index=towns["town_code"])


def place_units(ground: Ground, units: pd.DataFrame, people: pd.DataFrame, draw: Draw) -> pd.DataFrame:
    """Give every unit its people, circle, type, number of points, centre and radius."""
    rows = []
    for t, town in enumerate(ground.towns.itertuples()):
        own = units[units["town_code"] == town.town_code]
        urban = own[own["kind"] == "community"].reset_index(drop=True)
        rural = own[own["kind"] == "village"].reset_index(drop=True)
        circles = max(1, round(len(urban) / 3))
        # Within a town, circles run outward: the old town at the seat, new estates next, the fringe last.
        types = ["old_town", "new_estate", "fringe", "new_estate", "fringe"]
        share = np.array([draw.between(0.7, 1.4) for _ in range(len(urban))])
        size = people.loc[town.town_code, "community"] * share / share.sum()
        points = np.clip(np.round(size / PER_POINT), 5, 60).astype(int)
        at = np.arange(len(urban)) * circles // max(1, len(urban))
        kind = [types[c] for c in at]
        radii = np.array([SPACING_M[k] * np.sqrt(n / np.pi) for k, n in zip(kind, points, strict=True)])
        centres = community_centres(ground, t, radii)
        for i, unit in urban.iterrows():
            rows.append(
                [unit["unit"], f"{town.town_code}-{at[i] + 1}", kind[i], size[i], points[i], *centres[i], radii[i]]
            )
        if len(rural):
            core = float(np.hypot(*(centres - ground.seats[t]).T).max() + radii.max() + 500)
            middles = village_centres(ground, t, len(rural), core, draw)
            share = np.array([draw.between(0.6, 1.5) for _ in range(len(rural))])
            size = people.loc[town.town_code, "village"] * share / share.sum()
            parts = max(1, round(len(rural) / 8))
            turn = np.argsort(np.argsort(np.arctan2(*(middles - ground.seats[t]).T), kind="stable"), kind="stable")
            for i, unit in rural.iterrows():
                circle = f"{town.town_code}-V{turn[i] * parts // len(rural) + 1}"
                points_here = int(np.clip(round(size[i] / 200), 5, 12))
                rows.append([unit["unit"], circle, "village", size[i], points_here, *middles[i], 850.0])
    columns = ["unit", "circle", "type", "people", "points", "east", "north", "radius"]
    return units.merge(pd.DataFrame(rows, columns=columns), on="unit", validate="1:1")


def circles(units: pd.DataFrame, towns: pd.DataFrame) -> pd.DataFrame:
    """Name the circles: circle, name, type."""
    names = towns.set_index("town_code")["town"]
    rows = units.drop_duplicates("circle").sort_values("circle", kind="stable")
    word = {"old_town": "老城生活圈", "new_estate": "新区生活圈", "fringe": "城郊生活圈", "village": "乡村生活圈"}
    name = [f"{names[r.town_code]}{word[r.type]}{r.circle.split('-')[1].removeprefix('V')}" for r in rows.itertuples()]
    return pd.DataFrame({"circle": rows["circle"], "name": name, "type": rows["type"]}).reset_index(drop=True)


def _points(units: pd.DataFrame, draw: Draw) -> pd.DataFrame:
    """Scatter the points of every unit: a jittered sunflower in communities, hamlets in villages."""
    rows = []
    for u in units.itertuples():
        for k in range(u.points):
            if u.kind == "community":
                r, a = u.radius * np.sqrt((k + 0.5) / u.points), k * 2.399963229728653
                shift = draw.offset(0.3 * SPACING_M[u.type])
                east, north = r * np.cos(a) + shift[0], r * np.sin(a) + shift[1]
            else:
                # The first hamlet is the village seat; it is larger than the others.
                east, north = draw.offset(120.0 if k == 0 else u.radius)
            weight = u.people / u.points * draw.between(0.6, 1.4) * (1.8 if u.kind == "village" and k == 0 else 1)
            rows.append([u.unit, k + 1, u.east + east, u.north + north, weight])
    return pd.DataFrame(rows, columns=["unit", "number", "east", "north", "weight"])


def demand(ground: Ground, units: pd.DataFrame, table: dict[tuple[str, str], int], draw: Draw) -> pd.DataFrame:
    """Write the demand table, with the flat position (east, north [m]) in two further columns."""
    points = _points(units, draw).merge(units[["unit", "name", "kind", "type", "circle"]], on="unit", validate="m:1")
    lonlat = ground.degrees(points[["east", "north"]].to_numpy())
    out = pd.DataFrame({
        "id": points["unit"] + "-" + points["number"].map("{:02d}".format),
        "name": points["name"] + points["number"].map("{}号点".format),
        "x": lonlat[:, 0], "y": lonlat[:, 1],
        "circle": points["circle"], "unit": points["unit"],
    })  # fmt: skip
    groups = list(dict.fromkeys(g for _, g in table))
    columns = {f"people_{g}": np.zeros(len(points), dtype=np.int64) for g in groups}
    columns |= {f"people_village_{g}": np.zeros(len(points), dtype=np.int64) for g in OLD}
    for (kind, group), people in table.items():
        here = (points["kind"] == kind).to_numpy()
        lean = AGED if group in OLD else YOUNG if group in ("0_2", "3_9", "10_14") else {}
        weight: Floats = (
            points["weight"].to_numpy() * points["type"].map(lambda t, lean=lean: lean.get(t, 1.0)).to_numpy()
        )
        weight = weight * np.array([draw.between(0.85, 1.15) for _ in range(len(points))])
        name = f"people_village_{group}" if kind == "village" and group in OLD else f"people_{group}"
        columns[name][here] = apportion(people, weight[here])
    return out.assign(**columns, east=points["east"], north=points["north"])
