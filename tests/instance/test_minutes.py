"""Tables of minutes from elsewhere: ArcGIS headers, unknown ids, pairs that stand there twice."""

import csv
from pathlib import Path

import numpy as np
import pytest

from panhuo.instance import read

ARCGIS = [
    ["ObjectID", "Name", "OriginID", "DestinationID", "DestinationRank", "Total_Minutes", "Total_Length"],
    ["1", "d1 - s1", "d1", "s1", "1", "3.25", "270"],
    ["2", "d1 - e1", "d1", "e1", "2", "8.5", ""],
    ["3", "d2 - s1", "d2", "s1", "1", "12", "1000"],
]


def test_an_origin_destination_matrix_of_arcgis(folder) -> None:
    folder.tables["minutes"] = ARCGIS
    table = folder.read()["minutes"]
    assert table["demand"].tolist() == ["d1", "d1", "d2"]
    assert table["place"].tolist() == ["s1", "e1", "s1"]
    assert table["minutes"].tolist() == [3.25, 8.5, 12]
    np.testing.assert_array_equal(table["metres"], [270, np.nan, 1000])


def test_ids_that_nothing_bears(folder) -> None:
    folder.tables["minutes"] = [*ARCGIS, ["4", "", "d9", "s1", "1", "3", ""], ["5", "", "d1", "s9", "1", "3", ""]]
    assert folder.faults() == [
        "minutes.csv row 5, OriginID = d9: must be a key of demand: d1, d2, d3, d4, d5, d6. "
        "Add it there, correct the name or delete the row.",
        "minutes.csv row 6, DestinationID = s9: must be a key of sites / existing: s1, s2, s3, e1. "
        "Add it there, correct the name or delete the row.",
    ]


def test_numbers_and_names_of_the_origins(folder) -> None:
    folder.tables["minutes"] = [["OriginID", "OriginName", "DestinationID", "Total_Minutes"], ["1", "d1", "s1", "3"]]
    assert folder.faults()[0] == (
        "minutes.csv, OriginName: means demand, as the column OriginID does. Remove or rename one of them, "
        "or name the right one in columns of [tables.minutes]."
    )
    folder.toml += '[tables.minutes]\ncolumns = {demand = "OriginName"}\n'
    assert folder.read()["minutes"]["demand"].tolist() == ["d1"]


def test_a_pair_that_stands_there_twice_with_the_same_minutes(folder) -> None:
    folder.tables["minutes"] = [*ARCGIS, ["4", "", "d1", "e1", "1", "8.5004", "700"], ARCGIS[1], ARCGIS[1]]
    table = folder.read()["minutes"]
    assert list(zip(table["demand"], table["place"], table["minutes"], table["metres"], strict=True))[:2] == [
        ("d1", "s1", 3.25, 270),
        ("d1", "e1", 8.5, 700),  # the first minutes, and the metres that only the second row gives
    ]
    assert len(table) == 3


def test_a_pair_that_stands_there_twice_with_different_minutes(folder) -> None:
    folder.tables["minutes"] = [
        ["demand", "place", "profile", "minutes", "metres"],
        ["d1", "s1", "", "3", ""],
        ["d1", "s1", "adult", "4", "300"],  # another profile: no contradiction
        ["d1", "s1", "", "3.001", ""],
        ["d2", "s1", "", "", ""],
        ["d1", "s1", "adult", "4", "310"],
        ["d1", "s1", "", "5", ""],
    ]
    assert folder.faults() == [
        "minutes.csv row 5, minutes: must not be blank. Fill the cell or delete the row.",
        "minutes.csv row 4, minutes = 3.001: row 2 says 3 of the same demand + place + profile. "
        "Keep the right one of the two rows.",
        "minutes.csv row 7, minutes = 5: row 2 says 3 of the same demand + place + profile. "
        "Keep the right one of the two rows.",
        "minutes.csv row 6, metres = 310: row 3 says 300 of the same demand + place + profile. "
        "Keep the right one of the two rows.",
    ]


@pytest.mark.parametrize("value", ["-1", "-0.001"])
def test_negative_minutes(folder, value: str) -> None:
    folder.tables["minutes"] = [["demand", "place", "minutes"], ["d1", "s1", value]]
    assert folder.faults() == [
        f"minutes.csv row 2, minutes = {value}: must be ≥ 0 [min]. Correct the value or delete the row."
    ]


def test_an_own_file_of_minutes_in_seconds(folder, tmp_path: Path) -> None:
    with (tmp_path / "matrix.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["from", "to", "time (s)"], ["d1", "s1", "90"], ["d1", "s1", "90"]])
    folder.toml += '[tables.minutes]\nfile = "../matrix.csv"\n'
    folder.toml += 'columns = {demand = "from", place = "to", minutes = "time (s)"}\n'
    assert read(folder.write())["minutes"]["minutes"].tolist() == [1.5]


def test_metres_of_a_pair_are_the_same_for_every_profile(folder) -> None:
    folder.tables["minutes"] = [
        ["demand", "place", "profile", "minutes", "metres"],
        ["d1", "s1", "", "3", ""],
        ["d1", "s1", "adult", "4", "300"],
        ["d1", "s1", "senior", "5", "310"],
    ]
    folder.tables["profiles"] = [
        ["profile", "speed_km_h", "groups"],
        ["adult", "4.5", "adult"],
        ["senior", "3", "senior"],
    ]
    assert any(
        fault.startswith("minutes.csv row 4, metres = 310: row 3 says 300 of the same demand + place.")
        for fault in folder.faults()
    )
