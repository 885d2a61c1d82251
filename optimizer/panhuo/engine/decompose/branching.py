"""Branch and bound over sites, for the most that a cut comes to: site after site makes its choice, depth first."""

from __future__ import annotations

import numpy as np

from panhuo.compiled import compiled
from panhuo.engine.program import Floats
from panhuo_models.data import Ints

_HAIR = 1e-9
"""By how much more than the best value a branch must promise: what it may hide."""


@compiled
def searched(
    touched: Ints, site: Ints, place: Ints, first: Ints, choice: Ints, coefficient: Floats,
    rows_of: Ints, weight: Floats, said: float, nodes: int,
) -> float:  # fmt: skip
    """Give the most over the choices of the sites touched; inf where the nodes do not suffice."""
    order = np.argsort(site[touched], kind="mergesort")
    columns = touched[order]
    # groups: columns of one site whose choices are known, or a column by itself
    group = np.zeros(len(columns) + 1, dtype=np.int64)
    groups = 0
    for n in range(len(columns)):
        j = site[columns[n]]
        if n > 0 and site[columns[n - 1]] == j and first[j + 1] > first[j]:
            continue
        group[groups] = n
        groups += 1
    group[groups] = len(columns)
    begins, value, covers = np.zeros(groups + 1, dtype=np.int64), np.zeros(1), np.zeros(1, dtype=np.int64)
    for g in range(groups):
        mine = columns[group[g] : group[g + 1]]
        gains, sets = _ways(mine, site, place, first, choice, coefficient, rows_of, weight)
        value, covers = np.append(value[: begins[g]], gains), np.append(covers[: begins[g]], sets)
        begins[g + 1] = len(value)
    turn = _turned(begins, covers)
    return _deepest(turn, begins, value, covers, weight, said, nodes)


@compiled
def _worth(rows: int, weight: Floats) -> float:
    """Sum up the weights of a set of rows."""
    total, n = 0.0, 0
    while rows:
        if rows & 1:
            total += weight[n]
        rows >>= 1
        n += 1
    return total


@compiled
def _ways(
    columns: Ints, site: Ints, place: Ints, first: Ints, choice: Ints, coefficient: Floats, rows_of: Ints,
    weight: Floats,
) -> tuple[Floats, Ints]:  # fmt: skip
    """List what the choices of a group come to, and the rows they cover: those no other one does better."""
    j = site[columns[0]]
    known = first[j + 1] > first[j]
    count = first[j + 1] - first[j] if known else 2
    gains, sets, left = np.zeros(count), np.zeros(count, dtype=np.int64), 0
    for n in range(count):
        gain, rows = 0.0, np.int64(0)
        for x in columns:
            if (choice[first[j] + n] >> place[x] & 1) if known else n == 1:
                gain += coefficient[x]
                rows |= rows_of[x]
        beaten = False
        for m in range(left):
            beaten = beaten or (gains[m] >= gain and rows & ~sets[m] == 0)
        if beaten:
            continue
        kept = 0
        for m in range(left):
            if not (gain >= gains[m] and sets[m] & ~rows == 0):
                gains[kept], sets[kept] = gains[m], sets[m]
                kept += 1
        gains[kept], sets[kept], left = gain, rows, kept + 1
    total = np.zeros(left)
    for n in range(left):
        total[n] = -gains[n] - _worth(sets[n], weight)
    best = np.argsort(total, kind="mergesort")
    return gains[:left][best], sets[:left][best]


@compiled
def _turned(begins: Ints, covers: Ints) -> Ints:
    """Order the groups: always the one that has most rows in common with those before it."""
    groups = len(begins) - 1
    reach = np.zeros(groups, dtype=np.int64)
    for g in range(groups):
        for n in range(begins[g], begins[g + 1]):
            reach[g] |= covers[n]
    turn, taken, before = np.zeros(groups, dtype=np.int64), np.zeros(groups, dtype=np.bool_), np.int64(0)
    for at in range(groups):
        best, most = -1, -1
        for g in range(groups):
            if not taken[g]:
                common, left = reach[g] & before, reach[g]
                shared = 0
                while common:
                    common &= common - 1
                    shared += 1000
                while left:
                    left &= left - 1
                    shared += 1
                if shared > most:
                    best, most = g, shared
        turn[at], taken[best], before = best, True, before | reach[best]
    return turn


@compiled
def _left(turn: Ints, begins: Ints, value: Floats, covers: Ints, weight: Floats) -> tuple[Floats, Floats]:
    """Bound what the groups from each on can add: beside the rows, and by each row that is not covered yet.

    A choice that costs c and covers rows of weight w charges each a share c/w of its weight: a row adds no more than
    what the cheapest of those that cover it leaves.
    """
    groups, rows = len(turn), len(weight)
    beside, least = np.zeros(groups + 1), np.full((groups + 1, rows), np.inf)
    for at in range(groups - 1, -1, -1):
        top = 0.0
        least[at] = least[at + 1]
        for n in range(begins[turn[at]], begins[turn[at] + 1]):
            top = max(top, value[n])
            whole, left = _worth(covers[n], weight), covers[n]
            for r in range(rows):
                if left >> r & 1:
                    least[at, r] = min(least[at, r], max(-value[n], 0.0) / whole)
        beside[at] = beside[at + 1] + top
    for at in range(groups + 1):
        for r in range(rows):
            least[at, r] = weight[r] * max(1.0 - least[at, r], 0.0)
    return beside, least


@compiled
def _deepest(turn: Ints, begins: Ints, value: Floats, covers: Ints, weight: Floats, said: float, nodes: int) -> float:
    """Search depth first."""
    groups, rows = len(turn), len(weight)
    beside, gains = _left(turn, begins, value, covers, weight)
    chosen = np.full(groups, -1, dtype=np.int64)
    total, covered = np.zeros(groups + 1), np.zeros(groups + 1, dtype=np.int64)
    best, at = said, 0
    for _ in range(nodes):
        g = turn[at]
        chosen[at] = begins[g] if chosen[at] < 0 else chosen[at] + 1
        if chosen[at] == begins[g + 1]:
            chosen[at] = -1
            at -= 1
            if at < 0:
                return best
            continue
        n = chosen[at]
        now = total[at] + value[n]
        for r in range(rows):
            if covers[n] >> r & 1 and not covered[at] >> r & 1:
                now += weight[r]
        if at == groups - 1:
            best = max(best, now)
            continue
        both, room = covered[at] | covers[n], now + beside[at + 1]
        for r in range(rows):
            if not both >> r & 1:
                room += gains[at + 1, r]
        if room > best + _HAIR:
            at += 1
            total[at], covered[at] = now, both
    return np.inf
