"""Revenue-backed bonds: what they pay, the year must carry."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from panhuo_models.accounts import Books
from panhuo_models.data import SitingData
from panhuo_models.terms import Terms, times, total


def add_bonds(model: pyo.ConcreteModel, data: SitingData, books: Books) -> None:
    """Add the block ``bonds``: Σ_{a of the bundle} own revenue[a] ≥ cover·rate·Σ_q pay[f,q].

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
    paid: dict[str, Terms] = {fund: [] for fund in data.money.funds}
    for (fund, _), pay in model.money.pay.items():
        paid[fund].append((1.0, pay))

    def rule(_: pyo.Block, n: int) -> pyo.Expression:
        bond = data.money.bonds[n]
        revenue = [term for a in np.flatnonzero(bond.accounts).tolist() for term in books.own_revenue(a)]
        return total(revenue) - total(times(bond.cover * bond.rate, paid[data.money.funds[bond.fund]])) >= 0

    some = [n for n, bond in enumerate(data.money.bonds) if paid[data.money.funds[bond.fund]]]
    block.served = pyo.Constraint(some, rule=rule)
