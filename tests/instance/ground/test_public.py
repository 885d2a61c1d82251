"""Real networks read whole: counted again by readers of our own."""

from __future__ import annotations

import gzip
import io
import itertools
import os
from collections import Counter
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import osm_pbf
import pandas as pd
import pytest

from panhuo.instance import read

DATA = os.environ.get("PANHUO_DATA", "")
pytestmark = pytest.mark.skipif(not DATA, reason="PANHUO_DATA names no folder of public data")

TABLES = {
    "services.csv": "service,class,measure,standard_min,min_area_m2\nclinic,basic,minutes,15,100\n",
    "costs.csv": "service,mode,item,capital_cny_per_m2\nclinic,convert,fit_out,1000\n",
    "funds.csv": "fund,party,cap_cny\ncity,government,1000000\n",
    "eligibility.csv": "fund\ncity\n",
}


def instance_on(path: Path, toml: str, at: tuple[float, float], access: str = "") -> Any:
    """Read an instance of one point and one room on a network."""
    lon, lat = at
    for name, content in TABLES.items():
        (path / name).write_text(content, encoding="utf-8")
    (path / "demand.csv").write_text(f"id,x,y,circle,people_adult\nd,{lon},{lat},one,5\n", encoding="utf-8")
    (path / "sites.csv").write_text(
        f"id,x,y,circle,ownership,area_m2\ns,{lon},{lat},one,collective,100\n", encoding="utf-8"
    )
    places = "".join(f'[tables.{t}]\ncrs = "EPSG:4326"\n' for t in ("demand", "sites"))
    (path / "instance.toml").write_text(f'title = "t"\n[access]\n{access}\n{toml}{places}', encoding="utf-8")
    return read(path)


def segments(extract: Any) -> tuple[list[list[tuple[int, int]]], Counter[str]]:
    """Take the ways somebody walks or drives on as lists of positions; the rules are written out for the two extracts."""
    shut, opened = {"no", "private", "use_sidepath"}, {"yes", "designated", "permissive", "destination", "customers"}
    unwalked = {"motorway", "motorway_link", "construction", "proposed", "rest_area"}
    driven = {"motorway", "motorway_link", "primary", "primary_link", "secondary", "secondary_link", "tertiary"}
    driven |= {"tertiary_link", "unclassified", "residential", "service", "living_street", "track", "road"}
    ways, kinds = [], Counter()
    for refs, tags in extract.ways.values():
        at = [extract.nodes[i] for i in refs if i in extract.nodes]
        kind, foot, access = (tags.get(k, "") for k in ("highway", "foot", "access"))
        if not kind or len(at) < 2 or tags.get("area") == "yes":
            continue
        kinds[kind] += 1
        walks = kind not in unwalked and (foot in opened or not {foot, access} & shut)
        walks |= kind.startswith("motorway") and foot in opened
        drives = kind in driven and (tags.get("motor_vehicle") or tags.get("vehicle") or access) not in shut
        if walks or drives:
            ways.append(at)
    return ways, kinds


@pytest.mark.parametrize(
    ("file", "at", "stated"),
    [
        ("r5r_porto_alegre/poa_osm.pbf", (-51.22, -30.04), (43264, 15886, 2083, 413)),
        ("helsinki_osm/Helsinki.osm.pbf", (24.944, 60.171), (24260, 2650, 1097, 141)),
    ],
    ids=["porto_alegre", "helsinki"],
)
def test_extracts_are_read_whole(tmp_path: Path, file: str, at: tuple[float, float], stated: tuple[int, ...]) -> None:
    extract = osm_pbf.read(Path(DATA, file))
    of_ways = Counter(tags["highway"] for _, tags in extract.ways.values() if "highway" in tags)
    assert (len(extract.nodes), of_ways.total(), of_ways["footway"], of_ways["steps"]) == stated  # as SOURCE.txt says
    ways, kinds = segments(extract)
    toml = f'[tables.network]\nfile = "$PANHUO_DATA/{file}"\n'
    instance = instance_on(tmp_path, toml, at, "join_m = 0\nisland_m = 0")
    network = instance.network
    assert Counter(instance["network"]["kind"]) == kinds
    # nodes: ends of ways, and positions that ways pass twice in all; edges: what lies between two nodes of a way
    passed = Counter(position for way in ways for position in way)
    nodes = {p for p, times in passed.items() if times > 1} | {way[i] for way in ways for i in (0, -1)}
    assert len(network.xy) == len(nodes)
    assert len(network.start) == sum(sum(p in nodes for p in way) - 1 for way in ways)
    graph = nx.Graph(pair for way in ways for pair in itertools.pairwise(way))
    assert len({*network.start, *network.end}) == sum(p in nodes for p in graph)
    # lengths on the ground against great circles: the projection stretches by less than 1 in 1000
    assert network.length_m.sum() == pytest.approx(sum(map(great_circle_m, ways)), rel=3e-3)


def great_circle_m(way: list[tuple[int, int]]) -> float:
    lon, lat = np.radians(np.array(way, dtype=float).T / 1e7)
    half = np.sin(np.diff(lat) / 2) ** 2 + np.cos(lat[1:]) * np.cos(lat[:-1]) * np.sin(np.diff(lon) / 2) ** 2
    return float(2 * 6371008.8 * np.arcsin(np.sqrt(half)).sum())


def test_the_heights_of_porto_alegre_are_read(tmp_path: Path) -> None:
    toml = (
        '[tables.network]\nfile = "$PANHUO_DATA/r5r_porto_alegre/poa_osm.pbf"\n'
        '[tables.elevation]\nfile = "$PANHUO_DATA/r5r_porto_alegre/poa_elevation.tif"\n'
    )
    instance = instance_on(tmp_path, toml, (-51.22, -30.04), 'no_data = "flat"')
    assert instance.elevation.crs == "EPSG:4326"
    heights = instance.elevation.values  # noqa: PD011 (no table)
    assert heights.shape == (403, 413)
    assert (heights.min(), heights.max()) == (0, 255)
    assert any("2.9% of the network's length lies outside the raster" in str(w) for w in instance.warnings)


def test_the_graph_of_chicago_is_read_whole(tmp_path: Path) -> None:
    folder = Path(DATA, "chicago_health_walk")
    toml = (
        '[tables.network]\nfile = "$PANHUO_DATA/chicago_health_walk/south_side_walk_edges.csv.gz"\n'
        '[tables.nodes]\nfile = "$PANHUO_DATA/chicago_health_walk/south_side_walk_nodes.csv.gz"\ncrs = "EPSG:4326"\n'
    )
    edges, nodes = (
        pd.read_csv(io.BytesIO(gzip.decompress((folder / f"south_side_walk_{n}.csv.gz").read_bytes())))
        for n in ("edges", "nodes")
    )
    place = dict(zip(nodes["id"], zip(nodes["lon"], nodes["lat"], strict=True), strict=True))
    apart = edges[[place[a] != place[b] for a, b in zip(edges["from"], edges["to"], strict=True)]]
    instance = instance_on(tmp_path, toml, place[apart["from"].iloc[0]], "join_m = 0\nisland_m = 0")
    network = instance.network
    assert (len(instance["nodes"]), len(instance["network"])) == (15798, 24166)
    assert len(network.start) == len(apart)
    assert network.length_m.sum() == pytest.approx(apart["distance"].sum())
    graph = nx.Graph([(place[a], place[b]) for a, b in zip(apart["from"], apart["to"], strict=True)])
    assert len(network.xy) == len(graph)
    largest = max(nx.connected_components(graph), key=len)
    assert (network.component == 0).sum() == len(largest) == 15723  # as SOURCE.txt says
    assert len(network.component_m) == nx.number_connected_components(graph)
