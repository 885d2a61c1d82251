"""Steps of PDHG over blocks of rows and columns, in threads: the same numbers whatever their count."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numba
import numpy as np
import scipy.sparse as sp

from panhuo.engine.program import Floats
from panhuo_models.data import Ints

_BLOCK = 400_000
"""Entries from which on a block is halved: smaller ones take no longer than handing them out."""
_MOST = 8

_Sparse = tuple[Ints, Ints, Floats]


@dataclass(frozen=True, eq=False)
class Blocks:
    """The rows of a matrix, in blocks of about as many entries each.

    Parameters
    ----------
    entries : tuple of (rows + 1,) and (k,) uint32, (k,) float
        The matrix in compressed rows. Indices bear no sign: half the time of a loop goes into looking whether one is
        negative.
    ends : (blocks + 1,) int
        Where blocks begin.
    """

    entries: _Sparse
    ends: list[int]

    @classmethod
    def of(cls, matrix: sp.csr_matrix) -> Blocks:
        """Cut a matrix; how depends on the matrix alone."""
        count = 1
        while count < _MOST and matrix.nnz >= _BLOCK * count * 2:
            count *= 2
        cuts = np.searchsorted(matrix.indptr, matrix.nnz * np.arange(1, count) / count)
        entries = _unsigned(matrix.indptr), _unsigned(matrix.indices), matrix.data
        return cls(entries, [0, *cuts.tolist(), matrix.shape[0]])

    def run(self, step: Callable[[int, int], float], threads: ThreadPoolExecutor | None) -> float:
        """Take a step on each block; the sum of what it gives, in their order."""
        begins, ends = self.ends[:-1], self.ends[1:]
        if len(begins) == 1 or threads is None:
            return sum(map(step, begins, ends))
        return sum(threads.map(step, begins, ends))


def _unsigned(index: Ints) -> Ints:
    return index.astype(np.int32, copy=False).view(np.uint32)


@numba.njit(cache=True, nogil=True)
def primal(
    starts: Ints, rows: Ints, values: Floats, cost: Floats, lower: Floats, upper: Floats, x: Floats, y: Floats,
    ahead: Floats, anchor: Floats, found: Floats, tau: float, share: float, first: int, last: int,
) -> float:  # fmt: skip
    """Step the columns: x' = proj(x − τ(c − Aᵀy)), ahead = 2x' − x, x ← share·ahead + (1 − share)·anchor; ‖dx‖²/τ."""
    apart = 0.0
    for j in range(first, last):
        pull = 0.0
        for k in range(starts[j], starts[j + 1]):
            pull += values[k] * y[rows[k]]
        new = min(max(x[j] - tau * (cost[j] - pull), lower[j]), upper[j])
        found[j] = new
        ahead[j] = 2 * new - x[j]
        apart += (x[j] - new) ** 2
        x[j] = share * ahead[j] + (1 - share) * anchor[j]
    return apart / tau


@numba.njit(cache=True, nogil=True)
def dual(
    starts: Ints, columns: Ints, values: Floats, lower: Floats, free: Floats, upper: Floats, slope: Floats, y: Floats,
    ahead: Floats, anchor: Floats, found: Floats, sigma: float, share: float, first: int, last: int,
) -> float:  # fmt: skip
    """Step the rows: y' = σ(s − w) with w = A·ahead − y/σ and s the nearest activity, its cost counted; ‖dy‖²/σ."""
    apart, inverse = 0.0, 1 / sigma
    for i in range(first, last):
        activity = 0.0
        for k in range(starts[i], starts[i + 1]):
            activity += values[k] * ahead[columns[k]]
        now = activity - y[i] * inverse
        near = min(max(min(now, max(free[i], now - slope[i] * inverse)), lower[i]), upper[i])
        new = sigma * (near - now)
        found[i] = new
        apart += (y[i] - new) ** 2
        y[i] = share * (2 * new - y[i]) + (1 - share) * anchor[i]
    return apart / sigma
