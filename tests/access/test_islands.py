"""Places to which nobody can walk are a fault; what is off the network is counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streets import network, on_streets, people, rooms

from panhuo.access import catchments
from panhuo.instance import Instance, InstanceError

ADULT = {"profile": "adult", "speed_km_h": 4.8, "groups": "adult"}
LINE = [
    {"line": "b", "seq": 1, "x": 100, "y": 0, "headway_min": 6},
    {"line": "b", "seq": 2, "x": 5100, "y": 0, "headway_min": 6, "ride_min": 4},
]


def two_pieces(folder: Path, toml: str = "", status: str = "", **tables: Any) -> Instance:
    """A street of 1,000 m where people live, and one of 800 m with nobody on it; a room on each."""
    streets = network({"at": [(0, 0), (1000, 0)]}, {"at": [(5000, 0), (5800, 0)]})
    component = np.where(streets.xy[:, 0] < 2000, 0, 1)
    streets = replace(streets, component=component, component_m=np.array([1000.0, 800.0]))
    sites = rooms((200, 0), (5200, 0))
    if status:
        sites[1]["status"] = status
    return on_streets(
        folder, streets, toml, profiles=[ADULT], **{"demand": people((300, 0), (300, 2000)), "sites": sites, **tables}
    )


def test_a_room_on_an_island(tmp_path: Path) -> None:
    with pytest.raises(InstanceError) as caught:
        catchments(two_pieces(tmp_path))
    (fault,) = caught.value.faults
    assert (fault.file, fault.column, fault.value) == ("sites.csv", "id", "s1")
    assert str(fault).startswith("sites.csv, id = s1: lies on a piece of the network (800 m)")
    assert "nobody can walk there" in str(fault)


def test_an_excluded_room_may_lie_there(tmp_path: Path) -> None:
    reach = catchments(two_pieces(tmp_path, status="excluded"))
    assert reach.minutes["adult"].nnz == 1


def test_a_facility_there_is_a_fault_as_well(tmp_path: Path) -> None:
    existing = [{"id": "e", "service": "hall", "x": 5300, "y": 0}]
    with pytest.raises(InstanceError) as caught:
        catchments(two_pieces(tmp_path, status="excluded", existing=existing))
    assert [(f.file, f.value) for f in caught.value.faults] == [("existing.csv", "e")]


def test_given_minutes_or_a_bus_lead_there(tmp_path: Path) -> None:
    given = catchments(two_pieces(tmp_path / "a", minutes=[{"demand": "d0", "place": "s1", "minutes": 12}]))
    assert given.minutes["adult"].nnz == 2
    bus = catchments(two_pieces(tmp_path / "b", bus=LINE))
    assert bus.minutes["adult"].nnz == 2
    elsewhere = [LINE[0], LINE[1] | {"x": 900}]
    with pytest.raises(InstanceError, match="nobody can walk there"):
        catchments(two_pieces(tmp_path / "c", bus=elsewhere))


def test_what_is_off_and_what_the_pieces_hold(tmp_path: Path) -> None:
    snapping = catchments(two_pieces(tmp_path, status="excluded", bus=LINE)).snapping
    assert snapping is not None
    of = snapping.legs.set_index("kind")
    assert of.loc["demand", ["points", "off", "persons", "persons_off"]].tolist() == [2, 1, 20, 10]
    assert of.loc["site", ["points", "off", "persons"]].tolist() == [2, 0, 0]
    assert of.loc["stop", ["points", "off"]].tolist() == [2, 0]
    assert snapping.off_demand["adult"].tolist() == [False, True]
    assert snapping.off_places["adult"].tolist() == [False, False]
    kept = snapping.pieces.set_index("piece")
    assert kept.loc[0].to_dict() == {"metres": 1000, "persons": 10, "demand": 1, "sites": 1, "existing": 0, "stops": 1}
    assert kept.loc[1].to_dict() == {"metres": 800, "persons": 0, "demand": 0, "sites": 1, "existing": 0, "stops": 1}


def test_nothing_on_the_network(tmp_path: Path) -> None:
    with pytest.raises(InstanceError, match="no site and no existing facility lies within 300 m"):
        catchments(two_pieces(tmp_path / "a", sites=rooms((200, 400))))
    with pytest.raises(InstanceError, match="no demand point lies within 300 m"):
        catchments(two_pieces(tmp_path / "b", demand=people((300, 400)), sites=rooms((200, 0))))


def test_the_file_of_the_room_is_named_as_the_settings_name_it(tmp_path: Path) -> None:
    instance = two_pieces(tmp_path)
    note = instance.settings.tables["sites"].model_copy(update={"file": "rooms of 2026.xlsx"})
    settings = instance.settings.model_copy(update={"tables": {**instance.settings.tables, "sites": note}})
    with pytest.raises(InstanceError, match=r"rooms of 2026\.xlsx, id = s1: lies on"):
        catchments(replace(instance, settings=settings))
    book = tmp_path / "district.xlsx"
    book.touch()
    with pytest.raises(InstanceError, match=r"district\.xlsx\[sites\], id = s1: lies on"):
        catchments(replace(instance, path=book))
