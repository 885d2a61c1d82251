"""A matrix by rows in half the room: where all entries of a row are of one size, the row bears it once.

Nine rows of ten of a city's program are a cell and what reaches it, 1 and −1: there an entry takes the 4 bytes that say
where it stands, instead of 12. Products are added up in the order of SciPy's: they are the same to the bit.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import scipy.sparse as sp

from panhuo.compiled import compiled
from panhuo.engine.alike import Places
from panhuo.engine.program import Bools, Floats
from panhuo_models.data import Ints


class Packed(NamedTuple):
    """Rows of a matrix one after the other, as compiled loops read them (:func:`entry`).

    Parameters
    ----------
    start : (rows + 1,) int
        Where each begins.
    column : (entries,) int
        Column j of each entry; −1 − j where it is negative.
    own : (rows,) int
        Where the sizes of each begin.
    many : (rows,) bool
        Its entries have a size each; else one is that of all.
    size : (sizes,) float
        Sizes of entries.
    width : int
        Columns.
    """

    start: Places
    column: Places
    own: Places
    many: Bools
    size: Floats
    width: int

    @classmethod
    def of(cls, matrix: sp.csr_matrix | Packed) -> Packed:
        """Pack a matrix, entry by entry in their order."""
        if isinstance(matrix, Packed):
            return matrix
        return cls(*_packed(matrix.indptr, matrix.indices, matrix.data), int(matrix.shape[1]))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.own), self.width

    def part(self, first: int, last: int, width: int) -> Packed:
        """Give some rows, which have entries in the first columns alone: a view."""
        return self._replace(
            start=self.start[first : last + 1], own=self.own[first:last], many=self.many[first:last], width=width
        )

    def tocsr(self) -> sp.csr_matrix:
        """Unpack it."""
        return sp.csr_matrix(_unpacked(self), self.shape)

    @property
    def T(self) -> Turned:  # noqa: N802
        """Itself turned, to be multiplied."""
        return Turned(self)

    def __matmul__(self, x: Floats) -> Floats:
        """Give A·x, (rows,)."""
        return _times(self, x)


class Turned(NamedTuple):
    """A packed matrix turned."""

    of: Packed

    def __matmul__(self, y: Floats) -> Floats:
        """Give Aᵀ·y, (columns,)."""
        return _turned_times(self.of, y)


@numba.njit(inline="always")  # a call for each entry would take as long as all the rest
def entry(matrix: Packed, i: int, k: int) -> tuple[int, float]:
    """Give column and value of the entry at a place k of row i."""
    j, size = matrix.column[k], matrix.size[matrix.own[i] + (k - matrix.start[i]) * matrix.many[i]]
    return (j, size) if j >= 0 else (-1 - j, -size)


@compiled
def _packed(starts: Ints, columns: Ints, values: Floats) -> tuple[Places, Places, Places, Bools, Floats]:
    height = len(starts) - 1
    own, many = np.zeros(height, dtype=np.int32), np.zeros(height, dtype=np.bool_)
    before, place, count = np.nan, 0, 0  # the last size that a whole row has, and where it stands
    for i in range(height):
        first, last = starts[i], starts[i + 1]
        for k in range(first, last):
            many[i] |= abs(values[k]) != abs(values[first])
        if many[i]:
            own[i] = count
            count += last - first
        elif first < last:
            if abs(values[first]) != before:
                before, place = abs(values[first]), count
                count += 1
            own[i] = place
    size, column = np.zeros(max(count, 1)), np.empty(len(columns), dtype=np.int32)
    for i in range(height):
        for k in range(starts[i], starts[i + 1]):
            size[own[i] + (k - starts[i]) * many[i]] = abs(values[k])
            column[k] = columns[k] if values[k] >= 0 else -1 - columns[k]
    return starts.astype(np.int32), column, own, many, size


@compiled
def _unpacked(matrix: Packed) -> tuple[Floats, Places, Places]:
    start = matrix.start - matrix.start[0]
    column, value = np.empty(start[-1], dtype=np.int32), np.empty(start[-1])
    for i in range(len(matrix.own)):
        for k in range(matrix.start[i], matrix.start[i + 1]):
            column[k - matrix.start[0]], value[k - matrix.start[0]] = entry(matrix, i, k)
    return value, column, start


@compiled
def _times(matrix: Packed, x: Floats) -> Floats:
    found = np.zeros(len(matrix.own))
    for i in range(len(found)):
        total = 0.0
        for k in range(matrix.start[i], matrix.start[i + 1]):
            j, value = entry(matrix, i, k)
            total += value * x[j]
        found[i] = total
    return found


@compiled
def _turned_times(matrix: Packed, y: Floats) -> Floats:
    found = np.zeros(matrix.width)
    for i in range(len(matrix.own)):
        for k in range(matrix.start[i], matrix.start[i + 1]):
            j, value = entry(matrix, i, k)
            found[j] += value * y[i]
    return found
