"""The objectives, one a stage; which one is solved is decided when the model is compiled."""

from __future__ import annotations

import pyomo.environ as pyo

from panhuo_models.coverage import tally_names
from panhuo_models.data import Objective, SitingData
from panhuo_models.money import party_pay


def add_stages(model: pyo.ConcreteModel, data: SitingData) -> None:
    """Add the objectives ``stage[s]``, in the units of the model (persons, share, units of money).

    Parameters
    ----------
    model : ConcreteModel
        A model with all the other blocks.
    data : SitingData
        Its objectives.

    Raises
    ------
    ValueError
        A stage minimises coverage or a share: the reach rows bound them from above only.
    """
    for stage in data.objectives:
        if stage.measure in ("coverage", "smallest_share") and not stage.maximise:
            raise ValueError(f"stage {stage.name}: {stage.measure} can only be maximised")

    def rule(model: pyo.ConcreteModel, s: int) -> pyo.Expression:
        return _MEASURES[data.objectives[s].measure](model, data, s, data.objectives[s])

    def sense(_: pyo.ConcreteModel, s: int) -> int:
        return pyo.maximize if data.objectives[s].maximise else pyo.minimize

    model.stage = pyo.Objective(range(len(data.objectives)), rule=rule, sense=sense)


def _coverage(model: pyo.ConcreteModel, data: SitingData, _: int, stage: Objective) -> pyo.Expression:
    """Σ_t weight[t]·(fixed[t] + reached[t] − before[t]): newly covered person-services."""
    names = tally_names(data)
    constant = float(stage.weight @ (data.tallies.fixed - data.tallies.before)[stage.tallies])
    pairs = zip(stage.weight.tolist(), stage.tallies.tolist(), strict=True)
    return constant + pyo.quicksum(w * model.coverage.reached[names[t]] for w, t in pairs)


def _smallest_share(model: pyo.ConcreteModel, _: SitingData, s: int, __: Objective) -> pyo.Expression:
    """smallest[s]."""
    return model.equity.smallest[s]


def _capital(model: pyo.ConcreteModel, _: SitingData, __: int, ___: Objective) -> pyo.Expression:
    """Σ_o Σ_q K[q,o]·choose[o]."""
    return model.money.total


def _party_capital(model: pyo.ConcreteModel, data: SitingData, _: int, stage: Objective) -> pyo.Expression:
    """Σ_{f of the party} Σ_q pay[f,q]."""
    return party_pay(model.money, data, stage.party)


_MEASURES = {
    "coverage": _coverage,
    "smallest_share": _smallest_share,
    "capital": _capital,
    "party_capital": _party_capital,
}
