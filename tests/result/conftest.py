"""Results to look at."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from kitchen import OPTION, kitchen

import panhuo
from panhuo import result
from panhuo.access import catchments
from panhuo.assemble import derive_options, siting_data
from panhuo.engine.program import Outcome, StageOutcome
from panhuo.instance import Instance
from panhuo.result import Books, Result, carried_out, writing

TOY = Path(__file__).parents[2] / "instances" / "toy"
BY_HAND = ("S1:convert:clinic", "S2:convert:canteen", "S3:keep:culture")
"""The toy's optimum, from its README."""
HOSTILE = (
    "<script>alert(1)</script>", '=HYPERLINK("http://x","y")', "+1", "@SUM(A1)", "-2+3", "<r><t>x</t></r>", "{=1}",
    "_x0041_", "http://x.org", "00123", "a\"b'c&d", "  spaced ", "1e5", "TRUE",
)  # fmt: skip
"""Names that no program should run, count or take for markup."""


def opened(instance: Instance) -> Books:
    """The books of an instance."""
    options = derive_options(instance)
    return Books(instance, options, siting_data(instance, options, catchments(instance)))


def built(instance: Instance, names: tuple[str, ...], stages: tuple[StageOutcome, ...] = ()) -> Result:
    """A result of the options named, as if a solver had found it where it has stages."""
    books = opened(instance)
    choose = books.options.table["option"].isin(names).to_numpy()
    assert choose.sum() == len(names)
    data = books.assembled.data
    decision = carried_out(data, choose, np.zeros(len(data.outlets), dtype=bool))
    outcome = Outcome("optimal", decision, stages) if stages else None
    return result.build(
        books, catchments(instance), decision, outcome=outcome, seconds={"solve": 0.5}, arguments={"gap": 0.001}
    )


def solved(instance: Instance, names: tuple[str, ...] = BY_HAND) -> Result:
    """A result as if a solver had found it, with the bounds of the toy's README."""
    stages = (
        StageOutcome("basic", "max", 850.0, 850.0, 0.0, "optimal", 0.1),
        StageOutcome("quality", "max", 360.0, 363.6, 0.01, "optimal", 0.1),
    )
    return built(instance, names, stages)


@pytest.fixture(scope="session")
def found(toy: Instance) -> Result:
    return solved(toy)


@pytest.fixture(scope="session")
def fed(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The canteen of :mod:`kitchen`, built in s1."""
    return built(kitchen(tmp_path_factory.mktemp("kitchen") / "inputs"), (OPTION,))


@pytest.fixture(scope="session")
def hostile(toy: Instance) -> Result:
    """The toy with rooms, circles, owners, services and funds that are called what no program should run."""
    rows = len(toy["sites"])
    sites = pd.concat([toy["sites"]] * 5, ignore_index=True).head(len(HOSTILE))
    sites["id"] = [f"S{n}" if n <= rows else f"H{n}" for n in range(1, len(sites) + 1)]
    sites = sites.assign(name=list(HOSTILE), address=list(HOSTILE), owner=list(HOSTILE), status_reason=list(HOSTILE))
    sites["status"] = ["candidate"] * rows + ["excluded"] * (len(sites) - rows)
    services = toy["services"].assign(name_zh=['=HYPERLINK("http://x","y")', "*", "?"], name_en=["@SUM(A1)", "*", "?"])
    funds = toy["funds"].assign(name_zh=["<>*", ">=0"], name_en=["*", "<>"])
    circles = toy["circles"].assign(name=["<script>alert(1)</script>", "-2+3"])
    tables = {**toy.tables, "sites": sites, "services": services, "funds": funds, "circles": circles}
    return built(dataclasses.replace(toy, tables=tables), BY_HAND)


@pytest.fixture(scope="session")
def pristine(found: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return result.write(found, tmp_path_factory.mktemp("written") / "out")


@pytest.fixture
def out(pristine: Path, tmp_path: Path) -> Path:
    """A written result that a test may spoil."""
    copy = tmp_path / "out"
    shutil.copytree(pristine, copy)
    return copy


@pytest.fixture
def layers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what readers open write plan.gpkg only: page and workbook take most of the time."""
    monkeypatch.setattr(writing, "OPENED", {"plan.gpkg": writing.OPENED["plan.gpkg"]})


def edit(path: Path, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    change(table).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")


@pytest.fixture(scope="session")
def intricate(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """The toy with all that makes counting hard.

    A service for its own unit, a mode that closes an existing facility, given minutes that rule over the straight
    line, conversions that replace area, costs and rules, needs that are no whole numbers, zones and owners.
    """
    folder = tmp_path_factory.mktemp("intricate") / "district"
    shutil.copytree(TOY, folder)
    units = {"D1": "v1", "D2": "v1", "D3": "v2", "D4": "v3", "D5": "v3", "D6": "v4"}
    edit(folder / "demand.csv", lambda t: t.assign(unit=t["id"].map(units)))
    edit(folder / "sites.csv", lambda t: t.assign(unit=["v1", "v2", "v4"], zone=["old", "", "old"]))
    edit(
        folder / "existing.csv",
        lambda t: _with(t.assign(unit=["v3", "v1"]), ("E3", "old point", "point", 990, 0, "v2", "S2")),
    )
    point = ("point", "村互助点", "Village point", "basic", "unit", "", "", "20.005", "30.125", "no", "2", "made up")
    edit(folder / "services.csv", lambda t: _with(t, point))
    edit(
        folder / "needs.csv",
        lambda t: _with(t.assign(rate=["0.35", "0.9", "1", "0.125", "1"]), ("point", "senior", "0.519", "")),
    )
    costs = (
        ("point", "", "fit_out", "333.335", "0.01", "7.005", "1", ""),
        ("", "convert", "fume", "1.115", "0", "0", "0", ""),
    )
    edit(folder / "costs.csv", lambda t: _with(t, *costs))
    (folder / "conversions.csv").write_text(
        "site,mode,service,allowed,area_m2,months,capital_cny_structure,capital_cny_fit_out,yearly_cny_staff,source\n"
        "S1,convert,canteen,yes,70.5,9,1234.565,100,,made up\n"
        "S2,convert,culture,no,,,,,,made up\n"
        "S3,keep,point,,15.25,,,,99.995,made up\n",
        encoding="utf-8",
    )
    (folder / "minutes.csv").write_text(
        "demand,place,profile,minutes,metres\nD1,S1,,14.9995,\nD2,S1,senior,10.0004,900\nD4,E1,adult,10.0006,\n"
        "D6,E2,,3,499.9996\nD3,S2,,0,0\n",
        encoding="utf-8",
    )
    edit(folder / "eligibility.csv", lambda t: _with(
        t, ("works", "structure;fume", "convert", "", "", "", ""), ("equip", "fume;fit_out", "", "point", "collective", "old", ""),
        ("purse", "", "", "", "", "", ""),
    ))  # fmt: skip
    edit(folder / "funds.csv", lambda t: _with(t, ("purse", "", "Purse", "community", "400000.005", "", "")))
    settings = (folder / "instance.toml").read_text(encoding="utf-8")
    settings = settings.replace("[modes.convert]\n", "[modes.convert]\ncloses_existing = true\n")
    settings = settings.replace("budget_cny = 280000", "budget_cny = 600000")
    for table in ("conversions", "minutes"):
        settings += f'\n[tables.{table}]\nsource = "made up"\n'
    (folder / "instance.toml").write_text(settings, encoding="utf-8")
    return panhuo.read(folder)


def _with(table: pd.DataFrame, *rows: tuple[object, ...]) -> pd.DataFrame:
    more = pd.DataFrame([[str(v) for v in row] for row in rows], columns=table.columns[: len(rows[0])])
    return pd.concat([table, more], ignore_index=True).fillna("")
