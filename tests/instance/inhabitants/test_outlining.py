"""The polygons of circles in the metric frame."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from map_files import write_circles
from pyproj import Transformer
from shapely import MultiPolygon, Polygon, box, get_coordinates, get_num_geometries, is_valid
from shapely.geometry.base import BaseGeometry

from panhuo.instance.position.coordinates import wgs84_to_gcj02

BORDER = 105.7358
EAST, WEST = box(BORDER, 29, 106, 30), box(105, 29, BORDER, 30)


def _given(folder: Any, name: str, crs: str = "", **circles: BaseGeometry) -> Any:
    write_circles(folder.path / name, circles, *([crs] if crs else []))
    return folder


def test_circles_without_polygons_have_no_outlines(folder: Any) -> None:
    assert folder.read().outlines is None
    folder.tables["circles"] = [["circle"], ["west"], ["east"]]
    assert folder.read().outlines is None


def test_vertices_are_brought_into_the_frame_row_by_row(folder: Any) -> None:
    instance = _given(folder, "circles.geojson", east=EAST, west=WEST).read()
    assert instance.outlines is not None
    assert instance["circles"]["circle"].tolist() == ["east", "west"]
    to = Transformer.from_crs("EPSG:4490", instance.metric_crs, always_xy=True)
    for found, shape in zip(instance.outlines, (EAST, WEST), strict=True):
        wanted = np.round(np.column_stack(to.transform(*get_coordinates(shape).T)), 3)
        assert set(map(tuple, get_coordinates(found))) == set(map(tuple, wanted))


@pytest.mark.parametrize("ending", ["gpkg", "shp"])
def test_polygons_in_the_frame_itself_are_rounded_to_the_millimetre(folder: Any, ending: str) -> None:
    x, y = 570000.12345, 3286000.56789
    hole = [(x + 1, y + 1), (x + 2, y + 1), (x + 2, y + 2)]
    parts = MultiPolygon([box(x, y, x + 1, y + 1), Polygon(box(x, y + 5, x + 9, y + 9).exterior)])
    ring = Polygon(box(x, y, x + 9, y + 9).exterior, [hole])
    instance = _given(folder, f"circles.{ending}", "EPSG:4544", east=parts, west=ring).read()
    assert instance.metric_crs == "EPSG:4544"
    assert instance.outlines is not None
    assert get_num_geometries(instance.outlines).tolist() == [2, 1]
    assert instance.outlines[1].area == pytest.approx(81 - 0.5)
    assert instance.outlines[1].bounds == (570000.123, 3286000.568, 570009.123, 3286009.568)
    at = get_coordinates(instance.outlines)
    assert (at == np.round(at, 3)).all()


def test_a_system_with_an_offset_is_undone(folder: Any) -> None:
    straight = _given(folder, "circles.geojson", east=EAST, west=WEST).read().outlines
    moved = {
        name: Polygon(np.column_stack(wgs84_to_gcj02(*get_coordinates(shape).T)))
        for name, shape in (("east", EAST), ("west", WEST))
    }
    folder.crs["circles"] = "GCJ-02"
    shifted = _given(folder, "circles.geojson", **moved).read().outlines
    assert np.allclose(get_coordinates(shifted), get_coordinates(straight), atol=0.01)


def test_local_metres(folder: Any) -> None:
    for table in ("demand", "sites", "existing"):
        folder.crs[table] = "local"
        for row in range(2, len(folder.tables[table]) + 1):
            folder.put(table, row, "x", str(row)).put(table, row, "y", "0")
    folder.crs["circles"] = "local"
    instance = _given(folder, "circles.shp", east=box(3.00049, 0, 9, 9), west=box(0, 0, 3, 9)).read()
    assert instance.outlines is not None
    assert [s.bounds for s in instance.outlines] == [(3, 0, 9, 9), (0, 0, 3, 9)]
    folder.crs["circles"] = "EPSG:4490"
    assert folder.faults() == [
        "instance.toml, tables.circles.crs = EPSG:4490: must be local, as the tables are. "
        "Give every located table the same kind of system."
    ]


def test_a_border_that_crosses_itself_is_mended_once(folder: Any) -> None:
    bow = Polygon([(105, 29), (106, 30), (105, 30), (106, 29)])
    instance = _given(folder, "circles.geojson", east=bow, west=WEST).read()
    assert [w.row for w in instance.warnings] == [1]
    assert instance.outlines is not None
    assert is_valid(instance.outlines).all()
    assert instance.outlines[0].geom_type == "MultiPolygon"
    assert instance.outlines[0].area == pytest.approx(box(105, 29, 106, 30).area / 2 * 111e3 * 97e3, rel=0.01)


def test_a_polygon_that_encloses_nothing_is_a_fault(folder: Any) -> None:
    flat = Polygon([(105, 29), (106, 30), (105.5, 29.5)])
    assert _given(folder, "circles.geojson", east=flat, west=WEST).faults() == [
        "circles.geojson row 1: the polygon encloses nothing. Draw it again or delete the row."
    ]


def test_polygons_elsewhere_are_faults(folder: Any) -> None:
    assert _given(folder, "circles.geojson", east=box(1, 29, 2, 30), west=WEST).faults() == [
        "circles.geojson row 1: lies more than 200 km from the middle of all positions. "
        "Correct the shape or delete the row."
    ]
    assert _given(folder, "circles.geojson", east=box(109, 29, 110, 30), west=box(109, 28, 110, 29)).faults() == [
        "circles.geojson = EPSG:4490: all polygons lie more than 200 km from the middle of all positions. "
        "Correct the coordinate system of the circles, or give polygons of this district."
    ]
    swapped = [Polygon([(y, x) for x, y in shape.exterior.coords]) for shape in (EAST, WEST)]
    assert _given(folder, "circles.geojson", east=swapped[0], west=swapped[1]).faults() == [
        "circles.geojson, x, y = 29, 105.7358: longitude and latitude are swapped. "
        "Exchange the two columns: x is the longitude, y the latitude."
    ]


def test_polygons_need_a_system(folder: Any) -> None:
    write_circles(folder.path / "circles.shp", {"east": EAST, "west": WEST})
    (folder.path / "circles.prj").unlink(missing_ok=True)
    assert folder.faults()[0].startswith("instance.toml, tables.circles.crs: the coordinate system of circles.shp is")
