"""Compile the planning rows (Pyomo) and the reach and flow rows (arrays) into one matrix."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from panhuo.engine.errors import TooLargeError
from panhuo.engine.packed import Packed
from panhuo.engine.people import Covering, Families, people_rows
from panhuo.engine.planning import Names, planning_rows
from panhuo.engine.program import Bools, Floats, Program
from panhuo.words import T
from panhuo_models.coverage import count_rows, reach_rows
from panhuo_models.data import Ints, SitingData
from panhuo_models.district import district_plan
from panhuo_models.doors import Doors, doors
from panhuo_models.flow import flow_rows
from panhuo_models.operation import levels

LP_PAIRS = 200_000
"""Most (row, column) pairs of reach and flow that are written to an LP file."""


@dataclass(frozen=True)
class Compiled:
    """All stages of one model: one matrix, an objective a stage.

    Columns are those of the planning variables, family by family as :data:`panhuo.engine.planning.FAMILIES` has them,
    then covered (R), then assigned (Y).

    Parameters
    ----------
    data : SitingData
        What was compiled.
    planning : csr_matrix, (planning rows, columns)
        Its planning rows.
    row_lower, row_upper : (rows,) float
        Bounds of all rows, those of :class:`panhuo.engine.people.PeopleRows` last.
    rows : Names
        Constraint and index of each planning row.
    lower, upper : (columns,) float
        Bounds of the columns.
    integer, implied : (columns,) bool
        Integral; integral by itself once the others are.
    costs : (stages, columns) csr_matrix
        Objective coefficients, in the units of the model.
    offsets : (stages,) float
        Objective constants.
    maximise : tuple of bool
        Senses.
    families : mapping of str to slice
        The columns of each family, by its name.
    doors : Doors
        What the assigned columns stand for.
    site : (columns,) int
        Site of each integer column (choose, use, level, complex, source, loses); -1 for the others, and for a source
        whose class spans several sites. Who feeds whom is of no one site either.
    """

    data: SitingData
    planning: sp.csr_matrix
    row_lower: Floats
    row_upper: Floats
    rows: Names
    lower: Floats
    upper: Floats
    integer: Bools
    implied: Bools
    costs: sp.csr_matrix
    offsets: Floats
    maximise: tuple[bool, ...]
    families: Families
    doors: Doors
    site: Ints

    def assigned(self, data: SitingData, point: Floats) -> Floats:
        """Read off a point how many people each pair of row and outlet is assigned.

        Parameters
        ----------
        data : SitingData
            The data the program was compiled from.
        point : (columns,) float
            A point with whole levels.

        Returns
        -------
        (X,) float [persons]
            What the door takes where the outlet is open, else 0.
        """
        opened = data.outlets.account < 0
        opened[~opened] = point[self.families["level"]] > 0.5
        return np.where(opened[data.flow.outlet], point[self.families["assigned"]][self.doors.pair], 0.0)

    @property
    def defined(self) -> Ints:
        """Columns that an equality row defines by others: offer, reached."""
        named = (self.families[name] for name in ("offer", "reached"))
        return np.concatenate([np.arange(one.start, one.stop) for one in named])

    @property
    def options(self) -> int:
        """O: choose is the first O columns."""
        return int(self.families["choose"].stop)

    @property
    def projects(self) -> int:
        """P: use is the next P columns."""
        return int(self.families["use"].stop) - self.options

    def matrix(self, extra: Sequence[Row] = ()) -> sp.csr_matrix:
        """Put all rows into one matrix, extra ones last: made when it is asked for, as a city's takes much room."""
        people = people_rows(self.data, self.doors, self.families)
        below = [*people.matrices, *(row.coefficients.tocsr() for row in extra)]
        count = self.planning.nnz + people.covering.nnz + sum(matrix.nnz for matrix in below)
        columns = np.empty(count, dtype=np.int32 if count <= np.iinfo(np.int32).max else np.int64)
        values, ends, at = np.empty(count), [np.zeros(1, dtype=columns.dtype)], 0
        for matrix in (self.planning, people.covering, *below):
            here = slice(at, at + matrix.nnz)
            if isinstance(matrix, Covering):
                end = matrix.write(columns[here], values[here])
            else:
                columns[here], values[here], end = matrix.indices, matrix.data, matrix.indptr[1:]
            ends.append(at + end.astype(columns.dtype))
            at += matrix.nnz
        starts = np.concatenate(ends)
        return sp.csr_matrix((values, columns, starts), (len(starts) - 1, self.planning.shape[1]))

    def packed(self) -> Packed:
        """Give the same packed: a third of the room."""
        people, width = people_rows(self.data, self.doors, self.families), self.planning.shape[1]
        above, below = Packed.of(self.planning), Packed.stacked(people.matrices, width)
        first, last = len(above.column), len(above.column) + people.covering.nnz
        column = np.empty(last + len(below.column), dtype=np.int32)
        column[:first], column[last:] = above.column, below.column
        ends = people.covering.mark(column[first:last])
        sizes = len(above.size) + np.array([0, len(below.size)], dtype=np.int32)
        return Packed(
            np.concatenate([above.start, (first + ends).astype(np.int32), last + below.start[1:]]), column,
            np.concatenate([above.own, np.full(len(ends), sizes[1]), sizes[0] + below.own], dtype=np.int32),
            np.concatenate([above.many, np.zeros(len(ends), dtype=bool), below.many]),
            np.concatenate([above.size, below.size, [1.0]]), width,
        )  # fmt: skip

    def program(self, stage: int, extra: Sequence[Row] = (), *, packed: bool = False) -> Program:
        """Give the program of one stage, with extra rows (kept values, choices cut off), or packed without any."""
        return Program(
            matrix=self.packed() if packed else self.matrix(extra),
            row_lower=np.append(self.row_lower, [row.lower for row in extra]) if extra else self.row_lower,
            row_upper=np.append(self.row_upper, [row.upper for row in extra]) if extra else self.row_upper,
            lower=self.lower,
            upper=self.upper,
            integer=self.integer,
            cost=self.costs[[stage]].toarray().ravel(),
            offset=float(self.offsets[stage]),
            maximise=self.maximise[stage],
            implied=self.implied,
        )


@dataclass(frozen=True)
class Row:
    """One more row: lower ≤ coefficients·x ≤ upper; coefficients are (1, columns)."""

    coefficients: sp.csr_matrix
    lower: float
    upper: float


def compile_plan(data: SitingData) -> Compiled:
    """Compile the district plan.

    Parameters
    ----------
    data : SitingData
        The data; its reach and flow rows merged or not.

    Returns
    -------
    Compiled
        The matrix and the objectives.
    """
    there = doors(data)
    planning = planning_rows(data, there)
    gc.collect()  # what stated the plan refers to itself in circles: a tenth of what a city takes
    families, columns = planning.families, planning.families["assigned"].stop
    people = people_rows(data, there, families)
    rest, nothing = columns - len(planning.lower), np.zeros(len(there.row))
    must = data.reach.mandatory & (np.diff(data.reach.within.tocsr().indptr) > 0)
    return Compiled(
        data=data,
        planning=planning.matrix,
        row_lower=np.concatenate([planning.row_lower, people.row_lower]),
        row_upper=np.concatenate([planning.row_upper, people.row_upper]),
        rows=planning.rows,
        lower=np.concatenate([planning.lower, must, nothing]),
        upper=np.concatenate([planning.upper, np.ones(len(data.reach)), nothing + np.inf]),
        integer=np.append(planning.integer, np.zeros(rest, dtype=bool)),
        implied=_implied(families),
        costs=planning.costs,
        offsets=planning.offsets,
        maximise=planning.maximise,
        families=families,
        doors=there,
        site=planning.site,
    )


def write_lp(data: SitingData, path: Path, stage: int = 0) -> None:
    """Write the model with all its reach and flow rows as an LP file.

    Parameters
    ----------
    data : SitingData
        The data.
    path : Path
        File to write.
    stage : int
        Whose objective is written.

    Raises
    ------
    TooLargeError
        The reach and flow rows hold more than :data:`LP_PAIRS` pairs.
    """
    pairs = data.reach.within.nnz + len(data.flow.row)
    if pairs > LP_PAIRS:
        raise TooLargeError(
            T(
                "the model has {pairs} pairs of demand and option; an LP file is written up to {limit}: "
                "write it for a part of the district",
                pairs=pairs,
                limit=LP_PAIRS,
            )
        )
    model = district_plan(data)
    reach_rows(model, data)
    flow_rows(model, data)
    count_rows(model, data)
    for s in model.stage:
        if s != stage:
            model.stage[s].deactivate()
    model.write(str(path), format="cpxlp", io_options={"symbolic_solver_labels": True})


def _implied(families: Families) -> Bools:
    """Mark what is integral by itself: once choose and use are whole, so is the best value of these."""
    implied = np.zeros(families["assigned"].stop, dtype=bool)
    for name in ("offer", "stays_open", "build", "inside", "inside_work", "both", "covered"):
        implied[families[name]] = True
    return implied


def barred(compiled: Compiled, data: SitingData, options: Bools, outlets: Bools) -> Compiled:
    """Close what is not viable: upper bounds of 0 on choose[o] and level[n] of these.

    Parameters
    ----------
    compiled : Compiled
        The program.
    data : SitingData
        The data it was compiled from.
    options, outlets : (O,), (N,) bool
        What :func:`panhuo.engine.viable.viable` says.

    Returns
    -------
    Compiled
        The same but for the bounds; no plan is lost.
    """
    upper = compiled.upper.copy()
    upper[compiled.families["choose"]] *= options
    upper[compiled.families["level"]] *= outlets[levels(data)]
    return replace(compiled, upper=upper)
