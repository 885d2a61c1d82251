"""304 random districts: plans against every choice and level, with an exact linear program; ledgers counted again."""

from pathlib import Path

import numpy as np
import pytest
from every_plan import best, reached
from random_district import THEMES, random_district
from recount_capital import check_capital
from recount_year import check_year
from told import Told

import panhuo
from panhuo.access import catchments
from panhuo.assemble import derive_options, siting_data
from panhuo.engine import InfeasibleError, Outcome
from panhuo_models.data import Objective, SitingData

BLOCKS, EACH = 16, len(THEMES) // 2
"""Slow tests that the districts are split into, and districts in each: two tests show every theme once."""
FEW = range(0, len(THEMES), 5)
"""Districts of as many themes that are looked at always."""
TOLERANCE = 1e-6


def less(stage: Objective, one: float, other: float) -> float:
    """How much less a value is than another, relative to it, where more is better."""
    return (other - one if stage.maximise else one - other) / max(1.0, abs(other))


def reaches(data: SitingData, outcome: Outcome) -> tuple[list[float], list[float]]:
    """The exact optimum of the choice that an outcome holds, and with the room that rounding may need."""
    assert outcome.decision is not None
    choice, levels = (tuple(np.flatnonzero(of).tolist()) for of in (outcome.decision.choose, outcome.decision.level))
    chosen = reached(data, choice, levels)
    assert chosen is not None, "the choice is no plan"
    # A choice without that much room is settled without it.
    return list(map(float, chosen)), list(map(float, reached(data, choice, levels, room=True) or chosen))


def agrees(folder: Path, seed: int) -> str:
    """Solve a district to the fen; says what it was like.

    Bounds are the exact optimum, and the choice reaches it. Its people are settled as well as can be with the room
    that :mod:`panhuo.engine.rounding` states, and no worse. No choice is refused, verification agrees, and the ledger
    is counted again.
    """
    instance = random_district(folder, seed)
    data = siting_data(instance, derive_options(instance), catchments(instance)).data
    expected = best(data)
    if expected is None:
        with pytest.raises(InfeasibleError):
            panhuo.solve(instance, gap=0.0, threads=1)
        return "infeasible"
    result = panhuo.solve(instance, gap=0.0, threads=1)
    assert result.outcome.cut_off == 0
    chosen, left = reaches(data, result.outcome)
    for n, (stage, said) in enumerate(zip(data.objectives, result.outcome.stages, strict=True)):
        assert said.bound is not None
        assert abs(less(stage, said.bound, float(expected[n]))) <= TOLERANCE
        assert abs(less(stage, chosen[n], float(expected[n]))) <= TOLERANCE
        assert abs(less(stage, said.objective, left[n])) <= TOLERANCE
    assert result.verification.ok, result.verification.discrepancies
    told = Told(instance, result.tables)
    check_capital(told)
    check_year(told)
    return "something to gain" if expected[0] > 0 else "nothing to gain"


BLOCKED = (pytest.param(range(EACH * n, EACH * (n + 1)), marks=pytest.mark.slow) for n in range(BLOCKS))


@pytest.mark.parametrize("seeds", [FEW, *BLOCKED], ids=str)
def test_plans_equal_brute_force_and_ledgers_add_up(tmp_path, seeds):
    found = []
    for seed in seeds:
        try:
            found.append(agrees(tmp_path / str(seed), seed))
        except AssertionError as fault:
            raise AssertionError(f"seed {seed} ({THEMES[seed % len(THEMES)]}): {fault}") from fault
    assert found.count("something to gain") >= 0.35 * len(seeds)
    assert found.count("infeasible") <= 0.48 * len(seeds)
