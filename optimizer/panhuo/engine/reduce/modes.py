"""Modes that another mode of the same site dominates, with all that follows them.

A mode is a binary column (use) that others follow (choose, service by service): they are 0 where it is. Another one
that it excludes takes its place, where each of its followers has one of the other's that does as well or better outside
of the two modes, and where what holds inside the one, say for its floor area, holds inside the other too.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from panhuo.compiled import compiled
from panhuo.engine.program import Bools, Floats
from panhuo.engine.reduce.sides import HAIR, Sides
from panhuo_models.data import Ints

WIDE = 50
"""Rows with more columns are not searched for modes that exclude each other, nor are modes that more follow."""


class _Case(NamedTuple):
    """The program as the loops read it: columns, rows, what follows what, and room to take notes in."""

    starts: Ints
    rows: Ints
    values: Floats
    row_starts: Ints
    columns: Ints
    row_values: Floats
    limit: Floats
    least: Floats
    lower: Floats
    upper: Floats
    cost: Floats
    integer: Bools
    binary: Bools
    follower_starts: Ints
    followers: Ints
    group: Ints
    """(n,) 1 or 2: the column is of the mode that may go, or of the other."""
    inner: Ints
    """(sides,) 1 or 2: all its columns are of that mode; 0: not; -1: not looked at."""
    image: Ints
    """(n,) which column of the other mode takes the place of one that may go, and the other way round."""


def dominated(sides: Sides) -> Ints:
    """Find modes that are not used in some best plan, as another one takes their place.

    Parameters
    ----------
    sides : Sides
        The program.

    Returns
    -------
    (n,) int
        For each column of a dominated mode, itself and what follows it, the one that takes its place; -1 where none
        does. No chain of them ends where it began.
    """
    turned = sides.matrix.tocsc()
    turned.sort_indices()
    starts, followers = _following(sides)
    columns = np.full(len(sides.cost), -1)
    case = _Case(
        turned.indptr, turned.indices, turned.data, sides.matrix.indptr, sides.matrix.indices, sides.matrix.data,
        sides.limit, sides.activity()[0], sides.lower, sides.upper, sides.cost, sides.integer, sides.binary,
        starts, followers, np.zeros_like(columns), np.full(len(sides.limit), -1), columns.copy(),
    )  # fmt: skip
    _find(case, columns, HAIR, WIDE)
    return columns


def _following(sides: Sides) -> tuple[Ints, Ints]:
    """List the columns that follow each binary one: Σ a·x − b·u ≤ 0 with a, b > 0 and x ≥ 0.

    Returns
    -------
    starts : (n + 1,) int
        Where the followers of each column begin in the list.
    followers : (pairs,) int
        Ascending for each column.
    """
    matrix, count = sides.matrix, len(sides.cost)
    master = _masters(matrix.indptr, matrix.indices, matrix.data, sides.limit, sides.lower, sides.binary)
    rows = matrix[np.flatnonzero(master >= 0)]
    own = rows.data > 0
    of = np.repeat(master[master >= 0], np.diff(rows.indptr))[own]
    pairs = np.unique(of * count + rows.indices[own])
    starts = np.searchsorted(pairs, np.arange(count + 1) * count)
    return starts, pairs % max(count, 1)


@compiled
def _masters(starts: Ints, columns: Ints, values: Floats, limit: Floats, lower: Floats, binary: Bools) -> Ints:
    """Give the column that the others of a row follow, (sides,); -1 where there is none."""
    found = np.full(len(limit), -1)
    for i in range(len(limit)):
        one, follow = -1, limit[i] == 0
        for k in range(starts[i], starts[i + 1]):
            if values[k] < 0:
                follow = follow and one < 0
                one = columns[k]
            else:
                follow = follow and lower[columns[k]] >= 0
        if follow and one >= 0 and binary[one]:
            found[i] = one
    return found


@compiled
def _find(case: _Case, instead: Ints, hair: float, wide: int) -> None:
    """Look for a mode that takes the place of each, among those that it excludes."""
    for u in range(len(case.cost)):
        if not 0 < case.follower_starts[u + 1] - case.follower_starts[u] <= wide:
            continue
        for k in range(case.starts[u], case.starts[u + 1]):
            row, own = case.rows[k], case.values[k]
            if own < 0 or case.row_starts[row + 1] - case.row_starts[row] > wide:
                continue
            room = case.limit[row] - case.least[row] + hair
            for e in range(case.row_starts[row], case.row_starts[row + 1]):
                v = case.columns[e]
                excluded = v != u and case.binary[v] and case.row_values[e] > 0 and own + case.row_values[e] > room
                few = case.follower_starts[v + 1] - case.follower_starts[v] <= wide
                if excluded and few and instead[u] < 0 and instead[v] < 0:
                    _compare(case, u, v, instead)


@compiled
def _compare(case: _Case, u: int, v: int, instead: Ints) -> None:
    """Note down that v and what follows it take the place of u and what follows that, where they do."""
    ours, theirs = _members(case, v), _members(case, u)
    for c in theirs:
        case.group[c] = 1
    apart = True
    for c in ours:
        apart = apart and case.group[c] == 0
    if apart:
        for c in ours:
            case.group[c] = 2
        _look_inside(case, theirs)
        _look_inside(case, ours)
        if _matched(case, ours, theirs) and _holds_inside(case, ours, theirs):
            for c in theirs:
                instead[c] = case.image[c]
    for members in (ours, theirs):
        for c in members:
            case.group[c] = 0
            case.image[c] = -1
            for k in range(case.starts[c], case.starts[c + 1]):
                case.inner[case.rows[k]] = -1


@compiled
def _members(case: _Case, u: int) -> Ints:
    """Give a mode and what follows it."""
    first, last = case.follower_starts[u], case.follower_starts[u + 1]
    found = np.empty(last - first + 1, dtype=np.int64)
    found[0] = u
    found[1:] = case.followers[first:last]
    return found


@compiled
def _look_inside(case: _Case, members: Ints) -> None:
    """Note down which rows are of one mode alone."""
    for c in members:
        for k in range(case.starts[c], case.starts[c + 1]):
            row = case.rows[k]
            if case.inner[row] < 0:
                case.inner[row] = case.group[c]
                for e in range(case.row_starts[row], case.row_starts[row + 1]):
                    if case.group[case.columns[e]] != case.group[c]:
                        case.inner[row] = 0
                        break


@compiled
def _matched(case: _Case, ours: Ints, theirs: Ints) -> bool:
    """Find for each column of theirs one of ours that does as well outside; the modes themselves stand first.

    Of several, the one that needs least inside.
    """
    for n in range(len(theirs)):
        s, best, least = theirs[n], -1, np.inf
        if case.lower[s] != 0:
            return False
        for t in ours[:1] if n == 0 else ours[1:]:
            if case.image[t] >= 0 or case.cost[t] < case.cost[s] or case.upper[t] < case.upper[s]:
                continue
            if case.integer[t] and not case.integer[s]:
                continue
            needs = 0.0
            for k in range(case.starts[t], case.starts[t + 1]):
                if case.inner[case.rows[k]] == 2:
                    needs += case.values[k]
            if needs < least and _outside(case, s, t):
                best, least = t, needs
        if best < 0:
            return False
        case.image[s], case.image[best] = best, s
    return True


@compiled
def _outside(case: _Case, s: int, t: int) -> bool:
    """Whether t needs no more than s, and gives no less, in every row but those of one mode alone."""
    a, b = case.starts[t], case.starts[s]
    while a < case.starts[t + 1] or b < case.starts[s + 1]:
        ours = theirs = 0.0
        after_a = case.rows[a] if a < case.starts[t + 1] else len(case.limit)
        after_b = case.rows[b] if b < case.starts[s + 1] else len(case.limit)
        row = min(after_a, after_b)
        if after_a == row:
            ours = case.values[a]
            a += 1
        if after_b == row:
            theirs = case.values[b]
            b += 1
        if ours > theirs and case.inner[row] == 0:
            return False
    return True


@compiled
def _holds_inside(case: _Case, ours: Ints, theirs: Ints) -> bool:
    """Whether the rows of our mode alone hold whenever those of theirs did, and those hold where all is 0."""
    for c in theirs:
        for k in range(case.starts[c], case.starts[c + 1]):
            if case.inner[case.rows[k]] == 1 and case.limit[case.rows[k]] < 0:
                return False
    for c in ours:
        for k in range(case.starts[c], case.starts[c + 1]):
            row = case.rows[k]
            if case.inner[row] == 2 and not _always(case, row, ours[0]) and not _as_before(case, row, theirs):
                return False
    return True


@compiled
def _always(case: _Case, row: int, v: int) -> bool:
    """Whether a row of our mode alone holds whatever takes its place in it."""
    most = 0.0
    for e in range(case.row_starts[row], case.row_starts[row + 1]):
        c, value = case.columns[e], case.row_values[e]
        if c == v:
            most += value
        elif value > 0 and case.image[c] >= 0:
            most += value * case.upper[case.image[c]]
    return most <= case.limit[row]


@compiled
def _as_before(case: _Case, row: int, theirs: Ints) -> bool:
    """Whether some row of their mode alone was as tight as this one, column by column."""
    for c in theirs:
        for k in range(case.starts[c], case.starts[c + 1]):
            other = case.rows[k]
            if case.inner[other] == 1 and case.limit[other] <= case.limit[row]:
                tight = True
                for s in theirs:
                    tight = tight and _entry(case, row, case.image[s]) <= _entry(case, other, s)
                if tight:
                    return True
    return False


@compiled
def _entry(case: _Case, row: int, column: int) -> float:
    """Read an entry of a row."""
    for e in range(case.row_starts[row], case.row_starts[row + 1]):
        if case.columns[e] == column:
            return case.row_values[e]
    return 0.0
