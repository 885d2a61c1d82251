"""Five demand points on a line and four sites, small enough to write every row out."""

import numpy as np
import scipy.sparse as sp

from panhuo_models.data.location import Candidates, Covering, Serving

POINTS = np.array([0.0, 1.0, 3.0, 4.0, 8.0])
SITES = np.array([1.0, 3.0, 5.0, 8.0])
WEIGHT = np.array([5.0, 3.0, 2.0, 4.0, 6.0])
COST = np.array([4.0, 3.0, 2.0, 5.0])
REACH = 2.0
CAPACITY = np.array([9.0, 8.0, 7.0, 12.0])


def candidates(*, exactly: bool = False) -> Candidates:
    """At most two sites for at most 9, of which the last is required and the third excluded."""
    return Candidates(COST, np.arange(4) == 3, np.arange(4) == 2, most=2, exactly=exactly, budget=9.0)


def covering() -> Covering:
    """Who is at most 2 away, those exactly 2 away too. 14 are to be covered."""
    metres = np.abs(POINTS[:, None] - SITES[None, :])
    return Covering(candidates(), sp.csr_matrix(metres <= REACH), WEIGHT, 14.0)


def serving(*, exactly: bool = False) -> Serving:
    """Distances; 5 and more may not be."""
    metres = np.abs(POINTS[:, None] - SITES[None, :])
    row, column = np.nonzero(metres < 5)
    first = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=5))])
    near = sp.csr_matrix((metres[row, column], column, first), shape=metres.shape)
    return Serving(candidates(exactly=exactly), near, WEIGHT, CAPACITY)
