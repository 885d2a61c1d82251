"""Who is within a straight radius of which sites, point by point, kept once for all points with the same sites."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.compiled import compiled
from panhuo.engine.alike import Hashes, Places, alike, marks, rehashed, slot
from panhuo.engine.program import Floats
from panhuo_models.data import Ints

FINE = 4
"""Cells of the grid a radius is wide."""
MOST_CELLS = 1024
"""Most cells of the grid along each side."""
SLICE = 100_000
"""Fewest points that a thread of its own is worth."""
_SMALL = 64


def near(demand: NDArray[Any], sites: NDArray[Any], radius: float, threads: int = 0) -> tuple[sp.csr_matrix, Places]:
    """Find who is within a straight radius of which sites.

    The pairs are never held all at once: the sites of a point are looked up, and kept only where no point before had
    the same ones. Sites stand in the cells of a grid that they can reach into.

    Parameters
    ----------
    demand, sites : (D, 2), (J, 2) float
        Positions, finite; demand may be of 4 bytes a number.
    radius : float
        In the unit of the positions; closed.
    threads : int
        How many; 0: all cores. What comes out is the same.

    Returns
    -------
    within : csr_matrix of bool, (R, J)
        The different sets of sites, in the order in which the first point of each stands; an empty one among them
        where points are out of reach.
    row : (D,) int32
        The row of each demand point.
    """
    place, mark_of = sites.astype(float), marks(len(sites))
    ends = np.array([[array.min(axis=0), array.max(axis=0)] for array in (demand, place)])
    radius = min(radius, 2.0 * float((ends.max(axis=(0, 1)) - ends.min(axis=(0, 1))).max()) + 1.0)  # it may be infinite
    corner, width, size, first, site = _grid(place, radius)
    count = max(1, min(threads or os.cpu_count() or 1, len(demand) // SLICE))
    row = np.empty(len(demand), dtype=np.int32)
    parts, rows = np.array_split(demand, count), np.array_split(row, count)
    with ThreadPoolExecutor(count) as pool:
        found = list(pool.map(lambda part, its: _near(part, place, radius * radius, corner, width, size, first, site,
                                                      mark_of, its), parts, rows))  # fmt: skip
    begin, column = found[0]
    for its, (more, columns) in zip(rows[1:], found[1:], strict=True):
        known = len(begin) - 1
        begin, column = np.append(begin, more[1:] + begin[-1]), np.append(column, columns)
        group, kept = alike(begin, column, np.zeros(len(begin) - 1, dtype=np.int64), mark_of)
        renumber(its, group[known:])
        sets = _sets(begin, column, len(sites))[kept]
        begin, column = sets.indptr, sets.indices
    return _sets(begin, column, len(sites)), row


def _sets(begin: Ints, column: Places, sites: int) -> sp.csr_matrix:
    return sp.csr_matrix((np.ones(len(column), dtype=bool), column, begin), shape=(len(begin) - 1, sites))


@compiled
def renumber(row: Places, number: Places) -> None:
    """Give each row its new number, in place."""
    for i in range(len(row)):
        row[i] = number[row[i]]


@compiled
def sum_by(row: Places, weight: Floats, rows: int) -> Floats:
    """Add up weights by row, (rows,)."""
    total = np.zeros(rows)
    for i in range(len(row)):
        total[row[i]] += weight[i]
    return total


def _grid(sites: Floats, radius: float) -> tuple[Floats, float, Ints, Ints, Places]:
    """Lay a grid over all that the sites reach; give its corner, the width and number of cells, each cell's sites."""
    low, high = sites.min(axis=0) - radius, sites.max(axis=0) + radius
    width = max(radius / FINE, float((high - low).max()) / MOST_CELLS) or 1.0
    size = np.maximum(np.ceil((high - low) / width).astype(np.int64), 1) + 1
    first, site = _cells(sites, radius * (1 + 1e-9), low, width, size)
    return low, width, size, first, site


@compiled
def _cells(sites: Floats, radius: float, corner: Floats, width: float, size: Ints) -> tuple[Ints, Places]:
    """List the sites that reach into each cell, ascending: where those of a cell begin, and which they are."""
    first = np.zeros(size[0] * size[1] + 1, dtype=np.int64)
    site = np.empty(0, dtype=np.int32)
    for filling in (False, True):
        for j in range(len(sites)):
            x, y = sites[j, 0] - corner[0], sites[j, 1] - corner[1]
            for a in range(max(int((x - radius) / width) - 1, 0), min(int((x + radius) / width) + 2, size[0])):
                dx = max(a * width - x, x - (a + 1) * width, 0.0)
                for b in range(max(int((y - radius) / width) - 1, 0), min(int((y + radius) / width) + 2, size[1])):
                    dy = max(b * width - y, y - (b + 1) * width, 0.0)
                    if dx * dx + dy * dy <= radius * radius * (1 + 1e-9) + 1e-12 * width * width:
                        cell = a * size[1] + b
                        if filling:
                            site[first[cell]] = j
                            first[cell] += 1
                        else:
                            first[cell + 1] += 1
        if filling:
            first[1:] = first[:-1].copy()
            first[0] = 0
        else:
            first[:] = np.cumsum(first)
            site = np.empty(first[-1], dtype=np.int32)
    return first, site


@compiled
def _near(
    demand: NDArray[Any], sites: Floats, square: float, corner: Floats, width: float, size: Ints, first: Ints,
    site: Places, mark_of: Hashes, row: Places,
) -> tuple[Ints, Places]:  # fmt: skip
    """Fill in the row of each point; give where the sites of each row begin, and which they are."""
    found, column = np.empty(_SMALL, dtype=np.uint64), np.empty(16 * _SMALL, dtype=np.int32)
    bounds, keys = np.zeros(_SMALL + 1, dtype=np.int64), np.zeros(_SMALL, dtype=np.int64)
    table, count = rehashed(found, 0), 0
    for i in range(len(demand)):
        x, y = np.float64(demand[i, 0]), np.float64(demand[i, 1])
        begin = bounds[count]
        end, mark = begin, np.uint64(0)
        a, b = np.floor((x - corner[0]) / width), np.floor((y - corner[1]) / width)
        if 0 <= a < size[0] and 0 <= b < size[1]:
            cell = np.int64(a) * size[1] + np.int64(b)
            if begin + first[cell + 1] - first[cell] > len(column):
                column = np.concatenate((column, np.empty(len(column) + len(sites), dtype=np.int32)))
            for k in range(first[cell], first[cell + 1]):
                j = site[k]
                dx, dy = x - sites[j, 0], y - sites[j, 1]
                inside = np.int64(dx * dx + dy * dy <= square)  # a branch here is guessed wrong half the time
                column[end] = j
                end += inside
                mark += mark_of[j] * np.uint64(inside)
        n = slot(table, found, bounds, bounds[1:], keys, column, mark, 0, begin, end)
        if table[n] < 0:
            if count == len(found):
                found, keys = np.concatenate((found, found)), np.concatenate((keys, keys))
                bounds = np.concatenate((bounds, np.empty(count, dtype=np.int64)))
            found[count], bounds[count + 1], keys[count] = mark, end, 0
            table[n] = count
            count += 1
            row[i] = count - 1
            if 2 * count > len(table):
                table = rehashed(found, count)
        else:
            row[i] = table[n]
    return bounds[: count + 1].copy(), column[: bounds[count]].copy()
