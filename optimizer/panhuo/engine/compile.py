"""Compile the planning rows (Pyomo) and the reach rows (arrays) into one matrix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyomo.environ as pyo
import scipy.sparse as sp
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from panhuo.engine.program import Bools, Floats, Program
from panhuo.words import T, Text
from panhuo_models.coverage import reach_rows
from panhuo_models.data import Ints, Reach, SitingData
from panhuo_models.district import district_plan

LP_PAIRS = 200_000
"""Most (row, column) pairs of reach that are written to an LP file."""


class TooLargeError(ValueError):
    """A model that is too large to be written out; ``text`` says how large."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


@dataclass(frozen=True)
class Compiled:
    """All stages of one model: one matrix, an objective a stage.

    Columns are choose (O), use (P), stays_open (E), reached (T), then pay and smallest, then covered (R).

    Parameters
    ----------
    matrix : csr_matrix, (rows, columns)
        Planning rows, then covered[r] ≤ Σ…, then the rows that define reached[t].
    row_lower, row_upper : (rows,) float
        Bounds of the rows.
    rows : tuple of (str, object)
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
    names : tuple of str
        Names of the planning columns.
    options : int
        O: choose is the first O columns.
    projects : int
        P: use is the next P columns.
    site : (columns,) int
        Site of each choose and use; -1 for the other columns.
    """

    matrix: sp.csr_matrix
    row_lower: Floats
    row_upper: Floats
    rows: tuple[tuple[str, object], ...]
    lower: Floats
    upper: Floats
    integer: Bools
    implied: Bools
    costs: sp.csr_matrix
    offsets: Floats
    maximise: tuple[bool, ...]
    names: tuple[str, ...]
    options: int
    projects: int
    site: Ints

    def program(self, stage: int, extra: Sequence[Row] = ()) -> Program:
        """Give the program of one stage, with extra rows (kept values, choices cut off)."""
        matrix = sp.vstack([self.matrix, *(row.coefficients for row in extra)], format="csr") if extra else self.matrix
        return Program(
            matrix=matrix,
            row_lower=np.append(self.row_lower, [row.lower for row in extra]),
            row_upper=np.append(self.row_upper, [row.upper for row in extra]),
            lower=self.lower,
            upper=self.upper,
            integer=self.integer,
            cost=self.costs[[stage]].toarray().ravel(),
            offset=float(self.offsets[stage]),
            maximise=self.maximise[stage],
            names=self.names,
            implied=self.implied,
        )


@dataclass(frozen=True)
class Row:
    """One more row: lower ≤ coefficients·x ≤ upper; coefficients are (1, columns)."""

    coefficients: sp.csr_matrix
    lower: float
    upper: float


def compile_plan(data: SitingData, reach: Reach) -> Compiled:
    """Compile the district plan.

    Parameters
    ----------
    data : SitingData
        The data.
    reach : Reach
        Its reach rows, merged or not.

    Returns
    -------
    Compiled
        The matrix and the objectives.
    """
    model = district_plan(data)
    variables = _columns(model)
    form = LinearStandardFormCompiler().write(model, mixed_form=True, set_sense=None)
    position = {id(variable): n for n, variable in enumerate(variables)}
    places = np.array([position[id(variable)] for variable in form.columns], dtype=np.int64)
    planned, covered = len(variables), len(reach)
    kind = np.array([bound for _, bound in form.rows], dtype=np.int64)
    covering, counting = _reach_arrays(data, reach, planned)
    rest = np.full(planned + covered - len(data.options) - len(data.projects), -1)
    stages = _spread(form.c, places, planned + covered)
    return Compiled(
        matrix=sp.vstack([_spread(form.A, places, planned + covered), covering, counting], format="csr"),
        row_lower=np.concatenate([np.where(kind <= 0, form.rhs, -np.inf), np.full(covered, -np.inf), _zeros(data)]),
        row_upper=np.concatenate([np.where(kind >= 0, form.rhs, np.inf), np.zeros(covered), _zeros(data)]),
        rows=tuple((row.parent_component().name, row.index()) for row, _ in form.rows),
        lower=np.concatenate([_bounds((v.lb for v in variables), -np.inf), reach.mandatory.astype(float)]),
        upper=np.concatenate([_bounds((v.ub for v in variables), np.inf), np.ones(covered)]),
        integer=np.append([v.is_integer() for v in variables], np.zeros(covered, dtype=bool)).astype(bool),
        implied=np.append(_implied(data, planned), np.ones(covered, dtype=bool)),
        costs=stages,
        offsets=np.asarray(form.c_offset, dtype=float),
        maximise=tuple(objective.sense == pyo.maximize for objective in form.objectives),
        names=tuple(v.name for v in variables),
        options=len(data.options),
        projects=len(data.projects),
        site=np.concatenate([data.project_site[data.option_project], data.project_site, rest]),
    )


def write_lp(data: SitingData, path: Path, stage: int = 0) -> None:
    """Write the model with all its reach rows as an LP file.

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
        The reach rows hold more than :data:`LP_PAIRS` pairs.
    """
    if data.reach.within.nnz > LP_PAIRS:
        raise TooLargeError(
            T(
                "the model has {pairs} pairs of demand and option; an LP file is written up to {limit}: "
                "write it for a part of the district",
                pairs=data.reach.within.nnz,
                limit=LP_PAIRS,
            )
        )
    model = district_plan(data)
    reach_rows(model, data)
    for s in model.stage:
        if s != stage:
            model.stage[s].deactivate()
    model.write(str(path), format="lp_v2", io_options={"symbolic_solver_labels": True})


def _columns(model: pyo.ConcreteModel) -> list[pyo.Var]:
    """List the planning variables in the order of the columns, also those that stand in no row."""
    families = [model.siting.choose, model.siting.use, model.siting.stays_open, model.coverage.reached]
    if model.money.component("pay") is not None:
        families.append(model.money.pay)
    return [variable for family in [*families, model.equity.smallest] for variable in family.values()]


def _implied(data: SitingData, planned: int) -> Bools:
    """Mark stays_open: once use is integral, so is the best of its values."""
    implied = np.zeros(planned, dtype=bool)
    first = len(data.options) + len(data.projects)
    implied[first : first + len(data.closing)] = True
    return implied


def _reach_arrays(data: SitingData, reach: Reach, planned: int) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    """Build covered[r] − Σ_{N[r]} (choose, stays_open) ≤ 0 and Σ_r d[r]·covered[r] − reached[t] = 0."""
    options, projects, closing = len(data.options), len(data.projects), len(data.closing)
    rows, tallies = len(reach), len(data.tallies)
    pairs = reach.within.tocoo()
    column = np.where(pairs.col < options, pairs.col, pairs.col + projects)
    each = np.arange(rows)
    covering = sp.csr_matrix(
        (
            np.concatenate([np.full(pairs.nnz, -1.0), np.ones(rows)]),
            (np.concatenate([pairs.row, each]), np.concatenate([column, planned + each])),
        ),
        shape=(rows, planned + rows),
    )
    tally = np.arange(tallies)
    counting = sp.csr_matrix(
        (
            np.concatenate([reach.demand, np.full(tallies, -1.0)]),
            (
                np.concatenate([reach.tally, tally]),
                np.concatenate([planned + each, options + projects + closing + tally]),
            ),
        ),
        shape=(tallies, planned + rows),
    )
    return covering, counting


def _spread(matrix: sp.csc_array, places: np.ndarray, columns: int) -> sp.csr_matrix:
    """Move the columns of a matrix to their places among ``columns``."""
    entries = sp.coo_matrix(matrix)
    return sp.csr_matrix((entries.data, (entries.row, places[entries.col])), shape=(matrix.shape[0], columns))


def _zeros(data: SitingData) -> Floats:
    return np.zeros(len(data.tallies))


def _bounds(values: Iterable[float | None], open_end: float) -> Floats:
    return np.array([open_end if value is None else float(value) for value in values], dtype=float)
