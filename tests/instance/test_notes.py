"""Tables read from planners' own files: path, layer, columns, rows and values stand in instance.toml."""

import gzip
import os
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import xlsxwriter
from shapely.geometry import LineString, Point

from panhuo.instance import read
from panhuo.instance.findings import Findings
from panhuo.instance.reading import files
from panhuo.instance.reading.parsing import typed

GRID = (
    "cell,lon,lat,ward,residents,over 60,clinics,open\n"
    "a,105.72363,29.70226,west,260,60,0,no\n"
    "b,105.72763,29.70226,west,380,80,1,yes\n"
    "\n"
    "c,105.74003,29.70226,east,340,90,2,true\n"
    "d,105.74363,29.70226,east,130,30,,0\n"
)
DEMAND = """
[tables.demand]
crs = "EPSG:4490"
file = "FILE"
columns = {id = "cell", circle = "ward", people_all = "residents", people_old = "over 60"}
"""
EXISTING = """
[tables.existing]
crs = "EPSG:4490"
file = "FILE"
columns = {id = "cell"}
where = [{column = "clinics", op = ">", value = 0}]
values = {service = "culture"}
"""


def _noted(folder, notes: str, file: str = "grid.csv", content: str | None = GRID) -> Path:
    """Write the instance with demand and existing from one file."""
    for name in ("demand", "existing"):
        folder.tables.pop(name)
        folder.crs.pop(name)
    folder.toml = f'title = "Own files"\n[policy]\nbudget_cny = 300000\n{notes.replace("FILE", file)}'
    path: Path = folder.write()
    if content is not None:
        (path / Path(file).name).write_text(content, encoding="utf-8")
    return path


def test_one_file_feeds_two_tables(folder) -> None:
    instance = read(_noted(folder, DEMAND + EXISTING))
    demand, existing = instance["demand"], instance["existing"]
    assert demand["id"].tolist() == ["a", "b", "c", "d"]
    assert demand["circle"].tolist() == ["west", "west", "east", "east"]
    assert demand[["people_all", "people_old"]].sum().tolist() == [1110, 260]
    assert instance.groups == ("all", "old")
    assert existing["id"].tolist() == ["b", "c"]
    assert existing["service"].tolist() == ["culture", "culture"]
    assert existing["x_m"].tolist() == demand["x_m"][[1, 2]].tolist()
    names = ["costs.csv", "grid.csv", "instance.toml", "services.csv", "sites.csv"]
    assert sorted(s.name for s in instance.sources) == names
    assert [str(w) for w in instance.warnings if w.file == "grid.csv"] == [
        "grid.csv: columns that are not used: open. Nothing to do if that is meant."
    ]


def test_rows_keep_the_numbers_of_the_file_and_are_told_of_once(folder, faults_of) -> None:
    path = _noted(folder, DEMAND + EXISTING, content=GRID.replace("c,105.74003", "c,x"))
    assert faults_of(path) == ["grid.csv row 5, lon = x: must be a number. Write a plain number such as 1234.5."]


@pytest.mark.parametrize(
    "written", ["$PLANNERS/data/grid.csv", "${PLANNERS}/data/grid.csv", "../away/data/grid.csv", "ABSOLUTE"]
)
def test_a_file_elsewhere_and_its_copy_are_read_alike(folder, tmp_path: Path, monkeypatch, written: str) -> None:
    away = tmp_path / "away" / "data"
    away.mkdir(parents=True)
    (away / "grid.csv").write_text(GRID, encoding="utf-8")
    monkeypatch.setenv("PLANNERS", str(tmp_path / "away"))
    written = (away / "grid.csv").as_posix() if written == "ABSOLUTE" else written
    first = read(_noted(folder, DEMAND + EXISTING, written, None))
    copies = tmp_path / "inputs"
    for source in first.sources:
        (copies / source.name).parent.mkdir(exist_ok=True)
        (copies / source.name).write_bytes(source.content)
    (away / "grid.csv").unlink()
    monkeypatch.delenv("PLANNERS")
    again = read(copies)
    for name in first.tables:
        pd.testing.assert_frame_equal(first[name], again[name])
    assert [(s.name, s.sha256) for s in first.sources] == [(s.name, s.sha256) for s in again.sources]


def test_a_variable_that_is_not_set(folder, faults_of, monkeypatch) -> None:
    monkeypatch.delenv("PLANNERS", raising=False)
    path = _noted(folder, DEMAND + EXISTING.replace("FILE", "grid.csv"), "$PLANNERS/grid.csv", None)
    assert faults_of(path) == [
        "instance.toml, tables.demand.file = $PLANNERS/grid.csv: the environment variable PLANNERS is not set. "
        "Set it, or put the file into the folder of the instance.",
        "instance.toml, tables.existing.file = grid.csv: there is no such file. Correct the path.",
    ]


@pytest.mark.parametrize("beside", [True, False])
def test_a_folder_is_no_file(folder, faults_of, tmp_path, beside: bool) -> None:
    path = _noted(folder, EXISTING, "../away/planning.gdb", None)
    (path / "planning.gdb" if beside else path.parent / "away" / "planning.gdb").mkdir(parents=True)
    assert faults_of(path)[:1] == [
        "instance.toml, tables.existing.file = ../away/planning.gdb: this is a folder, and a file is wanted. "
        "Name a file; out of a geodatabase (.gdb) export the layer as GPKG."
    ]


def test_a_variable_in_the_name_of_the_file(folder, faults_of) -> None:
    assert faults_of(_noted(folder, DEMAND + EXISTING, "$PLANNERS.csv", None))[0] == (
        "instance.toml, tables.demand.file = $PLANNERS.csv: an environment variable must not stand in the last part of "
        "the path. Write the file's own name there."
    )


def test_two_files_of_one_name(folder, tmp_path: Path, faults_of) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "grid.csv").write_text(GRID, encoding="utf-8")
    path = _noted(
        folder, DEMAND.replace("FILE", "../one/grid.csv") + EXISTING.replace("FILE", "../two/grid.csv"), "", None
    )
    (found,) = faults_of(path)
    assert found.startswith("instance.toml, tables.existing.file = ")
    assert found.endswith("two different files are called grid.csv. Rename one of them.")


def test_a_file_elsewhere_that_is_called_as_another_table(folder, tmp_path: Path, faults_of) -> None:
    (tmp_path / "parties.csv").write_text(GRID, encoding="utf-8")
    path = _noted(folder, DEMAND + EXISTING, "../parties.csv", None)
    assert faults_of(path) == [
        f"instance.toml, tables.{name}.file = parties.csv: is named after parties, which is not read from it. "
        "Rename the file, or name it under [tables.parties] too."
        for name in ("demand", "existing")
    ]


def test_the_file_that_is_named_and_the_one_that_bears_the_name(folder, faults_of) -> None:
    path = _noted(folder, DEMAND + EXISTING)
    (path / "demand.csv").write_text(GRID, encoding="utf-8")
    assert faults_of(path) == ["demand.csv: grid.csv is the table demand already. Keep one of the two files."]


def test_headers_that_are_not_there(folder, faults_of) -> None:
    notes = DEMAND.replace('"ward"', '"wrad"') + EXISTING.replace('"clinics"', '"nurses"')
    there = "Name a column of the file: cell, lon, lat, ward, residents, over 60, clinics, open."
    assert faults_of(_noted(folder, notes)) == [
        "instance.toml, tables.demand.columns.circle = wrad: grid.csv has no column wrad: did you mean ward? " + there,
        "instance.toml, tables.existing.where[0].column = nurses: grid.csv has no column nurses. " + there,
    ]


def test_columns_that_the_table_does_not_have(folder, faults_of) -> None:
    notes = DEMAND.replace("circle =", "cirle =") + EXISTING.replace("service =", "servce =")
    assert faults_of(_noted(folder, notes)) == [
        "instance.toml, tables.demand.columns.cirle: demand has no column cirle: did you mean circle? Rename the key.",
        "instance.toml, tables.existing.values.servce: existing has no column servce: did you mean service? "
        "Rename the key.",
    ]


def test_a_value_for_a_column_that_the_file_has(folder, faults_of) -> None:
    notes = DEMAND + 'values = {unit = "u1", circle = "west"}\n' + EXISTING
    assert faults_of(_noted(folder, notes)) == [
        "instance.toml, tables.demand.values.circle = west: grid.csv has this column already: ward. "
        'Take the value out, or write columns.circle = "" so that the column is not read.'
    ]


def test_a_column_that_is_not_read(folder) -> None:
    content = GRID.replace("ward", "circle")
    notes = DEMAND.replace('circle = "ward"', 'circle = ""') + 'values = {circle = "all"}\n' + EXISTING
    assert set(read(_noted(folder, notes, content=content))["demand"]["circle"]) == {"all"}


def test_a_value_that_does_not_fit(folder, faults_of) -> None:
    notes = DEMAND + EXISTING.replace('service = "culture"', 'service = "cultur", capacity_persons = "many"')
    assert faults_of(_noted(folder, notes)) == [
        "instance.toml, tables.existing.values.capacity_persons = many: must be a number. Write a plain number such as 1234.5."
    ]
    notes = notes.replace('"many"', "-5")
    assert faults_of(_write_again(folder, notes)) == [
        "instance.toml, tables.existing.values.capacity_persons = -5: must be ≥ 0 [persons]. "
        "Correct the number of people or delete the row.",
        "instance.toml, tables.existing.values.service = cultur: must be a key of services: canteen, culture. "
        "Did you mean culture? Else add it there or delete the row.",
    ]


def _write_again(folder, notes: str) -> Path:
    folder.toml = f'title = "Own files"\n[policy]\nbudget_cny = 300000\n{notes.replace("FILE", "grid.csv")}'
    folder.write_toml()
    return Path(folder.path)


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ('{column = "clinics", op = ">", value = 0}', "bc"),
        ('{column = "clinics", op = ">=", value = "1"}', "bc"),
        ('{column = "clinics", op = "=", value = 0}', "a"),
        ('{column = "clinics", op = "!=", value = 0}', "bc"),  # a blank cell makes nothing true
        ('{column = "clinics", op = "blank"}', "d"),
        ('{column = "clinics", op = "filled"}', "abc"),
        ('{column = "clinics", op = "in", value = "1; 2"}', "bc"),
        ('{column = "ward", op = "=", value = "east"}', "cd"),
        ('{column = "Ward", op = "not in", value = "east; north"}', "ab"),
        ('{column = "open", op = "=", value = true}', "bc"),
        ('{column = "open", op = "!=", value = true}', "ad"),
        ('{column = "ward", op = "has", value = "west"}', "ab"),
        ('{column = "ward", op = "=", value = "west"}, {column = "residents", op = "<", value = 300}', "a"),
    ],
)
def test_rows_that_meet_all_conditions_are_read(folder, condition: str, kept: str) -> None:
    path = _noted(folder, DEMAND + EXISTING.replace('{column = "clinics", op = ">", value = 0}', condition))
    assert "".join(read(path)["existing"]["id"]) == kept


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        ('{column = "ward", op = "<", value = 3}', "op = <: ward holds no numbers or dates, so < means nothing. "
         "Compare with =, !=, in, not in or has."),
        ('{column = "clinics", op = "blank", value = 1}', "value = 1.0: must be blank where op is blank. Clear the cell."),
        ('{column = "clinics", op = ">"}', "value: must be filled where op is >. Write what the column is compared with."),
        ('{column = "clinics", op = "=", value = "many"}', "value = many: must be a number. Write a plain number such as 1234.5."),
    ],
)  # fmt: skip
def test_conditions_that_mean_nothing(folder, faults_of, condition: str, fault: str) -> None:
    path = _noted(folder, DEMAND + EXISTING.replace('{column = "clinics", op = ">", value = 0}', condition))
    assert faults_of(path) == [f"instance.toml, tables.existing.where[0].{fault}"]


def test_a_flag_that_is_none_names_its_row(folder, faults_of) -> None:
    notes = DEMAND + EXISTING.replace('"clinics", op = ">", value = 0', '"ward", op = "=", value = true')
    found = faults_of(_noted(folder, notes))
    assert found[0] == (
        "grid.csv row 2, ward = west: must be yes or no (是/否, 有/无, 1/0). Write yes or no, or leave it blank."
    )
    assert [f.split(",")[0] for f in found] == [f"grid.csv row {row}" for row in (2, 3, 5, 6)]


def test_no_row_is_left(folder, faults_of) -> None:
    where = 'where = [{column = "ward", op = "=", value = "north"}]\n'
    assert faults_of(_noted(folder, DEMAND + where + EXISTING)) == [
        "instance.toml, tables.demand.where: no row meets all conditions. Correct the conditions."
    ]
    instance = read(_write_again(folder, DEMAND + EXISTING.replace('op = ">", value = 0', 'op = ">", value = 9')))
    assert instance["existing"].empty


def test_dates_and_lists_are_compared_as_such(folder) -> None:
    content = (
        "cell,lon,lat,service,since,kinds\na,105.73,29.7,culture,2019-05-01,x;y\nb,105.73,29.7,culture,2021年3月,y\n"
    )
    for condition, kept in (
        ('{column = "since", op = "<", value = "2020-01-01"}', ["a"]),
        ('{column = "since", op = ">=", value = "2021-03-01"}', ["b"]),
        ('{column = "kinds", op = "has", value = "x"}', ["a"]),
    ):
        (folder.path / "open.csv").write_text(content, encoding="utf-8")
        folder.tables.pop("existing", None)
        folder.crs.pop("existing", None)
        folder.toml = f"""title = "Dates"\n[policy]\nbudget_cny = 300000\n[tables.existing]\ncrs = "EPSG:4490"
file = "open.csv"\ncolumns = {{id = "cell"}}\nwhere = [{condition}]\n"""
        assert folder.read()["existing"]["id"].tolist() == kept


def test_a_unit_in_the_planners_header_counts(folder) -> None:
    folder.rename("sites", "area_m2", "Usable (亩)")
    for row in folder.tables["sites"][1:]:
        row[4] = "0.3"
    folder.toml += '[tables.sites]\ncrs = "EPSG:4490"\ncolumns = {area_m2 = "Usable (亩)"}\n'
    folder.crs.pop("sites")
    assert folder.read()["sites"]["area_m2"].tolist() == [200, 200, 200]


def test_what_the_settings_say_comes_before_a_header(folder) -> None:
    folder.column("sites", "code", "x1", "x2", "x3")
    folder.toml += '[tables.sites]\ncrs = "EPSG:4490"\ncolumns = {id = "code", name = "code"}\n'
    folder.crs.pop("sites")
    instance = folder.read()
    assert instance["sites"]["id"].tolist() == instance["sites"]["name"].tolist() == ["x1", "x2", "x3"]
    assert [str(w) for w in instance.warnings if w.column == "id"] == [
        "sites.csv, id: the column is not used: the settings take id from code. Nothing to do if that is meant."
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("packed", [False, True])
def test_compressed_files_and_all_line_ends(folder, end: str, packed: bool) -> None:
    plain = _noted(folder, DEMAND + EXISTING)
    data = GRID.replace("\n", end).replace(",", ";").encode()
    (plain / "grid.csv").unlink()
    name = "grid.csv.gz" if packed else "grid.csv"
    (plain / name).write_bytes(gzip.compress(data) if packed else data)
    instance = read(_write_named(folder, name))
    assert instance["demand"]["people_all"].tolist() == [260, 380, 340, 130]
    assert name in [s.name for s in instance.sources]


def _write_named(folder, name: str) -> Path:
    return _write_again(folder, (DEMAND + EXISTING).replace("FILE", name))


def test_a_compressed_table_is_found_by_its_name(folder) -> None:
    path = folder.write()
    plain = read(path)
    (path / "demand.csv.gz").write_bytes(gzip.compress((path / "demand.csv").read_bytes()))
    (path / "demand.csv").unlink()
    pd.testing.assert_frame_equal(read(path)["demand"], plain["demand"])


def test_a_damaged_compressed_file(folder, faults_of) -> None:
    path = folder.write()
    whole = gzip.compress((path / "demand.csv").read_bytes())
    (path / "demand.csv").unlink()
    (path / "demand.csv.gz").write_bytes(whole[:-20])
    (found,) = faults_of(path)
    assert found.startswith("demand.csv.gz: the file is damaged or incomplete (")


def test_a_sheet_of_a_workbook_beside_csv_tables(folder, faults_of) -> None:
    path = _noted(folder, DEMAND + EXISTING, "plan.xlsx", None)
    with xlsxwriter.Workbook(path / "plan.xlsx") as book:
        for name in ("Grid", "Notes"):
            sheet = book.add_worksheet(name)
            for row, line in enumerate(GRID.splitlines()):
                for column, cell in enumerate(line.split(",")):
                    sheet.write(row, column, cell)
    _write_again(
        folder, DEMAND.replace("FILE", "plan.xlsx") + 'layer = "grid"\n' + EXISTING.replace("FILE", "plan.xlsx")
    )
    assert faults_of(path) == [
        "plan.xlsx: several sheets, and none is called existing: Grid, Notes. "
        "Rename the sheet that is meant to existing."
    ]
    _write_again(
        folder,
        DEMAND.replace("FILE", "plan.xlsx")
        + 'layer = "grid"\n'
        + EXISTING.replace("FILE", "plan.xlsx")
        + 'layer = "Nodes"\n',
    )
    assert faults_of(path) == [
        "instance.toml, tables.existing.layer = Nodes: plan.xlsx has no layer or sheet of that name: did you mean "
        "Notes? Name one of Grid, Notes."
    ]
    _write_again(folder, (DEMAND + 'layer = "Grid"\n' + EXISTING + 'layer = "Grid"\n').replace("FILE", "plan.xlsx"))
    instance = read(path)
    assert instance["existing"]["id"].tolist() == ["b", "c"]
    assert [s.name for s in instance.sources].count("plan.xlsx") == 1


def test_a_layer_with_conditions_before_its_shapes_are_asked_for(folder, tmp_path: Path) -> None:
    shapes = [
        LineString([(105.72, 29.70), (105.73, 29.70)]),
        Point(105.7, 29.7),
        LineString([(105.73, 29.70), (105.74, 29.71)]),
    ]
    table = pd.DataFrame({"highway": ["path", "crossing", "steps"], "note": ["", "", "x"]})
    gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4490").to_file(
        tmp_path / "osm.gpkg", layer="ways", engine="pyogrio"
    )
    (tmp_path / "instance.toml").write_text(
        'title = "t"\n[tables.network]\nfile = "osm.gpkg"\nlayer = "ways"\n'
        'where = [{column = "highway", op = "!=", value = "crossing"}]\nvalues = {walk = true}\n',
        encoding="utf-8",
    )
    findings = Findings()
    found = files.find(tmp_path, findings)
    lines = typed(found.tables["network"], findings)
    assert not findings.faults
    assert lines.file == "osm.gpkg[ways]"
    assert lines.frame["kind"].tolist() == ["path", "steps"]
    assert lines.frame.index.tolist() == [1, 3]
    assert lines.frame["walk"].tolist() == [True, True]
    assert lines.shapes is not None
    assert [s.geom_type for s in lines.shapes] == ["LineString", "LineString"]


def test_rasters_and_extracts_are_named_too(tmp_path: Path) -> None:
    for name in ("poa_osm.pbf", "relief.tif", "people.tif"):
        (tmp_path / name).write_bytes(b"II*\x00")
    (tmp_path / "instance.toml").write_text(
        'title = "t"\n[tables.network]\nfile = "poa_osm.pbf"\n[tables.elevation]\nfile = "relief.tif"\n'
        '[tables.population_old]\nfile = "people.tif"\nlayer = "x"\n',
        encoding="utf-8",
    )
    findings = Findings()
    found = files.find(tmp_path, findings)
    assert found.osm is not None
    assert found.osm.file == "poa_osm.pbf"
    assert {name: at.file for name, at in found.rasters.items()} == {
        "elevation": "relief.tif", "population_old": "people.tif",
    }  # fmt: skip
    assert [str(f) for f in findings.faults] == [
        "instance.toml, tables.population_old.layer: means nothing for a raster. Remove the key."
    ]


def test_files_of_the_wrong_kind(folder, faults_of) -> None:
    path = _noted(folder, DEMAND + EXISTING, "grid.tif", "x")
    assert faults_of(path) == [
        f"instance.toml, tables.{name}.file = grid.tif: files with the ending .tif are not read as {name}. "
        "Save it in another format."
        for name in ("demand", "existing")
    ]


def test_a_note_that_cannot_be_read_hides_no_other_fault(folder, faults_of) -> None:
    notes = DEMAND + EXISTING.replace('op = ">"', 'op = "above"')
    path = _noted(folder, notes, content=GRID.replace("a,105.72363", "a,x"))
    found = faults_of(path)
    assert len(found) == 2
    assert found[0].startswith("instance.toml, tables.existing.where[0].op = above: must be one of ")
    assert found[1].startswith("grid.csv row 2, lon = x: must be a number.")


def test_a_workbook_names_a_file_beside_it(folder, tmp_path: Path) -> None:
    inside = tmp_path / "book"
    inside.mkdir()
    (inside / "grid.csv").write_text(GRID, encoding="utf-8")
    settings = [
        ["key", "value"], ["title", "Beside"], ["policy.budget_cny", 300000], ["tables.sites.crs", "EPSG:4490"],
        ["tables.sites.layer", "rooms"],
        *[[f"tables.{t}.{k}", v] for t in ("demand", "existing") for k, v in (("crs", "EPSG:4490"), ("file", "grid.csv"))],
        ["tables.demand.columns", '{id = "cell", circle = "ward", people_all = "residents"}'],
        ["tables.existing.columns.id", "cell"],
        ["tables.existing.where", '[{column = "clinics", op = ">", value = 0}]'],
        ["tables.existing.values.service", "culture"],
    ]  # fmt: skip
    with xlsxwriter.Workbook(inside / "district.xlsx") as book:
        for name, rows in (("instance", settings), *((n, folder.tables[n]) for n in ("services", "costs", "sites"))):
            sheet = book.add_worksheet("rooms" if name == "sites" else name)
            for row, line in enumerate(rows):
                for column, cell in enumerate(line):
                    sheet.write(row, column, cell)
    (inside / "elevation.tif").write_bytes(b"II*")
    by_folder, by_file = read(inside), read(inside / "district.xlsx")
    assert [str(w) for w in by_folder.warnings if w.file == "elevation.tif"] == [
        "elevation.tif: is not used: of a workbook, files beside it are used that its settings name. "
        "Name it under tables.elevation.file if it is meant."
    ]
    for name in by_folder.tables:
        pd.testing.assert_frame_equal(by_folder[name], by_file[name])
    assert by_folder["existing"]["id"].tolist() == ["b", "c"]
    assert [s.name for s in by_folder.sources] == ["district.xlsx", "grid.csv"]
    assert not [w for w in by_folder.warnings if "no table is called" in str(w)]


@pytest.mark.skipif("PANHUO_DATA" not in os.environ, reason="PANHUO_DATA names no folder of public data")
def test_the_chicago_walking_graph_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "instance.toml").write_text(
        'title = "South Side"\n[tables.network]\nfile = "$PANHUO_DATA/chicago_health_walk/south_side_walk_edges.csv.gz"\n'
        '[tables.nodes]\nfile = "$PANHUO_DATA/chicago_health_walk/south_side_walk_nodes.csv.gz"\n',
        encoding="utf-8",
    )
    findings = Findings()
    found = files.find(tmp_path, findings)
    edges, nodes = (typed(found.tables[n], findings) for n in ("network", "nodes"))
    assert not findings.faults
    assert len(edges.frame) == 24166
    assert len(nodes.frame) == 15798
    assert set(edges.frame["from"]) | set(edges.frame["to"]) == set(nodes.frame["id"])
    assert 1_600_000 < edges.frame["length_m"].sum() < 1_700_000
    assert set(edges.frame["oneway"]) <= {"", "yes", "no", "-1"}
