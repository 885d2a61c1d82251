"""Random districts with meal points: plans against every choice and level, and verified to the fen."""

from pathlib import Path

import numpy as np
import pytest
from every_plan import best, reached
from random_kitchens import random_kitchens

import panhuo
from panhuo.access import catchments
from panhuo.assemble import derive_options, siting_data
from panhuo.engine import InfeasibleError

TOLERANCE = 1e-6
BLOCKS, EACH = 20, 6


def solved(folder: Path, seed: int) -> str:
    """Solve a district; says what was fed."""
    instance = random_kitchens(folder, seed)
    data = siting_data(instance, derive_options(instance), catchments(instance)).data
    expected = best(data)
    if expected is None:
        with pytest.raises(InfeasibleError):
            panhuo.solve(instance, gap=0.0, threads=1)
        return "infeasible"
    found = panhuo.solve(instance, gap=0.0, threads=1)
    assert found.verification.faults == (), seed
    decision = found.outcome.decision
    choice, levels = (tuple(np.flatnonzero(of).tolist()) for of in (decision.choose, decision.level))
    exact = reached(data, choice, levels)
    assert exact is not None, "the choice is no plan"
    for stage, value, chosen, said in zip(data.objectives, expected, exact, found.outcome.stages, strict=True):
        slack = TOLERANCE * max(1.0, abs(float(value)))
        assert abs(float(chosen - value)) <= slack, (seed, stage.name)
        assert abs(said.bound - float(value)) <= slack, (seed, stage.name)
    return "fed" if len(found.tables["supply"]) else "nobody fed"


@pytest.mark.parametrize("block", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, BLOCKS))])
def test_plans_with_kitchens_equal_brute_force(tmp_path, block):
    said = [solved(tmp_path / str(seed), seed) for seed in range(EACH * block, EACH * (block + 1))]
    assert said.count("infeasible") < EACH / 2, said
    assert block > 1 or "fed" in said, said
