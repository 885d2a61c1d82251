"""Where units lie: the seat of each town is a fact, everything around it is synthetic.

No free township polygons were found, so a town is the part of the district that is nearer to its seat than to
any other, at most ``REACH_M`` away. With that reach the 27 towns together cover the district's 1,433 km².
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from making.draw import Draw, Floats

REACH_M = 4750.0
LATITUDE = np.radians(29.62)
M_PER_DEG_LAT = 111132.92 - 559.82 * np.cos(2 * LATITUDE) + 1.175 * np.cos(4 * LATITUDE)
M_PER_DEG_LON = 111412.84 * np.cos(LATITUDE) - 93.5 * np.cos(3 * LATITUDE)


@dataclass(frozen=True)
class Ground:
    """A flat frame around the first seat [m], good to a few metres over a district.

    Parameters
    ----------
    towns : DataFrame
        town_code, lon, lat.
    """

    towns: pd.DataFrame

    @property
    def seats(self) -> Floats:
        """The seats, (27, 2) [m]."""
        east = (self.towns["lon"].to_numpy(float) - self.towns["lon"].iloc[0]) * M_PER_DEG_LON
        north = (self.towns["lat"].to_numpy(float) - self.towns["lat"].iloc[0]) * M_PER_DEG_LAT
        return np.column_stack([east, north])

    def degrees(self, metres: Floats) -> Floats:
        """Turn (n, 2) [m] into longitude and latitude, to 6 decimals (0.1 m)."""
        lon = self.towns["lon"].iloc[0] + metres[:, 0] / M_PER_DEG_LON
        lat = self.towns["lat"].iloc[0] + metres[:, 1] / M_PER_DEG_LAT
        return np.round(np.column_stack([lon, lat]), 6)

    def town_at(self, metres: Floats) -> tuple[np.ndarray, Floats]:
        """Say which town (n, 2) points are in (its row), and how far from its seat [m]."""
        away = np.hypot(*(metres[:, None, :] - self.seats[None]).transpose(2, 0, 1))
        nearest = away.argmin(axis=1)
        return nearest, away[np.arange(len(metres)), nearest]


def community_centres(ground: Ground, town: int, radii: Floats) -> Floats:
    """Place the communities of a town around its seat like the seeds of a sunflower, dense and without overlap.

    Parameters
    ----------
    ground : Ground
        The frame.
    town : int
        Row of the town.
    radii : (n,) float [m]
        How far each community extends; the first lies at the seat.

    Returns
    -------
    (n, 2) float [m]
    """
    placed: list[Floats] = []
    step = 0
    for i, radius in enumerate(radii):
        while True:
            r, a = 90.0 * np.sqrt(step), step * 2.399963229728653
            at = ground.seats[town] + [r * np.cos(a), r * np.sin(a)]
            step += 1
            free = all(np.hypot(*(at - p)) >= 0.95 * (radius + radii[k]) for k, p in enumerate(placed))
            if i == 0 or (free and ground.town_at(at[None])[0][0] == town):
                placed.append(at)
                break
    return np.array(placed)


def village_centres(ground: Ground, town: int, count: int, core_m: float, draw: Draw) -> Floats:
    """Spread the villages of a town over its ground: each new one as far as can be from the others.

    Parameters
    ----------
    ground : Ground
        The frame.
    town : int
        Row of the town.
    count : int
        Number of villages.
    core_m : float [m]
        Villages keep outside this distance from the seat.
    draw : Draw
        The draws.

    Returns
    -------
    (count, 2) float [m]
    """
    offsets = np.array([draw.offset(REACH_M) for _ in range(900)])
    points = ground.seats[town] + offsets
    where, away = ground.town_at(points)
    points = points[(where == town) & (away > core_m)]
    gap = np.hypot(*(points - ground.seats[town]).T)
    chosen = []
    for _ in range(count):
        best = int(gap.argmax())
        chosen.append(points[best])
        gap = np.minimum(gap, np.hypot(*(points - points[best]).T))
    return np.array(chosen)
