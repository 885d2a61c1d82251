"""Two sites with a hall and canteens: every family of rows of the district plan has at least one."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from one_canteen import floats, ints

from panhuo_models.data import (
    Accounts,
    AreaQuota,
    Bond,
    Complexes,
    CoverageFloor,
    Flow,
    Link,
    Money,
    Objective,
    Outlets,
    Pin,
    Reach,
    ShareLimit,
    SitingData,
    Supply,
    Tallies,
    Yearly,
)

_NAN, _INF = float("nan"), float("inf")


def _flags(*values: int) -> np.ndarray:
    return np.array(values, dtype=bool)


def every_row() -> SitingData:
    """Site A may be kept as a hall, or converted to a hall and a canteen (public, or aided in two sizes); B to a canteen.

    Converting A closes the hall e1 and the canteen e2; the canteen e3 stays. All canteens charge "low" or "high"; the
    poor cannot pay for "high" at A.
    """
    return SitingData(
        sites=("A", "B"), modes=("keep", "convert"), services=("hall", "canteen"), circles=("old",),
        tiers=("", "poor", "other"), tier_need=ints(0, 2, 1),
        projects=("A:keep", "A:convert", "B:convert"), project_site=ints(0, 0, 1), project_area=floats(60, 110, 100),
        options=("A:keep:hall", "A:convert:hall", "A:convert:canteen:public", "A:convert:canteen:aided:60",
                 "A:convert:canteen:aided:80", "B:convert:canteen:aided"),
        option_project=ints(0, 1, 1, 1, 1, 2), option_service=ints(0, 0, 1, 1, 1, 1),
        option_offer=ints(0, 0, 1, 1, 1, 2), option_account=ints(0, 0, 1, 2, 2, 3),
        option_area=floats(50, 50, 60, 60, 80, 90), offers=("A:hall", "A:canteen", "B:canteen"),
        works=("A:convert:lift",), work_project=ints(1), work_options=sp.csr_matrix(_flags(0, 1, 1, 1, 1, 0)[None, :]),
        pins=(Pin("A", (0, 1, 2, 3, 4)), Pin("B:convert:canteen", (5,))), closing=("e1", "e2"), closing_by=sp.csr_matrix(np.array([[0, 1, 0]] * 2, dtype=bool)),
        reach=Reach(
            sp.csr_matrix(np.array([[1, 0, 0, 0, 0], [1, 0, 0, 1, 0]], dtype=bool)), floats(40, 25), ints(0, 0), _flags(0, 1)
        ),
        flow=Flow(
            demand=floats(20, 30, 10), tally=ints(1, 1, 1), tier=ints(1, 2, 2), cell=ints(0, 0, 1),
            row=ints(0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2), outlet=ints(0, 1, 3, 4, 5, 0, 1, 2, 3, 4, 5, 3, 5),
            uptake=floats(0.8, 0.8, 0.4, 0.4, 0.4, 0.8, 0.8, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5),
        ),
        outlets=_outlets(), accounts=_accounts(),
        yearly=Yearly(
            due=np.array([[-1, -1, -1, -1], [0, 1, 0, 2], [0, 1, 0, -1], [0, 1, 0, -1]]),
            eligible=np.array([[1, 0, 1], [0, 0, 0], [0, 0, 0], [0, 0, 1], [0, 1, 0]], dtype=bool),
            cap=floats(90_000, 0, 0, 20_000, _INF),
        ),
        tallies=Tallies(ints(0, 1), ints(-1, 0), floats(10, 0), floats(35, 6), floats(75, 60), floats(80, 60)),
        money=_money(),
        complexes=Complexes(110.0, 2, _flags(0, 1), 1, 1),
        links=(
            Link("a meal for the hall", "requires", 0, (1, 2), held=False, bonus=0.0),
            Link("hall and canteen", "bonus", 0, (1,), held=False, bonus=2.5),
            Link("hall and any canteen", "bonus", 0, (2,), held=True, bonus=1.5),
            Link("one canteen", "incompatible", 1, (2,), held=False, bonus=0.0),
        ),
        supply=_supply(),
        quotas=(
            AreaQuota("site A", _flags(1, 1, 1, 1, 1, 0), 0.4, 1.0),
            AreaQuota("site B", _flags(0, 0, 0, 0, 0, 1), 0.0, 0.6),
        ),
        floors=(CoverageFloor("canteen in old", 1, 12.0),),
        objectives=_objectives(),
    )  # fmt: skip


def _supply() -> Supply:
    """The aided canteens cook nothing: the hall at A feeds them, e1 while it stays open, or e4."""
    return Supply(
        needs=_flags(0, 0, 0, 1, 1, 1), need=floats(0, 0, 0, 24, 32, 18), output=floats(40, 30, 0, 0, 0, 0),
        suppliers=("A:hall", "e1", "e4"), offer=ints(0, -1, -1), closing=ints(-1, 0, -1), held=floats(0, 20, 12.5),
        option=ints(3, 4, 4, 5, 5), supplier=ints(0, 0, 2, 1, 2), minutes=floats(0, 0, 8, 12.5, 21),
    )  # fmt: skip


def _outlets() -> Outlets:
    """CNY a person and year; tiers in columns."""
    low, high = (0, 1000, 2000), (0, 2500, 2500)
    tariffs = ("low", "low", "high", "high", "high", "high")
    return Outlets(
        names=("A:canteen:public|low", "A:canteen:aided|low", "A:canteen:aided|high", "B:canteen:aided|high", "e2|high",
               "e3|high"),
        account=ints(1, 2, 2, 3, -1, -1), closing=ints(-1, -1, -1, -1, 1, -1),
        capacity=floats(_INF, _INF, _INF, _INF, 4, 8), tariff=tariffs,
        price=np.array([low if tariff == "low" else high for tariff in tariffs], dtype=float),
        government=np.array([(0, 1500, 500) if tariff == "low" else (0, 1000, 0) for tariff in tariffs], dtype=float),
        enterprise=np.array([(0, 0, 250)] * 6, dtype=float), donor=np.array([(0, 250, 0)] * 6, dtype=float),
        cost=np.array([(0, 1500, 1500)] * 6, dtype=float), visits=np.full(6, 250.0),
    )  # fmt: skip


def _accounts() -> Accounts:
    return Accounts(
        names=("A:hall:", "A:canteen:public", "A:canteen:aided", "B:canteen:aided"), offer=ints(0, 1, 1, 2),
        operator=ints(-1, 0, 1, 1), margin_min=floats(_NAN, _NAN, 0.0, 0.02), margin_max=floats(_NAN, _NAN, 0.3, 0.25),
        pool=ints(-1, -1, 0, 0), financed=_flags(0, 1, 0, 0), write_off=floats(0, 0, 0.1, 0.05),
        fixed=floats(0, 0, 40_000, 30_000, 38_000, 20_000), income=floats(0, 0, 0, 4_000, 5_000, 0),
        subsidy=floats(0, 0, 10_000, 12_000, 16_000, 0), capacity=floats(_INF, _INF, 24, 24, 32, 18),
    )  # fmt: skip


def _money() -> Money:
    """Classes: halls, public canteen, aided canteens at A, canteen at B, lift."""
    funds, classes, accounts = np.ones(5, dtype=bool), np.ones(5, dtype=bool), _flags(0, 1, 1, 1)
    every = {"funds": funds, "of_funds": funds, "classes": classes, "of_classes": classes,
             "options": np.ones(6, dtype=bool), "accounts": accounts}  # fmt: skip
    public, firm = _flags(1, 1, 1, 0, 0), _flags(0, 0, 0, 1, 0)
    cost = np.zeros((5, 7))
    cost[[0, 0, 1, 2, 2, 3, 4], range(7)] = 50_000, 60_000, 90_000, 80_000, 100_000, 110_000, 30_000
    return Money(
        cost=sp.csr_matrix(cost),
        most=np.array([[1, 1, 0.5, 0.5, 1], [1, 1, 1, 1, 0], [0, 1, 1, 0, 1], [0, 0, 1, 1, 0], [0, 0.8, 0.8, 0.8, 0]]),
        cap=floats(150_000, 60_000, _INF, 90_000, 50_000), party=ints(0, 0, 0, 1, 2), central=_flags(1, 1, 0, 0, 0),
        complex_only=_flags(0, 0, 1, 0, 0), class_project=ints(-1, 1, 1, -1, 1), class_account=ints(-1, -1, 2, 3, -1),
        limits=(
            ShareLimit("government", "capital", 0, **(every | {"funds": public}), low=0.0, high=0.85),
            ShareLimit("enterprise at B", "capital", 1, **(every | {"funds": firm, "classes": _flags(0, 0, 0, 1, 0),
                       "of_classes": _flags(0, 0, 0, 1, 0)}), low=0.3, high=1.0),
            ShareLimit("community with rooms", "capital_with_in_kind", 3, **(every | {"funds": ~funds}), low=0.01, high=0.5),
            ShareLimit("residents", "yearly", 4, **(every | {"funds": ~funds}), low=0.2, high=0.9),
            ShareLimit("enterprise", "yearly", 1, **(every | {"funds": firm}), low=0.0, high=0.5),
        ),
        bonds=(Bond(4, accounts, 0.08, 1.2),),
        in_kind=np.array([[0] * 6, [0] * 6, [0] * 6, [5_000, 5_000, 6_000, 6_000, 8_000, 0], [0] * 6], dtype=float),
        budget=300_000.0, funds=("district", "state", "embedded", "firm", "bond"),
        parties=("government", "enterprise", "donor", "community", "resident"),
    )  # fmt: skip


def _objectives() -> tuple[Objective, ...]:
    none = floats()
    both, base = ints(0, 1), floats(75, 60)
    return (
        Objective("people", "coverage", True, both, floats(1, 2), np.ones(2), -1, 0.001),
        Objective("smallest share", "smallest_share", True, both, np.ones(2), base, -1, 0.0),
        Objective("links", "links", True, ints(), none, none, -1, 0.0),
        Objective("capital", "capital", False, ints(), none, none, -1, 0.0),
        Objective("government", "party_capital", False, ints(), none, none, 0, 0.0),
        Objective("government's year", "party_yearly", False, ints(), none, none, 0, 0.0),
    )
