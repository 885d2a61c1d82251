"""Reach and flow rows as arrays: millions of pairs never pass through a loop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from panhuo.compiled import compiled
from panhuo.engine.alike import Places
from panhuo.engine.program import Floats
from panhuo_models.data import Flow, Ints, SitingData
from panhuo_models.doors import Doors, load_pairs, tally_of_outlets, uptakes

Families = Mapping[str, slice]


@dataclass(frozen=True)
class PeopleRows:
    """row_lower ≤ matrix·x ≤ row_upper: what ties covered and assigned to the planning columns.

    Parameters
    ----------
    covering : Covering
        The first R rows.
    matrices : tuple of csr_matrix, (rows, columns) each
        Those below, one above the other: demand (G), serving (pairs of door and tier), fair, counting (T).
    row_lower, row_upper : (rows,) float
        Bounds of all of them.
    """

    covering: Covering
    matrices: tuple[sp.csr_matrix, ...]
    row_lower: Floats
    row_upper: Floats


@dataclass(frozen=True)
class Covering:
    """covered[r] − Σ_{N[r]} (offer, stays_open) ≤ 0: millions of entries, written where they are to stand.

    Parameters
    ----------
    within : csr_matrix of bool, (R, S + E)
        What reaches whom, ascending.
    offers : int
        S.
    offer, stays_open, covered : int
        First column of each family.
    """

    within: sp.csr_matrix
    offers: int
    offer: int
    stays_open: int
    covered: int

    def __len__(self) -> int:
        return int(self.within.shape[0])

    @property
    def nnz(self) -> int:
        """How many entries they have."""
        return int(self.within.nnz) + len(self)

    def write(self, columns: Places, values: Floats) -> Places:
        """Write down column and value of each entry, and give where the rows end, (R,)."""
        within = self.within
        _cover(within.indptr, within.indices, self.offers, self.offer, self.stays_open, self.covered, columns, values)
        return self.ends

    def mark(self, columns: Places) -> Places:
        """Write down the column j of each entry as it is packed, −1 − j for −1, and give where the rows end, (R,)."""
        within = self.within
        _mark(within.indptr, within.indices, self.offers, self.offer, self.stays_open, self.covered, columns)
        return self.ends

    @property
    def ends(self) -> Places:
        """Where the rows end, (R,)."""
        return self.within.indptr[1:] + np.arange(1, len(self) + 1, dtype=self.within.indptr.dtype)


@compiled
def _mark(
    starts: Places, within: Places, offers: int, offer: int, stays_open: int, covered: int, columns: Places
) -> None:
    at = 0
    for r in range(len(starts) - 1):
        for k in range(starts[r], starts[r + 1]):
            n = within[k]
            columns[at] = -1 - (n + (offer if n < offers else stays_open - offers))
            at += 1
        columns[at] = covered + r
        at += 1


@compiled
def _cover(
    starts: Places, within: Places, offers: int, offer: int, stays_open: int, covered: int, columns: Places,
    values: Floats,
) -> None:  # fmt: skip
    at = 0
    for r in range(len(starts) - 1):
        for k in range(starts[r], starts[r + 1]):
            n = within[k]
            columns[at], values[at] = n + (offer if n < offers else stays_open - offers), -1.0
            at += 1
        columns[at], values[at] = covered + r, 1.0  # after all that opens: the entries of a row ascend
        at += 1


def people_rows(data: SitingData, there: Doors, families: Families) -> PeopleRows:
    """Build the rows of :func:`panhuo_models.coverage.reach_rows`, ``flow_rows`` and ``count_rows`` as arrays.

    Parameters
    ----------
    data : SitingData
        The data.
    there : Doors
        Its doors.
    families : mapping of str to slice
        The columns of each family of decisions.

    Returns
    -------
    PeopleRows
        The rows.
    """
    columns = families["assigned"].stop
    within = data.reach.within.tocsr()
    covering = Covering(
        within if within.has_sorted_indices else within.sorted_indices(), len(data.offers),
        *(families[name].start for name in ("offer", "stays_open", "covered")),
    )  # fmt: skip
    parts = [
        _demand(data.flow, there, families, columns),
        _serving(data, there, families, columns),
        _fair(data.flow, there, data.tier_need, families, columns),
        _counting(data, there, families, columns),
    ]
    equal = (1, 3)
    lower = [np.full(len(upper), -np.inf) if n not in equal else upper for n, (_, upper) in enumerate(parts)]
    return PeopleRows(
        covering=covering,
        matrices=tuple(matrix for matrix, _ in parts),
        row_lower=np.concatenate([np.full(len(covering), -np.inf), *lower]),
        row_upper=np.concatenate([np.zeros(len(covering)), *(upper for _, upper in parts)]),
    )


_Part = tuple[sp.csr_matrix, Floats]


def _rows(entries: list[tuple[Ints, Ints, Floats]], upper: Floats, columns: int) -> _Part:
    """Put (row, column, value) entries into a matrix with one row for each upper bound."""
    row, column, value = (np.concatenate(part) for part in zip(*entries, strict=True))
    return sp.csr_matrix((value.astype(np.float64), (row, column)), shape=(len(upper), columns)), upper


def _demand(flow: Flow, there: Doors, families: Families, columns: int) -> _Part:
    """Σ_m assigned[g,m] ≤ d[g]."""
    pairs = np.arange(len(there.row))
    return _rows([(there.row, families["assigned"].start + pairs, np.ones(len(pairs)))], flow.demand, columns)


def _serving(data: SitingData, there: Doors, families: Families, columns: int) -> _Part:
    """Σ_{n of m} load[n,h]/uptake[n,h] − Σ_{g of h} assigned[g,m] = 0."""
    flow, tiers = data.flow, len(data.tiers)
    outlet, tier = load_pairs(flow, tiers)
    served, by_load = np.unique(there.of[outlet] * tiers + tier, return_inverse=True)
    by_pair = np.searchsorted(served, there.door * tiers + flow.tier[there.row])
    entries = [
        (by_load, families["load"].start + np.arange(len(outlet)), 1.0 / uptakes(flow, tiers)),
        (by_pair, families["assigned"].start + np.arange(len(by_pair)), np.full(len(by_pair), -1.0)),
    ]
    return _rows(entries, np.zeros(len(served)), columns)


def _fair(flow: Flow, there: Doors, need: Ints, families: Families, columns: int) -> _Part:
    """Σ_{m of h} assigned[h',m]/d[h'] − Σ_m assigned[h,m]/d[h] ≤ 0, in persons of the larger of both rows.

    For rows h, h' of one cell, h needier, with a door in common.
    """
    needy, other = ranked(flow, need)
    begin = np.searchsorted(there.row, np.arange(len(flow) + 1))
    count = np.diff(begin)
    fair, theirs = _shared(there, needy, other, begin, count)
    kept, row = np.unique(fair, return_inverse=True)
    needy, other = needy[kept], other[kept]
    largest = np.maximum(flow.demand[needy], flow.demand[other])
    ours = _spans(begin[needy], count[needy])
    of = np.repeat(np.arange(len(kept)), count[needy])
    first = families["assigned"].start
    entries = [
        (row, first + theirs, (largest / flow.demand[other])[row]),
        (of, first + ours, -(largest / flow.demand[needy])[of]),
    ]
    return _rows(entries, np.zeros(len(kept)), columns)


def fair_pairs(flow: Flow, there: Doors, need: Ints) -> tuple[Ints, Ints]:
    """List the pairs (needier row, less needy row) that the fair rows compare, in their order."""
    needy, other = ranked(flow, need)
    begin = np.searchsorted(there.row, np.arange(len(flow) + 1))
    kept = np.unique(_shared(there, needy, other, begin, np.diff(begin))[0])
    return needy[kept], other[kept]


def serving_pairs(data: SitingData, there: Doors) -> tuple[Ints, Ints]:
    """List the pairs (door, tier) of the serving rows, in their order."""
    outlet, tier = load_pairs(data.flow, len(data.tiers))
    served = np.unique(there.of[outlet] * len(data.tiers) + tier)
    return served // len(data.tiers), served % len(data.tiers)


def _shared(there: Doors, needy: Ints, other: Ints, begin: Ints, count: Ints) -> tuple[Ints, Ints]:
    """List (pair of rows, pair of the less needy row and a door) where the needier row has that door too."""
    doors = int(there.door.max(initial=0)) + 1
    key = there.row * doors + there.door
    fair = np.repeat(np.arange(len(other)), count[other])
    theirs = _spans(begin[other], count[other])
    wanted = needy[fair] * doors + there.door[theirs]
    found = np.searchsorted(key, wanted)
    shared = np.zeros(len(wanted), dtype=bool)
    inside = found < len(key)
    shared[inside] = key[found[inside]] == wanted[inside]
    return fair[shared], theirs[shared]


def ranked(flow: Flow, need: Ints) -> tuple[Ints, Ints]:
    """List the pairs (needier row, less needy row) of every cell.

    Parameters
    ----------
    flow : Flow
        The flow rows.
    need : (H,) int
        Rank of need of each tier.

    Returns
    -------
    needy, other : (n,) int
        Rows.
    """
    rank = need[flow.tier]
    needy, other = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    apart = 1
    # Rows of a cell stand together: the loop runs once a tier, not once a row.
    while apart < len(flow) and (near := flow.cell[apart:] == flow.cell[:-apart]).any():
        one = np.flatnonzero(near)
        two = one + apart
        higher, lower = rank[one] > rank[two], rank[one] < rank[two]
        needy += [one[higher], two[lower]]
        other += [two[higher], one[lower]]
        apart += 1
    return np.concatenate(needy), np.concatenate(other)


def _spans(begin: Ints, count: Ints) -> Ints:
    """List begin, begin + 1, … count of them, for each begin in turn."""
    before = np.cumsum(count) - count
    return np.arange(int(count.sum())) + np.repeat(begin - before, count)


def _counting(data: SitingData, there: Doors, families: Families, columns: int) -> _Part:
    """Σ_r d[r]·covered[r] + Σ_{n,h} load[n,h] − reached[t] = 0; uptake·assigned where an outlet has several tallies."""
    reach, flow = data.reach, data.flow
    rows, tallies = np.arange(len(reach)), np.arange(len(data.tallies))
    whole = tally_of_outlets(data)
    tally = whole[load_pairs(flow, len(data.tiers))[0]]
    one, split = np.flatnonzero(tally >= 0), np.flatnonzero(whole[flow.outlet] < 0)
    entries = [
        (reach.tally, families["covered"].start + rows, reach.demand),
        (tally[one], families["load"].start + one, np.ones(len(one))),
        (flow.tally[flow.row[split]], families["assigned"].start + there.pair[split], flow.uptake[split]),
        (tallies, families["reached"].start + tallies, np.full(len(tallies), -1.0)),
    ]
    return _rows(entries, np.zeros(len(tallies)), columns)
