"""Compile the planning rows (Pyomo) and the reach and flow rows (arrays) into one matrix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyomo.environ as pyo
import scipy.sparse as sp
from pyomo.common.gc_manager import PauseGC
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from panhuo.engine.people import Families, people_rows
from panhuo.engine.program import Bools, Floats, Program
from panhuo.words import T, Text
from panhuo_models.coverage import count_rows, reach_rows
from panhuo_models.data import Ints, SitingData
from panhuo_models.district import district_plan
from panhuo_models.doors import Doors, doors
from panhuo_models.flow import flow_rows
from panhuo_models.operation import levels

LP_PAIRS = 200_000
"""Most (row, column) pairs of reach and flow that are written to an LP file."""
FAMILIES = (
    ("siting", "choose"),
    ("siting", "use"),
    ("siting", "offer"),
    ("siting", "stays_open"),
    ("works", "build"),
    ("operation", "level"),
    ("complexes", "complex"),
    ("complexes", "inside"),
    ("complexes", "inside_work"),
    ("money", "source"),
    ("accounts", "loses"),
    ("bonds", "issued"),
    ("supply", "fed"),
    ("coverage", "reached"),
    ("operation", "load"),
    ("accounts", "subsidy"),
    ("accounts", "deficit"),
    ("money", "pay"),
    ("yearly", "pay_yearly"),
    ("links", "both"),
    ("equity", "smallest"),
)
"""Block and name of the planning variables, in the order of their columns."""


class TooLargeError(ValueError):
    """A model that is too large to be written out; ``text`` says how large."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


@dataclass(frozen=True)
class Compiled:
    """All stages of one model: one matrix, an objective a stage.

    Columns are those of the planning variables, family by family as :data:`FAMILIES` has them, then covered (R), then
    assigned (Y).

    Parameters
    ----------
    matrix : csr_matrix, (rows, columns)
        Planning rows, then those of :class:`panhuo.engine.people.PeopleRows`.
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
    families : mapping of str to slice
        The columns of each family, by its name.
    doors : Doors
        What the assigned columns stand for.
    site : (columns,) int
        Site of each integer column (choose, use, level, complex, source, loses); -1 for the others, and for a source
        whose class spans several sites. Who feeds whom is of no one site either.
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
    with (
        PauseGC()
    ):  # a large plan is hundreds of thousands of objects: looking through them takes as long as stating it
        model = district_plan(data)
        there = doors(data)
        families, variables = _families(model, data, there)
        form = LinearStandardFormCompiler().write(model, mixed_form=True, set_sense=None)
        constraints = {id(parent): parent.name for parent in model.component_objects(pyo.Constraint)}
        rows = tuple((constraints[id(row.parent_component())], row.index()) for row, _ in form.rows)
        names = tuple(v.name for v in variables)
    position = {id(variable): n for n, variable in enumerate(variables)}
    places = np.array([position[id(variable)] for variable in form.columns], dtype=np.int64)
    columns, rest = families["assigned"].stop, families["assigned"].stop - len(variables)
    kind = np.array([bound for _, bound in form.rows], dtype=np.int64)
    people = people_rows(data, there, families)
    nothing = np.zeros(len(there.row))
    must = data.reach.mandatory & (np.diff(data.reach.within.tocsr().indptr) > 0)
    return Compiled(
        matrix=sp.vstack([spread(form.A, places, columns), people.matrix], format="csr"),
        row_lower=np.concatenate([np.where(kind <= 0, form.rhs, -np.inf), people.row_lower]),
        row_upper=np.concatenate([np.where(kind >= 0, form.rhs, np.inf), people.row_upper]),
        rows=rows,
        lower=np.concatenate([bounds_of((v.lb for v in variables), -np.inf), must, nothing]),
        upper=np.concatenate(
            [bounds_of((v.ub for v in variables), np.inf), np.ones(len(data.reach)), nothing + np.inf]
        ),
        integer=np.append([v.is_integer() for v in variables], np.zeros(rest)).astype(bool),
        implied=_implied(families),
        costs=spread(form.c, places, columns),
        offsets=np.asarray(form.c_offset, dtype=float),
        maximise=tuple(objective.sense == pyo.maximize for objective in form.objectives),
        names=names,
        families=families,
        doors=there,
        site=_sites(model, data, families),
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


def _families(model: pyo.ConcreteModel, data: SitingData, there: Doors) -> tuple[dict[str, slice], list[pyo.Var]]:
    """List the planning variables in the order of the columns, also those that stand in no row."""
    families: dict[str, slice] = {}
    variables: list[pyo.Var] = []
    for block, name in FAMILIES:
        members = list(model.component(block).component(name).values())
        families[name] = slice(len(variables), len(variables) + len(members))
        variables.extend(members)
    covered = len(variables) + len(data.reach)
    families["covered"] = slice(len(variables), covered)
    families["assigned"] = slice(covered, covered + len(there.row))
    return families, variables


def _implied(families: Families) -> Bools:
    """Mark what is integral by itself: once choose and use are whole, so is the best value of these."""
    implied = np.zeros(families["assigned"].stop, dtype=bool)
    for name in ("offer", "stays_open", "build", "inside", "inside_work", "both", "covered"):
        implied[families[name]] = True
    return implied


def _sites(model: pyo.ConcreteModel, data: SitingData, families: Families) -> Ints:
    """Give the site of each integer column."""
    site = np.full(families["assigned"].stop, -1)
    option = data.project_site[data.option_project]
    account = np.full(len(data.accounts), -1)
    account[data.option_account] = option
    project = dict(zip(data.projects, data.project_site.tolist(), strict=True))
    site[families["choose"]] = option
    site[families["use"]] = data.project_site
    site[families["loses"]] = account[list(model.accounts.loses)]
    site[families["level"]] = account[data.outlets.account[levels(data)]]
    site[families["complex"]] = [project[name] for name in model.complexes.complex]
    unit = np.concatenate([option, data.project_site[data.work_project]])
    cost = data.money.cost.tocsr()
    of_class = [np.unique(unit[cost.indices[cost.indptr[q] : cost.indptr[q + 1]]]) for _, q in model.money.source]
    site[families["source"]] = [sites[0] if len(sites) == 1 else -1 for sites in of_class]
    return site


def spread(matrix: sp.csc_array, places: np.ndarray, columns: int) -> sp.csr_matrix:
    """Move the columns of a matrix to their places among ``columns``."""
    entries = sp.coo_matrix(matrix)
    return sp.csr_matrix((entries.data, (entries.row, places[entries.col])), shape=(matrix.shape[0], columns))


def bounds_of(values: Iterable[float | None], open_end: float) -> Floats:
    """Give bounds as an array, with ``open_end`` where there is none."""
    return np.array([open_end if value is None else float(value) for value in values], dtype=float)
