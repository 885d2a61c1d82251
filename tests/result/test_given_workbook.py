"""What plan.xlsx calls things is understood when it comes back: services, operating modes, tariffs, whatever they are named."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from filled_in import fill_in
from spreadsheet import enter

from panhuo.assemble import derive_options
from panhuo.instance import Instance, read, read_plan, write_template
from panhuo.instance.checking.planned import in_keys
from panhuo.instance.reading.decisions import holds_decisions
from panhuo.result import Result, choice_of
from panhuo.result.workbook import write_workbook
from panhuo.words import LANGS

from .conftest import opened

SOFFICE = shutil.which("soffice")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["fed", "hostile"])
def test_a_plans_workbook_comes_back_as_the_plan(name: str, lang, tmp_path: Path, request) -> None:
    """Tariffs and operating modes too; rooms and services are called what no program should run."""
    made: Result = request.getfixturevalue(name)
    write_workbook(made, tmp_path / "plan.xlsx", lang)
    assert not holds_decisions(tmp_path / "plan.xlsx")
    options, outlets = derive_options(made.instance), opened(made.instance).assembled.data.outlets
    choose, level = choice_of(made.instance, options, outlets, read_plan(tmp_path / "plan.xlsx"))
    assert list(options.table["option"][choose]) == list(made.plan["option"])
    assert [outlets.tariff[n] for n in level.nonzero()[0]] == list(filter(None, made.plan["tariff"]))


def test_a_name_of_several_means_none_of_them(toy: Instance, tmp_path: Path) -> None:
    """Two rooms of one name are told apart by their keys; so are two services, by the key in brackets."""
    services = toy["services"].assign(name_en=["Room", "Room", "Culture room"])
    sites = toy["sites"].assign(name=["Shop", "Office", "Office"])
    (tmp_path / "mine.csv").write_text(
        "site,mode,service\nShop,convert,Room (clinic)\nOffice,keep,Room\ns2,改建,canteen\n", "utf-8"
    )
    tables = {**toy.tables, "services": services, "sites": sites}
    plan, _ = in_keys(read_plan(tmp_path / "mine.csv"), tables, toy.settings)
    assert plan.table[["site", "mode", "service"]].to_numpy().tolist() == [
        ["S1", "convert", "clinic"], ["Office", "keep", "Room"], ["S2", "convert", "canteen"]
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed: no program soffice")
def test_libreoffice_saves_what_is_read_back(tmp_path: Path, toy: Instance, found: Result) -> None:
    """The template filled in, and a plan with decisions, opened and saved again by LibreOffice."""
    book, plan, again = tmp_path / "instance.xlsx", tmp_path / "plan.xlsx", tmp_path / "again"
    write_template(book, "zh", True)
    fill_in(book, "zh")
    write_workbook(found, plan, "zh")
    enter(plan, {"方案": {"A3": "放弃", "A4": "锁定"}, "资产": {"A5": "排除"}})
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    asked = [str(SOFFICE), profile, "--headless", "--convert-to", "xlsx", "--outdir", str(again), str(book), str(plan)]
    subprocess.run(asked, check=True, capture_output=True, timeout=300)
    assert holds_decisions(again / "plan.xlsx")
    district = read(again / "instance.xlsx", pins=again / "plan.xlsx")
    for name in ("sites", "services", "costs", "funds", "eligibility", "existing"):
        pd.testing.assert_frame_equal(district[name], toy[name])
    policy = district.settings.policy
    assert ([p.key for p in policy.pinned], [p.key for p in policy.dropped]) == (
        ["S2:convert:canteen"],
        ["S1:convert:clinic"],
    )
    assert policy.excluded_sites == ("S3",)
