"""Compile the planning rows, which Pyomo writes, into arrays."""

from __future__ import annotations

import gc
import pickle
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyomo.environ as pyo
import scipy.sparse as sp
from pyomo.common.gc_manager import PauseGC
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler, LinearStandardFormInfo

from panhuo.engine.people import Families
from panhuo.engine.program import Bools, Floats
from panhuo_models.data import Ints, SitingData
from panhuo_models.district import district_plan
from panhuo_models.doors import Doors
from panhuo_models.operation import levels

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


@dataclass(frozen=True, eq=False)
class Names:
    """Constraint and index of each planning row, in turn, as pairs of (str, object).

    They are kept as bytes: hundreds of thousands of small objects, made while the plan was stated, would keep whole
    pages of what stated it from going back, and are read once or twice.

    Parameters
    ----------
    kept : bytes
        Constraints, and the indices of the rows of each.
    count : int
        Rows.
    """

    kept: bytes
    count: int

    @classmethod
    def of(cls, indices: list[tuple[str, list[object]]]) -> Names:
        """Keep the indices of the rows of each constraint."""
        return cls(pickle.dumps(indices, pickle.HIGHEST_PROTOCOL), sum(len(own) for _, own in indices))

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[tuple[str, object]]:
        indices: list[tuple[str, list[object]]] = pickle.loads(self.kept)
        return ((name, index) for name, own in indices for index in own)


class Planning(NamedTuple):
    """What Pyomo gives of :class:`panhuo.engine.compile.Compiled`.

    ``matrix`` and ``costs`` have all its columns, ``lower``, ``upper`` and ``integer`` those of the planning variables.
    """

    matrix: sp.csr_matrix
    row_lower: Floats
    row_upper: Floats
    rows: Names
    lower: Floats
    upper: Floats
    integer: Bools
    costs: sp.csr_matrix
    offsets: Floats
    maximise: tuple[bool, ...]
    families: Families
    site: Ints


def planning_rows(data: SitingData, there: Doors) -> Planning:
    """Compile what Pyomo says, one constraint after the other; each is forgotten once it is compiled.

    Expressions take many times what their row takes in a matrix: all of them, with what compiling makes of them, would
    be the most that the solve of a whole city holds at once. So the largest are compiled last, beside no other.

    Parameters
    ----------
    data : SitingData
        The data; its reach and flow rows merged or not.
    there : Doors
        Its doors.
    """
    # A large plan is hundreds of thousands of objects: looking through them takes as long as stating it.
    with PauseGC():
        model = district_plan(data)
        families, variables = _families(model, data, there)
        places, columns = {id(variable): n for n, variable in enumerate(variables)}, families["assigned"].stop
        waiting = _set_apart(model)
        parts = dict[int, _Part]()
        for place in sorted(waiting, key=lambda place: len(waiting[place][1])):
            parts[place] = _part(*waiting.pop(place), places, columns)
        form = _form(model)
    ordered = [parts[place] for place in sorted(parts)]
    side, limit = (np.concatenate([part[n] for part in ordered]) for n in (1, 2))
    return Planning(
        matrix=sp.vstack([part.matrix for part in ordered], format="csr"),
        row_lower=np.where(side <= 0, limit, -np.inf),
        row_upper=np.where(side >= 0, limit, np.inf),
        rows=Names.of([(part.name, part.indices) for part in ordered]),
        lower=bounds_of((v.lb for v in variables), -np.inf),
        upper=bounds_of((v.ub for v in variables), np.inf),
        integer=np.array([v.is_integer() for v in variables], dtype=bool),
        costs=spread(form.c, _columns(form, places), columns),
        offsets=np.asarray(form.c_offset, dtype=float),
        maximise=tuple(objective.sense == pyo.maximize for objective in form.objectives),
        families=families,
        site=_sites(model, data, families),
    )


class _Part(NamedTuple):
    """The rows of one constraint: matrix, side (−1: ≥, 0: =, 1: ≤) and limit of each, and their names."""

    matrix: sp.csr_matrix
    side: Ints
    limit: Floats
    name: str
    indices: list[object]


def _set_apart(model: pyo.ConcreteModel) -> dict[int, tuple[pyo.Block, pyo.Constraint, str]]:
    """Take all constraints out of their blocks: block, constraint and name, by their place in the model."""
    found = {
        place: (block, constraint, constraint.name)
        for place, (block, constraint) in enumerate(
            (block, constraint)
            for block in model.block_data_objects()
            for constraint in block.component_objects(pyo.Constraint, descend_into=False)
        )
    }
    for block, constraint, _ in found.values():
        block.del_component(constraint)
    return found


def _part(block: pyo.Block, constraint: pyo.Constraint, name: str, places: Mapping[int, int], columns: int) -> _Part:
    """Compile one constraint, alone in its block."""
    if not len(constraint):  # most districts know no complexes, no links, no floors
        return _Part(sp.csr_matrix((0, columns)), np.zeros(0, dtype=np.int64), np.zeros(0), name, [])
    block.add_component(constraint.local_name, constraint)
    form = _form(block)
    found = _Part(
        spread(form.A, _columns(form, places), columns),
        np.array([side for _, side in form.rows], dtype=np.int64),
        np.asarray(form.rhs, dtype=float),
        name,
        [row.index() for row, _ in form.rows],
    )
    block.del_component(constraint)
    del form
    gc.collect(0)  # what compiled it refers to itself in circles, and to the expressions
    return found


def _form(block: pyo.Block) -> LinearStandardFormInfo:
    """Give the matrix of what stands in a block, and of its objectives."""
    return LinearStandardFormCompiler().write(block, mixed_form=True, set_sense=None)


def _columns(form: LinearStandardFormInfo, places: Mapping[int, int]) -> Ints:
    """Give the place of each column of a matrix among all."""
    return np.array([places[id(variable)] for variable in form.columns], dtype=np.int64)


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
