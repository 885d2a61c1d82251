"""Whoever tampers with people is found: who is assigned where, who comes, who was served before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from districts import district

import panhuo
from panhuo import result
from panhuo.instance import Instance

from .quarter import changed, quarter
from .tampering import Change, Rich, Spoilt, found_in, given, texts

CANTEEN, HALL = "s0:convert:canteen:private_aided:120", "s0:convert:hall:public_public"
HERE = {"demand": "d0", "service": "canteen", "tier": "plain"}
THERE = {"demand": "d1", "service": "canteen", "tier": "poor", "place": "e0"}
NURSED = {"demand": "d1", "service": "nursery", "place": "s2"}


def test_an_untouched_result_is_verified(spoilt: Spoilt) -> None:
    assert spoilt.faults() == []


def test_what_the_solver_finds_is_verified(rich: Rich) -> None:
    made = panhuo.solve(rich.instance)
    assert texts(made.verification) == []
    assert made.objective == pytest.approx(rich.run["objective"])


AFTER: dict[str, tuple[Change, str]] = {
    "one who comes more": (
        lambda s: s.shift("allocation", HERE, persons=1e-6),
        "allocation.csv, d0 canteen adult plain s0, persons = 28.800001: expected 28.8. The share of the assigned",
    ),
    "more than there are": (
        lambda s: s.shift("allocation", HERE, assigned_persons=1, persons=0.4),
        "allocation.csv, d0 canteen adult plain, assigned_persons = 73.0: expected <= 72.000000. No more people are assigned than there are",
    ),
    "more than a place with a tariff holds": (
        lambda s: s.shift("allocation", HERE, assigned_persons=0.0025, persons=0.001),
        "allocation.csv, s0 canteen, persons = 60.001: expected <= 60.0. No place serves more people than it holds",
    ),
    "more than a place without tariffs holds": (
        lambda s: s.shift("allocation", NURSED, assigned_persons=0.5, persons=0.5),
        "allocation.csv, s2 nursery, persons = 28.5: expected <= 28.0. No place serves more people than it holds",
    ),
    "more than an existing facility holds": (
        lambda s: s.shift("allocation", THERE, assigned_persons=1, persons=0.6),
        "allocation.csv, e0 canteen, persons = 13.1: expected <= 12.5. No place serves more people than it holds",
    ),
    "who cannot pay": (
        lambda s: s.set("allocation", {"tier": "poorest"}, place="s0", kind="chosen", option=CANTEEN, persons=3.0, minutes=8.667, metres=650.0),
        "allocation.csv, d1 canteen adult poorest s0, tier = poorest: the tier cannot pay the price of the place",
    ),
    "the needy passed over": (
        lambda s: s.shift("allocation", THERE, assigned_persons=-5, persons=-3),
        "allocation.csv, d1 canteen adult poor, assigned_persons = 10.923078: expected >= 15.923077. A needier tier is assigned at least the share of a less needy one (plain)",
    ),
    "nobody sent anywhere": (
        lambda s: s.set("allocation", HERE, assigned_persons=0.0, persons=0.0),
        "allocation.csv, d0 canteen adult plain s0, assigned_persons = 0.0: only people who are assigned have a row",
    ),
    "people who are not there": (
        lambda s: s.set("allocation", NURSED, tier="poor"),
        "allocation.csv, d1 nursery adult poor s2: the row must not be there: nobody there needs the service",
    ),
    "a place out of reach": (
        lambda s: s.again("allocation", NURSED, demand="d2"),
        "allocation.csv, d2 nursery adult s2, place = s2: the place must lie within the service's standard",
    ),
    "a place that closes": (
        lambda s: s.set("allocation", {"demand": "d0", "service": "hall"}, place="e1", kind="existing", option=""),
        "allocation.csv, d0 hall adult, place = e1: the place must be open and give the service",
    ),
    "a place for something else": (
        lambda s: s.set("allocation", NURSED, place="s0"),
        "allocation.csv, d1 nursery adult s0, place = s0: the place must be open and give the service",
    ),
    "another option": (
        lambda s: s.set("allocation", HERE, option=HALL),
        "allocation.csv, d0 canteen adult plain s0, option = s0:convert:hall:public_public: expected s0:convert:canteen:private_aided:120",
    ),
    "the minutes": (lambda s: s.set("allocation", HERE, minutes=1.734), "allocation.csv, d0 canteen adult plain s0, minutes = 1.734: expected 1.733"),
    "the metres": (lambda s: s.set("allocation", THERE, metres=650.0), "allocation.csv, d1 canteen adult poor e0, metres = 650.0: expected 715.0"),
    "a row twice": (lambda s: s.again("allocation", THERE), "allocation.csv, d1 canteen adult poor e0: the row stands there more than once"),
    "a tier left out": (
        lambda s: s.drop("allocation", **THERE), "coverage.csv, c1 canteen, after_persons = 25.7: expected 16.7",
    ),
    "people of a service without capacity": (
        lambda s: s.set("allocation", {"demand": "d1", "service": "hall"}, assigned_persons=390.0),
        "allocation.csv, d1 hall adult, assigned_persons = 390.0: expected 390.5",
    ),
    "whom an option serves": (
        lambda s: s.set("plan", {"option": CANTEEN}, served_persons=59.999999),
        "plan.csv, s0:convert:canteen:private_aided:120, served_persons = 59.999999: expected 60.0",
    ),
    "what an option holds": (
        lambda s: s.set("plan", {"option": CANTEEN}, capacity_persons=61.0),
        "plan.csv, s0:convert:canteen:private_aided:120, capacity_persons = 61.0: expected 60.0",
    ),
    "who came before": (
        lambda s: s.set("coverage", {"circle": "c0", "service": "canteen"}, before_persons=12.4),
        "coverage.csv, c0 canteen, before_persons = 12.4: expected 12.5",
    ),
    "who is new": (
        lambda s: s.set("coverage", {"circle": "c0", "service": "canteen"}, new_persons=46.8),
        "coverage.csv, c0 canteen, new_persons = 46.8: expected 34.3",
    ),
    "who is out of reach": (
        lambda s: s.set("demand", {"demand": "d2", "service": "nursery"}, unreachable_persons=0.0),
        "demand.csv, d2 nursery, unreachable_persons = 0.0: expected 5.0",
    ),
    "why a site is left": (lambda s: s.set("sites", {"site": "s3"}, reason="no_gain"), "sites.csv, s3, reason = no_gain: expected excluded"),
}  # fmt: skip

BEFORE: dict[str, tuple[Change, str]] = {
    "fewer than could": (
        lambda s: s.shift("allocation_before", HERE, assigned_persons=-1, persons=-0.5),
        "allocation_before.csv, persons: today's places could serve more people of canteen",
    ),
    "nobody": (
        lambda s: s.drop("allocation_before", demand="d0"),
        "allocation_before.csv, persons: today's places could serve more people of canteen",
    ),
    "more than it holds": (
        lambda s: s.shift("allocation_before", HERE, assigned_persons=1, persons=0.5),
        "allocation_before.csv, e0 canteen, persons = 13.0: expected <= 12.5. No place serves more people than it holds",
    ),
    "more than there are": (
        lambda s: s.set("allocation_before", HERE, assigned_persons=73.0, persons=36.5),
        "allocation_before.csv, d0 canteen adult plain, assigned_persons = 73.0: expected <= 72.000000. No more people are assigned than there are",
    ),
    "at another tariff": (
        lambda s: s.set("allocation_before", HERE, persons=10.0),
        "allocation_before.csv, d0 canteen adult plain e0, persons = 10.0: expected 12.5. The share of the assigned people who come",
    ),
    "a room that was not open": (
        lambda s: s.set("allocation_before", HERE, place="s0", kind="chosen", option=CANTEEN),
        "allocation_before.csv, d0 canteen adult plain s0, place = s0: the place must be open",
    ),
    "the metres": (lambda s: s.set("allocation_before", HERE, metres=64.0), "allocation_before.csv, d0 canteen adult plain e0, metres = 64.0: expected 65.0"),
    "a service without capacity": (
        lambda s: s.again("allocation_before", HERE, service="hall", place="e1"),
        "allocation_before.csv, d0 hall adult plain e1: the row must not be there",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", AFTER)
def test_an_allocation_that_was_changed_is_found(spoilt: Spoilt, case: str) -> None:
    found_in(spoilt, *AFTER[case])


@pytest.mark.parametrize("case", BEFORE)
def test_todays_flow_that_was_changed_is_found(spoilt: Spoilt, case: str) -> None:
    found_in(spoilt, *BEFORE[case])


def test_a_flow_that_is_larger_after_moving_people_is_found(tmp_path: Path) -> None:
    """Both clinics hold ten. d0 reaches only the west one, d1 both: if d1 fills the west one, d0 goes away unserved."""
    point = {"y": 0, "circle": "c", "people_old": 10}
    instance = district(
        tmp_path / "d", '[policy]\nbudget_cny = 1\n[modes.convert]\n',
        demand=[{"id": "d0", "x": 0} | point, {"id": "d1", "x": 500} | point],
        sites=[{"id": "s0", "x": 9000, "y": 0, "area_m2": 10}],
        services=[{"service": "clinic", "class": "basic", "measure": "metres", "standard_m": 400, "min_area_m2": 60,
                   "capacity_per_m2": 1}],
        existing=[{"id": "west", "service": "clinic", "x": 250, "y": 0, "capacity_persons": 10},
                  {"id": "east", "service": "clinic", "x": 700, "y": 0, "capacity_persons": 10}],
        costs=[{"item": "fit_out", "capital_cny": 1}],
    )  # fmt: skip
    made = panhuo.evaluate(instance)
    assert texts(made.verification) == []
    spoilt = Spoilt(instance, {name: table.copy() for name, table in made.tables.items()}, made.run)
    spoilt.drop("allocation_before", demand="d0")
    spoilt.set("allocation_before", {"demand": "d1"}, place="west", minutes=4.333, metres=325.0)
    found = spoilt.faults()
    assert "allocation_before.csv, persons: today's places could serve more people of clinic." in found
    spoilt.drop("allocation_before", demand="d1")
    assert "allocation_before.csv, persons: today's places could serve more people of clinic." in spoilt.faults()


def clinics(folder: Path, policy: str, *demand: dict[str, Any], **tables: list[dict[str, Any]]) -> Instance:
    """A room that may become a clinic for ten."""
    return district(
        folder, f"[modes.convert]\n[policy]\nbudget_cny = 100\n{policy}\n",
        demand=[{"x": 0, "y": 0, "circle": "c"} | point for point in demand],
        sites=[{"id": "s0", "x": 50, "y": 0, "area_m2": 100}],
        services=[{"service": "clinic", "class": "basic", "measure": "metres", "standard_m": 400, "min_area_m2": 60,
                   "capacity_per_m2": 0.1, "area_m2": 100}],
        costs=[{"item": "fit_out", "capital_cny": 1}],
        **tables,
    )  # fmt: skip


def test_two_points_that_are_not_served_alike_are_found(tmp_path: Path) -> None:
    """Two clinics for ten each, one built and one there, 20 and 40 people between them: a sixth of each goes to each."""
    instance = clinics(
        tmp_path / "d", "", {"id": "d0", "people_old": 20}, {"id": "d1", "x": 100, "people_old": 40},
        existing=[{"id": "old", "service": "clinic", "x": 50, "y": 0, "capacity_persons": 10}],
    )  # fmt: skip
    made = given(instance, ("s0:convert:clinic",))
    assert texts(made.verification) == []
    assert made.allocation.set_index(["demand", "place"])["persons"].to_dict() == pytest.approx(
        {("d0", "s0"): 10 / 3, ("d1", "s0"): 20 / 3, ("d0", "old"): 10 / 3, ("d1", "old"): 20 / 3}, abs=2e-6
    )
    alike = "People with the same places within reach are served alike, each in the same share."
    for table, place in (("allocation", "s0"), ("allocation", "old"), ("allocation_before", "old")):
        for persons, named in ((1.0, True), (9e-6, True), (2e-6, False)):
            spoilt = Spoilt(instance, {name: table.copy() for name, table in made.tables.items()}, made.run)
            spoilt.shift(table, {"demand": "d0", "place": place}, assigned_persons=-persons, persons=-persons)
            spoilt.shift(table, {"demand": "d1", "place": place}, assigned_persons=persons, persons=persons)
            found = [text for text in spoilt.faults() if text.endswith(alike)]
            assert len(found) == (2 if named else 0), found
            assert not named or found[0].startswith(f"{table}.csv, d0 clinic adult {place}, persons = "), found
            chinese = [fault.to("zh") for fault in spoilt.verified().faults]
            assert any("可达场所相同的人一视同仁，按相同比例得到服务" in text for text in chinese) == named


def test_points_of_circles_that_a_floor_tells_apart_need_not_be_alike(tmp_path: Path) -> None:
    """Half of the ten people at each of two points; the floor asks for nine tenths of those in the circle c1."""
    instance = clinics(
        tmp_path / "d", 'floors = [{ service = "clinic", share = 0.9, circles = ["c1"] }]',
        *({"id": f"d{n}", "circle": f"c{n}", "people_old": 10} for n in (0, 1)),
    )  # fmt: skip
    made = panhuo.solve(instance)
    assert texts(made.verification) == []
    persons = made.allocation.set_index("demand")["persons"]
    assert persons["d1"] >= 9 > persons["d0"] > 0


def test_a_nearer_open_place_is_found(rich: Rich, tmp_path: Path) -> None:
    """With a standard of 1,000 m, d1 reaches both halls; it goes to the nearer one."""
    wide = panhuo.read(quarter(tmp_path / "q", **changed("services", {"service": "hall"}, standard_m=1000)))
    spoilt = Spoilt.of(rich, wide)
    nearer = "allocation.csv, d1 hall adult, place = s0: a nearer open place covers the demand point."
    assert nearer not in spoilt.faults()
    spoilt.set("allocation", {"demand": "d1", "service": "hall"}, place="s0", option=HALL, minutes=8.667, metres=650.0)
    assert nearer in spoilt.faults()


def test_a_flow_without_any_row_is_found(rich: Rich) -> None:
    tables = {**rich.tables, "allocation": rich.tables["allocation"].iloc[:0]}
    found = texts(result.verify_tables(rich.instance, tables, rich.run))
    assert "allocation.csv, d0 hall adult: the row is missing." in found
    assert (
        "plan.csv, s0:convert:canteen:private_aided:120, served_persons = 60.0: expected 0.0. Derived from the inputs."
        in found
    )
