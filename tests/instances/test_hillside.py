"""The hilly quarter: made again alike, and a plan that straight lines do not find."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from walked_network import WalkedNetwork

import panhuo
from panhuo.access import catchments

HILLSIDE = Path(__file__).resolve().parents[2] / "instances" / "hillside"
STRAIGHT = HILLSIDE / "proposals" / "straight.toml"
PROMISED = {"canteen": (1_400, 5_715), "clinic": (11_292, 24_867)}
WALKED = {"canteen": (900, 3_354), "clinic": (7_308, 16_190)}


@pytest.fixture(scope="module")
def instance() -> panhuo.Instance:
    return panhuo.read(HILLSIDE)


@pytest.fixture(scope="module")
def network(instance):
    return panhuo.solve(instance, gap=0.0, threads=1)


@pytest.fixture(scope="module")
def straight():
    return panhuo.solve(panhuo.read(HILLSIDE, proposal=STRAIGHT), gap=0.0, threads=1)


def people(result) -> dict[str, tuple[float, float]]:
    """Persons before and after, by service."""
    table = result.coverage.groupby("service")[["before_persons", "after_persons"]].sum()
    return {service: tuple(row) for service, row in zip(table.index, table.to_numpy(), strict=True)}


def rooms(result) -> set[tuple[str, str]]:
    return set(zip(result.plan["site"], result.plan["service"], strict=True))


def test_the_builder_makes_the_same_again(tmp_path):
    """Tables byte for byte; lines vertex for vertex and heights cell for cell."""
    subprocess.run([sys.executable, HILLSIDE / "build.py", tmp_path], check=True, timeout=120)
    for name in ("demand", "sites", "existing", "circles"):
        assert (tmp_path / f"{name}.csv").read_bytes() == (HILLSIDE / f"{name}.csv").read_bytes()
    again, lines = (gpd.read_file(folder / "network.gpkg") for folder in (tmp_path, HILLSIDE))
    assert again.drop(columns="geometry").equals(lines.drop(columns="geometry"))
    assert again.geometry.geom_equals_exact(lines.geometry, 0).all()
    assert again.crs == lines.crs
    with rasterio.open(tmp_path / "elevation.tif") as made, rasterio.open(HILLSIDE / "elevation.tif") as kept:
        assert np.array_equal(made.read(1), kept.read(1))
        assert (made.transform, made.crs) == (kept.transform, kept.crs)


def test_the_folder_is_small():
    kept = [f for f in HILLSIDE.rglob("*") if f.is_file() and "__pycache__" not in f.parts]
    assert sum(f.stat().st_size for f in kept) < 400_000


def test_it_is_hilly_and_bridges_touch_nothing_below(instance):
    net, heights = instance.network, instance.elevation.values
    assert np.ptp(heights) > 60
    assert net.stairs.sum() >= 82
    assert net.span.sum() == 2  # neither bridge is cut by the paths below it
    assert len(net.component_m) == 1


def test_every_minute_is_a_shortest_path(instance):
    """All pairs of all profiles, by networkx."""
    demand, sites, existing = (instance[name] for name in ("demand", "sites", "existing"))
    points = {r.id: (r.x_m, r.y_m) for table in (demand, sites, existing) for r in table.itertuples()}
    reach = catchments(instance)
    for profile, minutes in reach.minutes.items():
        walked = WalkedNetwork(instance, profile, points)
        expected = np.full(minutes.shape, np.inf)
        for column, place in enumerate(reach.places["place"]):
            found = walked.minutes_to(place, limit=16.0)
            expected[:, column] = [found.get(point, np.inf) for point in demand["id"]]
        expected[np.round(expected, 3) > 15.0] = np.inf
        stored = np.full(minutes.shape, np.inf)
        at = minutes.tocoo()
        stored[at.row, at.col] = at.data
        assert np.array_equal(np.isfinite(stored), np.isfinite(expected))
        near = np.isfinite(stored)
        assert np.abs(stored[near] - expected[near]).max() <= 5e-4 + 1e-6


def test_both_plans_are_verified_and_proven(network, straight):
    for result in (network, straight):
        assert result.run["verified"]
        assert all(stage["gap"] <= 1e-6 for stage in result.run["stages"])
    assert people(network) == WALKED
    assert people(straight) == PROMISED


def test_the_plans_differ_and_straight_lines_do_not_keep_their_promise(instance, network, straight):
    assert rooms(network) != rooms(straight)
    walked = panhuo.evaluate(instance, straight.plan[["site", "mode", "service"]])
    gained = {
        name: sum(after - before for before, after in people(result).values())
        for name, result in (("promised", straight), ("kept", walked), ("network", network))
    }
    assert gained["kept"] < 0.4 * gained["promised"]
    assert gained["network"] > 1.6 * gained["kept"]
    assert network.plan["capital_cny"].sum() <= straight.plan["capital_cny"].sum()
