"""Coverage floors, and the smallest share."""

from __future__ import annotations

import pyomo.environ as pyo

from panhuo_models.coverage import tally_names
from panhuo_models.data import SitingData


def add_equity(model: pyo.ConcreteModel, data: SitingData) -> None:
    """Add the block ``equity``: floors, and smallest[s] for every stage s that maximises a smallest share.

    Parameters
    ----------
    model : ConcreteModel
        A model with the block ``coverage``.
    data : SitingData
        Floors, objectives, tallies.
    """
    block = model.equity = pyo.Block()
    names = tally_names(data)
    reached = [model.coverage.reached[name] for name in names]
    _floors(block, data, reached)
    _smallest(block, data, reached)


def _floors(block: pyo.Block, data: SitingData, reached: list[pyo.Var]) -> None:
    """fixed[t] + reached[t] ≥ persons, for every floor."""
    fixed = data.tallies.fixed.tolist()

    def rule(_: pyo.Block, n: int) -> pyo.Expression:
        floor = data.floors[n]
        return reached[floor.tally] >= floor.persons - fixed[floor.tally]

    block.floor = pyo.Constraint(range(len(data.floors)), rule=rule)


def _smallest(block: pyo.Block, data: SitingData, reached: list[pyo.Var]) -> None:
    """smallest[s]·base[t] ≤ fixed[t] + reached[t] for every tally t of the stage s; smallest[s] ∈ [0, 1]."""
    fixed = data.tallies.fixed.tolist()
    stages = {s: stage for s, stage in enumerate(data.objectives) if stage.measure == "smallest_share"}
    block.smallest = pyo.Var(list(stages), bounds=(0, 1))
    pairs = [(s, n) for s, stage in stages.items() for n in range(len(stage.tallies))]

    def rule(block: pyo.Block, s: int, n: int) -> pyo.Expression:
        tally, base = int(stages[s].tallies[n]), float(stages[s].base[n])
        return base * block.smallest[s] - reached[tally] <= fixed[tally]

    block.share = pyo.Constraint(pairs, rule=rule)
