"""Rows with the same columns, found one after the other in compiled code: by a hash, then compared to be sure."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from panhuo.compiled import compiled
from panhuo_models.data import Ints

_SEED = 20_200_101
_FEW = 64
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""2⁶⁴ over the golden ratio: scatters neighbouring hashes (Knuth 1998, The Art of Computer Programming 3, § 6.4)."""
_TOP = np.uint64(32)

Places = NDArray[np.signedinteger[Any]]
"""Row or column numbers, of 4 bytes or 8."""
Hashes = NDArray[np.uint64]


def marks(columns: int) -> Hashes:
    """Draw one random number a column, (columns,): their sum modulo 2⁶⁴ is the hash of a set of columns."""
    return np.random.default_rng(_SEED).integers(0, 2**64, size=columns, dtype=np.uint64)


@compiled
def slot(
    table: Places, found: Hashes, begins: Ints, ends: Ints, keys: Ints, column: Places,
    mark: np.uint64, key: int, begin: int, end: int,
) -> int:  # fmt: skip
    """Find where in the table the group of columns[begin:end] stands, or is to stand.

    Parameters
    ----------
    table : (power of 2,) int
        The group at each slot, -1 where there is none; less than half full.
    found, begins, ends, keys : (groups or more,)
        Hash, first and last place of the columns, and key of each group.
    column : array of int
        The columns of all groups, and those in question, ascending.
    mark : uint64
        Their hash.
    key : int
        What else must be equal.
    begin, end : int
        Where they stand.

    Returns
    -------
    int
        The slot.
    """
    last = np.uint64(len(table) - 1)
    n = ((mark * _SPREAD) >> _TOP) & last
    while True:
        g = table[n]
        if g < 0:
            return int(n)
        if found[g] == mark and keys[g] == key and ends[g] - begins[g] == end - begin:
            same = True
            for k in range(end - begin):
                if column[begins[g] + k] != column[begin + k]:
                    same = False
                    break
            if same:
                return int(n)
        n = (n + np.uint64(1)) & last


@compiled
def rehashed(found: Hashes, count: int) -> Places:
    """Make a table four times as large as there are groups, and put them in."""
    size = 4 * _FEW
    while size < 4 * count:
        size *= 2
    table = np.full(size, -1, dtype=np.int32)
    last = np.uint64(size - 1)
    for g in range(count):
        n = ((found[g] * _SPREAD) >> _TOP) & last
        while table[n] >= 0:
            n = (n + np.uint64(1)) & last
        table[n] = g
    return table


@compiled
def alike(first: Places, column: Places, key: Ints, mark_of: Hashes) -> tuple[Places, Ints]:
    """Group rows of equal key that have the same columns.

    Parameters
    ----------
    first : (rows + 1,) int
        Where the columns of each row begin, and where the last one's end.
    column : array of int
        The columns, ascending in each row.
    key : (rows,) int
        What else must be equal.
    mark_of : (columns,) uint64
        From :func:`marks`.

    Returns
    -------
    group : (rows,) int32
        The group of each row, numbered as they are found.
    kept : (groups,) int
        The first row of each group.
    """
    group = np.empty(len(key), dtype=np.int32)
    found, kept = np.empty(_FEW, dtype=np.uint64), np.empty(_FEW, dtype=np.int64)
    begins, ends, keys = np.empty(_FEW, dtype=np.int64), np.empty(_FEW, dtype=np.int64), np.empty(_FEW, dtype=np.int64)
    table, count = rehashed(found, 0), 0
    for r in range(len(key)):
        begin, end = int(first[r]), int(first[r + 1])
        mark = np.uint64(key[r])
        for k in range(begin, end):
            mark += mark_of[column[k]]
        n = slot(table, found, begins, ends, keys, column, mark, key[r], begin, end)
        if table[n] < 0:
            if count == len(found):
                found, kept = np.concatenate((found, found)), np.concatenate((kept, kept))
                begins, ends = np.concatenate((begins, begins)), np.concatenate((ends, ends))
                keys = np.concatenate((keys, keys))
            found[count], kept[count] = mark, r
            begins[count], ends[count], keys[count] = begin, end, key[r]
            table[n] = count
            count += 1
            group[r] = count - 1
            if 2 * count > len(table):
                table = rehashed(found, count)
        else:
            group[r] = table[n]
    return group, kept[:count].copy()
