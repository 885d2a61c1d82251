"""The district plan: which idle sites become which services, who pays, who is reached."""

from __future__ import annotations

import pyomo.environ as pyo

from panhuo_models.coverage import add_coverage
from panhuo_models.data import SitingData
from panhuo_models.equity import add_equity
from panhuo_models.money import add_money
from panhuo_models.siting import add_siting
from panhuo_models.stages import add_stages


def district_plan(data: SitingData) -> pyo.ConcreteModel:
    r"""Build the planning rows of the district plan.

    ::

        max   Σ_t weight[t]·(fixed[t] + reached[t] − before[t])                    (coverage; one of four measures)
        s.t.  covered[r] ≤ Σ_{o ∈ N[r]} choose[o] + Σ_{e ∈ N[r]} stays_open[e]     (reach rows: arrays)
              reached[t] = Σ_{r of t} d[r]·covered[r]                              (reach rows: arrays)
              choose[o] ≤ use[p(o)],   Σ_{p of j} use[p] ≤ 1                       (siting)
              Σ_{o of p} a[o]·choose[o] ≤ A[p]·use[p]                              (siting: area)
              stays_open[e] ≤ 1 − use[p]                                           (siting: p closes e)
              Σ_f pay[f,q] = Σ_o K[q,o]·choose[o],   Σ_q pay[f,q] ≤ cap[f]         (money)
              Σ_o Σ_q K[q,o]·choose[o] ≤ budget                                    (money)
              share_min[y]·Σ pay ≤ Σ_{f of y} Σ_q pay[f,q] ≤ share_max[y]·Σ pay    (money: party y)
              fixed[t] + reached[t] ≥ persons                                      (equity: floors)
              smallest[s]·base[t] ≤ fixed[t] + reached[t]                          (equity: max–min)

    ============== ===================================================== =========
    symbol         meaning                                               unit
    ============== ===================================================== =========
    choose[o]      option o is chosen, 0 or 1                            –
    use[p]         project p (a site in a mode) is used, 0 or 1          –
    stays_open[e]  existing facility e stays open                        –
    covered[r]     reach row r is covered                                –
    reached[t]     people reached in tally t beside the fixed ones       persons
    pay[f,q]       what fund f pays of cost class q                      10,000 CNY
    smallest[s]    smallest share of stage s                             –
    d[r]           demand of reach row r                                 persons
    a[o], A[p]     floor area taken, offered                             m²
    K[q,o]         capital cost of option o in class q                   10,000 CNY
    ============== ===================================================== =========

    With one service, one mode, unit costs and no other row this is the maximal covering location problem of Church &
    ReVelle (1974), doi:10.1007/BF01942293; with mandatory rows and the measure capital it is the set covering problem
    of Toregas, Swain, ReVelle & Bergman (1971), doi:10.1287/opre.19.6.1363. Ours are the floor area shared by several
    services in a mode, the existing facilities that close, the money by class, fund and party, and the stages.

    Parameters
    ----------
    data : SitingData
        The data.

    Returns
    -------
    ConcreteModel
        Blocks ``siting``, ``coverage``, ``money``, ``equity`` and the objectives ``stage[s]``, all active. The reach
        rows are not in it: they are joined as arrays, or by :func:`panhuo_models.coverage.reach_rows`.

    Raises
    ------
    ValueError
        A required site has no option, or a stage minimises coverage.
    """
    model = pyo.ConcreteModel(name="district plan")
    add_siting(model, data)
    add_coverage(model, data)
    add_money(model, data)
    add_equity(model, data)
    add_stages(model, data)
    return model
