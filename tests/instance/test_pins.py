"""Pins in the settings and in a plan's table: what they may say, and what does not go together."""

from pathlib import Path

import pytest

from panhuo.instance import InstanceError, read, read_plan
from panhuo.instance.policy import Pin
from panhuo.instance.reading.headers import match
from panhuo.instance.schema.edited import DECIDED, PLAN
from panhuo.result.headers import HEADERS

CLEAN = 'title = "x"\n[policy]\nbudget_cny = 300000\n'
TWO_MODES = "[modes.convert]\n[modes.keep]\n"


def pin(kind: str, **parts: str) -> str:
    return f"[[policy.{kind}]]\n" + "".join(f'{key} = "{value}"\n' for key, value in parts.items())


S1 = {"site": "s1", "mode": "convert", "service": "canteen"}


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        (pin("pinned", site="s9", mode="convert", service="canteen"),
         "policy.pinned[0].site = s9: must be a site of sites: s1, s2, s3. Correct the name or take it out."),
        (pin("dropped", site="s1", mode="convert", service="cantene"),
         "policy.dropped[0].service = cantene: must be a service of services: canteen, culture. Did you mean canteen?"),
        (pin("pinned", site="s1", mode="turn", service="canteen"),
         "policy.pinned[0].mode = turn: must be one of keep, convert, rebuild, add. Write one of these words."),
        (pin("pinned", site="s1", mode="add", service="canteen"),
         "policy.pinned[0] = s1:add:canteen: the settings do not allow the mode add. Write [modes.add] in the settings, "
         "or delete the row."),
        (pin("pinned", **S1, operating="listed"),
         "policy.pinned[0] = s1:convert:canteen:listed: the settings have no operating mode listed. Leave it blank, or "
         "write [operating.listed] in the settings."),
        (pin("pinned", **S1) + pin("dropped", **S1),
         "policy.pinned[0] = s1:convert:canteen: is pinned and dropped at once. Take it out of one of the two."),
        (pin("pinned", **S1) + pin("pinned", site="s1", mode="keep", service="culture"),
         "policy.pinned[1] = s1:keep:culture: s1:convert:canteen is pinned as well, and a site is used in one mode only. "
         "Take it out of one of the two."),
        (pin("pinned", **S1, size="60") + pin("pinned", **S1, size="80"),
         "policy.pinned[1] = s1:convert:canteen:80: s1:convert:canteen:60 is pinned as well, and a site holds a service "
         "once only. Take it out of one of the two."),
        ('excluded_sites = ["s1"]\n' + pin("pinned", **S1),
         "policy.pinned[0] = s1:convert:canteen: the site is excluded, so nothing can be pinned there. Take it out of one "
         "of the two."),
    ],
)  # fmt: skip
def test_pins_at_fault(folder, toml: str, sentence: str) -> None:
    folder.toml = CLEAN + toml + TWO_MODES
    assert folder.faults() == [f"instance.toml, {sentence}"]


def test_pins_that_go_together(folder) -> None:
    """The same pin twice; a pin whose site the table excludes and the policy requires; a drop of another size."""
    folder.toml = CLEAN + 'required_sites = ["s1"]\n' + pin("pinned", **S1) * 2 + pin("dropped", **S1, size="60")
    folder.column("sites", "status", "excluded", "candidate")
    policy = folder.read().settings.policy
    assert policy.pinned == (Pin(**S1),)
    assert policy.dropped == (Pin(**S1, size="60"),)
    folder.toml = CLEAN + pin("pinned", **S1)
    assert folder.faults()[0].startswith("instance.toml, policy.pinned[0] = s1:convert:canteen: the site is excluded")


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    (tmp_path / "mine.csv").write_text(text, encoding)
    return tmp_path / "mine.csv"


def test_decisions_of_a_table_stand_beside_the_policy(folder, tmp_path: Path) -> None:
    """A drop holds whoever runs it and at any size; a key that a spreadsheet made a number is found."""
    folder.put("sites", 2, "id", "001").put("sites", 3, "id", "010")
    folder.toml = CLEAN + pin("pinned", site="010", mode="convert", service="culture")
    table = "决定,资产编号,方式,服务,运营方式,面积档\n放弃,1,改造,Canteen,公建公营,60\n锁定,10,convert,canteen,,100\n,s3,改,canteen,,\n"
    found = read(folder.write(), pins=written(tmp_path, table, "gb18030"))
    policy = found.settings.policy
    assert [p.key for p in policy.pinned] == ["010:convert:culture", "010:convert:canteen:100"]
    assert [p.key for p in policy.dropped] == ["001:convert:canteen"]
    assert [(s.name, s.role) for s in found.sources][-1] == ("mine.csv", "pins")


def test_an_option_is_named_by_its_own_key(folder, tmp_path: Path) -> None:
    table = "decision,option\npin,s1:convert:canteen:80\ndrop,s2:convert:culture\n"
    policy = read(folder.write(), pins=written(tmp_path, table)).settings.policy
    assert policy.pinned == (Pin(**S1, size="80"),)
    assert [p.key for p in policy.dropped] == ["s2:convert:culture"]


def test_a_table_that_decides_nothing_is_told_of(folder, tmp_path: Path) -> None:
    found = read(folder.write(), pins=written(tmp_path, "site,mode,service\ns1,convert,canteen\n"))
    assert any("nothing is decided in it" in str(w) for w in found.warnings)


@pytest.mark.parametrize(
    ("table", "sentences"),
    [
        ("site,mode\ns1,keep\n", ["a plan names its options in the column option, or in site, mode and service"]),
        ("", ["a plan names its options in the column option"]),
        ("decision,site,mode,service\nkeep,s1,convert,canteen\n", ["row 2, decision = keep: must be one of pin, drop"]),
        (
            "decision,site,mode,service\n\npin,s9,改,canteen\ndrop,s1,turn,food\n",
            [
                "row 3, site = s9: there is no site s9",
                "row 4, mode = turn: there is no mode turn",
                "row 4, service = food",
            ],
        ),
        ("decision,site,mode,service\npin,,,\n", ["row 2, site: there is no site", "row 2, mode", "row 2, service"]),
    ],
)
def test_tables_at_fault(folder, tmp_path: Path, table: str, sentences: list[str]) -> None:
    with pytest.raises(InstanceError) as caught:
        read(folder.write(), pins=written(tmp_path, table))
    found = [str(fault) for fault in caught.value.faults]
    assert len(found) == len(sentences)
    for fault, sentence in zip(found, sentences, strict=True):
        assert fault.startswith(str(tmp_path / "mine.csv"))
        assert sentence in fault


def test_what_is_no_plan_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text("x", "utf-8")
    (tmp_path / "plan.xlsx").write_text("x", "utf-8")
    for name, rule in (
        ("none.csv", "no such file"),
        ("plan.txt", "a plan is a workbook"),
        ("plan.xlsx", "not what its"),
    ):
        with pytest.raises(InstanceError, match=rule):
            read_plan(tmp_path / name)


def test_the_words_of_a_plan_are_those_of_its_files() -> None:
    """What plan.csv and plan.xlsx call a column means that column when it is read back."""
    for table in (PLAN, DECIDED):
        for column in table.columns:
            if column.name in HEADERS:
                assert match(table, HEADERS[column.name]).column is column
