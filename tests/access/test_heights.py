"""Heights between cells, by hand and against scipy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyproj
import pytest
from scipy.interpolate import RegularGridInterpolator
from streets import network

from panhuo.access.heights import bilinear, relief
from panhuo.access.shapes import measured
from panhuo.instance.maps import Raster

nan = np.nan


def raster(values: list[list[float]], size: float = 10.0) -> Raster:
    """Cells of 10 m, the lower left corner at the origin."""
    held = np.array(values, dtype=np.float32)
    return Raster(held, (size, 0.0, 0.0, 0.0, -size, size * len(held)), "local", "dem.tif")


def test_between_centres_at_the_border_and_outside() -> None:
    four = raster([[1, 2], [3, 4]])
    xy = np.array([(5, 15), (15, 5), (10, 10), (10, 15), (0, 20), (2, 7), (20, 0), (20.1, 5), (5, -0.1)], dtype=float)
    found = bilinear(four, xy, "local")
    assert found[:7].tolist() == pytest.approx([1, 4, 2.5, 1.5, 1, 2.6, 4])
    assert np.isnan(found[7:]).all()


def test_cells_without_data_weigh_nothing() -> None:
    hole = raster([[1, nan], [3, 4]])
    xy = np.array([(10, 10), (15, 15), (12.5, 15), (14, 14)], dtype=float)
    found = bilinear(hole, xy, "local")
    assert found[0] == pytest.approx((1 + 3 + 4) / 3)
    assert np.isnan(found[1]), "on the centre of the hole nothing else weighs"
    assert found[2] == pytest.approx(1), "between the hole and its neighbour"
    assert found[3] == pytest.approx((0.1 * 0.9 * 1 + 0.1 * 0.1 * 3 + 0.9 * 0.1 * 4) / (0.09 + 0.01 + 0.09))


def test_as_scipy_finds_it() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(0, 50, (20, 30)).astype(np.float32)
    xy = rng.uniform((5, 5), (295, 195), (500, 2))
    centres = np.arange(20) * 10.0 + 5, np.arange(30) * 10.0 + 5
    expected = RegularGridInterpolator(centres, values[::-1].astype(float))(xy[:, ::-1])
    assert bilinear(raster(values.tolist()), xy, "local") == pytest.approx(expected, abs=1e-9)


def test_a_raster_in_degrees_under_a_metric_network() -> None:
    """Heights are a plane in longitude: found again at the positions turned to degrees."""
    lon = 120 + (np.arange(100) + 0.5) * 0.001
    held = np.tile((lon - 120) * 1000, (50, 1)).astype(np.float32)
    degrees = Raster(held, (0.001, 0, 120, 0, -0.001, 30.05), "EPSG:4326", "dem.tif")
    at = np.array([(120.0123, 30.01), (120.0777, 30.04)])
    x, y = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:32651", always_xy=True).transform(*at.T)
    found = bilinear(degrees, np.column_stack([x, y]), "EPSG:32651")
    assert found == pytest.approx([12.3, 77.7], abs=1e-3)


def test_stations() -> None:
    """45 m at 20 m: three pieces. What is unknown lies on a line between known ones, beyond them it stays as high."""
    street = network({"at": [(2.5, 5), (47.5, 5)]})
    ramp = raster([[0, 1, 2, 3, 4]])

    def grades(ground: Raster | None, **more: object) -> list[float]:
        net = replace(street, **more)
        return relief(net, measured(net), ground, 20, "local").grade.tolist()

    # stations at 2.5 (half a cell from the border: 0), 17.5, 32.5, 47.5 (4): heights 0, 1.25, 2.75, 4
    assert grades(ramp) == pytest.approx([1.25 / 15, 1.5 / 15, 1.25 / 15])
    assert grades(None) == [0.0]
    assert grades(ramp, length_m=np.array([90.0])) == pytest.approx([1.25 / 30, 1.5 / 30, 1.25 / 30])
    assert grades(ramp, span=np.array([True])) == pytest.approx([4 / 45])
    assert grades(ramp, walk=np.array([False])) == [0.0]
    gap = replace(ramp, values=np.array([[0, nan, nan, 3, 4]], dtype=np.float32))
    # the station at 17.5 weighs cells 1 and 2 only: unknown, so on the line from 0 to 3 at 32.5
    assert grades(gap) == pytest.approx([1.5 / 15, 1.5 / 15, 1 / 15])
    end = replace(ramp, values=np.array([[nan, nan, nan, 3, 4]], dtype=np.float32))
    assert grades(end) == pytest.approx([0, 0, 1 / 15])
    assert grades(replace(ramp, values=np.full((1, 5), nan, dtype=np.float32))) == [0.0, 0.0, 0.0]


def test_neighbouring_edges_lend_each_other_no_heights() -> None:
    """The second edge knows none: it is flat, whatever the first and the third know."""
    ground = raster([[0, 1, nan, nan, nan, 9, 10]])
    net = network({"at": [(5, 5), (15, 5)]}, {"at": [(30, 5), (40, 5)]}, {"at": [(55, 5), (65, 5)]})
    assert relief(net, measured(net), ground, 20, "local").grade.tolist() == pytest.approx([0.1, 0.0, 0.1])


def test_whole_pieces_are_not_cut_by_rounding() -> None:
    """20 m far from the origin measure a hair more than 20 m: one piece."""
    net = network({"at": [(400_000.1, 5), (400_020.1, 5)]})
    assert float(measured(net).length_m[0]) == pytest.approx(20, abs=1e-7)
    far = Raster(np.zeros((1, 5), dtype=np.float32), (10, 0, 400_000, 0, -10, 10), "local", "dem.tif")
    assert len(relief(net, measured(net), far, 20, "local").grade) == 1
