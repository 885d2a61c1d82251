"""The demand points as the map draws them: one by one, or where there are very many by squares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.result.page.frame import Frame
from panhuo.result.page.speech import Speech
from panhuo.result.plan import Result
from panhuo.words import T, figures

STATES = ("covered", "new", "lost", "open", "far")
"""What holds for most of a demand point's people in need of a service."""

MOST = 12_000
"""Dots a page can hold and still opens at once; of more points, those of a circle in a square are drawn as one."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Dots:
    """What stands for the demand points.

    Parameters
    ----------
    of : (D,) int
        The dot of each demand point, in the order of the table.
    first : (N,) int
        The first demand point of each dot.
    count : (N,) int
        Demand points of each.
    square_m : int or None [m]
        Side of the squares; ``None`` where every point is a dot.
    """

    of: Ints
    first: Ints
    count: Ints
    square_m: int | None


def dots(demand: pd.DataFrame) -> Dots:
    """Draw demand points together until no more than `MOST` dots are left."""
    alone = np.arange(len(demand))
    found, square = Dots(alone, alone, np.ones(len(demand), dtype=np.int64), None), 25
    while len(found.first) > MOST:
        square *= 2
        at = np.floor(demand[["x_m", "y_m"]].to_numpy(float) / square).astype(np.int64)
        keys = pd.DataFrame({"x": at[:, 0], "y": at[:, 1], "circle": demand["circle"].to_numpy()})
        of = keys.groupby(["x", "y", "circle"], sort=False).ngroup().to_numpy(np.int64)
        found = Dots(of, np.unique(of, return_index=True)[1], np.bincount(of), square)
        if square > np.ptp(demand[["x_m", "y_m"]].to_numpy(float), axis=0).max():
            break  # there are more circles than dots
    return found


def drawn_points(result: Result, services: list[str], drawn: Dots, frame: Frame, speech: Speech) -> Any:
    """Lay out the dots: where, whose, and for every service in need, before, after, and what holds.

    Of points drawn together the position is their mean. People are whole.
    """
    demand, table = result.instance["demand"], result.tables["demand"]
    columns = ["persons", "before_persons", "after_persons", "unreachable_persons"]
    rows = pd.Index(demand["id"]).get_indexer(table["demand"])
    by: dict[str, Any] = {}
    for service in services:
        mine = (table["service"] == service).to_numpy()
        of, persons = drawn.of[rows[mine]], table.loc[mine, columns].to_numpy(float)
        sums = np.column_stack([np.bincount(of, persons[:, n], len(drawn.first)) for n in range(len(columns))]).astype(
            float
        )
        by[service] = {
            "state": states(sums).tolist(),
            **{key: np.rint(sums[:, n]).astype(int).tolist() for n, key in enumerate(("need", "before", "after"))},
        }
    mean = [np.bincount(drawn.of, demand[axis]) / drawn.count for axis in ("x_m", "y_m")]
    x, y = frame.at(np.column_stack(mean)).T.tolist()
    first = demand.iloc[drawn.first]
    together = {n: speech.text(T("{count} demand points", count=figures.count(n))) for n in set(drawn.count.tolist())}
    return {
        "x": x, "y": y,
        "name": [
            (name or key) if n == 1 else together[n]
            for name, key, n in zip(first["name"], first["id"], drawn.count.tolist(), strict=True)
        ],
        "circle": [speech.circle(circle) for circle in first["circle"]], "by": by,
    }  # fmt: skip


def states(persons: NDArray[np.float64]) -> Ints:
    """Say what holds for most of the people of every dot, as its place in :data:`STATES`; -1 for nobody.

    Parameters
    ----------
    persons : (N, 4) float
        In need, covered before, covered after, out of reach.
    """
    need, before, after, far = persons.T
    half = need / 2
    was, now = before >= half, after >= half
    found = np.select([need <= 0, was & now, now, was, far >= half], [-1, 0, 1, 2, 4], 3)
    return found.astype(np.int64)
