"""Seeded draws that stay the same on every machine, and whole numbers that keep their sum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Item = TypeVar("Item")
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Draw:
    """Draws built on ``Generator.random`` alone, whose stream NumPy keeps stable.

    Parameters
    ----------
    seed : int
        The seed; one for each table, so that a change in one leaves the others alone.
    """

    def __init__(self, seed: int) -> None:
        self._rng = np.random.Generator(np.random.PCG64(seed))

    def between(self, low: float, high: float) -> float:
        """Draw evenly from [low, high)."""
        return low + (high - low) * float(self._rng.random())

    def happens(self, chance: float) -> bool:
        """Say yes with the given chance."""
        return float(self._rng.random()) < chance

    def whole(self, low: int, high: int) -> int:
        """Draw a whole number from low to high, both included."""
        return low + int(float(self._rng.random()) * (high - low + 1))

    def one(self, items: Sequence[Item], weights: Sequence[float] | None = None) -> Item:
        """Draw one item, by weight where weights are given."""
        if weights is None:
            return items[self.whole(0, len(items) - 1)]
        at = float(self._rng.random()) * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            at -= weight
            if at < 0:
                return item
        return items[-1]

    def some(self, items: Sequence[Item], count: int) -> list[Item]:
        """Draw ``count`` different items, in the order they stand."""
        if count > len(items):
            raise ValueError(f"{count} of {len(items)} items cannot be drawn")
        keys = self._rng.random(len(items))
        return [items[i] for i in sorted(np.argsort(keys, kind="stable")[:count])]

    def offset(self, radius: float) -> tuple[float, float]:
        """Draw a point of the disc of the given radius [m] around the origin."""
        r, a = radius * self._rng.random() ** 0.5, 2 * np.pi * self._rng.random()
        return float(r * np.cos(a)), float(r * np.sin(a))


def apportion(total: int, weights: Floats) -> Ints:
    """Share out whole persons by weight with the largest remainder; the sum is exact.

    Parameters
    ----------
    total : int
        What to share out.
    weights : (n,) float
        Not negative, not all zero.
    """
    exact = total * weights / weights.sum()
    whole = np.floor(exact).astype(np.int64)
    left = total - int(whole.sum())
    # Ties (and float noise below 1e-9) go to the earlier row, so that every machine agrees.
    order = np.argsort(-np.round(exact - whole, 9), kind="stable")
    whole[order[:left]] += 1
    return whole
