"""What walking costs: minutes along edges by walking profile, and metres."""

from __future__ import annotations

from typing import Any

import numpy as np

from panhuo.instance.maps import Network
from panhuo.result.verify.ground.along import Bools, Costs, Floats, even, running
from panhuo.result.verify.ground.heights import Relief

_STEEP, _DOWNHILL = 3.5, 0.05
"""Tobler's hiking function: 6 exp(-3.5 |grade + 0.05|) km/h (Tobler 1993, Three presentations on geographical analysis
and modeling, NCGIA Technical Report 93-1)."""

_LEVEL = 1e-9
"""Grade by which rounding may exceed the steepest one allowed."""


def metres_per_minute(speed_km_h: float) -> float:
    """Bring a speed from km/h to m/min."""
    return speed_km_h * 1000 / 60


def walkable(network: Network, relief: Relief, profile: Any) -> Bools:
    """Say which edges people of a profile may use, (E,).

    Parameters
    ----------
    profile : row of the table profiles
    """
    usable = network.walk.copy()
    if not profile.climbs_stairs:
        usable &= ~network.stairs
    if not np.isnan(profile.max_grade):
        usable &= network.stairs | (relief.steepest() <= profile.max_grade + _LEVEL)
    return usable


def walking_minutes(network: Network, relief: Relief, profile: Any) -> Costs:
    """Give the minutes along every edge that people of a profile may use.

    Slope slows them by direction; stairs slow them alike up and down, however steep.
    """
    usable = walkable(network, relief, profile)
    flat = metres_per_minute(profile.speed_km_h)
    stairs = np.repeat(network.stairs, np.diff(relief.first))
    ahead, back = (
        running(relief.first, relief.piece_m / np.where(stairs, flat * profile.stairs_factor, flat * _slowed(grade)))
        for grade in (relief.grade, -relief.grade)
    )
    return Costs(relief.first, ahead, back, usable, usable)


def walking_metres(network: Network) -> Costs:
    """Give the length of every edge that people may walk on."""
    return even(network.length_m, network.length_m, network.walk, network.walk)


def _slowed(grade: Floats) -> Floats:
    """Give the speed on a slope over that on the flat."""
    ratio: Floats = np.exp(-_STEEP * np.abs(grade + _DOWNHILL)) / np.exp(-_STEEP * _DOWNHILL)
    return ratio
