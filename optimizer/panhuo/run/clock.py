"""The steps of a run: how long each takes, and who is told that it begins."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Step = Callable[[str], object]
"""Is told the name of each step as it begins."""


@dataclass
class Clock:
    """Seconds per step; whoever asked is told which one begins."""

    told: Step | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step."""
        start = time.perf_counter()
        if self.told is not None:
            self.told(name)
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
