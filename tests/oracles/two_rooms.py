"""Two rooms, each of which may hold a hall and a clinic, by hand: services counted by reach, one fund."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from random_siting import bare_money, coverage_stage, ints, no_flow, no_outlets, plain_accounts

from panhuo_models.data import Money, Reach, SitingData, Supply, Tallies, Yearly

OPTIONS = ("A:hall", "A:clinic", "B:hall", "B:clinic")
"""The options, of 50 m² and 100,000 CNY each; the first reaches 100 people, the others 80, 60 and 50."""


def two_rooms(budget: float = 200_000.0, **fields: Any) -> SitingData:
    """Rooms A and B of 100 m², converted to a hall, a clinic or both; every option reaches people of its own.

    With money for two options, the best plan is A:hall and A:clinic: 180 people.

    Parameters
    ----------
    budget : float [CNY]
        Most capital.
    fields
        Fields of :class:`SitingData` to replace.
    """
    project = ints([0, 0, 1, 1])
    none = np.zeros(4, dtype=bool)
    data = SitingData(
        sites=("A", "B"),
        modes=("convert",),
        services=("hall", "clinic"),
        circles=("c",),
        tiers=("",),
        tier_need=ints([0]),
        projects=("A:convert", "B:convert"),
        project_site=ints([0, 1]),
        project_area=np.array([100.0, 100.0]),
        options=tuple(name.replace(":", ":convert:") for name in OPTIONS),
        option_project=project,
        option_service=ints([0, 1, 0, 1]),
        option_offer=np.arange(4),
        option_account=np.arange(4),
        option_area=np.full(4, 50.0),
        offers=OPTIONS,
        works=(),
        work_project=ints([]),
        work_options=sp.csr_matrix((0, 4), dtype=bool),
        pins=(),
        closing=(),
        closing_by=sp.csr_matrix((0, 2), dtype=bool),
        reach=Reach(sp.csr_matrix(np.eye(4, dtype=bool)), np.array([100.0, 80, 60, 50]), ints([0, 1, 0, 1]), none),
        flow=no_flow(),
        outlets=no_outlets(),
        accounts=plain_accounts(tuple(f"{offer}:" for offer in OPTIONS), np.arange(4), 4),
        yearly=Yearly(np.full((4, 4), -1), np.zeros((1, 0), dtype=bool), np.zeros(1)),
        tallies=Tallies(ints([0, 1]), np.full(2, -1), np.zeros(2), np.zeros(2), np.array([160.0, 130]), np.array([200.0, 130])),
        money=funds(("government",), budget),
        complexes=None,
        links=(),
        supply=Supply.none(4),
        quotas=(),
        floors=(),
        objectives=(coverage_stage("people", [0, 1]),),
    )  # fmt: skip
    return replace(data, **fields)


def funds(parties: tuple[str, ...], budget: float = float("inf"), **fields: Any) -> Money:
    """One fund a party, without caps, that may pay everything; one cost class an option."""
    money = bare_money(
        sp.csr_matrix(np.diag(np.full(4, 100_000.0))), np.ones((len(parties), 4)), np.full(len(parties), np.inf),
        np.arange(len(parties)), 4, budget,
    )  # fmt: skip
    named = (*parties, *(p for p in money.parties if p not in parties))
    return replace(money, parties=named, **fields)
