"""The data of the named location problems: demand points i, candidate sites j."""

from __future__ import annotations

from dataclasses import dataclass

import scipy.sparse as sp

from panhuo_models.data.arrays import Bools, Floats


@dataclass(frozen=True, eq=False)
class Candidates:
    """Candidate sites, and what limits the choice among them.

    Parameters
    ----------
    cost : (J,) float [any unit of money]
        c[j], never negative.
    required : (J,) bool
        The site must be chosen.
    excluded : (J,) bool
        The site must not be chosen.
    most : int or None
        p: most sites; exactly so many where :attr:`exactly` says so.
    exactly : bool
        p sites, no fewer.
    budget : float or None [the unit of cost]
        B: most money.
    """

    cost: Floats
    required: Bools
    excluded: Bools
    most: int | None = None
    exactly: bool = False
    budget: float | None = None

    def __len__(self) -> int:
        return len(self.cost)


@dataclass(frozen=True, eq=False)
class Covering:
    """Who is within reach of which site.

    Parameters
    ----------
    candidates : Candidates
        J sites.
    within : csr_matrix of bool, (R, J)
        N[r]: the sites that reach row r, a demand point or several with the same sites.
    weight : (R,) float [persons]
        w[r], never negative.
    amount : float [persons]
        W: what must be covered, where that is asked.
    """

    candidates: Candidates
    within: sp.csr_matrix
    weight: Floats
    amount: float = 0.0


@dataclass(frozen=True, eq=False)
class Serving:
    """How far each demand point is from each site that may serve it.

    Parameters
    ----------
    candidates : Candidates
        J sites.
    distance : csr_matrix, (D, J) [metres, minutes, money a unit of weight]
        d[i,j], never negative. Entries that are not stored are pairs that may not be; a stored 0 is a distance of 0.
    weight : (D,) float [persons]
        w[i], never negative.
    capacity : (J,) float [persons] or None
        q[j]; None where sites have none.
    single_source : bool
        Each demand point is served by one site alone.
    """

    candidates: Candidates
    distance: sp.csr_matrix
    weight: Floats
    capacity: Floats | None = None
    single_source: bool = False
