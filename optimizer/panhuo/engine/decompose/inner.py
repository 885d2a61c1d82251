"""What prices of all rows say of single columns: how far a point falls below a bound by moving one.

With prices y of all rows, hulls of rooms among them, every point of a cluster is worth at most a ceiling U, and at most
U − |c_j − (Aᵀy)_j| where column j does not stand at the bound that suits it. Where the latter is less than a value
known, the column stays (reduced-cost fixing: Crowder, Johnson & Padberg 1983, doi:10.1287/opre.31.5.803, § 2.1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from panhuo.engine.decompose.prices import most
from panhuo.engine.packed import Packed
from panhuo.engine.program import Floats, Program
from panhuo_models.data import Ints


@dataclass(frozen=True, eq=False)
class Inner:
    """Prices of all rows of a program, and what its hulls (:func:`panhuo.engine.decompose.hulls.hulls`) add to them.

    Parameters
    ----------
    row : (rows,) float
        Prices.
    taken : (columns,) float
        What the prices of the hulls take of each column.
    spare : (J,) float
        What the hulls of each site add to the bound.
    """

    row: Floats
    taken: Floats
    spare: Floats

    @classmethod
    def of(cls, rows: int, columns: int, site: Ints, tight: Program, row: Floats) -> Inner:
        """Take prices of a program with hulls apart.

        Parameters
        ----------
        rows, columns : int
            Of the program without hulls.
        tight : Program
            With them.
        site : (columns,) int
            Site of each integer column, -1 for the others.
        row : (rows with hulls,) float
            Prices.
        """
        hulls = Packed.of(tight.matrix).part(rows, tight.matrix.shape[0], tight.matrix.shape[1]).tocsr().tocsc()
        price = row[rows:]
        taken, rest = hulls[:, :columns].T @ price, -(hulls[:, columns:].T @ price)
        items, sets = hulls[:, :columns].tocoo(), hulls[:, columns:].tocoo()
        of_row, of_set = np.full(len(price), -1), np.full(len(rest), -1)
        np.maximum.at(of_row, items.row, site[items.col])
        np.maximum.at(of_set, sets.col, of_row[sets.row])
        np.maximum.at(of_row, sets.row, of_set[sets.col])
        count = int(site.max(initial=-1)) + 1
        spare = np.zeros(count)
        np.add.at(spare, of_row, most(price, tight.row_lower[rows:], tight.row_upper[rows:]))
        np.add.at(spare, of_set, most(rest, tight.lower[columns:], tight.upper[columns:]))
        return cls(row[:rows], taken, spare)
