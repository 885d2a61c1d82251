"""plan.gpkg: what is in its layers, how they look in QGIS, and that names from tables stay names."""

from __future__ import annotations

import dataclasses
import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from panhuo import result
from panhuo.instance import Instance
from panhuo.result import Result
from panhuo.result.layers import write_layers
from panhuo.result.layers.frames import circles, demand, existing, flows, newly, rooms
from panhuo.result.layers.layer import unlike
from panhuo.result.layers.looks import looks
from panhuo.result.layers.qml import column
from panhuo.result.layers.titles import services
from panhuo.result.page.map import COLOURS
from panhuo.result.page.points import STATES, states
from panhuo.words import Lang

from .conftest import built, solved

LAYERS = {
    "circles": 2, "demand": 6, "existing": 2, "service_lines": 12, "rooms": 3, "Facilities": 8, "DemandPoints": 18, "Lines": 12,
}  # fmt: skip
"""Rows of the toy's plan. Lines: canteen 3, clinic 2 + 3, culture 2 + 2. Facilities: 2 exist, of 6 places 3 are chosen."""

HOSTILE = ('a"b', "[% @project_path %]", "<script>alert(1)</script>", "'; DROP TABLE rooms; --", "bell \x07")


def read(path: Path, layer: str) -> gpd.GeoDataFrame:
    return pyogrio.read_dataframe(path, layer=layer, fid_as_index=True)


def styles(path: Path) -> dict[tuple[str, str], ElementTree.Element]:
    """The styles by layer and name, as XML."""
    with closing(sqlite3.connect(path)) as file:
        rows = file.execute("SELECT f_table_name, styleName, styleQML FROM layer_styles").fetchall()
    return {(layer, name): ElementTree.fromstring(text.partition("\n")[2]) for layer, name, text in rows}


def shifted(instance: Instance) -> Instance:
    """The same district somewhere on the globe."""
    tables = {
        name: table.assign(x_m=table["x_m"] + 570_000, y_m=table["y_m"] + 3_287_000) if "x_m" in table else table
        for name, table in instance.tables.items()
    }
    return dataclasses.replace(instance, tables=tables, metric_crs="EPSG:4544")


@pytest.fixture(scope="module")
def package(pristine: Path) -> Path:
    return pristine / "plan.gpkg"


@pytest.fixture(scope="module")
def chinese(found: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("layers") / "plan.gpkg"
    write_layers(found, path, "zh")
    return path


@pytest.mark.parametrize(("layer", "rows"), LAYERS.items())
def test_every_layer_has_its_rows(package: Path, layer: str, rows: int) -> None:
    frame = read(package, layer)
    assert len(frame) == rows
    assert frame.geometry.is_valid.all() or layer in ("service_lines", "Lines")  # a line of one point is none
    assert frame.crs is None or frame.crs.name.startswith("Undefined")
    assert list(frame.index) == list(range(1, rows + 1))


def test_sums_are_those_of_the_record(package: Path, found: Result) -> None:
    frames = {layer: read(package, layer) for layer in LAYERS}
    for service, figures in found.run["coverage"].items():
        demand, own = frames["demand"], frames["circles"]
        lines = frames["service_lines"][frames["service_lines"]["service"] == service]
        assert demand[f"persons_{service}"].sum() == own[f"persons_{service}"].sum() == figures["base_persons"]
        assert demand[f"before_{service}"].sum() == own[f"before_{service}"].sum() == figures["before"]
        assert demand[f"after_{service}"].sum() == own[f"after_{service}"].sum() == figures["after"]
        assert demand[f"unreachable_{service}"].sum() == figures["unreachable_persons"]
        assert lines["served"].sum() == figures["after"]
    rooms = frames["rooms"]
    assert rooms["capital_cny"].sum() == pytest.approx(found.run["capital_cny"])
    assert rooms["persons_new"].sum() == found.run["new_person_services"]
    assert rooms["persons_served"].sum() + frames["existing"]["persons_served"].sum() == sum(
        figures["after"] for figures in found.run["coverage"].values()
    )


def test_sums_hold_for_all_that_makes_counting_hard(intricate: Instance, fed: Result) -> None:
    """Units, capacities, tariffs, facilities that close; the parts of a person are rounded to millionths."""
    for made in (built(intricate, ("S1:convert:clinic", "S2:convert:canteen", "S3:keep:point")), fed):
        points, place = demand(made).table, rooms(made, "en").table
        for service, figures in made.run["coverage"].items():
            assert points[f"after_{service}"].sum() == pytest.approx(figures["after"], abs=1e-5)
        new = sum(figures["new_persons"] for figures in made.run["coverage"].values())
        assert 0 < place["persons_new"].sum() <= new + 1e-5
        assert place["persons_served"].sum() == pytest.approx(
            made.allocation.query("kind == 'chosen'")["persons"].sum(), abs=1e-5
        )


def test_by_hand(package: Path) -> None:
    """S1 is a clinic for D1 and D2 (640), S2 a canteen for D2 to D4 (210), S3 a culture room for D5 and D6 (360)."""
    rooms = read(package, "rooms").set_index("site")
    assert rooms["persons_new"].to_dict() == {"S1": 640, "S2": 210, "S3": 360}
    assert rooms.loc["S3", ["mode", "services", "service_names", "reason"]].tolist() == [
        "keep",
        "culture",
        "Culture room",
        "chosen",
    ]
    demand = read(package, "demand").set_index("id")
    assert demand["state_clinic"].tolist() == ["new", "new", "open", "covered", "covered", "covered"]
    assert demand["state_culture"].tolist() == ["covered", "covered", "open", "far", "new", "new"]
    assert demand.loc["D3", ["people", "persons", "before", "after"]].tolist() == [240, 520, 0, 40]
    circles = read(package, "circles").set_index("circle")
    assert circles.loc["west", ["before_clinic", "after_clinic", "share_after_clinic"]].tolist() == [0, 640, 640 / 880]
    lines = read(package, "service_lines").set_index(["demand", "service"])
    assert lines.at[("D2", "clinic"), "geometry"].equals(shapely.LineString([(400, 0), (160, 0)]))
    assert lines.at[("D2", "clinic"), "metres"] == pytest.approx(300)
    assert lines.at[("D2", "clinic"), "minutes"] == pytest.approx((300 * 300 / 75 + 80 * 300 / (160 / 3)) / 380)


def test_states_are_those_of_the_page(package: Path, found: Result) -> None:
    demand = read(package, "demand")
    keys = ("persons", "before", "after", "unreachable")
    for end in ("", "_canteen", "_culture"):
        persons = demand[[f"{key}{end}" for key in keys]].to_numpy(float)
        assert demand[f"state{end}"].tolist() == [[*STATES, ""][n] for n in states(persons)]


def test_minutes_are_means_of_those_sent_there_and_known() -> None:
    columns = ["demand", "service", "kind", "place", "minutes", "metres", "persons", "assigned_persons"]
    rows = [
        ("D1", "k", "chosen", "S1", 4.0, 300.0, 5.0, 10.0),
        ("D1", "k", "chosen", "S1", 6.0, 300.0, 5.0, 30.0),
        ("D1", "k", "chosen", "S1", np.nan, np.nan, 1.0, 40.0),
        ("D1", "k", "existing", "S1", np.nan, np.nan, 2.0, 2.0),
    ]
    found = flows(SimpleNamespace(tables={"allocation": pd.DataFrame(rows, columns=columns)}))  # type: ignore[arg-type]
    assert found["persons"].tolist() == [11, 2]
    assert found["minutes"].iloc[0] == 5.5
    assert found["metres"].iloc[0] == 300
    assert found[["minutes", "metres"]].iloc[1].isna().all()


def test_the_newly_covered_are_shared_in_proportion() -> None:
    demand = pd.DataFrame(
        [("D1", "k", 10.0, 40.0), ("D2", "k", 20.0, 15.0), ("D3", "k", 0.0, 8.0)],
        columns=["demand", "service", "before_persons", "after_persons"],
    )
    going = pd.DataFrame(
        [("D1", "k", "chosen", "S1", 10.0), ("D1", "k", "chosen", "S2", 20.0), ("D1", "k", "existing", "E1", 10.0),
         ("D2", "k", "chosen", "S2", 15.0), ("D3", "k", "existing", "E1", 8.0)],
        columns=["demand", "service", "kind", "place", "persons"],
    )  # fmt: skip
    found = newly(SimpleNamespace(tables={"demand": demand, "allocation": going}))  # type: ignore[arg-type]
    assert found.to_dict() == {"S1": 10.0, "S2": 20.0}


def test_closed_facilities_are_told(intricate: Instance) -> None:
    """E3 stands in S2, and converting S2 closes it."""
    made = existing(built(intricate, ("S2:convert:canteen",)))
    assert dict(zip(made.table["id"], made.table["state"], strict=True)) == {
        "E1": "existing",
        "E2": "existing",
        "E3": "closed",
    }
    stands = existing(built(intricate, ("S3:keep:culture",)))
    assert set(stands.table["state"]) == {"existing"}


def test_positions_are_degrees_of_cgcs2000(toy: Instance, tmp_path: Path) -> None:
    write_layers(solved(shifted(toy)), tmp_path / "plan.gpkg")
    for layer in LAYERS:
        frame = read(tmp_path / "plan.gpkg", layer)
        assert frame.crs.to_epsg() == 4490
        west, south, east, north = frame.to_crs("EPSG:4544").total_bounds
        assert 565_000 < west <= east < 575_000
        assert 3_280_000 < south <= north < 3_295_000
    first = read(tmp_path / "plan.gpkg", "rooms").to_crs("EPSG:4544").geometry.iloc[0]
    assert first.x == pytest.approx(570_160, abs=1e-3)
    assert first.y == pytest.approx(3_287_000, abs=1e-3)


def test_polygons_are_those_given_or_the_ground_of_the_points(toy: Instance, found: Result) -> None:
    box, two = (
        shapely.box(-1, -1, 1000, 1),
        shapely.union_all([shapely.box(1500, 0, 1600, 9), shapely.box(2000, 0, 2400, 9)]),
    )
    outlines = np.array([box, two], dtype=object)
    given = circles(solved(dataclasses.replace(toy, outlines=outlines)))
    assert [shape.equals(own) for shape, own in zip(given.shapes, outlines, strict=True)] == [True, True]
    assert set(given.table["border"]) == {"given"}
    nearest = circles(found)
    assert set(nearest.table["border"]) == {"nearest"}
    assert nearest.shapes[0].contains(shapely.Point(400, 0))
    assert nearest.shapes[1].contains(shapely.Point(2000, 0))
    more = pd.concat([toy["circles"], toy["circles"].head(1).assign(circle="empty")], ignore_index=True)
    alone = circles(solved(dataclasses.replace(toy, tables={**toy.tables, "circles": more})))
    assert alone.shapes[2] is None
    assert np.isnan(alone.table["share_after"].iloc[2])


def test_the_same_plan_gives_the_same_bytes(found: Result, chinese: Path, tmp_path: Path) -> None:
    write_layers(found, tmp_path / "plan.gpkg", "zh")
    assert (tmp_path / "plan.gpkg").read_bytes() == chinese.read_bytes()


@pytest.mark.usefixtures("layers_alone")
def test_made_anew_it_has_the_same_bytes(fed: Result, tmp_path: Path) -> None:
    """Of a plan with capacities and suppliers, and of that plan read back from its folder."""
    out = result.write(fed, tmp_path / "out")
    first = (out / "plan.gpkg").read_bytes()
    result.rebuild(out)
    assert (out / "plan.gpkg").read_bytes() == first
    assert {p.name for p in tmp_path.iterdir()} == {"out"}


def test_the_file_keeps_to_the_standard(chinese: Path) -> None:
    with closing(sqlite3.connect(chinese)) as file:
        assert file.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
        assert file.execute("PRAGMA user_version").fetchone() == (10200,)
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        listed = dict(file.execute("SELECT table_name, data_type FROM gpkg_contents"))
        assert listed == dict.fromkeys(LAYERS, "features") | {"layer_styles": "attributes"}
        titled = dict(file.execute("SELECT table_name, identifier FROM gpkg_contents"))
        assert titled["rooms"] == "用房"
        said = dict(file.execute("SELECT column_name, title FROM gpkg_data_columns WHERE table_name = 'demand'"))
        own = [row[1] for row in file.execute("PRAGMA table_info(demand)")]
        assert list(said) == own[2:]
        assert said["after_clinic"] == "社区卫生服务站：实施后覆盖"
        schema = file.execute("SELECT table_name FROM gpkg_extensions WHERE extension_name = 'gpkg_schema'").fetchall()
        assert schema == [("gpkg_data_columns",)]


def test_every_layer_opens_in_one_style_and_some_have_one_for_each_service(chinese: Path) -> None:
    with closing(sqlite3.connect(chinese)) as file:
        opens = file.execute("SELECT f_table_name, f_geometry_column FROM layer_styles WHERE useAsDefault").fetchall()
        shapes = file.execute("SELECT table_name, column_name FROM gpkg_geometry_columns").fetchall()
    assert sorted(opens) == sorted(shapes)
    named = ["老年食堂", "社区卫生服务站", "文化活动站"]
    assert [name for layer, name in styles(chinese) if layer == "demand"] == ["需求点", *named]
    assert [name for layer, name in styles(chinese) if layer == "circles"] == ["生活圈", *named]
    assert len(styles(chinese)) == len(LAYERS) + 2 * len(named)


def test_colours_are_those_of_the_page(chinese: Path) -> None:
    rooms = styles(chinese)["rooms", "用房"]
    shown = {c.get("value"): (c.get("label"), c.get("render")) for c in rooms.iter("category")}
    assert shown["keep"] == ("选用：留", "true")
    assert shown[""] == ("未选用", "false")
    colours = [next(o.get("value") for o in s.iter("Option") if o.get("name") == "color") for s in rooms.iter("symbol")]
    assert colours[1:] == [rgba(COLOURS[mode]) for mode in ("keep", "convert", "rebuild", "add")]
    people = styles(chinese)["demand", "社区卫生服务站"].find("renderer-v2")
    assert people is not None
    assert people.get("attr") == "state_clinic"
    assert {c.get("value") for c in people.iter("category")} == set(STATES)


def rgba(colour: str) -> str:
    return ",".join([*(str(int(colour[n : n + 2], 16)) for n in (1, 3, 5)), "255"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_columns_and_keys_are_called_in_the_readers_language(
    lang: Lang, package: Path, chinese: Path, found: Result
) -> None:
    style = styles(chinese)["rooms", "用房"] if lang == "zh" else styles(package)["rooms", "Rooms"]
    aliases = {a.get("field"): a.get("name") for a in style.iter("alias")}
    assert list(aliases) == [c for c in read(package, "rooms").columns if c != "geometry"]
    assert aliases["service_names"] == ("服务" if lang == "zh" else "Services")
    if lang == "zh":
        assert not any(name.isascii() for name in aliases.values() if name)
    field = next(f for f in style.iter("field") if f.get("name") == "mode")
    words = {o.get("value"): o.get("name") for o in field.iter("Option") if o.get("type") == "QString"}
    assert words == ({"keep": "留", "convert": "改", "rebuild": "拆", "add": "增"} if lang == "zh" else
                     {"keep": "keep", "convert": "convert", "rebuild": "rebuild", "add": "add on"})  # fmt: skip


def evaluated(style: ElementTree.Element) -> list[str]:
    """All that QGIS evaluates of a style."""
    found = [str(o.get("value")) for o in style.iter("Option") if o.get("name") == "expression"]
    found += [str(r.get("filter")) for r in style.iter("rule")] + [
        str(r.get("attr")) for r in style.iter("renderer-v2")
    ]
    found += [str(e.text) for tag in ("mapTip", "previewExpression") for e in style.iter(tag)]
    return found + [str(c.get("label")) for tag in ("category", "range") for c in style.iter(tag)]


def test_names_from_tables_stay_names(toy: Instance, tmp_path: Path) -> None:
    """Names of rooms, points, services stand in cells and as names of fields, and never in what QGIS evaluates."""
    tables: dict[str, Any] = dict(toy.tables)
    tables["sites"] = toy["sites"].assign(name=HOSTILE[:3])
    tables["services"] = toy["services"].assign(name_en=HOSTILE[:3], name_zh=HOSTILE[2:])
    tables["demand"] = toy["demand"].assign(name=[*HOSTILE, ""])
    made = solved(dataclasses.replace(toy, tables=tables))
    write_layers(made, tmp_path / "plan.gpkg")
    assert read(tmp_path / "plan.gpkg", "rooms")["name"].tolist() == list(HOSTILE[:3])
    assert read(tmp_path / "plan.gpkg", "demand")["name"].tolist() == [*HOSTILE, ""]
    found = styles(tmp_path / "plan.gpkg")
    assert ("demand", HOSTILE[1]) in found
    for style in found.values():
        assert not any(name in text for name in HOSTILE for text in evaluated(style))
    field = next(f for f in found["existing", "Existing facilities"].iter("field") if f.get("name") == "service")
    assert {o.get("name") for o in field.iter("Option")} >= set(HOSTILE[:3])
    write_layers(made, tmp_path / "zh.gpkg", "zh")
    assert ("demand", HOSTILE[4]) in styles(tmp_path / "zh.gpkg")


def test_keys_of_services_are_neither_evaluated_nor_break_a_style(toy: Instance, tmp_path: Path) -> None:
    key = 'x%]<b>[% 6*7 %]"\x07y'
    tables = {
        name: table.assign(service=table["service"].replace("clinic", key)) if "service" in table else table
        for name, table in toy.tables.items()
    }
    write_layers(solved(dataclasses.replace(toy, tables=tables), (f"S1:convert:{key}",)), tmp_path / "plan.gpkg")
    assert read(tmp_path / "plan.gpkg", "DemandPoints")["Service"].unique().tolist() == ["canteen", key, "culture"]
    found = styles(tmp_path / "plan.gpkg")  # XML
    assert "after_x___b____6_7_____y" in {alias.get("field") for alias in found["demand", "Clinic"].iter("alias")}
    for style in found.values():
        assert not any(part in text for part in ("%]<b>", "6*7") for text in evaluated(style))


def test_columns_in_expressions_are_quoted(found: Result) -> None:
    assert column('need_a"b') == '"need_a""b"'
    of = next(look for _, look in looks(circles(found), services(found.instance)))
    assert of.attribute == "share_after"


def test_names_that_differ_in_case_alone_are_told_apart() -> None:
    assert unlike(["a", "A", "b", "a"]) == ["a", "A_2", "b", "a_3"]
    assert unlike(["persons_canteen", "persons_CAnteen", "persons_ca"], 10) == [
        "persons_ca",
        "persons_C2",
        "persons_c3",
    ]
    many = unlike(["x" * 12] * 120, 10)
    assert len({name.casefold() for name in many}) == 120
    assert max(map(len, many)) == 10


def test_an_evaluation_of_nothing_has_its_layers(toy: Instance, tmp_path: Path) -> None:
    empty = toy["existing"].head(0)
    write_layers(built(dataclasses.replace(toy, tables={**toy.tables, "existing": empty}), ()), tmp_path / "plan.gpkg")
    assert len(read(tmp_path / "plan.gpkg", "existing")) == 0
    assert len(read(tmp_path / "plan.gpkg", "Lines")) == 0
    assert set(read(tmp_path / "plan.gpkg", "rooms")["persons_served"]) == {0.0}
