"""The pages that say what a result holds name every column of every table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from panhuo.result import Result
from panhuo.result.writing import FILES

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("page", ["results.md", "results.zh-CN.md"])
def test_every_column_is_explained(found: Result, page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    said = set(re.findall(r"`(\w+)`", text))
    for name in FILES:
        assert f"{name}.csv" in text
        assert set(found.tables[name].columns) - said == set(), name
