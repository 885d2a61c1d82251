"""People in whole millionths, and who stays where; by hand."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from districts import district
from kitchen import OPTION, TABLES, kitchen, visit

import panhuo
from panhuo.engine.program import Decision
from panhuo.instance import Instance
from panhuo.result import Books
from panhuo.result.people.steady import steady
from panhuo.result.people.whole import Pairs, whole_people

from .conftest import built, opened

HALF, ALL = Fraction(1, 2), Fraction(1)


def pairs(
    row: list[int], outlet: list[int], uptake: list[Fraction], demand: list[int], capacity: list[int | None],
    rank: list[int] | None = None,
) -> Pairs:  # fmt: skip
    return Pairs(
        np.array(row), np.array(outlet), uptake, np.array(demand), np.array(rank or [0] * len(demand)), capacity
    )


def test_people_are_rounded_to_the_nearest_and_those_who_come_down() -> None:
    made = pairs([0, 0], [0, 1], [HALF, ALL], [10_000_000], [None, None])
    assigned, served = whole_people(made, np.array([1.0000014, 2.0000016]))
    assert (assigned.tolist(), served.tolist()) == ([1_000_001, 2_000_002], [500_000, 2_000_002])


def test_a_row_that_misses_its_people_by_a_hair_has_them_all() -> None:
    made = pairs([0, 0], [0, 1], [ALL, ALL], [3_000_000], [None, None])
    assert whole_people(made, np.array([0.999999, 1.999999]))[0].tolist() == [1_000_000, 2_000_000]
    assert whole_people(made, np.array([1.000002, 2.0]))[0].tolist() == [1_000_001, 1_999_999]
    assert whole_people(made, np.array([0.9999, 1.9999]))[0].sum() == 2_999_800


def test_nobody_comes_beyond_the_capacity_and_the_least_needy_stay_away_first() -> None:
    made = pairs([0, 1], [0, 0], [HALF, HALF], [4_000_000, 4_000_000], [2_999_999], rank=[2, 1])
    assigned, served = whole_people(made, np.array([3.0, 3.0]))
    assert served.tolist() == [1_500_000, 1_499_999]
    assert assigned.tolist() == [3_000_000, 2_999_998]


def test_a_place_that_is_full_but_for_a_hair_is_full() -> None:
    made = pairs([0], [0], [HALF], [4_000_000], [1_500_000])
    assigned, served = whole_people(made, np.array([2.999997]))
    assert (assigned.tolist(), served.tolist()) == ([3_000_000], [1_500_000])


def street(
    folder: Path, people: int, points: Sequence[dict[str, Any]] = (), halls: Sequence[dict[str, Any]] = ()
) -> Books:
    """A hall e1 for 10 within reach of d1 and d2, and a room s1 within reach of d2 alone that may become one for 5."""
    instance = district(
        folder, "[modes.convert]\n",
        demand=[{"id": "d1", "x": 0, "y": 0, "circle": "c", "people_old": 10},
                {"id": "d2", "x": 400, "y": 0, "circle": "c", "people_old": people}, *points],
        sites=[{"id": "s1", "x": 800, "y": 0, "area_m2": 50}],
        services=[{"service": "hall", "class": "basic", "measure": "metres", "standard_m": 520, "min_area_m2": 50,
                   "capacity_per_m2": 0.1}],
        existing=[{"id": "e1", "service": "hall", "x": 200, "y": 0, "capacity_persons": 10}, *halls],
        needs=[{"service": "hall", "group": "old", "rate": 1}],
        costs=[{"item": "fit_out", "capital_cny": 1}],
        funds=[{"fund": "city", "party": "government", "cap_cny": 100}],
    )  # fmt: skip
    return opened(instance)


def square(folder: Path, **tables: list[dict[str, Any]]) -> Instance:
    """10 people of d1 and 20 of d2, who have the same places within reach: a room s1 that may become a hall for 15."""
    hall = {"service": "hall", "class": "basic", "measure": "metres", "standard_m": 520, "min_area_m2": 50,
            "capacity_per_m2": 0.3}  # fmt: skip
    return district(
        folder, '[modes.convert]\n[policy]\nobjectives = [{ name = "people", measure = "coverage", tolerance = 0 }]\n',
        demand=[{"id": "d1", "x": 0, "y": 0, "circle": "c", "people_old": 10},
                {"id": "d2", "x": 100, "y": 0, "circle": "c", "people_old": 20}],
        sites=[{"id": "s1", "x": 50, "y": 0, "area_m2": 50}],
        services=[hall],
        needs=[{"service": "hall", "group": "old", "rate": 1}],
        costs=[{"item": "fit_out", "capital_cny": 1}],
        funds=[{"fund": "city", "party": "government", "cap_cny": 100}],
        **tables,
    )  # fmt: skip


def by_point(table: pd.DataFrame) -> dict[tuple[str, str], float]:
    return {(row.demand, row.place): row.persons for row in table.itertuples()}


def test_where_there_is_room_for_half_each_gets_half(tmp_path: Path) -> None:
    made = panhuo.solve(square(tmp_path), gap=0.0, threads=1)
    assert by_point(made.allocation) == {("d1", "s1"): 5.0, ("d2", "s1"): 10.0}
    assert made.verification.ok


def test_today_serves_each_in_the_same_share_at_every_place(tmp_path: Path) -> None:
    """e1 holds 9 and e2 holds 6 of the 30: three and two tenths of each point. Where nothing is built all of it stays."""
    halls = [{"id": f"e{n}", "service": "hall", "x": 0, "y": 0, "capacity_persons": q} for n, q in ((1, 9), (2, 6))]
    instance = square(tmp_path, existing=halls)
    made = panhuo.evaluate(instance)
    today = {("d1", "e1"): 3.0, ("d2", "e1"): 6.0, ("d1", "e2"): 2.0, ("d2", "e2"): 4.0}
    assert by_point(made.tables["allocation_before"]) == by_point(made.allocation) == today
    assert made.verification.ok
    books = opened(instance)
    sent = {("d1", "e1"): 9.0, ("d2", "e2"): 6.0, ("d1", "s1"): 1.0, ("d2", "s1"): 14.0}
    assert moved(books, sent) == today | {("d1", "s1"): 5.0, ("d2", "s1"): 10.0}


def test_alike_stay_alike_where_today_cannot_stay(tmp_path: Path) -> None:
    """Today e1 serves 20 of the 30. In a hall for 15 and at e1 the decision serves 27 in all: nine tenths of each."""
    halls = [{"id": "e1", "service": "hall", "x": 0, "y": 0, "capacity_persons": 20}]
    sent = {("d1", "e1"): 4.0, ("d2", "e1"): 8.0, ("d1", "s1"): 5.0, ("d2", "s1"): 10.0}
    books = opened(square(tmp_path, existing=halls))
    assert books.before.served.tolist() == [6_666_667, 13_333_333]
    assert moved(books, sent) == sent


def moved(books: Books, sent: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """Say whom a decision sends where, once as few as possible lose theirs."""
    data, cells = books.assembled.data, books.assembled.cells
    point, place = (
        books.instance["demand"]["id"].to_numpy()[cells.demand],
        [n.split("|")[0] for n in data.outlets.names],
    )
    keys = [(point[g], place[n].split(":")[0]) for g, n in zip(data.flow.row, data.flow.outlet, strict=True)]
    decision = Decision(
        np.ones(1, dtype=bool), data.outlets.account >= 0, np.array([sent.get(key, 0.0) for key in keys])
    )
    kept = steady(data, cells, decision, books.before).assigned
    return {key: round(float(persons), 6) for key, persons in zip(keys, kept, strict=True) if round(float(persons), 6)}


def test_a_place_that_is_full_goes_on_serving_those_it_serves(tmp_path: Path) -> None:
    """Today 5 of each point. The decision serves 10 of d1 at e1, and 4 of d2 at s1: one of d2 would lose his."""
    books = street(tmp_path, 10)
    assert books.before.served.tolist() == [5_000_000, 5_000_000]
    decided = {("d1", "e1"): 10.0, ("d2", "s1"): 4.0}
    assert moved(books, decided) == {("d1", "e1"): 5.0, ("d2", "e1"): 5.0, ("d2", "s1"): 4.0}


def test_the_fewest_lose_theirs_where_today_cannot_stay(tmp_path: Path) -> None:
    """Today 6.25 of d1 and 3.75 of d2's 6. With 5 of d2 at s1 and 5 at e1 in all, e1 best serves d1 alone."""
    books = street(tmp_path, 6)
    assert books.before.served.tolist() == [6_250_000, 3_750_000]
    decided = {("d1", "e1"): 4.0, ("d2", "e1"): 1.0, ("d2", "s1"): 5.0}
    assert moved(books, decided) == {("d1", "e1"): 5.0, ("d2", "s1"): 5.0}


def test_whom_nothing_touches_keep_theirs_to_the_millionth(tmp_path: Path) -> None:
    """Far from the street d3 and d4 have e2 and e3 for 1 and 3 of their 14, d4 also e4 for 1: no need to swap."""
    points = [{"id": f"d{n}", "x": x, "y": 0, "circle": "c", "people_old": 7} for n, x in ((3, 90_000), (4, 90_400))]
    halls = [
        {"id": f"e{n}", "service": "hall", "x": x, "y": 0, "capacity_persons": q}
        for n, x, q in ((2, 90_200, 1), (3, 90_200, 3), (4, 90_800, 1))
    ]
    books = street(tmp_path, 6, points, halls)
    data, cells, now = books.assembled.data, books.assembled.cells, books.before
    point = books.instance["demand"]["id"].to_numpy()[cells.demand]
    today = {
        (str(point[g]), data.outlets.names[n].split("|")[0]): persons / 1e6
        for g, n, persons in zip(now.row, now.outlet, now.assigned, strict=True)
        if point[g] in ("d3", "d4")
    }
    assert sum(today.values()) == 5
    by_d3, swapped = sum(v for key, v in today.items() if key[0] == "d3"), {("d4", "e4"): 1.0}
    swapped |= {("d3", "e3"): by_d3, ("d4", "e3"): 3 - by_d3, ("d4", "e2"): 1.0}
    decided = {("d1", "e1"): 4.0, ("d2", "e1"): 1.0, ("d2", "s1"): 5.0} | swapped
    assert moved(books, decided) == {("d1", "e1"): 5.0, ("d2", "s1"): 5.0} | today


def test_today_is_shared_evenly_between_tiers_and_stays(tmp_path: Path) -> None:
    """e1 holds 6.5 of the 13 who would come: half of each tier. Nothing changes where nothing is chosen."""
    existing = [TABLES["existing"][0] | {"capacity_persons": 6.5}]
    made = panhuo.evaluate(kitchen(tmp_path, existing=existing))
    assert made.tables["allocation_before"]["persons"].tolist() == [4.5, 2.0]
    assert made.tables["allocation_before"].equals(made.allocation)
    assert made.coverage[["new_persons", "lost_persons"]].to_numpy().tolist() == [[0.0, 0.0]]
    assert made.verification.ok


def test_a_full_canteen_does_not_pick_its_payers(tmp_path: Path) -> None:
    """s1 holds 32.5 of the 65: of the poor at least the share of the plain is assigned."""
    services = [TABLES["services"][0] | {"capacity_per_m2": 0.325}]
    costs = [*TABLES["costs"][:2], {"item": "staff", "yearly_cny": 20000}, TABLES["costs"][4]]
    dear = [visit("plain", 8, 2, 1, 0, 0.6), visit("poor", 4, 1, 1, 1, 0.8)]
    made = built(kitchen(tmp_path, services=services, costs=costs, tariffs=dear), (OPTION,))
    share = made.allocation[made.allocation["place"] == "s1"].set_index("tier")["assigned_persons"] / [75, 25]
    assert share["poor"] >= share["plain"] - 1e-6
    assert made.plan["served_persons"].tolist() == [32.5]
    assert made.verification.ok
