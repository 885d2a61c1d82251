"""The best plan by trying every choice and level, with an exact linear program for people and money.

Written down from what the fields of SitingData mean, apart from the formulation: rows of one decision only.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from functools import cache

import numpy as np
from exact_program import exact
from one_plan import Decided, covered, is_complex, spent_on, worth

from panhuo_models.data import SitingData

Choice = tuple[int, ...]
"""Options, ascending."""
Levels = tuple[int, ...]
"""Outlets kept, by account."""


def best(data: SitingData) -> Fraction | None:
    """The exact optimum of the first stage (a coverage stage); ``None`` where no plan exists."""

    @cache
    def payable(choice: Choice) -> bool:
        return any(one.payable() for one in _decided(data, choice, ()))

    decisions = [(most(data, *decision), decision) for decision in decisions_of(data)]
    found: Fraction | None = None
    for bound, (choice, levels) in sorted(decisions, key=lambda e: -e[0]):
        if found is not None and bound <= found:
            break
        if payable(choice):
            value = reached(data, choice, levels, found)
            if value is not None and (found is None or value > found):
                found = value
    return found


def reached(
    data: SitingData, choice: Choice, levels: Levels, beyond: Fraction | None = None, *, room: bool = False
) -> Fraction | None:
    """The most that a decision reaches; ``None`` where it is no plan, or clearly less than ``beyond``.

    ``room``: with what the engine leaves for rounding.
    """
    values = (one.value(beyond) for one in _decided(data, choice, levels, room=room))
    return max((value for value in values if value is not None), default=None)


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
    values = (one.roughly(people) for one in _decided(data, choice, levels))
    return max((value for value in values if value is not None), default=None)


def decisions_of(data: SitingData) -> Iterator[tuple[Choice, Levels]]:
    """Every choice that fits, with every level its accounts may take."""
    menus = [np.flatnonzero(data.outlets.account == a).tolist() for a in range(len(data.accounts))]
    for choice in _choices(data):
        accounts = sorted({int(data.option_account[o]) for o in choice})
        for levels in itertools.product(*(menus[a] for a in accounts if menus[a])):
            yield choice, levels


def _choices(data: SitingData) -> Iterator[Choice]:
    """One mode a site, one option a service and project, within the floor area; and what ties sites together."""
    of_site: list[list[Choice]] = [[] if required else [()] for required in data.site_required]
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
        if _tied(data, choice):
            yield choice


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


def most(data: SitingData, choice: Choice, levels: Levels) -> Fraction:
    """What a decision could reach at most: everyone whom open outlets may serve, within their capacity."""
    flow, outlets = data.flow, data.outlets
    room = {n: exact(q) if np.isfinite(q := outlets.capacity[n]) else None for n in np.flatnonzero(outlets.account < 0)}
    held = {int(data.option_account[o]): float(data.accounts.capacity[o]) for o in choice}
    for n in levels:
        q = held[int(outlets.account[n])]
        room[n] = exact(q) if np.isfinite(q) else None
    uptake = [Fraction(0)] * len(flow)
    come: dict[int, dict[int, Fraction]] = {}  # outlet → tally → people
    for g, n, u in zip(flow.row.tolist(), flow.outlet.tolist(), flow.uptake.tolist(), strict=True):
        if n in room:
            uptake[g] = max(uptake[g], exact(u))
            of, t = come.setdefault(n, {}), int(flow.tally[g])
            of[t] = of.get(t, Fraction(0)) + exact(u) * exact(flow.demand[g])
    counted, _ = covered(data, choice)
    by_row = list(counted)
    for g in range(len(flow)):
        by_row[flow.tally[g]] += uptake[g] * exact(flow.demand[g])
    stage = data.objectives[0]
    weight = dict(zip(stage.tallies.tolist(), map(exact, stage.weight), strict=True))
    by_place = sum(
        (max(weight.get(t, Fraction(0)) for t in of) * (sum(of.values()) if room[n] is None else min(room[n], sum(of.values())))
         for n, of in come.items()), Fraction(0),
    )  # fmt: skip
    return min(worth(data, by_row), worth(data, counted) + by_place)


def _decided(data: SitingData, choice: Choice, levels: Levels, *, room: bool = False) -> Iterator[Decided]:
    """A decision with each way to pick one central source a class, and each set of accounts that make a loss."""
    money, accounts = data.money, data.accounts
    spent = spent_on(data, choice)
    if np.isfinite(money.budget) and sum(spent) > exact(money.budget):
        return
    menus = []
    for q, due in enumerate(spent):
        central = [f for f in range(len(money.funds)) if money.central[f] and money.most[f, q] > 0]
        menus.append([(f,) for f in central] if len(central) > 1 and due else [tuple(central)])
    # A deficit may be said to be larger than it is only where that helps nobody: not where shares are counted.
    shared = [limit.accounts for limit in money.limits if limit.ledger == "yearly"]
    financed = sorted({int(a) for a in data.option_account[list(choice)] if accounts.financed[a]})
    counted = [a for a in financed if any(mine[a] for mine in shared)]
    for sources in itertools.product(*menus):
        for short in itertools.product((False, True), repeat=len(counted)):
            yield Decided(data, choice, levels, spent, sources, dict(zip(counted, short, strict=True)), room=room)
