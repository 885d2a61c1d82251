"""Near demand points become one: the bound holds for everybody, nobody is lost, and the error is told."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from map_files import write_raster

import panhuo
from panhuo.instance import Settings, read
from panhuo.instance.findings import Findings
from panhuo.instance.inhabitants.merging import merge
from panhuo.instance.maps import Merging

PROFILES = pd.DataFrame({"speed_km_h": [4.5, 3.0]})  # 50 m a minute is the slowest


def _settings(minutes: float, detour: float = 1.0) -> Settings:
    return Settings.model_validate({"title": "-", "people": {"merge_min": minutes}, "access": {"detour": detour}})


def _points(x: list[float], people: list[float], circle: list[str] | None = None) -> pd.DataFrame:
    count = len(x)
    return pd.DataFrame(
        {"id": [f"d{i}" for i in range(count)], "circle": circle or ["c"] * count, "unit": [""] * count,
         "people_all": people, "x_m": x, "y_m": [0.0] * count}
    )  # fmt: skip


def _merged(demand: pd.DataFrame, minutes: float, detour: float = 1.0) -> tuple[pd.DataFrame, Merging]:
    found, merging = merge(demand, PROFILES, None, _settings(minutes, detour), Findings())
    assert merging is not None
    return found, merging


def test_by_hand() -> None:
    """A street: 0, 40, 90, 100 and 149 m; one minute is 50 m. d1 has most people and takes in d0 and d2.

    Next is d4, which takes in d3; d2 is 50 m from d1 and 59 m from d4 and stays with d1.
    """
    demand = _points([0.0, 40.0, 90.0, 100.0, 149.0], [1.0, 10.0, 2.0, 3.0, 4.0])
    found, merging = _merged(demand, 1.0)
    assert found["id"].tolist() == ["d1", "d4"]
    assert found["people_all"].tolist() == [13.0, 7.0]
    assert found["x_m"].tolist() == [40.0, 149.0]
    assert (merging.points, merging.merged, merging.allowed_min, merging.largest_min) == (5, 2, 1.0, 1.0)
    assert merging.mean_min == pytest.approx((40 * 1 + 50 * 2 + 49 * 3) / 50 / 20)


def test_a_point_goes_to_the_nearest_that_stands() -> None:
    demand = _points([0.0, 45.0, 80.0], [9.0, 1.0, 8.0])  # d0 takes d1 in first, yet d2 is nearer
    found, merging = _merged(demand, 1.0)
    assert found["people_all"].tolist() == [9.0, 9.0]
    assert merging.largest_min == pytest.approx(35 / 50)


def test_of_two_equally_near_the_first_of_the_table_stands() -> None:
    found, _ = _merged(_points([0.0, 40.0, 80.0], [9.0, 1.0, 8.0]), 1.0)
    assert found["people_all"].tolist() == [10.0, 8.0]
    found, _ = _merged(_points([80.0, 40.0, 0.0], [8.0, 1.0, 9.0]), 1.0)
    assert found["people_all"].tolist() == [9.0, 9.0]


def test_exactly_the_bound_is_within_it_and_the_detour_counts() -> None:
    demand = _points([0.0, 100.0], [2.0, 1.0])
    assert len(_merged(demand, 2.0)[0]) == 1
    assert len(_merged(demand, 1.999)[0]) == 2
    assert len(_merged(demand, 2.0, detour=1.1)[0]) == 2
    assert _merged(demand, 2.2, detour=1.1)[1].largest_min == pytest.approx(2.2)


@pytest.mark.parametrize("column", ["circle", "unit"])
def test_only_points_of_one_circle_and_unit(column: str) -> None:
    demand = _points([0.0, 0.0, 0.0], [1.0, 2.0, 4.0])
    demand[column] = ["a", "b", "a"]
    found, merging = _merged(demand, 5.0)
    assert found["id"].tolist() == ["d1", "d2"]
    assert found["people_all"].tolist() == [2.0, 5.0]
    assert merging.largest_min == 0.0


def test_nothing_to_merge_changes_nothing(folder: Any) -> None:
    assert folder.read().merging is None
    demand = folder.read()["demand"]
    folder.toml += "[people]\nmerge_min = 0.5\n"
    instance = folder.read()
    assert instance["demand"].equals(demand)
    assert instance.merging == Merging(6, 6, 0.5, 0.0, 0.0)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_bound_holds_and_nobody_is_lost(data: Any) -> None:
    count = data.draw(st.integers(1, 40))
    tens = st.integers(0, 30).map(lambda n: 10.0 * n)
    xy = np.array(data.draw(st.lists(st.tuples(tens, tens), min_size=count, max_size=count)))
    numbers = st.floats(0, 1e6) | st.sampled_from([1.0, 0.1])
    people = np.array(data.draw(st.lists(st.tuples(numbers, numbers), min_size=count, max_size=count)))
    circle = data.draw(st.lists(st.sampled_from("ab"), min_size=count, max_size=count))
    minutes, detour = data.draw(st.sampled_from([0.2, 0.5, 1.0, 3.0])), data.draw(st.sampled_from([1.0, 1.3]))
    demand = pd.DataFrame(
        {"id": [f"d{i}" for i in range(count)], "circle": circle, "unit": [""] * count, "people_a": people[:, 0],
         "people_b": people[:, 1], "x_m": xy[:, 0], "y_m": xy[:, 1]}
    )  # fmt: skip
    found, merging = _merged(demand, minutes, detour)
    again, _ = _merged(demand.copy(), minutes, detour)
    assert found.equals(again)
    expected = _by_brute_force(demand, minutes, detour)
    assert found["id"].tolist() == [demand["id"][i] for i in sorted(set(expected))]
    errors = [math.dist(xy[i], xy[s]) * detour / 50 for i, s in enumerate(expected)]
    assert max(errors) <= minutes + 1e-9
    assert merging.largest_min == pytest.approx(max(errors))
    lives = people.sum(axis=1)
    assert merging.mean_min == pytest.approx(np.dot(errors, lives) / lives.sum() if lives.any() else 0.0)
    for stand, row in zip(sorted(set(expected)), found.itertuples(), strict=True):
        for group, column in enumerate(("people_a", "people_b")):
            exact = sum((Fraction(people[i, group]) for i, s in enumerate(expected) if s == stand), Fraction(0))
            assert getattr(row, column) == float(exact)


def _by_brute_force(demand: pd.DataFrame, minutes: float, detour: float) -> list[int]:
    """Find which point stands for each, point by point."""
    at = list(zip(demand["x_m"], demand["y_m"], strict=True))
    lives = (demand["people_a"] + demand["people_b"]).tolist()

    def near(i: int, j: int) -> bool:
        far = math.dist(at[i], at[j]) * detour / 50
        return demand["circle"][i] == demand["circle"][j] and far <= minutes * (1 + 1e-12)

    stands: list[int] = []
    for i in sorted(range(len(at)), key=lambda i: -lives[i]):
        if not any(near(i, j) for j in stands):
            stands.append(i)
    return [
        min((round(math.dist(at[i], at[j]), 6), j) for j in stands if demand["circle"][i] == demand["circle"][j])[1]
        for i in range(len(at))
    ]


def test_many_points_in_one_spot_are_not_compared_pair_by_pair() -> None:
    count = 30_000
    rng = np.random.default_rng(4)
    demand = _points(rng.uniform(0, 10, count).round(3).tolist(), [1.0] * count)
    found, merging = _merged(demand, 1.0)
    assert found["people_all"].tolist() == [float(count)]
    assert (merging.points, merging.merged) == (count, 1)


def test_minutes_of_a_point_that_is_merged_away(folder: Any) -> None:
    folder.toml += "[people]\nmerge_min = 5\n"  # 4.5 km/h, detour 1.3: 288 m, and the points lie 387 m apart
    folder.put("demand", 2, "x", "105.7257")
    folder.tables["minutes"] = [["demand", "place", "minutes"], ["d2", "s1", "5"], ["d1", "s1", "4"], ["d1", "s2", "9"]]
    assert folder.faults() == [
        "minutes.csv row 3, demand = d1: rows that name demand points merged into others by people.merge_min: 2; "
        "this one is merged into d2. Leave people.merge_min out, or give the minutes of the points that stand."
    ]
    del folder.tables["minutes"][2:]
    instance = folder.read()
    assert instance["demand"]["id"].tolist() == ["d2", "d3", "d4", "d5", "d6"]
    assert instance["demand"]["people_adult"].tolist() == [500.0, 200.0, 250.0, 100.0, 180.0]


def test_where_nothing_was_merged_nothing_is_said(folder: Any) -> None:
    folder.toml += "[people]\nmerge_min = 0.01\n"
    found = panhuo.solve(folder.read())
    assert found.run["merging"]["points"] == found.run["merging"]["merged"] == 6
    assert not [note for note in found.notes if "merged" in str(note)]


def test_the_plan_says_what_merging_cost_and_is_verified_from_its_own_inputs(homeless: Any, tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    write_raster(homeless.path / "population.tif", rng.integers(0, 9, (3, 4)).astype(np.float32))
    homeless.toml += "[people]\nmerge_min = 5\n[access]\ndetour = 1\n"
    homeless.tables["profiles"] = [["profile", "speed_km_h", "groups"], ["walker", "15", "all"]]  # 1,250 m in 5 minutes
    instance = read(homeless.write())
    error = instance.merging
    assert error is not None
    assert error.merged < error.points
    found = panhuo.solve(instance)
    stated = found.run["merging"]
    assert (stated["points"], stated["merged"], stated["allowed_min"]) == (error.points, error.merged, 5)
    assert stated["largest_min"] == pytest.approx(error.largest_min, abs=1e-6)
    assert stated["mean_min"] == pytest.approx(error.mean_min, abs=1e-6)
    said = [str(note) for note in found.notes if "merged" in str(note)]
    assert said == [
        f"{error.points} demand points were merged into {error.merged}, within 5 min (people.merge_min): at most "
        f"{error.largest_min:.2f} min off, {error.mean_min:.2f} min for the average resident, by straight lines × detour"
    ]
    out = panhuo.result.write(found, tmp_path / "out")
    assert panhuo.verify(out).ok
