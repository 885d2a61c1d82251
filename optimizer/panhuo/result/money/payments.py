"""Who pays which bills, in whole fen: a linear program over classes of bills, rounded, and handed out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from panhuo.assemble.exact import exactly
from panhuo.engine.network import Network
from panhuo.result.money.linear import UNIT, Floats, Linear, whole_fen, without_dust

Bools = NDArray[np.bool_]
Paid = dict[tuple[int, int], int]
"""Fund and bill → fen."""


@dataclass(frozen=True)
class Limit:
    """⌊low·whole⌋ ≤ part ≤ ⌈high·whole⌉ [fen], where part = own + what some funds pay of some bills; whole likewise.

    Parameters
    ----------
    name : str
        Where it comes from.
    funds, of_funds : (F,) bool
        Funds of the part and of the whole.
    bills, of_bills : (B,) bool
        Bills of the part and of the whole.
    low, high : Fraction
        Shares.
    own, every : int [fen]
        What belongs to part and whole beside payments.
    """

    name: str
    funds: Bools
    of_funds: Bools
    bills: Bools
    of_bills: Bools
    low: Fraction
    high: Fraction
    own: int = 0
    every: int = 0

    def holds(self, paid: Mapping[tuple[int, int], int]) -> bool:
        """Whether payments keep it."""
        part = self.own + sum(v for (f, b), v in paid.items() if self.funds[f] and self.bills[b])
        whole = self.every + sum(v for (f, b), v in paid.items() if self.of_funds[f] and self.of_bills[b])
        return floor(self.low * whole) <= part <= ceil(self.high * whole)


@dataclass(frozen=True)
class Bills:
    """What is to be paid, and who may pay it.

    Parameters
    ----------
    fen : (B,) int [fen]
        Amounts, all positive.
    most : (F, B) float
        Largest share each fund may pay; 0: it may not.
    cap : sequence of int or None, (F,) [fen]
        Most that each fund pays in all.
    limits : sequence of Limit
        Bounds on shares.
    central : (F,) bool
        Of these funds one at most pays a bill.
    apart : (B,) int
        Bills of different numbers stand in different classes, whatever else they share.
    """

    fen: NDArray[np.int64]
    most: Floats
    cap: Sequence[int | None]
    limits: Sequence[Limit] = ()
    central: Bools = field(default_factory=lambda: np.empty(0, dtype=bool))
    apart: NDArray[np.int64] | None = None

    @cached_property
    def contested(self) -> Bools:
        """Bills that several central funds may pay, (B,)."""
        funds = self.most[np.flatnonzero(self.central)] > 0
        return np.asarray(funds.sum(axis=0) > 1)

    @cached_property
    def classes(self) -> list[list[int]]:
        """Bills that no row tells apart, in the order of their first; a contested one is alone."""
        alone = np.where(self.contested, np.arange(1, len(self.fen) + 1), 0)
        rows = [self.most, alone[None, :].astype(float)]
        if self.apart is not None:
            rows.append(self.apart[None, :].astype(float))
        rows += [np.stack([limit.bills, limit.of_bills]).astype(float) for limit in self.limits]
        signature = np.ascontiguousarray(np.concatenate(rows).T)
        found: dict[bytes, list[int]] = {}
        for b, row in enumerate(signature):
            found.setdefault(row.tobytes(), []).append(b)
        return list(found.values())

    def ceiling(self, fund: int, members: Sequence[int]) -> int:
        """Most fen a fund pays of a class: bill by bill ⌈share · amount⌉."""
        share = exactly(self.most[fund, members[0]])
        return sum(ceil(share * int(self.fen[b])) for b in members)

    def holds(self, paid: Paid) -> bool:
        """Whether payments pay every bill once and keep caps, shares, limits and central sources."""
        sums, totals = [0] * len(self.fen), [0] * len(self.cap)
        sources: dict[int, int] = {}
        for (f, b), fen in paid.items():
            if fen < 0 or fen > ceil(exactly(self.most[f, b]) * int(self.fen[b])):
                return False
            sums[b] += fen
            totals[f] += fen
            if self.contested[b] and self.central[f] and fen:
                sources[b] = sources.get(b, 0) + 1
        capped = all(cap is None or total <= cap for cap, total in zip(self.cap, totals, strict=True))
        full = sums == self.fen.tolist() and all(n == 1 for n in sources.values())
        return capped and full and all(limit.holds(paid) for limit in self.limits)


class Payments:
    """Payments of classes of bills as columns of a linear program.

    Parameters
    ----------
    program : Linear
        Takes the columns and rows.
    bills : Bills
        What is to be paid.
    """

    def __init__(self, program: Linear, bills: Bills) -> None:
        self.bills = bills
        self._program = program
        self.column: dict[tuple[int, int], int] = {}
        for c, members in enumerate(bills.classes):
            due = int(bills.fen[members].sum()) / UNIT
            funds = np.flatnonzero(bills.most[:, members[0]]).tolist()
            for f in funds:
                self.column[f, c] = program.column(0.0, float(bills.most[f, members[0]]) * due)
            program.row({self.column[f, c]: 1.0 for f in funds}, due, due)
            if bills.contested[members[0]]:
                self._one_source([self.column[f, c] for f in funds if bills.central[f]], due)
        for f, cap in enumerate(bills.cap):
            if cap is not None:
                program.row(self.of(f), -np.inf, cap / UNIT)
        for limit in bills.limits:
            low, high = self._shared(limit, float(limit.low)), self._shared(limit, float(limit.high))
            program.row(low, (float(limit.low) * limit.every - limit.own) / UNIT, np.inf)
            program.row(high, -np.inf, (float(limit.high) * limit.every - limit.own) / UNIT)

    def of(self, *funds: int) -> dict[int, float]:
        """Sum what funds pay of everything."""
        return {n: 1.0 for (f, _), n in self.column.items() if f in funds}

    def part(self, funds: Bools, bills: Bools) -> dict[int, float]:
        """Sum what funds pay of bills; a class belongs to them as a whole or not at all."""
        classes = self.bills.classes
        return {n: 1.0 for (f, c), n in self.column.items() if funds[f] and bills[classes[c][0]]}

    def rounded(self, point: Floats, own: Sequence[tuple[Bools, Bools, int]] = ()) -> Paid | None:
        """Put a point into whole fen and hand it out to the bills; ``None`` where no rounding nearby keeps every row.

        Parameters
        ----------
        own : sequence of (funds, bills, most)
            Further bounds on what funds pay of bills [fen].
        """
        keys = list(self.column)
        at = {self.column[key]: x for x, key in enumerate(keys)}
        fen = [max(0.0, float(point[self.column[key]])) * UNIT for key in keys]
        rows: list[tuple[dict[int, Fraction], Fraction | None, Fraction | None]] = []
        one, bills = Fraction(1), self.bills

        def add(row: Mapping[int, float], low: Fraction | None, high: Fraction | None) -> None:
            rows.append(({at[n]: Fraction(c) for n, c in row.items()}, low, high))

        mine: list[dict[int, Fraction]] = [{} for _ in bills.classes]
        for x, (f, c) in enumerate(keys):
            mine[c][x] = one
            rows.append(({x: one}, Fraction(0), Fraction(bills.ceiling(f, bills.classes[c]))))
        for members, row in zip(bills.classes, mine, strict=True):
            due = Fraction(int(bills.fen[members].sum()))
            rows.append((row, due, due))
        for f, cap in enumerate(bills.cap):
            if cap is not None:
                add(self.of(f), None, Fraction(cap))
        for funds, some, most in own:
            add(self.part(funds, some), None, Fraction(most))
        for limit in bills.limits:
            rows.extend(self._limit_rows(limit, at))
        whole = whole_fen(fen, rows)
        if whole is None:
            return None
        whole = without_dust(whole, [list(own) for own in mine], rows)
        return handed_out(bills, {key: v for key, v in zip(keys, whole, strict=True) if v})

    def _limit_rows(
        self, limit: Limit, at: Mapping[int, int]
    ) -> list[tuple[dict[int, Fraction], Fraction | None, Fraction | None]]:
        """Write a limit over whole fen: a share of a whole that is fixed is rounded outward to the fen."""
        part = {at[n]: Fraction(1) for n in self.part(limit.funds, limit.bills)}
        if limit.of_funds.all():
            whole = limit.every + int(self.bills.fen[limit.of_bills].sum())
            low, high = floor(limit.low * whole) - limit.own, ceil(limit.high * whole) - limit.own
            return [(part, Fraction(low), Fraction(high))]
        rows: list[tuple[dict[int, Fraction], Fraction | None, Fraction | None]] = []
        for share, is_low in ((limit.low, True), (limit.high, False)):
            row = dict(part)
            for n in self.part(limit.of_funds, limit.of_bills):
                row[at[n]] = row.get(at[n], Fraction(0)) - share
            # a fen of room, for the share of a whole that is not fixed is rounded outward too
            bound = share * limit.every - limit.own
            room = 1 - Fraction(1, UNIT)
            rows.append((row, bound - room, None) if is_low else (row, None, bound + room))
        return rows

    def _shared(self, limit: Limit, share: float) -> dict[int, float]:
        row = dict(self.part(limit.funds, limit.bills))
        for n in self.part(limit.of_funds, limit.of_bills):
            row[n] = row.get(n, 0.0) - share
        return row

    def _one_source(self, columns: Sequence[int], due: float) -> None:
        """Let one of several central funds pay."""
        program = self._program
        picked = [program.column(0.0, 1.0, integer=True) for _ in columns]
        for n, z in zip(columns, picked, strict=True):
            program.row({n: 1.0, z: -due}, -np.inf, 0.0)
        program.row(dict.fromkeys(picked, 1.0), -np.inf, 1.0)


def handed_out(bills: Bills, paid: Mapping[tuple[int, int], int], order: Sequence[int] | None = None) -> Paid:
    """Hand what funds pay of classes out to the bills of each class.

    Where every fund may pay all of a bill, the first bill takes from the first fund; else a flow finds the shares.

    Parameters
    ----------
    paid : mapping of (fund, class) to int [fen]
        Every class in full.
    order : sequence of int, optional
        Funds, the first to be drawn on first; by default as they stand.
    """
    ranks = range(len(bills.cap)) if order is None else order
    found: Paid = {}
    for c, members in enumerate(bills.classes):
        mine = [(f, paid[f, c]) for f in ranks if paid.get((f, c))]
        if all(bills.most[f, members[0]] >= 1 for f, _ in mine):
            found |= _in_turn(bills, members, mine)
        else:
            found |= _as_flow(bills, members, mine)
    return found


def _in_turn(bills: Bills, members: Sequence[int], mine: Sequence[tuple[int, int]]) -> Paid:
    found: Paid = {}
    purses = [[f, fen] for f, fen in reversed(mine)]
    for b in members:
        due = int(bills.fen[b])
        while due:
            fund, left = purses[-1]
            step = min(due, left)
            found[fund, b] = step
            due -= step
            purses[-1][1] -= step
            if not purses[-1][1]:
                purses.pop()
    assert not purses, "every fen is paid once"
    return found


def _as_flow(bills: Bills, members: Sequence[int], mine: Sequence[tuple[int, int]]) -> Paid:
    net = Network(2 + len(mine) + len(members))
    sink = 1 + len(mine) + len(members)
    arcs: dict[tuple[int, int], int] = {}
    for n, (f, fen) in enumerate(mine):
        net.arc(0, 1 + n, fen)
        for m, b in enumerate(members):
            most = ceil(exactly(bills.most[f, b]) * int(bills.fen[b]))
            arcs[f, b] = net.arc(1 + n, 1 + len(mine) + m, most)
    for m, b in enumerate(members):
        net.arc(1 + len(mine) + m, sink, int(bills.fen[b]))
    total = sum(fen for _, fen in mine)
    # a class's payments in proportion keep every bill's share, so whole fen do too
    assert net.push(0, sink, total) == total, "every fen is paid once"
    return {key: net.room[arc ^ 1] for key, arc in arcs.items() if net.room[arc ^ 1]}
