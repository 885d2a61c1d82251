"""Real networks, read whole: minutes are networkx's shortest paths."""

from __future__ import annotations

import gzip
import io
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from walked_network import WalkedNetwork

import panhuo
from panhuo.access import catchments, standards

DATA = os.environ.get("PANHUO_DATA", "")
pytestmark = pytest.mark.skipif(not DATA, reason="PANHUO_DATA is not set: the public networks are not here")

POINTS, SITES = 40, 25
LONGEST_MIN = 600
CLOSE = 1e-6
TABLES = {
    "circles.csv": "circle,name\nall,All\n",
    "profiles.csv": (
        "profile,speed_km_h,climbs_stairs,max_grade,groups\nadult,4.5,yes,,adult\nstep_free,2.8,no,0.0833,step_free\n"
    ),
    "services.csv": f"service,class,measure,standard_min,min_area_m2\nclinic,basic,minutes,{LONGEST_MIN},100\n",
    "costs.csv": "service,mode,item,capital_cny_per_m2\nclinic,convert,fit_out,1000\n",
    "funds.csv": "fund,party,cap_cny\ncity,government,1000000\n",
    "eligibility.csv": "fund\ncity\n",
}


@dataclass(frozen=True)
class City:
    """Where a network lies and what else its instance says; edges is its least number of edges."""

    frame: str
    tables: str
    edges: int


OSM = '[tables.network]\nfile = "$PANHUO_DATA/{file}"\ncrs = "EPSG:4326"\n'
PORTO_ALEGRE = OSM.format(file="r5r_porto_alegre/poa_osm.pbf")
RELIEF = '[tables.elevation]\nfile = "$PANHUO_DATA/r5r_porto_alegre/poa_elevation.tif"\ncrs = "EPSG:4326"\n'
CHICAGO = (
    '[tables.network]\nfile = "$PANHUO_DATA/chicago_health_walk/south_side_walk_edges.csv.gz"\n'
    'columns = { from = "from", to = "to", length_m = "distance", kind = "highway" }\n'
    '[tables.nodes]\nfile = "$PANHUO_DATA/chicago_health_walk/south_side_walk_nodes.csv.gz"\ncrs = "EPSG:4326"\n'
)
CITIES = {
    "helsinki": City("EPSG:3067", OSM.format(file="helsinki_osm/Helsinki.osm.pbf"), 3_000),
    "chicago": City("EPSG:26916", CHICAGO, 24_000),
    "porto_alegre": City("EPSG:31982", PORTO_ALEGRE, 20_000),
    "porto_alegre_with_slopes": City("EPSG:31982", PORTO_ALEGRE + RELIEF, 20_000),
}


def corners(city: str) -> np.ndarray:
    """Longitude and latitude of the places the streets of a city bend or meet at."""
    if city == "chicago":
        packed = Path(DATA, "chicago_health_walk", "south_side_walk_nodes.csv.gz").read_bytes()
        return pd.read_csv(io.BytesIO(gzip.decompress(packed)))[["lon", "lat"]].to_numpy()
    file = "helsinki_osm/Helsinki.osm.pbf" if city == "helsinki" else "r5r_porto_alegre/poa_osm.pbf"
    lines = pyogrio.read_dataframe(Path(DATA, file), layer="lines", columns=["highway"])
    return shapely.get_coordinates(lines.geometry[lines["highway"].notna()].to_numpy())


def write(folder: Path, city: str) -> None:
    """Write an instance whose points lie up to 40 m beside the streets of a city; only the largest piece is walked on."""
    draw = np.random.default_rng(20260501)
    every = corners(city)
    at = every[draw.choice(len(every), POINTS + SITES, replace=False)] + draw.uniform(-4e-4, 4e-4, (POINTS + SITES, 2))
    table = pd.DataFrame({"id": [f"P{n}" for n in range(len(at))], "x": at[:, 0], "y": at[:, 1], "circle": "all"})
    people = table[:POINTS].assign(people_adult=10, people_step_free=1)
    people.to_csv(folder / "demand.csv", index=False)
    table[POINTS:].assign(area_m2=150).to_csv(folder / "sites.csv", index=False)
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    located = "".join(f'[tables.{name}]\ncrs = "EPSG:4326"\n' for name in ("demand", "sites"))
    head = f'title = "{city}"\nmetric_crs = "{CITIES[city].frame}"\n[access]\nmethod = "network"\nno_data = "flat"\nisland_m = 10000\n'
    (folder / "instance.toml").write_text(head + located + CITIES[city].tables, encoding="utf-8")


@pytest.mark.parametrize("city", [c if c == "helsinki" else pytest.param(c, marks=pytest.mark.slow) for c in CITIES])
def test_minutes_are_shortest_paths(city, tmp_path, monkeypatch):
    """A thousand pairs of each network and profile, before minutes are rounded to a thousandth."""
    monkeypatch.setattr(standards, "ROUNDING", 9)
    write(tmp_path, city)
    instance = panhuo.read(tmp_path)
    assert len(instance.network.start) >= CITIES[city].edges
    travel = catchments(instance).travel
    demand, sites = instance["demand"], instance["sites"]
    points = {r.id: (r.x_m, r.y_m) for table in (demand, sites) for r in table.itertuples()}
    for profile in ("adult", "step_free"):
        walked = WalkedNetwork(instance, profile, points)
        expected = np.full((POINTS, SITES), np.inf)
        for s, place in enumerate(sites["id"]):
            found = walked.minutes_to(place)
            expected[:, s] = [found.get(point, np.inf) for point in demand["id"]]
        stored = travel.minutes[profile].tocoo()
        minutes = np.full((POINTS, SITES), np.inf)
        minutes[stored.row, stored.col] = stored.data
        assert np.array_equal(np.isfinite(minutes), expected <= LONGEST_MIN + CLOSE)
        near = np.isfinite(minutes)
        # on hills, and heights in whole metres, few ways are nowhere steeper than 1:12
        assert near.mean() > (0.5 if profile == "adult" else 0.05)
        assert np.abs(minutes[near] - expected[near]).max() <= CLOSE


def test_slopes_slow_people_down(tmp_path):
    """With heights nobody of Porto Alegre gets farther than on the flat, but for gentle ways down."""
    means = []
    for city in ("porto_alegre", "porto_alegre_with_slopes"):
        (tmp_path / city).mkdir()
        write(tmp_path / city, city)
        means.append(catchments(panhuo.read(tmp_path / city)).minutes["adult"].data.mean())
    assert means[1] > means[0] * 1.05
