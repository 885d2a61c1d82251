"""The whole model as a matrix: Pyomo's planning rows, and flow and counting rows from the data, nothing merged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyomo.environ as pyo
import scipy.sparse as sp
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from panhuo_models.data import Bools, Floats, Flow, Ints, SitingData
from panhuo_models.district import district_plan


@dataclass(frozen=True, eq=False)
class Model:
    """Rows and columns, but for the reach rows and what they cover: these stay arrays.

    Columns are the planning variables, then one for each pair of flow row and outlet: people assigned.

    Parameters
    ----------
    data : SitingData
        What it is of.
    matrix : csr_matrix, (rows, columns)
        Planning, demand, serving, fair and counting rows, in turn.
    row_lower, row_upper : (rows,) float
        Limits.
    kinds : mapping of str to slice
        The rows of each kind.
    place : mapping of str to list of int
        Planning rows by name.
    served : mapping of (str, str) to int
        Serving rows by outlet and tier, from 0.
    compared : mapping of (int, int) to int
        Fair rows by needier and less needy flow row, from 0.
    lower, upper : (columns,) float
        Bounds.
    costs : csr_matrix, (stages, columns)
        Objectives.
    offsets : (stages,) float
        Their constants.
    opened : (S + E,) int
        Column of each offer, then of each existing facility that may close.
    """

    data: SitingData
    matrix: sp.csr_matrix
    row_lower: Floats
    row_upper: Floats
    kinds: dict[str, slice]
    place: dict[str, list[int]]
    served: dict[tuple[str, str], int]
    compared: dict[tuple[int, int], int]
    lower: Floats
    upper: Floats
    costs: sp.csr_matrix
    offsets: Floats
    opened: Ints


Entries = tuple[list[Ints], list[Ints], list[Floats]]


def lay_out(data: SitingData) -> Model:
    """Lay the model out."""
    model = district_plan(data)
    variables = list(model.component_data_objects(pyo.Var))
    at = {id(variable): n for n, variable in enumerate(variables)}
    form = LinearStandardFormCompiler().write(model, mixed_form=True, set_sense=None)
    places = np.array([at[id(variable)] for variable in form.columns], dtype=np.int64)
    width = len(variables) + len(data.flow.row)
    kind = np.array([bound for _, bound in form.rows], dtype=np.int64)
    loads = {pair: at[id(load)] for pair, load in model.operation.load.items()}
    reached = np.array([at[id(v)] for v in model.coverage.reached.values()], dtype=np.int64)
    named = list(loads)
    place: dict[str, list[int]] = {}
    for n, (row, _) in enumerate(form.rows):
        place.setdefault(_name(row, named), []).append(n)
    served = {pair: n for n, pair in enumerate(loads)}
    load = np.array(list(loads.values()), dtype=np.int64)
    needy, other, fair = _fair(data.flow, data.tier_need, len(variables), width)
    blocks = [
        ("planning", _placed(form.A, places, width), *_limits(form.rhs, kind)),
        ("demand", _demand(data.flow, len(variables), width), np.full(len(data.flow), -np.inf), data.flow.demand),
        ("serving", _serving(data, served, load, len(variables), width), *_both(len(load))),
        ("fair", fair, np.full(len(needy), -np.inf), np.zeros(len(needy))),
        ("counting", _counting(data, load, served, reached, len(variables), width), *_both(len(data.tallies))),
    ]
    matrix = sp.vstack([block[1] for block in blocks], format="csr")
    matrix.eliminate_zeros()
    ends = np.cumsum([0, *(block[1].shape[0] for block in blocks)]).tolist()
    nothing = np.zeros(len(data.flow.row))
    return Model(
        data,
        matrix,
        np.concatenate([block[2] for block in blocks]),
        np.concatenate([block[3] for block in blocks]),
        {block[0]: slice(ends[n], ends[n + 1]) for n, block in enumerate(blocks)},
        place,
        served,
        {pair: n for n, pair in enumerate(zip(needy.tolist(), other.tolist(), strict=True))},
        np.append(_bounds((v.lb for v in variables), -np.inf), nothing),
        np.append(_bounds((v.ub for v in variables), np.inf), nothing + np.inf),
        _placed(form.c, places, width),
        np.asarray(form.c_offset, dtype=np.float64),
        np.array(
            [at[id(v)] for v in (*model.siting.offer.values(), *model.siting.stays_open.values())], dtype=np.int64
        ),
    )


def _name(row: pyo.Constraint, loads: list[tuple[str, str]]) -> str:
    """Name a planning row as certificate.npz does."""
    name, index = row.parent_component().name, row.index()
    if index is None:
        return str(name)
    if name == "operation.opened":
        index = loads[index]
    keys = index if isinstance(index, tuple) else (index,)
    return f"{name}[{', '.join(repr(key) for key in keys)}]"


def _bounds(values: Iterable[float | None], open_end: float) -> Floats:
    return np.array([open_end if value is None else float(value) for value in values], dtype=np.float64)


def _placed(matrix: sp.csc_array, places: Ints, width: int) -> sp.csr_matrix:
    entries = sp.coo_matrix(matrix)
    return sp.csr_matrix((entries.data, (entries.row, places[entries.col])), shape=(matrix.shape[0], width))


def _limits(right: Floats, kind: Ints) -> tuple[Floats, Floats]:
    """Pyomo says 1 for ≤, −1 for ≥ and 0 for =."""
    return np.where(kind > 0, -np.inf, right), np.where(kind < 0, np.inf, right)


def _both(rows: int) -> tuple[Floats, Floats]:
    return np.zeros(rows), np.zeros(rows)


def _demand(flow: Flow, first: int, width: int) -> sp.csr_matrix:
    """Σ_n assigned[g,n] ≤ d[g]."""
    pairs = np.arange(len(flow.row))
    return sp.csr_matrix((np.ones(len(pairs)), (flow.row, first + pairs)), shape=(len(flow), width))


def _served_by(data: SitingData, served: dict[tuple[str, str], int]) -> Ints:
    """Give the serving row of each pair of flow row and outlet."""
    tiers = len(data.tiers)
    table = np.full(len(data.outlets) * tiers, -1)
    at, of_tier = {name: n for n, name in enumerate(data.outlets.names)}, {h: t for t, h in enumerate(data.tiers)}
    for (outlet, tier), n in served.items():
        table[at[outlet] * tiers + of_tier[tier]] = n
    return table[data.flow.outlet * tiers + data.flow.tier[data.flow.row]]


def _serving(data: SitingData, served: dict[tuple[str, str], int], load: Ints, first: int, width: int) -> sp.csr_matrix:
    """load[n,h]/uptake[n,h] − Σ_{g of h} assigned[g,n] = 0."""
    of = _served_by(data, served)
    uptake = np.ones(len(load))
    uptake[of] = data.flow.uptake
    row = np.append(np.arange(len(load)), of)
    column = np.append(load, first + np.arange(len(of)))
    value = np.append(1.0 / uptake, np.full(len(of), -1.0))
    return sp.csr_matrix((value, (row, column)), shape=(len(load), width))


def _fair(flow: Flow, need: Ints, first: int, width: int) -> tuple[Ints, Ints, sp.csr_matrix]:
    """Σ_{n of both} assigned[o,n]/d[o] − Σ_n assigned[g,n]/d[g] ≤ 0, in persons of the larger; g needier than o.

    For rows of one cell that have an outlet in common.
    """
    inside = np.ones(len(flow), dtype=bool), (flow.cell, np.arange(len(flow)))
    cells = sp.csr_matrix(inside, shape=(int(flow.cell.max(initial=-1)) + 1, len(flow)))
    beside = sp.coo_matrix(cells.T @ cells)
    ranked = need[flow.tier[beside.row]] > need[flow.tier[beside.col]]
    needy, other = beside.row[ranked].astype(np.int64), beside.col[ranked].astype(np.int64)
    outlets = int(flow.outlet.max(initial=-1)) + 1
    goes = sp.csr_matrix((np.ones(len(flow.row), dtype=bool), (flow.row, flow.outlet)), shape=(len(flow), outlets))
    pair = sp.csr_matrix((np.arange(1, len(flow.row) + 1), (flow.row, flow.outlet)), shape=(len(flow), outlets))
    common = sp.csr_matrix(goes[needy].multiply(goes[other])).astype(bool)
    kept = np.flatnonzero(np.diff(common.indptr))
    needy, other, common = needy[kept], other[kept], common[kept]
    larger = np.maximum(flow.demand[needy], flow.demand[other])
    theirs = sp.coo_matrix(common.multiply(pair[other]))
    ours = sp.coo_matrix(pair[needy])
    row = np.append(theirs.row, ours.row)
    column = first + np.append(theirs.data, ours.data).astype(np.int64) - 1
    value = np.append((larger / flow.demand[other])[theirs.row], -(larger / flow.demand[needy])[ours.row])
    return needy, other, sp.csr_matrix((value, (row, column)), shape=(len(needy), width))


def _counting(
    data: SitingData, load: Ints, served: dict[tuple[str, str], int], reached: Ints, first: int, width: int
) -> sp.csr_matrix:
    """Σ_{n,h} load[n,h] − reached[t] = 0, what is covered apart; uptake·assigned where tallies share an outlet."""
    flow, tallies = data.flow, np.arange(len(data.tallies))
    tally, of = flow.tally[flow.row], _served_by(data, served)
    several: Bools = np.zeros(len(data.outlets), dtype=bool)
    lowest, highest = np.full(len(data.outlets), len(tallies)), np.full(len(data.outlets), -1)
    np.minimum.at(lowest, flow.outlet, tally)
    np.maximum.at(highest, flow.outlet, tally)
    several[lowest < highest] = True
    split = np.flatnonzero(several[flow.outlet])
    whole = np.full(len(load), -1)
    whole[of] = np.where(several[flow.outlet], -1, tally)
    one = np.flatnonzero(whole >= 0)
    row = np.concatenate([whole[one], tally[split], tallies])
    column = np.concatenate([load[one], first + split, reached])
    value = np.concatenate([np.ones(len(one)), flow.uptake[split], np.full(len(tallies), -1.0)])
    return sp.csr_matrix((value, (row, column)), shape=(len(tallies), width))
