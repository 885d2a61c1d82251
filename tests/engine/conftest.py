"""Random siting data, and every plan of the plain ones."""

from __future__ import annotations

import itertools
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from full_siting import full_data, with_supply
from random_siting import Size, coverage_stage, plan_limit, random_data
from scipy.optimize import linprog

from panhuo_models.data import CoverageFloor, Objective, SitingData


def with_floor(data: SitingData, tally: int, persons: float) -> SitingData:
    return replace(data, floors=(*data.floors, CoverageFloor(f"floor {tally}", tally, persons)))


def payable(data: SitingData, choose: np.ndarray) -> bool:
    """The oracle for capital: a linear program written down anew, solved by scipy."""
    money = data.money
    spent = np.asarray(money.cost.todense())[:, choose].sum(axis=1)
    total = float(spent.sum())
    if total > money.budget + 1e-6:
        return False
    funds, classes = money.most.shape
    if funds == 0:
        return True
    pairs = [(f, q) for f in range(funds) for q in range(classes) if money.most[f, q]]
    if not pairs:
        return total == 0
    equal = np.array([[float(q == c) for _, c in pairs] for q in range(classes)])
    most = [[float(f == g) for g, _ in pairs] for f in range(funds)]
    limit = list(money.cap)
    for share in money.limits:
        of = np.array([float(share.funds[f]) for f, _ in pairs])
        most += [-of, of]
        limit += [-share.low * total, share.high * total]
    return linprog(np.zeros(len(pairs)), A_ub=np.array(most), b_ub=limit, A_eq=equal, b_eq=spent).status == 0


def fits(data: SitingData, choose: np.ndarray) -> bool:
    """One mode a site, floor area, pins."""
    used = {int(p) for p in data.option_project[choose]}
    sites = [int(data.project_site[p]) for p in used]
    if len(set(sites)) < len(sites) or not all(choose[list(pin.options)].any() for pin in data.pins):
        return False
    taken = {p: sum(data.option_area[o] for o in np.flatnonzero(choose) if data.option_project[o] == p) for p in used}
    return all(area <= data.project_area[p] + 1e-6 for p, area in taken.items())


def people(data: SitingData, choose: np.ndarray) -> tuple[np.ndarray, bool]:
    """People covered per tally, and whether all mandatory rows are."""
    used = {int(p) for p in data.option_project[choose]}
    closing = np.asarray(data.closing_by.todense())
    stays = [not any(closing[e, p] for p in used) for e in range(len(data.closing))]
    offered = [
        any(choose[o] and data.option_offer[o] == n for o in range(len(choose))) for n in range(len(data.offers))
    ]
    covered = (np.asarray(data.reach.within.todense()) & np.array([*offered, *stays], dtype=bool)).any(axis=1)
    counted = data.tallies.fixed.copy()
    for r in np.flatnonzero(covered):
        counted[data.reach.tally[r]] += data.reach.demand[r]
    return counted, bool(covered[data.reach.mandatory].all())


def value(data: SitingData, stage: Objective, choose: np.ndarray) -> float:
    counted, _ = people(data, choose)
    if stage.measure == "coverage":
        return float(
            sum(w * (counted - data.tallies.before)[t] for t, w in zip(stage.tallies, stage.weight, strict=True))
        )
    if stage.measure == "smallest_share":
        return float(min(counted[t] / b for t, b in zip(stage.tallies, stage.base, strict=True)))
    assert stage.measure == "capital"
    return float(np.asarray(data.money.cost.todense())[:, choose].sum())


def plans(data: SitingData) -> list[np.ndarray]:
    """Every plan there is of plain data, found by trying every choice."""
    found = []
    for bits in itertools.product((False, True), repeat=len(data.options)):
        choose = np.array(bits, dtype=bool)
        if not fits(data, choose):
            continue
        counted, safe = people(data, choose)
        if safe and all(counted[f.tally] >= f.persons - 1e-6 for f in data.floors) and payable(data, choose):
            found.append(choose)
    return found


def hard(funds: int, sites: int = 150, rows: int = 3000) -> SitingData:
    """A tenth of all costs to spend: takes any solver far longer than the tests may."""
    size = Size(sites=sites, services=4, rows=rows, funds=funds, most_options=8 * sites, reached_by=6.0)
    data = random_data(1, size, budget_share=0.1)
    total = float(data.money.cost.sum())
    cap, most = np.full(funds, round(0.1 * total / max(funds, 1), 2)), np.ones_like(data.money.most)
    return replace(data, money=replace(data.money, most=most, cap=cap, limits=(), budget=round(0.1 * total, 2)))


@pytest.fixture(scope="session")
def cases() -> SimpleNamespace:
    """The makers and the oracle above."""
    return SimpleNamespace(
        Size=Size, random=random_data, full=full_data, supplied=with_supply, hard=hard, stage=coverage_stage, floor=with_floor, limit=plan_limit,
        plans=plans, payable=payable, fits=fits, people=people, value=value,
    )  # fmt: skip


@pytest.fixture
def small() -> SitingData:
    return random_data(7)
