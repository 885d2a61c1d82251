"""Lines of the table bus are whole and alike in all their rows."""

from __future__ import annotations

from typing import Any

import pytest

BUS = [
    ["line", "seq", "stop", "x", "y", "headway_min", "ride_min", "both_ways"],
    ["b", "2", "mid", "105.7276", "29.7022", "10", "3", "yes"],  # rows need not be in order
    ["b", "1", "west", "105.7236", "29.7022", "10", "", ""],
    ["b", "5", "east", "105.7316", "29.7022", "10", "0", "yes"],
    ["c", "1", "mid", "105.7276", "29.7022", "6", "", "no"],
    ["c", "2", "east", "105.7316", "29.7022", "6", "4", "no"],
]


@pytest.fixture
def bus(folder: Any) -> Any:
    folder.tables["bus"] = [list(row) for row in BUS]
    folder.crs["bus"] = "EPSG:4490"
    return folder


def test_whole_lines_are_read(bus: Any) -> None:
    assert bus.read()["bus"]["both_ways"].tolist() == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("row", "column", "value", "fault"),
    [
        (2, "ride_min", "", "ride_min: must not be blank after the first stop of a line. Write the minutes from the stop before."),
        (3, "ride_min", "4", "ride_min = 4: must be blank at the first stop of a line: it is the ride from the stop before. "
                             "Clear the cell, or correct seq."),
        (4, "headway_min", "12", "headway_min = 12: must be the same in all rows of a line; row 2 says 10. Correct one of the two."),
        (6, "both_ways", "", "both_ways: must be the same in all rows of a line; row 5 says no. Correct one of the two."),
    ],
)  # fmt: skip
def test_a_line_that_contradicts_itself(bus: Any, row: int, column: str, value: str, fault: str) -> None:
    assert bus.put("bus", row, column, value).faults() == [f"bus.csv row {row}, {fault}"]


def test_a_line_of_one_stop(bus: Any) -> None:
    del bus.tables["bus"][5]
    assert bus.faults() == [
        "bus.csv row 5, line = c: the line c has one stop only: nobody rides. Add its other stops, or delete the row."
    ]


def test_what_is_told_of_already_is_told_once(bus: Any) -> None:
    assert bus.put("bus", 4, "seq", "2").faults() == [
        "bus.csv row 4, line, seq = b; 2: stands in row 2 already; line + seq must be unique. Give it another line + seq "
        "or delete the row."
    ]
    assert bus.put("bus", 4, "seq", "").faults() == [
        "bus.csv row 4, seq: must not be blank. Fill the cell or delete the row."
    ]
