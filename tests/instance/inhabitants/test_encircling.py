"""Circles of people by the polygons of circles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from map_files import CELL, NORTH, WEST, write_circles, write_raster
from shapely import Polygon, box, transform
from shapely.geometry.base import BaseGeometry

from panhuo.instance.position import systems

MIDDLE = WEST + 1.5 * CELL
"""The middles of the second column lie here: on the border of the two circles."""
LEFT = box(WEST - 1, NORTH - 1, MIDDLE, NORTH + 1)
RIGHT = box(MIDDLE, NORTH - 1, WEST + 1, NORTH + 1)
ELSEWHERE = box(105, 30.9, 106, 31)
"""Nobody lives there."""


def _people(homeless: Any, circles: dict[str, BaseGeometry]) -> Any:
    write_raster(homeless.path / "population.tif", np.array([[1, 2, 4], [8, 16, 32]], np.float32))
    write_circles(homeless.path / "circles.geojson", circles)
    homeless.crs["circles"] = "EPSG:4490"
    return homeless


def test_the_polygon_a_cell_lies_in_the_first_of_the_table_on_a_border(homeless: Any) -> None:
    east_first = _people(homeless, {"east": RIGHT, "west": LEFT}).read()["demand"]
    assert east_first["circle"].tolist() == ["west", "east", "east"] * 2
    west_first = _people(homeless, {"west": LEFT, "east": RIGHT}).read()["demand"]
    assert west_first["circle"].tolist() == ["west", "west", "east"] * 2


def test_polygons_in_a_system_of_their_own(homeless: Any) -> None:
    def to_metres(shape: Polygon) -> Polygon:
        return transform(shape.segmentize(0.01), lambda at: np.column_stack(systems.from_lonlat("EPSG:4544", *at.T)))

    edge = MIDDLE + 0.3 * CELL
    circles = {
        "west": to_metres(box(105.6, 29.5, edge, 29.9)),
        "east": to_metres(box(edge, 29.5, 105.9, 29.9)),
    }
    write_raster(homeless.path / "population.tif", np.array([[1, 2, 4], [8, 16, 32]], np.float32))
    write_circles(homeless.path / "circles.gpkg", circles, "EPSG:4544")
    demand = homeless.read()["demand"]
    assert demand["circle"].tolist() == ["west", "west", "east"] * 2


def test_people_outside_every_circle_are_a_fault(homeless: Any) -> None:
    assert _people(homeless, {"west": LEFT, "east": ELSEWHERE}).faults() == [
        "population.tif: people living outside every circle of circles.geojson: 36; cells: 2. "
        "Draw the circles so that everybody lies in one, or write people.circle."
    ]


def test_people_outside_may_be_given_a_circle(homeless: Any) -> None:
    homeless.toml += '[people]\ncircle = "east"\n'
    demand = _people(homeless, {"west": LEFT, "east": ELSEWHERE}).read()["demand"]
    assert demand["circle"].tolist() == ["west", "west", "east"] * 2


def test_that_circle_must_be_there(homeless: Any) -> None:
    homeless.toml += '[people]\ncircle = "eastt"\n'
    assert _people(homeless, {"west": LEFT, "east": RIGHT}).faults() == [
        "instance.toml, people.circle = eastt: must be a circle of circles: west, east. Did you mean east?"
    ]


def test_circles_without_polygons(homeless: Any) -> None:
    write_raster(homeless.path / "population.tif", np.ones((1, 2), np.float32))
    homeless.tables["circles"] = [["circle"], ["west"], ["east"]]
    assert homeless.faults() == [
        "circles.csv: the circles have no polygons, so it is not known which of them the cells of population.tif lie in. "
        "Give circles as polygons, or write people.circle."
    ]
    homeless.toml += '[people]\ncircle = "west"\n'
    assert homeless.read()["demand"]["circle"].tolist() == ["west", "west"]


def test_without_circles_the_settings_name_the_one(homeless: Any) -> None:
    write_raster(homeless.path / "population.tif", np.ones((1, 2), np.float32))
    homeless.toml += '[people]\ncircle = "Longgang"\n'
    instance = homeless.read()
    assert instance["demand"]["circle"].tolist() == ["Longgang"] * 2
    assert instance["circles"]["circle"].tolist() == ["Longgang"]


def test_local_circles_and_a_raster_on_the_globe(homeless: Any) -> None:
    homeless = _people(homeless, {"west": LEFT, "east": RIGHT})
    homeless.crs["circles"] = "local"
    assert homeless.faults() == [
        "instance.toml, tables.circles.crs = local: local metres cannot be joined with EPSG:4490 of demand. "
        "Give every located table the same kind of system."
    ]


def test_a_border_that_crosses_itself(homeless: Any) -> None:
    cross = WEST + 0.2 * CELL  # the two triangles meet there, at the upper border of the raster
    bow = Polygon([(cross - 1, NORTH - 1), (cross + 1, NORTH + 1), (cross - 1, NORTH + 1), (cross + 1, NORTH - 1)])
    homeless.toml += '[people]\ncircle = "east"\n'
    instance = _people(homeless, {"west": bow, "east": RIGHT}).read()
    assert [str(w) for w in instance.warnings] == [
        "circles.geojson row 1: the border of the polygon crosses itself; what it encloses is taken as the circle. "
        "Draw it again where that is not meant."
    ]
    assert instance["demand"]["circle"].tolist() == ["west", "east", "east", "west", "west", "east"]


def test_blank_circles_of_a_demand_table_are_filled(folder: Any) -> None:
    lon = 105.7358
    write_circles(folder.path / "circles.geojson", {"east": box(lon, 29, 106, 30), "west": box(105, 29, lon, 30)})
    folder.crs["circles"] = "EPSG:4490"
    for row in (2, 4, 5, 6):
        folder.put("demand", row, "circle", "")
    assert folder.read()["demand"]["circle"].tolist() == ["west"] * 3 + ["east"] * 3


def test_a_blank_circle_outside_all_polygons_stays_a_fault(folder: Any) -> None:
    write_circles(folder.path / "circles.geojson", {"east": ELSEWHERE, "west": box(105, 29, 105.73, 30)})
    folder.crs["circles"] = "EPSG:4490"
    folder.put("demand", 2, "circle", "").put("demand", 7, "circle", "")
    assert folder.faults() == ["demand.csv row 7, circle: must not be blank. Fill the cell or delete the row."]
    folder.toml += '[people]\ncircle = "east"\n'
    assert folder.read()["demand"]["circle"].tolist() == ["west"] * 3 + ["east"] * 3


def test_a_demand_table_without_the_column_stays_a_fault(folder: Any) -> None:
    write_circles(folder.path / "circles.geojson", {"east": LEFT, "west": RIGHT})
    folder.crs["circles"] = "EPSG:4490"
    folder.tables["demand"] = [row[:3] + row[4:] for row in folder.tables["demand"]]
    assert folder.faults()[0] == (
        "demand.csv, circle: the column is missing (header circle or 生活圈). Add the column."
    )


def test_a_circle_that_a_proposal_names_must_be_there(homeless: Any, tmp_path: Path, faults_of: Any) -> None:
    proposal = tmp_path / "p.toml"
    proposal.write_text('title = "Moved"\n[people]\ncircle = "nord"\n', encoding="utf-8")
    assert faults_of(_people(homeless, {"west": LEFT, "east": RIGHT}).write(), proposal) == [
        "p.toml, people.circle = nord: must be a circle of circles: west, east. Correct the name or take it out."
    ]
