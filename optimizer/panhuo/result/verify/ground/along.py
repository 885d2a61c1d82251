"""Sums and places along edges: each edge is a row of stations, the first at 0 and the last at 1 of its length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def begins(counts: Ints) -> Ints:
    """Say where each of several rows begins in one array of them all, and where the last ends; (E + 1,)."""
    return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])


def running(first: Ints, steps: Floats) -> Floats:
    """Add up the steps of each edge, edge by edge, so that no sum carries the rounding of another edge.

    Parameters
    ----------
    first : (E + 1,) int
        Where the stations of each edge begin.
    steps : (S,) float
        From each station to the next; that of an edge's last station is not read.

    Returns
    -------
    (S,) float
        0 at the first station of every edge.
    """
    total, counts = np.zeros(len(steps)), np.diff(first)
    longest_first = np.argsort(-counts, kind="stable")
    left = -counts[longest_first]
    for rank in range(1, int(counts.max(initial=0))):
        at = first[longest_first[: np.searchsorted(left, -rank)]] + rank
        total[at] = total[at - 1] + steps[at - 1]
    return total


@dataclass(frozen=True, eq=False)
class Costs:
    """What going along edges costs, linear between stations at equal distances.

    Parameters
    ----------
    first : (E + 1,) int
        Where the stations of each edge begin.
    ahead, back : (S,) float
        Cost from the edge's start to the station, and from the station to the start.
    may_ahead, may_back : (E,) bool
        The edge may be used from start to end, and from end to start.
    """

    first: Ints
    ahead: Floats
    back: Floats
    may_ahead: Bools
    may_back: Bools

    def at(self, edge: Ints, fraction: Floats) -> tuple[Floats, Floats]:
        """Give the costs from the start to a place on an edge, and from there to the start."""
        pieces = self.first[edge + 1] - self.first[edge] - 1
        where = fraction * pieces
        whole = np.minimum(np.floor(where).astype(np.int64), pieces - 1)
        station, part = self.first[edge] + whole, where - whole
        ahead, back = (c[station] + part * (c[station + 1] - c[station]) for c in (self.ahead, self.back))
        return ahead, back


def even(ahead: Floats, back: Floats, may_ahead: Bools, may_back: Bools) -> Costs:
    """Make costs of edges that are alike from end to end, from the cost of each whole edge; (E,)."""
    first = 2 * np.arange(len(ahead) + 1, dtype=np.int64)
    ends = np.zeros((2, len(ahead), 2))
    ends[0, :, 1], ends[1, :, 1] = ahead, back
    return Costs(first, ends[0].ravel(), ends[1].ravel(), may_ahead, may_back)
