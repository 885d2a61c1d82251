"""The workbook: sheets, words, sums to the fen, and text that stays text."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

import panhuo
from panhuo import result
from panhuo.instance import Instance
from panhuo.instance.schema.edited import DECISION, HEADERS_IN, SHEETS
from panhuo.result import Result
from panhuo.result.reread import reread
from panhuo.result.workbook import write_workbook
from panhuo.result.workbook.cells import columns, width
from panhuo.words import Lang

from .conftest import BY_HAND, HOSTILE, TOY, built, edit

FIRST = ("Summary", "概要")


def sheets(path: Path) -> dict[str, pd.DataFrame]:
    """The tables of a workbook by sheet, but the first."""
    book = pd.read_excel(path, sheet_name=None, engine="calamine", header=HEADERS_IN - 1)
    return {name: table for name, table in book.items() if name not in FIRST}


def summary(path: Path) -> dict[str, list[object]]:
    """The rows of the first sheet by what stands at their left."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return {str(row[0]): row[1:] for row in rows if row[0] != ""}


def sums(path: Path, sheet: str) -> dict[str, float]:
    """The line of sums of a sheet, by header."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()
    return {str(h): v for h, v in zip(rows[HEADERS_IN - 1], rows[HEADERS_IN - 2], strict=True) if v != ""}


@pytest.fixture(scope="module", params=["en", "zh"])
def written(fed: Result, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    path = tmp_path_factory.mktemp("book") / "plan.xlsx"
    write_workbook(fed, path, request.param)
    return path, request.param


def test_the_workbook_has_its_sheets(pristine: Path) -> None:
    names = CalamineWorkbook.from_path(pristine / "plan.xlsx").sheet_names
    assert names == [
        "Summary", "Plan", "Sites", "Coverage", "Circles", "Ledger", "Funds", "Money by party", "Funds and items",
        "Money by year", "Inputs", "Input sites", "Input existing", "Input services", "Input needs", "Input rules",
        "Input costs", "Input funds", "Input eligibility", "Input parties",
    ]  # fmt: skip


def test_headers_are_frozen_filtered_and_repeated_on_paper(pristine: Path) -> None:
    with zipfile.ZipFile(pristine / "plan.xlsx") as zipped:
        sheet = zipped.read("xl/worksheets/sheet2.xml").decode()
        names = zipped.read("xl/workbook.xml").decode()
    assert '<pane ySplit="2" topLeftCell="A3" activePane="bottomLeft" state="frozen"/>' in sheet
    assert '<autoFilter ref="A2:P5"/>' in sheet
    assert 'orientation="landscape"' in sheet
    assert "fitToHeight=" in sheet
    assert '<definedName name="_xlnm.Print_Titles" localSheetId="1">Plan!$1:$2</definedName>' in names


@pytest.mark.parametrize(("lang", "at", "words"), [("en", 0, ("pin,drop", "required,excluded")),
                                                   ("zh", 1, ("锁定,放弃", "必选,排除"))])  # fmt: skip
def test_decisions_stand_first_blank_and_with_a_list(
    found: Result, tmp_path: Path, lang: str, at: int, words: tuple[str, str]
) -> None:
    path = tmp_path / "plan.xlsx"
    write_workbook(found, path, lang)  # type: ignore[arg-type]
    book = sheets(path)
    with zipfile.ZipFile(path) as zipped:
        for n, (key, said) in enumerate(zip(("plan", "sites"), words, strict=True), start=2):
            table = book[SHEETS[key][at]]
            assert table.columns[0] == DECISION[at]
            assert table.iloc[:, 0].isna().all()
            assert f'<formula1>"{said}"</formula1>' in zipped.read(f"xl/worksheets/sheet{n}.xml").decode()


def test_a_chinese_workbook_speaks_chinese_throughout(found: Result, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_workbook(found, path, "zh")
    book = sheets(path)
    assert list(book)[:10] == [
        "方案", "资产", "覆盖", "生活圈", "台账", "资金", "各方出资", "资金与费用项", "分年资金", "输入",
    ]  # fmt: skip
    heads = [head for sheet in book.values() for head in sheet.columns]
    assert [head for head in heads if head.isascii()] == []
    assert book["方案"]["方式"].tolist() == ["改", "改", "留"]
    assert book["方案"]["服务"].tolist() == ["社区卫生服务站", "老年食堂", "文化活动站"]
    assert set(book["台账"]["出资方"]) == {"政府", "企业"}
    assert set(book["台账"]["账目"]) == {"投资"}
    assert book["资产"]["结果"].tolist() == ["选用"] * 3
    assert book["资产"]["状态"].tolist() == ["候选"] * 3
    assert book["资金"].iloc[0].tolist()[:5] == ["政府改造资金", "政府", 220_000, 215_999.8, 4_000.2]
    told = summary(path)
    assert told["状态"][0] == "已证明最优"
    assert told["说明"][0] == "部分数据为合成（示例）数据：见各表说明"
    assert told["投资（元）"][:2] == pytest.approx([275_999.8, 27.59998])


def test_a_gap_is_a_percentage(pristine: Path) -> None:
    with zipfile.ZipFile(pristine / "plan.xlsx") as book:
        styles, sheet = (book.read(f"xl/{n}").decode() for n in ("styles.xml", "worksheets/sheet1.xml"))
    formats = re.findall(r'<xf numFmtId="(\d+)"', styles.partition("<cellXfs")[2])
    gap = re.search(r'<c r="B\d+" s="(\d+)"><v>0</v>', sheet)
    assert gap is not None
    assert f'<numFmt numFmtId="{formats[int(gap[1])]}" formatCode="0.00%"/>' in styles


def test_sums_are_those_of_the_record_to_the_fen(fed: Result, written: tuple[Path, str]) -> None:
    path, lang = written
    run, zh = fed.run, lang == "zh"
    book = sheets(path)
    ledger, parties = book["台账" if zh else "Ledger"], book["各方出资" if zh else "Money by party"]
    amount, by = ("金额（元）", "账目") if zh else ("amount_cny", "ledger")
    words = (
        {"capital": "投资", "yearly": "年度", "in_kind": "实物"}
        if zh
        else {k: k for k in run["money"] if k in ("capital", "yearly", "in_kind")}
    )
    for column, (name, word) in zip((1, 3, 5), words.items(), strict=True):
        whole = round(sum(run["money"][name].values()), 2)
        assert round(ledger[amount][ledger[by] == word].sum(), 2) == whole
        assert [v for v in parties.iloc[:, column] if v] == list(run["money"][name].values())
        assert sums(path, "各方出资" if zh else "Money by party")[parties.columns[column]] == whole
    told = summary(path)
    assert round(told["合计" if zh else "In all"][0] * (10_000 if zh else 1), 2) == run["capital_cny"]
    assert told["政府" if zh else "government"][1] == pytest.approx(run["shares"]["capital"]["government"], abs=1e-9)


def test_the_sheets_of_the_money(fed: Result, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_workbook(fed, path)
    book = sheets(path)
    assert list(book)[4:14] == [
        "Ledger", "Funds", "Money by party", "Funds and items", "Money by year", "Profit and loss", "Burden by tier",
        "Would lose money", "Subsidy a person", "Inputs",
    ]  # fmt: skip
    assert book["Funds and items"].iloc[0].tolist()[:2] == ["City", 60_000]
    assert book["Profit and loss"]["break_even_visits"].tolist() == [16_250]
    assert book["Subsidy a person"].iloc[0].tolist() == ["Canteen", 65, 97_755, 1503.92]
    assert book["Would lose money"]["needed_visits"].tolist() == [25_801, 13_801]
    assert book["Money by year"].iloc[:, [0, 1, -1]].to_numpy().tolist() == [
        ["capital", 2026, 110_000], ["yearly", 2027, 229_005], ["in_kind", 2027, 18_400],
    ]  # fmt: skip
    write_workbook(fed, path, "zh")
    book = sheets(path)
    assert [head for sheet in book.values() for head in sheet.columns if head.isascii()] == []
    assert book["各方出资"]["出资方"].tolist() == ["政府", "社区", "企业", "居民", "捐赠"]
    assert book["资金与费用项"].columns.tolist() == [
        "资金", "装修", "无障碍", "设备", "投资（元）", "按人次补贴", "运营补贴", "捐赠", "年度费用（元）",
    ]  # fmt: skip
    assert book["收支"].iloc[0][["运营方式", "运营方", "收费方案"]].tolist() == ["公建民营", "企业", "普惠餐"]
    assert book["各类对象的负担"]["对象"].tolist() == ["一般", "困难"]
    assert book["会亏损的场所"]["类别"].tolist() == ["现状", "未选用"]
    assert set(book["台账"]["账目"]) == {"投资", "年度", "实物"}


def test_items_of_cost_may_be_called_anything(toy: Instance, tmp_path: Path) -> None:
    item = "fit{0}:[out"
    costs = toy["costs"].assign(item=toy["costs"]["item"].replace("fit_out", item))
    eligibility = toy["eligibility"].assign(items=[(item,), ("equipment",)])
    tables = {**toy.tables, "costs": costs, "eligibility": eligibility}
    write_workbook(built(dataclasses.replace(toy, tables=tables), BY_HAND), tmp_path / "plan.xlsx")
    assert sums(tmp_path / "plan.xlsx", "Funds and items")[item] == 215_999.8


def test_lists_of_the_tables_read_are_in_words(intricate: Instance, tmp_path: Path) -> None:
    write_workbook(built(intricate, ()), tmp_path / "plan.xlsx", "zh")
    book = sheets(tmp_path / "plan.xlsx")
    assert book["输入 用房规则"]["服务"].iloc[0] == "老年食堂; 社区卫生服务站"
    paid = book["输入 资金适用"].iloc[-3:-1].astype(object).fillna("")
    assert paid["造价项"].tolist() == ["结构; 排烟", "排烟; 装修"]
    assert paid["方式"].tolist() == ["改", ""]
    assert paid["产权性质"].tolist() == ["", "集体"]


def test_rebuilt_it_is_the_same_to_the_byte(fed: Result, pristine: Path, tmp_path: Path) -> None:
    chinese = result.write(fed, tmp_path / "out", lang="zh")
    for out, lang in ((pristine, "en"), (chinese, "zh")):
        write_workbook(reread(out), tmp_path / "again.xlsx", lang)  # type: ignore[arg-type]
        assert (tmp_path / "again.xlsx").read_bytes() == (out / "plan.xlsx").read_bytes()


def test_rebuilt_it_still_says_what_its_pictures_lack(tmp_path: Path) -> None:
    shutil.copytree(TOY, tmp_path / "district")
    edit(tmp_path / "district" / "services.csv", lambda t: t.assign(name_en="Rare \U00030ede " + t["service"]))
    out = result.write(built(panhuo.read(tmp_path / "district"), ()), tmp_path / "out")
    before = (out / "plan.xlsx").read_bytes()
    rows = CalamineWorkbook.from_path(out / "plan.xlsx").get_sheet_by_index(0).to_python()
    assert "No font here has \U00030ede: boxes stand for them in the pictures" in [row[1] for row in rows]
    write_workbook(reread(out), out / "plan.xlsx")
    assert (out / "plan.xlsx").read_bytes() == before


def test_columns_count_chinese_characters_as_two() -> None:
    assert columns("资产 A1") == 7
    assert columns("（元）") == 6
    assert columns("a\n资产清单") == 8
    assert width("名称", ["大足区龙岗街道"], "text") == 16
    assert width("a very long header", [""], "text") == 21
    assert width("x", ["x" * 500], "text") == 48


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_text_is_shown_as_written_in_every_sheet(hostile: Result, lang: Lang, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_workbook(hostile, path, lang)
    cells = {
        name: {cell for row in CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python() for cell in row}
        for name in CalamineWorkbook.from_path(path).sheet_names
    }
    texts = {cell.strip() if isinstance(cell, str) else cell for cell in cells[SHEETS["sites"][lang == "zh"]]}
    assert {name.strip() for name in HOSTILE} <= texts
    for sheet in ("输入 闲置资产",) if lang == "zh" else ("Input sites",):
        assert {name.strip() for name in HOSTILE} <= {c.strip() for c in cells[sheet] if isinstance(c, str)}
    assert set(HOSTILE[:3]) <= cells[SHEETS["plan"][lang == "zh"]]
    assert {"<script>alert(1)</script>", "-2+3"} <= cells["生活圈" if lang == "zh" else "Circles"]
    with zipfile.ZipFile(path) as zipped:
        for name in zipped.namelist():
            part = zipped.read(name).decode()
            assert "<script>" not in part
            assert "hyperlink r:id" not in part
            for formula in re.findall(r"<f>(.*?)</f>", part):
                assert "HYPERLINK" not in formula
                assert "@SUM" not in formula


def test_names_that_read_like_conditions_add_up_right(hostile: Result, tmp_path: Path) -> None:
    """As criteria of SUMIFS "*" and "<>" would take the rows of every fund."""
    path = tmp_path / "plan.xlsx"
    write_workbook(hostile, path)
    used = sheets(path)["Funds"]["used_cny"].tolist()
    assert used == [fund["used_cny"] for fund in hostile.run["funds"]]
    assert sheets(path)["Funds"]["fund"].tolist() == ["*", "<>"]


def test_numbers_are_those_of_the_files(fed: Result, tmp_path: Path) -> None:
    out = result.write(fed, tmp_path / "out")
    book, run = sheets(out / "plan.xlsx"), json.loads((out / "run.json").read_text("utf-8"))
    for sheet, file in {"Plan": "plan", "Sites": "sites", "Coverage": "coverage", "Ledger": "ledger",
                        "Profit and loss": "accounts"}.items():  # fmt: skip
        table = pd.read_csv(out / f"{file}.csv", encoding="utf-8-sig")
        numbers = table.select_dtypes("number").columns
        assert len(numbers)
        assert book[sheet][numbers].fillna(-1).to_numpy().tolist() == table[numbers].fillna(-1).to_numpy().tolist()
    told, figures = summary(out / "plan.xlsx")["Canteen"], run["coverage"]["canteen"]
    keys = ("base_persons", "before", "after", "new_persons", "lost_persons", "unreachable_persons")
    assert told[:6] == [figures[key] for key in keys]
    assert told[6:8] == [figures[side] / figures["base_persons"] for side in ("before", "after")]
    above = sums(out / "plan.xlsx", "Coverage")
    assert above["new_persons"] == run["new_person_services"]
    assert book["Coverage"]["new_persons"].sum() == run["new_person_services"]
    assert round(sums(out / "plan.xlsx", "Ledger")["amount_cny"] * 100) == sum(
        round(cny * 100) for name in ("capital", "yearly", "in_kind") for cny in run["money"][name].values()
    )
