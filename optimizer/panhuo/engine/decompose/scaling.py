"""A program as a first-order method takes it: columns of one row folded into it, steps of natural size.

Instead of a column z that one row Σ a·x + d·z ≤ b alone holds back, the row bears a cost, k = c/d for each unit by
which Σ a·x passes b − d·z_most. On covering rows that takes away four columns of five.

Steps are of the size that prices and columns have (a diagonal as of Pock & Chambolle 2011,
doi:10.1109/ICCV.2011.6126441, lemma 2, with weights u_i·v_j): with v the span of a column and u the size of a price,

    σ_i = u_i / Σ_j |a_ij|·v_j,    τ_j = v_j / Σ_i |a_ij|·u_i

keep the norm of √σ·A·√τ at 1 or less, and one cell of 200 people steps just as two of 100 would. On generated
districts with several funds this takes a twentieth of the iterations that scaling by entries alone takes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from panhuo.compiled import compiled
from panhuo.engine.alike import Places, alike, marks
from panhuo.engine.decompose.folded import Folded
from panhuo.engine.decompose.lines import Laid, some
from panhuo.engine.program import Bools, Floats, Program
from panhuo_models.data import Ints

_SHARED = 0.35
"""Share of the prices of all rows that a column supplies which it may count as its worth: others supply them too."""
_PASSES = 4
"""Passes over the matrix until every row has a size: from cells to options, to rooms and money, to what pays it."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Which row stands for each row of a program, and what of its price is theirs.

    Where several stand together, each goes on from the price it had, all by the same share of the way: up to what its
    cost allows where their sum rises, to 0 where it falls. Any parts with that sum are right for the columns that are
    left; those that were left out gain least by prices near what they had.

    Parameters
    ----------
    group : (rows,) int
        Which row stands for it.
    unit : (rows,) float
        Its price where that row's is 1.
    had, most : (rows,) float
        The price it had, and the largest its cost allows, as that row counts.
    """

    group: Places
    unit: Floats
    had: Floats
    most: Floats

    @classmethod
    def of(cls, laid: Laid) -> Rows:
        """Let each stand for itself."""
        group, unit = np.empty(len(laid.row), dtype=np.int32), np.empty(len(laid.row))
        group[laid.row], unit[laid.row] = np.arange(len(laid.row), dtype=np.int32), -1 / laid.unit
        return cls(group, unit, np.zeros(len(unit)), np.zeros(len(unit)))

    def merged(self, group: Places, slope: Floats, prices: Floats) -> Rows:
        """Let some stand together: by groups of those that stood for one each, and the slopes of their costs."""
        return Rows(group[self.group], self.unit, prices / self.unit, -slope[self.group])

    def prices(self, y: Floats) -> Floats:
        """Give the prices of the program's rows."""
        had, most = _summed(self.group, self.had), _summed(self.group, self.most)
        falls, rises = (np.clip(a / np.where(b != 0, b, 1.0), 0.0, 1.0) for a, b in ((y, had), (y - had, most - had)))
        parts = self.had * falls[self.group] + (self.most - self.had) * rises[self.group]
        alone = np.bincount(self.group) == 1
        return self.unit * np.where(alone[self.group], y[self.group], parts)

    def carried(self, prices: Floats) -> Floats:
        """Give y for prices of the program's rows."""
        return _summed(self.group, prices / self.unit)


@dataclass(frozen=True, eq=False)
class Scaled:
    """A program to be minimised, with costs of rows (:mod:`panhuo.engine.decompose.steps`).

    Parameters
    ----------
    laid : Laid
        The matrix, without the columns that are folded; all else is in the order of its rows and columns.
    folded : Folded
        The other columns.
    cost, lower, upper, column_step : (n,) float
        Of the columns.
    begin, end, slope, row_step : (rows,) float
        Of the rows.
    rows : Rows
        Which of them stands for each row of the program.
    base : float
        What the folded columns are worth where nothing holds them back.
    """

    laid: Laid
    folded: Folded
    cost: Floats
    lower: Floats
    upper: Floats
    column_step: Floats
    begin: Floats
    end: Floats
    slope: Floats
    row_step: Floats
    rows: Rows
    base: float

    @classmethod
    def of(cls, program: Program) -> Scaled:
        """Fold and scale a program that is maximised."""
        matrix, folded = program.matrix.tocsr(), Folded.of(program)
        kept = np.ones(len(program.cost), dtype=bool)
        kept[folded.column] = False
        slope, begin, end = np.zeros(len(program.row_lower)), program.row_lower.copy(), program.row_upper.copy()
        row, z, entry = folded.row, folded.column, folded.entry
        slope[row] = program.cost[z] / entry
        best = np.where(program.cost[z] > 0, program.upper[z], program.lower[z])
        worst = np.where(program.cost[z] > 0, program.lower[z], program.upper[z])
        below = np.isinf(program.row_upper) & np.isfinite(program.row_lower)
        limit = np.where(below, program.row_lower, program.row_upper)[row]
        begin[row], end[row] = limit - entry * best, limit - entry * worst
        row_step, column_step = _steps(program, matrix, kept, below, np.abs(slope))
        laid = Laid.of(matrix, kept)
        turned = (laid.unit < 0) & (slope[laid.row] == 0)
        begin, end, own = begin[laid.row], end[laid.row], laid.column
        rows = Rows.of(laid)
        return cls(
            laid, folded, -program.cost[own], program.lower[own], program.upper[own], column_step[own],
            np.where(turned, end, begin) / laid.unit, np.where(turned, begin, end) / laid.unit,
            slope[laid.row] * laid.unit, row_step[laid.row] * laid.unit**2, rows,
            float(program.cost[z] @ best),
        )  # fmt: skip

    def some(self, program: Program, columns: Bools, prices: Floats) -> Scaled:
        """Keep some columns, (n,) bool, of those of the whole program; the others stay at their lower bounds.

        Rows with a cost that hold the same of what is left become one; by prices, (program's rows,), they part its own.
        """
        taken = np.zeros(len(program.cost))
        taken[self.laid.column] = np.where(columns, 0.0, self.lower)
        shift = (program.matrix @ taken)[self.laid.row] / self.laid.unit
        begin, end = self.begin - shift, self.end - shift
        kept = np.ones(len(begin), dtype=bool)
        lines = some(self.laid.rows, kept, columns)
        merge = (self.slope != 0) & (lines.middle == lines.start[1:])
        key = -1 - np.arange(len(begin))
        key[merge] = 2 * np.unique(begin[merge] + 1j * end[merge], return_inverse=True)[1] + (self.slope[merge] > 0)
        group, head = alike(lines.start.astype(np.int32), lines.entry.astype(np.int32), key, marks(int(columns.sum())))
        kept[:] = False
        kept[head] = True
        slope, step = _summed(group, self.slope), _summed(group, self.row_step)
        return replace(
            self, laid=self.laid.some(kept, columns), cost=self.cost[columns], lower=self.lower[columns],
            upper=self.upper[columns], column_step=self.column_step[columns], begin=begin[head], end=end[head],
            slope=slope, row_step=step, rows=self.rows.merged(group, self.slope, prices),
            base=self.base - float(self.cost[~columns] @ self.lower[~columns]),
        )  # fmt: skip

    def point(self, program: Program, x: Floats) -> Floats:
        """Give the point of the program, (columns,): what is folded takes what its row leaves."""
        point = program.lower.copy()
        point[self.laid.column] = x
        self.folded.filled(program, point, program.matrix @ point)
        return point


def _steps(program: Program, matrix: sp.csr_matrix, kept: Bools, below: Bools, slope: Floats) -> tuple[Floats, Floats]:
    """Give the sizes of steps, (rows,) and (columns,), from what those would pay who use a row.

    Parameters
    ----------
    program : Program
        With this matrix.
    kept : (columns,) bool
        The columns that count.
    below : (rows,) bool
        The row has a lower limit only.
    slope : (rows,) float
        Where positive, the size of the price is known.
    """
    starts, index, data = matrix.indptr, matrix.indices, matrix.data
    span = program.upper - program.lower
    span = np.where(kept, np.where(np.isfinite(span) & (span > 0), span, 1.0), 0.0)
    cost = np.abs(program.cost)
    side, both = np.where(below, -1.0, 1.0), np.isfinite(program.row_lower) & np.isfinite(program.row_upper)
    size = slope.copy()
    for _ in range(_PASSES):
        worth = np.where(kept, np.maximum(cost, _SHARED * _gathered(starts, index, data, size, len(span))), 0.0)
        _estimate(starts, index, data, side, both, span, worth, size)
    size = np.where(size > 0, size, np.median(size[size > 0]) if (size > 0).any() else 1.0)
    row = size / _positive(_weighed(starts, index, data, span))
    return row, span / _positive(_gathered(starts, index, data, size, len(span)))


def _summed(group: Places, parts: Floats) -> Floats:
    """Add up by groups; each has a part."""
    return np.bincount(group, parts).astype(np.float64, copy=False)


def _positive(size: Floats) -> Floats:
    return np.where(size > 0, size, 1.0)


@compiled
def _weighed(starts: Ints, columns: Ints, values: Floats, weight: Floats) -> Floats:
    """Σ |a|·weight, row by row."""
    found = np.zeros(len(starts) - 1)
    for i in range(len(starts) - 1):
        for k in range(starts[i], starts[i + 1]):
            found[i] += abs(values[k]) * weight[columns[k]]
    return found


@compiled
def _gathered(starts: Ints, columns: Ints, values: Floats, weight: Floats, count: int) -> Floats:
    """Σ |a|·weight, column by column."""
    found = np.zeros(count)
    for i in range(len(starts) - 1):
        for k in range(starts[i], starts[i + 1]):
            found[columns[k]] += abs(values[k]) * weight[i]
    return found


@compiled
def _estimate(
    starts: Ints, columns: Ints, values: Floats, side: Floats, both: Bools, span: Floats, worth: Floats, found: Floats
) -> None:
    """Note down, where no size is known, what those pay a unit who use a row; where none is known, who supply it."""
    for i in range(len(starts) - 1):
        for using in (True, False):
            if found[i] != 0:
                break
            pays = takes = 0.0
            for k in range(starts[i], starts[i + 1]):
                j = columns[k]
                if worth[j] > 0 and (side[i] * values[k] > 0 or both[i]) == using:
                    pays += worth[j] * span[j]
                    takes += abs(values[k]) * span[j]
            if takes > 0:
                found[i] = pays / takes
