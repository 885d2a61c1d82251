"""Results to look at and to tamper with."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

import panhuo
from panhuo import result
from panhuo.instance import Instance
from panhuo.result import Result

from .quarter import quarter
from .tampering import Rich, Spoilt

PLAN = Path(__file__).parent / "quarter_solved"


@pytest.fixture(scope="session")
def found(toy: Instance) -> Result:
    """The toy, solved."""
    return panhuo.solve(toy)


@pytest.fixture(scope="session")
def pristine(found: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return result.write(found, tmp_path_factory.mktemp("written") / "out")


@pytest.fixture
def out(pristine: Path, tmp_path: Path) -> Path:
    """A written result that a test may spoil."""
    copy = tmp_path / "out"
    shutil.copytree(pristine, copy)
    return copy


@pytest.fixture(scope="session")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Rich:
    """The quarter and a plan of it, as files hold it: every table has rows.

    The plan is kept, not found, so that what is tampered with is the same whatever plan a solver likes best.
    """
    instance = panhuo.read(quarter(tmp_path_factory.mktemp("quarter") / "inputs"))
    tables = {path.stem: pd.read_csv(path, dtype=str, keep_default_na=False) for path in sorted(PLAN.glob("*.csv"))}
    return Rich(instance, tables, json.loads((PLAN / "run.json").read_text(encoding="utf-8")))


@pytest.fixture
def spoilt(rich: Rich) -> Spoilt:
    """A copy of the quarter's tables that a test may spoil."""
    return Spoilt.of(rich)
