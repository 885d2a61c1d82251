"""Networks out of files: layers, extracts, tables of edges; and everything that may be wrong with them."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from panhuo.instance import Instance, InstanceError, read

# in the frame of the folder (EPSG:4544): a street past all six demand points, a path that ends 0.3 m short of it, stairs
STREET, PATH, STAIRS, TRACK = (
    [(570000, 3287000), (571500, 3287000), (572400, 3287000)],
    [(570500, 3287000.3), (570500, 3287400)],
    [(571500, 3287000), (571500, 3287100)],
    [(570000, 3300000), (570100, 3300000)],
)
KINDS = ["residential", "footway", "steps", "footway"]


def layer(path: Path, name: str, crs: str | None = "EPSG:4544", shapes: Any = None, **columns: Any) -> Path:
    drawn = shapes or [shapely.LineString(s) for s in (STREET, PATH, STAIRS, TRACK)]
    frame = gpd.GeoDataFrame({"highway": KINDS[: len(drawn)], **columns}, geometry=drawn, crs="EPSG:4544")
    if name.endswith("geojson"):
        frame = frame.to_crs("EPSG:4326")
    if crs is None:
        frame = frame.set_crs(None, allow_override=True)
    elif not name.endswith("geojson"):
        frame = frame.to_crs(crs)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'crs' was not provided")  # as planners leave it out
        frame.to_file(path / name, engine="pyogrio")
    return path / name


@pytest.fixture
def street(folder: Any) -> Any:
    """The six points of the folder with a street along them."""
    folder.write()
    return folder


def told(path: Path) -> list[str]:
    with pytest.raises(InstanceError) as caught:
        read(path)
    return [str(f) for f in caught.value.faults]


def warned(instance: Instance) -> list[str]:
    return [str(w) for w in instance.warnings if "network" in str(w) or "elevation" in str(w)]


@pytest.mark.parametrize("name", ["network.gpkg", "network.shp", "network.geojson", "步行路网.gpkg"])
def test_a_layer_of_lines_becomes_a_network(street: Any, name: str) -> None:
    layer(street.path, name)
    instance = read(street.path)
    network = instance.network
    assert network is not None
    assert instance.metric_crs == "EPSG:4544"
    assert instance.settings.access.method == "network"
    assert network.file == name
    # the street is cut at the stairs and where the path is joined; the island of 100 m is left out
    assert sorted(network.length_m.round(2)) == [0.3, 100, 399.7, 500, 900, 1000]
    assert network.stairs.sum() == 1
    assert network.component_m.tolist() == pytest.approx([2900], abs=0.01)
    assert sorted(set(network.row)) == [1, 2, 3]
    assert warned(instance) == [
        f"{name}: pieces of the network that are joined to nothing and shorter than 1000 m: 1, 100 m in all; nobody "
        "walks there. Join them in the file, or change access.island_m or access.join_m."
    ]


def test_shapefiles_of_openstreetmap_are_read_as_they_come(street: Any) -> None:
    """Words of Geofabrik: B, F, T of one-way streets; a speed of 0 is not known."""
    shapes = [shapely.LineString(s) for s in (STREET, PATH, STAIRS)]
    columns = {"fclass": KINDS[:3], "oneway": ["F", "B", "T"], "maxspeed": [0, 0, 30], "bridge": ["T", "F", "F"]}
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4544")
    frame.to_file(street.path / "network.shp", engine="pyogrio")
    network = read(street.path).network
    assert network is not None
    by_row = {int(r): network.drive_km_h[:, i].tolist() for i, r in enumerate(network.row) if network.length_m[i] > 1}
    assert by_row == {1: [20, 0], 2: [0, 0], 3: [0, 30]}
    assert set(network.row[network.span]) == {1}


def test_every_system_leads_to_the_same_place(street: Any) -> None:
    layer(street.path, "network.gpkg")
    metres = read(street.path).network
    layer(street.path, "network.gpkg", "EPSG:4490")
    degrees = read(street.path).network
    assert metres is not None
    assert degrees is not None
    assert np.abs(metres.xy - degrees.xy).max() <= 0.001
    street.crs["network"] = "GCJ-02"  # the same numbers mean another place
    street.write_toml()
    shifted = read(street.path).network
    assert shifted is not None
    assert 300 < np.hypot(*(shifted.xy - metres.xy).T).min() < 700


def test_an_extract_of_openstreetmap_becomes_a_network(street: Any) -> None:
    nodes = {
        1: (105.7236, 29.7022),
        2: (105.7400, 29.7022),
        3: (105.7476, 29.7022),
        4: (105.7400, 29.7100),
        5: (105.73, 29.7),
    }
    ways = {11: ("residential", [1, 2, 3]), 12: ("steps", [2, 4]), 13: ("construction", [1, 5])}
    lines = [f'<node id="{i}" lon="{x}" lat="{y}" version="1"/>' for i, (x, y) in nodes.items()]
    for number, (kind, of) in ways.items():
        refs = "".join(f'<nd ref="{i}"/>' for i in of)
        lines.append(f'<way id="{number}" version="1">{refs}<tag k="highway" v="{kind}"/></way>')
    (street.path / "network.osm").write_text(f'<osm version="0.6">{"".join(lines)}</osm>', encoding="utf-8")
    instance = read(street.path)
    network = instance.network
    assert network is not None
    assert network.row.tolist() == [11, 11, 12]
    assert network.stairs.tolist() == [False, False, True]
    assert len(network.xy) == 4
    # one degree of longitude is cos 29.7022° as long as one at the equator
    assert network.length_m[0] == pytest.approx(0.0164 * 111_320 * np.cos(np.radians(29.7022)), rel=2e-3)
    assert instance.tables["network"]["kind"].tolist() == ["residential", "steps", "construction"]
    assert "network.osm" in [s.name for s in instance.sources]


EDGES = [["u", "v", "distance", "highway"], ["a", "b", "800", "residential"], ["b", "c", "", "steps"]]
NODES = [["id", "lon", "lat"], ["a", "105.7236", "29.7022"], ["b", "105.7316", "29.7022"], ["c", "105.7400", "29.7022"]]


@pytest.fixture
def graph(folder: Any) -> Any:
    """The six points with a network of nodes and edges, as text to be changed."""
    folder.tables |= {"network": [list(r) for r in EDGES], "nodes": [list(r) for r in NODES]}
    folder.crs["nodes"] = "EPSG:4490"
    folder.toml += "[access]\nisland_m = 0\n"
    return folder


def test_a_table_of_edges_becomes_a_network(graph: Any) -> None:
    network = graph.read().network
    assert network is not None
    assert network.length_m[0] == 800
    assert network.length_m[1] == pytest.approx(0.0084 * 111_320 * np.cos(np.radians(29.7022)), rel=2e-3)
    assert network.row.tolist() == [2, 3]
    assert np.diff(network.first).tolist() == [2, 2]
    assert network.component.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("put", "expected"),
    [
        (("network", 3, "v", "d"), "network.csv row 3, v = d: must be a key of nodes: a, b, c. Add it there, correct the name or delete the row."),
        (("network", 3, "v", ""), "network.csv row 3, v: a line without a shape needs both its nodes. Fill to or delete the row."),
        (("network", 2, "distance", "-5"), "network.csv row 2, distance = -5: must be ≥ 0 [m]. Correct the value or delete the row."),
    ],
)  # fmt: skip
def test_edges_with_a_fault(graph: Any, put: tuple[Any, ...], expected: str) -> None:
    assert graph.put(*put).faults() == [expected]


def test_edges_without_nodes_are_one_fault(graph: Any) -> None:
    del graph.tables["nodes"]
    del graph.crs["nodes"]
    assert graph.faults() == [
        "network.csv: the lines have no shapes, and the table nodes is missing. Give a layer of lines, or the table nodes "
        "and the columns from and to."
    ]


def test_a_table_of_edges_elsewhere_is_a_fault(graph: Any) -> None:
    for row in (2, 3, 4):
        graph.put("nodes", row, "lat", "29.8022")
    (fault,) = graph.faults()
    assert fault.startswith(
        "network.csv: no demand point lies within 300 m (access.max_snap_m) of the network; the nearest is 11,079 m "
    )
    assert fault.endswith("Correct the coordinate system of one of the two tables, or give a network of this district.")


def test_columns_of_nodes_do_not_matter_where_lines_have_shapes(street: Any) -> None:
    layer(street.path, "network.gpkg", u=["1", "2", "3", "4"], v=["2", "3", "4", "5"])
    assert read(street.path).network is not None


def test_a_table_of_nodes_that_no_edge_refers_to_is_told(street: Any) -> None:
    layer(street.path, "network.gpkg")
    street.tables["nodes"], street.crs["nodes"] = [list(r) for r in NODES], "EPSG:4490"
    assert warned(street.read())[0] == (
        "nodes.csv: the table is not used: the lines of the network have shapes. Nothing to do if that is meant."
    )


def test_degrees_without_a_system_are_a_fault(street: Any) -> None:
    degrees = [shapely.LineString([(105.72, 29.70), (105.75, 29.70)])]
    layer(street.path, "network.shp", None, shapes=degrees)
    assert told(street.path) == [
        "instance.toml, tables.network.crs: the coordinate system of network.shp is not stated. Write its crs: EPSG:4490 "
        "(degrees), EPSG:4544 (metres), GCJ-02 (Amap, Tencent), BD-09 (Baidu) or local."
    ]
    street.crs["network"] = "EPSG:4544"
    street.write_toml()
    assert "these are degrees, but EPSG:4544 counts in metres" in told(street.path)[0]
    street.crs["network"] = "local"
    street.write_toml()
    assert "these look like degrees, but local means metres" in told(street.path)[0]
    street.crs["network"] = "EPSG:4490"
    street.write_toml()
    assert read(street.path).network is not None


def test_local_metres_do_not_join_other_systems(street: Any) -> None:
    layer(street.path, "network.gpkg", None)
    street.crs["network"] = "local"
    street.write_toml()
    assert told(street.path) == [
        "instance.toml, tables.network.crs = local: the network cannot be joined with the other tables: local and "
        "EPSG:4544. Give every located table the same kind of system."
    ]


def test_a_network_elsewhere_is_a_fault_that_names_the_system(street: Any) -> None:
    layer(street.path, "network.gpkg")  # metres of EPSG:4544, taken for those of the next zone
    street.crs["network"] = "EPSG:4545"
    street.write_toml()
    with pytest.raises(InstanceError) as caught:
        read(street.path)
    (fault,) = map(str, caught.value.faults)
    assert fault.startswith(
        "instance.toml, tables.network.crs = EPSG:4545: contradicts network.gpkg, which says EPSG:4544"
    )
    layer(street.path, "network.gpkg", None)
    (fault,) = told(street.path)
    assert fault.startswith(
        "network.gpkg: no demand point lies within 300 m (access.max_snap_m) of the network; the nearest is 2"
    )
    assert fault.endswith('Read as EPSG:4544 it would lie beside it: write crs = "EPSG:4544" if that is so.')


def test_people_far_from_every_line_are_a_fault(street: Any) -> None:
    far = [shapely.LineString([(570000, 3287000 + 5000), (572000, 3287000 + 5000)])]
    layer(street.path, "network.gpkg", shapes=far)
    (fault,) = told(street.path)
    assert fault.startswith(
        "network.gpkg: no demand point lies within 300 m (access.max_snap_m) of the network; the nearest is 4,660 m "
    )
    assert "give a network of this district" in fault


def test_a_vertex_on_another_continent_is_a_fault(street: Any) -> None:
    lines = [shapely.LineString(STREET), shapely.LineString([(105.72, 29.7), (0.0, 0.0)])]
    frame = gpd.GeoDataFrame({"kind": ["", ""]}, geometry=[lines[0]] * 2, crs="EPSG:4544").to_crs("EPSG:4326")
    frame.geometry = [frame.geometry.iloc[0], lines[1]]
    frame.to_file(street.path / "network.gpkg", engine="pyogrio")
    assert told(street.path) == [
        "network.gpkg row 2: lies more than 1500 km from the middle of the network. Correct the shape or delete the row."
    ]


def test_people_just_beside_the_network_need_a_longer_way_to_it(street: Any) -> None:
    beside = [shapely.LineString([(570000, 3287000 + 500), (572400, 3287000 + 500)])]
    layer(street.path, "network.gpkg", shapes=beside)
    street.toml += "[access]\nmax_snap_m = 20\n"
    street.write_toml()
    (fault,) = told(street.path)
    assert "within 20 m (access.max_snap_m) of the network; the nearest is " in fault
    assert fault.endswith(
        " m away. Raise access.max_snap_m, or correct the coordinate system of one of the two tables."
    )


def test_positions_that_are_no_numbers_are_a_fault(street: Any) -> None:
    with np.errstate(invalid="ignore"):
        lost = shapely.LineString([(570000, 3287000), (np.nan, 3287000)])
        layer(street.path, "network.gpkg", shapes=[shapely.LineString(STREET), lost])
    assert told(street.path) == [
        "network.gpkg row 2: a position of the shape is no number. Draw it anew or delete the row."
    ]


def test_a_shapefile_without_its_table_names_the_file(street: Any) -> None:
    layer(street.path, "network.shp").with_suffix(".dbf").unlink()
    assert told(street.path) == [
        "network.shp: network.dbf is missing: a shapefile cannot be read without it. Put all files of the shapefile "
        "beside it."
    ]


def test_geojson_in_metres_that_does_not_say_so(street: Any) -> None:
    lines = [{"type": "Feature", "properties": {}, "geometry": shapely.LineString(STREET).__geo_interface__}]
    text = json.dumps({"type": "FeatureCollection", "features": lines})
    (street.path / "network.geojson").write_text(text, encoding="utf-8")
    street.crs["network"] = "EPSG:4544"
    street.write_toml()
    assert told(street.path) == [
        "instance.toml, tables.network.crs = EPSG:4544: contradicts network.geojson: GeoJSON without a crs is in degrees "
        "(RFC 7946 §4). Export it in degrees and leave the crs out, or as GeoPackage with its coordinate system."
    ]


NO_LINES = 'the network has no lines. Export it again with its lines, or take it out, or write method = "straight" under [access].'


def test_a_network_that_is_given_and_has_no_lines_is_a_fault(street: Any) -> None:
    empty = '{"type": "FeatureCollection", "features": []}'
    (street.path / "network.geojson").write_text(empty, encoding="utf-8")
    assert told(street.path) == [f"network.geojson: {NO_LINES}"]
    street.toml += '[access]\nmethod = "straight"\n'
    street.write_toml()
    assert read(street.path).network is None


def test_a_table_of_edges_that_is_a_header_only_is_not_given_unless_it_is_named(graph: Any) -> None:
    del graph.tables["network"][1:]
    assert graph.read().network is None
    graph.toml += '[tables.network]\nfile = "network.csv"\n'
    assert graph.faults() == [f"network.csv: {NO_LINES}"]


def test_conditions_that_no_line_meets_are_a_fault(graph: Any) -> None:
    graph.toml += '[tables.network]\nwhere = [{column = "highway", op = "=", value = "motorway"}]\n'
    assert graph.faults() == [
        "network.csv: no row meets tables.network.where, so the network has no lines. Correct the conditions."
    ]


def test_a_given_length_may_not_be_shorter_than_its_line(graph: Any) -> None:
    graph.put("network", 2, "distance", "0.8")  # kilometres
    (fault,) = graph.faults()
    assert fault.startswith("network.csv row 2, distance = 0.8: is shorter than the line itself, which is 77")
    assert fault.endswith(
        ' m long. Correct its unit, or let the lines tell: columns = {length_m = ""} under [tables.network].'
    )
    graph.toml += '[tables.network]\ncolumns = {length_m = ""}\n'
    assert graph.read().network.length_m[0] == pytest.approx(773.5, abs=1)


def test_lines_need_nothing_but_their_shapes(street: Any) -> None:
    lines = [shapely.LineString(STREET), shapely.LineString([(570500, 3287000), (570500, 3287400)])]
    gpd.GeoDataFrame(geometry=lines, crs="EPSG:4544").to_file(street.path / "network.gpkg")
    network = read(street.path).network
    assert network is not None
    assert network.length_m.sum() == pytest.approx(2800)


def test_lines_nobody_may_walk_on_are_a_fault(street: Any) -> None:
    layer(street.path, "network.gpkg", walk=["no"] * 4)
    assert told(street.path) == [
        "network.gpkg: there is no line that people may walk on. Check the lines, their kinds and the column walk."
    ]


def test_an_extract_without_ways_is_a_fault(street: Any) -> None:
    (street.path / "network.osm").write_text('<osm version="0.6"></osm>', encoding="utf-8")
    assert told(street.path) == [
        "network.osm: there is no line that people may walk on. Check the lines, their kinds and the column walk."
    ]


def test_negative_lengths_and_shapes_that_are_no_lines_are_faults(street: Any) -> None:
    layer(street.path, "network.gpkg", length=[1.0, -2.0, 3.0, 4.0])
    assert told(street.path) == [
        "network.gpkg row 2, length = -2: must be ≥ 0 [m]. Correct the value or delete the row."
    ]
    layer(street.path, "network.gpkg", shapes=[shapely.LineString(STREET), shapely.Point(570000, 3287000)])
    assert told(street.path) == [
        "network.gpkg row 2 = Point: the shape must be a line. Draw it as such, or delete the row."
    ]


def test_the_method_and_the_network_must_agree(street: Any, faults_of: Callable[..., list[str]]) -> None:
    street.toml += '[access]\nmethod = "network"\n'
    street.write_toml()
    assert faults_of(street.path) == [
        "instance.toml, access.method = network: minutes are to come from a network, and the table network is missing. "
        "Give the network, or leave the method out."
    ]
    layer(street.path, "network.gpkg", None)  # whose system nobody states: it is not looked at
    street.toml = street.toml.replace('"network"', '"straight"')
    street.write_toml()
    instance = read(street.path)
    assert instance.network is None
    assert "network" not in instance.given
    assert warned(instance) == [
        "network.gpkg: access.method is straight: the network is not used. Nothing to do if that is meant."
    ]


BUS = [
    ["line", "seq", "stop", "x", "y", "headway_min", "ride_min"],
    ["b", "1", "west", "105.7236", "29.7022", "10", ""],
    ["b", "2", "hill", "105.7236", "29.7122", "10", "3"],
]


def test_a_stop_off_the_network_is_told_with_its_distance(graph: Any) -> None:
    graph.tables["bus"], graph.crs["bus"] = BUS, "EPSG:4490"
    (said,) = [str(w) for w in graph.read().warnings if w.file == "bus.csv"]
    # 0.01 degrees of latitude are 1,108.6 m there
    assert said == (
        "bus.csv row 3, stop = hill: a stop of the line b lies 1,109 m from the network, farther than 300 m "
        "(access.max_snap_m): nobody boards or alights there. Correct its position, or give the lines that lead there."
    )
    graph.toml = graph.toml.replace("island_m = 0", "island_m = 0\nmax_snap_m = 1200")
    assert not [w for w in graph.read().warnings if w.file == "bus.csv"]


def test_a_bus_without_a_network_carries_nobody(folder: Any) -> None:
    folder.tables["bus"], folder.crs["bus"] = BUS, "EPSG:4490"
    assert [str(w) for w in folder.read().warnings if w.file == "bus.csv"] == [
        "bus.csv: nobody rides: minutes do not come from a network. Give the network, or take the table out."
    ]


def test_without_a_network_nothing_changes(folder: Any) -> None:
    instance = folder.read()
    assert instance.network is None
    assert instance.elevation is None
    assert instance.settings.access.method == "straight"
