"""Ledgers in whole fen: by hand, and against Hoffman's circulation theorem."""

from __future__ import annotations

import dataclasses
import itertools
import time
from fractions import Fraction
from math import ceil, floor

import numpy as np
import pandas as pd
import pytest

from panhuo.assemble import Options, derive_options
from panhuo.instance import Instance
from panhuo.instance.policy import Stage
from panhuo.result import Purse, ledger

from .conftest import BY_HAND, choice

ITEMS = ("a", "b", "c")
PARTIES = ("government", "community", "enterprise")


def district(
    toy: Instance,
    funds: list[tuple[str, str, float, int | None]],
    pays: dict[str, str],
    shares: dict[str, tuple[float, float]] | None = None,
    budget: float | None = None,
    spared: tuple[str, ...] = (),
) -> Instance:
    """The toy with other funds: (fund, party, cap, priority), the items each pays, and the parties' shares."""
    made = pd.DataFrame(funds, columns=["fund", "party", "cap_cny", "priority"])
    blank = [()] * len(pays)
    lists = {"modes": blank, "services": blank, "ownerships": blank, "zones": blank}
    eligibility = pd.DataFrame({"fund": list(pays), "items": [tuple(i) for i in pays.values()], **lists})
    bounds = {**dict.fromkeys(PARTIES, (0.0, 1.0)), "resident": (0.0, 0.0), "donor": (0.0, 1.0), **(shares or {})}
    parties = pd.DataFrame([(p, *b) for p, b in bounds.items()], columns=["party", "min_share", "max_share"])
    stages = tuple(Stage(name=p, measure="party_capital", party=p) for p in spared)
    change = {"budget_cny": budget} | ({"objectives": stages} if stages else {})
    settings = toy.settings.model_copy(update={"policy": toy.settings.policy.model_copy(update=change)})
    made["priority"] = made["priority"].astype("Int64")
    tables = {**toy.tables, "funds": made, "eligibility": eligibility, "parties": parties}
    return dataclasses.replace(toy, tables=tables, settings=settings)


def options(fen: list[list[int]]) -> Options:
    """One option a row, with the cost of each item in fen."""
    cost = np.array(fen, dtype=np.int64)
    sites = ["S1", "S2", "S3"][: len(fen)]
    table = pd.DataFrame({"site": sites, "mode": "convert", "service": "clinic"})
    table.insert(0, "option", [f"{s}:convert:clinic" for s in sites])
    return Options(table, pd.DataFrame(), ITEMS, cost, (), np.zeros((len(fen), 0), np.int64), pd.DataFrame())


def paid(table: pd.DataFrame | None) -> dict[str, int]:
    assert table is not None
    return {str(f): round(100 * v) for f, v in table.groupby("fund")["amount_cny"].sum().items()}


ALL = np.ones(1, dtype=bool)


def test_the_toys_ledger_is_that_of_its_readme(toy: Instance) -> None:
    rows = ledger(toy, derive_options(toy), choice(toy, BY_HAND))
    assert rows is not None
    assert [tuple(r) for r in rows[["site", "item", "fund", "party", "amount_cny"]].itertuples(index=False)] == [
        ("S1", "fit_out", "works", "government", 96_000.0),
        ("S1", "equipment", "equip", "enterprise", 20_000.0),
        ("S2", "fit_out", "works", "government", 100_000.0),
        ("S2", "equipment", "equip", "enterprise", 30_000.0),
        ("S3", "fit_out", "works", "government", 19_999.8),
        ("S3", "equipment", "equip", "enterprise", 10_000.0),
    ]


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
def test_the_toys_choices_have_a_ledger_as_its_readme_says(toy: Instance, names: tuple[str, ...], exists: bool) -> None:
    derived, choose = derive_options(toy), choice(toy, names)
    assert Purse(toy, derived).accepts(choose) is exists
    assert (ledger(toy, derived, choose) is not None) is exists


def test_funds_pay_by_priority_then_by_their_order(toy: Instance) -> None:
    funds = [("last", "government", 9.0, None), ("second", "government", 3.0, 2), ("first", "community", 4.0, 1)]
    made = district(toy, funds, {"last": "abc", "second": "abc", "first": "a"})
    assert paid(ledger(made, options([[300, 500, 0]]), ALL)) == {"first": 300, "second": 300, "last": 200}


def test_a_fund_of_the_first_priority_may_push_another_to_its_own_items(toy: Instance) -> None:
    """Both could pay a; only the second can pay b, so the first takes all of a."""
    made = district(toy, [("x", "government", 5.0, 2), ("y", "government", 5.0, 1)], {"x": "ab", "y": "a"})
    assert paid(ledger(made, options([[500, 500, 0]]), ALL)) == {"x": 500, "y": 500}
    assert paid(ledger(made, options([[501, 499, 0]]), ALL)) == {"x": 500, "y": 500}
    assert ledger(made, options([[499, 501, 0]]), ALL) is None


@pytest.mark.parametrize(("cap", "exists"), [(10.0, True), (9.99, False), (9.999, False), (10.001, True)])
def test_a_cap_holds_to_the_fen(toy: Instance, cap: float, exists: bool) -> None:
    made = district(toy, [("x", "government", cap, 1)], {"x": "abc"})
    assert (ledger(made, options([[1000, 0, 0]]), ALL) is not None) is exists


@pytest.mark.parametrize(("total", "most"), [(1000, 333), (1001, 334), (3, 1), (1, 1)])
def test_a_share_holds_to_one_fen_a_party(toy: Instance, total: int, most: int) -> None:
    """At most 33.3 % for the fund of the first priority: it gets ⌈0.333·total⌉ fen."""
    funds = [("x", "government", 1e6, 1), ("y", "community", 1e6, 2)]
    made = district(toy, funds, {"x": "abc", "y": "abc"}, {"government": (0.0, 0.333)})
    assert paid(ledger(made, options([[total, 0, 0]]), ALL))["x"] == most == ceil(Fraction("0.333") * total)


def test_a_least_share_is_paid_before_priorities(toy: Instance) -> None:
    funds = [("x", "government", 1e6, 1), ("y", "community", 1e6, 2)]
    made = district(toy, funds, {"x": "abc", "y": "c"}, {"community": (0.25, 1.0)})
    assert paid(ledger(made, options([[500, 0, 500]]), ALL)) == {"x": 750, "y": 250}
    assert ledger(made, options([[900, 0, 100]]), ALL) is None  # y can pay 100 of the 250 it must


def test_a_party_whose_capital_is_an_objective_pays_as_little_as_possible(toy: Instance) -> None:
    funds = [("x", "government", 1e6, 1), ("y", "community", 3.0, 2), ("z", "enterprise", 1e6, 3)]
    pays, shares = {"x": "abc", "y": "ab", "z": "c"}, {"government": (0.1, 1.0)}
    made = district(toy, funds, pays, shares, spared=("government",))
    assert paid(ledger(made, options([[500, 0, 500]]), ALL)) == {"x": 200, "y": 300, "z": 500}
    made = district(toy, funds, pays, shares, spared=("enterprise", "government"))
    assert paid(ledger(made, options([[500, 0, 500]]), ALL)) == {"x": 700, "y": 300}


@pytest.mark.parametrize(("budget", "exists"), [(10.0, True), (9.99, False), (0.0, False)])
def test_the_budget_holds_to_the_fen(toy: Instance, budget: float, exists: bool) -> None:
    made = district(toy, [("x", "government", 1e6, 1)], {"x": "abc"}, budget=budget)
    assert (ledger(made, options([[999, 1, 0]]), ALL) is not None) is exists
    nothing = ledger(made, options([[999, 1, 0]]), ~ALL)
    assert nothing is not None
    assert nothing.empty


def test_random_ledgers_agree_with_the_circulation_theorem(toy: Instance) -> None:
    rng = np.random.default_rng(11)
    seen = {True: 0, False: 0}
    for _ in range(250):
        count = int(rng.integers(1, 4))
        fen = rng.integers(0, 60, size=(3, 3)) * (rng.random((3, 3)) < 0.7) * int(rng.choice([1, 10**9]))
        choose = rng.random(3) < 0.8
        most = int(fen.sum())
        funds: list[tuple[str, str, float, int | None]] = [
            (f"f{f}", str(rng.choice(PARTIES)), int(rng.integers(0, 120)) * most / 10_000, (None, 2, 1)[f])
            for f in range(count)
        ]
        pays = {f"f{f}": "".join(i for i in ITEMS if rng.random() < 0.8) or "a" for f in range(count)}
        shares = {p: (float(rng.choice([0, 0, 0, 0.15])), float(rng.choice([0.35, 0.8, 1, 1]))) for p in PARTIES}
        made, derived = district(toy, funds, pays, shares), options(fen.tolist())
        rows = ledger(made, derived, choose)
        rule = _Circulation(funds, pays, shares, fen[choose].sum(axis=0).tolist())
        assert (rows is not None) == rule.holds()
        assert Purse(made, derived).accepts(choose) == (rows is not None)
        seen[rows is not None] += 1
        if rows is None:
            continue
        _sound(rows, derived, choose, pays)
        fixed: dict[int, tuple[int, int]] = {}
        for f in sorted(range(count), key=lambda f: (funds[f][3] is None, funds[f][3] or 0, f)):
            mine = paid(rows).get(f"f{f}", 0)
            assert rule.holds({**fixed, f: (mine, mine)})
            assert not rule.holds({**fixed, f: (mine + 1, 10**18)})  # a fen more is not possible
            fixed[f] = (mine, mine)
    assert min(seen.values()) > 40


def _sound(rows: pd.DataFrame, derived: Options, choose: np.ndarray, pays: dict[str, str]) -> None:
    assert all(i in pays[f] for i, f in zip(rows["item"], rows["fund"], strict=True))
    assert (rows["amount_cny"] > 0).all()
    sums = (rows["amount_cny"] * 100).round().astype("int64").groupby([rows["option"], rows["item"]]).sum()
    for o, name in enumerate(derived.table["option"]):
        for i, item in enumerate(ITEMS):
            assert sums.get((name, item), 0) == (derived.capital_fen[o, i] if choose[o] else 0)


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


@pytest.mark.slow
def test_a_choice_in_dazu_is_answered_in_time(dazu: Instance) -> None:
    derived = derive_options(dazu)
    purse, choose = Purse(dazu, derived), np.zeros(len(derived.table), dtype=bool)
    choose[np.random.default_rng(0).permutation(len(choose))[:200]] = True
    start = time.perf_counter()
    for _ in range(10):
        purse.accepts(choose)
    assert (time.perf_counter() - start) / 10 < 0.02
