"""Demand points out of buildings and counts: every unit's people are shared out by floor area."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, Polygon, box

from panhuo.instance import InstanceError, Settings
from panhuo.instance.findings import Findings
from panhuo.instance.inhabitants.housing import housed
from panhuo.instance.reading.parsing import typed
from panhuo.instance.reading.raw import Raw, Typed
from panhuo.instance.schema import TABLES

BUILDINGS = [
    ["id", "x", "y", "unit", "floor_area_m2", "lived_in"],
    ["b1", "105.7236", "29.7022", "u1", "100", ""],
    ["b2", "105.7276", "29.7022", "u1", "300", "yes"],
    ["b3", "105.7316", "29.7022", "u1", "900", "no"],
    ["", "105.7400", "29.7022", "u2", "50", ""],
]
COUNTS = [["unit", "circle", "people_adult", "people_senior"], ["u1", "west", "200", "10"], ["u2", "east", "7", "0"]]


@pytest.fixture
def built(homeless: Any) -> Any:
    """Four buildings in two units, one of them a workshop."""
    homeless.tables |= {"buildings": [row[:] for row in BUILDINGS], "counts": [row[:] for row in COUNTS]}
    homeless.crs["buildings"] = "EPSG:4490"
    return homeless


def test_every_lived_in_building_has_its_share(built: Any) -> None:
    instance = built.read()
    demand, buildings = instance["demand"], instance["buildings"]
    assert demand["id"].tolist() == ["b1", "b2", "5"]
    assert demand["people_adult"].tolist() == [50.0, 150.0, 7.0]
    assert demand["people_senior"].tolist() == [2.5, 7.5, 0.0]
    assert demand[["circle", "unit"]].to_numpy().tolist() == [["west", "u1"], ["west", "u1"], ["east", "u2"]]
    assert demand[["x_m", "y_m"]].equals(buildings[["x_m", "y_m"]].iloc[[0, 1, 3]].reset_index(drop=True))
    assert instance.groups == ("adult", "senior")
    assert instance["circles"]["circle"].tolist() == ["west", "east"]
    assert instance.warnings == ()


def test_outlines_times_floors(built: Any) -> None:
    east, north = 570000.0, 3287000.0
    outlines = [
        box(east, north, east + 10, north + 20),
        box(east + 50, north, east + 60, north + 10),
        Point(east, north),
    ]
    frame = gpd.GeoDataFrame(
        {"id": ["b1", "b2", "b3"], "unit": ["u1", "u1", "u1"], "floors": [None, 6, None],
         "floor_area_m2": [None, None, 200.0]},
        geometry=outlines, crs="EPSG:4544",
    )  # fmt: skip
    built.tables["counts"] = built.tables["counts"][:2]
    del built.tables["buildings"], built.crs["buildings"]
    frame.to_crs("EPSG:4490").to_file(built.path / "buildings.gpkg", engine="pyogrio")
    shares = built.read()["demand"]["people_adult"].to_numpy() / 200
    assert shares == pytest.approx([0.2, 0.6, 0.2], rel=1e-7)  # 200 m², 100 m² × 6, 200 m²


def test_an_outline_without_area_is_told(built: Any) -> None:
    east, north = 570000.0, 3287000.0
    flat = Polygon([(east, north), (east + 9, north), (east, north), (east, north)])
    frame = gpd.GeoDataFrame(
        {"id": ["b1", "b2", "b3", "b4"], "unit": ["u1"] * 4, "lived_in": ["yes", "yes", "yes", "no"],
         "floor_area_m2": [None, None, 50.0, None]},
        geometry=[box(east, north, east + 5, north + 10), flat, flat, flat], crs="EPSG:4544",
    )  # fmt: skip
    built.tables["counts"] = built.tables["counts"][:2]
    del built.tables["buildings"], built.crs["buildings"]
    frame.to_file(built.path / "buildings.gpkg", engine="pyogrio")
    instance = built.read()
    assert instance["demand"]["id"].tolist() == ["b1", "b3"]
    assert instance["demand"]["people_adult"].to_numpy() == pytest.approx([100, 100], rel=1e-3)
    assert [str(w) for w in instance.warnings] == [
        "buildings.gpkg row 2: outlines without area, whose buildings house nobody: 1; the first is this one. "
        "Draw them anew, or write the floor area or lived_in = no."
    ]


def test_floors_as_they_are_written(built: Any) -> None:
    east, north = 570000.0, 3287000.0
    written = ["3层", "3F", "三层", "十二层", "2", " 1.5 层", "二十一楼", ""]
    frame = gpd.GeoDataFrame(
        {"id": [f"b{i}" for i in range(8)], "unit": ["u1"] * 8, "层数": written},
        geometry=[box(east, north + 50 * i, east + 5, north + 50 * i + 10) for i in range(8)], crs="EPSG:4544",
    )  # fmt: skip
    built.tables["counts"] = built.tables["counts"][:2]
    del built.tables["buildings"], built.crs["buildings"]
    frame.to_file(built.path / "buildings.gpkg", engine="pyogrio")
    assert built.read()["buildings"]["floors"].tolist() == [3, 3, 3, 12, 2, 1.5, 21, 1]
    frame["层数"] = ["三四层", "3万", *written[2:]]
    (built.path / "buildings.gpkg").unlink()
    frame.to_file(built.path / "buildings.gpkg", engine="pyogrio")
    with pytest.raises(InstanceError) as caught:
        built.read()
    assert [str(f) for f in caught.value.faults] == [
        "buildings.gpkg row 1, 层数 = 三四层: must be a number. Write a plain number such as 1234.5.",
        "buildings.gpkg row 2, 层数 = 3万: the unit 万 does not fit a column in [floors]. Write the number in [floors].",
    ]


def test_a_word_among_numbers_of_geojson_is_a_fault_and_nothing_else(built: Any) -> None:
    """The floors of one building are a word: the file's driver must not talk of that beside the fault."""
    frame = gpd.GeoDataFrame(
        {"unit": ["u1", "u1"]}, geometry=[box(105.72, 29.70, 105.721, 29.701)] * 2, crs="EPSG:4326"
    )
    layer = json.loads(frame.to_json())
    for feature, floors in zip(layer["features"], [3, "many"], strict=True):
        feature["properties"]["floors"] = floors
    built.tables["counts"] = built.tables["counts"][:2]
    del built.tables["buildings"], built.crs["buildings"]
    (built.path / "buildings.geojson").write_text(json.dumps(layer), encoding="utf-8")
    with pytest.raises(InstanceError) as caught:
        built.read()
    assert [str(f) for f in caught.value.faults] == [
        "buildings.geojson row 2, floors = many: must be a number. Write a plain number such as 1234.5."
    ]


def _typed(name: str, rows: list[list[Any]]) -> Typed:
    frame = pd.DataFrame(rows[1:], columns=rows[0], dtype=object)
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    findings = Findings()
    table = typed(Raw(TABLES[name], f"{name}.csv", frame), findings)
    assert findings.faults == []
    return table


@given(
    st.lists(st.tuples(st.integers(0, 3), st.floats(0.01, 1e5)), min_size=4, max_size=60),
    st.lists(st.just(0.0) | st.floats(1e-9, 1e6), min_size=4, max_size=4),
)
def test_nobody_is_lost(areas: list[tuple[int, float]], people: list[float]) -> None:
    of = [*range(4), *(unit for unit, _ in areas[4:])]
    rows = [["x", "y", "unit", "floor_area_m2"]]
    rows += [[105.7, 29.7, f"u{unit}", area] for unit, (_, area) in zip(of, areas, strict=True)]
    counts = [["unit", "circle", "people_all"], *([f"u{u}", "c", n] for u, n in enumerate(people))]
    found = housed(_typed("buildings", rows), _typed("counts", counts), Settings(title="-"), "-", Findings())
    assert found is not None
    for unit, count in enumerate(people):
        shared = sum(map(Fraction, found["people_all"][found["unit"] == f"u{unit}"]))
        assert abs(shared - Fraction(count)) <= Fraction(count) / 10**9


def test_a_unit_without_a_home(built: Any) -> None:
    built.put("buildings", 5, "lived_in", "no")
    assert built.faults() == [
        "counts.csv row 3, unit = u2: the unit has residents (7) and no floor area they live in. "
        "Add its buildings, or correct their unit, lived_in or floor area."
    ]
    built.put("counts", 3, "people_adult", "0")
    assert built.read()["demand"]["id"].tolist() == ["b1", "b2"]


def test_a_building_without_floor_area_or_outline(built: Any) -> None:
    built.put("buildings", 2, "floor_area_m2", "").put(
        "buildings", 4, "floor_area_m2", ""
    )  # nobody lives in the latter
    assert built.faults() == [
        "buildings.csv row 2, floor_area_m2: must be filled where the building has no outline: its floor area is not "
        "known. Write the floor area, or lived_in = no."
    ]


def test_units_and_circles_that_are_not_there(built: Any) -> None:
    built.put("buildings", 3, "unit", "u9")
    assert built.faults() == [
        "buildings.csv row 3, unit = u9: must be a key of counts: u1, u2. "
        "Add it there, correct the name or delete the row."
    ]
    built.put("buildings", 3, "unit", "u1")
    built.tables["circles"] = [["circle"], ["east"]]
    assert "counts.csv row 2, circle = west: must be a key of circles: east" in "".join(built.faults())
    assert len([f for f in built.faults() if "circle = west" in f and "sites" not in f]) == 1


def test_ids_are_unique_those_that_are_rows_too(built: Any) -> None:
    built.put("buildings", 2, "id", "5")
    assert built.faults() == [
        "buildings.csv row 5, id = 5: stands in row 2 already; id must be unique. Give it another id or delete the row."
    ]


def test_half_of_the_two_tables(built: Any) -> None:
    counts = built.tables.pop("counts")
    assert built.faults() == [
        "buildings.csv: is of no use without the table counts (人口统计). Add it, or take this table out."
    ]
    (built.path / "buildings.csv").unlink()
    del built.tables["buildings"], built.crs["buildings"]
    built.tables["counts"] = counts
    assert built.faults() == [
        "counts.csv: is of no use without the table buildings (建筑). Add it, or take this table out."
    ]


def test_a_stray_building_is_told_once(built: Any) -> None:
    built.put("buildings", 2, "x", "115.7236")
    assert built.faults() == [
        "buildings.csv row 2, x = 115.7236: lies more than 200 km from the middle of all positions. Correct the position."
    ]


def test_a_fault_of_the_tables_is_told_without_others_that_follow_from_it(built: Any) -> None:
    built.put("counts", 2, "people_adult", "-1").put("buildings", 2, "floor_area_m2", "much")
    assert built.faults() == [
        "buildings.csv row 2, floor_area_m2 = much: must be a number. Write a plain number such as 1234.5.",
        "counts.csv row 2, people_adult = -1: must be ≥ 0 [persons]. Correct the number of people or delete the row.",
    ]


def test_a_proposal_changes_the_counts(built: Any, tmp_path: Any) -> None:
    from panhuo.instance import read

    proposal = tmp_path / "p.toml"
    proposal.write_text('title = "More"\n[change.counts.u1]\npeople_adult = 400\n', encoding="utf-8")
    assert read(built.write(), proposal)["demand"]["people_adult"].tolist() == [100.0, 300.0, 7.0]


def test_beside_a_demand_table(built: Any) -> None:
    built.tables["demand"] = [["id", "x", "y", "circle", "people_adult"], ["d", "105.72", "29.70", "west", "1"]]
    built.crs["demand"] = "EPSG:4490"
    assert built.faults() == [
        "buildings.csv: demand points come from demand.csv already. "
        "Keep one of them: demand, population rasters, or buildings with counts."
    ]


def test_beside_a_raster(built: Any) -> None:
    from map_files import write_raster

    write_raster(built.path / "population.tif", np.ones((2, 2), np.float32))
    assert built.faults() == [
        "buildings.csv: demand points come from population.tif already. "
        "Keep one of them: demand, population rasters, or buildings with counts."
    ]
