"""From the template to a plan, and the plan's workbook, edited, back: the toy, in Chinese, with figures by hand."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from filled_in import fill_in
from python_calamine import CalamineWorkbook
from spreadsheet import enter

from panhuo.cli import main
from panhuo.instance.schema.edited import HEADERS_IN

PLAN, SITES = "方案", "资产"


def rows(book: Path, sheet: str) -> dict[str, int]:
    """Find the row of every site in a sheet of a plan's workbook."""
    cells = CalamineWorkbook.from_path(str(book)).get_sheet_by_name(sheet).to_python()
    site = cells[HEADERS_IN - 1].index("资产编号")
    return {str(row[site]): line for line, row in enumerate(cells, 1) if line > HEADERS_IN}


def options(out: Path) -> list[str]:
    return list(pd.read_csv(out / "plan.csv", encoding="utf-8-sig")["option"])


def new_persons(out: Path) -> dict[str, float]:
    run = json.loads((out / "run.json").read_text("utf-8"))
    assert run["verified"]
    return {service: of["new_persons"] for service, of in run["coverage"].items()}


def refused(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    assert main([*map(str, words), "--lang", "en"]) == 2
    return capsys.readouterr().err


def test_from_the_template_to_a_plan_and_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Sections 3 and 5 of the toy's README.

    S2 must be a canteen (130,000 CNY, 210 seniors), S1 no clinic: then S2's own clinic (116,000, 540 people) is the best
    that is left in class basic, 196,000 of 246,000 CNY of it the government's; 34,000 are left for S3's culture room
    (29,999.80, 360 people).
    """
    book, out, mine = tmp_path / "实例.xlsx", tmp_path / "out", tmp_path / "mine.xlsx"
    assert main(["template", str(book), "--lang", "zh"]) == 0
    fill_in(book, "zh")
    assert main(["check", str(book), "--lang", "zh"]) == 0
    assert main(["solve", str(book), "-o", str(out), "--lang", "zh", "--quiet"]) == 0
    assert options(out) == ["S1:convert:clinic", "S2:convert:canteen", "S3:keep:culture"]
    assert new_persons(out) == {"canteen": 210, "clinic": 640, "culture": 360}

    place = rows(out / "plan.xlsx", PLAN)
    enter(out / "plan.xlsx", {PLAN: {f"A{place['S1']}": "放弃", f"A{place['S2']}": "锁定"}})
    shutil.copy(out / "plan.xlsx", mine)
    for words in (("report", out), ("solve", book, "-o", out), ("evaluate", book, "-o", out)):
        assert f"{out / 'plan.xlsx'}: holds decisions that would be lost. Copy it" in refused(capsys, *words)
    assert options(out) == ["S1:convert:clinic", "S2:convert:canteen", "S3:keep:culture"]

    capsys.readouterr()
    assert main(["evaluate", str(book), "--plan", str(mine), "--json"]) == 0
    without = json.loads(capsys.readouterr().out)
    assert {k: of["new_persons"] for k, of in without["coverage"].items()} == {
        "canteen": 210,
        "clinic": 0,
        "culture": 360,
    }
    assert without["capital_cny"] == 130_000 + 29_999.80

    kept = tmp_path / "kept"
    assert main(["solve", str(book), "--pins", str(mine), "-o", str(kept), "--lang", "zh", "--quiet"]) == 0
    assert options(kept) == ["S2:convert:canteen", "S2:convert:clinic", "S3:keep:culture"]
    assert new_persons(kept) == {"canteen": 210, "clinic": 540, "culture": 360}
    assert json.loads((kept / "run.json").read_text("utf-8"))["capital_cny"] == 275_999.80
    sites = pd.read_csv(kept / "sites.csv", encoding="utf-8-sig").set_index("site")
    assert sites.loc["S1", "reason"] == "no_gain"
    assert sites.loc["S1", "detail"].endswith("政策方案放弃：社区卫生服务站（改）")
    assert sites.loc["S2", "detail"] == "政策方案锁定：老年食堂（改）"
    assert (kept / "inputs" / "pins" / "pins.xlsx").read_bytes() == mine.read_bytes()
    assert main(["verify", str(kept), "--quiet"]) == 0


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("toy") / "out"
    toy = Path(__file__).parents[2] / "instances" / "toy"
    assert main(["solve", str(toy), "-o", str(out), "--lang", "zh", "--quiet"]) == 0
    return out


@pytest.fixture
def toy() -> str:
    return str(Path(__file__).parents[2] / "instances" / "toy")


def test_sites_are_decided_and_rows_added(tmp_path, solved, toy, capsys) -> None:
    """S3 is excluded; S1 gets a culture room by words alone, and S2 is required, which it meets."""
    book = tmp_path / "plan.xlsx"
    shutil.copy(solved / "plan.xlsx", book)
    sites, plan = rows(book, SITES), rows(book, PLAN)
    words = zip("BDE", ("Old shop 老商铺", "改造", "Culture room"), strict=True)
    added = {f"{column}{max(plan.values()) + 1}": word for column, word in words}
    enter(
        book, {SITES: {f"A{sites['S3']}": "排除", f"A{sites['S2']}": "必选"}, PLAN: {f"A{plan['S1']}": "放弃", **added}}
    )
    assert main(["evaluate", toy, "--plan", str(book), "-o", str(tmp_path / "out"), "--quiet"]) == 0
    assert options(tmp_path / "out") == ["S1:convert:culture", "S2:convert:canteen"]
    assert main(["check", toy, "--pins", str(book), "--json"]) == 0
    out = json.loads(capsys.readouterr().out)
    assert {(e["service"], e["rule"]) for e in out["excluded"] if e["rule"] in ("dropped", "status")} >= {
        ("clinic", "dropped"),
        ("culture", "status"),
    }


def test_a_required_site_without_a_row_and_other_contradictions(tmp_path, solved, toy, capsys) -> None:
    book = tmp_path / "plan.xlsx"
    shutil.copy(solved / "plan.xlsx", book)
    sites, plan = rows(book, SITES), rows(book, PLAN)
    enter(book, {SITES: {f"A{sites['S1']}": "必选", f"A{sites['S3']}": "排除"},
                 PLAN: {f"A{plan['S1']}": "放弃", f"A{plan['S3']}": "锁定"}})  # fmt: skip
    said = refused(capsys, "evaluate", toy, "--plan", book)
    assert f"{book}[资产] row {sites['S1']}, 资产编号 = S1: is required, and no row of the plan uses it. Add" in said
    assert f"{book}[方案] row {plan['S3']}, 决定 = pin: the site is excluded, so nothing can be pinned there" in said
    said = refused(capsys, "solve", toy, "--pins", book, "-o", tmp_path / "out")
    assert f"{book}[方案] row {plan['S3']}, 决定 = pin S3:keep:culture: the site is excluded" in said
    assert not (tmp_path / "out").exists()
    enter(book, {PLAN: {f"A{plan['S3']}": "留下"}})
    said = refused(capsys, "check", toy, "--pins", book)
    assert f"{book}[方案] row {plan['S3']}, 决定 = 留下: must be one of pin, drop." in said
    assert main(["check", toy, "--pins", str(book), "--lang", "zh"]) == 2
    assert "必须是以下之一：pin（锁定）、drop（放弃）" in capsys.readouterr().err


def test_pins_that_no_plan_meets_end_with_exit_3_and_are_named(tmp_path, toy, capsys) -> None:
    """Canteen and clinic at S2 and the clinic at S1 cost 362,000 of 280,000 CNY."""
    (tmp_path / "pins.csv").write_text(
        "决定,资产编号,方式,服务\n锁定,S2,改,老年食堂\n锁定,S2,改,clinic\n锁定,S1,改,clinic\n", encoding="utf-8"
    )
    words = ["solve", toy, "--pins", str(tmp_path / "pins.csv"), "-o", str(tmp_path / "out")]
    assert main([*words, "--lang", "en"]) == 3
    said = capsys.readouterr().err
    assert "pin S1:convert:clinic: it must be chosen" in said
    (tmp_path / "pins.csv").write_text("decision,option\npin,S1:convert:canteen\n", encoding="utf-8")
    assert main([*words, "--lang", "en"]) == 3
    assert "pin S1:convert:canteen: there is no such option, or none is left" in capsys.readouterr().err
