"""Revenue-backed bonds: what they pay, the year must carry."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from panhuo_models.accounts import Books
from panhuo_models.data import Bond, SitingData
from panhuo_models.money import UNIT, largest
from panhuo_models.ranges import most_lost
from panhuo_models.terms import Terms, times, total


def add_bonds(model: pyo.ConcreteModel, data: SitingData, books: Books) -> None:
    """Add the block ``bonds``: issued[n] ∈ {0, 1} and what an issued bond asks of its bundle.

    A bond that pays nothing asks for nothing, whatever the bundle loses.

    Parameters
    ----------
    model : ConcreteModel
        A model with the blocks ``money`` and ``accounts``.
    data : SitingData
        Its bonds.
    books : Books
        The year of each account.
    """
    block = model.bonds = pyo.Block()
    funds, bonds = data.money.funds, data.money.bonds
    paid: dict[str, Terms] = {fund: [] for fund in funds}
    for (fund, _), pay in model.money.pay.items():
        paid[fund].append((1.0, pay))
    some = [n for n, bond in enumerate(bonds) if paid[funds[bond.fund]]]
    block.issued = pyo.Var(some, domain=pyo.Binary)
    _served(block, data, books, paid)
    _issued(block, model, data, paid)


def _served(block: pyo.Block, data: SitingData, books: Books, paid: dict[str, Terms]) -> None:
    """Σ_{a of the bundle} own revenue[a] ≥ cover·rate·Σ_q pay[f,q] − L_max·(1 − issued[n])."""

    def rule(block: pyo.Block, n: int) -> pyo.Expression:
        bond = data.money.bonds[n]
        revenue = [term for a in np.flatnonzero(bond.accounts).tolist() for term in books.own_revenue(a)]
        service = times(bond.cover * bond.rate, paid[data.money.funds[bond.fund]])
        loss = _largest_loss(data, bond)
        return total(revenue) - total(service) - loss * block.issued[n] >= -loss

    block.served = pyo.Constraint(list(block.issued), rule=rule)


def _issued(block: pyo.Block, model: pyo.ConcreteModel, data: SitingData, paid: dict[str, Terms]) -> None:
    """Σ_q pay[f,q] ≤ P_max·issued[n]: its cap, or all that it may pay for."""
    able: dict[str, float] = {}
    for fund, q in model.money.pay:
        able[fund] = able.get(fund, 0.0) + largest(data, fund, q)

    def rule(block: pyo.Block, n: int) -> pyo.Expression:
        f = data.money.bonds[n].fund
        fund, cap = data.money.funds[f], float(data.money.cap[f]) / UNIT
        return total(paid[fund]) - min(cap, able[fund]) * block.issued[n] <= 0

    block.paid = pyo.Constraint(list(block.issued), rule=rule)


def _largest_loss(data: SitingData, bond: Bond) -> float:
    """Bound what the bundle lacks of own revenue [units of money]: one account an offer at most is chosen."""
    lost = np.zeros(len(data.offers))
    np.maximum.at(lost, data.accounts.offer[bond.accounts], most_lost(data)[bond.accounts])
    return float(lost.sum()) / UNIT
