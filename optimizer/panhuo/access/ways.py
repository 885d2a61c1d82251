"""Ways: which edges somebody may use, and what it costs to move along them.

Walking costs are metres on the flat: the distance walked on the flat in the same time. Divided by the speed on the flat
they give minutes, so that profiles which differ in speed only share one way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from panhuo.access.heights import Relief
from panhuo.access.sums import running
from panhuo.instance.maps import Network

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

TOBLER_DECAY = 3.5
TOBLER_DOWNHILL = 0.05
"""Tobler's hiking function is 6·exp(−3.5·|grade + 0.05|) km/h: fastest on a slope of 5 % down (Tobler 1993, Three
presentations on geographical analysis and modeling, NCGIA Technical Report 93-1)."""

LEVEL = 1e-9
"""Grade by which rounding may exceed the steepest one that a profile can take."""

CLIFF_M = 1e9
"""Most that one piece costs [m on the flat]: beyond every standard, and yet small enough to be added without loss."""


@dataclass(frozen=True, eq=False)
class Way:
    """What somebody may use.

    Parameters
    ----------
    open : (2, E) bool
        The edge may be used from start to end, and from end to start.
    first : (E + 1,) int
        Where the stations of each edge begin; an edge of n pieces has n + 1.
    cost : (2, S) float
        Cost from the edge's start to the station, and from the station back to the start; between stations linear.
    """

    open: Bools
    first: Ints
    cost: Floats

    @property
    def usable(self) -> Bools:
        """The edges that may be used in one direction at least, (E,)."""
        return np.asarray(self.open.any(axis=0))

    def along(self, direction: int, edge: Ints, share: Floats) -> Floats:
        """Give the cost between the start of an edge and a place on it.

        Parameters
        ----------
        direction : {0, 1}
            From the start to the place, or from the place to the start.
        edge : (M,) int
            Edges.
        share : (M,) float
            Share of the edge's length at which the place lies.

        Returns
        -------
        (M,) float
        """
        pieces = self.first[edge + 1] - self.first[edge] - 1
        at = share * pieces
        piece = np.minimum(at.astype(np.int64), pieces - 1)
        part = at - piece
        station = self.first[edge] + piece
        cost = self.cost[direction]
        found: Floats = cost[station] * (1 - part) + cost[station + 1] * part
        return found


def hiking(grade: Floats) -> Floats:
    """Time by Tobler's function over time on the flat, for the same length.

    Parameters
    ----------
    grade : float
        Rise over length in the direction walked.
    """
    with np.errstate(over="ignore"):
        slower: Floats = np.exp(TOBLER_DECAY * (np.abs(grade + TOBLER_DOWNHILL) - TOBLER_DOWNHILL))
    return slower


def walking(
    network: Network, relief: Relief, *, climbs_stairs: bool, stairs_factor: float, max_grade: float = np.nan
) -> Way:
    """Give the way of a walking profile, in metres on the flat.

    Stairs are taken at ``stairs_factor`` of the speed on the flat, up and down, whatever their grade (SFPE Handbook of
    Fire Protection Engineering, Gwynne & Rosenbaum, doi:10.1007/978-1-4939-2565-0_59, gives the default).

    Parameters
    ----------
    climbs_stairs : bool
        They can take stairs.
    stairs_factor : float
        Speed on stairs over speed on the flat.
    max_grade : float
        Steepest grade they can take, up or down; NaN: no limit. Stairs are no matter of grade.
    """
    usable = network.walk & (climbs_stairs | ~network.stairs)
    if not np.isnan(max_grade):
        steepest = np.maximum.reduceat(np.abs(relief.grade), relief.first[:-1]) if len(usable) else np.zeros(0)
        usable = usable & (network.stairs | (steepest <= max_grade + LEVEL))
    pieces = np.diff(relief.first)
    length = np.repeat(network.length_m / pieces, pieces)
    stairs = np.repeat(network.stairs, pieces)
    cost = np.empty((2, len(length)))
    for direction, grade in enumerate((relief.grade, -relief.grade)):
        cost[direction] = np.minimum(length * np.where(stairs, 1 / stairs_factor, hiking(grade)), CLIFF_M)
    return _added_up(np.vstack([usable, usable]), pieces, cost)


def on_foot(network: Network) -> Way:
    """Give the way that counts metres: every walkable edge, stairs included, by its length."""
    return _added_up(np.vstack([network.walk, network.walk]), np.ones(len(network.walk), dtype=np.int64),
                     np.vstack([network.length_m, network.length_m]))  # fmt: skip


def driving(network: Network) -> Way:
    """Give the way of a vehicle, in minutes."""
    usable = network.drive_km_h > 0
    speed = np.where(usable, network.drive_km_h, 1.0) * 1000 / 60
    return _added_up(usable, np.ones(len(network.start), dtype=np.int64), network.length_m / speed)


def _added_up(usable: Bools, pieces: Ints, cost: Floats) -> Way:
    """Add up the costs of the pieces along each edge."""
    first = np.concatenate([[0], np.cumsum(pieces + 1)])
    begins = np.zeros(first[-1], dtype=bool)
    begins[first[:-1]] = True
    steps = np.zeros((2, first[-1]))
    steps[:, ~begins] = cost
    return Way(usable, first, np.vstack([running(first, steps[0]), running(first, steps[1])]))
