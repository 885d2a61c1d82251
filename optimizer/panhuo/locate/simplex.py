"""The best prices for maximal covering where sites are few, by the simplex method.

Those of :mod:`panhuo.locate.relaxation` with the least L are a linear program with a row a site, however many rows
demand has: a basis of 100 by 100 where HiGHS, from the other side, keeps one of thousands. Its duals are the parts of
the sites in the relaxation. It is stepped through by the primal simplex method with bounded columns (Dantzig 1963,
doi:10.1515/9781400884179, ch. 18), every step a bound. A column outside the basis may stand anywhere between its
bounds: so any prices will do to begin with.

Columns are numbered: the R rows' prices, the L limits', then for each site what it is worth beyond its price, then what
is missing to that. What a site is worth beyond it is free where it is chosen, what is missing where it is left out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from panhuo.compiled import compiled
from panhuo.engine.program import Bools, Floats
from panhuo.locate.greedy import Places
from panhuo.locate.relaxation import Few, State, worths

AFRESH = 100
"""Changes of the basis after which its inverse is worked out anew."""
_STALE = 0.3
"""Rows that gain so much of the most are listed, and no others looked at until those gain less."""
_OFF, _HAIR, _PIVOT = 1e-7, 1e-9, 1e-7


class _Basis(NamedTuple):
    """Inverse of the basis, transposed; values of its columns and where they end; which columns are in it."""

    inverse: Floats
    value: Floats
    low: Floats
    high: Floats
    inside: Bools


@compiled
def improve(few: Few, state: State, enough: float, steps: int) -> bool:
    """Step until prices are the best, L is at most enough, or there were so many steps; tell whether it may go on."""
    rows, sites = len(few.weight), len(state.part)
    columns = len(state.price)
    every = np.zeros(sites)
    basis = _Basis(
        np.zeros((sites, sites)), every, every.copy(), every.copy(), np.zeros(columns + 2 * sites, dtype=np.bool_)
    )
    listed, count, fresh, changes = np.zeros(rows, dtype=np.int64), 0, 0.0, 0
    column = np.zeros(sites)
    value = _invert(few, state, basis)
    more = False
    for step in range(steps):
        if changes >= AFRESH:
            value, changes = _invert(few, state, basis), 0
        if value <= enough:
            break
        entering, gain = _best(few, state, basis, listed[:count])
        if entering < 0 or abs(gain) < _STALE * fresh:
            count = _list(few, state, basis, listed)
            entering, gain = _best(few, state, basis, listed[:count])
            fresh = abs(gain)
        if entering < 0:
            break
        _expand(few, basis, entering, column)
        way = 1.0 if gain > 0.0 else -1.0
        length, leaving = _ratio(few, state, basis, entering, way, column)
        if length == np.inf:
            break
        value -= abs(gain) * length
        stands = (state.price[entering] if entering < columns else 0.0) + way * length
        for i in range(sites):
            basis.value[i] -= way * length * column[i]
        if leaving < 0:
            state.price[entering] = stands
        else:
            _exchange(few, state, basis, entering, leaving, gain, column)
            basis.value[leaving] = stands
            changes += 1
        more = step + 1 == steps
    for i in range(sites):
        if state.head[i] < columns:
            state.price[state.head[i]] = basis.value[i]
    return more


@compiled
def _invert(few: Few, state: State, basis: _Basis) -> float:
    """Work the inverse out anew, and values and parts from it; gives L.

    From a basis of slack alone, prices enter one by one, each by its largest pivot. One that finds none stays outside.
    """
    rows, columns, sites = len(few.weight), len(state.price), len(state.part)
    wanted, given = np.sort(state.head), np.zeros(sites, dtype=np.bool_)
    basis.inverse[:], basis.inside[:] = 0.0, False
    for j in range(sites):
        state.head[j] = columns + sites + j
        basis.inverse[j, j] = 1.0
    for h in wanted[wanted >= columns]:
        j = (h - columns) % sites
        state.head[j], given[j] = h, True
        basis.inverse[j, j] = -1.0 if h < columns + sites else 1.0
    column = np.zeros(sites)
    for h in wanted[wanted < columns]:
        _expand(few, basis, h, column)
        row = int(np.argmax(np.where(given, -1.0, np.abs(column))))
        if not given[row] and abs(column[row]) > _PIVOT:
            _pivot(basis.inverse, column, row)
            state.head[row], given[row] = h, True
    gain, outside = np.zeros(sites), state.price.copy()
    for i in range(sites):
        if state.head[i] < columns:
            outside[state.head[i]] = 0.0
    worth = worths(few, outside)
    basis.value[:] = 0.0
    for j in range(sites):
        basis.value[:] -= worth[j] * basis.inverse[j]
    for i in range(sites):
        if not given[i] and basis.value[i] < 0.0:
            state.head[i] -= sites
            basis.value[i] *= -1.0
            basis.inverse[:, i] *= -1.0
        _enter(few, state, basis, i)
        h = state.head[i]
        gain[i] = 1.0 if h < rows else -few.most[h - rows] if h < columns else -1.0 if h < columns + sites else 0.0
    for j in range(sites):
        state.part[j] = (gain * basis.inverse[j]).sum()
    return (few.weight - outside[:rows]).sum() + (few.most * outside[rows:]).sum() - (gain * basis.value).sum()


@compiled
def _enter(few: Few, state: State, basis: _Basis, i: int) -> None:
    """Note that the column at a place is in the basis, and where its value ends."""
    h, columns, sites = state.head[i], len(state.price), len(state.part)
    free = h >= columns and state.fixed[(h - columns) % sites] == (1 if h < columns + sites else -1)
    basis.low[i] = -np.inf if free else 0.0
    basis.high[i] = few.weight[h] if h < len(few.weight) else np.inf
    basis.inside[h] = True


@compiled
def _pivot(inverse: Floats, column: Floats, row: int) -> None:
    """Change the inverse, transposed, where a column enters the basis at a row."""
    for j in range(len(column)):
        line = inverse[j]
        share = line[row] / column[row]
        if share != 0.0:
            for i in range(len(column)):
                line[i] -= share * column[i]
            line[row] = share


@compiled
def _list(few: Few, state: State, basis: _Basis, listed: Places) -> int:
    """List the rows outside the basis whose prices gain most; gives how many."""
    first, site, weight, part, price = few.first, few.site, few.weight, state.part, state.price
    gains, most = np.zeros(len(weight)), _OFF
    for r in range(len(weight)):
        gain = 1.0
        for n in range(first[r], first[r + 1]):
            gain -= part[site[n]]
        if not basis.inside[r] and ((gain > 0.0 and price[r] < weight[r]) or (gain < 0.0 and price[r] > 0.0)):
            gains[r] = abs(gain)
            most = max(most, abs(gain))
    count = 0
    for r in range(len(weight)):
        if gains[r] > _STALE * most:
            listed[count] = r
            count += 1
    return count


@compiled
def _best(few: Few, state: State, basis: _Basis, listed: Places) -> tuple[int, float]:
    """Give the column that gains most, and what; −1 where none gains."""
    first, site, weight, part, price = few.first, few.site, few.weight, state.part, state.price
    rows, columns, sites = len(weight), len(price), len(part)
    best, most = -1, 0.0
    for r in listed:
        gain = 1.0
        for n in range(first[r], first[r + 1]):
            gain -= part[site[n]]
        if abs(gain) > max(abs(most), _OFF) and not basis.inside[r] and (
            (gain > 0.0 and price[r] < weight[r]) or (gain < 0.0 and price[r] > 0.0)
        ):  # fmt: skip
            best, most = r, gain
    for k in range(rows, columns):
        gain = (few.use[k - rows] * part).sum() - few.most[k - rows]
        if not basis.inside[k] and (gain > 0.0 or price[k] > 0.0) and abs(gain) > max(abs(most), _OFF):
            best, most = k, gain
    for j in range(sites):
        more, less, mark = part[j] - 1.0, -part[j], state.fixed[j]
        if abs(more) > max(abs(most), _OFF) and (more > 0.0 or mark == 1) and not basis.inside[columns + j]:
            best, most = columns + j, more
        if abs(less) > max(abs(most), _OFF) and (less > 0.0 or mark == -1) and not basis.inside[columns + sites + j]:
            best, most = columns + sites + j, less
    return best, most


@compiled
def _expand(few: Few, basis: _Basis, entering: int, column: Floats) -> None:
    """Work out how a column is made of those in the basis, in place."""
    rows, (limits, sites) = len(few.weight), few.use.shape
    columns = rows + limits
    column[:] = 0.0
    if entering < rows:
        for n in range(few.first[entering], few.first[entering + 1]):
            inverse = basis.inverse[few.site[n]]
            for i in range(sites):
                column[i] += inverse[i]
    elif entering < columns:
        for j in range(sites):
            column -= few.use[entering - rows, j] * basis.inverse[j]
    elif entering < columns + sites:
        column -= basis.inverse[entering - columns]
    else:
        column += basis.inverse[entering - columns - sites]


@compiled
def _ratio(few: Few, state: State, basis: _Basis, entering: int, way: float, column: Floats) -> tuple[float, int]:
    """Give how far a column may go, and which leaves for it; −1 where it goes from bound to bound by itself.

    Of those that stop it at nearly the same length the one with the largest pivot leaves, after Harris (1973),
    doi:10.1007/BF01580108.
    """
    length = np.inf
    if entering < len(state.price):
        length = state.price[entering]
        if way > 0.0:
            length = few.weight[entering] - length if entering < len(few.weight) else np.inf
    longest, leaving, pivot = length, -1, 0.0
    value, low, high = basis.value, basis.low, basis.high
    for i in range(len(column)):
        fall = way * column[i]
        if fall > _PIVOT:
            longest = min(longest, (max(value[i] - low[i], 0.0) + _HAIR) / fall)
        elif fall < -_PIVOT:
            longest = min(longest, (max(high[i] - value[i], 0.0) + _HAIR) / -fall)
    if longest >= length:
        return length, -1
    for i in range(len(column)):
        fall = way * column[i]
        if abs(fall) > max(pivot, _PIVOT):
            here = max(value[i] - low[i] if fall > 0.0 else high[i] - value[i], 0.0) / abs(fall)
            if here <= longest:
                length, leaving, pivot = here, i, abs(fall)
    return length, leaving


@compiled
def _exchange(
    few: Few, state: State, basis: _Basis, entering: int, leaving: int, gain: float, column: Floats
) -> None:  # fmt: skip
    """Put a column into the basis for another one, which stays at the bound it met."""
    out = state.head[leaving]
    for j in range(len(column)):
        state.part[j] += gain * basis.inverse[j, leaving] / column[leaving]
    _pivot(basis.inverse, column, leaving)
    if out < len(state.price):
        up = out < len(few.weight) and basis.value[leaving] > 0.5 * few.weight[out]
        state.price[out] = few.weight[out] if up else 0.0
    basis.inside[out] = False
    state.head[leaving] = entering
    _enter(few, state, basis, leaving)
