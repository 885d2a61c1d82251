"""How far the people of an allocation go: each of its rows looked up among the pairs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.result.verify.ground import ORIGINS, Block, Ground, Near

Ints = NDArray[np.int64]


class Lookup:
    """The rows of one allocation, and what was found for them so far.

    Parameters
    ----------
    rows : DataFrame
        Positions ``i`` (demand point), ``w`` (profile), ``m`` (service of the place) and ``l`` (place).
    """

    def __init__(self, rows: pd.DataFrame) -> None:
        self._rows = rows.to_numpy(np.int64).T if len(rows) else np.empty((4, 0), dtype=np.int64)
        self._index, size = rows.index, len(rows)
        self._within = np.zeros(size, dtype=bool)
        self._near, self._minutes, self._metres = (np.full(size, np.nan) for _ in range(3))
        self._origin = np.full(size, -1)

    @property
    def found(self) -> pd.DataFrame:
        """Say of each row whether it is within the standard, how far it goes, not rounded, and by what origin."""
        origin = np.array([*ORIGINS, ""], dtype=object)[self._origin]
        columns = {"inside": self._within, "minutes": self._minutes, "metres": self._metres, "near": self._near}
        return pd.DataFrame({**columns, "minutes_from": origin}, index=self._index)

    def inside(self, w: int, k: int, near: Near) -> None:
        """Note the rows of a profile and service that are within the standard."""
        _, profile, service, _ = self._rows
        mine = np.flatnonzero((profile == w) & (service == k))
        rows, at = self._among(mine, near)
        self._within[rows], self._near[rows] = True, near.exact[at]

    def walked(self, ground: Ground, block: Block) -> None:
        """Note minutes and metres of the rows to a group of places."""
        here = np.zeros(ground.places, dtype=bool)
        here[block.places] = True
        mine = np.flatnonzero(here[self._rows[3]])
        rows, at = self._among(mine, block.metres)
        self._metres[rows] = block.metres.exact[at]
        for w, near in enumerate(block.minutes.values()):
            rows, at = self._among(mine[self._rows[1][mine] == w], near)
            self._minutes[rows], self._origin[rows] = near.exact[at], near.origin[at]

    def _among(self, rows: Ints, near: Near) -> tuple[Ints, Ints]:
        """Find rows among pairs: those that are there, and where."""
        demand, _, _, place = self._rows[:, rows]
        at = near.find(demand, place)
        return rows[at >= 0], at[at >= 0]
