"""Each fault is one sentence with file, row, column, value, rule and mend."""

from dataclasses import replace
from pathlib import Path

import pytest

from panhuo.instance import read
from panhuo.instance.faults import Fault
from panhuo.words import T


def test_negative_area(folder) -> None:
    assert folder.put("sites", 4, "area_m2", "-20").faults() == [
        "sites.csv row 4, area_m2 = -20: must be > 0 [m²]. Correct the area or delete the row."
    ]


def test_missing_column(folder) -> None:
    folder.tables["demand"] = [row[:3] + row[4:] for row in folder.tables["demand"]]
    assert folder.faults()[0] == (
        "demand.csv, circle: the column is missing (header circle or 生活圈). Add the column."
    )


def test_misspelt_required_column(folder) -> None:
    assert folder.rename("sites", "area_m2", "aera_m2").faults() == [
        "sites.csv, aera_m2: found aera_m2: did you mean area_m2? Rename the column."
    ]


def test_misspelt_optional_column(folder) -> None:
    assert folder.rename("sites", "ownership", "ownrship").faults() == [
        "sites.csv, ownrship: found ownrship: did you mean ownership? Rename the column."
    ]


def test_misspelt_family(folder) -> None:
    folder.rename("demand", "people_adult", "poeple_adult").rename("demand", "people_senior", "poeple_senior")
    assert folder.faults()[0] == (
        "demand.csv, poeple_adult: found poeple_adult: did you mean people_adult? Rename the column."
    )


def test_wrong_type(folder) -> None:
    assert folder.put("sites", 3, "area_m2", "about 200").faults() == [
        "sites.csv row 3, area_m2 = about 200: must be a number. Write a plain number such as 1234.5."
    ]


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("floor", "mezzanine", "must be one floor, such as 1, 3F, 一层, 负一 or B1. Write one floor; basements are negative."),
        ("floor", "0", "there is no floor 0. Write 1 for the ground floor, -1 for the first basement."),
        ("flue", "maybe", "must be yes or no (是/否, 有/无, 1/0). Write yes or no, or leave it blank."),
        (
            "ownership",
            "shared",
            "must be one of administrative, state, collective, community, private. Write one of these words.",
        ),
        ("area_m2", "12.5万元", "the unit 万元 does not fit a column in [m²]. Write the number in [m²]."),
    ],
)  # fmt: skip
def test_cells_that_cannot_be_read(folder, column: str, value: str, sentence: str) -> None:
    assert folder.put("sites", 2, column, value).faults() == [f"sites.csv row 2, {column} = {value}: {sentence}"]


def test_bad_date_and_fraction(folder) -> None:
    folder.column("sites", "lease_until", "2027-02-30", "").column("sites", "exits", "1.5", "")
    assert folder.faults() == [
        "sites.csv row 2, lease_until = 2027-02-30: must be a date, such as 2027-06-30. Write it as year-month-day.",
        "sites.csv row 2, exits = 1.5: must be a whole number. Round it, or correct it.",
    ]


def test_header_with_a_unit_that_does_not_fit(folder) -> None:
    assert folder.rename("sites", "area_m2", "可用面积（万元）").faults() == [
        "sites.csv, 可用面积（万元）: the unit 万元 does not fit a column in [m²]. Correct the unit or the header."
    ]


def test_duplicate_id(folder) -> None:
    assert folder.put("sites", 4, "id", "s1").faults() == [
        "sites.csv row 4, id = s1: stands in row 2 already; id must be unique. Give it another id or delete the row."
    ]


def test_duplicate_key_of_several_columns(folder) -> None:
    folder.tables["costs"].append(["canteen", "", "fit_out", "900"])
    assert folder.faults() == [
        "costs.csv row 4, service, mode, operating, item = canteen; ; ; fit_out: stands in row 2 already; "
        "service + mode + operating + item must be unique. "
        "Give it another service + mode + operating + item or delete the row."
    ]


@pytest.mark.parametrize("blank", ["", "  "])
def test_blank_in_a_required_column(folder, blank: str) -> None:
    assert folder.put("demand", 3, "people_senior", blank).faults() == [
        "demand.csv row 3, people_senior: must not be blank. Fill the cell or delete the row."
    ]


@pytest.mark.parametrize("nothing", ["NaN", "nan", "null", "#N/A"])
def test_a_word_for_nothing_in_a_required_column_is_shown(folder, nothing: str) -> None:
    assert folder.put("demand", 3, "people_senior", nothing).faults() == [
        f"demand.csv row 3, people_senior = {nothing}: must not be blank. Fill the cell or delete the row."
    ]


def test_blank_key(folder) -> None:
    folder.put("sites", 3, "id", "").put("sites", 4, "id", "")
    assert folder.faults() == [
        f"sites.csv row {row}, id: must not be blank. Fill the cell or delete the row." for row in (3, 4)
    ]


def test_unknown_service(folder) -> None:
    assert folder.put("existing", 2, "service", "cultur").faults() == [
        "existing.csv row 2, service = cultur: must be a key of services: canteen, culture. "
        "Did you mean culture? Else add it there or delete the row."
    ]


def test_an_id_that_no_other_table_knows(folder) -> None:
    folder.tables["conversions"] = [["site", "mode", "service"], ["zz", "convert", "canteen"]]
    folder.tables["minutes"] = [["demand", "place", "minutes"], ["d1", "e1", "3"], ["d1", "nowhere", "3"]]
    assert folder.faults() == [
        "conversions.csv row 2, site = zz: must be a key of sites: s1, s2, s3. "
        "Add it there, correct the name or delete the row.",
        "minutes.csv row 3, place = nowhere: must be a key of sites / existing: s1, s2, s3, e1. "
        "Add it there, correct the name or delete the row.",
    ]


def test_unknown_group_and_circle(folder) -> None:
    folder.tables["profiles"] = [["profile", "speed_km_h", "groups"], ["all", "4.5", "adult;seniors"]]
    folder.tables["circles"] = [["circle"], ["west"]]
    found = folder.faults()
    assert (
        "profiles.csv row 2, groups = seniors: must be a group of demand, that is what follows people_: adult, senior. "
        "Did you mean senior? Else add it there or delete the row."
    ) in found
    assert (
        "profiles.csv, groups: the group senior of demand stands in no profile. Add it to the groups of one profile."
        in found
    )
    assert any(f.startswith("demand.csv row 5, circle = east: must be a key of circles: west.") for f in found)


def test_group_in_two_profiles(folder) -> None:
    folder.tables["profiles"] = [
        ["profile", "speed_km_h", "groups"],
        ["a", "4.5", "adult;senior"],
        ["b", "3", "senior"],
    ]
    assert folder.faults() == [
        "profiles.csv row 3, groups = senior: the group stands in row 2 already. Keep each group in exactly one profile."
    ]


@pytest.mark.parametrize(("table", "file"), [("demand", "demand.csv"), ("sites", "sites.csv")])
def test_empty_table(folder, table: str, file: str) -> None:
    folder.tables[table] = folder.tables[table][:1]
    assert f"{file}: the table has no rows. Add at least one row." in folder.faults()


def test_empty_file(folder) -> None:
    path = folder.write()
    (path / "sites.csv").write_bytes(b"")
    from panhuo.instance import InstanceError

    with pytest.raises(InstanceError, match=r"sites\.csv: the table has no rows\. Add at least one row\."):
        read(path)


def test_missing_table(folder) -> None:
    del folder.tables["services"]
    assert "six: the table services (服务目录) is missing. Add it." in folder.faults()


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b"PK\x03\x04rest", "a workbook (XLSX) or a ZIP archive"),
        (b"\xd0\xcf\x11\xe0rest", "an old Excel workbook (XLS)"),
        (b"SQLite format 3\x00rest", "a database such as a GeoPackage"),
        (b"\xff\xfei\x00d\x00", "UTF-16 text"),
        (b"<html><table>", "a web page or XML"),
    ],
)
def test_a_csv_that_is_none(folder, faults_of, content: bytes, seen: str) -> None:
    path = folder.write()
    (path / "sites.csv").write_bytes(content)
    assert faults_of(path) == [
        f"sites.csv: the file is not what its ending .csv says: it looks like {seen}. "
        "Export it again as .csv, or give it its true ending."
    ]


@pytest.mark.parametrize("content", [b"id,x\n1,\x00", b"id,x\n\xff\xff,1\n"])
def test_a_csv_that_is_no_text(folder, faults_of, content: bytes) -> None:
    path = folder.write()
    (path / "sites.csv").write_bytes(content)
    assert faults_of(path) == [
        "sites.csv: the file is not what its ending .csv says: it is no text in UTF-8 or GB18030. Save it again as CSV UTF-8."
    ]


@pytest.mark.parametrize("ending", ["xlsx", "gpkg", "shp", "geojson"])
def test_text_with_another_ending(folder, faults_of, ending: str) -> None:
    path = folder.write()
    (path / "sites.csv").rename(path / f"sites.{ending}")
    assert faults_of(path) == [
        f"sites.{ending}: the file is not what its ending .{ending} says. "
        f"Export it again as .{ending}, or give it its true ending."
    ]


def test_a_workbook_cut_short(folder, faults_of) -> None:
    path = folder.write()
    (path / "sites.csv").unlink()
    (path / "sites.xlsx").write_bytes(b"PK\x03\x04 cut short")
    (only,) = faults_of(path)
    assert only.startswith("sites.xlsx: the workbook cannot be read: ")


def test_endings_that_are_not_read(folder, faults_of) -> None:
    path = folder.write()
    (path / "sites.csv").rename(path / "sites.xls")
    assert faults_of(path) == ["sites.xls: tables with the ending .xls are not read. Save it as CSV or XLSX."]


def test_two_files_for_one_table(folder, faults_of) -> None:
    path = folder.write()
    (path / "闲置资产.csv").write_bytes((path / "sites.csv").read_bytes())
    assert faults_of(path) == ["闲置资产.csv: sites.csv is the table sites already. Keep one of the two files."]


def test_a_table_name_with_a_slip(folder, faults_of) -> None:
    path = folder.write()
    (path / "demand.csv").rename(path / "demnad.csv")
    found = faults_of(path)
    assert "demnad.csv: no table is called demnad: did you mean demand? Rename it." in found


@pytest.mark.parametrize("name", ["phases", "分期"])
def test_reserved_tables_are_refused(folder, faults_of, name: str) -> None:
    path = folder.write()
    (path / f"{name}.csv").write_text("a\n1\n", "utf-8")
    (only,) = faults_of(path)
    assert only.startswith(f"{name}.csv: this version does not plan ")
    assert only.endswith(" yet. Take the table out.")


def test_no_folder_and_an_empty_folder(tmp_path: Path, faults_of) -> None:
    assert faults_of(tmp_path / "nowhere") == [
        f"{tmp_path / 'nowhere'}: there is no such folder or workbook. Check the path."
    ]
    (only,) = faults_of(tmp_path)
    assert only.startswith(f"{tmp_path}: the folder holds no table.")


def test_row_longer_than_the_header(folder) -> None:
    folder.tables["sites"][1].append("surplus")
    assert folder.faults() == [
        "sites.csv row 2 = surplus: the row has more cells than the header has names. "
        "Name the column, or remove the cell (a text with a comma needs quotation marks)."
    ]


def test_a_column_twice(folder) -> None:
    folder.column("sites", "area_m2", "5").column("sites", "可用面积", "5")
    assert folder.faults() == [
        "sites.csv row 1, area_m2: the column stands there twice. Rename or remove one of them.",
        "sites.csv, 可用面积: means area_m2, as the column area_m2 does. Remove or rename one of them, or name the "
        "right one in columns of [tables.sites].",
    ]


def test_service_standards_must_match_the_measure(folder) -> None:
    folder.put("services", 2, "standard_min", "").put("services", 3, "standard_min", "10")
    folder.put("services", 2, "area_m2", "50")
    assert folder.faults() == [
        "services.csv row 2, standard_min: must be filled where measure is minutes. Write the standard.",
        "services.csv row 3, standard_min = 10: must be blank where measure is metres. "
        "Clear the cell or change the measure.",
        "services.csv row 2, area_m2 = 50: must be ≥ min_area_m2 = 80. Correct one of the two areas.",
    ]


def test_party_bounds(folder) -> None:
    folder.tables["parties"] = [
        ["party", "min_share", "max_share"],
        ["government", "0.6", "0.5"],
        ["resident", "1.2", ""],
    ]
    assert folder.faults() == [
        "parties.csv row 3, min_share = 1.2: must be ≤ 1. Correct the value or delete the row.",
        "parties.csv row 3, min_share = 1.2: residents pay no capital where max_share is blank, so they cannot pay at "
        "least this share of it. Write max_share too; or, if what visitors pay is meant, write yearly in ledger.",
        "parties.csv row 2, min_share = 0.6: must be ≤ max_share = 0.5. Correct one of the two shares.",
    ]


def test_rules_that_make_no_sense(folder) -> None:
    folder.tables["rules"] = [
        ["rule", "column", "op", "value"],
        ["a", "flor", ">", "1"],
        ["b", "owner", "<", "1"],
        ["c", "floor", ">", "high"],
        ["d", "flue", "blank", "yes"],
        ["e", "flue", "=", ""],
    ]
    assert folder.faults() == [
        "rules.csv row 2, column = flor: must be a column of sites. Did you mean floor?",
        "rules.csv row 3, op = <: owner holds no numbers or dates, so < means nothing. Compare with =, !=, in, not in or has.",
        "rules.csv row 4, value = high: must be one floor, such as 1, 3F, 一层, 负一 or B1. "
        "Write one floor; basements are negative.",
        "rules.csv row 5, value = yes: must be blank where op is blank. Clear the cell.",
        "rules.csv row 6, value: must be filled where op is =. Write what the column is compared with.",
    ]


def test_places_with_one_name(folder) -> None:
    folder.put("existing", 2, "id", "s1")
    folder.tables["minutes"] = [["demand", "place", "minutes"], ["d1", "s1", "3"]]
    assert folder.faults() == [
        "existing.csv row 2, id = s1: is the id of a site too, so the minutes table cannot tell them apart. "
        "Give one of them another id."
    ]


def test_neither_funds_nor_budget(folder) -> None:
    folder.toml = 'title = "x"\n'
    assert folder.faults() == [
        "instance.toml, policy.budget_cny: neither a funds table nor policy.budget_cny says how much money there is. "
        "Give a funds table, or write policy.budget_cny."
    ]


def test_all_faults_at_once(folder) -> None:
    folder.put("sites", 2, "area_m2", "-1").put("demand", 2, "people_adult", "many").put("existing", 2, "service", "x")
    del folder.crs["sites"]
    assert len(folder.faults()) == 4


def test_many_alike_are_counted(folder) -> None:
    folder.tables["demand"] += [[f"n{i}", "105.73", "29.70", "west", "", "-1", "0"] for i in range(50)]
    found = folder.faults()
    assert len(found) == 21
    assert found[-1] == "demand.csv, people_adult: further cells with the same fault: 30. Mend them in the same way."


def test_faults_in_chinese_are_one_line_each(folder) -> None:
    from panhuo.instance import InstanceError

    folder.put("sites", 2, "area_m2", "-1")
    with pytest.raises(InstanceError) as caught:
        folder.read()
    assert all("\n" not in fault.to("zh") for fault in caught.value.faults)


@pytest.mark.parametrize("long", ["", "x" * 140_000])
def test_a_quotation_mark_that_is_never_closed(folder, faults_of, long: str) -> None:
    path = folder.write()
    sites = path / "sites.csv"
    sites.write_text(sites.read_text("utf-8-sig").replace("\ns2,", f'\n"s2{long},'), "utf-8")
    assert faults_of(path) == [
        "sites.csv row 3: a quotation mark is opened in this row and never closed. Close it or remove it."
    ]


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("老人人数", "人数_老人"), ("人数老人", "人数_老人"), ("老人人数（人）", "人数_老人"), ("人口-老人", "人数_老人"),
        ("people60", "people_60"), ("pop60", "people_60"), ("senior_people", "people_senior"), ("people", None),
        ("poeple_senior", "people_senior"),
    ],
)  # fmt: skip
def test_a_near_miss_of_a_family_would_lose_people(folder, header: str, meant: str | None) -> None:
    folder.rename("demand", "people_senior", header)
    if meant is None:
        assert folder.read().groups == ("adult",)
        return
    assert folder.faults() == [f"demand.csv, {header}: found {header}: did you mean {meant}? Rename the column."]


@pytest.mark.parametrize("header", ["总人口", "total_people", "人口密度", "人口来源", "population", "popular_2020"])
def test_what_only_resembles_a_family_is_a_further_column(folder, header: str) -> None:
    folder.column("demand", header, "census" if header == "人口来源" else "5")
    assert [str(w) for w in folder.read().warnings] == [
        f"demand.csv: columns that are not used: {header}. Nothing to do if that is meant."
    ]


def test_a_total_alone_is_no_group_yet(folder) -> None:
    folder.tables["demand"] = [row[:-1] for row in folder.rename("demand", "people_adult", "总人口").tables["demand"]]
    assert folder.faults() == ["demand.csv, 总人口: found 总人口: did you mean 人数_总? Rename the column."]


def test_no_people_at_all(folder) -> None:
    folder.tables["demand"] = [row[:5] for row in folder.tables["demand"]]
    assert folder.faults() == [
        "demand.csv, people_*: the column is missing (header people_* or 人数_*). Add the column."
    ]


def test_money_that_nearly_belongs_to_a_family(folder) -> None:
    rows = [["site", "mode", "service", "投资结构", "投资_消防", "总投资"], ["s1", "改", "canteen", "5", "1", "6"]]
    folder.tables["conversions"] = rows
    assert folder.faults() == ["conversions.csv, 投资结构: found 投资结构: did you mean 投资_结构? Rename the column."]


def test_objectives_with_one_name(folder) -> None:
    stage = '[[policy.objectives]]\nname = "a"\nmeasure = "capital"\n'
    folder.toml += stage + stage.replace('"a"', '"b"') + stage
    assert folder.faults() == [
        "instance.toml, policy.objectives[2].name = a: is the name of policy.objectives[0] too, "
        "so results could not tell them apart. Give it another name."
    ]


def test_a_colon_in_the_key_of_a_service(folder) -> None:
    for table, row in (("services", 2), ("costs", 2)):
        folder.put(table, row, "service", "food:canteen")
    assert folder.faults() == [
        "services.csv row 2, service = food:canteen: must not hold :, which joins the parts of an option's key. "
        "Write another key."
    ]


@pytest.mark.parametrize("rows", [None, [["demand", "place", "minutes"]]])
def test_minutes_only_and_no_minutes(folder, rows) -> None:
    folder.toml += '[access]\nmethod = "minutes"\n'
    if rows:
        folder.tables["minutes"] = rows
    assert folder.faults() == [
        "instance.toml, access.method = minutes: needs a minutes table, and none is given. "
        "Add the table minutes, or write straight."
    ]
    folder.tables["minutes"] = [["demand", "place", "minutes"], ["d1", "s1", "3"]]
    assert folder.read().settings.access.method == "minutes"


def test_a_conversion_in_a_mode_that_is_not_allowed(folder) -> None:
    folder.tables["conversions"] = [["site", "mode", "service"], ["s1", "改", "canteen"], ["s1", "拆", "canteen"]]
    assert folder.faults() == [
        "conversions.csv row 3, mode = rebuild: the settings do not allow the mode, so the row would not count. "
        "Write [modes.rebuild] in the settings, or delete the row."
    ]
    folder.toml += "[modes.convert]\n[modes.rebuild]\n"
    assert len(folder.read()["conversions"]) == 2


def _in_chinese(folder) -> list[str]:
    from panhuo.instance import InstanceError

    with pytest.raises(InstanceError) as caught:
        folder.read()
    return [fault.to("zh") for fault in caught.value.faults]


def test_choices_columns_and_units_in_the_words_of_the_reader(folder) -> None:
    folder.put("services", 2, "measure", "时长").put("demand", 2, "people_adult", "-1").put(
        "sites", 2, "area_m2", "5万元"
    )
    folder.put("services", 3, "standard_m", "-5").rename("sites", "flue", "独立烟到").rename(
        "sites", "ownership", "ownrship"
    )
    folder.tables["rules"] = [["rule", "column", "op", "value"], ["a", "楼曾", "blank", ""]]
    found = "\n".join(_in_chinese(folder))
    assert "必须是以下之一：minutes（分钟）、metres（米）、unit（村社）" in found
    assert "≥ 0 [人]" in found
    assert "[米]" in found
    assert "独立烟到：是否指 独立烟道？" in found
    assert "ownrship：是否指 ownership（产权性质）？" in found
    assert "persons" not in found


def test_choices_of_settings_in_the_words_of_the_reader(folder) -> None:
    folder.toml += '[access]\nmethod = "fly"\n[modes.keeep]\n'
    found = "\n".join(_in_chinese(folder))
    assert "straight（直线距离）、network（路网）、minutes（步行时间表）" in found
    assert "keep（留）、convert（改）、rebuild（拆）、add（增）" in found


def test_many_valid_keys_are_counted(folder) -> None:
    folder.tables["sites"] += [[f"n{i}", "105.73", "29.70", "west", "90", "", "", ""] for i in range(20)]
    folder.put("existing", 2, "site_id", "zz")
    (only,) = folder.faults()
    assert "must be a key of sites: s1, s2, s3, n0, n1, n2, n3, n4, n5, n6 … (23 in all)." in only


def test_rows_of_an_extract_are_ways() -> None:
    fault = Fault("town.osm.pbf", T("must not be blank"), T("Correct the value"), row=29191629)
    assert fault.to("en") == "town.osm.pbf way 29191629: must not be blank. Correct the value."
    assert fault.to("zh").startswith("town.osm.pbf 第 29191629 号路：")
    assert str(replace(fault, file="town.gpkg")).startswith("town.gpkg row 29191629: ")
