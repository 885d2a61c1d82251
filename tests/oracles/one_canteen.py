"""One room that can become a canteen, by hand: two tiers, two tariffs, one operator, one fund."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import scipy.sparse as sp

from panhuo_models.data import (
    Accounts,
    Flow,
    Money,
    Objective,
    Outlets,
    Reach,
    ShareLimit,
    SitingData,
    Supply,
    Tallies,
    Yearly,
)

VISITS = 250.0
"""Visits a year of a served person."""


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def floats(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def coverage(tallies: int = 1) -> Objective:
    return Objective("people", "coverage", True, np.arange(tallies), np.ones(tallies), np.ones(tallies), -1, 0.0)


def one_canteen(**fields: Any) -> SitingData:
    """A canteen for 200 poor and 100 other people of one point.

    It holds 150 guests and costs 100,000 CNY once, 240,000 CNY a year and 6 CNY a meal. Under tariff "low" a meal is
    paid with 4 CNY (poor) or 8 CNY (others) by the guest and 6 CNY by the government; under "high" with 10 CNY by the
    guest and 4 CNY by the government. Half of the poor would come for "low", 0.4 for "high"; 0.6 of the others for
    either. The enterprise that runs it keeps a margin of at least 0; the government's fund pays everything.

    Parameters
    ----------
    fields
        Fields of :class:`SitingData` to replace.
    """
    visit = VISITS * np.ones((2, 2))
    price, government = np.array([[4.0, 8.0], [10.0, 10.0]]), np.array([[6.0, 6.0], [4.0, 4.0]])
    given: dict[str, Any] = {
        "sites": ("s",),
        "modes": ("convert",),
        "services": ("canteen",),
        "circles": ("c",),
        "tiers": ("poor", "other"),
        "tier_need": ints(2, 1),
        "projects": ("s:convert",),
        "project_site": ints(0),
        "project_area": floats(100),
        "options": ("s:convert:canteen:aided",),
        "option_project": ints(0),
        "option_service": ints(0),
        "option_offer": ints(0),
        "option_account": ints(0),
        "option_area": floats(100),
        "offers": ("s:canteen",),
        "works": (),
        "work_project": ints(),
        "work_options": sp.csr_matrix((0, 1), dtype=bool),
        "pins": (),
        "closing": (),
        "closing_by": sp.csr_matrix((0, 1), dtype=bool),
        "reach": Reach(sp.csr_matrix((0, 1), dtype=bool), floats(), ints(), np.zeros(0, dtype=bool)),
        "flow": Flow(
            demand=floats(200, 100),
            tally=ints(0, 0),
            tier=ints(0, 1),
            cell=ints(0, 0),
            row=ints(0, 0, 1, 1),
            outlet=ints(0, 1, 0, 1),
            uptake=floats(0.5, 0.4, 0.6, 0.6),
        ),
        "outlets": Outlets(
            names=("s:canteen:aided|low", "s:canteen:aided|high"),
            account=ints(0, 0),
            closing=ints(-1, -1),
            capacity=floats(np.inf, np.inf),
            tariff=("low", "high"),
            price=price * visit,
            government=government * visit,
            enterprise=np.zeros((2, 2)),
            donor=np.zeros((2, 2)),
            cost=6.0 * visit,
            visits=floats(VISITS, VISITS),
        ),
        "accounts": Accounts(
            names=("s:canteen:aided",),
            offer=ints(0),
            operator=ints(1),
            margin_min=floats(0),
            margin_max=floats(np.nan),
            pool=ints(0),
            financed=np.zeros(1, dtype=bool),
            write_off=floats(0),
            fixed=floats(240_000),
            income=floats(0),
            subsidy=floats(0),
            capacity=floats(150),
        ),
        "yearly": Yearly(due=np.zeros((1, 4), dtype=np.int64), eligible=np.ones((1, 1), dtype=bool), cap=floats(1e7)),
        "tallies": Tallies(ints(0), ints(-1), floats(0), floats(0), floats(300), floats(300)),
        "money": Money(
            cost=sp.csr_matrix(floats(100_000)[None, :]),
            most=np.ones((1, 1)),
            cap=floats(1e7),
            party=ints(0),
            central=np.zeros(1, dtype=bool),
            complex_only=np.zeros(1, dtype=bool),
            class_project=ints(-1),
            class_account=ints(0),
            limits=(),
            bonds=(),
            in_kind=np.zeros((4, 1)),
            budget=float("inf"),
            funds=("fund",),
            parties=("government", "enterprise", "community", "resident"),
        ),
        "complexes": None,
        "links": (),
        "supply": Supply.none(1),
        "quotas": (),
        "floors": (),
        "objectives": (coverage(),),
    }
    return SitingData(**{**given, **fields})


CANTEEN = np.ones(1, dtype=bool)
"""The account, as a mask."""


def in_year(data: SitingData, **fields: Any) -> SitingData:
    """Replace fields of its accounts."""
    return replace(data, accounts=replace(data.accounts, **fields))


def capped(data: SitingData, cny: float) -> SitingData:
    """Cap what the fund pays of the year."""
    return replace(data, yearly=replace(data.yearly, cap=floats(cny)))


def limited(data: SitingData, *limits: ShareLimit) -> SitingData:
    """Set the bounds on shares."""
    return replace(data, money=replace(data.money, limits=limits))


def public(**fields: Any) -> SitingData:
    """Run by the government: no margin is asked for, the deficit is paid by the fund of the year."""
    data = one_canteen(**fields)
    return in_year(data, operator=ints(0), margin_min=floats(np.nan), pool=ints(-1), financed=CANTEEN)
