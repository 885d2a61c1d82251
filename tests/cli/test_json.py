"""With --json a command says one JSON object and nothing else, whatever happens; the keys are those of docs/json.md."""

import json
import re
import sys
from pathlib import Path

import pytest

from panhuo import engine, run
from panhuo.cli import main
from panhuo.engine.program import Outcome

pytestmark = pytest.mark.usefixtures("tables_alone")

ROOT = Path(__file__).resolve().parents[2]
TOY = str(ROOT / "instances" / "toy")
DOCS = [ROOT / "docs" / name for name in ("json.md", "json.zh-CN.md")]

PLAN = "site,mode,service\nS1,convert,clinic\nS2,convert,canteen\nS2,convert,clinic\n"
"""A plan over the budget."""


def said(words, capsys):
    """The exit code and the object of a command, which says the same again without --json."""
    code = main([*words, "--json"])
    shown = capsys.readouterr()
    assert shown.err == ""
    record = json.loads(shown.out, parse_constant=pytest.fail)
    assert {"status", "faults"} <= set(record)
    assert main([*words, "--quiet"]) == code
    capsys.readouterr()
    return code, record


def documented(path):
    """By command: the keys of its table."""
    found = {}
    for part in re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        heading, _, body = part.partition("\n")
        for command in re.split(r"[,、]\s*", heading):
            found[command] = re.findall(r"^\| `(\w+)` \|", body, flags=re.MULTILINE)
    return found


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "over.csv").write_text(PLAN, encoding="utf-8")
    (tmp_path / "no.toml").write_text(
        'title = "x"\n[policy]\nbudget_cny = 0\nfloors = [{ service = "culture", share = 1.0 }]\n', encoding="utf-8"
    )


@pytest.fixture(scope="module")
def solved(tables_alone, tmp_path_factory):
    out = tmp_path_factory.mktemp("solved") / "toy"
    assert main(["solve", TOY, "-o", str(out), "--quiet"]) == 0
    return out


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["template", "district"], "written"),
        (["check", TOY], "sound"),
        (["evaluate", TOY], "evaluated"),
        (["solve", TOY, "-o", "out"], "optimal"),
        (["verify", "OUT"], "verified"),
        (["report", "OUT"], "rebuilt"),
    ],
)
def test_what_goes_well(words, status, solved, capsys):
    assert main([*(str(solved) if word == "OUT" else word for word in words), "--json", "--lang", "zh"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    record = json.loads(shown.out, parse_constant=pytest.fail)
    assert (record["status"], record["faults"]) == (status, [])
    for page in DOCS:
        assert set(record) == set(documented(page)[words[0]]), page


@pytest.mark.parametrize(
    ("words", "code", "status"),
    [
        (["check", "nowhere"], 2, "error"),
        (["check", TOY, "--picture", "x.pdf"], 2, "error"),
        (["evaluate", TOY, "--plan", "nothing.csv"], 2, "error"),
        (["evaluate", TOY, "--plan", "over.csv"], 3, "evaluated"),
        (["solve", TOY, "-o", "out", "-p", "no.toml"], 3, "infeasible"),
        (["solve", TOY], 2, "error"),
        (["verify", "nowhere"], 2, "error"),
        (["report", "nowhere"], 2, "error"),
        (["template", "over.csv"], 2, "error"),
        (["nonsense"], 2, "error"),
    ],
)
def test_what_goes_wrong(words, code, status, capsys):
    found, record = said(words, capsys)
    assert (found, record["status"]) == (code, status)
    if status == "error":
        assert record["message"] == "\n".join(fault["message"] for fault in record["faults"])
    if code == 3:
        assert record["conflicts" if status == "infeasible" else "breaches"]


def test_no_plan_an_interruption_and_a_fault_of_ours(monkeypatch, capsys):
    words = ["solve", TOY, "-o", "out"]
    with monkeypatch.context() as patch:
        patch.setattr(engine, "solve", lambda *_, **__: Outcome("no_plan", None))
        assert said(words, capsys)[0] == 4

    def fail(kind):
        def failing(*_, **__):
            raise kind

        return failing

    for kind, code in ((KeyboardInterrupt, 130), (ZeroDivisionError, 1)):
        with monkeypatch.context() as patch:
            patch.setattr(run, "solve", fail(kind))
            found, record = said(words, capsys)
            assert found == code
            assert record["message"]


def test_discrepancies_come_in_parts(solved, tmp_path, capsys):
    for path in solved.rglob("*"):
        if path.is_file():
            copy = tmp_path / "changed" / path.relative_to(solved)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    plan = tmp_path / "changed" / "plan.csv"
    plan.write_text(plan.read_text("utf-8-sig").replace("116000.00", "116000.01"), "utf-8-sig")
    code, record = said(["verify", "changed", "--lang", "en"], capsys)
    assert (code, record["status"]) == (1, "not_verified")
    fault = next(f for f in record["faults"] if f["file"] == "plan.csv")
    assert {k: fault[k] for k in ("row", "column", "found", "expected")} == {
        "row": "S1:convert:clinic", "column": "capital_cny", "found": "116000.01", "expected": "116000.00",
    }  # fmt: skip
    assert fault["message"].startswith("plan.csv, S1:convert:clinic (Old shop 老商铺, Clinic), capital_cny = 116000.01")


def test_json_needs_no_terminal_and_no_console_at_all(monkeypatch, capsys):
    """Where there is no standard error, as in a window, nothing is shown there."""
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["check", TOY, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "sound"
