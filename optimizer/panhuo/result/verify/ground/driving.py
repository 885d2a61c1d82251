"""Delivery: minutes on the road from supplier to supplied."""

from __future__ import annotations

import numpy as np

from panhuo.instance import Instance
from panhuo.result.verify.ground.along import Floats, even
from panhuo.result.verify.ground.graph import cut, reach
from panhuo.result.verify.ground.heights import measured
from panhuo.result.verify.ground.snapping import Snapping
from panhuo.result.verify.ground.walking import metres_per_minute


def delivery_minutes(instance: Instance, start: Floats, goal: Floats) -> Floats:
    """Give the minutes a vehicle takes, not rounded; inf where it cannot get there.

    Parameters
    ----------
    start, goal : (S, 2), (G, 2) float [m]
        Positions of suppliers and of what they supply.

    Returns
    -------
    (S, G) float [min]
    """
    access, network = instance.settings.access, instance.network
    speed = metres_per_minute(access.driving.speed_km_h)
    if network is None:
        apart = np.hypot(*(start[:, None, :] - goal[None, :, :]).transpose(2, 0, 1))
        return np.asarray(apart * access.detour / speed)
    may, pace = network.drive_km_h > 0, metres_per_minute(1.0) * network.drive_km_h
    whole = np.divide(network.length_m, pace, out=np.zeros(pace.shape), where=may)
    costs = even(whole[0], whole[1], may[0], may[1])
    ends = np.concatenate([start, goal])
    points = Snapping(network, measured(network), may[0] | may[1]).snap(ends, access.max_snap_m)
    graph, minutes = cut(network, costs, points), np.full((len(start), len(goal)), np.inf)
    node, leg = len(network.xy) + np.arange(len(ends)), points.leg_m / speed
    sources, targets = np.flatnonzero(points.on[: len(start)]), len(start) + np.flatnonzero(points.on[len(start) :])
    for i, j, cost in reach(graph, np.inf, node[sources], node[targets], np.inf):
        a, b = sources[i], targets[j]
        minutes[a, b - len(start)] = leg[a] + cost + leg[b]
    return minutes
