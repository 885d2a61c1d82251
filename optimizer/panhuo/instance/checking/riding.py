"""Lines of the table ``bus``: whole, and the same in all their rows."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from panhuo.instance.checking.telling import cell, shown
from panhuo.instance.faults import row_of
from panhuo.instance.findings import Findings
from panhuo.instance.reading.raw import Typed
from panhuo.words import T


def check(read: Typed, _: Mapping[str, Typed], findings: Findings) -> None:
    """Check that every line has two stops, a ride to each but the first, and one headway and one way of running.

    Lines of which a row does not say its place are told of already, and not looked at.
    """
    frame = read.frame.assign(both_ways=read.frame["both_ways"].fillna(value=True))
    for name, rows in frame[frame["line"] != ""].groupby("line", sort=False):
        if rows["seq"].isna().any() or rows["seq"].duplicated().any():
            continue
        stops = rows.sort_values("seq")
        if len(stops) == 1:
            rule = T("the line {line} has one stop only: nobody rides", line=name)
            cell(read, stops.index[0], "line", rule, T("Add its other stops, or delete the row"), findings)
            continue
        _rides(read, stops, findings)
        for column in ("headway_min", "both_ways"):
            _same(read, rows, column, findings)


def _rides(read: Typed, stops: pd.DataFrame, findings: Findings) -> None:
    first, *others = stops.index
    if pd.notna(stops.loc[first, "ride_min"]):
        rule = T("must be blank at the first stop of a line: it is the ride from the stop before")
        cell(read, first, "ride_min", rule, T("Clear the cell, or correct seq"), findings)
    for line in others:
        if pd.isna(stops.loc[line, "ride_min"]):
            rule = T("must not be blank after the first stop of a line")
            cell(read, line, "ride_min", rule, T("Write the minutes from the stop before"), findings)


def _same(read: Typed, rows: pd.DataFrame, column: str, findings: Findings) -> None:
    known = rows[column].dropna()
    for line in known.index[(known != known.iloc[0]).to_numpy(dtype=bool)] if len(known) else ():
        rule = T(
            "must be the same in all rows of a line; {first} says {other}",
            first=row_of(read.file, int(known.index[0])),
            other=_said(known.iloc[0]),
        )
        cell(read, line, column, rule, T("Correct one of the two"), findings)


def _said(value: object) -> object:
    seen = shown(value)
    return (T("yes") if seen else T("no")) if isinstance(seen, bool) else seen
