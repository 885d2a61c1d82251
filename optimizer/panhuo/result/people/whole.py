"""People in whole micro-persons: what a solver assigns, put right to the last of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from panhuo.assemble.exact import MICRO

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_NEAR = 5
"""Micro-persons by which a sum may miss its limit through a solver's tolerance and still be meant to reach it; beside
one for each of its parts, which are rounded."""


@dataclass(frozen=True)
class Pairs:
    """People in need and the outlets they may be assigned to.

    Parameters
    ----------
    row, outlet : (X,) int
        The row of people and the outlet of every pair.
    uptake : sequence of Fraction, (X,)
        Share of the assigned who come.
    demand : (G,) int [micro-persons]
        People of each row.
    rank : (G,) int
        Need of each row: what is too much is taken from the least needy first.
    capacity : sequence of int or None, (N,) [micro-persons]
        Most people each outlet serves; ``None`` without limit.
    """

    row: Ints
    outlet: Ints
    uptake: Sequence[Fraction]
    demand: Ints
    rank: Ints
    capacity: Sequence[int | None]

    def served(self, assigned: Sequence[int]) -> list[int]:
        """Give ⌊assigned·uptake⌋ of every pair."""
        return [
            a * u.numerator // u.denominator for a, u in zip(map(int, assigned), self.uptake, strict=True)
        ]  # fmt: skip


def whole_people(pairs: Pairs, assigned: Floats) -> tuple[Ints, Ints]:
    """Round what a solver assigns to whole micro-persons within demand and capacity.

    Rounded to the nearest; rows and outlets that miss their limit by a solver's tolerance reach it, so that a visit is
    not lost to arithmetic; what is too much is taken evenly, from the least needy first. All of that goes in turns of
    one micro-person a pair: people who are served alike stay so, but for a few of these.

    Parameters
    ----------
    assigned : (X,) float [persons]
        What the solver assigns.

    Returns
    -------
    assigned, served : (X,) int [micro-persons]
    """
    found = np.maximum(np.rint(assigned * MICRO), 0).astype(np.int64)
    rows = _members(pairs.row, found)
    for g, mine in rows.items():
        _fit_row(found, mine, int(pairs.demand[g]))
    served = np.array(pairs.served(found.tolist()), dtype=np.int64)
    taken = np.bincount(pairs.row, weights=found, minlength=len(pairs.demand)).astype(np.int64)
    for n, mine in _members(pairs.outlet, found).items():
        limit = pairs.capacity[n]
        if limit is not None:
            order = sorted(mine, key=lambda x: (pairs.rank[pairs.row[x]], -served[x], x))
            _fit_outlet(pairs, found, served, taken, order, limit)
    return found, served


def _members(owner: Ints, amount: Ints) -> dict[int, list[int]]:
    """List the pairs in use of every owner."""
    members: dict[int, list[int]] = {}
    for x in np.flatnonzero(amount).tolist():
        members.setdefault(int(owner[x]), []).append(x)
    return members


def _fit_row(found: Ints, mine: list[int], demand: int) -> None:
    """Make a row's people its demand where they miss it by a hair, and never more: one at each place in turn."""
    over = int(found[mine].sum()) - demand
    order = sorted(mine, key=lambda x: -found[x])
    while over > 0:
        for x in [x for x in order if found[x]][:over]:
            found[x] -= 1
            over -= 1
    if -_NEAR - len(order) <= over < 0:
        for n in range(-over):
            found[order[n % len(order)]] += 1


def _fit_outlet(pairs: Pairs, found: Ints, served: Ints, taken: Ints, order: list[int], limit: int) -> None:
    """Bring an outlet's served people within its capacity, or up to it where they miss it by a hair."""
    over = int(served[order].sum()) - limit
    while over > 0:
        for x in [x for x in order if served[x]][:over]:
            _serve(pairs, found, served, taken, x, int(served[x]) - 1)
            over -= 1
    if over < -_NEAR - len(order):
        return
    while over < 0:
        able = [x for x in reversed(order) if _could(pairs, found, taken, x) > served[x]][:-over]
        if not able:
            return
        for x in able:
            _serve(pairs, found, served, taken, x, int(served[x]) + 1)
        over += len(able)


def _could(pairs: Pairs, found: Ints, taken: Ints, x: int) -> int:
    """Give the most of a pair who could come, all of its row who are left being assigned to it."""
    u, room = pairs.uptake[x], int(pairs.demand[pairs.row[x]] - taken[pairs.row[x]])
    return (int(found[x]) + room) * u.numerator // u.denominator


def _serve(pairs: Pairs, found: Ints, served: Ints, taken: Ints, x: int, persons: int) -> None:
    """Assign so many that just ``persons`` come: the least of which ⌊assigned·uptake⌋ is that."""
    u = pairs.uptake[x]
    assigned = -(-persons * u.denominator // u.numerator)
    taken[pairs.row[x]] += assigned - int(found[x])
    found[x], served[x] = assigned, persons
