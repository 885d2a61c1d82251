"""Why a choice cannot be paid: the budget, eligibility, caps and shares, each with its figures."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor
from typing import Any

from panhuo.instance import Instance
from panhuo.instance.schema.choices import PARTIES
from panhuo.instance.tabular import tuples
from panhuo.result.verify.exact import exact
from panhuo.result.verify.figures import cny, percent
from panhuo.result.verify.siting import Plan
from panhuo.result.verify.stock import Option, Stock, Work
from panhuo.words import T, Text
from panhuo.words.names import listed, name

Payers = frozenset[int]
"""The funds that may pay for something; what has the same payers is one class."""

SOURCE, SINK = "source", "sink"


def obstacles(instance: Instance, stock: Stock, plan: Plan) -> list[Text]:
    """Say what stands against paying for a plan in whole fen; nothing where a ledger exists.

    The totals that the funds may pay form a polymatroid (Edmonds 1970). A ledger within the caps therefore exists
    where a flow pays everything, and one within the shares too where one flow reaches every party's least and one
    keeps to every party's most. Where bounds of other kinds stand too, what no flow rules out is left to them.
    """
    found: list[Text] = []
    total = plan.capital
    budget = instance.settings.policy.budget_cny
    if budget is not None and Fraction(total, 100) > exact(budget):
        over = total - floor(exact(budget) * 100)
        found.append(
            T("over the budget by CNY {over}: the capital is CNY {total}, the budget CNY {budget}",
              over=cny(over), total=cny(total), budget=cny(floor(exact(budget) * 100)))
        )  # fmt: skip
    due, items = _classes(stock, plan)
    purse = _Purse(instance, due)
    short = list(_short_funds(instance, purse, items))
    shares = list(_shares(instance, purse if not short else purse.without_caps(), total))
    found += short + shares
    if not short and not shares and purse.unpaid_within_shares(instance, total):
        found.append(T("the shares of the parties and the caps of the funds cannot all be kept together"))
    if not found and _has_other_bounds(instance):
        found.append(T("the bounds on the money cannot all be kept together"))
    return found


def _has_other_bounds(instance: Instance) -> bool:
    """Whether anything binds the capital beside the budget, eligibility, caps and parties' shares of the plan."""
    parties, funds = instance["parties"], instance["funds"]
    odd = [
        row for row in tuples(parties)
        if (row.min_share > 0 or row.max_share < 1) and not _plain(row) and row.ledger != "yearly"
    ]  # fmt: skip
    return bool(
        odd
        or (instance["eligibility"]["max_share"] < 1).any()
        or (funds["min_share"] > 0).any()
        or (funds["max_share"] < 1).any()
        or funds["central"].sum() > 1
        or funds["complex_only"].any()
        or funds["debt_service"].notna().any()
        or any(quota.measure == "capital" for quota in instance.settings.policy.quotas)
    )


def _plain(row: Any) -> bool:
    """Whether a bound is one of a party on the capital of the whole plan."""
    return row.ledger == "capital" and row.scope == "plan" and not row.services and not row.operating


def _classes(stock: Stock, plan: Plan) -> tuple[Counter[Payers], dict[Payers, set[str]]]:
    """Sum up costs by who may pay them: fen and items by class. What nobody may pay makes no option."""
    at = {fund: f for f, fund in enumerate(stock.payers.funds)}
    due: Counter[Payers] = Counter()
    items: dict[Payers, set[str]] = defaultdict(set)
    costs: list[tuple[Option | Work, str, int]] = [
        (o, item, fen) for o in plan.options for item, fen in o.capital.items()
    ]
    costs += [(work, work.item, work.fen) for work in plan.works if work.fen]
    for unit, item, fen in costs:
        payers = frozenset(at[f] for f in stock.payers.of(stock.payable(unit, item, stock.capital_year(unit.site))))
        due[payers] += fen
        items[payers].add(item)
    return due, items


class _Purse:
    """Costs by class, and what the funds can pay of them [fen]."""

    def __init__(self, instance: Instance, due: Counter[Payers], caps: list[int] | None = None) -> None:
        funds, self.due, self.total = instance["funds"], due, sum(due.values())
        self.party: list[str] = list(funds["party"])
        self.caps = caps or [
            self.total if cap == float("inf") else min(self.total, floor(exact(cap) * 100)) for cap in funds["cap_cny"]
        ]
        self._instance = instance

    def without_caps(self) -> _Purse:
        return _Purse(self._instance, self.due, [self.total] * len(self.caps))

    def pay(self, most: dict[str, int]) -> tuple[int, set[Any]]:
        """Pay as much as possible where each party pays at most so much; gives the fen, and what has room left."""
        room: dict[Any, dict[Any, int]] = defaultdict(lambda: defaultdict(int))
        for party, limit in most.items():
            room[SOURCE]["party", party] = limit
        for f, (party, cap) in enumerate(zip(self.party, self.caps, strict=True)):
            room["party", party]["fund", f] = cap
        for payers, fen in self.due.items():
            for f in payers:
                room["fund", f]["class", payers] = fen
            room["class", payers][SINK] = fen
        return send(room)

    def unpaid_within_shares(self, instance: Instance, total: int) -> bool:
        """Whether no payment keeps every party within its shares."""
        bounds = {p: _bounds(low, high, total) for p, low, high in _parties(instance)}
        least = {p: low for p, (low, _) in bounds.items()}
        most = {p: high for p, (_, high) in bounds.items()}
        return self.pay(least)[0] < sum(least.values()) or self.pay(most)[0] < self.total


def send(room: dict[Any, dict[Any, int]]) -> tuple[int, set[Any]]:
    """Send as much as possible along shortest paths (Edmonds and Karp, doi:10.1145/321694.321699)."""
    sent = 0
    while True:
        came: dict[Any, Any] = {SOURCE: None}
        queue = deque([SOURCE])
        while queue and SINK not in came:
            node: Any = queue.popleft()
            for other, free in room[node].items():
                if free and other not in came:
                    came[other] = node
                    queue.append(other)
        if SINK not in came:
            return sent, set(came)
        path, node = [], SINK
        while came[node] is not None:
            path.append((came[node], node))
            node = came[node]
        amount = min(room[a][b] for a, b in path)
        for a, b in path:
            room[a][b] -= amount
            room[b][a] += amount
        sent += amount


def _short_funds(instance: Instance, purse: _Purse, items: dict[Payers, set[str]]) -> Iterator[Text]:
    """Name the funds whose caps are too low: what only they may pay costs more (the other side of a least cut)."""
    paid, free = purse.pay(dict.fromkeys(purse.party, purse.total))
    if paid == purse.total:
        return
    names = [name(row.name_en or row.fund, row.name_zh or row.fund) for row in tuples(instance["funds"])]
    left = [payers for payers in purse.due if ("class", payers) not in free]
    while left:
        group = [left.pop(0)]
        funds = set(group[0])
        while joined := [payers for payers in left if payers & funds]:
            group += joined
            left = [payers for payers in left if payers not in joined]
            funds = funds.union(*joined)
        cost, cap = sum(purse.due[payers] for payers in group), sum(purse.caps[f] for f in funds)
        if cost <= cap:
            continue
        wanted = sorted(set().union(*(items[payers] for payers in group)))
        yield T(
            "over the cap of {funds} by CNY {over}: nobody else may pay {items}, which cost CNY {cost}, and the cap is "
            "CNY {cap}",
            funds=listed([names[f] for f in sorted(funds)]), over=cny(cost - cap), items=", ".join(wanted),
            cost=cny(cost), cap=cny(cap),
        )  # fmt: skip


def _shares(instance: Instance, purse: _Purse, total: int) -> Iterator[Text]:
    """Name every party that must pay more, or can pay less, than its share allows, whatever the others do."""
    everyone = dict.fromkeys(purse.party, purse.total)
    for party, low, high in _parties(instance):
        least, most = _bounds(low, high, total)
        word = name(party, PARTIES[party][0])
        must = purse.total - purse.pay({**everyone, party: 0})[0]
        if must > most:
            yield T(
                "{party} would have to pay CNY {fen}, {share} of the capital; at most {bound} is allowed",
                party=word, fen=cny(must), share=percent(must / total), bound=percent(high),
            )  # fmt: skip
        can = purse.pay({party: purse.total})[0]
        if can < least:
            yield T(
                "{party} can pay at most CNY {fen}, {share} of the capital; at least {bound} is asked for",
                party=word, fen=cny(can), share=percent(can / total), bound=percent(low),
            )  # fmt: skip


def _parties(instance: Instance) -> Iterator[tuple[str, float, float]]:
    """Give every party's bounds on its share of the plan's capital, the strictest of all its rows."""
    rows = [row for row in tuples(instance["parties"]) if _plain(row)]
    for party in PARTIES:
        mine = [row for row in rows if row.party == party]
        low = max((float(row.min_share) for row in mine), default=0.0)
        yield party, low, min((float(row.max_share) for row in mine), default=1.0)


def _bounds(low: float, high: float, total: int) -> tuple[int, int]:
    """Least and most that a party may pay, to one fen a party."""
    return floor(exact(low) * total), min(ceil(exact(high) * total), total)
