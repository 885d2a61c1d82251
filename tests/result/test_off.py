"""Who is off the network is named: in check, in a result's notes, and as the reason in sites.csv."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from districts import write
from streets import network, on_streets, people, rooms

import panhuo
from panhuo import run
from panhuo.access import catchments
from panhuo.instance import Instance
from panhuo.result import verify_tables
from panhuo.result.off import off_sites

ADULT = {"profile": "adult", "speed_km_h": 4.8, "groups": "adult"}
WHEELS = {"profile": "wheels", "name_zh": "轮椅", "speed_km_h": 3, "climbs_stairs": "no", "groups": "wheels"}
STREET = {"at": [(0, 0), (1000, 0)]}


def quarter(folder: Path, **tables: Any) -> Instance:
    """A street of 1,000 m; of three rooms two lie 700 m and 800 m off it, of two demand points one lies 600 m off."""
    given = {
        "demand": people((100, 0), (200, 600)),
        "sites": rooms((300, 0), (400, 700), (500, -800)),
        "profiles": [ADULT],
        **tables,
    }
    return on_streets(folder, network(STREET), **given)


def notes(instance: Instance) -> list[str]:
    """What check notes of it; a result notes the same."""
    told = [str(note) for note in run.check(instance).notes if "off the network" in str(note)]
    found = panhuo.evaluate(instance)
    assert [str(note) for note in found.notes if "off the network" in str(note)] == told
    return told


def reasons(instance: Instance) -> list[str]:
    """Reasons of sites.csv where nothing is chosen, as verification finds them too."""
    found = panhuo.evaluate(instance)
    assert found.verification.faults == ()
    return found.sites["reason"].tolist()


def test_rooms_and_people_are_named_with_their_metres(tmp_path: Path) -> None:
    instance = quarter(tmp_path, existing=[{"id": "e", "service": "hall", "x": 0, "y": 501}])
    assert notes(instance) == [
        "Rooms off the network, to which nobody walks: s1 (700 m), s2 (800 m)",
        "Existing facilities off the network, to which nobody walks: e (501 m)",
        "Demand points off the network, 10 people in all: d1 (10 people, 600 m)",
    ]
    assert reasons(instance) == ["not_chosen", "off_network", "off_network"]
    found = panhuo.evaluate(instance)
    assert str(found.sites["detail"][1]) == "Off the network for every walking profile: nobody walks there"
    for row, reason, expected in ((1, "no_gain", "off_network"), (0, "off_network", "not_chosen")):
        sites = found.tables["sites"].copy()
        sites.loc[row, "reason"] = reason
        (fault,) = verify_tables(instance, {**found.tables, "sites": sites}, found.run).faults
        assert str(fault).startswith(f"sites.csv, s{row}, reason = {reason}: expected {expected}")


def test_who_is_on_it_is_not_named(tmp_path: Path) -> None:
    instance = quarter(tmp_path, demand=people((100, 0)), sites=rooms((300, 0)))
    assert notes(instance) == []
    assert reasons(quarter(tmp_path / "far", demand=people((100, 0)), sites=rooms((300, 299), (300, 0)))) == [
        "not_chosen", "not_chosen",
    ]  # fmt: skip


def test_excluded_rooms_and_those_with_given_minutes_are_passed_over(tmp_path: Path) -> None:
    sites = rooms((300, 0), (400, 700), (500, -800), (600, 900))
    sites[1]["status"] = "excluded"
    given = [{"demand": "d1", "place": "s2", "minutes": 40}]  # beyond the standard: nobody gains by it
    instance = quarter(tmp_path, sites=sites, minutes=given)
    assert notes(instance) == ["Rooms off the network, to which nobody walks: s3 (900 m)"]
    assert reasons(instance) == ["not_chosen", "excluded", "no_gain", "off_network"]
    assert off_sites(instance, catchments(instance)).tolist() == [False, True, False, True]


def test_those_with_most_people_come_first_and_the_rest_are_counted(tmp_path: Path) -> None:
    far = people((100, 0), *((50 * n, 600 + n) for n in range(7)))
    for n, row in enumerate(far):
        row["people_adult"] = 10 * n or 1000
    (told,) = notes(quarter(tmp_path, demand=far, sites=rooms((300, 0))))
    assert told == (
        "Demand points off the network, 280 people in all: d7 (70 people, 606 m), d6 (60 people, 605 m), "
        "d5 (50 people, 604 m), d4 (40 people, 603 m), d3 (30 people, 602 m), and 2 more"
    )


def test_a_profile_most_of_whose_people_are_off_is_named(tmp_path: Path) -> None:
    """Step-free, nobody gets anywhere from a flight of stairs."""
    stairs = network(STREET | {"stairs": True}, {"at": [(1000, 0), (1100, 0)]})
    both = {"profiles": [ADULT, WHEELS], "sites": rooms((300, 0))}

    def told(folder: str, *at: tuple[float, float]) -> list[str]:
        spots = people(*at, groups=("adult", "wheels"))
        return notes(replace(quarter(tmp_path / folder, demand=spots, **both), network=stairs))

    assert told("most", (100, 0), (200, 0), (1050, 0)) == [
        "67% of the people of the profile wheels are off the network: within 300 m of them lies no line that this "
        "profile can use (climbs_stairs, max_grade)"
    ]
    assert told("half", (100, 0), (1050, 0)) == []


def test_without_a_network_nobody_is_off_it(tmp_path: Path) -> None:
    services = [{"service": "hall", "class": "basic", "measure": "minutes", "standard_min": 15, "min_area_m2": 10}]
    folder = write(
        tmp_path, "[policy]\nbudget_cny = 100\n", demand=people((0, 0)), sites=rooms((9000, 0)), services=services,
        costs=[{"item": "fit_out", "capital_cny": 1}],
    )  # fmt: skip
    instance = panhuo.read(folder)
    assert notes(instance) == []
    assert pd.Series(reasons(instance)).tolist() == ["no_gain"]
