"""Buses: nodes on board, reached by waiting half the headway and left for nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from panhuo.result.verify.ground.along import Floats, Ints
from panhuo.result.verify.ground.graph import Graph, joined


def with_buses(graph: Graph, bus: pd.DataFrame, place: Ints, leg_min: Floats) -> Graph:
    """Let people ride: walk to the stop, wait half the headway, ride, alight for nothing.

    Parameters
    ----------
    bus : DataFrame
        The table: one row a stop of a line. Rows at the same position are one stop, where people may change.
    place : (B,) int
        The node of each row's place on the network.
    leg_min : (B,) float [min]
        Walk between that place and the stop; inf where it is off the network.
    """
    lines = bus.assign(place=place, leg=leg_min).sort_values(["line", "seq"])
    at, stop = np.unique(lines[["x_m", "y_m"]].to_numpy(float), axis=0, return_inverse=True)
    stop = len(graph.xy) + stop.ravel()
    near = np.isfinite(lines["leg"].to_numpy(float))
    feet = lines["place"].to_numpy(np.int64)[near], stop[near], lines["leg"].to_numpy(float)[near]
    arcs = [(graph.tail, graph.head, graph.cost), feet, (feet[1], feet[0], feet[2])]
    follows = np.flatnonzero(lines["line"].to_numpy()[1:] == lines["line"].to_numpy()[:-1])
    ride, wait = lines["ride_min"].to_numpy(float), lines["headway_min"].to_numpy(float) / 2
    aboard = len(graph.xy) + len(at) + np.arange(len(lines))
    arcs += [(stop, aboard, wait), (aboard, stop, np.zeros(len(lines)))]
    arcs += [(aboard[follows], aboard[follows + 1], ride[follows + 1])]
    both = lines["both_ways"].to_numpy(bool)
    returns, aboard = follows[both[follows + 1]], aboard + len(lines)
    arcs += [(stop[both], aboard[both], wait[both]), (aboard[both], stop[both], np.zeros(int(both.sum())))]
    arcs += [(aboard[returns + 1], aboard[returns], ride[returns + 1])]
    tail, head, cost = (np.concatenate(each) for each in zip(*arcs, strict=True))
    stops = lines[["x_m", "y_m"]].to_numpy(float)
    return joined(np.concatenate([graph.xy, at, stops, stops]), tail, head, cost)
