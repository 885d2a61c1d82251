"""The most that a weighted sum of columns comes to, over all whole points: by that, a cut is proved by itself.

A cut Σ a·x + Σ b·y ≤ β that a solver found for a cluster may hold only for points better than one it knew, or up to its
tolerance. So none is believed: the greatest value of its left-hand side is worked out anew, over all choices of the
sites it touches, and is the β from then on. What y gains in a row y − Σ x ≤ 0 is at most min(1, Σ x); rows that span
sites are left out, which can only raise what is found. Sites are taken in turn, depth first, and a branch ends where
what is left cannot raise the best value.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from panhuo.compiled import compiled
from panhuo.engine.alike import Places
from panhuo.engine.decompose.choices import Choices
from panhuo.engine.program import Bools, Floats, Program
from panhuo_models.data import Ints

_HAIR = 1e-9
"""By how much more than the best value a branch must promise: what it may hide."""
_NODES = 1_000_000
"""Most nodes of the search for one cut; one that takes more is not used."""
_ROWS = 60
"""Most rows of a cut with a column that follows: sets of them are whole numbers of so many bits."""
_ENDS = 4_000
"""Most columns that such rows may hold together."""


@dataclass(frozen=True, eq=False)
class Covers:
    """Rows y − Σ x ≤ 0 with binary x and 0 ≤ y ≤ 1, where y stands in no other.

    Parameters
    ----------
    start, entry : (rows + 1,), (n,) int
        The matrix of the program: its x are those that are integer.
    row : (columns,) int
        The row of each such y; -1 for the other columns.
    integer : (columns,) bool
        Columns that are integer.
    """

    start: Places
    entry: Places
    row: Ints
    integer: Bools

    @classmethod
    def of(cls, program: Program) -> Covers:
        """Find them."""
        matrix = program.matrix.tocsr()
        count = np.diff(matrix.indptr)
        line = np.repeat(np.arange(len(count)), count)
        whole = program.integer[matrix.indices]
        binary = whole & (program.lower[matrix.indices] >= 0) & (program.upper[matrix.indices] <= 1)
        x = binary & (matrix.data == -1)
        y = ~whole & (matrix.data == 1)
        y &= (program.lower[matrix.indices] >= 0) & (program.upper[matrix.indices] <= 1)
        fits = np.bincount(line, x, len(count)) + 1 == count
        fits &= (np.bincount(line, y, len(count)) == 1) & (program.row_upper <= 0)
        row = np.full(len(program.cost), -1)
        mine = y & fits[line]
        row[matrix.indices[mine]] = line[mine]
        return cls(matrix.indptr, matrix.indices, row, program.integer)


def greatest(
    covers: Covers, choices: Choices, site: Ints, cuts: sp.csr_matrix, said: Floats, nodes: int = _NODES
) -> Floats:
    """Work out the most that left-hand sides come to.

    Parameters
    ----------
    covers : Covers
        Rows of the program.
    choices : Choices
        What its sites can choose.
    site : (columns,) int
        Site of each integer column, -1 for the others.
    cuts : csr_matrix, (k, columns)
        The left-hand sides.
    said : (k,) float
        What is said that each comes to: whether it comes to less is not looked into.
    nodes : int
        Most nodes for each.

    Returns
    -------
    (k,) float
        No whole point of the program makes more of them; inf where that was not found out.
    """
    return _greatest(
        covers.start, covers.entry, covers.row, covers.integer, site, choices.place,
        choices.first, choices.choice, cuts.indptr, cuts.indices, cuts.data, said, nodes, _ROWS, _ENDS,
    )  # fmt: skip


@compiled
def _greatest(
    start: Places, entry: Places, row: Ints, integer: Bools, site: Ints, place: Ints, first: Ints, choice: Ints,
    cut_start: Places, cut_entry: Places, cut_value: Floats, said: Floats, nodes: int, most_rows: int, ends: int,
) -> Floats:  # fmt: skip
    """Take the cuts one by one."""
    found = np.full(len(cut_start) - 1, np.inf)
    coefficient, rows_of = np.zeros(len(integer)), np.zeros(len(integer), dtype=np.int64)
    touched, weight = np.empty(ends, dtype=np.int64), np.zeros(most_rows)
    seen = np.zeros(len(integer), dtype=np.bool_)
    for c in range(len(found)):
        mine = slice(cut_start[c], cut_start[c + 1])
        count, rows, able = _read(
            start, entry, row, integer, place, cut_entry[mine], cut_value[mine], coefficient, rows_of, seen, touched,
            weight,
        )  # fmt: skip
        if able:
            found[c] = said[c] if said[c] > 0 else 0.0
        if able and count:
            found[c] = _searched(
                touched[:count], site, place, first, choice, coefficient, rows_of, weight[:rows], said[c], nodes
            )
        for n in range(count):
            coefficient[touched[n]], rows_of[touched[n]], seen[touched[n]] = 0.0, 0, False
    return found


@compiled
def _read(
    start: Places, entry: Places, row: Ints, integer: Bools, place: Ints, columns: Places, values: Floats,
    coefficient: Floats, rows_of: Ints, seen: Bools, touched: Ints, weight: Floats,
) -> tuple[int, int, bool]:  # fmt: skip
    """Note down what a cut touches: how many binary columns and rows, and whether all of it is known."""
    count = rows = 0
    for k in range(len(columns)):
        j, r = columns[k], row[columns[k]]
        if integer[j]:
            if place[j] < 0 or count == len(touched):
                return count, rows, False
            coefficient[j] += values[k]
            count = _touched(j, seen, touched, count)
        elif r < 0 or rows == len(weight) or count + start[r + 1] - start[r] > len(touched):
            return count, rows, False
        elif values[k] > 0:  # else the column is best at 0
            weight[rows] = values[k]
            for e in range(start[r], start[r + 1]):
                if integer[entry[e]]:
                    rows_of[entry[e]] |= np.int64(1) << rows
                    count = _touched(entry[e], seen, touched, count)
                    if place[entry[e]] < 0:
                        return count, rows, False
            rows += 1
    return count, rows, True


@compiled
def _touched(j: int, seen: Bools, touched: Ints, count: int) -> int:
    if seen[j]:
        return count
    seen[j] = True
    touched[count] = j
    return count + 1


@compiled
def _searched(
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
    mask = np.int64(0)
    for x in columns:
        mask |= np.int64(1) << place[x]
    count = first[j + 1] - first[j] if known else 2
    gains, sets, left = np.zeros(count), np.zeros(count, dtype=np.int64), 0
    for n in range(count):
        mine = choice[first[j] + n] & mask if known else mask * n
        gain, rows = 0.0, np.int64(0)
        for x in columns:
            if mine >> place[x] & 1:
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
