"""The money as a planner sees it, on the canteen that :mod:`kitchen` works out by hand."""

import json
from pathlib import Path

import pandas as pd
import pytest
from kitchen import OPTION, TABLES, kitchen, visit

from panhuo.cli import main
from panhuo.result import writing

pytestmark = pytest.mark.usefixtures("tables_alone")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """A folder of its own for what a command may leave in the current one."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


@pytest.fixture
def solve(tmp_path, capsys):
    """Solve the canteen with some tables replaced; gives the exit code, and what was said on both streams."""

    def solved(*words, policy="", **tables):
        folder = kitchen(tmp_path / "kitchen", policy, **tables).path
        code = main(["solve", str(folder), "-o", str(tmp_path / "out"), *(words or ("--lang", "en"))])
        return code, capsys.readouterr()

    return solved


def lines_under(shown, title, count):
    """The words of so many lines under a title, the heads left out."""
    lines = shown.splitlines()
    start = next(n for n, line in enumerate(lines) if line == title)
    return [line.split() for line in lines[start + 2 : start + 2 + count]]


def test_the_terminal_shows_who_pays_what(solve):
    code, shown = solve()
    assert code == 0
    assert lines_under(shown.out, "Money by party (CNY)", 6) == [
        ["government", "80,000", "72.7%", "97,755", "42.7%", "14,400", "73.5%"],
        ["community", "–", "–", "–", "–", "4,000", "3.1%"],
        ["enterprise", "30,000", "27.3%", "16,250", "7.1%", "–", "23.4%"],
        ["resident", "–", "–", "110,000", "48.0%", "–", "–"],
        ["donor", "–", "–", "5,000", "2.2%", "–", "–"],
        ["In", "all", "110,000", "229,005", "18,400"],
    ]
    said = " ".join(shown.out.split())
    assert "Of the capital CNY 30,000 are shared works (lift, fire water, …)" in said
    assert "Fixed cost of running what is chosen: CNY 130,005 a year." in said
    assert "Of it CNY 130,005 at places that somebody is said to run: prices, subsidies" in said
    assert "no operating mode runs" not in said
    assert "Needed: with the largest operating subsidy, for the least margin asked for." in said
    assert "Public money of a year: CNY 1,503.92 for each person newly served." in shown.out
    assert lines_under(shown.out, "Fund by item (CNY)", 3) == [
        ["City", "60,000", "20,000", "–", "80,000", "47,500", "50,255", "–", "97,755"],
        ["Firm", "–", "10,000", "20,000", "30,000", "–", "–", "–", "0"],
        ["Gift", "–", "–", "–", "0", "–", "–", "5,000", "5,000"],
    ]
    assert lines_under(shown.out, "Tariffs: who puts what into a visit, and what a month costs (CNY)", 2) == [
        ["Canteen", "Fair", "meal", "Plain", "8", "2", "1", "0", "45", "11,250", "166.67", "2,000", "8.3%"],
        ["Canteen", "Fair", "meal", "Poor", "4", "5", "1", "1", "20", "5,000", "83.33", "600", "13.9%"],
    ]
    assert lines_under(shown.out, "Places that would lose money, and the visits they would need", 2) == [
        ["e1", "Old", "canteen", "Canteen", "existing", "Fair", "meal", "3,250", "25,801", "8.9", "70.7"],
        [
            "s3",
            "Shed",
            "Canteen",
            "not",
            "chosen",
            "public",
            "private",
            "Fair",
            "meal",
            "3,250",
            "13,801",
            "8.9",
            "37.8",
        ],
    ]
    assert "more of them" not in shown.out


def test_the_terminal_speaks_chinese_of_money(solve):
    code, shown = solve("--lang", "zh")
    assert code == 0
    assert lines_under(shown.out, "各方出资（万元）", 1) == [
        ["政府", "8.00", "72.7%", "9.78", "42.7%", "1.44", "73.5%"]
    ]
    assert lines_under(shown.out, "资金按费用项（万元）", 1) == [
        ["市财政", "6.00", "2.00", "–", "8.00", "4.75", "5.03", "–", "9.78"]
    ]
    assert "食堂  普惠餐    困难" in shown.out
    assert lines_under(shown.out, "会亏损的场所，及其保本所需的人次", 1) == [
        ["e1", "Old", "canteen", "食堂", "现状", "普惠餐", "3,250", "25,801", "8.9", "70.7"]
    ]
    assert "财政每年为每个新增服务对象补 1,503.92 元。" in shown.out


def test_an_empty_plan_does_not_read_as_success(solve):
    code, shown = solve(policy="budget_cny = 79_999")
    said = " ".join(shown.out.split())
    assert code == 0
    why = "the cheapest room that would cover anybody costs CNY 80,000, and there is CNY 79,999 in all"
    assert f"Note: Nothing is chosen, no room is used: {why}" in said
    assert "Fixed cost of running" not in said


def test_only_some_of_many_losing_places_are_listed(solve):
    """Twelve sheds beside d2, each with the visits of its 20 people at best."""
    sheds = [TABLES["sites"][2] | {"id": f"t{n}", "x": 3300 + n} for n in range(12)]
    code, shown = solve(sites=[*TABLES["sites"][:2], *sheds])
    assert code == 0
    assert sum(line.startswith("t") and "not chosen" in line for line in shown.out.splitlines()) == 10
    assert "2 more of them are in viability.csv." in shown.out


def test_a_canteen_that_cannot_live_is_not_built(solve, tmp_path):
    """130,005 + 2,500 are 5,000 more than the visits, the income beside them and the largest subsidy leave."""
    code, shown = solve(
        "--json", costs=[TABLES["costs"][2] | {"yearly_cny": 135_000}, *TABLES["costs"][:2], *TABLES["costs"][3:]]
    )
    assert code == 0
    record = json.loads(shown.out)
    assert (record["objective"], record["money"]["losing"]) == (0, 4)
    plan = (tmp_path / "out" / "plan.csv").read_text("utf-8-sig")
    assert plan.count("\n") == 1


def test_a_written_result_is_verified(solve, tmp_path, capsys):
    assert solve("--quiet")[0] == 0
    assert main(["verify", str(tmp_path / "out"), "--quiet"]) == 0
    ledger = tmp_path / "out" / "ledger.csv"
    ledger.write_text(ledger.read_text("utf-8-sig").replace("50255.00", "50254.99"), encoding="utf-8-sig")
    assert main(["verify", str(tmp_path / "out"), "--lang", "en"]) == 1
    assert "operating_subsidy" in capsys.readouterr().err


def test_a_plan_without_tariffs_is_evaluated(solve, tmp_path, capsys):
    assert solve("--quiet")[0] == 0
    plan = Path("plan.csv")
    plan.write_text("site,mode,service\ns1,convert,canteen\n", encoding="utf-8")
    words = ["evaluate", str(tmp_path / "kitchen"), "--plan", str(plan), "-o", str(tmp_path / "again"), "--lang", "en"]
    assert main(words) == 0
    assert OPTION in (tmp_path / "again" / "plan.csv").read_text("utf-8-sig")
    for name in ("plan", "ledger", "accounts", "prices", "viability", "allocation"):
        other = (tmp_path / "out" / f"{name}.csv").read_bytes()
        assert (tmp_path / "again" / f"{name}.csv").read_bytes() == other, name
    assert "Money by party" in capsys.readouterr().out


AT_ODDS = {
    "least shares": (
        {"parties": [{"bound": "most_of_it", "party": "government", "min_share": 0.7},
                     {"bound": "own_part", "party": "enterprise", "min_share": 0.4}]},
        "", ("most_of_it", "own_part"),
    ),
    "an item nobody may pay": ({"eligibility": TABLES["eligibility"][:1]}, "", ("equipment", "canteen")),
    "prices nobody can pay": (
        {"tariffs": [visit(tier, 99, 0, 0, 0, 0.5) for tier in ("plain", "poor")]}, "",
        ("canteen", "policy.affordable_share 0.2"),
    ),
    "prices above the cap": ({}, "price_cap_cny = 3", ("canteen", "policy.price_cap_cny 3")),
}  # fmt: skip


@pytest.mark.parametrize("case", AT_ODDS)
def test_money_that_cannot_work_out_is_exit_3_and_named(solve, tmp_path, case):
    tables, policy, names = AT_ODDS[case]
    code, shown = solve(policy=policy, **tables)
    assert code == 3
    head, *lines = shown.err.splitlines()
    assert head == "No plan meets the policy. At odds:"
    assert any(all(name in line for name in names) for line in lines), lines
    assert not (tmp_path / "out").exists()


def test_check_names_money_at_odds(tmp_path, capsys):
    tables, policy, names = AT_ODDS["least shares"]
    folder = kitchen(tmp_path / "odd", policy, **tables).path
    assert main(["check", str(folder), "--lang", "en"]) == 0
    notes = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Note:")]
    assert any(all(name in note for name in names) for note in notes)


def test_check_says_who_has_how_much_and_what_cannot_live(tmp_path, capsys):
    """The poor have 600 CNY a month: 4 CNY a meal are 83, 8 CNY would be 167, more than a fifth."""
    dear = [visit(tier, 8, 2, 1, 0, 0.6) | {"tariff": "one", "name_en": "One price"} for tier in ("plain", "poor")]
    folder = kitchen(tmp_path / "k", tariffs=[*TABLES["tariffs"], *dear]).path
    assert main(["check", str(folder), "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert lines_under(shown, "Money there is (CNY)", 4) == [
        ["City", "government", "80,000", "200,000"],
        ["Firm", "enterprise", "1,000,000", "0"],
        ["Gift", "donor", "0", "20,000"],
        ["In", "all", "1,080,000", "220,000"],
    ]
    assert lines_under(shown, "Tariffs: who may charge them, and which tiers cannot pay them", 2) == [
        ["Canteen", "Fair", "meal", "inclusive", "public", "private", "–"],
        ["Canteen", "One", "price", "inclusive", "public", "private", "Poor"],
    ]
    assert "2 of 2 tariffs may be charged at a new place." in shown
    # of s1, s2 and s3 the last reaches 20 people only
    title = "Options that must keep a margin by themselves, and those that cannot, whoever comes"
    assert lines_under(shown, title, 1) == [["Canteen", "public", "private", "3", "1", "2"]]
    assert main(["check", str(folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["money"]
    assert found["alone"] == [
        {"service": "canteen", "operating": "public_private", "options": 3, "lose": 1, "sites_left": 2}
    ]
    assert [row["too_dear_for"] for row in found["tariffs"]] == [[], ["poor"]]
    assert (found["budget_cny"], found["funds"][1]["yearly_cap_cny"], found["unpaid_items"]) == (None, 0, {})


def test_check_speaks_chinese_of_money(tmp_path, capsys):
    folder = kitchen(tmp_path / "k", "price_cap_cny = 7").path
    assert main(["check", str(folder), "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    assert lines_under(shown, "收费方案：谁可采用，哪些对象付不起", 1) == [["食堂", "普惠餐", "普惠服务", "–", "–"]]
    assert "1 个收费方案中，新场所可采用 0 个。" in shown


def test_the_summary_of_the_workbook_tells_of_all_ledgers(solve, tmp_path, tables_alone, monkeypatch):
    monkeypatch.setattr(writing, "OPENED", {"plan.xlsx": tables_alone["plan.xlsx"]})
    assert solve("--quiet")[0] == 0
    rows = (
        pd.read_excel(tmp_path / "out" / "plan.xlsx", sheet_name="Summary", header=None, engine="calamine")
        .to_numpy()
        .tolist()
    )
    told = {row[0]: row[1:] for row in rows}
    assert told["of these, shared works: not in the sheet Plan (CNY)"][0] == 30_000
    assert told["of this, where somebody is said to run the place: in the yearly ledger (CNY)"][0] == 130_005
    assert told["of this, where nobody is said to pay: in no ledger (CNY)"][0] == 0
    assert told["Party"][:6] == ["Capital", "Share", "A year", "Share", "In kind", "Share with in kind"]
    government = [80_000, 8 / 11, 97_755, 97_755 / 229_005, 14_400, 94_400 / 128_400]
    assert told["government"][:6] == pytest.approx(government)
    assert "largest operating subsidy" in told["Would lose money: needed_visits"][0]
    assert "is paid" in told["Profit and loss: break_even_visits"][0]
