"""The commands as a planner runs them, on the toy instance."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import panhuo
from panhuo import engine, run
from panhuo.cli import main
from panhuo.engine.program import Outcome
from panhuo.result.verify import verify_tables

pytestmark = pytest.mark.usefixtures("tables_alone")

ROOT = Path(__file__).resolve().parents[2]
TOY = ROOT / "instances" / "toy"

SLOW = """
import sys, time
from dataclasses import replace
from panhuo import cli, engine
from panhuo.cli import follow
solve = engine.solve
def slow(data, limits, *, watch, **more):
    outcome = solve(data, limits, watch=watch, **more)
    follow.CHECKPOINT_S = 0.0
    watch.incumbent(outcome.decision.choose)
    print("waiting", flush=True)
    while not watch.stop.is_set():
        time.sleep(0.01)
    return replace(outcome, status="interrupted")
engine.solve = slow
sys.exit(cli.main())
"""
"""The program with a solver that holds its plan but goes on until it is told to stop."""


def environment(**more):
    roots = os.pathsep.join(str(ROOT / root) for root in ("optimizer", "models"))
    return {**os.environ, "PYTHONPATH": roots, **more}


def program(*words, cwd, **more):
    command = [sys.executable, "-m", "panhuo", *map(str, words)]
    return subprocess.run(command, cwd=cwd, env=environment(**more), capture_output=True, check=False, timeout=120)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """A folder of its own for what a command may leave in the current one."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


@pytest.fixture(scope="module")
def solved(tables_alone, tmp_path_factory):
    out = tmp_path_factory.mktemp("solved") / "toy"
    assert main(["solve", str(TOY), "-o", str(out), "--quiet"]) == 0
    return out


@pytest.fixture
def proposal(tmp_path):
    def write(policy):
        path = tmp_path / "proposal.toml"
        path.write_text(f'title = "For a test"\n[policy]\n{policy}\n', encoding="utf-8")
        return str(path)

    return write


def test_solve_ends_with_tables_for_the_planner(tmp_path, capsys):
    assert main(["solve", str(TOY), "-o", str(tmp_path / "toy"), "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    for words in (
        "Newly covered",
        "Unreachable",
        "person-services",
        "Capital by party",
        "Rooms used",
        "Verified:",
        "Time:",
    ):
        assert words in shown
    assert ("Proven to within" in shown) or ("Proven: there is no better plan." in shown)
    assert not set("│┃━─╭\x1b") & set(shown), "piped output has no decoration"


def test_solve_speaks_chinese(tmp_path, capsys):
    assert main(["solve", str(TOY), "-o", str(tmp_path / "toy"), "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    for words in ("新增覆盖", "人次", "各方投资", "万元", "选用用房", "已核验", "政府"):
        assert words in shown


def test_json_is_run_json_and_nothing_else(tmp_path, capsys):
    out = tmp_path / "toy"
    assert main(["solve", str(TOY), "-o", str(out), "--json"]) == 0
    shown = capsys.readouterr()
    record, written = json.loads(shown.out), json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert shown.err == ""
    assert record["out"] == str(out)
    assert {k: record[k] for k in ("status", "stages", "coverage", "verified", "inputs")} == {
        k: written[k] for k in ("status", "stages", "coverage", "verified", "inputs")
    }


def test_quiet_prints_nothing(tmp_path, capsys):
    assert main(["solve", str(TOY), "-o", str(tmp_path / "toy"), "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_the_model_is_written_as_lp(tmp_path):
    assert (
        main(["solve", str(TOY), "-o", str(tmp_path / "toy"), "--quiet", "--write-lp", str(tmp_path / "toy.lp")]) == 0
    )
    assert "choose" in (tmp_path / "toy.lp").read_text(encoding="utf-8")


def test_verify_passes_what_solve_wrote(solved, capsys):
    assert main(["verify", str(solved), "--lang", "en"]) == 0
    assert capsys.readouterr().out.endswith("toy: verified.\n")
    assert main(["verify", str(solved), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "status": "verified",
        "faults": [],
        "breaches": [],
        "bounds": [],
        "clusters": [],
    }


def test_verify_lists_what_does_not_agree(solved, tmp_path, capsys):
    out = tmp_path / "changed"
    for path in solved.rglob("*"):
        if path.is_file():
            (out / path.relative_to(solved)).parent.mkdir(parents=True, exist_ok=True)
            (out / path.relative_to(solved)).write_bytes(path.read_bytes())
    ledger = (out / "ledger.csv").read_text(encoding="utf-8-sig").splitlines()
    (out / "ledger.csv").write_text("\n".join(ledger[:-1]) + "\n", encoding="utf-8-sig")
    assert main(["verify", str(out), "--lang", "en"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert "not verified" in lines[0]
    assert any("ledger.csv" in line for line in lines[1:])
    assert main(["verify", str(out), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["faults"]


def test_check_says_what_the_data_mean(capsys):
    assert main(["check", str(TOY), "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "no faults" in shown
    assert "Existing coverage" in shown
    assert main(["check", str(TOY), "--json"]) == 0
    before = {row["service"]: row["before_persons"] for row in json.loads(capsys.readouterr().out)["coverage"]}
    assert before == {"canteen": 0, "clinic": 700, "culture": 640}  # section 2 of the toy's README


def test_check_lists_every_fault(tmp_path, capsys):
    for path in TOY.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    services = (tmp_path / "services.csv").read_text(encoding="utf-8-sig")
    (tmp_path / "services.csv").write_text(services.replace("basic", "bassic"), encoding="utf-8")
    (tmp_path / "circles.csv").write_text("circle,name,type\nwest,West,street\n", encoding="utf-8")
    assert main(["check", str(tmp_path), "--lang", "en"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert sum(line.startswith("services.csv row") for line in lines) == 2
    assert any("east" in line for line in lines)
    assert main(["check", str(tmp_path), "--json"]) == 2
    record = json.loads(capsys.readouterr().out)
    assert record["status"] == "error"
    assert [fault["message"] for fault in record["faults"]] == lines
    assert record["faults"][0].keys() == {"file", "row", "column", "value", "rule", "mend", "message"}


def test_evaluate_counts_what_exists_and_what_a_plan_adds(solved, tmp_path, capsys):
    assert main(["evaluate", str(TOY), "--json"]) == 0
    today = json.loads(capsys.readouterr().out)
    assert {k: c["after"] for k, c in today["coverage"].items()} == {"canteen": 0, "clinic": 700, "culture": 640}
    assert (
        main(["evaluate", str(TOY), "--plan", str(solved / "plan.csv"), "-o", str(tmp_path / "again"), "--json"]) == 0
    )
    again = json.loads(capsys.readouterr().out)
    planned = json.loads((solved / "run.json").read_text(encoding="utf-8"))
    assert again["coverage"] == planned["coverage"]
    assert again["capital_cny"] == planned["capital_cny"]
    assert (tmp_path / "again" / "plan.csv").read_bytes() == (solved / "plan.csv").read_bytes()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"site,mode,service\nS9,keep,clinic\n"])
def test_evaluate_refuses_what_is_no_plan(content, tmp_path, capsys):
    (tmp_path / "plan.csv").write_bytes(content)
    assert main(["evaluate", str(TOY), "--plan", str(tmp_path / "plan.csv"), "--lang", "en"]) == 2
    assert f"{tmp_path / 'plan.csv'}" in capsys.readouterr().err


OVER = "site,mode,service\nS1,convert,clinic\nS2,convert,canteen\nS2,convert,clinic\n"


def test_a_given_plan_that_breaks_the_policy_is_exit_3_and_says_where(tmp_path, capsys):
    (tmp_path / "plan.csv").write_text(OVER, encoding="utf-8")
    words = ["evaluate", str(TOY), "--plan", str(tmp_path / "plan.csv"), "-o", str(tmp_path / "out")]
    assert main([*words, "--lang", "en"]) == 3
    shown = capsys.readouterr()
    first, *lines = shown.err.splitlines()
    assert first == "The figures agree, but the plan breaks the policy:"
    assert lines[0].startswith("over the budget by CNY 82,000")
    assert len(lines) == 4
    assert "Verified" not in shown.out
    assert "There is no ledger within" in shown.out
    assert (tmp_path / "out" / "ledger.csv").read_text("utf-8-sig").count("\n") == 1
    notes = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["notes"]
    assert [n for n in notes if n.startswith("Against the policy")] == [f"Against the policy: {line}" for line in lines]
    assert main([*words, "--lang", "en", "--json"]) == 3
    record = json.loads(capsys.readouterr().out)
    assert [breach["message"] for breach in record["breaches"]] == lines
    assert record["faults"] == []
    assert main(["verify", str(tmp_path / "out"), "--lang", "en"]) == 3
    assert capsys.readouterr().err.splitlines() == [first, *lines]
    assert main(["verify", str(tmp_path / "out"), "--lang", "en", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["breaches"] == record["breaches"]


def test_what_the_existing_stock_lacks_is_information(proposal, capsys):
    asked = proposal("floors = [{ service = 'canteen', share = 0.5, circles = ['west'] }]")
    assert main(["evaluate", str(TOY), "-p", asked, "--lang", "en"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert "for information" in shown.out
    assert "Canteen in circle West circle 西圈: 0% covered, floor 50%" in shown.out


def test_solve_shows_the_funds_and_that_the_data_are_made_up(tmp_path, capsys):
    assert main(["solve", str(TOY), "-o", str(tmp_path / "toy"), "--lang", "en"]) == 0
    lines = capsys.readouterr().out.splitlines()
    works = next(line for line in lines if line.startswith("Public works money"))
    assert works.split()[3:] == ["government", "220,000", "216,000", "4,000"]
    assert "Fixed cost of running what is chosen: CNY 239,600 a year." in lines
    assert (
        "Of it CNY 239,600 of services that no operating mode runs (Canteen; Clinic; Culture room): nobody is said to "
        "pay it, no fund pays it here, and it stands in no ledger." in lines
    )
    items = next(n for n, line in enumerate(lines) if line == "Fund by item (CNY)")
    assert lines[items + 2].split()[3:] == ["216,000", "–", "216,000"]
    assert sum("Partly synthetic data" in line for line in lines) == 1


def test_evaluate_reads_a_plan_that_a_spreadsheet_saved(tmp_path):
    (tmp_path / "plan.csv").write_bytes("site,mode,service,备注\nS3,keep,culture,阅览室\n".encode("gb18030"))
    assert main(["evaluate", str(TOY), "--plan", str(tmp_path / "plan.csv"), "--quiet"]) == 0


def test_a_plan_with_blank_lines_names_the_line_a_spreadsheet_shows(tmp_path, capsys):
    (tmp_path / "plan.csv").write_text("资产编号,方式,服务\n\nS3,留,文化活动站\n,,\nS9,留,clinic\n", encoding="utf-8")
    assert main(["evaluate", str(TOY), "--plan", str(tmp_path / "plan.csv"), "--lang", "en"]) == 2
    line = capsys.readouterr().err.splitlines()
    assert line == [f"{tmp_path / 'plan.csv'} row 5, 资产编号 = S9: there is no site S9. Correct or delete the row."]


def test_template_is_written(tmp_path, capsys):
    assert main(["template", str(tmp_path / "district"), "--lang", "zh"]) == 0
    assert (tmp_path / "district" / "demand.csv").is_file()
    assert "模板" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ["solv"], ["solve", "x"], ["solve", "x", "-o", "y", "--gap", "-1"],
        ["solve", "x", "-o", "y", "--time-limit", "0"],
        ["solve", "x", "-o", "y", "--solver", "guess"], ["solve", "x", "-o", "y", "--engine", "guess"],
        ["verify", "x", "--bound"], ["verify", "x", "--clusters"],
        ["check", "x", "--lang", "fr"], ["check", "x", "--wat"], ["check", "no-such-folder"],
        ["evaluate", str(TOY), "--plan", "no-such-plan.csv"], ["verify", "no-such-folder"],
    ],
)  # fmt: skip
def test_a_bad_command_line_is_exit_2(words, capsys, tmp_path):
    assert main([*words, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["faults"]
    assert main(words) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err
    assert "Traceback" not in shown.err
    assert list((tmp_path / "here").iterdir()) == []


def test_a_solver_that_cannot_take_the_model_says_so(tmp_path, capsys):
    assert main(["solve", str(TOY), "-o", str(tmp_path / "toy"), "--solver", "cpsat", "--lang", "en"]) == 2
    assert "choose highs or scip" in capsys.readouterr().err
    assert main(["solve", str(TOY), "-o", str(tmp_path / "toy"), "--solver", "scip", "--quiet"]) == 0


def test_no_plan_can_meet_the_policy(proposal, tmp_path, capsys):
    asked = proposal("floors = [{ service = 'culture', share = 1.0 }]\nbudget_cny = 0")
    words = ["solve", str(TOY), "-o", str(tmp_path / "toy"), "-p", asked]
    assert main([*words, "--lang", "en"]) == 3
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "No plan meets the policy. At odds:"
    assert len(lines) > 1
    assert not (tmp_path / "toy").exists()
    assert main([*words, "--json"]) == 3
    record = json.loads(capsys.readouterr().out)
    assert record["status"] == "infeasible"
    assert record["conflicts"]


def test_a_budget_of_nothing_is_the_existing_coverage(proposal, tmp_path, capsys):
    assert main(["solve", str(TOY), "-o", str(tmp_path / "toy"), "-p", proposal("budget_cny = 0"), "--lang", "en"]) == 0
    assert "Rooms used: none." in capsys.readouterr().out


def test_a_limit_before_any_plan_is_exit_4(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(engine, "solve", lambda *_, **__: Outcome("no_plan", None))
    words = ["solve", str(TOY), "-o", str(tmp_path / "toy"), "--time-limit", "1"]
    assert main([*words, "--lang", "en"]) == 4
    assert "limit" in capsys.readouterr().err
    assert main([*words, "--json"]) == 4
    assert json.loads(capsys.readouterr().out)["status"] == "no_plan"


def test_a_fault_of_ours_is_one_line_and_a_file(tmp_path, monkeypatch, capsys):
    def break_down(instance, **more):
        raise ZeroDivisionError("inner words")

    monkeypatch.setattr(run, "check", break_down)
    assert main(["check", str(TOY), "--lang", "en"]) == 1
    shown = capsys.readouterr()
    assert len(shown.err.splitlines()) == 1
    assert "maintainers of Panhuo" in shown.err
    assert "inner words" in (tmp_path / "here" / "panhuo-error.txt").read_text(encoding="utf-8")
    assert main(["check", str(TOY), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["status"] == "error"


def test_a_verification_that_fails_is_exit_1(tmp_path, monkeypatch, capsys):
    solve = run.solve

    def spoil(*arguments, **more):
        found = solve(*arguments, **more)
        tables = {**found.tables, "ledger": found.ledger.iloc[1:]}
        return replace(found, tables=tables, verification=verify_tables(found.instance, tables, found.run))

    monkeypatch.setattr(run, "solve", spoil)
    assert main(["solve", str(TOY), "-o", str(tmp_path / "toy"), "--lang", "en"]) == 1
    assert "did not pass verification" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--help"], ["solve", "--help"], ["check", "--help"]])
def test_help_is_in_both_languages(words, capsys):
    assert main([*words, "--lang", "zh"]) == 0 or main(["--lang", "zh", *words]) == 0
    assert "选项" in capsys.readouterr().out
    assert main(["--lang", "en", *words]) == 0
    assert "Options" in capsys.readouterr().out


def test_the_version_is_shown(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"panhuo {panhuo.__version__}\n"


@pytest.mark.parametrize("encoding", ["cp936", pytest.param("ascii", marks=pytest.mark.slow)])
def test_a_console_that_lacks_characters_does_not_stop_it(encoding, tmp_path):
    ended = program("check", TOY, "--lang", "zh", cwd=tmp_path, PYTHONIOENCODING=encoding)
    assert ended.returncode == 0, ended.stderr
    if encoding == "cp936":
        assert "现状覆盖" in ended.stdout.decode("cp936")


def test_json_is_ascii_on_any_console(tmp_path):
    ended = program("check", TOY, "--lang", "zh", "--json", cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert json.loads(ended.stdout.decode("ascii"))["status"] == "sound"


def start_slow(out, cwd):
    command = [sys.executable, "-c", SLOW, "solve", str(TOY), "-o", str(out), "--quiet"]
    process = subprocess.Popen(command, cwd=cwd, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"waiting"
    return process


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGTERM")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_writes_the_best_plan(number, tmp_path):
    process = start_slow(tmp_path / "toy", tmp_path)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert errors == b""
    assert json.loads((tmp_path / "toy" / "run.json").read_text(encoding="utf-8"))["status"] == "interrupted"
    assert main(["verify", str(tmp_path / "toy"), "--quiet"]) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_kill_leaves_the_last_checkpoint(tmp_path, solved):
    process = start_slow(tmp_path / "toy", tmp_path)
    process.kill()
    process.communicate(timeout=60)
    assert (tmp_path / "toy.partial" / "plan.csv").read_bytes() == (solved / "plan.csv").read_bytes()
