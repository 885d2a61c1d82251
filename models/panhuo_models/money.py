"""Who pays: cost classes, funds, budget and the shares of the parties.

Money is counted in :data:`UNIT` CNY inside the model, so that coefficients of cost and of area have the same
order of magnitude. Pairs (option, item) that the same funds may pay are one cost class q: as no limit binds a single
project, sums over classes are exact, and the ledger per project is one transportation problem afterwards.
"""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from panhuo_models.data import SitingData

UNIT = 10_000
"""CNY in one unit of money of the model (万元)."""


def add_money(model: pyo.ConcreteModel, data: SitingData) -> None:
    """Add the block ``money``: total, pay[f,q] and their rows; without any fund there is only the budget.

    Parameters
    ----------
    model : ConcreteModel
        A model with the block ``siting``.
    data : SitingData
        Its money.
    """
    block = model.money = pyo.Block()
    money = data.money
    choose = model.siting.choose
    cost = np.asarray(money.cost.sum(axis=0)).ravel() / UNIT
    block.total = pyo.Expression(
        expr=pyo.quicksum(c * choose[o] for o, c in zip(data.options, cost.tolist(), strict=True) if c)
    )
    _budget(block, data)
    if not money.funds:
        return
    costly = np.flatnonzero(np.diff(money.cost.tocsr().indptr)).tolist()
    payable = [(money.funds[f], q) for q in costly for f in np.flatnonzero(money.eligible[:, q]).tolist()]
    block.pay = pyo.Var(payable, domain=pyo.NonNegativeReals)
    _balance(block, model.siting, data, costly)
    _caps(block, data, payable)
    _shares(block, data, payable)


def _budget(block: pyo.Block, data: SitingData) -> None:
    """Σ_o Σ_q K[q,o]·choose[o] ≤ budget."""
    if np.isfinite(data.money.budget) and data.options:
        block.budget = pyo.Constraint(expr=block.total <= data.money.budget / UNIT)


def _balance(block: pyo.Block, siting: pyo.Block, data: SitingData, costly: list[int]) -> None:
    """Σ_{f may pay q} pay[f,q] = Σ_o K[q,o]·choose[o], class by class.

    A class that no fund may pay leaves 0 = Σ K·choose: its options cannot be chosen.
    """
    money = data.money
    cost = money.cost.tocsr()

    def rule(block: pyo.Block, q: int) -> pyo.Expression:
        entries = slice(cost.indptr[q], cost.indptr[q + 1])
        spent = zip(cost.indices[entries].tolist(), (cost.data[entries] / UNIT).tolist(), strict=True)
        paid = pyo.quicksum(block.pay[money.funds[f], q] for f in np.flatnonzero(money.eligible[:, q]).tolist())
        return paid - pyo.quicksum(c * siting.choose[data.options[o]] for o, c in spent) == 0

    block.balance = pyo.Constraint(costly, rule=rule)


def _caps(block: pyo.Block, data: SitingData, payable: list[tuple[str, int]]) -> None:
    """Σ_q pay[f,q] ≤ cap[f]."""
    money = data.money
    classes = {fund: [q for f, q in payable if f == fund] for fund in money.funds}
    cap = dict(zip(money.funds, money.cap.tolist(), strict=True))
    capped = [fund for fund in money.funds if classes[fund] and np.isfinite(cap[fund])]

    def rule(block: pyo.Block, fund: str) -> pyo.Expression:
        return pyo.quicksum(block.pay[fund, q] for q in classes[fund]) <= cap[fund] / UNIT

    block.cap = pyo.Constraint(capped, rule=rule)


def party_pay(block: pyo.Block, data: SitingData, party: int) -> pyo.Expression:
    """Σ_{f of the party} Σ_q pay[f,q], in units of money; 0 where no fund of the party may pay anything."""
    if not data.money.funds:
        return 0.0
    owner = dict(zip(data.money.funds, data.money.party.tolist(), strict=True))
    return pyo.quicksum(block.pay[f, q] for f, q in block.pay if owner[f] == party)


def _shares(block: pyo.Block, data: SitingData, payable: list[tuple[str, int]]) -> None:
    """share_min[p]·total ≤ Σ_{f of p} Σ_q pay[f,q] ≤ share_max[p]·total, the total being all that is paid."""
    if not payable:
        return
    money = data.money
    index = {name: p for p, name in enumerate(money.parties)}
    total = pyo.quicksum(block.pay[pair] for pair in payable)

    def least(block: pyo.Block, party: str) -> pyo.Expression:
        p = index[party]
        return party_pay(block, data, p) - float(money.share_min[p]) * total >= 0

    def most(block: pyo.Block, party: str) -> pyo.Expression:
        p = index[party]
        return party_pay(block, data, p) - float(money.share_max[p]) * total <= 0

    block.share_min = pyo.Constraint([n for n, p in index.items() if money.share_min[p] > 0], rule=least)
    block.share_max = pyo.Constraint([n for n, p in index.items() if money.share_max[p] < 1], rule=most)
