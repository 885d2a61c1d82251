"""Near demand points become one, within an error in minutes that the settings allow and the result states.

The points that stand are a greedy cover: from the most people down, a point that no other stands for yet stands for
those of its circle and unit within the distance allowed. Each of the others then goes to the nearest that stands, so
that no error grows. Errors are straight-line ones; along a network a way may differ by more.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.instance.findings import Findings
from panhuo.instance.maps import Merging
from panhuo.instance.policy import Settings
from panhuo.instance.reading.raw import Typed
from panhuo.words import T

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_AT_ONCE = 20_000
"""Points whose neighbours are looked for together."""
_TIE = 1e-9
"""Distances so near to each other, as a share and in metres, are equal."""
_PAIRS = 4_000_000
"""Neighbours held at a time, at most; the memory of crowded places stays bounded."""


def merge(
    demand: pd.DataFrame, profiles: pd.DataFrame, minutes: Typed | None, settings: Settings, findings: Findings
) -> tuple[pd.DataFrame, Merging | None]:
    """Merge near demand points of one circle and unit.

    Parameters
    ----------
    demand : DataFrame
        The table demand with ``x_m`` and ``y_m`` [m].
    profiles : DataFrame
        Speeds; the slowest counts.
    minutes : Typed or None
        Given minutes, which must not name a point that another stands for.
    settings : Settings
        ``people.merge_min`` [min] and ``access.detour``.
    findings : Findings
        Where faults go.

    Returns
    -------
    DataFrame
        The points that stand, in the order of the table, with the people of those they stand for: sums are exact, then
        rounded once.
    Merging or None
        What that costs; ``None`` where the settings do not ask for it.
    """
    allowed = settings.people.merge_min
    if not allowed:
        return demand, None
    min_per_m = settings.access.detour / (float(profiles["speed_km_h"].min()) * 1000 / 60)
    columns = [c for c in demand.columns if str(c).startswith("people_")]
    people = demand[columns].to_numpy(float)
    at = _apart_by_place(demand, 4 * allowed / min_per_m)
    stands = _stands(at, people.sum(axis=1), allowed, min_per_m)
    into, metres = _nearest(at, stands)
    if minutes is not None:
        _named(demand, stands, into, minutes, findings)
    error = metres * min_per_m
    living = math.fsum(people.ravel())
    mean = math.fsum(error * people.sum(axis=1)) / living if living else 0.0
    found = demand.loc[stands].reset_index(drop=True)
    found[columns] = _summed(people, into, len(found))
    return found, Merging(len(demand), len(found), float(allowed), float(error.max(initial=0.0)), mean)


def _apart_by_place(demand: pd.DataFrame, apart_m: float) -> Floats:
    """Lift each circle and unit to a height of its own, too far from the next for points to be neighbours."""
    place = demand.groupby(["circle", "unit"], sort=False).ngroup().to_numpy()
    return np.column_stack([demand["x_m"].to_numpy(float), demand["y_m"].to_numpy(float), place * apart_m])


def _tree(at: Floats) -> Any:
    from sklearn.neighbors import KDTree  # noqa: PLC0415 (half a second, and few merge points)

    return KDTree(at)


def _stands(at: Floats, people: Floats, allowed: float, min_per_m: float) -> NDArray[np.bool_]:
    """Choose the points that stand: the most people first, the first of the table among equals."""
    tree = _tree(at)
    radius = allowed / min_per_m * (1 + 1e-9)  # the error decides, not how the radius is rounded
    order = np.argsort(-people, kind="stable")
    stands, served = np.zeros(len(at), dtype=bool), np.zeros(len(at), dtype=bool)
    for first in range(0, len(order), _AT_ONCE):
        left = order[first : first + _AT_ONCE]
        while len(left := left[~served[left]]):
            near = tree.query_radius(at[left], radius, count_only=True)
            alone = left[near == 1]
            stands[alone] = served[alone] = True
            asked, near = left[near > 1], near[near > 1]
            asked = asked[: max(1, int(np.searchsorted(np.cumsum(near), _PAIRS, side="right")))]
            if not len(asked):
                continue
            around, metres = tree.query_radius(at[asked], radius, return_distance=True)
            for point, others, far in zip(asked, around, metres, strict=True):
                if not served[point]:
                    stands[point] = True
                    served[others[far * min_per_m <= allowed]] = True
    return stands


def _nearest(at: Floats, stands: NDArray[np.bool_]) -> tuple[Ints, Floats]:
    """Find the point that stands for each, counted among those that stand, and how far it is [m].

    Of several that are equally near the first of the table stands: on a grid that is a common case, and whatever the
    search happens to find first must not decide it.
    """
    tree = _tree(at[stands])
    into, metres = np.empty(len(at), dtype=np.int64), np.empty(len(at))
    for first in range(0, len(at), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        nearest = tree.query(at[some], k=1)[0][:, 0]
        alike = tree.query_radius(at[some], nearest * (1 + _TIE) + _TIE)
        start = np.cumsum([0, *map(len, alike[:-1])])
        into[some] = np.minimum.reduceat(np.concatenate(alike), start)
        metres[some] = nearest
    return into, metres


def _summed(people: Floats, into: Ints, count: int) -> Floats:
    """Add people up, exactly and rounded once: where one stands for itself alone, nothing changes."""
    order = np.argsort(into, kind="stable")
    first = np.searchsorted(into[order], np.arange(count + 1)).tolist()
    sums = np.empty((count, people.shape[1]))
    for column, values in enumerate(people[order].T):
        listed = values.tolist()
        sums[:, column] = [math.fsum(listed[a:b]) for a, b in pairwise(first)]
    return sums


def _named(demand: pd.DataFrame, stands: NDArray[np.bool_], into: Ints, minutes: Typed, findings: Findings) -> None:
    """Fault a table of minutes that names points another stands for: these minutes would be lost."""
    rows = pd.Index(demand["id"]).get_indexer(pd.Index(minutes.frame["demand"]))
    lost = np.flatnonzero(~stands[rows])
    if not len(lost):
        return
    file, row, header = minutes.place(int(minutes.frame.index[lost[0]]), "demand")
    name = demand["id"].iloc[rows[lost[0]]]
    findings.fault(
        file,
        T(
            "rows that name demand points merged into others by people.merge_min: {count}; this one is merged into "
            "{stands}",
            count=len(lost),
            stands=demand["id"][stands].iloc[into[rows[lost[0]]]],
        ),
        T("Leave people.merge_min out, or give the minutes of the points that stand"),
        row=row,
        column=header,
        value=name,
    )
