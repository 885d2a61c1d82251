"""Who is covered: the reach rows of the covering problems, written out."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from panhuo_models.data.location import Covering


def cover_rows(model: pyo.ConcreteModel, data: Covering) -> None:
    """Write the reach rows of :func:`~panhuo_models.mclp.mclp` and :func:`~panhuo_models.partial_cover.partial_cover`.

    ::

        covered[r] ≤ Σ_{j ∈ N[r]} choose[j]           covered[r] ∈ [0, 1]
        reached = Σ_r w[r]·covered[r]

    covered needs no integrality: with the choice fixed its best value is 0 or 1. For small cases, the oracle and the LP
    file; otherwise the rows are joined as arrays.

    Parameters
    ----------
    model : ConcreteModel
        A model with choose and reached.
    data : Covering
        The same data.
    """
    within = members(data)
    rows = range(len(within))
    model.covered = pyo.Var(rows, bounds=(0, 1))
    model.covering = pyo.Constraint(
        rows, rule=lambda model, r: model.covered[r] <= pyo.quicksum(model.choose[j] for j in within[r])
    )
    weights = enumerate(data.weight.tolist())
    model.counting = pyo.Constraint(expr=model.reached == pyo.quicksum(w * model.covered[r] for r, w in weights))


def must_cover_rows(model: pyo.ConcreteModel, data: Covering) -> None:
    """Write the reach rows of :func:`~panhuo_models.lscp.lscp`: Σ_{j ∈ N[r]} choose[j] ≥ 1.

    Parameters
    ----------
    model : ConcreteModel
        A model with choose.
    data : Covering
        The same data.
    """
    within = members(data)
    model.covering = pyo.Constraint(
        range(len(within)), rule=lambda model, r: pyo.quicksum(model.choose[j] for j in within[r]) >= 1
    )


def members(data: Covering) -> list[list[int]]:
    """List the sites N[r] of every row."""
    within = data.within.tocsr()
    return [part.tolist() for part in np.split(within.indices, within.indptr[1:-1])]
