"""A matrix by rows and by columns, in which entries of one bear no value.

Most rows have one value throughout: in its unit they say which columns they hold, and no more. Steps over such a matrix
read a third of the memory; and with neighbours near each other, most of that from where it is at hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from panhuo.compiled import compiled
from panhuo.engine.alike import Places
from panhuo.engine.packed import Packed, entry
from panhuo.engine.program import Bools, Floats
from panhuo_models.data import Ints

Indices = NDArray[np.uint32]
_WIDE, _FEW = 0.02, 60
"""Share of the columns, and number, from which on a row makes no neighbours."""
_ALIKE = 4_096
"""Lines among which those with as many entries stand together: few enough that neighbours stay near each other."""
_ALL = slice(None)


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
    """Some columns of a matrix and some of its rows, neighbours near each other.

    Parameters
    ----------
    row, column : (rows,), (n,) int
        Which row and which column of the matrix stands where.
    rows, columns : Lines
        What is left.
    """

    row: Places
    column: Places
    rows: Lines
    columns: Lines


@dataclass(frozen=True, eq=False)
class Order:
    """All rows of a matrix and some columns, in the order in which they are laid out.

    Parameters
    ----------
    row, column : (rows,), (n,) int
        Which row and which column of the matrix stands where.
    unit : (rows,) float
        What each row, as it stands here, is divided by: its value where it has one throughout, 1 else.
    plain : (rows,) bool
        It has one.
    """

    row: Places
    column: Places
    unit: Floats
    plain: Bools

    @classmethod
    def of(cls, matrix: Packed, kept: Bools) -> Order:
        """Order the columns kept, (columns,) bool.

        A step reads for each entry what stands in its row or column: near each other, these are still at hand. Rows
        and columns stand as they are met by a walk in breadth over the rows that few columns stand in.
        """
        row, column = _met(matrix, kept, max(_WIDE * int(kept.sum()), _FEW))
        met = cls(row, column, *_units(matrix, row, kept))
        rows, columns = met.sorted(matrix)
        return cls(row[rows], column[columns], met.unit[rows], met.plain[rows])

    def sorted(self, matrix: Packed, rows: Ints | slice = _ALL, columns: Ints | slice = _ALL) -> tuple[Ints, Ints]:
        """Let some rows and columns, ascending, stand with their likes.

        A loop over entries ends where the processor expects it to where the line before had as many: on generated
        districts a step takes half the time.

        Returns
        -------
        rows, columns : (m,), (k,) int
            The same ones.
        """
        column, plain = self.column[columns], self.plain[rows]
        by_row, by_column = _counted(matrix, self.row[rows], self._places(matrix, column), plain, len(column))
        return np.arange(len(self.row))[rows][_alike(*by_row)], np.arange(len(self.column))[columns][_alike(*by_column)]

    def laid(self, matrix: Packed, rows: Ints | slice = _ALL, columns: Ints | slice = _ALL) -> Laid:
        """Lay out some rows and some columns, in the order in which they are given."""
        row, column, plain = self.row[rows], self.column[columns], self.plain[rows]
        place = self._places(matrix, column)
        return Laid(
            row, column, _by_rows(matrix, row, place, plain), _by_columns(matrix, row, place, plain, len(column))
        )

    def laid_rows(self, matrix: Packed, columns: Ints) -> Lines:
        """Lay out all rows of some columns."""
        return _by_rows(matrix, self.row, self._places(matrix, self.column[columns]), self.plain)

    @staticmethod
    def _places(matrix: Packed, column: Places) -> Places:
        place = np.full(matrix.width, -1, dtype=np.int32)
        place[column] = np.arange(len(column), dtype=np.int32)
        return place


@compiled
def _crossed(matrix: Packed) -> tuple[Places, Places]:
    """List the rows of each column: where each begins, and which they are."""
    first = np.zeros(matrix.width + 1, dtype=np.int32)
    begin, end = matrix.start[0], matrix.start[-1]
    for k in range(begin, end):
        j = matrix.column[k]
        first[(j if j >= 0 else -1 - j) + 1] += 1
    for j in range(matrix.width):
        first[j + 1] += first[j]
    row, at = np.empty(end - begin, dtype=np.int32), first[:-1].copy()
    for i in range(len(matrix.own)):
        for k in range(matrix.start[i], matrix.start[i + 1]):
            j = matrix.column[k]
            j = j if j >= 0 else -1 - j
            row[at[j]] = i
            at[j] += 1
    return first, row


@compiled
def _met(matrix: Packed, kept: Bools, wide: float) -> tuple[Places, Places]:
    """Give rows and columns kept in the order of a walk in breadth; rows with more entries than a limit come last."""
    first, of = _crossed(matrix)
    found = np.empty(kept.sum(), dtype=np.int32)
    seen = ~kept
    rows = np.diff(matrix.start) > wide  # met, or not to be met
    last = np.flatnonzero(rows)
    order = np.empty(len(rows), dtype=np.int32)
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
                for k in range(matrix.start[of[n]], matrix.start[of[n] + 1]):
                    j = matrix.column[k]
                    j = j if j >= 0 else -1 - j
                    if not seen[j]:
                        seen[j] = True
                        found[count] = j
                        count += 1
            head += 1
    alone = np.flatnonzero(~rows)
    order[many : many + len(alone)] = alone
    order[many + len(alone) :] = last
    return order, found


@compiled
def _units(matrix: Packed, row: Places, kept: Bools) -> tuple[Floats, Bools]:
    unit, plain = np.ones(len(row)), np.ones(len(row), dtype=np.bool_)
    for n in range(len(row)):
        first = 0.0
        for k in range(matrix.start[row[n]], matrix.start[row[n] + 1]):
            j, value = entry(matrix, row[n], k)
            if kept[j] and value != 0:
                first = value if first == 0 else first
                plain[n] = plain[n] and value == first
        if plain[n] and first != 0:
            unit[n] = first
    return unit, plain


def _alike(ones: Ints, valued: Ints) -> Ints:
    """Order lines by their entries, block by block."""
    return np.lexsort((ones, valued, np.arange(len(ones)) // _ALIKE))


@compiled
def _counted(
    matrix: Packed, row: Places, place: Places, plain: Bools, width: int
) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
    """Count the ones and the other entries, row by row and column by column."""
    rows = np.zeros(len(row), dtype=np.int64), np.zeros(len(row), dtype=np.int64)
    columns = np.zeros(width, dtype=np.int64), np.zeros(width, dtype=np.int64)
    for i in range(len(row)):
        for k in range(matrix.start[row[i]], matrix.start[row[i] + 1]):
            j, value = entry(matrix, row[i], k)
            if place[j] >= 0 and value != 0:
                of = 0 if plain[i] else 1
                rows[of][i] += 1
                columns[of][place[j]] += 1
    return rows, columns


@compiled
def _by_rows(matrix: Packed, row: Places, place: Places, plain: Bools) -> Lines:
    height = len(row)
    start, own = np.zeros(height + 1, dtype=np.uint32), np.zeros(height, dtype=np.uint32)
    middle, valued = np.empty(height, dtype=np.uint32), 0
    for i in range(height):
        count = 0
        for k in range(matrix.start[row[i]], matrix.start[row[i] + 1]):
            j, value = entry(matrix, row[i], k)
            count += place[j] >= 0 and value != 0
        start[i + 1] = start[i] + count
        middle[i] = start[i + 1] if plain[i] else start[i]
        own[i] = valued
        valued += start[i + 1] - middle[i]
    index, sizes = np.empty(start[-1], dtype=np.uint32), np.empty(valued)
    at = many = 0
    for i in range(height):
        for k in range(matrix.start[row[i]], matrix.start[row[i] + 1]):
            j, value = entry(matrix, row[i], k)
            if place[j] >= 0 and value != 0:
                index[at] = place[j]
                at += 1
                if not plain[i]:
                    sizes[many] = value
                    many += 1
    return Lines(start, middle, index, own, sizes)


@compiled
def _by_columns(matrix: Packed, row: Places, place: Places, plain: Bools, width: int) -> Lines:
    start, middle = np.zeros(width + 1, dtype=np.uint32), np.zeros(width, dtype=np.uint32)
    for i in range(len(row)):
        for k in range(matrix.start[row[i]], matrix.start[row[i] + 1]):
            j, value = entry(matrix, row[i], k)
            j = place[j]
            if j >= 0 and value != 0:
                start[j + 1] += 1
                middle[j] += plain[i]
    own, valued = np.empty(width, dtype=np.uint32), 0
    for j in range(width):
        own[j] = valued
        valued += start[j + 1] - middle[j]
        start[j + 1] += start[j]
        middle[j] += start[j]
    index, sizes = np.empty(start[-1], dtype=np.uint32), np.empty(valued)
    one, other = start[:-1].copy(), middle.copy()
    for i in range(len(row)):
        for k in range(matrix.start[row[i]], matrix.start[row[i] + 1]):
            j, value = entry(matrix, row[i], k)
            j = place[j]
            if j < 0 or value == 0:
                continue
            if plain[i]:
                index[one[j]] = i
                one[j] += 1
            else:
                index[other[j]] = i
                sizes[own[j] + other[j] - middle[j]] = value
                other[j] += 1
    return Lines(start, middle, index, own, sizes)
