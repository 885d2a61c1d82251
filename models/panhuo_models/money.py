"""Who pays the capital: cost classes, funds, budget, central sources, complexes.

Money is counted in :data:`UNIT` CNY inside the model, so that coefficients of cost and of area have the same
order of magnitude. Pairs (unit, item) that no row tells apart are one cost class q: sums over classes are exact, and
the ledger per project is one transportation problem afterwards.
"""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from panhuo_models.data import SitingData
from panhuo_models.terms import Terms, times, total

UNIT = 10_000
"""CNY in one unit of money of the model (万元)."""
_Pairs = list[tuple[str, int]]


def add_money(model: pyo.ConcreteModel, data: SitingData) -> None:
    """Add the block ``money``: total, pay[f,q], source[f,q] and their rows; without any fund there is only the budget.

    Parameters
    ----------
    model : ConcreteModel
        A model with the blocks ``siting``, ``works`` and ``complexes``.
    data : SitingData
        Its money.
    """
    block = model.money = pyo.Block()
    money = data.money
    spent = _spent(model, data)
    block.total = pyo.Expression(expr=total(term for terms in spent for term in terms))
    if np.isfinite(money.budget) and data.options:
        _budget(block, data)
    costly = [q for q, terms in enumerate(spent) if terms]
    payable = [(money.funds[f], q) for q in costly for f in np.flatnonzero(money.eligible[:, q]).tolist()]
    payable = payable if money.funds else []
    block.pay = pyo.Var(payable, domain=pyo.NonNegativeReals)
    block.source = pyo.Var(_sources(data, costly), domain=pyo.Binary)
    if not money.funds:
        return
    _balance(block, data, costly, spent)
    _caps(block, data, payable)
    _most(block, data, payable, spent)
    _complex_only(block, model.complexes, data, payable)
    _central(block, model, data)


def _spent(model: pyo.ConcreteModel, data: SitingData) -> list[Terms]:
    """List Σ_o K[q,o]·choose[o] + Σ_w K[q,w]·build[w] of every class q, in units of money."""
    units = [*(model.siting.choose[o] for o in data.options), *(model.works.build[w] for w in data.works)]
    cost = data.money.cost.tocsr()
    return [
        [
            (value, units[u])
            for u, value in zip(cost.indices[entries].tolist(), (cost.data[entries] / UNIT).tolist(), strict=True)
            if value
        ]
        for entries in (slice(cost.indptr[q], cost.indptr[q + 1]) for q in range(cost.shape[0]))
    ]


def _budget(block: pyo.Block, data: SitingData) -> None:
    """Σ_q (Σ_o K[q,o]·choose[o] + Σ_w K[q,w]·build[w]) ≤ budget."""
    block.budget = pyo.Constraint(expr=block.total <= data.money.budget / UNIT)


def _balance(block: pyo.Block, data: SitingData, costly: list[int], spent: list[Terms]) -> None:
    """Σ_{f may pay q} pay[f,q] = Σ_o K[q,o]·choose[o] + Σ_w K[q,w]·build[w], class by class.

    A class that no fund may pay leaves 0 = Σ K·choose: its options cannot be chosen.
    """
    money = data.money

    def rule(block: pyo.Block, q: int) -> pyo.Expression:
        paid = pyo.quicksum(block.pay[money.funds[f], q] for f in np.flatnonzero(money.eligible[:, q]).tolist())
        return paid - total(spent[q]) == 0

    block.balance = pyo.Constraint(costly, rule=rule)


def _caps(block: pyo.Block, data: SitingData, payable: _Pairs) -> None:
    """Σ_q pay[f,q] ≤ cap[f]."""
    money = data.money
    classes: dict[str, list[int]] = {fund: [] for fund in money.funds}
    for fund, q in payable:
        classes[fund].append(q)
    cap = dict(zip(money.funds, money.cap.tolist(), strict=True))
    capped = [fund for fund in money.funds if classes[fund] and np.isfinite(cap[fund])]

    def rule(block: pyo.Block, fund: str) -> pyo.Expression:
        return pyo.quicksum(block.pay[fund, q] for q in classes[fund]) <= cap[fund] / UNIT

    block.cap = pyo.Constraint(capped, rule=rule)


def _most(block: pyo.Block, data: SitingData, payable: _Pairs, spent: list[Terms]) -> None:
    """pay[f,q] ≤ most[f,q]·(Σ_o K[q,o]·choose[o] + Σ_w K[q,w]·build[w]), where most < 1."""
    most = {
        (data.money.funds[f], q): float(data.money.most[f, q]) for f, q in np.argwhere(data.money.eligible).tolist()
    }

    def rule(block: pyo.Block, fund: str, q: int) -> pyo.Expression:
        return block.pay[fund, q] - total(times(most[fund, q], spent[q])) <= 0

    block.most = pyo.Constraint([pair for pair in payable if most[pair] < 1], rule=rule)


def _complex_only(block: pyo.Block, complexes: pyo.Block, data: SitingData, payable: _Pairs) -> None:
    """pay[f,q] ≤ most[f,q]·(Σ_o K[q,o]·inside[o] + Σ_w K[q,w]·inside_work[w]), where fund f pays in complexes only."""
    money, cost = data.money, data.money.cost.tocsr()
    only = {money.funds[f]: f for f in np.flatnonzero(money.complex_only).tolist()}
    units = [*data.options, *data.works]

    def rule(block: pyo.Block, fund: str, q: int) -> pyo.Expression:
        entries, most = slice(cost.indptr[q], cost.indptr[q + 1]), float(money.most[only[fund], q]) / UNIT
        held = zip(cost.indices[entries].tolist(), cost.data[entries].tolist(), strict=True)
        return (
            block.pay[fund, q]
            - total(
                (most * value, (complexes.inside if u < len(data.options) else complexes.inside_work)[units[u]])
                for u, value in held
            )
            <= 0
        )

    block.complex_only = pyo.Constraint([pair for pair in payable if pair[0] in only], rule=rule)


def _sources(data: SitingData, costly: list[int]) -> _Pairs:
    """List the pairs (f, q) of central funds, in the classes that two or more of them may pay."""
    money = data.money
    several = money.eligible & money.central[:, None]
    several &= several.sum(axis=0) >= 2
    return [(money.funds[f], q) for q in costly for f in np.flatnonzero(several[:, q]).tolist()]


def _central(block: pyo.Block, model: pyo.ConcreteModel, data: SitingData) -> None:
    """pay[f,q] ≤ most[f,q]·K_max[q]·source[f,q], Σ_f source[f,q] ≤ 1: one central source an item.

    A class of one offer, or of one work, has no source before that is chosen: Σ_f source[f,q] ≤ offer[s] or build[w].
    """
    funds: dict[int, list[str]] = {}
    for fund, q in block.source:
        funds.setdefault(q, []).append(fund)
    stands = _stands(model, data)

    def from_source(block: pyo.Block, fund: str, q: int) -> pyo.Expression:
        return block.pay[fund, q] - largest(data, fund, q) * block.source[fund, q] <= 0

    def one_source(block: pyo.Block, q: int) -> pyo.Expression:
        return pyo.quicksum(block.source[fund, q] for fund in funds[q]) - stands.get(q, 1) <= 0

    block.from_source = pyo.Constraint(list(block.source), rule=from_source)
    block.one_source = pyo.Constraint(list(funds), rule=one_source)


def _stands(model: pyo.ConcreteModel, data: SitingData) -> dict[int, pyo.Var]:
    """Give offer[s] or build[w] for the classes that are of one offer, or of one work, alone."""
    cost = data.money.cost.tocsr()
    owner = np.concatenate([data.option_offer, len(data.offers) + np.arange(len(data.works))])
    variables = [*model.siting.offer.values(), *model.works.build.values()]
    found: dict[int, pyo.Var] = {}
    for q in range(cost.shape[0]):
        of = owner[cost.indices[cost.indptr[q] : cost.indptr[q + 1]]]
        if len(of) and np.all(of == of[0]):
            found[q] = variables[of[0]]
    return found


def largest(data: SitingData, fund: str, q: int) -> float:
    """Most that the fund may ever pay of class q: each offer chosen at its dearest, every work built."""
    cost = data.money.cost.tocsr()
    entries = slice(cost.indptr[q], cost.indptr[q + 1])
    unit, value = cost.indices[entries], cost.data[entries] / UNIT
    option = unit < len(data.options)
    dearest = np.zeros(len(data.offers))
    np.maximum.at(dearest, data.option_offer[unit[option]], value[option])
    f = data.money.funds.index(fund)
    return float(data.money.most[f, q] * (dearest.sum() + value[~option].sum()))


def party_pay(block: pyo.Block, data: SitingData, party: int) -> pyo.Expression:
    """Σ_{f of the party} Σ_q pay[f,q], in units of money; 0 where no fund of the party may pay anything."""
    owner = dict(zip(data.money.funds, data.money.party.tolist(), strict=True))
    return pyo.quicksum(block.pay[f, q] for f, q in block.pay if owner[f] == party)
