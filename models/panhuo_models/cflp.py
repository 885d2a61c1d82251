"""The capacitated facility location problem."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from panhuo_models.choosing import add_choice, spent
from panhuo_models.data.location import Serving


def cflp(data: Serving) -> pyo.ConcreteModel:
    r"""Build the planning rows of the capacitated facility location problem: least cost of sites and of serving all.

    ::

        min   Σ_j c[j]·choose[j] + serving
        s.t.  serving = Σ_{i,j} w[i]·d[i,j]·served[i,j]                  (arrays)
              Σ_j served[i,j] = 1                                        (arrays)
              Σ_i w[i]·served[i,j] ≤ q[j]·choose[j]                      (arrays)
              served[i,j] ≤ choose[j]                                    (reach rows: arrays)
              Σ_j q[j]·choose[j] ≥ Σ_i w[i]                              (room for all; follows, but bounds better)
              Σ_j choose[j] ≤ p,   Σ_j c[j]·choose[j] ≤ B                (number, money: where asked)
              choose[j] ∈ {0, 1},   served[i,j] ≥ 0;   single source: served[i,j] ∈ {0, 1}

    ============ ============================================= ==========
    symbol       meaning                                       unit
    ============ ============================================= ==========
    choose[j]    site j is chosen, 0 or 1                      –
    served[i,j]  part of demand point i that site j serves     –
    serving      what serving costs                            money
    w[i]         weight of a demand point                      persons
    d[i,j]       cost of serving a person                      money
    c[j], B      cost of a site, budget                        money
    q[j]         capacity                                      persons
    p            most sites                                    –
    ============ ============================================= ==========

    Balinski, M. L. (1965), doi:10.1287/mnsc.12.3.253, with the capacities of Kuehn, A. A. & Hamburger, M. J. (1963),
    doi:10.1287/mnsc.9.4.643; single source: Neebe, A. W. & Rao, M. R. (1983), Journal of the Operational
    Research Society 34, 1107–1113. Ours are p and a budget, sites required or excluded, and pairs that may not be.

    Parameters
    ----------
    data : Serving
        The data, with capacities.

    Returns
    -------
    ConcreteModel
        Without the rows of pairs, which :func:`pair_rows` writes out.

    Raises
    ------
    ValueError
        The data have no capacities.
    """
    model = pyo.ConcreteModel(name="capacitated facility location problem")
    add_choice(model, data.candidates)
    room = enumerate(capacities(data))
    model.serving = pyo.Var(domain=pyo.NonNegativeReals)
    model.room = pyo.Constraint(expr=pyo.quicksum(q * model.choose[j] for j, q in room) >= float(data.weight.sum()))
    model.value = pyo.Objective(expr=spent(model, data.candidates) + model.serving, sense=pyo.minimize)
    return model


def pair_rows(model: pyo.ConcreteModel, data: Serving) -> None:
    """Write the rows of pairs of :func:`cflp` in Pyomo: for small cases, the oracle and the LP file.

    Parameters
    ----------
    model : ConcreteModel
        A model with choose and serving.
    data : Serving
        The same data.
    """
    distance = data.distance.tocsr()
    row = np.repeat(np.arange(distance.shape[0]), np.diff(distance.indptr)).tolist()
    pairs = dict(zip(zip(row, distance.indices.tolist(), strict=True), distance.data.tolist(), strict=True))
    weight, room = data.weight.tolist(), capacities(data)
    domain = pyo.Binary if data.single_source else pyo.NonNegativeReals
    model.served = pyo.Var(list(pairs), domain=domain, bounds=(0, 1))

    def all_served(model: pyo.ConcreteModel, i: int) -> pyo.Expression:
        return pyo.quicksum(model.served[pair] for pair in pairs if pair[0] == i) == 1

    def holding(model: pyo.ConcreteModel, j: int) -> pyo.Expression:
        here = (weight[pair[0]] * model.served[pair] for pair in pairs if pair[1] == j)
        return pyo.quicksum(here) <= room[j] * model.choose[j]

    model.all_served = pyo.Constraint(range(distance.shape[0]), rule=all_served)
    model.holding = pyo.Constraint(range(distance.shape[1]), rule=holding)
    model.open_first = pyo.Constraint(list(pairs), rule=lambda model, i, j: model.served[i, j] <= model.choose[j])
    model.paying = pyo.Constraint(
        expr=model.serving == pyo.quicksum(weight[pair[0]] * d * model.served[pair] for pair, d in pairs.items())
    )


def capacities(data: Serving) -> list[float]:
    """Give q[j].

    Raises
    ------
    ValueError
        The data have none.
    """
    if data.capacity is None:
        raise ValueError("a capacitated problem needs capacities")
    return data.capacity.tolist()
