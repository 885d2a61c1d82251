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

from dataclasses import dataclass, fields

import numpy as np

from panhuo.compiled import compiled
from panhuo.engine.alike import Places, alike, marks
from panhuo.engine.decompose.folded import Folded
from panhuo.engine.decompose.lines import Laid, Order
from panhuo.engine.packed import Packed, entry
from panhuo.engine.program import Bools, Floats, Program

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
    def of(cls, order: Order) -> Rows:
        """Let each stand for itself."""
        group, unit = np.empty(len(order.row), dtype=np.int32), np.empty(len(order.row))
        group[order.row], unit[order.row] = np.arange(len(order.row), dtype=np.int32), -1 / order.unit
        nothing = np.broadcast_to(0.0, len(unit))
        return cls(group, unit, nothing, nothing)

    def merged(self, group: Places, slope: Floats, prices: Floats) -> Rows:
        """Let some stand together: by groups of those that stood for one each, and the slopes of their costs."""
        return Rows(group[self.group], self.unit, prices / self.unit, -slope[self.group])

    def prices(self, y: Floats) -> Floats:
        """Give the prices of the program's rows."""
        found = y[self.group]
        shared = np.flatnonzero((np.bincount(self.group) > 1)[self.group])
        if len(shared):
            of, own, top = self.group[shared], self.had[shared], self.most[shared]
            had, most = np.bincount(of, own, len(y)), np.bincount(of, top, len(y))
            falls, rises = (
                np.clip(a / np.where(b != 0, b, 1.0), 0.0, 1.0) for a, b in ((y, had), (y - had, most - had))
            )
            found[shared] = own * falls[of] + (top - own) * rises[of]
        return self.unit * found

    def carried(self, prices: Floats) -> Floats:
        """Give y for prices of the program's rows."""
        return _summed(self.group, prices / self.unit)


@dataclass(frozen=True, eq=False)
class Sizes:
    """A program to be minimised, with costs of rows (:mod:`panhuo.engine.decompose.steps`): all but its matrix.

    Parameters
    ----------
    cost, lower, upper, column_step : (n,) float
        Of the columns that are not folded.
    begin, end, slope, row_step : (rows,) float
        Of the rows.
    rows : Rows
        Which of them stands for each row of the program.
    base : float
        What the folded columns are worth where nothing holds them back.
    """

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


@dataclass(frozen=True, eq=False)
class Scaled(Sizes):
    """… and with it.

    Parameters
    ----------
    laid : Laid
        The matrix; all else is in the order of its rows and columns.
    """

    laid: Laid


@dataclass(frozen=True, eq=False)
class Frame(Sizes):
    """A program folded and scaled, from which its matrix is laid out, whole or in part: what is laid out is large.

    Parameters
    ----------
    program : Program
        To be maximised; its matrix is packed.
    order : Order
        The order of its rows, and of the columns that are not folded: that of the sizes.
    folded : Folded
        The other columns.
    """

    program: Program
    order: Order
    folded: Folded

    @classmethod
    def of(cls, program: Program) -> Frame:
        """Fold and scale a program that is maximised, its matrix packed."""
        folded = Folded.of(program)
        kept = np.ones(len(program.cost), dtype=bool)
        kept[folded.column] = False
        slope, begin, end = np.zeros(len(program.row_lower)), program.row_lower.copy(), program.row_upper.copy()
        row, z, own = folded.row, folded.column, folded.entry
        slope[row] = program.cost[z] / own
        best = np.where(program.cost[z] > 0, program.upper[z], program.lower[z])
        worst = np.where(program.cost[z] > 0, program.lower[z], program.upper[z])
        below = np.isinf(program.row_upper) & np.isfinite(program.row_lower)
        limit = np.where(below, program.row_lower, program.row_upper)[row]
        begin[row], end[row] = limit - own * best, limit - own * worst
        row_step, column_step = _steps(program, program.matrix, kept, below, np.abs(slope))
        order = Order.of(program.matrix, kept)
        unit = order.unit
        turned = (unit < 0) & (slope[order.row] == 0)
        begin, end, column = begin[order.row], end[order.row], order.column
        return cls(
            -program.cost[column], program.lower[column], program.upper[column], column_step[column],
            np.where(turned, end, begin) / unit, np.where(turned, begin, end) / unit, slope[order.row] * unit,
            row_step[order.row] * unit**2, Rows.of(order), float(program.cost[z] @ best), program, order, folded,
        )  # fmt: skip

    def whole(self) -> Scaled:
        """Lay out all columns."""
        same = {field.name: getattr(self, field.name) for field in fields(Sizes)}
        return Scaled(**same, laid=self.order.laid(self.program.matrix))

    def some(self, columns: Bools, prices: Floats) -> Scaled:
        """Lay out some columns, (n,) bool; the others stay at their lower bounds.

        Rows with a cost that hold the same of what is left become one; by prices, (program's rows,), they part its own.
        """
        taken = np.zeros(len(self.program.cost))
        taken[self.order.column] = np.where(columns, 0.0, self.lower)
        shift = (self.program.matrix @ taken)[self.order.row] / self.order.unit
        begin, end = self.begin - shift, self.end - shift
        del taken, shift
        group, head = self._alike(columns, begin, end)
        rows, stays = self.order.sorted(self.program.matrix, head, np.flatnonzero(columns))
        group = np.argsort(np.searchsorted(head, rows)).astype(group.dtype)[group]
        return Scaled(
            self.cost[stays], self.lower[stays], self.upper[stays], self.column_step[stays], begin[rows], end[rows],
            _summed(group, self.slope), _summed(group, self.row_step), self.rows.merged(group, self.slope, prices),
            self.base - float(self.cost[~columns] @ self.lower[~columns]),
            self.order.laid(self.program.matrix, rows, stays),
        )  # fmt: skip

    def _alike(self, columns: Bools, begin: Floats, end: Floats) -> tuple[Places, Places]:
        """Group rows with a cost that hold the same of some columns: the group of each, and the first of each group."""
        lines = self.order.laid_rows(self.program.matrix, np.flatnonzero(columns))
        merge = (self.slope != 0) & (lines.middle == lines.start[1:])
        key = -1 - np.arange(len(begin))
        key[merge] = 2 * np.unique(begin[merge] + 1j * end[merge], return_inverse=True)[1] + (self.slope[merge] > 0)
        return alike(lines.start.view(np.int32), lines.entry.view(np.int32), key, marks(int(columns.sum())))

    def moved(self, x: Floats, before: Places, column: Places) -> Floats:
        """Give what columns laid out are, (n,), by those that were before: the others stand at their lower bounds."""
        point = self.program.lower.copy()
        point[before] = x
        return np.clip(point[column], self.program.lower[column], self.program.upper[column])

    def point(self, x: Floats, column: Places) -> Floats:
        """Give the point of the program, (columns,), by columns laid out: what is folded takes what its row leaves."""
        point = self.program.lower.copy()
        point[column] = x
        self.folded.filled(self.program, point, self.program.matrix @ point)
        return point


def _steps(program: Program, matrix: Packed, kept: Bools, below: Bools, slope: Floats) -> tuple[Floats, Floats]:
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
    span = program.upper - program.lower
    span = np.where(kept, np.where(np.isfinite(span) & (span > 0), span, 1.0), 0.0)
    cost = np.abs(program.cost)
    side, both = np.where(below, -1.0, 1.0), np.isfinite(program.row_lower) & np.isfinite(program.row_upper)
    size = slope.copy()
    for _ in range(_PASSES):
        worth = np.where(kept, np.maximum(cost, _SHARED * _gathered(matrix, size)), 0.0)
        _estimate(matrix, side, both, span, worth, size)
    size = np.where(size > 0, size, np.median(size[size > 0]) if (size > 0).any() else 1.0)
    row = size / _positive(_weighed(matrix, span))
    return row, span / _positive(_gathered(matrix, size))


def _summed(group: Places, parts: Floats) -> Floats:
    """Add up by groups; each has a part."""
    return np.bincount(group, parts).astype(np.float64, copy=False)


def _positive(size: Floats) -> Floats:
    return np.where(size > 0, size, 1.0)


@compiled
def _weighed(matrix: Packed, weight: Floats) -> Floats:
    """Σ |a|·weight, row by row."""
    found = np.zeros(len(matrix.own))
    for i in range(len(found)):
        for k in range(matrix.start[i], matrix.start[i + 1]):
            j, value = entry(matrix, i, k)
            found[i] += abs(value) * weight[j]
    return found


@compiled
def _gathered(matrix: Packed, weight: Floats) -> Floats:
    """Σ |a|·weight, column by column."""
    found = np.zeros(matrix.width)
    for i in range(len(matrix.own)):
        for k in range(matrix.start[i], matrix.start[i + 1]):
            j, value = entry(matrix, i, k)
            found[j] += abs(value) * weight[i]
    return found


@compiled
def _estimate(matrix: Packed, side: Floats, both: Bools, span: Floats, worth: Floats, found: Floats) -> None:
    """Note down, where no size is known, what those pay a unit who use a row; where none is known, who supply it."""
    for i in range(len(matrix.own)):
        for using in (True, False):
            if found[i] != 0:
                break
            pays = takes = 0.0
            for k in range(matrix.start[i], matrix.start[i + 1]):
                j, value = entry(matrix, i, k)
                if worth[j] > 0 and (side[i] * value > 0 or both[i]) == using:
                    pays += worth[j] * span[j]
                    takes += abs(value) * span[j]
            if takes > 0:
                found[i] = pays / takes
