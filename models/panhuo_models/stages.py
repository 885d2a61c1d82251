"""The objectives, one a stage; which one is solved is decided when the model is compiled."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyomo.environ as pyo

from panhuo_models.accounts import Books
from panhuo_models.coverage import tally_names
from panhuo_models.data import Objective, SitingData
from panhuo_models.links import points
from panhuo_models.money import party_pay
from panhuo_models.terms import total
from panhuo_models.yearly import carried

ONLY_MORE = ("coverage", "smallest_share", "links")
"""Measures whose decisions the rows bound from above only: they can be maximised, not minimised."""


def add_stages(model: pyo.ConcreteModel, data: SitingData, books: Books) -> None:
    """Add the objectives ``stage[s]``, in the units of the model (persons, share, units of money, points).

    Parameters
    ----------
    model : ConcreteModel
        A model with all the other blocks.
    data : SitingData
        Its objectives.
    books : Books
        The year of each account.

    Raises
    ------
    ValueError
        A stage minimises coverage, a share or links, or maximises a year: the rows do not hold them from that side.
    """
    measures: dict[str, Callable[[int, Objective], pyo.Expression]] = {
        "coverage": lambda _, stage: _coverage(model, data, stage),
        "smallest_share": lambda s, _: model.equity.smallest[s],
        "capital": lambda _, __: model.money.total,
        "party_capital": lambda _, stage: party_pay(model.money, data, stage.party),
        "party_yearly": lambda _, stage: _party_yearly(model, data, books, stage),
        "links": lambda _, __: points(model.links, data),
    }
    for stage in data.objectives:
        if stage.measure in ONLY_MORE and not stage.maximise:
            raise ValueError(f"stage {stage.name}: {stage.measure} can only be maximised")
        if stage.measure == "party_yearly" and stage.maximise:
            raise ValueError(f"stage {stage.name}: {stage.measure} can only be minimised")

    def rule(_: pyo.ConcreteModel, s: int) -> pyo.Expression:
        return measures[data.objectives[s].measure](s, data.objectives[s])

    def sense(_: pyo.ConcreteModel, s: int) -> int:
        return pyo.maximize if data.objectives[s].maximise else pyo.minimize

    model.stage = pyo.Objective(range(len(data.objectives)), rule=rule, sense=sense)


def _coverage(model: pyo.ConcreteModel, data: SitingData, stage: Objective) -> pyo.Expression:
    """Σ_t weight[t]·(fixed[t] + reached[t] − before[t]): newly covered person-services."""
    names = tally_names(data)
    constant = float(stage.weight @ (data.tallies.fixed - data.tallies.before)[stage.tallies])
    pairs = zip(stage.weight.tolist(), stage.tallies.tolist(), strict=True)
    return constant + pyo.quicksum(w * model.coverage.reached[names[t]] for w, t in pairs)


def _party_yearly(model: pyo.ConcreteModel, data: SitingData, books: Books, stage: Objective) -> pyo.Expression:
    """Σ_a of what the party carries of the year."""
    every = np.ones(len(data.accounts), dtype=bool)
    return total(carried(model.yearly, data, books, stage.party, every))
