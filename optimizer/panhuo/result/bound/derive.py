"""What prices alone bound, every sum rounded outward."""

from __future__ import annotations

import math

import numpy as np
import scipy.sparse as sp

from panhuo.result.bound.boxes import boxes
from panhuo.result.bound.file import FILE, Stored
from panhuo.result.bound.model import Model
from panhuo.result.bound.sums import error, most, product, total, up
from panhuo.result.verify.findings import Findings
from panhuo.words import T
from panhuo_models.data import Floats, Ints

_ROWS_AT_ONCE = 250_000
"""Reach rows whose pairs are looked at together."""


def derive(model: Model, stage: int, stored: Stored, findings: Findings) -> float | None:
    """Bound a stage by prices.

    The price of a flow row's demand is raised to what its best outlet leaves; prices of a sign that a row cannot bear
    count as 0.

    Parameters
    ----------
    model : Model
        The whole model.
    stage : int
        Which stage.
    stored : Stored
        Its prices.
    findings : Findings
        Is told of prices of rows that do not exist.

    Returns
    -------
    float or None
        In units of the model, rounded outward; None where the prices bound nothing.
    """
    data = model.data
    maximise = [objective.maximise for objective in data.objectives]
    sign = 1.0 if maximise[stage] else -1.0
    before = len(findings)
    y = _prices(model, stage, stored, findings)
    if len(findings) > before:
        return None
    keeps = sp.csr_matrix(model.costs[:stage])
    room = stored.least - model.offsets[:stage]
    up_to, down_to = up(room), np.nextafter(room, -np.inf)
    matrix = sp.vstack([model.matrix, keeps], format="csr")
    senses = np.array(maximise[:stage], dtype=bool)
    row_lower = np.append(model.row_lower, np.where(senses, down_to, -np.inf))
    row_upper = np.append(model.row_upper, np.where(senses, np.inf, up_to))
    y = np.append(y, np.where(senses, np.minimum(stored.kept, 0.0), np.maximum(stored.kept, 0.0)))
    y = np.where((np.isinf(row_upper) & (y > 0)) | (np.isinf(row_lower) & (y < 0)), 0.0, y)
    cost = sign * np.asarray(model.costs[[stage]].todense()).ravel()
    covering = np.maximum(stored.reach, 0.0) * data.reach.demand
    _raise_demand(model, matrix, cost, y)
    left, slack = _reduced(matrix, cost, y, model.opened, *_over_reach(model, covering))
    own = np.r_[np.arange(model.kinds["serving"].stop), np.arange(model.matrix.shape[0], matrix.shape[0])]
    lower, upper = boxes(sp.csr_matrix(matrix[own]), row_lower[own], row_upper[own], model.lower, model.upper)
    found = total(
        product(y, np.where(y > 0, row_upper, row_lower)),
        most(left - slack, left + slack, lower, upper),
        _covered(model, covering, y[model.kinds["counting"]]),
        np.array([sign * model.offsets[stage]]),
    )
    return sign * found if math.isfinite(found) else None


def _prices(model: Model, stage: int, stored: Stored, findings: Findings) -> Floats:
    """Put the stated prices on the rows."""
    y = np.zeros(model.matrix.shape[0])
    for name, price in zip(stored.rows.tolist(), stored.prices.tolist(), strict=True):
        mine = [
            n for n in model.place.get(name, ()) if np.isfinite((model.row_upper if price > 0 else model.row_lower)[n])
        ]
        if mine:
            y[mine[0]] += price
        elif name not in model.place:
            findings.add(FILE, name, f"stage{stage}_rows", None, None, T("the model has no such row"))
    y[model.kinds["demand"]] = np.maximum(stored.flow, 0.0)
    y[model.kinds["counting"]] = stored.counting
    named = (
        ("serving", stored.serving_rows, stored.serving, model.served),
        ("fair", stored.fair_rows, stored.fair, model.compared),
    )
    for kind, rows, prices, known in named:
        first = model.kinds[kind].start
        for row, price in zip(map(tuple, rows.tolist()), prices.tolist(), strict=True):
            if row in known:
                y[first + known[row]] += price
            else:
                name = ", ".join(map(str, row))
                findings.add(FILE, name, f"stage{stage}_{kind}_rows", None, None, T("the model has no such row"))
    return y


def _raise_demand(model: Model, matrix: sp.csr_matrix, cost: Floats, y: Floats) -> None:
    """Raise the prices of demand to what the best outlet leaves, so that no assignment gains."""
    flow, kind = model.data.flow, model.kinds["demand"]
    first = matrix.shape[1] - len(flow.row)
    others = y.copy()
    others[kind] = 0.0
    rest = (cost - matrix.T @ others)[first:]
    least = y[kind].copy()
    np.maximum.at(least, flow.row, up(rest))
    y[kind] = least


def _over_reach(model: Model, covering: Floats) -> tuple[Floats, Ints]:
    """Sum the prices of the reach rows by the columns that reach them, and count them."""
    within, width = model.data.reach.within.tocsr(), len(model.opened)
    sums, count = np.zeros(width), np.zeros(width, dtype=np.int64)
    for begin in range(0, len(covering), _ROWS_AT_ONCE):
        rows = slice(begin, min(begin + _ROWS_AT_ONCE, len(covering)))
        bounds = within.indptr[rows.start : rows.stop + 1]
        columns = within.indices[bounds[0] : bounds[-1]]
        sums += np.bincount(columns, np.repeat(covering[rows], np.diff(bounds)), minlength=width)
        count += np.bincount(columns, minlength=width) + 1
    return sums, count


def _reduced(
    matrix: sp.csr_matrix, cost: Floats, y: Floats, opened: Ints, reach: Floats, reached: Ints
) -> tuple[Floats, Floats]:
    """Work out c − Aᵀy, what each open column is worth to those it reaches added, and how far it may be off."""
    left = cost - matrix.T @ y
    size = np.abs(cost) + np.asarray(abs(matrix).T @ np.abs(y)).ravel()
    count = np.asarray(np.diff(matrix.tocsc().indptr), dtype=np.int64)
    left[opened] += reach
    size[opened] += reach
    count[opened] += reached
    return left, error(count, size)


def _covered(model: Model, covering: Floats, counting: Floats) -> Floats:
    """Say what each covered[r] ∈ [0, 1] adds at most: the price of its counting less that of its reach row."""
    reach = model.data.reach
    # counting is Σ d·covered … − reached = 0
    worth = -counting[reach.tally] * reach.demand
    left = worth - covering
    slack = error(np.ones(len(left), dtype=np.int64), np.abs(worth) + covering)
    # what no column reaches is not covered, mandatory or not
    may = np.diff(reach.within.tocsr().indptr) > 0
    must = reach.mandatory & may
    return most(left - slack, left + slack, must.astype(np.float64), may.astype(np.float64))
