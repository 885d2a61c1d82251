"""Payments where every rule is a cap or a party's share of the whole: a flow in whole fen, exact and quick."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

import numpy as np

from panhuo.engine.network import Network
from panhuo.result.money.payments import Bills, Limit, Paid, handed_out

_SOURCE = 0


def is_plain(bills: Bills, party: Sequence[int]) -> bool:
    """Whether bills are paid as a flow party → fund → class: whole bills, and limits on whole parties only."""
    whole = bool(np.isin(bills.most, (0.0, 1.0)).all()) and not bills.contested.any()
    return whole and all(_of_party(limit, party) is not None for limit in bills.limits)


def _of_party(limit: Limit, party: Sequence[int]) -> int | None:
    """Give the party whose share of all bills a limit binds; ``None`` where it binds anything else."""
    if not (limit.bills.all() and limit.of_bills.all() and limit.of_funds.all()) or limit.own or limit.every:
        return None
    of = np.array(party)
    mine = [int(p) for p in dict.fromkeys(party) if bool(((of == p) == limit.funds).all())]
    return mine[0] if mine else None


def pay_plainly(bills: Bills, party: Sequence[int], spared: Sequence[int], order: Sequence[int]) -> Paid | None:
    """Pay bills by a flow party → fund → class with whole fen on every arc.

    Among all such flows, a spared party pays as little as possible (in their order), then each fund in turn pays as
    much as possible. The totals of the funds form a polymatroid, so taking them one after the other is exact.

    Parameters
    ----------
    bills : Bills
        Plain ones (:func:`is_plain`).
    party : sequence of int, (F,)
        Party of every fund.
    spared : sequence of int
        Parties to be spared, in turn.
    order : sequence of int
        Every fund, the first to pay first.

    Returns
    -------
    dict or None
        ``None`` where the bills cannot be paid.
    """
    total = int(bills.fen.sum())
    parties = max([-1, *party, *spared]) + 1
    least, most = [0] * parties, [total] * parties
    for limit in bills.limits:
        p = _of_party(limit, party)
        assert p is not None, "only plain bills are a flow"
        least[p] = max(least[p], floor(limit.low * total))
        most[p] = min(most[p], ceil(limit.high * total))
    if any(low > high for low, high in zip(least, most, strict=True)):
        return None
    flow = _Flow(bills, party, least)
    if not flow.fill(least, most, total):
        return None
    return handed_out(bills, flow.prefer(spared, order), order)


class _Flow:
    """Source → parties → funds → classes → sink."""

    def __init__(self, bills: Bills, party: Sequence[int], least: Sequence[int]) -> None:
        parties, funds = len(least), len(party)
        total = int(bills.fen.sum())
        cap = [total if cap is None else min(cap, total) for cap in bills.cap]
        self._fund_node = [1 + parties + f for f in range(funds)]
        self._sink = 1 + parties + funds + len(bills.classes)
        self._party = party
        self._net = net = Network(self._sink + 1)
        self._party_arc = [net.arc(_SOURCE, 1 + p, low) for p, low in enumerate(least)]
        self._fund_arc = [net.arc(1 + party[f], self._fund_node[f], cap[f]) for f in range(funds)]
        self._pay_arc: dict[tuple[int, int], int] = {}
        for c, members in enumerate(bills.classes):
            node, due = 1 + parties + funds + c, int(bills.fen[members].sum())
            net.arc(node, self._sink, due)
            for f in np.flatnonzero(bills.most[:, members[0]]).tolist():
                self._pay_arc[f, c] = net.arc(self._fund_node[f], node, due)

    def fill(self, least: Sequence[int], most: Sequence[int], total: int) -> bool:
        """Pay everything: first what each party must, then the rest. No augmenting path takes from a party."""
        net = self._net
        if net.push(_SOURCE, self._sink, total) < sum(least):
            return False
        for arc, low, high in zip(self._party_arc, least, most, strict=True):
            net.room[arc] += high - low
        if net.push(_SOURCE, self._sink, total) < total - sum(least):
            return False
        for arc, low in zip(self._party_arc, least, strict=True):
            net.room[arc ^ 1] -= low  # from here on a party may give back only what is above its least
        return True

    def prefer(self, spared: Sequence[int], order: Sequence[int]) -> dict[tuple[int, int], int]:
        """Spare parties, then prefer funds, in turn; gives what every fund pays of every class."""
        net = self._net
        for p in spared:
            back = net.room[self._party_arc[p] ^ 1]
            self._freeze(self._party_arc[p])
            # what reaches the party's node around its own arc is what others pay in its place
            net.push(_SOURCE, 1 + p, back)
        for f in order:
            arc = self._fund_arc[f]
            more = net.room[arc]
            self._freeze(arc)
            net.push(self._fund_node[f], 1 + self._party[f], more)
        return {key: net.room[arc ^ 1] for key, arc in self._pay_arc.items() if net.room[arc ^ 1]}

    def _freeze(self, arc: int) -> None:
        self._net.room[arc] = self._net.room[arc ^ 1] = 0
