"""The whole road: what the run promises whatever the room."""

from dataclasses import replace
from pathlib import Path

import pytest

import panhuo
from panhuo.instance import Instance

SAME = ("plan.csv", "sites.csv", "coverage.csv", "allocation.csv", "ledger.csv", "demand.csv")


def test_without_any_option_the_existing_coverage_is_the_plan(toy: Instance) -> None:
    sites = toy["sites"].assign(status="excluded")
    found = panhuo.solve(replace(toy, tables={**toy.tables, "sites": sites}))
    assert found.status == "optimal"
    assert found.verification.ok
    assert found.plan.empty
    assert found.ledger.empty
    assert found.gap == 0
    assert found.run["coverage"]["clinic"]["before"] == found.run["coverage"]["clinic"]["after"] == 700


def test_evaluating_the_plan_found_gives_the_same_figures(toy: Instance) -> None:
    solved = panhuo.solve(toy)
    again = panhuo.evaluate(toy, solved.plan)
    assert again.run["coverage"] == solved.run["coverage"]
    assert again.ledger.equals(solved.ledger)


def test_more_money_never_lowers_the_first_objective(toy: Instance) -> None:
    reached = []
    for part in (0.0, 0.3, 0.6, 0.9, 1.2):
        funds = toy["funds"].assign(cap_cny=toy["funds"]["cap_cny"] * part)
        found = panhuo.solve(replace(toy, tables={**toy.tables, "funds": funds}), gap=0)
        reached.append(found.objective)
    assert reached == sorted(reached)
    assert reached[0] == 0 < reached[-1]


def twice(instance: Instance, folder: Path) -> None:
    for name in ("one", "two"):
        panhuo.write(panhuo.solve(instance, threads=1, seed=3), folder / name)
    for name in SAME:
        assert (folder / "one" / name).read_bytes() == (folder / "two" / name).read_bytes(), name


def test_two_runs_give_the_same_bytes(toy: Instance, tmp_path: Path) -> None:
    twice(toy, tmp_path)


@pytest.mark.slow
def test_two_runs_of_dazu_give_the_same_bytes(dazu: Instance, tmp_path: Path) -> None:
    twice(dazu, tmp_path)
