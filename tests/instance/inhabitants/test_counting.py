"""Demand points out of population rasters: every cell with people is one, and nobody is lost."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio.transform
from affine import Affine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from map_files import CELL, GRID, NORTH, WEST, write_raster

from panhuo.instance import Settings, read
from panhuo.instance.findings import Findings
from panhuo.instance.inhabitants.counting import cells

PEOPLE = np.array([[12.5, 0.0, -99.0], [3.25, np.nan, 1e-3]], dtype=np.float32)


def _faults(path: Path, values: Any, **how: Any) -> list[str]:
    findings = Findings()
    assert (
        cells({"population": write_raster(path, values, **how)}, Settings(title="-"), "instance.toml", findings) is None
    )
    return [str(f) for f in findings.faults]


def test_every_cell_with_people_is_a_demand_point_at_its_centre(homeless: Any) -> None:
    write_raster(homeless.path / "population.tif", PEOPLE, nodata=-99)
    instance = homeless.read()
    demand = instance["demand"]
    assert demand["id"].tolist() == ["r1c1", "r2c1", "r2c3"]
    assert demand["people_all"].tolist() == [12.5, 3.25, float(np.float32(1e-3))]
    assert demand["x"].to_numpy() == pytest.approx([105.725, 105.725, 105.745], abs=1e-12)
    assert demand["y"].to_numpy() == pytest.approx([29.705, 29.695, 29.695], abs=1e-12)
    assert demand["circle"].tolist() == ["all"] * 3
    assert demand["unit"].tolist() == [""] * 3
    assert instance.groups == ("all",)
    assert instance["circles"]["circle"].tolist() == ["all"]
    assert np.isfinite(demand[["x_m", "y_m"]].to_numpy()).all()
    assert "population.tif" in {s.name for s in instance.sources}
    assert instance.warnings == ()


def test_positions_are_those_of_the_same_points_in_a_table(homeless: Any, tmp_path: Path) -> None:
    transform = Affine(100, 0, 570000, 0, -100, 3287000)
    write_raster(homeless.path / "population.tif", np.ones((2, 2), np.float32), crs="EPSG:4544", transform=transform)
    made = homeless.read()["demand"]
    (homeless.path / "population.tif").unlink()
    homeless.tables["demand"] = [["id", "x", "y", "circle", "people_all"]]
    homeless.tables["demand"] += [
        [f"r{r + 1}c{c + 1}", str(570050 + 100 * c), str(3286950 - 100 * r), "all", "1"] for r in (0, 1) for c in (0, 1)
    ]
    homeless.crs["demand"] = "EPSG:4544"
    given = homeless.read()["demand"]
    columns = ["id", "circle", "unit", "people_all", "x_m", "y_m"]
    assert made[columns].equals(given[columns])
    assert made.dtypes[columns].equals(given.dtypes[columns])


def test_groups_on_one_grid(homeless: Any) -> None:
    write_raster(homeless.path / "population_senior.tif", np.array([[1, 0], [0, 4]], np.uint16))
    write_raster(homeless.path / "population_60_69.tif", np.array([[0, 0], [8, 2]], np.uint16))
    demand = homeless.read()["demand"]
    assert demand["id"].tolist() == ["r1c1", "r2c1", "r2c2"]
    assert demand["people_senior"].tolist() == [1.0, 0.0, 4.0]
    assert demand["people_60_69"].tolist() == [0.0, 8.0, 2.0]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=arrays.arrays(
        np.float32, arrays.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(0, 2.0**20, width=32)
    ),
    data=st.data(),
)
def test_nobody_is_lost(tmp_path: Path, people: Any, data: Any) -> None:
    gone = data.draw(arrays.arrays(bool, people.shape))
    raster = write_raster(tmp_path / "population.tif", np.where(gone, np.float32(-1), people), nodata=-1)
    found = cells({"population": raster}, Settings(title="-"), "instance.toml", Findings())
    assert found is not None
    assert sum(map(Fraction, found.people["all"])) == sum(map(Fraction, people[~gone].astype(float)))
    assert len(found.x) == int((people[~gone] > 0).sum())
    for row, column, n in zip(found.row, found.column, found.people["all"], strict=True):
        assert people[row - 1, column - 1] == n


def test_scale_and_offset_are_applied_where_there_are_data(tmp_path: Path) -> None:
    values = np.array([[0, 30], [255, 7]], np.uint8)
    raster = write_raster(tmp_path / "population.tif", values, nodata=255, scale=(0.5, 2.0))
    found = cells({"population": raster}, Settings(title="-"), "instance.toml", Findings())
    assert found is not None
    assert found.people["all"].tolist() == [2.0, 17.0, 5.5]


@pytest.mark.parametrize(
    "transform",
    [GRID, Affine(CELL, 0, WEST, 0, CELL, NORTH), Affine(3, 4, 7, -4, 3, 9)],
    ids=["north up", "south up", "turned"],
)
def test_centres_whichever_way_the_grid_lies(tmp_path: Path, transform: Affine) -> None:
    raster = write_raster(tmp_path / "population.tif", np.ones((2, 3), np.float32), transform=transform)
    found = cells({"population": raster}, Settings(title="-"), "instance.toml", Findings())
    assert found is not None
    expected = [rasterio.transform.xy(transform, r, c) for r in range(2) for c in range(3)]
    assert list(zip(found.x, found.y, strict=True)) == [pytest.approx(at, abs=1e-9) for at in expected]


def test_cells_that_cannot_be_people(tmp_path: Path) -> None:
    path = tmp_path / "population.tif"
    mend = "State the value as the raster's no-data value, or correct the cells."
    rule = "cells that are below 0 or not below 10^12"
    assert _faults(path, np.array([[1, -2], [-3, 0]], np.float32)) == [
        f"population.tif = -2: {rule}: 2; the first is row 1, column 2. {mend}"
    ]
    assert _faults(path, np.array([[1, 1], [math.inf, 0]], np.float32)) == [
        f"population.tif = inf: {rule}: 1; the first is row 2, column 1. {mend}"
    ]
    lowest = np.finfo(np.float32).max  # what many programs write for nothing
    assert _faults(path, np.array([[1, lowest], [0.5, 0]], np.float32)) == [
        f"population.tif = 3.40282346638529e+38: {rule}: 1; the first is row 1, column 2. {mend}"
    ]
    assert _faults(path, np.array([[1, 1e12]])) == [
        f"population.tif = 1000000000000: {rule}: 1; the first is row 1, column 2. {mend}"
    ]
    found = cells({"population": write_raster(path, np.array([[1, 1e12 - 1]]))}, Settings(title="-"), "-", Findings())
    assert found is not None
    assert found.people["all"].tolist() == [1, 1e12 - 1]


def test_rasters_that_are_none(tmp_path: Path) -> None:
    path, one = tmp_path / "population.tif", np.ones((2, 2), np.float32)
    assert _faults(path, np.stack([one, one])) == [
        "population.tif: the raster has 2 bands, and one is wanted. Export the band that is meant."
    ]
    assert _faults(path, one, crs=None) == [
        "instance.toml, tables.population.crs: the coordinate system of population.tif is not stated. Write its crs: "
        "EPSG:4490 (degrees), EPSG:4544 (metres), GCJ-02 (Amap, Tencent), BD-09 (Baidu) or local."
    ]
    assert _faults(path, one, crs="ESRI:54009", transform=Affine(1000, 0, 0, 0, -1000, 0)) == [
        "population.tif: its coordinate system has no EPSG number: World_Mollweide. Export it again in a system that has "
        "one; values of cells that are sums must be kept."
    ]


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_raster_without_a_place(tmp_path: Path) -> None:
    assert _faults(tmp_path / "population.tif", np.ones((2, 2), np.float32), transform=None) == [
        "population.tif: the raster does not say where its cells lie. Export it again with its georeference."
    ]


def test_a_damaged_raster(homeless: Any) -> None:
    write_raster(homeless.path / "population.tif", np.ones((50, 50), np.float32))
    whole = (homeless.path / "population.tif").read_bytes()
    (homeless.path / "population.tif").write_bytes(whole[:400])
    (fault,) = homeless.faults()
    assert fault.startswith("population.tif: the file is damaged or incomplete (")


def test_groups_on_two_grids(tmp_path: Path) -> None:
    one = write_raster(tmp_path / "population_a.tif", np.ones((2, 2), np.float32))
    for values, how in [
        (np.ones((2, 3), np.float32), {}),
        (np.ones((2, 2), np.float32), {"transform": Affine(CELL, 0, WEST + 0.001, 0, -CELL, NORTH)}),
        (np.ones((2, 2), np.float32), {"crs": "EPSG:4326"}),
    ]:
        other, findings = write_raster(tmp_path / "population_b.tif", values, **how), Findings()
        assert cells({"population_a": one, "population_b": other}, Settings(title="-"), "-", findings) is None
        assert [str(f) for f in findings.faults] == [
            "population_b.tif: is not on the grid of population_a.tif: extent, cells and system must be the same. "
            "Export all groups on one grid."
        ]


def test_all_beside_a_group(homeless: Any) -> None:
    for name in ("population", "population_senior"):
        write_raster(homeless.path / f"{name}.tif", np.ones((2, 2), np.float32))
    assert homeless.faults() == [
        "population_senior.tif: population.tif holds all residents already. "
        "Keep the rasters of the groups, or the one of all."
    ]


def test_nobody_anywhere(homeless: Any) -> None:
    write_raster(homeless.path / "population.tif", np.zeros((2, 2), np.float32))
    assert homeless.faults() == ["population.tif: nobody lives anywhere. Check the numbers of people."]


def test_beside_a_demand_table(folder: Any, faults_of: Any) -> None:
    write_raster(folder.path / "population.tif", np.ones((2, 2), np.float32))
    assert folder.faults() == [
        "population.tif: demand points come from demand.csv already. "
        "Keep one of them: demand, population rasters, or buildings with counts."
    ]


def test_the_system_is_that_of_the_raster(homeless: Any) -> None:
    write_raster(homeless.path / "population.tif", np.ones((2, 2), np.float32), crs=None)
    homeless.crs["population"] = "EPSG:4490"
    assert len(homeless.read()["demand"]) == 4
    homeless.crs["demand"] = "GCJ-02"
    assert homeless.faults() == [
        "instance.toml, tables.demand.crs = GCJ-02: demand points are made of population.tif, whose own system holds. "
        "Leave it out."
    ]


def test_the_system_of_the_raster_is_not_contradicted(homeless: Any) -> None:
    write_raster(homeless.path / "population.tif", np.ones((2, 2), np.float32))
    homeless.crs["population"] = "EPSG:4544"
    assert homeless.faults() == [
        "instance.toml, tables.population.crs = EPSG:4544: contradicts population.tif, which says EPSG:4490. "
        "Correct the crs, or leave it out."
    ]


def test_a_proposal_leaves_the_raster_as_it_is(homeless: Any, tmp_path: Path) -> None:
    write_raster(homeless.path / "population.tif", np.ones((2, 2), np.float32))
    proposal = tmp_path / "p.toml"
    proposal.write_text('title = "One circle"\n[people]\ncircle = "east"\n', encoding="utf-8")
    assert read(homeless.write(), proposal)["demand"]["circle"].tolist() == ["east"] * 4
