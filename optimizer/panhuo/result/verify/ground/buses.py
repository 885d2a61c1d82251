"""Buses: nodes on board, reached by waiting half the headway and left for nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from panhuo.result.verify.ground.along import Floats, Ints
from panhuo.result.verify.ground.graph import Graph, joined


def with_buses(graph: Graph, bus: pd.DataFrame, stop: Ints, leg_min: Floats) -> Graph:
    """Let people ride.

    Parameters
    ----------
    bus : DataFrame
        The table: one row a stop of a line.
    stop : (B,) int
        The node of each row's place on the network.
    leg_min : (B,) float [min]
        Walk between that place and the stop; inf where it is off the network: nobody boards or alights.
    """
    xy, size = [graph.xy], len(graph.xy)
    tails, heads, costs = [graph.tail], [graph.head], [graph.cost]
    at = bus[["x_m", "y_m"]].to_numpy(float)
    on = np.isfinite(leg_min)
    for _, line in bus.assign(row=np.arange(len(bus))).groupby("line", sort=False):
        there = line.sort_values("seq")
        rows, ride = there["row"].to_numpy(np.int64), there["ride_min"].to_numpy(float)
        runs = [(rows, ride[1:])]
        if there["both_ways"].to_numpy(bool)[0]:
            runs.append((rows[::-1], ride[1:][::-1]))
        for calls, minutes in runs:
            aboard = size + np.arange(len(calls))
            size += len(calls)
            xy.append(at[calls])
            open_, leg = on[calls], leg_min[calls]
            wait = there["headway_min"].to_numpy(float)[0] / 2
            tails += [stop[calls][open_], aboard[open_], aboard[:-1]]
            heads += [aboard[open_], stop[calls][open_], aboard[1:]]
            costs += [leg[open_] + wait, leg[open_], minutes]
    return joined(np.concatenate(xy), np.concatenate(tails), np.concatenate(heads), np.concatenate(costs))
