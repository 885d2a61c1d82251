"""Rows that say a thing twice: harmless where they agree, a fault where they do not."""

from __future__ import annotations

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
    of_key = rows.groupby(key, sort=False, dropna=False)
    first = of_key[numbers].transform("first")
    for name in numbers:
        given = rows.index.to_series().where(rows[name].notna()).rename("line")
        line_of = given.groupby([rows[k] for k in key], sort=False, dropna=False).transform("first")
        differ = rows[name].notna() & (rows[name].round(DECIMALS) != first[name].round(DECIMALS))
        for line in rows.index[differ]:
            other = shown(float(first.loc[line, name]))
            rule = T(
                "row {first} says {other} of the same {key}", first=int(line_of[line]), other=other, key=" + ".join(key)
            )
            cell(read, line, name, rule, T("Keep the right one of the two rows"), findings)
    frame = frame.copy()
    frame.loc[rows.index, numbers] = first
    read.frame = frame[~frame.duplicated(key)]
