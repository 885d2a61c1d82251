"""Shapefiles on request: names, encoding, and a folder that is replaced without loss."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pandas as pd
import pyogrio
import pytest

import panhuo
from panhuo import result
from panhuo.cli import main
from panhuo.instance import Instance, InstanceError
from panhuo.result import Result
from panhuo.result.layers import write_shapes

from .conftest import solved

ROWS = {"circles": 2, "demand": 6, "existing": 2, "service_lines": 12, "rooms": 3}


@pytest.fixture(scope="module")
def shapes(found: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shapes") / "shp"
    write_shapes(found, folder, "zh")
    return folder


def names(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "fields.csv", encoding="utf-8-sig", dtype=str)


@pytest.mark.parametrize(("layer", "rows"), ROWS.items())
def test_every_column_has_a_short_name_that_is_explained(shapes: Path, layer: str, rows: int) -> None:
    told = pyogrio.read_info(shapes / f"{layer}.shp")
    assert told["features"] == rows
    assert told["encoding"] == "UTF-8"
    assert (shapes / f"{layer}.cpg").read_text() == "UTF-8"
    fields = list(told["fields"])
    assert len({f.casefold() for f in fields}) == len(fields)
    assert max(map(len, fields)) <= 10
    said = names(shapes)
    said = said[said["file"] == f"{layer}.shp"]
    assert said["field"].tolist() == fields
    assert said[["column", "en", "zh"]].notna().all(axis=None)
    assert not said["zh"].str.match(r"[\x00-\x7f]+$").any()


def test_values_are_those_of_the_package(shapes: Path, pristine: Path) -> None:
    for layer in ROWS:
        short = names(shapes).query(f"file == '{layer}.shp'").set_index("field")["column"].to_dict()
        own = pyogrio.read_dataframe(shapes / f"{layer}.shp").rename(columns=short)
        whole = pyogrio.read_dataframe(pristine / "plan.gpkg", layer=layer)
        for column in whole.select_dtypes("number").columns:
            assert own[column].tolist() == pytest.approx(whole[column].tolist(), nan_ok=True), column
    rooms = pyogrio.read_dataframe(shapes / "rooms.shp")
    assert rooms["name"].tolist() == ["Old shop 老商铺", "Old office 旧办公楼", "Reading room 阅览室"]
    assert rooms["services"].tolist() == ["社区卫生服务站", "老年食堂", "文化活动站"]


def test_the_same_plan_gives_the_same_bytes(shapes: Path, found: Result, tmp_path: Path) -> None:
    write_shapes(found, tmp_path / "shp", "zh")
    assert {p.name: p.read_bytes() for p in shapes.iterdir()} == {
        p.name: p.read_bytes() for p in (tmp_path / "shp").iterdir()
    }


def test_long_texts_and_strange_keys_are_no_warning(toy: Instance, tmp_path: Path) -> None:
    """Warnings are errors here. 254 bytes hold 84 characters of three bytes and no half one."""
    sites = toy["sites"].assign(name=["长" * 100, "=1+1", "<b>"])
    tables = {**toy.tables, "sites": sites}
    tables |= {
        name: table.assign(service=table["service"].replace("culture", "文化"))
        for name, table in toy.tables.items() if "service" in table
    }  # fmt: skip
    made = solved(dataclasses.replace(toy, tables=tables), ("S1:convert:clinic", "S2:convert:canteen"))
    write_shapes(made, tmp_path / "shp")
    assert pyogrio.read_dataframe(tmp_path / "shp" / "rooms.shp")["name"].tolist() == ["长" * 84, "=1+1", "<b>"]
    fields = list(pyogrio.read_info(tmp_path / "shp" / "demand.shp")["fields"])
    assert {"p___", "b___", "a___", "f___", "s___"} <= set(fields)


@pytest.mark.usefixtures("layers_alone")
def test_report_writes_them_on_request(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(out), "--shp", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == ["plan.gpkg", "shp"]
    assert {p.stem for p in (out / "shp").iterdir()} == {*ROWS, "fields"}
    assert panhuo.verify(out).ok
    (out / "shp" / "rooms.qix").write_text("an index", encoding="utf-8")
    (out / "shp" / "notes.txt").write_text("mine", encoding="utf-8")
    assert main(["report", str(out), "--shp", "--quiet"]) == 0
    assert (out / "shp" / "notes.txt").read_text("utf-8") == "mine"
    assert not (out / "shp" / "rooms.qix").exists()  # it was of the earlier file


def test_a_result_with_shapefiles_is_replaced_and_with_other_files_in_their_folder_is_not(
    found: Result, out: Path
) -> None:
    write_shapes(found, out / "shp")
    (out / "shp" / "rooms.shp.xml").write_text("metadata", encoding="utf-8")
    (out / "shp" / ".DS_Store").write_text("x", encoding="utf-8")
    result.guard(out)
    (out / "shp" / "mine.shp").write_text("x", encoding="utf-8")
    with pytest.raises(InstanceError, match=r"holds shp/mine\.shp beside an earlier result"):
        result.write(found, out)
    (out / "shp" / "mine.shp").unlink()
    assert result.write(found, out) == out
    assert not (out / "shp").exists()


def test_a_file_in_the_place_of_the_folder_is_left_alone(out: Path) -> None:
    (out / "shp").write_text("mine", encoding="utf-8")
    before = (out / "plan.gpkg").stat().st_mtime_ns
    with pytest.raises(InstanceError, match="shp: is a file, not a folder"):
        result.rebuild(out, asked=("shp",))
    with pytest.raises(InstanceError, match="holds shp beside an earlier result"):
        result.guard(out)
    assert (out / "shp").read_text("utf-8") == "mine"
    assert (out / "plan.gpkg").stat().st_mtime_ns == before
