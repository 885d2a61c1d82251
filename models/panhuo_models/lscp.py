"""The location set covering problem."""

from __future__ import annotations

import pyomo.environ as pyo

from panhuo_models.choosing import add_choice, spent
from panhuo_models.data.location import Covering


def lscp(data: Covering) -> pyo.ConcreteModel:
    r"""Build the planning rows of the location set covering problem: least cost to reach everybody.

    ::

        min   Σ_j c[j]·choose[j]
        s.t.  Σ_{j ∈ N[r]} choose[j] ≥ 1                         (reach rows: arrays)
              choose[j] ∈ {0, 1}

    ============ ============================================= ========
    symbol       meaning                                       unit
    ============ ============================================= ========
    choose[j]    site j is chosen, 0 or 1                      –
    c[j]         cost of a site, 1 where sites are counted     money
    N[r]         sites within reach of the row                 –
    Σ_r          over all demand points that can be reached    –
    ============ ============================================= ========

    Toregas, C., Swain, R., ReVelle, C. & Bergman, L. (1971). The location of emergency service facilities. Operations
    Research 19, 1363–1373. doi:10.1287/opre.19.6.1363. Ours are unequal costs, and sites required or excluded.

    Parameters
    ----------
    data : Covering
        The data; the weights of rows do not count.

    Returns
    -------
    ConcreteModel
        Without the reach rows, which :func:`panhuo_models.covering.must_cover_rows` writes out.
    """
    model = pyo.ConcreteModel(name="location set covering problem")
    add_choice(model, data.candidates)
    model.value = pyo.Objective(expr=spent(model, data.candidates), sense=pyo.minimize)
    return model
