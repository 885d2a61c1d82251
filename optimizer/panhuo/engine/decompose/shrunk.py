"""A window made smaller, exactly: what stays as it is outside leaves few of its cells apart.

Where all sites but a few stay, most cells are reached anyway, or by one free option only, or by the same free options
as others. Rows that hold anyway go (:mod:`panhuo.engine.reduce`); what a cell gains by the one binary column in its row
is a part of that column's worth; and cells whose rows are the same once their gain is a share of one stand together.
On generated districts a quarter of the rows are left, and the presolve of HiGHS, which finds as much, takes longer than
all the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from panhuo.engine.alike import alike, marks
from panhuo.engine.cutting import cut
from panhuo.engine.decompose.folded import Folded
from panhuo.engine.program import Bools, Floats, Program
from panhuo.engine.reduce import Reduced, reduced
from panhuo_models.data import Ints


@dataclass(frozen=True, eq=False)
class _Shares:
    """What rows leave their folded columns, from the bad bound of each (0) to the good one (1).

    Parameters
    ----------
    others : csr_matrix, (k, columns)
        What the other columns take of the share; their columns ascend.
    share : (k,) float
        The share where they are all 0; at most 1 counts.
    worth : (k,) float
        What a column gains from its bad bound to its good one.
    bad : (k,) float
        That bound.
    """

    others: sp.csr_matrix
    share: Floats
    worth: Floats
    bad: Floats

    @classmethod
    def of(cls, program: Program, folded: Folded) -> _Shares:
        """Work them out."""
        row, column = folded.row, folded.column
        side = np.where(np.isfinite(program.row_upper[row]), 1.0, -1.0)
        limit = side * np.where(side > 0, program.row_upper[row], program.row_lower[row])
        span = program.upper[column] - program.lower[column]
        bad = np.where(program.cost[column] > 0, program.lower[column], program.upper[column])
        width = np.abs(folded.entry) * span
        others = sp.csr_matrix(program.matrix.tocsr()[row])
        count = np.diff(others.indptr)
        others.data = others.data * np.repeat(side / width, count)
        others.data[others.indices == np.repeat(column, count)] = 0.0
        others.eliminate_zeros()
        others.sort_indices()
        share = (limit - side * folded.entry * bad) / width
        return cls(others, share, np.abs(program.cost[column]) * span, bad)


@dataclass(frozen=True, eq=False)
class Shrunk:
    """A smaller program with the same best value, and the way back.

    Parameters
    ----------
    program : Program
        The smaller one.
    whole : Reduced
        The program, without what is not needed.
    folded : Folded
        Columns of that which follow from their rows.
    kept : (n,) int
        Columns left of that.
    """

    program: Program
    whole: Reduced
    folded: Folded
    kept: Ints

    @classmethod
    def of(cls, program: Program) -> Shrunk:
        """Shrink a program that is maximised."""
        whole = reduced(program)
        p = whole.program
        folded = Folded.of(p)
        shares = _Shares.of(p, folded)
        cost, offset = p.cost.copy(), p.offset
        single = _single(shares, p)
        x = shares.others.indices[shares.others.indptr[:-1][single]]
        first, second = (shares.share[single] - at * shares.others[single].data for at in (0.0, 1.0))
        least = np.minimum(first, 1.0)
        np.add.at(cost, x, shares.worth[single] * (np.minimum(second, 1.0) - least))
        offset += float(shares.worth[single] @ least)
        head = _heads(shares, single)
        merged = ~single & (head != np.arange(len(head)))
        total = np.bincount(head[~single], shares.worth[~single], minlength=len(head))
        heads = folded.column[~single & ~merged]
        cost[heads] *= (total / shares.worth)[~single & ~merged]
        # a column counts from its bad bound: what those gone stand for there, the cost of the heads does not say
        gone = folded.column[single | merged]
        cost[gone] = 0.0
        offset += float((p.cost - cost)[folded.column] @ shares.bad)
        kept = np.delete(np.arange(len(cost)), gone)
        rows = np.delete(np.arange(len(p.row_lower)), folded.row[single | merged])
        small = replace(cut(p, rows, kept, cost[kept]), offset=offset)
        return cls(small, whole, folded, kept)

    def original(self, z: Floats) -> Floats:
        """Give a point of the program, worth no less."""
        point = np.zeros(len(self.whole.program.cost))
        point[self.kept] = z
        return self.whole.original(self._filled(point))

    def carried(self, x: Floats) -> Floats:
        """Carry a plan of the program over to one of the smaller that is worth no less."""
        return self._filled(self.whole.carried(x))[self.kept]

    def _filled(self, point: Floats) -> Floats:
        program = self.whole.program
        point[self.folded.column] = 0.0
        self.folded.filled(program, point, program.matrix @ point)
        return point


def _single(shares: _Shares, program: Program) -> Bools:
    """Mark the rows in which one binary column says how much is gained, whatever it does."""
    matrix = shares.others
    one = np.diff(matrix.indptr) == 1
    single = np.zeros(len(one), dtype=bool)
    at = matrix.indptr[:-1][one]
    x, takes = matrix.indices[at], matrix.data[at]
    binary = program.integer[x] & (program.lower[x] == 0) & (program.upper[x] == 1)
    single[one] = binary & (shares.share[one] >= 0) & (shares.share[one] - takes >= 0)
    return single


def _heads(shares: _Shares, single: Bools) -> Ints:
    """Give each row the first one that says the same of its share, (k,) int; single rows are not looked at."""
    head, rows = np.arange(len(single)), np.flatnonzero(~single)
    own = shares.others[rows]
    # an entry is a pair of column and value: numbered, rows are sets of them
    pairs, entry = np.unique(own.indices + 1j * own.data, return_inverse=True)
    key = np.unique(shares.share[rows], return_inverse=True)[1]
    group, first = alike(own.indptr, entry, key, marks(len(pairs)))
    head[rows] = rows[first[group]]
    return head
