"""Random siting data, made straight as arrays: services counted by reach, one option a project and service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from panhuo_models.data import (
    Accounts,
    Flow,
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
)  # fmt: skip

PARTIES = ("government", "community", "enterprise", "resident")


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


def ints(values) -> np.ndarray:
    return np.array(list(values), dtype=np.int64)


def coverage_stage(name: str, tallies: list[int], tolerance: float = 0.0, weight: float = 1.0) -> Objective:
    n = len(tallies)
    return Objective(name, "coverage", True, ints(tallies), np.full(n, weight), np.ones(n), -1, tolerance)


def no_flow() -> Flow:
    none, nothing = ints([]), np.zeros(0)
    return Flow(nothing, none, none, none, none, none, nothing)


def no_outlets() -> Outlets:
    none, nothing, table = ints([]), np.zeros(0), np.zeros((0, 1))
    return Outlets((), none, none, nothing, (), table, table, table, table, table, nothing)


def plain_accounts(names: tuple[str, ...], offer: np.ndarray, options: int) -> Accounts:
    """Accounts without an operator."""
    a, nan, zero = len(names), np.full(len(names), np.nan), np.zeros(options)
    return Accounts(
        names, offer, np.full(a, -1), nan, nan, np.full(a, -1), np.zeros(a, dtype=bool), np.zeros(a),
        zero, zero, zero, np.full(options, np.inf),
    )  # fmt: skip


def plan_limit(money: Money, party: int, low: float, high: float, ledger: str = "capital", **scope) -> ShareLimit:
    """A limit on a party's share of the whole plan, or of a scope given by masks."""
    funds, classes = money.most.shape
    every = {
        "funds": money.party == party, "of_funds": np.ones(funds, dtype=bool), "classes": np.ones(classes, dtype=bool),
        "of_classes": np.ones(classes, dtype=bool), "options": np.ones(money.in_kind.shape[1], dtype=bool),
        "accounts": np.zeros(0, dtype=bool),
    }  # fmt: skip
    return ShareLimit(f"{PARTIES[party]} {ledger}", ledger, party, **(every | scope), low=low, high=high)


def random_data(seed: int, size: Size = Size(), budget_share: float = 0.4) -> SitingData:
    """A plain random case: integer people, areas in hundredths, costs in fen, one option a project and service."""
    rng = np.random.default_rng(seed)
    projects = [(j, m) for j in range(size.sites) for m in range(size.modes) if m == 0 or rng.random() < 0.6]
    pairs = [(p, k) for p in range(len(projects)) for k in range(size.services) if rng.random() < 0.7]
    if len(pairs) > size.most_options:
        pairs = [pairs[n] for n in sorted(rng.choice(len(pairs), size.most_options, replace=False))]
    options = len(pairs)
    option_project, option_service = ints(p for p, _ in pairs), ints(k for _, k in pairs)
    project_site = ints(j for j, _ in projects)
    project_area = rng.integers(8_000, 30_000, len(projects)) / 100
    option_area = np.minimum(rng.integers(3_000, 15_000, options) / 100, project_area[option_project])
    offers = sorted({(projects[p][0], k) for p, k in pairs})
    option_offer = ints(offers.index((projects[p][0], k)) for p, k in pairs)
    names = tuple(f"s{j}:k{k}" for j, k in offers)
    reach, tallies = random_reach(rng, size, ints(k for _, k in offers))
    closing_projects = rng.choice(len(projects), size.closing, replace=False) if size.closing else []
    closing_by = sp.csr_matrix(
        (np.ones(size.closing, dtype=bool), (range(size.closing), closing_projects)),
        shape=(size.closing, len(projects)),
    )
    funds = size.funds
    return SitingData(
        sites=tuple(f"s{j}" for j in range(size.sites)),
        modes=tuple(f"m{m}" for m in range(size.modes)),
        services=tuple(f"k{k}" for k in range(size.services)),
        circles=tuple(f"c{c}" for c in range(size.circles)),
        tiers=("",),
        tier_need=ints([0]),
        projects=tuple(f"s{j}:m{m}" for j, m in projects),
        project_site=project_site,
        project_area=project_area,
        options=tuple(f"s{projects[p][0]}:m{projects[p][1]}:k{k}" for p, k in pairs),
        option_project=option_project,
        option_service=option_service,
        option_offer=option_offer,
        option_account=option_offer,
        option_area=option_area,
        offers=names,
        works=(),
        work_project=ints([]),
        work_options=sp.csr_matrix((0, options), dtype=bool),
        pins=(),
        closing=tuple(f"e{e}" for e in range(size.closing)),
        closing_by=closing_by,
        reach=reach,
        flow=no_flow(),
        outlets=no_outlets(),
        accounts=plain_accounts(tuple(f"{name}:" for name in names), np.arange(len(names)), options),
        yearly=Yearly(np.full((len(names), 4), -1), np.zeros((funds, 0), dtype=bool), np.zeros(funds)),
        tallies=tallies,
        money=random_money(rng, size, option_service, option_area, budget_share),
        complexes=None,
        links=(),
        supply=Supply.none(options),
        quotas=(),
        floors=(),
        objectives=(coverage_stage("all", list(range(len(tallies)))),),
    )


def random_reach(rng: np.random.Generator, size: Size, offered: np.ndarray) -> tuple[Reach, Tallies]:
    """Rows of all services, each reached by some offers of its service, and their tallies by service and circle."""
    offers = len(offered)
    service, circle = rng.integers(0, size.services, size.rows), rng.integers(0, size.circles, size.rows)
    demand = rng.integers(1, 200, size.rows).astype(float)
    columns, rows = [], []
    for r in range(size.rows):
        able = np.flatnonzero(offered == service[r])
        if len(able):
            n = min(len(able), 1 + rng.poisson(size.reached_by - 1))
            columns += rng.choice(able, n, replace=False).tolist()
            rows += [r] * n
        for e in range(size.closing):
            if service[r] == e % size.services and rng.random() < 0.2:
                columns.append(offers + e)
                rows.append(r)
    within = sp.csr_matrix((np.ones(len(rows), dtype=bool), (rows, columns)), shape=(size.rows, offers + size.closing))
    live = np.diff(within.indptr) > 0
    within, service, circle, demand = within[live], service[live], circle[live], demand[live]
    tally, tallies = (service * size.circles + circle).astype(np.int64), size.services * size.circles
    fixed = rng.integers(0, 100, tallies).astype(float)
    by_existing = np.asarray(within[:, offers:].sum(axis=1)).ravel() > 0
    reachable = fixed + np.bincount(tally, weights=demand, minlength=tallies)
    return Reach(within, demand, tally, np.zeros(len(demand), dtype=bool)), Tallies(
        service=np.repeat(np.arange(size.services), size.circles),
        circle=np.tile(np.arange(size.circles), size.services),
        fixed=fixed,
        before=fixed + np.bincount(tally, weights=demand * by_existing, minlength=tallies),
        reachable=reachable,
        total=reachable + rng.integers(0, 50, tallies),
    )


def random_money(
    rng: np.random.Generator, size: Size, service: np.ndarray, area: np.ndarray, budget_share: float
) -> Money:
    """Funds with caps and eligibility by class (service × item), three parties, shares for two of them."""
    options, classes, funds = len(service), size.services * size.items, size.funds
    unit = rng.integers(50_000, 200_000, (size.items, options)) / 100
    values = np.round(unit * area, 2)
    place = (
        np.concatenate([service * size.items + i for i in range(size.items)]),
        np.tile(np.arange(options), size.items),
    )
    total = float(values.sum())
    with_shares = funds > 0 and rng.random() < 0.5
    money = bare_money(
        sp.csr_matrix((values.ravel(), place), shape=(classes, options)),
        (rng.random((funds, classes)) < 0.6).astype(float),
        np.round(rng.uniform(0.05, 0.3, funds) * total, 2),
        ints(f % 3 for f in range(funds)),
        options,
        round(budget_share * total, 2) if funds == 0 or rng.random() < 0.5 else float("inf"),
    )
    limits = (plan_limit(money, 0, 0.0, 0.6), plan_limit(money, 1, 0.1, 1.0)) if with_shares else ()
    return replace(money, limits=limits)


def bare_money(cost, most: np.ndarray, cap: np.ndarray, party: np.ndarray, options: int, budget: float) -> Money:
    """Money without limits, bonds, central sources and complexes."""
    funds, classes = most.shape
    none = np.zeros(funds, dtype=bool)
    return Money(
        cost=cost, most=most, cap=cap, party=party, central=none, complex_only=none,
        class_project=np.full(classes, -1), class_account=np.full(classes, -1), limits=(), bonds=(),
        in_kind=np.zeros((len(PARTIES), options)), budget=budget, funds=tuple(f"f{f}" for f in range(funds)),
        parties=PARTIES,
    )  # fmt: skip


def required(data: SitingData, sites: Sequence[int]) -> SitingData:
    """Pin sites, by their positions."""
    site = data.project_site[data.option_project]
    pins = tuple(Pin(data.sites[j], tuple(np.flatnonzero(site == j).tolist())) for j in sites)
    return replace(data, pins=(*data.pins, *pins))


def pinned(data: SitingData, *options: int) -> SitingData:
    """Pin one of some options."""
    return replace(data, pins=(*data.pins, Pin("|".join(data.options[o] for o in options), options)))
