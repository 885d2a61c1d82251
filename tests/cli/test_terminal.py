"""The commands on a terminal: progress with the gap, nothing wider than it is, Ctrl-C at every step."""

import io
import json
import os
import re
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from panhuo import engine
from panhuo.cli import main, progress
from panhuo.cli.wrapping import wide
from panhuo.engine import Progress, highs
from panhuo.result import writing
from panhuo.words import T

pty = pytest.importorskip("pty", reason="there are no such terminals on this system")

pytestmark = pytest.mark.usefixtures("tables_alone")

TOY = str(Path(__file__).resolve().parents[2] / "instances" / "toy")

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """What a terminal was sent."""

    def __init__(self):
        self.sent = b""

    @property
    def text(self):
        """All of it without what steers it."""
        return ESCAPE.sub("", self.sent.decode("utf-8")).replace("\r\n", "\n")


@contextmanager
def terminal(monkeypatch, columns=80, *, streams=("stdout", "stderr")):
    """Run what is in the block on a terminal of so many columns."""
    shown = Terminal()
    master, slave = pty.openpty()

    def read():
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:  # Linux says so at the end
                return
            if not part:
                return
            shown.sent += part

    reader = threading.Thread(target=read)
    reader.start()
    with monkeypatch.context() as patch, os.fdopen(slave, "w", encoding="utf-8") as stream:
        patch.setenv("COLUMNS", str(columns))
        patch.setenv("TERM", "xterm-256color")
        for name in streams:
            patch.setattr(sys, name, stream)
        yield shown
        stream.flush()
    reader.join(timeout=10)
    os.close(master)


@pytest.fixture(scope="module")
def solved(tables_alone, tmp_path_factory):
    out = tmp_path_factory.mktemp("solved") / "toy"
    assert main(["solve", TOY, "-o", str(out), "--quiet"]) == 0
    return out


@pytest.fixture
def impatient(monkeypatch):
    """Progress is shown at once; a page is written, of nothing."""
    monkeypatch.setattr(progress, "PATIENCE_S", 0.0)
    monkeypatch.setattr(writing, "OPENED", {"report.html": lambda _, file, __: file.write_text("")})


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [80, 100])
def test_nothing_is_wider_than_the_terminal(monkeypatch, solved, tmp_path, lang, columns):
    monkeypatch.chdir(tmp_path)  # names of folders are short
    (tmp_path / "out").symlink_to(solved)
    with terminal(monkeypatch, columns) as shown:
        assert main(["check", TOY, "--lang", lang]) == 0
        assert main(["evaluate", TOY, "--plan", "out/plan.csv", "--lang", lang]) == 0
        assert main(["verify", "out", "--lang", lang]) == 0
        assert main(["template", "district", "--lang", lang]) == 0
        assert main(["--help", "--lang", lang]) == 0
        assert main(["solve", "--help", "--lang", lang]) == 0
    lines = [line.rstrip() for line in shown.text.replace(TOY, "toy").split("\n")]
    assert len(lines) > 60
    assert [line for line in lines if wide(line.rpartition("\r")[2]) > columns] == []


def test_no_colour_where_none_is_wanted(monkeypatch, solved):
    monkeypatch.setenv("NO_COLOR", "1")
    with terminal(monkeypatch) as shown:
        assert main(["check", TOY, "--lang", "en"]) == 0
    assert re.findall(rb"\x1b\[[0-9;]*3[0-9]m", shown.sent) == []


def slow(seconds=0.7):
    """A solver that says where it stands, and takes its time."""
    solve = engine.solve

    def made(data, limits, *, watch, **more):
        watch.progress(Progress("basic", 0.0, 10.0, 11.0, 0.1, 0))
        time.sleep(seconds)
        return solve(data, limits, watch=watch, **more)

    return made


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "basic: 10 reached, 11 at best, gap 10.00%"),
        ("zh", "基础保障：已达 10，理论上限（或下限）11，差距 10.00%"),
    ],
)
def test_progress_shows_the_gap_on_a_terminal(monkeypatch, impatient, tmp_path, lang, told):
    """And nothing of it stays there, nor goes to a file with the tables."""
    monkeypatch.setattr(engine, "solve", slow())
    with terminal(monkeypatch, streams=("stderr",)) as shown:
        monkeypatch.setattr(sys, "stdout", io.StringIO())
        assert main(["solve", TOY, "-o", str(tmp_path / "out"), "--lang", lang]) == 0
        tables = sys.stdout.getvalue()
    assert told in shown.text
    assert "report.html" in shown.text
    assert ("Time:" if lang == "en" else "用时：") in tables
    assert told not in tables
    assert shown.sent.endswith(b"\x1b[2K") or shown.sent.rstrip().endswith(b"\x1b[2K")


def test_progress_is_silent_elsewhere(monkeypatch, impatient, tmp_path, capsys):
    monkeypatch.setattr(engine, "solve", slow(0.0))
    assert main(["solve", TOY, "-o", str(tmp_path / "out"), "--lang", "en"]) == 0
    assert capsys.readouterr().err == ""
    with terminal(monkeypatch, streams=("stderr",)) as shown:
        assert main(["solve", TOY, "-o", str(tmp_path / "out"), "--quiet"]) == 0
        assert main(["solve", TOY, "-o", str(tmp_path / "out"), "--json"]) == 0
    assert shown.sent == b""


def test_steps_are_shown_only_after_a_while(monkeypatch):
    now = [50.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    steps = progress.Steps(progress.Screen("en", json=False, quiet=False))
    steps.share(0.25)
    assert steps._line().plain == ""
    now[0] += progress.PATIENCE_S
    assert steps._line().plain[2:] == "Walking minutes: 25.0%, 1.0 s"
    now[0] += 4
    steps.step("verify")
    now[0] += 2
    assert steps._line().plain[2:] == "Verifying, 2.0 s"
    steps.step("plan.xlsx")
    assert steps._line().plain[2:] == "Writing plan.xlsx, 0.0 s"
    steps.tell(T("{stage}: looking", stage="a\x1b]0;b"))
    assert steps._line().plain[2:] == "a?]0;b: looking, 0.0 s", "names steer no terminal"


def interrupted(*_, **__):
    raise KeyboardInterrupt


@pytest.mark.parametrize("quiet", [[], ["--quiet"], ["--json"]])
def test_ctrl_c_while_a_plan_is_written_keeps_the_plan(monkeypatch, solved, tmp_path, capsys, quiet):
    out = tmp_path / "toy"
    monkeypatch.setattr("panhuo.result.writing.OPENED", {"report.html": interrupted})
    assert main(["solve", TOY, "-o", str(out), "--lang", "en", *quiet]) == 130
    shown = capsys.readouterr()
    plan = tmp_path / "toy.partial" / "plan.csv"
    told = f"Interrupted. The best plan so far is in {plan}; panhuo evaluate takes it with --plan."
    if quiet == ["--json"]:
        assert json.loads(shown.out) == {"status": "interrupted", "message": told, "faults": [], "plan": str(plan)}
        assert shown.err == ""
    else:
        assert (shown.out, shown.err) == ("", f"{told}\n")
    assert plan.read_bytes() == (solved / "plan.csv").read_bytes()
    assert not out.exists()


@pytest.mark.parametrize(
    ("command", "room", "name"),
    [
        ("verify", "panhuo.result.verify", "_verified"),
        ("report", "panhuo.result.rebuilding", "reread"),
        ("check", "panhuo.run.checking", "siting_data"),
        ("evaluate", "panhuo.run.solving", "siting_data"),
    ],
)
def test_ctrl_c_anywhere_else_ends_with_a_sentence(monkeypatch, solved, capsys, command, room, name):
    monkeypatch.setattr(f"{room}.{name}", interrupted)
    assert main([command, TOY if command in ("check", "evaluate") else str(solved), "--lang", "zh"]) == 130
    assert capsys.readouterr() == ("", "已中断，此前还没有可写出的结果。\n")


def test_a_second_ctrl_c_is_heard_while_the_solver_goes_on(monkeypatch, tmp_path, capsys):
    class Stubborn:
        """A thread that never ends, joined by somebody who presses Ctrl-C each time."""

        def __init__(self, **_):
            self.joined = 0

        def start(self):
            pass

        def is_alive(self):
            return True

        def join(self, _):
            self.joined += 1
            assert self.joined <= 2
            raise KeyboardInterrupt

    monkeypatch.setattr(highs.threading, "Thread", Stubborn)
    assert main(["solve", TOY, "-o", str(tmp_path / "toy"), "--lang", "en"]) == 130
    assert capsys.readouterr().err == "Interrupted before there was anything to write.\n"
