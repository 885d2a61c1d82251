"""Heights under a network: which cells are read, and what is told of those that are not known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine

from panhuo.instance.findings import Findings
from panhuo.instance.ground.elevation import elevation
from panhuo.instance.ground.heights import grades
from panhuo.instance.maps import Network, Raster
from panhuo.instance.policy import Settings
from panhuo.instance.position.systems import System
from panhuo.instance.reading.raw import MapFile

FRAME = "EPSG:4544"
EAST, NORTH = 500_000.0, 3_300_000.0
"""The upper left corner of the rasters; cells are 10 m wide."""


def raster(
    path: Path, values: Any, crs: str | None = FRAME, corner: tuple[float, float] = (EAST, NORTH), **more: Any
) -> MapFile:
    bands = np.asarray(values) if np.ndim(values) == 3 else np.asarray(values)[None]
    count, height, width = bands.shape
    scale, mask = more.pop("scale", None), more.pop("mask", None)
    place = more.pop("transform", Affine(10, 0, corner[0], 0, -10, corner[1]))
    file = path / "elevation.tif"
    profile = {"driver": "GTiff", "dtype": bands.dtype, "count": count, "height": height, "width": width}
    with rasterio.open(file, "w", **profile, crs=crs, transform=place, **more) as out:
        out.write(bands)
        if scale is not None:
            out.scales, out.offsets = [scale[0]] * count, [scale[1]] * count
        if mask is not None:
            out.write_mask(np.asarray(mask))
    return MapFile(file, file.name)


@pytest.fixture
def walked(laid: Any) -> Any:
    """Lines in metres right of and below the corner of the rasters (x to the east, y to the south)."""

    def of(*lines: Any, **columns: Any) -> Network:
        return laid([[(EAST + x, NORTH - y) for x, y in line] for line in lines], **columns)[0]

    return of


def heights(
    given: MapFile, network: Network, frame: str = FRAME, crs: str = "", **access: Any
) -> tuple[Raster | None, list[str], list[str]]:
    findings = Findings()
    settings = Settings(title="t", access=access, tables={"elevation": {"crs": crs}})
    made = elevation(given, network, settings, "instance.toml", frame, findings)
    return made, [str(f) for f in findings.faults], [str(w) for w in findings.warnings]


def test_values_place_and_system_are_those_of_the_file(tmp_path: Path, walked: Any) -> None:
    values = np.arange(12, dtype="int16").reshape(3, 4)
    made, faults, told = heights(raster(tmp_path, values), walked([(5, 5), (35, 25)]))
    assert (faults, told) == ([], [])
    assert made is not None
    assert made.values.dtype == np.float32
    assert made.values.tolist() == values.tolist()
    assert made.transform == (10, 0, EAST, 0, -10, NORTH)
    assert (made.crs, made.file) == (FRAME, "elevation.tif")


def test_scale_and_offset_are_applied_and_no_data_is_not_scaled(tmp_path: Path, walked: Any) -> None:
    values = np.array([[2000, 2500, -9999], [100, 0, 50]], dtype="int16")
    made, faults, told = heights(raster(tmp_path, values, nodata=-9999, scale=(0.1, 30)), walked([(5, 5), (15, 15)]))
    assert faults == []
    assert told == [  # from 230 m down to 30 m over the diagonal of a cell: 200 / 14.14
        "elevation.tif: half of the lines are steeper than 1414%: the heights may not be metres. Export the heights in "
        "metres; a scale that the file states counts."
    ]
    assert made is not None
    assert np.allclose(made.values, [[230, 280, np.nan], [40, 30, 35]], equal_nan=True)


def test_masked_cells_and_values_that_are_no_numbers_are_unknown(tmp_path: Path, walked: Any) -> None:
    values = np.array([[1, np.nan, 3], [4, 5, 6]], dtype="float32")
    made, *_ = heights(raster(tmp_path, values, mask=[[255, 255, 255], [255, 0, 255]]), walked([(5, 5), (25, 5)]))
    assert made is not None
    assert np.isnan(made.values).tolist() == [[False, True, False], [False, True, False]]


def test_only_cells_around_the_network_are_kept(tmp_path: Path, walked: Any) -> None:
    values = np.arange(10_000, dtype="float32").reshape(100, 100) / 2
    made, *_ = heights(raster(tmp_path, values), walked([(505, 305), (525, 315)]))
    assert made is not None
    assert made.values.shape[0] < 10
    assert made.values.shape[1] < 10
    row, column = round((NORTH - made.transform[5]) / 10), round((made.transform[2] - EAST) / 10)
    assert row < 30 <= row + made.values.shape[0]
    assert column < 50 <= column + made.values.shape[1]
    assert made.values[30 - row, 50 - column] == values[30, 50]


def test_cells_at_the_largest_value_of_their_type_are_warned_of(tmp_path: Path, walked: Any) -> None:
    values = np.full((4, 6), 200, dtype="uint8")
    values[1, 1:4] = 255  # under the line; the next one is not
    values[3, 5] = 255
    line = [(5, 15), (45, 15)]
    _, faults, told = heights(raster(tmp_path, values), walked(line), sample_m=5)
    assert faults == []
    assert told == [
        "elevation.tif: cells under the network that hold the largest value the raster can hold: 3; the ground may be higher. "
        "Give a raster with a wider type, or expect slopes there to be too gentle."
    ]
    assert heights(raster(tmp_path, values.astype("int16")), walked(line), sample_m=5)[2] == []
    assert heights(raster(tmp_path, values, nodata=255), walked(line), sample_m=5)[2] == []


def test_values_that_are_no_heights_are_unknown(tmp_path: Path, walked: Any) -> None:
    values = np.full((4, 4), 10, dtype="float32")
    values[2, 2] = -32768
    made, faults, told = heights(raster(tmp_path, values), walked([(5, 5), (15, 5)]))
    assert faults == []
    assert told == [
        "elevation.tif: cells near the network whose values are no heights, such as -32768: 1, taken as no data. "
        "Export the raster with its no-data value."
    ]
    assert made is not None
    assert np.isnan(made.values).sum() == 1
    assert np.isnan(made.values[2, 2])


def test_heights_that_are_all_too_high_are_told_of_where_none_is_left(tmp_path: Path, walked: Any) -> None:
    made, faults, _ = heights(raster(tmp_path, np.full((3, 3), 9001, "int16")), walked([(5, 5), (25, 5)]))
    assert made is None
    assert faults == [
        "elevation.tif: lines along which no height is known: 1 (20 m), the first of them row 1 of network.gpkg; heights "
        "below -500 or above 9000 m (9) were taken as no data: are they metres? Give a raster that covers the network, or let such "
        'lines count as flat: access.no_data = "flat".'
    ]


@pytest.mark.parametrize(("rise", "steep"), [(9, False), (11, True)])
def test_half_of_the_lines_are_steeper_than_a_street(tmp_path: Path, walked: Any, rise: int, steep: bool) -> None:
    # the ground rises eastward by so much a cell of 10 m; one line runs along the slope, two run up it
    values = np.tile(np.arange(6) * rise, (6, 1)).astype("int16")
    network = walked([(5, 5), (25, 5)], [(5, 15), (45, 15)], [(5, 25), (5, 45)])
    made, faults, told = heights(raster(tmp_path, values), network)
    assert made is not None
    assert faults == []
    assert told == (
        [
            "elevation.tif: half of the lines are steeper than 110%: the heights may not be metres. Export the heights "
            "in metres; a scale that the file states counts."
        ]
        if steep
        else []
    )


def test_grades_are_those_of_a_plane_whatever_lies_between_the_centres(tmp_path: Path, walked: Any) -> None:
    x, y = np.meshgrid(np.arange(6), np.arange(6))
    lines = walked([(7, 12), (31, 40)], [(11, 50), (11, 23)], [(52, 33), (80, 33)])  # the last one leaves the raster
    made, *_ = heights(raster(tmp_path, (2 * x + y).astype("int16")), lines)
    assert made is not None
    east, south = 0.2 * 24 + 0.1 * 28, 0.1 * 27
    assert grades(lines, made, FRAME) == pytest.approx([east / np.hypot(24, 28), south / 27])


def test_heights_come_from_the_first_band(tmp_path: Path, walked: Any) -> None:
    made, faults, told = heights(
        raster(tmp_path, np.stack([np.full((2, 2), v, "int16") for v in (7, 8)])), walked([(5, 5), (15, 5)])
    )
    assert faults == []
    assert told == [
        "elevation.tif: the raster has 2 bands; heights are taken from the first. Nothing to do if that is meant."
    ]
    assert made is not None
    assert made.values.tolist() == [[7, 7], [7, 7]]


def test_lines_without_a_known_height_are_a_fault_or_flat(tmp_path: Path, walked: Any) -> None:
    values = np.full((5, 20), 100, dtype="int16")
    values[:, 10:] = -1  # no data right of x = 100; cell centres at 95 and 105
    file = raster(tmp_path, values, nodata=-1)
    # the first line ends among known cells; the second has its first station between a known centre and an unknown one,
    # the third has none, and the fourth is driven on only
    lines = [[(5, 5), (150, 5)], [(104, 15), (180, 15)], [(105, 25), (180, 25)], [(105, 35), (180, 35)]]
    network = walked(*lines, kind=["footway", "footway", "footway", "motorway"])
    made, faults, told = heights(file, network)
    assert made is None
    assert told == []
    assert faults == [
        "elevation.tif: lines along which no height is known: 1 (75 m), the first of them row 3 of network.gpkg. Give a raster "
        'that covers the network, or let such lines count as flat: access.no_data = "flat".'
    ]
    made, faults, told = heights(file, network, no_data="flat")
    assert made is not None
    assert faults == []
    assert told == [
        "elevation.tif: lines along which no height is known: 1 (75 m), the first of them row 3 of network.gpkg. They count as "
        "flat (access.no_data)."
    ]


def test_of_a_bridge_only_the_ends_count(tmp_path: Path, walked: Any) -> None:
    values = np.full((3, 20), 100, dtype="int16")
    values[:, :4] = values[:, 16:] = -1
    file = raster(tmp_path, values, nodata=-1)
    line = [(5, 15), (195, 15)]
    assert heights(file, walked(line))[1] == []  # known in the middle
    assert len(heights(file, walked(line, span=[True]))[1]) == 1


def test_a_raster_that_covers_a_part_tells_how_much_lies_outside(tmp_path: Path, walked: Any) -> None:
    file = raster(tmp_path, np.full((10, 10), 5, dtype="int16"))
    # 100 m inside, 100 m outside; the border itself is inside
    network = walked([(0, 50), (100, 50)], [(150, 50), (250, 50)])
    _, faults, _ = heights(file, network)
    assert faults == [
        "elevation.tif: 50% of the network's length lies outside the raster; lines wholly outside: 1 (100 m), the first "
        'of them row 2 of network.gpkg. Give a raster that covers the network, or let such lines count as flat: access.no_data = "flat".'
    ]
    made, faults, told = heights(file, network, no_data="flat")
    assert made is not None
    assert (faults, len(told)) == ([], 1)


@pytest.mark.parametrize("no_data", ["fault", "flat"])
def test_a_raster_elsewhere_is_a_fault(tmp_path: Path, walked: Any, no_data: str) -> None:
    network = walked([(0, 50), (100, 50)])
    values = np.full((10, 10), 5, dtype="int16")
    wholly = "elevation.tif: the raster lies wholly outside the network (100% of its length). "
    far = raster(tmp_path, values, corner=(EAST + 40_000, NORTH))
    assert heights(far, network, no_data=no_data)[1] == [
        wholly + "Its middle lies 40 km from that of the network: give another raster, or correct its crs."
    ]
    metres = raster(tmp_path, values, crs="EPSG:4490")
    assert heights(metres, network, no_data=no_data)[1] == [
        wholly + "Its positions are metres, but EPSG:4490 counts in degrees: correct tables.elevation.crs."
    ]
    degrees = raster(tmp_path, values, transform=Affine(1e-4, 0, 105, 0, -1e-4, 29.8))
    assert heights(degrees, network, no_data=no_data)[1] == [
        wholly + "Its positions are degrees, but EPSG:4544 counts in metres: correct tables.elevation.crs."
    ]


def test_a_raster_that_no_line_crosses_is_a_fault_though_lines_go_round_it(tmp_path: Path, walked: Any) -> None:
    file = raster(tmp_path, np.full((10, 10), 5, dtype="int16"), corner=(EAST + 200, NORTH - 200))
    network = walked([(0, 0), (0, 500), (500, 500)])
    assert heights(file, network, no_data="flat")[1] == [
        "elevation.tif: the raster lies wholly outside the network (100% of its length). Give a raster that covers the "
        "network."
    ]


def test_a_raster_in_degrees_lies_under_a_network_in_metres(tmp_path: Path, walked: Any) -> None:
    network = walked([(5, 15), (95, 15)])
    lon, lat = System(FRAME, "metres").lonlat(np.array([EAST, EAST + 100]), np.array([NORTH, NORTH - 30]))
    place = Affine((lon[1] - lon[0]) / 10, 0, lon[0], 0, (lat[1] - lat[0]) / 3, lat[0])
    values = np.full((3, 10), 255, dtype="uint8")
    values[[0, 2]] = 9  # the line runs along the middle row
    made, faults, told = heights(raster(tmp_path, values, crs="EPSG:4490", transform=place), network, sample_m=2)
    assert made is not None
    assert made.crs == "EPSG:4490"
    assert faults == []
    assert [w.split(";")[0].split(": ")[-1] for w in told] == ["10"]


def test_the_system_must_be_stated_and_can_be_declared(tmp_path: Path, walked: Any) -> None:
    network = walked([(5, 15), (95, 15)])
    file = raster(tmp_path, np.zeros((3, 10), "int16"), crs=None)
    assert [f.split(" Write")[0] for f in heights(file, network)[1]] == [
        "instance.toml, tables.elevation.crs: the coordinate system of elevation.tif is not stated."
    ]
    made, faults, _ = heights(file, network, crs=FRAME)
    assert faults == []
    assert made is not None
    assert made.crs == FRAME
    made, *_ = heights(file, network, frame="local", crs="local")
    assert made is not None
    assert made.crs == "local"
    assert heights(file, network, frame="local", crs=FRAME)[1] == [
        "instance.toml, tables.elevation.crs = EPSG:4544: heights in EPSG:4544 cannot be laid under a network in local. Give "
        "the raster in degrees or metres of a system that has an EPSG number, or all tables as local."
    ]


def test_a_file_that_is_no_raster_and_one_without_a_place_are_faults(tmp_path: Path, walked: Any) -> None:
    network = walked([(5, 15), (95, 15)])
    (tmp_path / "elevation.tif").write_bytes(b"no raster")
    (fault,) = heights(MapFile(tmp_path / "elevation.tif", "elevation.tif"), network)[1]
    assert fault.startswith("elevation.tif: the file is damaged or incomplete (")
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        file = raster(tmp_path, np.zeros((3, 10), "int16"), transform=Affine.identity())
    assert heights(file, network)[1] == [
        "elevation.tif: the raster does not say where its cells lie. Export it again with its georeference."
    ]
