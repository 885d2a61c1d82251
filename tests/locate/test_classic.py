"""The classic sets: every published optimum exactly."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.skipif(
    not os.environ.get("PANHUO_DATA"), reason="PANHUO_DATA is not set: the classic sets are not here"
)


@pytest.fixture(scope="module")
def classic() -> Iterator[ModuleType]:
    path = Path(__file__).parents[2] / "benchmarks" / "classic.py"
    spec = importlib.util.spec_from_file_location("classic", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["classic"] = module  # its dataclasses look it up
    spec.loader.exec_module(module)
    yield module
    del sys.modules["classic"]


@pytest.fixture
def data() -> Path:
    return Path(os.environ["PANHUO_DATA"])


def exact(rows, count):
    rows = list(rows)
    assert len(rows) == count
    assert [(row.name, row.word, row.result.status) for row in rows] == [(r.name, "equal", "optimal") for r in rows]


def test_medians(classic, data):
    exact(classic.medians(data, 100, range(1, 9)), 8)


def test_warehouses(classic, data):
    exact(classic.warehouses(data, 100, ("41", "44", "63", "91")), 4)


def test_set_covers(classic, data):
    exact(classic.set_covers(data, 100, ("41", "45", "51")), 3)


def test_stores(classic, data):
    exact(classic.stores(data, 100), 4)


@pytest.mark.slow
def test_all_of_them(classic, data):
    exact(classic.medians(data, 300, range(9, 21)), 12)
    exact(classic.warehouses(data, 300), 33)
    exact(classic.set_covers(data, 300), 20)
