"""The first moments of the program."""

import json
import os
import signal
import subprocess
import sys
import types
from pathlib import Path

import pytest

from panhuo import cli
from panhuo.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
TOY = str(ROOT / "instances" / "toy")


class _Interrupted(types.ModuleType):
    def __getattr__(self, name: str) -> object:
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("words", "out", "err"),
    [
        (["check", "x", "--lang=zh"], "", "\r已中断，此前还没有可写出的结果。\n"),
        (["check", "x", "--json", "--lang=en"], "Interrupted before there was anything to write.", ""),
    ],
)
def test_interrupted_while_the_libraries_are_imported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], out: str, err: str
) -> None:
    monkeypatch.setitem(sys.modules, "panhuo.cli", _Interrupted("panhuo.cli"))
    monkeypatch.setattr(sys, "argv", ["panhuo", *words])
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    try:
        assert main() == 130
        assert signal.getsignal(signal.SIGTERM) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])
    shown = capsys.readouterr()
    assert shown.err == err
    assert (json.loads(shown.out)["message"] if out else shown.out) == out


DRAWING = {"matplotlib", "bokeh", "jinja2", "xlsxwriter", "pyogrio"}
SOLVING = {"pyomo.environ", "highspy", "ortools", "panhuo.engine.stages", "panhuo.result.books"}
READING = {"numpy", "pandas", "scipy", "shapely", "pyproj", "pandera", "numba", "geopandas"}


def loaded(code: str, *words: str) -> set[str]:
    """Name the modules that are loaded at the end."""
    roots = os.pathsep.join(str(ROOT / root) for root in ("optimizer", "models"))
    ended = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules, file=sys.stderr)", *words],
        env={**os.environ, "PYTHONPATH": roots},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ended.stderr.split())


COMMAND = "from panhuo.__main__ import main\nmain()"


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("solved") / "toy"
    assert cli.main(["solve", TOY, "-o", str(out), "--quiet"]) == 0
    return str(out)


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["solve", "--help"], ["check"]], ids=" ".join)
def test_help_loads_no_libraries_of_the_work(words: list[str]) -> None:
    known = loaded(COMMAND, *words)
    assert "panhuo.cli.app" in known
    assert known & (READING | SOLVING | DRAWING) == set()


def test_checking_loads_nothing_that_solves_or_draws() -> None:
    known = loaded(COMMAND, "check", TOY, "--quiet")
    assert "panhuo.run.checking" in known
    assert known & (SOLVING | DRAWING) == set()


def test_verifying_loads_nothing_that_solves_or_draws(solved: str) -> None:
    known = loaded(COMMAND, "verify", solved, "--quiet")
    assert "panhuo.result.verify" in known
    assert known & (SOLVING | DRAWING | {"numba", "panhuo.access", "panhuo.assemble"}) == set()


def test_what_is_not_written_is_not_drawn() -> None:
    known = loaded(COMMAND, "evaluate", TOY, "--quiet")
    assert "panhuo.run.solving" in known
    assert known & DRAWING == set()


def test_a_page_alone_loads_no_figures_and_no_solver(solved: str) -> None:
    known = loaded(COMMAND, "report", solved, "--quiet")
    assert DRAWING - known == {"matplotlib"}
    assert known & SOLVING == set()


@pytest.mark.parametrize(
    ("code", "none"),
    [
        ("import panhuo", READING | SOLVING | DRAWING),
        ("import panhuo; panhuo.read", SOLVING | DRAWING),
        ("import panhuo; panhuo.solve; panhuo.evaluate; panhuo.write", DRAWING),
        ("from panhuo import locate", DRAWING),
    ],
)
def test_a_script_loads_what_it_asks_for(code: str, none: set[str]) -> None:
    known = loaded(code)
    assert "panhuo" in known
    assert known & none == set()
