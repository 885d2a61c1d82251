"""From public files to a verified plan, as they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import panhuo
from panhuo.access import catchments

PORTO_ALEGRE = Path(__file__).resolve().parents[2] / "instances" / "porto_alegre"
pytestmark = pytest.mark.skipif(
    not os.environ.get("PANHUO_DATA"), reason="PANHUO_DATA is not set: the public files of Porto Alegre are not here"
)


@pytest.fixture(scope="module")
def instance() -> panhuo.Instance:
    return panhuo.read(PORTO_ALEGRE)


def test_rows_and_columns_are_taken_as_the_settings_say(instance):
    assert len(instance["demand"]) == 1_124
    assert instance["demand"]["people_all"].sum() == 812_935
    assert len(instance["existing"]) == 117
    assert len(instance["sites"]) == 177
    assert set(instance["existing"]["service"]) == {"clinic"}
    assert (instance["sites"]["area_m2"] == 340).all()


def test_streets_and_heights_are_there(instance):
    net = instance.network
    assert net.length_m[net.walk].sum() > 1_800_000
    assert net.stairs.sum() >= 400
    assert instance.elevation.values.shape == (403, 413)


def test_most_people_have_a_place_within_reach(instance):
    """Nine of ten people have some place within 15 minutes."""
    reach = catchments(instance).minutes["senior"].getnnz(axis=1) > 0
    people = instance["demand"]["people_all"]
    assert people[reach].sum() > 0.9 * people.sum()


def test_a_plan_is_found_and_verified(instance):
    """Within 2 %, to be quick; today's coverage does not depend on the plan."""
    result = panhuo.solve(instance, gap=0.02, time_limit=60, threads=1)
    assert result.run["verified"]
    assert all(stage["gap"] <= 0.02 for stage in result.run["stages"])
    covered = result.coverage.set_index("service")
    assert covered.loc["clinic", "before_persons"] == 522_550
    assert covered.loc["clinic", "new_persons"] > 40_000
    assert covered.loc["canteen", "new_persons"] > 50_000


def test_straight_lines_see_too_many(instance, tmp_path):
    file = tmp_path / "straight.toml"
    file.write_text('title = "Straight lines"\n[access]\nmethod = "straight"\n', encoding="utf-8")
    flown = panhuo.evaluate(panhuo.read(PORTO_ALEGRE, proposal=file)).coverage.set_index("service")
    assert flown.loc["clinic", "before_persons"] == 633_631
