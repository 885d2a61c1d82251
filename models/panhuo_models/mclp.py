"""The maximal covering location problem."""

from __future__ import annotations

import pyomo.environ as pyo

from panhuo_models.choosing import add_choice
from panhuo_models.data.location import Covering


def mclp(data: Covering) -> pyo.ConcreteModel:
    r"""Build the planning rows of the maximal covering location problem: most people within reach.

    ::

        max   reached
        s.t.  reached = Σ_r w[r]·covered[r]                      (arrays)
              covered[r] ≤ Σ_{j ∈ N[r]} choose[j]                (reach rows: arrays)
              Σ_j choose[j] ≤ p                                  (number, where asked)
              Σ_j c[j]·choose[j] ≤ B                             (money, where asked)
              choose[j] ∈ {0, 1},   0 ≤ covered[r] ≤ 1

    ============ ============================================= ========
    symbol       meaning                                       unit
    ============ ============================================= ========
    choose[j]    site j is chosen, 0 or 1                      –
    covered[r]   row r is covered                              –
    reached      people covered                                persons
    w[r]         weight of a row                               persons
    N[r]         sites within reach of the row                 –
    c[j], B      cost of a site, budget                        money
    p            most sites                                    –
    ============ ============================================= ========

    Church, R. & ReVelle, C. (1974). The maximal covering location problem. Papers of the Regional Science Association
    32, 101–118. doi:10.1007/BF01942293. Ours are unequal costs under a budget beside p, and sites required or excluded;
    existing facilities are taken out beforehand, with all they cover.

    Parameters
    ----------
    data : Covering
        The data.

    Returns
    -------
    ConcreteModel
        Without the reach rows, which :func:`panhuo_models.covering.cover_rows` writes out.
    """
    model = pyo.ConcreteModel(name="maximal covering location problem")
    add_choice(model, data.candidates)
    model.reached = pyo.Var(bounds=(0, float(data.weight.sum())))
    model.value = pyo.Objective(expr=model.reached, sense=pyo.maximize)
    return model
