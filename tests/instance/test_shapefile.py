"""Shapefiles as programs write them: field names cut at ten bytes, in UTF-8 also inside a character."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from panhuo.instance import InstanceError, read
from panhuo.instance.findings import Findings
from panhuo.instance.reading.shapefile import decoded, named
from panhuo.instance.schema import TABLES

LINES = [[(105.7236, 29.7022), (105.7400, 29.7022)], [(105.7400, 29.7022), (105.7476, 29.7022)]]


def _written(path: Path, fields: dict[str, list[str]], encoding: str, cpg: str | None) -> Path:
    """Write a shapefile whose field names are cut bluntly, as ArcGIS does; geopandas would cut them between characters."""
    plain = {f"f{i}": values for i, values in enumerate(fields.values())}
    frame = gpd.GeoDataFrame(plain, geometry=[shapely.LineString(line) for line in LINES], crs="EPSG:4490")
    frame.to_file(path, engine="pyogrio", encoding=encoding)
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    for i, name in enumerate(fields):
        table[32 * (i + 1) : 32 * (i + 1) + 11] = struct.pack("11s", name.encode(encoding)[:10])
    path.with_suffix(".dbf").write_bytes(table)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg, encoding="ascii")
    return path


@pytest.fixture
def street(folder: Any) -> Any:
    """The six points of the folder, for a street beside them."""
    folder.write()
    return folder


@pytest.mark.parametrize(
    ("encoding", "cpg"),
    [("UTF-8", "UTF-8"), ("UTF-8", "utf8\n"), ("UTF-8", "65001"), ("GB18030", None), ("GBK", "936")],
)
def test_a_name_cut_inside_a_character_means_its_column(street: Any, encoding: str, cpg: str | None) -> None:
    fields = {"名称": ["大街", "小巷"], "道路等级": ["residential", "footway"]}
    _written(street.path / "network.shp", fields, encoding, cpg)
    instance = read(street.path)
    assert instance["network"]["kind"].tolist() == ["residential", "footway"]
    assert instance["network"]["name"].tolist() == ["大街", "小巷"]
    assert not [w for w in instance.warnings if "not used" in str(w)]


def test_settings_name_the_cut_field_as_it_stands(street: Any) -> None:
    _written(street.path / "network.shp", {"道路等级": ["residential", "footway"]}, "UTF-8", "UTF-8")
    street.toml += '[tables.network]\ncolumns.name = "道路等"\n'
    street.write_toml()
    network = read(street.path)["network"]
    assert network["name"].tolist() == ["residential", "footway"]
    assert network["kind"].tolist() == ["", ""]


def test_two_fields_cut_to_the_same_name_are_a_fault(street: Any) -> None:
    fields = {"道路等级": ["residential", "footway"], "道路等别": ["1", "2"]}
    _written(street.path / "network.shp", fields, "UTF-8", "UTF-8")
    with pytest.raises(InstanceError) as caught:
        read(street.path)
    assert [str(f) for f in caught.value.faults] == [
        "network.shp, 道路等: names of fields are cut at 10 bytes, and this one stands there twice. "
        "Export it as GPKG, or give the field a shorter name."
    ]


def test_texts_in_another_encoding_than_stated_are_a_fault(street: Any) -> None:
    _written(street.path / "network.shp", {"name": ["大街", "小巷"]}, "GB18030", "UTF-8")
    with pytest.raises(InstanceError) as caught:
        read(street.path)
    assert str(caught.value.faults[0]).startswith("network.shp: the file is damaged or incomplete ('utf-8' codec")


def _named(table: str, names: list[str], encoding: str = "UTF-8", own: frozenset[str] = frozenset()) -> Any:
    findings = Findings()
    made = named(pd.DataFrame([range(len(names))], columns=names), encoding, TABLES[table], own, "a.shp", findings)
    return list(made.columns), [str(f) for f in findings.faults]


def test_only_a_name_that_fills_the_ten_bytes_is_a_cut_one() -> None:
    assert _named("network", ["道路等"]) == (["道路等级"], [])  # 9 bytes, and a fourth character takes three
    assert _named("network", ["道路"]) == (["道路"], [])
    assert _named("network", ["道路等"], "GB18030") == (["道路等"], [])  # 6 bytes: nothing was cut
    assert _named("network", ["道路等", "道路类型"]) == (["道路等", "道路类型"], [])  # the column is there
    assert _named("network", ["道路等"], own=frozenset({"道路等"})) == (["道路等"], [])
    assert _named("network", ["Shape_Leng"]) == (["Shape_Leng"], [])  # no Chinese name
    assert _named("buildings", ["社区编"]) == (["社区编码"], [])
    assert _named("demand", ["人数_老"]) == (["人数_老"], [])  # a family


def test_values_cut_inside_a_character_lose_that_character_alone() -> None:
    cut = "大街小巷".encode()[:-1].decode("latin-1")
    frame = decoded(pd.DataFrame({"a": [cut, None, 3]}, dtype=object))
    assert frame["a"].tolist() == ["大街小", None, 3]
