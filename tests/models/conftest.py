"""What a plan of hand-worked data is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from panhuo.engine import InfeasibleError, Limits, Outcome, solve
from panhuo_models.data import SitingData

EXACT = Limits(gap=0, threads=1)


@pytest.fixture(scope="session")
def outcome() -> Callable[[SitingData], Outcome]:
    """Solve to the end."""
    return lambda data: solve(data, EXACT)


@pytest.fixture(scope="session")
def chosen() -> Callable[[SitingData], list[str]]:
    """The offers of the best plan."""

    def offers(data: SitingData) -> list[str]:
        decision = solve(data, EXACT).decision
        assert decision is not None
        return [data.offers[data.option_offer[o]] for o in np.flatnonzero(decision.choose)]

    return offers


@pytest.fixture(scope="session")
def at_odds() -> Callable[[SitingData], list[str]]:
    """What keeps every plan away."""

    def conflicts(data: SitingData) -> list[str]:
        with pytest.raises(InfeasibleError) as caught:
            solve(data, EXACT)
        return [str(text) for text in caught.value.conflicts]

    return conflicts
