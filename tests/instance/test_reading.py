"""A clean folder, what is understood, and what holds where nothing is given."""

import math
from pathlib import Path

import pandas as pd
import pytest

from panhuo.instance import Instance, read
from panhuo.instance.schema import TABLES


def test_a_clean_folder_has_every_table_and_column(folder) -> None:
    instance = folder.read()
    assert instance.warnings == ()
    assert set(instance.tables) == set(TABLES)
    for name, table in TABLES.items():
        assert {c.name for c in table.columns if not c.family} <= set(instance[name].columns), name
        assert instance[name].index.tolist() == list(range(len(instance[name])))
    assert instance.groups == ("adult", "senior")
    assert instance.given == {"demand", "services", "sites", "existing", "costs"}
    assert instance.metric_crs == "EPSG:4544"
    assert instance.settings.policy.budget_cny == 300000


def test_kinds_have_the_documented_types(folder) -> None:
    sites = folder.read()["sites"]
    assert sites["area_m2"].dtype == "float64"
    assert sites["floor"].dtype == "Int64"
    assert sites["flue"].dtype == "boolean"
    assert sites["flue"].tolist() == [True, False, False]
    assert sites["encumbered"].dtype == "boolean"
    assert sites["encumbered"].tolist() == [False] * 3
    assert sites["lease_until"].dtype == "datetime64[ns]"
    assert sites["beside"].tolist() == [(), (), ()]
    assert sites["status"].tolist() == ["candidate"] * 3
    assert sites["outdoor_m2"].tolist() == [0.0] * 3
    assert sites["lift"].tolist() == [""] * 3


def test_tables_that_are_not_given_hold_their_defaults(folder) -> None:
    instance = folder.read()
    needs = instance["needs"]
    assert list(zip(needs["service"], needs["group"], needs["rate"], strict=True)) == [
        ("canteen", "adult", 1.0), ("canteen", "senior", 1.0), ("culture", "adult", 1.0), ("culture", "senior", 1.0),
    ]  # fmt: skip
    profile = instance["profiles"].iloc[0]
    assert (profile["profile"], profile["speed_km_h"], profile["groups"]) == ("adult", 4.5, ("adult", "senior"))
    assert instance["circles"]["circle"].tolist() == ["west", "east"]
    assert instance["circles"]["name"].tolist() == ["west", "east"]
    fund = instance["funds"].iloc[0]
    assert (len(instance["funds"]), fund["party"], fund["cap_cny"]) == (1, "government", 300000.0)
    assert instance["eligibility"]["fund"].tolist() == [fund["fund"]]
    assert instance["eligibility"].iloc[0][["items", "modes", "services"]].tolist() == [(), (), ()]
    shares = instance["parties"].set_index("party")["max_share"].to_dict()
    assert shares == {"government": 1, "community": 1, "enterprise": 1, "resident": 0, "donor": 1}
    for name in ("rules", "conversions", "minutes"):
        assert instance[name].empty


def test_parties_given_in_part_are_completed(folder) -> None:
    folder.tables["parties"] = [["party", "min_share", "max_share"], ["政府", "", "50%"], ["居民", "", ""]]
    parties = folder.read()["parties"].set_index("party")
    assert parties["max_share"].to_dict() == {
        "government": 0.5, "resident": 0.0, "community": 1.0, "enterprise": 1.0, "donor": 1.0,
    }  # fmt: skip
    assert parties["min_share"].tolist() == [0.0] * 5


def test_a_table_without_rows_counts_as_not_given(folder) -> None:
    folder.tables["funds"] = [["fund", "party", "cap_cny"]]
    instance = folder.read()
    assert "funds" not in instance.given
    assert instance["funds"]["cap_cny"].tolist() == [300000.0]
    assert [w.to("en") for w in instance.warnings] == [
        "funds.csv: the table has no rows, so this holds: one government fund that may pay all capital, "
        "up to policy.budget_cny, and nothing of the year. Nothing to do if that is meant."
    ]
    assert "只有一笔政府资金，可支付任何投资，上限为 policy.budget_cny；不支付年度费用" in instance.warnings[0].to("zh")


def test_gb18030(folder) -> None:
    folder.encoding = "gb18030"
    folder.put("sites", 2, "circle", "西圈")
    for row in (2, 3, 4):
        folder.put("demand", row, "circle", "西圈")
    instance = folder.column("sites", "名称", "老商铺", "䶮公馆").read()
    assert instance["sites"]["name"].tolist() == ["老商铺", "䶮公馆", "䶮公馆"]
    assert instance["sites"]["circle"].tolist()[0] == "西圈"


def test_a_utf8_mark_before_gb18030(folder) -> None:
    path = folder.put("sites", 2, "id", "一号").write()
    sites = path / "sites.csv"
    sites.write_bytes(b"\xef\xbb\xbf" + sites.read_text("utf-8-sig").encode("gb18030"))
    assert read(path)["sites"]["id"].tolist()[0] == "一号"


def test_money_in_wan_and_areas_in_mu(folder) -> None:
    folder.tables["funds"] = [
        ["资金", "出资方", "上限（万元）"], ["a", "政府", "12.5"], ["b", "企业", "0.1"], ["c", "社区", "300元"], ["d", "G", "1.2亿元"],
    ]  # fmt: skip
    folder.rename("sites", "area_m2", "可用面积(亩)").put("sites", 2, "可用面积(亩)", "0.3")
    folder.put("sites", 3, "可用面积(亩)", "1,234.5㎡").put("sites", 4, "可用面积(亩)", "0.5公顷")
    instance = folder.read()
    assert instance["funds"]["cap_cny"].tolist() == [125000.0, 1000.0, 300.0, 1.2e8]
    assert instance["sites"]["area_m2"].tolist() == [200.0, 1234.5, 5000.0]


def test_full_width_digits(folder) -> None:
    folder.put("demand", 2, "people_adult", "１２３").put("sites", 2, "area_m2", "１，２３４．５")
    folder.put("sites", 2, "id", "Ｓ０１").put("existing", 2, "site_id", "S01")
    instance = folder.read()
    assert instance["demand"]["people_adult"].iloc[0] == 123.0
    assert instance["sites"]["area_m2"].iloc[0] == 1234.5
    assert instance["sites"]["id"].iloc[0] == instance["existing"]["site_id"].iloc[0] == "S01"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters(folder, delimiter: str) -> None:
    path = folder.write()
    for file in path.glob("*.csv"):
        file.write_text(file.read_text("utf-8-sig").replace(",", delimiter), "utf-8")
    assert len(read(path)["demand"]) == 6


def test_title_and_blank_rows_in_a_csv_keep_the_spreadsheet_rows(folder) -> None:
    folder.tables["sites"] = [["闲置资产清单"], ["", ""], *folder.tables["sites"], ["", ""]]
    folder.tables["sites"][4][folder.tables["sites"][2].index("area_m2")] = "-20"
    assert folder.faults() == ["sites.csv row 5, area_m2 = -20: must be > 0 [m²]. Correct the area or delete the row."]


def test_keys_keep_leading_zeros(folder) -> None:
    folder.put("sites", 2, "id", "007").put("existing", 2, "site_id", "007")
    assert folder.read()["sites"]["id"].iloc[0] == "007"


def test_chinese_headers_and_families(folder) -> None:
    folder.rename("demand", "id", "需求点编号").rename("demand", "x", "经度").rename("demand", "y", " 纬度 ")
    folder.rename("demand", "people_adult", "人数_成人（人）").rename("demand", "people_senior", "POP_senior")
    instance = folder.read()
    assert instance.groups == ("成人", "senior")
    assert instance["demand"]["people_成人"].sum() == 1230


def test_arcgis_id_beside_name(folder) -> None:
    folder.rename("demand", "id", "ID").column("demand", "Name", "West gate")
    demand = folder.read()["demand"]
    assert (demand["id"].iloc[0], demand["name"].iloc[0]) == ("d1", "West gate")


def test_further_columns_stay_and_are_named(folder) -> None:
    folder.column("sites", "heritage_level", "3", "", "2.0").column("sites", "remark", "a")
    folder.tables["rules"] = [["rule", "column", "op", "value"], ["listed", "heritage_level", ">=", "３"]]
    instance = folder.read()
    assert instance["sites"]["heritage_level"].tolist() == ["3", "", "2"]
    assert [str(w) for w in instance.warnings] == [
        "sites.csv: columns that are not used: remark. Nothing to do if that is meant."
    ]
    assert instance["rules"]["value"].tolist() == ["3"]


def test_rules_are_put_into_the_words_of_the_schema(folder) -> None:
    folder.tables["rules"] = [
        ["rule", "column", "op", "value"],
        ["a", "楼层", "大于", "一层"],
        ["b", "独立烟道", "!=", "有"],
        ["c", "ownership", "in", "国企、集体"],
        ["d", "lease_until", ">", "2027年6月"],
        ["e", "area_m2", "<", "1,000"],
        ["f", "beside", "has", "market；school"],
        ["g", "flue", "blank", ""],
    ]
    rules = folder.read()["rules"]
    assert rules["column"].tolist() == ["floor", "flue", "ownership", "lease_until", "area_m2", "beside", "flue"]
    assert rules["op"].tolist() == [">", "!=", "in", ">", "<", "has", "blank"]
    assert rules["value"].tolist() == ["1", "yes", "state;collective", "2027-06-01", "1000", "market;school", ""]


def test_a_budget_of_nothing_is_understood(folder) -> None:
    folder.toml = folder.toml.replace("300000", "0")
    assert folder.read()["funds"]["cap_cny"].tolist() == [0.0]


def test_sources_carry_the_hash_of_every_file(folder) -> None:
    import hashlib

    instance = folder.read()
    names = {s.name: s.sha256 for s in instance.sources}
    assert set(names) == {"demand.csv", "services.csv", "sites.csv", "existing.csv", "costs.csv", "instance.toml"}
    assert names["sites.csv"] == hashlib.sha256((folder.path / "sites.csv").read_bytes()).hexdigest()


def test_strays_are_left_alone_and_unknown_tables_named(folder) -> None:
    (folder.path / "README.md").write_text("x", "utf-8")
    (folder.path / "build.py").write_text("x", "utf-8")
    (folder.path / "facts").mkdir()
    (folder.path / "facts" / "demand.csv").write_text("x", "utf-8")
    (folder.path / "weather.csv").write_text("x", "utf-8")
    assert [str(w) for w in folder.read().warnings] == [
        "weather.csv: no table is called weather: it is not used. Nothing to do if that is meant."
    ]


def test_the_toy_is_clean(toy: Instance) -> None:
    assert toy.warnings == ()
    assert toy.metric_crs == "local"
    assert toy["demand"]["x_m"].tolist() == [0.0, 400.0, 800.0, 1640.0, 2000.0, 2400.0]
    assert math.isnan(toy["services"]["area_m2"].iloc[2])


def test_a_copy_of_an_instance_reads_the_same(folder, tmp_path: Path) -> None:
    import shutil

    first = folder.read()
    copy = Path(shutil.copytree(folder.path, tmp_path / "out" / "inputs"))
    second = read(str(copy))
    for name in TABLES:
        pd.testing.assert_frame_equal(first[name], second[name])
