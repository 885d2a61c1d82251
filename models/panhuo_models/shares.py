"""Shares of capital, with and without what is given in kind."""

from __future__ import annotations

from collections.abc import Iterable

import pyomo.environ as pyo

from panhuo_models.data import Bools, SitingData
from panhuo_models.money import UNIT
from panhuo_models.terms import Terms, times, total


def add_shares(model: pyo.ConcreteModel, data: SitingData) -> None:
    """Add the block ``shares``: every limit on capital.

    Parameters
    ----------
    model : ConcreteModel
        A model with the blocks ``siting`` and ``money``.
    data : SitingData
        Its limits.
    """
    block = model.shares = pyo.Block()
    limits = [n for n, limit in enumerate(data.money.limits) if limit.ledger != "yearly"]
    add_limits(block, data, {n: _sides(model, data, n) for n in limits})


def add_limits(block: pyo.Block, data: SitingData, sides: dict[int, tuple[Terms, Terms]]) -> None:
    """low·whole ≤ part ≤ high·whole, for the limits whose (part, whole) are given.

    Parameters
    ----------
    block : Block
        Where the rows ``low`` and ``high`` are written.
    data : SitingData
        Its limits.
    sides : dict of int to (Terms, Terms)
        Part and whole of each limit, by its number; where both are empty there is nothing to share.
    """
    limits = data.money.limits
    some = [n for n, (part, whole) in sides.items() if part or whole]

    def low(_: pyo.Block, n: int) -> pyo.Expression:
        part, whole = sides[n]
        return total([*part, *times(-limits[n].low, whole)]) >= 0

    def high(_: pyo.Block, n: int) -> pyo.Expression:
        part, whole = sides[n]
        return total([*part, *times(-limits[n].high, whole)]) <= 0

    block.low = pyo.Constraint([n for n in some if limits[n].low > 0], rule=low)
    block.high = pyo.Constraint([n for n in some if limits[n].high < 1], rule=high)


def _sides(model: pyo.ConcreteModel, data: SitingData, n: int) -> tuple[Terms, Terms]:
    """Part = Σ_{f ∈ funds} Σ_{q ∈ classes} pay[f,q], whole = Σ_{f ∈ of_funds} Σ_{q ∈ of_classes} pay[f,q].

    With in-kind, Σ_{o ∈ options} of the party's value is added to the part, of everyone's to the whole.
    """
    limit, money = data.money.limits[n], data.money
    part = _paid(model, data, limit.funds, limit.classes)
    whole = _paid(model, data, limit.of_funds, limit.of_classes)
    if limit.ledger == "capital_with_in_kind":
        part += _in_kind(model, data, limit.options, money.in_kind[limit.party].tolist())
        whole += _in_kind(model, data, limit.options, money.in_kind.sum(axis=0).tolist())
    return part, whole


def _paid(model: pyo.ConcreteModel, data: SitingData, funds: Bools, classes: Bools) -> Terms:
    of = dict(zip(data.money.funds, funds.tolist(), strict=True))
    inside = classes.tolist()
    return [(1.0, pay) for (fund, q), pay in model.money.pay.items() if of[fund] and inside[q]]


def _in_kind(model: pyo.ConcreteModel, data: SitingData, options: Bools, value: Iterable[float]) -> Terms:
    given = zip(data.options, options.tolist(), value, strict=True)
    return [(cny / UNIT, model.siting.choose[o]) for o, inside, cny in given if inside and cny]
