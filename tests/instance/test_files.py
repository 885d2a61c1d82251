"""Workbooks and geographic files hold the same tables."""

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xlsxwriter
from shapely.geometry import Point, Polygon

from panhuo.instance import InstanceError, read
from panhuo.instance.findings import Findings
from panhuo.instance.reading import settings_sheet


def _sheet(book, name: str, rows, start: int = 0) -> None:
    sheet = book.add_worksheet(name)
    for i, row in enumerate(rows, start):
        for j, cell in enumerate(row):
            if isinstance(cell, dt.date):
                sheet.write_datetime(i, j, cell, book.add_format({"num_format": "yyyy-mm-dd"}))
            else:
                sheet.write(i, j, cell)


def _number(cell: str):
    try:
        return float(cell)
    except ValueError:
        return cell


def _as_workbook(folder, path: Path, settings) -> Path:
    with xlsxwriter.Workbook(path) as book:
        _sheet(book, "实例设置", settings)
        for name, rows in folder.tables.items():
            _sheet(book, name, [[_number(c) for c in row] for row in rows])
    return path


SETTINGS = [
    ["key", "value"],
    ["title", "Six points"],
    ["policy.budget_cny", 300000],
    ["policy.floors", '[{service = "canteen", share = 0.5}]'],
    ["modes.convert.area_ratio", 0.9],
    ["modes.keep.months", 2],
    *([f"tables.{t}.crs", "EPSG:4490"] for t in ("demand", "sites", "existing")),
]


def test_a_workbook_is_an_instance(folder, tmp_path: Path) -> None:
    plain = folder.read()
    instance = read(_as_workbook(folder, tmp_path / "six.xlsx", SETTINGS))
    for name in instance.tables:
        pd.testing.assert_frame_equal(instance[name], plain[name])
    assert instance.settings.title == "Six points"
    assert instance.settings.policy.floors[0].share == 0.5
    assert set(instance.settings.modes) == {"convert", "keep"}
    assert [s.name for s in instance.sources] == ["six.xlsx"]


def test_settings_stand_in_cells_as_planners_write_them(folder, tmp_path: Path) -> None:
    """Lists with separators or as in TOML, choices in Chinese; a title is no list."""
    more = [
        ["title_zh", "甲；乙"], ["policy.required_sites", "S1"], ["policy.excluded_sites", '["S2", "S3"]'],
        ["operating.public_private.operator", "企业"], ["operating.public_private.services", "canteen；clinic"],
        ["operating.public_private.price_classes", "普惠服务; market"], ["modes.keep.area_of", "建筑面积"],
    ]  # fmt: skip
    given = settings_sheet.from_sheet([*SETTINGS, *more], "six.xlsx", Findings()).values  # noqa: PD011 (no pandas)
    policy, way = given["policy"], given["operating"]["public_private"]
    assert given["title_zh"] == "甲；乙"
    assert (policy["required_sites"], policy["excluded_sites"]) == (["S1"], ["S2", "S3"])
    assert way == {
        "operator": "enterprise",
        "services": ["canteen", "clinic"],
        "price_classes": ["inclusive", "market"],
    }
    assert given["modes"]["keep"]["area_of"] == "floor_area_m2"
    assert policy["floors"] == [{"service": "canteen", "share": 0.5}]


def test_faults_of_a_workbook_name_the_sheet(folder, tmp_path: Path, faults_of) -> None:
    folder.put("sites", 3, "area_m2", "-2")
    rows = [*SETTINGS, ["acess.detour", 1.3], ["access.detour", 9], ["policy.objectives", '[{name = "a"}]']]
    assert faults_of(_as_workbook(folder, tmp_path / "six.xlsx", rows)) == [
        "six.xlsx[实例设置] row 11, access.detour = 9: must be ≤ 5. Correct the value.",
        "six.xlsx[实例设置] row 12, policy.objectives[0].measure: is required. Write this key.",
        "six.xlsx[实例设置], acess: there is no such key: did you mean access? Rename the key.",
        "six.xlsx[sites] row 3, area_m2 = -2: must be > 0 [m²]. Correct the area or delete the row.",
    ]


def test_a_workbook_without_settings(folder, tmp_path: Path, faults_of) -> None:
    path = _as_workbook(folder, tmp_path / "six.xlsx", SETTINGS)
    with xlsxwriter.Workbook(path) as book:
        _sheet(book, "demand", folder.tables["demand"])
        _sheet(book, "Sheet2", [])
        _sheet(book, "demnad", [])
    found = faults_of(path)
    assert found[1] == "six.xlsx[demnad]: no table is called demnad: did you mean demand? Rename it."
    assert found[0].startswith(
        "six.xlsx: the sheet instance is missing, and no instance.toml stands beside the workbook."
    )


def test_merged_title_rows_and_excel_cells(folder) -> None:
    path = folder.write()
    (path / "sites.csv").unlink()
    rows = [
        ["资产编号", "名称", "经度", "纬度", "可用面积（亩）", "楼层", "独立烟道", "租约到期", "产权性质"],
        [500111001, "老商铺", 105.7252, 29.7023, 0.3, "负一", True, dt.date(2027, 6, 30), "集体"],
        ["007", "旧办公楼", 105.7336, 29.7023, "120㎡", 2, "否", "2027年6月", "行政事业"],
    ]
    with xlsxwriter.Workbook(path / "闲置资产.xlsx") as book:
        sheet = book.add_worksheet("清单")
        sheet.merge_range(0, 0, 0, 8, "大足区闲置资产盘活清单", book.add_format())
        sheet.merge_range(1, 0, 1, 8, "填报单位：某街道　单位：亩", book.add_format())
        for i, row in enumerate(rows, 3):
            for j, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(i, j, cell, book.add_format({"num_format": "yyyy-mm-dd"}))
                else:
                    sheet.write(i, j, cell)
    sites = read(path)["sites"]
    assert sites["id"].tolist() == ["500111001", "007"]
    assert sites["area_m2"].tolist() == [200.0, 120.0]
    assert sites["floor"].tolist() == [-1, 2]
    assert sites["flue"].tolist() == [True, False]
    assert sites["lease_until"].dt.strftime("%Y-%m-%d").tolist() == ["2027-06-30", "2027-06-01"]
    assert sites["ownership"].tolist() == ["collective", "administrative"]


def test_rows_below_merged_titles_are_counted_as_excel_shows_them(folder, faults_of) -> None:
    path = folder.write()
    (path / "sites.csv").unlink()
    folder.put("sites", 3, "area_m2", "big")
    with xlsxwriter.Workbook(path / "sites.xlsx") as book:
        _sheet(book, "Sheet1", [["Idle rooms"], [], *folder.tables["sites"]])
    assert faults_of(path) == [
        "sites.xlsx row 5, area_m2 = big: must be a number. Write a plain number such as 1234.5."
    ]


def test_several_sheets_and_none_is_named(folder, faults_of) -> None:
    path = folder.write()
    (path / "sites.csv").unlink()
    with xlsxwriter.Workbook(path / "sites.xlsx") as book:
        _sheet(book, "a", folder.tables["sites"])
        _sheet(book, "b", folder.tables["sites"])
    assert faults_of(path)[0] == (
        "sites.xlsx: several sheets, and none is called sites: a, b. Rename the sheet that is meant to sites."
    )


def test_a_folder_around_one_workbook_is_the_workbook(folder) -> None:
    _as_workbook(folder, folder.path / "district.xlsx", SETTINGS)
    (folder.path / "README.md").write_text("x", "utf-8")
    assert len(read(folder.path)["demand"]) == 6


def _with_sheets(folder, path: Path, settings: bool) -> Path:
    _as_workbook(folder, path, SETTINGS)
    if not settings:
        with xlsxwriter.Workbook(path) as book:
            for name, rows in folder.tables.items():
                _sheet(book, name, [[_number(c) for c in row] for row in rows])
    return path


@pytest.mark.parametrize("whole_folder", [True, False])
def test_settings_beside_a_workbook(folder, whole_folder: bool) -> None:
    path = _with_sheets(folder, folder.path / "district.xlsx", settings=False)
    folder.write_toml()
    instance = read(folder.path if whole_folder else path)
    assert instance.settings.title == "Six points"
    assert instance.settings.policy.budget_cny == 300000
    assert [s.name for s in instance.sources] == ["district.xlsx", "instance.toml"]


def test_settings_in_and_beside_a_workbook(folder, faults_of) -> None:
    path = _with_sheets(folder, folder.path / "district.xlsx", settings=True)
    folder.write_toml()
    assert faults_of(folder.path) == [
        "instance.toml: district.xlsx[实例设置] holds the settings already. Keep one of the two."
    ]
    assert [s.name for s in read(path).sources] == ["district.xlsx"]


@pytest.mark.parametrize(("cell", "budget"), [("40万元", 400000), ("1.2亿元", 1.2e8), ("400,000", 400000), (40, 40)])
def test_money_in_the_settings_of_a_workbook(folder, tmp_path: Path, cell, budget: float) -> None:
    rows = [[k, cell if k == "policy.budget_cny" else v] for k, v in SETTINGS]
    assert read(_as_workbook(folder, tmp_path / "six.xlsx", rows)).settings.policy.budget_cny == budget


@pytest.mark.parametrize("title", ["", "  "])
def test_an_empty_title_is_no_title(folder, tmp_path: Path, faults_of, title: str) -> None:
    folder.toml = folder.toml.replace("Six points", title)
    rows = [[k, title if k == "title" else v] for k, v in SETTINGS]
    for place, path in (("instance.toml", folder.write()), ("six.xlsx[实例设置]", tmp_path / "six.xlsx")):
        if path.suffix:
            _as_workbook(folder, path, rows)
        assert faults_of(path) == [f"{place}, title: is required. Write this key."]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("sites.geojson", b'{"type": "FeatureCollection", "features": [{"type": "Feat'),
        ("sites.geojson", b'{"a": 1}'),
        ("sites.shp", b"\x00\x00\x27\x0a cut short"),
        ("sites.gpkg", b"SQLite format 3\x00 cut short"),
    ],
)
def test_a_geographic_file_cut_short(folder, file: str, content: bytes) -> None:
    path = folder.write()
    (path / "sites.csv").unlink()
    (path / file).write_bytes(content)
    with pytest.raises(InstanceError) as caught:
        read(path)
    (only,) = caught.value.faults
    assert str(only).startswith(f"{file}: the file is damaged or incomplete (")
    assert only.to("zh").startswith(f"{file}：文件已损坏或不完整（")
    assert only.to("zh").endswith("）。请重新导出。")


def _layer(folder, crs: str) -> gpd.GeoDataFrame:
    rows = folder.tables["sites"]
    frame = pd.DataFrame(rows[1:], columns=rows[0])
    points = [Point(float(x), float(y)) for x, y in zip(frame["x"], frame["y"], strict=True)]
    frame = frame.drop(columns=["x", "y"]).assign(
        area_m2=frame["area_m2"].astype(float), name=["老商铺", "办公楼", "阅览室"]
    )
    return gpd.GeoDataFrame(frame, geometry=points, crs="EPSG:4490").to_crs(crs)


@pytest.mark.parametrize(
    ("file", "crs"), [("sites.gpkg", "EPSG:4544"), ("sites.geojson", "EPSG:4326"), ("sites.shp", "EPSG:4490")]
)
def test_geographic_files_carry_positions_and_system(folder, file: str, crs: str) -> None:
    plain = folder.read()["sites"]
    del folder.crs["sites"]
    path = folder.write()
    (path / "sites.csv").unlink()
    _layer(folder, crs).to_file(path / file, engine="pyogrio")
    instance = read(path)
    sites = instance["sites"]
    assert (sites[["x_m", "y_m"]] - plain[["x_m", "y_m"]]).abs().max().max() < 0.01
    assert sites["name"].tolist() == ["老商铺", "办公楼", "阅览室"]
    assert sites["flue"].tolist() == plain["flue"].tolist()
    assert file in {s.name for s in instance.sources}


def test_what_gdal_warns_of_is_told_once_as_a_warning_of_the_file(folder) -> None:
    path = folder.write()
    (path / "sites.csv").unlink()
    _layer(folder, "EPSG:4490").to_file(path / "sites.gpkg", engine="pyogrio")
    with closing(sqlite3.connect(path / "sites.gpkg")) as file:
        file.execute("PRAGMA application_id = 1234")  # as programs write it that know no GeoPackage
        file.commit()
    told = [str(w) for w in read(path).warnings if w.file == "sites.gpkg"]
    assert len(told) == 1
    assert told[0].startswith(
        "sites.gpkg: the library that reads it warns: GPKG: bad application_id=0x000004D2 on 'sites"
    )


def test_a_shapefile_without_cpg_is_gb18030_and_its_parts_are_sources(folder) -> None:
    path = folder.write()
    (path / "sites.csv").unlink()
    _layer(folder, "EPSG:4490").to_file(path / "sites.shp", engine="pyogrio", encoding="GB18030")
    (path / "sites.cpg").unlink(missing_ok=True)
    instance = read(path)
    assert instance["sites"]["name"].tolist() == ["老商铺", "办公楼", "阅览室"]
    assert {"sites.shp", "sites.dbf", "sites.shx", "sites.prj"} <= {s.name for s in instance.sources}


def test_polygons_give_a_point_inside_and_old_columns_are_named(folder) -> None:
    path = folder.write()
    (path / "sites.csv").unlink()
    layer = _layer(folder, "EPSG:4490").assign(lon=1.0)
    layer.geometry = [Polygon([(p.x, p.y), (p.x + 2e-4, p.y), (p.x, p.y + 2e-4)]) for p in layer.geometry]
    layer.to_file(path / "sites.gpkg", engine="pyogrio")
    instance = read(path)
    assert all(
        s.contains(Point(x, y))
        for s, x, y in zip(layer.geometry, instance["sites"]["x"], instance["sites"]["y"], strict=True)
    )
    assert [str(w) for w in instance.warnings] == [
        "sites.gpkg, lon: the column is not used: the position is that of the shape. Remove the column."
    ]


def test_a_file_that_contradicts_the_declared_system(folder, faults_of) -> None:
    path = folder.write()
    (path / "sites.csv").unlink()
    _layer(folder, "EPSG:4544").to_file(path / "sites.gpkg", engine="pyogrio")
    assert faults_of(path) == [
        "instance.toml, tables.sites.crs = EPSG:4490: contradicts sites.gpkg, which says EPSG:4544. "
        "Correct the crs, or leave it out."
    ]


def test_gcj02_may_be_declared_for_a_file_that_cannot_say_so(folder) -> None:
    path = folder.write()
    (path / "sites.csv").unlink()
    _layer(folder, "EPSG:4326").to_file(path / "sites.geojson", engine="pyogrio")
    plain = read(path)["sites"]
    folder.crs["sites"] = "GCJ-02"
    folder.write_toml()
    moved = read(path)["sites"]
    assert 461 < np.hypot(plain["x_m"] - moved["x_m"], plain["y_m"] - moved["y_m"]).iloc[0] < 464


def test_a_missing_shape(folder, faults_of) -> None:
    path = folder.write()
    (path / "sites.csv").unlink()
    layer = _layer(folder, "EPSG:4490")
    layer.loc[1, "geometry"] = None
    layer.to_file(path / "sites.gpkg", engine="pyogrio")
    assert faults_of(path) == ["sites.gpkg row 2: the row has no shape. Draw it or delete the row."]
