"""Ways of OpenStreetMap: who may walk and drive there, told by their tags."""

from pathlib import Path

import pytest

from panhuo.instance.findings import Findings
from panhuo.instance.ground import osm
from panhuo.instance.ground.traits import traits
from panhuo.instance.policy import Driving
from panhuo.instance.reading.raw import MapFile

# way, tags → walk, stairs, span, speed along, speed against
WALKED = [
    ("highway=footway", True, False, False, 0, 0),
    ("highway=steps", True, True, False, 0, 0),
    ("highway=path bridge=yes", True, False, True, 0, 0),
    ("highway=footway bridge=no tunnel=building_passage", True, False, True, 0, 0),
    ("highway=footway foot=no", False, False, False, 0, 0),
    ("highway=footway foot=use_sidepath", False, False, False, 0, 0),
    ("highway=footway access=private", False, False, False, 0, 0),
    ("highway=footway access=no foot=yes", True, False, False, 0, 0),
    ("highway=footway access=private foot=designated", True, False, False, 0, 0),
    ("highway=service access=private foot=permissive", True, False, False, 0, 0),
    ("highway=service access=customers", True, False, False, 15, 15),
    ("highway=residential", True, False, False, 20, 20),
    ("highway=residential oneway=yes maxspeed=30", True, False, False, 30, 0),
    ("highway=residential oneway=-1", True, False, False, 0, 20),
    ("highway=residential oneway=no junction=roundabout", True, False, False, 20, 20),
    ("highway=residential junction=roundabout", True, False, False, 20, 0),
    ("highway=residential motor_vehicle=no", True, False, False, 0, 0),
    ("highway=residential vehicle=private", True, False, False, 0, 0),
    ("highway=residential access=no", False, False, False, 0, 0),
    ("highway=residential access=no foot=yes motor_vehicle=yes", True, False, False, 20, 20),
    ("highway=motorway", False, False, False, 80, 0),
    ("highway=motorway foot=yes oneway=no", True, False, False, 80, 80),
    ("highway=trunk", True, False, False, 60, 60),
    ("highway=trunk motorroad=yes", False, False, False, 60, 60),
    ("highway=primary maxspeed=20|mph", True, False, False, 20 * 1.609344, 20 * 1.609344),
    ("highway=primary maxspeed=CN:urban", True, False, False, 40, 40),
    ("highway=primary maxspeed=0", True, False, False, 40, 40),
    ("highway=footway maxspeed=10", True, False, False, 0, 0),
    ("highway=construction foot=yes", False, False, False, 0, 0),
    ("highway=proposed", False, False, False, 0, 0),
    ("highway=pedestrian area=no", True, False, False, 0, 0),
]


def written(path: Path, ways: dict[str, list[int]], nodes: dict[int, tuple[float, float]]) -> MapFile:
    """Write an extract as XML; a way is its tags and its nodes."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
    lines += [f'<node id="{i}" lon="{x}" lat="{y}" version="1"/>' for i, (x, y) in nodes.items()]
    for number, (tags, of) in enumerate(ways.items(), 101):
        pairs = [tag.replace("|", " ").split("=") for tag in tags.split()]
        lines.append(f'<way id="{number}" version="1">')
        lines += [f'<nd ref="{i}"/>' for i in of] + [f'<tag k="{k}" v="{v}"/>' for k, v in pairs] + ["</way>"]
    path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
    return MapFile(path, path.name)


def test_tags_say_who_may_walk_and_drive(tmp_path: Path) -> None:
    nodes = {1: (105.72, 29.70), 2: (105.73, 29.70)}
    extract = written(tmp_path / "network.osm", {tags: [1, 2] for tags, *_ in WALKED}, nodes)
    findings = Findings()
    read = osm.read(extract, findings)
    assert read is not None
    assert read.frame.index.tolist() == list(range(101, 101 + len(WALKED)))
    assert read.crs == "EPSG:4326"
    good = traits(read, Driving(), "instance.toml", findings)
    found = zip(good.walk, good.stairs, good.span, *good.drive_km_h, strict=True)
    for (tags, *expected), seen in zip(WALKED, found, strict=True):
        assert list(map(float, seen)) == pytest.approx(list(map(float, expected))), tags
    assert not findings.faults
    assert not findings.warnings


def test_ways_without_highway_and_areas_are_no_lines_and_closed_ways_are(tmp_path: Path) -> None:
    nodes = {i: (105.72 + 0.01 * (i % 2), 29.70 + 0.01 * (i // 2)) for i in range(4)}
    ring = [0, 1, 3, 2, 0]
    ways = {
        "building=yes": ring,
        "highway=pedestrian area=yes": ring,
        "highway=pedestrian amenity=marketplace": ring,
        "highway=platform": ring,
        "barrier=wall": [0, 1],
        "highway=footway area=yes": [0, 1],
        "highway=footway": [0, 1],
        "highway=service": [0],
    }
    findings = Findings()
    read = osm.read(written(tmp_path / "network.osm", ways, nodes), findings)
    assert read is not None
    assert read.frame["kind"].to_dict() == {103: "pedestrian", 104: "platform", 107: "footway"}
    assert read.shapes is not None
    assert [s.is_closed for s in read.shapes] == [True, True, False]


def test_a_file_that_is_no_extract_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "network.osm.pbf"
    path.write_bytes(b"not an extract")
    findings = Findings()
    assert osm.read(MapFile(path, path.name), findings) is None
    assert [str(f).split(" (")[0] for f in findings.faults] == ["network.osm.pbf: the file is damaged or incomplete"]
