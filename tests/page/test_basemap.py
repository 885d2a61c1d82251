"""A basemap: tiles of the address that is named, where they belong, and nothing else."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import panhuo
from panhuo.cli.app import main
from panhuo.instance import Instance, InstanceError
from panhuo.instance.position import systems
from panhuo.instance.position.coordinates import wgs84_to_gcj02
from panhuo.result import Basemap, Result
from panhuo.result.page.document import write_page
from panhuo.result.page.frame import Frame

from .conftest import INSTANCES, Open

TILES = "https://tiles.example/{z}/{x}/{y}.png"
PLACE = np.array([[105.7, 29.7], [105.75, 29.74]])


@pytest.fixture
def placed(toy: Instance) -> Instance:
    """The toy, somewhere on the globe: two of its demand points at :data:`PLACE`."""
    east, north = systems.from_lonlat("EPSG:4544", *PLACE.T)
    tables = {
        name: frame.assign(x_m=np.resize(east, len(frame)), y_m=np.resize(north, len(frame)))
        if "x_m" in frame
        else frame
        for name, frame in toy.tables.items()
    }
    return replace(toy, tables=tables, metric_crs="EPSG:4544")


def _tile(lon: float, lat: float, level: int) -> tuple[float, float]:
    """Give the tile a position lies in, and where in it, as everyone counts them (from the northwest)."""
    north = math.asinh(math.tan(math.radians(lat)))
    return (lon / 360 + 0.5) * 2**level, (0.5 - north / (2 * math.pi)) * 2**level


@pytest.mark.parametrize("url", [TILES, "https://wprd01.is.autonavi.com/appmaptile?x={x}&y={y}&z={z}&style=7"])
def test_positions_lie_on_their_tiles(placed: Instance, url: str) -> None:
    frame = Frame.of(placed, Basemap(url))
    tiles = frame.tiles()
    lonlat = wgs84_to_gcj02(*PLACE.T) if "autonavi" in url else PLACE.T
    for (x, y), lon, lat in zip(frame.at(placed["demand"][["x_m", "y_m"]].to_numpy()[:2]), *lonlat, strict=True):
        for level in (10, 17):
            side = tiles.initial_resolution / 2**level * tiles.tile_size
            found = (x + tiles.x_origin_offset) / side, 2**level - (y + tiles.y_origin_offset) / side
            assert found == pytest.approx(_tile(lon, lat, level), abs=1 / side)
    assert {"{X}", "{Y}", "{Z}"} <= {tiles.url[i : i + 3] for i in range(len(tiles.url))}


def test_metres_stay_metres(placed: Instance) -> None:
    """What is 6.6 km apart on the ground is so on the map, though Web Mercator makes it 7.6 km."""
    ends = placed["demand"][["x_m", "y_m"]].to_numpy()[:2]
    apart = np.hypot(*np.diff(Frame.of(placed, Basemap(TILES)).at(ends), axis=0)[0])
    assert apart == pytest.approx(np.hypot(*np.diff(ends, axis=0)[0]), rel=0.005)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("tiles.example/{z}/{x}/{y}.png", "must begin with http:// or https://"),
        ("javascript:alert(1)//{z}{x}{y}", "must begin with http:// or https://"),
        ("https://me:secret@tiles.example/{z}/{x}/{y}.png", "the name of one server"),
        ("https://a.example; script-src *//{z}/{x}/{y}", "the name of one server"),
        ("https://{s}.tiles.example/{z}/{x}/{y}.png", "the name of one server"),
        ("http://[::1/{z}/{x}/{y}.png", "the name of one server"),
        ("https://tiles.example/{z}/{x}.png", "must hold {z}, {x} and {y}"),
        ("https://tiles.example/{z}/{x}/{y}.png?k={key}", "nothing else in braces"),
        ("https://online1.map.bdimg.com/tile/?x={x}&y={y}&z={z}", "a projection of their own"),
    ],
)
def test_addresses_at_fault(url: str, said: str) -> None:
    with pytest.raises(InstanceError) as caught:
        Basemap(url)
    assert said in str(caught.value.faults[0])
    assert "--basemap" in str(caught.value.faults[0])


def test_local_metres_have_no_basemap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toy, out = str(INSTANCES / "toy"), tmp_path / "out"
    assert main(["evaluate", toy, "-o", str(out), "--basemap", TILES, "--lang", "en"]) == 2
    assert "where on the globe they lie is not known" in capsys.readouterr().err
    assert not out.exists()
    assert main(["evaluate", toy, "--basemap", TILES]) == 2
    assert main(["evaluate", toy, "-o", str(out), "--quiet"]) == 0
    old = (out / "report.html").read_bytes()
    assert main(["report", str(out), "--basemap", TILES]) == 2
    assert (out / "report.html").read_bytes() == old


@pytest.mark.parametrize("turned", [False, True])
def test_tiles_come_from_the_address_alone(
    placed: Instance, opened: Open, tiles: Any, tmp_path: Path, turned: bool
) -> None:
    found: Result = panhuo.evaluate(placed)
    url = tiles.url.replace("{y}", "{-y}") if turned else tiles.url
    write_page(found, tmp_path / "map.html", basemap=Basemap(url, "<b>© us</b>"))
    with opened(tmp_path / "map.html", allowed=tiles.url.split("{")[0]) as at:
        deadline = time.monotonic() + 20
        while len(tiles.asked) < 4 and time.monotonic() < deadline:
            at.page.wait_for_timeout(50)
        assert at.page.inner_text(".credit") == "<b>© us</b>"
        at.page.click("[data-layer=basemap]")
        at.run("window.dispatchEvent(new Event('beforeprint'))")
        assert at.page.locator(".print-map").count() == 1
    lon, lat = PLACE.mean(axis=0)
    for z, x, y in tiles.asked:
        column, row = _tile(lon, lat, z)
        row = 2**z - row if turned else row
        assert abs(x - column) < 6
        assert abs(y - row) < 6
    assert len(tiles.asked) > 3
