"""Results to look at and to tamper with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import panhuo
from panhuo import result
from panhuo.instance import Instance
from panhuo.result import Result

from .quarter import quarter
from .tampering import Spoilt


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
def rich(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The quarter, solved: every table has rows."""
    return panhuo.solve(panhuo.read(quarter(tmp_path_factory.mktemp("quarter") / "inputs")))


@pytest.fixture
def spoilt(rich: Result) -> Spoilt:
    """A copy of the quarter's tables that a test may spoil."""
    return Spoilt(rich.instance, {name: table.copy() for name, table in rich.tables.items()}, dict(rich.run))
