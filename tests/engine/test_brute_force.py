"""300 random instances against every choice there is."""

from dataclasses import replace

import numpy as np
import pytest

from panhuo.engine import InfeasibleError, Limits, solve


def varied(cases, seed):
    """Funds, floors, mandatory rows, required sites: by turns."""
    options = 4 + seed % 9
    data = cases.random(
        seed, cases.Size(sites=2 + seed % 4, funds=seed % 4, most_options=min(options, 12 if seed % 25 == 0 else 8))
    )
    if seed % 3 == 1:
        room = data.tallies.reachable - data.tallies.fixed
        data = cases.floor(
            data,
            seed % len(data.tallies),
            float(data.tallies.fixed[seed % len(data.tallies)] + room[seed % len(data.tallies)] * 0.5),
        )
    if seed % 5 == 2 and len(data.reach):
        mandatory = np.arange(len(data.reach)) % 9 == 0
        data = replace(data, reach=replace(data.reach, mandatory=mandatory))
    if seed % 7 == 3:
        required = np.zeros(len(data.sites), dtype=bool)
        required[seed % len(required)] = True
        data = replace(data, site_required=required)
    return data


@pytest.mark.parametrize("block", range(10))
def test_equals_brute_force(cases, block):
    infeasible = 0
    for seed in range(30 * block, 30 * block + 30):
        data = varied(cases, seed)
        plans = cases.plans(data)
        if not plans:
            infeasible += 1
            with pytest.raises(InfeasibleError):
                solve(data, Limits(gap=0, threads=1))
            continue
        best = max(cases.value(data, data.objectives[0], plan) for plan in plans)
        outcome = solve(data, Limits(gap=0, threads=1))
        assert outcome.status == "optimal"
        assert outcome.stages[0].objective == pytest.approx(best, abs=1e-6), seed
        assert any(np.array_equal(outcome.choose, plan) for plan in plans), seed
    assert infeasible < 20
