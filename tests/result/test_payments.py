"""Bills paid in whole fen: by hand, and against Hoffman's circulation theorem."""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import ceil, floor

import numpy as np
import pytest

from panhuo.engine.program import Decision
from panhuo.instance import Instance
from panhuo.result import Books
from panhuo.result.money.linear import Linear, without_dust
from panhuo.result.money.payments import Bills, Limit, Paid, Payments
from panhuo.result.money.plain import is_plain, pay_plainly

from .conftest import BY_HAND, opened

ITEMS = ("a", "b", "c")
PARTIES = ("government", "community", "enterprise")


def bills(
    fen: list[int], most: list[list[float]], cap: list[int | None], limits: tuple[Limit, ...] = (), central: str = ""
) -> Bills:
    """Bills of so many fen; ``most`` by fund, ``central`` a string of y and n."""
    return Bills(
        np.array(fen), np.array(most, dtype=float), cap, limits, np.array([c == "y" for c in central or "n" * len(cap)])
    )


def share(funds: str, of: str, low: str = "0", high: str = "1", own: int = 0, every: int = 0) -> Limit:
    """⌊low·whole⌋ ≤ what the funds marked y pay of the bills marked y ≤ ⌈high·whole⌉, of what all pay of them."""
    mine, paid = (np.array([c == "y" for c in marks]) for marks in (funds, of))
    return Limit("limit", mine, np.ones(len(mine), dtype=bool), paid, paid, Fraction(low), Fraction(high), own, every)


def plainly(due: Bills, party: list[int], spared: tuple[int, ...] = (), order: list[int] | None = None) -> Paid | None:
    assert is_plain(due, party)
    return pay_plainly(due, party, spared, order or list(range(len(due.cap))))


def by_program(due: Bills, wishes: list[list[int]], order: list[int] | None = None) -> Paid | None:
    """Pay by a linear program: each of the wishes names funds to be spared, then each fund in turn pays all it can."""
    program = Linear()
    pay = Payments(program, due)
    spared = [pay.of(*funds) for funds in wishes]
    eager = [dict.fromkeys(pay.of(f), -1.0) for f in order or range(len(due.cap))]
    point = program.prefer([w for w in [*spared, *eager] if w], weighed=len(spared))
    paid = None if point is None else pay.rounded(point)
    assert paid is None or due.holds(paid)
    return paid


def by_fund(paid: Paid | None) -> dict[int, int]:
    assert paid is not None
    found: dict[int, int] = {}
    for (f, _), fen in paid.items():
        found[f] = found.get(f, 0) + fen
    return found


def test_funds_pay_in_their_order() -> None:
    due = bills([300, 500], [[1, 1], [1, 1], [1, 0]], [900, 300, 400])
    assert by_fund(plainly(due, [0, 0, 1], order=[2, 1, 0])) == {2: 300, 1: 300, 0: 200}
    assert by_fund(by_program(due, [], [2, 1, 0])) == {2: 300, 1: 300, 0: 200}


def test_a_fund_may_push_another_to_its_own_items() -> None:
    """Both could pay a; only the first can pay b, so the second takes all of a."""
    for first, exists in ((500, True), (501, True), (499, False)):
        due = bills([first, 1000 - first], [[1, 1], [1, 0]], [500, 500])
        for paid in (plainly(due, [0, 0], order=[1, 0]), by_program(due, [], [1, 0])):
            assert (paid is not None) == exists
            if exists:
                assert by_fund(paid) == {0: 500, 1: 500}


@pytest.mark.parametrize(("total", "most"), [(1000, 333), (1001, 334), (3, 1), (1, 1)])
def test_a_share_holds_to_one_fen(total: int, most: int) -> None:
    """At most 33.3 % for the fund of the first priority: a flow gives it ⌈0.333·total⌉ fen, a program maybe one less."""
    due = bills([total], [[1], [1]], [None, None], (share("yn", "y", high="0.333"),))
    assert by_fund(plainly(due, [0, 1]))[0] == most
    assert most - 1 <= by_fund(by_program(due, [])).get(0, 0) <= most


def test_a_least_share_is_paid_before_priorities() -> None:
    for second, exists in ((500, True), (100, False)):  # the second fund pays b only: 250 are asked of it
        due = bills([1000 - second, second], [[1, 1], [0, 1]], [None, None], (share("ny", "yy", low="0.25"),))
        for paid in (plainly(due, [0, 1]), by_program(due, [])):
            assert (paid is not None) == exists
            if exists:
                assert by_fund(paid) == {0: 750, 1: 250}


def test_a_party_that_is_spared_pays_as_little_as_possible() -> None:
    due = bills([500, 500], [[1, 1], [1, 0], [0, 1]], [None, 300, None], (share("ynn", "yy", low="0.1"),))
    for spared, paid in (((0,), {0: 200, 1: 300, 2: 500}), ((2, 0), {0: 700, 1: 300})):
        assert by_fund(plainly(due, [0, 1, 2], spared)) == paid
        assert by_fund(by_program(due, [[p] for p in spared])) == paid


def test_a_share_of_every_bill() -> None:
    """80 % of 12.35 and of 0.01, each rounded up to the fen."""
    due = bills([1235, 1], [[0.8, 0.8], [1, 1]], [None, None])
    assert not is_plain(due, [0, 1])
    assert by_program(due, []) == {(0, 0): 988, (1, 0): 247, (0, 1): 1}
    assert by_program(bills([1235], [[0.8]], [None]), []) is None


def test_one_central_source_a_bill() -> None:
    """Two central funds could pay both bills, 60 and 50 of the 60 and 40: each takes one of them."""
    most = [[1, 1], [1, 1], [1, 1]]
    apart = by_program(bills([60, 40], most, [60, 50, 100], central="yyn"), [])
    assert apart == {(0, 0): 60, (1, 1): 40}
    together = by_program(bills([60, 40], most, [60, 50, 100], central="ynn"), [])
    assert by_fund(together) == {0: 60, 1: 40}
    assert by_program(bills([60], [[1], [1]], [50, 50], central="yy"), []) is None  # neither alone can pay it


def test_a_limit_on_some_bills_only() -> None:
    """The first fund may pay half of the second bill; what is given beside payments counts in both part and whole."""
    due = bills([100, 100], [[1, 1], [1, 1]], [None, None], (share("yn", "ny", high="0.5"),))
    assert by_fund(by_program(due, [])) == {0: 150, 1: 50}
    due = bills([100, 100], [[1, 1], [1, 1]], [None, None], (share("yn", "ny", high="0.5", own=40, every=60),))
    assert by_fund(by_program(due, [])) == {0: 140, 1: 60}  # 40 + 40 ≤ ⌈0.5 · 160⌉


def test_a_share_of_what_a_fund_itself_pays() -> None:
    """Of the first fund's money at least 40 % goes to the second bill, though the second fund would pay it."""
    mine, all_, second = np.array([True, False]), np.ones(2, dtype=bool), np.array([False, True])
    quota = Limit("quota", mine, mine, second, all_, Fraction("0.4"), Fraction(1))
    due = bills([90, 100], [[1, 1], [1, 1]], [100, None], (quota,))
    paid = by_program(due, [])
    assert by_fund(paid) == {0: 100, 1: 90}
    assert (paid or {})[0, 1] >= 40


def test_dust_goes_to_who_pays_the_rest_where_a_cap_leaves_room() -> None:
    one = Fraction(1)
    rows = [({0: one, 1: one, 2: one}, Fraction(1004), Fraction(1004)), ({1: one, 3: one}, None, Fraction(902))]
    # 4 fen of the first: the second, who pays most, is 2 below its cap; the third takes them
    assert without_dust([4, 600, 400, 300], [[0, 1, 2], [3]], rows) == [0, 600, 404, 300]
    assert without_dust([4, 600, 400, 298], [[0, 1, 2], [3]], rows) == [0, 604, 400, 298]
    assert without_dust([4, 600, 0, 300], [[0, 1, 2], [3]], rows) == [4, 600, 0, 300]


def test_random_bills_agree_with_the_circulation_theorem() -> None:
    rng = np.random.default_rng(11)
    seen = {True: 0, False: 0}
    for n in range(200):
        count = int(rng.integers(1, 4))
        fen = rng.integers(0, 180, size=3) * int(rng.choice([1, 10**9]))
        due, total = np.flatnonzero(fen), int(fen.sum())
        funds = [(str(rng.choice(PARTIES)), int(rng.integers(0, 120)) * total / 10_000) for f in range(count)]
        pays = {f"f{f}": "".join(i for i in ITEMS if rng.random() < 0.8) or "a" for f in range(count)}
        shares = {p: (float(rng.choice([0, 0, 0, 0.15])), float(rng.choice([0.35, 0.8, 1, 1]))) for p in PARTIES}
        order = list(rng.permutation(count))
        party = [PARTIES.index(p) for p, _ in funds]
        rule = _Circulation([(f"f{f}", *own, None) for f, own in enumerate(funds)], pays, shares, fen.tolist())
        every = "y" * len(due)
        limits = tuple(
            share("".join("ny"[q == PARTIES.index(p)] for q in party), every, repr(low), repr(high))
            for p, (low, high) in shares.items()
            if PARTIES.index(p) in party
        )
        most = [[float(ITEMS[i] in pays[f"f{f}"]) for i in due] for f in range(count)]
        made = bills(fen[due].tolist(), most, rule.cap, limits)
        asked = {p for p in PARTIES if rule.least[p] > 0}
        paid = plainly(made, party, order=order) if asked <= {p for p, _ in funds} else None
        assert (paid is not None) == rule.holds()
        seen[paid is not None] += 1
        if paid is None:
            continue
        assert made.holds(paid)
        fixed: dict[int, tuple[int, int]] = {}
        for f in order:
            mine = by_fund(paid).get(f, 0)
            assert rule.holds({**fixed, f: (mine, mine)})
            assert not rule.holds({**fixed, f: (mine + 1, 10**18)})  # a fen more is not possible
            fixed[f] = (mine, mine)
        if n % 4 == 0 and total < 10**9:
            other, own = by_fund(by_program(made, [], order)), by_fund(paid)
            assert all(abs(other.get(f, 0) - own.get(f, 0)) <= 1 for f in order)
    assert min(seen.values()) > 40


class _Circulation:
    """Hoffman: a circulation exists iff no node set has more lower bound leaving than capacity entering."""

    def __init__(
        self,
        funds: list[tuple[str, str, float, int | None]],
        pays: dict[str, str],
        shares: dict[str, tuple[float, float]],
        due: list[int],
    ) -> None:
        total = sum(due)
        self.funds = funds
        self.least = {p: floor(Fraction(repr(low)) * total) for p, (low, _) in shares.items()}
        self.most = {p: ceil(Fraction(repr(high)) * total) for p, (_, high) in shares.items()}
        self.cap = [floor(Fraction(repr(cap)) * 100) for _, _, cap, _ in funds]
        self.pays, self.due, self.total = pays, due, total

    def holds(self, fund_bounds: dict[int, tuple[int, int]] | None = None) -> bool:
        """Check every set of nodes; bounds on funds may be narrowed."""
        nodes = ["s", "t", *PARTIES, *(f"f{f}" for f in range(len(self.funds))), *ITEMS]
        at = {n: i for i, n in enumerate(nodes)}
        arcs = [("s", p, self.least[p], self.most[p]) for p in PARTIES]
        for f, (_, party, _, _) in enumerate(self.funds):
            low, high = (fund_bounds or {}).get(f, (0, self.cap[f]))
            if low > min(high, self.cap[f]):
                return False
            arcs.append((party, f"f{f}", low, min(high, self.cap[f])))
            arcs += [(f"f{f}", i, 0, self.total) for i in self.pays[f"f{f}"]]
        arcs += [(i, "t", d, d) for i, d in zip(ITEMS, self.due, strict=True)]
        arcs.append(("t", "s", self.total, self.total))
        if any(low > high for _, _, low, high in arcs):
            return False
        sets = np.array(list(itertools.product([False, True], repeat=len(nodes))))
        spare = np.zeros(len(sets), dtype=np.int64)
        for tail, head, low, high in arcs:
            inside_tail, inside_head = sets[:, at[tail]], sets[:, at[head]]
            spare += high * (~inside_tail & inside_head) - low * (inside_tail & ~inside_head)
        return bool((spare >= 0).all())


@pytest.mark.parametrize(
    ("names", "exists"),
    [
        ((), True),
        (BY_HAND, True),
        (("S1:convert:clinic",), False),  # government share 82.8 %
        (("S1:convert:clinic", "S2:convert:clinic"), False),  # 82.8 %
        (("S1:convert:clinic", "S2:convert:canteen", "S3:convert:culture"), False),  # over the budget
        (("S2:convert:canteen", "S2:convert:clinic"), True),
    ],
)
def test_the_toys_choices_can_be_paid_as_its_readme_says(toy: Instance, names: tuple[str, ...], exists: bool) -> None:
    books = opened(toy)
    choose = books.options.table["option"].isin(names).to_numpy()
    nobody = [np.zeros(len(names), dtype=bool)] * 2
    accounts = books.operation.carried_out(_decision(books, choose)).accounts
    settled = books.treasury.settle(choose, accounts, nobody)
    assert (settled is not None) is exists
    assert (books.treasury.attempt(choose, accounts, nobody).capital is not None) is exists


def _decision(books: Books, choose: np.ndarray) -> Decision:
    data = books.assembled.data
    return Decision(choose, np.zeros(len(data.outlets), dtype=bool), np.zeros(len(data.flow.row)))
