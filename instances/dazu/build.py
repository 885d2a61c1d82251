"""Build the located tables of the Dazu instance from the fact tables beside this file; run it as a script.

The same files come out byte for byte on every run. Catalogue, rules, money and policy (services.csv, costs.csv,
instance.toml, …) are written by hand and not touched.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from making.draw import Draw  # noqa: E402
from making.ground import Ground  # noqa: E402
from making.people import by_residence, circles, demand, groups_of, place_units, town_people  # noqa: E402
from making.rooms import sites  # noqa: E402
from making.stock import existing  # noqa: E402
from making.works import conversions, put_in_sites  # noqa: E402

SEED = 20260115
SITE_COLUMNS = (
    "id name address x y circle unit owner ownership title_no floor_area_m2 area_m2 outdoor_m2 floor floors_total "
    "storey_height_m structure year_built former_use planned_use idle_since condition lease_until "
    "rent_cny_per_year market_rent_cny_per_m2 book_value_cny encumbered safety_grade fire_class exits fire_accepted lift step_free "
    "utilities flue residential_block adjoins_dwellings beside ambulance_access parking available_from zone "
    "intended_use owner_consents_rebuild status status_by status_reason"
).split()


def fact(name: str) -> pd.DataFrame:
    """Read one fact table; codes stay text."""
    return pd.read_csv(HERE / "facts" / name, dtype={"town_code": str, "unit": str, "age": str}, encoding="utf-8-sig")


def tables() -> dict[str, pd.DataFrame]:
    """Make every located table, in the columns and order they are written in."""
    towns, units = fact("towns.csv"), fact("units.csv")
    census = dict(fact("census2020.csv")[["figure", "people"]].itertuples(index=False))
    ages = dict(fact("census2020_ages.csv")[["age", "share"]].itertuples(index=False))
    counts = dict(fact("stock.csv")[["service", "count"]].itertuples(index=False))
    ground = Ground(towns)
    placed = place_units(ground, units, town_people(towns, units, census), Draw(SEED))
    people = by_residence(groups_of(census, ages), census["rural"])
    points = demand(ground, placed, people, Draw(SEED + 1))
    stock = existing(ground, placed, counts, Draw(SEED + 2))
    served = set(stock.loc[stock["service"] == "village_mutual_aid", "unit"])
    bare = set(placed.loc[placed["kind"] == "village", "unit"]) - served
    rooms = sites(ground, placed, points, bare, Draw(SEED + 3))
    stock = put_in_sites(stock, rooms)
    return {
        "demand": points.drop(columns=["east", "north"]),
        "circles": circles(placed, towns),
        "existing": stock.drop(columns=["east", "north"]),
        "sites": rooms[SITE_COLUMNS],
        "conversions": conversions(rooms),
    }


def write(folder: Path) -> None:
    """Write the tables as UTF-8 with a byte order mark and plain line ends."""
    for name, table in tables().items():
        text = table.to_csv(index=False, lineterminator="\n")
        (folder / f"{name}.csv").write_bytes(b"\xef\xbb\xbf" + text.encode("utf-8"))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
