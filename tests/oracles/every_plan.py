"""The best plan by trying every choice and level, with an exact linear program for people and money.

Written down from what the fields of SitingData mean, apart from the formulation: rows of one decision only.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from functools import cache

import numpy as np
from alike import as_one
from exact_program import exact
from one_choice import Choice, covered, is_complex, points, spent_on, worth
from one_plan import Decided
from one_year import Ways

from panhuo_models.data import Flow, Objective, SitingData

Levels = tuple[int, ...]
"""Outlets kept, by account."""
Sources = tuple[tuple[int, ...], ...]
"""By class: the central funds that may pay it."""
_HAIR = 1e-6
"""What an upper bound in floating-point numbers may be off by, and far more."""


def best(data: SitingData) -> tuple[Fraction, ...] | None:
    """The exact optimum of every stage, each keeping what the ones before reach; ``None`` where no plan exists."""
    data = as_one(data)
    sources = cache(lambda choice: _sources(data, choice))
    decisions = list(decisions_of(data))
    kept: list[Fraction] = []
    for stage in data.objectives:
        bounds = sorted(((most(data, stage, *decision), decision) for decision in decisions), key=lambda e: -e[0])
        found: Fraction | None = None
        for bound, (choice, levels) in bounds:
            if found is not None and bound <= found:
                break
            found = _better(data, choice, levels, sources(choice), kept, found)
        if found is None:
            return None
        kept.append(found)
        decisions = [decision for bound, decision in bounds if bound >= found]
    return _signed(data, kept)


def reached(data: SitingData, choice: Choice, levels: Levels, *, room: bool = False) -> tuple[Fraction, ...] | None:
    """The most that a decision reaches, stage by stage; ``None`` where it is no plan.

    ``room``: with what the engine leaves for rounding.
    """
    rounded = data.flow if room else None
    data = as_one(data)
    sources = _sources(data, choice)
    kept: list[Fraction] = []
    for _ in data.objectives:
        found = _better(data, choice, levels, sources, kept, None, rounded)
        if found is None:
            return None
        kept.append(found)
    return _signed(data, kept)


def _signed(data: SitingData, values: list[Fraction]) -> tuple[Fraction, ...]:
    return tuple(v if stage.maximise else -v for v, stage in zip(values, data.objectives, strict=True))


def decided(
    data: SitingData, choose: np.ndarray, level: np.ndarray, assigned: np.ndarray, hair: Fraction
) -> float | None:
    """What a whole decision reaches, its people moved by a hair at most; ``None`` where it is no plan.

    Not proved in fractions: a hair is little more than what a solver's numbers are off by.
    """
    people = {
        (g, n): (exact(a) - hair, exact(a) + hair)
        for g, n, a in zip(data.flow.row.tolist(), data.flow.outlet.tolist(), assigned.tolist(), strict=True)
    }
    choice, levels = tuple(np.flatnonzero(choose).tolist()), tuple(np.flatnonzero(level).tolist())
    ways = _ways(data, choice, _sources(data, choice))
    values = (Decided(data, choice, levels, way).roughly(people) for way in ways)
    return max((value for value in values if value is not None), default=None)


def _better(
    data: SitingData, choice: Choice, levels: Levels, sources: list[Sources], kept: list[Fraction],
    found: Fraction | None, rounded: Flow | None = None,
) -> Fraction | None:  # fmt: skip
    """The most that a decision reaches of the next stage with one of the sources, or ``found`` where it is no more."""
    ways = _ways(data, choice, sources)
    if len(ways) > 1:
        # Whoever may take all central funds, say of deficits what he likes and need not cover bonds reaches no less.
        above = Decided(data, choice, levels, Ways(_all_sources(data), {}, ()), rounded).value(kept, found)
        if above is None or (found is not None and above <= found):
            return found
    for way in ways:
        value = Decided(data, choice, levels, way, rounded).value(kept, found)
        if value is not None and (found is None or value > found):
            found = value
    return found


def _all_sources(data: SitingData) -> Sources:
    central = data.money.central[:, None] & (data.money.most > 0)
    return tuple(tuple(np.flatnonzero(of).tolist()) for of in central.T)


def _sources(data: SitingData, choice: Choice) -> list[Sources]:
    """Every way to pick one central source a class by which the capital can be paid, whatever the year brings."""
    spent, every = spent_on(data, choice), _all_sources(data)
    if np.isfinite(data.money.budget) and sum(spent) > exact(data.money.budget):
        return []
    if not Decided(data, choice, (), Ways(every, {}, ())).payable():
        return []
    menus = [[(f,) for f in of] if len(of) > 1 and due else [of] for of, due in zip(every, spent, strict=True)]
    some = (one for one in itertools.product(*menus) if Decided(data, choice, (), Ways(one, {}, ())).payable())
    written_off = any(due and a >= 0 for due, a in zip(spent, data.money.class_account.tolist(), strict=True))
    # Where the year does not ask who paid the capital, one way is as good as another.
    return list(some if written_off or data.money.bonds else itertools.islice(some, 1))


def _ways(data: SitingData, choice: Choice, sources: list[Sources]) -> list[Ways]:
    """Every way: sources, accounts that make a loss, bonds that are issued.

    Only of financed accounts that a bound on shares of the year counts is it asked whether they make a loss. Elsewhere
    a deficit may be said to be larger than it is: that helps nobody.
    """
    shared = [limit.accounts for limit in data.money.limits if limit.ledger == "yearly"]
    financed = sorted({int(a) for a in data.option_account[list(choice)] if data.accounts.financed[a]})
    counted = [a for a in financed if any(mine[a] for mine in shared)]
    losses = [dict(zip(counted, short, strict=True)) for short in itertools.product((False, True), repeat=len(counted))]
    issues = itertools.product((False, True), repeat=len(data.money.bonds))
    return [Ways(*way) for way in itertools.product(sources, losses, issues)]


def decisions_of(data: SitingData) -> Iterator[tuple[Choice, Levels]]:
    """Every choice that fits, with every level its accounts may take."""
    menus = [np.flatnonzero(data.outlets.account == a).tolist() for a in range(len(data.accounts))]
    for choice in _choices(data):
        accounts = sorted({int(data.option_account[o]) for o in choice})
        for levels in itertools.product(*(menus[a] for a in accounts if menus[a])):
            yield choice, levels


def _choices(data: SitingData) -> Iterator[Choice]:
    """One mode a site, one option a service and project, within the floor area; what ties sites, and mandatory rows."""
    of_site: list[list[Choice]] = [[()] for _ in data.sites]
    for p, j in enumerate(data.project_site.tolist()):
        own = np.flatnonzero(data.option_project == p).tolist()
        menus = [
            [o for o in own if data.option_service[o] == k] for k in sorted(set(data.option_service[own].tolist()))
        ]
        for some in itertools.product(*([None, *menu] for menu in menus)):
            chosen = tuple(o for o in some if o is not None)
            area = sum(exact(data.option_area[o]) for o in chosen)
            if chosen and area <= exact(data.project_area[p]):
                of_site[j].append(chosen)
    for parts in itertools.product(*of_site):
        choice = tuple(sorted(itertools.chain(*parts)))
        if _as_pinned(data, choice) and _tied(data, choice) and _can_be_fed(data, choice) and covered(data, choice)[1]:
            yield choice


def _as_pinned(data: SitingData, choice: Choice) -> bool:
    return all(set(pin.options) & set(choice) for pin in data.pins)


def _tied(data: SitingData, choice: Choice) -> bool:
    """Links, complexes, quotas of floor area."""
    offered = {int(data.option_offer[o]) for o in choice}
    for link in data.links:
        if link.offer in offered:
            others = offered & set(link.others)
            if link.kind == "incompatible" and others:
                return False
            if link.kind == "requires" and not others and not link.held:
                return False
    used = {int(data.option_project[o]) for o in choice}
    if data.complexes is not None and sum(is_complex(data, choice, p) for p in used) < data.complexes.least:
        return False
    for quota in data.quotas:
        every = sum((exact(data.option_area[o]) for o in choice), Fraction(0))
        part = sum((exact(data.option_area[o]) for o in choice if quota.options[o]), Fraction(0))
        if not exact(quota.low) * every <= part <= exact(quota.high) * every:
            return False
    return True


def _can_be_fed(data: SitingData, choice: Choice) -> bool:
    """Whether some way to give every option that needs a supplier one of those within reach leaves none overburdened."""
    supply, used = data.supply, {int(data.option_project[o]) for o in choice}
    closed = data.closing_by.toarray()
    room = []
    for offer, e, held in zip(supply.offer, supply.closing, supply.held, strict=True):
        if offer >= 0:
            room.append(sum((exact(supply.output[o]) for o in choice if data.option_offer[o] == offer), Fraction(0)))
        else:
            gone = e >= 0 and any(closed[e, p] for p in used)
            room.append(exact(-1 if gone else held))
    offered = {int(data.option_offer[o]) for o in choice}
    asked = [o for o in choice if supply.needs[o]]
    menus = [
        [v for v in supply.supplier[supply.option == o].tolist() if supply.offer[v] < 0 or supply.offer[v] in offered]
        for o in asked
    ]
    for suppliers in itertools.product(*menus):
        taken = {
            v: sum(exact(supply.need[o]) for o, u in zip(asked, suppliers, strict=True) if u == v) for v in suppliers
        }
        if all(amount <= room[v] for v, amount in taken.items()):
            return True
    return False


def most(data: SitingData, stage: Objective, choice: Choice, levels: Levels) -> Fraction | float:
    """What a decision could reach of a stage at most, less where it is minimised."""
    if stage.measure == "coverage":
        return _most_people(data, stage, choice, levels) + _HAIR
    if stage.measure == "links":
        return points(data, choice)
    return -sum(spent_on(data, choice), Fraction(0)) if stage.measure == "capital" else Fraction(0)


def _most_people(data: SitingData, stage: Objective, choice: Choice, levels: Levels) -> float:
    """Everyone whom open outlets may serve, within their capacity; in floating-point numbers."""
    flow, outlets = data.flow, data.outlets
    weight = np.zeros(len(data.tallies))
    weight[stage.tallies] = stage.weight
    there, room = outlets.account < 0, outlets.capacity.copy()
    held = dict(zip(data.option_account[list(choice)].tolist(), data.accounts.capacity[list(choice)], strict=True))
    for n in levels:
        there[n], room[n] = True, held[int(outlets.account[n])]
    open_ = np.flatnonzero(there[flow.outlet])
    row, outlet, uptake = flow.row[open_], flow.outlet[open_], flow.uptake[open_]
    best = np.zeros(len(flow))
    np.maximum.at(best, row, uptake)
    by_row = float((weight[flow.tally] * best * flow.demand).sum())
    come = np.bincount(outlet, weights=uptake * flow.demand[row], minlength=len(outlets))
    dearest = np.zeros(len(outlets))
    np.maximum.at(dearest, outlet, weight[flow.tally[row]])
    by_place = float((dearest * np.minimum(come, room)).sum())
    return float(worth(data, stage, covered(data, choice)[0])) + min(by_row, by_place)
