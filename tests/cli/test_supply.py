"""Kitchens as a planner sees them, on the rooms that :mod:`meals` works out by hand."""

import json

import pandas as pd
from meals import kitchen, meals

from panhuo.cli import main

SAID = "Places fed by a supplier: 2; suppliers: 2 (chosen: 1); the farthest is 3.1 minutes away."


def test_a_planner_is_told_who_feeds_whom(tmp_path, capsys):
    folder = meals(tmp_path / "meals", existing=[kitchen("old", 2000, 100)]).path
    out = tmp_path / "out"
    assert main(["solve", str(folder), "-o", str(out), "--lang", "en"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert SAID in shown
    head = next(n for n, line in enumerate(shown) if line.startswith("Service "))
    assert [line.split()[0] for line in shown[head + 1 :] if line][:3] == ["canteen", "Kitchen", "Unreachable:"]
    assert main(["verify", str(out), "--lang", "en"]) == 0
    sheet = pd.read_excel(out / "plan.xlsx", sheet_name="Supply", header=1, engine="calamine")
    assert sheet["supplier"].tolist() == ["depot:convert:kitchen", "old"]
    capsys.readouterr()
    assert main(["solve", str(folder), "-o", str(out), "--json"]) == 0
    assert [row["places"] for row in json.loads(capsys.readouterr().out)["supply"]] == [1, 1]


def test_chinese(tmp_path, capsys):
    folder = meals(tmp_path / "meals").path
    out = tmp_path / "out"
    assert main(["solve", str(folder), "-o", str(out), "--lang", "zh"]) == 0
    assert "供应：1 处场所由 1 家供应方供应（其中选用 1 家），最远 3.1 分钟。" in capsys.readouterr().out
    sheet = pd.read_excel(out / "plan.xlsx", sheet_name="供应", header=1, engine="calamine")
    assert sheet.columns.tolist() == ["资产编号", "供应方", "类别", "配送分钟", "供应量", "选项"]
    assert sheet["类别"].tolist() == ["选用"]


def test_a_plan_without_its_kitchen_goes_against_the_policy(tmp_path, capsys):
    folder = meals(tmp_path / "meals").path
    given = tmp_path / "plan.csv"
    given.write_text("option\nwest:convert:meal_point\n", encoding="utf-8")
    assert main(["evaluate", str(folder), "--plan", str(given), "--lang", "en"]) == 3
    said = capsys.readouterr().err
    assert "Meal point in west has no Kitchen within its delivery standard that has enough for it" in said


def test_check_names_what_no_kitchen_reaches(tmp_path, capsys):
    folder = meals(tmp_path / "meals", sites=[{"id": "west", "x": 0, "y": 0, "area_m2": 100, "flue": "no"}]).path
    assert main(["check", str(folder), "--lang", "en"]) == 0
    assert "No Kitchen lies within the delivery standard" in capsys.readouterr().out
