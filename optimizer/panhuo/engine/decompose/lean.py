"""A program as decomposition takes it: boxed, without the columns that others define, and reduced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from panhuo.engine.alike import Places
from panhuo.engine.decompose.boxes import boxed
from panhuo.engine.decompose.substitute import Substituted, substitute
from panhuo.engine.packed import packed
from panhuo.engine.program import Floats, Program
from panhuo.engine.reduce import Reduced, Sides, left, needed
from panhuo_models.data import Ints


@dataclass(frozen=True, eq=False)
class Lean:
    """What is left of a program, and the way back.

    Parameters
    ----------
    substituted : Substituted
        Without the columns that others define.
    reduced : Reduced
        … and without what is not needed.
    defined : (k,) int
        Columns of the original program that may have been taken out.
    sign : float
        1 where the original program is maximised, else −1.
    """

    substituted: Substituted
    reduced: Reduced
    defined: Ints
    sign: float

    @property
    def program(self) -> Program:
        """The lean program, to be maximised."""
        return self.reduced.program

    @property
    def kept(self) -> Places:
        """Its columns in the original program, (n,)."""
        return self.substituted.kept[self.reduced.kept]

    @property
    def rows(self) -> Places:
        """Its rows in the original program, (m,); -1 for the bounds of a defined column. All others bear no price."""
        return self.substituted.rows[self.reduced.rows]

    def original(self, z: Floats) -> Floats:
        """Give a point of the original program, (columns,)."""
        return self.substituted.original(self.reduced.original(z))

    def handed(self, row: Floats) -> Floats:
        """Hand prices of its rows to those of the substituted program: the others bear none."""
        found = np.zeros(len(self.substituted.rows))
        found[self.reduced.rows] = row
        return found

    def carried(self, x: Floats) -> Floats:
        """Carry a plan of the original program over to one that is worth no less, (n,)."""
        return self.reduced.carried(x[self.substituted.kept])

    def on(self, program: Program) -> Lean:
        """Give the same with its program elsewhere in memory."""
        return replace(self, reduced=replace(self.reduced, program=program))


def lean(made: Callable[[], Program], defined: Ints) -> Lean:
    """Box a program, take out the columns that others define (:func:`substitute`), and reduce it.

    Parameters
    ----------
    made : callable
        Gives the program, maximised or minimised; asked twice, for to keep a city's beside what is looked through
        would be the most that its solve holds at once.
    defined : (k,) int
        Columns that equality rows define.

    Returns
    -------
    Lean
        Its program is maximised; its best plans are worth what those of the original one are.
    """
    what = needed(Sides.of(substitute(packed(boxed(made())), defined)[0]))
    program = packed(boxed(made()))
    sign = 1.0 if program.maximise else -1.0
    program, substituted = substitute(program, defined)
    reduced = left(program, what)
    return Lean(
        replace(substituted, kept=_short(substituted.kept), rows=_short(substituted.rows)),
        replace(reduced, kept=_short(reduced.kept), rows=_short(reduced.rows)), defined, sign,
    )  # fmt: skip


def _short(places: Ints) -> Places:
    """Give places in 4 bytes each: they are kept as long as the program is solved."""
    return places.astype(np.int32)
