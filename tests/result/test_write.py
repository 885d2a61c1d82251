"""Writing: complete or not at all, the same bytes every time, and nothing deleted that is not ours."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

import panhuo
from panhuo import result
from panhuo.instance import Instance, InstanceError
from panhuo.result import Result, writing
from panhuo.words import T

from .conftest import TOY, built, solved

FILES = {
    "plan.csv", "sites.csv", "coverage.csv", "allocation.csv", "allocation_before.csv", "prices.csv", "ledger.csv",
    "accounts.csv", "viability.csv", "demand.csv", "supply.csv", "plan.xlsx", "plan.gpkg", "map.png", "inputs", "run.json",
    "report.html",
}  # fmt: skip


def test_every_file_is_there(pristine: Path) -> None:
    assert {p.name for p in pristine.iterdir()} == FILES
    assert {p.name for p in pristine.parent.iterdir()} == {"out"}


def test_the_tables_come_back_as_they_were(pristine: Path, found: Result) -> None:
    raw = (pristine / "plan.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfoption,site,")
    assert b"\r" not in raw
    assert (
        b"S3:keep:culture,S3,Reading room \xe9\x98\x85\xe8\xa7\x88\xe5\xae\xa4,keep,culture,,,,60.00,2,,,,29999.80,22400.00\n"
        in raw
    )
    assert (pristine / "coverage.csv").read_text("utf-8-sig").splitlines()[
        1
    ] == "west,old_town,canteen,180,0,120,120,0,60"
    assert (pristine / "prices.csv").read_text("utf-8-sig").count("\n") == 1
    assert len(pd.read_csv(pristine / "allocation.csv")) == len(found.allocation)


def test_persons_are_written_as_short_as_they_are(intricate: Instance, tmp_path: Path) -> None:
    out = result.write(built(intricate, ()), tmp_path / "out")
    persons = pd.read_csv(out / "demand.csv", dtype=str, encoding="utf-8-sig")["persons"]
    assert {"21", "28", "31.14"} <= set(persons)


def test_the_record_holds_the_keys_of_the_contract(pristine: Path) -> None:
    run = json.loads((pristine / "run.json").read_text(encoding="utf-8"))
    assert {
        "status", "objective", "bound", "bound_certified", "gap", "new_person_services", "stages", "coverage", "capital_cny",
        "yearly_cny", "yearly_run_cny", "shares", "verified", "seconds", "peak_mb", "versions", "seed", "arguments", "proposal", "instance", "inputs",
    } <= set(run)  # fmt: skip
    assert set(run["stages"][0]) == {
        "name",
        "sense",
        "objective",
        "bound",
        "bound_certified",
        "gap",
        "status",
        "seconds",
    }
    assert run["shares"]["yearly"] == {}
    copies = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in (pristine / "inputs").iterdir()}
    assert run["inputs"] == copies
    assert all(copies[p.name] == hashlib.sha256(p.read_bytes()).hexdigest() for p in TOY.glob("*.csv"))


def test_equal_results_give_equal_bytes(found: Result, toy: Instance, pristine: Path, tmp_path: Path) -> None:
    second = result.write(solved(toy), tmp_path / "again")
    for name in sorted(FILES - {"inputs", "run.json", "report.html"}):  # they state the time taken
        assert (second / name).read_bytes() == (pristine / name).read_bytes(), name


def test_the_layers_have_a_row_a_site_a_point_and_a_facility(pristine: Path) -> None:
    with closing(sqlite3.connect(pristine / "plan.gpkg")) as layers:
        assert layers.execute("select count(*) from rooms").fetchone() == (3,)
        assert layers.execute("select sum(after_clinic) from demand").fetchone() == (1340,)
        assert layers.execute("select count(*) from existing").fetchone() == (2,)


def test_an_earlier_result_is_replaced(found: Result, out: Path) -> None:
    (out / "plan.csv").write_text("old", encoding="utf-8")
    assert result.write(found, out) == out
    assert (out / "plan.csv").read_text("utf-8") != "old"
    assert {p.name for p in out.iterdir()} == FILES
    assert [p.name for p in out.parent.iterdir()] == ["out"]


def test_an_empty_folder_is_taken(found: Result, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    assert result.write(found, tmp_path / "new") == tmp_path / "new"
    assert panhuo.verify(tmp_path / "new").ok


def test_a_folder_that_is_no_result_is_left_alone(found: Result, tmp_path: Path) -> None:
    mine = tmp_path / "thesis"
    mine.mkdir()
    (mine / "chapter.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(InstanceError, match="thesis: holds something that is no earlier result, and is left alone"):
        result.write(found, mine)
    assert [p.name for p in tmp_path.rglob("*")] == ["thesis", "chapter.txt"]
    with pytest.raises(InstanceError, match=r"chapter\.txt"):
        result.write(found, mine / "chapter.txt")
    with pytest.raises(InstanceError, match="is a file, not a folder"):
        result.guard(mine / "chapter.txt")


def test_a_foreign_folder_of_the_partials_name_is_left_alone(found: Result, tmp_path: Path) -> None:
    (tmp_path / "out.partial").mkdir()
    (tmp_path / "out.partial" / "mine.txt").write_text("x", encoding="utf-8")
    for refuses in (result.guard, lambda out: result.write(found, out)):
        with pytest.raises(InstanceError, match="no unfinished result"):
            refuses(tmp_path / "out")
    assert (tmp_path / "out.partial" / "mine.txt").is_file()


def test_what_stands_beside_an_earlier_result_is_not_lost(found: Result, tmp_path: Path) -> None:
    out = result.write(found, tmp_path / "out")
    for litter in ("~$plan.xlsx", "plan.gpkg-wal", "map.png.aux.xml", ".DS_Store"):
        (out / litter).write_text("x", encoding="utf-8")
    result.guard(out)
    (out / "minutes of the meeting.docx").write_text("x", encoding="utf-8")
    with pytest.raises(InstanceError, match=r"holds minutes of the meeting\.docx beside an earlier result"):
        result.write(found, out)
    assert (out / "minutes of the meeting.docx").is_file()


def test_a_place_for_no_folder_is_refused_before_anything_is_solved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InstanceError, match="no folder can be made there"):
        result.guard(tmp_path / "file" / "out")
    result.guard(tmp_path / "a" / "b")
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(InstanceError, match="no folder can be made there"):
        result.guard(tmp_path / "a" / "b")


@pytest.mark.parametrize("asked", [".", "..", "../here", "../../a"])
def test_the_current_folder_is_not_replaced(asked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a" / "here").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "here")
    with pytest.raises(InstanceError, match="is the folder you are in"):
        result.guard(Path(asked))
    result.guard(Path("out"))


def test_a_result_held_open_is_not_touched(found: Result, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Windows does it: a folder with an open file cannot be renamed."""
    replace = Path.replace

    def held(self: Path, target: Path) -> Path:
        if self == out:
            raise PermissionError(13, "the file is in use", str(self))
        return replace(self, target)

    before = (out / "run.json").read_bytes()
    monkeypatch.setattr(Path, "replace", held)
    assert result.write(found, out) == out.with_name("out-2")
    assert result.write(found, out) == out.with_name("out-3")
    assert (out / "run.json").read_bytes() == before
    assert sorted(p.name for p in out.parent.iterdir()) == ["out", "out-2", "out-3"]


def test_a_fault_while_writing_leaves_the_earlier_result(
    found: Result, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setitem(writing.OPENED, "plan.xlsx", fail)
    before = (out / "run.json").read_bytes()
    with pytest.raises(OSError, match="disk full"):
        result.write(found, out)
    assert (out / "run.json").read_bytes() == before
    monkeypatch.undo()
    assert result.write(found, out) == out


def test_a_checkpoint_is_a_plan_that_can_be_read(found: Result, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for rows in (1, 2):
        kept = result.checkpoint(out, found.plan.head(rows))
        assert kept == tmp_path / "out.partial" / "plan.csv"
        assert len(pd.read_csv(kept)) == rows
    result.write(found, out)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_proposal_goes_with_the_inputs(tmp_path: Path) -> None:
    folder = tmp_path / "district"
    shutil.copytree(TOY, folder)
    proposal = folder / "proposals" / "thrift.toml"
    proposal.parent.mkdir()
    proposal.write_text('title = "Thrift"\n[policy]\nbudget_cny = 150000\n', encoding="utf-8")
    made = built(panhuo.read(folder, proposal), ("S2:convert:canteen",))
    out = result.write(made, tmp_path / "out")
    assert (out / "inputs" / "proposal.toml").read_bytes() == proposal.read_bytes()
    assert json.loads((out / "run.json").read_text("utf-8"))["proposal"]["title"] == "Thrift"
    assert panhuo.verify(out).ok
    (out / "inputs" / "proposal.toml").write_text('title = "Thrift"\n[policy]\nbudget_cny = 1\n', encoding="utf-8")
    assert not panhuo.verify(out).ok


def test_the_inputs_are_kept_as_they_were_read(tmp_path: Path) -> None:
    folder = tmp_path / "district"
    shutil.copytree(TOY, folder)
    made = built(panhuo.read(folder), ())
    read = (folder / "rules.csv").read_bytes()
    (folder / "rules.csv").write_bytes(b"changed while the plan was made")
    out = result.write(made, tmp_path / "out")
    assert (out / "inputs" / "rules.csv").read_bytes() == read
    assert panhuo.verify(out).ok


def test_sentences_are_written_in_the_readers_language(
    toy: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    english = T("Nothing it may become would newly cover anyone beyond this plan").pattern
    monkeypatch.setattr("panhuo.words.catalogue", lambda lang: {english: "无新增"})
    needs = toy["needs"][toy["needs"]["service"] == "canteen"].reset_index(drop=True)
    made = built(dataclasses.replace(toy, tables={**toy.tables, "needs": needs}), ())
    rows = (result.write(made, tmp_path / "zh", lang="zh") / "sites.csv").read_text("utf-8-sig").splitlines()
    assert rows[1].endswith("no_gain,无新增")
