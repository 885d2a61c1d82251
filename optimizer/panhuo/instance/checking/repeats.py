"""Rows that say a thing twice: harmless where they agree, a fault where they do not."""

from __future__ import annotations

from collections.abc import Sequence

from panhuo.instance.checking.telling import cell, shown
from panhuo.instance.findings import Findings
from panhuo.instance.reading.raw import Typed
from panhuo.words import T

DECIMALS = 3
"""Minutes and metres are compared to so many decimals."""


def settle(read: Typed, findings: Findings) -> None:
    """Keep one row of each key; a number that contradicts the first one given of its key is a fault.

    A blank cell contradicts nothing: the kept row takes the number that another one gives.
    """
    frame, key = read.frame, list(read.table.key)
    if not set(key) <= set(frame):
        return
    rows = frame[frame.duplicated(key, keep=False)]
    numbers = [c.name for c in read.table.columns if c.kind == "number" and c.name in frame]
    for name in numbers:
        agree(read, key, name, findings)
    frame = frame.copy()
    frame.loc[rows.index, numbers] = rows.groupby(key, sort=False, dropna=False)[numbers].transform("first")
    read.frame = frame[~frame.duplicated(key)]


def agree(read: Typed, key: Sequence[str], name: str, findings: Findings) -> None:
    """Note a fault where a number contradicts the first one given of its key."""
    if not {*key, name} <= set(read.frame):
        return
    rows = read.frame[read.frame.duplicated(list(key), keep=False) & read.frame[name].notna()]
    of_key = rows.assign(line=rows.index).groupby(list(key), sort=False, dropna=False)
    first, line_of = of_key[name].transform("first"), of_key["line"].transform("first")
    for line in rows.index[rows[name].round(DECIMALS) != first.round(DECIMALS)]:
        rule = T(
            "row {first} says {other} of the same {key}",
            first=int(line_of[line]), other=shown(float(first[line])), key=" + ".join(key),
        )  # fmt: skip
        cell(read, line, name, rule, T("Keep the right one of the two rows"), findings)
