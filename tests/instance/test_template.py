"""The template explains every column, and takes the toy's data."""

import csv
import re
from pathlib import Path

import pandas as pd
import pytest
from filled_in import fill_in, toy_rows
from python_calamine import CalamineWorkbook
from spreadsheet import enter, letters, validations

from panhuo.instance import Instance, InstanceError, read, write_template
from panhuo.instance.pages.documentation import format_page
from panhuo.instance.pages.format_page import FILES
from panhuo.instance.pages.template.headings import headings
from panhuo.instance.policy import Complex, Mode, Quota
from panhuo.instance.reading import headers
from panhuo.instance.reading.found import GUIDE_SHEETS
from panhuo.instance.schema import TABLES, spoken
from panhuo.words import LANGS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("lang", LANGS)
def test_the_committed_pages_are_the_generated_ones(lang) -> None:
    assert (ROOT / "docs" / FILES[lang]).read_text("utf-8") == format_page(lang)


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_names_every_table_column_and_where_the_standard_is_set(lang) -> None:
    page = format_page(lang)
    for table in TABLES.values():
        assert f"### {table.name}\n" in page
        assert all(f"`{c.name}`" in page and c.zh in page for c in table.columns)
    assert page.index("standard_min") < page.index("### services") < page.rindex("standard_min")


@pytest.mark.parametrize("lang", LANGS)
def test_a_template_asks_only_for_what_must_be_filled(tmp_path: Path, lang, faults_of) -> None:
    files = write_template(tmp_path / "new", lang, False)
    assert {f.name for f in files} == {"README.md", "example.toml", "instance.toml", *(f"{t}.csv" for t in TABLES)}
    found = faults_of(tmp_path / "new")
    assert [f for f in found if "the table has no rows" in f] == [
        f"{t}.csv: the table has no rows. Add at least one row." for t in ("demand", "sites", "services")
    ]
    assert all("no rows" in f or "crs" in f or "budget_cny" in f or "title: is required" in f for f in found)


@pytest.mark.parametrize("lang", LANGS)
def test_a_header_means_its_column_in_its_unit(lang) -> None:
    for table in TABLES.values():
        for header, column in headings(table, lang):
            head = headers.match(table, header)
            assert head is not None
            assert head.column is column
            assert head.factor == 1
            assert lang == "en" or not column.unit or spoken.unit(column.unit).to("zh") in header


@pytest.mark.parametrize("xlsx", [True, False])
@pytest.mark.parametrize("lang", LANGS)
def test_a_template_takes_the_toy(tmp_path: Path, lang, xlsx: bool, toy: Instance) -> None:
    path = tmp_path / ("new.xlsx" if xlsx else "new")
    write_template(path, lang, xlsx)
    if xlsx:
        fill_in(path, lang)
    else:
        for name, rows in toy_rows(lang).items():
            with (path / f"{name}.csv").open("a", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows(rows)
        text = (path / "instance.toml").read_text("utf-8").replace("# budget_cny = 0", "budget_cny = 280000")
        text = text.replace('\ntitle = ""', '\ntitle = "Toy"').replace('crs = ""', 'crs = "local"')
        (path / "instance.toml").write_text(text, "utf-8")
    instance = read(path)
    [empty] = [w.to(lang) for w in instance.warnings]
    count, example = {"en": ("11 tables have no rows", ", tiers, "), "zh": ("11 张表中没有行", "、人群分档、")}[lang]
    assert empty.startswith(f"{path.name}")
    assert count in empty
    assert example in empty
    for name in ("sites", "services", "costs", "funds", "eligibility", "existing"):
        pd.testing.assert_frame_equal(instance[name], toy[name])


@pytest.mark.parametrize("lang", LANGS)
def test_a_workbook_template_has_every_sheet(tmp_path: Path, lang, faults_of) -> None:
    *_, path = write_template(tmp_path / "new", lang, True)
    book = CalamineWorkbook.from_path(str(path))
    assert book.sheet_names[0] in GUIDE_SHEETS
    assert book.sheet_names[2:] == [t.name if lang == "en" else t.zh for t in TABLES.values()]
    keys = [row[0] for row in book.get_sheet_by_index(1).to_python()]
    assert {"title", "policy.budget_cny", "policy.floors", "tables.demand.crs", "access.detour"} <= set(keys)
    found = faults_of(path)
    assert any("title: is required" in f for f in found)
    assert not any("there is no such key" in f or "missing" in f for f in found)


@pytest.mark.parametrize("lang", LANGS)
def test_a_workbook_offers_what_may_be_chosen(tmp_path: Path, lang) -> None:
    path = tmp_path / "new.xlsx"
    write_template(path, lang, True)
    sites, services = (TABLES[t].name if lang == "en" else TABLES[t].zh for t in ("sites", "services"))
    rules = {rule["sqref"]: rule for rule in validations(path, sites)}
    place = {column.name: letters(n) for n, (_, column) in enumerate(headings(TABLES["sites"], lang))}

    def of(column: str) -> dict[str, str]:
        return rules[f"{place[column]}2:{place[column]}5001"]

    assert of("flue")["formula1"] == ('"yes,no"' if lang == "en" else '"是,否"')
    assert of("status")["formula1"] == ('"candidate,required,excluded"' if lang == "en" else '"候选,必选,排除"')
    circles = "circles" if lang == "en" else TABLES["circles"].zh
    assert of("circle")["formula1"] == f"OFFSET('{circles}'!$A$2,0,0,MAX(1,COUNTA('{circles}'!$A$2:$A$5001)),1)"
    area = f"{place['area_m2']}2"
    assert of("area_m2")["formula1"] == f"OR(ISTEXT({area}),AND({area}>0))"
    assert "errorStyle" not in of("area_m2")  # refused
    assert of("status")["errorStyle"] == "warning"  # 必须 is understood beside 必选
    served = {rule["sqref"][0]: rule for rule in validations(path, services)}
    assert {rule["type"] for rule in served.values()} == {"list", "custom"}
    limits = {rule["sqref"]: rule for rule in validations(path, ("instance", "实例设置")[lang == "zh"])}
    keys = [row[0] for row in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(1).to_python()]
    value = f"B{keys.index('access.detour') + 1}"
    assert limits[value]["formula1"] == f"OR(ISTEXT({value}),AND({value}>=1,{value}<=5))"


def test_the_guide_is_not_read_and_faults_name_the_sheet(tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    write_template(path, "en", True)
    fill_in(path, "en")
    assert not any("read me" in w.file for w in read(path).warnings)
    enter(path, {"sites": {"A5": "S4"}})  # a row that is no site
    with pytest.raises(InstanceError, match=r"new.xlsx\[sites\] row 5, area_m2: must not be blank"):
        read(path)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x", "utf-8")
    with pytest.raises(InstanceError, match="there is something there already"):
        write_template(tmp_path, "en", False)


@pytest.mark.parametrize("xlsx", [True, False])
def test_a_path_that_ends_in_xlsx_is_the_workbook(tmp_path: Path, xlsx: bool, faults_of) -> None:
    path = tmp_path / "deep" / "my.xlsx"
    assert write_template(path, "zh", xlsx) == [path]
    assert any(f.startswith("my.xlsx[实例设置], title: is required") for f in faults_of(path))
    with pytest.raises(InstanceError, match="there is something there already"):
        write_template(path, "zh", xlsx)


def _uncommented(block: str) -> str:
    """Keep the keys and sections of a block of the template; its explanations hold no line of that shape."""
    return "".join(f"{line}\n" for line in re.findall(r"^# (\w+ = .*|\[.*\])$", block, re.MULTILINE))


@pytest.mark.parametrize("lang", LANGS)
def test_every_block_of_the_settings_holds_once_it_is_uncommented(tmp_path: Path, lang, folder) -> None:
    write_template(tmp_path / "new", lang, False)
    text = (tmp_path / "new" / "instance.toml").read_text("utf-8")
    blocks = re.findall(r"^# \[(?:modes|operating)\.\w+\]\n(?:# \w+ = .*\n)+", text, re.MULTILINE)
    folder.toml += "".join(block.replace("# ", "") for block in blocks)
    (policy,) = re.findall(r"^\[policy\]\n((?:#.*\n)+)", text, re.MULTILINE)
    folder.toml = folder.toml.replace("[policy]\nbudget_cny = 300000\n", "[policy]\n" + _uncommented(policy))
    (complex_,) = re.findall(r"^# \[policy\.complex\]\n(?:#.*\n)+", text, re.MULTILINE)
    (quota,) = re.findall(r"^# \[\[policy\.quotas\]\]\n(?:#.*\n)+", text, re.MULTILINE)
    folder.toml += _uncommented(complex_) + _uncommented(quota)
    settings = folder.read().settings
    modes, operating = settings.modes, settings.operating
    assert list(modes) == ["keep", "convert", "rebuild", "add"]
    assert set(modes.values()) == {Mode()}
    assert list(operating) == ["public_public", "public_private", "private_aided", "listed"]
    assert {mode.margin_max for mode in operating.values()} == {0.08}
    assert settings.policy.start_year == 2026
    assert settings.policy.complex == Complex(min_area_m2=600, min_functions=3)
    assert settings.policy.quotas == (Quota(measure="capital", by="circle_type", max_factor=2),)
    crs = re.findall(r"^\[tables\.(\w+)\]\n(?:#.*\n)*crs = ", text, re.MULTILINE)
    assert crs == [t.name for t in TABLES.values() if t.located]
    assert text.count("crs =") == len(crs) + 1  # metric_crs


@pytest.mark.parametrize("lang", LANGS)
def test_the_example_of_a_proposal_holds_once_it_is_uncommented(tmp_path: Path, lang, folder) -> None:
    folder.tables["funds"] = [["fund", "party", "cap_cny"], ["city", "government", "1"], ["区财政", "政府", "1"]]
    folder.tables["services"].append(["食堂", "", "basic", "minutes", "15", "", "80", ""])
    folder.put("sites", 2, "id", "S1").put("sites", 3, "id", "S2")
    folder.tables["circles"] = [["circle"], ["west"], ["east"], ["西片"]]
    folder.tables["parties"] = [["party", "max_share"], ["government", "0.8"]]
    write_template(tmp_path / "new", lang, False)
    example = tmp_path / "new" / "proposals" / "example.toml"
    plain = read(folder.write(), example)
    assert plain.proposal is not None
    assert plain.proposal.change == {}
    text = re.sub(r"^# (?=\[|[\w\"]+ = )", "", example.read_text("utf-8"), flags=re.MULTILINE)
    example.write_text(text, "utf-8")
    changed = read(folder.path, example)
    assert changed.settings.policy.required_sites == ("S1",)
    assert changed.settings.policy.floors[0].share == 0.5
    assert changed["services"].set_index("service").loc["食堂", "standard_min"] == 10
    assert changed["funds"].set_index("fund")["cap_cny"].max() == 250_000
    assert changed["sites"]["status"].iloc[0] == "required"
    assert changed["parties"].set_index("bound").loc["government", "max_share"] == 0.5
    assert changed.settings.policy.price_cap_cny == 12
    assert changed.settings.in_kind.years == 10
