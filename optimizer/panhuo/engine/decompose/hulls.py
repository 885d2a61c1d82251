"""The hull of what fits into a room: columns that stand for its fullest choices make the relaxation tight, exactly.

A row Σ_k a_k x_k ≤ b·u over binary columns of one site (floor area, mostly) lets fractions of services share a room
that no whole ones could. Every whole choice is part of a fullest one S ⊆ items, so that with columns λ_S ≥ 0

    x_k ≤ Σ_{S ∋ k} λ_S,    Σ_S λ_S ≤ u

says the same of whole points and describes their convex hull (Balas 1998, doi:10.1016/S0166-218X(98)00136-X). On
generated districts this takes away most of the distance between the linear relaxation and the best plan.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from panhuo.compiled import compiled
from panhuo.engine.packed import Packed
from panhuo.engine.program import Bools, Floats, Program
from panhuo_models.data import Ints

ITEMS = 10
"""Most items of a row that is described by its fullest choices: their number grows as fast as that of subsets."""
_HAIR = 1e-9


@dataclass(frozen=True, eq=False)
class _Knapsacks:
    """Rows Σ a·x ≤ b·u: items, what they take, and the rest.

    Parameters
    ----------
    start : (K + 1,) int
        Where the items of each begin.
    item : (items,) int
        Their columns.
    takes : (items,) float
        a.
    room : (K,) float
        b.
    used : (K,) int
        Column u; -1: the row says b alone.
    """

    start: Ints
    item: Ints
    takes: Floats
    room: Floats
    used: Ints


def hulls(program: Program, site: Ints) -> Program:
    """Append the fullest choices of every row that only the binary columns of one site stand in.

    Parameters
    ----------
    program : Program
        To be maximised; L rows, n columns.
    site : (n,) int
        Site of each integer column, -1 for the others.

    Returns
    -------
    Program
        With more rows and columns behind those of ``program``, and the same plans; its matrix packed. The columns
        appended are not declared integral. ``program`` itself where nothing is to be appended.
    """
    found = _knapsacks(program, site)
    if not len(found.room):
        return program
    sets, of = _fullest(found.start, found.takes, found.room)
    columns = program.matrix.shape[1]
    count = np.diff(found.start)
    many = np.bincount(of, minlength=len(found.room))
    first = np.concatenate([[0], np.cumsum(many)])
    # one row an item: x_k − Σ λ ≤ 0, an entry for each choice that holds it
    item_of = np.repeat(np.arange(len(found.room)), count)
    places = np.arange(len(found.item)) - found.start[item_of]
    entry_item = np.repeat(np.arange(len(found.item)), many[item_of])
    entry_set = _within(many[item_of]) + np.repeat(first[item_of], many[item_of])
    holds = (sets[entry_set] >> places[entry_item]) & 1 == 1
    entry_item, entry_set = entry_item[holds], entry_set[holds]
    items, limits = len(found.item), np.flatnonzero(found.used >= 0)
    rows = np.concatenate([np.arange(items), entry_item, items + of, items + limits])
    places = np.concatenate([found.item, columns + entry_set, columns + np.arange(len(of)), found.used[limits]])
    values = np.concatenate([np.ones(items), -np.ones(len(entry_set)), np.ones(len(of)), -np.ones(len(limits))])
    more, extra = len(of), items + len(found.room)
    below = sp.csr_matrix((values, (rows, places)), shape=(extra, columns + more))
    none = np.zeros(more, dtype=bool)
    return replace(
        program,
        matrix=Packed.stacked([program.matrix, below], columns + more),
        row_lower=np.append(program.row_lower, np.full(extra, -np.inf)),
        row_upper=np.concatenate([program.row_upper, np.zeros(items), np.where(found.used >= 0, 0.0, 1.0)]),
        lower=np.append(program.lower, np.zeros(more)),
        upper=np.append(program.upper, np.ones(more)),
        integer=np.append(program.integer, none),
        implied=None if program.implied is None else np.append(program.implied, none),
        cost=np.append(program.cost, np.zeros(more)),
    )


def first(tight: Program, rows: int, columns: int) -> Program:
    """Give what hulls were appended to, a view: the first rows, which have entries in the first columns alone.

    The matrix is packed.
    """
    return replace(
        tight,
        matrix=tight.matrix.part(0, rows, columns),
        row_lower=tight.row_lower[:rows],
        row_upper=tight.row_upper[:rows],
        lower=tight.lower[:columns],
        upper=tight.upper[:columns],
        integer=tight.integer[:columns],
        implied=None if tight.implied is None else tight.implied[:columns],
        cost=tight.cost[:columns],
    )


def unpacked(program: Program) -> Program:
    """Give the same program, its matrix unpacked, in memory of its own."""
    return replace(
        program,
        matrix=program.matrix.tocsr(),
        row_lower=program.row_lower.copy(),
        row_upper=program.row_upper.copy(),
        lower=program.lower.copy(),
        upper=program.upper.copy(),
        integer=program.integer.copy(),
        implied=None if program.implied is None else program.implied.copy(),
        cost=program.cost.copy(),
    )


def _knapsacks(program: Program, site: Ints) -> _Knapsacks:
    """Find the rows Σ a·x ≤ b·u, or ≤ b, of one site in which not all items fit."""
    matrix = program.matrix.tocsr()
    binary: Bools = program.integer & (program.lower == 0) & (program.upper == 1) & (site >= 0)
    one, items, negative, room, whole, least, most = _looked_at(
        matrix.indptr, matrix.indices, matrix.data, np.where(binary, site, -1)
    )
    fits = (
        one
        & (program.row_lower == -np.inf)
        & (items > 1)
        & (items <= ITEMS)
        & (((negative == 1) & (program.row_upper == 0)) | ((negative == 0) & (program.row_upper > 0)))
    )
    room = np.where(negative == 1, room, 0.0)
    room = np.where(negative == 0, program.row_upper, room)
    fits &= whole > room * (1 + _HAIR)
    with np.errstate(invalid="ignore"):
        fits &= (least < most) | (room % most > 0)  # else the row is its own hull: so many of alike items
    kept = np.flatnonzero(fits)
    rows = matrix[kept]
    mine, used = rows.data > 0, np.full(len(kept), -1)
    used[np.repeat(np.arange(len(kept)), np.diff(rows.indptr))[~mine]] = rows.indices[~mine]
    start = np.concatenate([[0], np.cumsum(items[kept])])
    return _Knapsacks(start, rows.indices[mine].astype(np.int64), rows.data[mine], room[kept] * (1 + _HAIR), used)


@compiled
def _looked_at(
    starts: Ints, columns: Ints, values: Floats, site: Ints
) -> tuple[Bools, Ints, Ints, Floats, Floats, Floats, Floats]:
    """Say of each row whether all its columns are of one site (-1: a column is of none), and what stands in it.

    Returns
    -------
    one : (rows,) bool
        All columns are of one site.
    items, negative : (rows,) int
        How many entries are positive, and how many are not.
    room, whole : (rows,) float
        What the negative ones add up to, turned positive; what the positive ones do.
    least, most : (rows,) float
        The smallest and the largest positive one.
    """
    height = len(starts) - 1
    one, items, negative = np.ones(height, dtype=np.bool_), np.zeros(height, np.int64), np.zeros(height, np.int64)
    room, whole, least, most = np.zeros(height), np.zeros(height), np.full(height, np.inf), np.zeros(height)
    for i in range(height):
        for k in range(starts[i], starts[i + 1]):
            own, value = site[columns[k]], values[k]
            one[i] = one[i] and own >= 0 and own == site[columns[starts[i]]]
            if value > 0:
                items[i] += 1
                whole[i] += value
                least[i], most[i] = min(least[i], value), max(most[i], value)
            else:
                negative[i] += 1
                room[i] -= value
    return one, items, negative, room, whole, least, most


def _within(count: Ints) -> Ints:
    """Give 0 … count − 1 for each count in turn."""
    before = np.cumsum(count) - count
    return np.arange(int(count.sum())) - np.repeat(before, count)


@compiled
def _fullest(start: Ints, takes: Floats, room: Floats) -> tuple[Ints, Ints]:
    """List the fullest choices, as bits, and the row each is of: no item that is left out would fit."""
    sets, of = [0], [0]
    sets.pop()
    of.pop()
    weight = np.empty(1 << ITEMS)
    for k in range(len(room)):
        items = start[k + 1] - start[k]
        weight[0] = 0.0
        for chosen in range(1, 1 << items):
            low = 0
            while not (chosen >> low) & 1:
                low += 1
            weight[chosen] = weight[chosen & (chosen - 1)] + takes[start[k] + low]
        for chosen in range(1 << items):
            if weight[chosen] > room[k]:
                continue
            full = True
            for item in range(items):
                if not (chosen >> item) & 1 and weight[chosen | (1 << item)] <= room[k]:
                    full = False
                    break
            if full:
                sets.append(chosen)
                of.append(k)
    return np.array(sets, dtype=np.int64), np.array(of, dtype=np.int64)
