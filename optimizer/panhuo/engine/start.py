"""A first plan, by greed: the option that reaches most new people per yuan, again and again."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import numpy as np
import scipy.sparse as sp

from panhuo.engine.compile import Compiled
from panhuo.engine.highs import solve_highs
from panhuo.engine.presolve import merge
from panhuo.engine.program import Limits, Watch
from panhuo.engine.purse import Payments
from panhuo_models.data import Bools, Floats, SitingData

_CENT = 0.01


def greedy(data: SitingData) -> Bools:
    """Choose options by new people per yuan.

    Required sites come first, then mandatory rows and floors, then the stages in turn. Every choice fits its site and
    can be paid within budget, caps and shares; whether all floors and mandatory rows are met is not promised.

    Parameters
    ----------
    data : SitingData
        The data.

    Returns
    -------
    (O,) bool
        The chosen options.
    """
    return _Greedy(replace(data, reach=merge(data.reach))).choose_all()


def greedy_point(data: SitingData, compiled: Compiled, limits: Limits, watch: Watch) -> Floats | None:
    """Complete the greedy choice to a point of the program.

    Parameters
    ----------
    data : SitingData
        The data the program was compiled from.
    compiled : Compiled
        The program.
    limits : Limits
        How the completing linear program may run.
    watch : Watch
        Its ``stop`` ends it.

    Returns
    -------
    (columns,) float or None
        None where the greedy choice is no plan (it misses a floor, say).
    """
    choose = greedy(data)
    use = np.zeros(compiled.projects)
    use[data.option_project[choose]] = 1.0
    fixed = np.concatenate([choose.astype(float), use])
    program = compiled.program(0)
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[: len(fixed)] = upper[: len(fixed)] = fixed
    program = replace(program, lower=lower, upper=upper, integer=np.zeros_like(program.integer))
    return solve_highs(program, limits, watch).x


class _Greedy:
    """The state of a greedy choice."""

    def __init__(self, data: SitingData) -> None:
        self.data = data
        self.columns = sp.csc_matrix(data.reach.within)
        self.choose = np.zeros(len(data.options), dtype=bool)
        self.project_of_site = np.full(len(data.sites), -1)
        self.area_left = data.project_area.copy()
        self.open = np.ones(len(data.closing), dtype=bool)
        self.closes = sp.csc_matrix(data.closing_by)
        self.times = np.zeros(len(data.reach), dtype=np.int64)
        for e in range(len(data.closing)):
            self.times[self._rows(len(data.options) + e)] += 1
        self.cost = sp.csc_matrix(data.money.cost)
        self.total = np.asarray(data.money.cost.sum(axis=0)).ravel()
        self.spent = np.zeros(data.money.cost.shape[0])
        self.payments = Payments(data.money)
        self.taken: list[int] = []

    def choose_all(self) -> Bools:
        data = self.data
        reach, tallies = data.reach, data.tallies
        for j in np.flatnonzero(data.site_required).tolist():
            at_site = np.flatnonzero(data.project_site[data.option_project] == j).tolist()
            self._fill(reach.demand, at_site, partial(self._uses, j), least=-np.inf)
        every = range(len(data.options))
        self._fill(np.where(reach.mandatory, reach.demand, 0.0), every, lambda: False)
        for floor in data.floors:
            here = reach.tally == floor.tally
            missing = floor.persons - tallies.fixed[floor.tally]
            self._fill(np.where(here, reach.demand, 0.0), every, partial(self._covers, here, missing))
        self._by_stage(final=False)
        while self.taken and not self.payments.can_pay(self.spent, final=True):
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
                self._fill(weight[reach.tally] * reach.demand, range(len(self.choose)), lambda: False, final=final)

    def _uses(self, site: int) -> bool:
        return bool(self.project_of_site[site] >= 0)

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
        heap = [(-self._rate(o, worth), o) for o in candidates if not self.choose[o]]
        heapq.heapify(heap)
        while heap and not enough():
            _, o = heapq.heappop(heap)
            rate = self._rate(o, worth)
            if rate <= least or not self._fits(o):
                continue
            if heap and -rate > heap[0][0]:
                heapq.heappush(heap, (-rate, o))
            elif self.payments.can_pay(self.spent + self._cost(o), final=final):
                self._take(o)

    def _rate(self, o: int, worth: Floats) -> float:
        """People gained per yuan, less those whom a facility that closes leaves behind."""
        rows = self._rows(o)
        gained = float(worth[rows[self.times[rows] == 0]].sum())
        for e in self._closed_by(int(self.data.option_project[o])):
            alone = self._rows(len(self.data.options) + e)
            alone = alone[self.times[alone] == 1]
            gained -= float(worth[np.setdiff1d(alone, rows)].sum())
        return gained / max(self.total[o], _CENT)

    def _fits(self, o: int) -> bool:
        project = int(self.data.option_project[o])
        used = self.project_of_site[self.data.project_site[project]]
        return bool(used in (-1, project) and self.data.option_area[o] <= self.area_left[project] + _CENT / 2)

    def _take(self, o: int) -> None:
        project = int(self.data.option_project[o])
        for e in self._closed_by(project):
            self.open[e] = False
            self.times[self._rows(len(self.data.options) + e)] -= 1
        self.project_of_site[self.data.project_site[project]] = project
        self.area_left[project] -= self.data.option_area[o]
        self.times[self._rows(o)] += 1
        self.spent += self._cost(o)
        self.choose[o] = True
        self.taken.append(o)

    def _give_back(self, o: int) -> None:
        """Undo a choice; a project left empty frees its site and reopens what stood there."""
        project = int(self.data.option_project[o])
        self.choose[o] = False
        self.area_left[project] += self.data.option_area[o]
        self.times[self._rows(o)] -= 1
        self.spent -= self._cost(o)
        if not self.choose[self.data.option_project == project].any():
            self.project_of_site[self.data.project_site[project]] = -1
            for e in self.closes.indices[self.closes.indptr[project] : self.closes.indptr[project + 1]].tolist():
                self.open[e] = True
                self.times[self._rows(len(self.data.options) + e)] += 1

    def _closed_by(self, project: int) -> list[int]:
        """List the facilities that the project would close and that are still open."""
        closed = self.closes.indices[self.closes.indptr[project] : self.closes.indptr[project + 1]]
        return [e for e in closed.tolist() if self.open[e]]

    def _rows(self, column: int) -> np.ndarray:
        return self.columns.indices[self.columns.indptr[column] : self.columns.indptr[column + 1]]

    def _cost(self, o: int) -> Floats:
        cost = np.zeros(len(self.spent))
        entries = slice(self.cost.indptr[o], self.cost.indptr[o + 1])
        cost[self.cost.indices[entries]] = self.cost.data[entries]
        return cost
