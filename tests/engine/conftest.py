"""Random siting data, made straight as arrays."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import linprog

from panhuo_models.data import CoverageFloor, Money, Objective, Reach, SitingData, Tallies


@dataclass(frozen=True)
class Size:
    """How large a random case is."""

    sites: int = 4
    modes: int = 2
    services: int = 2
    circles: int = 2
    rows: int = 30
    funds: int = 3
    items: int = 2
    most_options: int = 12
    closing: int = 1
    reached_by: float = 3.0


def coverage_stage(name: str, tallies: list[int], tolerance: float = 0.0, weight: float = 1.0) -> Objective:
    n = len(tallies)
    return Objective(
        name, "coverage", True, np.array(tallies, dtype=np.int64), np.full(n, weight), np.ones(n), -1, tolerance
    )


def random_data(seed: int, size: Size = Size(), budget_share: float = 0.4) -> SitingData:
    """A random case: integer people, areas in hundredths, costs in fen."""
    rng = np.random.default_rng(seed)
    projects = [(j, m) for j in range(size.sites) for m in range(size.modes) if m == 0 or rng.random() < 0.6]
    pairs = [(p, k) for p in range(len(projects)) for k in range(size.services) if rng.random() < 0.7]
    if len(pairs) > size.most_options:
        pairs = [pairs[n] for n in sorted(rng.choice(len(pairs), size.most_options, replace=False))]
    options = len(pairs)
    option_project = np.array([p for p, _ in pairs], dtype=np.int64)
    option_service = np.array([k for _, k in pairs], dtype=np.int64)
    project_area = rng.integers(8_000, 30_000, len(projects)) / 100
    option_area = np.minimum(rng.integers(3_000, 15_000, options) / 100, project_area[option_project])

    tally_of = {(k, c): k * size.circles + c for k in range(size.services) for c in range(size.circles)}
    service = rng.integers(0, size.services, size.rows)
    circle = rng.integers(0, size.circles, size.rows)
    demand = rng.integers(1, 200, size.rows).astype(float)
    columns, rows = [], []
    for r in range(size.rows):
        able = np.flatnonzero(option_service == service[r])
        if len(able):
            n = min(len(able), 1 + rng.poisson(size.reached_by - 1))
            chosen = rng.choice(able, n, replace=False)
            columns += chosen.tolist()
            rows += [r] * n
        for e in range(size.closing):
            if service[r] == e % size.services and rng.random() < 0.2:
                columns.append(options + e)
                rows.append(r)
    within = sp.csr_matrix((np.ones(len(rows), dtype=bool), (rows, columns)), shape=(size.rows, options + size.closing))
    live = np.diff(within.indptr) > 0
    within, service, circle, demand = within[live], service[live], circle[live], demand[live]
    tally = np.array([tally_of[k, c] for k, c in zip(service, circle, strict=True)], dtype=np.int64)
    tallies = len(tally_of)
    fixed = rng.integers(0, 100, tallies).astype(float)
    by_existing = np.asarray(within[:, options:].sum(axis=1)).ravel() > 0
    before = fixed + np.bincount(tally, weights=demand * by_existing, minlength=tallies)
    reachable = fixed + np.bincount(tally, weights=demand, minlength=tallies)
    closing_projects = rng.choice(len(projects), size.closing, replace=False) if size.closing else []
    closing_by = sp.csr_matrix(
        (np.ones(size.closing, dtype=bool), (range(size.closing), closing_projects)),
        shape=(size.closing, len(projects)),
    )
    money = random_money(rng, size, option_service, option_area, budget_share)
    return SitingData(
        sites=tuple(f"s{j}" for j in range(size.sites)),
        modes=tuple(f"m{m}" for m in range(size.modes)),
        services=tuple(f"k{k}" for k in range(size.services)),
        circles=tuple(f"c{c}" for c in range(size.circles)),
        projects=tuple(f"s{j}:m{m}" for j, m in projects),
        project_site=np.array([j for j, _ in projects], dtype=np.int64),
        project_area=project_area,
        options=tuple(f"s{projects[p][0]}:m{projects[p][1]}:k{k}" for p, k in pairs),
        option_project=option_project,
        option_service=option_service,
        option_area=option_area,
        site_required=np.zeros(size.sites, dtype=bool),
        closing=tuple(f"e{e}" for e in range(size.closing)),
        closing_by=closing_by,
        reach=Reach(within, demand, tally, np.zeros(len(demand), dtype=bool)),
        tallies=Tallies(
            service=np.repeat(np.arange(size.services), size.circles),
            circle=np.tile(np.arange(size.circles), size.services),
            fixed=fixed,
            before=before,
            reachable=reachable,
            total=reachable + rng.integers(0, 50, tallies),
        ),
        money=money,
        floors=(),
        objectives=(coverage_stage("all", list(range(tallies))),),
    )


def random_money(
    rng: np.random.Generator, size: Size, service: np.ndarray, area: np.ndarray, budget_share: float
) -> Money:
    """Funds with caps and eligibility by class (service × item), three parties, shares for two of them."""
    options, classes = len(service), size.services * size.items
    unit = rng.integers(50_000, 200_000, (size.items, options)) / 100
    values = np.round(unit * area, 2)
    cost = sp.csr_matrix(
        (
            values.ravel(),
            (
                np.concatenate([service * size.items + i for i in range(size.items)]),
                np.tile(np.arange(options), size.items),
            ),
        ),
        shape=(classes, options),
    )
    total = float(values.sum())
    funds = size.funds
    party = np.arange(funds) % 3
    parties = ("government", "community", "enterprise")
    with_shares = funds > 0 and rng.random() < 0.5
    return Money(
        cost=cost,
        eligible=rng.random((funds, classes)) < 0.6,
        cap=np.round(rng.uniform(0.05, 0.3, funds) * total, 2),
        party=party.astype(np.int64),
        share_min=np.array([0.0, 0.1 if with_shares else 0.0, 0.0]),
        share_max=np.array([0.6 if with_shares else 1.0, 1.0, 1.0]),
        budget=round(budget_share * total, 2) if funds == 0 or rng.random() < 0.5 else float("inf"),
        funds=tuple(f"f{f}" for f in range(funds)),
        parties=parties,
    )


def with_floor(data: SitingData, tally: int, persons: float) -> SitingData:
    return replace(data, floors=(*data.floors, CoverageFloor(f"floor {tally}", tally, persons)))


def payable(data: SitingData, choose: np.ndarray) -> bool:
    """The oracle for money: a linear program written down anew, solved by scipy."""
    money = data.money
    spent = np.asarray(money.cost.todense())[:, choose].sum(axis=1)
    total = float(spent.sum())
    if total > money.budget + 1e-6:
        return False
    funds, classes = money.eligible.shape
    if funds == 0:
        return True
    pairs = [(f, q) for f in range(funds) for q in range(classes) if money.eligible[f, q]]
    if not pairs:
        return total == 0
    equal = np.array([[float(q == c) for _, c in pairs] for q in range(classes)])
    most = [[float(f == g) for g, _ in pairs] for f in range(funds)]
    limit = list(money.cap)
    for y in range(len(money.parties)):
        of = np.array([float(money.party[f] == y) for f, _ in pairs])
        most += [-of, of]
        limit += [-money.share_min[y] * total, money.share_max[y] * total]
    return linprog(np.zeros(len(pairs)), A_ub=np.array(most), b_ub=limit, A_eq=equal, b_eq=spent).status == 0


def fits(data: SitingData, choose: np.ndarray) -> bool:
    """One mode a site, floor area, required sites."""
    used = {int(p) for p in data.option_project[choose]}
    sites = [int(data.project_site[p]) for p in used]
    if len(set(sites)) < len(sites) or any(data.site_required[j] and j not in sites for j in range(len(data.sites))):
        return False
    taken = {p: sum(data.option_area[o] for o in np.flatnonzero(choose) if data.option_project[o] == p) for p in used}
    return all(area <= data.project_area[p] + 1e-6 for p, area in taken.items())


def people(data: SitingData, choose: np.ndarray) -> tuple[np.ndarray, bool]:
    """People covered per tally, and whether all mandatory rows are."""
    used = {int(p) for p in data.option_project[choose]}
    closing = np.asarray(data.closing_by.todense())
    stays = [not any(closing[e, p] for p in used) for e in range(len(data.closing))]
    covered = (np.asarray(data.reach.within.todense()) & np.array([*choose, *stays], dtype=bool)).any(axis=1)
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
    """Every plan there is, found by trying every choice."""
    found = []
    for bits in itertools.product((False, True), repeat=len(data.options)):
        choose = np.array(bits, dtype=bool)
        if not fits(data, choose):
            continue
        counted, safe = people(data, choose)
        if safe and all(counted[f.tally] >= f.persons - 1e-6 for f in data.floors) and payable(data, choose):
            found.append(choose)
    return found


@pytest.fixture(scope="session")
def cases() -> SimpleNamespace:
    """The makers and the oracle above."""
    return SimpleNamespace(
        Size=Size, random=random_data, stage=coverage_stage, floor=with_floor,
        plans=plans, payable=payable, fits=fits, people=people, value=value,
    )  # fmt: skip


@pytest.fixture
def small() -> SitingData:
    return random_data(7)
