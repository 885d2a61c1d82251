"""A smaller program with the same best value, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from panhuo.engine.cutting import taken
from panhuo.engine.program import Floats, Program
from panhuo.engine.reduce import columns, modes
from panhuo.engine.reduce.rows import bounded, idle, redundant
from panhuo.engine.reduce.sides import HAIR, Sides
from panhuo_models.data import Ints

ROUNDS = 10
"""Most rounds: what one finds makes room for the next."""
WORTH = 0.02
"""Share of the columns that must go in a round for another one."""
LITTLE = 0.001
"""Share of rows and columns: where no more go, what that makes room for waits for the next round."""
STEPS = (columns.dominated, modes.dominated)
"""What is looked for in a round, in turn."""


@dataclass(frozen=True, eq=False)
class Reduced:
    """A program without rows that say nothing and columns that are not needed.

    Parameters
    ----------
    program : Program
        The smaller one.
    kept : (n,) int
        Its columns in the larger one.
    rows : (m,) int
        Its rows in the larger one, some with one side open. All others bear no price.
    fixed : (columns,) float
        Where the columns that are not kept stay.
    moves : tuple of (k, 2) int
        In turn: columns of the larger one that are dominated, and those that take their place.
    """

    program: Program
    kept: Ints
    rows: Ints
    fixed: Floats
    moves: tuple[Ints, ...]

    def original(self, z: Floats) -> Floats:
        """Give the point of the larger program, (columns,), that a point of the smaller one stands for."""
        point = self.fixed.copy()
        point[self.kept] = z
        return point

    def carried(self, x: Floats) -> Floats:
        """Carry a plan of the larger program, (columns,), over to one of the smaller that is worth no less, (n,)."""
        point = x.copy()
        for move in self.moves:
            here = move[point[move[:, 0]] != 0]
            while len(here):
                value = point[here[:, 0]]
                point[here[:, 0]] = 0.0
                np.maximum.at(point, here[:, 1], value)
                here = move[point[move[:, 0]] != 0]
        return point[self.kept]


@dataclass(frozen=True, eq=False)
class Needed:
    """What the best value of a program needs.

    Parameters
    ----------
    rows, row_lower, row_upper : (m,)
        Its rows, and their limits.
    kept, lower, upper : (n,)
        Its columns, and their bounds.
    fixed, moves
        As of :class:`Reduced`.
    """

    rows: Ints
    row_lower: Floats
    row_upper: Floats
    kept: Ints
    lower: Floats
    upper: Floats
    fixed: Floats
    moves: tuple[Ints, ...]


def reduced(program: Program, steps: Sequence[Callable[[Sides], Ints]] = STEPS) -> Reduced:
    """Leave out of a program what its best value does not need.

    A row goes where the bounds of its columns imply it, or becomes one of them; a column where nothing holds it back
    (:mod:`panhuo.engine.reduce.rows`), or where another one takes its place, alone
    (:mod:`panhuo.engine.reduce.columns`) or with all that follows it (:mod:`panhuo.engine.reduce.modes`).

    Parameters
    ----------
    program : Program
        Maximised or minimised.
    steps : sequence of callable
        Which columns to look for, besides rows and what no row holds back.

    Returns
    -------
    Reduced
        Every point of its program stands for one of the larger, of the same value, and the best ones are worth the
        same. A program that has no plan is left as it is: it is for a solver to say so.
    """
    return left(program, needed(Sides.of(program), steps))


def needed(program: Sides, steps: Sequence[Callable[[Sides], Ints]] = STEPS) -> Needed | None:
    """Find out what the best value of a program needs; None where it has no plan.

    Parameters
    ----------
    program : Sides
        The program; it must not be read any more.
    steps
        As of :func:`reduced`.
    """
    fixed = np.zeros(len(program.cost))
    moves: list[Ints] = []
    sides = _settled(program, fixed)
    for _ in range(ROUNDS):
        before = 0 if sides is None else len(sides.cost)
        for find in steps:
            if sides is None:
                return None
            instead = find(sides)
            gone = instead >= 0
            if gone.any():
                moves.append(np.stack([sides.column[gone], sides.column[instead[gone]]], axis=1))
                sides = sides.without(np.zeros(len(sides.limit), dtype=bool), gone, np.zeros(len(gone)))
                sides = _settled(sides, fixed)
        if sides is not None and before - len(sides.cost) <= WORTH * before:
            break
    return None if sides is None else _joined(sides, fixed, tuple(moves))


def _settled(sides: Sides, fixed: Floats) -> Sides | None:
    """Leave out rows and columns by turns until little changes; None where a row cannot hold."""
    while True:
        sides = bounded(sides)
        least, most = sides.activity()
        if (sides.lower > sides.upper).any() or (least > sides.limit + HAIR).any():
            return None
        rows = redundant(sides, most)
        gone, value = idle(sides, rows)
        if not rows.any() and not gone.any():
            return sides
        little = rows.sum() + gone.sum() <= LITTLE * (len(rows) + len(gone))
        fixed[sides.column[gone]] = value[gone]
        sides = sides.without(rows, gone, value)
        if little:
            return sides


def _joined(sides: Sides, fixed: Floats, moves: tuple[Ints, ...]) -> Needed:
    """Put the sides of rows together again."""
    above = sides.side >= 0
    rows = np.unique(np.where(above, sides.side, -1 - sides.side))
    lower, upper = np.full(len(rows), -np.inf), np.full(len(rows), np.inf)
    upper[np.searchsorted(rows, sides.side[above])] = sides.limit[above]
    lower[np.searchsorted(rows, -1 - sides.side[~above])] = -sides.limit[~above]
    return Needed(rows, lower, upper, sides.column, sides.lower, sides.upper, fixed, moves)


def left(program: Program, what: Needed | None) -> Reduced:
    """Leave out of a program what is not needed; nothing where it has no plan."""
    if what is None:
        rows, columns_ = (np.arange(n) for n in program.matrix.shape)
        return Reduced(program, columns_, rows, np.zeros(len(columns_)), ())
    found = replace(
        program,
        matrix=taken(program.matrix, what.rows, what.kept),
        row_lower=what.row_lower,
        row_upper=what.row_upper,
        lower=what.lower,
        upper=what.upper,
        integer=program.integer[what.kept],
        cost=program.cost[what.kept],
        offset=program.offset + float(program.cost @ what.fixed),
        implied=None if program.implied is None else program.implied[what.kept],
    )
    return Reduced(found, what.kept, what.rows, what.fixed, what.moves)
