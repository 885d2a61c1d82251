"""GCJ-02 and BD-09 to WGS-84, by inverting the published forward formulas.

GCJ-02 shifts WGS-84 positions in China by a smooth series of sines on the Krasovsky 1940 ellipsoid (known in public
since 2010); BD-09 turns and stretches GCJ-02 a little further. Neither has a closed inverse; both shifts change so
slowly that g ← g − (F(g) − target) comes closer more than a hundredfold a step.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Forward = Callable[[Floats, Floats], tuple[Floats, Floats]]

KRASOVSKY_RADIUS_M = 6378245.0
KRASOVSKY_E2 = 0.00669342162296594323
ORIGIN_LON, ORIGIN_LAT = 105.0, 35.0
BAIDU_LON, BAIDU_LAT = 0.0065, 0.006
CHINA_LON = (72.004, 137.8347)
CHINA_LAT = (0.8293, 55.8271)
_STEPS = 8
_AT_ONCE = 20_000
"""So many positions stay in the processor's cache."""


def wgs84_to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Shift WGS-84 to GCJ-02.

    Parameters
    ----------
    lon, lat : (n,) float [°]
        Positions in China.

    Returns
    -------
    lon, lat : (n,) float [°]
    """
    x, y = lon - ORIGIN_LON, lat - ORIGIN_LAT
    root = np.sqrt(np.abs(x))
    ripple = (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * root + ripple
    north += (20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3)) * 2 / 3
    north += (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x**2 + 0.1 * x * y + 0.1 * root + ripple
    east += (20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3)) * 2 / 3
    east += (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30)) * 2 / 3
    phi = np.radians(lat)
    w2 = 1 - KRASOVSKY_E2 * np.sin(phi) ** 2
    meridian = KRASOVSKY_RADIUS_M * (1 - KRASOVSKY_E2) / w2**1.5
    parallel = KRASOVSKY_RADIUS_M / np.sqrt(w2) * np.cos(phi)
    return lon + np.degrees(east / parallel), lat + np.degrees(north / meridian)


def gcj02_to_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Turn GCJ-02 into BD-09 ([°] in, [°] out)."""
    turn = np.pi * 3000 / 180
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * turn)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * turn)
    return radius * np.cos(angle) + BAIDU_LON, radius * np.sin(angle) + BAIDU_LAT


def _inverse(forward: Forward, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    at_lon, at_lat = np.array(lon, dtype=float), np.array(lat, dtype=float)
    for low in range(0, len(at_lon), _AT_ONCE):
        some = slice(low, low + _AT_ONCE)
        for _ in range(_STEPS):
            to_lon, to_lat = forward(at_lon[some], at_lat[some])
            at_lon[some] -= to_lon - lon[some]
            at_lat[some] -= to_lat - lat[some]
    return at_lon, at_lat


def gcj02_to_wgs84(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Shift GCJ-02 back to WGS-84 ([°] in, [°] out); exact to well below a millimetre."""
    return _inverse(wgs84_to_gcj02, lon, lat)


def bd09_to_wgs84(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Turn BD-09 back into WGS-84 ([°] in, [°] out)."""
    return gcj02_to_wgs84(*_inverse(gcj02_to_bd09, lon, lat))


def in_china(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    """Whether positions lie in the box in which GCJ-02 is defined."""
    return (lon > CHINA_LON[0]) & (lon < CHINA_LON[1]) & (lat > CHINA_LAT[0]) & (lat < CHINA_LAT[1])
