"""The workbook in LibreOffice: every formula worked out anew gives the value it was written with."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from panhuo.instance import Instance
from panhuo.result import Result
from panhuo.result.workbook import write_workbook
from panhuo.words import LANGS

from .conftest import built

SOFFICE = shutil.which("soffice")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed: no program soffice"),
]


def without_values(path: Path, to: Path) -> int:
    """Copy a workbook without what its formulas are known to give; counts the formulas."""
    count = 0
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/"):
                part, found = re.subn(rb"</f><v>[^<]*</v>", b"</f>", part)
                count += found
            new.writestr(name, part)
    return count


def cells(path: Path) -> Mapping[tuple[str, int, int], object]:
    """All cells of a workbook that hold something."""
    book = CalamineWorkbook.from_path(path)
    return {
        (name, row, column): value
        for name in book.sheet_names
        for row, line in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
        for column, value in enumerate(line)
        if value != ""
    }


def test_calculated_anew_it_is_as_written(fed: Result, hostile: Result, toy: Instance, tmp_path: Path) -> None:
    bare, again = tmp_path / "bare", tmp_path / "again"
    bare.mkdir()
    written = {}
    for name, result in (("fed", fed), ("hostile", hostile), ("nothing", built(toy, ()))):
        for lang in LANGS:
            path = written[f"{name}.{lang}"] = tmp_path / f"{name}.{lang}.xlsx"
            write_workbook(result, path, lang)
            assert without_values(path, bare / path.name) > 80
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    asked = [str(SOFFICE), profile, "--headless", "--convert-to", "xlsx", "--outdir", str(again)]
    subprocess.run([*asked, *sorted(map(str, bare.iterdir()))], check=True, capture_output=True, timeout=300)
    for name, path in written.items():
        ours, theirs = cells(path), cells(again / path.name)
        assert ours.keys() == theirs.keys(), name
        for at, value in ours.items():
            same = pytest.approx(value, rel=1e-12, abs=1e-6) if isinstance(value, float) else value
            assert theirs[at] == same, (name, at)
