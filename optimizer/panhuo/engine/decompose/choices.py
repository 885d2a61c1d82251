"""What a site can choose: every way its binary columns may stand by the rows of that site alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from panhuo.compiled import compiled
from panhuo.engine.alike import Places
from panhuo.engine.decompose.partition import alone
from panhuo.engine.program import Bools, Floats, Program
from panhuo_models.data import Ints

_MOST = 1_024
"""Most choices of a site that are listed; of one with more, nothing is known."""
_COLUMNS = 62
"""Most columns of such a site: a choice is a whole number of so many bits."""
_STEPS = 50
"""Steps of the search for them, for each that may be listed."""
_HAIR = 1e-6


@dataclass(frozen=True, eq=False)
class Choices:
    """Choices of every site.

    Parameters
    ----------
    place : (columns,) int
        Where a column stands among those of its site; -1 for one without a site, or not binary.
    first, choice : (J + 1,), (choices,) int
        The choices of each site: bit b is set where its column b is 1. None at all where they are not known.
    """

    place: Ints
    first: Ints
    choice: Ints

    @classmethod
    def of(cls, program: Program, site: Ints) -> Choices:
        """List them.

        Parameters
        ----------
        program : Program
            The program.
        site : (columns,) int
            Site of each integer column, -1 for the others.
        """
        matrix = program.matrix.tocsr()
        order = np.argsort(site, kind="stable")
        sites = int(site.max(initial=-1)) + 1
        start = np.searchsorted(site[order], np.arange(sites + 1))
        column = order[start[0] :]
        start = start - start[0]
        place = np.full(len(site), -1)
        binary = program.integer & (program.lower >= 0) & (program.upper <= 1)
        place[column] = np.arange(len(column)) - np.repeat(start[:-1], np.diff(start))
        place[~binary] = -1
        of = alone(matrix.indptr, matrix.indices, np.where(program.integer, site, -1))
        own = np.argsort(of, kind="stable")[(of < 0).sum() :]
        rows = sp.csr_matrix(matrix[own])
        known = np.diff(start) <= _COLUMNS
        known[site[column[place[column] < 0]]] = False
        limits = np.searchsorted(of[own], np.arange(sites + 1))
        first, choice = _listed(
            start, column, place, known, limits, rows.indptr, rows.indices, rows.data, program.row_lower[own],
            program.row_upper[own], program.lower, program.upper, _MOST, _STEPS * _MOST, _HAIR,
        )  # fmt: skip
        return cls(place, first, choice)


@compiled
def _listed(
    start: Ints, column: Ints, place: Ints, known: Bools, limits: Ints, row_start: Places, entry: Places, value: Floats,
    row_lower: Floats, row_upper: Floats, lower: Floats, upper: Floats, most: int, steps: int, hair: float,
) -> tuple[Ints, Ints]:  # fmt: skip
    """List the choices of all sites: where those of each begin, and what they are."""
    first, found, at = np.zeros(len(start), dtype=np.int64), np.zeros(1024, dtype=np.int64), 0
    for j in range(len(start) - 1):
        if known[j]:
            size, begin, end = start[j + 1] - start[j], limits[j], limits[j + 1]
            own = np.zeros((end - begin, size))
            for r in range(begin, end):
                for k in range(row_start[r], row_start[r + 1]):
                    own[r - begin, place[entry[k]]] += value[k]
            low, high = lower[column[start[j] : start[j + 1]]], upper[column[start[j] : start[j + 1]]]
            mine = _of_one(own, row_lower[begin:end], row_upper[begin:end], low, high, most, steps, hair)
            while at + len(mine) > len(found):
                found = np.append(found, np.zeros(len(found), dtype=np.int64))
            found[at : at + len(mine)] = mine
            at += len(mine)
        first[j + 1] = at
    return first, found[:at].copy()


@compiled
def _of_one(
    own: Floats, row_lower: Floats, row_upper: Floats, low: Floats, high: Floats, most: int, steps: int, hair: float
) -> Ints:
    """List the choices of one site, column by column, depth first; none where there are too many."""
    rows, size = own.shape
    least, larger = np.zeros((size + 1, rows)), np.zeros((size + 1, rows))
    for i in range(size - 1, -1, -1):
        least[i] = least[i + 1] + np.minimum(own[:, i] * low[i], own[:, i] * high[i])
        larger[i] = larger[i + 1] + np.maximum(own[:, i] * low[i], own[:, i] * high[i])
    total, value = np.zeros((size + 1, rows)), np.full(size + 1, -1, dtype=np.int64)
    found, count, i = np.zeros(most, dtype=np.int64), 0, 0
    for _ in range(steps):
        able = (total[i] + least[i] <= row_upper + hair).all() and (total[i] + larger[i] >= row_lower - hair).all()
        if able and i == size:
            if count == most:
                return found[:0].copy()
            for b in range(size):
                found[count] |= value[b] << b
            count += 1
        if not able or i == size:
            i -= 1
        else:
            value[i] = -1
        i = _next(value, low, high, i)
        if i < 0:
            return found[:count].copy()
        total[i + 1] = total[i] + own[:, i] * value[i]
        i += 1
    return found[:0].copy()


@compiled
def _next(value: Ints, low: Floats, high: Floats, i: int) -> int:
    """Give the last column up to one that can take a further value, which it takes; -1 where none can."""
    while i >= 0:
        value[i] += 1
        if value[i] > 1:
            i -= 1
        elif low[i] <= value[i] <= high[i]:
            return i
    return -1
