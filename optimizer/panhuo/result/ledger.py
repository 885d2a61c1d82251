"""Who pays what, in whole fen: one transportation problem over funds and cost classes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.assemble import Options, payable
from panhuo.instance import Instance
from panhuo.engine.network import Network

LEDGER = ("site", "mode", "option", "item", "fund", "party", "ledger", "amount_cny")
"""Columns of ledger.csv."""

Bools = NDArray[np.bool_]
_SOURCE = 0


def ledger(instance: Instance, options: Options, choose: Bools) -> pd.DataFrame | None:
    """Write the ledger of a choice, ``None`` where none exists in whole fen; see :class:`Purse`."""
    return Purse(instance, options).ledger(choose)


class Purse:
    """The funds of an instance, ready to answer for many choices.

    Funds pay (option, item) pairs; pairs with the same eligible funds form a class q, and the ledger is a flow
    party → fund → class with whole fen on every arc:

    - each class is paid in full, Σ_f pay[f,q] = K[q];
    - a fund pays at most its cap, rounded down to the fen;
    - a party pays between ⌊min·total⌋ and ⌈max·total⌉ fen;
    - all together pay at most the budget.

    Among all such flows, a party whose capital is an objective pays as little as possible (in the order of the
    stages), then each fund in turn (by priority, then in the order of the table) pays as much as possible. The
    totals of the funds form a polymatroid, so taking them one after the other is exact.

    Parameters
    ----------
    instance : Instance
        Funds, parties, policy.
    options : Options
        What there is to pay.
    """

    def __init__(self, instance: Instance, options: Options) -> None:
        funds, shares = instance["funds"], instance["parties"]
        self._options = options
        self._fen = options.capital_fen.astype(np.int64)
        pays = payable(instance, options).reshape(len(funds), -1).T
        packed = np.packbits(pays, axis=1)
        _, first, kind = np.unique(packed, axis=0, return_index=True, return_inverse=True)
        self._class = kind.reshape(self._fen.shape)
        self._eligible = pays[first]
        self._funds = list(funds["fund"])
        self._cap = [_fen_down(cap) for cap in funds["cap_cny"]]
        self._parties = list(dict.fromkeys([*shares["party"], *funds["party"]]))
        self._party = [self._parties.index(p) for p in funds["party"]]
        self._share = _shares(shares, self._parties)
        budget = instance.settings.policy.budget_cny
        self._budget = None if budget is None else _fen_down(budget)
        self._spared = [
            self._parties.index(stage.party)
            for stage in instance.settings.policy.objectives
            if stage.measure == "party_capital" and stage.party in self._parties
        ]
        rank = funds["priority"].to_numpy(dtype=float, na_value=np.inf)
        self._order = [int(f) for f in np.argsort(rank, kind="stable")]

    def accepts(self, choose: Bools) -> bool:
        """Whether a ledger in whole fen exists for a choice; (O,) bool."""
        return self._feasible(self._totals(choose)) is not None

    def ledger(self, choose: Bools) -> pd.DataFrame | None:
        """Write the ledger of a choice.

        Parameters
        ----------
        choose : (O,) bool
            The chosen options.

        Returns
        -------
        DataFrame or None
            ``site, mode, option, item, fund, party, ledger, amount_cny`` in the order of options, items and
            funds; ``None`` where no ledger exists.
        """
        flow = self._feasible(self._totals(choose))
        if flow is None:
            return None
        return self._written(choose, flow.prefer(self._spared, self._order))

    def _totals(self, choose: Bools) -> list[int]:
        totals = np.zeros(len(self._eligible), dtype=np.int64)
        np.add.at(totals, self._class[choose], self._fen[choose])
        return [int(t) for t in totals]

    def _feasible(self, totals: list[int]) -> _Flow | None:
        total = sum(totals)
        if self._budget is not None and total > self._budget:
            return None
        least = [floor(low * total) for low, _ in self._share]
        most = [min(ceil(high * total), total) for _, high in self._share]
        if any(low > high for low, high in zip(least, most, strict=True)):
            return None
        cap = [total if cap is None else min(cap, total) for cap in self._cap]
        flow = _Flow(totals, self._eligible, self._party, cap, least)
        return flow if flow.fill(least, most, total) else None

    def _written(self, choose: Bools, pay: list[list[int]]) -> pd.DataFrame:
        """Hand the classes' payments out to options and items: the first row takes from the first fund."""
        table = self._options.table
        left = [[(f, pay[f][q]) for f in reversed(self._order) if pay[f][q]] for q in range(len(self._eligible))]
        rows: list[tuple[int, int, int, int]] = []  # option, item, fund, fen
        for o in np.flatnonzero(choose):
            for i in np.flatnonzero(self._fen[o]):
                due, purse = int(self._fen[o, i]), left[self._class[o, i]]
                while due:
                    fund, rest = purse.pop()
                    paid = min(due, rest)
                    if rest > paid:
                        purse.append((fund, rest - paid))
                    rows.append((int(o), int(i), fund, paid))
                    due -= paid
        assert not any(left), "the ledger must pay every fen once"
        options, items, funds, fen = (list(c) for c in zip(*rows, strict=True)) if rows else ([], [], [], [])
        chosen = table.iloc[options]
        text = {
            "site": chosen["site"].to_numpy(),
            "mode": chosen["mode"].to_numpy(),
            "option": chosen["option"].to_numpy(),
            "item": [self._options.items[i] for i in items],
            "fund": [self._funds[f] for f in funds],
            "party": [self._parties[self._party[f]] for f in funds],
            "ledger": ["capital"] * len(rows),
        }
        written = pd.DataFrame(text, dtype="str")
        written["amount_cny"] = np.array(fen, dtype=np.int64) / 100
        return written[list(LEDGER)]


class _Flow:
    """One choice's flow: source → parties → funds → classes → sink."""

    def __init__(self, totals: list[int], eligible: Bools, party: list[int], cap: list[int], least: list[int]) -> None:
        parties, funds = len(least), len(cap)
        self._fund_node = [1 + parties + f for f in range(funds)]
        self._sink = 1 + parties + funds + len(totals)
        self._party = party
        self._least = least
        self._net = net = Network(self._sink + 1)
        self._party_arc = [net.arc(_SOURCE, 1 + p, low) for p, low in enumerate(least)]
        self._fund_arc = [net.arc(1 + party[f], self._fund_node[f], cap[f]) for f in range(funds)]
        self._pay_arc: list[list[tuple[int, int]]] = [[] for _ in range(funds)]  # (class, arc)
        self._classes = len(totals)
        for q, total in enumerate(totals):
            if total:
                node = 1 + parties + funds + q
                net.arc(node, self._sink, total)
                for f in np.flatnonzero(eligible[q]):
                    self._pay_arc[f].append((q, net.arc(self._fund_node[f], node, total)))

    def fill(self, least: list[int], most: list[int], total: int) -> bool:
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

    def prefer(self, spared: list[int], order: list[int]) -> list[list[int]]:
        """Spare parties, then prefer funds, in turn; gives pay[f][q] [fen]."""
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
        pay = [[0] * self._classes for _ in order]
        for f, arcs in enumerate(self._pay_arc):
            for q, arc in arcs:
                pay[f][q] = net.room[arc ^ 1]
        return pay

    def _freeze(self, arc: int) -> None:
        self._net.room[arc] = self._net.room[arc ^ 1] = 0


def _fen_down(cny: float) -> int | None:
    """Whole fen in an amount, rounded down, by the decimal digits it prints; ``None`` for no limit."""
    return None if np.isinf(cny) else floor(Fraction(Decimal(repr(float(cny)))) * 100)


def _shares(table: pd.DataFrame, parties: list[str]) -> list[tuple[Fraction, Fraction]]:
    """Least and largest share of each party; without a row no bound, but residents pay nothing."""
    rows: Mapping[str, tuple[float, float]] = {r.party: (r.min_share, r.max_share) for r in table.itertuples()}
    found = []
    for party in parties:
        low, high = rows.get(party, (0.0, np.nan))
        if np.isnan(high):
            high = 0.0 if party == "resident" else 1.0
        found.append((Fraction(repr(float(low))), Fraction(repr(float(high)))))
    return found
