"""A matrix by rows and by columns, in which entries of one bear no value.

Most rows have one value throughout: in its unit they say which columns they hold, and no more. Steps over such a matrix
read a third of the memory; and with neighbours near each other, most of that from where it is at hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.compiled import compiled
from panhuo.engine.alike import Places
from panhuo.engine.program import Bools, Floats
from panhuo_models.data import Ints

Indices = NDArray[np.uint32]
_WIDE, _FEW = 0.02, 60
"""Share of the columns, and number, from which on a row makes no neighbours."""


class Lines(NamedTuple):
    """Rows of a matrix, or its columns, one after the other: first the ones of each, then what has a value.

    Parameters
    ----------
    start : (lines + 1,) uint32
        Where each begins. Indices bear no sign: half the time of a loop goes into looking whether one is negative.
    middle : (lines,) uint32
        Where its ones end.
    entry : (k,) uint32
        Column of each entry of a row, row of each entry of a column.
    own : (lines,) uint32
        Where the values of each begin.
    value : (m,) float
        The values.
    """

    start: Indices
    middle: Indices
    entry: Indices
    own: Indices
    value: Floats


@dataclass(frozen=True, eq=False)
class Laid:
    """Some columns of a matrix and all its rows, neighbours near each other.

    Parameters
    ----------
    row, column : (rows,), (n,) int
        Which row and which column of the matrix stands where.
    unit : (rows,) float
        What each row, as it stands here, is divided by: its value where it has one throughout, 1 else.
    rows, columns : Lines
        What is left.
    """

    row: Ints
    column: Ints
    unit: Floats
    rows: Lines
    columns: Lines

    @classmethod
    def of(cls, matrix: sp.csr_matrix, kept: Bools) -> Laid:
        """Lay out the columns kept, (columns,) bool.

        A step reads for each entry what stands in its row or column: near each other, these are still at hand. Rows
        and columns stand as they are met by a walk in breadth over the rows that few columns stand in.
        """
        starts, index, data = matrix.indptr, matrix.indices, matrix.data
        row, column = _met(starts, index, kept, max(_WIDE * int(kept.sum()), _FEW))
        place = np.full(len(kept), -1, dtype=np.int32)
        place[column] = np.arange(len(column), dtype=np.int32)
        unit, plain = _units(starts, index, data, row, kept)
        rows = _by_rows(starts, index, data, row, place, plain)
        columns = _by_columns(starts, index, data, row, place, plain, len(column))
        return cls(row, column, unit, rows, columns)

    def some(self, rows: Bools, columns: Bools) -> Laid:
        """Keep some rows, (rows,) bool, and some columns, (n,) bool, in the order in which they stand."""
        return Laid(
            self.row[rows], self.column[columns], self.unit[rows], some(self.rows, rows, columns),
            some(self.columns, columns, rows),
        )  # fmt: skip


@compiled
def some(lines: Lines, stays: Bools, across: Bools) -> Lines:
    """Keep some lines, (lines,) bool, and of their entries those in some of the lines across."""
    height, width, at, valued = int(stays.sum()), np.uint32(0), np.uint32(0), np.uint32(0)
    place = np.empty(len(across), dtype=np.uint32)
    for j in range(len(across)):
        place[j] = width
        width += np.uint32(across[j])
    start, middle, own = np.zeros(height + 1, np.uint32), np.empty(height, np.uint32), np.empty(height, np.uint32)
    entry, value = np.empty(len(lines.entry), np.uint32), np.empty(len(lines.value))
    i = 0
    for n in range(len(stays)):
        if not stays[n]:
            continue
        own[i] = valued
        for k in range(lines.start[n], lines.middle[n]):
            entry[at] = place[lines.entry[k]]
            at += np.uint32(across[lines.entry[k]])
        middle[i] = at
        for k in range(lines.middle[n], lines.start[n + 1]):
            if across[lines.entry[k]]:
                entry[at], value[valued] = place[lines.entry[k]], lines.value[lines.own[n] + (k - lines.middle[n])]
                at += np.uint32(1)
                valued += np.uint32(1)
        i += 1
        start[i] = at
    return Lines(start, middle, entry[:at].copy(), own, value[:valued].copy())


@compiled
def _turned(starts: Ints, columns: Ints, width: int) -> tuple[Places, Places]:
    """List the rows of each column: where each begins, and which they are."""
    first = np.zeros(width + 1, dtype=np.int32)
    for k in range(len(columns)):
        first[columns[k] + 1] += 1
    for j in range(width):
        first[j + 1] += first[j]
    row, at = np.empty(len(columns), dtype=np.int32), first[:-1].copy()
    for i in range(len(starts) - 1):
        for k in range(starts[i], starts[i + 1]):
            row[at[columns[k]]] = i
            at[columns[k]] += 1
    return first, row


@compiled
def _met(starts: Ints, columns: Ints, kept: Bools, wide: float) -> tuple[Ints, Ints]:
    """Give rows and columns kept in the order of a walk in breadth; rows with more entries than a limit come last."""
    first, of = _turned(starts, columns, len(kept))
    found = np.empty(kept.sum(), dtype=np.int64)
    seen = ~kept
    rows = np.diff(starts) > wide  # met, or not to be met
    last = np.flatnonzero(rows)
    order = np.empty(len(rows), dtype=np.int64)
    many = count = head = 0
    for begin in range(len(kept)):
        if not seen[begin]:
            seen[begin] = True
            found[count] = begin
            count += 1
        while head < count:
            for n in range(first[found[head]], first[found[head] + 1]):
                if rows[of[n]]:
                    continue
                rows[of[n]] = True
                order[many] = of[n]
                many += 1
                for k in range(starts[of[n]], starts[of[n] + 1]):
                    if not seen[columns[k]]:
                        seen[columns[k]] = True
                        found[count] = columns[k]
                        count += 1
            head += 1
    alone = np.flatnonzero(~rows)
    order[many : many + len(alone)] = alone
    order[many + len(alone) :] = last
    return order, found


@compiled
def _units(starts: Ints, columns: Ints, values: Floats, row: Ints, kept: Bools) -> tuple[Floats, Bools]:
    unit, plain = np.ones(len(row)), np.ones(len(row), dtype=np.bool_)
    for n in range(len(row)):
        first = 0.0
        for k in range(starts[row[n]], starts[row[n] + 1]):
            if kept[columns[k]] and values[k] != 0:
                first = values[k] if first == 0 else first
                plain[n] = plain[n] and values[k] == first
        if plain[n] and first != 0:
            unit[n] = first
    return unit, plain


@compiled
def _by_rows(starts: Ints, columns: Ints, values: Floats, row: Ints, place: Places, plain: Bools) -> Lines:
    height = len(row)
    start, own = np.zeros(height + 1, dtype=np.uint32), np.zeros(height, dtype=np.uint32)
    middle, valued = np.empty(height, dtype=np.uint32), 0
    for i in range(height):
        count = 0
        for k in range(starts[row[i]], starts[row[i] + 1]):
            count += place[columns[k]] >= 0 and values[k] != 0
        start[i + 1] = start[i] + count
        middle[i] = start[i + 1] if plain[i] else start[i]
        own[i] = valued
        valued += start[i + 1] - middle[i]
    index, value = np.empty(start[-1], dtype=np.uint32), np.empty(valued)
    at = many = 0
    for i in range(height):
        for k in range(starts[row[i]], starts[row[i] + 1]):
            if place[columns[k]] >= 0 and values[k] != 0:
                index[at] = place[columns[k]]
                at += 1
                if not plain[i]:
                    value[many] = values[k]
                    many += 1
    return Lines(start, middle, index, own, value)


@compiled
def _by_columns(
    starts: Ints, columns: Ints, values: Floats, row: Ints, place: Places, plain: Bools, width: int
) -> Lines:
    start, middle = np.zeros(width + 1, dtype=np.uint32), np.zeros(width, dtype=np.uint32)
    for i in range(len(row)):
        for k in range(starts[row[i]], starts[row[i] + 1]):
            j = place[columns[k]]
            if j >= 0 and values[k] != 0:
                start[j + 1] += 1
                middle[j] += plain[i]
    own, valued = np.empty(width, dtype=np.uint32), 0
    for j in range(width):
        own[j] = valued
        valued += start[j + 1] - middle[j]
        start[j + 1] += start[j]
        middle[j] += start[j]
    index, value = np.empty(start[-1], dtype=np.uint32), np.empty(valued)
    one, other = start[:-1].copy(), middle.copy()
    for i in range(len(row)):
        for k in range(starts[row[i]], starts[row[i] + 1]):
            j = place[columns[k]]
            if j < 0 or values[k] == 0:
                continue
            if plain[i]:
                index[one[j]] = i
                one[j] += 1
            else:
                index[other[j]] = i
                value[own[j] + other[j] - middle[j]] = values[k]
                other[j] += 1
    return Lines(start, middle, index, own, value)
