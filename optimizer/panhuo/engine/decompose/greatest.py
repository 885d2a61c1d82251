"""The most that a weighted sum of columns comes to, over all whole points: by that, a cut is proved by itself.

A cut Σ a·x + Σ b·y ≤ β that a solver found for a cluster may hold only for points better than one it knew, or up to its
tolerance. So none is believed: the greatest value of its left-hand side is worked out anew, over all choices of the
sites it touches, and is the β from then on. What y gains in a row y − Σ x ≤ 0 is at most min(1, Σ x); rows that span
sites are left out, which can only raise what is found. Sites are taken in turn, depth first, and a branch ends where
what is left cannot raise the best value.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from panhuo.compiled import compiled
from panhuo.engine.alike import Places
from panhuo.engine.decompose.branching import searched
from panhuo.engine.decompose.choices import Choices
from panhuo.engine.program import Bools, Floats, Program
from panhuo_models.data import Ints

_NODES = 1_000_000
"""Most nodes of the search for one cut; one that takes more is not used."""
_ROWS = 60
"""Most rows of a cut with a column that follows: sets of them are whole numbers of so many bits."""
_ENDS = 4_000
"""Most columns that such rows may hold together."""


@dataclass(frozen=True, eq=False)
class Covers:
    """Rows y − Σ x ≤ 0 with binary x and 0 ≤ y ≤ 1; what else y stands in is left out.

    Parameters
    ----------
    start, entry : (rows + 1,), (n,) int
        The matrix of the program: its x are those that are integer.
    row : (columns,) int
        The row of each such y; -1 for the other columns.
    integer : (columns,) bool
        Columns that are integer.
    """

    start: Places
    entry: Places
    row: Ints
    integer: Bools

    @classmethod
    def of(cls, program: Program) -> Covers:
        """Find them."""
        matrix = program.matrix.tocsr()
        count = np.diff(matrix.indptr)
        line = np.repeat(np.arange(len(count)), count)
        whole = program.integer[matrix.indices]
        binary = whole & (program.lower[matrix.indices] >= 0) & (program.upper[matrix.indices] <= 1)
        x = binary & (matrix.data == -1)
        y = ~whole & (matrix.data == 1)
        y &= (program.lower[matrix.indices] >= 0) & (program.upper[matrix.indices] <= 1)
        fits = np.bincount(line, x, len(count)) + 1 == count
        fits &= (np.bincount(line, y, len(count)) == 1) & (program.row_upper <= 0)
        row = np.full(len(program.cost), -1)
        mine = y & fits[line]
        row[matrix.indices[mine]] = line[mine]
        return cls(matrix.indptr, matrix.indices, row, program.integer)


def greatest(
    covers: Covers, choices: Choices, site: Ints, cuts: sp.csr_matrix, said: Floats, nodes: int = _NODES
) -> Floats:
    """Work out the most that left-hand sides come to.

    Parameters
    ----------
    covers : Covers
        Rows of the program.
    choices : Choices
        What its sites can choose.
    site : (columns,) int
        Site of each integer column, -1 for the others.
    cuts : csr_matrix, (k, columns)
        The left-hand sides.
    said : (k,) float
        What is said that each comes to: whether it comes to less is not looked into.
    nodes : int
        Most nodes for each.

    Returns
    -------
    (k,) float
        No whole point of the program makes more of them; inf where that was not found out.
    """
    return _greatest(
        covers.start, covers.entry, covers.row, covers.integer, site, choices.place,
        choices.first, choices.choice, cuts.indptr, cuts.indices, cuts.data, said, nodes, _ROWS, _ENDS,
    )  # fmt: skip


@compiled
def _greatest(
    start: Places, entry: Places, row: Ints, integer: Bools, site: Ints, place: Ints, first: Ints, choice: Ints,
    cut_start: Places, cut_entry: Places, cut_value: Floats, said: Floats, nodes: int, most_rows: int, ends: int,
) -> Floats:  # fmt: skip
    """Take the cuts one by one."""
    found = np.full(len(cut_start) - 1, np.inf)
    coefficient, rows_of = np.zeros(len(integer)), np.zeros(len(integer), dtype=np.int64)
    touched, weight = np.empty(ends, dtype=np.int64), np.zeros(most_rows)
    seen = np.zeros(len(integer), dtype=np.bool_)
    for c in range(len(found)):
        mine = slice(cut_start[c], cut_start[c + 1])
        count, rows, able = _read(
            start, entry, row, integer, place, cut_entry[mine], cut_value[mine], coefficient, rows_of, seen, touched,
            weight,
        )  # fmt: skip
        if able:
            found[c] = max(said[c], 0.0)
        if able and count:
            found[c] = searched(
                touched[:count], site, place, first, choice, coefficient, rows_of, weight[:rows], said[c], nodes
            )
        for n in range(count):
            coefficient[touched[n]], rows_of[touched[n]], seen[touched[n]] = 0.0, 0, False
    return found


@compiled
def _read(
    start: Places, entry: Places, row: Ints, integer: Bools, place: Ints, columns: Places, values: Floats,
    coefficient: Floats, rows_of: Ints, seen: Bools, touched: Ints, weight: Floats,
) -> tuple[int, int, bool]:  # fmt: skip
    """Note down what a cut touches: how many binary columns and rows, and whether all of it is known."""
    count = rows = 0
    for k in range(len(columns)):
        j, r = columns[k], row[columns[k]]
        if integer[j]:
            if place[j] < 0 or count == len(touched):
                return count, rows, False
            coefficient[j] += values[k]
            count = _touched(j, seen, touched, count)
        elif r < 0 or rows == len(weight) or count + start[r + 1] - start[r] > len(touched):
            return count, rows, False
        elif values[k] > 0:  # else the column is best at 0
            weight[rows] = values[k]
            for e in range(start[r], start[r + 1]):
                if integer[entry[e]]:
                    rows_of[entry[e]] |= np.int64(1) << rows
                    count = _touched(entry[e], seen, touched, count)
                    if place[entry[e]] < 0:
                        return count, rows, False
            rows += 1
    return count, rows, True


@compiled
def _touched(j: int, seen: Bools, touched: Ints, count: int) -> int:
    if seen[j]:
        return count
    seen[j] = True
    touched[count] = j
    return count + 1
