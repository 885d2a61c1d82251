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


def fits(data: SitingData, choose: np.ndarray) -> np.ndarray:
    """One mode a site, floor area, pins; of one choice or of many, one a row."""
    used = choose @ of(data.option_project, len(data.projects))
    one_mode = (used.astype(int) @ of(data.project_site, len(data.sites)) <= 1).all(axis=-1)
    taken = (choose * data.option_area) @ of(data.option_project, len(data.projects))
    pinned = [choose[..., list(pin.options)].any(axis=-1) for pin in data.pins]
    return np.logical_and.reduce([one_mode, (taken <= data.project_area + 1e-6).all(axis=-1), *pinned])


def people(data: SitingData, choose: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """People covered per tally, and whether all mandatory rows are; of one choice or of many, one a row."""
    used = choose @ of(data.option_project, len(data.projects))
    offered = choose @ of(data.option_offer, len(data.offers))
    open_ = np.concatenate([offered, ~(used @ data.closing_by.toarray().T)], axis=-1)
    covered = open_ @ data.reach.within.toarray().T
    counted = data.tallies.fixed + (covered * data.reach.demand) @ of(data.reach.tally, len(data.tallies))
    return counted, covered[..., data.reach.mandatory].all(axis=-1)


def of(group: np.ndarray, groups: int) -> np.ndarray:
    """Which member belongs to which group."""
    return group[:, None] == np.arange(groups)


def value(data: SitingData, stage: Objective, choose: np.ndarray) -> np.ndarray:
    """What a choice reaches of a stage; of one choice or of many, one a row."""
    if stage.measure == "capital":
        return choose @ np.asarray(data.money.cost.sum(axis=0)).ravel()
    counted, _ = people(data, choose)
    if stage.measure == "coverage":
        return (counted - data.tallies.before)[..., stage.tallies] @ stage.weight
    assert stage.measure == "smallest_share"
    return (counted[..., stage.tallies] / stage.base).min(axis=-1)


def possible(data: SitingData) -> np.ndarray:
    """Every choice of plain data that keeps all rules but those of money, one a row."""
    every = np.array(list(itertools.product((False, True), repeat=len(data.options))), dtype=bool)
    every = every[fits(data, every)]
    counted, safe = people(data, every)
    return every[np.logical_and.reduce([safe, *(counted[:, f.tally] >= f.persons - 1e-6 for f in data.floors)])]


def plans(data: SitingData) -> list[np.ndarray]:
    """Every plan there is of plain data, found by trying every choice."""
    return [choose for choose in possible(data) if payable(data, choose)]


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
        possible=possible, plans=plans, payable=payable, fits=fits, people=people, value=value,
    )  # fmt: skip


@pytest.fixture
def small() -> SitingData:
    return random_data(7)
