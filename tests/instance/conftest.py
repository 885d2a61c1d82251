"""A clean small instance in a folder, to be broken one way per test."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from panhuo.instance import Instance, InstanceError, read

Rows = list[list[str]]


def _tables() -> dict[str, Rows]:
    return {
        "demand": [
            ["id", "x", "y", "circle", "unit", "people_adult", "people_senior"],
            ["d1", "105.72363", "29.70226", "west", "u1", "200", "60"],
            ["d2", "105.72763", "29.70226", "west", "u1", "300", "80"],
            ["d3", "105.73163", "29.70226", "west", "u2", "200", "40"],
            ["d4", "105.74003", "29.70226", "east", "u3", "250", "90"],
            ["d5", "105.74363", "29.70226", "east", "u3", "100", "30"],
            ["d6", "105.74763", "29.70226", "east", "u4", "180", "50"],
        ],
        "services": [
            ["service", "name_en", "class", "measure", "standard_min", "standard_m", "min_area_m2", "area_m2"],
            ["canteen", "Canteen", "basic", "minutes", "15", "", "80", "100"],
            ["culture", "Culture room", "quality", "metres", "", "500", "60", ""],
        ],
        "sites": [
            ["id", "x", "y", "circle", "area_m2", "floor", "flue", "ownership"],
            ["s1", "105.7252", "29.7023", "west", "120", "1", "yes", "collective"],
            ["s2", "105.7336", "29.7023", "west", "200", "1", "no", "administrative"],
            ["s3", "105.7466", "29.7023", "east", "70", "2", "no", "community"],
        ],
        "existing": [
            ["id", "service", "x", "y", "site_id"],
            ["e1", "culture", "105.72363", "29.7023", ""],
        ],
        "costs": [
            ["service", "mode", "item", "capital_cny_per_m2"],
            ["canteen", "", "fit_out", "1000"],
            ["culture", "", "fit_out", "500"],
        ],
    }  # fmt: skip


@dataclass
class Folder:
    """The tables of an instance, and where they are written."""

    path: Path
    tables: dict[str, Rows] = field(default_factory=_tables)
    toml: str = 'title = "Six points"\n[policy]\nbudget_cny = 300000\n'
    crs: dict[str, str] = field(default_factory=lambda: dict.fromkeys(("demand", "sites", "existing"), "EPSG:4490"))
    encoding: str = "utf-8-sig"

    def put(self, table: str, row: int, column: str, value: str) -> Folder:
        """Write a cell; rows count as in a spreadsheet, the header is row 1."""
        self.tables[table][row - 1][self.tables[table][0].index(column)] = value
        return self

    def column(self, table: str, name: str, *values: str) -> Folder:
        """Add a column; the last value fills the rows that are left."""
        self.tables[table][0].append(name)
        for i, row in enumerate(self.tables[table][1:]):
            row.append(values[min(i, len(values) - 1)])
        return self

    def rename(self, table: str, old: str, new: str) -> Folder:
        """Rename a column."""
        self.tables[table][0][self.tables[table][0].index(old)] = new
        return self

    def write(self) -> Path:
        """Write every table as CSV, and instance.toml."""
        for name, rows in self.tables.items():
            with (self.path / f"{name}.csv").open("w", encoding=self.encoding, newline="") as stream:
                csv.writer(stream).writerows(rows)
        self.write_toml()
        return self.path

    def write_toml(self) -> None:
        """Write instance.toml alone."""
        crs = "".join(f'[tables.{t}]\ncrs = "{c}"\n' for t, c in self.crs.items())
        (self.path / "instance.toml").write_text(self.toml + crs, encoding="utf-8")

    def read(self) -> Instance:
        """Write and read."""
        return read(self.write())

    def faults(self) -> list[str]:
        """Write and read, and give the faults that this raises."""
        with pytest.raises(InstanceError) as caught:
            self.read()
        return [str(f) for f in caught.value.faults]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A clean instance that is not written yet."""
    path = tmp_path / "six"
    path.mkdir()
    return Folder(path)


@pytest.fixture
def faults_of() -> Callable[..., list[str]]:
    """Read a path and give its faults as sentences."""

    def of(path: Path, proposal: Path | None = None) -> list[str]:
        with pytest.raises(InstanceError) as caught:
            read(path, proposal)
        return [str(f) for f in caught.value.faults]

    return of
