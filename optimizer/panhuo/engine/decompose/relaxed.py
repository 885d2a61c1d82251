"""The linear relaxation of a program: prices of its rows, what they guide to, and the inequalities that tighten it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from panhuo.engine.decompose.hulls import first, hulls, unpacked
from panhuo.engine.decompose.inequalities import Inequalities
from panhuo.engine.decompose.inner import Inner
from panhuo.engine.decompose.prices import Prices, impossible, price, weak_bound
from panhuo.engine.decompose.settled import settled
from panhuo.engine.decompose.work import Guide, Work, guided
from panhuo.engine.highs import outward
from panhuo.engine.packed import packed
from panhuo.engine.program import Floats, Program
from panhuo_models.data import Ints

_ITERATIONS = 4_000
"""Most iterations for the prices."""
_PRICED = 1e-5, 5e-5, 0.1
"""The prices are good enough where the last third of the work bettered the bound by less than half the gap asked for,
as a share, but not less than the first, nor more than the second or such a share of the gap: plans that follow worse
prices are further from the best one."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """What the relaxation says.

    Parameters
    ----------
    prices : Prices
        Of all rows: those of the program, the hulls of rooms, the inequalities.
    rows, columns : int
        Of the program.
    rest : (columns,) float
        What each column loses by the prices.
    inner : Inner
        Prices, for clusters.
    known : Inequalities
        That tighten it.
    """

    prices: Prices
    rows: int
    columns: int
    rest: Floats
    inner: Inner
    known: Inequalities

    @property
    def row(self) -> Floats:
        """Prices of the rows of the program, (rows,)."""
        return self.prices.row[: self.rows]

    @property
    def charged(self) -> Floats:
        """Prices of the inequalities, (k,)."""
        return self.prices.row[len(self.prices.row) - len(self.known) :]

    @property
    def share(self) -> Floats:
        """What it takes of each column, (columns,)."""
        return self.prices.point[: self.columns]

    @classmethod
    def of(cls, work: Work, site: Ints, guides: Sequence[Guide], threads: ThreadPoolExecutor) -> Relaxed:
        """Price a program; a first plan follows as soon as the prices are good enough for one.

        Parameters
        ----------
        work : Work
            Takes note of the bound, and of plans; is infeasible where there is none.
        site : (columns,) int
            Site of each integer column, -1 for the others.
        guides : sequence of callable
            Points to start from.
        threads : ThreadPoolExecutor
            Where steps are taken.
        """
        rows, columns = work.program.matrix.shape
        tight = packed(hulls(work.program, site))
        work.reduced = work.reduced.on(first(tight, rows, columns))  # not kept twice beside what is laid out

        def early(prices: Prices) -> None:
            work.tighten(outward(prices.bound, maximise=True), prices.row[:rows])
            for point in guided(work, guides, prices.point[:columns]):
                work.take_point(point)

        prices = price(tight, _ITERATIONS, _near(work), work.done, threads, early if guides else None)
        if not prices.near and not work.done():  # the money of several funds can take a first-order method long
            everywhere = np.append(site, np.full(len(tight.cost) - columns, -1))
            again = settled(lambda: replace(tight, matrix=tight.matrix.tocsr()), everywhere, prices.row, linking=True)
            prices = replace(prices, row=again, bound=weak_bound(tight, again))
        work.infeasible = impossible(tight, prices.bound)
        if not work.infeasible:
            work.tighten(outward(prices.bound, maximise=True), prices.row[:rows])
        found = cls._said(work.program, site, tight, prices, Inequalities.none(columns))
        work.reduced = work.reduced.on(unpacked(work.program))
        return found

    @classmethod
    def _said(cls, program: Program, site: Ints, tight: Program, prices: Prices, known: Inequalities) -> Relaxed:
        rows, columns = program.matrix.shape
        hulled = prices.row[: len(prices.row) - len(known)]
        charged = prices.row[len(hulled) :]
        rest = tight.cost - tight.matrix.T @ hulled
        inner = Inner.of(rows, columns, site, tight, hulled)
        return cls(prices, rows, columns, rest[:columns] - known.matrix.T @ charged, inner, known)

    def tightened(self, work: Work, site: Ints, more: Inequalities) -> Relaxed:
        """Price the program anew, with more inequalities; those without a price go."""
        kept = np.flatnonzero(self.charged > 0)
        known = Inequalities.stacked([self.known.some(kept), more], self.columns)
        tight = packed(hulls(work.program, site))
        hulled = self.prices.row[: len(self.prices.row) - len(self.known)]
        start = replace(self.prices, row=np.concatenate([hulled, self.charged[kept], np.zeros(len(more))]))
        prices = price(known.on(tight), _ITERATIONS, _near(work), work.done, start=start)
        return self._said(work.program, site, tight, prices, known)


def _near(work: Work) -> float:
    least, most, share = _PRICED
    return float(np.clip(work.limits.gap / 2, least, max(most, share * work.limits.gap)))
