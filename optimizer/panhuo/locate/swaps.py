"""Good choices for covering problems: greedy, then swaps, again and again from near the best."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from panhuo.access.compiled import compiled
from panhuo.engine.program import Bools, Floats
from panhuo.locate.greedy import Places, both_ways, covers, fill
from panhuo.locate.result import Clock
from panhuo_models.data import Ints
from panhuo_models.data.location import Covering

ROUNDS = 20
"""Rounds between two looks at the clock."""
PATIENCE = 100
"""Rounds a site of the choice, without gain, after which the search ends."""
LONG = 10_000
"""The same where a proof goes on beside it."""
MOST_DROPS = 4
"""Most sites that a round drops."""
WORSE = 0.0005
"""Share by which a choice may be worse than the best and still be gone on from."""
_HAIR = 1e-9


def best_cover(data: Covering, clock: Clock, start: Bools | None = None, patience: int = PATIENCE) -> Bools:
    """Search for the choice within p and budget that covers most.

    Parameters
    ----------
    data : Covering
        The problem, nothing required or excluded.
    clock : Clock
        Ends the search early.
    start : (J,) bool, optional
        A choice within p and budget to go on from; greedy where there is none.
    patience : int
        Rounds a site of the choice, without gain, after which the search ends.

    Returns
    -------
    (J,) bool
        A choice within p and budget.
    """
    arrays = both_ways(data)
    cost = data.candidates.cost
    most = len(cost) if data.candidates.most is None else min(data.candidates.most, len(cost))
    budget = np.inf if data.candidates.budget is None else data.candidates.budget * (1 + _HAIR)
    chosen = np.zeros(len(cost), dtype=bool) if start is None else start.copy()
    fill(*arrays, data.weight, cost, budget, most, np.inf, chosen)
    best = chosen.copy()
    rng = np.random.default_rng(clock.limits.seed)
    value, idle = covers(*arrays[2:], data.weight, best), 0
    everything = float(data.weight.sum()) * (1 - _HAIR)
    with clock.heeding():
        while idle <= patience * int(chosen.sum()) and value < everything and not clock.over:
            found = _rounds(*arrays, data.weight, cost, budget, most, ROUNDS, rng, chosen, best, value)
            idle = 0 if found > value * (1 + _HAIR) else idle + ROUNDS
            value = max(found, value)
    return best


@contextmanager
def searching(data: Covering, start: Bools, clock: Clock) -> Iterator[list[Bools]]:
    """Search on in a thread of its own while something else, a proof, goes on.

    Parameters
    ----------
    data : Covering
        The problem, nothing required or excluded.
    start : (J,) bool
        A choice within p and budget.
    clock : Clock
        Its time ends the search; so does leaving the context.

    Yields
    ------
    list of (J,) bool
        Afterwards, the best choice found.
    """
    side, found = Clock(clock.left()), list[Bools]()
    thread = threading.Thread(
        target=lambda: found.append(best_cover(data, side, start, LONG)), name="search", daemon=True
    )
    thread.start()
    try:
        yield found
    finally:
        side.watch.stop.set()
        thread.join()


@compiled
def _toggle(
    j: int, first_site: Places, site_of: Places, first_row: Places, row_of: Places, weight: Floats,
    chosen: Bools, count: Ints, owners: Ints, gain: Floats, loss: Floats, near: Bools,
) -> float:  # fmt: skip
    """Take a site in or out; owners[r] is the sum of the sites that cover r, the one site where there is one.

    Marks the sites that share a row with it as near.
    """
    change = 0.0
    add = not chosen[j]
    chosen[j] = add
    for n in range(first_row[j], first_row[j + 1]):
        r = row_of[n]
        w = weight[r]
        for m in range(first_site[r], first_site[r + 1]):
            near[site_of[m]] = True
        if add:
            if count[r] == 0:
                change += w
                loss[j] += w
                for m in range(first_site[r], first_site[r + 1]):
                    gain[site_of[m]] -= w
            elif count[r] == 1:
                loss[owners[r]] -= w
            count[r] += 1
            owners[r] += j
        else:
            count[r] -= 1
            owners[r] -= j
            if count[r] == 0:
                change -= w
                for m in range(first_site[r], first_site[r + 1]):
                    gain[site_of[m]] += w
            elif count[r] == 1:
                loss[owners[r]] += w
    if not add:
        loss[j] = 0.0
    return change


@compiled
def _best_swap(
    first_row: Places, row_of: Places, weight: Floats, cost: Floats, budget: float, most: int, spent: float,
    chosen: Bools, count: Ints, owners: Ints, gain: Floats, loss: Floats, shared: Floats, touched: Places, near: Bools,
) -> tuple[float, int, int]:  # fmt: skip
    """Find the site to add and the one to drop (or none) that gain most; shared is all 0, and is left so.

    Sites not near any change are only held against the one whose loss is least: for the rest they were not worth it.
    """
    inside = np.flatnonzero(chosen)
    best, add, drop = 0.0, -1, -1
    room = len(inside) < most
    free = budget == np.inf
    cheapest = -1
    for k in inside:
        if cheapest < 0 or loss[k] < loss[cheapest]:
            cheapest = int(k)
    for j in range(len(cost)):
        # Nothing dropped for it can gain: what it shares with a site is part of what that one loses.
        if chosen[j] or gain[j] <= best:
            continue
        if room and spent + cost[j] <= budget:
            best, add, drop = gain[j], j, -1
            continue
        if free and not near[j]:
            if cheapest >= 0 and gain[j] - loss[cheapest] > best:
                best, add, drop = gain[j] - loss[cheapest], j, int(cheapest)
            continue
        size = 0
        for n in range(first_row[j], first_row[j + 1]):
            r = row_of[n]
            if count[r] == 1:
                k = owners[r]
                if shared[k] == 0.0:
                    touched[size] = k
                    size += 1
                shared[k] += weight[r]
        if free:
            if cheapest >= 0 and gain[j] - loss[cheapest] + shared[cheapest] > best:
                best, add, drop = gain[j] - loss[cheapest] + shared[cheapest], j, int(cheapest)
            for n in range(size):
                k = touched[n]
                if gain[j] - loss[k] + shared[k] > best:
                    best, add, drop = gain[j] - loss[k] + shared[k], j, int(k)
        else:
            for k in inside:
                if gain[j] - loss[k] + shared[k] > best and spent - cost[k] + cost[j] <= budget:
                    best, add, drop = gain[j] - loss[k] + shared[k], j, int(k)
        for n in range(size):
            shared[touched[n]] = 0.0
    return best, add, drop


@compiled
def _rounds(
    first_site: Places, site_of: Places, first_row: Places, row_of: Places, weight: Floats, cost: Floats,
    budget: float, most: int, rounds: int, rng: np.random.Generator, chosen: Bools, best: Bools, best_value: float,
) -> float:  # fmt: skip
    """Shake the choice and swap to a local optimum, several times; keeps the best choice in place, gives its value."""
    sites = len(cost)
    now = np.zeros(sites, dtype=np.bool_)
    count, owners = np.zeros(len(weight), dtype=np.int64), np.zeros(len(weight), dtype=np.int64)
    gain, loss, shared = np.zeros(sites), np.zeros(sites), np.zeros(sites)
    touched = np.zeros(sites, dtype=np.int64)
    near = np.zeros(sites, dtype=np.bool_)
    spent, value, size = 0.0, 0.0, 0
    for j in range(sites):
        for n in range(first_row[j], first_row[j + 1]):
            gain[j] += weight[row_of[n]]
    for j in range(sites):
        if chosen[j]:
            value += _toggle(j, first_site, site_of, first_row, row_of, weight, now, count, owners, gain, loss, near)
            spent += cost[j]
            size += 1
    kept_count, kept_owners, kept_gain, kept_loss = count.copy(), owners.copy(), gain.copy(), loss.copy()
    kept_spent, kept_value, kept_size = spent, value, size
    for turn in range(rounds):
        near[:] = turn == 0
        now[:], count[:], owners[:], gain[:], loss[:] = chosen, kept_count, kept_owners, kept_gain, kept_loss
        spent, value, size = kept_spent, kept_value, kept_size
        # Drop some sites around one that is then forced in.
        forced = int(rng.integers(0, sites))
        drops = 1 + int(rng.integers(0, MOST_DROPS))
        for n in range(first_row[forced], first_row[forced + 1]):
            r = row_of[n]
            while drops > 0 and count[r] > 0 and size > 0:
                k = int(owners[r])
                if count[r] > 1:
                    for m in range(first_site[r], first_site[r + 1]):
                        if now[site_of[m]]:
                            k = int(site_of[m])
                if k == forced:
                    break
                value += _toggle(
                    k, first_site, site_of, first_row, row_of, weight, now, count, owners, gain, loss, near
                )
                spent -= cost[k]
                size -= 1
                drops -= 1
        while drops > 0 and size > 0:
            k = int(rng.integers(0, sites))
            while not now[k]:
                k = (k + 1) % sites
            value += _toggle(k, first_site, site_of, first_row, row_of, weight, now, count, owners, gain, loss, near)
            spent -= cost[k]
            size -= 1
            drops -= 1
        if not now[forced] and size < most and spent + cost[forced] <= budget:
            value += _toggle(
                forced, first_site, site_of, first_row, row_of, weight, now, count, owners, gain, loss, near
            )
            spent += cost[forced]
            size += 1
        # Fill up by gain per cost, then swap while that gains.
        while size < most:
            pick, rate = -1, 0.0
            for j in range(sites):
                if not now[j] and gain[j] > 0 and spent + cost[j] <= budget:
                    of_this = gain[j] / cost[j] if cost[j] > 0 else np.inf
                    if of_this > rate:
                        pick, rate = j, of_this
            if pick < 0:
                break
            value += _toggle(pick, first_site, site_of, first_row, row_of, weight, now, count, owners, gain, loss, near)
            spent += cost[pick]
            size += 1
        while True:
            change, add, drop = _best_swap(
                first_row,
                row_of,
                weight,
                cost,
                budget,
                most,
                spent,
                now,
                count,
                owners,
                gain,
                loss,
                shared,
                touched,
                near,
            )
            if add < 0 or change <= 1e-9 * value:
                break
            if drop >= 0:
                value += _toggle(
                    drop, first_site, site_of, first_row, row_of, weight, now, count, owners, gain, loss, near
                )
                spent -= cost[drop]
                size -= 1
            value += _toggle(add, first_site, site_of, first_row, row_of, weight, now, count, owners, gain, loss, near)
            spent += cost[add]
            size += 1
        if value > best_value:
            best_value = value
            best[:] = now
        if value >= kept_value or value > best_value * (1 - WORSE * rng.random() ** 2):
            chosen[:], kept_count[:], kept_owners[:], kept_gain[:], kept_loss[:] = now, count, owners, gain, loss
            kept_spent, kept_value, kept_size = spent, value, size
    return best_value
