"""Valid inequalities: rows that all whole points keep, and that bring the relaxation nearer to them.

The solves of clusters find them (cover, Gomory, zero-half and other cuts); all of them together tighten the relaxation
of the whole program also where clusters meet, as clusters of the next parting have their borders elsewhere. So cuts of
small programs bound a large one as larger programs would.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from panhuo.engine.decompose.choices import Choices
from panhuo.engine.decompose.greatest import Covers, greatest
from panhuo.engine.decompose.shrunk import Shrunk
from panhuo.engine.packed import Packed
from panhuo.engine.program import Cuts, Floats, Program
from panhuo_models.data import Ints

_HAIR = 1e-9
"""Share of its coefficients by which the limit of an inequality is moved outward, for rounding."""
_AT_ONCE = 40
"""Rows proved between two looks at the time."""
_CUT_OFF = 1e-3
"""What an inequality must cut off of the relaxation's point, as a share of its largest coefficient."""


@dataclass(frozen=True, eq=False)
class Inequalities:
    """Rows matrix·x ≤ upper that all whole points of a program keep.

    Parameters
    ----------
    matrix : csr_matrix, (k, columns)
        Left-hand sides.
    upper : (k,) float
        Limits.
    """

    matrix: sp.csr_matrix
    upper: Floats

    @classmethod
    def none(cls, columns: int) -> Inequalities:
        """Give none."""
        return cls(sp.csr_matrix((0, columns)), np.zeros(0))

    def __len__(self) -> int:
        return len(self.upper)

    def some(self, rows: Ints) -> Inequalities:
        """Give some of them."""
        return Inequalities(self.matrix[rows], self.upper[rows])

    @classmethod
    def stacked(cls, several: Sequence[Inequalities], columns: int) -> Inequalities:
        """Put several behind each other."""
        if not several:
            return cls.none(columns)
        matrix = sp.vstack([one.matrix for one in several], format="csr")
        return cls(matrix, np.concatenate([one.upper for one in several]))

    def on(self, program: Program) -> Program:
        """Give a program with them as its last rows, its matrix packed; it may have more columns behind."""
        open_ = np.full(len(self), -np.inf)
        width = program.matrix.shape[1]
        mine = sp.csr_matrix((self.matrix.data, self.matrix.indices, self.matrix.indptr), shape=(len(self), width))
        return replace(
            program,
            matrix=Packed.of(program.matrix).above(Packed.of(mine)),
            row_lower=np.append(program.row_lower, open_),
            row_upper=np.append(program.row_upper, self.upper),
        )


def lifted(own: Program, small: Shrunk, cuts: Cuts) -> sp.csr_matrix:
    """Give the left-hand sides of cuts of a small program in the columns of the one it was made from.

    A column y in a row y − Σ x ≤ 0 may rise by every x of it, also by those that the small program leaves out: what
    they could raise, they are charged with.

    Parameters
    ----------
    own : Program
        The program.
    small : Shrunk
        What it was made to.
    cuts : Cuts
        Of that.
    """
    columns = small.whole.kept[small.kept]
    matrix = sp.csr_matrix((cuts.value, columns[cuts.column], cuts.start), shape=(len(cuts.upper), len(own.cost)))
    gains = sp.csr_matrix(matrix.multiply(matrix > 0)) @ sp.diags((~own.integer).astype(np.float64))
    out = own.integer.copy()
    out[columns] = False
    rows = own.matrix.tocsr()
    line = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    mine = ~own.integer[rows.indices] & (rows.data > 0)
    raised = sp.csr_matrix((np.ones(int(mine.sum())), (rows.indices[mine], line[mine])), shape=rows.shape[::-1])
    taken = out[rows.indices] & (rows.data < 0)
    by = sp.csr_matrix((rows.data[taken], (line[taken], rows.indices[taken])), shape=rows.shape)
    found = sp.csr_matrix(matrix + gains @ raised @ by)
    found.eliminate_zeros()
    return found


@dataclass(frozen=True, eq=False)
class Prover:
    """Proves inequalities of one program.

    Parameters
    ----------
    covers, choices, site
        As of :func:`panhuo.engine.decompose.greatest.greatest`.
    """

    covers: Covers
    choices: Choices
    site: Ints

    @classmethod
    def of(cls, program: Program, site: Ints) -> Prover:
        """Get ready."""
        return cls(Covers.of(program), Choices.of(program, site), site)

    def proved(self, said: Inequalities, point: Floats, over: Callable[[], bool] = lambda: False) -> Inequalities:
        """Keep, of rows that may be valid, those that are and cut off a point; with limits that are proved.

        Parameters
        ----------
        said : Inequalities
            Rows, and limits as somebody says.
        point : (columns,) float
            The point of the relaxation.
        over : callable
            Asked now and then whether to end with what is proved.
        """
        size = np.maximum(_largest(said.matrix), np.finfo(float).tiny)
        rows = np.flatnonzero(said.matrix @ point - said.upper > _CUT_OFF * size)
        matrix = sp.csr_matrix(sp.diags(1 / size[rows]) @ said.matrix[rows])
        upper = said.upper[rows] / size[rows]
        limit = np.full(len(rows), np.inf)
        for first in range(0, len(rows), _AT_ONCE):
            if over():
                break
            some = slice(first, first + _AT_ONCE)
            limit[some] = greatest(self.covers, self.choices, self.site, matrix[some], upper[some])
        limit += _HAIR * np.asarray(abs(matrix).sum(axis=1)).ravel()
        return Inequalities(matrix, limit).some(np.flatnonzero(matrix @ point - limit > _CUT_OFF))


def _largest(matrix: sp.csr_matrix) -> Floats:
    """Give the largest size of the coefficients of each row."""
    return np.asarray(abs(matrix).max(axis=1).todense()).ravel() if matrix.shape[0] else np.zeros(0)
