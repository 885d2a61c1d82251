"""The district plan: which idle sites become which services, who pays, who is reached."""

from __future__ import annotations

import pyomo.environ as pyo

from panhuo_models.accounts import add_accounts
from panhuo_models.bonds import add_bonds
from panhuo_models.complexes import add_complexes
from panhuo_models.coverage import add_coverage
from panhuo_models.data import SitingData
from panhuo_models.equity import add_equity
from panhuo_models.links import add_links
from panhuo_models.money import add_money
from panhuo_models.operation import add_operation
from panhuo_models.quotas import add_quotas
from panhuo_models.shares import add_shares
from panhuo_models.siting import add_siting
from panhuo_models.stages import add_stages
from panhuo_models.supply import add_supply
from panhuo_models.works import add_works
from panhuo_models.yearly import add_yearly


def district_plan(data: SitingData) -> pyo.ConcreteModel:
    r"""Build the planning rows of the district plan.

    ::

        max   Σ_t weight[t]·(fixed[t] + reached[t] − before[t])                    (coverage; one of six measures)
        s.t.  covered[r] ≤ Σ_{s ∈ N[r]} offer[s] + Σ_{e ∈ N[r]} stays_open[e]      (reach rows: arrays)
              Σ_m assigned[g,m] ≤ d[g]                                             (flow rows: arrays)
              Σ_{m of h} assigned[h',m]/d[h'] ≤ Σ_m assigned[h,m]/d[h]             (flow rows: h needier than h')
              Σ_{n of m} load[n,h]/uptake[n,h] = Σ_{g of h} assigned[g,m]          (flow rows: arrays)
              reached[t] = Σ_{r of t} d[r]·covered[r] + Σ_{n of t} Σ_h load[n,h]   (arrays)
              Σ_{o of (p,k)} choose[o] ≤ use[p],   Σ_{p of j} use[p] ≤ 1           (siting)
              offer[s] = Σ_{o of s} choose[o]                                      (siting)
              Σ_{o of q} choose[o] ≥ 1                                             (siting: pin q)
              Σ_{o of p} a[o]·choose[o] ≤ A[p]·use[p]                              (siting: area)
              stays_open[e] ≤ 1 − use[p]                                           (siting: p closes e)
              choose[o] ≤ build[w] ≤ Σ_{o of w} choose[o]                          (works)
              offer[s] ≤ Σ offer,   offer[s] + offer[s'] ≤ 1,   both[l] ≤ offer[s] (links: needs, keeps apart, bonus)
              Σ_v fed[o,v] = choose[o],   Σ_{o of s} fed[o,v] ≤ offer or stays_open of v   (supply)
              Σ_o need[o]·fed[o,v] ≤ Σ_{o of v} output[o]·choose[o]                (supply; or what e can supply)
              inside[o] ≤ choose[o],   Σ_{o of (p,k)} inside[o] ≤ complex[p]       (complexes; inside_work likewise)
              Σ_{o of p} a[o]·inside[o] ≥ least area·complex[p], …                 (complexes)
              low·Σ_o a[o]·choose[o] ≤ Σ_{o of group} a[o]·choose[o] ≤ high·Σ …    (quotas)
              Σ_{n of a} level[n] = Σ_{o of a} choose[o]                           (operation: one tariff)
              load[n,h] ≤ L_max[n,h]·level[n]                                      (operation)
              Σ_{n of a} Σ_h load[n,h] ≤ Σ_{o of a} q[o]·choose[o]                 (operation: capacity)
              Σ_f pay[f,q] = K(q),   Σ_q pay[f,q] ≤ cap[f],   Σ_q K(q) ≤ budget    (money)
              pay[f,q] ≤ most[f,q]·K(q)                                            (money)
              pay[f,q] ≤ most[f,q]·(Σ_o K[q,o]·inside[o] + …)                      (money: complexes)
              pay[f,q] ≤ most[f,q]·K_max[q]·source[f,q]                            (money: central funds)
              Σ_f source[f,q] ≤ offer[s] or build[w] where q is of one alone, else 1
              low·Σ pay ≤ Σ_{part} pay ≤ high·Σ pay                                (shares, with in-kind where asked)
              margin_min·income ≤ income − cost ≤ margin_max·income                (accounts, pool by pool)
              deficit[a] ≥ cost[a] − income[a],   subsidy[a] ≤ limit               (accounts)
              deficit[a] ≤ cost[a] − income[a] + I_max[a]·(1 − loses[a]),
              deficit[a] ≤ C_max[a]·loses[a]              (accounts: where a bound of the year counts a deficit)
              Σ_{a of bundle} own revenue[a] ≥ cover·rate·Σ_q pay[f,q]
                                               − L_max·(1 − issued[b])             (bonds)
              Σ_q pay[f,q] ≤ P_max·issued[b]                                       (bonds)
              Σ_f pay_yearly[f,y] = dues of y,   Σ_y pay_yearly[f,y] ≤ cap[f]      (yearly)
              low·whole ≤ what the party carries ≤ high·whole                      (yearly)
              fixed[t] + reached[t] ≥ persons                                      (equity: floors)
              smallest[s]·base[t] ≤ fixed[t] + reached[t]                          (equity: max–min)
        with  K(q) = Σ_o K[q,o]·choose[o] + Σ_w K[q,w]·build[w]
              income[a] = Σ_{n,h} (price + government + donor)·load[n,h] + Σ_o other[o]·choose[o] + subsidy[a]
              cost[a] = Σ_o fixed[o]·choose[o] + Σ_{n,h} cost[n,h]·load[n,h]
                        + write_off[a]·Σ_{f of the operator} Σ_{q of a} pay[f,q]

    ================ ===================================================== ===========
    symbol           meaning                                               unit
    ================ ===================================================== ===========
    choose[o]        option o is chosen, 0 or 1                            –
    use[p]           project p (a site in a mode) is used, 0 or 1          –
    offer[s]         service k is offered at site j: s = (j,k)             –
    stays_open[e]    existing facility e stays open                        –
    build[w]         shared work w is built                                –
    complex[p]       project p is an embedded complex, 0 or 1              –
    inside[o]        option o is chosen, in a complex                      –
    inside_work[w]   shared work w is built, in a complex                  –
    level[n]         outlet n is open: its account runs its tariff, 0 or 1 –
    source[f,q]      central fund f is the one source of class q, 0 or 1   –
    both[l]          link l earns its bonus                                –
    fed[z]           z = (o,v): option o is fed by supplier v, 0 or 1      –
    covered[r]       reach row r is covered                                –
    assigned[g,m]    people of flow row g (a tier h of a cell; alike cells persons
                     are one) sent to door m: outlets of an offer, one of
                     which is open
    load[n,h]        people of tier h served at outlet n                   persons
    reached[t]       people reached in tally t beside the fixed ones       persons
    pay[f,q]         what fund f pays of cost class q                      10,000 CNY
    subsidy[a]       operating subsidy of account a                        10,000 CNY
    deficit[a]       what account a lacks, paid by yearly funds            10,000 CNY
    issued[b]        bond b pays something, 0 or 1                         –
    loses[a]         account a loses money, 0 or 1                         –
    pay_yearly[f,y]  what fund f pays a year of yearly class y             10,000 CNY
    smallest[s]      smallest share of stage s                             –
    d[r], d[g]       demand of a reach row, of a flow row                  persons
    uptake[n,h]      share of the assigned who come                        –
    a[o], A[p]       floor area taken, offered                             m²
    q[o]             most people served                                    persons
    need[o]          what the option takes of its supplier                 meals a day
    output[o]        what the option can supply to others                  meals a day
    K[q,o], K[q,w]   capital cost of an option, of a work in class q       10,000 CNY
    price, …, cost   of a served person a year at an outlet, by tier       10,000 CNY
    ================ ===================================================== ===========

    With one service, one mode, unit costs and no other row this is the maximal covering location problem of Church &
    ReVelle (1974), doi:10.1007/BF01942293; with mandatory rows and the measure capital it is the set covering problem
    of Toregas, Swain, ReVelle & Bergman (1971), doi:10.1287/opre.19.6.1363; with capacities it is the capacitated
    maximal covering location problem of Current & Storbeck (1988), doi:10.1068/b150153; with supply it has two levels,
    each place fed by one supplier: see the review of hierarchical location by Şahin & Süral (2007),
    doi:10.1016/j.cor.2005.09.005. Ours are the floor area shared by several services in a mode, the existing facilities
    that close, tariffs with people served by need, the money by class, fund, party and year, and the stages.

    Parameters
    ----------
    data : SitingData
        The data.

    Returns
    -------
    ConcreteModel
        One block a family of constraints and the objectives ``stage[s]``, all active. The reach and flow rows are not
        in it: they are joined as arrays, or by :func:`panhuo_models.coverage.reach_rows`,
        :func:`panhuo_models.flow.flow_rows` and :func:`panhuo_models.coverage.count_rows`.

    Raises
    ------
    ValueError
        No option meets a pin, a stage minimises what can only be maximised (or the reverse), a fund pays in
        complexes only and none is described, or a yearly class stands half in a limit.
    """
    model = pyo.ConcreteModel(name="district plan")
    add_siting(model, data)
    add_works(model, data)
    add_links(model, data)
    add_supply(model, data)
    add_complexes(model, data)
    add_quotas(model, data)
    add_coverage(model, data)
    add_operation(model, data)
    add_money(model, data)
    add_shares(model, data)
    books = add_accounts(model, data)
    add_bonds(model, data, books)
    add_yearly(model, data, books)
    add_equity(model, data)
    add_stages(model, data, books)
    return model
