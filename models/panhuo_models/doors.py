"""Doors: where people go, whichever operation and tariff they find there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from panhuo_models.data import Floats, Flow, Ints, SitingData


@dataclass(frozen=True)
class Doors:
    """The doors of a district, and the pairs of flow row and door.

    A door m is the outlets of one offer that the very same flow rows may be assigned to. One of them at most is open,
    so that people are assigned to the door and served by the outlet that is open: one column a door says as much as one
    an outlet. An existing facility is a door of its own; so is an outlet whose rows stand in several tallies, as their
    people are counted row by row.

    Parameters
    ----------
    of : (N,) int
        The door of each outlet.
    row, door : (Y,) int
        The pairs y = (g, m), sorted by row, then door.
    pair : (X,) int
        The pair of row and door that each pair of row and outlet is part of.
    """

    of: Ints
    row: Ints
    door: Ints
    pair: Ints


def doors(data: SitingData) -> Doors:
    """Find the doors.

    Parameters
    ----------
    data : SitingData
        Its outlets, accounts and flow.
    """
    flow, outlets = data.flow, data.outlets
    order = np.lexsort((flow.row, flow.outlet))
    bounds = np.searchsorted(flow.outlet[order], np.arange(len(outlets) + 1))
    rows = flow.row[order]
    found: dict[tuple[int, int, bytes], int] = {}
    of = np.empty(len(outlets), dtype=np.int64)
    several = tally_of_outlets(data) < 0
    for n, account in enumerate(outlets.account.tolist()):
        mine = rows[bounds[n] : bounds[n + 1]]
        alone = account < 0 or bool(several[n])
        offer = -1 if account < 0 else int(data.accounts.offer[account])
        of[n] = found.setdefault((offer, n if alone else -1, mine.tobytes()), len(found))
    key, pair = np.unique(flow.row * max(len(found), 1) + of[flow.outlet], return_inverse=True)
    return Doors(of, key // max(len(found), 1), key % max(len(found), 1), pair.astype(np.int64))


def tally_of_outlets(data: SitingData) -> Ints:
    """Give the tally in which all rows of an outlet stand, (N,) int; -1 where in several, or there are none."""
    tally = data.flow.tally[data.flow.row]
    lowest = np.full(len(data.outlets), len(data.tallies))
    highest = np.full(len(data.outlets), -1)
    np.minimum.at(lowest, data.flow.outlet, tally)
    np.maximum.at(highest, data.flow.outlet, tally)
    return np.where(lowest == highest, highest, -1)


def load_pairs(flow: Flow, tiers: int) -> tuple[Ints, Ints]:
    """List the pairs (outlet, tier) that occur in the flow.

    Parameters
    ----------
    flow : Flow
        The flow rows.
    tiers : int
        H.

    Returns
    -------
    outlet, tier : (L,) int
        By outlet, then tier.
    """
    pairs = np.unique(flow.outlet * tiers + flow.tier[flow.row])
    return pairs // tiers, pairs % tiers


def uptakes(flow: Flow, tiers: int) -> Floats:
    """Give the share of the assigned who come, for each pair of :func:`load_pairs`.

    Parameters
    ----------
    flow : Flow
        The flow rows.
    tiers : int
        H.

    Returns
    -------
    (L,) float
        Shares.

    Raises
    ------
    ValueError
        A tier's uptake differs between the rows of an outlet.
    """
    _, first, place = np.unique(flow.outlet * tiers + flow.tier[flow.row], return_index=True, return_inverse=True)
    share = flow.uptake[first]
    if np.any(share[place] != flow.uptake):
        raise ValueError("a tier's uptake differs between the rows of an outlet")
    return share
