"""What commands do about walking minutes: kept on disk, shown while they take long, broken off by Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

import panhuo
from panhuo import run
from panhuo.access import cache_folder, keeping
from panhuo.cli import main
from panhuo.engine import NoPlanError
from panhuo.engine.program import Quiet

pytestmark = pytest.mark.usefixtures("tables_alone")

ROOT = Path(__file__).resolve().parents[2]
HILLSIDE = ROOT / "instances" / "hillside"

SLOW = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from panhuo.access import search
from panhuo import cli
spread = search.spread
def slow(*given):
    sys.stdout.write("searching\\n")  # at one go: there are several threads
    sys.stdout.flush()
    time.sleep(0.2)
    return spread(*given)
search.spread, search.CHUNK = slow, 1
sys.exit(cli.main())
"""
"""The program with a search that takes a fifth of a second for every place. It hears Ctrl-C even where the tests run in
the background, which does not."""


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """The folder of the cache, empty."""
    monkeypatch.setenv("PANHUO_CACHE", str(tmp_path / "cache"))
    return cache_folder()


@pytest.mark.parametrize("command", ["evaluate", pytest.param("solve", marks=pytest.mark.slow)])
def test_kept_minutes_that_do_not_pass_verification_are_deleted(kept, tmp_path, capsys, monkeypatch, command):
    """Written so that no checksum tells: every minute is half of what it is."""
    real = keeping._write
    with monkeypatch.context() as changed:
        changed.setattr(keeping, "_write", lambda file, made: real(file, halved(made)))
        assert main(["check", str(HILLSIDE), "--lang", "en"]) == 0
    (file,) = kept.iterdir()
    words = [command, str(HILLSIDE), "-o", str(tmp_path / "out"), "--lang", "en"]
    assert main(words) == 1
    told = capsys.readouterr().out.replace("\n", "")
    assert f"The walking minutes were those kept in {file}, which is deleted" in told
    assert not file.exists()
    assert main(words) == 0
    assert main(words) == 0
    assert "which is deleted" not in capsys.readouterr().out
    assert file.exists()


def halved(made):
    """The same with every minute halved."""
    minutes = {profile: matrix * 0.5 for profile, matrix in made.minutes.items()}
    return replace(made, minutes=minutes)


def test_minutes_are_kept_unless_asked_not_to(kept, tmp_path, capsys):
    assert main(["check", str(HILLSIDE), "--no-cache", "--lang", "en"]) == 0
    assert not kept.exists()
    first = capsys.readouterr().out
    assert main(["check", str(HILLSIDE), "--lang", "en"]) == 0
    (file,) = kept.iterdir()
    at = file.stat().st_ino
    assert main(["evaluate", str(HILLSIDE), "-o", str(tmp_path / "out"), "--lang", "en"]) == 0
    assert [(f, f.stat().st_ino) for f in kept.iterdir()] == [(file, at)], "evaluate found what check had kept"
    capsys.readouterr()
    assert main(["check", str(HILLSIDE), "--lang", "en"]) == 0
    assert capsys.readouterr().out == first


def test_a_solve_that_is_stopped_before_there_are_minutes_has_no_plan(tmp_path):
    watch = Quiet()
    watch.stop.set()
    with pytest.raises(NoPlanError):
        run.solve(panhuo.read(HILLSIDE), cache=False, watch=watch)


def test_how_far_it_is_comes_through(tmp_path):
    told = []
    run.check(panhuo.read(HILLSIDE), cache=False, reached=told.append)
    assert told
    assert told[-1] == 1.0


@pytest.mark.parametrize("command", ["check", "evaluate", "solve", "verify", "report"])
def test_ctrl_c_while_files_are_read(tmp_path, monkeypatch, capsys, command):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    for place in ("panhuo.instance.read", "panhuo.result.verify.verify", "panhuo.result.rebuild"):
        monkeypatch.setattr(place, interrupted)
    out = ["-o", str(tmp_path / "out")] if command == "solve" else []
    assert main([command, str(HILLSIDE), *out, "--lang", "en"]) == 130
    assert capsys.readouterr().err == "Interrupted before there was anything to write.\n"


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C of another process is sent otherwise there")
@pytest.mark.parametrize(
    "command",
    [("solve", "-o", "out"), *(pytest.param((one,), marks=pytest.mark.slow) for one in ("check", "evaluate"))],
)
def test_ctrl_c_while_minutes_are_worked_out(tmp_path, command):
    """Exit code 130 within seconds, and no traceback."""
    roots = os.pathsep.join(str(ROOT / root) for root in ("optimizer", "models"))
    words = [sys.executable, "-c", SLOW, command[0], str(HILLSIDE), *command[1:], "--no-cache", "--lang", "en"]
    with subprocess.Popen(
        words, cwd=tmp_path, env={**os.environ, "PYTHONPATH": roots}, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:  # fmt: skip
        try:
            assert running.stdout is not None
            assert running.stdout.readline() == "searching\n"
            running.send_signal(signal.SIGINT)
            start = time.monotonic()
            _, said = running.communicate(timeout=60)
        finally:
            running.kill()
    assert running.returncode == 130
    assert time.monotonic() - start < 30
    assert "Traceback" not in said
    assert said.endswith("Interrupted before there was anything to write.\n")
    assert not (tmp_path / "out").exists()
