"""Floor area by population (人钱地挂钩): each group of sites gets its part."""

from __future__ import annotations

import pyomo.environ as pyo

from panhuo_models.data import SitingData
from panhuo_models.terms import total


def add_quotas(model: pyo.ConcreteModel, data: SitingData) -> None:
    """Add the block ``quotas``: low·Σ_o a[o]·choose[o] ≤ Σ_{o of the group} a[o]·choose[o] ≤ high·Σ_o a[o]·choose[o].

    Parameters
    ----------
    model : ConcreteModel
        A model with the block ``siting``.
    data : SitingData
        Its quotas.
    """
    block = model.quotas = pyo.Block()
    bounds = {"low": [q.low for q in data.quotas], "high": [q.high for q in data.quotas]}

    def beyond(n: int, share: float) -> pyo.Expression:
        inside = data.quotas[n].options.tolist()
        weights = zip(data.options, data.option_area.tolist(), inside, strict=True)
        return total((area * (float(there) - share), model.siting.choose[o]) for o, area, there in weights)

    def low(_: pyo.Block, n: int) -> pyo.Expression:
        return beyond(n, bounds["low"][n]) >= 0

    def high(_: pyo.Block, n: int) -> pyo.Expression:
        return beyond(n, bounds["high"][n]) <= 0

    # Where no option may be chosen at all, nothing is shared out.
    some = range(len(data.quotas)) if data.options else range(0)
    block.low = pyo.Constraint([n for n in some if bounds["low"][n] > 0], rule=low)
    block.high = pyo.Constraint([n for n in some if bounds["high"][n] < 1], rule=high)
