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
from panhuo import engine
from panhuo.access import catchments
from panhuo.assemble import derive_options, siting_data
from panhuo.engine import InfeasibleError, Limits, Outcome
from panhuo_models.data import Objective, SitingData

BLOCKS, EACH = 16, len(THEMES) // 2
"""Tests that the districts are split into, and districts in each: two tests show every theme once."""
QUICK, QUICK_PAID = 4, 2
"""Tests that always run: of plans, and of ledgers."""
TOLERANCE = 1e-6


def data_of(instance: panhuo.Instance) -> SitingData:
    return siting_data(instance, derive_options(instance), catchments(instance)).data


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


def equals_brute_force(folder: Path, seed: int) -> str:
    """Solve a district; says what it was like.

    Bounds are the exact optimum, and the choice reaches it. Its people are settled as well as can be with the room
    that :mod:`panhuo.engine.rounding` states, and no worse.
    """
    data = data_of(random_district(folder, seed))
    expected = best(data)
    if expected is None:
        with pytest.raises(InfeasibleError):
            engine.solve(data, Limits(gap=0.0, threads=1))
        return "infeasible"
    outcome = engine.solve(data, Limits(gap=0.0, threads=1))
    chosen, left = reaches(data, outcome)
    for n, (stage, said) in enumerate(zip(data.objectives, outcome.stages, strict=True)):
        assert said.bound is not None
        assert abs(less(stage, said.bound, float(expected[n]))) <= TOLERANCE
        assert abs(less(stage, chosen[n], float(expected[n]))) <= TOLERANCE
        assert abs(less(stage, said.objective, left[n])) <= TOLERANCE
    return "something to gain" if expected[0] > 0 else "nothing to gain"


def is_paid(folder: Path, seed: int) -> None:
    """Solve a district to the fen: no choice is refused, verification agrees, and the ledger is counted again."""
    instance = random_district(folder, seed)
    try:
        result = panhuo.solve(instance, gap=0.0, threads=1)
    except InfeasibleError:
        return
    data, outcome = data_of(instance), result.outcome
    assert outcome.cut_off == 0
    chosen, left = reaches(data, outcome)
    for n, (stage, said) in enumerate(zip(data.objectives, outcome.stages, strict=True)):
        assert abs(less(stage, said.bound, chosen[n])) <= TOLERANCE
        assert less(stage, chosen[n], said.objective) <= TOLERANCE
        assert less(stage, said.objective, left[n]) <= TOLERANCE
    assert result.verification.ok, result.verification.discrepancies
    told = Told(instance, result.tables)
    check_capital(told)
    check_year(told)


def in_turn(check, folder: Path, block: int) -> list[str]:
    """Check every district of a block; a failure names its seed and theme."""
    found = []
    for seed in range(EACH * block, EACH * (block + 1)):
        try:
            found.append(check(folder / str(seed), seed))
        except AssertionError as fault:
            raise AssertionError(f"seed {seed} ({THEMES[seed % len(THEMES)]}): {fault}") from fault
    return found


def blocks(quick: int) -> list:
    """The first tests as they are, the others slow."""
    return [n if n < quick else pytest.param(n, marks=pytest.mark.slow) for n in range(BLOCKS)]


@pytest.mark.parametrize("block", blocks(QUICK))
def test_plans_equal_brute_force(tmp_path, block):
    found = in_turn(equals_brute_force, tmp_path, block)
    assert found.count("something to gain") >= 7
    assert found.count("infeasible") <= 9


@pytest.mark.parametrize("block", blocks(QUICK_PAID))
def test_ledgers_add_up(tmp_path, block):
    in_turn(is_paid, tmp_path, block)
