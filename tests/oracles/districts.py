"""Small districts on a plane, written as the tables a planner would write."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import panhuo
from panhuo.instance import Instance

Row = Mapping[str, Any]

LOCAL = "".join(f'[tables.{table}]\ncrs = "local"\n' for table in ("demand", "sites", "existing"))


def write(folder: Path, toml: str = "", **tables: Sequence[Row]) -> Path:
    """Write an instance; a column that a row does not name is blank. ``toml`` follows the title."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        if not rows:
            continue
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    located = "".join(
        f'[tables.{table}]\ncrs = "local"\n' for table in ("demand", "sites", "existing") if tables.get(table)
    )
    (folder / "instance.toml").write_text(f'title = "A test"\n{toml}\n{located}', encoding="utf-8")
    return folder


def district(folder: Path, toml: str = "", **tables: Sequence[Row]) -> Instance:
    """Write an instance and read it."""
    return panhuo.read(write(folder, toml, **tables))
