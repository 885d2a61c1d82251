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

from panhuo.compiled import compiled
from panhuo.engine.program import Bools, Floats, Program
from panhuo.engine.reduce import Reduced, reduced
from panhuo_models.data import Ints

_SEED = 20_200_101


@dataclass(frozen=True, eq=False)
class Gains:
    """Columns that gain, each held back by one row alone: of the row, all other columns leave it a share.

    Parameters
    ----------
    row, column : (k,) int
        Rows, and the column of each that gains; no row twice.
    others : csr_matrix, (k, columns)
        What the other columns take of the share.
    share : (k,) float
        The share where they are all 0; at most 1 counts.
    worth : (k,) float
        What the column gains from its bad bound to its good one.
    """

    row: Ints
    column: Ints
    others: sp.csr_matrix
    share: Floats
    worth: Floats

    @classmethod
    def of(cls, program: Program) -> Gains:
        """Find them in a program that is maximised: one a row, not integral, in a row with one limit."""
        turned = program.matrix.tocsc()
        alone = np.flatnonzero((np.diff(turned.indptr) == 1) & ~program.integer & (program.lower < program.upper))
        at = turned.indptr[alone]
        row, entry = turned.indices[at].astype(np.int64), turned.data[at]
        above, below = np.isfinite(program.row_upper[row]), np.isfinite(program.row_lower[row])
        gains = np.where(above, entry, -entry) * program.cost[alone] > 0
        taken = gains & (above != below) & (np.bincount(row, minlength=len(program.row_lower))[row] == 1)
        row, column, entry, side = row[taken], alone[taken], entry[taken], np.where(above[taken], 1.0, -1.0)
        limit = side * np.where(side > 0, program.row_upper[row], program.row_lower[row])
        entry = side * entry
        bad = np.where(entry > 0, program.lower[column], program.upper[column])
        span = program.upper[column] - program.lower[column]
        width = np.abs(entry) * span
        others = sp.csr_matrix(program.matrix.tocsr()[row])
        others.data = others.data * np.repeat(side / width, np.diff(others.indptr))
        own = others.indices == np.repeat(column, np.diff(others.indptr))
        others.data[own] = 0.0
        others.eliminate_zeros()
        others.sort_indices()
        return cls(row, column, others, (limit - entry * bad) / width, np.abs(program.cost[column]) * span)

    def filled(self, program: Program, point: Floats) -> None:
        """Set the columns, in place, to as much of their gain as the others leave them."""
        share = np.clip(self.share - self.others @ point, 0.0, 1.0)
        good = program.cost[self.column] > 0
        lower, upper = program.lower[self.column], program.upper[self.column]
        point[self.column] = np.where(good, lower + share * (upper - lower), upper - share * (upper - lower))


@dataclass(frozen=True, eq=False)
class Shrunk:
    """A smaller program with the same best value, and the way back.

    Parameters
    ----------
    program : Program
        The smaller one.
    whole : Reduced
        The program, without what is not needed.
    gains : Gains
        Of that.
    kept : (n,) int
        Columns left of that.
    """

    program: Program
    whole: Reduced
    gains: Gains
    kept: Ints

    @classmethod
    def of(cls, program: Program) -> Shrunk:
        """Shrink a program that is maximised."""
        whole = reduced(program)
        p = whole.program
        gains = Gains.of(p)
        cost, offset = p.cost.copy(), p.offset
        folded = _folded(gains, p)
        x = gains.others.indices[gains.others.indptr[:-1][folded]]
        first, second = (gains.share[folded] - at * gains.others[folded].data for at in (0.0, 1.0))
        worth = gains.worth[folded]
        least = np.minimum(first, 1.0)
        np.add.at(cost, x, worth * (np.minimum(second, 1.0) - least))
        base = np.where(p.cost > 0, p.lower, p.upper)[gains.column[folded]]
        offset += float(worth @ least + p.cost[gains.column[folded]] @ base)
        head = _heads(gains, folded)
        merged = ~folded & (head != np.arange(len(head)))
        total = np.bincount(head[~folded], gains.worth[~folded], minlength=len(head))
        heads = ~folded & ~merged
        cost[gains.column[heads]] *= total[heads] / gains.worth[heads]
        # a column counts from its bad bound: what others stand for there, heads do not say
        bad = np.where(p.cost > 0, p.lower, p.upper)[gains.column]
        offset += float((p.cost[gains.column] * bad)[merged].sum())
        offset += float(((p.cost - cost)[gains.column] * bad)[heads].sum())
        gone = folded | merged
        rows, columns = np.ones(len(p.row_lower), dtype=bool), np.ones(len(cost), dtype=bool)
        rows[gains.row[gone]] = columns[gains.column[gone]] = False
        kept = np.flatnonzero(columns)
        small = replace(p.cut(np.flatnonzero(rows), kept, cost[kept]), offset=offset)
        return cls(small, whole, gains, kept)

    def original(self, z: Floats) -> Floats:
        """Give a point of the program, worth no less."""
        point = np.zeros(len(self.whole.program.cost))
        point[self.kept] = z
        self.gains.filled(self.whole.program, point)
        return self.whole.original(point)

    def carried(self, x: Floats) -> Floats:
        """Carry a plan of the program over to one of the smaller that is worth no less."""
        point = self.whole.carried(x)
        self.gains.filled(self.whole.program, point)
        return point[self.kept]


def _folded(gains: Gains, program: Program) -> Bools:
    """Mark the rows in which one binary column says how much is gained, whatever it does."""
    matrix = gains.others
    one = np.diff(matrix.indptr) == 1
    folded = np.zeros(len(one), dtype=bool)
    at = matrix.indptr[:-1][one]
    x, takes = matrix.indices[at], matrix.data[at]
    binary = program.integer[x] & (program.lower[x] == 0) & (program.upper[x] == 1)
    folded[one] = binary & (gains.share[one] >= 0) & (gains.share[one] - takes >= 0)
    return folded


def _heads(gains: Gains, folded: Bools) -> Ints:
    """Give each row the first one that says the same of its share, (k,) int."""
    matrix = gains.others
    probe = np.random.default_rng(_SEED).random(matrix.shape[1] + 1)
    mark = matrix @ probe[:-1] + gains.share * probe[-1]  # equal rows add up the same numbers in the same order
    order = np.argsort(mark, kind="stable")
    order = order[~folded[order]]
    return _compared(order, mark, matrix.indptr, matrix.indices, matrix.data, gains.share)


@compiled
def _compared(order: Ints, mark: Floats, starts: Ints, columns: Ints, values: Floats, share: Floats) -> Ints:
    """Compare each row with the first one of the same mark."""
    head = np.arange(len(mark))
    for n in range(1, len(order)):
        here, first = order[n], head[order[n - 1]]
        size = starts[here + 1] - starts[here]
        same = mark[here] == mark[first] and share[here] == share[first] and size == starts[first + 1] - starts[first]
        k = 0
        while same and k < size:
            a, b = starts[here] + k, starts[first] + k
            same = columns[a] == columns[b] and values[a] == values[b]
            k += 1
        if same:
            head[here] = first
    return head
