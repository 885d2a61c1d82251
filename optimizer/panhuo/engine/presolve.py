"""Exact presolve of reach and flow rows: what nothing reaches is dropped, what is reached alike is merged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.engine.alike import Places, alike, marks
from panhuo_models.data import Bools, Floats, Flow, Ints, Reach

_SEED = 20_200_101
_EVEN = 1e9
"""Shares of tiers in a cell are compared to one part in so many."""
_Hashes = NDArray[np.uint64]


def merge(reach: Reach) -> Reach:
    """Merge reach rows: :func:`merge_reach` without the way back."""
    return merge_reach(reach)[0]


def merge_reach(reach: Reach) -> tuple[Reach, Places]:
    """Merge reach rows that have the same columns, tally and mandatory flag; drop those no column reaches.

    Such rows are covered together or not at all, so that one row with the sum of their demand says the same: every
    plan keeps its value.

    Parameters
    ----------
    reach : Reach
        R rows.

    Returns
    -------
    merged : Reach
        At most R rows, in the order in which the first of each was found.
    of : (R,) int32
        The merged row that each is part of; -1 where no column reaches it.
    """
    within = _plain(reach.within)
    live = np.flatnonzero(np.diff(within.indptr))
    of = np.full(len(reach), -1, dtype=np.int32)
    if not len(live):
        return Reach(within[live], reach.demand[live], reach.tally[live], reach.mandatory[live]), of
    keys = 2 * reach.tally[live] + reach.mandatory[live]
    starts = np.append(within.indptr[live], within.indptr[-1])  # the rows between are empty
    group, first = alike(starts, within.indices, keys, marks(within.shape[1]))
    of[live] = group
    demand: Floats = np.bincount(group, weights=reach.demand[live]).astype(np.float64)
    rows = live[first]
    merged = within[rows]
    merged.data = within.data[: merged.nnz]  # all ones: the same memory serves
    return Reach(merged, demand, reach.tally[rows], reach.mandatory[rows]), of


def _plain(within: sp.spmatrix) -> sp.csr_matrix:
    """Give what reaches whom with the columns of each row ascending, each once; copied only where it is not so yet."""
    plain = within.tocsr()
    if plain.dtype != bool or not plain.has_canonical_format or not plain.data.all():
        plain = plain.astype(bool)
        plain.sum_duplicates()
        plain.eliminate_zeros()
    return plain


@dataclass(frozen=True)
class MergedFlow:
    """Merged flow rows, and the way back.

    Parameters
    ----------
    flow : Flow
        The merged rows.
    pair : (X,) int
        The merged pair that each original pair is part of.
    share : (X,) float
        Its part of it: demand of the original row by demand of the merged one.
    """

    flow: Flow
    pair: Ints
    share: Floats

    def hand_back(self, assigned: Floats) -> Floats:
        """Hand the people assigned to merged pairs back to the original ones, in proportion to demand.

        Parameters
        ----------
        assigned : (merged pairs,) float [persons]
            People assigned.

        Returns
        -------
        (X,) float [persons]
            The same people, pair by original pair.
        """
        return assigned[self.pair] * self.share

    def add_up(self, assigned: Floats) -> Floats:
        """Add up what is assigned to original pairs, (X,), by merged pair."""
        return np.bincount(self.pair, assigned, minlength=len(self.flow.row)).astype(np.float64)


def merge_alike(flow: Flow) -> MergedFlow:
    """Merge alike cells: those of the same tally whose tiers, one by one, have the same outlets and uptakes.

    By the rule of equal treatment (:class:`panhuo_models.data.Flow`) the same share of a tier goes to each outlet in
    alike cells: their sum says the same, and what goes to its outlets is handed back in proportion to demand.

    Parameters
    ----------
    flow : Flow
        G rows, X pairs.

    Returns
    -------
    MergedFlow
        At most G rows, cells in the order in which the first of each group was found, tiers ascending in each; rows
        without any outlet are dropped.
    """
    return _merged(flow, None)


def merge_flow(flow: Flow, need: Ints) -> MergedFlow:
    """Merge alike cells that mix their tiers alike, which loses nothing even where equal treatment is not asked for.

    Summing the cells of a group, a plan of the old rows gives one of the new: demand, open outlets and loads are sums.
    Handing people back in proportion to demand, a plan of the new rows gives one of the old: every row of a group then
    sends the same share of its people to an outlet, so that demand and open outlets hold row by row, loads and tallies
    are what they were, and fairness, which compares such shares, holds in each cell as it did in the merged one. Where
    a cell has tiers of unequal need, its fairness survives the sum only if all cells of the group mix the tiers alike:
    such cells are merged only where the tiers' shares of the cell agree to 1e-9. Cells become alike when outlets are
    left out that no plan keeps.

    Parameters
    ----------
    flow : Flow
        G rows, X pairs.
    need : (H,) int
        Rank of need of each tier.

    Returns
    -------
    MergedFlow
        As from :func:`merge_alike`.
    """
    return _merged(flow, need)


def _merged(flow: Flow, need: Ints | None) -> MergedFlow:
    """Merge cells that are alike, and mix their tiers alike where a rank of need is given.

    Cells are found by a hash and then compared pair by pair; were two different ones to share a hash, they merely stay
    apart.
    """
    rows, start = _in_cells(flow)
    count = np.bincount(flow.row, minlength=len(flow))
    position = np.full(len(flow), -1)
    position[rows] = np.arange(len(rows))
    # Pairs in the order of the rows, the outlets of a row ascending.
    pairs = np.lexsort((flow.outlet, position[flow.row]))
    if not len(rows):
        return MergedFlow(_taken(flow, rows, pairs, flow.demand[rows], np.zeros(0, np.int64)), pairs, np.zeros(0))
    cell = np.repeat(np.arange(len(start) - 1), np.diff(start))
    mix = np.zeros(len(rows), dtype=np.int64) if need is None else _mix(flow, need, rows, start, cell)
    first_pair = np.concatenate([[0], np.cumsum(count[rows])])
    bounds = first_pair[start]
    tier = flow.tier[flow.row[pairs]]
    columns = [flow.outlet[pairs], tier, flow.uptake[pairs], mix[position[flow.row[pairs]]]]
    hashes = _cell_hashes(columns, bounds[:-1])
    group, kept = _alike(bounds, columns, flow.tally[rows[start[:-1]]][None, :], hashes)
    # The n-th row of a cell joins the n-th row of the first cell of its group, and so does the n-th pair.
    size, width = np.diff(start)[kept], np.diff(bounds)[kept]
    new_start = np.concatenate([[0], np.cumsum(size)])
    new_bounds = np.concatenate([[0], np.cumsum(width)])
    new_row = np.arange(len(rows)) - start[:-1][cell] + new_start[group[cell]]
    demand = np.bincount(new_row, weights=flow.demand[rows]).astype(np.float64)
    of_pair = cell[position[flow.row[pairs]]]
    new_pair = np.arange(len(pairs)) - bounds[:-1][of_pair] + new_bounds[group[of_pair]]
    cells = np.repeat(np.arange(len(kept)), size)
    merged = _taken(flow, rows[_members(start, kept)], pairs[_members(bounds, kept)], demand, cells)
    pair, share = np.empty(len(pairs), dtype=np.int64), np.empty(len(pairs))
    pair[pairs] = new_pair
    share[pairs] = flow.demand[flow.row[pairs]] / demand[new_row[position[flow.row[pairs]]]]
    return MergedFlow(merged, pair, share)


def _in_cells(flow: Flow) -> tuple[Ints, Ints]:
    """Order the rows that have an outlet by cell and tier; say where each cell begins (and the last one ends)."""
    live = np.flatnonzero(np.bincount(flow.row, minlength=len(flow)))
    rows = live[np.lexsort((flow.tier[live], flow.cell[live]))]
    begins = np.flatnonzero(np.diff(flow.cell[rows], prepend=-1))
    return rows, np.append(begins, len(rows))


def _mix(flow: Flow, need: Ints, rows: Ints, start: Ints, cell: Ints) -> Ints:
    """Give each row's part of its cell, in parts of :data:`_EVEN`; 0 in cells whose tiers are all in equal need."""
    rank, demand = need[flow.tier[rows]], flow.demand[rows]
    ranked = np.maximum.reduceat(rank, start[:-1]) > np.minimum.reduceat(rank, start[:-1])
    whole = np.add.reduceat(demand, start[:-1])
    return np.where(ranked[cell], np.rint(_EVEN * demand / whole[cell]), 0.0).astype(np.int64)


def _taken(flow: Flow, rows: Ints, pairs: Ints, demand: Floats, cell: Ints) -> Flow:
    """Take some rows and their pairs, with another demand and cell."""
    place = np.full(len(flow), -1)
    place[rows] = np.arange(len(rows))
    return Flow(
        demand, flow.tally[rows], flow.tier[rows], cell, place[flow.row[pairs]], flow.outlet[pairs], flow.uptake[pairs]
    )


def _members(bounds: Ints, groups: Ints) -> Ints:
    """List bounds[g] … bounds[g + 1] − 1 of some groups, in turn."""
    count = np.diff(bounds)[groups]
    before = np.cumsum(count) - count
    return np.arange(int(count.sum())) + np.repeat(bounds[groups] - before, count)


def _cell_hashes(columns: list[NDArray[np.generic]], begins: Ints) -> _Hashes:
    """Hash each cell's pairs: the sum, modulo 2⁶⁴, of what their columns' bits are scattered to."""
    odd = np.random.default_rng(_SEED).integers(0, 2**63, size=len(columns), dtype=np.uint64) * 2 + 1
    mixed = np.zeros(len(columns[0]), dtype=np.uint64)
    for factor, column in zip(odd, columns, strict=True):
        mixed = (mixed ^ column.view(np.uint64)) * factor
        mixed ^= mixed >> np.uint64(29)
    sums: _Hashes = np.add.reduceat(mixed, begins)
    return sums


def _alike(
    bounds: Ints, columns: list[NDArray[np.generic]], keys: NDArray[np.int64], hashes: _Hashes
) -> tuple[Ints, Ints]:
    """Group stretches bounds[n] … bounds[n + 1] − 1 of the columns that are equal and have equal keys.

    Parameters
    ----------
    bounds : (n + 1,) int
        Where the stretches begin and end; none is empty.
    columns : list of arrays
        What is compared, entry by entry.
    keys : (keys, n) int
        What else must be equal.
    hashes : (n,) uint64
        Equal for equal stretches; only neighbours in their order are compared.

    Returns
    -------
    group : (n,) int
        The group of each stretch.
    first : (groups,) int
        The first stretch of each group, ascending.
    """
    stretches = len(bounds) - 1
    order = np.lexsort((np.arange(stretches), hashes, *keys))
    before, here = order[:-1], order[1:]
    length = np.diff(bounds)
    same: Bools = (keys[:, before] == keys[:, here]).all(axis=0) & (length[before] == length[here])
    alike = np.flatnonzero(same)
    if len(alike):
        left, right = _members(bounds, before[alike]), _members(bounds, here[alike])
        equal = np.logical_and.reduce([column[left] == column[right] for column in columns])
        count = length[before[alike]]
        same[alike] = np.logical_and.reduceat(equal, np.cumsum(count) - count)
    starts = np.concatenate(([True], ~same))
    found = np.empty(stretches, dtype=np.int64)
    found[order] = np.cumsum(starts) - 1
    first = order[starts]
    rank = np.argsort(first)
    place = np.empty(len(first), dtype=np.int64)
    place[rank] = np.arange(len(first))
    return place[found], first[rank]
