"""Good choices for the p-median problem: greedy, then the best interchange of two sites while it gains, and again.

Gains, losses and their shared part are kept apart as in Resende, M. G. C. & Werneck, R. F. (2007). A fast swap-based
local search procedure for location problems. Annals of Operations Research 150, 205–230.
doi:10.1007/s10479-006-0154-0.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from panhuo.compiled import compiled
from panhuo.engine.program import Bools, Floats
from panhuo.locate.greedy import Places
from panhuo.locate.result import Clock
from panhuo_models.data import Ints
from panhuo_models.data.location import Serving

ROUNDS = 5
"""Rounds between two looks at the clock."""
PATIENCE = 60
"""Rounds without gain after which the search ends."""
_FAR = 10.0
"""What it costs not to be served, in farthest distances: more than any other way out."""


def best_median(data: Serving, clock: Clock) -> Bools:
    """Search for the p sites with the least distance over all people.

    Parameters
    ----------
    data : Serving
        The problem; p must be given.
    clock : Clock
        Ends the search early.

    Returns
    -------
    (J,) bool
        A choice of exactly p sites, required ones among them. It serves everybody, unless none was found that does.
    """
    columns = sp.csc_matrix(data.distance)
    near = columns.indptr.astype(np.int64), columns.indices.astype(np.int32), columns.data
    far = _FAR * (float(columns.data.max(initial=0.0)) + 1.0)
    required, excluded = data.candidates.required, data.candidates.excluded
    p = data.candidates.most or 0
    chosen = required.copy()
    _fill(*near, data.weight, far, p, excluded, chosen)
    best, idle, rng = chosen.copy(), 0, np.random.default_rng(clock.limits.seed)
    value = _improve(*near, data.weight, far, required, excluded, 0, rng, chosen, best, np.inf)
    with clock.heeding():
        while idle <= PATIENCE and not clock.over:
            found = _improve(*near, data.weight, far, required, excluded, ROUNDS, rng, chosen, best, value)
            idle = 0 if found < value * (1 - 1e-12) else idle + ROUNDS
            value = min(value, found)
    return best


@compiled
def _nearest(
    first: Places, point: Places, distance: Floats, far: float, chosen: Bools, d1: Floats, d2: Floats, s1: Ints
) -> None:
    """Find the nearest and the second nearest chosen site of every point, in place."""
    d1[:], d2[:], s1[:] = far, far, -1
    for j in range(len(chosen)):
        if chosen[j]:
            for n in range(first[j], first[j + 1]):
                i, d = point[n], distance[n]
                if d < d1[i] or s1[i] < 0:
                    d2[i], d1[i], s1[i] = d1[i], d, j
                elif d < d2[i]:
                    d2[i] = d


@compiled
def _fill(
    first: Places, point: Places, distance: Floats, weight: Floats, far: float, p: int, excluded: Bools, chosen: Bools
) -> None:
    """Add the site that gains most until there are p, in place."""
    points = len(weight)
    d1, d2, s1 = np.empty(points), np.empty(points), np.empty(points, dtype=np.int64)
    _nearest(first, point, distance, far, chosen, d1, d2, s1)
    count = 0
    for j in range(len(chosen)):
        count += chosen[j]
    while count < p:
        pick, most = -1, -1.0
        for j in range(len(chosen)):
            if chosen[j] or excluded[j]:
                continue
            gain = 0.0
            for n in range(first[j], first[j + 1]):
                if distance[n] < d1[point[n]]:
                    gain += weight[point[n]] * (d1[point[n]] - distance[n])
            if gain > most:
                pick, most = j, gain
        if pick < 0:
            break
        chosen[pick] = True
        count += 1
        for n in range(first[pick], first[pick + 1]):
            d1[point[n]] = min(d1[point[n]], distance[n])


@compiled
def _improve(
    first: Places, point: Places, distance: Floats, weight: Floats, far: float, required: Bools, excluded: Bools,
    rounds: int, rng: np.random.Generator, chosen: Bools, best: Bools, best_value: float,
) -> float:  # fmt: skip
    """Interchange to a local optimum, shake, and again; keeps the best choice in place, gives its value."""
    points, sites = len(weight), len(chosen)
    d1, d2, s1 = np.empty(points), np.empty(points), np.empty(points, dtype=np.int64)
    loss, shared = np.zeros(sites), np.zeros(sites)
    now = chosen.copy()
    current = np.inf
    for turn in range(rounds + 1):
        if turn > 0:
            # Another site for each of a few: near what is dropped or anywhere.
            now[:] = chosen
            for _ in range(1 + rng.integers(0, 4)):
                out, inside = rng.integers(0, sites), rng.integers(0, sites)
                for _ in range(sites):
                    if now[out] and not required[out]:
                        break
                    out = (out + 1) % sites
                for _ in range(sites):
                    if not now[inside] and not excluded[inside]:
                        break
                    inside = (inside + 1) % sites
                if now[out] and not required[out] and not now[inside] and not excluded[inside]:
                    now[out], now[inside] = False, True
        while True:
            _nearest(first, point, distance, far, now, d1, d2, s1)
            loss[:] = 0.0
            value = 0.0
            for i in range(points):
                value += weight[i] * d1[i]
                if s1[i] >= 0:
                    loss[s1[i]] += weight[i] * (d2[i] - d1[i])
            least, add, drop = 0.0, -1, -1
            inside_sites = np.flatnonzero(now)
            for j in range(sites):
                if now[j] or excluded[j]:
                    continue
                gain = 0.0
                for n in range(first[j], first[j + 1]):
                    i, d = point[n], distance[n]
                    if d < d2[i]:
                        if d < d1[i]:
                            gain += weight[i] * (d1[i] - d)
                            if s1[i] >= 0:
                                shared[s1[i]] += weight[i] * (d2[i] - d1[i])
                        elif s1[i] >= 0:
                            shared[s1[i]] += weight[i] * (d2[i] - d)
                for k in inside_sites:
                    change = loss[k] - shared[k] - gain
                    if change < least and not required[k]:
                        least, add, drop = change, j, int(k)
                    shared[k] = 0.0
            if add < 0 or least >= -1e-9 * value:
                break
            now[add], now[drop] = True, False
        if value < best_value:
            best_value = value
            best[:] = now
        if turn == 0 or value <= current or value < best_value * (1 + 0.002 * rng.random() ** 2):
            chosen[:] = now
            current = value
    return best_value
