"""Whether given lengths can be those of their lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from panhuo.instance.checking.telling import cell
from panhuo.instance.faults import row_of
from panhuo.instance.findings import Findings
from panhuo.instance.ground.lines import Lines
from panhuo.instance.reading.raw import Typed
from panhuo.words import T

Bools = NDArray[np.bool_]

SHORTEST, LONGEST = 0.9, 5.0
"""Given length over that of the shape. A way is as long as its line, or a little shorter where the line was drawn from
a coarser map; where it is many times longer, the shape is another's or the unit is wrong."""
ROUNDING_M = 0.5
"""Lengths in whole metres are rounded by this much."""


def fit(read: Typed, drawn: Lines, used: Bools, findings: Findings) -> bool:
    """Fault lengths shorter than their line, and warn of those many times longer; ``False`` where there is a fault.

    Parameters
    ----------
    read : Typed
        The table network.
    drawn : Lines
        Its lines in the frame; between two nodes straight ones.
    used : (rows,) bool
        Rows that somebody walks or drives on.
    findings : Findings
        Where faults and the warning go.
    """
    given = read.frame["length_m"].to_numpy("float64")
    if np.isnan(given).all():
        return True
    step = np.hypot(*np.diff(drawn.xy, axis=0).T)
    step[drawn.part[1:] != drawn.part[:-1]] = 0.0  # from one line to the next
    shape = np.bincount(drawn.record[drawn.part[1:]], step, len(given))
    apart = used & (np.abs(given - shape) > ROUNDING_M)
    short = apart & (given < SHORTEST * shape)
    for at in np.flatnonzero(short):
        cell(
            read,
            read.frame.index[at],
            "length_m",
            T("is shorter than the line itself, which is {shape} m long", shape=f"{shape[at]:,.1f}"),
            T('Correct its unit, or let the lines tell: columns = {{length_m = ""}} under [tables.network]'),
            findings,
        )
    long = np.flatnonzero(apart & (given > LONGEST * shape) & (shape > 0))
    if len(long):
        findings.warn(
            read.file,
            T(
                "lengths more than {times} times as long as their lines: {count}; the first: {first}, {given} m "
                "over a line of {shape} m",
                count=len(long),
                times=f"{LONGEST:g}",
                first=row_of(read.file, int(read.frame.index[long[0]])),
                given=f"{given[long[0]]:,.1f}",
                shape=f"{shape[long[0]]:,.1f}",
            ),
            T("Check their unit"),
            column=read.headers.get("length_m", "length_m"),
        )
    return not short.any()
