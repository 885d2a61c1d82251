"""The p-center problem."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from panhuo_models.choosing import add_choice
from panhuo_models.data.location import Serving


def p_center(data: Serving) -> pyo.ConcreteModel:
    r"""Build the planning rows of the p-center problem: p sites with the least distance of the farthest.

    ::

        min   radius
        s.t.  radius = R_1 + Σ_{k<K} (R_{k+1} − R_k)·beyond[k]           (arrays)
              beyond[k] + Σ_{j: w[i]·d[i,j] ≤ R_k} choose[j] ≥ 1         (reach rows of every i: one set cover a k)
              beyond[k+1] ≤ beyond[k]
              Σ_j choose[j] ≤ p                                          (number)
              choose[j] ∈ {0, 1},   0 ≤ beyond[k] ≤ 1,   beyond[K] = 0

    ============ ================================================== ========
    symbol       meaning                                            unit
    ============ ================================================== ========
    choose[j]    site j is chosen, 0 or 1                           –
    beyond[k]    somebody is farther than R_k                       –
    radius       weighted distance of the farthest                  metres
    w[i]         weight of a demand point, 1 where none is given    –
    d[i,j]       distance                                           metres
    R_k          all w[i]·d[i,j], ascending, equal ones once: K     metres
    Σ_k          over the radii                                     –
    ============ ================================================== ========

    Hakimi, S. L. (1964), doi:10.1287/opre.12.3.450; as a row of set covers: Minieka, E. (1970). The m-center problem.
    SIAM Review 12, 138–139. doi:10.1137/1012016; in this form by Elloumi, S., Labbé, M. & Pochet, Y. (2004),
    doi:10.1287/ijoc.1030.0028; solved, as in Daskin, M. S. (2013), Network and Discrete Location, 2nd ed.,
    doi:10.1002/9781118537015, by bisection over k: beyond[k] = 0 where p sites cover everybody within R_k. Ours are
    sites required or excluded, and pairs that may not be.

    Parameters
    ----------
    data : Serving
        The data, with p.

    Returns
    -------
    ConcreteModel
        Without the reach rows, which :func:`radius_rows` writes out.
    """
    model = pyo.ConcreteModel(name="p-center problem")
    add_choice(model, data.candidates)
    model.radius = pyo.Var(domain=pyo.NonNegativeReals)
    model.value = pyo.Objective(expr=model.radius, sense=pyo.minimize)
    return model


def radius_rows(model: pyo.ConcreteModel, data: Serving) -> None:
    """Write the reach rows of :func:`p_center` in Pyomo: for small cases, the oracle and the LP file.

    Parameters
    ----------
    model : ConcreteModel
        A model with choose and radius.
    data : Serving
        The same data.
    """
    distance = data.distance.tocsr()
    row = np.repeat(np.arange(distance.shape[0]), np.diff(distance.indptr))
    far = data.weight[row] * distance.data
    radii = np.unique(far)
    last = len(radii) - 1
    model.beyond = pyo.Var(range(len(radii)), bounds=lambda _, k: (0, int(k < last)))
    pairs = list(zip(row.tolist(), distance.indices.tolist(), far.tolist(), strict=True))

    def covering(model: pyo.ConcreteModel, i: int, k: int) -> pyo.Expression:
        near = (model.choose[j] for point, j, d in pairs if point == i and d <= radii[k])
        return model.beyond[k] + pyo.quicksum(near) >= 1

    model.covering = pyo.Constraint(range(distance.shape[0]), range(len(radii)), rule=covering)
    model.falling = pyo.Constraint(range(last), rule=lambda model, k: model.beyond[k + 1] <= model.beyond[k])
    steps = enumerate(np.diff(radii).tolist())
    model.measuring = pyo.Constraint(
        expr=model.radius == float(radii[0]) + pyo.quicksum(step * model.beyond[k] for k, step in steps)
    )
