"""The last word on a choice: who goes where, and at the least public money of the year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from panhuo.engine.compile import Compiled, Row, barred, compile_plan
from panhuo.engine.keep import keep
from panhuo.engine.pins import outlets_kept, pinned, solve_pinned
from panhuo.engine.presolve import merge_alike, merge_flow, merge_reach
from panhuo.engine.program import Bools, Decision, Floats, Limits, Program, Quiet, Watch
from panhuo.engine.rounding import room, tightened
from panhuo.engine.viable import kept_pairs, viable
from panhuo_models.data import Ints, SitingData
from panhuo_models.doors import load_pairs
from panhuo_models.money import UNIT

_MICRO = 1e6
_SNAP = 2e-7
_LEFT = 1e-9


def settle(
    data: SitingData, choose: Bools, level: Bools | None, limits: Limits, watch: Watch | None = None
) -> Decision | None:
    """Work out who goes where under a choice of options.

    The stages are solved in turn, each keeping what the ones before reached, and last the operating subsidies, deficits
    and the government's part of the visits are made as small as that allows. Bounds on a year are kept with the room
    that rounding needs (:mod:`panhuo.engine.rounding`); where there is no such room, without it.

    Parameters
    ----------
    data : SitingData
        The data.
    choose : (O,) bool
        The chosen options.
    level : (N,) bool or None
        The outlets kept. Accounts of which none is marked take what suits the stages best.
    limits : Limits
        Seconds and gap of each program, threads and seed.
    watch : Watch, optional
        Its ``stop`` ends the work.

    Returns
    -------
    Decision or None
        None where the choice is no plan.
    """
    settler = Settler(data)
    marked = np.zeros(len(data.outlets), dtype=bool) if level is None else level
    settled = settler.settle(choose, marked, (), limits, Quiet() if watch is None else watch)
    return None if settled is None else settled.decision


@dataclass(frozen=True, eq=False)
class Settled:
    """A decision, and the point of the program that it is.

    Parameters
    ----------
    decision : Decision
        On the data's own pairs.
    point : (columns,) float
        On the columns of the program.
    """

    decision: Decision
    point: Floats


class Settler:
    """Settles choices of one program.

    Parameters
    ----------
    data : SitingData
        The data.

    Attributes
    ----------
    alike : SitingData
        The same with rows merged that are alike.
    merged : SitingData
        Without the outlets that no plan holds, and with rows merged that nothing tells apart then.
    compiled : Compiled
        The program of the merged data, without what no plan holds.
    stands : bool
        No option or outlet was left out.
    data : SitingData
        The data.
    """

    def __init__(self, data: SitingData) -> None:
        options, outlets = viable(data)
        self.data, self._alike = data, merge_alike(data.flow)
        left, self._pairs = kept_pairs(self._alike.flow, outlets)
        self._left = merge_flow(left, data.tier_need)
        reach, self._covering = merge_reach(data.reach)
        self.alike = replace(data, reach=reach, flow=self._alike.flow)
        self.merged = replace(self.alike, flow=self._left.flow)
        self.stands = bool(options.all() and outlets.all())
        self.compiled = barred(compile_plan(self.merged), self.merged, options, outlets)

    def settle(
        self, choose: Bools, level: Bools, kept: Sequence[float], limits: Limits, watch: Watch,
        accept: Callable[[Decision], bool] | None = None,
    ) -> Settled | None:  # fmt: skip
        """Settle one choice; see :func:`settle`.

        Where somebody says whether a decision can be paid in whole fen, rounding gets room only if it needs it.

        Parameters
        ----------
        choose, level : (O,), (N,) bool
            The options chosen, the outlets kept.
        kept : sequence of float
            Values of the first stages that are good enough; what the choice reaches of the others is kept whole.
        limits : Limits
            Of each program.
        watch : Watch
            Its ``stop`` ends the work.
        accept : callable, optional
            Says whether a decision can be paid in whole fen.

        Returns
        -------
        Settled or None
            None where the choice is no plan, or none that is accepted.
        """
        may = outlets_kept(self.data, choose, level)[1]
        bounds = pinned(self.merged, self.compiled, choose, level)
        tight = tightened(self.merged, self.compiled, room(self.data, choose, may))
        whole = self.compiled.row_lower, self.compiled.row_upper
        for rows in (tight, whole) if accept is None else (whole, tight):
            point = self._best(bounds, rows, kept, limits, watch)
            if point is not None:
                decision = self._decision(choose, point)
                if accept is None or accept(decision):
                    return Settled(decision, point)
        return None

    def merged_rows(self) -> Ints:
        """Give the merged flow row that each flow row of the data is part of, (G,) int; -1 where in none."""
        first = np.full(len(self.data.flow), -1)
        first[self.data.flow.row] = self._alike.flow.row[self._alike.pair]
        second = np.full(len(self._alike.flow) + 1, -1)
        second[self._alike.flow.row[self._pairs]] = self._left.flow.row[self._left.pair]
        return second[first]

    def shared(self, reach: Floats) -> Floats:
        """Give each reach row of the data what its merged row has, (R,) float; 0 where it is in none."""
        return np.append(reach, 0.0)[self._covering]

    def gathered(self, reach: Floats) -> Floats:
        """Give each merged reach row what its rows have, all the same: :meth:`shared` undone."""
        found = np.zeros(len(self.merged.reach) + 1)
        found[self._covering] = reach
        return found[:-1]

    def _decision(self, choose: Bools, point: Floats) -> Decision:
        """Read who goes where off a point."""
        assigned = self._handed_back(self.compiled.assigned(self.merged, point))
        levels = np.zeros(len(self.data.outlets), dtype=bool)
        levels[self.data.outlets.account >= 0] = point[self.compiled.families["level"]] > 0.5
        return Decision(choose, levels, clean(self.data, choose, levels, assigned))

    def _handed_back(self, assigned: Floats) -> Floats:
        """Give the people assigned on the data's own pairs."""
        alike = np.zeros(len(self._alike.flow.row))
        alike[self._pairs] = self._left.hand_back(assigned)
        return self._alike.hand_back(alike)

    def _best(
        self,
        bounds: tuple[Floats, Floats],
        rows: tuple[Floats, Floats],
        kept: Sequence[float],
        limits: Limits,
        watch: Watch,
    ) -> Floats | None:
        """Solve the stages in turn, then spare public money; a step lost to rounding leaves the one before."""
        compiled = self.compiled
        compiled = replace(compiled, row_lower=rows[0], row_upper=rows[1])
        free, held, best = bounds[0] < bounds[1], list[Row](), None
        given_up = list[int]()
        for s, maximise in enumerate(compiled.maximise):
            program = compiled.program(s, held)
            if not np.any(program.cost[free]):
                continue
            point = solve_pinned(program, *bounds, limits, watch)
            if point is None:
                return best
            value = float(program.cost @ point) + program.offset
            if s < len(kept) and (value > kept[s] if maximise else value < kept[s]):
                value = kept[s]
                given_up.append(s)
            held.append(keep(compiled, s, value, hair=False))
            best = point
        for s in given_up:
            # What the later stages had no need of is not given up.
            point = solve_pinned(compiled.program(s, _reached(compiled, best)), *bounds, limits, watch)
            best = best if point is None else point
        # Public money is no reason to serve fewer: all stages stay where they are.
        reached = _reached(compiled, best)
        cost = _public_money(self.merged, compiled)
        spare: Program = replace(compiled.program(0, reached), cost=cost, offset=0.0, maximise=False)
        point = solve_pinned(spare, *bounds, limits, watch)
        return best if point is None else point


def _reached(compiled: Compiled, point: Floats | None) -> list[Row]:
    """Give the rows that keep every stage at what a point reaches; none where there is no point."""
    if point is None:
        return []
    values = compiled.costs @ point + compiled.offsets
    return [keep(compiled, s, float(value), hair=False) for s, value in enumerate(values.tolist())]


def _public_money(data: SitingData, compiled: Compiled) -> Floats:
    """Write Σ_a (subsidy[a] + deficit[a]) + Σ_{n,h} government[n,h]·load[n,h] as a cost."""
    families, outlets = compiled.families, data.outlets
    cost = np.zeros(len(compiled.lower))
    cost[families["subsidy"]] = cost[families["deficit"]] = 1.0
    outlet, tier = load_pairs(data.flow, len(data.tiers))
    cost[families["load"]] = np.where(outlets.account[outlet] >= 0, outlets.government[outlet, tier] / UNIT, 0.0)
    return cost


def clean(data: SitingData, choose: Bools, level: Bools, assigned: Floats) -> Floats:
    """Take a solver's dust off the people assigned.

    Parameters
    ----------
    data : SitingData
        The data.
    choose, level : (O,), (N,) bool
        The options chosen, the outlets kept.
    assigned : (X,) float [persons]
        As a solver gives them.

    Returns
    -------
    (X,) float [persons]
        None below a billionth; those next to a whole millionth are whole; within demand and capacity.
    """
    flow, outlets = data.flow, data.outlets
    people: Floats = np.where((level | (outlets.account < 0))[flow.outlet] & (assigned >= _LEFT), assigned, 0.0)
    whole = np.rint(people * _MICRO) / _MICRO
    people = np.where(np.abs(people - whole) <= _SNAP, whole, people)
    sent = np.bincount(flow.row, weights=people, minlength=len(flow)).astype(np.float64)
    people = people * _shrink(flow.demand, sent)[flow.row]
    capacity = outlets.capacity.copy()
    account = np.bincount(
        data.option_account[choose], weights=data.accounts.capacity[choose], minlength=len(data.accounts)
    )
    of_account = outlets.account >= 0
    capacity[of_account] = account[outlets.account[of_account]]
    served = np.bincount(flow.outlet, weights=flow.uptake * people, minlength=len(outlets)).astype(np.float64)
    return people * _shrink(capacity, served)[flow.outlet]


def _shrink(most: Floats, there: Floats) -> Floats:
    """Give the factor that brings each down to its most; 1 where it is no more."""
    return np.divide(most, there, out=np.ones_like(there), where=there > most)
