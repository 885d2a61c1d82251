"""Greed: the option that reaches most new people per yuan, again and again.

Greed knows the services that are counted by reach alone. Those whose people are assigned stay out of its choice: what
one of their places is worth depends on all the others and on the tariffs.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial

import numpy as np
import scipy.sparse as sp

from panhuo.engine.purse import Payments
from panhuo_models.data import Bools, Floats, Pin, SitingData

_CENT = 0.01
_WHOLE = 0.7
"""Share of an option in a relaxation from which on greed takes it at once, the largest first."""
_PART = 0.02
"""Least share of an option in a relaxation at which greed looks at it."""


def greedy(data: SitingData, share: Floats | None = None) -> Bools:
    """Choose options by new people per yuan, for services without assignment.

    What is pinned comes first, then mandatory rows and floors, then the stages in turn. Every choice fits its site and
    its neighbours and can be paid within budget, caps and shares; whether all floors, mandatory rows and bounds of the
    year are met is not promised.

    Parameters
    ----------
    data : SitingData
        The data; its reach rows merged or not, which takes longer.
    share : (O,) float, optional
        How much of each option a relaxation takes. What it takes for the larger part comes first; what it leaves
        alone, greed does not look at.

    Returns
    -------
    (O,) bool
        The chosen options.
    """
    state = _Greedy(data)
    if share is not None:
        state.follow(share)
    return state.choose_all()


class _Greedy:
    """The state of a greedy choice."""

    def __init__(self, data: SitingData) -> None:
        self.data = data
        self.reach = data.reach.within.tocsr()
        self.columns = sp.csc_matrix(data.reach.within)
        self.choose = np.zeros(len(data.options), dtype=bool)
        self.project_of_site = np.full(len(data.sites), -1)
        self.area_left = data.project_area.copy()
        self.offered = np.zeros(len(data.offers), dtype=bool)
        self.open = np.ones(len(data.closing), dtype=bool)
        self.closes = sp.csc_matrix(data.closing_by)
        self.times = np.zeros(len(data.reach), dtype=np.int64)
        for e in range(len(data.closing)):
            self.times[self._rows(len(data.offers) + e)] += 1
        self.cost = np.asarray(data.money.cost.sum(axis=0)).ravel()
        self.works = sp.csc_matrix(data.work_options)
        self.needed = np.zeros(len(data.works), dtype=np.int64)
        self.payments = Payments(data)
        self.spent = 0.0
        self.looked_at = np.ones(len(data.options), dtype=bool)
        self.able = able(data) & (self.payments.alone if not data.money.funds else True)
        self.taken: list[int] = []
        self.needs, self.bars = _ties(data)

    def follow(self, share: Floats) -> None:
        """Take what a relaxation takes for the larger part; for what is to be most, look at nothing that it leaves."""
        self.looked_at = share > _PART
        largest = np.argsort(-share, kind="stable")
        self._take_all(largest[: np.count_nonzero(share > _WHOLE)].tolist())

    def _take_all(self, options: list[int]) -> None:
        """Take options in turn as far as they fit: all at once where they can be paid together, else half by half."""
        before = len(self.taken)
        for o in options:
            if self.able[o] and self._fits(o):
                self._take(o)
        if self._payable(final=True):
            return
        while len(self.taken) > before:
            self._give_back(self.taken.pop())
        half = len(options) // 2
        for part in (options[:half], options[half:]) if half else ():
            self._take_all(part)

    def choose_all(self) -> Bools:
        data = self.data
        reach, tallies = data.reach, data.tallies
        for pin in data.pins:
            self._fill(reach.demand, pin.options, partial(self._meets, pin), least=-np.inf)
        every = range(len(data.options))
        self._fill(np.where(reach.mandatory, reach.demand, 0.0), every, lambda: False)
        for floor in data.floors:
            here = reach.tally == floor.tally
            missing = floor.persons - tallies.fixed[floor.tally]
            near = np.isin(data.option_offer, self.reach[np.flatnonzero(here)].indices)
            self._fill(
                np.where(here, reach.demand, 0.0), np.flatnonzero(near).tolist(), partial(self._covers, here, missing)
            )
        self._by_stage(final=False)
        while self.taken and not self.payments.can_pay(self.choose, final=True):
            self._give_back(self.taken.pop())
        self._by_stage(final=True)
        return self.choose

    def _by_stage(self, *, final: bool) -> None:
        """Take what each stage counts, stage by stage."""
        reach, tallies = self.data.reach, self.data.tallies
        for stage in self.data.objectives:
            if stage.measure in ("coverage", "smallest_share"):
                weight = np.zeros(len(tallies))
                weight[stage.tallies] = stage.weight if stage.measure == "coverage" else 1.0 / stage.base
                candidates = np.flatnonzero(self.looked_at).tolist()
                self._fill(weight[reach.tally] * reach.demand, candidates, lambda: False, final=final)

    def _meets(self, pin: Pin) -> bool:
        return bool(self.choose[list(pin.options)].any())

    def _covers(self, here: Bools, missing: float) -> bool:
        return float(self.data.reach.demand[here & (self.times > 0)].sum()) >= missing

    def _fill(
        self,
        worth: Floats,
        candidates: Iterable[int],
        enough: Callable[[], bool],
        *,
        least: float = 0.0,
        final: bool = False,
    ) -> None:
        """Take candidates by worth per yuan until it is enough."""
        if least >= 0 and not (worth > 0).any():  # nobody gains
            return
        heap = [(-self._rate(o, worth), o) for o in candidates if self.able[o] and not self.choose[o]]
        heapq.heapify(heap)
        while heap and not enough():
            _, o = heapq.heappop(heap)
            rate = self._rate(o, worth)
            if rate <= least or not self._fits(o):
                continue
            if heap and -rate > heap[0][0]:
                heapq.heappush(heap, (-rate, o))
            elif self.spent + self._cost(o) <= self.payments.most:
                self._take(o)
                if not self._payable(final=final):
                    self._give_back(self.taken.pop())

    def _payable(self, *, final: bool) -> bool:
        """Whether the choice can be paid."""
        if not self.data.money.funds:  # money is one sum
            return self.spent <= self.payments.most
        return self.payments.can_pay(self.choose, final=final)

    def _rate(self, o: int, worth: Floats) -> float:
        """People gained per yuan, less those whom a facility that closes leaves behind."""
        rows = self._rows(int(self.data.option_offer[o]))
        gained = float(worth[rows[self.times[rows] == 0]].sum())
        for e in self._closed_by(int(self.data.option_project[o])):
            alone = self._rows(len(self.data.offers) + e)
            alone = alone[self.times[alone] == 1]
            gained -= float(worth[np.setdiff1d(alone, rows)].sum())
        return gained / max(self._cost(o), _CENT)

    def _fits(self, o: int) -> bool:
        data = self.data
        project, offer = int(data.option_project[o]), int(data.option_offer[o])
        used = self.project_of_site[data.project_site[project]]
        return bool(
            used in (-1, project)
            and data.option_area[o] <= self.area_left[project] + _CENT / 2
            and not self.offered[offer]
            and not (offer in self.bars and self.offered[self.bars[offer]].any())
            and all(self.offered[others].any() for others in self.needs.get(offer, ()))
        )

    def _take(self, o: int) -> None:
        project, offer = int(self.data.option_project[o]), int(self.data.option_offer[o])
        for e in self._closed_by(project):
            self.open[e] = False
            self.times[self._rows(len(self.data.offers) + e)] -= 1
        self.project_of_site[self.data.project_site[project]] = project
        self.area_left[project] -= self.data.option_area[o]
        self.times[self._rows(offer)] += 1
        self.offered[offer] = True
        self.spent += self._cost(o)
        self.needed[self._works(o)] += 1
        self.choose[o] = True
        self.taken.append(o)

    def _give_back(self, o: int) -> None:
        """Undo the last choice; a project left empty frees its site and reopens what stood there."""
        project, offer = int(self.data.option_project[o]), int(self.data.option_offer[o])
        self.choose[o] = False
        self.offered[offer] = False
        self.needed[self._works(o)] -= 1
        self.spent -= self._cost(o)
        self.area_left[project] += self.data.option_area[o]
        self.times[self._rows(offer)] -= 1
        if not self.choose[self.data.option_project == project].any():
            self.project_of_site[self.data.project_site[project]] = -1
            for e in self.closes.indices[self.closes.indptr[project] : self.closes.indptr[project + 1]].tolist():
                self.open[e] = True
                self.times[self._rows(len(self.data.offers) + e)] += 1

    def _closed_by(self, project: int) -> list[int]:
        """List the facilities that the project would close and that are still open."""
        closed = self.closes.indices[self.closes.indptr[project] : self.closes.indptr[project + 1]]
        return [e for e in closed.tolist() if self.open[e]]

    def _rows(self, column: int) -> np.ndarray:
        return self.columns.indices[self.columns.indptr[column] : self.columns.indptr[column + 1]]

    def _cost(self, o: int) -> float:
        """Add up what the option costs on top of the choice: its items and the shared works not yet needed."""
        works = self._works(o)
        return float(self.cost[o] + self.cost[len(self.choose) + works[self.needed[works] == 0]].sum())

    def _works(self, o: int) -> np.ndarray:
        return self.works.indices[self.works.indptr[o] : self.works.indptr[o + 1]]


def able(data: SitingData) -> Bools:
    """Say which options can be chosen by themselves: no outlets, no supplier needed, and a year within its bounds.

    Parameters
    ----------
    data : SitingData
        The data.

    Returns
    -------
    (O,) bool
        Options of services counted by reach whose margin can be kept alone, and that need no supplier.
    """
    accounts, account = data.accounts, data.option_account
    assigned = np.isin(account, data.outlets.account)
    least, most = accounts.margin_min[account], accounts.margin_max[account]
    bound = ~np.isnan(least)
    short = bound & ((1 - least) * (accounts.income + accounts.subsidy) < accounts.fixed - _CENT)
    over = ~np.isnan(most) & ((1 - most) * accounts.income > accounts.fixed + _CENT)
    able: Bools = ~assigned & ~short & ~over & ~data.supply.needs
    return able


def _ties(data: SitingData) -> tuple[dict[int, list[np.ndarray]], dict[int, list[int]]]:
    """List the groups of offers of which an offer needs one each, and the offers it may not stand beside."""
    needs, bars = defaultdict[int, list[np.ndarray]](list), defaultdict[int, list[int]](list)
    for link in data.links:
        if link.kind == "requires" and not link.held:
            needs[link.offer].append(np.array(link.others, dtype=np.int64))
        elif link.kind == "incompatible":
            bars[link.offer].extend(link.others)
            for other in link.others:
                bars[other].append(link.offer)
    return dict(needs), dict(bars)
