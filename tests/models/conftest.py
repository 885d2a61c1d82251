"""What a plan of hand-worked data is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from panhuo.engine import InfeasibleError, Limits, Outcome, solve
from panhuo_models.data import SitingData

EXACT = Limits(gap=0, threads=1)


def solved(data: SitingData) -> Outcome:
    """Solve to the end: the rows alone must say what a plan is, so that no choice is cut off afterwards."""
    outcome = solve(data, EXACT)
    assert outcome.cut_off == 0
    return outcome


@pytest.fixture(scope="session")
def outcome() -> Callable[[SitingData], Outcome]:
    """What the engine says of the data."""
    return solved


@pytest.fixture(scope="session")
def chosen() -> Callable[[SitingData], list[str]]:
    """The offers of the best plan."""

    def offers(data: SitingData) -> list[str]:
        decision = solved(data).decision
        assert decision is not None
        return [data.offers[data.option_offer[o]] for o in np.flatnonzero(decision.choose)]

    return offers


@pytest.fixture(scope="session")
def plan() -> Callable[[SitingData], tuple[str | None, list[float]]]:
    """The tariff of the best plan (none where no canteen is chosen), and the people it serves by tier."""

    def tariff_and_people(data: SitingData) -> tuple[str | None, list[float]]:
        decision = solved(data).decision
        assert decision is not None
        kept = [data.outlets.tariff[n] for n in np.flatnonzero(decision.level)]
        served = np.bincount(
            data.flow.tier[data.flow.row], weights=data.flow.uptake * decision.assigned, minlength=len(data.tiers)
        )
        return (kept[0] if kept else None), served.tolist()

    return tariff_and_people


@pytest.fixture(scope="session")
def at_odds() -> Callable[[SitingData], list[str]]:
    """What keeps every plan away."""

    def conflicts(data: SitingData) -> list[str]:
        with pytest.raises(InfeasibleError) as caught:
            solve(data, EXACT)
        return [str(text) for text in caught.value.conflicts]

    return conflicts
