"""Sites that share demand, and clusters of them."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from panhuo.compiled import compiled
from panhuo.engine.alike import Places
from panhuo.engine.decompose.around import by_columns
from panhuo.engine.program import Bools, Floats, Program
from panhuo_models.data import Ints

WIDE = 0.02
"""A row that touches more than this share of the sites links them all: budget, funds, shares."""
_WIDE_SITES = 60
"""… and more than so many sites, whatever their number."""
_SMALL = 0.5
"""A cluster below this share of the size asked for is joined to the one it shares most with."""
_LARGE = 1.3
"""… up to so many times that size."""


@dataclass(frozen=True, eq=False)
class Ground:
    """What ties the columns and rows of a program to sites, and sites to each other.

    Parameters
    ----------
    site : (columns,) int
        Site of each integer column; -1 for the others.
    touches : csr_matrix of int8, (rows, J)
        1 where a row holds an integer column of a site.
    linking : (rows,) bool
        The row spans sites without any being near another: it is priced in windows.
    near : csr_matrix, (J, J)
        How much two sites share: the summed weight of the rows that touch both and do not link. Symmetric, no diagonal.
    size : (J,) int
        Integer columns of each site.
    """

    site: Ints
    touches: sp.csr_matrix
    linking: Bools
    near: sp.csr_matrix
    size: Ints

    @classmethod
    def of(cls, program: Program, site: Ints, weight: Floats) -> Ground:
        """Work it out.

        Parameters
        ----------
        program : Program
            The program.
        site : (columns,) int
            Site of each integer column.
        weight : (rows,) float
            What a row weighs: the size of its price.
        """
        matrix = program.matrix.tocsr()
        sites = int(site.max(initial=-1)) + 1
        of, starts = _touched(matrix.indptr, matrix.indices, site, sites)
        touches = sp.csr_matrix((np.ones(len(of), dtype=np.int8), of, starts), (matrix.shape[0], sites))
        touches.sort_indices()
        count = np.diff(touches.indptr)
        linking = count > max(WIDE * sites, _WIDE_SITES)
        shared = np.where(linking, 0.0, np.maximum(np.abs(weight), 1e-9))
        of_starts, of_rows = by_columns(touches.indptr, touches.indices, sites)
        near = sp.csr_matrix(_near(touches.indptr, touches.indices, of_starts, of_rows, shared), shape=(sites, sites))
        return cls(site, touches, linking, near, np.bincount(site[site >= 0], minlength=sites))


@compiled
def _touched(starts: Places, columns: Places, site: Ints, sites: int) -> tuple[Places, Places]:
    """List the sites that the columns of each row are of, each once, and say where those of a row begin."""
    last, found_starts = np.full(sites, -1), np.zeros(len(starts), dtype=starts.dtype)
    for i in range(len(starts) - 1):
        found_starts[i + 1] = found_starts[i]
        for k in range(starts[i], starts[i + 1]):
            j = site[columns[k]]
            if j >= 0 and last[j] != i:
                last[j] = i
                found_starts[i + 1] += 1
    found = np.empty(found_starts[-1], dtype=columns.dtype)
    last[:], end = -1, 0
    for i in range(len(starts) - 1):
        for k in range(starts[i], starts[i + 1]):
            j = site[columns[k]]
            if j >= 0 and last[j] != i:
                last[j], found[end] = i, j
                end += 1
    return found, found_starts


@compiled
def _near(
    starts: Places, sites: Places, of_starts: Places, of_rows: Places, shared: Floats
) -> tuple[Floats, Places, Places]:
    """Sum up what each site shares with others, row by row: values, sites and starts.

    Products of sparse matrices hold each entry of a city's several times over.
    """
    count = len(of_starts) - 1
    total, found = np.zeros(count), np.empty(count, dtype=sites.dtype)
    near_starts = np.zeros(count + 1, dtype=starts.dtype)
    values, others = np.empty(0), np.empty(0, dtype=sites.dtype)
    for fills in (False, True):
        at = 0
        for j in range(count):
            many = 0
            for e in range(of_starts[j], of_starts[j + 1]):
                i = of_rows[e]
                if shared[i] == 0:
                    continue
                for k in range(starts[i], starts[i + 1]):
                    other = sites[k]
                    if other != j:
                        if total[other] == 0:
                            found[many] = other
                            many += 1
                        total[other] += shared[i]
            for n in range(many):
                if fills:
                    values[at + n], others[at + n] = total[found[n]], found[n]
                total[found[n]] = 0.0
            at += many
            near_starts[j + 1] = at
        if not fills:
            values, others = np.empty(at), np.empty(at, dtype=sites.dtype)
    return values, others, near_starts


@compiled
def spanned(starts: Ints, columns: Ints, of: Ints) -> tuple[Ints, Ints, Ints]:
    """Say which groups of columns each row of a matrix spans.

    Parameters
    ----------
    starts, columns : (rows + 1,), (k,) int
        The matrix in compressed rows.
    of : (columns,) int
        Group of each column; those below 0 do not count.

    Returns
    -------
    least, most, count : (rows,) int
        Smallest and largest group, and how many columns count; the largest number there is and -1 where none does.
    """
    least, most = np.full(len(starts) - 1, np.iinfo(np.int64).max), np.full(len(starts) - 1, -1)
    count = np.zeros(len(starts) - 1, dtype=np.int64)
    for i in range(len(starts) - 1):
        for k in range(starts[i], starts[i + 1]):
            group = of[columns[k]]
            if group >= 0:
                least[i], most[i] = min(least[i], group), max(most[i], group)
                count[i] += 1
    return least, most, count


def alone(starts: Places, columns: Places, of: Ints) -> Ints:
    """Give, for each row of a matrix, the one group that all its columns are of; -1 for other rows.

    Parameters
    ----------
    starts, columns, of
        As of :func:`spanned`.
    """
    least, most, count = spanned(starts, columns, of)
    return np.where((least == most) & (count == np.diff(starts)), most, -1)


def clusters(ground: Ground, size: float) -> Ints:
    """Part the sites into clusters that share little with each other.

    Each is grown from the first site left, always by the site that shares most with it, as a part of what that site
    shares at all; small ones are joined to their neighbours.

    Parameters
    ----------
    ground : Ground
        The sites.
    size : float
        Integer columns of a cluster.

    Returns
    -------
    (J,) int
        Cluster of each site.
    """
    degree = np.asarray(ground.near.sum(axis=1)).ravel()
    scale, part = 1 / np.where(degree > 0, degree, 1.0), np.full(len(degree), -1)
    found = 0
    for first in range(len(degree)):
        if part[first] < 0:
            part[grown(ground, first, size, part >= 0, scale)] = found
            found += 1
    return _joined(ground, part, size)


def grown(ground: Ground, first: int, size: float, barred: Bools, scale: Floats) -> Ints:
    """Grow a group of sites.

    Parameters
    ----------
    first : int
        Where to start.
    size : float
        Integer columns at which it ends.
    barred : (J,) bool
        Sites that may not be taken.
    scale : (J,) float
        By what the weight shared with a site is multiplied.

    Returns
    -------
    (s,) int
        The sites, in the order they were taken.
    """
    near = ground.near
    return _grown(near.indptr, near.indices, near.data, first, size, barred, scale, ground.size)


@compiled
def _grown(
    starts: Ints, sites: Ints, shared: Floats, first: int, size: float, barred: Bools, scale: Floats, holds: Ints
) -> Ints:
    taken, held, done = np.empty(len(holds), dtype=np.int64), np.zeros(len(holds)), np.zeros(len(holds), dtype=np.bool_)
    many = count = 0
    heap = [(0.0, first)]
    while heap and count < size:
        weight, j = heapq.heappop(heap)
        if done[j] or -weight < held[j]:
            continue
        done[j] = True
        taken[many] = j
        many += 1
        count += holds[j]
        for n in range(starts[j], starts[j + 1]):
            k = np.int64(sites[n])
            if not done[k] and not barred[k]:
                held[k] += shared[n] * scale[k]
                heapq.heappush(heap, (-float(held[k]), int(k)))
    return taken[:many].copy()


def _joined(ground: Ground, part: Ints, size: float) -> Ints:
    """Join small clusters to the one they share most with, the smallest first; those that share nothing, together."""
    count = int(part.max(initial=-1)) + 1
    holds = np.bincount(part, ground.size, minlength=count)
    member = sp.csr_matrix((np.ones(len(part)), (np.arange(len(part)), part)), shape=(len(part), count))
    shared = [dict[int, float]() for _ in range(count)]
    between = sp.coo_matrix(member.T @ ground.near @ member)
    for a, b, weight in zip(between.row.tolist(), between.col.tolist(), between.data.tolist(), strict=True):
        if a != b:
            shared[a][b] = weight
    into = np.arange(count)
    heap = [(held, c) for c, held in enumerate(holds.tolist())]
    heapq.heapify(heap)
    alone = -1
    while heap:
        held, c = heapq.heappop(heap)
        if held != holds[c] or into[c] != c or held >= _SMALL * size:
            continue
        fits = [(-weight, b) for b, weight in shared[c].items() if holds[b] + held <= _LARGE * size]
        if fits:
            target = min(fits)[1]
        elif not shared[c] and alone >= 0 and alone != c and holds[alone] + held <= size:
            target = alone
        else:
            alone = c if not shared[c] else alone
            continue
        into[into == c] = target
        holds[target] += held
        holds[c] = 0
        for b, weight in shared[c].items():
            del shared[b][c]
            if b != target:
                shared[target][b] = shared[target].get(b, 0.0) + weight
                shared[b][target] = shared[target][b]
        shared[c] = {}
        if into[alone] != alone:
            alone = int(into[alone])
        heapq.heappush(heap, (holds[target], target))
    return np.unique(into[part], return_inverse=True)[1]
