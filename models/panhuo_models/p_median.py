"""The p-median problem."""

from __future__ import annotations

import pyomo.environ as pyo

from panhuo_models.choosing import add_choice
from panhuo_models.data.location import Serving
from panhuo_models.levels import levels


def p_median(data: Serving) -> pyo.ConcreteModel:
    r"""Build the planning rows of the p-median problem: p sites with the least distance over all people.

    ::

        min   distance
        s.t.  distance = Σ_i w[i]·(D[i,1] + Σ_{k<K_i} (D[i,k+1] − D[i,k])·beyond[i,k])    (arrays)
              beyond[i,k] + Σ_{j: d[i,j] = D[i,k]} choose[j] ≥ beyond[i,k−1]              (reach rows: arrays)
              Σ_j choose[j] = p                                                           (number)
              choose[j] ∈ {0, 1},   0 ≤ beyond[i,k] ≤ 1,   beyond[i,0] = 1,   beyond[i,K_i] = 0

    ============ ================================================== ==============
    symbol       meaning                                            unit
    ============ ================================================== ==============
    choose[j]    site j is chosen, 0 or 1                           –
    beyond[i,k]  the nearest chosen site of i is beyond D[i,k]      –
    distance     distance over all people                           persons·metres
    w[i]         weight of a demand point                           persons
    d[i,j]       distance                                           metres
    D[i,k]       distances of i, ascending, equal ones once: K_i    metres
    ============ ================================================== ==============

    ReVelle, C. S. & Swain, R. W. (1970). Central facilities location. Geographical Analysis 2, 30–42.
    doi:10.1111/j.1538-4632.1970.tb00142.x, after Hakimi, S. L. (1964), doi:10.1287/opre.12.3.450; in the radius form of
    Cornuéjols, G., Nemhauser, G. L. & Wolsey, L. A. (1980), doi:10.1137/0601030, as García, S., Labbé, M. & Marín, A.
    (2011) solve it: Solving large p-median problems with a radius formulation, INFORMS Journal on Computing 23,
    546–556, doi:10.1287/ijoc.1100.0418. Ours are sites required or excluded, and pairs that may not be: the last level
    of a demand point is the farthest that may serve it.

    Parameters
    ----------
    data : Serving
        The data, with p.

    Returns
    -------
    ConcreteModel
        Without the reach rows, which :func:`level_rows` writes out.
    """
    model = pyo.ConcreteModel(name="p-median problem")
    add_choice(model, data.candidates)
    model.distance = pyo.Var(domain=pyo.NonNegativeReals)
    model.value = pyo.Objective(expr=model.distance, sense=pyo.minimize)
    return model


def level_rows(model: pyo.ConcreteModel, data: Serving) -> None:
    """Write the reach rows of :func:`p_median` in Pyomo: for small cases, the oracle and the LP file.

    Parameters
    ----------
    model : ConcreteModel
        A model with choose and distance.
    data : Serving
        The same data.
    """
    there = levels(data)
    sites: list[list[int]] = [[] for _ in there.point]
    for n, j in zip(there.level.tolist(), there.site.tolist(), strict=True):
        sites[n].append(j)
    first, last = set(there.first.tolist()), set(there.last.tolist())
    model.beyond = pyo.Var(range(len(sites)), bounds=lambda _, n: (0, int(n not in last)))

    def serving(model: pyo.ConcreteModel, n: int) -> pyo.Expression:
        nearer = 1 if n in first else model.beyond[n - 1]
        return model.beyond[n] + pyo.quicksum(model.choose[j] for j in sites[n]) >= nearer

    model.serving = pyo.Constraint(range(len(sites)), rule=serving)
    weight = data.weight[there.point].tolist()
    far = there.distance.tolist()
    model.measuring = pyo.Constraint(
        expr=model.distance
        == sum(weight[n] * far[n] for n in sorted(first))
        + pyo.quicksum(weight[n] * (far[n + 1] - far[n]) * model.beyond[n] for n in range(len(sites)) if n not in last)
    )
