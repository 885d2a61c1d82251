"""The sweeps over the government's share and the price cap, on towns with one plan each."""

from __future__ import annotations

import csv
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from districts import write
from towns import CANTEEN, FIRM, ROOMS, STAGES

import panhuo

SWEEP = Path(__file__).parents[2] / "benchmarks" / "sweep.py"


@pytest.fixture
def sweep() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("sweep", SWEEP)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["sweep"] = module  # its dataclasses look it up
    spec.loader.exec_module(module)
    yield module
    del sys.modules["sweep"]


def swept(sweep: ModuleType, monkeypatch: pytest.MonkeyPatch, folder: Path, *words: str) -> list[str]:
    """Run it as from the command line; the lines of its table (CSV)."""
    out = folder.parent / "out"
    words = ("--instance", str(folder), "--gap", "0", "--threads", "1", "-o", str(out), *words)
    monkeypatch.setattr(sys, "argv", ["sweep.py", *words])
    sweep.main()
    name = words[words.index("--over") + 1]
    assert (out / f"{name}.svg").stat().st_size > 0
    return (out / f"{name}.csv").read_text("utf-8-sig").splitlines()


def test_the_governments_share(sweep, monkeypatch, tmp_path, capsys) -> None:
    """Only the city pays: a hall for 100 where it may pay all, and nothing at all where it may pay nothing."""
    folder = write(tmp_path / "town", f"[policy]\n{STAGES}\n[modes.convert]\n", **ROOMS)
    head, nothing, everything = swept(sweep, monkeypatch, folder, "--over", "government", "--steps", "2")
    told = dict(zip(head.split(","), everything.split(","), strict=True))
    assert (told["government"], told["status"], told["new_hall"]) == ("100.0", "optimal", "100.0")
    assert (told["capital_cny"], told["capital_government_cny"]) == ("10000.0", "10000.0")
    assert nothing.startswith("0.0,infeasible,")
    assert "Shares at odds in parties" in nothing
    shown = capsys.readouterr().out
    assert "| 100 | optimal | 0.0000 | 100 |" in shown


def test_what_is_kept_is_not_solved_again(sweep, monkeypatch, tmp_path) -> None:
    folder = write(tmp_path / "town", f"[policy]\n{STAGES}\n[modes.convert]\n", **ROOMS)
    words = ("--over", "government", "--levels", "0.5", "1")
    first = swept(sweep, monkeypatch, folder, *words)
    monkeypatch.setattr(panhuo, "solve", None)
    assert swept(sweep, monkeypatch, folder, *words) == first
    (folder / "funds.csv").write_text((folder / "funds.csv").read_text("utf-8") + "\n", encoding="utf-8")
    with pytest.raises(TypeError):  # other inputs are solved anew
        swept(sweep, monkeypatch, folder, *words)


def test_the_price_cap(sweep, monkeypatch, tmp_path) -> None:
    """The one tariff is 8 CNY: below that cap no tariff may be charged, at it all 100 come."""
    folder = write(tmp_path / "town", f"[policy]\n{STAGES}\n[modes.convert]\n{FIRM}", **CANTEEN)
    head, nothing, everything = swept(sweep, monkeypatch, folder, "--over", "price")
    none, told = (next(csv.DictReader([head, line])) for line in (nothing, everything))
    assert (none["price"], none["status"], none["new_canteen"]) == ("0.0", "infeasible", "")
    assert (told["price"], told["status"], told["new_canteen"]) == ("8.0", "optimal", "100.0")
    assert float(told["gap"]) < 1e-6
