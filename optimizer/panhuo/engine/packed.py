"""A matrix by rows in half the room: where all entries of a row are of one size, the row bears it once.

Nine rows of ten of a city's program are a cell and what reaches it, 1 and −1: there an entry takes the 4 bytes that say
where it stands, instead of 12. Products are added up in the order of SciPy's: they are the same to the bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numba
import numpy as np
import scipy.sparse as sp

from panhuo.compiled import compiled
from panhuo.engine.alike import Places
from panhuo.engine.program import Bools, Floats, Program
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
        return matrix if isinstance(matrix, Packed) else cls.stacked([matrix], int(matrix.shape[1]))

    @classmethod
    def stacked(cls, matrices: Sequence[sp.csr_matrix], width: int) -> Packed:
        """Pack matrices one above the other, said to be so wide."""
        sized = [_sized(matrix.indptr, matrix.data) for matrix in matrices]
        column = np.empty(sum(matrix.nnz for matrix in matrices), dtype=np.int32)
        size, at, valued = np.zeros(max(sum(count for _, _, count in sized), 1)), 0, 0
        starts, owns = [np.zeros(1, dtype=np.int32)], list[Places]()
        for matrix, (own, many, count) in zip(matrices, sized, strict=True):
            here = column[at : at + matrix.nnz]
            _write(matrix.indptr, matrix.indices, matrix.data, own, many, here, size[valued : valued + max(count, 1)])
            starts.append((at + matrix.indptr[1:]).astype(np.int32))
            owns.append((valued + own).astype(np.int32))
            at, valued = at + matrix.nnz, valued + count
        return cls(
            np.concatenate(starts), column, np.concatenate(owns), np.concatenate([many for _, many, _ in sized]), size,
            width,
        )  # fmt: skip

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.own), self.width

    def part(self, first: int, last: int, width: int) -> Packed:
        """Give some rows, which have entries in the first columns alone: a view."""
        return self._replace(
            start=self.start[first : last + 1], own=self.own[first:last], many=self.many[first:last], width=width
        )

    def above(self, other: Packed) -> Packed:
        """Put another one of the same columns below it."""
        return Packed(
            np.append(self.start, self.start[-1] + other.start[1:]), np.append(self.column, other.column),
            np.append(self.own, len(self.size) + other.own), np.append(self.many, other.many),
            np.append(self.size, other.size), self.width,
        )  # fmt: skip

    def cut(self, columns: Ints) -> sp.csr_matrix:
        """Give some columns, (n,) int ascending, unpacked; the entries of a row stay in their order."""
        place = np.full(self.width, -1, dtype=np.int32)
        place[columns] = np.arange(len(columns), dtype=np.int32)
        return sp.csr_matrix(_cut(self, place), (len(self.own), len(columns)))

    def taken(self, rows: Ints) -> sp.csr_matrix:
        """Give some rows, (m,) int, unpacked."""
        return sp.csr_matrix(_taken(self, rows), (len(rows), self.width))

    def tocsr(self) -> sp.csr_matrix:
        """Unpack it."""
        return self.taken(np.arange(len(self.own)))

    @property
    def T(self) -> Turned:  # noqa: N802
        """Itself turned, to be multiplied."""
        return Turned(self)

    def __matmul__(self, x: Floats) -> Floats:
        """Give A·x, (rows,)."""
        return _times(self, x)


def packed(program: Program) -> Program:
    """Give the same program, its matrix packed."""
    return replace(program, matrix=Packed.of(program.matrix))


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
def _sized(starts: Ints, values: Floats) -> tuple[Places, Bools, int]:
    """Say where the sizes of each row stand, whether it has many, and how many there are in all."""
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
    return own, many, count


@compiled
def _write(
    starts: Ints, columns: Ints, values: Floats, own: Places, many: Bools, column: Places, size: Floats
) -> None:  # fmt: skip
    for i in range(len(own)):
        for k in range(starts[i], starts[i + 1]):
            size[own[i] + (k - starts[i]) * many[i]] = abs(values[k])
            column[k] = columns[k] if values[k] >= 0 else -1 - columns[k]


@compiled
def _taken(matrix: Packed, rows: Ints) -> tuple[Floats, Places, Places]:
    start = np.zeros(len(rows) + 1, dtype=np.int32)
    for n in range(len(rows)):
        start[n + 1] = start[n] + matrix.start[rows[n] + 1] - matrix.start[rows[n]]
    column, value = np.empty(start[-1], dtype=np.int32), np.empty(start[-1])
    for n in range(len(rows)):
        first = matrix.start[rows[n]]
        for k in range(first, matrix.start[rows[n] + 1]):
            at = start[n] + (k - first)
            column[at], value[at] = entry(matrix, rows[n], k)
    return value, column, start


@compiled
def _cut(matrix: Packed, place: Places) -> tuple[Floats, Places, Places]:
    start, at = np.zeros(len(matrix.own) + 1, dtype=np.int32), 0
    for i in range(len(matrix.own)):
        for k in range(matrix.start[i], matrix.start[i + 1]):
            j, _ = entry(matrix, i, k)
            at += place[j] >= 0
        start[i + 1] = at
    column, value, at = np.empty(at, dtype=np.int32), np.empty(at), 0
    for i in range(len(matrix.own)):
        for k in range(matrix.start[i], matrix.start[i + 1]):
            j, own = entry(matrix, i, k)
            if place[j] >= 0:
                column[at], value[at] = place[j], own
                at += 1
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
