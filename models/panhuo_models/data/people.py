"""People: who needs what, which places are within their standard, what a visit costs whom."""

from __future__ import annotations

from dataclasses import dataclass

import scipy.sparse as sp

from panhuo_models.data.arrays import Bools, Floats, Ints


@dataclass(frozen=True)
class Reach:
    """Reach rows: people who are not covered for good, by demand point, walking profile and service without capacity.

    Parameters
    ----------
    within : csr_matrix of bool, (R, S + E)
        N[i,w,k]: the columns that reach the row; offers first, then existing facilities that may close.
    demand : (R,) float [persons]
        d[r], all positive.
    tally : (R,) int
        The tally t that counts the row.
    mandatory : (R,) bool
        The row must be covered (a safety service).
    """

    within: sp.csr_matrix
    demand: Floats
    tally: Ints
    mandatory: Bools

    def __len__(self) -> int:
        return len(self.demand)


@dataclass(frozen=True)
class Flow:
    """Flow rows: people in need of a service with capacity or tariffs, and the outlets they may be assigned to.

    A flow row is one tier of one cell; a cell is one demand point and walking profile for one service, so that all rows
    of a cell have the same places within their standard. A pair (row, outlet) exists where the place is within the
    standard and the tier can pay the outlet's tariff.

    Equal treatment: cells of one tally whose tiers, one by one, have the same outlets are alike, and alike cells are
    served alike: of a tier, the same share of each goes to each outlet.

    Parameters
    ----------
    demand : (G,) float [persons]
        d[g], all positive.
    tally : (G,) int
        The tally t that counts the row.
    tier : (G,) int
        h, into :attr:`SitingData.tiers`.
    cell : (G,) int
        The cell, 0 … cells − 1; rows of one cell stand together.
    row, outlet : (X,) int
        The pairs x = (g, n), sorted by row, then outlet.
    uptake : (X,) float
        Share of the assigned people who come: served = uptake · assigned. Positive, at most 1; the same in all pairs
        of an outlet and tier.
    """

    demand: Floats
    tally: Ints
    tier: Ints
    cell: Ints
    row: Ints
    outlet: Ints
    uptake: Floats

    def __len__(self) -> int:
        return len(self.demand)


@dataclass(frozen=True)
class Outlets:
    """Where people are served and what a visit costs whom: a place under one tariff.

    An account whose service has tariffs has one outlet for every tariff it may charge (one of them at most is its
    level); an account of a service with capacity but no tariffs has one outlet. Every existing facility of such a
    service has one outlet, always open unless the facility closes.

    Parameters
    ----------
    names : tuple of str
        ``account|tariff`` or ``existing|tariff``.
    account : (N,) int
        a, or -1 for an existing facility.
    closing : (N,) int
        e, where the outlet is an existing facility that some project would close; else -1.
    capacity : (N,) float [persons]
        Most people an existing facility serves, ``inf`` without limit; ``inf`` for accounts, whose options carry it.
    tariff : tuple of str
        The tariff, "" where the service has none.
    price, government, enterprise, donor, cost : (N, H) float [CNY/person/year]
        What one served person of each tier pays in a year, what government, enterprise (forgone price) and donors put
        in, and what serving this person costs (ingredients and the like).
    visits : (N,) float [visits/person/year]
        Visits of one served person; 0 where the service has no tariffs. Only whole visits are paid for.
    """

    names: tuple[str, ...]
    account: Ints
    closing: Ints
    capacity: Floats
    tariff: tuple[str, ...]
    price: Floats
    government: Floats
    enterprise: Floats
    donor: Floats
    cost: Floats
    visits: Floats

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class Tallies:
    """Sums of covered people that planning rows speak of: one per service, or per service and circle.

    A circle stands alone for a service only where a floor or a smallest share asks for it; the other circles of the
    service share one tally, so that demand points may be merged across them.

    Parameters
    ----------
    service : (T,) int
        k
    circle : (T,) int
        c, or -1 where the tally sums the circles nobody asks for.
    fixed : (T,) float [persons]
        People covered by existing facilities that cannot close.
    before : (T,) float [persons]
        People covered by all existing facilities: ``fixed`` and what may close.
    reachable : (T,) float [persons]
        ``fixed`` and every reach row.
    total : (T,) float [persons]
        All demand, reachable or not.
    """

    service: Ints
    circle: Ints
    fixed: Floats
    before: Floats
    reachable: Floats
    total: Floats

    def __len__(self) -> int:
        return len(self.service)
