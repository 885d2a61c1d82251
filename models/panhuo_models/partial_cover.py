"""The partial set covering problem."""

from __future__ import annotations

import pyomo.environ as pyo

from panhuo_models.choosing import add_choice, spent
from panhuo_models.data.location import Covering


def partial_cover(data: Covering) -> pyo.ConcreteModel:
    r"""Build the planning rows of the partial set covering problem: least cost to reach so many people.

    ::

        min   Σ_j c[j]·choose[j]
        s.t.  reached ≥ W
              reached = Σ_r w[r]·covered[r]                      (arrays)
              covered[r] ≤ Σ_{j ∈ N[r]} choose[j]                (reach rows: arrays)
              choose[j] ∈ {0, 1},   0 ≤ covered[r] ≤ 1

    ============ ============================================= ========
    symbol       meaning                                       unit
    ============ ============================================= ========
    choose[j]    site j is chosen, 0 or 1                      –
    covered[r]   row r is covered                              –
    reached      people covered                                persons
    w[r]         weight of a row                               persons
    W            people to cover                               persons
    N[r]         sites within reach of the row                 –
    c[j]         cost of a site                                money
    ============ ============================================= ========

    Daskin, M. S. & Owen, S. H. (1999). Two new location covering problems: the partial p-center problem and the partial
    set covering problem. Geographical Analysis 31, 217–235. doi:10.1111/gean.1999.31.1.217. Ours are unequal
    costs, and sites required or excluded.

    Parameters
    ----------
    data : Covering
        The data, with the amount W.

    Returns
    -------
    ConcreteModel
        Without the reach rows, which :func:`panhuo_models.covering.cover_rows` writes out.
    """
    model = pyo.ConcreteModel(name="partial set covering problem")
    add_choice(model, data.candidates)
    model.reached = pyo.Var(bounds=(0, float(data.weight.sum())))
    model.enough = pyo.Constraint(expr=model.reached >= data.amount)
    model.value = pyo.Objective(expr=spent(model, data.candidates), sense=pyo.minimize)
    return model
