"""Small towns told rule by rule: what is built, what is charged, who is served."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from districts import district
from towns import CANTEEN, FIRM, ROOMS, STAGES

import panhuo
from panhuo.instance import Instance

Town = Callable[..., Instance]


class Plan(NamedTuple):
    """What a plan says."""

    options: set[str]
    tariffs: dict[str, str]  # site → tariff
    served: dict[str, float]  # site or existing facility → persons served
    values: list[float]  # stage by stage


@pytest.fixture
def plan() -> Callable[[Instance], Plan]:
    """Solve an instance to the end, and have the plan verified."""

    def solved(instance: Instance) -> Plan:
        found = panhuo.solve(instance, gap=0.0, time_limit=60, threads=1)
        assert found.verification.ok, found.verification
        assert all(stage.gap is not None and stage.gap <= 1e-4 for stage in found.outcome.stages), found.outcome
        served = found.allocation.groupby("place")["persons"].sum().round(6)
        return Plan(
            set(found.plan["option"]),
            {row.site: row.tariff for row in found.plan.itertuples() if row.tariff},
            served.to_dict(),
            [stage["objective"] for stage in found.run["stages"]],
        )

    return solved


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Write and read a town: the lines of its policy, the other sections of its settings, and its tables."""
    count = itertools.count()

    def made(policy: str = "", sections: str = "", **tables: Any) -> Instance:
        stages = "" if "objectives" in policy else STAGES
        modes = "" if "[modes." in sections else "[modes.convert]\n"
        return district(tmp_path / str(next(count)), f"[policy]\n{policy}\n{stages}\n{modes}{sections}", **tables)

    return made


@pytest.fixture
def rooms(town: Town) -> Town:
    """Two rooms, of which one can be paid for (:data:`towns.ROOMS`)."""
    return lambda policy="", sections="", **own: town(policy, sections, **(ROOMS | own))


@pytest.fixture
def canteen(town: Town) -> Town:
    """One room that an enterprise can run as a canteen without winning or losing (:data:`towns.CANTEEN`)."""
    return lambda policy="", sections=FIRM, **own: town(policy, sections, **(CANTEEN | own))
