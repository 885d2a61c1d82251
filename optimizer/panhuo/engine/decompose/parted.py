"""A program taken apart: clusters of sites, and prices of the rows and inequalities that cross their borders."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from panhuo.engine.alike import Places
from panhuo.engine.cutting import cut
from panhuo.engine.decompose.around import Turned
from panhuo.engine.decompose.inequalities import Inequalities
from panhuo.engine.decompose.inner import Inner
from panhuo.engine.decompose.partition import Ground, spanned
from panhuo.engine.decompose.prices import allowed, most
from panhuo.engine.program import Bools, Floats, Program
from panhuo_models.data import Ints

_SPARE = 2.0
"""How many times what proves that a column stays it must lose to be left out: cuts are better with more of them."""


@dataclass(frozen=True, eq=False)
class Parted:
    """A program taken apart: columns and rows of each cluster, and what the prices say of all others.

    Parameters
    ----------
    row : (rows,) float
        Prices of the rows that cross borders; 0 for the others.
    columns, rows : tuple of (n,) int
        Of each cluster.
    rest : (columns,) float
        Objective coefficients less what the priced rows take.
    inner : (columns,) float
        … and less what all others take, by the prices known of them.
    ceiling : (clusters,) float
        What no point of a cluster surpasses, by these prices.
    free : (columns,) bool
        Columns of no cluster: they stand at the bound that suits their coefficient.
    constant : float
        What the priced rows and the free columns add to the bound.
    known : Inequalities
        Rows that all whole points keep besides.
    charged : (k,) float
        Prices of those that cross borders; 0 for the others.
    """

    row: Floats
    columns: tuple[Ints, ...]
    rows: tuple[Ints, ...]
    rest: Floats
    inner: Floats
    ceiling: Floats
    free: Bools
    constant: float
    known: Inequalities
    charged: Floats

    def of(self, program: Program, k: int) -> Program:
        """Give the program of cluster k."""
        return cut(program, self.rows[k], self.columns[k], self.rest[self.columns[k]])

    def better(self, own: Program, k: int, value: float) -> Program:
        """Give the program of cluster k without columns that no point moves which is worth more than a value."""
        rest = self.inner[self.columns[k]]
        stay = own.integer & (np.abs(rest) > _SPARE * (self.ceiling[k] - value))
        lower = np.where(stay & (rest > 0), own.upper, own.lower)
        upper = np.where(stay & (rest < 0), own.lower, own.upper)
        return replace(own, lower=lower, upper=upper)


def part(
    program: Program, ground: Ground, cluster: Ints, row: Floats, inner: Inner | None = None,
    known: Inequalities | None = None, price: Floats | None = None,
) -> Parted:  # fmt: skip
    """Take a program apart.

    A row belongs to a cluster where all its sites do, and a column without a site where all its rows do; every other
    row is priced. So it is with valid inequalities, but that a cluster keeps its own without being told.

    Parameters
    ----------
    program : Program
        To be maximised; boxed.
    ground : Ground
        Its sites.
    cluster : (J,) int
        Cluster of each site.
    row : (rows,) float
        Prices of rows that cross borders.
    inner : Inner, optional
        Prices of the rows within.
    known : Inequalities, optional
        Rows that all whole points keep besides.
    price : (k,) float, optional
        Their prices; 0 where not given.
    """
    known = Inequalities.none(len(program.cost)) if known is None else known
    price = np.zeros(len(known)) if price is None else price
    count = int(cluster.max(initial=-1)) + 1
    matrix = program.matrix.tocsr()
    of_row = _only(ground.touches.indptr, ground.touches.indices, cluster)
    of_column = np.where(ground.site >= 0, cluster[ground.site], -1)
    siteless = np.flatnonzero(ground.site < 0)
    turned = Turned.of(matrix)
    while True:
        spans = _only(turned.starts, turned.rows, of_row)[siteless]
        torn = siteless[spans == _SEVERAL]
        if not len(torn):
            break
        of_row[turned.rows_of(torn)] = _SEVERAL
    of_column[siteless] = spans
    if count == 1:  # one cluster is the whole, with what no site stands in
        of_row[:], of_column[:] = 0, 0
    of_row[of_row < 0] = -1
    of_column[of_column < 0] = -1
    priced = allowed(program, np.where(of_row < 0, row, 0.0))
    free = of_column < 0
    of_known = _only(known.matrix.indptr, known.matrix.indices, np.where(free, count, of_column))
    of_known[of_known == count] = _SEVERAL
    charged = np.where(of_known < 0, np.maximum(price, 0.0), 0.0)
    rest = program.cost - matrix.T @ priced - known.matrix.T @ charged
    constant = float(
        most(priced, program.row_lower, program.row_upper).sum()
        + most(charged, known.upper, known.upper).sum()
        + most(rest[free], program.lower[free], program.upper[free]).sum()
    )
    within, own, left = np.zeros(len(row)), np.zeros(len(known)), rest
    ceiling = np.zeros(count)
    if inner is not None:
        within = allowed(program, np.where(of_row < 0, 0.0, inner.row))
        own = np.where(of_known < 0, 0.0, np.maximum(price, 0.0))
        left = rest - matrix.T @ within - known.matrix.T @ own - inner.taken
        np.add.at(ceiling, cluster, inner.spare)
    for of, each in (
        (of_row, most(within, program.row_lower, program.row_upper)),
        (of_known, most(own, known.upper, known.upper)),
        (of_column, most(left, program.lower, program.upper)),
    ):
        np.add.at(ceiling, of[of >= 0], each[of >= 0])
    return Parted(
        priced, _members(of_column, count), _members(of_row, count), rest, left, ceiling, free, constant,
        known, charged,
    )  # fmt: skip


_SEVERAL = -2


def _only(starts: Places, entries: Places, of: Ints) -> Ints:
    """Give, for each line of a matrix, the one cluster its entries are of; -1 for none, :data:`_SEVERAL` for several.

    Entries of no cluster do not count.
    """
    least, most, _ = spanned(starts, entries, of)
    return np.where(most < 0, -1, np.where(least == most, most, _SEVERAL))


def _members(of: Ints, count: int) -> tuple[Ints, ...]:
    order = np.argsort(of, kind="stable")
    return tuple(np.split(order, np.searchsorted(of[order], np.arange(count + 1)))[1:-1])
