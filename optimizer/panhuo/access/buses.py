"""Rides: stops, lines, waiting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.access.graph import Arcs, Cut
from panhuo.access.snapping import Positions

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Buses:
    """The lines of the table ``bus``.

    Parameters
    ----------
    xy : (Z, 2) float [m]
        The stops; rows of the table at the same position share one.
    stop : (R,) int
        Stop of each row, rows in the order of line and seq.
    wait_min : (R,) float [min]
        Half the headway of its line.
    follows : (R,) bool
        The row follows on the row before.
    ride_min : (R,) float [min]
        Ride from the stop before.
    both_ways : (R,) bool
        The line runs back as well.
    """

    xy: Floats
    stop: Ints
    wait_min: Floats
    follows: NDArray[np.bool_]
    ride_min: Floats
    both_ways: NDArray[np.bool_]

    def arcs(self, cut: Cut, stops: Positions, node: Ints, speed: float) -> Arcs:
        """Join the lines to a graph: walk to the stop, wait half the headway, ride, alight at no cost.

        Every row is a vehicle at a stop, once for each direction in which the line runs.

        Parameters
        ----------
        cut : Cut
            The edges.
        stops : Positions
            Where the stops lie on them; one off the network is passed through.
        node : (Z,) int
            Nodes of the edges at which they lie.
        speed : float
            Cost of a minute.
        """
        count = len(self.stop)
        stop = cut.nodes + np.arange(len(self.xy))
        ahead, back = (cut.nodes + len(self.xy) + n * count + np.arange(count) for n in (0, 1))
        on = stops.on
        follows, returns = np.flatnonzero(self.follows), np.flatnonzero(self.follows & self.both_ways)
        two = self.both_ways
        parts: list[tuple[Ints, Ints, Floats]] = [
            (node[on], stop[on], stops.leg_m[on]),
            (stop[on], node[on], stops.leg_m[on]),
            (stop[self.stop], ahead, self.wait_min * speed),
            (ahead, stop[self.stop], np.zeros(count)),
            (stop[self.stop][two], back[two], self.wait_min[two] * speed),
            (back[two], stop[self.stop][two], np.zeros(int(two.sum()))),
            (ahead[follows - 1], ahead[follows], self.ride_min[follows] * speed),
            (back[returns], back[returns - 1], self.ride_min[returns] * speed),
        ]
        tail, head, cost = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        return Arcs(len(self.xy) + 2 * count, tail, head, cost)


def buses(table: pd.DataFrame) -> Buses | None:
    """Put the table ``bus`` in order; ``None`` where nobody rides."""
    if not len(table):
        return None
    rows = table.sort_values(["line", "seq"], kind="stable")
    xy, stop = np.unique(rows[["x_m", "y_m"]].to_numpy(np.float64), axis=0, return_inverse=True)
    line = rows["line"].to_numpy(object)
    follows = np.concatenate([[False], line[1:] == line[:-1]])
    return Buses(
        xy,
        stop.ravel(),
        rows["headway_min"].to_numpy(np.float64) / 2,
        follows,
        rows["ride_min"].to_numpy(np.float64),
        rows["both_ways"].to_numpy(bool),
    )
