"""Which tally counts which people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from panhuo.instance import Instance
from panhuo_models.data import Floats, Ints, Tallies


@dataclass(frozen=True)
class Tallying:
    """The tallies of an instance, before anything is counted.

    Parameters
    ----------
    service, circle : (T,) int
        k and c of each tally; c = -1 where it sums the circles nobody asks for.
    of : (K, D) int
        The tally that counts a service at a demand point.
    """

    service: Ints
    circle: Ints
    of: Ints

    def zero(self) -> Floats:
        """Nobody yet: fixed, before, reachable and total of each tally, (4, T)."""
        return np.zeros((4, len(self.service)))

    def filled(self, sums: Floats) -> Tallies:
        """Write down what was counted: fixed, before, reachable and total, (4, T)."""
        return Tallies(self.service, self.circle, *sums)


def tallying(instance: Instance, asked: Collection[tuple[str, str]]) -> Tallying:
    """Give the pairs (service, circle) asked for a tally of their own, and all other circles of a service one."""
    circles = instance["circles"]["circle"].tolist()
    circle = pd.Index(circles).get_indexer(instance["demand"]["circle"])
    keys: list[tuple[int, int]] = []
    of = []
    for k, service in enumerate(instance["services"]["service"]):
        alone = np.array([(service, c) in asked for c in circles], dtype=bool)
        own, tally = np.unique(np.where(alone, np.arange(len(circles)), -1)[circle], return_inverse=True)
        of.append(len(keys) + tally)
        keys += [(k, int(c)) for c in own]
    service, owner = np.array(keys, dtype=np.int64).reshape(-1, 2).T
    return Tallying(service, owner, np.array(of, dtype=np.int64))
