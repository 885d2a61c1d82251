"""Small random cases, and every choice of sites one by one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Case:
    """Points and sites on a square, weights and costs in whole numbers."""

    weight: NDArray[np.float64]
    distance: NDArray[np.float64]
    cost: NDArray[np.float64]
    required: NDArray[np.bool_]
    excluded: NDArray[np.bool_]
    existing: NDArray[np.bool_]

    @property
    def kinds(self) -> dict[str, NDArray[np.bool_]]:
        return {"required": self.required, "excluded": self.excluded, "existing": self.existing}

    def choices(self, most: int | None = None, *, exactly: bool = False) -> Iterator[NDArray[np.bool_]]:
        """Every choice that keeps required, excluded and existing sites; p counts what is not there already."""
        free = np.flatnonzero(~self.required & ~self.excluded & ~self.existing)
        for marks in itertools.product((False, True), repeat=len(free)):
            chosen = self.required | self.existing
            chosen[free] = marks
            count = int((chosen & ~self.existing).sum())
            if most is None or (count == most if exactly else count <= most):
                yield chosen


def case(seed: int, *, points: int = 25, sites: int = 9, plain: bool = False) -> Case:
    rng = np.random.default_rng(seed)
    here, there = rng.integers(0, 40, (points, 2)), rng.integers(0, 40, (sites, 2))
    distance = np.abs(here[:, None] - there[None]).sum(axis=2).astype(float)
    kind = rng.permutation(sites)
    none = np.zeros(sites, dtype=bool)
    marks = [none] * 3 if plain else [np.arange(sites) == kind[n] for n in range(3)]
    return Case(rng.integers(0, 20, points).astype(float), distance, rng.integers(1, 9, sites).astype(float), *marks)


@pytest.fixture
def random_case():
    return case
