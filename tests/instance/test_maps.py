"""Shapes of networks, circles and buildings are kept; OpenStreetMap extracts and rasters are found by name."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, box

from panhuo.instance.findings import Findings
from panhuo.instance.reading import files
from panhuo.instance.reading.parsing import typed


def _written(path: Path, frame: pd.DataFrame, shapes, crs: str = "EPSG:4544") -> Path:
    gpd.GeoDataFrame(frame, geometry=shapes, crs=crs).to_file(path, engine="pyogrio")
    return path


def _found(path: Path) -> tuple[files.Found, Findings]:
    (path / "instance.toml").write_text('title = "t"\n', encoding="utf-8")
    findings = Findings()
    return files.find(path, findings), findings


def _told(findings: Findings) -> list[str]:
    return [str(f) for f in findings.faults]


@pytest.mark.parametrize("ending", ["gpkg", "geojson"])
def test_lines_keep_their_shapes_and_get_no_position(tmp_path: Path, ending: str) -> None:
    lines = [LineString([(0, 0, 5), (0, 1, 6)]), LineString([(0, 1), (1, 1)])]
    _written(tmp_path / f"network.{ending}", pd.DataFrame({"highway": ["steps", "footway"]}), lines, "EPSG:4326")
    found, findings = _found(tmp_path)
    read = typed(found.tables["network"], findings)
    assert not findings.faults
    assert read.crs == "EPSG:4326"
    assert read.frame["kind"].tolist() == ["steps", "footway"]
    assert not {"x", "y"} & set(read.frame)
    assert read.shapes is not None
    assert not shapely.has_z(read.shapes).any()
    assert shapely.get_coordinates(read.shapes[0]).tolist() == [[0, 0], [0, 1]]


def test_a_line_layer_holds_lines_only(tmp_path: Path) -> None:
    shapes = [LineString([(0, 0), (9, 0)]), Point(1, 1), None, LineString([(9, 0), (9, 9)])]
    _written(tmp_path / "network.gpkg", pd.DataFrame({"kind": list("abcd")}), shapes)
    found, findings = _found(tmp_path)
    assert _told(findings) == [
        "network.gpkg row 3: the row has no shape. Draw it or delete the row.",
        "network.gpkg row 2 = Point: the shape must be a line. Draw it as such, or delete the row.",
    ]
    raw = found.tables["network"]
    assert raw.frame["kind"].tolist() == ["a", "d"]
    assert raw.frame.index.tolist() == [1, 4]
    assert raw.shapes is not None
    assert [s.length for s in raw.shapes] == [9, 9]


def test_circles_are_areas_and_buildings_have_a_point_inside(tmp_path: Path) -> None:
    ring = box(0, 0, 30, 30).difference(box(1, 1, 29, 29))
    _written(tmp_path / "circles.gpkg", pd.DataFrame({"circle": ["a"]}), [MultiPolygon([box(0, 0, 1, 1)])])
    _written(tmp_path / "buildings.gpkg", pd.DataFrame({"unit": ["u", "v"]}), [ring, Point(3, 4)])
    found, findings = _found(tmp_path)
    assert not findings.faults
    circles, buildings = (typed(found.tables[n], findings) for n in ("circles", "buildings"))
    assert circles.shapes is not None
    assert circles.shapes[0].area == 1
    assert "x" not in circles.frame
    assert buildings.shapes is not None
    assert buildings.shapes[0].area == 900 - 28 * 28
    inside = shapely.points(buildings.frame[["x", "y"]].to_numpy(float))
    assert shapely.intersects(buildings.shapes, inside).all()
    assert inside[1].equals(Point(3, 4))


def test_circles_without_any_shape_are_a_plain_table(tmp_path: Path) -> None:
    _written(tmp_path / "circles.geojson", pd.DataFrame({"circle": ["a", "b"]}), [None, None])
    found, findings = _found(tmp_path)
    assert not findings.faults
    assert found.tables["circles"].shapes is None
    assert len(found.tables["circles"].frame) == 2


def test_tables_whose_shapes_nothing_uses_keep_none(tmp_path: Path) -> None:
    _written(tmp_path / "sites.gpkg", pd.DataFrame({"id": ["s"]}), [box(0, 0, 2, 2)])
    found, _ = _found(tmp_path)
    assert found.tables["sites"].shapes is None
    assert np.hypot(found.tables["sites"].frame["x"].astype(float) - 1, 0).iloc[0] < 1


@pytest.mark.parametrize("name", ["network.osm", "network.osm.pbf", "Network.pbf", "步行路网.osm.pbf"])
def test_an_openstreetmap_extract_is_found(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"<osm/>")
    (tmp_path / "demand.csv").write_text("id\n", encoding="utf-8")
    found, findings = _found(tmp_path)
    assert not findings.faults
    assert not findings.warnings
    assert found.osm is not None
    assert (found.osm.file, found.osm.path) == (name, tmp_path / name)
    assert name in [s.name for s in found.sources]
    assert "network" not in found.tables


def test_rasters_are_found(tmp_path: Path) -> None:
    named = {
        "elevation": "高程.tif", "population": "population.TIFF", "population_60_69": "population_60_69.tif",
        "population_老人": "人口_老人.tif",
    }  # fmt: skip
    for name in [*named.values(), "population_.tif", "slope.tif"]:
        (tmp_path / name).write_bytes(b"II*\x00" + name.encode())
    (tmp_path / "demand.csv").write_text("id\n", encoding="utf-8")
    found, _ = _found(tmp_path)
    assert {name: at.file for name, at in found.rasters.items()} == named
    assert {s.name for s in found.sources} == {*named.values(), "demand.csv", "instance.toml"}


def test_two_files_for_one_table_or_raster(tmp_path: Path) -> None:
    for name in ("elevation.tif", "高程.tif", "network.osm", "network.geojson", "demand.csv", "demand.csv.gz"):
        (tmp_path / name).write_bytes(b"id\n" if name == "demand.csv" else b"{}")
    _, findings = _found(tmp_path)
    assert [f for f in _told(findings) if "already" in f] == [
        "demand.csv.gz: demand.csv is the table demand already. Keep one of the two files.",
        "network.osm: network.geojson is the table network already. Keep one of the two files.",
        "高程.tif: elevation.tif is the table elevation already. Keep one of the two files.",
    ]
